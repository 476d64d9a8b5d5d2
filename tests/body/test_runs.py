"""Which exercises change places: those in a row, with what stands between and around them where it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from tests.source.routines import routines
from voicecoach.body.runs import Reordering, reordered
from voicecoach.library import Library
from voicecoach.model.exercise import Exercise, ExerciseKind
from voicecoach.model.location import Location
from voicecoach.model.routine import ExerciseStep, IncludeStep, IntervalsStep, RepeatStep, RestStep, Routine, Step
from voicecoach.source.nodes import SourceFile, Sources
from voicecoach.stages.parse import parse

LIBRARY = Library()
MIXED = "[clamshell, split-squat, hip-bridge, leg-swings]"


def exercise(step: ExerciseStep) -> Exercise | None:
    if step.own is not None:
        return step.own
    return LIBRARY.exercise(step.exercise) if step.exercise in LIBRARY.exercise_ids else None


def steps(text: str) -> tuple[Step, ...]:
    routine, faults = parse(Sources(SourceFile("routine.yaml", f"steps:\n{text}")), "routine", LIBRARY)
    assert routine is not None
    assert not faults
    return routine.steps


def lines(*written: str) -> str:
    return "".join(f"  - {line}\n" for line in written)


def brought(text: str) -> tuple[list[str], tuple[Reordering, ...]]:
    found, changes = reordered(steps(text), exercise)
    return shown(found), changes


def shown(found: tuple[Step, ...]) -> list[str]:
    names: list[str] = []
    for step in found:
        if isinstance(step, ExerciseStep):
            names.append(step.exercise)
        elif isinstance(step, RepeatStep | IncludeStep):
            names += ["(", *shown(step.steps), ")"]
        else:
            names.append(type(step).__name__.removesuffix("Step").lower())
    return names


def test_rests_keep_their_slots() -> None:
    found, changes = brought(lines("clamshell", "rest: 5s", "split-squat", "hip-bridge", "rest: 9s", "leg-swings"))
    assert found == ["clamshell", "rest", "hip-bridge", "split-squat", "rest", "leg-swings"]
    (change,) = changes
    assert change.order == "clamshell, hip-bridge, split-squat, leg-swings"
    assert change.gain == "up or down once instead of 3 times, about 20 s less to get there"


@pytest.mark.parametrize(
    "wall",
    ["say: Now the rest.", "breathe: {for: 1 min}", "repeat: 2\n    steps: [rest: 5s]", "tabata: [fire-hydrant]"],
)
def test_what_stands_between_ends_a_run(wall: str) -> None:
    written = ["clamshell", "split-squat", wall, "hip-bridge", "leg-swings", "clamshell: 5 reps", "split-squat: 5 reps"]
    before = steps(lines(*written))
    after, _ = reordered(before, exercise)
    assert after[2] == before[2]
    assert {id(step) for step in after[:2]} == {id(step) for step in before[:2]}


def test_a_warm_up_stays_and_nothing_goes_before_it() -> None:
    found, _ = brought(lines("clamshell", "warm-up-walk", "hip-bridge", "split-squat", "clamshell"))
    assert found[:2] == ["clamshell", "warm-up-walk"]
    assert found[2:] == ["split-squat", "clamshell", "hip-bridge"]


def test_release_stays_and_nothing_passes_it() -> None:
    found, _ = brought(lines("split-squat", "clamshell", "leg-swings", "foam-roll-leg", "hip-bridge", "split-squat"))
    assert found == ["split-squat", "leg-swings", "clamshell", "foam-roll-leg", "hip-bridge", "split-squat"]


def test_the_position_before_and_after_counts() -> None:
    assert brought(lines("warm-up-walk", *MIXED[1:-1].split(", ")))[0][1:3] == ["split-squat", "leg-swings"]
    assert brought(lines(*MIXED[1:-1].split(", "), "tabata: [banded-walk]"))[0][:2] == ["clamshell", "hip-bridge"]
    # Words that name a position may bring one anywhere; other words leave one as one is.
    assert brought(lines("warm-up-walk", "say: Go on.", *MIXED[1:-1].split(", ")))[0][2] == "split-squat"
    assert brought(lines("warm-up-walk", "say: Lie down.", *MIXED[1:-1].split(", ")))[0][2] == "clamshell"


def test_a_repeat_is_a_run_of_its_own_and_leads_back_to_its_beginning() -> None:
    text = f"  - warm-up-walk\n  - repeat: 4\n    steps: {MIXED}\n"
    found, (change,) = brought(text)
    assert found == ["warm-up-walk", "(", "split-squat", "leg-swings", "clamshell", "hip-bridge", ")"]
    # Down once each round, and up again before the next one.
    assert (change.effort.ups_and_downs, change.least.ups_and_downs) == (4 * 3 + 4, 4 + 3)


def test_rounds_of_rounds_count_all() -> None:
    text = f"  - repeat: 2\n    steps:\n      - repeat: 3\n        steps: {MIXED}\n      - say: Again.\n"
    _, (change,) = brought(text)
    # Three in each of six rounds, and one between two of them, wherever the outer one begins anew.
    assert change.effort.ups_and_downs == 6 * 3 + 5
    assert change.least.ups_and_downs == 6 + 5


def test_nothing_leaves_an_include() -> None:
    inner = IncludeStep("b.yaml", tuple(steps(lines("split-squat", "hip-bridge", "split-squat: 5 reps"))))
    found, _ = reordered((*steps(lines("clamshell")), inner, *steps(lines("clamshell: 5 reps"))), exercise)
    assert isinstance(found[1], IncludeStep)
    assert len(found[1].steps) == 3


def test_nothing_leaves_a_file_where_its_steps_stand_among_others() -> None:
    def elsewhere(step: Step) -> Step:
        return replace(step, places={"exercise": Location("cool-down.yaml", 2, 5)})

    one, *others = steps(lines("clamshell", "split-squat", "hip-bridge", "leg-swings"))
    flat = (one, others[0], elsewhere(others[1]), elsewhere(others[2]))
    found, _ = reordered(flat, exercise)
    assert set(map(id, found[:2])) == set(map(id, flat[:2]))
    together, _ = reordered((one, *others), exercise)
    assert set(map(id, together[:2])) == {id(one), id(others[1])}


def test_items_of_intervals_stay() -> None:
    found, changes = reordered(steps(f"  - intervals: {{work: 30s, rounds: 2, of: {MIXED}}}\n"), exercise)
    assert isinstance(found[0], IntervalsStep)
    assert [item.exercise for item in found[0].of] == MIXED[1:-1].split(", ")
    assert changes == ()


def test_a_few_seconds_are_not_worth_it() -> None:
    """The band is put away and fetched again, but the position is the same all the time."""
    found, changes = brought(lines("banded-walk", "split-squat", "banded-walk: 5 reps", "split-squat: 5 reps"))
    assert (found, changes) == (["banded-walk", "split-squat", "banded-walk", "split-squat"], ())


def test_an_unknown_exercise_ends_a_run() -> None:
    unknown = ExerciseStep("nobody-knows")
    one, *others = steps(lines("clamshell", "split-squat", "hip-bridge", "leg-swings"))
    assert reordered((one, others[0], unknown, *others[1:]), exercise)[1] == ()


def test_a_routine_is_not_searched_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    long = [*["split-squat", "clamshell", "leg-swings: {sets: 1}", "hip-bridge"] * 4]
    text = lines(*long, "say: Go on.", *long, "say: Go on.", "clamshell", "split-squat", "hip-bridge")
    assert len(brought(text)[1]) == 3
    monkeypatch.setattr("voicecoach.body.runs.MOST_SEARCHED", 20)
    assert [len(change.written) for change in brought(text)[1]] == [16, 3]


@pytest.mark.parametrize("name", LIBRARY.routine_names)
def test_the_built_in_routines_are_in_good_order(name: str) -> None:
    source = LIBRARY.routine_source(name)
    routine, _ = parse(Sources(source), name, LIBRARY)
    assert routine is not None
    assert reordered(routine.steps, exercise) == (routine.steps, ())


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(routine=routines(include=False))
def test_only_exercises_change_places_and_none_is_lost(routine: Routine) -> None:
    def same(before: tuple[Step, ...], after: tuple[Step, ...]) -> None:
        assert len(before) == len(after)
        for one, other in zip(before, after, strict=True):
            if isinstance(one, RepeatStep):
                assert isinstance(other, RepeatStep)
                assert replace(one, steps=()) == replace(other, steps=())
                same(one.steps, other.steps)
            elif not isinstance(one, ExerciseStep) or kind(one) in {ExerciseKind.WARM_UP, ExerciseKind.RELEASE}:
                assert one == other
        done = [[step for step in some if isinstance(step, ExerciseStep)] for some in (before, after)]
        assert sorted(map(id, done[0])) == sorted(map(id, done[1]))

    def kind(step: ExerciseStep) -> ExerciseKind | None:
        found = exercise(step)
        return None if found is None else found.kind

    found, changes = reordered(routine.steps, exercise)
    same(routine.steps, found)
    assert all(change.least < change.effort for change in changes)
    assert isinstance(found, tuple)
    assert not any(isinstance(step, RestStep) and step not in routine.steps for step in found)
