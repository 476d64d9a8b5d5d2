"""What is said inside a hold or time, when it is wanted, and how far it may be moved and still be true."""

from __future__ import annotations

from fractions import Fraction

import pytest
from expanding import only, said, script, sounds, texts

from voicecoach.model.cuescript import Earcon, Priority, ScriptSpan, SpanKind
from voicecoach.text.pace import estimate_s

HALF = Fraction(1, 2)


def hold(length: str, more: str = "", head: str = "") -> ScriptSpan:
    return only(script(f"x: {{name: X, hold: {length}{more}}}", head=head), SpanKind.HOLD)


def test_halfway_is_said_within_two_seconds_after_the_mark() -> None:
    span = hold("41s")
    (cue,) = said(span, "halfway")
    assert sounds(span, Earcon.HALFWAY) == [Fraction(41, 2)]
    assert (cue.not_before_s, cue.at_s, cue.begin_by_s) == (Fraction("20.8"), Fraction("20.8"), Fraction("22.5"))
    assert (cue.text, cue.brief) == ("Half of it done.", cue.brief)
    assert cue.brief is not None
    assert cue.brief.text == "Halfway."


@pytest.mark.parametrize(
    ("length", "left"),
    [
        ("44s", []),
        ("45s", ["10 seconds"]),
        ("89s", ["10 seconds"]),
        ("90s", ["30 seconds"]),
        ("179s", ["30 seconds"]),
        ("3 min", ["1 minute", "30 seconds"]),
        ("15 min", ["5 minutes", "1 minute", "30 seconds"]),
    ],
)
def test_what_is_left_of_a_longer_hold_is_said_when_it_is_left(length: str, left: list[str]) -> None:
    span = hold(length)
    calls = said(span, "time left")
    assert [cue.text for cue in calls] == [f"{words} to go." for words in left]
    for cue, words in zip(calls, left, strict=True):
        assert span.length_s is not None
        assert cue.at_s is not None
        number, unit = words.split()
        assert span.length_s - cue.at_s == int(number) * (60 if unit.startswith("minute") else 1)
        assert (cue.not_before_s, cue.begin_by_s) == (cue.at_s - HALF, cue.at_s + HALF)
        assert cue.brief is not None
        assert cue.brief.text == f"{words}."


def test_what_is_left_is_not_said_into_the_countdown() -> None:
    assert texts(hold("60s", head="coach: {countdown: 8}\n"), "time left") == []


def test_an_authors_cue_comes_within_two_seconds_of_when_it_says() -> None:
    cues = said(hold("60s", ", cues: [{at: 20s, say: One.}, {at: 75%, say: Two.}, {at: 0%, say: Zero.}]"), "cue")
    wanted = [(cue.text, cue.not_before_s, cue.at_s, cue.begin_by_s) for cue in cues]
    assert wanted == [("Zero.", 1.5, 1.5, 2), ("One.", 18, 20, 22), ("Two.", 43, 45, 47)]
    assert {cue.done_by_s for cue in cues} == {60 - 3 - Fraction(3, 2)}
    assert {cue.quiet_s for cue in cues} == {Fraction(3, 2)}


def test_an_authors_cues_that_say_no_time_are_spread_and_may_move_more() -> None:
    cues = said(hold("60s", ", cues: [One., Two., Three., Four.]"), "cue")
    assert [(cue.not_before_s, cue.at_s, cue.begin_by_s) for cue in cues] == [
        (at - 6, at, at + 6) for at in (12, 24, 36, 48)
    ]


def test_the_coach_keeps_away_from_what_the_author_says() -> None:
    assert texts(hold("60s", ", cues: [{at: 32s, say: Mine.}, {at: 47s, say: Nearly.}]")) == ["Mine.", "Nearly."]
    assert texts(hold("60s", ", cues: [{at: 22s, say: Mine.}, {at: 40s, say: Mine.}]"), "halfway", "time left") == [
        "Half of it done.",
        "10 seconds to go.",
    ]


@pytest.mark.parametrize(
    ("length", "at", "said_s", "at_s"),
    [
        ("60s", "20s", 40, 20),
        ("61.4s", "50%", 30, Fraction("31.4")),
        ("40s", "33%", 27, 13),
        ("60s", "29s", 29, 31),
        ("60s", "0%", 58, 2),
    ],
)
def test_what_remains_is_true_when_it_is_said(length: str, at: str, said_s: int, at_s: Fraction) -> None:
    span = hold(length, f", cues: [{{at: {at}, say: 'You have {{remaining}} left.'}}]")
    (cue,) = said(span, "cue")
    assert cue.text == f"You have {said_s} seconds left."
    assert span.length_s is not None
    assert cue.at_s == at_s == span.length_s - said_s
    assert (cue.not_before_s, cue.begin_by_s) == (max(at_s - HALF, Fraction(3, 2)), at_s + HALF)
    (half,) = sounds(span, Earcon.HALFWAY)
    assert half is not None
    assert not cue.at_s - HALF <= half <= cue.at_s + estimate_s(cue.utterance.text), "the mark does not push it away"


def test_reminders_move_by_half_their_interval_and_are_brief_the_second_time() -> None:
    form = ", form: [{full: Keep your back long and easy., brief: Back long.}, Breathe on.], remind every: 20s"
    cues = said(hold("2 min", form), "reminder")
    assert [cue.text for cue in cues] == ["Keep your back long and easy.", "Breathe on.", "Back long."]
    assert [cue.at_s for cue in cues] == [20, 40, 80], "not at halfway, nor once it is nearly over"
    assert {(cue.at_s - cue.not_before_s, cue.begin_by_s - cue.at_s) for cue in cues} == {(10, 10)}
    assert {cue.priority for cue in cues} == {Priority.EXTRA}
    assert cues[0].brief is not None
    assert cues[0].brief.text == "Back long."


def test_a_spoken_countdown_stays_between_its_ticks() -> None:
    span = hold("30s", head="coach: {countdown: {from: 3, spoken: yes}}\n")
    numbers = [(cue.text, cue.not_before_s, cue.done_by_s) for cue in said(span, "countdown")]
    assert numbers == [(str(3 - n), 27 + n + Fraction("0.15"), 28 + n - Fraction("0.1")) for n in range(3)]
