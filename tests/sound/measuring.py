"""What the tests of levels share: an independent measure of loudness and true peak, and something like speech."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile

RATE_HZ = 48_000


class Measure(NamedTuple):
    """What ffmpeg's ebur128 filter says."""

    integrated_lufs: float
    true_peak_dbtp: float


def measure_file(ffmpeg: str, path: Path) -> Measure:
    command = [ffmpeg, "-nostats", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=300)
    told = done.stderr.decode()
    told = told[told.rindex("Summary:") :]
    found = [re.search(what + r":\s+(-?[\d.]+|-inf)", told) for what in ("I", "Peak")]
    return Measure(*(float(match[1]) for match in found if match))


def measure(ffmpeg: str, samples: np.ndarray, folder: Path) -> Measure:
    path = folder / "measured.wav"
    soundfile.write(path, samples, RATE_HZ, subtype="FLOAT")
    return measure_file(ffmpeg, path)


def measure_blocks(ffmpeg: str, blocks: Iterable[np.ndarray], channels: int, folder: Path) -> Measure:
    """Measure a sound that comes block by block."""
    path = folder / "measured.wav"
    with soundfile.SoundFile(path, "w", RATE_HZ, channels, subtype="FLOAT") as file:
        for block in blocks:
            file.write(block)
    return measure_file(ffmpeg, path)


def speechlike(length_s: float, seed: int = 1, level: float = 0.2) -> np.ndarray:
    """Syllables: bursts of a buzzing pitch with its harmonics, pauses between; float32, shape (frames, 1)."""
    random = np.random.default_rng(seed)
    frames = round(length_s * RATE_HZ)
    at = np.arange(frames) / RATE_HZ
    pitch_hz = 110 + 15 * np.sin(2 * np.pi * 0.7 * at)
    phase = 2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ
    buzz = sum(np.cos(n * phase) / n**0.7 for n in range(1, 30))
    loud = np.repeat(random.choice([0.0, 0.3, 1.0, 1.0], -(-frames // 7200)), 7200)[:frames]
    loud = np.convolve(loud, np.hanning(960) / np.hanning(960).sum(), "same")
    voice = buzz * loud + random.standard_normal(frames) * 0.02 * loud
    return (level * voice / np.sqrt(np.mean(voice**2) + 1e-12)).astype(np.float32)[:, np.newaxis]
