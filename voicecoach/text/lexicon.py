"""Words that engines say wrong, found in what is to be spoken.

Whole words, whatever their case; of several that fit, the longest (``iliotibial band`` before ``iliotibial``). A
possessive (``psoas's``) and, in English, a plural are found by their word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from voicecoach.model.lexicon import Pronunciation


@dataclass(frozen=True)
class Lexicon:
    """How words of one language are spoken.

    Attributes
    ----------
    entries
        Each word once, whatever its case; `lexicon_of` makes them so.
    """

    entries: tuple[Pronunciation, ...] = ()

    @cached_property
    def _by_word(self) -> Mapping[str, Pronunciation]:
        return {_plain(one.word): one for one in self.entries}

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        if not self.entries:
            return None
        longest_first = sorted(self._by_word, key=lambda word: (-len(word), word))
        words = "|".join(re.escape(word).replace(r"\ ", r"[\s-]+") for word in longest_first)
        return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)

    def find(self, text: str) -> Iterator[tuple[int, int, Pronunciation]]:
        """Find the words of the lexicon in a text: start, end and how they are spoken, in order, without overlap."""
        if self._pattern is None:
            return
        for match in self._pattern.finditer(text):
            known = self._by_word.get(_plain(match[0]))
            if known is not None:
                yield match.start(), match.end(), known


def lexicon_of(*layers: Iterable[Pronunciation]) -> Lexicon:
    """Lay lexicons over one another: the first that has a word wins."""
    found: dict[str, Pronunciation] = {}
    for layer in layers:
        for one in layer:
            found.setdefault(_plain(one.word), one)
    return Lexicon(tuple(found.values()))


def _plain(word: str) -> str:
    return re.sub(r"[\s-]+", " ", word).strip().casefold()
