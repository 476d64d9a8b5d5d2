"""A sound in short: its first moments, in a text so short that a session can carry it, to find the sound again by.

The earcons that we ship, `verify` has at hand; a sound of the author's own lies on the author's machine. So the session
carries a sketch of it: a fifth of a second, up to 6 kHz, 8 bits a sample. That is enough for a matched filter.
"""

from __future__ import annotations

import base64
import binascii
import math

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.clip import Clip, Samples
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.sound.gain import peak_dbfs, to_linear
from voicecoach.sound.resample import resample

SKETCH_RATE_HZ = 12_000
SKETCH_FRAMES = SAMPLE_RATE_HZ // 5
_STEPS_A_DB = 2
_MU = 255.0


def sketch(samples: Samples) -> str:
    """Draw the sketch of a sound.

    Parameters
    ----------
    samples
        float32, shape (frames, 1), 48 kHz.

    Returns
    -------
    str
        Base64: how far its peak is below full scale in half decibels, then its samples at 12 kHz in mu-law (ITU-T
        G.711 has the curve), one byte each.
    """
    small = resample(Clip(samples[:SKETCH_FRAMES], SAMPLE_RATE_HZ), SKETCH_RATE_HZ).samples[:, 0]
    below = round(-peak_dbfs(small) * _STEPS_A_DB) if small.any() else 255
    code = min(max(below, 0), 255)
    shape = np.clip(small / to_linear(-code / _STEPS_A_DB), -1.0, 1.0)
    bent = np.sign(shape) * np.log1p(_MU * np.abs(shape)) / math.log1p(_MU)
    return base64.b64encode(bytes([code]) + np.rint(bent * 127 + 128).astype(np.uint8).tobytes()).decode()


def sketched(text: str) -> Samples:
    """Give the sound of a sketch.

    Returns
    -------
    Samples
        float32, shape (frames, 1), 48 kHz: the first moments, without what is above 6 kHz.

    Raises
    ------
    ValueError
        The text is no sketch.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as fault:
        raise ValueError(f"no sketch: {fault}") from fault
    if len(data) < 2:
        raise ValueError("no sketch: it is empty")
    bent = (np.frombuffer(data, np.uint8, offset=1).astype(np.float64) - 128) / 127
    shape = np.sign(bent) * np.expm1(np.abs(bent) * math.log1p(_MU)) / _MU
    small = (shape * to_linear(-data[0] / _STEPS_A_DB)).astype(np.float32)
    return resample(Clip(small[:, np.newaxis], SKETCH_RATE_HZ), SAMPLE_RATE_HZ).samples


def narrowed(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Leave out of a recording what a sketch has not, all above 6 kHz; float32, shape (frames,), 48 kHz, as before."""
    small = resample(Clip(samples[:, np.newaxis], SAMPLE_RATE_HZ), SKETCH_RATE_HZ)
    wide = resample(small, SAMPLE_RATE_HZ).samples[:, 0]
    return np.pad(wide, (0, max(0, len(samples) - len(wide))))[: len(samples)]
