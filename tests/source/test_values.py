"""The small languages inside scalars."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.model.exercise import Quantity, Tempo, Unit
from voicecoach.model.units import short
from voicecoach.source.values import (
    ValueFaultError,
    amount,
    counts,
    duration,
    durations,
    factor,
    level_db,
    share,
    switch,
    tempo,
    whole,
)
from voicecoach.source.written import written_amount, written_counts, written_lengths, written_level, written_share


def between(least: Fraction | int, most: Fraction | int) -> Quantity:
    return Quantity(Fraction(least), Fraction(most))


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
        (Fraction(3599), "59:59"),
        (Fraction(3661), "1:01:01"),
        (Fraction(4200), "70 min"),
        (Fraction(36_610), "10:10:10"),
    ],
)
def test_short(length_s: Fraction, shown: str) -> None:
    assert short(length_s) == shown


# Ranges of lengths


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("30s", between(30, 30)),
        ("1 min 30 s", between(90, 90)),
        ("1:30", between(90, 90)),
        ("30-60s", between(30, 60)),
        (" 30 - 60 s ", between(30, 60)),
        ("30–60s", between(30, 60)),
        ("30 to 60s", between(30, 60)),
        ("30s-60s", between(30, 60)),
        ("30s-1 min", between(30, 60)),
        ("30 seconds to 2 minutes", between(30, 120)),
        ("2-3 min", between(120, 180)),
        ("1-1.5 min", between(60, 90)),
        ("1:30-2:00", between(90, 120)),
        ("1:30-4 min", between(90, 240)),
        ("90s-2:00", between(90, 120)),
        ("0.5-2.5s", between(Fraction(1, 2), Fraction(5, 2))),
        ("30-30s", between(30, 30)),
    ],
)
def test_durations(text: str, read: Quantity) -> None:
    assert durations(text) == read


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("30", "bare-number"),
        ("30-60", "bare-number"),
        ("30 to 60", "bare-number"),
        ("60-30s", "reversed-range"),
        ("2 min-30s", "reversed-range"),
        ("2:00-1:30", "reversed-range"),
        ("60s-1", "bare-number"),
        ("30s-60", "bare-number"),
        ("0-60s", "bad-duration"),
        ("0s-60s", "bad-duration"),
        ("-30s", "bad-duration"),
        ("30-s", "bad-duration"),
        ("30s-", "bad-duration"),
        ("30--60s", "bad-duration"),
        ("30-60-90s", "bad-duration"),
        ("30s to", "bad-duration"),
        ("ten-60s", "bad-duration"),
        ("30/60s", "bad-duration"),
        ("30-60 days", "bad-duration"),
        ("30-" + "9" * 5000 + "s", "bad-duration"),
        ("", "bad-duration"),
    ],
)
def test_not_durations(text: str, code: str) -> None:
    with pytest.raises(ValueFaultError) as caught:
        durations(text)
    assert caught.value.code == code
    assert caught.value.message
    assert caught.value.hint


def test_a_bare_range_says_what_to_write() -> None:
    with pytest.raises(ValueFaultError, match="'30-60' has no unit") as caught:
        durations("30-60")
    assert caught.value.hint == "write 30-60s"


def test_a_range_that_runs_backwards_says_so() -> None:
    with pytest.raises(ValueFaultError, match="the range '60-30s' runs backwards") as caught:
        durations("60-30s")
    assert caught.value.hint == "write the smaller figure first"


ranges = st.tuples(lengths, lengths).map(lambda pair: between(min(pair), max(pair)))


@settings(max_examples=300)
@given(ranges)
def test_a_range_that_is_written_reads_back_as_the_same(length: Quantity) -> None:
    assert durations(written_lengths(length)) == length


# Counts


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
    assert counts(text, Unit.REPS) == Quantity.of(count)
    assert isinstance(counts(text, Unit.REPS).least, Fraction), "exact"
    if not text.strip().isdecimal():
        assert amount(text) == (Quantity.of(count), Unit.REPS), "with its word it needs no key"


@pytest.mark.parametrize(
    ("text", "unit", "read"),
    [
        ("8-12", Unit.REPS, between(8, 12)),
        ("8-12 reps", Unit.REPS, between(8, 12)),
        ("8–12 reps", Unit.REPS, between(8, 12)),
        (" 8 - 12 reps", Unit.REPS, between(8, 12)),
        ("8 to 12 reps", Unit.REPS, between(8, 12)),
        ("8-8", Unit.REPS, between(8, 8)),
        ("5 breaths", Unit.BREATHS, between(5, 5)),
        ("1 breath", Unit.BREATHS, between(1, 1)),
        ("5-8 Breaths", Unit.BREATHS, between(5, 8)),
        ("3-5 cycles", Unit.CYCLES, between(3, 5)),
        ("1 cycle", Unit.CYCLES, between(1, 1)),
        ("3-5", Unit.CYCLES, between(3, 5)),
    ],
)
def test_counts(text: str, unit: Unit, read: Quantity) -> None:
    assert counts(text, unit) == read


@pytest.mark.parametrize(
    "text",
    ["", "0", "0 reps", "-1", "1.5 reps", "ten", "10 s", "x10", "¹", "10 reps 10", "1000000000", "9" * 5000,
     "8-", "-12 reps", "0-3", "8--12", "8-12-16", "8 reps-12 reps", "1.5-3 reps", "5 breaths", "3 cycles", "٣"],
)  # fmt: skip
def test_not_reps(text: str) -> None:
    with pytest.raises(ValueFaultError) as caught:
        counts(text, Unit.REPS)
    assert caught.value.code == "bad-number"
    assert caught.value.hint


@pytest.mark.parametrize("text", ["12-8", "12-8 reps", "12 to 8"])
def test_counts_that_run_backwards(text: str) -> None:
    with pytest.raises(ValueFaultError, match="runs backwards") as caught:
        counts(text, Unit.REPS)
    assert (caught.value.code, caught.value.hint) == ("reversed-range", "write the smaller figure first")


def test_a_count_may_be_told_its_least() -> None:
    assert counts("0-3", Unit.REPS, least=0) == between(0, 3)
    with pytest.raises(ValueFaultError, match="'2' is not a number of rounds") as caught:
        counts("2", Unit.REPS, "number of rounds", least=3)
    assert caught.value.code == "bad-number"


counted = st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)).map(lambda pair: between(min(pair), max(pair)))


@given(counted, st.sampled_from([Unit.REPS, Unit.CYCLES, Unit.BREATHS]))
def test_a_count_that_is_written_reads_back_as_the_same(count: Quantity, unit: Unit) -> None:
    assert counts(written_counts(count), unit) == count
    assert counts(written_amount(count, unit), unit) == count


# Doses in their short form


@pytest.mark.parametrize(
    ("text", "read", "unit"),
    [
        ("30s", between(30, 30), Unit.SECONDS),
        ("30-60s", between(30, 60), Unit.SECONDS),
        ("2 min", between(120, 120), Unit.SECONDS),
        ("1:30", between(90, 90), Unit.SECONDS),
        ("30s to 2 min", between(30, 120), Unit.SECONDS),
        ("10 reps", between(10, 10), Unit.REPS),
        ("8-12 reps", between(8, 12), Unit.REPS),
        ("8 to 12 reps", between(8, 12), Unit.REPS),
        ("10x", between(10, 10), Unit.REPS),
        ("5 breaths", between(5, 5), Unit.BREATHS),
        ("3-5 cycles", between(3, 5), Unit.CYCLES),
    ],
)
def test_amount(text: str, read: Quantity, unit: Unit) -> None:
    assert amount(text) == (read, unit)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("30", "bare-number"),
        ("30-60", "bare-number"),
        ("60-30s", "reversed-range"),
        ("12-8 reps", "reversed-range"),
        ("0 reps", "bad-number"),
        ("1.5 reps", "bad-number"),
        ("5 s breaths", "bad-dose"),
        ("10 repz", "bad-dose"),
        ("ten reps", "bad-dose"),
        ("reps", "bad-dose"),
        ("hold 30s", "bad-dose"),
        ("-5 reps", "bad-dose"),
        ("0s", "bad-dose"),
        ("10 reps 30s", "bad-dose"),
        ("", "bad-dose"),
    ],
)
def test_not_an_amount(text: str, code: str) -> None:
    with pytest.raises(ValueFaultError) as caught:
        amount(text)
    assert caught.value.code == code
    assert caught.value.message
    assert caught.value.hint


def test_a_bare_dose_says_all_that_it_could_be() -> None:
    with pytest.raises(ValueFaultError, match="'10' has no unit") as caught:
        amount("10")
    assert caught.value.hint == "write 10s, 10 min or 10 reps"


@given(st.one_of(counted.map(lambda c: (c, Unit.REPS)), counted.map(lambda c: (c, Unit.CYCLES)),
                 counted.map(lambda c: (c, Unit.BREATHS)), ranges.map(lambda r: (r, Unit.SECONDS))))  # fmt: skip
def test_a_dose_that_is_written_reads_back_as_the_same(dose: tuple[Quantity, Unit]) -> None:
    assert amount(written_amount(*dose)) == dose


# Whole numbers and tempo


@pytest.mark.parametrize(
    ("text", "least"), [("0", 1), ("-1", 0), ("", 0), ("1.0", 0), ("1 0", 0), ("0x10", 0), ("٣", 0)]
)
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
    assert tempo("-".join(map(str, parts))).whole_s == sum(parts)


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


# Percentages, levels and factors


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("75%", Fraction(3, 4)),
        (" 75 % ", Fraction(3, 4)),
        ("0%", Fraction(0)),
        ("100%", Fraction(1)),
        ("33.3%", Fraction(333, 1000)),
    ],
)
def test_share(text: str, part: Fraction) -> None:
    assert share(text) == part


@pytest.mark.parametrize(
    "text", ["", "%", "75", "0.75", "75 percent", "-1%", "+5%", "100.1%", "101%", ".5%", "5.%", "7 5%", "75%%", "1e1%"]
)
def test_not_a_share(text: str) -> None:
    with pytest.raises(ValueFaultError, match="is not a percentage") as caught:
        share(text)
    assert (caught.value.code, caught.value.hint) == ("bad-percentage", "write 0% to 100%")


@given(st.integers(0, 100_000).map(lambda n: Fraction(n, 100_000)))
def test_a_percentage_that_is_written_reads_back_as_the_same(part: Fraction) -> None:
    assert share(written_share(part)) == part


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("-22 dB", Fraction(-22)),
        ("-22dB", Fraction(-22)),
        (" 10 db ", Fraction(10)),
        ("+3 dB", Fraction(3)),
        ("-22.5 DB", Fraction(-45, 2)),
        ("0 dB", Fraction(0)),
        ("-120 dB", Fraction(-120)),
        ("120 dB", Fraction(120)),
    ],
)
def test_level(text: str, level: Fraction) -> None:
    assert level_db(text) == level


@pytest.mark.parametrize(
    "text", ["", "dB", "-22", "22%", "--22 dB", "- 22 dB", "-22 dBFS", "−22 dB", "-.5 dB", "121 dB", "-121 dB", "loud"]
)
def test_not_a_level(text: str) -> None:
    with pytest.raises(ValueFaultError, match="is not a level") as caught:
        level_db(text)
    assert (caught.value.code, caught.value.hint) == ("bad-level", "write a level such as -22 dB")


@given(st.integers(-12_000, 12_000).map(lambda n: Fraction(n, 100)))
def test_a_level_that_is_written_reads_back_as_the_same(level: Fraction) -> None:
    assert level_db(written_level(level)) == level


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x1.25", Fraction(5, 4)),
        ("X1.25", Fraction(5, 4)),
        ("×2", Fraction(2)),
        ("x 0.8", Fraction(4, 5)),
        (" 0.8 ", Fraction(4, 5)),
        ("80%", Fraction(4, 5)),
        ("125 %", Fraction(5, 4)),
        ("x80%", Fraction(4, 5)),
        ("1", Fraction(1)),
        ("0.1", Fraction(1, 10)),
        ("10%", Fraction(1, 10)),
        ("10", Fraction(10)),
        ("1000%", Fraction(10)),
    ],
)
def test_factor(text: str, value: Fraction) -> None:
    assert factor(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "x", "0", "x0", "0.09", "9%", "10.01", "1001%", "-1", "+1", ".5", "5.", "1,5", "1/2", "1e1", "xx2", "2x",
     "twice", "nan", "inf", "30s", "9" * 5000, "1." + "0" * 5000],
)  # fmt: skip
def test_not_a_factor(text: str) -> None:
    with pytest.raises(ValueFaultError, match="is not a factor") as caught:
        factor(text)
    assert (caught.value.code, caught.value.hint) == ("bad-factor", "write a factor such as x1.25 or x0.8")


# Any text at all

anything = st.one_of(st.text(max_size=30), st.text("0123456789.:-–+ smhinxaecdreobtyl×%B", max_size=30))
READERS: dict[str, tuple[Callable[[str], object], set[str]]] = {
    "duration": (duration, {"bare-number", "bad-duration"}),
    "durations": (durations, {"bare-number", "bad-duration", "reversed-range"}),
    "reps": (lambda text: counts(text, Unit.REPS), {"bad-number", "reversed-range"}),
    "breaths": (lambda text: counts(text, Unit.BREATHS), {"bad-number", "reversed-range"}),
    "amount": (amount, {"bare-number", "bad-dose", "bad-number", "reversed-range"}),
    "whole": (whole, {"bad-number"}),
    "tempo": (tempo, {"bad-tempo"}),
    "switch": (switch, {"bad-switch"}),
    "share": (share, {"bad-percentage"}),
    "level_db": (level_db, {"bad-level"}),
    "factor": (factor, {"bad-factor"}),
}
"""What each reader may say is wrong."""


def above_nothing(value: object) -> bool:
    """Ranges are in order and above nothing."""
    quantity = value[0] if isinstance(value, tuple) else value
    return not isinstance(quantity, Quantity) or 0 < quantity.least <= quantity.most


@pytest.mark.parametrize(("read", "codes"), READERS.values(), ids=READERS)
@settings(max_examples=200)
@given(text=anything)
def test_any_text_reads_or_is_a_fault_that_helps(read: Callable[[str], object], codes: set[str], text: str) -> None:
    try:
        value = read(text)
    except ValueFaultError as fault:
        told = fault
    else:
        assert value is not None
        assert above_nothing(value)
        return
    assert told.code in codes
    assert told.message
    assert told.hint
