"""Printing and parsing are inverse: for routines made at random of the whole model, and for the built-in ones."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.source.routines import INCLUDED, INCLUDED_TEXT, routines
from voicecoach.library import Library
from voicecoach.model.exercise import Exercise, Quantity, Sides, Unit
from voicecoach.model.routine import ExerciseStep, Given, Routine, SayStep
from voicecoach.model.units import decimal, short
from voicecoach.source.nodes import SourceFile, Sources, read_source
from voicecoach.source.printing import ROUTINE_KEYS, print_routine
from voicecoach.source.values import duration, durations
from voicecoach.source.written import written_lengths
from voicecoach.stages.parse import parse
from voicecoach.stages.parse.table import ROUTINE_FIELDS

TESTS = Path(__file__).parent.parent
GOLDEN = sorted((TESTS / "golden").glob("*.yaml"))
LIBRARY = Library()
UNHURRIED = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


def parsed(text: str, folder: Path | None = None) -> Routine:
    source = SourceFile("routine.yaml", text, folder)
    routine, faults = parse(Sources(source), "routine", LIBRARY)
    assert routine is not None
    assert not faults, "\n".join([text, *(fault.render() for fault in faults)])
    return routine


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("included")
    (made / INCLUDED).write_text(INCLUDED_TEXT, encoding="utf-8")
    return made


@UNHURRIED
@given(routine=routines())
def test_random_routines(routine: Routine, folder: Path) -> None:
    text = print_routine(routine)
    again = parsed(text, folder)
    assert again == routine, text
    assert print_routine(again) == text


@pytest.mark.parametrize("name", LIBRARY.routine_names)
def test_built_in_routines(name: str) -> None:
    routine = parsed(LIBRARY.routine_source(name).text)
    assert parsed(print_routine(routine)) == routine


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_routines(path: Path) -> None:
    source, _ = read_source(path)
    routine = parsed(source.text, path.parent)
    assert parsed(print_routine(routine), path.parent) == routine


@pytest.mark.parametrize(
    "own",
    [
        "{name: Low, based on: pigeon-pose, sides: both, sets: 1, hold: 20s, source: mine}",
        "{name: Low, based on: pigeon-pose}",
        "{name: Low, based on: seated-hip-rotation, tempo: 2-0-2-0, start: left}",
    ],
)
def test_what_is_based_on_another(own: str) -> None:
    routine = parsed(f"title: x\nsteps:\n  - low: {own}\n  - low: 2 sets\n".replace(": 2 sets", ""))
    assert parsed(print_routine(routine)) == routine


def test_the_form() -> None:
    text = """title: Morning hips
voice: {engine: espeak, name: en-us, speed: 0.95}
length: 15 min
coach:
  countdown: {from: 3, spoken: yes}
  halfway: no
  get ready: 2.5s
bed: {sound: rain, level: -20 dB, duck: 10 dB}
with:
  name: Sam
steps:
  - say: "Say \\a"
  - say: 'Remember: breathe.'
  - warm-up-walk: 2 min
  - pigeon-pose: {hold: 30-60s, sides: each, cues: [Square the hips., {at: 75%, say: Last quarter.}]}
  - clamshell: 12 reps
  - clamshell: {reps: 12, optional: yes, count reps: no}
  - seated-hip-rotation: 3-5 cycles
  - pigeon-pose
  - breathe: {pattern: 4-2-6-0, for: 5 breaths}
  - rest: 1:30
  - repeat: 2-3
    name: Strength round
    optional: yes
    steps:
      - clamshell: {reps: 8-12, tempo: 1-0-1.5-0, rest: 15s}
      - wall-sit:
          name: Wall sit
          kind: strength
          position: standing
          set up: Back against the wall.
          hold: 45s
      - wall-sit: 20s
  - intervals: {work: 40s, rest: 20s, rounds: 8, of: [fire-hydrant, {hip-bridge: {sides: both}}]}
  - tabata: [split-squat]
  - tabata: {of: [split-squat], optional: yes}
  - breathe: {pattern: 4-0-6-0, for: 2 min, optional: yes}
  - emom: {rounds: 10, every: 1 min, of: [{split-squat: {reps: 8}}]}
  - sound: bell
"""
    assert print_routine(parsed(text)) == text


def test_what_no_author_can_write() -> None:
    own, amount = Exercise("wall-sit", "Wall sit"), Given(Quantity.of(10), Unit.SECONDS)
    for step in (ExerciseStep("wall-sit", own, amount), ExerciseStep("clamshell", None, amount, Sides.LEFT)):
        with pytest.raises(ValueError, match=step.exercise):
            print_routine(Routine("routine", "x", (SayStep("y"), step)))


def test_the_keys_are_those_of_the_language() -> None:
    assert tuple(field.key for field in ROUTINE_FIELDS) == ROUTINE_KEYS


@settings(max_examples=400, deadline=None)
@given(st.integers(1, 10**9))
@example(60_000)
@example(3_600_000)
@example(3_661_000)
@example(60_001)
@example(359_999_999)
@example(60_000_000)
def test_short_is_exact(ms: int) -> None:
    assert duration(short(Fraction(ms, 1000))) == Fraction(ms, 1000)


@settings(max_examples=400, deadline=None)
@given(st.integers(1, 10**7), st.integers(0, 10**7))
def test_ranges_are_exact(least_ms: int, more_ms: int) -> None:
    quantity = Quantity(Fraction(least_ms, 1000), Fraction(least_ms + more_ms, 1000))
    assert durations(written_lengths(quantity)) == quantity


@pytest.mark.parametrize(
    ("length_s", "text"),
    [
        *(("30", "30s"), ("90", "1:30"), ("120", "2 min"), ("3600", "1 h"), ("3661", "1:01:01"), ("2.5", "2.5s")),
        *(("90.5", "90.5s"), ("1234.567", "1234.567s"), ("1/3", "0.333333s"), ("100000", "27:46:40")),
    ],
)
def test_short_reads_well(length_s: str, text: str) -> None:
    assert short(Fraction(length_s)) == text


@pytest.mark.parametrize(("value", "text"), [("-22", "-22"), ("0", "0"), ("-0.05", "-0.05"), ("0.001", "0.001")])
def test_decimals(value: str, text: str) -> None:
    assert decimal(Fraction(value)) == text
