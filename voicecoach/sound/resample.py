"""Changing the sample rate. The only door to soxr."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from voicecoach.model.clip import Clip, Samples
from voicecoach.model.units import SAMPLE_RATE_HZ, to_frames


def resample(clip: Clip, rate_hz: int = SAMPLE_RATE_HZ) -> Clip:
    """Give a clip another sample rate.

    Parameters
    ----------
    clip
        Of any rate.
    rate_hz
        Frames a second that it is to have.

    Returns
    -------
    Clip
        As long as before to the nearest frame, whatever soxr makes of it. The same clip when it has that rate
        already. Peaks may grow a little: where the samples stood on either side of a crest, the crest itself may now
        be one.
    """
    if clip.rate_hz == rate_hz:
        return clip
    length_frames = to_frames(Fraction(clip.frames, clip.rate_hz), rate_hz)
    if not length_frames:
        return Clip(np.zeros((0, clip.samples.shape[1]), np.float32), rate_hz)
    import soxr

    made = np.asarray(soxr.resample(np.ascontiguousarray(clip.samples), clip.rate_hz, rate_hz, quality="HQ"))
    return Clip(_of_length(made.astype(np.float32, copy=False), length_frames), rate_hz)


def _of_length(samples: Samples, length_frames: int) -> Samples:
    missing_frames = length_frames - samples.shape[0]
    return np.pad(samples, ((0, missing_frames), (0, 0))) if missing_frames > 0 else samples[:length_frames]
