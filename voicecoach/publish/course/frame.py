"""The page that an overview stands on, and how words fit into the boxes on it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from voicecoach.publish.course.words import CourseWords
from voicecoach.publish.plot.lettering import clean, fitted, width

PAGE_WIDTH, PAGE_HEIGHT = 1188.0, 840.0
"""A4 on its side, four units a millimetre."""
EDGE = 24.0
GAP = 3.0
LEAST_SIZE = 9.0
"""Of letters: 6.4 points on A4. Nothing is smaller."""
LABEL_ROOM = 116.0
"""What stands left of the days, and of the curves below them."""
_LEAST_EM = 0.3
"""No letter is narrower, in parts of its size."""
COLOURS = ("hold", "reps", "time", "cycles", "breathe", "music", "body-line", "warn")
"""The routines' paints, in the order in which they come; then again from the first. A name stands beside each."""


class Routines:
    """The routines of a course in the order in which they come, each with a letter and a paint.

    Parameters
    ----------
    words
        Of the course.
    """

    def __init__(self, words: CourseWords) -> None:
        titles = dict.fromkeys(words.routine(day) for day in words.course.sessions)
        self.letters: Mapping[str, str] = MappingProxyType({title: _letter(n) for n, title in enumerate(titles)})
        self.paints: Mapping[str, str] = MappingProxyType(
            {title: COLOURS[n % len(COLOURS)] for n, title in enumerate(titles)}
        )


def _letter(number: int) -> str:
    """``A`` to ``Z``, then ``AA`` …."""
    rest, last = divmod(number, 26)
    return (_letter(rest - 1) if rest else "") + chr(ord("A") + last)


def tidy(text: str) -> str:
    """Put a text on one line, as `clean`, but keep the spaces at which no line may end."""
    return "\u00a0".join(map(clean, text.split("\u00a0")))


def cut(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Fit a text into a line, as `fitted`; a very long one costs no more time than a long one."""
    most = math.ceil(room / (_LEAST_EM * size)) + 1
    return fitted(text[:most], size, room, bold=bold)


def wrapped(text: str, size: float, room: float, most: int, *, bold: bool = False) -> tuple[str, ...]:
    """Break a text into lines of a width, at most so many; what does not fit is cut, with an ellipsis."""
    lines: list[str] = []
    words = [word for word in text.split(" ") if word]
    while words and len(lines) < most:
        taken = 1
        while taken < len(words) and width(" ".join(words[: taken + 1]), size, bold=bold) <= room:
            taken += 1
        last = len(lines) == most - 1  # one word more than fits shows that there is more
        line = cut(" ".join(words[: taken + last]), size, room, bold=bold)
        if line:
            lines.append(line)
        words = words[taken:]
    return tuple(lines)
