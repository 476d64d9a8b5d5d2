"""cut: stems and steps as masters of their own: together exactly the whole, on their own grid, with keys that tell."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stages.masters import decoder
from tests.stages.mixing import USUAL_BED, BedLoop, master_of, masters, session, sounded, spoken
from voicecoach.cache import Cache
from voicecoach.config import LEVEL_PROFILES, Encoding
from voicecoach.model.clip import Samples
from voicecoach.model.master import Master, Region, RegionKind
from voicecoach.model.timeline import BED_TRACK, EARCON_TRACK, VOICE_TRACK
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.stages.cut import cut
from voicecoach.stages.encode import encode
from voicecoach.stages.mix import SessionMaster

AROUND = 8 * MP3_FRAME_FRAMES
TRACKS = (VOICE_TRACK, EARCON_TRACK, BED_TRACK)


def whole(master: Master) -> Samples:
    return master.read(0, master.frames)


def assert_regions_tell_the_truth(master: Master, keyed: dict[str, Samples]) -> None:
    """They follow one another on the grid, and each is what it says that it is."""
    regions, audio = list(master.regions()), whole(master)
    places = [0, *(region.end for region in regions)]
    assert [region.start for region in regions] == places[:-1]
    assert places[-1] == master.frames
    assert all(place % MP3_FRAME_FRAMES == 0 for place in places[:-1])
    assert all(first < last for first, last in pairwise(places))
    for region in regions:
        samples = audio[region.start : region.end]
        if region.kind is RegionKind.SILENCE:
            assert not samples.any()
        elif region.kind is RegionKind.BED:
            assert master.loop is not None
            assert region.phase is not None
            assert region.phase % MP3_FRAME_FRAMES == 0
            places_in_loop = np.arange(region.phase, region.phase + region.frames)
            assert np.array_equal(samples, master.loop.samples.take(places_in_loop, axis=0, mode="wrap"))
        elif region.key is not None:
            seen = master.read(region.start - AROUND, region.frames + 2 * AROUND)
            assert np.array_equal(keyed.setdefault(region.key, seen), seen)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_steps_are_together_the_session(data: st.DataObject) -> None:
    master = data.draw(masters(longest_gap_s=3))
    on_grid = st.integers(0, master.frames // MP3_FRAME_FRAMES).map(lambda at: at * MP3_FRAME_FRAMES)
    cuts = sorted(data.draw(st.sets(st.integers(0, master.frames) | on_grid, max_size=4)) | {0, master.frames})
    regions, keyed = list(master.regions()), dict[str, Samples]()
    parts = [cut(master, start, end - start, regions=regions) for start, end in pairwise(cuts)]
    assert np.array_equal(np.concatenate([whole(part) for part in parts]), whole(master))
    for part in parts:
        assert (part.channels, part.rate_hz) == (master.channels, master.rate_hz)
        assert not part.read(-5000, 5000).any()
        assert not part.read(part.frames, 5000).any()
        assert np.array_equal(part.read(-7, part.frames + 20)[7 : 7 + part.frames], whole(part))
        assert_regions_tell_the_truth(part, keyed)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_stems_add_up_to_the_session(data: st.DataObject) -> None:
    """To the last bits of a float32, also where the limiter works: it works on all of them alike."""
    master = data.draw(masters(longest_gap_s=3))
    keyed: dict[str, Samples] = {}
    stems = [cut(master, tracks=(track,)) for track in TRACKS]
    total = sum((whole(stem).astype(np.float64) for stem in stems), np.zeros((master.frames, master.channels)))
    assert np.abs(total - whole(master)).max(initial=0) < 1e-6
    for stem in stems:
        assert stem.frames == master.frames
        assert_regions_tell_the_truth(stem, keyed)


def long_session(bed: bool) -> SessionMaster:
    voice = [spoken(at * 48_000 + 777, 57_600, seed, 0.3) for at, seed in ((1, 1), (6, 2), (14, 1), (20, 3))]
    timeline = session(25 * 48_000, voice, [sounded("start", 10 * 48_000)], USUAL_BED if bed else None)
    return master_of(timeline, BedLoop() if bed else None)


@pytest.mark.parametrize("bed", [False, True], ids=["plain", "bed"])
@pytest.mark.parametrize("start", [0, 4 * 48_000 + 384, 4 * 48_000 + 5], ids=["begin", "on the grid", "off the grid"])
def test_a_cut_is_encoded_as_if_it_were_all(tmp_path: Path, tool: object, bed: bool, start: int) -> None:
    """Spliced from what is kept, it is no further from its samples than encoded plainly."""
    master = cut(long_session(bed), start, 13 * 48_000 + 11)
    assert start % MP3_FRAME_FRAMES == 0 or start % 10 == 5
    wrong: list[float] = []
    decode = decoder(tool("ffmpeg"))  # type: ignore[operator]
    for plain in (True, False, False):
        path = tmp_path / "x.mp3"
        encode(master, lambda _: b"", path, Encoding(128, plain), Cache(tmp_path / "cache", 10**9))
        heard = decode(path, master.channels)
        assert len(heard) == master.frames
        wrong.append(float(np.square(heard - whole(master)).mean()))
    assert wrong[1] < 1.1 * wrong[0]
    assert wrong[2] == wrong[1], "from the cache"


def test_what_is_still_stays_so() -> None:
    """Silence is not encoded again for each step, nor is the bed where its MP3 frames can be used."""

    def kinds(master: SessionMaster, start: int, tracks: Collection[str] | None = None) -> set[RegionKind]:
        return {region.kind for region in cut(master, start, tracks=tracks).regions()}

    plain, bed = long_session(bed=False), long_session(bed=True)
    assert RegionKind.SILENCE in kinds(plain, 5)
    assert RegionKind.BED in kinds(bed, 1152)
    assert RegionKind.BED not in kinds(bed, 5)
    assert kinds(bed, 5, ("voice",)) == {RegionKind.SILENCE, RegionKind.ACTIVE}
    assert kinds(bed, 1152, ("bed",)) == {RegionKind.BED, RegionKind.ACTIVE}


def test_keys_tell_tracks_and_places_apart() -> None:
    master = long_session(bed=True)
    wanted = [
        *({"tracks": (track,)} for track in TRACKS),
        *({"start": start, "frames": 6 * 48_000} for start in (0, 5, 6)),
    ]
    keys = [{region.key for region in cut(master, **one).regions() if region.key} for one in wanted]  # type: ignore[arg-type]
    assert all(keys)
    assert len(set.union(*keys)) == sum(map(len, keys))


def test_a_region_that_is_not_to_be_kept_is_not() -> None:
    master = long_session(bed=False)
    regions = [Region(one.kind, one.start, one.frames, None, one.phase) for one in master.regions()]
    assert all(region.key is None for region in cut(master, regions=regions).regions())


def test_loud_stems_are_limited_with_the_whole() -> None:
    """The sum is under the ceiling although each stem was far over it."""
    voice = [spoken(at * 57_600, 57_600, 1, 0.1) for at in range(5)]
    timeline = session(8 * 48_000, [*voice, spoken(290_000, 1152, 2, 1.5)], [sounded("done", 289_000)])
    master = master_of(timeline, profile=LEVEL_PROFILES["loud"])
    voice, earcons = (whole(cut(master, tracks=(track,))) for track in TRACKS[:2])
    assert np.abs(whole(master)).max() <= 10 ** (-1.5 / 20)
    assert np.abs(voice + earcons - whole(master)).max() < 1e-6
    assert 1.5 * 10 ** (master.balance.gain_db / 20) > 1, "the limiter had work to do"


@pytest.mark.parametrize(("start", "frames"), [(-1, 5), (0, 2_000_000), (5, -1)])
def test_a_stretch_that_is_none(start: int, frames: int) -> None:
    with pytest.raises(ValueError, match="a session of"):
        cut(long_session(bed=False), start, frames)
