"""What adapt promises whatever the routine and the profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from voicecoach.config import Options
from voicecoach.errors import UsageError
from voicecoach.library import Library
from voicecoach.model.change import Change
from voicecoach.model.exercise import (
    DEFAULT_PATTERN,
    Dose,
    Exercise,
    Measure,
    Phrase,
    Quantity,
    Side,
    Sides,
    Unit,
)
from voicecoach.model.profile import Profile
from voicecoach.model.routine import (
    BreatheStep,
    ExerciseStep,
    Given,
    IncludeStep,
    IntervalsStep,
    Prescription,
    RepeatStep,
    RestStep,
    Routine,
    SayStep,
    Step,
    Talk,
    prescribe,
)
from voicecoach.pipeline import Workshop, plan
from voicecoach.stages.adapt import Adapted, adapt

LIBRARY = Library()
HOLD, REPS = Measure.HOLD, Measure.REPS
SQUAT = ExerciseStep("split-squat")


def plans(steps: Iterable[Step]) -> Iterator[Prescription]:
    """Every exercise as it is done, those of repeats and intervals too."""
    for step in steps:
        if isinstance(step, ExerciseStep):
            yield prescribe(step, step.own or LIBRARY.exercise(step.exercise))
        elif isinstance(step, RepeatStep | IncludeStep):
            yield from plans(step.steps)
        elif isinstance(step, IntervalsStep):
            yield from plans(step.of)


def held(length_s: int, factor: Fraction) -> Fraction:
    """Scale a hold."""
    plank = Exercise("plank", "Plank", dose=Dose(HOLD, Quantity.of(length_s)))
    routine = Routine("test", "Test", (ExerciseStep("plank", plank),))
    (found,) = plans(adapt(routine, Profile(hold=Change(factor)), LIBRARY).routine.steps)
    assert found.dose is not None
    return found.dose.length_s


links = st.builds(
    Change,
    st.just(Fraction(1)) | st.fractions(Fraction(1, 10), 4, max_denominator=20),
    st.integers(-30, 30).map(Fraction),
    st.none() | st.integers(1, 90).map(Fraction),
)
changes = st.none() | links | st.builds(lambda change, before: change.after(before), links, links)
few = st.none() | st.builds(
    Change,
    st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(2)]),
    st.integers(-2, 2).map(Fraction),
    st.none() | st.integers(1, 4).map(Fraction),
)
paces = st.none() | st.fractions(Fraction(1, 2), 2, max_denominator=20)
seconds = st.integers(1, 90).map(Fraction)
quantities = st.builds(
    lambda a, b: Quantity(Fraction(min(a, b)), Fraction(max(a, b))), st.integers(1, 40), st.integers(1, 40)
)
given_doses = st.builds(
    lambda measure, quantity: Given(quantity, Unit.SECONDS if measure.timed else Unit(measure.value), measure),
    st.sampled_from(Measure),
    quantities,
)
own_exercises = st.builds(
    lambda measure, quantity, sides, position, equipment: Exercise(
        "own", "Own", dose=Dose(measure, quantity), sides=sides, position=position, equipment=equipment,
        set_up=Phrase("Stand."),
    ),
    st.sampled_from(Measure),
    quantities,
    st.sampled_from(Sides),
    st.sampled_from([None, "standing", "half-kneeling", "lying on the back"]),
    st.sampled_from([(), ("chair",), ("counter or chair", "foam roller")]),
)  # fmt: skip
exercise_steps = st.builds(
    lambda name, made, dose, sides, sets: ExerciseStep("own" if made else name, made, dose, sides=sides, sets=sets),
    st.sampled_from(LIBRARY.exercise_ids),
    st.none() | own_exercises,
    st.none() | given_doses,
    st.none() | st.sampled_from(Sides),
    st.none() | st.integers(1, 3),
)
squats = st.builds(
    lambda least, most: ExerciseStep(
        "split-squat", given=Given(Quantity(Fraction(least), Fraction(least + most)), Unit.REPS, REPS)
    ),
    st.integers(1, 12),
    st.integers(0, 30),
)
intervals_steps = st.builds(
    lambda work_s, rest_s, rounds, of: IntervalsStep("intervals", work_s, rest_s, Quantity.of(rounds), tuple(of)),
    seconds, seconds, st.integers(1, 5), st.lists(exercise_steps, min_size=1, max_size=3),
) | st.builds(
    lambda rounds, of: IntervalsStep("emom", Fraction(60), Fraction(0), Quantity.of(rounds), tuple(of)),
    st.integers(1, 5), st.lists(squats, min_size=1, max_size=3),
)  # fmt: skip
leaves = (
    exercise_steps
    | intervals_steps
    | quantities.map(RestStep)
    | st.just(SayStep("Hello."))
    | st.just(BreatheStep(DEFAULT_PATTERN, Quantity.of(3), Unit.BREATHS))
)
steps_lists = st.lists(
    st.recursive(
        leaves,
        lambda inner: (
            st.builds(lambda s: RepeatStep(Quantity.of(2), tuple(s)), st.lists(inner, min_size=1, max_size=4))
            | st.builds(lambda s: IncludeStep("inner.yaml", tuple(s)), st.lists(inner, min_size=1, max_size=4))
        ),
        max_leaves=6,
    ),
    min_size=1,
    max_size=6,
)
names = st.lists(st.sampled_from(["pigeon-pose", "own", "kneeling", "lying", "chair", "foam-roller", "x"]), max_size=2)
profiles = st.builds(
    Profile,
    talk=st.none() | st.sampled_from(Talk),
    hold=changes, reps=changes, rounds=few, sets=few, rest=changes, pace=paces, swap_sides=st.booleans(),
    skip=names.map(tuple), avoid=names.map(tuple), without=names.map(tuple),
)  # fmt: skip
routines = steps_lists.map(lambda steps: Routine("test", "Test", tuple(steps)))


def walk(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step, RepeatStep | IncludeStep):
            yield from walk(step.steps)


def opened(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Steps without includes, made in another way than adapt does."""
    found: tuple[Step, ...] = ()
    for step in steps:
        if isinstance(step, IncludeStep):
            found += opened(step.steps)
        else:
            found += (replace(step, steps=opened(step.steps)) if isinstance(step, RepeatStep) else step,)
    return found


def sure(routine: Routine, profile: Profile) -> Adapted:
    """Adapt; where all would be left out, the example says nothing."""
    try:
        return adapt(routine, profile, LIBRARY)
    except UsageError:
        assume(False)
        raise


@given(routines)
def test_the_empty_profile_changes_nothing(routine: Routine) -> None:
    assert adapt(routine, Profile(), LIBRARY) == Adapted(replace(routine, steps=opened(routine.steps)))


@given(routines)
def test_factors_of_one_change_nothing(routine: Routine) -> None:
    one = Change()
    told = adapt(routine, Profile(hold=one, reps=one, rounds=one, sets=one, rest=one, pace=Fraction(1)), LIBRARY)
    assert told == adapt(routine, Profile(), LIBRARY)


@given(routines, profiles)
def test_nothing_is_ever_empty_or_below_one(routine: Routine, profile: Profile) -> None:
    told = sure(routine, profile)
    assert told.routine.steps
    for step in walk(told.routine.steps):
        assert not isinstance(step, IncludeStep)
        assert not isinstance(step, RepeatStep) or step.steps
        if isinstance(step, RepeatStep | IntervalsStep):
            rounds = step.times if isinstance(step, RepeatStep) else step.rounds
            assert 1 <= rounds.least <= rounds.most
            assert rounds.least.denominator == rounds.most.denominator == 1
        assert not isinstance(step, IntervalsStep) or (step.of and step.work_s >= 1)
        assert not isinstance(step, RestStep) or step.length.least >= 1
    for done in plans(told.routine.steps):
        assert done.dose is not None
        assert done.sets >= 1
        assert 1 <= done.dose.amount.least <= done.dose.amount.most
        assert done.dose.amount.least.denominator == done.dose.amount.most.denominator == 1
        assert done.tempo.whole_s >= Fraction(1, 2)


@given(routines, profiles)
def test_sides_sets_rounds_and_order_stay(routine: Routine, profile: Profile) -> None:
    """What is left is in the order written, on the sides written: a dose is that of both sides, so both stay equal."""
    profile = replace(profile, rounds=None, sets=None, swap_sides=False)
    told = sure(routine, profile)
    kept = list(plans(told.routine.steps))
    before = iter(plans(routine.steps))
    for done in kept:
        same = (done.exercise, done.turns, done.sets, done.phases, done.pattern)
        assert any(same == (p.exercise, p.turns, p.sets, p.phases, p.pattern) for p in before)
    rounds = {(type(s), s.times if isinstance(s, RepeatStep) else s.rounds) for s in walk(told.routine.steps)
              if isinstance(s, RepeatStep | IntervalsStep)}  # fmt: skip
    assert rounds <= {(type(s), s.times if isinstance(s, RepeatStep) else s.rounds) for s in walk(routine.steps)
                      if isinstance(s, RepeatStep | IntervalsStep)}  # fmt: skip


@given(exercise_steps, profiles)
def test_left_and_right_steps_of_one_dose_stay_equal(step: ExerciseStep, profile: Profile) -> None:
    both = tuple(replace(step, sides=Sides(side.value)) for side in Side)
    told = sure(Routine("test", "Test", (*both, SQUAT)), profile)
    done = [p for p in plans(told.routine.steps) if p.exercise != LIBRARY.exercise("split-squat")]
    assume(len(done) > 0)
    left, right = done
    assert (left.sides, right.sides) == (Sides.LEFT, Sides.RIGHT)
    assert (left.dose, left.tempo, left.rest_s) == (right.dose, right.tempo, right.rest_s)


@given(routines, changes, few)
def test_two_changes_that_are_whole_are_as_good_as_one_after_the_other(
    routine: Routine, one: Change | None, other: Change | None
) -> None:
    """Additions alone need no rounding: going on from a programme is adapting what it made."""
    first, second = (
        None if c is None else replace(c, factor=Fraction(1), plus=abs(c.plus), earlier=None) for c in (one, other)
    )
    programme, person = Profile(hold=first, rest=first), Profile(hold=second, rest=second, rounds=second)
    in_turn = adapt(adapt(routine, programme, LIBRARY).routine, person, LIBRARY).routine
    assert adapt(routine, person.further(programme), LIBRARY).routine == in_turn


@given(routines)
def test_swapping_sides_twice_is_as_written(routine: Routine) -> None:
    swap = Profile(swap_sides=True)
    once = adapt(routine, swap, LIBRARY).routine
    before, after = list(plans(opened(routine.steps))), list(plans(once.steps))
    assert [(p.dose, p.sets, sorted(filter(None, p.turns))) for p in before] == [
        (p.dose, p.sets, sorted(filter(None, p.turns))) for p in after
    ]
    assert all(b.turns[0] != a.turns[0] for b, a in zip(before, after, strict=True) if len(b.turns) > 1)
    assert list(plans(adapt(once, swap, LIBRARY).routine.steps)) == before


@given(routines, profiles)
def test_what_is_left_out_is_all_that_is_unwanted(routine: Routine, profile: Profile) -> None:
    """Nothing that is to be left out stays: adapting again leaves out nothing more."""
    only = Profile(skip=profile.skip, avoid=profile.avoid, without=profile.without)
    once = sure(routine, only).routine
    again = adapt(once, only, LIBRARY)
    assert again.routine == once
    assert not any(note.startswith("left out") for note in again.notes)


@given(
    st.integers(1, 600), st.fractions(Fraction(1, 10), 10, max_denominator=20),
    st.fractions(Fraction(1, 10), 10, max_denominator=20),
)  # fmt: skip
def test_a_larger_factor_never_gives_less(length_s: int, one: Fraction, other: Fraction) -> None:
    small, large = (held(length_s, factor) for factor in sorted((one, other)))
    assert small <= large
    assert abs(held(length_s, one) - length_s * one) <= Fraction(1, 2) or length_s * one < 1


@given(st.integers(1, 600), st.sampled_from([Fraction(n, 10) for n in range(11, 100)]))
def test_a_factor_and_its_inverse_give_back_the_hold(length_s: int, factor: Fraction) -> None:
    assert held(int(held(length_s, factor)), 1 / factor) == length_s


@given(data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_built_in_routine_can_be_adapted(data: st.DataObject, fake_shop: Workshop) -> None:
    """Through the line: it gives a session, and both sides of each exercise the same time of work."""
    name = data.draw(st.sampled_from(fake_shop.library.routine_names))
    profile = data.draw(profiles)
    shop = replace(fake_shop, options=Options(profile=profile))
    try:
        outcome = plan(shop.library.routine_source(name), name, shop)
    except UsageError:
        assume(False)
        raise
    assert outcome.timeline is not None
    worked: dict[tuple[int | None, str | None], dict[str | None, int]] = {}
    for span in outcome.timeline.spans:
        if span.kind in {"hold", "time", "reps", "cycles"} and span.side is not None:
            sides = worked.setdefault((span.step, span.exercise), {})
            sides[span.side] = sides.get(span.side, 0) + span.frames
    assert all(len(set(sides.values())) == 1 for sides in worked.values())
