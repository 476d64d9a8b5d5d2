"""What espeak-ng is given to read, with sounds inside ``[[…]]``, and the way back to places in the author's text."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from voicecoach.engines.base import Phonemes

_POSSESSIVE = re.compile(r"['’]s(?!\w)", re.IGNORECASE)
_HISSING, _VOICELESS = tuple("szʃʒ"), tuple("ptkfθ")


@dataclass(frozen=True)
class _Piece:
    """A piece of what is read: where it starts there, what it stands for in the text, and the words it is read as."""

    at: int
    start: int
    end: int
    words: tuple[tuple[int, int], ...] | None = None


@dataclass(frozen=True)
class Reading:
    """What espeak is given.

    Attributes
    ----------
    text
        As long as the author's where there are no phonemes.
    has_phonemes
        ``[[`` in it begins phonemes; otherwise it means nothing.
    """

    text: str
    has_phonemes: bool
    pieces: tuple[_Piece, ...]

    def place_of(self, at: int, length: int) -> tuple[int, int] | None:
        """Return the place in the author's text of a word that espeak tells of; None within sounds that were told."""
        piece = self.pieces[max(0, bisect_right([one.at for one in self.pieces], at) - 1)]
        if piece.words is None:
            start = piece.start + at - piece.at
            return start, min(start + length, piece.end)
        said = len(self.text[piece.at : at + 1].split())  # the first word is 1
        if len(piece.words) == len(self._inside(piece).split()):
            return piece.words[max(0, min(said, len(piece.words)) - 1)]
        return (piece.start, piece.end) if said <= 1 else None

    def _inside(self, piece: _Piece) -> str:
        return self.text[piece.at : self.text.index("]]", piece.at)]


def reading_of(text: str, phonemes: Sequence[Phonemes], write: Callable[[str], str], language: str) -> Reading:
    """Put what is to be read together.

    Parameters
    ----------
    text
        The author's; control characters become spaces, since espeak obeys some, and one ends the text.
    phonemes
        How stretches of it sound.
    write
        Writes IPA in espeak's names.
    language
        Of the voice: in English a possessive sounds by what is before it.
    """
    plain = "".join(" " if unicodedata.category(character) == "Cc" else character for character in text)
    if not phonemes:
        return Reading(plain, has_phonemes=False, pieces=(_Piece(0, 0, len(text)),))
    plain = re.sub(r"(?<=\[)\[", " ", plain)  # the author's own brackets begin no phonemes
    read, at, pieces = "", 0, []
    for sound in phonemes:
        if sound.start < at or not sound.start < sound.end <= len(text):
            continue
        ipa, end = sound.ipa, sound.end
        if match := _POSSESSIVE.match(plain, end):
            ipa, end = ipa + _possessive(ipa, language), match.end()
        pieces.append(_Piece(len(read), at, sound.start))
        read += re.sub("-$", " ", plain[at : sound.start]) + "[["
        words = tuple((found.start() + sound.start, found.end() + sound.start)
                      for found in re.finditer(r"\S+", plain[sound.start : sound.end]))  # fmt: skip
        pieces.append(_Piece(len(read) - 2, sound.start, sound.end, words))
        read, at = f"{read}{write(ipa)}]]", end
        if plain[at : at + 1] == "-":
            pieces.append(_Piece(len(read), at, at + 1))
            read, at = f"{read} ", at + 1
    pieces.append(_Piece(len(read), at, len(text)))
    return Reading(read + plain[at:], has_phonemes=True, pieces=tuple(pieces))


def _possessive(ipa: str, language: str) -> str:
    if language.partition("-")[0] != "en":
        return "s"
    last = ipa.rstrip("ː.'ˈ")
    if last.endswith(_HISSING):
        return "ɪz"
    return "s" if last.endswith(_VOICELESS) else "z"
