"""Tones: sines, bells of several partials, glides. Without noise, so that they can be made again to the byte."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voicecoach.model.clip import Samples
from voicecoach.sound.envelope import attack_curve


@dataclass(frozen=True)
class Partial:
    """One sine of a bell.

    Attributes
    ----------
    frequency_hz
        Over 0, under half the sample rate.
    level
        Linear, at its loudest; 1.0 is full scale.
    decay_s
        Time in which it falls to 1/e.
    attack_s
        Time in which it rises; 0 to start at once (a sine begins at zero all the same).
    """

    frequency_hz: float
    level: float
    decay_s: float
    attack_s: float = 0.0


def sine(frequency_hz: float, length_frames: int, rate_hz: int, *, level: float = 1.0) -> Samples:
    """Make a sine that begins at phase 0.

    Parameters
    ----------
    frequency_hz
        Over 0, under half the sample rate.
    length_frames
        How many frames.
    rate_hz
        Frames a second.
    level
        Peak, linear.

    Returns
    -------
    Samples
        float32, shape (length_frames, 1).
    """
    return glide(frequency_hz, frequency_hz, length_frames, rate_hz, level=level)


def glide(start_hz: float, end_hz: float, length_frames: int, rate_hz: int, *, level: float = 1.0) -> Samples:
    """Make a sine whose pitch moves evenly, in musical terms, from one frequency to another.

    Parameters
    ----------
    start_hz, end_hz
        Frequency of the first frame, and of the one after the last. Over 0, under half the sample rate.
    length_frames, rate_hz, level
        As of `sine`.

    Returns
    -------
    Samples
        float32, shape (length_frames, 1).

    Raises
    ------
    ValueError
        A frequency is beyond what the sample rate can hold.

    Notes ----- The exponential chirp: with ``k = end / start``, the phase at time ``t`` of ``T`` is ``2π · start · T
    · (k**(t/T) - 1) / ln k``.
    """
    for frequency_hz in (start_hz, end_hz):
        if not 0 < frequency_hz < rate_hz / 2:
            raise ValueError(f"a tone of {frequency_hz} Hz cannot be made at {rate_hz} Hz")
    time_s = np.arange(length_frames, dtype=np.float64) / rate_hz
    length_s = length_frames / rate_hz
    if start_hz == end_hz or not length_frames:
        turns = start_hz * time_s
    else:
        log_ratio = np.log(end_hz / start_hz)
        turns = start_hz * length_s / log_ratio * np.expm1(log_ratio * time_s / length_s)
    return (level * np.sin(2 * np.pi * turns)).astype(np.float32)[:, np.newaxis]


def bell(partials: tuple[Partial, ...], length_frames: int, rate_hz: int) -> Samples:
    """Strike a bell: sines that start together and fade, each at its own pace.

    Parameters
    ----------
    partials
        What it is made of. Their levels add up at most.
    length_frames, rate_hz
        As of `sine`. The end is not faded: use `envelope.fade_out`.

    Returns
    -------
    Samples
        float32, shape (length_frames, 1).
    """
    time_s = np.arange(length_frames, dtype=np.float64)[:, np.newaxis] / rate_hz
    total = np.zeros((length_frames, 1), np.float64)
    for partial in partials:
        tone = sine(partial.frequency_hz, length_frames, rate_hz, level=partial.level)
        rise = attack_curve(length_frames, round(partial.attack_s * rate_hz))
        total += tone * rise * np.exp(-time_s / partial.decay_s)
    return total.astype(np.float32)
