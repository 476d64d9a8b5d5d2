"""How large a hand-out can be set, and how much it can tell, so that it stays on one sheet of paper.

What its lines would take is reckoned from their characters, and where its two columns part from the heights of what
stands in them: no browser is needed, and the same sheet always gets the same setting. The tests print it with one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from voicecoach.publish.handout.sheet import Block, Item, Line, Sheet, Task

MM_A_POINT = 25.4 / 72
PAGE_MM = 255.0
"""What US letter has between its margins of 11 mm, less 2 mm for what we misjudge; A4 has more."""
WHOLE_MM = 186.0
"""Between the margins of A4, 12 mm each; US letter has more."""
COLUMN_MM = 88.0
FIGURE_MM = 14.0
CHARACTER = 0.46
"""Mean width of a character of text, in parts of its size (Arial, and what has its measures)."""
FIXED_MM = 10.0
"""Rules and spaces of the page's head and foot, whatever the size."""
HEAD_LINES = 4.6
"""Title, the line under it and two headings."""
FOOT_LINES = 3.8
WEEK_LINES = 1.3
MOST_WEEKS = 4


@dataclass(frozen=True)
class Setting:
    """How a sheet is set.

    Attributes
    ----------
    name
        The class of the page.
    size_pt, line
        Size of its text, and height of a line in parts of it.
    full
        Exercises are described in full; else briefly.
    form
        How many points of good form are told of each exercise.
    weeks
        How many the table for ticking has, at least.
    """

    name: str
    size_pt: float
    full: bool
    form: int = 2
    weeks: int = 2
    line: float = 1.28

    @property
    def line_mm(self) -> float:
        """Height of a line in millimetres."""
        return self.size_pt * self.line * MM_A_POINT

    def lines(self, words: str, width_mm: float) -> int:
        """How many lines words take."""
        return math.ceil(len(words) * self.size_pt * CHARACTER * MM_A_POINT / width_mm)


SETTINGS = (
    Setting("large", 11, full=True),
    Setting("medium", 10, full=True),
    Setting("small", 9, full=True),
    Setting("medium", 10, full=False),
    Setting("small", 9, full=False),
    Setting("tiny", 8.5, full=False, line=1.2),
    Setting("tiny", 8.5, full=False, form=1, weeks=1, line=1.2),
)
"""From the best to the last that is still read with ease."""
LONG = Setting("long", 10, full=True, weeks=MOST_WEEKS)
"""More than one sheet: then without haste."""


def setting(written: Callable[..., Sheet]) -> tuple[Sheet, Setting]:
    """Return the sheet, as full and as large as one page allows; as `LONG` where none does.

    Parameters
    ----------
    written
        Gives the sheet, told ``full`` and ``form`` of a `Setting`.
    """
    for least in SETTINGS:
        sheet = written(full=least.full, form=least.form)
        for weeks in range(MOST_WEEKS, least.weeks - 1, -1):
            chosen = replace(least, weeks=weeks)
            if height_mm(sheet, chosen) <= PAGE_MM:
                return sheet, chosen
    return written(full=LONG.full, form=LONG.form), LONG


def height_mm(sheet: Sheet, chosen: Setting) -> float:
    """What a sheet takes of a page, in millimetres."""
    lines = HEAD_LINES + sum(chosen.lines(words, WHOLE_MM) for words in _opening(sheet))
    lines += FOOT_LINES + chosen.weeks * WEEK_LINES
    if sheet.after:
        lines += 1.6 + chosen.lines(" ".join(text.words for text in sheet.after), WHOLE_MM)
    return FIXED_MM + lines * chosen.line_mm + _columns_mm(list(_pieces(sheet.items, COLUMN_MM, chosen)))


def _opening(sheet: Sheet) -> Iterator[str]:
    yield "" if sheet.description is None else sheet.description.words
    yield " ".join(text.words for text in (sheet.safety, *sheet.before) if text is not None)
    yield sheet.sides or ""
    yield f"needs: {', '.join(text.words for text in sheet.needs)}"
    yield f"positions: {' · '.join(text.words for text in sheet.positions)}"


def _columns_mm(pieces_mm: Sequence[float]) -> float:
    """Height of two columns of pieces that are not torn apart: that of the higher one, parted where it is least."""
    first_mm = [0.0, *accumulate(pieces_mm)]
    return min(max(top_mm, first_mm[-1] - top_mm) for top_mm in first_mm)


def _pieces(items: Sequence[Item], width_mm: float, chosen: Setting) -> Iterator[float]:
    """Heights of what is not torn apart, in order; the heading of rounds stays with the first of them."""
    for item in items:
        if isinstance(item, Block):
            inner = list(_pieces(item.items, width_mm - 3.5, chosen))
            heading_mm = 2.6 + 1.2 * chosen.line_mm * chosen.lines(f"{item.heading.words} {item.detail}", width_mm)
            yield heading_mm + sum(inner[:1])
            yield from inner[1:]
        elif isinstance(item, Line):
            yield 1.6 + chosen.line_mm * chosen.lines(item.text.words, width_mm)
        else:
            yield 4.2 + chosen.line_mm * _task_lines(item, width_mm, chosen)


def _task_lines(task: Task, width_mm: float, chosen: Setting) -> float:
    facts = " · ".join((task.dose, *(fact.words for fact in task.facts)))
    lines = 1.35 * chosen.lines(f"00 {task.name.words}", width_mm - FIGURE_MM)
    lines += chosen.lines(facts, width_mm - FIGURE_MM)
    lines += chosen.lines(" ".join(text.words for text in task.how), width_mm - FIGURE_MM / 3)
    for line in task.advice:
        told = (f"{advice.label}: {text.words}" for advice in line for text in advice.texts)
        lines += chosen.lines(" ".join(told), width_mm)
    return lines
