"""How loud the ear finds what: the K-weighting of ITU-R BS.1770, as weights on a spectrum."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.clip import Samples
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.sound.gain import to_db

LUFS_OFFSET_DB = -0.691
"""What BS.1770 adds, so that a sine of 997 Hz at full scale in one channel has -3.01 LUFS."""
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""Both filters of ITU-R BS.1770-4, annex 1, tables 1 and 2: numerator and denominator, at 48 kHz."""
BLOCK_FRAMES = 1 << 16


def k_weights(frequencies_hz: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Give the K-weighting of power at some frequencies.

    Parameters
    ----------
    frequencies_hz
        float64, any shape, 0 to 24,000.

    Returns
    -------
    ndarray
        float64, of the same shape: what power at that frequency is multiplied by. About 1 at 1 kHz.
    """
    z = np.exp(-2j * np.pi * frequencies_hz / SAMPLE_RATE_HZ)
    gain = np.ones_like(z)
    for over, under in (_SHELF, _HIGH_PASS):
        gain *= (over[0] + over[1] * z + over[2] * z * z) / (under[0] + under[1] * z + under[2] * z * z)
    weights: NDArray[np.float64] = np.abs(gain) ** 2
    return weights


def k_power(samples: Samples) -> float:
    """Mean K-weighted power of a sound, summed over its channels.

    Parameters
    ----------
    samples
        float32, shape (frames, channels), 48 kHz; at least a frame.

    Notes
    -----
    By Parseval's theorem from the spectra of blocks of 1.4 s. What the filters carry over from block to block is left
    out; it is under 0.01 dB.
    """
    total, frames = 0.0, samples.shape[0]
    for start in range(0, frames, BLOCK_FRAMES):
        block = samples[start : start + BLOCK_FRAMES]
        spectrum = np.fft.rfft(block, axis=0)
        power = np.abs(spectrum) ** 2
        power[1 : (len(block) + 1) // 2] *= 2
        total += float((k_weights(np.fft.rfftfreq(len(block), 1 / SAMPLE_RATE_HZ)) @ power).sum()) / len(block)
    return float(total / frames)


def mean_lufs(samples: Samples) -> float:
    """Loudness of a sound as BS.1770 measures it, but without gates: silence in it counts.

    Parameters
    ----------
    samples
        float32, shape (frames, channels), 48 kHz, one or two channels.

    Returns
    -------
    float
        LUFS; -inf for silence or nothing.
    """
    return LUFS_OFFSET_DB + to_db(math.sqrt(k_power(samples))) if samples.size else -math.inf


def loudest_lufs(samples: Samples, window_s: float = 0.05) -> float:
    """Loudness of the loudest moment of a sound: what one hears of a short one.

    Parameters
    ----------
    samples
        float32, shape (frames, 1), 48 kHz. Silence is thought before and after it.
    window_s
        Length of the moment. The ear adds up some 50 ms (Zwicker and Fastl, Psychoacoustics: loudness of tone bursts
        grows with their length up to 100 ms or so).

    Returns
    -------
    float
        LUFS; -inf for silence or nothing.
    """
    if not samples.size:
        return -math.inf
    window = round(window_s * SAMPLE_RATE_HZ)
    frames = samples.shape[0]
    size = 1 << (frames + 2 * window).bit_length()
    spectrum = np.fft.rfft(samples[:, 0].astype(np.float64), size)
    heard = np.fft.irfft(spectrum * np.sqrt(k_weights(np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ))), size)
    power = np.concatenate([[0.0], np.cumsum(heard[: frames + window] ** 2)])
    sums = power[window:] - power[:-window]
    return LUFS_OFFSET_DB + to_db(math.sqrt(float(sums.max(initial=0.0)) / window))
