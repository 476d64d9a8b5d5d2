"""Finding a known sound in a recording: the matched filter. Pure numpy."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.sound.gain import to_db

_LEAST_POWER = 1e-9
"""Sum of squares below which there is nothing: noise of the arithmetic would be likened to anything."""
SIFTED_SHARE = 0.003
"""Frequencies at which a sound has less of its greatest power (-25 dB) are left out."""
AROUND = SAMPLE_RATE_HZ // 20
"""What is read beside what is looked at, to know what a bed is like: 50 ms."""
TELLING = 6.0
"""Logarithm of how many times likelier (400) another place must be than the one that is expected. (As built, a sound is
likeliest in its place under any of our beds; 6 ms off, a breath tone under rain, the worst, is less likely by 13.)"""
_LOWEST_HZ, _HIGHEST_HZ = 80.0, 9000.0
_TURNS = 3
_WELCH = 2048
_LEAST_NOISE = 1e-4
"""A coder leaves out what is not heard; where nothing is left, the spectrum is no measure (-40 dB)."""


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
    evidence
        Under a bed: logarithm of how many times likelier what is heard is with the sound than without it. (Of a bed
        alone, up to 10.)
    """

    at: int
    likeness: float
    gain_db: float
    evidence: float = 0.0


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
    if len(recording) < len(sound) or not len(sound):
        return ()
    return tuple(_peaks(*_correlation(recording, sound), len(sound) // 2, most))


def find_under(recording: NDArray[np.float32], sound: NDArray[np.float32], expected: int, reach: int) -> Match | None:
    """Find a sound under a bed, near where it is expected, to the frame.

    Parameters
    ----------
    recording, sound
        float32, shape (frames,), at 48 kHz. The recording has `AROUND` frames more on either side than are looked at.
    expected, reach
        The frame of the recording at which the sound should begin, and how far on either side of it to look.

    Returns
    -------
    Match or None
        The place at which the sound is likeliest; its likeness is with all else sifted out (`sifted`). The place that
        is expected is left only for one that is `TELLING` likelier. None: there is nothing there.

    Notes
    -----
    The matched filter for noise that is not white (North 1943; Kay, Detection Theory, 4.4): the spectra of both are
    divided by that of what is there beside the sound, which is what is left of the recording when the sound as found so
    far is taken out; so it is found in turns. A bed is loud where the body of a sound is, whose periods are all alike;
    but the sound's bright beginning, which has but one place, stands out of the bed. What is maximised is the logarithm
    of the likelihood, of gaussian noise: ``|⟨x, s⟩|² / 2⟨s, s⟩``.
    """
    heard = recording[expected - reach - AROUND : expected + reach + len(sound) + AROUND].astype(np.float64)
    ramp = np.sin(np.arange(AROUND) * (np.pi / 2 / AROUND)) ** 2  # an edge would be the brightest beginning of all
    heard[:AROUND] *= ramp
    heard[-AROUND:] *= ramp[::-1]
    at, likelihood, gain = _likeliest(heard, sound.astype(np.float64), 2 * reach + 1)
    if likelihood[reach] >= likelihood[at] - TELLING:
        gain *= math.sqrt(likelihood[reach] / max(likelihood[at], _LEAST_POWER))
        at = reach
    looked_at = recording[expected - reach : expected + reach + len(sound)]
    likeness = _correlation(*sifted(looked_at, sound))[0][at]
    return Match(expected - reach + at, float(likeness), to_db(gain), float(likelihood[at])) if gain > 0 else None


def _likeliest(
    heard: NDArray[np.float64], sound: NDArray[np.float64], places: int
) -> tuple[int, NDArray[np.float64], float]:
    """The place at which a sound is likeliest, the likelihood of each (as of `find_under`), and the gain there."""
    size = _quick_size(len(heard) + len(sound))
    fall = np.cos(np.linspace(0, np.pi / 2, max(1, min(AROUND, len(sound) // 2)))) ** 2
    faded = sound.copy()  # what is looked for may be the beginning of a sound: where it breaks off is no end
    faded[-len(fall) :] *= fall
    spectrum, whole, wanted = (np.fft.rfft(samples, size) for samples in (heard, sound, faded))
    hertz = np.arange(size // 2 + 1) * (SAMPLE_RATE_HZ / size)
    band = (hertz > _LOWEST_HZ) & (hertz < _HIGHEST_HZ)
    weights = band * hertz**2
    for turn in range(_TURNS):
        own, shared = (2 / size * float(weights @ (np.conj(wanted) * by).real) for by in (wanted, whole))
        product = np.fft.irfft(spectrum * np.conj(wanted) * weights, size)[AROUND : AROUND + places]
        likelihood: NDArray[np.float64] = np.square(np.maximum(product, 0.0)) / (2 * own)
        at = int(np.argmax(likelihood))
        gain = float(product[at]) / shared
        rest = heard[: AROUND + at + len(sound)].copy()
        rest[AROUND + at :] -= gain * sound
        power = _power(rest, size)
        if turn == _TURNS - 1 or not power.any():
            break
        weights = band / (power + float(power.max()) * _LEAST_NOISE)
    return at, likelihood, gain


def sifted(
    recording: NDArray[np.float32], sound: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Leave in both only the frequencies at which the sound is, so that it is found under something else.

    Parameters and results are as of `find`, to which both are to be given.

    Notes
    -----
    Both are raised by 6 dB an octave first. What lies under all of a session, rain or music, falls by about so much, so
    it is white then, as `find` wants it; and the bright beginning of a sound, which tells its place, counts for more.
    """
    size = _quick_size(max(len(recording), len(sound)))
    slope = np.arange(size // 2 + 1)
    wanted = np.fft.rfft(sound.astype(np.float64), size) * slope
    power = np.abs(wanted) ** 2
    kept = slope * (power >= power.max() * SIFTED_SHARE)
    heard = np.fft.irfft(np.fft.rfft(recording.astype(np.float64), size) * kept, size)
    sieved = np.fft.irfft(np.fft.rfft(sound.astype(np.float64), size) * kept, size)
    return heard[: len(recording)].astype(np.float32), sieved[: len(sound)].astype(np.float32)


def _correlation(
    recording: NDArray[np.float32], sound: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The likeness at each place, and the gain."""
    places = len(recording) - len(sound) + 1
    heard, wanted = recording.astype(np.float64), sound.astype(np.float64)
    # What wraps around falls on places at which the sound would stick out; they are not looked at.
    size = _quick_size(len(heard))
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size)), size)[:places]
    power = np.concatenate([[0.0], np.cumsum(heard**2)])
    under = power[len(wanted) :] - power[: -len(wanted)]
    own = float(wanted @ wanted)
    likeness = np.where(under > _LEAST_POWER, product / np.sqrt(np.maximum(under, _LEAST_POWER) * own), 0.0)
    return likeness, product / own


def _power(samples: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Estimate the power spectrum of what is heard, at the frequencies of an FFT of a size (Welch's method)."""
    window = np.hanning(_WELCH)
    parts = np.lib.stride_tricks.sliding_window_view(np.pad(samples, (0, max(0, _WELCH - len(samples)))), _WELCH)
    power = np.mean(np.abs(np.fft.rfft(parts[:: _WELCH // 4] * window, axis=1)) ** 2, axis=0) / (window @ window)
    there: NDArray[np.float64] = np.interp(np.fft.rfftfreq(size), np.fft.rfftfreq(_WELCH), power)
    return there


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
