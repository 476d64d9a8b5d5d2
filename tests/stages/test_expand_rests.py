"""Rests and intervals: what comes next, how it is done, and that the rest is nearly over."""

from __future__ import annotations

from fractions import Fraction

import pytest
from expanding import said, script, sounds, spans, texts

from voicecoach.model.cuescript import CueScript, Earcon, Priority, ScriptSpan, SpanKind
from voicecoach.text.pace import estimate_s


def rest_of(length: str, following: str = "pigeon-pose: 30s") -> ScriptSpan:
    return spans(script(f"rest: {length}\n{following}"), SpanKind.REST)[0]


def test_a_rest_is_told_at_once_and_its_brief_form_is_one_word() -> None:
    cue = said(rest_of("20s"))[0]
    assert (cue.text, cue.role, cue.priority) == ("Take a rest of 20 seconds.", "rest", Priority.USEFUL)
    assert cue.brief is not None
    assert cue.brief.text == "Rest."
    assert cue.begin_by_s == 3


def test_what_comes_next_is_told_late_in_a_long_rest_and_at_once_in_a_short_one() -> None:
    def wanted_s(length: str, following: str = "pigeon-pose: 30s") -> tuple[str, Fraction]:
        (cue,) = said(rest_of(length, following), "next up")
        assert cue.at_s is not None
        assert cue.brief is not None
        assert cue.brief.text == cue.text.split(": ")[1].split(". ")[0].rstrip(".") + "."
        assert cue.priority is Priority.EXTRA
        return cue.text, cue.at_s

    assert wanted_s("30s") == ("Coming up: Pigeon pose.", 22)
    text, at_s = wanted_s("10s")
    assert text == "Coming up: Pigeon pose."
    assert 3 < at_s < 5
    assert wanted_s("30s", "leg-swings") == ("Coming up: Leg swings. You need a counter or a chair.", 18)
    assert wanted_s("30s", "breathe: {name: Calm, pattern: 4-0-4-0, for: 3 breaths}") == ("Coming up: Calm.", 22)
    assert not said(rest_of("30s", "say: Well done."), "next up")
    assert not said(
        spans(script("rest: 30s\npigeon-pose: 30s", head="coach: {next up: no}\n"), SpanKind.REST)[0], "next up"
    )


def test_after_being_told_in_a_rest_the_exercise_is_not_next_once_more() -> None:
    def heading(steps: str) -> str:
        return texts(spans(script(steps), SpanKind.SET_UP)[0])[0]

    assert heading("say: Hello.\nrest: 20s\nrest: 20s\npigeon-pose: 30s") == "Pigeon pose."
    assert heading("say: Hello.\nrest: 20s\nsay: Hello.\npigeon-pose: 30s") == "Next: Pigeon pose."
    plain = script("rest: 20s\npigeon-pose: 30s", head="coach: {next up: no}\n")
    assert texts(spans(plain, SpanKind.SET_UP)[0])[0] == "Now: Pigeon pose."


@pytest.mark.parametrize(("length", "calls"), [("44s", []), ("45s", [35]), ("2 min", [110])])
def test_a_long_rest_tells_that_it_is_nearly_over(length: str, calls: list[int]) -> None:
    span = rest_of(length)
    assert [cue.at_s for cue in said(span, "time left")] == calls
    for cue in said(span, "time left"):
        assert cue.text.startswith("10 seconds")
        (ahead,) = said(span, "next up")
        assert ahead.at_s is not None
        assert cue.at_s is not None
        assert ahead.at_s + estimate_s(ahead.utterance.text) < cue.at_s - 1, "what comes next is told before"


# Intervals


def intervals(keys: str, talk: str = "teach") -> CueScript:
    return script(f"intervals: {{{keys}}}", head=f"talk: {talk}\n")


def test_a_rest_of_intervals_tells_what_is_next_and_counts_down_to_it() -> None:
    made = intervals("work: 20s, rest: 10s, rounds: 2, of: [hip-bridge, split-squat]")
    rests = spans(made, SpanKind.REST)
    assert [texts(span, "next up")[0] for span in rests] == [
        "Next: Split squat, left.",
        "Next: Split squat, right.",
        "Last round. Next: Hip bridge.",
        "Next: Split squat, left.",
        "Next: Split squat, right.",
    ]
    assert all(sounds(span, Earcon.TICK) == [7, 8, 9] for span in rests)
    assert all((cue.done_by_s or 0) < 7 for span in rests for cue in said(span))
    assert not any(said(span, "set-up") for span in rests), "there is no time for it"
    (brief,) = {cue.brief.text for cue in said(rests[2]) if cue.brief is not None}
    assert brief == "Last round. Hip bridge."


def test_how_it_is_done_is_told_in_a_rest_that_has_the_time() -> None:
    made = intervals("work: 20s, rest: 45s, rounds: 2, of: [hip-bridge, pigeon-pose]")
    told = [texts(span, "set-up")[0] for span in spans(made, SpanKind.REST)]
    assert told[0].startswith("Come onto your hands and knees. Bring your left knee")
    assert told[3] == "On hands and knees, bring your left knee forward, right leg back.", "known by then"
    short = intervals("work: 20s, rest: 20s, rounds: 1, of: [hip-bridge, pigeon-pose]")
    assert texts(spans(short, SpanKind.REST)[0], "set-up") == [told[3]], "in brief where there is time for that"
    cues = intervals("work: 20s, rest: 30s, rounds: 2, of: [hip-bridge, pigeon-pose]", talk="cues")
    assert not any(said(span, "set-up") for span in spans(cues, SpanKind.REST))


def test_without_a_rest_what_is_next_is_told_before_the_work_ends() -> None:
    work = spans(intervals("work: 20s, rounds: 1, of: [hip-bridge, squat-external-rotation]"), SpanKind.TIME)
    (cue,) = said(work[0], "next up")
    assert (cue.text, cue.late) == ("Next: Squat with hip external rotation.", True)
    assert cue.done_by_s == 20 - 3 - Fraction(3, 2)
    assert not said(work[1])


def test_every_minute_on_the_minute_begins_at_a_tap() -> None:
    made = script("emom: {rounds: 2, of: [hip-bridge: 5 reps]}")
    assert "tap" in texts(spans(made, SpanKind.SET_UP)[0])[-1]
    assert (
        "bell" in texts(spans(intervals("work: 20s, rest: 10s, rounds: 1, of: [hip-bridge]"), SpanKind.SET_UP)[0])[-1]
    )
