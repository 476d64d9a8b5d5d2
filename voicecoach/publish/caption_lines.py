"""Texts cut to what is read at a glance: sentence by sentence, in at most two lines of 42 letters."""

from __future__ import annotations

import re
import textwrap
from itertools import pairwise

LINE_LETTERS = 42
"""The widest line, as broadcasters have it (the BBC's 37 to Netflix's 42)."""
MOST_LINES = 2

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|(?<=[。！？])")
_CLAUSE_END = re.compile(r"(?<=[,;:–—])\s+")


def pieces(text: str) -> list[str]:
    """Cut a text into pieces that are shown one after another.

    Sentences stand alone; one that is too long for two lines is cut at its clauses, else between words. The pieces
    hold all letters of the text, in order.
    """
    found: list[str] = []
    for sentence in _split(_SENTENCE_END, text):
        found += [sentence] if fits(sentence) else _packed(sentence)
    return found


def fits(text: str) -> bool:
    """Tell whether a text goes into two lines."""
    return len(text) <= LINE_LETTERS or len(_wrapped(text, LINE_LETTERS)) <= MOST_LINES


def lines(text: str) -> tuple[str, ...]:
    """Break a text into as few lines as it takes, all of about the same length."""
    fewest = _wrapped(text, LINE_LETTERS)
    if len(fewest) < 2:
        return tuple(fewest)
    for width in range(-(-len(text) // len(fewest)), LINE_LETTERS):
        even = _wrapped(text, width)
        if len(even) == len(fewest) and max(map(len, even)) <= width:
            return tuple(even)
    return tuple(fewest)


def _packed(sentence: str) -> list[str]:
    """Put clauses together while they fit; a clause that does not is cut between its words, into even parts."""
    found: list[str] = []
    for clause in _split(_CLAUSE_END, sentence):
        if found and fits(f"{found[-1]} {clause}"):
            found[-1] = f"{found[-1]} {clause}"
        elif fits(clause):
            found.append(clause)
        else:
            every = _wrapped(clause, LINE_LETTERS)
            parts = -(-len(every) // MOST_LINES)
            edges = [len(every) * part // parts for part in range(parts + 1)]
            found += [" ".join(every[start:end]) for start, end in pairwise(edges)]
    return found


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False)


def _split(pattern: re.Pattern[str], text: str) -> list[str]:
    """Split behind what the pattern finds; closing quotes stay with what they close."""
    edges = [0, *(match.end() for match in pattern.finditer(text)), len(text)]
    return [part for start, end in pairwise(edges) if (part := text[start:end].strip())]
