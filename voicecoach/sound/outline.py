"""A sound's outline: how loud it is from moment to moment, in a text so short that a session can carry it.

One hexadecimal digit for every 50 ms: 0 is softer than -46.5 dBFS, each further digit 3 dB louder, f is about -3 dBFS
and more. By it speech is known again in a decoded file: words that are missing, cut short, exchanged or other words.
The measure is RMS; in 50 ms there are some periods of any voice, and a coder's smear of a few ms hardly counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.clip import Samples
from voicecoach.model.units import SAMPLE_RATE_HZ

CELL_FRAMES = SAMPLE_RATE_HZ // 20
"""50 ms at 48 kHz, the rate of every outline."""
STEP_DB = 3.0
QUIETEST_DBFS = -45.0
"""What the digit 1 means."""
SILENT_DBFS = -100.0
"""Level of no sound at all: a number to count with."""

NEAR_DB = 3.5
"""Heard and outlined levels differ by less: 1.5 for the digit, the rest for the coder. (Measured on speech at 96 kbit/s
mono: none of 6,769 cells was off by more than 2.)"""
SMEAR_DB = 16.0
"""A coder spreads a loud moment over those beside it, so far below."""
_QUIET_DIGIT_DBFS = QUIETEST_DBFS - STEP_DB / 2
_OPEN_DBFS = QUIETEST_DBFS + 14 * STEP_DB
"""What f means: this and all that is louder."""


@dataclass(frozen=True)
class Likeness:
    """What is heard beside what was outlined, cell by cell.

    Attributes
    ----------
    wanted, heard
        Levels in dB of full scale, float64, shape (cells,); `SILENT_DBFS` at least.
    compared
        Whether a cell counts: bool, shape (cells,).
    floor_dbfs
        How loud something else may be that sounds all along under it, such as a bed.
    """

    wanted: NDArray[np.float64]
    heard: NDArray[np.float64]
    compared: NDArray[np.bool_]
    floor_dbfs: float = SILENT_DBFS

    @property
    def loud(self) -> NDArray[np.bool_]:
        """The cells that count in which something is to be heard, clearly over the floor."""
        return self.compared & (self.wanted > self.floor_dbfs)

    @property
    def offset_db(self) -> float:
        """By how much all of it is louder than outlined: the median over the loud cells; 0 where there are none."""
        return float(np.median((self.heard - self.wanted)[self.loud])) if self.loud.any() else 0.0

    def off_db(self, gain_db: float = 0.0) -> NDArray[np.float64]:
        """How much louder (positive) or softer than it may be each cell is; 0 where it is as it should be.

        Parameters
        ----------
        gain_db
            How much louder everything is than it was made.
        """
        if not len(self.wanted):
            return np.zeros(0)
        wanted, heard = self.wanted, np.maximum(self.heard - gain_db, SILENT_DBFS)
        padded = np.pad(wanted, 1, constant_values=SILENT_DBFS)
        beside = np.maximum(padded[:-2], padded[2:])
        floor = self.floor_dbfs - gain_db if self.floor_dbfs > SILENT_DBFS else SILENT_DBFS
        both = _dbfs(10 ** (wanted / 10) + 10 ** (floor / 10))  # two of one level are 3 dB louder than each
        most = np.maximum(np.maximum(both, _QUIET_DIGIT_DBFS), beside - SMEAR_DB) + NEAR_DB
        most = np.where(wanted >= _OPEN_DBFS, np.inf, most)
        # Two sounds of one level may also cancel: only what is clearly over the floor has a least level.
        clear = wanted > (floor + STEP_DB if floor > SILENT_DBFS else SILENT_DBFS)
        least = np.where(clear, wanted - NEAR_DB, -np.inf)
        off = np.where(heard > most, heard - most, np.where(heard < least, heard - least, 0.0))
        return np.where(self.compared, off, 0.0)

    def share(self, gain_db: float = 0.0) -> float:
        """Share of the compared cells that are as they should be: 0 to 1; 1 where none is compared."""
        count = int(self.compared.sum())
        return 1.0 - int(np.count_nonzero(self.off_db(gain_db))) / count if count else 1.0


def cell_levels(samples: Samples) -> NDArray[np.float64]:
    """Level of each cell.

    Parameters
    ----------
    samples
        float32, shape (frames, channels), 48 kHz.

    Returns
    -------
    ndarray
        float64, shape (cells,), dB of full scale; `SILENT_DBFS` at least. The last cell may be a part of one.
    """
    if not len(samples):
        return np.zeros(0)
    starts = np.arange(0, len(samples), CELL_FRAMES)
    power = np.add.reduceat(np.mean(np.square(samples, dtype=np.float64), axis=1), starts)
    counts = np.diff(np.append(starts, len(samples)))
    return _dbfs(power / counts)


def outline(samples: Samples) -> str:
    """Draw the outline of a sound.

    Parameters
    ----------
    samples
        float32, shape (frames, channels), 48 kHz.

    Returns
    -------
    str
        A lower-case hexadecimal digit for each 50 ms begun.
    """
    return drawn(cell_levels(samples))


def drawn(levels_dbfs: NDArray[np.float64]) -> str:
    """Draw the outline of the levels that `cell_levels` gave."""
    digits = np.clip(np.rint((levels_dbfs - QUIETEST_DBFS) / STEP_DB) + 1, 0, 15).astype(int)
    return "".join(f"{digit:x}" for digit in digits)


def outlined_levels(text: str) -> NDArray[np.float64]:
    """Level that each digit stands for, in dB of full scale; `SILENT_DBFS` for 0.

    Raises
    ------
    ValueError
        The text is no outline.
    """
    digits = np.array([int(digit, 16) for digit in text], dtype=np.float64)
    return np.where(digits > 0, QUIETEST_DBFS + (digits - 1) * STEP_DB, SILENT_DBFS)


def compare(text: str, samples: Samples, *, covered: NDArray[np.bool_] | None = None) -> Likeness:
    """Compare what is heard with an outline.

    Parameters
    ----------
    text
        The outline.
    samples
        What is heard in the sound's place: float32, shape (frames, channels), 48 kHz.
    covered
        bool, shape (frames,): where something else sounds too. Cells with any of it do not count; None: nowhere.

    Raises
    ------
    ValueError
        The text is no outline.
    """
    wanted, heard = outlined_levels(text), cell_levels(samples)
    cells = min(len(wanted), len(heard))
    compared = np.ones(cells, np.bool_)
    if cells and len(samples) < cells * CELL_FRAMES - CELL_FRAMES // 2:
        compared[-1] = False  # too short a rest to have a level of its own
    if covered is not None and cells:
        compared &= ~np.logical_or.reduceat(covered, np.arange(0, len(covered), CELL_FRAMES)[:cells])
    return Likeness(wanted[:cells], heard[:cells], compared)


def compare_along(text: str, samples: Samples, frames: int, step: int) -> Iterator[tuple[int, Likeness]]:
    """Compare an outline with a recording at one place after the other.

    Parameters
    ----------
    text
        The outline of a sound.
    samples
        The recording: float32, shape (frames, channels), 48 kHz.
    frames
        Length of the sound.
    step
        Frames from place to place.

    Yields
    ------
    tuple of (int, Likeness)
        The frame of the recording at which the sound would begin, and how alike it is there.

    Raises
    ------
    ValueError
        The text is no outline.
    """
    wanted = outlined_levels(text)
    power = np.concatenate([[0.0], np.cumsum(np.mean(np.square(samples, dtype=np.float64), axis=1))])
    edges = np.minimum(np.arange(len(wanted) + 1) * CELL_FRAMES, frames)
    lengths = np.maximum(np.diff(edges), 1)
    for at in range(0, len(samples) - frames + 1, step):
        heard = _dbfs(np.diff(power[at + edges]) / lengths)
        yield at, Likeness(wanted, heard, lengths >= CELL_FRAMES // 2)


def _dbfs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    return 10 * np.log10(np.maximum(power, 10 ** (SILENT_DBFS / 10)))
