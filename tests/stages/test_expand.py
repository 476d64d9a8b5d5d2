"""The cue script: time to get there, what spans tell of themselves, and windows that hold for every routine."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from expanding import LIBRARY, expanded, only, own, ready_s, said, script, spans

from voicecoach.model.cuescript import Priority, ScriptSpan, SpanKind, SpokenCue
from voicecoach.stages.check import cues as check_cues
from voicecoach.stages.expand import inside, phases
from voicecoach.text.pace import estimate_s

READY = 5
LYING, STANDING, SIDE = "lying on the back", "standing", "lying on the side"


def test_time_to_get_there_follows_the_words_of_the_set_up() -> None:
    made = script(
        "\n".join(
            [
                own("a", position=STANDING),
                own("b", position=LYING),
                "rest: 20s",
                own("c", position=LYING),
                own("d", position=SIDE, **{"end position": LYING}),
                own("e", position=LYING),
                own("f"),
                own("g", position=STANDING),
            ]
        )
    )
    assert [ready_s(span) - READY for span in spans(made, SpanKind.SET_UP)] == [0, 10, 0, 3, 0, 0, 10]


def test_new_equipment_takes_longer_and_what_is_at_hand_does_not() -> None:
    chair, either, band = "[chair]", "[counter or chair]", "[resistance band]"
    made = script(
        "\n".join(
            own(name, position=STANDING, equipment=what)
            for name, what in zip("abcd", (chair, either, band, chair), strict=True)
        )
    )
    assert [ready_s(span) - READY for span in spans(made, SpanKind.SET_UP)] == [5, 0, 5, 5]


@pytest.mark.parametrize("step", ["intervals: {work: 20s, rest: 10s, rounds: 1, of: [hip-bridge]}",
                                  "emom: {rounds: 1, of: [hip-bridge: 5 reps]}", "hip-bridge: 5 reps"])  # fmt: skip
@pytest.mark.parametrize("talk", ["teach", "cues", "bells"])
def test_intervals_and_every_talk_wait_too(step: str, talk: str) -> None:
    made = script(f"warm-up-walk: 1 min\n{step}", head=f"talk: {talk}\n")
    waits = [ready_s(span) for span in spans(made, SpanKind.SET_UP)]
    untold = 0 if talk == "teach" or "of" in step else 5
    assert waits[1] == READY + 10 + untold


def test_breathing_has_no_position_and_keeps_the_one_that_one_is_in() -> None:
    made = script("hip-bridge: 5 reps\nbreathe: {pattern: 4-0-4-0, for: 3 breaths}\nclamshell: 5 reps")
    ups = spans(made, SpanKind.SET_UP)
    assert [ready_s(span) - READY for span in ups] == [10, 0, 3]
    assert [span.where.position for span in ups] == [LYING, LYING, SIDE]


def test_a_change_of_sides_takes_longer_where_the_body_turns() -> None:
    steps = [
        own(name, position=text, sides="each")
        for name, text in zip("abc", (STANDING, SIDE, "half-kneeling"), strict=True)
    ]
    steps.append(own("d", position="lying face down", sides="each", equipment="[tennis ball]"))
    made = script("\n".join(steps), head="coach: {change sides: 7s}\n")
    assert [ready_s(span) - 7 for span in spans(made, SpanKind.CHANGE_SIDES)] == [0, 4, 2, 4]


@pytest.mark.parametrize(("rest", "wait"), [(10, 3), (29, 3), (30, READY), (60, READY)])
def test_after_a_long_rest_one_gets_ready_again(rest: int, wait: int) -> None:
    made = script(own("a", sets="2", rest=f"{rest}s"))
    assert ready_s(spans(made, SpanKind.SET_UP)[1]) == wait


# What spans tell of themselves


def test_every_span_tells_the_exercise_and_the_position() -> None:
    made = script(
        "say: Hello.\nclamshell: {reps: 5, sets: 2}\nrest: 20s\nbreathe: {name: Calm, pattern: 4-2-6-0, for: 3 breaths}"
        "\nintervals: {name: Burn, work: 20s, rest: 10s, rounds: 1, of: [hip-bridge, split-squat]}\nsay: Bye."
    )
    told = {}
    for span in made.spans:
        told.setdefault((span.where.name, span.where.position), []).append(span.kind.value)
    assert told == {
        (None, None): ["opening", "say"],
        ("Side-lying clamshell", SIDE): ["set-up", "reps", "rest", "set-up", "reps", "change sides", "reps", "rest",
                                         "set-up", "reps"],
        ("Side-lying clamshell", LYING): ["release"],
        (None, LYING): ["rest"],
        ("Calm", LYING): ["set-up", "breathe"],
        ("Burn", LYING): ["set-up"],
        ("Hip bridge", LYING): ["time", "rest"],
        ("Split squat", STANDING): ["time", "rest", "time"],
        (None, STANDING): ["say", "closing"],
    }  # fmt: skip


def test_patterns_are_written_as_the_author_does() -> None:
    made = script("hip-bridge: {reps: 3, tempo: 2-0.5-1.25-0}\nbreathe: {pattern: 4-2-6-0, for: 3 breaths}\nrest: 20s")
    assert only(made, SpanKind.REPS).pattern == "2-0.5-1.25-0"
    assert only(made, SpanKind.BREATHE).pattern == "4-2-6-0"
    assert {span.pattern for span in made.spans} == {None, "2-0.5-1.25-0", "4-2-6-0"}


# Everything

EVERY = """\
coach: {countdown: {from: 3, spoken: yes}}
steps:
  - rest: 1s
  - rest: 3 min
  - pigeon-pose: {hold: 200s, remind every: 11s, cues: [One., {at: 1s, say: "{remaining}."}, {at: 99%, say: Two.}]}
  - pigeon-pose: {hold: 1s}
  - leg-swings: {reps: 30, tempo: 0.2-0-0.2-0}
  - fire-hydrant: {reps: 3, sides: alternate, sets: 2, rest: 50s}
  - clamshell: {hold: 20s, sides: alternate, sets: 2}
  - seated-hip-rotation: 4 cycles
  - breathe: {pattern: 3.5-1-5-1, for: 5 breaths}
  - breathe: {pattern: 0.5-0.5-0.5-0.5, for: 5 breaths}
  - tabata: {rounds: 2, of: [split-squat, hip-bridge]}
  - intervals: {work: 5s, rest: 1s, rounds: 2, of: [split-squat]}
  - emom: {rounds: 2, of: [{split-squat: 14 reps}]}
"""


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_every_cue_of_an_exact_span_has_a_window_that_it_could_be_said_in(language: str) -> None:
    sources = [EVERY, *(LIBRARY.routine_source(name).text for name in LIBRARY.routine_names)]
    cues = 0
    for text in sources:
        plain = "\n".join(line for line in text.splitlines() if not line.startswith(("language:", "length:")))
        for span in expanded(f"language: {language}\n{plain}\n").spans:
            assert (span.where.position is None) <= (span.where.step is None or span.where.exercise is None)
            if span.length_s is None:
                assert all(cue.brief is None for cue in said(span)), "what waits for the words has no need of it"
                continue
            for cue in said(span):
                cues += 1
                within(cue, span.length_s)
    assert cues > 500


def within(cue: SpokenCue, length_s: Fraction) -> None:
    assert cue.priority is not Priority.MUST, "an exact span does not wait"
    end_s = length_s if cue.done_by_s is None else cue.done_by_s
    assert cue.not_before_s >= 0
    assert end_s <= length_s
    for moment_s in (cue.at_s, cue.begin_by_s):
        assert moment_s is None or moment_s >= cue.not_before_s, cue
    assert cue.at_s is None or cue.begin_by_s is None or cue.at_s <= cue.begin_by_s, cue
    assert "{" not in cue.text
    if cue.brief is not None:
        assert cue.brief.text != cue.text
        assert "{" not in cue.brief.text
        assert estimate_s(cue.brief.utterance.text) <= estimate_s(cue.utterance.text), cue


def test_both_sides_hear_the_same() -> None:
    exact = {SpanKind.HOLD, SpanKind.TIME, SpanKind.REPS, SpanKind.CYCLES, SpanKind.BREATHE}
    for text in (EVERY, *(LIBRARY.routine_source(name).text for name in LIBRARY.routine_names)):
        work: dict[tuple[int | None, str | None], dict[str | None, list[object]]] = {}
        for span in expanded(text).spans:
            if span.kind in exact:
                of_step = work.setdefault((span.where.step, span.where.exercise), {})
                of_step.setdefault(span.where.side, []).append(heard(span))
        for sides in work.values():
            assert sides.get("left") == sides.get("right")


def heard(span: ScriptSpan) -> list[object]:
    """What is in a span, without the side that it may name; what comes next belongs to that."""
    marks = [cue for cue in span.cues if not isinstance(cue, SpokenCue)]
    words = [cue for cue in said(span) if cue.role != "next up"]
    told = [(cue.not_before_s, cue.at_s, cue.done_by_s, re.sub("left|right", "that", cue.text)) for cue in words]
    return [*marks, *told]


def test_the_checker_reckons_with_the_same_windows() -> None:
    assert check_cues.QUIET_S == inside.QUIET_S
    assert check_cues.OWN_S == inside.OWN_S
    assert check_cues.TRUE_S == inside.TRUE_S
    assert check_cues.LEAST_REMINDER_S == inside.LEAST_REMINDER_S
    assert Fraction(10) - check_cues.IN_PHASE_S == phases.room_s(Fraction(10))
