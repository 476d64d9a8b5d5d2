"""Cutting silence off the ends of what a voice said."""

from __future__ import annotations

import numpy as np

from voicecoach.model.clip import Samples
from voicecoach.sound.envelope import fade_in, fade_out
from voicecoach.sound.gain import to_linear

LEAST_FADE_S = 0.001


def trim_silence(samples: Samples, rate_hz: int, *, threshold_dbfs: float = -50.0, keep_s: float = 0.01) -> Samples:
    """Cut leading and trailing silence.

    Parameters
    ----------
    samples
        float32, shape (frames, channels).
    rate_hz
        Frames a second.
    threshold_dbfs
        What stays below it, in every channel, is silence.
    keep_s
        How much of the silence stays at either end, as far as there is any. That part is faded, and at least 1 ms, so
        that neither the cut nor a voice that starts at once clicks.

    Returns
    -------
    Samples
        A new array; of no frames, when all is silence.
    """
    loud = np.flatnonzero(np.abs(samples).max(axis=1, initial=0.0) >= to_linear(threshold_dbfs))
    if not loud.size:
        return samples[:0].copy()
    keep_frames = round(keep_s * rate_hz)
    first, last = int(loud[0]), int(loud[-1])
    start = max(0, first - keep_frames)
    end = min(samples.shape[0], last + 1 + keep_frames)
    least_frames = round(LEAST_FADE_S * rate_hz)
    faded = fade_in(samples[start:end], max(first - start, least_frames))
    return fade_out(faded, max(end - 1 - last, least_frames))
