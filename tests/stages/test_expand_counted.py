"""Repetitions, cycles and breaths: what is counted and led, each word after its own mark."""

from __future__ import annotations

from fractions import Fraction

import pytest
from expanding import only, said, script, sounds, spans, texts

from voicecoach.model.cuescript import Earcon, Priority, ScriptSpan, SpanKind


def reps(tempo: str, count: int, more: str = "", head: str = "") -> ScriptSpan:
    steps = f"x: {{name: X, reps: {count}, tempo: {tempo}{more}}}"
    return only(script(steps, head=head), SpanKind.REPS)


def test_repetitions_are_counted_each_after_its_tap_and_the_last_is_announced_before_it() -> None:
    span = reps("2-0-2-0", 5)
    assert texts(span) == ["1", "2", "3", "4", "This is the last one."]
    *counted, last = said(span)
    for n, cue in enumerate(counted):
        assert (cue.role, cue.priority, cue.rep) == ("count", Priority.EXTRA, n + 1)
        assert (cue.not_before_s, cue.done_by_s) == (4 * n + Fraction("0.15"), 4 * (n + 1) - Fraction("0.1"))
    assert (last.role, last.priority, last.rep, last.late) == ("rep", Priority.USEFUL, 5, True)
    assert (last.not_before_s, last.done_by_s) == (Fraction("12.15"), Fraction("15.9"))
    assert last.brief is not None
    assert last.brief.text == "Last."


@pytest.mark.parametrize(
    ("tempo", "numbers"),
    [
        ("1-0-0.5-0", ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]),
        ("1-0-0.4-0", ["5", "10"]),
        ("0.5-0-0.5-0", ["5", "10"]),
        ("0.2-0-0.1-0", []),
    ],
)
def test_quick_repetitions_are_counted_where_there_is_room(tempo: str, numbers: list[str]) -> None:
    assert texts(reps(tempo, 12), "count") == numbers
    assert len(said(reps(tempo, 12), "rep")) == 1


def test_one_repetition_needs_no_number() -> None:
    assert texts(reps("2-0-2-0", 1)) == []


def test_counting_can_be_turned_off_and_stays_with_cues() -> None:
    assert texts(reps("2-0-2-0", 3, head="coach: {count reps: no}\n")) == ["This is the last one."]
    assert texts(reps("2-0-2-0", 3, head="talk: cues\n")) == ["1", "2", "This is the last one."]
    assert texts(reps("2-0-2-0", 3, head="talk: bells\n")) == []


def test_in_turn_sides_are_named_first_then_each_is_counted() -> None:
    span = reps("2-0-2-0", 4, ", sides: alternate")
    assert texts(span) == ["left.", "right.", "left.", "right.", "3", "3", "One more on each side."]
    last = said(span, "rep")[0]
    assert (last.not_before_s, last.done_by_s, last.rep) == (Fraction("20.15"), Fraction("23.9"), 7)
    assert texts(reps("2-0-2-0", 2, ", sides: alternate"), "side") == ["left.", "right.", "left.", "right."]


def test_the_set_up_of_sides_in_turn_tells_of_both() -> None:
    told = texts(spans(script("fire-hydrant: {reps: 8, sides: alternate, start: right}"), SpanKind.SET_UP)[0])
    assert told[1:3] == ["8 repetitions on each side, in turn.", "Begin with the right side."]
    assert "Keep your right knee bent." in told[3]
    assert told[4] == "Then the left side. Keep changing over."
    assert "in turn" not in " ".join(texts(spans(script("fire-hydrant: 8 reps"), SpanKind.SET_UP)[0]))


# Cycles and breaths

PRESS = (
    "{say: {full: Press your knee up., brief: Press.}, for: 5s}, {say: {full: Let go now., brief: Let go.}, for: 4s}"
)


def test_cycles_are_led_in_full_once_then_in_brief_each_word_in_its_phase() -> None:
    span = only(script(f"x: {{name: X, phases: [{PRESS}], cycles: 3}}"), SpanKind.CYCLES)
    told = texts(span)
    assert told == [
        "Press your knee up.",
        "Let go now.",
        "Press.",
        "Let go.",
        "This is the last one.",
        "Press.",
        "Let go.",
    ]
    marks = sorted([*sounds(span, Earcon.REP), *sounds(span, Earcon.OUT)])  # type: ignore[type-var]
    assert marks == [0, 5, 9, 14, 18, 23]
    for cue, mark, after in zip(said(span, "phase"), marks, [*marks[1:], Fraction(27)], strict=True):
        assert mark is not None
        assert after is not None
        assert mark < cue.not_before_s < (cue.begin_by_s or 0) <= mark + 2
        assert cue.done_by_s == after - Fraction("0.1")
    (last,) = said(span, "rep")
    assert (last.not_before_s, last.done_by_s, last.late) == (Fraction("14.3"), Fraction("17.9"), True)
    assert said(span)[0].brief is not None


def test_phases_are_told_beforehand_only_where_they_are_too_short_for_all_their_words() -> None:
    def told(press: str) -> str:
        return " ".join(texts(spans(script(f"x: {{name: X, phases: [{press}], cycles: 3}}"), SpanKind.SET_UP)[0]))

    assert "Press your knee up." not in told(PRESS)
    assert "Press your knee up." in told(PRESS.replace("for: 5s", "for: 1.5s"))


def breathe(pattern: str, count: int) -> ScriptSpan:
    return only(script(f"breathe: {{pattern: {pattern}, for: {count} breaths}}"), SpanKind.BREATHE)


@pytest.mark.parametrize(
    ("pattern", "each", "worded"),
    [
        ("4-0-6-0", ["Breathe in.", "Breathe out."], 2),
        ("4-2-6-2", ["Breathe in.", "Hold.", "Breathe out.", "Wait."], 3),
        ("4-1-6-0", ["Breathe in.", "Hold.", "Breathe out."], 3),
        ("4-0.5-6-0", ["Breathe in.", "Breathe out."], 3),
        ("0.8-0-0.8-0", [], 2),
    ],
)
def test_breath_words_come_where_they_fit(pattern: str, each: list[str], worded: int) -> None:
    span = breathe(pattern, 6)
    words = [text for text in texts(span) if "ast" not in text]
    assert words == each * worded
    assert len(words) + 1 == len(texts(span)), "the last one is announced"


def test_breath_words_fall_into_their_phase() -> None:
    span = breathe("4-2-6-3", 6)
    begins = [0, 4, 6, 12, 15, 19, 21, 27]
    for cue, begin, end in zip(said(span), begins, [*begins[1:], 30], strict=False):
        assert begin <= cue.not_before_s <= begin + Fraction(3, 10)
        assert cue.done_by_s is not None
        assert begin < cue.done_by_s < end
        assert cue.begin_by_s == begin + Fraction(3, 2)
    last = said(span)[-1]
    assert last.text == "One last breath."
    assert (last.not_before_s, last.done_by_s, last.rep) == (Fraction("72.3"), Fraction("74.9"), 6), "in the pause"
    short = said(breathe("4-0-6-0", 6))[-1]
    assert (short.not_before_s, short.done_by_s) == (Fraction("44.3"), Fraction("49.9")), "in the breath out"
