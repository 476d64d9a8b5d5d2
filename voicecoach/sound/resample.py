"""Changing the sample rate. The only door to soxr."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

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


class Resampler:
    """Changes the sample rate of a long sound to 48 kHz as it comes, block by block.

    Parameters
    ----------
    from_hz
        Its sample rate.
    channels
        How many channels it has.
    """

    def __init__(self, from_hz: int, channels: int) -> None:
        self._channels = channels
        self._stream: Any = None
        if from_hz != SAMPLE_RATE_HZ:
            import soxr

            self._stream = soxr.ResampleStream(from_hz, SAMPLE_RATE_HZ, channels, dtype="float32", quality="HQ")

    def more(self, samples: Samples) -> Samples:
        """Take the next block in; return what is ready by now. Both float32, shape (frames, channels)."""
        return samples if self._stream is None else self._made(samples, last=False)

    def rest(self) -> Samples:
        """Return what is left when all has been taken in; to be called once."""
        nothing = np.zeros((0, self._channels), np.float32)
        return nothing if self._stream is None else self._made(nothing, last=True)

    def _made(self, samples: Samples, *, last: bool) -> Samples:
        made = np.asarray(self._stream.resample_chunk(np.ascontiguousarray(samples), last=last), np.float32)
        return made.reshape(-1, self._channels)
