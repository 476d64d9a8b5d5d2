"""The coach's own words: every message is used and can be said, and plurals and lengths are right."""

from __future__ import annotations

import ast as python_ast
import re
from fractions import Fraction
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.serializer import serialize_message
from hypothesis import given
from hypothesis import strategies as st

import voicecoach
from voicecoach.errors import EXIT_BUG, LibraryError
from voicecoach.library import Library
from voicecoach.text.normalise import normalise
from voicecoach.text.wording import Wording

HOUSE = Path(voicecoach.__file__).parent
FTL = (HOUSE / "library" / "wording" / "en.ftl").read_text(encoding="utf-8")
ENTRIES = FluentParser().parse(FTL).body
MESSAGES = {entry.id.name: entry for entry in ENTRIES if isinstance(entry, ast.Message)}
CODE = "\n".join(
    file.read_text(encoding="utf-8").replace("from __future__ import annotations", "")
    for room in ("stages", "text")
    for file in sorted((HOUSE / room).rglob("*.py"))
)
# Names that code puts together: f"reps{each}", f"{measure}{each}", a unit of a length.
MEASURES = ("reps", "hold", "time", "cycles", "breaths")
MADE = {f"{stem}{each}" for stem in MEASURES for each in ("", "-each")} | {"reps-alternate"}


def variables_of(message: ast.Message) -> set[str]:
    return set(re.findall(r"\$([a-z-]+)", serialize_message(message)))


def test_the_file_reads_whole() -> None:
    junk = [entry.content for entry in ENTRIES if isinstance(entry, ast.Junk)]
    assert not junk
    names = [entry.id.name for entry in ENTRIES if isinstance(entry, ast.Message)]
    assert len(names) == len(set(names)), "a message is written twice"
    assert len(names) > 20


def asked_for() -> set[str]:
    """The names that code hands to a `Wording`, either branch of a choice, apart from those that it puts together."""
    names = set()
    for node in python_ast.walk(python_ast.parse(CODE)):
        if isinstance(node, python_ast.Call) and node.args:
            called = node.func
            word = called.attr if isinstance(called, python_ast.Attribute) else getattr(called, "id", "")
            first = node.args[0]
            if word in {"message", "brief"} and isinstance(first, python_ast.Constant):
                names.add(first.value)
            branches = [first.body, first.orelse] if isinstance(first, python_ast.IfExp) else [first]
            if word in {"words", "wording"} or (word == "self" and isinstance(called, python_ast.Name)):
                names |= {b.value for b in branches if isinstance(b, python_ast.Constant)}
    return names


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_every_message_is_used(name: str) -> None:
    assert name in MADE or re.search(rf"""["']{name}["']""", CODE), f"nothing says '{name}'"


def test_every_message_that_is_used_is_there() -> None:
    asked = asked_for()
    assert len(asked) > 15, "the search finds what code asks for"
    assert asked | MADE <= set(MESSAGES)


@pytest.mark.parametrize("name", sorted(MESSAGES))
@pytest.mark.parametrize("n", [0, 1, 2, 11])
def test_every_message_can_be_said(name: str, n: int, library: Library) -> None:
    values = {variable: n if variable in {"n", "total", "round", "rounds"} else "left" for variable in
              variables_of(MESSAGES[name])}  # fmt: skip
    said = library.wording("en")(name, **values)
    assert normalise(said, "en"), f"'{said}' has nothing to say"
    assert not re.search(r"[{}$\u2068\u2069]", said)
    assert said == " ".join(said.split())


@pytest.mark.parametrize("name", ["hours", "minutes", "seconds", "reps", "reps-each", "sets"])
def test_plurals(name: str, library: Library) -> None:
    words = library.wording("en")
    said = {n: words(name, n=n) for n in (0, 1, 2, 21, 101)}
    ending = {"reps": "s.", "reps-each": "s on each side.", "sets": "s."}.get(name, "s")
    assert [n for n, text in said.items() if text.endswith(ending) and f"{n} " in text] == [0, 2, 21, 101]
    assert not said[1].removesuffix(" on each side.").rstrip(".").endswith("s")


@pytest.mark.parametrize(
    ("length_s", "said"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (2, "2 seconds"),
        (30, "30 seconds"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (61, "1 minute and 1 second"),
        (62, "1 minute and 2 seconds"),
        (90, "1 minute and 30 seconds"),
        (119, "1 minute and 59 seconds"),
        (120, "2 minutes"),
        (121, "2 minutes and 1 second"),
        (846, "14 minutes and 6 seconds"),
        (3599, "59 minutes and 59 seconds"),
        (3600, "1 hour"),
        (3601, "1 hour and 1 second"),
        (3660, "1 hour and 1 minute"),
        (3661, "1 hour, 1 minute and 1 second"),
        (5400, "1 hour and 30 minutes"),
        (7200, "2 hours"),
        (7322, "2 hours, 2 minutes and 2 seconds"),
        (Fraction(1, 2), "1 second"),
        (Fraction(149, 100), "1 second"),
        (Fraction(3, 2), "2 seconds"),
        (Fraction(119, 2), "1 minute"),
    ],
)
def test_length(length_s: int | Fraction, said: str, library: Library) -> None:
    assert library.wording("en").length(length_s) == said


@given(st.integers(1, 7200))
def test_length_says_all_of_it(length_s: int) -> None:
    said = WORDS.length(length_s)
    parts = re.findall(r"(\d+) (hour|minute|second)(s?)", said)
    assert sum(int(n) * {"hour": 3600, "minute": 60, "second": 1}[unit] for n, unit, _ in parts) == length_s
    assert all((n == "1") is not bool(plural) for n, _, plural in parts)
    assert all(n != "0" for n, _, _ in parts)
    assert normalise(said, "en") == said


WORDS = Library().wording("en")


@pytest.mark.parametrize("language", ["en", "EN", "en-gb", "en-US", "xx", ""])
def test_regions_and_unknown_languages_take_english(language: str, library: Library) -> None:
    assert library.wording(language).language == "en"


@pytest.mark.parametrize(("message", "values"), [("no-such-message", {}), ("exercise", {}), ("rest", {"n": 3})])
def test_a_message_that_cannot_be_said_is_our_fault(message: str, values: dict[str, int], library: Library) -> None:
    with pytest.raises(LibraryError, match=message) as caught:
        library.wording("en")(message, **values)
    assert caught.value.exit_code == EXIT_BUG


def test_plural_rules_are_those_of_the_language() -> None:
    polish = "n = { $n ->\n    [one] jeden\n    [few] kilka\n   *[many] wiele\n}\n"
    assert [Wording("pl", polish)("n", n=n) for n in (1, 3, 5)] == ["jeden", "kilka", "wiele"]
    assert Wording("en", "x = { $name }!")("x", name="{ $n }") == "{ $n }!", "a value is not read again"
