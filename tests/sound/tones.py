"""Sound files for tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile


def tone(
    length_s: float, *, pitch_hz: float = 700, level: float = 0.3, rate_hz: int = 48_000, channels: int = 1
) -> np.ndarray:
    """A struck sine: float32, shape (frames, channels)."""
    time_s = np.arange(round(length_s * rate_hz)) / rate_hz
    sound = level * np.sin(2 * np.pi * pitch_hz * time_s) * np.exp(-time_s / length_s)
    return np.repeat(sound[:, np.newaxis], channels, axis=1).astype(np.float32)


def write_sound(path: Path, samples: np.ndarray | None = None, rate_hz: int = 48_000) -> Path:
    """Write a sound file, of the kind that its name tells; a short tone unless other samples are given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, tone(0.2, rate_hz=rate_hz) if samples is None else samples, rate_hz)
    return path
