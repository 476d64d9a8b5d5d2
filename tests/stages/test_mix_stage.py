"""mix: any reading of the master gives the same audio, its parts add up, and what does not fit is an error."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixing import (
    CACHE,
    PROFILE,
    USUAL_BED,
    BedLoop,
    Sounds,
    Speech,
    master_of,
    masters,
    noise,
    session,
    sounded,
    spoken,
)

from voicecoach.config import LevelProfile
from voicecoach.errors import EncodeError
from voicecoach.model.clip import Clip, Utterance
from voicecoach.model.timeline import UsedBed
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.sound.gain import to_linear
from voicecoach.stages.mix import SessionMaster, mix

TRACKS = ("voice", "earcons", "bed")


@settings(max_examples=50, deadline=None)
@given(master=masters(), data=st.data())
def test_any_split_reads_the_same(master: SessionMaster, data: st.DataObject) -> None:
    frames = master.frames
    cuts = sorted({0, frames, *data.draw(st.lists(st.integers(0, frames), max_size=8))})
    parts = [master.read(start, end - start) for start, end in pairwise(cuts)]
    assert np.array_equal(np.concatenate(parts), master.read(0, frames))
    assert all(part.dtype == np.float32 and part.shape[1] == master.channels for part in parts)


@settings(max_examples=25, deadline=None)
@given(master=masters())
def test_nothing_is_beyond_the_session(master: SessionMaster) -> None:
    whole = master.read(0, master.frames)
    around = master.read(-9216, master.frames + 20_000)
    assert not around[:9216].any()
    assert not around[9216 + master.frames :].any()
    assert np.array_equal(around[9216 : 9216 + master.frames], whole)


@settings(max_examples=25, deadline=None)
@given(master=masters())
def test_the_tracks_add_up_to_the_whole(master: SessionMaster) -> None:
    tracks = [master.read(0, master.frames, (track,)) for track in TRACKS]
    whole = master.read(0, master.frames)
    assert np.abs(sum(tracks) - whole).max() < 1e-5
    assert np.abs(whole).max(initial=0) <= to_linear(-1.5)
    assert np.array_equal(master.read(0, master.frames, TRACKS), whole)
    if master.balance.bed is None:
        assert not tracks[2].any()


def test_it_is_the_sum_of_its_clips() -> None:
    """By hand, where nothing is limited."""
    voice = [spoken(5000, 57_600), spoken(62_600, 30_000, seed=2)]
    earcons = [sounded("tick", 0), sounded("done", 80_000)]
    master = master_of(session(200_000, voice, earcons))
    gain = np.float32(to_linear(master.balance.gain_db))
    whole = np.zeros((200_000, 1), np.float32)
    for clip in voice:
        assert clip.utterance is not None
        whole[clip.start : clip.end] += Speech().clip(clip.utterance).samples * gain
    for clip in earcons:
        whole[clip.start : clip.end] += Sounds().clip(clip.role, clip.frames).samples * gain
    assert np.abs(whole).max() < to_linear(-2)
    assert np.array_equal(master.read(0, 200_000), whole)


def test_threads_read_the_same() -> None:
    voice = [spoken(at, 57_600, seed, 0.7) for seed, at in enumerate(range(0, 2_000_000, 100_000))]
    master = master_of(session(2_100_000, voice, bed=USUAL_BED), BedLoop())
    places = range(0, 2_100_000, 70_000)
    alone = [master.read(start, 100_000) for start in places]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda start: master.read(start, 100_000), places))
    assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))


def test_what_is_read_is_the_readers_own() -> None:
    master = master_of(session(100_000, [spoken(0, 57_600)], bed=USUAL_BED), BedLoop())
    first = master.read(0, 100_000)
    again = first.copy()
    first[:] = 0
    assert np.array_equal(master.read(0, 100_000), again)


def test_only_what_sounds_in_a_stretch_is_asked_for() -> None:
    asked = []

    class Asked(Speech):
        def clip(self, utterance: Utterance) -> Clip:
            asked.append(utterance.text)
            return super().clip(utterance)

    voice = [spoken(n * 20_000, 5000, n) for n in range(100)]
    master = mix(session(2_000_000, voice), Asked(), Sounds(), PROFILE, CACHE)
    assert asked == [], "what is known of clips is enough to balance them"
    master.read(1_004_999, 15_002)
    assert asked == ["50 5000 0.1", "51 5000 0.1"]
    asked.clear()
    assert not master.read(1_005_000, 15_000).any()
    assert asked == []


# Mono and stereo


@pytest.mark.parametrize(
    ("loop", "earcons", "channels"),
    [
        (None, [], 1),
        (BedLoop(channels=2), [], 2),
        (BedLoop(channels=1), [], 1),
        (None, [sounded("stereo.wav", 90_000, 9600)], 2),
        (BedLoop(channels=1), [sounded("stereo.wav", 90_000, 9600)], 2),
    ],
)
def test_stereo_only_where_something_is(loop: BedLoop | None, earcons: list, channels: int) -> None:
    master = master_of(session(200_000, [spoken(20_000, 57_600)], earcons, USUAL_BED if loop else None), loop)
    assert master.channels == channels
    voice = master.read(0, 200_000, ("voice",))
    assert voice.any()
    assert np.array_equal(voice[:, 0], voice[:, -1]), "the voice is in the middle"
    assert (loop is None) == (master.loop is None)
    if master.loop is not None:
        assert master.loop.samples.shape == (master.loop.frames, channels)


@pytest.mark.parametrize("channels", [1, 2])
def test_channels_that_are_asked_for(channels: int) -> None:
    timeline = session(200_000, [spoken(20_000, 57_600)], [sounded("stereo.wav", 90_000, 9600)], USUAL_BED)
    master = master_of(timeline, BedLoop(), channels=channels)
    assert master.read(0, 200_000).shape == (200_000, channels)
    assert master.balance.expected_lufs == pytest.approx(PODCAST_LUFS[channels], abs=0.5)


PODCAST_LUFS = {1: -19.0, 2: -16.0}


def test_a_loop_of_two_equal_channels_is_mono() -> None:
    class Twice(BedLoop):
        def clip(self) -> Clip:
            return Clip(np.repeat(super().clip().samples, 2, axis=1), SAMPLE_RATE_HZ)

    assert master_of(session(200_000, [], bed=USUAL_BED), Twice(channels=1, level=0.07)).channels == 1


# Faults


class Wrong(Speech):
    """Gives clips of another length or rate than it says."""

    def __init__(self, frames: int, rate_hz: int = SAMPLE_RATE_HZ) -> None:
        object.__setattr__(self, "made", Clip(noise(1000, 1).samples[:frames], rate_hz))

    def clip(self, utterance: Utterance) -> Clip:
        return self.made  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("frames", "rate_hz", "told"), [(999, 48_000, "999 frames"), (1000, 44_100, "1000 frames at 44100 Hz")]
)
def test_speech_of_another_length_than_planned(frames: int, rate_hz: int, told: str) -> None:
    master = mix(session(48_000, [spoken(100, 1000)]), Wrong(frames, rate_hz), Sounds(), PROFILE, CACHE)
    with pytest.raises(EncodeError, match=rf"'1 1000 0\.1' has {told}.*1000 were planned"):
        master.read(0, 4800)


def test_an_earcon_of_another_length_than_planned() -> None:
    class Short(Sounds):
        def clip(self, name: str, frames: int) -> Clip:
            return noise(frames - 1, 1)

    with pytest.raises(EncodeError, match=r"'tick' has 2999 frames .* 3000 were planned"):
        mix(session(48_000, [], [sounded("tick", 0)]), Speech(), Short(), PROFILE, CACHE)


def test_a_bed_without_its_sound() -> None:
    with pytest.raises(EncodeError, match="its sound was not given"):
        master_of(session(48_000, [], bed=USUAL_BED))


def test_a_bed_that_is_no_loop_or_silent() -> None:
    class Ragged(BedLoop):
        def clip(self) -> Clip:
            return noise(5000, 1)

    with pytest.raises(EncodeError, match="which is no loop"):
        master_of(session(48_000, [], bed=USUAL_BED), Ragged(level=0.2))
    with pytest.raises(EncodeError, match="'rain' is silent"):
        master_of(session(48_000, [], bed=USUAL_BED), BedLoop(level=0.0))


def test_a_clip_that_is_no_number_is_not_let_through() -> None:
    class Broken(Speech):
        def clip(self, utterance: Utterance) -> Clip:
            return Clip(np.full((57_600, 1), np.nan, np.float32), SAMPLE_RATE_HZ)

    master = mix(session(100_000, [spoken(0, 57_600, level=1.0)]), Broken(), Sounds(), PROFILE, CACHE)
    with pytest.raises(AssertionError, match="limiter"):
        master.read(0, 50_000)


# What the bed does


def bed_alone(master: SessionMaster) -> np.ndarray:
    return master.read(0, master.frames, ("bed",))


def test_a_bed_fades_in_and_out() -> None:
    read = bed_alone(master_of(session(48_000 * 30, [], bed=USUAL_BED), BedLoop()))
    power = np.sqrt(np.mean(read.reshape(-1, 9600) ** 2, axis=1))
    assert not read[0].any()
    assert (np.diff(power[:18]) > 0).all()
    assert (np.diff(power[-38:]) < 0).all()
    assert power[21:-41].min() > 0.9 * power.max()


def test_a_bed_that_is_not_to_be_ducked_is_soft_all_along() -> None:
    voice = [spoken(48_000 * 10, 57_600)]
    soft = bed_alone(master_of(session(48_000 * 30, voice, bed=UsedBed("x", -10.0, 0.0)), BedLoop()))
    power = np.sqrt(np.mean(soft[48_000 * 4 : 48_000 * 24].reshape(-1, 9600) ** 2, axis=1))
    assert power.min() > 0.9 * power.max()


def test_earcons_do_not_duck() -> None:
    """A countdown would pump: the ticks stand well over a bed as they are."""
    ticks = [sounded("tick", 48_000 * n) for n in range(5, 25)]
    master = master_of(session(48_000 * 30, [], ticks, USUAL_BED), BedLoop())
    read, loop = bed_alone(master), master.loop
    assert loop is not None
    at = np.arange(48_000 * 4, 48_000 * 24)
    assert np.array_equal(read[at], loop.samples[at % loop.frames])


def test_a_floor_is_heard_where_there_would_be_silence() -> None:
    master = master_of(session(480_000, [spoken(100_000, 57_600)], floor=True), profile=LevelProfile("quiet", -24.0))
    assert master.channels == 1
    gap = master.read(300_000, 100_000)
    assert 20 * np.log10(np.sqrt(np.mean(gap**2))) == pytest.approx(-75, abs=0.5)
    assert not master.read(300_000, 100_000, ("voice", "earcons")).any()


def test_a_bed_is_floor_enough() -> None:
    with_both = master_of(session(480_000, [], bed=USUAL_BED, floor=True), BedLoop())
    with_bed = master_of(session(480_000, [], bed=USUAL_BED), BedLoop())
    assert np.array_equal(with_both.read(0, 480_000), with_bed.read(0, 480_000))
