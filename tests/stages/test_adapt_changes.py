"""What a person or a programme adds: seconds to holds, repetitions, rounds and sets, up to limits; and other sides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from voicecoach.config import Options
from voicecoach.errors import UsageError
from voicecoach.library import Library
from voicecoach.library.profile import profile_of, read_flag
from voicecoach.model.exercise import DEFAULT_PATTERN, Dose, Exercise, Measure, Phrase, Quantity, Side, Sides, Unit
from voicecoach.model.profile import Profile
from voicecoach.model.routine import (
    BreatheStep,
    ExerciseStep,
    IntervalsStep,
    MidCue,
    Prescription,
    RepeatStep,
    RestStep,
    Routine,
    SayStep,
    Step,
    prescribe,
)
from voicecoach.model.timeline import Timeline
from voicecoach.pipeline import Workshop, plan
from voicecoach.source.nodes import SourceFile
from voicecoach.stages.adapt import Adapted, adapt

LIBRARY = Library()
HOLD, REPS, TIME, CYCLES, BREATHS = Measure
ROUND = (ExerciseStep("hip-bridge"),)


def own(measure: Measure, amount: Quantity | int, sides: Sides = Sides.BOTH, sets: int = 1) -> ExerciseStep:
    quantity = amount if isinstance(amount, Quantity) else Quantity.of(amount)
    phrase = Phrase("Stand on the {side} leg.") if sides is not Sides.BOTH else Phrase("Stand.")
    made = Exercise("own", "Own", dose=Dose(measure, quantity), sides=sides, sets=sets, set_up=phrase)
    return ExerciseStep("own", made)


def wishes(**changes: str) -> Profile:
    """A profile as the keys of a file give it; ``_`` for a space."""
    keys = {key.replace("_", " "): text for key, text in changes.items()}
    return profile_of({key: read_flag(key, text) for key, text in keys.items()})


def adapted(*steps: Step, **changes: str) -> Adapted:
    return adapt(Routine("test", "Test", steps), wishes(**changes), LIBRARY)


def planned(steps: Iterable[Step]) -> Iterator[Prescription]:
    for step in steps:
        if isinstance(step, ExerciseStep):
            yield prescribe(step, step.own or LIBRARY.exercise(step.exercise))
        elif isinstance(step, RepeatStep):
            yield from planned(step.steps)
        elif isinstance(step, IntervalsStep):
            yield from planned(step.of)


def between(least: int, most: int) -> Quantity:
    return Quantity(Fraction(least), Fraction(most))


@pytest.mark.parametrize(
    ("step", "changes", "wanted"),
    [
        (own(HOLD, 30), {"hold": "+5s"}, Quantity.of(35)),
        (own(HOLD, 30), {"hold": "-5s"}, Quantity.of(25)),
        (own(HOLD, 30), {"hold": "-40s"}, Quantity.of(1)),
        (own(HOLD, 42), {"hold": "+5s up to 45s"}, Quantity.of(45)),
        (own(HOLD, 60), {"hold": "+5s up to 45s"}, Quantity.of(60)),
        (own(HOLD, between(30, 60)), {"hold": "+5s up to 45s"}, between(35, 60)),
        (own(HOLD, between(42, 44)), {"hold": "+5s up to 45s"}, Quantity.of(45)),
        (own(HOLD, 30), {"hold": "x1.25 up to 35s"}, Quantity.of(35)),
        (own(HOLD, Quantity.of(Fraction("2.5"))), {"hold": "+1s"}, Quantity.of(4)),
        (own(HOLD, Quantity.of(Fraction("44.5"))), {"hold": "+1s up to 44s"}, Quantity.of(Fraction("44.5"))),
        (own(TIME, 60), {"hold": "+5s"}, Quantity.of(60)),
        (own(TIME, 60), {"hold": "x1.5 up to 80s"}, Quantity.of(80)),
        (own(REPS, 10), {"reps": "+2"}, Quantity.of(12)),
        (own(REPS, between(8, 12)), {"reps": "+2 up to 12"}, between(10, 12)),
        (own(REPS, 3), {"reps": "-5"}, Quantity.of(1)),
        (own(CYCLES, 3), {"reps": "+1"}, Quantity.of(4)),
        (own(BREATHS, 5), {"reps": "+2", "hold": "+5s"}, Quantity.of(5)),
    ],
)
def test_an_amount_is_changed_at_both_ends(step: ExerciseStep, changes: dict[str, str], wanted: Quantity) -> None:
    (found,) = planned(adapted(step, **changes).routine.steps)
    assert found.dose == Dose(step.own.dose.measure, wanted)  # type: ignore[union-attr]


def test_intervals_work_longer_by_a_factor_only_and_rest_by_both() -> None:
    intervals = IntervalsStep("intervals", Fraction(40), Fraction(20), Quantity.of(3), ROUND)
    still = replace(intervals, rest_s=Fraction(0))
    more, none = adapted(intervals, still, hold="+5s", rest="+5s").routine.steps
    assert (more, none) == (replace(intervals, rest_s=Fraction(25)), still)
    (times,) = adapted(intervals, hold="x1.5", rest="-30s").routine.steps
    assert times == replace(intervals, work_s=Fraction(60), rest_s=Fraction(1))


def test_rests_of_every_kind_grow() -> None:
    step = replace(own(REPS, 5, sets=2), rest_s=Fraction(30))
    told = adapted(RestStep(between(20, 40)), step, own(REPS, 5, sets=2), rest="+5s")
    rest, first, _ = told.routine.steps
    assert isinstance(rest, RestStep)
    assert isinstance(first, ExerciseStep)
    assert (rest.length, first.rest_s) == (between(25, 45), Fraction(35))
    assert dict(told.routine.coach) == {"rest_s": 15}
    assert told.notes == (
        "rest 25s to 45s instead of 20s to 40s",
        "rest between sets 35s instead of 30s: own",
        "the usual rest between sets 15s instead of 10s",
    )


def test_rounds_of_repeats_and_of_intervals() -> None:
    twice, once = RepeatStep(Quantity.of(2), ROUND, name="Circuit"), RepeatStep(Quantity.of(1), ROUND)
    either = RepeatStep(between(1, 3), ROUND)
    tabata = IntervalsStep("tabata", Fraction(20), Fraction(10), Quantity.of(8), ROUND)
    emom = IntervalsStep("emom", Fraction(60), Fraction(0), Quantity.of(1), (own(REPS, 5),))
    told = adapted(twice, once, either, tabata, emom, rounds="+1")
    assert told.routine.steps == (
        replace(twice, times=Quantity.of(3)),
        once,
        replace(either, times=between(2, 4)),
        replace(tabata, rounds=Quantity.of(9)),
        replace(emom, rounds=Quantity.of(2)),
    )
    assert told.notes == (
        "rounds 3 instead of 2: Circuit",
        "rounds 2 to 4 instead of 1 to 3: repeat",
        "rounds 9 instead of 8: tabata",
        "rounds 2 instead of 1: emom",
    )


def test_rounds_within_rounds_and_what_is_done_in_them() -> None:
    inner = RepeatStep(Quantity.of(2), (own(HOLD, 30),))
    told = adapted(RepeatStep(Quantity.of(4), (inner,)), rounds="x0.5", hold="+5s").routine.steps
    (outer,) = told
    assert isinstance(outer, RepeatStep)
    (within,) = outer.steps
    assert isinstance(within, RepeatStep)
    assert (outer.times, within.times) == (Quantity.of(2), Quantity.of(1))
    assert [done.dose for done in planned(told)] == [Dose(HOLD, Quantity.of(35))]


@pytest.mark.parametrize(
    ("step", "changes", "sets"),
    [
        (own(REPS, 5), "+1", 2),
        (own(HOLD, 30, sets=2), "+1 up to 3", 3),
        (own(HOLD, 30, sets=4), "+1 up to 3", 4),
        (own(CYCLES, 3, sets=3), "-1", 2),
        (own(REPS, 5), "-1", 1),
        (own(TIME, 60), "+1", 1),
        (own(BREATHS, 5), "x3", 1),
        (own(TIME, 60, sets=2), "+1", 3),
        (replace(own(REPS, 5), sets=2), "x1.5", 3),
    ],
)
def test_sets(step: ExerciseStep, changes: str, sets: int) -> None:
    told = adapted(step, sets=changes)
    assert [done.sets for done in planned(told.routine.steps)] == [sets]
    assert (f"sets {sets} instead of {step.sets or step.own.sets}: own" in told.notes) is (  # type: ignore[union-attr]
        sets != (step.sets or step.own.sets)  # type: ignore[union-attr]
    )


def test_an_interval_has_no_sets() -> None:
    intervals = IntervalsStep("intervals", Fraction(40), Fraction(20), Quantity.of(3), (own(REPS, 5),))
    told = adapted(intervals, sets="+1")
    assert (told.routine.steps, told.notes) == ((intervals,), ("sets +1 changes no sets here",))


def test_the_usual_rest_is_told_where_sets_come_to_be() -> None:
    told = adapted(own(REPS, 5), sets="+1", rest="+5s")
    assert told.notes == ("sets 2 instead of 1: own", "the usual rest between sets 15s instead of 10s")


def test_more_repetitions_of_an_emom_leave_time_to_rest() -> None:
    emom = IntervalsStep("emom", Fraction(60), Fraction(0), Quantity.of(5), (own(REPS, 10),))
    told = adapted(emom, reps="+30")
    (found,) = planned(told.routine.steps)
    assert found.dose == Dose(REPS, Quantity.of(13))  # of 4 s each: 52 s, and 5 s of rest at least
    assert "more repetitions would not fit into the time: own" in told.notes


def test_a_cue_inside_a_hold_moves_along() -> None:
    step = replace(own(HOLD, 30), cues=(MidCue("Breathe.", at_s=Fraction(20)),))
    (found,) = adapted(step, hold="+15s").routine.steps
    assert isinstance(found, ExerciseStep)
    assert found.cues == (MidCue("Breathe.", at_s=Fraction(30)),)


@pytest.mark.parametrize(
    ("step", "changes", "notes"),
    [
        (own(TIME, 60), {"hold": "+5s up to 45s"}, ("hold +5s up to 45s changes no hold here",)),
        (own(TIME, 1), {"hold": "x0.9"}, ("hold x0.9 changes no hold or time here",)),
        (own(HOLD, 60), {"hold": "+5s up to 45s"}, ()),
        (own(HOLD, 1), {"reps": "+2", "rest": "-5s"},
         ("reps +2 changes no repetitions or cycles here", "rest -5s changes no rest here")),
        (own(HOLD, 30), {"rounds": "+1 up to 4"}, ("rounds +1 up to 4 changes no rounds here",)),
        (own(REPS, 12), {"reps": "+2 up to 12"}, ()),
        (own(REPS, 1), {"reps": "-1"}, ("reps -1 changes no repetitions or cycles here",)),
        (own(HOLD, 30), {"hold": "x1", "swap_sides": "yes"},
         ("swap sides changes nothing: nothing here is done one side after the other",)),
    ],
)  # fmt: skip
def test_what_is_asked_for_in_vain_is_told_but_not_a_limit(
    step: ExerciseStep, changes: dict[str, str], notes: tuple[str, ...]
) -> None:
    told = adapted(step, **changes)
    assert (told.routine.steps, told.notes) == ((step,), notes)


def test_changes_that_follow_one_another_are_told_as_such() -> None:
    programme, person = wishes(reps="+2 up to 12", hold="+1:30"), wishes(reps="x0.8")
    routine = Routine("test", "Test", (own(BREATHS, 5),))
    assert adapt(routine, person.further(programme), LIBRARY).notes == (
        "hold +1:30 changes no hold here",
        "reps +2 up to 12, then x0.8 changes no repetitions or cycles here",
    )


# A programme first, then the person


def test_a_person_goes_on_from_what_a_programme_reached_and_it_is_rounded_once() -> None:
    programme, person = wishes(hold="x1.1", reps="+2", skip="a", talk="brief"), wishes(hold="x1.1", skip="b")
    both = person.further(programme)
    routine = Routine("test", "Test", (own(HOLD, 13), own(REPS, 10)))
    hold, reps = planned(adapt(routine, both, LIBRARY).routine.steps)
    assert hold.dose is not None
    assert reps.dose is not None
    assert (hold.dose.length_s, reps.dose.count) == (16, 12)  # 13 × 1.21 = 15.73; rounded twice it would be 15
    assert (both.skip, both.talk) == (("a", "b"), programme.talk)


@pytest.mark.parametrize(("programme", "person", "swapped"), [("no", "no", False), ("yes", "no", True),
                                                              ("no", "yes", True), ("yes", "yes", False)])  # fmt: skip
def test_sides_swapped_twice_are_as_written(programme: str, person: str, swapped: bool) -> None:
    both = wishes(swap_sides=person).further(wishes(swap_sides=programme))
    assert both.swap_sides is swapped


def test_going_on_from_nothing_or_by_nothing_changes_nothing() -> None:
    profile = wishes(hold="+5s up to 45s", reps="x0.8", rounds="+1", sets="-1", rest="x2", swap_sides="yes", pace="0.9")
    assert profile.further(Profile()) == Profile().further(profile) == profile


# Sides


def test_what_is_done_side_by_side_begins_with_the_other_one() -> None:
    each, turns = own(HOLD, 20, Sides.EACH), replace(own(REPS, 6, Sides.ALTERNATE), start=Side.RIGHT)
    left, both = own(HOLD, 20, Sides.LEFT), own(HOLD, 20)
    intervals = IntervalsStep("intervals", Fraction(40), Fraction(20), Quantity.of(3), (each, both))
    breathe = BreatheStep(DEFAULT_PATTERN, Quantity.of(3), Unit.BREATHS)
    told = adapted(each, left, both, breathe, RepeatStep(Quantity.of(2), (turns, intervals)), swap_sides="yes")
    right = replace(each, start=Side.RIGHT)
    swapped = (replace(turns, start=Side.LEFT), replace(intervals, of=(right, both)))
    assert told.routine.steps == (right, left, both, breathe, RepeatStep(Quantity.of(2), swapped))
    assert told.notes == ("right side first instead of left: own", "left side first instead of right: own")


SIDES = """\
title: Sides
steps:
  - pigeon-pose: 20s
  - balance: {name: Balance, set up: "Stand on the {side} leg.", hold: 15s, sides: alternate, sets: 2}
  - split-squat: {reps: 4, start: right}
  - kick: {name: Kick, set up: "Stand on the {other side} leg.", reps: 5, sides: alternate}
  - intervals: {work: 20s, rest: 5s, rounds: 2, of: [clamshell]}
"""


def timeline_of(shop: Workshop, **changes: str) -> Timeline:
    shop = replace(shop, options=Options(profile=wishes(**changes)))
    outcome = plan(SourceFile("sides.yaml", SIDES), "sides", shop)
    assert outcome.timeline is not None, outcome.faults
    return outcome.timeline


def work(timeline: Timeline) -> list[tuple[str | None, str | None, int]]:
    kinds = {"hold", "time", "reps", "cycles", "work"}
    return [(span.exercise, span.side, span.frames) for span in timeline.spans if span.kind in kinds]


def test_the_same_is_done_on_both_sides_in_the_other_order(fake_shop: Workshop) -> None:
    usual, swapped = work(timeline_of(fake_shop)), work(timeline_of(fake_shop, swap_sides="yes"))
    other = {"left": "right", "right": "left", None: None}
    assert swapped == [(name, other[side], frames) for name, side, frames in usual]
    assert len([side for _, side, _ in usual if side]) >= 12
    for name in {name for name, side, _ in usual if side}:
        sums = [
            sum(frames for exercise, side, frames in swapped if (exercise, side) == (name, which))
            for which in ("left", "right")
        ]
        assert sums[0] == sums[1] > 0


def test_the_coach_names_the_side_that_begins(fake_shop: Workshop) -> None:
    def told(timeline: Timeline, exercise: str) -> str:
        spans = [span for span in timeline.spans if span.exercise == exercise and span.kind == "set-up"]
        inside = [clip.text for clip in timeline.track("voice").clips
                  if spans[0].start <= clip.start < spans[0].start + spans[0].frames]  # fmt: skip
        return " ".join(text for text in inside if text).lower()

    def mirrored(text: str) -> str:
        return re.sub(r"\b(left|right)\b", lambda side: {"left": "right", "right": "left"}[side[0]], text)

    usual, swapped = timeline_of(fake_shop), timeline_of(fake_shop, swap_sides="yes")
    for exercise in ("pigeon-pose", "split-squat", "balance", "kick"):
        assert told(swapped, exercise) == mirrored(told(usual, exercise)) != told(usual, exercise)


# What would take days


@pytest.mark.parametrize(
    ("step", "changes", "message"),
    [
        (SayStep("Go."), {"rounds": "+100"}, "it would have 59406 steps; the most is 50000"),
        (
            own(REPS, 10),
            {"rounds": "x2", "reps": "+100"},
            "the session would last 198.0 hours; the longest that is made is 24",
        ),
        (own(HOLD, 32, Sides.EACH, sets=2), {"sets": "+98"}, "the session would last 720.8 hours"),
    ],
)
def test_a_session_of_days_is_refused(step: Step, changes: dict[str, str], message: str) -> None:
    nested = RepeatStep(Quantity.of(9), (RepeatStep(Quantity.of(9), (step,) * 5),))
    with pytest.raises(UsageError, match=message) as told:
        adapted(nested, own(HOLD, 30), **changes)
    assert told.value.hint


def test_a_warm_up_comes_before_the_first_thing_to_do_and_only_where_there_is_none() -> None:
    said, done = SayStep("Welcome."), ExerciseStep("hip-bridge")
    warm = adapted(said, done, warm_up="5 min", hold="x2")
    assert [getattr(step, "exercise", "said") for step in warm.routine.steps] == ["said", "warm-up-walk", "hip-bridge"]
    first = warm.routine.steps[1]
    assert isinstance(first, ExerciseStep)
    assert prescribe(first, LIBRARY.exercise("warm-up-walk")).dose == Dose(TIME, Quantity.of(300))  # as wished: not x2
    assert "a warm-up of 5 min first" in warm.notes
    own_one = (ExerciseStep("warm-up-walk"), done)
    assert adapted(*own_one, warm_up="5 min").routine.steps == own_one
    assert adapted(done, warm_up="5 min", skip="warm-up-walk").routine.steps == (done,)
