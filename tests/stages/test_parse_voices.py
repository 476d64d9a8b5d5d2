"""Voices as they are written: one, several, a map, those of steps and who counts; and the lexicon."""

from __future__ import annotations

from fractions import Fraction

import jsonschema
import pytest
import yaml

from voicecoach.library import Library
from voicecoach.model.lexicon import Pronunciation
from voicecoach.model.routine import (
    BreatheStep,
    ExerciseStep,
    IntervalsStep,
    Routine,
    SayStep,
    VoiceChange,
    VoiceChoice,
    named_voices,
)
from voicecoach.source.formatting import format_text
from voicecoach.source.nodes import SourceFile, Sources
from voicecoach.source.printing import print_routine
from voicecoach.stages.parse import parse
from voicecoach.stages.parse.schema import routine_schema

LIBRARY = Library()
STEPS = "steps:\n  - rest: 20s\n"


def read(text: str) -> Routine:
    routine, faults = parse(Sources(SourceFile("x.yaml", text)), "x", LIBRARY)
    assert routine is not None
    assert not faults, "\n".join(fault.render() for fault in faults)
    jsonschema.validate(yaml.safe_load(text), routine_schema())
    printed, faults = parse(Sources(SourceFile("x.yaml", print_routine(routine))), "x", LIBRARY)
    assert printed == routine
    assert not faults
    assert parse(Sources(SourceFile("x.yaml", format_text(text))), "x", LIBRARY)[0] == routine
    return routine


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("fake", VoiceChoice("fake")),
        ("fake:fake-de", VoiceChoice("fake:fake-de")),
        ("piper:kristin,espeak", VoiceChoice("piper:kristin, espeak")),
        ("[piper:kristin, espeak]", VoiceChoice("piper:kristin, espeak")),
        ('"a , , b"', VoiceChoice("a, b")),
        ("{speed: 0.9}", VoiceChoice("default", Fraction(9, 10))),
        ("{engine: fake, name: fake-de}", VoiceChoice("fake:fake-de")),
        ("{engine: [fake, espeak:en-us], speed: 2}", VoiceChoice("fake, espeak:en-us", Fraction(2))),
        ("{engine: fake, pitch: +2}", VoiceChoice("fake", pitch_st=Fraction(2))),
        ("{engine: fake, pitch: -3}", VoiceChoice("fake", pitch_st=Fraction(-3))),
        ("{engine: fake, pitch: 2 st}", VoiceChoice("fake", pitch_st=Fraction(2))),
        ("{engine: fake, pitch: −1.5 semitones}", VoiceChoice("fake", pitch_st=Fraction(-3, 2))),
        ("{engine: fake, pitch: 0, volume: -6 dB}", VoiceChoice("fake", gain_db=Fraction(-6))),
        ("{volume: +3dB}", VoiceChoice(gain_db=Fraction(3))),
    ],
)  # fmt: skip
def test_the_coach(written: str, meant: VoiceChoice) -> None:
    assert read(f"voice: {written}\n{STEPS}").voice == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("espeak:en-gb", VoiceChange("espeak:en-gb")),
        ("{pitch: +3}", VoiceChange(pitch_st=Fraction(3))),
        ("{speed: 1}", VoiceChange(speed=Fraction(1))),
        ("{engine: fake, name: fake-es, volume: 0 dB}", VoiceChange("fake:fake-es", gain_db=Fraction(0))),
        ("[a, b]", VoiceChange("a, b")),
    ],
)
def test_who_counts_and_steps_change_what_they_name(written: str, meant: VoiceChange) -> None:
    routine = read(
        f"counter: {written}\nsteps:\n  - say: Hello.\n    voice: {written}\n"
        f"  - say: {{text: Hello., voice: {written}}}\n"
        f"  - pigeon-pose: {{hold: 20s, voice: {written}}}\n  - breathe: {{for: 3 breaths, voice: {written}}}\n"
        f"  - intervals: {{work: 40s, rest: 20s, rounds: 2, of: [{{clamshell: {{voice: {written}}}}}]}}\n"
    )
    assert routine.counter == meant
    beside, inside, exercise, breathing, intervals = routine.steps
    assert isinstance(beside, SayStep)
    assert beside == inside == SayStep("Hello.", meant)
    assert isinstance(exercise, ExerciseStep)
    assert isinstance(breathing, BreatheStep)
    assert isinstance(intervals, IntervalsStep)
    assert exercise.voice == breathing.voice == intervals.of[0].voice == meant
    assert len(list(named_voices(routine))) == (6 if meant.spec else 0)


def test_a_change_lies_over_the_coach() -> None:
    coach = VoiceChoice("fake", Fraction(9, 10), Fraction(-2))
    assert VoiceChange(speed=Fraction(2)).over(coach) == VoiceChoice("fake", Fraction(2), Fraction(-2))
    assert VoiceChange("b", pitch_st=Fraction(0)).over(coach) == VoiceChoice("b", Fraction(9, 10))


def test_a_say_in_braces_that_is_none_is_told_as_before() -> None:
    _, faults = parse(Sources(SourceFile("x.yaml", "steps:\n  - say: {name}\n")), "x", LIBRARY)
    assert [fault.code for fault in faults] == ["wrong-shape"]


def test_a_lexicon() -> None:
    text = "lexicon:\n  psoas: SOH-as\n  IT  band: /aɪ tiː/\n  ASIS: {say: A sis, ipa: ˈeɪsɪs}\n" + STEPS
    assert read(text).lexicon == (
        Pronunciation("psoas", "SOH-as"),
        Pronunciation("IT band", ipa="aɪ tiː"),
        Pronunciation("ASIS", "A sis", "ˈeɪsɪs"),
    )
