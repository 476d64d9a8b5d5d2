"""Levels: decibels and peaks."""

from __future__ import annotations

import math

import numpy as np

from voicecoach.model.clip import Samples


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
