"""Where in the session a frame is, in words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from fractions import Fraction

from voicecoach.model.timeline import PlacedClip, Span, Timeline
from voicecoach.model.units import SAMPLE_RATE_HZ, clock_ms, decimal, to_seconds
from voicecoach.model.verdict import Breach

WORK = frozenset({"hold", "time", "reps", "cycles", "breathe"})
"""Spans whose length the author gave, between two marks."""
TIMED = frozenset({"hold", "time"})

_NAMES = {
    "opening": "the opening",
    "say": "what is said",
    "sound": "the sound",
    "set-up": "the set-up",
    "hold": "the hold",
    "reps": "the repetitions",
    "time": "the work",
    "cycles": "the cycles",
    "breathe": "the breathing",
    "change sides": "the change of sides",
    "release": "the release",
    "rest": "the rest",
    "closing": "the close",
}
_SHOWN_CHARS = 60


def named(span: Span) -> str:
    """Name a span: ``the hold on the right (step 5, pigeon-pose, set 2)``."""
    side = f" on the {span.side}" if span.side else ""
    parts = (
        f"step {span.step}" if span.step else None,
        span.exercise or span.name,
        f"set {span.set}" if span.set else None,
    )
    more = ", ".join(part for part in parts if part)
    return f"{_NAMES.get(span.kind, f'the {span.kind}')}{side}{f' ({more})' if more else ''}"


def lasts(span: Span) -> str:
    """Give the verb that goes with a span's name."""
    return "last" if span.kind in {"reps", "cycles"} else "lasts"


def quoted(clip: PlacedClip) -> str:
    """Name a clip: what is said, in quotes and not too long, or ``the 'tick' sound``."""
    if clip.text is None:
        return f"the '{clip.earcon}' sound{f' {clip.rep}' if clip.rep else ''}"
    text = clip.text if len(clip.text) <= _SHOWN_CHARS else f"{clip.text[: _SHOWN_CHARS - 1]}…"
    return f"'{text}'"


def at_clip(clip: PlacedClip, message: str) -> Breach:
    """Make the breach that concerns a clip."""
    return Breach(clip.start, message, clip.step, clip.side)


def at_span(span: Span, message: str, at: int | None = None) -> Breach:
    """Make the breach that concerns a span."""
    return Breach(span.start if at is None else at, message, span.step, span.side)


def span_at(timeline: Timeline, at: int) -> Span | None:
    """The span that a frame is in; None beyond the last."""
    index = bisect_right(timeline.spans, at, key=lambda span: span.start) - 1
    span = timeline.spans[index] if index >= 0 else None
    return span if span is not None and span.start <= at < span.end else None


def in_span(timeline: Timeline, at: int, message: str) -> Breach:
    """Make the breach that concerns a moment, with the step that it falls into."""
    span = span_at(timeline, at)
    return Breach(at, message) if span is None else at_span(span, message, at)


def within(clips: tuple[PlacedClip, ...], span: Span) -> tuple[PlacedClip, ...]:
    """The clips that begin in a span; clips in order."""
    first = bisect_right(clips, span.start - 1, key=lambda clip: clip.start)
    last = bisect_right(clips, span.end - 1, key=lambda clip: clip.start)
    return clips[first:last]


def starting(clips: tuple[PlacedClip, ...], at: int) -> Iterator[PlacedClip]:
    """The clips that begin at a frame; clips in order."""
    for index in range(bisect_right(clips, at - 1, key=lambda clip: clip.start), len(clips)):
        if clips[index].start != at:
            return
        yield clips[index]


def pairs_of_sides(spans: Iterable[Span]) -> Iterator[tuple[Span, Span]]:
    """Give the work of the left with that of the right: set by set, of every exercise that is done on both sides."""
    sides: dict[tuple[object, ...], dict[str, list[Span]]] = {}
    for span in spans:
        if span.kind in WORK and span.side in {"left", "right"}:
            key = (span.step, span.exercise, span.set, span.kind)
            sides.setdefault(key, {"left": [], "right": []})[span.side].append(span)
    for both in sides.values():
        yield from zip(both["left"], both["right"], strict=False)


def seconds(frames: int) -> str:
    """Frames as seconds, to the millisecond: ``29.5 s``."""
    return f"{decimal(Fraction(round(to_seconds(frames) * 1000), 1000))} s"


def apart(frames: int) -> str:
    """A distance in time: ``30 ms``, from a second on ``1.25 s``."""
    if abs(frames) >= SAMPLE_RATE_HZ // 10:
        return seconds(abs(frames))
    return f"{decimal(Fraction(round(to_seconds(abs(frames)) * 10_000), 10))} ms"


def time_of(frames: int) -> str:
    """A moment, as on a player: ``14:02.300``."""
    return clock_ms(to_seconds(max(frames, 0)))
