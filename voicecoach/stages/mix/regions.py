"""Regions: where a session is silent, where its bed is alone, and the stretches between, cut into pieces."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from voicecoach.model.master import RegionKind
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.sound.bedding import Bedding

BEFORE, AFTER = 1, 2
"""MP3 frames of silence that belong to what sounds behind and before them: a coder smears it so far."""
BED_MARGIN = 3
"""MP3 frames of a bed around what sounds over it: the limiter's reach, and one."""
SHORT_GAP = 10
"""MP3 frames: a gap shorter than that is not worth the surroundings that both its neighbours would be read with."""
MOST = 1250
"""MP3 frames of an active region: 30 s. An edit touches no more than it, and no more of it is held in memory."""
LEAST = 250
"""MP3 frames after which a long stretch may be cut: 6 s."""

Span = tuple[int, int]
"""First MP3 frame, and the one after the last."""


def stretches(frames: int, sounding: Iterable[Span], bed: Bedding | None) -> Iterator[tuple[RegionKind, int, int]]:
    """Cut a session up.

    Parameters
    ----------
    frames
        Its length.
    sounding
        First frame and end of all that sounds beside the bed, in any order.
    bed
        What is under it, or None.

    Yields
    ------
    tuple of (RegionKind, int, int)
        First frame and end, in order and without a hole; all but the session's end are multiples of an MP3 frame.
    """
    last = -(-frames // MP3_FRAME_FRAMES)
    before, after = (BEFORE, AFTER) if bed is None else (BED_MARGIN, BED_MARGIN)
    quiet = _merged(((_floor(s) - before, _ceil(e) + after) for s, e in sounding), last, 1)
    active = quiet if bed is None else [*quiet, *((_floor(s), _ceil(e)) for s, e in bed.unlike() if s < e)]
    at = 0
    for start, end in _merged(active, last, SHORT_GAP):
        if start > at:
            yield _still(bed, at), at * MP3_FRAME_FRAMES, start * MP3_FRAME_FRAMES
        for first, stop in _cut(start, end, quiet):
            yield RegionKind.ACTIVE, first * MP3_FRAME_FRAMES, min(stop * MP3_FRAME_FRAMES, frames)
        at = end
    if at < last:
        yield _still(bed, at), at * MP3_FRAME_FRAMES, frames


def _still(bed: Bedding | None, mp3_frame: int) -> RegionKind:
    at = mp3_frame * MP3_FRAME_FRAMES
    return RegionKind.BED if bed is not None and bed.ends.start <= at < bed.ends.end else RegionKind.SILENCE


def _merged(spans: Iterable[Span], last: int, least_gap: int) -> list[Span]:
    """Put together what overlaps or has less than ``least_gap`` between, or to the session's ends."""
    merged: list[Span] = []
    for start, end in sorted((max(0, start), min(last, end)) for start, end in spans):
        if start >= end:
            continue
        if merged and start - merged[-1][1] < least_gap:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start if start >= least_gap else 0, end))
    if merged and last - merged[-1][1] < least_gap:
        merged[-1] = (merged[-1][0], last)
    return merged


def _cut(start: int, end: int, sounding: list[Span]) -> Iterator[Span]:
    """Cut a long stretch where it is quiet: before the sound that follows the longest pause; else anywhere."""
    while end - start > MOST:
        first = bisect_left(sounding, start + LEAST, key=lambda span: span[0])
        pauses = [
            (sounding[at][0] - sounding[at - 1][1], -sounding[at][0])
            for at in range(max(first, 1), bisect_left(sounding, start + MOST, key=lambda span: span[0]))
        ]
        cut = -max(pauses)[1] if pauses else start + MOST
        yield start, cut
        start = cut
    yield start, end


def _floor(frame: int) -> int:
    return frame // MP3_FRAME_FRAMES


def _ceil(frame: int) -> int:
    return -(-frame // MP3_FRAME_FRAMES)
