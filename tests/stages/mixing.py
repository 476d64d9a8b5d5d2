"""What the tests of the mix share: masters of sessions made by hand, and sessions at random."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from voicecoach.cache import Cache
from voicecoach.config import LevelProfile
from voicecoach.model.clip import Clip, Utterance, Voice
from voicecoach.model.timeline import PlacedClip, Timeline, Track, UsedBed
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.sound.figures import ClipFigures, measure_clip
from voicecoach.stages.mix import SessionMaster, mix

VOICE = Voice("stub", "one", "en")
EARCONS = {"tick": 3000, "start": 14_001, "done": 40_000}
PROFILE = LevelProfile()


@lru_cache(maxsize=64)
def noise(frames: int, seed: int, level: float = 0.1, channels: int = 1) -> Clip:
    samples = np.random.default_rng(seed).uniform(-level, level, (frames, channels)).astype(np.float32)
    samples.setflags(write=False)  # as it comes from the cache
    return Clip(samples, SAMPLE_RATE_HZ)


@dataclass(frozen=True)
class Speech:
    """Clips by their texts: ``7 48000 0.1`` is noise of seed 7, 48,000 frames long, of that level."""

    def clip(self, utterance: Utterance) -> Clip:
        seed, frames, level = utterance.text.split()
        return noise(int(frames), int(seed), float(level))

    def figures(self, utterance: Utterance) -> ClipFigures:
        return _figures(utterance.text)


@lru_cache(maxsize=256)
def _figures(text: str) -> ClipFigures:
    return measure_clip(Speech().clip(Utterance(text, VOICE)))


class Sounds:
    """Earcons: noise bursts; stereo where the name says so."""

    def clip(self, name: str, frames: int) -> Clip:
        return noise(frames, frames, 0.2, 2 if "stereo" in name else 1)


@dataclass(frozen=True)
class BedLoop:
    """A loop of noise, 1.2 s long."""

    channels: int = 2
    is_texture: bool = True
    level: float = 0.1
    mp3_frames: int = 50

    @property
    def key(self) -> str:
        return repr(self)

    def clip(self) -> Clip:
        return noise(self.mp3_frames * MP3_FRAME_FRAMES, 99, self.level, self.channels)


def spoken(start: int, frames: int, seed: int = 1, level: float = 0.1) -> PlacedClip:
    text = f"{seed} {frames} {level}"
    return PlacedClip(start, frames, "set-up", text=text, utterance=Utterance(text, VOICE))


def sounded(name: str, start: int, frames: int | None = None) -> PlacedClip:
    return PlacedClip(start, EARCONS[name] if frames is None else frames, name, earcon=name)


def session(
    frames: int,
    voice: list[PlacedClip],
    earcons: list[PlacedClip] | None = None,
    bed: UsedBed | None = None,
    *,
    floor: bool = False,
) -> Timeline:
    under = (PlacedClip(0, frames, "bed"),) if bed else ()
    tracks = (Track("voice", tuple(voice)), Track("earcons", tuple(earcons or ())), Track("bed", under))
    return Timeline("A session", frames, tracks, (), (), bed=bed, floor=floor)


CACHE = Cache(Path(tempfile.mkdtemp()), 10**8)


def master_of(
    timeline: Timeline, loop: BedLoop | None = None, profile: LevelProfile = PROFILE, channels: int | None = None
) -> SessionMaster:
    return mix(timeline, Speech(), Sounds(), profile, CACHE, loop=loop, channels=channels)


USUAL_BED = UsedBed("rain", -22.0, 10.0)


@st.composite
def masters(draw: st.DrawFn, *, longest_gap_s: int = 5) -> SessionMaster:
    """Some clips that touch, follow at once or stand alone, soft and too loud; with and without a bed."""
    lengths, levels = (1152, 4800, 30_000, 57_600), (0.02, 0.1, 0.5, 1.5)
    voice, at = [], 0
    for _ in range(draw(st.integers(0, 6))):
        at += draw(st.one_of(st.just(0), st.integers(0, longest_gap_s * SAMPLE_RATE_HZ)))
        frames = draw(st.sampled_from(lengths))
        voice.append(spoken(at, frames, draw(st.integers(1, 3)), draw(st.sampled_from(levels))))
        at += frames
    earcons, sounded_at = [], 0
    for _ in range(draw(st.integers(0, 6))):
        sounded_at += draw(st.one_of(st.just(0), st.integers(0, longest_gap_s * SAMPLE_RATE_HZ)))
        name = draw(st.sampled_from(sorted(EARCONS)))
        earcons.append(sounded(name, sounded_at))
        sounded_at = earcons[-1].end
    frames = max(at, sounded_at) + draw(st.integers(1, 2 * SAMPLE_RATE_HZ))
    kind = draw(st.sampled_from(["none", "none", "floor", "texture", "music", "mono"]))
    if kind in {"none", "floor"}:
        return master_of(session(frames, voice, earcons, floor=kind == "floor"))
    bed = UsedBed("bed", draw(st.sampled_from([-30.0, -22.0, -10.0])), draw(st.sampled_from([0.0, 10.0])))
    loop = BedLoop(channels=1 if kind == "mono" else 2, is_texture=kind == "texture")
    return master_of(session(frames, voice, earcons, bed), loop)
