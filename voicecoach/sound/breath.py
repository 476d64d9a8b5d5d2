"""Breath tones: a soft tone that rises as one breathes in, stays, falls as one breathes out, and stays.

Each part begins with a light touch, so that one hears where it begins, and `verify` too; the tone itself is far below a
voice, and words may be said over it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.clip import Clip, Samples
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.sound.envelope import fade_in, fade_out
from voicecoach.sound.gain import to_linear

TONE_VERSION = "1"
"""Changed whenever a tone is made otherwise."""
_ATTACK_FRAMES = SAMPLE_RATE_HZ * 8 // 1000
_RELEASE_FRAMES = SAMPLE_RATE_HZ * 120 // 1000
_TOUCH_FRAMES = SAMPLE_RATE_HZ * 300 // 1000
_TONE_DBFS, _TOUCH_DBFS = -27.0, -19.0


@dataclass(frozen=True)
class Colour:
    """What a pack's tones sound like.

    Attributes
    ----------
    low_hz, high_hz
        Where the tone is when one is empty of breath, and when full of it.
    overtones
        Beside the tone itself: (times its frequency, level), linear.
    touch
        Of the light touch at the beginning: (times the frequency, level, decay in s).
    """

    low_hz: float
    high_hz: float
    overtones: tuple[tuple[float, float], ...]
    touch: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class _Part:
    """From how full of breath to how full (0 to 1), how loud at both ends, and its touch: how loud, how high."""

    fullness: tuple[float, float]
    levels: tuple[float, float]
    touch: float
    touch_times: float = 1.0


_PARTS = {
    "in": _Part((0.0, 1.0), (0.5, 1.0), 1.0),
    "full": _Part((1.0, 1.0), (0.9, 0.6), 0.9, 1.5),
    "out": _Part((1.0, 0.0), (0.9, 0.5), 1.0),
    "empty": _Part((0.0, 0.0), (0.45, 0.3), 0.8, 1.5),
}
TONES = tuple(_PARTS)
"""The parts of a breath: in, held, out, held."""


@lru_cache(maxsize=8)
def breath_tone(part: str, frames: int, colour: Colour) -> Clip:
    """Make the tone of a part of a breath.

    Parameters
    ----------
    part
        One of `TONES`.
    frames
        How long it lasts, at 48 kHz; more than none.
    colour
        What it sounds like.

    Returns
    -------
    Clip
        48 kHz, mono, exactly so many frames; it begins at once, and ends in silence.
    """
    how = _PARTS[part]
    along = np.arange(frames) / frames
    eased = (1 - np.cos(np.pi * along)) / 2
    fullness = how.fullness[0] + (how.fullness[1] - how.fullness[0]) * eased
    turns = np.cumsum(colour.low_hz * (colour.high_hz / colour.low_hz) ** fullness) / SAMPLE_RATE_HZ
    tone = np.sin(2 * np.pi * turns)
    for times, level in colour.overtones:
        tone += level * np.sin(2 * np.pi * times * turns)
    tone *= to_linear(_TONE_DBFS) * (how.levels[0] + (how.levels[1] - how.levels[0]) * eased)
    samples = fade_in(tone[:, np.newaxis].astype(np.float32), _ATTACK_FRAMES)
    touch_hz = (colour.low_hz if how.fullness[0] == 0.0 else colour.high_hz) * how.touch_times
    touch = _touch(touch_hz, min(frames, _TOUCH_FRAMES), colour) * np.float32(to_linear(_TOUCH_DBFS) * how.touch)
    samples[: len(touch)] += touch
    return Clip(fade_out(samples, min(_RELEASE_FRAMES, frames // 3)), SAMPLE_RATE_HZ)


def _touch(pitch_hz: float, frames: int, colour: Colour) -> Samples:
    time_s = np.arange(frames) / SAMPLE_RATE_HZ
    total: NDArray[np.float64] = np.zeros(frames)
    for times, level, decay_s in colour.touch:
        total += level * np.sin(2 * np.pi * pitch_hz * times * time_s) * np.exp(-time_s / decay_s)
    return fade_out(total[:, np.newaxis].astype(np.float32), frames // 2)
