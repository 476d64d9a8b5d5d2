"""plan: every form of it, on the screen and in files, alone and together."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import srt
import webvtt

Cli = Callable[..., Any]

ROUTINE = """\
title: Two things
steps:
  - say: "Hello: there."
  - my-wall-sit: {name: Wall sit, position: standing, set up: "Back to the wall, {side} foot.", hold: 20s, sides: each}
  - my-crunch: {name: Crunch, position: lying on the back, reps: 6, sets: 2, rest: 10s}
"""
FORMATS = ("table", "json", "csv", "vtt", "srt", "lrc", "audacity")
STARTS = {
    "table": "Two things  ",
    "json": '{\n  "title": "Two things",',
    "csv": "start_s,end_s,length_s,track,kind,",
    "vtt": "WEBVTT\n\nNOTE Two things, ",
    "srt": "1\n00:00:",
    "lrc": "[ti:Two things]\n[length:",
    "audacity": "0.000000\t",
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.yaml").write_text(ROUTINE, encoding="utf-8")
    return tmp_path


def test_the_table_is_in_order_of_time(cli: Cli) -> None:
    ran = cli("plan", "two.yaml")
    assert ran.code == 0
    first, *lines = ran.out.splitlines()
    assert re.fullmatch(r"Two things  \d+:\d\d \(speech estimated\)", first)
    found = [re.match(r" *(\d+):(\d\d\.\d)  ", line) for line in lines]
    times = [int(m[1]) * 60 + float(m[2]) for m in found if m]
    assert len(times) > 20
    assert times == sorted(times)
    rows = [" ".join(line.split()) for line in lines]
    assert any(row.endswith("HOLD 20s Wall sit, left") for row in rows)
    assert any(row.endswith("getting down: standing → lying on the back") for row in rows)
    assert any("“Hello: there.”" in row for row in rows)
    assert any(row.startswith("length ") and row.endswith(first.split()[2]) for row in rows)
    assert any("1 change, once between up and the floor" in row for row in rows)


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_holds_what_the_screen_shows_and_the_screen_its_name(cli: Cli, form: str) -> None:
    shown = cli("plan", "two.yaml", "--format", form)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith(STARTS[form])
    assert shown.out.endswith("\n")
    ran = cli("plan", "two.yaml", "--format", form, "-o", "made")
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r"made  .+\n", ran.out)
    data = Path("made").read_bytes()
    assert data.decode() == shown.out
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        *(("x.txt", "table"), ("x.json", "json"), ("x.CSV", "csv"), ("x.vtt", "vtt"), ("x.srt", "srt")),
        ("x.y.lrc", "lrc"),
    ],
)
def test_the_ending_tells_the_format(cli: Cli, name: str, form: str) -> None:
    assert cli("plan", "two.yaml", "-o", name).code == 0
    assert Path(name).read_text(encoding="utf-8").startswith(STARTS[form])


def test_a_format_goes_before_the_ending(cli: Cli) -> None:
    assert cli("plan", "two.yaml", "--format", "audacity", "-o", "labels.txt").code == 0
    assert Path("labels.txt").read_text(encoding="utf-8").startswith(STARTS["audacity"])


def test_json_is_short_for_its_format(cli: Cli) -> None:
    assert cli("plan", "two.yaml", "--json").out == cli("plan", "two.yaml", "--format", "json").out
    assert cli("plan", "two.yaml", "--json", "--format", "json").code == 0
    ran = cli("plan", "two.yaml", "--json", "--format", "csv")
    assert (ran.code, ran.out) == (2, "")
    assert "--json and --format csv: choose one" in ran.err


def test_the_same_times_in_every_form(cli: Cli) -> None:
    timeline = json.loads(cli("plan", "two.yaml", "--json").out)
    hello = next(clip for clip in timeline["tracks"][0]["clips"] if clip["text"] == "Hello: there.")
    start_s = hello["start"] / 48000
    rows = csv.DictReader(io.StringIO(cli("plan", "two.yaml", "--format", "csv").out))
    row = next(row for row in rows if row["text"] == "Hello: there.")
    assert float(row["start_s"]) == pytest.approx(start_s, abs=1e-6)
    cue = next(
        c for c in webvtt.from_string(cli("plan", "two.yaml", "--format", "vtt").out) if c.text == "Hello: there."
    )
    assert cue.start_in_seconds + cue.start_time.milliseconds / 1000 == pytest.approx(start_s, abs=6e-4)
    sub = next(s for s in srt.parse(cli("plan", "two.yaml", "--format", "srt").out) if s.content == "Hello – there.")
    assert sub.start.total_seconds() == pytest.approx(start_s, abs=6e-4)
    labels = [line.split("\t") for line in cli("plan", "two.yaml", "--format", "audacity").out.splitlines()]
    label = next(label for label in labels if label[2] == "“Hello: there.”")
    assert float(label[0]) == pytest.approx(start_s, abs=1e-6)


@pytest.mark.parametrize("form", ["table", "vtt", "lrc", "audacity"])
def test_whether_speech_is_estimated_is_said_where_there_is_a_place(cli: Cli, form: str) -> None:
    assert "speech estimated" in cli("plan", "two.yaml", "--format", form).out
    exact = cli("plan", "two.yaml", "--format", form, "--exact", "--voice", "fake").out
    assert "estimated" not in exact
    assert "spoken by fake:fake" in exact


def test_verbose_shows_every_sound(cli: Cli) -> None:
    usual, every = cli("plan", "two.yaml").out, cli("plan", "two.yaml", "-v").out
    assert "(tick) 3 times, 1 s apart" in usual
    assert every.count("(tick)") == 6
    assert [f"(rep {n})" in every for n in range(1, 7)] == [True] * 6


def test_notes_are_counted_and_shown_with_their_reason(cli: Cli, here: Path) -> None:
    lines = "\n".join(f"        - {{at: {n}s, say: These are words number {n}.}}" for n in range(3, 9))
    (here / "full.yaml").write_text(
        f"steps:\n  - sit-still:\n      name: Sit\n      hold: 12s\n      cues:\n{lines}\n", encoding="utf-8"
    )
    usual, every = cli("plan", "full.yaml").out, cli("plan", "full.yaml", "-v").out
    count = re.search(r"^(\d+) cues? (was|were) moved, shortened or left out: -v shows them$", usual, re.MULTILINE)
    assert count
    notes = re.findall(r"^note: \d+:\d\d step 1: .+$", every, re.MULTILINE)
    assert len(notes) == int(count[1]) > 0
    assert "-v shows them" not in every


def test_what_the_person_changed_is_told_below_the_title_or_apart(cli: Cli) -> None:
    told = "note: hold 40s instead of 20s: my-wall-sit"
    table = cli("plan", "two.yaml", "--hold", "x2")
    assert table.out.splitlines()[1] == told
    for more in (("--format", "srt"), ("-o", "x.txt")):
        other = cli("plan", "two.yaml", "--hold", "x2", *more)
        assert told in other.err
        assert told not in other.out


def test_a_picture_and_a_hand_out_come_with_the_table(cli: Cli) -> None:
    ran = cli("plan", "two.yaml", "--plot", "x.svg", "--sheet", "x.html")
    assert ran.code == 0
    assert ran.out.startswith("Two things  ")
    assert ran.err.splitlines() == ["x.svg  picture", "x.html  hand-out"]
    assert "<svg" in Path("x.svg").read_text(encoding="utf-8")
    page = Path("x.html").read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert "Wall sit" in page


def test_all_at_once(cli: Cli) -> None:
    ran = cli("plan", "two.yaml", "-o", "x.vtt", "--plot", "x.html", "--sheet", "hand-out.html")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == ["x.vtt  captions (WebVTT)", "x.html  picture", "hand-out.html  hand-out"]
    assert {"x.vtt", "x.html", "hand-out.html"} <= {path.name for path in Path().iterdir()}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("-o", "x.mp3"), "'x.mp3' does not tell the format\n  hint: build makes the MP3"),
        (("-o", "x"), "'x' does not tell the format\n  hint: end it in .txt, .json, .csv, .vtt, .srt or .lrc"),
        (("--plot", "x.pdf"), "--plot: 'x.pdf' does not end in .svg, .png or .html"),
        (("--sheet", "x.pdf"), "--sheet: 'x.pdf' does not end in .html or .htm"),
        (("--plot", "x.html", "--sheet", "./x.html"), "two things would be written to x.html"),
        (("-o", "no/x.vtt"), "there is no folder no"),
        (("--format", "table", "-o", "."), "it is a folder"),
        (("--format", "table", "-o", "two.yaml"), "two.yaml is the routine itself"),
        (("--format", "doc"), "is not one of"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_meant_is_said_before_anything_is_done(cli: Cli, arguments: tuple[str, ...], told: str) -> None:
    ran = cli("plan", "two.yaml", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert told.replace("/", os.sep) in ran.err
    assert [path.name for path in Path().iterdir()] == ["two.yaml"]
    assert Path("two.yaml").read_text(encoding="utf-8") == ROUTINE


def test_a_file_is_replaced_only_by_a_whole_one(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("x.vtt").write_text("old", encoding="utf-8")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        ran = cli("plan", "two.yaml", "-o", "x.vtt")
    assert ran.code == 2
    assert "cannot write x.vtt: No space left on device" in ran.err
    assert Path("x.vtt").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in Path().iterdir()) == ["two.yaml", "x.vtt"]


def test_a_faulty_routine_writes_nothing(cli: Cli, here: Path) -> None:
    (here / "two.yaml").write_text("steps:\n  - pigeon-pose: 20\n", encoding="utf-8")
    ran = cli("plan", "two.yaml", "-o", "x.vtt", "--plot", "x.svg")
    assert (ran.code, ran.out) == (1, "")
    assert "error[bare-number]" in ran.err
    assert [path.name for path in here.iterdir()] == ["two.yaml"]


def test_captions_are_in_the_language_of_the_routine(cli: Cli, here: Path) -> None:
    (here / "x.yaml").write_text("language: de\nsteps:\n  - rest: 20s\n", encoding="utf-8")
    out = cli("plan", "x.yaml", "--format", "vtt").out
    assert "[Pause" in out
    assert "to go" not in out


@pytest.mark.parametrize("columns", [56, 80])
def test_the_table_fits_the_terminal(cli: Cli, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert max(map(len, cli("plan", "morning").out.splitlines())) <= columns


def test_the_help_tells_of_each_form(cli: Cli) -> None:
    out = " ".join(cli("plan", "--help").out.split())
    assert all(form in out for form in FORMATS)
    for flag in ("--format", "--output", "--plot", "--sheet", "--exact", "--verbose"):
        assert flag in out
