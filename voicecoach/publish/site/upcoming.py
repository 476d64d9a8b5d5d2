"""What comes next in a session, in words; and which set or round one is in."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from voicecoach.model.cuescript import SpanKind
from voicecoach.model.timeline import Span, Timeline
from voicecoach.model.units import MINUTE_S, clock
from voicecoach.publish.by_span import by_span, tenths
from voicecoach.publish.handout.doses import Doses
from voicecoach.publish.page_words import label_words
from voicecoach.publish.plot.story import WORK
from voicecoach.publish.site.marks import marks_of
from voicecoach.text.wording import Wording

_WHOLE_S = 10
"""From this length on a time is told in whole seconds."""


class Upcoming:
    """Looks ahead in a session.

    Parameters
    ----------
    timeline
        The session.
    words
        Those of pages, in its language.
    """

    def __init__(self, timeline: Timeline, words: Wording) -> None:
        self.spans = timeline.spans
        self.words = words
        self.labels = label_words(words.language)
        self.doses = Doses(self.labels)
        self.heard = by_span(timeline)

    def work_after(self, index: int) -> Span | None:
        """Return the next work after a span; None: there is none."""
        at = self._after(index, lambda span: span.kind in WORK)
        return None if at is None else self.spans[at]

    def after(self, index: int) -> str:
        """Tell what comes after a span: after getting ready how much is done, else what is, or a rest; or nothing."""
        span = self.spans[index]
        if span.kind in {SpanKind.SET_UP, SpanKind.CHANGE_SIDES}:
            at = self._after(index, lambda other: other.kind in WORK)
            if at is None:
                return ""
            told = self.spans[at].side if span.side is None else None
            return f"{self._named(self.spans[at], with_set=False)}: {self._dose(at)}" if told else self._dose(at)
        at = self._after(index, lambda other: other.kind in WORK or other.kind == SpanKind.REST)
        if at is None:
            return ""
        coming = self.spans[at]
        if coming.kind == SpanKind.REST:
            return self.words("play-rest-of", length=self._length(coming))
        same = span.kind in WORK and (span.step, span.exercise, span.side) == (
            coming.step,
            coming.exercise,
            coming.side,
        )
        return self._named(coming, with_set=same or (span.kind == SpanKind.REST and coming.step == span.step))

    def set_of(self, index: int) -> str:
        """Tell which set or round a span belongs to, where there are several."""
        span = self.spans[index]
        if span.set is None or span.step is None or span.kind == SpanKind.REST:
            return ""
        total = self._sets.get(span.step, 1)
        message = "play-round" if span.step in self._intervals else "play-set"
        return self.words(message, n=span.set, total=total) if total > 1 else ""

    @cached_property
    def _sets(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for span in self.spans:
            if span.step is not None and span.set is not None:
                found[span.step] = max(found.get(span.step, 1), span.set)
        return found

    @cached_property
    def _intervals(self) -> set[int]:
        """Steps that are set up as a whole, before any of their exercises: the clock leads through them."""
        return {span.step for span in self.spans if span.step and span.kind == SpanKind.SET_UP and not span.exercise}

    def _after(self, index: int, wanted: Callable[[Span], bool]) -> int | None:
        return next((at for at in range(index + 1, len(self.spans)) if wanted(self.spans[at])), None)

    def _named(self, span: Span, *, with_set: bool) -> str:
        name = span.name or (span.exercise or "").replace("-", " ").capitalize()
        if span.side in {"left", "right"}:
            name = self.words("play-side", name=name, side=span.side)
        several = span.set is not None and self._sets.get(span.step or 0, 1) > 1
        in_set = with_set and several and span.step not in self._intervals
        return self.words("play-in-set", name=name, n=span.set or 0) if in_set else name

    def _dose(self, at: int) -> str:
        span = self.spans[at]
        count = max((mark.number for mark in marks_of(self.heard[at])), default=0)
        measure = {SpanKind.REPS: "reps", SpanKind.CYCLES: "cycles", SpanKind.BREATHE: "breaths"}.get(
            SpanKind(span.kind)
        )
        if measure and count:
            return self.labels(measure, n=count)
        length = self._length(span)
        return self.labels("hold", length=length) if span.kind == SpanKind.HOLD else length

    def _length(self, span: Span) -> str:
        length_s = tenths(span.frames)
        if length_s >= MINUTE_S and length_s.denominator == 1 and length_s % MINUTE_S:
            return f"{clock(length_s)}{chr(0xA0)}{self.labels('minutes', n=0).split(chr(0xA0))[-1]}"
        return self.doses.length(length_s if length_s < _WHOLE_S else length_s.__class__(round(length_s)))
