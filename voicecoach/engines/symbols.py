"""Text to the symbols that neural voices are fed with: sentences of IPA, where a request says how a stretch sounds.

The rest is said by espeak, stretch by stretch, outside of here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from voicecoach.engines.base import SpeechRequest
from voicecoach.engines.checks import shown
from voicecoach.errors import SpeechError

Sentence = list[str]
"""Symbols in order; most are one character."""

_ENDS = frozenset(".!?…")
_STOPS = ",;:"
_MARKS = re.compile(r"[\s.,;:!?…]*")
_UNHEARD = frozenset("͜͡.‿|/")  # ties, syllables and links
_ALWAYS = {"g": "ɡ", ":": "ː", "'": "ˈ", "’": "ˈ"}  # as people type what they mean; models know both, but heard one
_IN_ENGLISH = {**_ALWAYS, "r": "ɹ"}  # as dictionaries write it
_OTHERWISE = {"ʧ": "tʃ", "ʤ": "dʒ", "ʦ": "ts", "ʣ": "dz", "ε": "ɛ", "ɝ": "ɜɹ", "ɫ": "l", "ɚ": "əɹ"}


@dataclass(frozen=True)
class Alphabet:
    """What a voice writes sounds with.

    Attributes
    ----------
    symbols
        Those that it knows.
    form
        How it writes signs above a letter: ``NFC`` in one with it, ``NFD`` after it.
    language
        Of the voice, BCP 47.
    """

    symbols: Collection[str]
    form: Literal["NFC", "NFD"]
    language: str


def plain(text: str) -> str:
    """Put a space for what no phonemiser may see: control characters (one ends the text) and lone surrogates."""
    return "".join(" " if unicodedata.category(character) in {"Cc", "Cs"} else character for character in text)


def sentences_of(
    request: SpeechRequest,
    phonemise: Callable[[str], Sequence[Sentence]],
    alphabet: Alphabet,
) -> list[Sentence]:
    """Say a request in symbols.

    Parameters
    ----------
    request
        Its phonemes stand as they are; the stretches between are phonemised one by one.
    phonemise
        Gives the sentences of a plain text.
    alphabet
        The voice's.

    Raises
    ------
    SpeechError
        There is no sound in it, or one that the voice does not know.
    """
    written = _Written()
    at = 0
    for sound in request.phonemes:
        symbols = symbols_of(sound.ipa, alphabet)
        if sound.start < at or not any(map(_is_sound, symbols)):
            continue
        _add_text(written, plain(request.text[at : sound.start]), phonemise, alphabet.symbols)
        written.open.extend(symbols)
        at = sound.end
    _add_text(written, plain(request.text[at:]), phonemise, alphabet.symbols)
    written.close()
    found = [sentence for sentence in written.closed if any(map(_is_sound, sentence))]
    if not found:
        raise SpeechError(f"the voice says nothing for {shown(request.text)}", hint="write it in words")
    return found


def symbols_of(ipa: str, alphabet: Alphabet) -> Sentence:
    """Write IPA in the symbols of a voice: ties, dots of syllables and signs above that it does not know are left out.

    Raises
    ------
    SpeechError
        The voice has no such sound.
    """
    found: Sentence = []
    meant = _IN_ENGLISH if alphabet.language.partition("-")[0] == "en" else _ALWAYS
    for character in unicodedata.normalize(alphabet.form, ipa.strip()):
        if character in _UNHEARD:
            continue
        for known in _known(meant.get(character, character), alphabet.symbols):
            if known not in alphabet.symbols:
                raise SpeechError(
                    f"the voice has no sound {known!r}, as in the phonemes /{ipa}/", hint="write it with another sound"
                )
            found.append(known)
    return found


def in_parts(sentence: Sentence, most: int) -> Iterator[Sentence]:
    """Part a sentence that is longer than a model takes: after a comma, else between words, else anywhere."""
    rest = sentence
    while len(rest) > most:
        cut = _last(rest, most, _STOPS) or _last(rest, most, " ") or most
        yield rest[:cut]
        rest = rest[cut:]
    if any(map(_is_sound, rest)):
        yield rest


def packed(sentences: Sequence[Sentence], most: int) -> list[Sentence]:
    """Put sentences together as long as a model takes them; one that is too long is parted."""
    batches: list[Sentence] = []
    for sentence in sentences:
        for part in in_parts(sentence, most):
            if batches and len(batches[-1]) + 1 + len(part) <= most:
                batches[-1].extend((" ", *part))
            else:
                batches.append(list(part))
    return batches


def count_sounds(sentences: Sequence[Sentence]) -> int:
    """Count the sounds, without stress, length and punctuation."""
    return sum(_is_sound(symbol) for sentence in sentences for symbol in sentence)


class _Written:
    """Sentences as they grow: those that have ended, and the one that has not."""

    def __init__(self) -> None:
        self.closed: list[Sentence] = []
        self.open: Sentence = []

    def close(self) -> None:
        if self.open:
            self.closed.append(self.open)
        self.open = []

    def space(self) -> None:
        if self.open and self.open[-1] != " ":
            self.open.append(" ")


def _add_text(
    written: _Written, text: str, phonemise: Callable[[str], Sequence[Sentence]], alphabet: Collection[str]
) -> None:
    """Add a stretch of text. Signs that it begins with belong to what was said before; a phonemiser drops them."""
    if written.open:
        marks = _MARKS.match(text)
        lead = marks.group() if marks else ""
        text = text[len(lead) :]
        for character in lead:
            _add_sign(written, character, alphabet)
    if not text.strip():
        return
    for number, sentence in enumerate(phonemise(text)):
        if number:
            written.close()
        written.open.extend(symbol for symbol in sentence if symbol in alphabet)
    if written.open and written.open[-1] in _ENDS:
        written.close()
    elif text[-1].isspace():
        written.space()


def _add_sign(written: _Written, sign: str, alphabet: Collection[str]) -> None:
    if sign.isspace():
        written.space()
        return
    if sign in alphabet and written.open:
        written.open.append(sign)
    if sign in _ENDS:
        written.close()


def _known(character: str, alphabet: Collection[str]) -> Sequence[str]:
    """Give what a voice writes for a sign of IPA: none where it changes a sound only a little and is unknown."""
    if character in alphabet:
        return character
    other = _OTHERWISE.get(character, "")
    if other and all(one in alphabet for one in other):
        return other
    return character if _is_sound(character) else ""


def _is_sound(symbol: str) -> bool:
    return any(character.isalpha() and unicodedata.category(character) != "Lm" for character in symbol)


def _last(symbols: Sentence, most: int, wanted: str) -> int:
    """Give the place after the last of the wanted signs, or 0 where there is none in the latter three quarters."""
    return next((at + 1 for at in range(most - 1, most // 4, -1) if symbols[at] in wanted), 0)
