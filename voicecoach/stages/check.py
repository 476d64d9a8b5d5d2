"""check: a Routine that reads well → the faults of its meaning. One small function a rule, in one ordered tuple."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from voicecoach.library import Library
from voicecoach.model.diagnostic import Diagnostic, Severity, in_reading_order
from voicecoach.model.location import Location
from voicecoach.model.routine import (
    Exercise,
    ExerciseStep,
    Measure,
    Phrase,
    Prescription,
    RepeatStep,
    RestStep,
    Routine,
    SayStep,
    Sides,
    Step,
    prescribe,
)
from voicecoach.model.units import HOUR_S, MINUTE_S, short
from voicecoach.source.nodes import SourceFile
from voicecoach.text.fill import variables
from voicecoach.text.normalise import normalise

LEAST_S = Fraction(1)
"""Shorter than this, the sounds at both ends of a hold would run into each other."""
LEAST_REP_S = Fraction(1, 2)
MOST_TEXT_CHARS = 2000
MOST_S = 24 * HOUR_S
MOST_STEPS = 50_000
SIDE_VARIABLES = ("side", "other side")

# Beyond these an author has more likely slipped than meant it; they are warnings.
LONG_HOLD_S = Fraction(10 * MINUTE_S)
LONG_TIME_S = Fraction(2 * HOUR_S)
LONG_REST_S = Fraction(10 * MINUTE_S)
MANY_REPS = 100
MANY_SETS = 10
MANY_ROUNDS = 20


@dataclass(frozen=True)
class _Checked:
    """What the rules look at."""

    routine: Routine
    source: SourceFile
    library: Library

    def steps(self) -> Iterator[Step]:
        yield from _walk(self.routine.steps)

    def exercises(self) -> Iterator[tuple[ExerciseStep, Prescription]]:
        for step in self.steps():
            if isinstance(step, ExerciseStep):
                yield step, prescribe(step, self.exercise(step))

    def exercise(self, step: ExerciseStep) -> Exercise:
        return step.own or self.library.exercise(step.exercise)

    def error(self, code: str, message: str, place: Location, hint: str | None = None) -> Diagnostic:
        return self.source.fault(code, message, place, hint)

    def warning(self, code: str, message: str, place: Location, hint: str | None = None) -> Diagnostic:
        return self.source.fault(code, message, place, hint, Severity.WARNING)


def check(routine: Routine, source: SourceFile, library: Library) -> tuple[Diagnostic, ...]:
    """Check what a routine means.

    Parameters
    ----------
    routine
        As `parse` gave it, perhaps with holes where something did not read.
    source
        Its text, for the lines that diagnostics show.
    library
        The exercises and languages that there are.

    Returns
    -------
    tuple of Diagnostic
        Errors and warnings in reading order.
    """
    checked = _Checked(routine, source, library)
    return in_reading_order(fault for rule in RULES for fault in rule(checked))


def _walk(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step, RepeatStep):
            yield from _walk(step.steps)


def _dose_is_given(checked: _Checked) -> Iterator[Diagnostic]:
    for step, prescription in checked.exercises():
        if prescription.dose is None and not set(step.places) & {"hold", "reps", "time", "amount"}:
            hint = "add 'hold: 30s', 'reps: 10' or 'time: 2 min'"
            message = f"nothing says how much of '{step.exercise}' to do"
            yield checked.error("missing-dose", message, step.places["exercise"], hint)


def _dose_fits(checked: _Checked) -> Iterator[Diagnostic]:
    for step, prescription in checked.exercises():
        usual = prescription.exercise.dose
        if usual is None:
            continue
        name, place = step.exercise, step.places
        by_length = "hold" if step.hold_s is not None else "amount" if step.amount_s is not None else None
        if usual.measure is Measure.REPS and by_length:
            asked = short(step.hold_s or step.amount_s or Fraction(30))
            hint = f"write '{name}: 10 reps', or '{name}: {{time: {asked}}}' to do as many as fit"
            yield checked.error("dose-unfit", f"'{name}' is counted in repetitions, not held", place[by_length], hint)
        if usual.measure is not Measure.REPS and (step.reps or step.amount_reps):
            done = "held" if usual.measure is Measure.HOLD else "done for a time"
            key = "reps" if step.reps else "amount"
            hint = f"write '{name}: {short(usual.length_s or Fraction(30))}'"
            yield checked.error("dose-unfit", f"'{name}' is {done}, not counted in repetitions", place[key], hint)
        if usual.measure is Measure.HOLD and step.time_s is not None:
            yield checked.error("dose-unfit", f"'{name}' is held", place["time"], f"write 'hold: {short(step.time_s)}'")
        if usual.measure is Measure.TIME and step.hold_s is not None:
            yield checked.error(
                "dose-unfit", f"'{name}' is not held", place["hold"], f"write 'time: {short(step.hold_s)}'"
            )


def _tempo_fits(checked: _Checked) -> Iterator[Diagnostic]:
    for step, prescription in checked.exercises():
        counted = prescription.dose is not None and prescription.dose.measure is Measure.REPS
        place = step.places.get("tempo", step.places["exercise"])
        if step.tempo is not None and not counted:
            hint = "a tempo goes with reps; leave it out"
            yield checked.error("tempo-unfit", f"'{step.exercise}' has a tempo but no repetitions", place, hint)
        elif counted and prescription.tempo.rep_s < LEAST_REP_S:
            message = f"a repetition in {short(prescription.tempo.rep_s)} is faster than it can be counted"
            yield checked.error("too-fast", message, place, "let a repetition take half a second at least")


def _sides_fit(checked: _Checked) -> Iterator[Diagnostic]:
    for step, prescription in checked.exercises():
        usual = prescription.exercise.sides
        if step.sides is None or step.own is not None or (step.sides is Sides.BOTH) == (usual is Sides.BOTH):
            continue
        place = step.places["sides"]
        if step.sides is Sides.BOTH:
            message = f"'{step.exercise}' works one side at a time, and its wording names it"
            yield checked.error("sides-unfit", message, place, "write each, left or right")
        else:
            message = f"'{step.exercise}' works both sides at once, but this step says 'sides: {step.sides.value}'"
            yield checked.warning("sides-unfit", message, place, "leave 'sides' out")


def _lengths_are_sane(checked: _Checked) -> Iterator[Diagnostic]:
    for step in checked.steps():
        if isinstance(step, RestStep):
            yield from _length(checked, step.length_s, LONG_REST_S, "a rest", step.places["rest"])
    for step, prescription in checked.exercises():
        dose = prescription.dose
        amount = step.places.get("amount", step.places["exercise"])
        if dose is not None and dose.length_s is not None:
            longest = LONG_HOLD_S if dose.measure is Measure.HOLD else LONG_TIME_S
            place = step.places.get(dose.measure.value, amount)
            yield from _length(checked, dose.length_s, longest, f"a {dose.measure.value}", place)
        if prescription.rest_s is not None:
            place = step.places.get("rest", amount)
            yield from _length(checked, prescription.rest_s, LONG_REST_S, "a rest", place)


def _length(
    checked: _Checked, length_s: Fraction, longest_s: Fraction, what: str, place: Location
) -> Iterator[Diagnostic]:
    if length_s < LEAST_S:
        message = f"{what} of {short(length_s)} is too short to be marked"
        yield checked.error("too-short", message, place, "make it one second at least")
    elif length_s > longest_s:
        message = f"{what} of {short(length_s)}: is that meant?"
        yield checked.warning("extreme", message, place, f"most are far below {short(longest_s)}")


def _counts_are_sane(checked: _Checked) -> Iterator[Diagnostic]:
    for step in checked.steps():
        if isinstance(step, RepeatStep) and step.times > MANY_ROUNDS:
            yield checked.warning("extreme", f"{step.times} rounds: is that meant?", step.places["repeat"])
    for step, prescription in checked.exercises():
        dose = prescription.dose
        if dose is not None and dose.reps is not None and dose.reps > MANY_REPS:
            place = step.places.get("reps", step.places.get("amount", step.places["exercise"]))
            yield checked.warning("extreme", f"{dose.reps} repetitions: is that meant?", place)
        if prescription.sets > MANY_SETS:
            place = step.places.get("sets", step.places["exercise"])
            yield checked.warning("extreme", f"{prescription.sets} sets: is that meant?", place)


def _session_ends(checked: _Checked) -> Iterator[Diagnostic]:
    """A session that would last for days is a slip, and would take days to make."""
    length_s, count = _extent(checked, checked.routine.steps)
    place = checked.routine.places.get("steps", Location(checked.source.name, 1, 1))
    if length_s > MOST_S:
        message = f"the session would last {float(length_s / HOUR_S):.0f} hours"
        yield checked.error("too-long", message, place, "the longest that is made is 24 hours")
    elif count > MOST_STEPS:
        yield checked.error("too-long", f"the session would have {count} steps", place, f"the most is {MOST_STEPS}")


def _extent(checked: _Checked, steps: Iterable[Step]) -> tuple[Fraction, int]:
    """Sum the required lengths and performed steps (each set on each side is one)."""
    length_s, count = Fraction(0), 0
    for step in steps:
        if isinstance(step, RestStep):
            length_s, count = length_s + step.length_s, count + 1
        elif isinstance(step, SayStep):
            count += 1
        elif isinstance(step, RepeatStep):
            inner_s, inner = _extent(checked, step.steps)
            length_s, count = length_s + step.times * inner_s, count + step.times * inner
        else:
            prescription = prescribe(step, checked.exercise(step))
            dose, turns = prescription.dose, prescription.sets * len(prescription.sides.turns)
            one_s = (dose.length_s or (dose.reps or 0) * prescription.tempo.rep_s) if dose else Fraction(0)
            length_s, count = length_s + turns * one_s, count + turns
    return length_s, count


def _speech_is_sayable(checked: _Checked) -> Iterator[Diagnostic]:
    language = checked.routine.language
    for text, place in _texts(checked):
        if not normalise(text, language):
            yield checked.error(
                "nothing-to-say", f"there is nothing in '{text}' that can be said", place, "write words"
            )
        elif len(text) > MOST_TEXT_CHARS:
            message = f"a text of {len(text)} characters in one go"
            hint = f"split it into several 'say' steps; the most is {MOST_TEXT_CHARS} characters"
            yield checked.error("long-text", message, place, hint)


def _variables_are_known(checked: _Checked) -> Iterator[Diagnostic]:
    for step in checked.steps():
        if isinstance(step, SayStep):
            for name in variables(step.text):
                yield checked.error(
                    "unknown-variable", f"'{{{name}}}' means nothing here", step.places["say"], "write the word itself"
                )
    for step, prescription in checked.exercises():
        if step.own is None:
            continue
        for phrase in _phrases(step.own):
            for name in variables(f"{phrase.full} {phrase.brief or ''}"):
                if name not in SIDE_VARIABLES:
                    hint = "wording may hold {side} and {other side}"
                    yield checked.error(
                        "unknown-variable",
                        f"'{{{name}}}' means nothing in '{step.exercise}'",
                        step.places["exercise"],
                        hint,
                    )
                elif prescription.sides is Sides.BOTH:
                    hint = "add 'sides: each', or write the wording without it"
                    message = f"the wording of '{step.exercise}' names a side, but it is not done side by side"
                    yield checked.error("no-side", message, step.places["exercise"], hint)


def _language_has_wording(checked: _Checked) -> Iterator[Diagnostic]:
    language = checked.routine.language
    if language.partition("-")[0] not in checked.library.languages:
        place = checked.routine.places.get("language", Location(checked.source.name, 1, 1))
        hint = f"there is {', '.join(checked.library.languages)}"
        message = f"the coach has no words in '{language}' and speaks English ones"
        yield checked.warning("no-wording", message, place, hint)


def _texts(checked: _Checked) -> Iterator[tuple[str, Location]]:
    """All that the author wrote to be said, with its place."""
    title = checked.routine.places.get("title")
    if title is not None:
        yield checked.routine.title, title
    for step in checked.steps():
        if isinstance(step, SayStep):
            yield step.text, step.places["say"]
        elif isinstance(step, ExerciseStep) and step.own is not None:
            place = step.places["exercise"]
            yield step.own.spoken_name, place
            for phrase in _phrases(step.own):
                yield phrase.full, place
                if phrase.brief is not None:
                    yield phrase.brief, place


def _phrases(exercise: Exercise) -> Iterator[Phrase]:
    single = (exercise.set_up, exercise.breath, exercise.release, exercise.safety, exercise.easier, exercise.harder)
    yield from (phrase for phrase in single if phrase is not None)
    yield from exercise.form


RULES: tuple[Callable[[_Checked], Iterator[Diagnostic]], ...] = (
    _dose_is_given,
    _dose_fits,
    _tempo_fits,
    _sides_fit,
    _lengths_are_sane,
    _counts_are_sane,
    _session_ends,
    _speech_is_sayable,
    _variables_are_known,
    _language_has_wording,
)
