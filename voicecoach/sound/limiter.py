"""A look-ahead limiter: no true peak above a ceiling, nothing bent out of shape. Pure numpy.

The gain goes down before a crest and up after it along a smooth curve of 24 ms, and stays down between crests that are
less than 48 ms apart: a voice's own periods (down to 21 Hz) do not move it, so it adds no roughness. What is further
than 50 ms away has no part in it: a stretch that is read with its surroundings is limited as the whole would be.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.clip import Samples
from voicecoach.sound.gain import to_linear
from voicecoach.sound.true_peak import HALO, MOST_OVER, block_peaks, crests

STEP = 32
"""Frames from point to point of the gain. An MP3 frame is 36 of them, so its grid moves with that of the MP3 frames."""
_SMOOTH = 36
"""Points on either side that a point is smoothed over: 24 ms."""
REACH = (2 * _SMOOTH + 3) * STEP
"""Frames on either side that a frame's gain can depend on: 2400, 50 ms."""
MARGIN_DB = 0.2
"""How far under the ceiling the crests are brought, for what stands between the points that are looked at: of a tone of
12 kHz, the worst of what matters, 0.17 (``cos(π / 16)``)."""
_BESIDE = 0.5
_AT_ONCE = 512
_LOOP_AT_ONCE = 8192 * STEP


def _hann() -> tuple[float, ...]:
    weights = 1 + np.cos(np.pi * np.arange(-_SMOOTH, _SMOOTH + 1) / (_SMOOTH + 1))
    return tuple(float(weight) for weight in weights / weights.sum())


_WEIGHTS = _hann()


def limiter_gains(samples: Samples, ceiling_dbtp: float) -> NDArray[np.float32] | None:
    """Give the gain that keeps a sound under a ceiling.

    Parameters
    ----------
    samples
        float32, shape (frames, channels); whole `STEP` frames, beginning at a multiple of `STEP` in its session. The
        gains of the first and last `REACH` frames are right only where silence is around.
    ceiling_dbtp
        What no true peak is to be above, in dB of full scale.

    Returns
    -------
    ndarray or None
        float32, shape (frames,), over 0 to 1: one gain for all channels. None: it is 1 all over.
    """
    allowed = _allowed(samples, to_linear(ceiling_dbtp - MARGIN_DB))
    if allowed is None:
        return None
    points = _smoothed(_least_around(allowed)).astype(np.float32)
    rise = np.arange(STEP, dtype=np.float32) / np.float32(STEP)
    gains: NDArray[np.float32] = points[:-1, np.newaxis] + np.diff(points)[:, np.newaxis] * rise
    return gains.reshape(-1)


def limit_loop(samples: Samples, ceiling_dbtp: float) -> None:
    """Limit a loop as it is heard when it goes round and round, in place.

    Parameters
    ----------
    samples
        float32, shape (frames, channels); whole `STEP` frames.
    ceiling_dbtp
        As of `limiter_gains`.
    """
    frames, around = len(samples), REACH + STEP
    gains = np.ones(frames, np.float32)
    for start in range(0, frames, _LOOP_AT_ONCE):
        end = min(start + _LOOP_AT_ONCE, frames)
        stretch = np.take(samples, np.arange(start - around, end + around), axis=0, mode="wrap")
        found = limiter_gains(stretch, ceiling_dbtp)
        if found is not None:
            gains[start:end] = found[around : around + end - start]
    samples *= gains[:, np.newaxis]


def foretold(peaks: NDArray[np.float64], ceiling_dbtp: float) -> NDArray[np.float64]:
    """Foretell what the limiter does to a sound that is heard alone.

    Parameters
    ----------
    peaks
        The highest sample of each of its cells of 48 ms (see `sound.energy`): float64, shape (cells,), linear.
    ceiling_dbtp
        As of `limiter_gains`.

    Returns
    -------
    ndarray
        float64, shape (cells,): the gain of each. A cell is turned down by its own crest, and half as far by those of
        its neighbours.
    """
    ceiling = to_linear(ceiling_dbtp - MARGIN_DB)
    taken = np.pad(1 - ceiling / np.maximum(peaks, ceiling), 1)
    beside = np.maximum(taken[:-2], taken[2:])
    gains: NDArray[np.float64] = 1 - np.maximum(taken[1:-1], beside * _BESIDE)
    return gains


def _allowed(samples: Samples, ceiling: float) -> NDArray[np.float64] | None:
    """The largest gain that each cell of `STEP` frames can bear; None: 1 all over."""
    cells = len(samples) // STEP
    allowed = np.ones(cells)
    touched = False
    for channel in range(samples.shape[1]):
        padded = np.zeros(len(samples) + 2 * HALO, np.float32)
        padded[HALO : HALO + len(samples)] = samples[:, channel]
        peaks = block_peaks(np.abs(padded[HALO : HALO + len(samples)]), STEP)
        around = np.pad(peaks, 1)
        around = np.maximum(np.maximum(around[:-2], around[2:]), peaks)
        at = np.flatnonzero(around * MOST_OVER > ceiling)
        for first in range(0, len(at), _AT_ONCE):
            some = at[first : first + _AT_ONCE]
            highest = crests(padded[some[:, np.newaxis] * STEP + np.arange(STEP + 2 * HALO)])
            allowed[some] = np.minimum(allowed[some], ceiling / np.maximum(highest, ceiling))
            touched = touched or bool((highest > ceiling).any())
    return allowed if touched else None


def _least_around(allowed: NDArray[np.float64]) -> NDArray[np.float64]:
    """At each point between cells (and before the first, behind the last): the least of the cells within its reach.

    So the smoothed gain of a point is a mean of values none of which is more than its own two cells can bear.
    """
    reach = _SMOOTH + 1
    padded = np.pad(allowed, (reach, reach), constant_values=1.0)
    least: NDArray[np.float64] = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach).min(axis=1)
    return least


def _smoothed(points: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.pad(points, _SMOOTH, constant_values=1.0)
    total = np.zeros(len(points))
    for at, weight in enumerate(_WEIGHTS):  # in one order, so that where it is cut changes no bit
        total += weight * padded[at : at + len(points)]
    return np.minimum(total, 1.0)
