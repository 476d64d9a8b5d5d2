"""Marks that an author writes into what is said: a pause, a stress, a sound; and a safe part of SSML.

::

    Breathe in. [pause 2s] And out.       silence, made by us
    Press *gently*.                       stressed, where the voice can
    Find your [psoas|SOH-as].             spoken as it is written there
    Find your [psoas|/ˈsoʊæs/].           the same in the International Phonetic Alphabet
    The [spell ITB] is a band.            letter by letter

What is shown (captions, lyrics, the cue sheet) has no marks. A backslash before ``[``, ``]`` or ``*`` makes it a sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from voicecoach.text.letters import spelt
from voicecoach.text.pieces import MOST_PAUSE_S, MarkFault, Piece, pause_length_s
from voicecoach.text.ssml import is_ssml, read_ssml

# Two letters for two, so that places in the author's text stay what they are.
_SIGNS = {"\\[": "\ue000\ue004", "\\]": "\ue001\ue004", "\\*": "\ue002\ue004", "\\|": "\ue003\ue004"}
_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_STRESS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\[\]]*?[^\s*])\*(?![\w*])")
_PAUSE = re.compile(r"pausa?e?\b\s*:?\s*(.*)", re.IGNORECASE)
_SPELL = re.compile(r"(?:spell|buchstabiere|deletrea)\b\s*:?\s*(.+)", re.IGNORECASE)


def pieces(text: str, language: str) -> tuple[Piece, ...]:
    """Take a text apart at its marks; a mark that is none is left out, its words stay.

    Parameters
    ----------
    text
        As the author wrote it, variables filled in.
    language
        BCP 47, for the names of letters.

    Returns
    -------
    tuple of Piece
        In order; their ``shown`` in a row is what people read.
    """
    return _read(text, language)[0]


def mark_faults(text: str) -> tuple[MarkFault, ...]:
    """Find the marks that are none."""
    return _read(text, "en")[1]


def shown(text: str) -> str:
    """Return a text without its marks, as people read it."""
    if not _has_marks(text):
        return text
    return " ".join("".join(piece.shown for piece in pieces(text, "en")).split())


def _has_marks(text: str) -> bool:
    return any(sign in text for sign in "[]*<\\")


def _read(text: str, language: str) -> tuple[tuple[Piece, ...], tuple[MarkFault, ...]]:
    if not _has_marks(text):
        return (Piece(text, text),), ()
    hidden = text
    for sign, stand_in in _SIGNS.items():
        hidden = hidden.replace(sign, stand_in)
    faults: list[MarkFault] = []
    read = partial(read_ssml, plain=_marked) if is_ssml(hidden) else _marked
    found = list(read(hidden, language, faults))
    return tuple(_joined(map(_signs_back, found))), tuple(faults)


def _marked(text: str, language: str, faults: list[MarkFault]) -> Iterator[Piece]:
    at = 0
    for match in _BRACKET.finditer(text):
        yield from _stressed(text[at : match.start()])
        yield from _bracket(match, language, faults)
        at = match.end()
    yield from _stressed(text[at:])
    rest = _BRACKET.sub(lambda match: " " * len(match[0]), text)
    for sign in re.finditer(r"[\[\]]", rest):
        message = f"'{sign[0]}' opens or closes a mark that has no other end"
        faults.append(MarkFault(sign.start(), sign.end(), message, f"write \\{sign[0]} for the sign itself"))


def _stressed(text: str) -> Iterator[Piece]:
    at = 0
    for match in _STRESS.finditer(text):
        yield _words(text[at : match.start()])
        yield Piece(match[1], match[1], emphasis=True)
        at = match.end()
    yield _words(text[at:])


def _words(text: str) -> Piece:
    plain = text.replace("[", " ").replace("]", " ")
    return Piece(plain, plain)


def _bracket(match: re.Match[str], language: str, faults: list[MarkFault]) -> Iterator[Piece]:
    inside = match[1].strip()
    if pause := _PAUSE.fullmatch(inside):
        pause_s = pause_length_s(pause[1])
        if pause_s is None:
            hint = f"write [pause 2s]; up to {MOST_PAUSE_S} s"
            faults.append(MarkFault(match.start(), match.end(), f"'{match[0]}' is no pause", hint))
        else:
            yield Piece(pause_s=pause_s)
    elif spell := _SPELL.fullmatch(inside):
        yield Piece(spell[1], spelt(spell[1], language))
    elif "|" in inside:
        yield from _sounding(match, inside, faults)
    else:
        hint = "marks are [pause 2s], [word|how it sounds] and [spell ABC]; write \\[ for the sign itself"
        faults.append(MarkFault(match.start(), match.end(), f"'{match[0]}' is no mark", hint))
        yield _words(match[1])


def _sounding(match: re.Match[str], inside: str, faults: list[MarkFault]) -> Iterator[Piece]:
    word, _, sound = (part.strip() for part in inside.partition("|"))
    is_ipa = len(sound) > 2 and sound.startswith("/") and sound.endswith("/")
    if not any(map(str.isalnum, word)) or not any(map(str.isalnum, sound)) or "|" in sound:
        hint = "write [word|how it sounds], such as [psoas|SOH-as] or [psoas|/ˈsoʊæs/]"
        faults.append(MarkFault(match.start(), match.end(), f"'{match[0]}' says no sound for a word", hint))
        yield _words(word)
    elif is_ipa:
        yield Piece(word, word, ipa=sound.strip("/").strip())
    else:
        yield Piece(word, word, respelled=sound)


def _signs_back(piece: Piece) -> Piece:
    def back(text: str) -> str:
        for sign, stand_in in _SIGNS.items():
            text = text.replace(stand_in, sign[1])
        return text

    return replace(piece, shown=back(piece.shown), spoken=back(piece.spoken), respelled=back(piece.respelled))


def _joined(found: Iterable[Piece]) -> Iterator[Piece]:
    """Join plain words that lie side by side, and leave out what is empty."""
    words = Piece()
    for piece in found:
        if piece.is_plain:
            words = Piece(words.shown + piece.shown, words.spoken + piece.spoken)
            continue
        if words.shown:
            yield words
        words = Piece()
        yield piece
    if words.shown:
        yield words
