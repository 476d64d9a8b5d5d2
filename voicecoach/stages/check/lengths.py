"""Lengths and counts: what is too short to be heard, and what is so long that it was hardly meant."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.exercise import Measure, Quantity, Tempo, Unit
from voicecoach.model.location import Location
from voicecoach.model.routine import (
    BreatheStep,
    CoachSettings,
    ExerciseStep,
    IntervalsStep,
    Prescription,
    RepeatStep,
    RestStep,
    Routine,
)
from voicecoach.model.units import HOUR_S, MINUTE_S, short
from voicecoach.stages.check.checked import Checked, Doing
from voicecoach.stages.check.doses import dose_place, patterns

LEAST_S = Fraction(1)
"""Shorter than this, the sounds at both ends of a hold would run into each other."""

# Beyond these an author has more likely slipped than meant it; they are warnings.
LONG_HOLD_S = Fraction(10 * MINUTE_S)
LONG_TIME_S = Fraction(2 * HOUR_S)
LONG_REST_S = Fraction(10 * MINUTE_S)
LONG_WORK_S = Fraction(10 * MINUTE_S)
LONG_PHASE_S = Fraction(2 * MINUTE_S)
LONG_REP_S = Fraction(MINUTE_S)
LONG_BREATH_PART_S = Fraction(MINUTE_S)
LONG_BREATH_HOLD_S = Fraction(30)
LONG_BREATHING_S = Fraction(HOUR_S)
LONG_GET_READY_S = Fraction(2 * MINUTE_S)
SHORT_WORK_S = Fraction(5)
SHORT_CHANGE_S = Fraction(3)
MANY = {Measure.REPS: 100, Measure.CYCLES: 30, Measure.BREATHS: 100}
MANY_SETS = 10
MANY_ROUNDS = 20
MANY_INTERVALS = 60

_COUNTED = {Measure.REPS: "repetitions", Measure.CYCLES: "cycles", Measure.BREATHS: "breaths"}
_SLIP = "a figure or a unit may have slipped; nothing stops you if it is meant"


def lengths_are_sane(checked: Checked) -> Iterator[Diagnostic]:
    """Holds, times, rests and phases are neither too short nor endless."""
    for step in checked.steps():
        if isinstance(step, RestStep):
            yield from _length(checked, step.length, LONG_REST_S, "a rest", checked.place(step, "rest"))
    for doing in checked.exercises():
        dose, plan = doing.plan.dose, doing.plan
        if dose is not None and dose.measure.timed:
            longest_s = LONG_HOLD_S if dose.measure is Measure.HOLD else LONG_TIME_S
            yield from _length(checked, dose.amount, longest_s, f"a {dose.measure.value}", dose_place(checked, doing))
        if plan.rest_s is not None:
            place = checked.place(doing.step, "rest", "amount", "exercise")
            yield from _length(checked, plan.rest_s, LONG_REST_S, "a rest", place)
        for phase in plan.phases:
            place = checked.place(doing.step, "phases", "exercise")
            yield from _length(checked, phase.length_s, LONG_PHASE_S, "a phase", place)
        if dose is not None and dose.measure is Measure.REPS and plan.tempo.whole_s > LONG_REP_S:
            message = f"a repetition of {short(plan.tempo.whole_s)}: is that meant?"
            place = checked.place(doing.step, "tempo", "exercise")
            yield checked.warning("extreme", message, place, "a tempo is in seconds, such as 2-0-2-0")


def _length(
    checked: Checked, length: Quantity | Fraction, longest_s: Fraction, what: str, place: Location
) -> Iterator[Diagnostic]:
    least_s, most_s = (length.least, length.most) if isinstance(length, Quantity) else (length, length)
    if least_s < LEAST_S:
        message = f"{what} of {short(least_s)} is too short to be marked"
        yield checked.error("too-short", message, place, "make it one second at least")
    elif most_s > longest_s:
        message = f"{what} of {short(most_s)}: is that meant?"
        yield checked.warning("extreme", message, place, f"most are far below {short(longest_s)}")


def counts_are_sane(checked: Checked) -> Iterator[Diagnostic]:
    """Repetitions, sets and rounds are not hundreds."""
    for step in checked.steps():
        if isinstance(step, RepeatStep) and step.times.most > MANY_ROUNDS:
            message = f"{int(step.times.most)} rounds: is that meant?"
            yield checked.warning("extreme", message, checked.place(step, "repeat"), _SLIP)
        elif isinstance(step, IntervalsStep) and step.rounds.most * len(step.of) > MANY_INTERVALS:
            message = f"{int(step.rounds.most * len(step.of))} intervals: is that meant?"
            yield checked.warning("extreme", message, checked.place(step, "rounds", step.kind), _SLIP)
        elif isinstance(step, BreatheStep) and step.unit is Unit.BREATHS and step.amount.most > MANY[Measure.BREATHS]:
            message = f"{int(step.amount.most)} breaths: is that meant?"
            yield checked.warning("extreme", message, checked.place(step, "for", "breathe"), _SLIP)
    for doing in checked.exercises():
        yield from _many(checked, doing, doing.plan)


def _many(checked: Checked, doing: Doing, plan: Prescription) -> Iterator[Diagnostic]:
    dose = plan.dose
    if dose is not None and dose.measure in MANY and dose.amount.most > MANY[dose.measure]:
        message = f"{int(dose.amount.most)} {_COUNTED[dose.measure]}: is that meant?"
        yield checked.warning("extreme", message, dose_place(checked, doing), _SLIP)
    if plan.sets > MANY_SETS:
        place = checked.place(doing.step, "sets", "exercise")
        yield checked.warning("extreme", f"{plan.sets} sets: is that meant?", place, _SLIP)


def breathing_is_safe(checked: Checked) -> Iterator[Diagnostic]:
    """Nobody is asked to hold the breath for long, nor for a length in which no breath fits."""
    for step, pattern in patterns(checked):
        place = checked.place(step, "pattern", "breathe", "exercise")
        yield from _parts(checked, pattern, place)
    for step in checked.steps():
        if not isinstance(step, BreatheStep) or step.unit is not Unit.SECONDS:
            continue
        place = checked.place(step, "for", "breathe")
        if step.amount.least < step.pattern.whole_s:
            message = f"one breath takes {short(step.pattern.whole_s)}, which is more than {short(step.amount.least)}"
            yield checked.error("too-short", message, place, "breathe for longer, or write a count such as 5 breaths")
        elif step.amount.most > LONG_BREATHING_S:
            message = f"{short(step.amount.most)} of breathing: is that meant?"
            yield checked.warning("extreme", message, place, f"most are far below {short(LONG_BREATHING_S)}")


def _parts(checked: Checked, pattern: Tempo, place: Location) -> Iterator[Diagnostic]:
    moving_s, held_s = max(pattern.down_s, pattern.up_s), max(pattern.low_s, pattern.high_s)
    hint = "a pattern is in seconds, in-hold-out-hold, such as 4-2-6-0"
    if moving_s > LONG_BREATH_PART_S:
        yield checked.warning("extreme", f"a breath of {short(moving_s)} in or out: is that meant?", place, hint)
    if held_s > LONG_BREATH_HOLD_S:
        message = f"the breath is held for {short(held_s)}, which is not safe for everybody"
        yield checked.warning("extreme", message, place, hint)


def coach_times_are_sane(checked: Checked) -> Iterator[Diagnostic]:
    """The coach waits for seconds, not for hours."""
    yield from _coach_times(checked, checked.routine)
    for doing in checked.everything_done():
        yield from _coach_times(checked, doing.step)


def _coach_times(checked: Checked, written: Routine | ExerciseStep) -> Iterator[Diagnostic]:
    keys = {"get_ready_s": "get ready", "change_sides_s": "change sides", "rest_s": "rest"}
    for name, value in written.coach:
        if name in keys and value > (LONG_REST_S if name == "rest_s" else LONG_GET_READY_S):
            message = f"'{keys[name]}' of {short(value)}: is that meant?"
            place = checked.place(written, keys[name], "coach", "exercise")
            yield checked.warning("extreme", message, place, "most are a few seconds")


def countdown_fits(checked: Checked) -> Iterator[Diagnostic]:
    """A countdown that was asked for is not longer than the hold that it ends."""
    usual = CoachSettings().countdown
    for doing in checked.exercises():
        countdown = checked.coach(doing.step).countdown
        dose = doing.plan.dose
        if countdown == usual or dose is None or not dose.measure.timed or dose.length_s < LEAST_S:
            continue
        if countdown >= dose.length_s:
            message = f"a countdown of {countdown} does not fit into a {dose.measure.value} of {short(dose.length_s)}"
            hint = "the ticks that do not fit are left out; make the countdown shorter"
            place = checked.place(doing.step, "countdown", "coach", dose.measure.value, "amount", "exercise")
            yield checked.warning("long-countdown", message, place, hint)


def intervals_are_sane(checked: Checked) -> Iterator[Diagnostic]:
    """Work and rest by the clock leave time to work and to change."""
    for step in checked.steps():
        if isinstance(step, IntervalsStep):
            key = "every" if step.kind == "emom" else "work"
            place = checked.place(step, key, step.kind)
            yield from _length(checked, step.work_s, LONG_WORK_S, "an interval", place)
            yield from _short_intervals(checked, step, place)
            if step.rest_s:
                place = checked.place(step, "rest", step.kind)
                yield from _length(checked, step.rest_s, LONG_REST_S, "a rest", place)


def _short_intervals(checked: Checked, step: IntervalsStep, place: Location) -> Iterator[Diagnostic]:
    if LEAST_S <= step.work_s < SHORT_WORK_S:
        message = f"{short(step.work_s)} of work is over before it has begun"
        yield checked.warning("short-interval", message, place, f"make it {short(SHORT_WORK_S)} or more")
    changes = len(step.of) > 1 or step.rounds.most > 1
    if LEAST_S <= step.rest_s < SHORT_CHANGE_S and changes and step.kind != "emom":
        message = f"{short(step.rest_s)} of rest leaves no time to say and do what comes next"
        place = checked.place(step, "rest", step.kind)
        yield checked.warning("short-interval", message, place, f"make it {short(SHORT_CHANGE_S)} or more")


def emom_fits(checked: Checked) -> Iterator[Diagnostic]:
    """Of ``emom``, repetitions are counted, and they are done before the minute is over."""
    for doing in checked.items():
        step, plan = doing.within, doing.plan
        if step is None or step.kind != "emom":
            continue
        place = dose_place(checked, doing)
        if plan.dose is None or plan.dose.measure is not Measure.REPS:
            usual = plan.exercise.dose
            counted = f"write '{doing.name}: 10 reps'" if usual is None else "take an exercise that is counted"
            hint = f"{counted}, or 'intervals' with work and rest"
            message = f"'emom' counts repetitions, and '{doing.name}' has none"
            yield checked.error("emom-unfit", message, place, hint)
            continue
        yield from _emom_leaves_time(checked, plan.dose.count, plan.dose.count * plan.tempo.whole_s, step.work_s, place)


def _emom_leaves_time(
    checked: Checked, count: int, takes_s: Fraction, every_s: Fraction, place: Location
) -> Iterator[Diagnostic]:
    hint = "ask for fewer, give them a quicker tempo, or make the interval longer with 'every'"
    if takes_s > every_s - LEAST_S:
        message = f"{count} repetitions take {short(takes_s)}, and the next begin after {short(every_s)}"
        yield checked.error("emom-unfit", message, place, hint)
    elif takes_s > every_s - SHORT_CHANGE_S:
        message = f"{count} repetitions take {short(takes_s)} of {short(every_s)} and leave no rest"
        yield checked.warning("short-interval", message, place, hint)
