"""What is wrong with a jobs file or its table of people is told all at once, each with its place and a hint."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.batch.jobs_files import lay, read
from voicecoach.batch.counting import MOST_FAULTS
from voicecoach.batch.jobs_file import JOBS_FIELDS
from voicecoach.batch.people import FOR_ALL, PERSON_FIELDS
from voicecoach.library.profile import PROFILE_FIELDS

PEOPLE = "routines: hi\npeople: people.csv\n"

CASES = {
    # What stands in the jobs file; what stands in people.csv; file:line:column code, in reading order.
    "empty": ("", None, ["jobs.yaml:1:1 empty-file"]),
    "no list": ("[morning]\n", None, ["jobs.yaml:1:1 wrong-shape"]),
    "no routines": ("talk: brief\n", None, ["jobs.yaml:1:1 missing-key"]),
    "no routine": (
        "routines: [mornin, hi, by]\n",
        None,
        ["jobs.yaml:1:12 unknown-routine", "jobs.yaml:1:24 unknown-routine"],
    ),
    "misspelt": (
        "routine: hi\nroutines: hi\nvoice: fake\n",
        None,
        ["jobs.yaml:1:1 unknown-key", "jobs.yaml:3:1 unknown-key"],
    ),
    "values": (
        "routines: hi\ntalk: [teach, loud]\nlengths: [as written, 10]\nbitrate: 12\ndate: 2026-02-30\nname: '{x}'\n",
        None,
        [
            "jobs.yaml:2:15 bad-choice",
            "jobs.yaml:3:23 bare-number",
            "jobs.yaml:4:10 bad-number",
            "jobs.yaml:5:7 bad-date",
        ],
    ),
    "twice": (
        "routines: [hi, hi]\ntalk: [brief, brief]\n",
        None,
        ["jobs.yaml:1:16 duplicate-key", "jobs.yaml:2:7 duplicate-key"],
    ),
    "nothing in lists": ("routines: []\ntalk: []\n", None, ["jobs.yaml:1:11 empty-value", "jobs.yaml:2:7 empty-value"]),
    "level twice": ("routines: hi\nlevel: quiet\nprofile: {level: loud}\n", None, ["jobs.yaml:2:8 duplicate-key"]),
    "odd bitrate": ("routines: hi\nbitrate: 100\n", None, ["jobs.yaml:2:10 bad-number"]),
    "variables": (
        "routines: hi\nname: '{person} {routine}'\ntitle: '{title} {who}'\nprofile: {with: {whom: x}}\n",
        None,
        ["jobs.yaml:2:7 unknown-variable", "jobs.yaml:3:8 unknown-variable"],
    ),
    "names no file": ("routines: hi\nname: '/x/{routine}'\n", None, ["jobs.yaml:2:7 bad-name"]),
    "the same routine": ("routines: [hi, ./hi]\n", None, ["jobs.yaml:1:16 duplicate-key"]),
    "no such table": ("routines: hi\npeople: peple.csv\n", "name\nSam\n", ["jobs.yaml:2:9 missing-file"]),
    "nobody": (PEOPLE, "name\n", ["jobs.yaml:2:9 no-person"]),
    "header": (
        PEOPLE,
        "name,Name,,hodl,level,with,title,8\nSam,Kim,x,1,quiet,a,b,c\n",
        [
            "people.csv:1:6 duplicate-key",
            "people.csv:1:11 bad-csv",
            "people.csv:1:12 near-key",
            "people.csv:1:17 unknown-key",
            "people.csv:1:23 unknown-key",
            "people.csv:1:28 bad-variable",
            "people.csv:1:34 bad-variable",
        ],
    ),
    "cells": (
        PEOPLE,
        "name;hold;talk;length\nSam;1,25;brief;10\nKim;x0.8;lots;8 min;\n",
        ["people.csv:2:5 bad-change", "people.csv:2:16 bare-number", "people.csv:3:10 bad-choice"],
    ),
    "rows": (
        PEOPLE,
        'name,id\nSam\n"Kim"x,2\n,3\n',
        ["people.csv:2:1 bad-csv", "people.csv:3:6 bad-csv", "people.csv:4:1 missing-value"],
    ),
    "own routines": (
        "people: people.csv\n",
        "name,routine\nSam,hi\nKim,\nLi,nope\nÅsa,bye;bye.yaml\n".replace(",bye;bye.yaml", ',"bye;bye.yaml"'),
        ["people.csv:3:1 missing-value", "people.csv:4:1 unknown-routine", "people.csv:5:1 duplicate-key"],
    ),
    "not UTF-8": (PEOPLE, "name\nSam\nM\xfcller\n".encode("latin-1"), ["people.csv:3:2 not-utf8"]),
    "the same name": (PEOPLE, "name,id\nSam,1\nKim,2\nsam,3\n", ["people.csv:4:1 same-session"]),
    "no name left": (PEOPLE, "name\nSam\n...\n", ["people.csv:3:1 bad-name"]),
    "too long": (
        "routines: hi\npeople: people.csv\nname: '{person}/{id}'\n",
        f"name,id\n{'x' * 200},{'y' * 200}\n",
        ["people.csv:2:1 bad-name"],
    ),
    "listed": (
        "routines: hi\npeople:\n  - {name: Sam, hold: 5 s, level: quiet}\n  - Kim\n  - {nam: Li, routine: nope}\n",
        None,
        [
            "jobs.yaml:3:23 bad-change",
            "jobs.yaml:3:28 unknown-key",
            "jobs.yaml:4:5 wrong-shape",
            "jobs.yaml:5:6 near-key",
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_faults(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs, people, told = CASES[case]
    monkeypatch.chdir(tmp_path)
    lay(tmp_path, jobs, {} if people is None else {"people.csv": people})
    matrix, faults = read(Path("jobs.yaml"))
    assert [f"{fault.location} {fault.code}" for fault in faults] == told
    assert (matrix is None) == any(fault.severity.value == "error" for fault in faults)
    for fault in faults:
        if fault.code not in {"not-utf8", "empty-file"}:
            assert fault.source_line, "the line is shown"
        assert fault.hint, "and what to do"


@pytest.mark.parametrize(
    ("people", "hint"),
    [
        ("name,hodl\nSam,x\n", "did you mean 'hold'?"),
        ("name,hold\nSam,x1.25 or so\n", None),
        ("name,routine\nSam,by.yaml\n", "did you mean 'bye.yaml'?"),
        ("name,routine\nSam,mornin\n", "did you mean 'morning'?"),
    ],
)
def test_hints(people: str, hint: str | None, tmp_path: Path) -> None:
    _, faults = read(lay(tmp_path, PEOPLE, {"people.csv": people}))
    assert len(faults) == 1
    assert hint is None or faults[0].hint == hint


def test_both_places_of_one_name_are_told(tmp_path: Path) -> None:
    _, faults = read(lay(tmp_path, PEOPLE, {"people.csv": "name,id\nSam,1\nÅsa,2\nA\u030asa,3\nsam,4\n"}))
    assert [fault.location.line for fault in faults] == [4, 5]
    assert "line 3" in faults[0].message
    assert "line 2" in faults[1].message
    assert "{id}" in (faults[0].hint or "")


def test_a_table_full_of_faults_is_not_read_to_its_end(tmp_path: Path) -> None:
    rows = "".join(f"P{at},nonsense\n" for at in range(5000))
    _, faults = read(lay(tmp_path, PEOPLE, {"people.csv": f"name,hold\n{rows}"}))
    assert len(faults) == MOST_FAULTS
    assert "reading stopped here" in (faults[-1].hint or "")


def test_a_column_that_looks_like_a_key_is_a_warning_only(tmp_path: Path) -> None:
    matrix, faults = read(lay(tmp_path, PEOPLE, {"people.csv": "name,holds\nSam,x\n"}))
    assert [fault.code for fault in faults] == ["near-key"]
    assert matrix is not None
    assert dict(next(matrix.jobs()).profile.variables)["holds"] == "x"


def test_the_tables_of_the_language() -> None:
    assert {field.key for field in PERSON_FIELDS} == {field.key for field in PROFILE_FIELDS} - set(FOR_ALL) | {
        "routine"
    }
    assert all(field.doc for field in JOBS_FIELDS)
