"""A course on one page: its days, week below week, and how it grows. A4 on its side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from voicecoach.model.course import Course
from voicecoach.publish.course.frame import EDGE, PAGE_HEIGHT, PAGE_WIDTH, Routines, cut, wrapped
from voicecoach.publish.course.grid import grid, is_lettered, swap_sign
from voicecoach.publish.course.growth import growth
from voicecoach.publish.course.weeks import figures
from voicecoach.publish.course.words import Contents, CourseWords
from voicecoach.publish.plot.lettering import clean, width
from voicecoach.publish.plot.scene import Drawn, Panel, Rect, Scene, Text
from voicecoach.publish.plot.svg import svg

KEY_LINE, KEY_SIZE, SWATCH = 17.0, 10.0, 14.0
MOST_KEY_LINES = 5
"""A course of so many routines that they take more is told by pointing at its days."""


def overview_svg(course: Course, contents: Contents) -> str:
    """Draw a course as an SVG file, which shows itself light or dark as its viewer likes it.

    Parameters
    ----------
    course
        Of one week or more.
    contents
        What the days hold, by `CourseDay.session`; a day that is not there is drawn without its length.
    """
    return svg(overview(course, contents))


def overview_png(course: Course, contents: Contents) -> bytes:
    """Draw a course as a PNG file, 2376 by 1680 pixels (A4 at 203 dots an inch); see `overview_svg`.

    The same course gives the same bytes on machines with the same fonts.
    """
    from voicecoach.publish.plot.png import png

    return png(overview(course, contents))


def overview(course: Course, contents: Contents) -> Scene:
    """Lay a course out on one page."""
    words = CourseWords(course, contents)
    routines = Routines(words)
    head, key = _head(words), _key(words, routines)
    curves = growth([figures(week, words) for week in course.weeks], words)
    days = grid(words, routines, PAGE_HEIGHT - head.height - curves.height - key.height)
    rest = PAGE_HEIGHT - head.height - days.height - curves.height - key.height
    return Scene(
        title=clean(course.title),
        text=". ".join(words.facts()),
        width=PAGE_WIDTH,
        head=head,
        key=replace(key, height=key.height + rest),
        rows=(days, curves) if curves.items else (days,),
    )


def _head(words: CourseWords) -> Panel:
    room = PAGE_WIDTH - 2 * EDGE
    facts = " · ".join(words.facts())
    items: list[Drawn] = []
    y = 16.0
    for line in wrapped(clean(words.course.title), 24, room, 2, bold=True):
        y += 25
        items.append(Text(EDGE, y, line, 24, "ink", bold=True))
    y += 20
    items.append(Text(EDGE, y, cut(facts, 13, room), 13, "soft"))
    beside = EDGE + width(facts, 13) + 24
    needs = words.equipment()
    if needs:
        told = clean(f"{words.labels('needs')}: {', '.join(needs)}")
        items.append(Text(beside, y, cut(told, 13, PAGE_WIDTH - EDGE - beside), 13, "ink"))
    return Panel("Title", y + 14, tuple(items))


def _key(words: CourseWords, routines: Routines) -> Panel:
    """Tell what paints, letters and signs mean: only those that there are."""
    items: list[Drawn] = []
    x, y = EDGE, KEY_LINE
    for sign, wide, word in _entries(words, routines):
        told = cut(word, KEY_SIZE, PAGE_WIDTH - 2 * EDGE - wide - 6)
        needs = wide + 6 + width(told, KEY_SIZE)
        if x > EDGE and x + needs > PAGE_WIDTH - EDGE - 12:
            if y >= MOST_KEY_LINES * KEY_LINE:
                items.append(Text(x, y + 3.5, "…", KEY_SIZE, "ink"))
                break
            x, y = EDGE, y + KEY_LINE
        items += sign(x, y)
        items.append(Text(x + wide + 6, y + 3.5, told, KEY_SIZE, "ink"))
        x += needs + 18
    return Panel("Key", y + KEY_LINE, tuple(items))


_Entry = tuple[Callable[[float, float], Iterable[Drawn]], float, str]
"""What is drawn at a place, how wide it is, and what it means."""


def _entries(words: CourseWords, routines: Routines) -> Iterator[_Entry]:
    weeks = words.course.weeks
    lettered = is_lettered(len(weeks))
    if lettered and any(day.rests for day in words.course.days):
        yield partial(_swatch, "lane"), SWATCH, words.labels("course-rest")
    if any(week.lighter for week in weeks):
        yield partial(_swatch, "rest"), SWATCH, words.labels("course-lighter")
    if not lettered and any(day.swapped for day in words.course.sessions):
        yield swap_sign, SWATCH, words.labels("course-swapped")
    if len(weeks) > 1 and words.contents:
        yield _nothing, -6, words.labels("course-means")
    for title, paint in routines.paints.items() if lettered else ():
        letter = routines.letters[title]
        yield partial(_lettered, paint, letter), 8 + width(letter, 11, bold=True), title


def _lettered(paint: str, letter: str, x: float, y: float) -> Iterator[Drawn]:
    yield Rect(x, y - 7, 4, 14, paint, 2)
    yield Text(x + 8, y + 4, letter, 11, "ink", bold=True)


def _swatch(paint: str, x: float, y: float) -> Iterator[Drawn]:
    yield Rect(x, y - 7, SWATCH, 14, paint, 3)


def _nothing(_x: float, _y: float) -> Iterator[Drawn]:
    yield from ()
