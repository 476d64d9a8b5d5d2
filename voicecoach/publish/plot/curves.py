"""The course of what is done at a rhythm: the breath, the tempo of repetitions, the phases of cycles.

A course is a row of points (frame, level), level 1 above and 0 below, from the start of a span to its end.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from fractions import Fraction

from voicecoach.model.cuescript import Earcon, SpanKind
from voicecoach.model.timeline import PlacedClip, Span
from voicecoach.model.units import to_frames

Course = tuple[tuple[int, float], ...]

SWING = 8
"""Points that a rise or fall is drawn with."""

_PATTERN = re.compile(r"\d+(\.\d+)?(-\d+(\.\d+)?){3}")


def course(span: Span, sounds: tuple[PlacedClip, ...], rate_hz: int) -> Course:
    """Return the course of a span, or nothing where it has none.

    Parameters
    ----------
    span
        A stretch of breathing or repetitions with its pattern, or of cycles.
    sounds
        The earcons that begin in it: they say when a round begins. Without them, rounds follow one another.
    rate_hz
        Frames a second.
    """
    if span.kind == SpanKind.CYCLES:
        return _phases(span, sounds)
    parts = _parts(span.pattern, rate_hz)
    if span.kind not in {SpanKind.BREATHE, SpanKind.REPS} or not sum(parts):
        return ()
    rising = span.kind == SpanKind.BREATHE
    points: list[tuple[int, float]] = []
    for start in _rounds(span, sounds, parts):
        points += _round(start, parts, low=0.0 if rising else 1.0)
    return tuple((min(frame, span.end), level) for frame, level in points if frame <= span.end + rate_hz // 10)


def round_frames(span: Span, rate_hz: int) -> int:
    """Return how long a breath or repetition of a span lasts, in frames; 0 where it has no pattern."""
    return sum(_parts(span.pattern, rate_hz))


def _parts(pattern: str | None, rate_hz: int) -> tuple[int, ...]:
    if pattern is None or not _PATTERN.fullmatch(pattern):
        return (0, 0, 0, 0)
    return tuple(to_frames(Fraction(part), rate_hz) for part in pattern.split("-"))


def _rounds(span: Span, sounds: tuple[PlacedClip, ...], parts: tuple[int, ...]) -> Iterator[int]:
    """Tell when each round begins: at its sound, and where a breath has none for in, by that for out."""
    begins = {Earcon.REP: 0} if span.kind == SpanKind.REPS else {Earcon.IN: 0, Earcon.OUT: parts[0] + parts[1]}
    starts: dict[int, int] = {}
    for clip in sounds:
        if clip.rep is not None and clip.earcon in begins:
            starts.setdefault(clip.rep, clip.start - begins[Earcon(clip.earcon)])
    yield from starts.values() if starts else range(span.start, span.end - sum(parts) // 2, sum(parts))


def _round(start: int, parts: tuple[int, ...], low: float) -> Iterator[tuple[int, float]]:
    """Go up (or, from a low of 1, down), stay, come back, stay."""
    there, stay, back, _ = parts
    turned, returns = start + there, start + there + stay
    yield from _swing(start, turned, low, 1 - low)
    yield from _swing(returns, returns + back, 1 - low, low)
    yield start + sum(parts), low


def _swing(start: int, end: int, from_: float, to: float) -> Iterator[tuple[int, float]]:
    """Ease from one level to another, as a breath does."""
    if start == end:
        yield start, to
        return
    for step in range(SWING + 1):
        eased = (1 - math.cos(math.pi * step / SWING)) / 2
        yield start + (end - start) * step // SWING, from_ + (to - from_) * eased


def _phases(span: Span, sounds: tuple[PlacedClip, ...]) -> Course:
    """Go down a stair with each phase of a cycle, and up again with the next cycle."""
    marks = [clip for clip in sounds if clip.earcon in {Earcon.REP, Earcon.OUT}]
    per_cycle = sum(1 for clip in marks if clip.rep == 1)
    if per_cycle < 2:
        return ()
    points: list[tuple[int, float]] = []
    phase = 0
    for clip, ends in zip(marks, [*(clip.start for clip in marks[1:]), span.end], strict=True):
        phase = 0 if clip.earcon == Earcon.REP else phase + 1
        level = 1 - min(phase, per_cycle - 1) / (per_cycle - 1)
        points += [(clip.start, level), (ends, level)]
    return tuple(points)
