"""What is heard where nothing should be, and whether anything is too loud."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.model.verdict import Breach, Promise
from voicecoach.sound.gain import to_db
from voicecoach.stages.verify.course import Course
from voicecoach.stages.verify.listening import SMEAR, Ear
from voicecoach.stages.verify.peaks import CELL, CODE_0_DBFS, CODES_A_DB, dbfs_of
from voicecoach.stages.verify.places import apart, in_span, named, span_at, time_of

SILENT_DBFS = -60.0
"""No sample of a gap is louder: far below what one hears beside speech of -20 dBFS. (As built: digital silence.)"""
MOST_GAIN_DB = 6.0
"""A file that another program made louder or softer as a whole by more is not as it was made."""
TOGETHER_CELLS = SAMPLE_RATE_HZ // CELL // 2
"""Sounds less than half a second apart are told of as one."""


def floor_dbfs(ear: Ear) -> float | None:
    """How loud a gap may be; None: it cannot be told, because something sounds all along (a bed)."""
    return None if ear.bed else SILENT_DBFS


def silence_kept(course: Course, ear: Ear, elsewhere: Iterable[tuple[int, int]]) -> Promise:
    """Check that nothing is heard but what was planned.

    Parameters
    ----------
    course, ear
        The session as it was followed.
    elsewhere
        Stretches of the sound in which something is heard that was told of already.
    """
    floor = floor_dbfs(ear)
    quiet = _quiet(course, ear, elsewhere)
    gaps, cells = _runs(quiet), int(quiet.sum())
    heard = ear.levels.codes[: len(quiet)]
    loudest = dbfs_of(int(heard[quiet].max(initial=0)))
    numbers = {"gaps": len(gaps), "silence_s": cells * CELL / SAMPLE_RATE_HZ, "loudest_dbfs": loudest}
    if floor is None:
        return Promise("silence", "not checked: there is a bed under all of it", 0, (), numbers)
    loud = quiet & (heard > (floor - CODE_0_DBFS) * CODES_A_DB)
    broken = [_sound(start, end, course, ear) for start, end in _joined(_runs(loud))]
    level = f"{loudest:.0f} dBFS" if math.isfinite(loudest) else "nothing at all"
    told = f"{len(gaps)} gaps, {cells * CELL / SAMPLE_RATE_HZ:.0f} s in all, loudest {level}"
    return Promise("silence", told, len(gaps), tuple(broken), numbers)


def _quiet(course: Course, ear: Ear, elsewhere: Iterable[tuple[int, int]]) -> NDArray[np.bool_]:
    """The cells of the sound in which nothing should be heard."""
    quiet = np.ones(len(ear.levels.codes), np.bool_)
    stretches = [(clip.start + (by := course.shift_at(clip.start)), clip.end + by) for clip in ear.voice]
    for heard in course.heard:
        start = heard.clip.start + heard.shift
        length = max(heard.clip.frames, ear.length_of(heard.instead))
        stretches += [(start, start + length), (start + heard.error, start + heard.error + length)]
    for start, end in (*stretches, *elsewhere):
        quiet[max(0, start - SMEAR) // CELL : max(0, -(-(end + SMEAR) // CELL))] = False
    return quiet


def _runs(cells: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.pad(cells.view(np.int8), 1)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _joined(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in runs:
        if joined and start - joined[-1][1] < TOGETHER_CELLS:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _sound(start: int, end: int, course: Course, ear: Ear) -> Breach:
    at = course.planned_at(start * CELL)
    peak = dbfs_of(int(ear.levels.codes[start:end].max(initial=0)))
    span = span_at(ear.timeline, at)
    where = f" in {named(span)}" if span is not None else ""
    return in_span(
        ear.timeline,
        at,
        f"{apart((end - start) * CELL)} of sound{where} where silence was planned (peak {peak:.1f} dBFS)",
    )


def level_kept(ear: Ear, gain_db: float) -> Promise:
    """Check that nothing is clipped, and that the session is about as loud as it was made."""
    levels, broken = ear.levels, []
    peak_dbfs = to_db(levels.peak)
    if levels.clipped_at is not None:
        message = f"{levels.clipped} samples are clipped, at full scale (peak {peak_dbfs:+.1f} dBFS)"
        broken.append(in_span(ear.timeline, levels.clipped_at, message))
    off_db = gain_db - ear.made_db
    if abs(off_db) > MOST_GAIN_DB:
        how = "louder" if off_db > 0 else "softer"
        broken.append(Breach(0, f"all of it is {abs(off_db):.1f} dB {how} than it was made"))
    broken.sort(key=lambda breach: breach.at)
    peak = f"peak {peak_dbfs:.1f} dBFS" if levels.peak else "silence"
    told = f"{peak}, {'nothing clipped' if levels.clipped_at is None else f'clipped at {time_of(levels.clipped_at)}'}"
    numbers = {"peak_dbfs": peak_dbfs, "clipped_frames": levels.clipped, "gain_db": gain_db}
    return Promise("level", told, 1, tuple(broken), numbers)
