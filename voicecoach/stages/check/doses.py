"""Doses: whether there is one, and whether it goes with the exercise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.exercise import Dose, Measure, Tempo
from voicecoach.model.location import Location
from voicecoach.model.routine import BreatheStep, Step
from voicecoach.model.units import short
from voicecoach.stages.check.checked import Checked, Doing

LEAST_REP_S = Fraction(1, 2)
LEAST_BREATH_S = Fraction(1, 2)
"""Of breathing in or out: in less, the sounds that lead it would be one noise."""

FITTING: Mapping[Measure, frozenset[Measure]] = {
    Measure.HOLD: frozenset({Measure.HOLD, Measure.BREATHS}),
    Measure.REPS: frozenset({Measure.REPS, Measure.TIME}),
    Measure.TIME: frozenset({Measure.TIME}),
    Measure.CYCLES: frozenset({Measure.CYCLES}),
    Measure.BREATHS: frozenset({Measure.BREATHS}),
}
"""What a step may ask for, by what its exercise is measured by."""

_DONE = {
    Measure.HOLD: "held",
    Measure.REPS: "counted in repetitions",
    Measure.TIME: "done for a time",
    Measure.CYCLES: "done in cycles of phases",
    Measure.BREATHS: "counted in breaths",
}
_DOSE_KEYS = frozenset(measure.value for measure in Measure) | {"amount"}


def dose_is_given(checked: Checked) -> Iterator[Diagnostic]:
    """Something must say how much of an exercise to do."""
    for doing in checked.exercises():
        if doing.plan.dose is None and not doing.step.places.keys() & _DOSE_KEYS:
            hint = "add 'hold: 30s', 'reps: 10', 'time: 2 min' or 'breaths: 5'"
            message = f"nothing says how much of '{doing.name}' to do"
            yield checked.error("missing-dose", message, checked.place(doing.step, "exercise"), hint)


def dose_fits(checked: Checked) -> Iterator[Diagnostic]:
    """A held exercise is not counted in repetitions, and so on."""
    for doing in checked.everything_done():
        dose, usual = doing.plan.dose, doing.plan.exercise.dose
        if dose is None or usual is None or dose.measure in FITTING[usual.measure]:
            continue
        asked = _DONE[dose.measure]
        if not usual.measure.timed:
            asked = asked.replace("counted in", "in")
        message = f"'{doing.name}' is {_DONE[usual.measure]}, not {asked}"
        yield checked.error("dose-unfit", message, dose_place(checked, doing), _fitting_dose(doing.name, usual, dose))


def dose_place(checked: Checked, doing: Doing) -> Location:
    """Where the dose of a step stands; where the step does, if it is the exercise's own."""
    measure = doing.plan.dose.measure.value if doing.plan.dose else "amount"
    return checked.place(doing.step, measure, "amount", "exercise")


def _fitting_dose(name: str, usual: Dose, given: Dose) -> str:
    if usual.measure.timed and given.measure.timed:
        return f"write '{usual.measure.value}: {short(given.length_s)}'"
    if usual.measure is Measure.REPS and given.measure is Measure.HOLD:
        length = short(given.length_s)
        return f"write '{name}: {usual.count} reps', or '{name}: {{time: {length}}}' to do as many as fit"
    amount = short(usual.length_s) if usual.measure.timed else f"{usual.count} {usual.measure.value}"
    return f"write '{name}: {amount}'"


def cycles_have_phases(checked: Checked) -> Iterator[Diagnostic]:
    """A cycle is made of phases, and phases are done in cycles."""
    for doing in checked.exercises():
        dose, exercise = doing.plan.dose, doing.plan.exercise
        if dose is None:
            continue
        if dose.measure is Measure.CYCLES and not doing.plan.phases and "phases" not in doing.step.places:
            if exercise.dose is None or exercise.dose.measure is Measure.CYCLES:
                hint = "add 'phases: [{say: Press., for: 5s}, {say: Let go., for: 10s}]', or give it another dose"
                message = f"'{doing.name}' is done in cycles, but nothing says what a cycle is"
                yield checked.error("missing-phases", message, dose_place(checked, doing), hint)
        elif dose.measure is not Measure.CYCLES and "phases" in doing.step.places and exercise.dose is dose:
            hint = "write 'cycles: 3' instead, or leave the phases out"
            message = f"'{doing.name}' has phases, but it is {_DONE[dose.measure]}"
            yield checked.error("phases-unfit", message, checked.place(doing.step, "phases"), hint)


def tempo_fits(checked: Checked) -> Iterator[Diagnostic]:
    """A tempo goes with repetitions, a pattern with breaths."""
    for doing in checked.exercises():
        dose, places = doing.plan.dose, doing.step.places
        if dose is not None and "tempo" in places and dose.measure is not Measure.REPS:
            message = f"'{doing.name}' has a tempo but no repetitions"
            yield checked.error("tempo-unfit", message, places["tempo"], "a tempo goes with 'reps'; leave it out")
        if dose is not None and "pattern" in places and dose.measure is not Measure.BREATHS:
            message = f"'{doing.name}' has a pattern of breath but no breaths"
            yield checked.error(
                "pattern-unfit", message, places["pattern"], "a pattern goes with 'breaths'; leave it out"
            )


def tempo_can_be_followed(checked: Checked) -> Iterator[Diagnostic]:
    """A repetition or breath takes time."""
    for doing in checked.everything_done():
        dose, tempo = doing.plan.dose, doing.plan.tempo
        if dose is not None and dose.measure is Measure.REPS and tempo.whole_s < LEAST_REP_S:
            message = f"a repetition in {short(tempo.whole_s)} is faster than it can be counted"
            hint = "let a repetition take half a second at least"
            yield checked.error("too-fast", message, checked.place(doing.step, "tempo", "exercise"), hint)
    for step, pattern in patterns(checked):
        yield from _breath_can_be_followed(checked, pattern, checked.place(step, "pattern", "breathe", "exercise"))


def _breath_can_be_followed(checked: Checked, pattern: Tempo, place: Location) -> Iterator[Diagnostic]:
    if not pattern.down_s or not pattern.up_s:
        missing = "in" if not pattern.down_s else "out"
        hint = "write in-hold-out-hold, such as 4-2-6-0; the first and the third need time"
        yield checked.error("bad-pattern", f"the pattern {pattern} leaves no time to breathe {missing}", place, hint)
    elif min(pattern.down_s, pattern.up_s) < LEAST_BREATH_S:
        way = "in" if pattern.down_s < LEAST_BREATH_S else "out"
        message = f"to breathe {way} within {short(min(pattern.down_s, pattern.up_s))} is faster than anyone can"
        yield checked.error("too-fast", message, place, "a calm breath takes ten seconds, such as 4-0-6-0")


def patterns(checked: Checked) -> Iterator[tuple[Step, Tempo]]:
    """Every pattern of breath that is breathed, with its step."""
    for step in checked.steps():
        if isinstance(step, BreatheStep):
            yield step, step.pattern
    for doing in checked.exercises():
        if doing.plan.dose is not None and doing.plan.dose.measure is Measure.BREATHS:
            yield doing.step, doing.plan.pattern
