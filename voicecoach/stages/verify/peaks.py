"""How loud a session is as it is heard, from moment to moment, kept in a byte for each 5 ms."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.clip import Samples
from voicecoach.model.units import SAMPLE_RATE_HZ

CELL = SAMPLE_RATE_HZ // 200
"""5 ms: how fine the peaks of the whole session are kept."""
CODES_A_DB, CODE_0_DBFS = 2, -120.0
FULL_SCALE = 1.0
NEARLY_FULL, LONG_RUN = 0.98, 5
"""So many frames in a row at nearly full scale are a wave whose top was cut off."""


@dataclass
class Levels:
    """How loud the session is, from cell to cell of 5 ms, and what was clipped.

    Attributes
    ----------
    codes
        Peak of each cell, in half decibels above -120 dBFS: one byte a cell.
    peak
        The largest sample of all, linear.
    clipped
        Frames at or over full scale, or in a run just under it; ``clipped_at`` is the first of them.
    """

    codes: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    frames: int = 0
    peak: float = 0.0
    clipped: int = 0
    clipped_at: int | None = None

    def add(self, samples: Samples) -> NDArray[np.uint8]:
        """Take the next stretch in, of whole cells unless it is the last; return its codes."""
        loud = np.abs(samples).max(axis=1)
        peaks = np.maximum.reduceat(loud, np.arange(0, len(loud), CELL))
        dbfs = 20 * np.log10(np.maximum(peaks, 1e-9))
        self.peak = max(self.peak, float(peaks.max()))
        if peaks.max() >= NEARLY_FULL:
            self._count(loud)
        self.frames += len(samples)
        return np.clip(np.ceil((dbfs - CODE_0_DBFS) * CODES_A_DB), 0, 255).astype(np.uint8)

    def _count(self, loud: NDArray[np.float32]) -> None:
        edges = np.flatnonzero(np.diff(np.pad((loud >= NEARLY_FULL).view(np.int8), 1)))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            over = int(np.count_nonzero(loud[start:end] >= FULL_SCALE))
            if end - start >= LONG_RUN or over:
                self.clipped += int(end - start)
                if self.clipped_at is None:
                    self.clipped_at = self.frames + int(start)


def dbfs_of(code: int) -> float:
    """Level of a cell's code; minus infinity for none."""
    return CODE_0_DBFS + code / CODES_A_DB if code else -np.inf
