"""Masters over arrays: what `encode` reads, without anything that `mix` does."""

from __future__ import annotations

import hashlib
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from voicecoach.model.clip import Clip, Samples
from voicecoach.model.master import Region, RegionKind
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ

AROUND = 8 * MP3_FRAME_FRAMES
SILENCE, BED, ACTIVE = RegionKind.SILENCE, RegionKind.BED, RegionKind.ACTIVE
Plan = Sequence[tuple[RegionKind, int]]
"""Kinds, and lengths in MP3 frames."""


class ArrayMaster:
    """A session that is held whole."""

    rate_hz = SAMPLE_RATE_HZ

    def __init__(self, audio: Samples, regions: Sequence[Region], loop: Clip | None = None) -> None:
        self.audio = audio
        self.frames, self.channels = audio.shape
        self.loop = loop
        self.loop_key = None if loop is None else digest(loop.samples)
        self.told = list(regions)
        self.reads: Counter[tuple[int, int]] = Counter()

    def regions(self) -> Iterator[Region]:
        """All regions in order."""
        return iter(self.told)

    def read(self, start: int, frames: int) -> Samples:
        """Give a stretch; zeros beyond the ends."""
        self.reads[start, frames] += 1
        return padded(self.audio, start, frames)

    def measure(self, samples: Samples, before: int, frames: int) -> bytes:
        """The largest sample, and where in the session's own terms it was looked for."""
        assert len(samples) >= before + frames
        return f"{float(np.abs(samples[before : before + frames]).max()):.6f} of {frames}".encode()


def padded(audio: Samples, start: int, frames: int) -> Samples:
    """Give a stretch of an array; zeros beyond its ends."""
    out = np.zeros((frames, audio.shape[1]), np.float32)
    first, last = max(0, start), min(len(audio), start + frames)
    if last > first:
        out[first - start : last - start] = audio[first:last]
    return out


def digest(samples: Samples) -> str:
    """A hash of samples."""
    return hashlib.sha256(np.ascontiguousarray(samples).tobytes()).hexdigest()


def noise_loop(channels: int, mp3_frames: int = 60, level: float = 0.02, seed: int = 4) -> Clip:
    """Seamless pink noise."""
    frames = mp3_frames * MP3_FRAME_FRAMES
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal((frames, channels)), axis=0)
    spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(frames, 1 / SAMPLE_RATE_HZ), 50))[:, np.newaxis]
    noise = np.fft.irfft(spectrum, frames, axis=0)
    return Clip((level * noise / noise.std()).astype(np.float32), SAMPLE_RATE_HZ)


def spiky_loop(channels: int, mp3_frames: int = 60, seed: int = 4) -> Clip:
    """Loud clicks over next to nothing: what needs the reservoir most."""
    dice = np.random.default_rng(seed)
    frames = mp3_frames * MP3_FRAME_FRAMES
    sound = 0.003 * dice.standard_normal((frames, channels))
    for at in dice.integers(0, frames - 3000, mp3_frames // 4):
        click = dice.standard_normal(3000) * np.exp(-np.arange(3000) / dice.uniform(20, 600))
        sound[at : at + 3000] += 0.2 * click[:, np.newaxis] * dice.uniform(0, 1, channels)
    return Clip(np.clip(sound, -1, 1).astype(np.float32), SAMPLE_RATE_HZ)


def voice(frames: int, channels: int, seed: int = 1) -> Samples:
    """Something like speech: syllables of harmonics and of hiss, each with its own pitch and place; never still."""
    dice = np.random.default_rng(seed)
    sound = np.zeros(frames + SAMPLE_RATE_HZ)
    at = 0
    while at < frames:
        length = int(dice.integers(4000, 12_000))
        time_s = np.arange(length) / SAMPLE_RATE_HZ
        pitch_hz = dice.uniform(90, 220)
        syllable = sum(
            np.sin(2 * np.pi * pitch_hz * n * time_s + dice.uniform(0, 6)) / n ** dice.uniform(0.8, 2)
            for n in range(1, 20)
        )
        if dice.random() < 0.4:
            syllable = syllable * 0.3 + 0.7 * dice.standard_normal(length)
        sound[at : at + length] += syllable * np.hanning(length)
        at += int(length * dice.uniform(0.5, 1))
    places = dice.uniform(0.5, 1, channels)
    return (0.35 * sound[:frames, np.newaxis] / np.abs(sound).max() * places).astype(np.float32)


def master_of(
    plan: Plan, channels: int = 1, *, loop: Clip | None = None, tail: int = 0, seed: int = 1, keyed: bool = True
) -> ArrayMaster:
    """Make a master: a voice that goes on through neighbouring active regions and is soft where they end.

    ``tail``: so many frames fewer in the last region.
    """
    total = sum(length for _, length in plan) * MP3_FRAME_FRAMES - tail
    spoken = np.zeros((total, channels), np.float32)
    under = np.zeros(total, np.float32)
    for number, (start, end, kinds) in enumerate(runs(plan, total)):
        if ACTIVE in kinds:
            sound = voice(end - start, channels, seed + number)
            ramp = min(480, (end - start) // 2)
            shape = np.ones(end - start, np.float32)
            shape[:ramp] = np.linspace(0, 1, ramp, endpoint=False)
            shape[len(shape) - ramp :] = np.linspace(1, 0, ramp)
            spoken[start:end] = sound * shape[:, np.newaxis]
            under[start:end] = 1 - 0.6 * shape
        elif BED in kinds:
            under[start:end] = 1
    audio = spoken
    if loop is not None:
        audio = spoken + under[:, np.newaxis] * loop.samples.take(np.arange(total), axis=0, mode="wrap")
    return ArrayMaster(audio, regions_of(plan, audio, loop, keyed=keyed), loop)


def runs(plan: Plan, total: int) -> Iterator[tuple[int, int, set[RegionKind]]]:
    """Start and end of neighbours that are all active, or all not."""
    at, first, kinds = 0, 0, set[RegionKind]()
    for kind, length in plan:
        if kinds and (ACTIVE in kinds or kind is ACTIVE) and kind not in kinds:
            yield first, at, kinds
            first, kinds = at, set()
        kinds.add(kind)
        at = min(at + length * MP3_FRAME_FRAMES, total)
    if kinds:
        yield first, at, kinds


def regions_of(plan: Plan, audio: Samples, loop: Clip | None, *, keyed: bool = True) -> list[Region]:
    """Give the regions of a plan; the keys are made of the samples themselves."""
    regions, at = [], 0
    for kind, length in plan:
        frames = min(length * MP3_FRAME_FRAMES, len(audio) - at)
        key = digest(padded(audio, at - AROUND, frames + 2 * AROUND)) if kind is ACTIVE and keyed else None
        phase = at % loop.frames if kind is BED and loop is not None else None
        regions.append(Region(kind, at, frames, key, phase))
        at += frames
    return regions


Decode = Callable[[Path, int], np.ndarray]


def decoder(program: str) -> Decode:
    """Decode with ffmpeg or mpg123, which must have nothing to complain about."""

    def decode(path: Path, channels: int) -> np.ndarray:
        words = (
            ("-v", "warning", "-f", "mp3", "-i", path, "-f", "f32le", "-")
            if program.endswith("ffmpeg")
            else ("-q", "-s", "-e", "f32", path)
        )
        done = subprocess.run([program, *words], capture_output=True, check=True, timeout=60)
        assert done.stderr == b"", done.stderr.decode()
        return np.frombuffer(done.stdout, "<f4").reshape(-1, channels)

    return decode
