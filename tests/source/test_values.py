"""The small languages inside scalars."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.model.routine import Tempo
from voicecoach.model.units import short
from voicecoach.source.values import ValueFaultError, duration, is_reps, reps, switch, tempo, whole


@pytest.mark.parametrize(
    ("text", "length_s"),
    [
        ("30s", 30),
        ("30 s", 30),
        ("30  s", 30),
        (" 30s ", 30),
        ("30S", 30),
        ("30sec", 30),
        ("30 secs", 30),
        ("30 sec.", 30),
        ("1 second", 1),
        ("30 seconds", 30),
        ("2 min", 120),
        ("2min", 120),
        ("2m", 120),
        ("2 mins", 120),
        ("1 minute", 60),
        ("2 Minutes", 120),
        ("1 h", 3600),
        ("1 hr", 3600),
        ("2 hrs", 7200),
        ("1 hour", 3600),
        ("2 hours", 7200),
        ("1:30", 90),
        ("01:30", 90),
        ("0:05", 5),
        ("90:00", 5400),
        ("1:30:00", 5400),
        ("0:00:01", 1),
        ("0:01.5", Fraction(3, 2)),
        ("1 min 30 s", 90),
        ("1 min 30s", 90),
        ("1min30s", 90),
        ("1h 30min", 5400),
        ("1 h 30 min 15 s", 5415),
        ("2 minutes and 30 seconds", 150),
        ("1.5 min", 90),
        ("2.5s", Fraction(5, 2)),
        ("0.1s", Fraction(1, 10)),
        ("0.333 s", Fraction(333, 1000)),
        ("007s", 7),
    ],
)
def test_duration(text: str, length_s: int | Fraction) -> None:
    read = duration(text)
    assert read == length_s
    assert isinstance(read, Fraction), "exact"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("30", "bare-number"),
        (" 30 ", "bare-number"),
        ("0", "bare-number"),
        ("1.5", "bare-number"),
        ("", "bad-duration"),
        ("s", "bad-duration"),
        ("ten seconds", "bad-duration"),
        ("0s", "bad-duration"),
        ("0:00", "bad-duration"),
        ("0 min 0 s", "bad-duration"),
        ("-5s", "bad-duration"),
        ("+5s", "bad-duration"),
        (".5s", "bad-duration"),
        ("5.s", "bad-duration"),
        ("1,5 min", "bad-duration"),
        ("1e3s", "bad-duration"),
        ("1:5", "bad-duration"),
        ("1:60", "bad-duration"),
        ("1:60:00", "bad-duration"),
        ("1:2:3:4", "bad-duration"),
        ("1:30 min", "bad-duration"),
        (":30", "bad-duration"),
        ("30 s 1 min", "bad-duration"),
        ("30 s 30 s", "bad-duration"),
        ("1 min 30", "bad-duration"),
        ("1 min and", "bad-duration"),
        ("and 30 s", "bad-duration"),
        ("30 days", "bad-duration"),
        ("30 ms", "bad-duration"),
        ("30 reps", "bad-duration"),
        ("30s please", "bad-duration"),
        ("60-30s", "bad-duration"),
        ("1000000000s", "bad-duration"),
        ("9" * 5000 + "s", "bad-duration"),
        ("¹s", "bad-duration"),
        ("inf s", "bad-duration"),
        ("nan", "bad-duration"),
    ],
)
def test_not_a_duration(text: str, code: str) -> None:
    with pytest.raises(ValueFaultError) as caught:
        duration(text)
    assert caught.value.code == code
    assert caught.value.message
    assert caught.value.hint


def test_a_bare_number_says_what_to_write() -> None:
    with pytest.raises(ValueFaultError, match="no unit") as caught:
        duration("30")
    assert caught.value.hint == "write 30s or 30 min"


# Every length that an author can write to the millisecond.
lengths = st.one_of(
    st.integers(1, 24 * 3600).map(Fraction),
    st.integers(1, 24 * 60).map(lambda n: Fraction(n * 60)),
    st.integers(1, 24 * 3_600_000).map(lambda n: Fraction(n, 1000)),
)


@settings(max_examples=300)
@given(lengths)
def test_what_is_shown_reads_back_as_the_same(length_s: Fraction) -> None:
    assert duration(short(length_s)) == length_s


@pytest.mark.parametrize(
    ("length_s", "shown"),
    [
        (Fraction(30), "30s"),
        (Fraction(5, 2), "2.5s"),
        (Fraction(60), "1 min"),
        (Fraction(90), "1:30"),
        (Fraction(3600), "1 h"),
        (Fraction(5400), "90 min"),
        (Fraction(3661), "61:01"),
    ],
)
def test_short(length_s: Fraction, shown: str) -> None:
    assert short(length_s) == shown


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("10", 10),
        (" 10 ", 10),
        ("10 reps", 10),
        ("10reps", 10),
        ("1 rep", 1),
        ("10 Reps", 10),
        ("10 rep.", 10),
        ("10 repetitions", 10),
        ("1 repetition", 1),
        ("10 times", 10),
        ("10x", 10),
        ("10 ×", 10),
        ("999999999", 999_999_999),
    ],
)
def test_reps(text: str, count: int) -> None:
    assert reps(text) == count
    assert is_reps(text) is not text.strip().isdecimal()


@pytest.mark.parametrize(
    "text", ["", "0", "0 reps", "-1", "1.5 reps", "ten", "10 s", "x10", "¹", "10 reps 10", "1000000000", "9" * 5000]
)
def test_not_reps(text: str) -> None:
    with pytest.raises(ValueFaultError) as caught:
        reps(text)
    assert caught.value.code == "bad-number"
    assert caught.value.hint


@pytest.mark.parametrize(("text", "least"), [("0", 1), ("-1", 0), ("", 0), ("1.0", 0), ("1 0", 0), ("0x10", 0)])
def test_not_whole(text: str, least: int) -> None:
    with pytest.raises(ValueFaultError, match="is not a whole number"):
        whole(text, least=least)


def test_whole_may_be_none() -> None:
    assert whole("0", least=0) == 0


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2-0-2-0", Tempo(Fraction(2), Fraction(0), Fraction(2), Fraction(0))),
        (" 3 - 1 - 3 - 1 ", Tempo(Fraction(3), Fraction(1), Fraction(3), Fraction(1))),
        ("1.5-0-0.5-0", Tempo(Fraction(3, 2), Fraction(0), Fraction(1, 2), Fraction(0))),
        ("0-0-0-0.1", Tempo(Fraction(0), Fraction(0), Fraction(0), Fraction(1, 10))),
    ],
)
def test_tempo(text: str, read: Tempo) -> None:
    assert tempo(text) == read


@pytest.mark.parametrize(
    "text",
    ["", "2", "2-0-2", "2-0-2-0-1", "2-0-2-", "-2-0-2-0", "2–0–2–0", "a-b-c-d", "2s-0-2-0", "0-0-0-0", "2/0/2/0",
     "1234567890-0-0-0"],
)  # fmt: skip
def test_not_a_tempo(text: str) -> None:
    with pytest.raises(ValueFaultError) as caught:
        tempo(text)
    assert caught.value.code == "bad-tempo"
    assert "2-0-2-0" in (caught.value.hint or "")


@given(st.lists(st.integers(0, 9999), min_size=4, max_size=4).filter(any))
def test_a_tempo_takes_the_sum_of_its_parts(parts: list[int]) -> None:
    assert tempo("-".join(map(str, parts))).rep_s == sum(parts)


@pytest.mark.parametrize("text", ["yes", "Yes", "YES", "on", "On", "true", "True", " yes "])
def test_yes(text: str) -> None:
    assert switch(text) is True


@pytest.mark.parametrize("text", ["no", "No", "off", "OFF", "false", " False "])
def test_no(text: str) -> None:
    assert switch(text) is False


@pytest.mark.parametrize("text", ["", "y", "n", "1", "0", "maybe", "yes no", "null", "~"])
def test_neither_yes_nor_no(text: str) -> None:
    with pytest.raises(ValueFaultError, match="neither yes nor no") as caught:
        switch(text)
    assert (caught.value.code, caught.value.hint) == ("bad-switch", "write yes or no")


anything = st.one_of(st.text(max_size=30), st.text("0123456789.:-+ smhinxaecdre×", max_size=30))


@pytest.mark.parametrize("read", [duration, reps, whole, tempo, switch, is_reps])
@settings(max_examples=200)
@given(text=anything)
def test_any_text_reads_or_is_a_fault_that_helps(read, text: str) -> None:
    try:
        value = read(text)
    except ValueFaultError as fault:
        told = (fault.code in {"bare-number", "bad-duration", "bad-number", "bad-tempo", "bad-switch"}, fault.message)
        hint = fault.hint
    else:
        assert value is not None
        return
    assert all(told)
    assert hint
