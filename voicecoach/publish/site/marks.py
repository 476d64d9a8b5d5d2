"""Marks inside a span, as its sounds set them: repetitions, phases, breaths, the middle, the countdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from voicecoach.model.cuescript import BREATH_TONES, Earcon, SpanKind
from voicecoach.model.timeline import PlacedClip, Span
from voicecoach.model.units import to_frames
from voicecoach.publish.by_span import Heard

_BREATHS = dict(zip(BREATH_TONES, "ifoe", strict=True))
_TIMED = frozenset({SpanKind.HOLD, SpanKind.TIME, SpanKind.REST})


class Mark(NamedTuple):
    """A moment in a span.

    Attributes
    ----------
    at
        Frames from the span's start.
    sign
        ``r p i f o e h t``, see `voicecoach.publish.site.player_data`.
    number
        Of the repetition (on its side, where they go from side to side), cycle or breath; 0 for others.
    side, text
        Whose turn it is; the words of a phase.
    """

    at: int
    sign: str
    number: int = 0
    side: str | None = None
    text: str = ""


def marks_of(heard: Heard) -> tuple[Mark, ...]:
    """Give the marks of a span, in order; where it has no sounds, those that its pattern tells."""
    return tuple(sorted(_marks(heard), key=lambda mark: mark.at))


def _marks(heard: Heard) -> Iterator[Mark]:
    span = heard.span
    sounds = [clip for clip in heard.clips if clip.earcon and span.start <= clip.start < span.end]
    if span.kind == SpanKind.REPS:
        yield from _reps(span, sounds) or _even(span, "r")
    elif span.kind == SpanKind.CYCLES:
        yield from _phases(heard, sounds)
    elif span.kind == SpanKind.BREATHE:
        breaths = [c for c in sounds if c.earcon in _BREATHS and c.rep]
        yield from (Mark(c.start - span.start, _BREATHS[Earcon(c.earcon or "")], c.rep or 0) for c in breaths)
        if not breaths:
            yield from _even(span, "ifoe")
    if span.kind in _TIMED:
        signs = {Earcon.HALFWAY: "h", Earcon.TICK: "t"}
        yield from (Mark(c.start - span.start, signs[Earcon(c.earcon)]) for c in sounds if c.earcon in signs)


def _reps(span: Span, sounds: Sequence[PlacedClip]) -> list[Mark]:
    """Number repetitions; in turn, on each side by itself, as the coach counts them."""
    taps = [clip for clip in sounds if clip.earcon == Earcon.REP and clip.rep]
    turns = max(1, len({clip.side for clip in taps if clip.side})) if span.side is None else 1
    return [
        Mark(c.start - span.start, "r", ((c.rep or 1) - 1) // turns + 1, c.side if span.side is None else None)
        for c in taps
    ]


def _phases(heard: Heard, sounds: Sequence[PlacedClip]) -> Iterator[Mark]:
    """Tell the phases of each cycle, in the fewest words that the coach has for them."""
    begins = [c for c in sounds if c.earcon in {Earcon.REP, Earcon.OUT} and c.rep]
    told = [clip for clip in heard.clips if clip.role == "phase" and clip.text]
    places: list[int] = []
    words: dict[int, str] = {}
    for index, clip in enumerate(begins):
        places.append(0 if clip.earcon == Earcon.REP else places[-1] + 1 if places else 0)
        end = begins[index + 1].start if index + 1 < len(begins) else heard.span.end
        for text in (one.text or "" for one in told if clip.start <= one.start < end):
            words[places[-1]] = min(words.get(places[-1], text), text, key=len)
    for clip, place in zip(begins, places, strict=True):
        text = words.get(place, "").strip().rstrip(".")
        yield Mark(clip.start - heard.span.start, "p", clip.rep or 0, text=f"{text[:1].upper()}{text[1:]}")


def _even(span: Span, signs: str) -> Iterator[Mark]:
    """Divide a span by its pattern: all of it is one repetition, each part of it one of a breath."""
    try:
        parts = [Fraction(part) for part in (span.pattern or "").split("-")]
    except (ValueError, ZeroDivisionError):
        return
    whole = sum(parts)
    if len(parts) != 4 or whole <= 0 or min(parts) < 0:
        return
    for number in range(1, round(span.frames / to_frames(whole)) + 1):
        at = whole * (number - 1)
        for sign, part in zip(signs, [whole] if len(signs) == 1 else parts, strict=True):
            if part and to_frames(at) < span.frames:
                yield Mark(to_frames(at), sign, number)
            at += part
