"""An author's fault as it is shown: the caret under the word that it means, whatever stands before it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.model.diagnostic import Diagnostic, Severity, did_you_mean, has_errors, in_reading_order
from voicecoach.model.location import Location

TAB_CELLS = 8
WIDEST = 200


def fault(line: str, column: int, length: int = 1, **more: object) -> Diagnostic:
    return Diagnostic("unknown-key", "there is no key", Location("x.yaml", 7, column, length), source_line=line, **more)


def cells(text: str) -> int:
    """Terminal cells of a text, a tab going to the next multiple of eight."""
    at = 0
    for character in text:
        if character == "\t":
            at = (at // TAB_CELLS + 1) * TAB_CELLS
        elif unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
            continue
        else:
            at += 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
    return at


def underlined(diagnostic: Diagnostic) -> str:
    """What the carets stand under, as a terminal shows the two lines."""
    _, source, carets, *_ = diagnostic.render().split("\n")
    start, end = cells(carets[: carets.index("^")]), cells(carets)
    return "".join(
        character
        for number, character in enumerate(source)
        if start <= cells(source[:number]) < end and cells(source[: number + 1]) > start
    )


def test_a_plain_fault() -> None:
    assert fault("    holdd: 30s", 5, 5, hint="did you mean 'hold'?").render() == (
        "x.yaml:7:5: error[unknown-key]: there is no key\n"
        "  7 |     holdd: 30s\n"
        "    |     ^^^^^\n"
        "  hint: did you mean 'hold'?"
    )


def test_a_warning_without_a_hint() -> None:
    shown = fault("a: b", 1, severity=Severity.WARNING).render()
    assert shown == "x.yaml:7:1: warning[unknown-key]: there is no key\n  7 | a: b\n    | ^"


@pytest.mark.parametrize("line", ["", "   ", "\t"])
def test_without_a_line_to_show(line: str) -> None:
    assert fault(line, 1).render() == "x.yaml:7:1: error[unknown-key]: there is no key"


@pytest.mark.parametrize(
    ("before", "word"),
    [
        ("say: 腰を伸ばす ", "holdd"),
        ("日本語", "腰を"),
        ("Ａ１ ", "x"),
        ("한국어 ", "x"),
        ("🧘 stretch 🧘‍♀️ ", "x"),
        ("Größe ", "x"),
        ("e\u0301te\u0301 ", "x"),
        ("zero\u200bwidth\ufeff ", "x"),
        ("\t", "holdd"),
        ("\t\t - a\tb ", "holdd"),
        ("\t腰\t", "holdd"),
        ("", "holdd"),
    ],
)
@pytest.mark.parametrize("after", ["", ": 30s", " 腰\tz"])
def test_the_caret_stands_under_the_word(before: str, word: str, after: str) -> None:
    line = before + word + after
    assert underlined(fault(line, len(before) + 1, len(word))) == word


@settings(deadline=None)
@given(
    before=st.text(st.sampled_from("ab -腰Ａ한🧘é\t\u0301\u200b"), max_size=250),
    after=st.text(st.sampled_from("ab -腰\t"), max_size=250),
)
def test_the_caret_stands_under_the_word_in_any_line(before: str, after: str) -> None:
    assert underlined(fault(f"{before}XYZ{after}", len(before) + 1, 3)) == "XYZ"


@pytest.mark.parametrize("column", [1, 2, 50, 100, 5000, 9990, 9998])
@pytest.mark.parametrize("filler", ["a", "腰"])
def test_a_very_long_line_is_cut_to_what_matters(column: int, filler: str) -> None:
    line = filler * (column - 1) + "XYZ" + filler * (10_000 - column - 2)
    assert len(line) == 10_000
    diagnostic = fault(line, column, 3)
    assert underlined(diagnostic) == "XYZ"
    _, source, carets = diagnostic.render().split("\n")
    assert len(source) < WIDEST
    assert cells(carets) <= cells(source)
    assert diagnostic.render().startswith(f"x.yaml:7:{column}: "), "the place is that of the file"


def test_a_very_long_word_is_not_underlined_beyond_what_is_shown() -> None:
    _, source, carets = fault("a: " + "x" * 5000, 4, 5000).render().split("\n")
    assert len(carets) <= len(source) < WIDEST


@pytest.mark.parametrize("line", ["hold:", "腰を:", "\thold:", "x" * 160, "x" * 161, "x" * 5000, "腰" * 5000])
def test_the_end_of_the_line(line: str) -> None:
    """A value that is missing: the caret stands where it should begin."""
    _, source, carets = fault(line, len(line) + 1).render().split("\n")
    assert carets.count("^") == 1
    assert cells(carets[: carets.index("^")]) == cells(source)


def test_the_line_number_moves_the_caret() -> None:
    diagnostic = Diagnostic("c", "m", Location("x.yaml", 12_345, 3, 2), source_line="a: bc")
    assert diagnostic.render().split("\n")[1:] == ["  12345 | a: bc", "        |   ^^"]


def test_as_values() -> None:
    assert fault("a: b", 4, 1, hint="c").to_json() == {
        "severity": "error",
        "code": "unknown-key",
        "message": "there is no key",
        "file": "x.yaml",
        "line": 7,
        "column": 4,
        "length": 1,
        "hint": "c",
    }
    assert "hint" not in fault("a: b", 4).to_json()


def test_reading_order_and_each_once() -> None:
    def at(file: str, line: int, column: int, code: str = "c") -> Diagnostic:
        return Diagnostic(code, "m", Location(file, line, column))

    wanted = [at("a", 1, 9), at("a", 2, 1, "b"), at("a", 2, 1, "c"), at("a", 10, 1), at("b", 1, 1)]
    assert in_reading_order([*reversed(wanted), *wanted]) == tuple(wanted)
    assert in_reading_order([]) == ()


def test_only_errors_stop_a_build() -> None:
    warning = fault("a", 1, severity=Severity.WARNING)
    assert not has_errors([])
    assert not has_errors([warning])
    assert has_errors([warning, fault("a", 1)])


def test_did_you_mean() -> None:
    assert did_you_mean("holdd", ["hold", "reps"]) == "did you mean 'hold'?"
    assert did_you_mean("HOLD", ["reps", "hold"]) == "did you mean 'hold'?"
    assert did_you_mean("elephant", ["hold", "reps"]) is None
    assert did_you_mean("hold", []) is None
    assert did_you_mean("", ["hold"]) is None
