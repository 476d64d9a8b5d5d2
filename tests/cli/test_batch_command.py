"""voicecoach batch: a plan, sessions, results, what failed, and going on where it was interrupted."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.batch.jobs_files import lay
from tests.conftest import Ran

pytestmark = pytest.mark.slow

JOBS = """\
routines: [hello, broken]
voices: fake
talk: brief
people: people.csv
title: "{title} for {name}"
name: "{person}/{routine}"
"""
HELLO = """\
title: Hello
steps:
  - say: Good morning, {name}.
  - rest: 10s
  - say: That was all of it.
"""
PEOPLE = "name,ward\nSam,North\nÅsa,South\n"
WHOLE = JOBS.replace("[hello, broken]", "hello")
Cli = Callable[..., Ran]


@pytest.fixture(autouse=True)
def in_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICECOACH_CACHE", str(tmp_path / "cache"))


def files(folder: Path) -> dict[str, int]:
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in sorted(folder.rglob("*.mp3"))}


def test_from_the_plan_to_the_results(cli: Cli, tmp_path: Path) -> None:
    lay(tmp_path, JOBS, {"people.csv": PEOPLE, "hello.yaml": HELLO})

    planned = cli("batch", "jobs.yaml", "--plan", "--json")
    whole = json.loads(planned.out)
    assert planned.code == 1, "a part of it cannot be"
    assert (whole["sessions"], whole["people"], whole["failing"]) == (4, 2, 2)
    assert whole["personal"] == 6, "good morning by name, and the title at the beginning and at the end"
    assert whole["daily"]["sessions"] == 1_000_000
    assert whole["figures"]["origin"] == "measured now, on this machine"
    assert "no routine, name or title has {ward}" in planned.err or whole["notes"]
    assert not (tmp_path / "output").exists()

    shown = cli("batch", "jobs.yaml", "--plan")
    assert shown.out.startswith("jobs.yaml → output/jobs: 4 sessions of 2 routines for 2 people\n")
    assert "1,000,000 sessions a day" in shown.out
    assert "cannot be built: broken fake brief, 2 sessions" in shown.err
    assert "did you mean 'pigeon-pose'?" in shown.err

    built = cli("batch", "jobs.yaml", "--table", "results.csv", "-j", "1")
    assert built.code == 1
    assert "2 built, 2 failed in" in built.out
    assert "failed: 2 sessions\n  Sam/broken, Åsa/broken\n    broken.yaml:3:5: error[unknown-exercise]" in built.err
    assert list(files(tmp_path / "output/jobs")) == ["Sam/hello.mp3", "Åsa/hello.mp3"]
    with Path("results.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["session"]: row for row in csv.DictReader(file)}
    assert {name: row["state"] for name, row in rows.items()} == {
        "Sam/hello": "built", "Åsa/hello": "built", "Sam/broken": "failed", "Åsa/broken": "failed"
    }  # fmt: skip
    assert int(rows["Sam/hello"]["size_bytes"]) == (tmp_path / "output/jobs/Sam/hello.mp3").stat().st_size
    assert "pigeon-pse" in rows["Sam/broken"]["reasons"]
    assert float(rows["Sam/broken"]["spent_s"]) == 0, "nobody tried to build what cannot be"

    title = json.loads(cli("show", "output/jobs/Åsa/hello.mp3", "--json").out)["title"]
    assert title == "Hello for Åsa"


def test_resume_builds_what_is_missing_or_out_of_date(cli: Cli, tmp_path: Path) -> None:
    lay(tmp_path, WHOLE, {"people.csv": PEOPLE + "Kim,\n", "hello.yaml": HELLO})
    out = tmp_path / "output/jobs"
    assert cli("batch", "jobs.yaml", "-j", "1").code == 0
    before = files(out)
    assert list(before) == ["Kim/hello.mp3", "Sam/hello.mp3", "Åsa/hello.mp3"]

    again = json.loads(cli("batch", "jobs.yaml", "--resume", "--json").out)
    assert (again["summary"]["built"], again["summary"]["kept"]) == (0, 3)
    assert [one["state"] for one in again["sessions"]] == ["kept"] * 3
    assert files(out) == before

    (out / "Sam/hello.mp3").unlink()
    (tmp_path / "people.csv").write_text(PEOPLE.replace("South", "South") + "Kim,\nLi,\n", encoding="utf-8")
    third = json.loads(cli("batch", "jobs.yaml", "--resume", "--json", "-j", "1").out)
    built = {one["session"] for one in third["sessions"] if one["state"] == "built"}
    assert built == {"Sam/hello", "Li/hello"}
    assert {name: at for name, at in files(out).items() if name in before and name != "Sam/hello.mp3"} == {
        name: at for name, at in before.items() if name != "Sam/hello.mp3"
    }

    told = cli("batch", "jobs.yaml", "-j", "1")
    assert "--resume keeps what is up to date" in told.err
    assert "4 built in" in told.out


def test_all_faults_are_shown_at_once(cli: Cli, tmp_path: Path) -> None:
    lay(tmp_path, "routines: nope\ntalk: loud\npeople: people.csv\n", {"people.csv": "name,hold\nSam,often\n"})
    ran = cli("batch", "jobs.yaml")
    assert ran.code == 1
    assert "jobs.yaml:2:7: error[bad-choice]" in ran.err
    lay(tmp_path, "routines: hi\npeople: people.csv\n", {"people.csv": "name,hold\nSam,often\nKim,x1.2\nLi,never\n"})
    ran = cli("batch", "jobs.yaml")
    assert ran.code == 1
    assert "people.csv:2:5: error[bad-change]" in ran.err
    assert "people.csv:4:4: error[bad-change]" in ran.err
    assert ran.err.rstrip().endswith("2 errors")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["jbos.yaml"], "did you mean 'jobs.yaml'?"),
        (["jobs.yaml", "--plan", "--table", "x.csv"], "--table has the results of building"),
        (["jobs.yaml", "--table", "nowhere/x.csv"], "there is no folder nowhere"),
        (["jobs.yaml", "--scheduler", "tcp://127.0.0.1:1", "-j", "2"], "--jobs is about the processes of this machine"),
    ],
)
def test_wrong_use(arguments: list[str], told: str, cli: Cli, tmp_path: Path) -> None:
    lay(tmp_path, WHOLE, {"people.csv": PEOPLE, "hello.yaml": HELLO})
    ran = cli("batch", *arguments)
    assert ran.code == 2
    assert told in ran.err


def test_an_output_in_the_jobs_file_lies_beside_it(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "clinic"
    folder.mkdir()
    lay(folder, WHOLE + "output: made\n", {"people.csv": "name\nSam\n", "hello.yaml": HELLO})
    assert cli("batch", "clinic/jobs.yaml", "-j", "1").code == 0
    assert list(files(folder / "made")) == ["Sam/hello.mp3"]


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C of a child is another thing there")
def test_interrupted_it_is_whole_and_goes_on(cli: Cli, tmp_path: Path) -> None:
    rows = "".join(f"Person {at},\n" for at in range(40))
    lay(tmp_path, WHOLE, {"people.csv": f"name,ward\n{rows}", "hello.yaml": HELLO})
    command = [sys.executable, "-m", "voicecoach", "batch", "jobs.yaml", "-j", "1", "--table", "results.csv"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    until_s = time.monotonic() + 60
    while not files(tmp_path / "output") and time.monotonic() < until_s:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    there = files(tmp_path / "output/jobs")
    assert 0 < len(there) < 40
    assert f"interrupted: {len(there)} of 40 are there and whole" in err
    assert "go on with: voicecoach batch jobs.yaml --resume" in err
    assert len(Path("results.csv").read_text(encoding="utf-8").splitlines()) == len(there) + 1

    ran = cli("batch", "jobs.yaml", "--resume", "-j", "1", "--json")
    summary = json.loads(ran.out)["summary"]
    assert (summary["kept"], summary["built"]) == (len(there), 40 - len(there))
    assert len(files(tmp_path / "output/jobs")) == 40
    assert not list(tmp_path.rglob("*.part"))
