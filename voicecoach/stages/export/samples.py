"""The samples of a master from front to back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from voicecoach.errors import EncodeError
from voicecoach.model.clip import Samples
from voicecoach.model.master import Master, RegionKind
from voicecoach.model.units import SAMPLE_RATE_HZ

_BLOCK_FRAMES = 20 * SAMPLE_RATE_HZ


def blocks(master: Master) -> Iterator[Samples]:
    """Give all samples, a region or a part of one at a time: float32, shape (n, channels). Silence is not mixed.

    Raises
    ------
    EncodeError
        A sample is beyond full scale, or no number.
    """
    for region in master.regions():
        for at in range(region.start, region.end, _BLOCK_FRAMES):
            frames = min(_BLOCK_FRAMES, region.end - at)
            if region.kind is RegionKind.SILENCE:
                yield np.zeros((frames, master.channels), np.float32)
            else:
                samples = master.read(at, frames)
                if not np.abs(samples).max(initial=0) <= 1:
                    raise EncodeError(f"the audio from frame {at} goes beyond full scale")
                yield samples
