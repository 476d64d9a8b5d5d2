"""expand: who says what, and how; words of the lexicon and marks go to the engine, and are not shown."""

from __future__ import annotations

from fractions import Fraction

from tests.stages.expanding import expanded
from voicecoach.model.casting import Casting, Part
from voicecoach.model.clip import SpeechMark, Utterance, Voice
from voicecoach.model.cuescript import CueScript, SpokenCue
from voicecoach.model.routine import VoiceChoice

COACH, COUNTER, THIRD = (Voice("x", name, "en") for name in ("coach", "counter", "third"))
CASTING = Casting(COACH, COUNTER, {"x:counter": COUNTER, "x:third": THIRD})
HEAD = "title: Try\nvoice: {engine: x, name: coach, speed: 0.9, pitch: -2}\n"
STEPS = """\
steps:
  - say: Hello.
  - clamshell: {reps: 4, sets: 2, sides: left, tempo: 2-0-2-0}
  - pigeon-pose: {hold: 60s, sides: left, countdown: {from: 3, spoken: yes}, cues: [{at: 25%, say: Breathe.}]}
"""


def part(utterance: Utterance) -> Part:
    return Part(utterance.voice, utterance.speed, utterance.pitch_st, utterance.gain_db)


def parts(made: CueScript, *roles: str) -> set[Part]:
    return {part(cue.utterance) for cue in made.spoken() if cue.role in roles}


def others(made: CueScript, *roles: str) -> set[Part]:
    return {part(cue.utterance) for cue in made.spoken() if cue.role not in roles}


NUMBERS = ("count", "countdown", "rep", "set", "time left")


def test_numbers_are_the_counters_and_all_else_is_the_coachs() -> None:
    made = expanded(HEAD + "counter: x:counter\n" + STEPS, casting=CASTING)
    assert {cue.role for cue in made.spoken()} >= {*NUMBERS, "halfway", "cue", "set-up"}
    assert parts(made, *NUMBERS) == {Part(COUNTER, Fraction(9, 10), Fraction(-2))}
    assert others(made, *NUMBERS) == {Part(COACH, Fraction(9, 10), Fraction(-2))}


def test_one_voice_can_count_in_another_way() -> None:
    made = expanded(HEAD + "counter: {pitch: +3, volume: -3 dB}\n" + STEPS, casting=CASTING)
    assert parts(made, *NUMBERS) == {Part(COACH, Fraction(9, 10), Fraction(3), Fraction(-3))}


def test_without_a_counter_the_coach_counts() -> None:
    assert len(others(expanded(HEAD + STEPS, casting=CASTING))) == 1


def in_step(made: CueScript, step: int) -> list[SpokenCue]:
    return [cue for span in made.spans if span.where.step == step for cue in span.cues if isinstance(cue, SpokenCue)]


def test_a_step_has_its_voice_and_the_next_has_not() -> None:
    steps = """\
counter: x:counter
steps:
  - say: {text: Hello., voice: x:third}
  - pigeon-pose: {hold: 40s, sides: left, countdown: {from: 3, spoken: yes}, voice: {speed: 0.7, volume: +2 dB}}
  - breathe: {pattern: 4-0-6-0, for: 3 breaths, voice: {engine: x, name: third, pitch: 0}}
  - clamshell: {reps: 4, sides: left, talk: cues}
"""
    made = expanded(HEAD + steps, casting=CASTING)
    usual = Part(COACH, Fraction(9, 10), Fraction(-2))
    counting = Part(COUNTER, Fraction(9, 10), Fraction(-2))
    assert {part(cue.utterance) for cue in in_step(made, 1)} == {Part(THIRD, Fraction(9, 10), Fraction(-2))}
    slow = Part(COACH, Fraction(7, 10), Fraction(-2), Fraction(2))
    assert {part(cue.utterance) for cue in in_step(made, 2)} == {slow, counting}, "who counts stays who it is"
    assert {part(cue.utterance) for cue in in_step(made, 3)} == {Part(THIRD, Fraction(9, 10))}
    assert {part(cue.utterance) for cue in in_step(made, 4)} == {usual, counting}


def test_work_by_the_clock_has_the_voice_of_its_exercise() -> None:
    steps = (
        "steps:\n  - intervals: {work: 60s, rest: 20s, rounds: 1, of: [{clamshell: {sides: both, voice: x:third}}]}\n"
    )
    made = expanded(HEAD + steps, casting=CASTING)
    assert {cue.utterance.voice for cue in made.spoken() if cue.role == "time left"} == {THIRD}


def test_a_name_that_is_not_cast_is_the_coach() -> None:
    assert CASTING.part(VoiceChoice("espeak", Fraction(2))) == Part(COACH, Fraction(2))
    assert CASTING.voices == (COACH, COUNTER, THIRD)
    assert Casting.of(COACH).voices == (COACH,)


def test_marks_and_lexicon_go_to_the_engine_and_are_not_shown() -> None:
    head = "lexicon: {psoas: SOH-as}\nwith: {muscle: psoas}\n"
    made = expanded(HEAD + head + "steps:\n  - say: The {muscle}. [pause 2s] *Let go.*\n", casting=CASTING)
    (cue,) = in_step(made, 1)
    assert cue.text == "The psoas. Let go."
    assert cue.utterance.text == "The psoas. Let go."
    assert cue.utterance.marks == (
        SpeechMark(4, 9, respelled="SOH-as"),
        SpeechMark(10, 10, pause_s=Fraction(2)),
        SpeechMark(11, 18, emphasis=True),
    )
    assert cue.utterance.pauses_s == 2


def test_the_librarys_lexicon_lies_below_the_authors() -> None:
    steps = "steps:\n  - say: The psoas and the gluteus.\n"
    (ours,) = in_step(expanded(HEAD + steps, casting=CASTING), 1)
    (own,) = in_step(expanded(HEAD + "lexicon: {Psoas: mine}\n" + steps, casting=CASTING), 1)
    assert len(ours.utterance.marks) >= 1
    assert next(mark.respelled for mark in own.utterance.marks) == "mine"
    assert own.utterance.marks[1:] == ours.utterance.marks[1:]


def test_what_it_is_for_goes_with_voices_that_say_it_otherwise() -> None:
    casting = Casting(COACH, COUNTER, {"x:counter": COUNTER}, by_role=frozenset({COUNTER}))
    made = expanded(HEAD + "counter: x:counter\n" + STEPS, casting=casting)
    counted = {cue.utterance.role for cue in made.spoken() if cue.utterance.voice == COUNTER}
    assert counted == set(NUMBERS)
    assert {cue.utterance.role for cue in made.spoken() if cue.utterance.voice == COACH} == {""}
