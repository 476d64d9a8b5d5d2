"""The spliced path against the plain one: the same length, silence where it was planned, and sound that is as good."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.stages.masters import ACTIVE, BED, SILENCE, ArrayMaster, decoder, master_of, noise_loop, spiky_loop
from voicecoach.cache import Cache
from voicecoach.config import Encoding
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.mp3.frames import BITRATES_KBPS
from voicecoach.mp3.header import read_info
from voicecoach.mp3.id3 import build_tag
from voicecoach.mp3.tags import Tags
from voicecoach.stages.encode import encode

BITRATES = [kbps for kbps in BITRATES_KBPS if kbps >= 48]
LAME_GAIN = np.float32(0.95)
"""LAME makes everything softer by a twentieth."""
TAG = build_tag(Tags("t", "a", "e", 0, b"{}"))


def made(
    folder: Path, master: ArrayMaster, bitrate_kbps: int, *, plain: bool = False, jobs: int = 2, cache: str = "cache"
) -> Path:
    path = folder / f"{'plain' if plain else 'spliced'}.mp3"
    encode(master, lambda _: TAG, path, Encoding(bitrate_kbps, plain, jobs), Cache(folder / cache, 10**9))
    return path


def long_plan(kind, seed: int) -> list:
    dice = np.random.default_rng(seed)
    plan = []
    for _ in range(5):
        plan += [(ACTIVE, int(length)) for length in dice.integers(12, 50, dice.integers(1, 4))]
        plan.append((kind, int(dice.integers(4, 30))))
    return plan


def near_joins(master: ArrayMaster, kinds: set) -> np.ndarray:
    """Two MP3 frames on either side of where regions of those kinds meet."""
    near = np.zeros(master.frames, bool)
    for one, other in pairwise(master.told):
        if {one.kind, other.kind} == kinds:
            near[max(0, other.start - 2 * MP3_FRAME_FRAMES) : other.start + 2 * MP3_FRAME_FRAMES] = True
    return near


def db(value: float) -> float:
    return 10 * np.log10(max(float(value), 1e-12))


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("bitrate_kbps", [48, 96, 128, 320])
@pytest.mark.parametrize("bed", [False, True])
def test_the_error_at_joins_is_that_of_the_plain_encode(bed, bitrate_kbps, channels, tmp_path):
    """In each place, error energy spliced over error energy plain, in dB.

    Of 24 sessions (48 to 320 kbit/s) where two active regions meet 0.5 at most, where other regions meet 0.6 at most,
    elsewhere 0.0 without a bed and 0.2 at most with one; the worst granule of the whole 0.5 at most.
    """
    loop = noise_loop(channels) if bed else None
    still = BED if bed else SILENCE
    master = master_of(long_plan(still, bitrate_kbps), channels, loop=loop, seed=bitrate_kbps)
    files = made(tmp_path, master, bitrate_kbps), made(tmp_path, master, bitrate_kbps, plain=True)
    errors = [(soundfile.read(file, always_2d=True)[0] - LAME_GAIN * master.audio) ** 2 for file in files]
    between, around = near_joins(master, {ACTIVE}), near_joins(master, {ACTIVE, still})
    sounds = np.abs(master.audio).max(axis=1) > 0
    for places, most_db in ((between, 1.0), (around, 1.0), (~(between | around), 0.5)):
        spliced, plain = (db(error[places & sounds].mean()) for error in errors)
        assert spliced - plain < most_db
    granules = [error[: len(error) // 576 * 576].reshape(-1, 576 * channels).mean(axis=1) for error in errors]
    assert db(granules[0].max()) - db(granules[1].max()) < 1.0


def silent_as_planned(master: ArrayMaster, heard: np.ndarray) -> bool:
    """Whether there is digital zero in all planned silence, but for the MP3 frame where sound begins or ends."""
    for region in master.told:
        if region.kind is SILENCE:
            before, after = region.start == 0, region.end == master.frames
            start = region.start + (0 if before else MP3_FRAME_FRAMES)
            end = region.end - (0 if after else MP3_FRAME_FRAMES)
            if heard[start:end].any():
                return False
    return True


PLANS = st.lists(
    st.one_of(
        st.tuples(st.just(ACTIVE), st.integers(1, 40)),
        st.tuples(st.sampled_from([SILENCE, BED]), st.integers(1, 30)),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    plan=PLANS,
    tail=st.integers(0, MP3_FRAME_FRAMES - 1),
    bitrate_kbps=st.sampled_from(BITRATES),
    channels=st.integers(1, 2),
    loop_of=st.sampled_from([noise_loop, spiky_loop]),
    seed=st.integers(0, 99),
)
def test_any_session(plan, tail, bitrate_kbps, channels, loop_of, seed):
    """Length, silence and sound are those of the plain encode, whatever follows on what."""
    loop = loop_of(channels, 7 + seed % 30)
    master = master_of(plan, channels, loop=loop, tail=tail, seed=seed)
    for region in master.told:
        if region.kind is SILENCE:
            master.audio[region.start : region.end] = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spliced, plain = (made(folder, master, bitrate_kbps, plain=plain) for plain in (False, True))
        assert spliced.stat().st_size == plain.stat().st_size
        infos = [replace(read_info(file), music_crc=0, mode=channels) for file in (spliced, plain)]
        assert infos[0] == infos[1]
        one, other = (soundfile.read(file, always_2d=True)[0] for file in (spliced, plain))
    assert len(one) == len(other) == master.frames
    assert silent_as_planned(master, one)
    errors = [((heard - LAME_GAIN * master.audio) ** 2).mean() for heard in (one, other)]
    # A short session has few MP3 frames to even out the bed's lower bitrate over: 3.5 where two of them are all of it.
    assert db(errors[0] + 1e-9) - db(errors[1] + 1e-9) < 4.0


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[ArrayMaster, Path]]:
    """A session of everything, mono and stereo."""
    plan = [(SILENCE, 9), (ACTIVE, 30), (ACTIVE, 25), (SILENCE, 70), (ACTIVE, 1), (BED, 90), (ACTIVE, 40), (BED, 12)]
    folder = tmp_path_factory.mktemp("judged")
    both = {}
    for channels in (1, 2):
        master = master_of(plan, channels, loop=noise_loop(channels), tail=77)
        path = made(folder, master, 128)
        both[channels] = master, path.rename(folder / f"{channels}.mp3")
    return both


def test_two_decoders_agree_and_have_nothing_to_say(judged, tool):
    for channels, (master, path) in judged.items():
        one, other = (decoder(tool(name))(path, channels) for name in ("ffmpeg", "mpg123"))
        assert len(one) == len(other) == master.frames
        assert np.abs(one - other).max() < 1e-4
        assert silent_as_planned(master, one)
        assert silent_as_planned(master, other)


def test_the_checkers_have_nothing_to_say(judged, tool):
    for _, path in judged.values():
        told = subprocess.run([tool("mp3val"), path], capture_output=True, check=True, text=True).stdout.splitlines()
        assert [line for line in told if not line.startswith(("Analyzing", "INFO", "Done"))] == []
        words = (tool("ffprobe"), "-v", "warning", "-show_entries", "stream=bit_rate", "-of", "csv=p=0", path)
        probed = subprocess.run(words, capture_output=True, check=True, text=True)
        assert (probed.stderr, probed.stdout.strip()) == ("", "128000")


def test_jobs_and_the_cache_change_no_byte(tmp_path):
    master = master_of(long_plan(BED, 3), 2, loop=spiky_loop(2), tail=5)
    first = made(tmp_path, master, 96, jobs=1).read_bytes()
    assert made(tmp_path, master, 96, jobs=1).read_bytes() == first, "with what was kept"
    assert made(tmp_path, master, 96, jobs=4, cache="another").read_bytes() == first
    for number, entry in enumerate(sorted((tmp_path / "cache").rglob("*.clip"))):
        if number % 2:
            entry.write_bytes(entry.read_bytes()[:-3])
    assert made(tmp_path, master, 96, jobs=4).read_bytes() == first, "with holes in what was kept"


def test_what_is_kept_is_not_read_again_and_equal_regions_are_made_once(tmp_path):
    plan = [(SILENCE, 20), *[(ACTIVE, 30), (SILENCE, 20)] * 6]
    master = master_of(plan)
    sound = master.audio[20 * 1152 : 50 * 1152].copy()
    for number in range(6):
        at = (20 + 50 * number) * 1152
        master.audio[at : at + len(sound)] = sound
    keyed = ArrayMaster(master.audio, [replace(r, key="the same" if r.key else None) for r in master.told])
    made(tmp_path, keyed, 96, jobs=4)
    assert keyed.reads.total() == 1
    made(tmp_path, keyed, 96)
    assert keyed.reads.total() == 1
    made(tmp_path, keyed, 112)
    assert keyed.reads.total() == 2, "another bitrate is another thing"
    keyed.told[3] = replace(keyed.told[3], key="changed")
    made(tmp_path, keyed, 96)
    assert keyed.reads.total() == 3, "only what was changed"


def test_where_it_stands_does_not_matter_but_at_the_very_begin(tmp_path):
    """The stream begins without a reservoir: the same key there is another row of MP3 frames."""
    early, late = master_of([(ACTIVE, 30), (SILENCE, 60)]), master_of([(SILENCE, 60), (ACTIVE, 30)])
    late.audio[60 * 1152 :] = early.audio[: 30 * 1152]
    for master in (early, late):
        master.told = [replace(region, key="the same" if region.key else None) for region in master.told]
    sounds: list[np.ndarray] = []
    for master in (early, late, early):
        heard = soundfile.read(made(tmp_path, master, 96), always_2d=True)[0]
        at = next(region.start for region in master.told if region.kind is ACTIVE)
        sounds.append(heard[at : at + 30 * 1152])
    assert np.array_equal(sounds[0], sounds[2])
    assert db(((sounds[0] - sounds[1]) ** 2).mean()) < db((sounds[0] ** 2).mean()) - 10


def test_progress_goes_up_to_all(tmp_path):
    master = master_of(long_plan(SILENCE, 1))
    told: list[tuple[str, int, int]] = []
    progress: Callable[[str, int, int], None] = lambda *what: told.append(what)  # noqa: E731
    encode(master, lambda _: TAG, tmp_path / "x.mp3", Encoding(96), Cache(tmp_path / "c", 10**9), None, progress)
    assert told == sorted(told)
    assert told[-1] == ("encode", master.frames, master.frames)
