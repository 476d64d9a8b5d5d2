"""The built-in routines: made of what the articles name (`facts.yaml`), safe, and of a sensible length."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from test_exercises import faults

from voicecoach.library import Library
from voicecoach.model.exercise import Measure
from voicecoach.model.routine import (
    BreatheStep,
    ExerciseStep,
    Prescription,
    RepeatStep,
    RestStep,
    Routine,
    SayStep,
    Step,
    prescribe,
)
from voicecoach.pipeline import Workshop, plan

LIBRARY = Library()
FACTS: Mapping[str, Mapping[str, Any]] = {
    row["name"]: row
    for row in yaml.safe_load((Path(__file__).parent / "facts.yaml").read_text(encoding="utf-8"))["routines"]
}
USUAL_MINUTES = "10-25"
# What a person may well not have, or the articles call optional: a note before it says what to do without.
OPTIONAL = {"massage gun", "tennis ball", "foam roller", "resistance band"}


class Planned(NamedTuple):
    name: str
    text: str
    routine: Routine
    faults: tuple[object, ...]
    length_s: float
    spoken: tuple[str, ...]

    @property
    def fact(self) -> Mapping[str, Any]:
        return FACTS[self.name]

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(walk(self.routine.steps))

    @property
    def exercises(self) -> tuple[str, ...]:
        """Ids in the order done, each once."""
        return tuple(dict.fromkeys(step.exercise for step in self.steps if isinstance(step, ExerciseStep)))

    @property
    def prescriptions(self) -> Iterator[Prescription]:
        for step in self.steps:
            if isinstance(step, ExerciseStep):
                yield prescribe(step, LIBRARY.exercise(step.exercise))


def walk(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step, RepeatStep):
            yield from walk(step.steps)


@pytest.fixture(scope="module", params=sorted(FACTS))
def planned(request: pytest.FixtureRequest, fake_shop: Workshop) -> Planned:
    source = LIBRARY.routine_source(request.param)
    outcome = plan(source, request.param, fake_shop)
    assert outcome.routine is not None, [fault.render() for fault in outcome.faults]
    assert outcome.script is not None, [fault.render() for fault in outcome.faults]
    assert outcome.timeline is not None
    spoken = tuple(cue.text for cue in outcome.script.spoken())
    length_s = float(outcome.timeline.length_s)
    return Planned(request.param, source.text, outcome.routine, outcome.faults, length_s, spoken)


def test_all_are_there() -> None:
    assert set(LIBRARY.routine_names) == set(FACTS)


def test_there_is_no_fault_and_no_warning(planned: Planned) -> None:
    assert not planned.faults


def test_it_names_its_article(planned: Planned) -> None:
    comment = "\n".join(line for line in planned.text.splitlines() if line.startswith("#"))
    if planned.fact["from"] == "ours":
        assert not re.search(r"\bA\d\b", planned.text)
    else:
        assert f"({planned.fact['from']})." in (planned.routine.description or "")
        assert f"From {planned.fact['from']}" in comment


def test_it_has_the_movements_that_the_table_names(planned: Planned) -> None:
    if "of" in planned.fact:
        assert set(planned.exercises) == set(planned.fact["of"])
    if planned.fact.get("in order"):
        assert planned.exercises == tuple(planned.fact["of"])


def test_table_names_movements_that_there_are() -> None:
    for row in FACTS.values():
        assert set(row.get("of", ())) <= set(LIBRARY.exercise_ids)


def test_doses_are_the_articles(planned: Planned) -> None:
    """Where a routine says another dose than the library, it is one that the article gives: within its range."""
    if planned.fact["from"] == "ours":
        return
    for prescription in planned.prescriptions:
        exercise, dose = prescription.exercise, prescription.dose
        assert exercise.dose is not None
        assert dose is not None
        assert dose.measure is exercise.dose.measure
        assert exercise.dose.amount.least <= dose.amount.least <= dose.amount.most <= exercise.dose.amount.most
        assert (prescription.sets, prescription.sides) == (exercise.sets, exercise.sides)


def test_its_length_is_sensible(planned: Planned) -> None:
    low, high = (int(figure) for figure in str(planned.fact.get("minutes", USUAL_MINUTES)).split("-"))
    assert low * 60 <= planned.length_s <= high * 60


def test_what_it_says_is_worded_to_be_heard(planned: Planned) -> None:
    texts = [step.text for step in planned.steps if isinstance(step, SayStep)]
    for step in planned.steps:
        if isinstance(step, ExerciseStep):
            texts += [cue.text for cue in step.cues]
    found = [fault for text in texts for fault in faults(text)]
    assert not found, "\n".join(found)


def test_who_should_ask_a_professional_first_is_told(planned: Planned) -> None:
    if planned.exercises:
        told = next(text for text in planned.spoken if text.startswith("Ask a professional first"))
        assert all(word in told for word in ("osteoporosis", "arthritis", "hip", "knee", "ankle"))
        first = next(n for n, step in enumerate(planned.steps) if isinstance(step, ExerciseStep))
        assert any(isinstance(step, SayStep) and step.text == told for step in planned.steps[:first])


def test_safety_line_comes_by_itself_and_once(planned: Planned) -> None:
    said = [text for text in planned.spoken if "discomfort" in text]
    assert len(said) == (1 if planned.exercises else 0)


def test_sciatic_nerve_is_told_with_ball_and_gun(planned: Planned) -> None:
    if {"massage-gun-hips", "tennis-ball-hip-flexor"} & set(planned.exercises):
        assert any("sciatic nerve" in text for text in planned.spoken)


def test_without_optional_equipment_one_knows_what_to_do(planned: Planned) -> None:
    note = ""
    for step in planned.steps:
        if isinstance(step, SayStep):
            note = step.text
        elif isinstance(step, ExerciseStep):
            needed = OPTIONAL & set(LIBRARY.exercise(step.exercise).equipment)
            for thing in needed:
                assert thing.split()[-1] in note
                assert re.search(r"\bif (not|you have none)\b", note, re.IGNORECASE)


def test_warm_up_is_first(planned: Planned) -> None:
    assert "warm-up-walk" not in planned.exercises[1:]


def test_strength_is_after_mobility(planned: Planned) -> None:
    """A0's rule, also where A3's list has it otherwise; A4's own order has it so anyway."""
    strength = {
        "split-squat",
        "squat-external-rotation",
        "lateral-squat",
        "side-lying-leg-raise",
        "fire-hydrant",
        "banded-walk",
        "clamshell",
        "hip-bridge",
    }
    mobility = [n for n, name in enumerate(planned.exercises) if name.endswith(("stretch", "pose", "rotation"))]
    mobility = [n for n in mobility if planned.exercises[n] not in strength]
    strong = [n for n, name in enumerate(planned.exercises) if name in strength]
    assert not strong or not mobility or max(mobility) < min(strong)


def test_morning_is_mobility_then_two_holds_then_one_move_for_strength(fake_shop: Workshop) -> None:
    routine = plan(LIBRARY.routine_source("morning"), "morning", fake_shop).routine
    assert routine is not None
    exercises = [step for step in walk(routine.steps) if isinstance(step, ExerciseStep)]
    done = [prescribe(step, LIBRARY.exercise(step.exercise)) for step in exercises]
    measures = [prescription.dose.measure for prescription in done if prescription.dose]
    assert measures[-3:] == [Measure.HOLD, Measure.HOLD, Measure.REPS]
    assert Measure.HOLD not in measures[:-3]
    assert not [prescription.exercise.id for prescription in done if prescription.exercise.equipment]


def test_calm_down_is_only_breathing(fake_shop: Workshop) -> None:
    routine = plan(LIBRARY.routine_source("calm-down"), "calm-down", fake_shop).routine
    assert routine is not None
    assert all(isinstance(step, BreatheStep | SayStep | RestStep | RepeatStep) for step in walk(routine.steps))
    breathing = [step for step in walk(routine.steps) if isinstance(step, BreatheStep)]
    assert len(breathing) >= 3
    # A breath out is never shorter than the breath in: that is what calms.
    assert all(step.pattern.up_s >= step.pattern.down_s for step in breathing)


@pytest.mark.parametrize("name", Library().routine_names)
def test_nothing_is_left_out_of_a_built_in_routine(name: str, fake_shop: Workshop) -> None:
    """A note would mean that something written is not heard."""
    outcome = plan(fake_shop.library.routine_source(name), name, fake_shop)
    assert outcome.timeline is not None
    assert not outcome.timeline.notes
