"""Fitting to a length: each lever by itself, their order, and what is told."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.cache import Cache
from voicecoach.config import Options
from voicecoach.engines.registry import EngineShelf
from voicecoach.errors import LengthError
from voicecoach.library import Library
from voicecoach.library.explain import explanation
from voicecoach.model.change import Change
from voicecoach.model.profile import Profile
from voicecoach.model.routine import ExerciseStep, Talk
from voicecoach.model.session import Outcome
from voicecoach.model.units import short
from voicecoach.pipeline import Workshop, plan
from voicecoach.source.nodes import SourceFile
from voicecoach.stages.fit.change import Coin, ways
from voicecoach.stages.fit.dials import Dial, What, rest
from voicecoach.timing import Timing

HOLD = "{name: Wall sit, position: standing, set up: Lean on the wall., hold: %s}"
HEAD = "coach: {safety: no}\nsteps:\n"
BELLS = f"talk: bells\n{HEAD}"
"""Without words, that change with the amounts that they tell, every effect is exact."""
MORNING_MIN = (8, 10, 12, 15, 20)
MOST_MEASURES = 60


class Fit:
    """Plans texts as a person asks for a length, and counts how often a routine is timed for it."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self.measures = 0

    def __call__(self, text: str, length_s: float | None = None, *, exact: bool = False, **wanted: Any) -> Outcome:
        profile = Profile(length_s=None if length_s is None else Fraction(length_s), **wanted)
        shop = replace(self.shop, options=replace(self.shop.options, profile=profile))
        source = shop.library.routine_source(text) if "\n" not in text else SourceFile("r.yaml", text)
        self.measures = 0
        return plan(source, "r", shop, exact=exact)

    def length_s(self, text: str, **wanted: Any) -> int:
        outcome = self(text, **wanted)
        timeline = outcome.timeline
        assert timeline is not None, [fault.render() for fault in outcome.faults]
        return int(timeline.length_s)

    def notes(self, text: str, length_s: float, **wanted: Any) -> tuple[str, ...]:
        outcome = self(text, length_s, **wanted)
        assert outcome.timeline is not None
        assert abs(outcome.timeline.length_s - Fraction(length_s)) <= 1
        return outcome.notes

    def refusal(self, text: str, length_s: float, **wanted: Any) -> LengthError:
        with pytest.raises(LengthError) as caught:
            self(text, length_s, **wanted)
        return caught.value


@pytest.fixture
def fit(fake_shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Fit:
    fit = Fit(fake_shop)
    measure = Timing.measure

    def counted(self: Timing, routine: Any) -> Any:
        fit.measures += 1
        return measure(self, routine)

    monkeypatch.setattr(Timing, "measure", counted)
    return fit


def holds(*amounts: str, head: str = BELLS) -> str:
    """A routine of holds: ``30-60s``, or ``30s optional``."""
    lines = [head]
    for number, amount in enumerate(amounts, start=1):
        length, _, optional = amount.partition(" ")
        own = HOLD % length
        lines.append(f"  - hold-{number}: {own[:-1]}{', optional: yes' if optional else ''}}}\n")
    return "".join(lines)


def done(outcome: Outcome) -> list[str]:
    assert outcome.routine is not None
    return [step.exercise for step in outcome.routine.steps if isinstance(step, ExerciseStep)]


# Each lever


def test_ranges_lengthen_by_the_same_share(fit: Fit) -> None:
    text = holds("20-40s", "30-90s", "50s")
    assert fit.notes(text, fit.length_s(text) + 40) == (
        "hold of Wall sit 30s instead of 20s (20s to 40s)",
        "hold of Wall sit 1 min instead of 30s (30s to 1:30)",
    )


def test_both_sides_are_one_amount_and_sets_count(fit: Fit) -> None:
    text = HEAD + "  - x: {name: X, position: standing, set up: Go., hold: 20-40s, sides: each, sets: 2, rest: 7s}\n"
    outcome = fit(text, fit.length_s(text) + 4 * 15)
    assert outcome.notes == ("hold of X 35s instead of 20s (20s to 40s)",)
    assert outcome.timeline is not None
    assert [span.frames // 48000 for span in outcome.timeline.spans if span.kind == "hold"] == [35] * 4


@pytest.mark.parametrize(
    ("step", "more_s", "note"),
    [
        ("{reps: 6-10, tempo: 2-0-2-0}", 12, "reps of X 9 instead of 6 (6 to 10)"),
        (
            "{cycles: 2-4, phases: [{say: Press., for: 5s}, {say: Go., for: 10s}]}",
            30,
            "cycles of X 4 instead of 2 (2 to 4)",
        ),
        ("{breaths: 4-9, pattern: 4-0-6-0}", 30, "breaths of X 7 instead of 4 (4 to 9)"),
        ("{time: 1-2 min}", 30, "time of X 1:30 instead of 1 min (1 min to 2 min)"),
    ],
)
def test_every_measure_can_vary(step: str, more_s: int, note: str, fit: Fit) -> None:
    text = f"{BELLS}  - x: {{name: X, position: standing, set up: Go., {step[1:]}\n"
    assert fit.notes(text, fit.length_s(text) + more_s) == (note,)


def test_breathing_and_rests_with_a_range_can_vary(fit: Fit) -> None:
    text = BELLS + "  - breathe: {name: Calm, pattern: 4-0-6-0, for: 4-8 breaths}\n"
    assert fit.notes(text, fit.length_s(text) + 20) == ("breathing 'Calm' 6 instead of 4 (4 to 8)",)
    text = BELLS + "  - breathe: {pattern: 4-0-6-0, for: 1-2 min}\n"
    assert fit.notes(text, fit.length_s(text) + 30) == ("breathing 1:30 instead of 1 min (1 min to 2 min)",)
    text = BELLS + "  - rest: 20-40s\n"
    assert fit.notes(text, fit.length_s(text) + 13) == ("rest 33s instead of 20s (20s to 40s)",)


def test_rests_give_half_or_take_double(fit: Fit) -> None:
    text = holds("50s") + "  - rest: 16s\n  - rest: 40s\n  - say: Good.\n"
    usual_s = fit.length_s(text)
    assert fit.notes(text, usual_s - 14) == ("rests 12s instead of 16s, 30s instead of 40s",)
    assert fit.notes(text, usual_s + 28) == ("rests 24s instead of 16s, 1 min instead of 40s",)
    assert fit.length_s(text, length_s=usual_s - 28) == usual_s - 28
    assert fit.length_s(text, length_s=usual_s + 56) == usual_s + 56


def test_rests_between_sets_vary_wherever_they_are_written(fit: Fit) -> None:
    step = "  - x: {name: X, position: standing, set up: Go., hold: 20s, sets: 3%s}\n"
    for text in (
        BELLS + step % ", rest: 12s",
        BELLS.replace("safety: no", "safety: no, rest: 12s") + step % "",
    ):
        assert fit.notes(text, fit.length_s(text) - 6) == ("rest between sets of X 9s instead of 12s",)


def test_the_rests_of_intervals_belong_to_their_clock(fit: Fit) -> None:
    text = HEAD + "  - intervals: {work: 20s, rest: 10s, rounds: 3, of: [hip-bridge]}\n"
    usual_s = fit.length_s(text, talk=Talk.BRIEF)
    assert (
        f"the shortest that works is {short(Fraction(usual_s))} "
        in fit.refusal(text, usual_s - 5, talk=Talk.BRIEF).message
    )
    assert (
        f"the longest that works is {short(Fraction(usual_s))} "
        in fit.refusal(text, usual_s + 5, talk=Talk.BRIEF).message
    )


def test_the_fewest_optional_steps_go_later_ones_first(fit: Fit) -> None:
    text = holds("40s optional", "40s", "40s optional", "40s optional")
    for gone in (["hold-4"], ["hold-3", "hold-4"], ["hold-1", "hold-3", "hold-4"]):
        wish_s = fit.length_s(text, skip=tuple(gone))
        assert done(fit(text, wish_s)) == [name for name in done(fit(text)) if name not in gone]


def test_of_as_many_optional_steps_the_one_goes_that_comes_nearer(fit: Fit) -> None:
    text = holds("60s optional", "30-60s", "120s optional")
    assert done(fit(text, fit.length_s(text) - 60)) == ["hold-2", "hold-3"]


def test_something_to_do_is_always_left(fit: Fit) -> None:
    text = holds("40s optional", "40s optional")
    assert fit.refusal(text, fit.length_s(text, skip=("hold-1",)) - 30)


def test_rests_around_what_is_left_out_become_one(fit: Fit) -> None:
    after = holds("41s", head="").replace("hold-1", "hold-9")
    text = f"{holds('50s')}  - rest: 10s\n  - hip-bridge: {{reps: 10, optional: yes}}\n  - rest: 30s\n{after}"
    assert fit.notes(text, fit.length_s(text, skip=("hip-bridge",))) == (
        "left out hip-bridge (optional)",
        "left out a rest of 10s beside what is left out",
    )


def test_a_repeat_goes_with_all_that_is_done_in_it(fit: Fit) -> None:
    text = (
        holds("50s") + "  - repeat: 2\n    steps:\n      - say: Now.\n      - hip-bridge: {reps: 10, optional: yes}\n"
    )
    told = fit.notes(text, fit.length_s(text, skip=("hip-bridge",)))
    assert told == ("left out hip-bridge (optional)", "left out hip-bridge: nothing is left to do in it")


def test_rounds_come_after_ranges_and_rests(fit: Fit) -> None:
    text = HEAD + f"  - repeat: 2-4\n    name: Strength\n    steps:\n      - x: {HOLD % '20-30s'}\n      - rest: 20s\n"
    usual_s = fit.length_s(text, talk=Talk.BRIEF)
    assert not any("rounds" in note for note in fit.notes(text, usual_s + 60, talk=Talk.BRIEF))
    told = fit.notes(text, usual_s + 80, talk=Talk.BRIEF)
    assert "3 rounds of Strength instead of 2" in told


def test_talk_changes_last_and_never_to_bells(fit: Fit) -> None:
    text = HEAD + "".join(f"  - {name}: 30s\n" for name in ("pigeon-pose", "seated-butterfly", "figure-four-stretch"))
    lengths_s = {talk: fit.length_s(text, talk=talk) for talk in (None, Talk.BRIEF, Talk.CUES, Talk.BELLS)}
    assert fit.notes(text, lengths_s[Talk.BRIEF]) == ("talk brief",)
    assert fit.notes(text, lengths_s[Talk.CUES]) == ("talk cues",)
    assert lengths_s[Talk.BELLS] < lengths_s[Talk.CUES]
    assert fit.refusal(text, lengths_s[Talk.BELLS])
    assert fit.notes(f"talk: brief\n{text}", lengths_s[Talk.CUES]) == ("talk cues instead of brief",)
    assert "teach" in fit.notes(f"talk: brief\n{text}", lengths_s[None])[0]


def test_talk_that_a_person_or_a_step_says_stays(fit: Fit) -> None:
    text = HEAD + "  - pigeon-pose: {hold: 30s}\n"
    brief_s = fit.length_s(text, talk=Talk.BRIEF)
    assert fit.notes(text, brief_s) == ("talk brief",)
    assert fit.refusal(text, brief_s, talk=Talk.TEACH)
    assert fit.refusal(text.replace("hold: 30s", "hold: 30s, talk: teach"), brief_s)


def test_a_session_of_bells_stays_one(fit: Fit) -> None:
    text = holds("30-60s")
    assert fit.notes(text, fit.length_s(text) + 9) == ("hold of Wall sit 39s instead of 30s (30s to 1 min)",)
    assert fit.refusal(text, fit.length_s(text) - 9)


# The whole


def test_what_is_long_enough_already_stays_as_it_is(fit: Fit) -> None:
    plain = fit("morning")
    assert plain.timeline is not None
    outcome = fit("morning", int(plain.timeline.length_s))
    assert outcome.notes == ()
    assert outcome.timeline == plain.timeline


@pytest.mark.parametrize("minutes", MORNING_MIN)
def test_morning_has_the_length_asked_for(minutes: int, fit: Fit) -> None:
    outcome = fit("morning", minutes * 60, exact=True)
    fits(outcome, minutes * 60)
    assert fit.measures < MOST_MEASURES / 4


@pytest.mark.slow
def test_morning_spoken_by_a_real_voice(own_cache: Any) -> None:
    with EngineShelf() as engines:
        shop = Workshop(Library(), engines, Cache(own_cache, 10**9), Options(voice="espeak"))
        for minutes in MORNING_MIN:
            fits(Fit(shop)("morning", minutes * 60, exact=True), minutes * 60)


def fits(outcome: Outcome, length_s: int) -> None:
    assert outcome.timeline is not None
    assert outcome.script is not None
    assert abs(outcome.timeline.length_s - length_s) <= 1
    assert outcome.script.stated_length_s == outcome.timeline.length_s, "what is said of the length is true"


def test_morning_cannot_be_two_minutes_long(fit: Fit) -> None:
    error = fit.refusal("morning", 120, exact=True)
    assert fit.measures < MOST_MEASURES
    found = re.fullmatch(
        r"the session cannot be 2 min long; the shortest that works is (\d+):(\d\d) \((.+)\)", error.message
    )
    assert found is not None
    assert {"repetitions", "holds", "rests", "words and getting ready"} < {
        p.rpartition(" ")[0] for p in found[3].split(", ")
    } | {"holds"}
    assert error.exit_code == 1
    assert error.hint is not None
    assert "optional: yes" in error.hint
    shortest_s = int(found[1]) * 60 + int(found[2])
    fits(fit("morning", shortest_s, exact=True), shortest_s)
    assert fit.refusal("morning", shortest_s - 2, exact=True)


def test_coarse_steps_name_the_neighbours_on_both_sides(fit: Fit) -> None:
    text = HEAD + "  - x: {name: X, position: standing, set up: Go., cycles: 2-5, phases: [{say: Press., for: 20s}]}\n"
    usual_s = fit.length_s(text, talk=Talk.BRIEF)
    error = fit.refusal(text, usual_s + 30, talk=Talk.BRIEF)
    assert "nearest lengths that work are" in error.message
    assert "whole rounds, repetitions, cycles or steps" in error.message
    named = re.findall(r"(\d+):(\d\d)(?: and|:)", error.message)
    assert len(named) == 2
    for minutes, seconds in named:
        length_s = int(minutes) * 60 + int(seconds)
        fits(fit(text, length_s, talk=Talk.BRIEF), length_s)


def test_where_nothing_may_vary_its_own_length_is_the_one_that_works(fit: Fit) -> None:
    text = holds("30s")
    usual_s = fit.length_s(text, talk=Talk.BRIEF)
    error = fit.refusal(text, usual_s + 60, talk=Talk.BRIEF)
    assert f"the longest that works is {short(Fraction(usual_s))} " in error.message
    assert fit.refusal(text, usual_s - 20, talk=Talk.BRIEF).message.count("the shortest that works") == 1


def test_factors_and_a_length_together(fit: Fit) -> None:
    """The factors come first; the length is had with what they leave to vary."""
    text = holds("20-40s", "30s") + "  - rest: 20s\n  - say: Good.\n"
    usual_s = fit.length_s(text, hold=Change(Fraction(2)), rest=Change(Fraction(1, 2)))
    told = fit.notes(text, usual_s + 25, hold=Change(Fraction(2)), rest=Change(Fraction(1, 2)))
    assert "hold of Wall sit 1:05 instead of 40s (40s to 1:20)" in told
    assert "rest 10s instead of 20s" in told


@pytest.mark.slow
def test_eight_hours(fit: Fit) -> None:
    text = HEAD + "  - repeat: 2-400\n    steps:\n      - pigeon-pose: {hold: 30-60s}\n      - rest: 20s\n"
    fits(fit(text, 8 * 3600), 8 * 3600)
    assert fit.measures < MOST_MEASURES / 2


def test_the_same_twice(fit: Fit) -> None:
    first, second = fit("morning", 555), fit("morning", 555)
    assert first.notes == second.notes
    assert first.timeline == second.timeline


def test_half_a_second_is_within_a_second(fit: Fit) -> None:
    assert fit.notes("morning", 600.5)


# What the author writes


def test_the_authors_own_length_is_told_at_its_place(fit: Fit) -> None:
    text = "title: T\nlength: 20 min\n" + holds("30-60s")
    outcome = fit(text)
    assert outcome.timeline is None
    fault = outcome.faults[0]
    assert (fault.code, fault.location.line, fault.source_line) == ("length-unfit", 2, "length: 20 min")
    assert "the longest that works is" in fault.message
    assert fault.hint is not None
    assert fault.hint.startswith("ask for ")


def test_a_persons_length_goes_before_the_authors(fit: Fit) -> None:
    text = "length: 20 min\n" + holds("30-60s")
    usual_s = fit.length_s(holds("30-60s"))
    fits(fit(text, usual_s + 20), usual_s + 20)


@pytest.mark.parametrize(("title", "codes"), [("Wrong", {"length-unfit"}), ("Right", set())])
def test_the_page_of_the_fault_is_right(title: str, codes: set[str], fit: Fit) -> None:
    example = re.search(rf"^{title}:\n\n((?:    .*\n|\n)+)", explanation("length-unfit"), re.MULTILINE)
    assert example is not None
    text = "".join(line[4:] for line in example[1].splitlines(keepends=True))
    assert {fault.code for fault in fit(text).faults} == codes


# The parts


@pytest.mark.parametrize(
    ("length_s", "least_s", "most_s"),
    [
        ("16", "8", "32"),
        ("7", "5", "14"),
        ("4", "4", "8"),
        ("90", "45", "120"),
        ("150", "75", "150"),
        ("12.5", "7", "25"),
    ],
)
def test_how_far_a_rest_may_go(length_s: str, least_s: str, most_s: str) -> None:
    dial = rest((0,), What.REST, "", Fraction(length_s))
    assert (dial.value(dial.lowest), dial.value(dial.highest)) == (Fraction(least_s), Fraction(most_s))
    assert all(dial.value(n).denominator == 1 or n == 0 for n in range(dial.lowest, dial.highest + 1))


def test_notches_are_whole_seconds_between_the_ends_of_a_range() -> None:
    dial = Dial((0,), What.DOSE, "hold", True, Fraction("2.5"), Fraction("2.5"), Fraction("5.25"))
    assert [dial.value(n) for n in range(dial.lowest, dial.highest + 1)] == [
        Fraction(v) for v in ("2.5", "3", "4", "5", "5.25")
    ]


coins = st.lists(
    st.builds(
        Coin,
        st.sampled_from([Fraction(n, 2) for n in (1, 2, 3, 7, 20, 41)]),
        *(st.integers(0, 4),) * 2,
        *(st.integers(1, 9),) * 2,
    ),
    max_size=3,
)


@settings(max_examples=30, deadline=None)
@given(coins=coins, due=st.integers(-60, 60), slack=st.integers(0, 6))
def test_ways_are_all_sums_within_the_slack_each_at_its_cheapest(coins: list[Coin], due: int, slack: int) -> None:
    every: dict[Fraction, int] = {}
    for steps in product(*(range(-coin.down, coin.up + 1) for coin in coins)):
        error = sum((coin.size_s * n for coin, n in zip(coins, steps, strict=True)), Fraction(0)) - due
        cost = sum(n * coin.cost_up if n > 0 else -n * coin.cost_down for coin, n in zip(coins, steps, strict=True))
        if abs(error) <= slack:
            every[error] = min(every.get(error, cost), cost)
    found = ways(coins, Fraction(due), Fraction(slack))
    assert {way.error_s: way.cost for way in found} == every
    for way in found:
        assert (
            sum((coin.size_s * n for coin, n in zip(coins, way.steps, strict=True)), Fraction(0)) == due + way.error_s
        )
    assert [way.rank for way in found] == sorted(way.rank for way in found)
