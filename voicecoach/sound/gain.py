"""Levels: decibels, peaks, and how loud a voice is while it speaks."""

from __future__ import annotations

import math

import numpy as np

from voicecoach.model.clip import Samples

WINDOW_S = 0.01
ACTIVE_RANGE_DB = 30.0


def to_linear(level_db: float) -> float:
    """Give the factor of a number of decibels: 0 dB is 1, -6.02 dB is 0.5, -inf is 0."""
    return float(10.0 ** (level_db / 20.0))


def to_db(factor: float) -> float:
    """Give the decibels of a factor, 0 or more: 1 is 0 dB, 0 is -inf."""
    return 20.0 * math.log10(factor) if factor > 0 else -math.inf


def apply_gain(samples: Samples, gain_db: float) -> Samples:
    """Make a sound louder or softer.

    Parameters
    ----------
    samples
        float32, shape (frames, channels).
    gain_db
        Any; what goes beyond full scale by it is not clipped.

    Returns
    -------
    Samples
        A new array.
    """
    return samples * np.float32(to_linear(gain_db))


def peak_dbfs(samples: Samples) -> float:
    """Give the largest sample of any channel, in dB of full scale; -inf for silence or nothing."""
    return to_db(float(np.abs(samples).max())) if samples.size else -math.inf


def rms_dbfs(samples: Samples) -> float:
    """Give the root mean square over all frames and channels, in dB of full scale (a full square wave has 0).

    -inf for silence or nothing. A full-scale sine has -3.01.
    """
    return to_db(math.sqrt(float(np.mean(np.square(samples, dtype=np.float64))))) if samples.size else -math.inf


def active_rms_dbfs(samples: Samples, rate_hz: int, *, range_db: float = ACTIVE_RANGE_DB) -> float:
    """Give how loud a voice is while it speaks: the RMS of the windows in which something is heard.

    Pauses and what leads in do not count, so a slow speaker does not measure softer than a quick one, and it works
    for a clip of one word (integrated loudness as of ITU-R BS.1770 needs 0.4 s).

    Parameters
    ----------
    samples
        float32, shape (frames, channels), of any length.
    rate_hz
        Frames a second.
    range_db
        A window of 10 ms counts when it is at most this far below the loudest. Speech has about 30 dB from vowels to
        soft consonants.

    Returns
    -------
    float
        dB of full scale; -inf for silence or nothing.
    """
    if not samples.size:
        return -math.inf
    window_frames = max(1, round(WINDOW_S * rate_hz))
    starts = np.arange(0, samples.shape[0], window_frames)
    power = np.mean(np.square(samples, dtype=np.float64), axis=1)
    sums = np.add.reduceat(power, starts)
    counts = np.diff(np.append(starts, samples.shape[0]))
    means = sums / counts
    active = means >= means.max() * to_linear(-range_db) ** 2
    return to_db(math.sqrt(float(sums[active].sum() / counts[active].sum())))
