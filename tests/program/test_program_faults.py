"""What is wrong with a programme is told all at once, with its place, and with what to write instead."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from voicecoach.library import Library
from voicecoach.library.explain import explanation
from voicecoach.model.diagnostic import Diagnostic
from voicecoach.program.reading import read_program
from voicecoach.source.nodes import SourceFile

LIBRARY = Library()
CODES = (
    "bad-growth",
    "bad-week",
    "empty-program",
    "empty-week",
    "long-growth",
    "out-of-weeks",
    "too-many-days",
    "unknown-routine",
)
WHOLE = {"title": "title: A test\n", "weeks": "weeks: 4\n", "days": "days: [morning]\n"}


def faults(text: str, folder: Path | None = None, given: tuple[str, ...] = ()) -> tuple[Diagnostic, ...]:
    return read_program(SourceFile("course.yaml", text, folder), "course", LIBRARY, given)[1]


def example(page: str, title: str) -> str:
    """What a page shows, with what a programme needs and the example leaves out."""
    found = re.search(rf"^{title}:\n\n((?:    .*\n|\n)+)", page, re.MULTILINE)
    assert found is not None
    text = textwrap.dedent(found[1])
    weeks_have_days = "  - days:" in text
    needed = (key for key in WHOLE if not re.search(rf"^{key}:", text, re.MULTILINE))
    return "".join(WHOLE[key] for key in needed if not (key == "days" and weeks_have_days)) + text


@pytest.mark.parametrize("code", CODES)
def test_pages_show_the_fault_and_its_cure(code: str) -> None:
    page = explanation(code)
    assert {fault.code for fault in faults(example(page, "Wrong"))} == {code}
    assert faults(example(page, "Right")) == ()


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Verbatim, as its author sees them: the caret stands under the slip, and the hint says what to write."""
    (tmp_path / "my-evening.yaml").write_text("steps: []\n", encoding="utf-8")
    text = textwrap.dedent("""\
        title: Faults for {nobody}
        autor: Kim
        weeks: 53
        days:
          - mornin
          - my-evenin
          - {routine: knee-relief, hold: 10, skp: pigeon-pose}
          - {note: x}
          -
        progress:
          hold: +5 a week
          reps: +1s a week
          rounds: more
          sets: {every: 2 weeks}
          rest: {by: -2s, every: day}
          talk: [teach, breif]
          sides: alternately
        lighter: {every: 99 weeks, weeks: [70, none]}
        image: art.png
        """)
    told = "\n".join(fault.render() for fault in faults(text, tmp_path))
    assert told == (Path(__file__).parent / "faults.txt").read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "empty-file", 1),
        ("- morning\n", "wrong-shape", 1),
        ("title: T\nweeks: 2\n", "missing-key", 1),
        ("title: T\nweeks: 0\ndays: [morning]\n", "bad-number", 2),
        ("title: T\nweeks: []\ndays: [morning]\n", "empty-value", 2),
        ("title: T\nweeks: {a: b}\ndays: [morning]\n", "wrong-shape", 2),
        ("title: T\nweeks: [soon]\ndays: [morning]\n", "wrong-shape", 2),
        ("title: T\nweeks: 2\ndays: morning\n", "wrong-shape", 3),
        ("title: T\nweeks: 2\ndays: {mondy: morning, friday: morning}\n", "unknown-key", 3),
        ("title: T\nweeks:\n  - days: [morning]\n  - lighter: yes\n", "missing-key", 4),
        ("title: T\nweeks: 2\ndays: [{rest: ''}, morning]\n", "empty-value", 3),
        ("title: T\nweeks: 2\ndays: [{routine: morning, title: 'Hi {you}'}]\n", "unknown-variable", 3),
        ("title: T\nweeks: 2\ndays: [{rest: 'Walk, {you}'}, morning]\n", "unknown-variable", 3),
        ("title: T\nweeks: [{days: [morning], title: 'For {you}'}]\n", "unknown-variable", 2),
        ("title: T\nweeks: 2\ndays: [morning]\nsession title: 'W{wek}'\n", "unknown-variable", 4),
        ("title: T\nweeks: 2\ndays: [morning]\nlanguage: deutsch!\n", "bad-language", 4),
        ("title: T\nweeks: 2\ndays: [morning]\nprogress: {talk: [teach, brief, cues]}\n", "out-of-weeks", 4),
        ("title: T\nweeks: 2\ndays: [morning]\nlighter: {every: 3 weeks}\n", "out-of-weeks", 4),
        ("title: T\nweeks: 40\ndays: [morning]\nprogress: {reps: x1.1 a week}\n", "long-growth", 4),
        ("title: T\nweeks: 2\ndays: [morning]\nprogress: {hold: +5s a week, up to 45s}\n", "bad-growth", 4),
        ("title: T\nweeks: 2\ndays: [../../../morning]\n", "unknown-routine", 3),
        ("title: T\nweeks: 2\ndays: ['mor\0ning']\n", "binary", 3),
        ("title: T\nweeks: 2\ndays: [morning\n", "yaml", 4),
        ("title: T\nweeks: 2\ndays: ['a/morning.yaml']\n", "unknown-routine", 3),
        (f"title: T\nweeks: 2\ndays: [{'x' * 300}]\n", "unknown-routine", 3),
    ],
)
def test_each_slip_has_one_fault_where_it_is(text: str, code: str, line: int, tmp_path: Path) -> None:
    (fault,) = faults(text, tmp_path)
    assert (fault.code, fault.location.line) == (code, line)
    assert fault.hint or code == "binary"


def test_variables_may_be_given_from_outside() -> None:
    text = "title: For {name}\nweeks: 2\ndays: [morning]\n"
    assert [fault.code for fault in faults(text)] == ["unknown-variable"]
    assert faults(text, given=("name",)) == ()
    assert faults(text + "with: {name: Sam}\n") == ()


def test_what_is_meant_is_no_fault(tmp_path: Path) -> None:
    """A year, single days, weekdays, days of its own, an own file: nothing of it is told."""
    (tmp_path / "mine.yml").write_text("steps: []\n", encoding="utf-8")
    text = textwrap.dedent("""\
        title: A year
        weeks: 52 weeks
        days: {tuesday: mine, saturday: {rest: A walk.}, sunday: morning.yaml}
        progress: {hold: '+5s every other week up to 60s', talk: once, sides: same}
        lighter: {every: 4 weeks}
        """)
    assert faults(text, tmp_path) == ()
