"""voicecoach program build: a session a day, measured in its MP3s; the feed, calendar and papers beside them."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import feedparser
import icalendar
import podcastparser
import pytest

from voicecoach.model.timeline import Timeline
from voicecoach.mp3.id3 import read_tags
from voicecoach.mp3.session_file import read_session

pytestmark = pytest.mark.slow

Cli = Callable[..., Any]
URL = "https://example.org/sam"
TINY = """\
title: Tiny
description: Two things.
coach: {safety: no}
steps:
  - say: Hello {name}.
  - my-wall-sit: {name: Wall sit, sides: each, hold: 5s, set up: "Lean on the {side}."}
  - my-squat: {name: Squat, reps: 2, tempo: 1-0-1-0, set up: Stand.}
"""
COURSE = """\
title: A course for {name}
description: Two weeks.
author: Kim Lee
weeks: 2
days: [tiny, {routine: tiny, title: Once more, note: Softly now.}, {rest: A walk.}]
progress: {hold: +3s a week, reps: +1 a week, talk: [brief, cues], sides: alternate}
"""
SHORT = COURSE.replace("weeks: 2", "weeks: 1").replace(
    "hold: +3s a week, reps: +1 a week, talk: [brief, cues]", "talk: brief"
)


class Built(NamedTuple):
    folder: Path
    start: dt.date
    code: int
    out: str
    err: str


def run(*arguments: str | Path) -> tuple[int, str, str]:
    from voicecoach.cli.app import run as run_app

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run_app([str(argument) for argument in arguments])
    return code, out.getvalue(), err.getvalue()


def build(place: Path, start: dt.date, *more: str | Path) -> tuple[int, str, str]:
    where = ("-o", place / "out", "--start", str(start), "--voice", "fake", "--with", "name=Sam")
    return run("program", "build", place / "course.yaml", *where, *more)


@pytest.fixture(scope="module")
def first(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Built once; its first week is past, its second one is not (whatever the hour)."""
    place = tmp_path_factory.mktemp("course")
    (place / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (place / "course.yaml").write_text(COURSE, encoding="utf-8")
    start = dt.date.today() - dt.timedelta(days=3)
    return Built(place / "out", start, *build(place, start, "--base-url", URL, "--at", "7:05"))


@pytest.fixture
def built(first: Built, tmp_path: Path) -> Built:
    """A copy of it, times of files and all."""
    shutil.copytree(first.folder.parent, tmp_path / "course")
    return first._replace(folder=tmp_path / "course" / "out")


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def sessions(folder: Path) -> dict[str, Timeline]:
    return {path.relative_to(folder).as_posix(): read_session(path) for path in sorted(folder.glob("week */*.mp3"))}


def spans_s(timeline: Timeline, kind: str) -> list[tuple[str | None, float]]:
    return [(span.side, span.frames / timeline.sample_rate) for span in timeline.spans if span.kind == kind]


def last_rep(timeline: Timeline) -> int:
    return max(clip.rep or 0 for track in timeline.tracks for clip in track.clips)


def test_it_tells_what_it_made(first: Built) -> None:
    assert (first.code, first.err) == (0, "")
    lines = first.out.splitlines()
    for line, number, title, days in zip(
        lines,
        ("1.1", "1.2", "2.1", "2.2"),
        (
            "Week 1, day 1: Tiny     ",
            "Week 1, day 2: Once more",
            "Week 2, day 1: Tiny     ",
            "Week 2, day 2: Once more",
        ),
        (0, 1, 7, 8),
        strict=False,
    ):
        day = first.start + dt.timedelta(days=days)
        assert re.fullmatch(rf"{number}  {title}  \d:\d\d  \d\.\d MB  {day:%a} {day}  built", line)
    assert re.match(r"4 sessions built in \d+ s, 0 kept, \d+ clips and \d+ regions made; \d:\d\d and \d MB", lines[4])
    assert lines[5].startswith("A course for Sam: 2 sessions, ")
    assert "note: 2 sessions are dated in the future; on their days list them with" in lines
    assert [line for line in lines if line.startswith(("feed ", "calendar", "overview", "to print"))] == [
        f"feed       {first.folder / 'feed.xml'}",
        f"calendar   {first.folder / 'course.ics'}",
        f"overview   {first.folder / 'overview.png'}",
        f"to print   {first.folder / 'plan.html'}",
    ]


def test_progression_is_in_the_sessions(first: Built) -> None:
    """Holds are 5 s, then 8 s, to the frame, both sides; the other side begins every other time; one more squat."""
    found = sessions(first.folder)
    assert list(found) == ["week 1/1 tiny.mp3", "week 1/2 tiny.mp3", "week 2/1 tiny.mp3", "week 2/2 tiny.mp3"]
    assert [spans_s(one, "hold") for one in found.values()] == [
        [("left", 5.0), ("right", 5.0)],
        [("right", 5.0), ("left", 5.0)],
        [("left", 8.0), ("right", 8.0)],
        [("right", 8.0), ("left", 8.0)],
    ]
    assert [last_rep(one) for one in found.values()] == [2, 2, 3, 3]


def test_headings_are_those_of_the_course(first: Built) -> None:
    tags = read_tags(first.folder / "week 1" / "2 tiny.mp3")
    assert (tags.title, tags.album, tags.artist) == ("Week 1, day 2: Once more", "A course for Sam", "Kim Lee")
    assert tags.date == str(first.start + dt.timedelta(days=1))
    about = read_session(first.folder / "week 1" / "2 tiny.mp3").about
    assert about is not None
    assert (about.series, about.description) == ("A course for Sam", "Softly now. Two things.")
    assert "Hello Sam." in str(tags.words)


def test_speech_is_made_once_for_all(first: Built) -> None:
    """What sessions have in common is made once: fewer clips were made than are heard."""
    heard = sum(len(one.track("voice").clips) for one in sessions(first.folder).values())
    assert int(re.findall(r"(\d+) clips", first.out)[0]) < heard * 2 / 3


def test_the_feed_is_a_course_by_seasons_and_not_of_the_future(first: Built, cli: Cli) -> None:
    text = (first.folder / "feed.xml").read_text(encoding="utf-8")
    read = feedparser.parse(text)
    assert not read.bozo
    assert (read.feed.title, read.feed.itunes_type, read.feed.author) == ("A course for Sam", "serial", "Kim Lee")
    told = [(one.title, one.itunes_season, one.itunes_episode) for one in read.entries]
    assert told == [("Week 1, day 1: Tiny", "1", "1"), ("Week 1, day 2: Once more", "1", "2")]
    parsed = podcastparser.parse(f"{URL}/feed.xml", io.BytesIO(text.encode()))
    days = sorted(dt.datetime.fromtimestamp(one["published"], dt.UTC).date() for one in parsed["episodes"])
    assert days == [first.start, first.start + dt.timedelta(days=1)]
    assert "itunes:complete" not in text  # else an app would never ask for the second week
    assert cli("feed", first.folder, "--check").code == 0


def test_the_calendar_has_every_day(first: Built) -> None:
    calendar = icalendar.Calendar.from_ical((first.folder / "course.ics").read_bytes())
    events = [event for event in calendar.walk("VEVENT") if not str(event["summary"]).startswith("Rest")]
    dated = {event.decoded("dtstart"): event for event in events}
    day = dt.datetime.combine(first.start, dt.time(7, 5))
    timed = [moment for moment in sorted(map(str, dated)) if ":" in moment]
    assert timed == [str(day + dt.timedelta(days=days)) for days in (0, 1, 7, 8)]
    assert str(dated[day]["summary"]) == "Week 1, day 1: Tiny"
    assert f"{URL}/week%201/1%20tiny.mp3" in str(dated[day].to_ical())


def test_papers_are_there(first: Built) -> None:
    assert (first.folder / "overview.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (first.folder / "overview.svg").read_text(encoding="utf-8")
    plan = (first.folder / "plan.html").read_text(encoding="utf-8")
    assert "A course for Sam" in plan
    assert "Once more" in plan
    settings = (first.folder / "feed.yaml").read_text(encoding="utf-8")
    assert settings.splitlines()[2:] == [
        "title: A course for Sam",
        "description: Two weeks.",
        "author: Kim Lee",
        "language: en",
        "order: course",
        "complete: yes",
    ]


def test_a_second_build_writes_nothing_and_the_future_is_for_who_asks(built: Built) -> None:
    before = state(built.folder)
    again = ("--base-url", URL, "--at", "07:05")
    code, out, _ = build(built.folder.parent, built.start, *again)
    assert code == 0
    assert re.search(r"^0 sessions built, 4 kept; ", out, re.MULTILINE)
    assert out.count("  kept\n") == 4
    assert out.endswith("these are as they were\n")
    after = state(built.folder)
    assert {name for name in before | after if before.get(name) != after.get(name)} <= {".voicecoach/batch.lock"}
    code, out, _ = build(built.folder.parent, built.start, *again, "--future")
    text = (built.folder / "feed.xml").read_text(encoding="utf-8")
    assert (code, text.count("<item>")) == (0, 4)
    assert "<itunes:complete>yes</itunes:complete>" in text
    seasons = re.findall(r"<itunes:season>(\d)</itunes:season>", text)
    assert seasons == ["1", "1", "2", "2"]
    assert "note: sessions are listed ahead of their days" in out
    faults = json.loads(run("feed", built.folder, "--check", "--json")[1])
    assert {fault["code"] for fault in faults} == {"feed-future"}


def test_what_is_no_longer_part_goes_and_what_is_somebodys_stays(built: Built) -> None:
    place = built.folder.parent
    (built.folder / "week 2" / "2 tiny.mp3").write_bytes(b"edited since")
    (built.folder / "week 1" / "my own.txt").write_text("mine", encoding="utf-8")
    (built.folder / "feed.yaml").write_text("title: My own title\n", encoding="utf-8")
    text = SHORT.replace("days: [tiny,", "days: [rest,")
    (place / "course.yaml").write_text(text, encoding="utf-8")
    code, out, err = build(place, built.start, "--base-url", URL)
    assert code == 0
    assert err.splitlines()[:3] == [
        "note: 'week 1/1 tiny.mp3' is no longer part of the programme: removed",
        "note: 'week 2/1 tiny.mp3' is no longer part of the programme: removed",
        "note: 'week 2/2 tiny.mp3' is no longer part of the programme, but was changed since: it stays",
    ]
    assert sorted(path.name for path in built.folder.glob("week */*")) == ["2 tiny.mp3", "2 tiny.mp3", "my own.txt"]
    assert "My own title" in out


def test_a_routine_with_faults_keeps_only_its_own_sessions(built: Built) -> None:
    """The others are built, the reason is told once, and there is no feed that lacks days."""
    place, feed = built.folder.parent, (built.folder / "feed.xml").read_bytes()
    (place / "bad.yaml").write_text("title: Bad\nsteps:\n  - rest: 3\n", encoding="utf-8")
    (place / "course.yaml").write_text(COURSE.replace("[tiny,", "[tiny, bad,"), encoding="utf-8")
    code, out, err = build(place, built.start, "--base-url", URL)
    assert code == 1
    assert err.count("bad.yaml:3:11: error[bare-number]") == 1
    assert "so these cannot be built: week 1/2 bad, week 2/2 bad" in err
    assert err.endswith("2 of 6 sessions could not be built, so there is no feed, calendar or plan of it yet\n")
    assert out.count("  failed\n") == 2
    assert out.count("  kept\n") == 2
    assert out.count("  built\n") == 2
    assert (built.folder / "feed.xml").read_bytes() == feed
    assert (built.folder / "week 1" / "3 tiny.mp3").is_file()


def test_a_voice_that_is_none_is_told_once(built: Built) -> None:
    code, out, err = build(built.folder.parent, built.start, "--voice", "fake:nobody")
    assert (code, out.count("  failed\n")) == (1, 4)
    assert err.count("nobody") == 1
    assert "so these cannot be built: " in err
    assert len(sessions(built.folder)) == 4


def test_before_the_first_day_the_feed_lists_nothing_unless_it_is_asked_for(built: Built) -> None:
    shutil.rmtree(built.folder)
    (built.folder.parent / "course.yaml").write_text(SHORT, encoding="utf-8")
    start = dt.date.today() + dt.timedelta(days=30)
    code, out, err = build(built.folder.parent, start)
    assert (code, err.count("\n")) == (0, 1)
    assert err.startswith("note: no session is due yet, so the feed lists none")
    assert "<item>" not in (built.folder / "feed.xml").read_text(encoding="utf-8")
    assert run("feed", "--check", built.folder)[0] == 0
    assert (built.folder / "course.ics").is_file()
    assert "2 sessions are dated in the future" in out
    code, out, err = build(built.folder.parent, start, "--future", "--base-url", URL)
    assert (code, err) == (0, "")
    assert (built.folder / "feed.xml").read_text(encoding="utf-8").count("<item>") == 2


def test_another_programme_does_not_go_into_the_same_folder(built: Built) -> None:
    other = built.folder.parent / "other.yaml"
    other.write_text(COURSE, encoding="utf-8")
    before = state(built.folder)
    code, out, err = run("program", "build", other, "-o", built.folder, "--with", "name=Sam")
    assert (code, out) == (2, "")
    assert "holds the programme 'course'" in err
    assert state(built.folder) == before


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--at", "7:00"), 2, "--at goes with --start"),
        (("--at", "25:00", "--start", "2026-01-01"), 2, "'25:00' is not a time of day"),
        (("-o", "no/such/folder"), 2, "there is no folder 'no/such' to make 'folder' in"),
        (("-o", "course.yaml"), 2, "'course.yaml' is a file"),
        (("--bitrate", "100"), 2, "an MP3 cannot have 100 kbit/s"),
        (("--strict",), 1, "nothing was made: with --strict, warnings stop it"),
    ],
)
def test_wrong_use_makes_nothing(
    arguments: tuple[str, ...], code: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    text = COURSE.replace("progress: {", "progress: {sets: +1 every 9 weeks, ") if "--strict" in arguments else COURSE
    (tmp_path / "course.yaml").write_text(text, encoding="utf-8")
    ran = run("program", "build", "course", "--with", "name=Sam", *arguments)
    assert ran[0] == code
    assert told in ran[2]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["course.yaml", "tiny.yaml"]


def test_interrupted_it_leaves_whole_sessions_and_goes_on(built: Built) -> None:
    """Ctrl-C after the first session: exit code 130, no half file, and the same command finishes."""
    place = built.folder.parent
    shutil.rmtree(built.folder)
    (place / "course.yaml").write_text(COURSE.replace("weeks: 2", "weeks: 4"), encoding="utf-8")
    line = ["program", "build", "course.yaml", "-o", "out", "--voice", "fake", "--with", "name=Sam", "-j", "1"]
    command = [sys.executable, "-m", "voicecoach", *line]
    with subprocess.Popen(command, cwd=place, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not list(built.folder.glob("week */*.mp3")):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode == 130
    there = int(
        re.findall(r"^(\d+) of 8 sessions are there and whole; the same command goes on$", err, re.MULTILINE)[0]
    )
    assert 1 <= there < 8
    assert len(sessions(built.folder)) == there
    assert not list(built.folder.rglob("*.part"))
    assert not (built.folder / "feed.xml").exists()
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count("  kept\n")) == (0, there)
    assert len(sessions(built.folder)) == 8


def records(folder: Path) -> Iterator[str]:
    yield from json.loads((folder / ".voicecoach" / "program.json").read_text(encoding="utf-8"))["files"]


def test_the_record_names_what_is_ours(first: Built) -> None:
    assert list(records(first.folder)) == list(sessions(first.folder))
