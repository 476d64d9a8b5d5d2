"""Fitting, as properties of random routines of the whole language and random wishes."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicecoach.errors import LengthError
from voicecoach.library import Library
from voicecoach.model.exercise import Quantity
from voicecoach.model.profile import Profile
from voicecoach.model.routine import (
    BreatheStep,
    CoachSettings,
    ExerciseStep,
    IntervalsStep,
    RepeatStep,
    RestStep,
    Routine,
    Step,
    Talk,
    changed,
    prescribe,
)
from voicecoach.model.session import Outcome
from voicecoach.model.timeline import Timeline
from voicecoach.pipeline import Workshop, plan
from voicecoach.source.nodes import SourceFile
from voicecoach.source.values import duration

LIBRARY = Library()
ANY = list(HealthCheck)
WORK = {"hold", "reps", "time", "cycles", "breathe"}

switch = st.sampled_from(["yes", "no"])
lengths = st.one_of(st.integers(1, 90).map(lambda n: f"{n}s"), st.decimals(1, 60, places=2).map(lambda d: f"{d}s"))


@st.composite
def ranges(draw: st.DrawFn, least: int, most: int, unit: str = "") -> str:
    low = draw(st.integers(least, most))
    high = draw(st.one_of(st.just(low), st.integers(low, most)))
    return f"{low}{unit}" if low == high else f"{low}-{high}{unit}"


@st.composite
def doings(draw: st.DrawFn, number: int) -> str:
    """An exercise of one's own, in flow style."""
    parts = [f"name: Exercise {number}", f"sides: {draw(st.sampled_from(['each', 'left', 'both', 'alternate']))}"]
    parts.append(f"set up: {draw(st.sampled_from(['Go.', 'Stand up tall and breathe.', 'Lie down.']))}")
    parts.append(f"position: {draw(st.sampled_from(['standing', 'lying on the back', 'kneeling']))}")
    kind = draw(st.sampled_from(["hold", "time", "reps", "cycles", "breaths"]))
    if kind in {"hold", "time"}:
        parts.append(f"{kind}: {draw(st.one_of(ranges(2, 90, 's'), lengths))}")
    elif kind == "cycles":
        parts += [f"cycles: {draw(ranges(1, 5))}", "phases: [{say: Press., for: 5s}, {say: Let go., for: 2.5s}]"]
    elif kind == "breaths":
        parts += [f"breaths: {draw(ranges(1, 8))}", "pattern: 3.5-1-5-1"]
    else:
        parts += [f"reps: {draw(ranges(1, 15))}", f"tempo: {draw(st.sampled_from(['2-0-2-0', '1-0.5-1-0.25']))}"]
    parts.append(f"sets: {draw(st.integers(1, 3))}")
    if draw(st.booleans()):
        parts.append(f"rest: {draw(lengths)}")
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"talk: {draw(st.sampled_from(['teach', 'brief', 'cues']))}")
    parts.append(f"optional: {draw(switch)}")
    return f"- own-{number}: {{{', '.join(parts)}}}"


@st.composite
def routines(draw: st.DrawFn) -> str:
    lines = ["title: Any", f"coach: {{opening: {draw(switch)}, safety: {draw(switch)}, rest: {draw(lengths)}}}"]
    if draw(st.booleans()):
        lines.append(f"talk: {draw(st.sampled_from(['teach', 'brief', 'cues', 'bells']))}")
    lines.append("steps:")
    kinds = ["own", "own", "own", "library", "rest", "rests", "say", "repeat", "breathe", "intervals", "emom"]
    for number in range(draw(st.integers(1, 5))):
        kind, optional = draw(st.sampled_from(kinds)), draw(switch)
        if kind == "own":
            lines.append(f"  {draw(doings(number))}")
        elif kind == "library":
            name = draw(st.sampled_from(["pigeon-pose", "seated-hip-rotation", "seated-butterfly"]))
            lines.append(f"  - {name}: {{optional: {optional}}}")
        elif kind == "rest":
            lines.append(f"  - rest: {draw(lengths)}")
        elif kind == "rests":
            lines.append(f"  - rest: {draw(ranges(3, 60, 's'))}")
        elif kind == "say":
            lines.append("  - say: This takes {length}. Go on.")
        elif kind == "breathe":
            amount = draw(st.one_of(ranges(1, 9, " breaths"), ranges(12, 90, "s")))
            lines.append(f"  - breathe: {{pattern: 4-2-6-0, for: {amount}, optional: {optional}}}")
        elif kind == "intervals":
            rounds = draw(ranges(1, 4))
            clock = f"work: {draw(st.integers(5, 40))}s, rest: {draw(st.integers(3, 20))}s"
            of = "[hip-bridge, fire-hydrant]"
            lines.append(f"  - intervals: {{{clock}, rounds: {rounds}, of: {of}, optional: {optional}}}")
        elif kind == "emom":
            lines.append(f"  - emom: {{rounds: {draw(ranges(1, 3))}, of: [{{split-squat: 5 reps}}]}}")
        else:
            times = draw(ranges(1, 4))
            lines += [f"  - repeat: {times}", *([f"    optional: {optional}"] if times == "1" else []), "    steps:"]
            lines += [f"      {draw(doings(number))}", f"      - rest: {draw(lengths)}"]
            if draw(st.booleans()):
                lines.append(f"      {draw(doings(number + 10))}")
    return "\n".join(lines) + "\n"


def planned(text: str, shop: Workshop, wish_s: Fraction | int | None = None, **wanted: object) -> Outcome | LengthError:
    length_s = None if wish_s is None else Fraction(wish_s)
    profile = Profile(length_s=length_s, **wanted)  # type: ignore[arg-type]
    asked = replace(shop, options=replace(shop.options, profile=profile))
    try:
        outcome = plan(SourceFile("random.yaml", text), "random", asked)
    except LengthError as error:
        return error
    assert outcome.timeline is not None, [fault.render() for fault in outcome.faults]
    return outcome


def named_s(error: LengthError) -> list[Fraction]:
    """The lengths that a refusal tells to ask for."""
    asked = re.match(r"ask for ([^;]+);", error.hint or "")
    assert asked is not None
    lengths = asked[1].split(" or ")
    assert all(length in error.message for length in lengths)
    return [duration(length) for length in lengths]


@settings(max_examples=10, deadline=None, suppress_health_check=ANY)
@given(text=routines(), share=st.integers(45, 180))
def test_a_wish_is_met_within_a_second_or_refused_with_lengths_that_work(
    text: str, share: int, fake_shop: Workshop
) -> None:
    default = planned(text, fake_shop)
    assert isinstance(default, Outcome)
    assert default.timeline is not None
    wish_s = max(1, int(default.timeline.length_s * share / 100))
    fitted = planned(text, fake_shop, wish_s)
    if isinstance(fitted, Outcome):
        assert fitted.timeline is not None
        assert abs(fitted.timeline.length_s - wish_s) <= 1
        is_true_to_what_was_written(default, fitted)
        return
    lengths_s = named_s(fitted)
    for length_s in lengths_s:
        assert abs(length_s - wish_s) > 1
        works = planned(text, fake_shop, length_s)
        assert isinstance(works, Outcome), f"{length_s} was named for {wish_s}: {works}"
        assert works.timeline is not None
        assert abs(works.timeline.length_s - length_s) <= 1
    low_s = max((one for one in lengths_s if one < wish_s), default=Fraction(0))
    high_s = min((one for one in lengths_s if one > wish_s), default=Fraction(2 * wish_s))
    between_s = low_s + (high_s - low_s) * share // 180
    if low_s + 2 < between_s < high_s - 2:
        assert isinstance(planned(text, fake_shop, between_s), LengthError), f"{between_s} works: {fitted}"


def is_true_to_what_was_written(default: Outcome, fitted: Outcome) -> None:
    assert default.routine is not None
    assert fitted.routine is not None
    assert fitted.timeline is not None
    before, now = default.routine, fitted.routine
    assert replace(now, steps=before.steps, talk=before.talk, length_s=None) == before
    assert (now.talk == before.talk) if before.talk is Talk.BELLS else (now.talk is not Talk.BELLS)
    same_steps(before.steps, now.steps, before)
    sides_are_equal(fitted.timeline)


def same_steps(before: tuple[Step, ...], now: tuple[Step, ...], routine: Routine) -> None:
    """What is there is in its order and within its bounds; what is gone could go."""
    there = {where(step): step for step in now}
    assert [where(step) for step in before if where(step) in there] == [where(step) for step in now]
    for step in before:
        other = there.get(where(step))
        if other is None:
            assert isinstance(step, RestStep) or can_go(step), step
        else:
            same_step(step, other, routine)
    gone = [where(step) not in there for step in before]
    rests = [isinstance(step, RestStep) for step in before]
    if any(rest and out for rest, out in zip(rests, gone, strict=True)):
        assert any(out and not rest for rest, out in zip(rests, gone, strict=True)), "rests go with what they stand by"


def where(step: Step) -> str:
    return " ".join(f"{key} {place}" for key, place in sorted(step.places.items()))


def can_go(step: Step) -> bool:
    if isinstance(step, RepeatStep) and not step.optional:
        return all(can_go(inner) for inner in step.steps if not isinstance(inner, RestStep))
    return getattr(step, "optional", False)


def same_step(step: Step, other: Step, routine: Routine) -> None:
    if isinstance(step, RepeatStep):
        assert isinstance(other, RepeatStep)
        within(other.times, step.times)
        assert replace(other, times=step.times, steps=step.steps) == step
        same_steps(step.steps, other.steps, routine)
    elif isinstance(step, IntervalsStep):
        assert isinstance(other, IntervalsStep)
        within(other.rounds, step.rounds)
        assert replace(other, rounds=step.rounds) == step
    elif isinstance(step, BreatheStep):
        assert isinstance(other, BreatheStep)
        within(other.amount, step.amount, whole=False)
        assert replace(other, amount=step.amount) == step
    elif isinstance(step, RestStep):
        assert isinstance(other, RestStep)
        if step.length.fixed:
            rest_within(other.length.least, step.length.least)
        else:
            within(other.length, step.length)
    elif isinstance(step, ExerciseStep):
        assert isinstance(other, ExerciseStep)
        assert replace(other, given=step.given, rest_s=step.rest_s) == step
        exercise = step.own or LIBRARY.exercise(step.exercise)
        old, new = prescribe(step, exercise), prescribe(other, exercise)
        assert old.dose is not None
        assert new.dose is not None
        assert new.dose.measure is old.dose.measure
        within(new.dose.amount, old.dose.amount)
        usual_s = changed(changed(CoachSettings(), routine.coach), step.coach).rest_s
        rest_within(*(usual_s if plan.rest_s is None else plan.rest_s for plan in (new, old)))
    else:
        assert other == step


def within(now: Quantity, before: Quantity, *, whole: bool = True) -> None:
    assert now == before or (now.fixed and before.least <= now.least <= before.most)
    assert not whole or now.least.denominator == 1 or now.least in {before.least, before.most}


def rest_within(now_s: Fraction, before_s: Fraction) -> None:
    assert min(before_s, max(Fraction(5), before_s / 2)) <= now_s <= max(before_s, min(Fraction(120), before_s * 2))
    assert now_s.denominator == 1 or now_s == before_s


def sides_are_equal(timeline: Timeline) -> None:
    sums: dict[tuple[int | None, str], int] = {}
    for span in timeline.spans:
        if span.side is not None and span.kind in WORK:
            sums[span.step, span.side] = sums.get((span.step, span.side), 0) + span.frames
    for (step, side), frames in sums.items():
        other = sums.get((step, "left" if side == "right" else "right"))
        assert other in {None, frames}
