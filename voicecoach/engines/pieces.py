"""What an engine is asked for, for an utterance: requests that hold what it honours and no more, and silence between.

Pauses are ours: the text is cut at them, each piece is asked for by itself. Where an engine takes no phonemes, the
respelling stands in the text's place; what it cannot do at all is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from voicecoach.engines.base import Capabilities, Phonemes, SpeechRequest
from voicecoach.model.clip import SpeechMark, Utterance

Piece = SpeechRequest | Fraction
"""What is asked for, or a silence in seconds."""

_LEADING = " \t,.;:!?-–—"
"""What a piece does not begin with: the sign belonged to what was said before the pause."""


def pieces_of(utterance: Utterance, capabilities: Capabilities) -> tuple[Piece, ...]:
    """Part an utterance into requests and silences, in order; of several silences in a row one is made.

    Parameters
    ----------
    utterance
        Normalised, with its marks.
    capabilities
        Those of the engine of its voice.

    Returns
    -------
    tuple
        Without a request where nothing in the text can be said.
    """
    found: list[Piece] = []
    start = 0
    marks = sorted(utterance.marks, key=lambda mark: mark.start)
    for pause in (*(mark for mark in marks if mark.pause_s > 0), None):
        end = len(utterance.text) if pause is None else pause.start
        within = [mark for mark in marks if not mark.pause_s and start <= mark.start < mark.end <= end]
        request = _request(utterance, start, end, within, capabilities)
        if request is not None:
            found.append(request)
        if pause is not None:
            before = found.pop() if found and isinstance(found[-1], Fraction) else Fraction(0)
            assert isinstance(before, Fraction)
            found.append(before + pause.pause_s)
            start = pause.end
    if capabilities.roles and utterance.role and len(found) == 1 and isinstance(found[0], SpeechRequest):
        return (replace(found[0], role=utterance.role),)  # what is said for a role is said in one piece
    return tuple(found)


def _request(
    utterance: Utterance, start: int, end: int, marks: Sequence[SpeechMark], capabilities: Capabilities
) -> SpeechRequest | None:
    """Make the request of a stretch of the text, or None where no word is in it."""
    while start < end and utterance.text[start] in _LEADING:
        start += 1
    made = _Written()
    at = start
    for mark in marks:
        made.add(utterance.text[at : mark.start])
        made.mark(mark, utterance.text[max(at, mark.start) : mark.end], capabilities)
        at = max(at, mark.end)
    made.add(utterance.text[at:end])
    text = made.text.rstrip()
    if not any(character.isalnum() for character in text):
        return None
    return SpeechRequest(
        text,
        utterance.voice.name,
        float(utterance.speed) if capabilities.speed else 1.0,
        float(utterance.pitch_st) if capabilities.pitch else 0.0,
        tuple(made.phonemes),
        tuple(made.emphasis),
    )


@dataclass
class _Written:
    """A text as it grows, and the marks in it."""

    text: str = ""
    phonemes: list[Phonemes] = field(default_factory=list)
    emphasis: list[tuple[int, int]] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.text += text

    def mark(self, mark: SpeechMark, text: str, capabilities: Capabilities) -> None:
        start = len(self.text)
        sounds = bool(mark.ipa) and capabilities.phonemes
        self.text += text if sounds or not mark.respelled else _read_aloud(mark.respelled)
        end = len(self.text)
        if start == end:
            return
        if sounds:
            self.phonemes.append(Phonemes(start, end, mark.ipa))
        if mark.emphasis and capabilities.emphasis:
            self.emphasis.append((start, end))


def _read_aloud(respelled: str) -> str:
    """Write a respelling as engines read it: ``SOH-as``, with capitals for stress, some would spell. ``IT`` stays."""
    return re.sub(r"[^\W\d_]{2,}(?=-)|(?<=-)[^\W\d_]{2,}|[^\W\d_]{4,}", _lowered, respelled)


def _lowered(word: re.Match[str]) -> str:
    return word[0].lower() if word[0].isupper() else word[0]


def requests_in(pieces: Sequence[Piece]) -> Iterator[SpeechRequest]:
    """Give the requests among the pieces."""
    return (piece for piece in pieces if isinstance(piece, SpeechRequest))


def written(request: SpeechRequest) -> tuple[str, ...]:
    """Write a request as text, part by part, for a key: all in it that changes what is heard."""
    sounds = " ".join(f"{one.start}-{one.end}={one.ipa}" for one in request.phonemes)
    stressed = " ".join(f"{start}-{end}" for start, end in request.emphasis)
    manner = (repr(request.speed), repr(request.pitch_st), sounds, stressed, request.role)
    return (request.text, request.voice, *manner)
