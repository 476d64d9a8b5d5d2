"""The exact spans: holds and times here, repetitions, cycles and breaths beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from voicecoach.model.cuescript import Cue, Earcon, EarconCue, Priority, ScriptSpan, SpanKind, SpokenCue, Where
from voicecoach.model.exercise import Exercise, Measure, Side
from voicecoach.model.routine import CoachSettings, MidCue, Prescription
from voicecoach.stages.expand.inside import QUIET_S, Inside
from voicecoach.stages.expand.moments import AFTER_ONSET_S, BEFORE_ONSET_S
from voicecoach.stages.expand.phases import breaths, cycles
from voicecoach.stages.expand.reps import reps
from voicecoach.stages.expand.speaker import Speaker

LEAST_BEFORE_TICK_S = Fraction(1)
"""A countdown tick sounds no sooner after the start, or the two would be one noise."""
HALFWAY_FROM_S = Fraction(20)
"""Shorter holds are over before one wonders."""


@dataclass(frozen=True)
class Work:
    """What is done in one exact span.

    Attributes
    ----------
    speaker
        Makes the spoken cues.
    plan
        The exercise as the step wants it.
    coach
        How the coach behaves here.
    cues
        The author's own words during it.
    voiced
        The coach speaks during it.
    variant
        Which variant of the coach's words, the same on both sides.
    """

    speaker: Speaker
    plan: Prescription
    coach: CoachSettings
    cues: tuple[MidCue, ...]
    voiced: bool
    variant: int

    @property
    def exercise(self) -> Exercise:
        """The exercise done."""
        return self.plan.exercise

    def span(self, where: Where, side: Side | None) -> ScriptSpan:
        """Make the span of one set, on one side."""
        dose = self.plan.dose
        assert dose is not None
        if dose.measure.timed:
            return self._timed(where, side, dose.length_s, dose.measure)
        if dose.measure is Measure.REPS:
            counted = self.coach.count_reps
            return reps(self.speaker, self.plan, where, side, voiced=self.voiced, counted=counted, variant=self.variant)
        if dose.measure is Measure.CYCLES:
            return cycles(self.speaker, self.plan, where, side, voiced=self.voiced, variant=self.variant)
        return breaths(self.speaker, where, self.plan.pattern, dose.count, voiced=self.voiced, variant=self.variant)

    def _timed(self, where: Where, side: Side | None, length_s: Fraction, measure: Measure) -> ScriptSpan:
        """Make a hold or time: start, what is said in the middle, countdown, end."""
        ticks = [length_s - before for before in range(self.coach.countdown, 0, -1)]
        ticks = [at_s for at_s in ticks if at_s >= LEAST_BEFORE_TICK_S]
        cues: list[Cue] = [EarconCue(Earcon.START, Fraction(0))]
        half_s = length_s / 2
        quiet_from_s = (ticks[0] if ticks else length_s) - QUIET_S
        marked = self.coach.halfway and length_s >= HALFWAY_FROM_S and half_s + LEAST_BEFORE_TICK_S <= quiet_from_s
        if marked:
            cues.append(EarconCue(Earcon.HALFWAY, half_s))
        cues += [EarconCue(Earcon.TICK, at_s) for at_s in ticks]
        cues.append(EarconCue(Earcon.END, length_s))
        if self.voiced:
            inside = Inside(
                self.speaker,
                self.plan,
                self.cues,
                self.variant,
                side,
                length_s,
                half_s if marked else None,
                quiet_from_s,
            )
            cues += inside.said()
            cues += self._counted(ticks)
        kind = SpanKind.HOLD if measure is Measure.HOLD else SpanKind.TIME
        return ScriptSpan(kind, where, tuple(cues), length_s)

    def _counted(self, ticks: Sequence[Fraction]) -> Iterator[SpokenCue]:
        """Count the last seconds aloud, each after its tick and before the next."""
        if self.coach.spoken_countdown:
            for n, at_s in enumerate(ticks):
                yield self.speaker.message(
                    "number",
                    "countdown",
                    values={"n": len(ticks) - n},
                    priority=Priority.EXTRA,
                    not_before_s=at_s + AFTER_ONSET_S,
                    done_by_s=at_s + 1 - BEFORE_ONSET_S,
                )
