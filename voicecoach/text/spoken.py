"""From what an author writes to what is spoken: marks read, text written out, words of the lexicon marked.

``Speaker`` calls `spoken` with a text whose variables are filled in, and makes the utterance of what it gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from voicecoach.model.clip import SpeechMark
from voicecoach.text.lexicon import Lexicon
from voicecoach.text.markup import pieces
from voicecoach.text.normalise import normalise
from voicecoach.text.pieces import Piece

NOTHING = Lexicon()


@dataclass(frozen=True)
class SpokenText:
    """A text, ready to be spoken.

    Attributes
    ----------
    shown
        As people read it, without marks: for captions, cue sheet and lyrics.
    text
        As engines get it: normalised, without marks; empty where nothing can be said.
    marks
        In order of their place in ``text``, without overlap.
    """

    shown: str
    text: str
    marks: tuple[SpeechMark, ...] = ()


def spoken(text: str, language: str, lexicon: Lexicon = NOTHING) -> SpokenText:
    """Make a text ready to be spoken.

    Parameters
    ----------
    text
        As the author wrote it, variables filled in.
    language
        BCP 47, of the text.
    lexicon
        How words are spoken; what the author marks goes before it.
    """
    parts = pieces(text, language)
    if len(parts) == 1 and parts[0].is_plain:
        plain = normalise(text, language)
        return SpokenText(parts[0].shown, plain, tuple(_sounds(plain, 0, lexicon)))
    said, marks = "", []
    for part in parts:
        if part.pause_s:
            marks.append(SpeechMark(len(said), len(said), pause_s=part.pause_s))
            continue
        words = _words(part, language)
        between = " " if said and words and not re.match(r"[,.;:!?]", words) else ""
        start, said = len(said) + len(between), said + between + words
        marks += _marks(part, start, said, lexicon)
    kept = tuple(sorted(_within(marks, said)))
    shown = " ".join("".join(part.shown or " " for part in parts).split())
    return SpokenText(shown, said if any(map(str.isalnum, said)) else "", kept)


def _words(part: Piece, language: str) -> str:
    """Write a piece out; what has no words may still end a sentence."""
    return normalise(part.spoken, language) or "".join(re.findall(r"[,.;:!?]", part.spoken)[:1])


def _marks(part: Piece, start: int, said: str, lexicon: Lexicon) -> Iterator[SpeechMark]:
    whole = SpeechMark(start, len(said), ipa=part.ipa, respelled=part.respelled, emphasis=part.emphasis)
    if part.ipa or part.respelled:
        yield whole
    elif not part.emphasis:
        yield from _sounds(said[start:], start, lexicon)
    else:
        at = start
        for sound in _sounds(said[start:], start, lexicon):
            if said[at : sound.start].strip():
                yield replace(whole, start=at, end=sound.start)
            yield replace(sound, emphasis=True)
            at = sound.end
        if said[at:].strip():
            yield replace(whole, start=at)


def _sounds(text: str, offset: int, lexicon: Lexicon) -> Iterator[SpeechMark]:
    for start, end, how in lexicon.find(text):
        yield SpeechMark(start + offset, end + offset, ipa=how.ipa, respelled=how.respelled)


def _within(marks: list[SpeechMark], said: str) -> Iterator[SpeechMark]:
    """Join pauses that follow one another; those at the very edges stay, for the author asked for them."""
    last: SpeechMark | None = None
    for mark in marks:
        is_pause = mark.pause_s > Fraction(0)
        if is_pause and last is not None and last.pause_s and said[last.end : mark.start].strip() == "":
            last = replace(last, pause_s=last.pause_s + mark.pause_s)
            continue
        if last is not None:
            yield last
        last = mark
    if last is not None:
        yield last
