"""Scaling what is done: longer or shorter holds and rests, more or fewer repetitions, a slower or faster count."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from voicecoach.model.exercise import Dose, Measure, Quantity, Tempo, Unit
from voicecoach.model.profile import Profile
from voicecoach.model.routine import (
    Changes,
    CoachSettings,
    ExerciseStep,
    Given,
    IntervalsStep,
    MidCue,
    Prescription,
    RepeatStep,
    RestStep,
    Routine,
    Step,
    changed,
    prescribe,
)
from voicecoach.model.units import short
from voicecoach.stages.adapt.notes import Notes
from voicecoach.stages.adapt.steps import Lookup, exercises_in

LEAST_REP_S = Fraction(1, 2)
"""A repetition is never made faster than this: it could not be counted."""
ENOUGH_REST_S = Fraction(5)
"""Rest that more or slower repetitions leave in each minute, where they are done every minute."""
COUNTED = frozenset({Measure.REPS, Measure.CYCLES})
"""What the factor for repetitions scales; breaths are as the author wrote them."""


def scaled(value: Fraction, factor: Fraction | None) -> Fraction:
    """Scale seconds or a count to a whole number, halves up, 1 at least; without a factor it stays as it is."""
    if factor in {None, 1} or value == 0:
        return value
    assert factor is not None
    return Fraction(max(1, math.floor(value * factor + Fraction(1, 2))))


def scaled_range(amount: Quantity, factor: Fraction | None) -> Quantity:
    """Scale an amount at both of its ends."""
    return Quantity(scaled(amount.least, factor), scaled(amount.most, factor))


def paced(tempo: Tempo, pace: Fraction | None) -> Tempo:
    """Divide the parts of a tempo by the pace, but let no repetition become too fast to be counted."""
    if pace is None or pace == 1:
        return tempo
    divisor = max(Fraction(1), min(pace, tempo.whole_s / LEAST_REP_S)) if pace > 1 else pace
    return Tempo(*(part_s / divisor for part_s in tempo.parts_s))


def shown(amount: Quantity, *, timed: bool) -> str:
    """Write an amount for people: ``38s``, ``8``, ``24s to 48s``."""
    ends = (amount.least,) if amount.fixed else (amount.least, amount.most)
    return " to ".join(short(end) if timed else str(int(end)) for end in ends)


class Scaling:
    """Scales a routine.

    Parameters
    ----------
    profile
        Its factors.
    lookup
        Finds the exercise of a step.
    notes
        Takes what was changed.
    """

    def __init__(self, profile: Profile, lookup: Lookup, notes: Notes) -> None:
        self.profile = profile
        self.lookup = lookup
        self.notes = notes
        self.used: set[str] = set()

    def scale(self, routine: Routine) -> Routine:
        """Scale a routine whose steps hold no includes; note a factor that changes nothing."""
        coach = self._coach(routine)
        routine = replace(routine, steps=self._steps(routine.steps), coach=coach)
        for key, what in (("hold", "hold or time"), ("reps", "repetitions or cycles"), ("rest", "rest")):
            factor = getattr(self.profile, key)
            if factor not in {None, 1} and key not in self.used:
                self.notes.add(f"{key} x{float(factor):g} changes no {what} here")
        return routine

    def _coach(self, routine: Routine) -> Changes:
        """Scale the rest between sets of exercises that have none of their own."""
        before_s = changed(CoachSettings(), routine.coach).rest_s
        now_s = scaled(before_s, self.profile.rest)
        if now_s == before_s:
            return routine.coach
        plans = (prescribe(step, self.lookup(step)) for step in exercises_in(routine.steps))
        if any(plan.sets > 1 and plan.rest_s is None for plan in plans):
            self._changed("rest", "the usual rest between sets", Quantity.of(now_s), Quantity.of(before_s))
        if "rest_s" in dict(routine.coach):
            return scaled_rest(routine.coach, self.profile.rest)
        return (*routine.coach, ("rest_s", now_s))

    def _steps(self, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        return tuple(self._step(step) for step in steps)

    def _step(self, step: Step) -> Step:
        if isinstance(step, RestStep):
            length = scaled_range(step.length, self.profile.rest)
            self._changed("rest", "rest", length, step.length)
            return replace(step, length=length)
        if isinstance(step, ExerciseStep):
            return self._exercise(step)
        if isinstance(step, IntervalsStep):
            return self._emom(step) if step.kind == "emom" else self._intervals(step)
        if isinstance(step, RepeatStep):
            return replace(step, steps=self._steps(step.steps))
        return step

    def _changed(self, key: str, what: str, now: Quantity, before: Quantity, concerned: str | None = None) -> None:
        """Note a change that a factor makes, if it is one."""
        if now != before:
            self.used.add(key)
            timed = key != "reps"
            self.notes.add(f"{what} {shown(now, timed=timed)} instead of {shown(before, timed=timed)}", concerned)

    def _exercise(self, step: ExerciseStep, within_s: Fraction | None = None) -> ExerciseStep:
        """Scale one exercise; ``within_s`` is the time that its repetitions have to fit into, where there is one."""
        plan = prescribe(step, self.lookup(step))
        step = self._rest_between_sets(step, plan)
        if plan.dose is None:
            return step
        if plan.dose.measure is not Measure.REPS:
            return self._dose(step, plan.dose)
        tempo = paced(plan.tempo, self.profile.pace)
        if within_s is not None and tempo.whole_s > within_s:
            tempo = plan.tempo
        most = None if within_s is None else max(1, within_s // tempo.whole_s)
        return self._tempo(self._dose(step, plan.dose, most), plan.tempo, tempo)

    def _dose(self, step: ExerciseStep, dose: Dose, most: int | None = None) -> ExerciseStep:
        timed = dose.measure.timed
        key = "hold" if timed else "reps"
        factor = getattr(self.profile, key) if timed or dose.measure in COUNTED else None
        amount = scaled_range(dose.amount, factor)
        if most is not None and amount.most > most:
            self.notes.add("more repetitions would not fit into the time", step.exercise)
            amount = Quantity(min(amount.least, Fraction(most)), Fraction(most))
        if amount == dose.amount:
            return step
        self._changed(key, dose.measure.value, amount, dose.amount, step.exercise)
        cues = _stretched(step.cues, amount.least / dose.amount.least) if timed else step.cues
        unit = Unit.SECONDS if timed else Unit(dose.measure.value)
        return replace(step, given=Given(amount, unit, dose.measure), cues=cues)

    def _tempo(self, step: ExerciseStep, before: Tempo, now: Tempo) -> ExerciseStep:
        if now == before:
            return step
        shown_now, shown_before = (f"{round(float(tempo.whole_s), 1):g}s" for tempo in (now, before))
        if shown_now != shown_before:
            self.notes.add(f"each repetition takes {shown_now} instead of {shown_before}", step.exercise)
        return replace(step, tempo=now)

    def _rest_between_sets(self, step: ExerciseStep, plan: Prescription) -> ExerciseStep:
        factor = self.profile.rest
        step = replace(step, coach=scaled_rest(step.coach, factor))
        if plan.rest_s is None or factor is None:
            return step
        rest_s = scaled(plan.rest_s, factor)
        if plan.sets > 1:
            now, before = Quantity.of(rest_s), Quantity.of(plan.rest_s)
            self._changed("rest", "rest between sets", now, before, step.exercise)
        return step if rest_s == plan.rest_s else replace(step, rest_s=rest_s)

    def _intervals(self, step: IntervalsStep) -> IntervalsStep:
        work_s, rest_s = scaled(step.work_s, self.profile.hold), scaled(step.rest_s, self.profile.rest)
        called = step.name or step.kind
        self._changed("hold", "work", Quantity.of(work_s), Quantity.of(step.work_s), called)
        self._changed("rest", "rest between intervals", Quantity.of(rest_s), Quantity.of(step.rest_s), called)
        share = work_s / step.work_s
        of = tuple(replace(item, cues=_stretched(item.cues, share)) for item in step.of)
        return replace(step, work_s=work_s, rest_s=rest_s, of=of)

    def _emom(self, step: IntervalsStep) -> IntervalsStep:
        """Scale the repetitions; the minute stays, and they have to fit into it."""
        if self.profile.reps in {None, 1} and self.profile.pace in {None, 1}:
            return step
        return replace(step, of=tuple(self._exercise(item, self._free_s(item, step.work_s)) for item in step.of))

    def _free_s(self, item: ExerciseStep, minute_s: Fraction) -> Fraction:
        """Time that repetitions may take in a minute: what is left to rest in it is no less than before, or enough."""
        plan = prescribe(item, self.lookup(item))
        taken_s = plan.dose.count * plan.tempo.whole_s if plan.dose is not None else Fraction(0)
        return max(taken_s, minute_s - ENOUGH_REST_S)


def scaled_rest(changes: Changes, factor: Fraction | None) -> Changes:
    """Scale the rest between sets among changes of the coach's settings."""
    return tuple((name, scaled(value, factor) if name == "rest_s" else value) for name, value in changes)


def _stretched(cues: tuple[MidCue, ...], share: Fraction) -> tuple[MidCue, ...]:
    """Move what is said at a time of its own along with the hold that it is said in."""
    return tuple(cue if cue.at_s is None else replace(cue, at_s=cue.at_s * share) for cue in cues)
