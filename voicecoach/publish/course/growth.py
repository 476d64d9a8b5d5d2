"""The weeks of a course as curves: holds, repetitions, minutes, and how much the coach says."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from voicecoach.model.units import decimal
from voicecoach.publish.course.frame import EDGE, GAP, LABEL_ROOM, LEAST_SIZE, PAGE_WIDTH, cut
from voicecoach.publish.course.weeks import WeekFigures
from voicecoach.publish.course.words import CourseWords
from voicecoach.publish.plot.lettering import clean, first_that_fits, width
from voicecoach.publish.plot.scene import Anchor, Disc, Drawn, Mark, Panel, Point, Rect, Strokes, Text

HEAD_TALL, LANE_TALL, TALK_TALL, FOOT_TALL = 34.0, 42.0, 20.0, 4.0
NUMBER_SIZE = 10.0


@dataclass(frozen=True)
class _Lane:
    """One curve: its name, its paint, of each week a figure or None, and how a figure is written."""

    name: str
    paint: str
    values: tuple[float | None, ...]
    written: Callable[[float], str]
    bars: bool = False


def growth(weeks: Sequence[WeekFigures], words: CourseWords) -> Panel:
    """Draw how a course grows; nothing of one that has a single week, or nothing that is known."""
    lanes = tuple(lane for lane in _lanes(weeks, words) if any(value is not None for value in lane.values))
    if len(weeks) < 2 or not lanes:
        return Panel("Progress", 0, ())
    talks = any(week.talks for week in weeks)
    tall = HEAD_TALL + len(lanes) * LANE_TALL + talks * TALK_TALL
    axis = _Axis(len(weeks))
    items: list[Drawn | Mark] = []
    for index, week in enumerate(weeks):
        if week.lighter:
            items.append(Rect(axis.left(index), 16, axis.step, tall - 16, "rest", 4))
    items += _head(weeks, words, axis)
    y = HEAD_TALL
    for lane in lanes:
        items += _lane(lane, axis, y)
        y += LANE_TALL
    if talks:
        items += _talks(weeks, words, axis, y)
    return Panel("Progress", tall + FOOT_TALL, tuple(items))


def _lanes(weeks: Sequence[WeekFigures], words: CourseWords) -> Iterator[_Lane]:
    labels, doses = words.labels, words.doses

    def seconds(value: float) -> str:
        return clean(doses.length(Fraction(math.floor(value + 0.5))))

    def count(value: float) -> str:
        return decimal(Fraction(math.floor(value * 2 + 0.5), 2)).replace(".", labels("point"))

    yield _Lane(labels("course-hold"), "hold", tuple(week.hold_s for week in weeks), seconds)
    yield _Lane(labels("course-reps"), "time", tuple(week.reps for week in weeks), count)
    yield _Lane(labels("course-minutes"), "breathe", tuple(week.minutes for week in weeks), count, bars=True)


class _Axis:
    """Where weeks stand, from left to right."""

    def __init__(self, weeks: int) -> None:
        self.start = EDGE + LABEL_ROOM
        self.end = PAGE_WIDTH - EDGE
        self.step = (self.end - self.start) / weeks

    def left(self, index: int) -> float:
        return self.start + index * self.step

    def middle(self, index: int) -> float:
        return self.left(index) + self.step / 2


def _head(weeks: Sequence[WeekFigures], words: CourseWords, axis: _Axis) -> Iterator[Drawn]:
    yield Strokes((((EDGE, 10), (axis.end, 10)),), "axis", 1)
    names = [words.labels("week", n=week.number) for week in weeks]
    full = all(width(name, NUMBER_SIZE) <= axis.step - 2 * GAP for name in names)
    for index, week in enumerate(weeks):
        name = names[index] if full else str(week.number)
        yield Text(axis.middle(index), 28, name, NUMBER_SIZE, "ink" if week.lighter else "soft", Anchor.MIDDLE)


def _lane(lane: _Lane, axis: _Axis, y: float) -> Iterator[Drawn]:
    floor, top = y + LANE_TALL - 5, y + 15
    name = first_that_fits((lane.name,), 11, LABEL_ROOM - 8, bold=True) or cut(lane.name, 11, LABEL_ROOM - 8)
    yield Text(EDGE + GAP, floor - 6, name, 11, "ink", bold=True)
    yield Strokes((((axis.start, floor + 2.5), (axis.end, floor + 2.5)),), "grid", 1)
    heights = _heights(lane, floor, top)
    if lane.bars:
        wide = min(46.0, axis.step * 0.6)
        for index, height in enumerate(heights):
            if height is not None:
                yield Rect(axis.middle(index) - wide / 2, height, wide, floor + 2.5 - height, lane.paint, 2)
    else:
        yield from _line([None if h is None else (axis.middle(n), h) for n, h in enumerate(heights)], lane.paint, axis)
    yield from _figures(lane, heights, axis)


def _heights(lane: _Lane, floor: float, top: float) -> list[float | None]:
    """Where each figure stands; bars begin at nothing, lines at the least of them."""
    known = [value for value in lane.values if value is not None]
    least, most = (0.0 if lane.bars else min(known)), max(known)
    if most == least:
        return [None if value is None else (floor + top) / 2 for value in lane.values]
    return [None if v is None else floor - (v - least) / (most - least) * (floor - top) for v in lane.values]


def _line(points: Sequence[Point | None], paint: str, axis: _Axis) -> Iterator[Drawn]:
    """Join the weeks that have a figure; a week that has none is a hole."""
    pieces: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(point)
    lines = tuple(tuple(piece) for piece in pieces if len(piece) > 1)
    if lines:
        yield Strokes(lines, paint, 2)
    for point in points:
        if point is not None:
            yield Disc(*point, min(3.6, axis.step / 6), paint)


def _figures(lane: _Lane, heights: Sequence[float | None], axis: _Axis) -> Iterator[Drawn]:
    """Write figures over their weeks: of a long course the first, the last, and those that differ, as they fit."""
    written = [None if value is None else lane.written(value) for value in lane.values]
    known = [index for index, text in enumerate(written) if text is not None]
    wanted = [n for n in known if n in {known[0], known[-1]} or written[n] != written[n - 1] or axis.step > 60]
    kept: list[int] = []
    for index in (known[-1], *wanted):  # the last one first: where it has got to is what people look for
        if all(abs(axis.middle(index) - axis.middle(other)) >= _room(written, index, other) for other in kept):
            kept.append(index)
    for index in sorted(kept):
        height, text = heights[index], written[index]
        assert height is not None
        assert text is not None
        yield Text(axis.middle(index), height - 5, text, LEAST_SIZE + 0.5, "ink", Anchor.MIDDLE)


def _room(written: Sequence[str | None], one: int, other: int) -> float:
    """How far from one another the middles of two figures must be."""
    return sum(width(written[index] or "", LEAST_SIZE + 0.5) for index in (one, other)) / 2 + 6


def _talks(weeks: Sequence[WeekFigures], words: CourseWords, axis: _Axis, y: float) -> Iterator[Drawn]:
    """Write how much the coach says: once for all weeks that it holds for."""
    yield Text(EDGE + GAP, y + 13, cut(words.labels("course-talk"), 11, LABEL_ROOM - 8, bold=True), 11, bold=True)
    first = 0
    for index in range(1, len(weeks) + 1):
        if index < len(weeks) and weeks[index].talks == weeks[first].talks:
            continue
        left, wide = axis.left(first) + GAP / 2, (index - first) * axis.step - GAP
        told = ", ".join(words.labels("course-talks", talk=talk) for talk in weeks[first].talks)
        if told:
            yield Rect(left, y, wide, TALK_TALL - 2, "talk", 4)
            text = cut(told, NUMBER_SIZE, wide - 4)
            yield Text(left + wide / 2, y + 13, text, NUMBER_SIZE, "on-pale", Anchor.MIDDLE)
        first = index
