"""What a text is made of once its marks are read: words, pauses, sounds; and marks that are none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

USUAL_PAUSE_S = Fraction(1, 2)
MOST_PAUSE_S = Fraction(60)

_LENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*(ms|s|sec|seconds?)", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """A stretch of what is said.

    Attributes
    ----------
    shown
        As people read it; empty of a pause.
    spoken
        What is said in its place, as people write it; mostly the same.
    pause_s
        Silence in its place; 0 of words.
    ipa, respelled
        How it sounds; either may be empty.
    emphasis
        It is stressed.
    """

    shown: str = ""
    spoken: str = ""
    pause_s: Fraction = Fraction(0)
    ipa: str = ""
    respelled: str = ""
    emphasis: bool = False

    @property
    def is_plain(self) -> bool:
        """It is words and nothing else."""
        return not (self.pause_s or self.ipa or self.respelled or self.emphasis) and self.shown == self.spoken


@dataclass(frozen=True)
class MarkFault:
    """A mark that is none.

    Attributes
    ----------
    start, end
        Its place in the author's text, in characters.
    message, hint
        For people.
    """

    start: int
    end: int
    message: str
    hint: str


def pause_length_s(text: str) -> Fraction | None:
    """Read the length of a pause: ``2s``, ``500 ms``, nothing (half a second); None where it is none, or too long."""
    if not text.strip():
        return USUAL_PAUSE_S
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        return None
    length_s = Fraction(match[1].replace(",", ".")) / (1000 if match[2].lower() == "ms" else 1)
    return length_s if 0 < length_s <= MOST_PAUSE_S else None
