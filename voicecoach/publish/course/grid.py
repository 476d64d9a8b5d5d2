"""The days of a course as a grid: a row a week, seven days a row; of a long course, weeks also beside one another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from voicecoach.model.course import CourseDay, CourseWeek
from voicecoach.publish.course.frame import EDGE, GAP, LABEL_ROOM, LEAST_SIZE, PAGE_WIDTH, Routines, cut, tidy, wrapped
from voicecoach.publish.course.words import CourseWords
from voicecoach.publish.plot.lettering import clean, first_that_fits, width
from voicecoach.publish.plot.scene import Anchor, Drawn, Mark, Panel, Rect, Strokes, Text

MOST_ROWS = 18
"""Weeks below one another; what is more stands beside."""
TALLEST = 330.0
"""Of a row."""
HEAD_TALL = 20.0
BETWEEN = 14.0
SHORT_LABEL_ROOM = 54.0
NAMED_FROM = 90.0
"""From this width on a day has room for a name; a narrower one shows the letter of its routine."""
TITLE_SIZE, LINE = 11.0, 1.25


@dataclass(frozen=True)
class _Plan:
    """Where the rows stand: columns of weeks, rows in each, and the size of a day."""

    columns: int
    rows: int
    label: float
    day_width: float
    row_height: float

    @property
    def column_width(self) -> float:
        return self.label + 7 * self.day_width

    @property
    def lettered(self) -> bool:
        """Days show a letter."""
        return self.day_width < NAMED_FROM


def grid(words: CourseWords, routines: Routines, height: float) -> Panel:
    """Lay the weeks out.

    Parameters
    ----------
    words
        Of the course.
    routines
        Their letters and paints.
    height
        What there is for all of it.
    """
    plan = _plan(len(words.course.weeks), height)
    items: list[Drawn | Mark] = []
    for index, week in enumerate(words.course.weeks):
        column, row = divmod(index, plan.rows)
        x = EDGE + column * (plan.column_width + BETWEEN)
        if row == 0:
            items += _head(week, words, plan, x)
        items += _week(week, words, routines, plan, (x, HEAD_TALL + row * plan.row_height))
    return Panel("Weeks", HEAD_TALL + plan.rows * plan.row_height + GAP, tuple(items))


def is_lettered(weeks: int) -> bool:
    """Tell whether days show letters for their routines, which the key must tell."""
    return _plan(weeks, 1).lettered


def _plan(weeks: int, height: float) -> _Plan:
    columns = math.ceil(weeks / MOST_ROWS)
    rows = math.ceil(weeks / columns)
    label = LABEL_ROOM if columns == 1 else SHORT_LABEL_ROOM
    room = (PAGE_WIDTH - 2 * EDGE - (columns - 1) * BETWEEN) / columns - label
    return _Plan(columns, rows, label, room / 7, min(TALLEST, (height - HEAD_TALL - GAP) / rows))


def _head(week: CourseWeek, words: CourseWords, plan: _Plan, x: float) -> Iterator[Drawn]:
    for index, day in enumerate(week.days):
        middle = x + plan.label + (index + 0.5) * plan.day_width
        name = first_that_fits((words.weekday(day), str(day.day)), 10.5, plan.day_width - GAP)
        yield Text(middle, HEAD_TALL - 7, name, 10.5, "soft", Anchor.MIDDLE)


def _week(
    week: CourseWeek, words: CourseWords, routines: Routines, plan: _Plan, at: tuple[float, float]
) -> Iterator[Drawn | Mark]:
    x, y = at
    if week.lighter:
        yield Rect(x - GAP, y, plan.column_width + GAP, plan.row_height, "rest", 5)
    yield from _label(week, words, plan, at)
    for index, day in enumerate(week.days):
        box = _Box(x + plan.label + index * plan.day_width, y, plan.day_width, plan.row_height).inset()
        yield Mark("day", 7 * (day.week - 1) + day.day, _tip(day, words), tuple(_day(day, words, routines, plan, box)))


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float
    height: float

    def inset(self) -> _Box:
        """Leave room to the next one."""
        half = GAP / 2
        return _Box(self.x + half, self.y + half, self.width - GAP, self.height - GAP)


def _label(week: CourseWeek, words: CourseWords, plan: _Plan, at: tuple[float, float]) -> Iterator[Drawn]:
    """Name a week; where there is room, with its title and how far it has come."""
    x, y = at[0] + GAP, at[1]
    room, floor = plan.label - 2 * GAP, y + plan.row_height - GAP
    size = 12.0 if not plan.lettered else 10.5
    every = [words.week(one) for one in words.course.weeks]
    full = all(width(one, size, bold=True) <= room for one in every)
    name = words.week(week) if full else str(week.number)
    date = week.days[0].date
    soft = "ink" if week.lighter else "soft"  # on the tint, softer words are too pale by night
    if plan.row_height < 40:
        day = "" if date is None else words.date(date)
        above = bool(day) and plan.lettered
        yield Text(x, y + plan.row_height / 2 + (-1 if above else 4), name, size, "ink", bold=True)
        if above:
            yield Text(x, y + plan.row_height / 2 + 9, cut(day, LEAST_SIZE, room), LEAST_SIZE, soft)
        elif day:
            beside = cut(day, LEAST_SIZE, room - width(name, size, bold=True) - 8)
            yield Text(x + room - 4, y + plan.row_height / 2 + 4, beside, LEAST_SIZE, soft, Anchor.END)
        return
    y += size + 5
    yield Text(x, y, name, size, "ink", bold=True)
    lighter = words.labels("course-lighter") if week.lighter else ""
    goal = clean(week.goal) if date is None or not plan.lettered else words.date(date)
    for text, paint in ((clean(week.title), "ink"), (goal, soft), (lighter, "ink")):
        most = int((floor - y) // (10 * LINE))
        for line in wrapped(text, 10, room, min(most, 5)):
            y += 10 * LINE
            yield Text(x, y, line, 10, paint)


def _day(day: CourseDay, words: CourseWords, routines: Routines, plan: _Plan, box: _Box) -> Iterator[Drawn]:
    if day.rests:
        yield Rect(box.x, box.y, box.width, box.height, "lane", 4)
        yield from _rest(day, words, plan, box)
        return
    title = words.routine(day)
    yield Rect(box.x, box.y, box.width, box.height, "body", 4)
    yield Rect(box.x, box.y, 4, box.height, routines.paints[title], 2)
    if plan.lettered:
        yield from _lettered(routines.letters[title], words.minutes(day), box)
    else:
        yield from _named(day, words, box)


def _rest(day: CourseDay, words: CourseWords, plan: _Plan, box: _Box) -> Iterator[Drawn]:
    x, y, room = box.x + 8, box.y + 13, box.width - 14
    if plan.lettered:
        return
    date = "" if day.date is None else words.date(day.date)
    if box.height < 36:
        told = cut(words.labels("course-rest"), LEAST_SIZE, room - width(date, LEAST_SIZE) - 6)
        yield Text(x, box.y + box.height / 2 + 3.5, told, LEAST_SIZE, "soft")
        yield Text(x + room, box.y + box.height / 2 + 3.5, date, LEAST_SIZE, "soft", Anchor.END)
        return
    if date:
        yield Text(x, y, date, LEAST_SIZE + 0.5, "soft")
    y += 2 if date else -11
    for line in wrapped(words.rest(day), 10, room, int((box.y + box.height - y - 3) // (10 * LINE))):
        y += 10 * LINE
        yield Text(x, y, line, 10, "soft")


def _lettered(letter: str, minutes: str, box: _Box) -> Iterator[Drawn]:
    """Show the letter of a routine and its minutes, beside one another."""
    middle, y = box.x + 4 + (box.width - 4) / 2, box.y + box.height / 2 + 4
    gap = 4
    wide = width(letter, 11, bold=True), width(minutes, LEAST_SIZE + 0.5)
    x = middle - (sum(wide) + gap) / 2
    yield Text(x, y, letter, 11, "ink", bold=True)
    yield Text(x + wide[0] + gap, y, minutes, LEAST_SIZE + 0.5, "soft")


def _named(day: CourseDay, words: CourseWords, box: _Box) -> Iterator[Drawn]:
    """Show date, length, the routine's name, and as much of what is done as there is room for."""
    x, y, room = box.x + 10, box.y + 13, box.width - 16
    date, length = "" if day.date is None else words.date(day.date), words.length(day)
    if box.height < 36:
        name, low = box.y + box.height / 2 - 1, box.y + box.height / 2 + 9.5
        yield Text(x, name, cut(words.routine(day), LEAST_SIZE + 0.5, room, bold=True), LEAST_SIZE + 0.5, bold=True)
        told = clean(" · ".join(filter(None, (date, length))))
        yield Text(x, low, cut(told, LEAST_SIZE, room), LEAST_SIZE, "soft")
        return
    floor = box.y + box.height - 4
    beside = bool(date) and width(date, 9.5) + width(clean(length), 9.5) + 8 <= room - (14 if day.swapped else 0)
    yield Text(x, y, date if beside else cut(clean(f"{date} {length}"), 9.5, room), 9.5, "soft")
    if beside:
        yield Text(x + room, y, clean(length), 9.5, "soft", Anchor.END)
    y += 3 if date or length else -11
    for line in wrapped(words.routine(day), TITLE_SIZE, room, 1 + (box.height > 52), bold=True):
        y += TITLE_SIZE * LINE
        yield Text(x, y, line, TITLE_SIZE, "ink", bold=True)
    if day.swapped and box.height >= 64:
        floor -= 12
        yield from swap_sign(x, box.y + box.height - 8)
    yield from _doing(day, words, (x, y + 2), floor, room)


def _doing(day: CourseDay, words: CourseWords, at: tuple[float, float], floor: float, room: float) -> Iterator[Drawn]:
    """List what is done: with its doses, else a line each; the last line says how much more there is."""
    content = words.content(day)
    if content is None:
        return
    x, y = at
    most = int((floor - y) // (LEAST_SIZE * LINE))
    names = tuple(clean(one.name) for one in content.done)
    doses = [wrapped(tidy(f"{one.name}: {one.dose}"), LEAST_SIZE, room, 3) for one in content.done]
    if sum(map(len, doses)) <= most:
        lines = tuple(line for dose in doses for line in dose)
    elif len(names) <= most:
        lines = names
    else:
        lines = (*names[: most - 1], f"+ {len(names) - most + 1}") if most > 1 else ()
    for line in lines:
        y += LEAST_SIZE * LINE
        yield Text(x, y, cut(line, LEAST_SIZE, room), LEAST_SIZE, "ink")


def swap_sign(x: float, y: float) -> Iterator[Drawn]:
    """Draw two arrows, one each way: the day begins with the other side. 14 wide, round ``y``."""
    lines = (
        ((x, y - 2.5), (x + 13, y - 2.5)),
        ((x + 9.5, y - 5), (x + 13, y - 2.5)),
        ((x + 13, y + 2), (x, y + 2)),
        ((x + 3.5, y + 4.5), (x, y + 2)),
    )
    yield Strokes(lines, "soft", 1.2)


def _tip(day: CourseDay, words: CourseWords) -> str:
    """Tell a day in full, for who points at it."""
    date = "" if day.date is None else words.full_date(day.date)
    swapped = words.labels("course-swapped") if day.swapped else ""
    note = "" if day.rests else clean(day.note)
    return clean(" · ".join(filter(None, (date, words.title(day), words.length(day), swapped, note))))
