"""Regions: they tell the truth about what sounds where, and equal keys mean equal samples, and the other way round."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixing import USUAL_BED, BedLoop, master_of, masters, session, sounded, spoken

from voicecoach.config import LevelProfile
from voicecoach.model.master import Region, RegionKind
from voicecoach.model.timeline import UsedBed
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.stages.mix import SessionMaster

AROUND = 8 * MP3_FRAME_FRAMES
LONGEST = 30 * SAMPLE_RATE_HZ


def seen(master: SessionMaster, region: Region) -> np.ndarray:
    """What is encoded: a region with its surroundings."""
    return master.read(region.start - AROUND, region.frames + 2 * AROUND)


def keys(master: SessionMaster) -> list[str | None]:
    return [region.key for region in master.regions() if region.kind is RegionKind.ACTIVE]


@settings(max_examples=60, deadline=None)
@given(master=masters(longest_gap_s=20))
def test_regions_are_the_whole_session_and_true(master: SessionMaster) -> None:
    regions = list(master.regions())
    assert regions[0].start == 0
    assert regions[-1].end == master.frames
    for one, other in pairwise(regions):
        assert one.end == other.start
        assert one.end % MP3_FRAME_FRAMES == 0
        assert (one.kind, other.kind) in KINDS
    for region in regions:
        assert region.frames > 0
        heard = master.read(region.start, region.frames)
        if region.kind is RegionKind.SILENCE:
            assert not heard.any()
        elif region.kind is RegionKind.BED:
            assert master.loop is not None
            assert region.phase is not None
            assert region.phase % MP3_FRAME_FRAMES == 0
            at = (region.phase + np.arange(region.frames)) % master.loop.frames
            assert np.array_equal(heard, master.loop.samples[at])
        else:
            assert region.frames <= LONGEST
            assert region.key is not None
        assert (region.key is None) == (region.kind is not RegionKind.ACTIVE)
        assert (region.phase is None) == (region.kind is not RegionKind.BED)
    assert (master.loop is None) == (master.loop_key is None)


ACTIVE, SILENCE, BED = RegionKind.ACTIVE, RegionKind.SILENCE, RegionKind.BED
KINDS = {(ACTIVE, ACTIVE), (ACTIVE, SILENCE), (SILENCE, ACTIVE), (ACTIVE, BED), (BED, ACTIVE)}


def test_margins_and_short_gaps() -> None:
    at = 100 * MP3_FRAME_FRAMES
    voice = [spoken(at, 4800), spoken(at + 4800 + 5 * MP3_FRAME_FRAMES, 4800)]
    voice.append(spoken(voice[-1].end + 20 * MP3_FRAME_FRAMES, 4800))
    regions = list(master_of(session(400 * MP3_FRAME_FRAMES, voice)).regions())
    assert [region.kind for region in regions] == [SILENCE, ACTIVE, SILENCE, ACTIVE, SILENCE]
    assert regions[1].start <= voice[0].start - MP3_FRAME_FRAMES
    assert regions[1].end >= voice[1].end + 2 * MP3_FRAME_FRAMES


def test_a_long_stretch_is_cut_where_it_is_quiet() -> None:
    """Speech with pauses of a quarter of a second, and two longer ones: there."""
    voice, at = [], 0
    for number in range(60):
        at += 30_000 if number in {20, 40} else 14_000
        voice.append(spoken(at, 57_600, number % 5))
        at += 57_600
    regions = [r for r in master_of(session(at + 9600, voice, bed=USUAL_BED), BedLoop()).regions() if r.key]
    assert len(regions) > 2
    sounding = [(clip.start, clip.end) for clip in voice]
    for region in regions[:-1]:
        assert not any(start < region.end < end for start, end in sounding)
    ends = [region.end for region in regions]
    for number in (20, 40):
        assert any(voice[number - 1].end < end <= voice[number].start for end in ends)


def test_a_sound_without_a_pause_is_cut_all_the_same() -> None:
    master = master_of(session(100 * SAMPLE_RATE_HZ, [], [sounded("long", 0, 100 * SAMPLE_RATE_HZ)]))
    regions = list(master.regions())
    assert len(regions) == 4
    assert all(region.frames <= LONGEST for region in regions)


# Keys


@settings(max_examples=40, deadline=None)
@given(one=masters(), other=masters())
def test_equal_keys_mean_equal_samples(one: SessionMaster, other: SessionMaster) -> None:
    known: dict[str, np.ndarray] = {}
    for master in (one, other):
        for region in master.regions():
            if region.key is not None:
                heard = seen(master, region)
                assert np.array_equal(known.setdefault(region.key, heard), heard)


@settings(max_examples=40, deadline=None)
@given(master=masters(longest_gap_s=12))
def test_equal_samples_mean_equal_keys(master: SessionMaster) -> None:
    """As far as it can be: of the same session, what sounds the same has the same key."""
    known: dict[bytes, str] = {}
    for region in master.regions():
        if region.key is not None:
            heard = seen(master, region)
            if heard.any():
                assert known.setdefault(heard.tobytes(), region.key) == region.key


@pytest.mark.parametrize("bed", [None, BedLoop(), BedLoop(is_texture=False)], ids=["no bed", "texture", "music"])
def test_equal_passages_are_encoded_once(bed: BedLoop | None) -> None:
    """Left and right, set after set: the same words and marks at the same distances."""
    voice, earcons, loop = [], [], 0 if bed is None else 50 * MP3_FRAME_FRAMES
    length = 1000 * MP3_FRAME_FRAMES
    for number in range(6):
        at = 5 * SAMPLE_RATE_HZ + number * length
        voice += [spoken(at, 57_600, 1), spoken(at + 500 * MP3_FRAME_FRAMES, 30_000, 2)]
        earcons += [sounded("start", at + 100_000), sounded("tick", at + 400_000), sounded("tick", at + 448_000)]
    found = keys(master_of(session(7 * length, voice, earcons, USUAL_BED if bed else None), bed))
    assert loop == 0 or length % loop == 0, "so that music comes round too"
    assert len(found) > 12
    assert len(set(found)) <= len(found) / 2


@pytest.mark.parametrize("bed", [None, BedLoop()], ids=["no bed", "texture"])
def test_an_edit_touches_only_what_is_near(bed: BedLoop | None) -> None:
    """Another wording, 7 MP3 frames longer: all behind it moves, and is not encoded again."""
    used = USUAL_BED if bed else None

    def made(longer: int) -> SessionMaster:
        voice, earcons, at = [], [], 0
        for number in range(30):
            at += 12 * SAMPLE_RATE_HZ
            frames = 57_600 + (longer if number == 4 else 0)
            voice.append(spoken(at, frames, number % 5))
            at += frames
            earcons.append(sounded("start", at + 96_000))
        return master_of(session(at + 20 * SAMPLE_RATE_HZ, voice, earcons, used), bed)

    before, after = made(0), made(7 * MP3_FRAME_FRAMES)
    assert before.balance.gain_db == after.balance.gain_db
    new = [key for key in keys(after) if key not in keys(before)]
    assert len(keys(after)) >= 30
    assert 1 <= len(new) <= 3


BASE = session(12 * SAMPLE_RATE_HZ, [spoken(200_000, 57_600)], [sounded("tick", 190_000)], UsedBed("rain", -22.0, 10.0))
CHANGES = {
    "another text": (session(BASE.frames, [spoken(200_000, 57_600, 2)], [sounded("tick", 190_000)], BASE.bed), {}),
    "a frame later": (session(BASE.frames, [spoken(200_001, 57_600)], [sounded("tick", 190_000)], BASE.bed), {}),
    "another sound": (session(BASE.frames, [spoken(200_000, 57_600)], [sounded("start", 180_000)], BASE.bed), {}),
    "one more sound": (
        session(BASE.frames, [spoken(200_000, 57_600)], [sounded("tick", 190_000), sounded("tick", 193_000)], BASE.bed),
        {},
    ),
    "no sound": (session(BASE.frames, [spoken(200_000, 57_600)], [], BASE.bed), {}),
    "a louder bed": (replace(BASE, bed=UsedBed("rain", -20.0, 10.0)), {}),
    "deeper ducking": (replace(BASE, bed=UsedBed("rain", -22.0, 12.0)), {}),
    "another bed": (BASE, {"loop": BedLoop(mp3_frames=49)}),
    "music": (BASE, {"loop": BedLoop(is_texture=False)}),
    "louder": (BASE, {"profile": LevelProfile("loud", -16.0)}),
    "another ceiling": (BASE, {"profile": LevelProfile("podcast", -19.0, -20.0)}),
    "mono": (BASE, {"channels": 1}),
}


@pytest.mark.parametrize(("timeline", "more"), CHANGES.values(), ids=CHANGES)
def test_whatever_is_heard_is_in_the_key(timeline, more: dict) -> None:
    def around_speech(master: SessionMaster) -> tuple[str | None, np.ndarray]:
        region = next(r for r in master.regions() if r.start <= 200_000 < r.end)
        return region.key, seen(master, region)

    key, heard = around_speech(master_of(BASE, BedLoop()))
    other_key, other_heard = around_speech(master_of(timeline, **{"loop": BedLoop(), **more}))
    assert not np.array_equal(heard, other_heard), "or the case shows nothing"
    assert key != other_key


def test_what_is_far_is_not_in_the_key() -> None:
    near = [spoken(480_000, 57_600)]
    alone, with_others = (master_of(session(2_000_000, voice)) for voice in (near, [*near, spoken(900_000, 57_600)]))
    assert alone.balance.gain_db == with_others.balance.gain_db
    assert keys(alone)[0] == keys(with_others)[0]


@settings(max_examples=20, deadline=None)
@given(shift=st.integers(1, MP3_FRAME_FRAMES - 1))
def test_the_place_in_the_mp3_frame_is_in_the_key(shift: int) -> None:
    one, other = (master_of(session(900_000, [spoken(300_000 + by, 57_600)])) for by in (0, shift))
    assert keys(one) != keys(other)


# Long sessions


def test_eight_hours_are_laid_out_and_read_in_little_memory() -> None:
    """Peak memory of a process of its own: eight hours over a bed, all regions named, each thirtieth read."""
    code = (
        "import sys; sys.path[:0] = ['tests/stages', '.']\n"
        "from mixing import *\n"
        "import resource\n"
        "voice = [spoken(n * 960_000 + n % 7 * 1000, 57_600, n % 40) for n in range(1440)]\n"
        "ticks = [sounded('tick', n * 96_000 + 70_000) for n in range(14_000)]\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "master = master_of(session(8 * 3600 * 48_000, voice, ticks, USUAL_BED), BedLoop(mp3_frames=1500))\n"
        "regions = list(master.regions())\n"
        "for region in regions[::30]:\n"
        "    master.measure(master.read(region.start - 9216, region.frames + 18432), 9216, region.frames)\n"
        "print(len(regions), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": "."}
    )
    count, grown_mb = done.stdout.split()
    assert int(count) > 10_000
    assert float(grown_mb) < 120
