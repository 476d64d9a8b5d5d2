"""Scaling what is done: longer or shorter holds and rests, more or fewer repetitions, rounds and sets, another pace."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from voicecoach.model.change import Change
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
from voicecoach.stages.adapt.amounts import scaled, scaled_range, shown, shown_change
from voicecoach.stages.adapt.notes import Notes
from voicecoach.stages.adapt.steps import Lookup, exercises_in

LEAST_REP_S = Fraction(1, 2)
"""A repetition is never made faster than this: it could not be counted."""
ENOUGH_REST_S = Fraction(5)
"""Rest that more or slower repetitions leave in each minute, where they are done every minute."""
COUNTED = frozenset({Measure.REPS, Measure.CYCLES})
"""What a change of repetitions concerns; breaths are as the author wrote them."""
ONCE = frozenset({Measure.TIME, Measure.BREATHS})
"""What is done once by these stays at one set: a warm-up, a breathing exercise."""
WHAT = {"hold": "hold", "reps": "repetitions or cycles", "rounds": "rounds", "sets": "sets", "rest": "rest"}
"""What each change concerns, for people."""
TIMED = frozenset({"hold", "rest"})
"""Changes of seconds, not of a count."""


def paced(tempo: Tempo, pace: Fraction | None) -> Tempo:
    """Divide the parts of a tempo by the pace, but let no repetition become too fast to be counted."""
    if pace is None or pace == 1:
        return tempo
    divisor = max(Fraction(1), min(pace, tempo.whole_s / LEAST_REP_S)) if pace > 1 else pace
    return Tempo(*(part_s / divisor for part_s in tempo.parts_s))


class Scaling:
    """Scales a routine.

    Parameters
    ----------
    profile
        Its changes, and its pace.
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
        self.met: set[str] = set()

    def scale(self, routine: Routine) -> Routine:
        """Scale a routine whose steps hold no includes; note a change that changes nothing."""
        routine = replace(routine, steps=self._steps(routine.steps))
        routine = replace(routine, coach=self._coach(routine))
        for key in WHAT:
            change: Change | None = getattr(self.profile, key)
            if change is None or change.is_none or key in self.used:
                continue
            if not (change.limited and key in self.met):  # what has come to its limit need not be told
                self.notes.add(f"{key} {shown_change(change, timed=key in TIMED)} changes no {_what(key, change)} here")
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
            return self._exercise(self._sets(step))
        if isinstance(step, IntervalsStep):
            step = replace(step, rounds=self._rounds(step.rounds, step.name or step.kind))
            return self._emom(step) if step.kind == "emom" else self._intervals(step)
        if isinstance(step, RepeatStep):
            again = step.times.most > 1  # once is no more than a group of steps
            times = self._rounds(step.times, step.name or "repeat") if again else step.times
            return replace(step, times=times, steps=self._steps(step.steps))
        return step

    def _rounds(self, before: Quantity, called: str) -> Quantity:
        now = scaled_range(before, self.profile.rounds)
        self._changed("rounds", "rounds", now, before, called)
        return now

    def _sets(self, step: ExerciseStep) -> ExerciseStep:
        plan = prescribe(step, self.lookup(step))
        if plan.dose is None or (plan.sets == 1 and plan.dose.measure in ONCE):
            return step
        before = Quantity.of(plan.sets)
        now = scaled_range(before, self.profile.sets)
        self._changed("sets", "sets", now, before, step.exercise)
        return step if now == before else replace(step, sets=now.count)

    def _changed(self, key: str, what: str, now: Quantity, before: Quantity, concerned: str | None = None) -> None:
        """Note what a change makes of an amount, if it makes any difference."""
        self.met.add(key)
        if now != before:
            self.used.add(key)
            timed = key in TIMED
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
        change = self._change_of(dose.measure)
        amount = scaled_range(dose.amount, change)
        if most is not None and amount.most > most:
            self.notes.add("more repetitions would not fit into the time", step.exercise)
            amount = Quantity(min(amount.least, Fraction(most)), Fraction(most))
        if change is not None:
            self._changed(key, dose.measure.value, amount, dose.amount, step.exercise)
        if amount == dose.amount:
            return step
        cues = _stretched(step.cues, amount.least / dose.amount.least) if timed else step.cues
        unit = Unit.SECONDS if timed else Unit(dose.measure.value)
        return replace(step, given=Given(amount, unit, dose.measure), cues=cues)

    def _change_of(self, measure: Measure) -> Change | None:
        """Return what changes an amount of this measure. What is added to holds is for holds alone."""
        hold = self.profile.hold
        if measure is Measure.TIME:
            return None if hold is None or hold.factors.is_none else hold.factors
        return hold if measure is Measure.HOLD else self.profile.reps if measure in COUNTED else None

    def _tempo(self, step: ExerciseStep, before: Tempo, now: Tempo) -> ExerciseStep:
        if now == before:
            return step
        shown_now, shown_before = (f"{round(float(tempo.whole_s), 1):g}s" for tempo in (now, before))
        if shown_now != shown_before:
            self.notes.add(f"each repetition takes {shown_now} instead of {shown_before}", step.exercise)
        return replace(step, tempo=now)

    def _rest_between_sets(self, step: ExerciseStep, plan: Prescription) -> ExerciseStep:
        change = self.profile.rest
        step = replace(step, coach=scaled_rest(step.coach, change))
        if plan.rest_s is None or change is None:
            return step
        rest_s = scaled(plan.rest_s, change)
        if plan.sets > 1:
            now, before = Quantity.of(rest_s), Quantity.of(plan.rest_s)
            self._changed("rest", "rest between sets", now, before, step.exercise)
        return step if rest_s == plan.rest_s else replace(step, rest_s=rest_s)

    def _intervals(self, step: IntervalsStep) -> IntervalsStep:
        work = self._change_of(Measure.TIME)
        work_s, rest_s = scaled(step.work_s, work), scaled(step.rest_s, self.profile.rest)
        called = step.name or step.kind
        if work is not None:
            self._changed("hold", "work", Quantity.of(work_s), Quantity.of(step.work_s), called)
        if rest_s:
            self._changed("rest", "rest between intervals", Quantity.of(rest_s), Quantity.of(step.rest_s), called)
        share = work_s / step.work_s
        of = tuple(replace(item, cues=_stretched(item.cues, share)) for item in step.of)
        return replace(step, work_s=work_s, rest_s=rest_s, of=of)

    def _emom(self, step: IntervalsStep) -> IntervalsStep:
        """Scale the repetitions; the minute stays, and they have to fit into it."""
        reps = self.profile.reps
        if (reps is None or reps.is_none) and self.profile.pace in {None, 1}:
            return step
        return replace(step, of=tuple(self._exercise(item, self._free_s(item, step.work_s)) for item in step.of))

    def _free_s(self, item: ExerciseStep, minute_s: Fraction) -> Fraction:
        """Time that repetitions may take in a minute: what is left to rest in it is no less than before, or enough."""
        plan = prescribe(item, self.lookup(item))
        taken_s = plan.dose.count * plan.tempo.whole_s if plan.dose is not None else Fraction(0)
        return max(taken_s, minute_s - ENOUGH_REST_S)


def _what(key: str, change: Change) -> str:
    """Name what a change concerns; the factors of one of holds concern times, too."""
    return "hold or time" if key == "hold" and not change.factors.is_none else WHAT[key]


def scaled_rest(changes: Changes, change: Change | None) -> Changes:
    """Scale the rest between sets among changes of the coach's settings."""
    return tuple((name, scaled(value, change) if name == "rest_s" else value) for name, value in changes)


def _stretched(cues: tuple[MidCue, ...], share: Fraction) -> tuple[MidCue, ...]:
    """Move what is said at a time of its own along with the hold that it is said in."""
    return tuple(cue if cue.at_s is None else replace(cue, at_s=cue.at_s * share) for cue in cues)
