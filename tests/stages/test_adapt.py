"""adapt lays a person's profile over a routine: what it may change, what it never does, and that it tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from voicecoach.errors import UsageError
from voicecoach.library import Library
from voicecoach.library.profile import read_flag
from voicecoach.model.change import Change
from voicecoach.model.exercise import (
    DEFAULT_PATTERN,
    Dose,
    Exercise,
    Measure,
    Quantity,
    Tempo,
    Unit,
)
from voicecoach.model.location import Location
from voicecoach.model.profile import Profile
from voicecoach.model.routine import (
    Bed,
    BreatheStep,
    CoachSettings,
    ExerciseStep,
    Given,
    IncludeStep,
    IntervalsStep,
    MidCue,
    Prescription,
    RepeatStep,
    RestStep,
    Routine,
    SayStep,
    SoundStep,
    Step,
    Talk,
    VoiceChoice,
    changed,
    prescribe,
)
from voicecoach.stages.adapt import Adapted, adapt

LIBRARY = Library()
NOBODY = Profile()
HOLD, REPS, TIME, CYCLES, BREATHS = Measure
ROLL, PIGEON, SQUAT, BRIDGE = (
    ExerciseStep(name) for name in ("foam-roll-leg", "pigeon-pose", "split-squat", "hip-bridge")
)
REST = RestStep(Quantity.of(20))


def own(name: str, measure: Measure, amount: Quantity | int, **more: object) -> ExerciseStep:
    quantity = amount if isinstance(amount, Quantity) else Quantity.of(amount)
    return ExerciseStep(name, Exercise(name, name.title(), dose=Dose(measure, quantity), **more))  # type: ignore[arg-type]


def adapted(*steps: Step, profile: Profile = NOBODY, **more: object) -> Adapted:
    return adapt(Routine("test", "Test", steps, **more), profile, LIBRARY)  # type: ignore[arg-type]


def plans(steps: Iterable[Step]) -> Iterator[Prescription]:
    """Every exercise as it is done, those of repeats and intervals too."""
    for step in steps:
        if isinstance(step, ExerciseStep):
            yield prescribe(step, step.own or LIBRARY.exercise(step.exercise))
        elif isinstance(step, RepeatStep | IncludeStep):
            yield from plans(step.steps)
        elif isinstance(step, IntervalsStep):
            yield from plans(step.of)


def amount(step: ExerciseStep, **changes: str) -> Quantity:
    """The dose of one step after scaling."""
    profile = Profile(**{key: read_flag(key, str(text)) for key, text in changes.items()})  # type: ignore[arg-type]
    (found,) = plans(adapted(step, profile=profile).routine.steps)
    assert found.dose is not None
    return found.dose.amount


# Scaling


@pytest.mark.parametrize(
    ("step", "factors", "wanted"),
    [
        (own("plank", HOLD, 30), {"hold": "1.25"}, Quantity.of(38)),
        (
            own("plank", HOLD, Quantity(Fraction(30), Fraction(60))),
            {"hold": "0.5"},
            Quantity(Fraction(15), Fraction(30)),
        ),
        (own("walk", TIME, 120), {"hold": "0.5"}, Quantity.of(60)),
        (own("plank", HOLD, 3), {"hold": "0.1"}, Quantity.of(1)),
        (own("plank", HOLD, Quantity.of(Fraction("2.5"))), {"hold": "1"}, Quantity.of(Fraction("2.5"))),
        (own("plank", HOLD, 30), {"reps": "2"}, Quantity.of(30)),
        (own("squat", REPS, 10), {"reps": "0.8"}, Quantity.of(8)),
        (own("squat", REPS, 1), {"reps": "0.2"}, Quantity.of(1)),
        (own("squat", REPS, 10), {"hold": "2"}, Quantity.of(10)),
        (own("press", CYCLES, 3), {"reps": "2"}, Quantity.of(6)),
        (own("press", CYCLES, 3), {"hold": "2", "pace": "0.5"}, Quantity.of(3)),
        (own("belly", BREATHS, 5), {"hold": "2", "reps": "2", "pace": "0.5"}, Quantity.of(5)),
        (ExerciseStep("pigeon-pose"), {"hold": "2"}, Quantity(Fraction(60), Fraction(120))),
        (ExerciseStep("pigeon-pose", given=Given(Quantity.of(20), Unit.SECONDS)), {"hold": "2"}, Quantity.of(40)),
    ],
)
def test_a_dose_is_scaled_by_its_own_factor_only(step: ExerciseStep, factors: dict[str, str], wanted: Quantity) -> None:
    assert amount(step, **factors) == wanted


def test_the_measure_of_a_scaled_dose_stays() -> None:
    (found,) = plans(adapted(own("walk", TIME, 10), profile=Profile(hold=Change(Fraction(2)))).routine.steps)
    assert found.dose == Dose(TIME, Quantity.of(20))


def test_a_cue_inside_a_hold_moves_along_with_it() -> None:
    step = replace(
        own("plank", HOLD, 40), cues=(MidCue("Breathe.", at_s=Fraction(30)), MidCue("Go.", share=Fraction(1, 2)))
    )
    (found,) = adapted(step, profile=Profile(hold=Change(Fraction(1, 2)))).routine.steps
    assert isinstance(found, ExerciseStep)
    assert found.cues == (MidCue("Breathe.", at_s=Fraction(15)), MidCue("Go.", share=Fraction(1, 2)))


def test_every_rest_is_scaled() -> None:
    squat = own("squat", REPS, 5, sets=2, rest_s=Fraction(30))
    plain = own("lunge", REPS, 5, sets=2)
    intervals = IntervalsStep("intervals", Fraction(40), Fraction(20), Quantity.of(3), (BRIDGE,))
    told = adapted(
        REST, squat, plain, intervals, profile=Profile(rest=Change(Fraction(1, 2))), coach=(("rest_s", Fraction(12)),)
    )
    rest, first, _, now = told.routine.steps
    assert isinstance(rest, RestStep)
    assert isinstance(first, ExerciseStep)
    assert isinstance(now, IntervalsStep)
    assert (rest.length, first.rest_s, now.rest_s) == (Quantity.of(10), 15, 10)
    assert changed(CoachSettings(), told.routine.coach).rest_s == 6
    assert now.work_s == 40
    assert "rest 10s instead of 20s" in told.notes
    assert "rest between sets 15s instead of 30s: squat" in told.notes
    assert "the usual rest between sets 6s instead of 12s" in told.notes


def test_the_usual_rest_is_scaled_where_the_routine_says_nothing() -> None:
    coach = adapted(own("squat", REPS, 5, sets=2), profile=Profile(rest=Change(Fraction(2)))).routine.coach
    assert changed(CoachSettings(), coach) == replace(CoachSettings(), rest_s=CoachSettings().rest_s * 2)


def test_the_work_of_intervals_is_scaled_and_the_minute_of_an_emom_is_not() -> None:
    intervals = IntervalsStep("tabata", Fraction(20), Fraction(10), Quantity.of(8), (BRIDGE,))
    emom = IntervalsStep("emom", Fraction(60), Fraction(0), Quantity.of(5), (own("squat", REPS, 10),))
    first, second = adapted(
        intervals, emom, profile=Profile(hold=Change(Fraction(2)), rest=Change(Fraction(2)))
    ).routine.steps
    assert first == replace(intervals, work_s=Fraction(40), rest_s=Fraction(20))
    assert second == emom


@pytest.mark.parametrize("profile", [Profile(reps=Change(Fraction(3))), Profile(pace=Fraction(1, 2))])
def test_repetitions_of_an_emom_still_leave_time_to_rest(profile: Profile) -> None:
    emom = IntervalsStep("emom", Fraction(60), Fraction(0), Quantity.of(5), (own("squat", REPS, 10),))
    told = adapted(emom, profile=profile)
    (found,) = plans(told.routine.steps)
    assert found.dose is not None
    assert 50 < found.dose.count * found.tempo.whole_s <= 55 or found.dose.count * found.tempo.whole_s == 48
    assert "more repetitions would not fit into the time: squat" in told.notes


def test_pace_slows_speech_and_repetitions_but_neither_breath_nor_phases() -> None:
    breathe = BreatheStep(DEFAULT_PATTERN, Quantity.of(5), Unit.BREATHS)
    told = adapted(
        own("squat", REPS, 5), breathe, own("belly", BREATHS, 5), profile=Profile(pace=Fraction(9, 10)),
        voice=VoiceChoice("espeak", Fraction(11, 10)),
    )  # fmt: skip
    squat, belly = plans(told.routine.steps)
    assert squat.tempo == Tempo(Fraction(20, 9), Fraction(0), Fraction(20, 9), Fraction(0))
    assert told.routine.steps[1] == breathe
    assert belly.pattern == DEFAULT_PATTERN
    assert told.routine.voice == VoiceChoice("espeak", Fraction(99, 100))
    assert "each repetition takes 4.4s instead of 4s: squat" in told.notes
    assert "speed of speech 0.99 instead of 1.1" in told.notes


def test_pace_keeps_speech_and_repetitions_followable() -> None:
    quick = Tempo(Fraction(3, 10), Fraction(0), Fraction(3, 10), Fraction(0))
    told = adapted(
        own("tap", REPS, 5, tempo=quick), profile=Profile(pace=Fraction(2)), voice=VoiceChoice(speed=Fraction(3, 2))
    )
    (tap,) = plans(told.routine.steps)
    assert tap.tempo.whole_s == Fraction(1, 2)
    assert told.routine.voice.speed == 2


# Leaving out


@pytest.mark.parametrize(
    ("profile", "gone"),
    [
        (Profile(skip=("pigeon-pose",)), "pigeon-pose: to be skipped"),
        (Profile(skip=("Pigeon pose",)), "pigeon-pose: to be skipped"),
        (Profile(avoid=("kneeling",)), "pigeon-pose: its position is hands and knees"),
        (Profile(avoid=("hands and knees",)), "pigeon-pose: its position is hands and knees"),
        (Profile(without=("foam-roller",)), "foam-roll-leg: needs a foam roller"),
        (Profile(without=("Foam Rollers",)), "foam-roll-leg: needs a foam roller"),
        (Profile(without=("roller",)), "foam-roll-leg: needs a foam roller"),
        (Profile(avoid=("prone",)), "foam-roll-leg: its position is lying face down"),
    ],
)
def test_what_is_not_wanted_is_left_out_and_told(profile: Profile, gone: str) -> None:
    told = adapted(ROLL, PIGEON, SQUAT, profile=profile)
    name = gone.partition(":")[0]
    assert told.routine.steps == tuple(step for step in (ROLL, PIGEON, SQUAT) if step.exercise != name)
    assert told.notes == (f"left out {gone}",)


@pytest.mark.parametrize(
    ("asked", "avoided"),
    [
        ("kneeling", {"half-kneeling", "hands and knees"}),
        ("lying", {"lying on the back", "lying face down"}),
        ("on the back", {"lying on the back"}),
        ("sitting", {"sitting on a chair", "sitting on the floor"}),
        ("floor", {"half-kneeling", "hands and knees", "lying on the back", "lying face down", "sitting on the floor"}),
        ("all fours", {"hands and knees"}),
        ("standing", {"standing"}),
    ],
)
def test_a_position_is_avoided_by_its_words(asked: str, avoided: set[str]) -> None:
    positions = (
        *("standing", "half-kneeling", "hands and knees", "lying on the back", "lying face down"),
        *("sitting on a chair", "sitting on the floor"),
    )
    steps = [own(f"own-{n}", HOLD, 30, position=position) for n, position in enumerate(positions)]
    left = adapted(*steps, profile=Profile(avoid=(asked,))).routine.steps
    assert {step.own.position for step in steps if step not in left and step.own} == avoided


def test_the_position_that_an_exercise_ends_in_counts_too() -> None:
    step = own("roll-over", HOLD, 30, position="standing", end_position="lying on the back")
    told = adapted(SQUAT, step, profile=Profile(avoid=("lying",)))
    assert told.notes == ("left out roll-over: its last position is lying on the back",)


def test_one_of_two_things_is_enough() -> None:
    step = own("calf-raise", REPS, 5, equipment=("counter or chair",))
    assert adapted(step, SQUAT, profile=Profile(without=("chair",))).routine.steps == (step, SQUAT)
    assert adapted(step, SQUAT, profile=Profile(without=("chair", "counter"))).routine.steps == (SQUAT,)


def test_what_is_asked_for_in_vain_is_told_with_what_may_be_meant() -> None:
    profile = Profile(skip=("pigeon-pos", "plank"), avoid=("kneling", "lying"), without=("foam-rolr", "skis"))
    told = adapted(PIGEON, ROLL, SQUAT, profile=replace(profile, avoid=("kneling", "sitting")))
    assert told.routine.steps == (PIGEON, ROLL, SQUAT)
    assert told.notes == (
        "skip pigeon-pos changes nothing: this routine has no such exercise (did you mean 'pigeon-pose'?)",
        "skip plank changes nothing: this routine has no such exercise",
        "avoid kneling changes nothing: no exercise here is done so (did you mean 'kneeling'?)",
        "avoid sitting changes nothing: no exercise here is done so",
        "without foam-rolr changes nothing: no exercise here needs it (did you mean 'foam roller'?)",
        "without skis changes nothing: no exercise here needs it",
    )


def test_nothing_empty_stays() -> None:
    repeat = RepeatStep(Quantity.of(3), (SayStep("Roll."), ROLL, REST), name="Rolling")
    intervals = IntervalsStep("intervals", Fraction(40), Fraction(20), Quantity.of(3), (ROLL, ROLL))
    told = adapted(repeat, RepeatStep(Quantity.of(2), (intervals,)), SQUAT, profile=Profile(skip=("foam-roll-leg",)))
    assert told.routine.steps == (SQUAT,)
    assert told.notes == (
        "left out foam-roll-leg: to be skipped",
        "left out repeat 'Rolling': nothing is left to do in it",
        "left out intervals: nothing is left to do in it",
        "left out repeat: nothing is left to do in it",
    )


def test_a_repeat_that_never_held_anything_to_do_stays() -> None:
    chant = RepeatStep(Quantity.of(3), (SayStep("Om."), REST))
    assert adapted(chant, ROLL, SQUAT, profile=Profile(skip=("foam-roll-leg",))).routine.steps == (chant, SQUAT)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((SQUAT, REST, ROLL, RestStep(Quantity.of(30)), BRIDGE), (SQUAT, RestStep(Quantity.of(30)), BRIDGE)),
        ((ROLL, REST, SQUAT), (SQUAT,)),
        ((SQUAT, REST, ROLL), (SQUAT,)),
        ((SQUAT, ROLL, REST, BRIDGE), (SQUAT, REST, BRIDGE)),
        ((SQUAT, REST, ROLL, BRIDGE), (SQUAT, REST, BRIDGE)),
        ((ROLL, SQUAT, REST, REST), (SQUAT, REST, REST)),
        (
            (RepeatStep(Quantity.of(2), (SQUAT, REST, ROLL)), BRIDGE),
            (RepeatStep(Quantity.of(2), (SQUAT, REST)), BRIDGE),
        ),
    ],
)
def test_rests_around_what_is_left_out_become_one(before: tuple[Step, ...], after: tuple[Step, ...]) -> None:
    assert adapted(*before, profile=Profile(skip=("foam-roll-leg",))).routine.steps == after


@pytest.mark.parametrize(
    "profile",
    [Profile(skip=("foam-roll-leg", "pigeon-pose")), Profile(avoid=("floor",))],
)
def test_leaving_out_everything_is_refused(profile: Profile) -> None:
    with pytest.raises(UsageError, match="nothing would be left to do") as told:
        adapted(SayStep("Hello."), ROLL, RepeatStep(Quantity.of(2), (PIGEON,)), profile=profile)
    assert told.value.hint
    assert told.value.exit_code == 2


# The whole routine


def test_talk_is_the_same_everywhere() -> None:
    quiet = replace(SQUAT, talk=Talk.BELLS)
    intervals = IntervalsStep("tabata", Fraction(20), Fraction(10), Quantity.of(8), (quiet,))
    told = adapted(
        quiet, RepeatStep(Quantity.of(2), (quiet, intervals)), profile=Profile(talk=Talk.TEACH), talk=Talk.CUES
    )
    silent = replace(intervals, of=(SQUAT,))
    assert told.routine.talk is Talk.TEACH
    assert told.routine.steps == (SQUAT, RepeatStep(Quantity.of(2), (SQUAT, silent)))
    assert told.notes == ("talk teach instead of cues", "talk teach in steps that say otherwise, too: split-squat")


def test_voice_bed_length_and_variables() -> None:
    profile = Profile(
        variables=(("name", "Sam"), ("dgo", "Rex")), voice="espeak:de", no_bed=True, length_s=Fraction(720)
    )
    told = adapted(
        SayStep("Hello {name} and {dog}."), SQUAT, profile=profile, bed=Bed("rain"),
        variables=(("name", "you"), ("dog", "cat")),
    )  # fmt: skip
    routine = told.routine
    assert dict(routine.variables) == {"name": "Sam", "dgo": "Rex", "dog": "cat"}
    assert (routine.voice.spec, routine.bed, routine.length_s) == ("espeak:de", None, 720)
    assert set(told.notes) == {
        "left out the bed: rain",
        "{name} is Sam",
        "no text here has {dgo} (did you mean 'dog'?)",
    }


def test_a_factor_that_changes_nothing_is_told() -> None:
    told = adapted(
        own("squat", REPS, 1),
        profile=Profile(hold=Change(Fraction(2)), reps=Change(Fraction(1, 2)), rest=Change(Fraction(2))),
    )
    assert told.notes == (
        "hold x2 changes no hold or time here",
        "reps x0.5 changes no repetitions or cycles here",
        "rest x2 changes no rest here",
    )


def test_includes_are_laid_open() -> None:
    inner = IncludeStep("inner.yaml", (ROLL, IncludeStep("deep.yaml", (PIGEON,))))
    told = adapted(inner, RepeatStep(Quantity.of(2), (inner, SQUAT)), profile=Profile(skip=("foam-roll-leg",)))
    assert told.routine.steps == (PIGEON, RepeatStep(Quantity.of(2), (PIGEON, SQUAT)))


def test_bed_and_sounds_stay_as_written() -> None:
    told = adapted(SQUAT, SoundStep("gong.mp3"), bed=Bed("rain"), sounds="wood", floor=True)
    assert told.notes == ()
    routine = told.routine
    assert (routine.bed, routine.sounds, routine.floor) == (Bed("rain"), "wood", True)


@pytest.mark.parametrize(
    ("written", "found"),
    [("gong.mp3", "parts/deep/gong.mp3"), ("../x/gong.mp3", "parts/deep/../x/gong.mp3")]
    + [(same, same) for same in ("bell", "/srv/gong.mp3", "~/gong.mp3")],
)
def test_a_sound_of_an_included_file_is_found_beside_that(written: str, found: str) -> None:
    inner = IncludeStep("deep/inner.yaml", (RepeatStep(Quantity.of(2), (SoundStep(written),)),))
    told = adapted(IncludeStep("parts/one.yaml", (inner,)), SoundStep(written), SQUAT)
    assert told.routine.steps == (RepeatStep(Quantity.of(2), (SoundStep(found),)), SoundStep(written), SQUAT)


CLAMSHELL, SWINGS = ExerciseStep("clamshell"), ExerciseStep("leg-swings")


def test_exercises_change_places_for_fewer_ups_and_downs() -> None:
    steps = (CLAMSHELL, REST, SQUAT, BRIDGE, SWINGS)
    told = adapted(*steps, profile=Profile(reorder=True))
    assert told.routine.steps == (CLAMSHELL, REST, BRIDGE, SQUAT, SWINGS)
    gain = "up or down once instead of 3 times, about 20 s less to get there"
    assert told.notes == (f"reordered: clamshell, hip-bridge, split-squat, leg-swings ({gain})",)
    assert adapted(*steps) == Adapted(Routine("test", "Test", steps))


def test_what_is_left_out_is_gone_before_the_order_is_made() -> None:
    """With the squat there would be a better order; without it, there is nothing to gain."""
    told = adapted(CLAMSHELL, SQUAT, BRIDGE, profile=Profile(reorder=True, skip=("split-squat",)))
    assert told.routine.steps == (CLAMSHELL, BRIDGE)
    assert told.notes == (
        "left out split-squat: to be skipped",
        "reorder changes nothing: no order needs fewer changes of position",
    )


def test_fewer_positions_are_worth_another_order_too() -> None:
    butterfly, rotation = ExerciseStep("seated-butterfly"), ExerciseStep("supine-hip-rotation")
    told = adapted(BRIDGE, butterfly, rotation, profile=Profile(reorder=True))
    assert told.routine.steps == (BRIDGE, rotation, butterfly)
    gain = "a new position once instead of twice, about 4 s less to get there"
    assert told.notes == (f"reordered: hip-bridge, supine-hip-rotation, seated-butterfly ({gain})",)


def test_nothing_changes_places_across_an_include() -> None:
    """Its steps stand where it stood, and still know their file."""
    here, there = Location("test.yaml", 3, 5), Location("inner.yaml", 3, 5)
    first, second = replace(CLAMSHELL, places={"exercise": here}), replace(SQUAT, places={"exercise": here})
    third = replace(BRIDGE, places={"exercise": there})
    inner = IncludeStep("inner.yaml", (third,), {"include": here})
    told = adapted(first, inner, second, profile=Profile(reorder=True))
    assert told.routine.steps == (first, third, second)
