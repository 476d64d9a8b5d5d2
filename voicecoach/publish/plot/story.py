"""What a timeline tells, in words and figures: names, counts, totals, and who lies, sits or stands when."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from voicecoach.body.positions import ups_and_downs
from voicecoach.model.cuescript import SpanKind
from voicecoach.model.timeline import EARCON_TRACK, VOICE_TRACK, PlacedClip, Span, Timeline
from voicecoach.model.units import MINUTE_S, clock, decimal, to_seconds
from voicecoach.publish.plot.lettering import clean

WORK = frozenset({SpanKind.HOLD, SpanKind.REPS, SpanKind.TIME, SpanKind.CYCLES, SpanKind.BREATHE})
"""Spans in which something is done."""
EXACT = WORK | {SpanKind.REST}
"""Spans whose length the author chose."""
TALK = frozenset({SpanKind.OPENING, SpanKind.SAY, SpanKind.SOUND, SpanKind.CLOSING})
"""Spans that belong to no exercise."""

KIND_WORDS: Mapping[str, str] = {
    SpanKind.SET_UP: "get set up",
    SpanKind.RELEASE: "come out",
    SpanKind.REPS: "repetitions",
    SpanKind.TIME: "for a time",
}
"""Kinds that people call otherwise than the timeline does."""
SHORT_WORDS: Mapping[str, str] = {SpanKind.SET_UP: "Set up", SpanKind.CHANGE_SIDES: "Change", SpanKind.RELEASE: "Out"}
"""For where there is less room."""
COUNT_WORDS: Mapping[str, str] = {SpanKind.REPS: "reps", SpanKind.BREATHE: "breaths", SpanKind.CYCLES: "cycles"}
"""Kinds that are counted."""


def kind_word(kind: str) -> str:
    """What people call a kind of span."""
    return KIND_WORDS.get(kind, clean(kind))


def moment(frame: int, rate_hz: int) -> str:
    """A moment as on a player, with tenths: ``4:12.3``."""
    tenths = math.floor(to_seconds(frame, rate_hz) * 10 + Fraction(1, 2))
    return f"{clock(tenths // 10)}.{tenths % 10}"


def length(frames: int, rate_hz: int, *, whole: bool = False) -> str:
    """A length for people: ``30 s``, ``1:30``; to a tenth where it is short, unless only whole seconds are wanted."""
    exact_s = to_seconds(frames, rate_hz)
    if exact_s >= MINUTE_S:
        return clock(exact_s)
    return f"{round(exact_s)} s" if whole else f"{decimal(Fraction(round(exact_s * 10), 10))} s"


@dataclass(frozen=True)
class Group:
    """Neighbouring spans of one step and one exercise."""

    name: str
    spans: tuple[Span, ...]

    @property
    def start(self) -> int:
        """Its first frame."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """The frame after its last."""
        return self.spans[-1].end


@dataclass(frozen=True)
class Stay:
    """A stretch in one position; ``position`` None: not known, so most likely as before."""

    start: int
    end: int
    position: str | None


class Story:
    """A timeline, with what can be told of it looked up once.

    Parameters
    ----------
    timeline
        A whole session.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.rate_hz = timeline.sample_rate
        tracks = {track.name: track.clips for track in timeline.tracks}
        self.voice = tracks.get(VOICE_TRACK, ())
        self.earcons = tracks.get(EARCON_TRACK, ())
        self.groups = tuple(
            Group(self._name(spans[0]), spans)
            for spans in (tuple(found) for _, found in groupby(timeline.spans, _belongs_to))
        )
        self.stays = tuple(_stays(timeline.spans))
        self._sounds = _inside(timeline.spans, self.earcons)
        self._said = _inside(timeline.spans, self.voice)

    def sounds_of(self, span: Span) -> tuple[PlacedClip, ...]:
        """Return the earcons that begin in a span."""
        return self._sounds.get(span.start, ())

    def said_in(self, span: Span) -> tuple[PlacedClip, ...]:
        """Return what is said from within a span on."""
        return self._said.get(span.start, ())

    def count(self, span: Span) -> int:
        """How many repetitions, cycles or breaths a span has; 0 where they have no marks."""
        return max((clip.rep or 0 for clip in self.sounds_of(span)), default=0)

    def amounts(self, span: Span) -> tuple[str, ...]:
        """What is done in a span and how much of it, the longest wording first."""
        lasts, count, word = length(span.frames, self.rate_hz), self.count(span), kind_word(span.kind)
        if span.kind in COUNT_WORDS and count:
            short: tuple[str, ...] = (f"{count} {COUNT_WORDS[span.kind]}", f"{count}×")
        elif span.kind == SpanKind.TIME:
            short = (lasts,)
        elif span.kind in {SpanKind.HOLD, SpanKind.REST}:
            short = (f"{word.capitalize()} {lasts}", lasts)
        else:
            short = (word.capitalize(), SHORT_WORDS.get(span.kind, ""))
        return (f"{short[0]}, set {span.set}", *short) if span.set is not None and span.kind in WORK else short

    def told(self, span: Span) -> str:
        """Return whose span it is: the exercise and the side; nothing for talk and rests of their own."""
        name = self._name(span) if span.step is not None and (span.name or span.exercise) else ""
        return ", ".join(part for part in (name, clean(span.side or "")) if part)

    def tip(self, span: Span) -> str:
        """All that is known of a span, in one line."""
        parts = (
            f"{moment(span.start, self.rate_hz)}–{moment(span.end, self.rate_hz)}",
            f"{kind_word(span.kind)}, {length(span.frames, self.rate_hz)}",
            self.told(span),
            f"set {span.set}" if span.set is not None else "",
            self._how_much(span),
            clean(span.position or ""),
        )
        return " · ".join(part for part in parts if part)

    def _how_much(self, span: Span) -> str:
        count = self.count(span)
        rhythm = f" at {clean(span.pattern)} s" if span.pattern else ""
        word = COUNT_WORDS.get(span.kind)
        return f"{count} {word}{rhythm}" if word and count else rhythm.strip()

    def _name(self, span: Span) -> str:
        if span.name:
            return clean(span.name)
        if span.exercise:
            return clean(span.exercise.replace("-", " ")).capitalize()
        return kind_word(span.kind).capitalize()

    def figures(self) -> tuple[tuple[str, str], ...]:
        """The session in figures: what, how much."""
        told = [("Total", clock(self.timeline.length_s))]
        spoken = sum(clip.frames for clip in self.voice)
        if spoken:
            told.append(("Spoken", self._clock(spoken)))
        for kind, word in _COUNTED.items():
            of_kind = [span for span in self.timeline.spans if span.kind == kind]
            if of_kind:
                told.append((word, f"{len(of_kind)} · {self._clock(sum(span.frames for span in of_kind))}"))
        sides = Counter[str]()
        for span in self.timeline.spans:
            if span.side and span.kind in WORK:
                sides[span.side] += span.frames
        if sides:
            each = ", ".join(f"{clean(side)} {self._clock(sides[side])}" for side in sorted(sides))
            told.append(("Sides", each))
        moves = sum(1 for stay in self.stays if stay.position is not None) - 1
        if moves > 0:
            told.append(("Changes of position", str(moves)))
            pairs = zip(self.stays, self.stays[1:], strict=False)
            told.append(("Up or down", str(sum(ups_and_downs(a.position, b.position) for a, b in pairs))))
        return tuple(told)

    def sentence(self) -> str:
        """The session in a few sentences, for those who do not see the picture."""
        told = "; ".join(f"{what.lower()} {much}" for what, much in self.figures())
        names = list(dict.fromkeys(group.name for group in self.groups if group.spans[0].kind not in TALK | {"rest"}))
        order = f" In this order: {', '.join(names)}." if names else ""
        return f"The session from left to right and from row to row: {told}.{order}"

    def _clock(self, frames: int) -> str:
        return clock(to_seconds(frames, self.rate_hz))


_COUNTED = {
    SpanKind.HOLD: "Holds",
    SpanKind.REPS: "Sets of reps",
    SpanKind.TIME: "Timed",
    SpanKind.CYCLES: "Cycles",
    SpanKind.BREATHE: "Breathing",
    SpanKind.REST: "Rests",
}


def _belongs_to(span: Span) -> tuple[object, ...]:
    if span.step is None or span.kind in TALK:
        return (span.kind, span.start)
    return (span.step, span.exercise, span.name)


def _stays(spans: tuple[Span, ...]) -> Iterator[Stay]:
    """Join spans in one position. What is unknown after a known position continues it."""
    current: str | None = None
    start = 0
    for span in spans:
        if span.position and span.position != current:
            if span.start > start:
                yield Stay(start, span.start, current)
            current, start = span.position, span.start
    if spans and current is not None:
        yield Stay(start, spans[-1].end, current)


def _inside(spans: tuple[Span, ...], clips: tuple[PlacedClip, ...]) -> dict[int, tuple[PlacedClip, ...]]:
    """Return the clips that begin in each span, by the span's start; both are in order."""
    found: dict[int, list[PlacedClip]] = {}
    left = iter(clips)
    clip = next(left, None)
    for span in spans:
        while clip is not None and clip.start < span.end:
            found.setdefault(span.start, []).append(clip)
            clip = next(left, None)
    return {start: tuple(clips) for start, clips in found.items()}
