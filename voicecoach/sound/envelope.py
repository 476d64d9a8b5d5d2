"""Envelopes: fades in and out that do not click, and placing one sound in another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.clip import Samples


def attack_curve(length_frames: int, attack_frames: int) -> NDArray[np.float64]:
    """Give a gain that rises from 0 to 1 along half a cosine and stays there.

    Parameters
    ----------
    length_frames
        How many frames the curve has in all.
    attack_frames
        How many of them rise; 0 gives ones. A rise that is longer than the curve is cut off, not squeezed.

    Returns
    -------
    ndarray
        float64, shape (length_frames, 1), 0 to 1.

    Notes
    -----
    The raised cosine, ``(1 - cos(π n / attack)) / 2``: its slope is zero at both ends, so that nothing clicks.
    """
    curve = np.ones((length_frames, 1), np.float64)
    rising = min(length_frames, attack_frames)
    if rising:
        curve[:rising, 0] = (1 - np.cos(np.pi * np.arange(rising) / attack_frames)) / 2
    return curve


def fade_in(samples: Samples, fade_frames: int) -> Samples:
    """Fade in along half a cosine; the first frame is zero.

    Parameters
    ----------
    samples
        float32, shape (frames, channels).
    fade_frames
        Length of the fade; at most all of the sound, 0 for none.

    Returns
    -------
    Samples
        A new array of the same shape.
    """
    frames = samples.shape[0]
    return (samples * attack_curve(frames, min(fade_frames, frames))).astype(np.float32)


def fade_out(samples: Samples, fade_frames: int) -> Samples:
    """Fade out along half a cosine; the last frame is exactly zero.

    Parameters and result are as of `fade_in`.
    """
    return fade_in(samples[::-1], fade_frames)[::-1].copy()


def overlay(base: Samples, sound: Samples, at_frames: int) -> Samples:
    """Add a sound to another at a place.

    Parameters
    ----------
    base
        float32, shape (frames, channels).
    sound
        float32, with as many channels, or one that goes to all of them.
    at_frames
        Where its first frame goes.

    Returns
    -------
    Samples
        A new array of the shape of `base`.

    Raises
    ------
    ValueError
        The sound would stick out at either end: nothing is ever cut off silently.
    """
    end_frames = at_frames + sound.shape[0]
    if at_frames < 0 or end_frames > base.shape[0]:
        raise ValueError(f"frames {at_frames} to {end_frames} are not within the {base.shape[0]} of the base")
    mixed = base.copy()
    mixed[at_frames:end_frames] += sound
    return mixed
