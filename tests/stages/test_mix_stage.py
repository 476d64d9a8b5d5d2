"""mix: any reading of the master gives the same audio, and what does not fit its place or full scale is an error."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.errors import EncodeError
from voicecoach.model.clip import Clip, Utterance, Voice
from voicecoach.model.timeline import PlacedClip, Timeline, Track
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.stages.mix import Master, mix

VOICE = Voice("stub", "one", "en")


def noise(frames: int, seed: int, level: float = 0.4, channels: int = 1) -> Clip:
    samples = np.random.default_rng(seed).uniform(-level, level, (frames, channels)).astype(np.float32)
    return Clip(samples, SAMPLE_RATE_HZ)


def spoken(text: str, start: int, frames: int) -> PlacedClip:
    return PlacedClip(start, frames, "set-up", text=text, utterance=Utterance(text, VOICE))


def sounded(name: str, start: int, frames: int) -> PlacedClip:
    return PlacedClip(start, frames, name, earcon=name)


def master_of(
    frames: int, voice: list[PlacedClip], earcons: list[PlacedClip], clips: dict[str, Clip], sounds: dict[str, Clip]
) -> Master:
    tracks = (Track("voice", tuple(voice)), Track("earcons", tuple(earcons)), Track("bed"))
    timeline = Timeline("A session", frames, tracks, (), ())
    return mix(timeline, lambda utterance: clips[utterance.text], sounds)


@st.composite
def masters(draw: st.DrawFn) -> Master:
    """A few hundred frames with clips that touch, follow at once, or stand alone, on two tracks."""
    tracks: list[list[PlacedClip]] = []
    clips: dict[str, Clip] = {}
    sounds = {name: noise(frames, frames) for name, frames in (("tick", 3), ("start", 11), ("done", 40))}
    at = 0
    voice = []
    for number in range(draw(st.integers(0, 6))):
        at += draw(st.integers(0, 30))
        frames = draw(st.integers(1, 50))
        clips[f"Text {number}"] = noise(frames, number + 100)
        voice.append(spoken(f"Text {number}", at, frames))
        at += frames
    tracks.append(voice)
    end = at
    at = 0
    earcons = []
    for _ in range(draw(st.integers(0, 6))):
        at += draw(st.integers(0, 30))
        name = draw(st.sampled_from(sorted(sounds)))
        earcons.append(sounded(name, at, sounds[name].frames))
        at += sounds[name].frames
    return master_of(max(end, at) + draw(st.integers(1, 40)), voice, earcons, clips, sounds)


def by_hand(master: Master) -> np.ndarray:
    """The whole session, summed in the plainest way."""
    whole = np.zeros((master.timeline.frames, 1), np.float32)
    for clip in master.timeline.track("voice").clips:
        assert clip.utterance is not None
        whole[clip.start : clip.end] += master.speech(clip.utterance).samples
    for clip in master.timeline.track("earcons").clips:
        whole[clip.start : clip.end] += master.earcons[clip.earcon or ""].samples
    return whole


@settings(max_examples=60, deadline=None)
@given(master=masters(), data=st.data())
def test_any_split_reads_the_same(master: Master, data: st.DataObject) -> None:
    frames = master.timeline.frames
    cuts = sorted({0, frames, *data.draw(st.lists(st.integers(0, frames), max_size=12))})
    parts = [master.read(start, end - start) for start, end in pairwise(cuts)]
    whole = by_hand(master)
    assert np.array_equal(np.concatenate(parts), whole)
    assert np.array_equal(master.read(0, frames), whole)
    assert all(part.dtype == np.float32 for part in parts)


@settings(max_examples=50, deadline=None)
@given(master=masters(), region_frames=st.integers(1, 400))
def test_regions_are_the_whole(master: Master, region_frames: int) -> None:
    told = []
    regions = list(master.regions(region_frames, lambda *what: told.append(what)))
    assert np.array_equal(np.concatenate(regions), by_hand(master))
    assert all(len(region) == region_frames for region in regions[:-1])
    assert 1 <= len(regions[-1]) <= region_frames
    assert told[-1] == ("mix", master.timeline.frames, master.timeline.frames)
    assert len(told) == len(regions)


def test_a_clip_is_not_changed_by_reading() -> None:
    clip = noise(1000, 1)
    before = clip.samples.copy()
    clip.samples.setflags(write=False)  # as it comes from the cache
    master = master_of(
        3000, [spoken("Go.", 500, 1000)], [sounded("tick", 700, 3)], {"Go.": clip}, {"tick": noise(3, 2)}
    )
    first = master.read(0, 3000)
    first[:] = 0
    assert master.read(0, 3000).any()
    assert np.array_equal(clip.samples, before)


def test_only_what_sounds_in_a_region_is_asked_for() -> None:
    asked = []
    placed = [spoken(f"Text {n}", n * 1000, 500) for n in range(100)]

    def speech(utterance: Utterance) -> Clip:
        asked.append(utterance.text)
        return noise(500, 1)

    master = mix(Timeline("A session", 100_000, (Track("voice", tuple(placed)),), (), ()), speech, {})
    master.read(50_499, 502)
    assert asked == ["Text 50", "Text 51"]
    asked.clear()
    assert not master.read(50_500, 500).any()
    assert asked == []


@pytest.mark.parametrize("frames", [999, 1001, 0])
def test_speech_of_another_length_than_planned(frames: int) -> None:
    master = master_of(48_000, [spoken("Breathe out.", 100, 1000)], [], {"Breathe out.": noise(frames, 1)}, {})
    with pytest.raises(EncodeError, match=rf"'Breathe out\.' has {frames} frames .* 1000 were planned"):
        list(master.regions(4800))


def test_an_earcon_of_another_length_than_planned() -> None:
    master = master_of(48_000, [], [sounded("tick", 100, 1000)], {}, {"tick": noise(1001, 1)})
    with pytest.raises(EncodeError, match=r"'tick' has 1001 frames .* 1000 were planned"):
        list(master.regions(4800))


def test_speech_at_another_rate_than_planned() -> None:
    clip = Clip(noise(1000, 1).samples, 44_100)
    master = master_of(48_000, [spoken("Breathe out.", 100, 1000)], [], {"Breathe out.": clip}, {})
    with pytest.raises(EncodeError, match="44100 Hz"):
        list(master.regions(4800))


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("at_s", "shown"), [(0, "0:00"), (75, "1:15"), (3723, "1:02:03")])
def test_too_loud_together_names_the_time(at_s: int, shown: str, sign: int) -> None:
    at = at_s * SAMPLE_RATE_HZ
    loud = Clip(np.full((1000, 1), sign * 0.6, np.float32), SAMPLE_RATE_HZ)
    voice, earcons = [spoken("Go.", at, 1000)], [sounded("tick", at + 20, 1000)]
    master = master_of(at + SAMPLE_RATE_HZ, voice, earcons, {"Go.": loud}, {"tick": loud})
    with pytest.raises(EncodeError, match=rf"too loud at {shown} \(peak 1\.20"):
        master.read(max(0, at - 100), 2000)


def test_full_scale_is_not_too_loud() -> None:
    master = master_of(100, [spoken("Go.", 0, 10)], [], {"Go.": Clip(np.ones((10, 1), np.float32), SAMPLE_RATE_HZ)}, {})
    assert master.read(0, 100).max() == 1.0


def test_a_clip_of_two_channels_is_mixed_to_one() -> None:
    stereo = noise(1000, 1, channels=2)
    master = master_of(2000, [spoken("Go.", 500, 1000)], [], {"Go.": stereo}, {})
    region = master.read(0, 2000)
    assert region.shape == (2000, 1)
    assert np.allclose(region[500:1500, 0], stereo.samples.mean(axis=1))
