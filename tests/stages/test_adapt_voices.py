"""adapt: pace, voice and lexicon of a person where a session has several voices."""

from __future__ import annotations

from fractions import Fraction

from voicecoach.library import Library
from voicecoach.model.lexicon import Pronunciation
from voicecoach.model.profile import Profile
from voicecoach.model.routine import (
    BreatheStep,
    ExerciseStep,
    IntervalsStep,
    RepeatStep,
    Routine,
    SayStep,
    VoiceChange,
    VoiceChoice,
)
from voicecoach.source.nodes import SourceFile, Sources
from voicecoach.stages.adapt import adapt
from voicecoach.stages.parse import parse

LIBRARY = Library()
SEVERAL = """\
voice: {engine: piper, speed: 0.9}
counter: {engine: espeak, speed: 1.2}
steps:
  - say: {text: Hello., voice: {speed: 0.8}}
  - breathe: {for: 3 breaths, voice: espeak}
  - pigeon-pose: {hold: 20s, voice: {speed: 2}}
  - repeat: 2
    steps: [say: {text: So., voice: {speed: 1.5}}]
  - intervals: {work: 40s, rest: 20s, rounds: 2, of: [{clamshell: {voice: {speed: 1}}}]}
"""


def read(text: str) -> Routine:
    routine, faults = parse(Sources(SourceFile("x.yaml", text)), "x", LIBRARY)
    assert routine is not None
    assert not faults
    return routine


def test_pace_holds_for_every_voice_and_a_voice_of_ones_own_for_the_coach_only() -> None:
    told = adapt(read(SEVERAL), Profile(pace=Fraction(3, 4), voice="fake"), LIBRARY).routine
    assert told.voice == VoiceChoice("fake", Fraction(27, 40))
    assert told.counter == VoiceChange("espeak", Fraction(9, 10))
    say, breathe, pose, repeat, intervals = told.steps
    assert isinstance(say, SayStep)
    assert isinstance(breathe, BreatheStep)
    assert isinstance(pose, ExerciseStep)
    assert isinstance(repeat, RepeatStep)
    assert isinstance(intervals, IntervalsStep)
    assert say.voice == VoiceChange(speed=Fraction(3, 5))
    assert breathe.voice == VoiceChange("espeak"), "as fast as the coach, who is slower already"
    assert pose.voice == VoiceChange(speed=Fraction(3, 2))
    assert isinstance(repeat.steps[0], SayStep)
    assert repeat.steps[0].voice == VoiceChange(speed=Fraction(9, 8))
    assert intervals.of[0].voice == VoiceChange(speed=Fraction(3, 4))


def test_nothing_asked_changes_nothing() -> None:
    assert adapt(read(SEVERAL), Profile(), LIBRARY).routine == read(SEVERAL)


def test_a_profiles_lexicon_lies_over_the_routines() -> None:
    routine = read("lexicon: {psoas: poas, glute: gloot}\nsteps:\n  - pigeon-pose: 20s\n")
    mine = (Pronunciation("Psoas", "SOH-as"),)
    told = adapt(routine, Profile(lexicon=mine), LIBRARY).routine
    assert told.lexicon == (*mine, Pronunciation("glute", "gloot"))
