"""A title set in a circle: broken where it can be set largest, its words whole, with the session's length below it."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

SIDE = 100.0
"""Side of the cover, in the units of everything here."""
ROOM = 34.8
"""Radius of the circle that letters stay in."""
LARGEST, SMALLEST = 19.0, 0.1
LEADING = 1.08
"""From line to line, in parts of the size of the title."""
CAPITAL, DESCENT = 0.72, 0.2
"""How far letters reach above and below their line, in parts of their size."""
LENGTH_SIZE, LENGTH_GAP = 7.0, 6.6
"""Size of the length, and what is free above it."""
MOST_LINES = 9
WORSE = 0.92
"""A title may be so much smaller where that saves a line."""
MOST_LETTERS = 240
"""What is longer is no title; so much of it is set."""
LONGEST_WORD = 8.0
"""A longer word, in parts of its size, is hyphenated."""
SOFT = "\u00ad"
"""Soft hyphen: where a word may be parted, as its author or we think; seen only at the end of a line."""
TIED = "\u00a0"
"""A space at which no line ends."""

Measure = Callable[[str], float]
"""Width of a text in parts of its size."""
Rooms = Callable[[int, float], list[float]]
"""How wide each of so many lines of a size can be."""

_BEFORE_DASH = re.compile(r" (?=[–—|·/&+-] )")
_SYLLABLE = re.compile(
    r"(?<=[^\W\d_]{3})(?!(?<=[cpt])h|(?<=s)ch|(?<=c)k)"
    r"(?=(?:sch|ch|ck|ph|th|qu|[bcdfghjklmnpqrstvwxzßñç])[aeiouyàáâäåèéêëìíîïòóôöøùúûü][^\W\d_]{2})",
    re.IGNORECASE,
)
"""Between a syllable and one that begins with a consonant: right in German and Spanish, near enough in English."""


@dataclass(frozen=True)
class Line:
    """A line of letters.

    Attributes
    ----------
    text, size
        What, and how large.
    y
        Where the letters stand; their middle is that of the cover.
    title
        It belongs to the title; else it is the length.
    """

    text: str
    size: float
    y: float
    title: bool


def set_title(title: str, below: str, measure: Measure) -> tuple[Line, ...]:
    """Set a title as large as it can be, and a shorter text below it.

    Parameters
    ----------
    title
        On one line. It is broken at spaces and soft hyphens, and a very long word between syllables.
    below
        Its size is fixed; without a title it stands alone and large.
    measure
        Width of a text set with size 1.
    """
    words = _Words(list(_parts(title, measure)), measure)
    if not words.count:
        size = min(LARGEST, 2 * ROOM * 0.8 / measure(below))
        return (Line(below, size, SIDE / 2 + size * CAPITAL / 2, title=True),)
    size, texts = words.broken(lambda lines, size: _layout(lines, size)[0], LARGEST)
    places = _layout(len(texts), size)[1]
    told = [Line(text, size, y, title=True) for text, y in zip(texts, places, strict=False)]
    return (*told, Line(below, LENGTH_SIZE, places[-1], title=False))


def set_block(title: str, measure: Measure, wide: float, tall: float, largest: float) -> tuple[Line, ...]:
    """Set a title as large as it can be in a rectangle, from its upper edge down, which is 0; nothing without one."""
    words = _Words(list(_parts(title, measure)), measure)
    if not words.count:
        return ()

    def rooms(lines: int, size: float) -> list[float]:
        fits = size * (CAPITAL + (lines - 1) * LEADING) <= tall
        return [wide if fits else 0.0] * lines

    size, texts = words.broken(rooms, largest)
    return tuple(Line(text, size, size * (CAPITAL + line * LEADING), title=True) for line, text in enumerate(texts))


def plain(title: str) -> str:
    """Return a title without what is not seen."""
    return title.replace(SOFT, "").replace(TIED, " ")


def _parts(title: str, measure: Measure) -> Iterator[str]:
    """Give the words, those parted at soft hyphens in parts that end in one."""
    if len(title) > MOST_LETTERS:
        short = textwrap.shorten(title, MOST_LETTERS, placeholder="…")
        title = short if short != "…" else f"{title[:MOST_LETTERS]}…"
    for word in _BEFORE_DASH.sub(TIED, title).split(" "):
        wide = measure(plain(word))
        hyphenated = word if SOFT in word or wide <= LONGEST_WORD else _hyphenated(word, math.ceil(wide / LONGEST_WORD))
        yield from hyphenated.replace(SOFT, f"{SOFT} ").split(" ") if word else ()


def _hyphenated(word: str, count: int) -> str:
    """Part a word between syllables into so many parts of about the same length, or fewer; anywhere if it has none."""
    places = [found.start() for found in _SYLLABLE.finditer(word)] or list(range(1, len(word)))
    wanted = [len(word) * part / count for part in range(1, count)]
    chosen = sorted({min(places, key=lambda at: (abs(at - ideal), -at)) for ideal in wanted})
    edges = [0, *chosen, len(word)]
    return SOFT.join(word[first:end] for first, end in pairwise(edges))


class _Words:
    """Words and parts of words, with how wide any row of them is."""

    def __init__(self, words: Sequence[str], measure: Measure) -> None:
        self._words = words
        self.count = len(words)
        self._hyphen = measure("-")
        spaces = [0.0 if word.endswith(SOFT) else measure(" ") for word in words]
        self._widths = [measure(plain(word)) for word in words]
        rooms = (width + space for width, space in zip(self._widths, spaces, strict=True))
        self._starts = [0.0, *accumulate(rooms)]

    def width(self, first: int, end: int) -> float:
        """Width of the line from one word up to another, in parts of its size."""
        hyphen = self._hyphen if self._words[end - 1].endswith(SOFT) else 0.0
        return self._starts[end - 1] - self._starts[first] + self._widths[end - 1] + hyphen

    def text(self, first: int, end: int) -> str:
        """Return that line."""
        joined = " ".join(self._words[first:end]).replace(f"{SOFT} ", "").replace(TIED, " ")
        return f"{joined[:-1]}-" if joined.endswith(SOFT) else joined

    def broken(self, rooms: Rooms, most: float) -> tuple[float, list[str]]:
        """Return the size at which they are largest, and the lines; one line fewer may cost a little of it."""
        size, lines = 0.0, 1
        for count in range(1, min(MOST_LINES, self.count) + 1):
            found = self._largest(count, rooms, most)
            if found * WORSE > size:
                size, lines = found, count
        return size, self._evenest(size, rooms(lines, size))

    def _largest(self, lines: int, rooms: Rooms, most: float) -> float:
        """Return the largest size at which they fit into so many lines, to a hundredth."""
        low, high = SMALLEST, most
        if self._fit(rooms(lines, high), high):
            return high
        while high - low > 0.01:
            middle = (low + high) / 2
            low, high = (middle, high) if self._fit(rooms(lines, middle), middle) else (low, middle)
        return low

    def _fit(self, rooms: list[float], size: float) -> bool:
        """Let each line take as many words as it can, and leave one at least to each that follows."""
        at, lines = 0, len(rooms)
        for number, room in enumerate(rooms, 1):
            first = at
            while at < self.count - (lines - number) and self.width(first, at + 1) * size <= room:
                at += 1
            if at == first:
                return False
        return at == self.count

    def _evenest(self, size: float, rooms: list[float]) -> list[str]:
        """Break them into lines that fit and that are, by the room of each, as evenly filled as can be."""
        best: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}
        for room in rooms:
            reached: dict[int, tuple[float, tuple[str, ...]]] = {}
            for first, (cost, before) in best.items():
                for end in range(first + 1, self.count + 1):
                    free = 1 - self.width(first, end) * size / max(room, 1e-9)
                    if free < -1e-9:
                        break
                    if end not in reached or cost + free**2 < reached[end][0]:
                        reached[end] = (cost + free**2, (*before, self.text(first, end)))
            best = reached
        return list(best[self.count][1]) if self.count in best else [self.text(0, self.count)]


def _layout(lines: int, size: float) -> tuple[list[float], list[float]]:
    """Return how wide lines of a size can be, and where all lines stand, the length last."""
    tall = size * (CAPITAL + (lines - 1) * LEADING) + LENGTH_GAP + LENGTH_SIZE * CAPITAL
    top = (SIDE - tall) / 2
    places = [top + size * (CAPITAL + line * LEADING) for line in range(lines)]
    rooms = []
    for y in places:
        far = max(abs(y - size * CAPITAL - SIDE / 2), abs(y + size * DESCENT - SIDE / 2))
        rooms.append(2 * math.sqrt(max(0.0, ROOM**2 - far**2)))
    return rooms, [*places, top + tall]
