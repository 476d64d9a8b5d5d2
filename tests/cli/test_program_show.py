"""voicecoach program list and show: what there is, the days of a programme, its doses week by week, and its faults."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

Cli = Callable[..., Any]
TINY = """\
title: Tiny
coach: {safety: no}
steps:
  - my-wall-sit: {name: Wall sit, sides: each, hold: 5s, set up: "Lean on the {side}."}
  - my-squat: {name: Squat, reps: 2, tempo: 1-0-1-0, set up: Stand.}
"""
COURSE = """\
title: A course for {name}
weeks: [{}, {title: Onward}, {lighter: yes}]
days: [tiny, {routine: tiny, title: Once more, note: Softly.}, {rest: A walk.}]
progress: {hold: +3s a week, reps: +1 a week, sides: alternate}
lighter: {hold: x0.5}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (tmp_path / "course.yaml").write_text(COURSE, encoding="utf-8")
    return tmp_path


def test_list(cli: Cli) -> None:
    ran = cli("program", "list")
    assert (ran.code, ran.err) == (0, "")
    assert re.match(r"hip-relief +4 weeks, 24 sessions +Hip relief in four weeks\n", ran.out)


def test_show_has_every_day_and_every_dose(cli: Cli, folder: Path) -> None:
    ran = cli("program", "show", "course", "--start", "2026-12-30", "--with", "name=Sam")
    assert (ran.code, ran.err) == (0, "")
    times = re.sub(r"\d:\d\d(?= )", "L:LL", ran.out)
    assert times == textwrap.dedent("""\
        A course for Sam

        length     3 weeks, 6 sessions, L:LL in all (speech estimated)
        uses       nothing
        days       Wed 2026-12-30 to Tue 2027-01-19

        week 1
          1  Wed 2026-12-30     L:LL  Tiny
          2  Thu 2026-12-31     L:LL  Once more  (other side first)
          3  Fri 2027-01-01           rest: A walk.
          4  Sat 2027-01-02           rest
          5  Sun 2027-01-03           rest
          6  Mon 2027-01-04           rest
          7  Tue 2027-01-05           rest

        week 2, Onward: holds +3s, repetitions +1
          1  Wed 2027-01-06     L:LL  Tiny
          2  Thu 2027-01-07     L:LL  Once more  (other side first)
          3  Fri 2027-01-08           rest: A walk.
          4  Sat 2027-01-09           rest
          5  Sun 2027-01-10           rest
          6  Mon 2027-01-11           rest
          7  Tue 2027-01-12           rest

        week 3, lighter: holds +3s then ×0.5, repetitions +1
          1  Wed 2027-01-13     L:LL  Tiny
          2  Thu 2027-01-14     L:LL  Once more  (other side first)
          3  Fri 2027-01-15           rest: A walk.
          4  Sat 2027-01-16           rest
          5  Sun 2027-01-17           rest
          6  Mon 2027-01-18           rest
          7  Tue 2027-01-19           rest

        week         1   2   3
        Tiny
          Wall sit  5s  8s  4s
          Squat      2   3   3
        """)


def test_json_has_the_same(cli: Cli, folder: Path) -> None:
    ran = cli("program", "show", "course.yaml", "--json", "--with", "name=Sam", "--hold", "+10s")
    values = json.loads(ran.out)
    assert (ran.code, values["program"], values["start"], values["faults"]) == (0, "course", None, [])
    assert [week["lighter"] for week in values["weeks"]] == [False, False, True]
    days = [day for week in values["weeks"] for day in week["days"]]
    assert len(days) == 21
    sessions = [day for day in days if day["routine"]]
    assert [day["session"] for day in sessions[:3]] == ["week 1/1 tiny", "week 1/2 tiny", "week 2/1 tiny"]
    assert [day["title"] for day in sessions[:2]] == ["Week 1, day 1: Tiny", "Week 1, day 2: Once more"]
    assert [day["done"][0]["amount"] for day in sessions] == [15, 15, 18, 18, 14, 14]
    assert [day["swapped"] for day in sessions] == [False, True] * 3
    assert [day["note"] for day in days[:3]] == ["", "Softly.", "A walk."]
    assert all(day["length_s"] > 30 for day in sessions)


def test_source_can_be_made_ones_own(cli: Cli, folder: Path) -> None:
    text = cli("program", "show", "hip-relief", "--source").out
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    ran = cli("program", "show", "mine", "--json")
    assert (ran.code, len(json.loads(ran.out)["weeks"])) == (0, 4)


def test_weeks_that_are_alike_share_a_column(cli: Cli, folder: Path) -> None:
    text = "title: T\nweeks: 9\ndays: [tiny]\nprogress: {hold: +1s every 3 weeks}\n"
    (folder / "long.yaml").write_text(text, encoding="utf-8")
    lines = cli("program", "show", "long").out.splitlines()
    assert lines[-4:] == ["week        1-3  4-6  7-9", "Tiny", "  Wall sit   5s   6s   7s", "  Squat       2    2    2"]


def test_faults_of_a_programme_are_shown_all(cli: Cli, folder: Path) -> None:
    (folder / "bad.yaml").write_text("title: T\nweeks: 99\ndays: [tiny, tinny]\nprogess: {}\n", encoding="utf-8")
    ran = cli("program", "show", "bad")
    assert (ran.code, ran.out) == (1, "")
    assert re.findall(r"error\[(.*?)\]", ran.err) == ["bad-week", "unknown-routine", "unknown-key"]
    assert ran.err.endswith("3 errors\n")
    ran = cli("program", "show", "bad", "--json")
    assert [fault["line"] for fault in json.loads(ran.out)["faults"]] == [2, 3, 4]
    ran = cli("program", "show", "course")
    assert (ran.code, "nothing says what '{name}' is" in ran.err) == (1, True)


def test_faults_of_routines_are_shown_once(cli: Cli, folder: Path) -> None:
    (folder / "tiny.yaml").write_text("title: T\nsteps:\n  - rest: 3\n", encoding="utf-8")
    (folder / "other.yaml").write_bytes(b"\xff\xfe")
    text = "title: T\nweeks: 2\ndays: [tiny, calm-down, other]\n"
    (folder / "course.yaml").write_text(text, encoding="utf-8")
    ran = cli("program", "show", "course")
    assert ran.code == 1
    assert ran.err.count("tiny.yaml:3:11: error[bare-number]") == 1
    assert ran.err.count("error[not-utf8]") == 1
    assert "so these cannot be built: week 1/1 tiny, week 2/1 tiny" in ran.err
    assert "Calm down" in ran.out


def test_a_length_that_cannot_be_had_is_told_and_the_others_are_shown(cli: Cli, folder: Path) -> None:
    text = "title: T\nweeks: 2\ndays: [tiny, {routine: knee-relief, length: 2 min}]\n"
    (folder / "course.yaml").write_text(text, encoding="utf-8")
    ran = cli("program", "show", "course")
    assert ran.code == 1
    assert ran.err.count("error: the session cannot be 2 min long") == 1
    assert "so these cannot be built: week 1/2 knee-relief, week 2/2 knee-relief" in ran.err
    assert "Wall sit" in ran.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("hip-releif",), "did you mean 'hip-relief'?"),
        (("cours",), "did you mean 'course.yaml'?"),
        (("morning",), "'morning' is a routine: voicecoach build morning"),
        (("quite-other",), "the built-in programmes are hip-relief"),
        (("a\0b",), "cannot read"),
        ((".",), "is a folder"),
        (("course", "--start", "2026-02-30"), "there is no 2026-02-30 in the calendar"),
        (("course", "--start", "soon"), "'soon' is not a date"),
        (("course", "--with", "name=S", "--start", "9999-12-30"), "the calendar ends before the programme does"),
        (("course", "--voice", "fake"), "an estimate has no voice"),
    ],
)
def test_wrong_use(cli: Cli, folder: Path, arguments: tuple[str, ...], told: str) -> None:
    ran = cli("program", "show", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


@pytest.mark.parametrize("command", ["list", "show", "build"])
def test_each_has_help(cli: Cli, command: str) -> None:
    ran = cli("program", command, "--help")
    assert (ran.code, ran.err) == (0, "")
    from voicecoach.cli.program import program

    for option in program.commands[command].params:
        if isinstance(option, click.Option):
            assert option.help, option.name
