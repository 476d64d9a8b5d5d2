"""Finding a known sound in a recording: the matched filter. Pure numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicecoach.sound.gain import to_db

_LEAST_POWER = 1e-9
"""Sum of squares below which there is nothing: noise of the arithmetic would be likened to anything."""


@dataclass(frozen=True)
class Match:
    """Where a sound is.

    Attributes
    ----------
    at
        Frame of the recording at which it begins.
    likeness
        The correlation there, 0 to 1: 1 is the very sound, louder or softer.
    gain_db
        How much louder than the sound looked for.
    """

    at: int
    likeness: float
    gain_db: float


def find(recording: NDArray[np.float32], sound: NDArray[np.float32], *, most: int = 1) -> tuple[Match, ...]:
    """Find where a recording is most like a sound.

    Parameters
    ----------
    recording, sound
        float32, shape (frames,), at one rate. The sound is not silent.
    most
        How many places to give at most.

    Returns
    -------
    tuple of Match
        The best first; none of them within half the sound's length of a better one. Empty where the recording is the
        shorter one, or silent.

    Notes
    -----
    The matched filter: the correlation of both, made by FFT, over the norms of the sound and of what is under it. Its
    peak is the place of the sound with the least variance that there is, in white noise.
    """
    places = len(recording) - len(sound) + 1
    if places < 1 or not len(sound):
        return ()
    heard, wanted = recording.astype(np.float64), sound.astype(np.float64)
    # What wraps around falls on places at which the sound would stick out; they are not looked at.
    size = _quick_size(len(heard))
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size)), size)[:places]
    power = np.concatenate([[0.0], np.cumsum(heard**2)])
    under = power[len(wanted) :] - power[: -len(wanted)]
    own = float(wanted @ wanted)
    likeness = np.where(under > _LEAST_POWER, product / np.sqrt(np.maximum(under, _LEAST_POWER) * own), 0.0)
    return tuple(_peaks(likeness, product / own, len(wanted) // 2, most))


def _quick_size(least: int) -> int:
    """Give a size, not much above the least, that an FFT is quick at: a power of two, or three or five times one."""
    sizes = (factor << max(0, (-(-least // factor) - 1).bit_length()) for factor in (1, 3, 5))
    return min(sizes)


def _peaks(likeness: NDArray[np.float64], gain: NDArray[np.float64], apart: int, most: int) -> list[Match]:
    found: list[Match] = []
    left = likeness.copy()
    while len(found) < most and (best := float(left[at := int(np.argmax(left))])) > 0:
        found.append(Match(at, min(best, 1.0), to_db(max(0.0, float(gain[at])))))
        left[max(0, at - apart) : at + apart + 1] = 0.0
    return found
