"""How large a page of a plan can be set, so that four weeks stay on one sheet of paper.

What its lines would take is reckoned from their characters; no browser is needed, and the same plan always gets the
same setting. The tests print it with one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

from voicecoach.model.course import CourseDay, CourseWeek
from voicecoach.publish.course.plan_doses import Routine
from voicecoach.publish.course.words import CourseWords

SETTINGS = (("usual", 10.0, 1.25), ("small", 9.0, 1.25), ("tiny", 8.0, 1.2))
"""The classes of the style sheet, their size in points, and the height of a line in parts of it; the largest first."""
LONG = "tiny long"
"""What takes more than one sheet whatever its size."""
PAGE_MM = 252.0
"""What US letter has between its margins of 11 mm, less 5 mm for what we misjudge; A4 has more."""
WHOLE_MM, COLUMN_MM = 184.0, 89.0
MM_A_POINT = 25.4 / 72
CHARACTER = 0.46
"""Mean width of a character, in parts of the size."""


def setting(
    head: Sequence[str], weeks: Sequence[CourseWeek], found: Sequence[Routine], words: CourseWords, *, last: bool
) -> str:
    """Choose how a page is set.

    Parameters
    ----------
    head
        The paragraphs above the weeks.
    weeks
        Of the page.
    found
        Their routines, with doses.
    words
        Of the course.
    last
        The page has the notes, too.
    """
    for name, size_pt, line in SETTINGS:
        size_mm = size_pt * MM_A_POINT
        page = _Page(size_mm, line * size_mm, words, frozenset(one.note for one in found))
        total_mm = page.head(head) + page.weeks(weeks) + page.doses(found) + (page.foot() if last else 0)
        if total_mm <= PAGE_MM:
            return name
    return LONG


class _Page:
    """Reckons the heights of what stands on a page, in mm, set in letters of a size.

    ``told`` are notes that stand with their routine, not on each of its days.
    """

    def __init__(self, size_mm: float, line_mm: float, words: CourseWords, told: frozenset[str]) -> None:
        self.size_mm = size_mm
        self.line_mm = line_mm
        self.words = words
        self.told = told

    def head(self, texts: Sequence[str]) -> float:
        title = math.ceil(len(texts[0]) * 1.6 * CHARACTER * self.size_mm / WHOLE_MM) * 1.6 * self.line_mm
        return title + sum(self._lines(text, WHOLE_MM) * self.line_mm + 1 for text in texts[1:]) + 2.5

    def weeks(self, weeks: Sequence[CourseWeek]) -> float:
        tall = [self._week(week) for week in weeks]
        return sum(max(tall[at : at + 2]) + 3 for at in range(0, len(tall), 2))

    def doses(self, found: Sequence[Routine]) -> float:
        """Two columns; a routine is not torn, so that one may be longer than the other."""
        if not found:
            return 0.0
        each = [self._routine(one) for one in found]
        ends = list(accumulate(each))
        return 2.08 * self.line_mm + 5 + min(max(end, ends[-1] - end) for end in ends)

    def foot(self) -> float:
        return 2 * self.line_mm + 2 * 1.55 * self.size_mm + 4.2

    def _week(self, week: CourseWeek) -> float:
        caption = f"{self.words.week(week)} · {week.title} · {week.goal}" + " " * 16 * week.lighter
        return self._lines(caption, COLUMN_MM - 2) * self.line_mm + 1.4 + sum(map(self._day, week.days))

    def _day(self, day: CourseDay) -> float:
        room_mm = COLUMN_MM - 11 * self.size_mm
        lines = self._lines(self.words.rest(day) if day.rests else self.words.routine(day) + "   ", room_mm)
        if day.note not in self.told and not day.rests:
            lines += self._lines(day.note, room_mm)
        return lines * self.line_mm + 1.5

    def _routine(self, one: Routine) -> float:
        lines = 1 + sum(self._lines(f"{name}: {dose}", COLUMN_MM) for name, dose in one.lines)
        lines += self._lines(one.note, COLUMN_MM) if one.note else 0
        return lines * self.line_mm + 1.4

    def _lines(self, text: str, room_mm: float) -> int:
        return max(1, math.ceil(len(text) * CHARACTER * self.size_mm / room_mm))
