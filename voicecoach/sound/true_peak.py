"""True peaks: the crests between the samples, as of ITU-R BS.1770-5, annex 2. Pure numpy.

A sound is looked at four times as finely as it is sampled. Wherever a sound of the same samples is looked at, and in
however many pieces, the answer is the same to the last bit: sums are made tap by tap, never by a library's own order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.clip import Samples

OVERSAMPLING = 4
TAPS = 24
"""Of each of the filters. The crest of a tone up to 18 kHz comes out within 0.2 dB, up to 12 kHz within 0.1."""
HALO = TAPS // 2
"""Frames that a crest is reckoned from, on either side."""
_KAISER_BETA = 6.0
_BLOCK = 32


def _filters() -> tuple[tuple[float, ...], ...]:
    """The filters for a quarter and a half of the way from one sample to the next; three quarters is the first, turned.

    A windowed sinc: ``sinc(n - d) · kaiser``, made to sum to 1.
    """
    made = []
    for part in (1, 2):
        at = np.arange(TAPS) - (HALO - 1) - part / OVERSAMPLING
        taps = np.sinc(at) * np.i0(_KAISER_BETA * np.sqrt(np.clip(1 - (at / HALO) ** 2, 0, 1)))
        made.append(tuple(float(tap) for tap in taps / taps.sum()))
    return tuple(made)


_QUARTER, _HALF = _filters()
MOST_OVER = 1.6
"""A crest is at most so many times as high as the samples within a millisecond of it. The worst that a steady tone can
do is 1.41 (a quarter of the sample rate, met halfway); the filters alone would allow 2.3, to what no sound is."""


def crests(windows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Find the highest crest in each of several stretches.

    Parameters
    ----------
    windows
        float32, shape (stretches, frames + 2 · `HALO`): each with the frames around it.

    Returns
    -------
    ndarray
        float32, shape (stretches,): the largest magnitude of the samples, and of the three points behind each.
    """
    frames = windows.shape[1] - 2 * HALO
    highest: NDArray[np.float32] = np.abs(windows[:, HALO : HALO + frames])
    product = np.empty_like(highest)
    for weights in (_QUARTER, _HALF, _QUARTER[::-1]):
        points = np.zeros_like(highest)
        for tap, weight in enumerate(weights):
            np.multiply(windows[:, tap + 1 : tap + 1 + frames], np.float32(weight), out=product)
            np.add(points, product, out=points)
        np.maximum(highest, np.abs(points, out=points), out=highest)
    return block_peaks(highest.reshape(-1), frames)


def block_peaks(magnitudes: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """Give the highest of each block of so many frames begun: float32, shape (blocks,)."""
    highest: NDArray[np.float32] = np.maximum.reduceat(magnitudes, np.arange(0, len(magnitudes), frames))
    return highest


def true_peak(samples: Samples) -> float:
    """Give the true peak of a sound, linear; 1.0 is full scale.

    Parameters
    ----------
    samples
        float32, shape (frames, channels). Silence is taken to be around it.

    Notes
    -----
    Only the stretches of 32 frames whose samples come near enough to the highest (`MOST_OVER`) are looked into.
    """
    if not samples.size:
        return 0.0
    highest = 0.0
    for channel in range(samples.shape[1]):
        blocks = -(-len(samples) // _BLOCK)
        padded = np.zeros(blocks * _BLOCK + 2 * HALO, np.float32)
        padded[HALO : HALO + len(samples)] = samples[:, channel]
        peaks = block_peaks(np.abs(padded[HALO : HALO + blocks * _BLOCK]), _BLOCK)
        at = np.flatnonzero(peaks >= max(float(peaks.max()) / MOST_OVER, highest / MOST_OVER, 1e-9))
        if len(at):
            windows = padded[at[:, np.newaxis] * _BLOCK + np.arange(_BLOCK + 2 * HALO)]
            highest = max(highest, float(crests(windows).max()))
    return highest
