"""Repetitions at a tempo: a tap begins each, its number follows, and the last one is announced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from voicecoach.model.cuescript import Cue, Earcon, EarconCue, Priority, ScriptSpan, SpanKind, SpokenCue, Where
from voicecoach.model.exercise import Side
from voicecoach.model.routine import Prescription
from voicecoach.stages.expand.moments import AFTER_ONSET_S, BEFORE_ONSET_S
from voicecoach.stages.expand.speaker import Speaker

COUNTED_FROM_S = Fraction(3, 2)
"""A quicker repetition leaves no room for every number."""
COUNTED_EVERY = 5
"""Of quicker ones, every so manieth is counted."""
CERTAIN = Fraction(4, 5)
"""A number is left out where this part of the time that it is estimated to take would already be too long."""
NAMED_TURNS = 4
"""In turn, the side of so many repetitions is named; by then one knows."""
SPARE_S = Fraction(8, 10)
"""Room that a number and the announcement of the last one need after the same tap, above what they are estimated to
take: a short word takes longer than its letters tell."""


def reps(
    speaker: Speaker,
    plan: Prescription,
    where: Where,
    side: Side | None,
    *,
    voiced: bool,
    counted: bool,
    variant: int,
) -> ScriptSpan:
    """Make the span of the repetitions of one set.

    Parameters
    ----------
    side
        The side that works; None: both, or one after the other, as the plan says.
    voiced, counted
        The coach speaks; it counts.
    """
    assert plan.dose is not None
    turns = plan.turns if side is None else (side,)
    made = _Reps(speaker, turns, plan.tempo.whole_s, plan.dose.count, variant)
    said: list[SpokenCue] = []
    if voiced:
        said = [*made.sides(), *(made.numbers() if counted else ()), *made.last()]
    cues = (*made.taps(), *sorted(said, key=lambda cue: cue.not_before_s))
    return ScriptSpan(SpanKind.REPS, where, cues, made.length_s, pattern=str(plan.tempo))


@dataclass(frozen=True)
class _Reps:
    """Repetitions of one set.

    Attributes
    ----------
    turns
        The sides that they go through in turn; a single one, or None, where they do not.
    rep_s
        Seconds of one.
    count
        How many on each side.
    """

    speaker: Speaker
    turns: tuple[Side | None, ...]
    rep_s: Fraction
    count: int
    variant: int

    @property
    def in_turn(self) -> bool:
        return len(self.turns) > 1

    @property
    def whole(self) -> int:
        return self.count * len(self.turns)

    @property
    def length_s(self) -> Fraction:
        return self.rep_s * self.whole

    def taps(self) -> Iterator[Cue]:
        for n in range(self.whole):
            turn = self.turns[n % len(self.turns)] if self.in_turn else None
            yield EarconCue(Earcon.REP, self.rep_s * n, rep=n + 1, side=turn.value if turn else None)
        yield EarconCue(Earcon.END, self.length_s)

    def sides(self) -> Iterator[SpokenCue]:
        """Name the side of the first ones."""
        for n in range(min(NAMED_TURNS, self.whole)):
            turn = self.turns[n % len(self.turns)]
            if self.in_turn and turn is not None:
                yield self._within(n, "turn", "side", self.speaker.told(turn))

    def numbers(self) -> Iterator[SpokenCue]:
        """Count each, or every fifth, on each side by itself; not those that something else is said of."""
        each = 1 if self.rep_s >= COUNTED_FROM_S else COUNTED_EVERY
        last_takes_s = self.speaker.takes_s(self._last_words(), "rep")
        for n in range(NAMED_TURNS if self.in_turn else 0, self.whole):
            number = n // len(self.turns) + 1
            if number % each or number == self.count:
                continue
            cue = self._within(n, "number", "count", {"n": number})
            free_s = self.rep_s - AFTER_ONSET_S - BEFORE_ONSET_S - self.speaker.takes_s(cue.text, cue.role) * CERTAIN
            before_last = n == self.whole - len(self.turns) - 1
            if free_s >= (SPARE_S + last_takes_s if before_last else 0):
                yield cue

    def last(self) -> Iterator[SpokenCue]:
        """Announce the last one, or the last on each side, so that the words end just before its tap."""
        first_of_last = self.whole - len(self.turns)
        if self.count > 1:
            yield self.speaker.message(
                self._last_message,
                "rep",
                variant=self.variant,
                priority=Priority.USEFUL,
                not_before_s=self.rep_s * (first_of_last - 1) + AFTER_ONSET_S,
                done_by_s=self.rep_s * first_of_last - BEFORE_ONSET_S,
                late=True,
                rep=first_of_last + 1,
            )

    @property
    def _last_message(self) -> str:
        return "last-each" if self.in_turn else "last-rep"

    def _last_words(self) -> str:
        return self.speaker.words(self._last_message, variant=self.variant)

    def _within(self, n: int, message: str, role: str, values: dict[str, str] | dict[str, int]) -> SpokenCue:
        """Say something right after a tap and before the next."""
        return self.speaker.message(
            message,
            role,
            values=values,
            priority=Priority.EXTRA,
            not_before_s=self.rep_s * n + AFTER_ONSET_S,
            done_by_s=self.rep_s * (n + 1) - BEFORE_ONSET_S,
            rep=n + 1,
        )
