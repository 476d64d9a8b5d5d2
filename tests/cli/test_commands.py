"""Every command, as a person at a terminal or a script would use it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import pytest

import voicecoach
from voicecoach import __version__
from voicecoach.cli.app import COMMANDS, app
from voicecoach.cli.doctor import PARTS
from voicecoach.cli.schema import SCHEMA_LINE
from voicecoach.library import Library
from voicecoach.model.cuescript import Earcon, SpanKind
from voicecoach.model.timeline import NoteKind

ROOT = Path(voicecoach.__file__).parent.parent
ROUTINE = """\
title: Two things
steps:
  - say: Hello there.
  - my-wall-sit: {name: Wall sit, sides: each, hold: 3s, set up: "Lean on the {side}."}
  - split-squat: {reps: 2, sets: 2, sides: left, tempo: 1-0-1-0, rest: 3s}
  - rest: 5s
"""
SHORT = "title: Short\nsteps:\n  - rest: 3s\n"
FAULTY = "titel: x\nsteps:\n  - rest: 3\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test runs in an own folder with a routine in it."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "two.yaml").write_text(ROUTINE, encoding="utf-8")
    (folder / "short.yaml").write_text(SHORT, encoding="utf-8")
    return folder


def is_mp3(path: Path | str) -> bool:
    return Path(path).read_bytes().startswith(b"ID3")


# Help and README


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_help(command: click.Command, cli: Callable[..., Any]) -> None:
    assert command.help
    assert len(command.help.split("\n")[0]) > 20
    ran = cli(command.name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert re.match(rf"Usage: .*\b{command.name} \[OPTIONS\]", ran.out)
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{command.name} {option.opts[0]} has no help"
            assert option.opts[0] in ran.out


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_stands_in_the_readme(command: click.Command) -> None:
    assert f"voicecoach {command.name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_commands_are_those_of_the_group(cli: Callable[..., Any]) -> None:
    assert tuple(app.commands.values()) == COMMANDS
    for asked in ("--help", "-h"):
        ran = cli(asked)
        assert ran.code == 0
        assert re.findall(r"^  ([a-z]+)  ", ran.out, re.MULTILINE)[-len(COMMANDS) :] == [c.name for c in COMMANDS]


def test_version(cli: Callable[..., Any]) -> None:
    assert cli("--version") == (0, f"voicecoach {__version__}\n", "")


# build


def test_build_goes_to_output_by_default(cli: Callable[..., Any], here: Path) -> None:
    ran = cli("build", "two.yaml", "--voice", "fake")
    assert ran.code == 0
    assert is_mp3("output/two.mp3")
    target = str(Path("output", "two.mp3"))
    assert re.fullmatch(rf"{re.escape(target)}  \d+:\d\d  \d+\.\d MB\n", ran.out)
    assert ran.err == "voice: fake:fake\n"
    assert sorted(path.name for path in here.rglob("*")) == ["output", "short.yaml", "two.mp3", "two.yaml"]


@pytest.mark.parametrize("word", ["two.yaml", "two", "./two.yaml"])
def test_a_routine_is_found_by_file_or_by_name(cli: Callable[..., Any], word: str) -> None:
    assert cli("build", word, "--voice", "fake").code == 0
    assert is_mp3("output/two.mp3")


def test_yml_is_an_ending_too(cli: Callable[..., Any], here: Path) -> None:
    (here / "other.yml").write_text(SHORT, encoding="utf-8")
    assert cli("build", "other", "--voice", "fake").code == 0
    assert is_mp3("output/other.mp3")


def test_several_routines(cli: Callable[..., Any]) -> None:
    ran = cli("build", "two.yaml", "short.yaml", "--voice", "fake")
    assert ran.code == 0
    assert [line.split("  ")[0] for line in ran.out.splitlines()] == [
        str(Path("output", name)) for name in ("two.mp3", "short.mp3")
    ]
    assert is_mp3("output/two.mp3")
    assert is_mp3("output/short.mp3")


def test_a_faulty_one_among_several_does_not_stop_the_others(cli: Callable[..., Any], here: Path) -> None:
    (here / "faulty.yaml").write_text(FAULTY, encoding="utf-8")
    ran = cli("build", "two.yaml", "faulty.yaml", "short.yaml", "--voice", "fake")
    assert ran.code == 1
    assert "faulty.yaml:1:1" in ran.err
    assert sorted(path.name for path in (here / "output").iterdir()) == ["short.mp3", "two.mp3"]


def test_output_is_a_file(cli: Callable[..., Any], here: Path) -> None:
    ran = cli("build", "two.yaml", "--voice", "fake", "-o", "mine.MP3")
    assert ran.code == 0
    assert is_mp3("mine.MP3")
    assert not (here / "output").exists()


@pytest.mark.parametrize(("made", "given"), [(True, "sessions"), (True, "sessions/"), (False, "sessions/")])
def test_output_is_a_folder(cli: Callable[..., Any], here: Path, made: bool, given: str) -> None:
    if made:
        (here / "sessions").mkdir()
    assert cli("build", "two.yaml", "--voice", "fake", "-o", given).code == 0
    assert is_mp3("sessions/two.mp3")


def test_several_into_a_folder_that_is_made(cli: Callable[..., Any]) -> None:
    assert cli("build", "two", "short", "--voice", "fake", "-o", "sessions").code == 0
    assert is_mp3("sessions/two.mp3")
    assert is_mp3("sessions/short.mp3")


@pytest.mark.parametrize("name", ["x.aiff", "x", "x.mp3.bak", ".mp3"])
def test_a_wrong_ending(cli: Callable[..., Any], here: Path, name: str) -> None:
    ran = cli("build", "two.yaml", "--voice", "fake", "-o", name)
    assert ran.code == 2
    assert f"'{name}' does not end in .mp3" in ran.err
    assert not (here / name).exists()


def test_two_with_the_same_name(cli: Callable[..., Any], here: Path) -> None:
    (here / "sub").mkdir()
    (here / "sub" / "two.yaml").write_text(SHORT, encoding="utf-8")
    ran = cli("build", "two.yaml", "sub/two.yaml", "--voice", "fake")
    assert ran.code == 2
    assert "two routines would be written to" in ran.err
    assert not (here / "output" / "two.mp3").exists()


def test_building_again_gives_the_same_bytes(cli: Callable[..., Any]) -> None:
    made = []
    for extra in (["--no-cache"], [], [], ["-j", "1"], ["--no-cache", "-j", "3"]):
        assert cli("build", "two.yaml", "--voice", "fake", *extra).code == 0
        made.append(Path("output/two.mp3").read_bytes())
    assert len(set(made)) == 1


def test_no_cache_keeps_nothing(
    cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:  # fmt: skip
    monkeypatch.setenv("VOICECOACH_CACHE", str(tmp_path / "kept"))
    assert cli("build", "two.yaml", "--voice", "fake", "--no-cache").code == 0
    assert not (tmp_path / "kept").exists()


def test_verbose_lists_the_stages(cli: Callable[..., Any]) -> None:
    ran = cli("build", "two.yaml", "--voice", "fake", "-v")
    assert ran.code == 0
    stages = re.findall(r"^  ([a-z]+) +\d+\.\d\d s$", ran.err, re.MULTILINE)
    assert stages == ["parse", "check", "cast", "adapt", "sounds", "expand", "speak", "place", "mix", "encode"]
    assert len(ran.out.splitlines()) == 1


def test_quiet_in_a_pipe(here: Path) -> None:
    command = [sys.executable, "-m", "voicecoach", "build", "two.yaml", "--voice", "fake", "--no-cache"]
    ran = subprocess.run(command, capture_output=True, check=True)
    told = ran.stdout + ran.stderr
    assert b"\x1b" not in told
    assert b"\r" not in told.replace(b"\r\n", b"\n")
    assert len(ran.stdout.splitlines()) == 1, "the MP3"
    assert ran.stderr.decode().splitlines() == ["voice: fake:fake"]


def test_a_bar_on_a_terminal(cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    ran = cli("build", "two.yaml", "--voice", "fake", "--no-cache")
    assert ran.code == 0
    assert re.search(r"\r\x1b\[Kspeaking +\[#+-*\] +\d+%", ran.err)
    assert re.search(r"\r\x1b\[Kmixing and encoding +\[#+\] 100%", ran.err)
    assert "\x1b" not in ran.out


@pytest.mark.parametrize(
    "arguments",
    [("exercises",), ("plan", "two.yaml"), ("plan", "long.yaml"), ("plan", "long.yaml", "--json")],
    ids=" ".join,
)
def test_a_reader_that_goes_away_is_no_fault(here: Path, arguments: tuple[str, ...]) -> None:
    steps = "".join(f"  - say: Line {number}.\n" for number in range(1000))
    (here / "long.yaml").write_text(f"steps:\n{steps}", encoding="utf-8")
    command = [sys.executable, "-m", "voicecoach", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("command", "doing"), [(("build", "--voice", "fake"), "building"), (("plan",), "planning")], ids=["build", "plan"]
)
@pytest.mark.parametrize("word", ["morning.yaml", "morning"])
def test_a_built_in_routine_is_named_and_how_to_copy_it(
    cli: Callable[..., Any], here: Path, command: tuple[str, ...], doing: str, word: str
) -> None:
    ran = cli(*command, word)
    assert ran.code == 0
    assert f"{word} is not in this folder: {doing} the built-in routine 'morning'" in ran.err
    assert "voicecoach new morning.yaml" in ran.err
    assert (here / "output" / "morning.mp3").exists() is (doing == "building")


def test_a_file_goes_before_the_built_in_routine(cli: Callable[..., Any], here: Path) -> None:
    (here / "morning.yaml").write_text(SHORT, encoding="utf-8")
    ran = cli("plan", "morning.yaml")
    assert ran.out.startswith("Short ")
    assert "built-in" not in ran.err


@pytest.mark.parametrize(
    "arguments", [("build", "folder/morning.yaml"), ("check", "../morning"), ("plan", "mornings/")]
)
def test_a_path_is_never_a_built_in_routine(cli: Callable[..., Any], arguments: tuple[str, ...]) -> None:
    assert cli(*arguments).code == 2


# new


def with_schema(text: str) -> str:
    """A routine's text as `new` writes it: the line that editors look for, then every letter as it was."""
    line = f"{SCHEMA_LINE}\n"
    return line + text.removeprefix(line)


def test_new_copies_a_built_in_routine(cli: Callable[..., Any], library: Library) -> None:
    ran = cli("new", "morning.yaml")
    assert ran.code == 0
    assert "copy of the built-in routine 'morning'" in ran.out
    assert "voicecoach build morning.yaml" in ran.out
    assert Path("morning.yaml").read_text(encoding="utf-8") == with_schema(library.routine_source("morning").text)


def test_new_copies_under_another_name(cli: Callable[..., Any], library: Library) -> None:
    assert cli("new", "mine", "--from", "morning").code == 0
    assert Path("mine.yaml").read_text(encoding="utf-8") == with_schema(library.routine_source("morning").text)
    assert not cli("plan", "mine.yaml").err


def test_new_from_nothing_known(cli: Callable[..., Any], here: Path) -> None:
    ran = cli("new", "mine", "--from", "mornin")
    assert ran.code == 2
    assert "did you mean 'morning'?" in ran.err
    assert not (here / "mine.yaml").exists()


def test_the_template_builds_without_faults(cli: Callable[..., Any], library: Library) -> None:
    ran = cli("new")
    assert ran.code == 0
    assert Path("my-routine.yaml").read_text(encoding="utf-8") == with_schema(library.template())
    assert cli("check", "my-routine.yaml").out.startswith("my-routine.yaml: good, ")
    built = cli("build", "my-routine.yaml", "--voice", "fake")
    assert (built.code, built.err) == (0, "voice: fake:fake\n")
    assert is_mp3("output/my-routine.mp3")


def test_new_refuses_to_write_over_a_file(cli: Callable[..., Any], library: Library) -> None:
    ran = cli("new", "two.yaml")
    assert ran.code == 2
    assert "two.yaml is there already" in ran.err
    assert "--force" in ran.err
    assert Path("two.yaml").read_text(encoding="utf-8") == ROUTINE
    assert cli("new", "two.yaml", "--force").code == 0
    assert Path("two.yaml").read_text(encoding="utf-8") == with_schema(library.template())


def test_new_where_there_is_no_folder(cli: Callable[..., Any], here: Path) -> None:
    ran = cli("new", "no/such/x.yaml")
    assert ran.code == 2
    assert "cannot write" in ran.err
    assert not (here / "no").exists()


# The timeline's JSON, as the README fixes it


def whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def texts(value: object) -> bool:
    return isinstance(value, list) and all(map(text, value))


def number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


WHERE = {"step": whole, "exercise": text, "side": {"left", "right"}.__contains__, "set": whole}
CLIP = {"start": whole, "frames": whole, "role": text}
SPOKEN = CLIP | {"text": text}
OUTLINE = {"outline": text}
SOUNDED = CLIP | {"earcon": {earcon.value for earcon in Earcon}.__contains__}
SPAN = {"kind": {kind.value for kind in SpanKind}.__contains__, "start": whole, "frames": whole}
CHAPTER = {"title": text, "start": whole, "frames": whole}
SPAN_MORE = WHERE | {"name": text, "position": text, "pattern": text}
NOTE = {"at": whole, "message": text, "kind": {kind.value for kind in NoteKind}.__contains__}
TOP = {"title", "sample_rate", "frames", "length_s", "sounds", "tracks", "spans", "chapters", "about"}
MADE = {"levels", "own_sounds"}
"""What is known of a session only when it is made, beside the outlines of its speech."""
ABOUT = {"name": text, "language": text, "equipment": texts, "cautions": texts, "exercises": texts}
ABOUT_MORE = {"author": text, "description": text, "series": text, "date": text}
LEVELS = {"profile": {"podcast", "quiet", "loud"}.__contains__, "gain_db": number}
LEVELS_MORE = {"integrated_lufs": number, "true_peak_dbtp": number, "voice_over_bed_lu": number, "tones_db": number}
BED = {"sound": text, "level_db": number, "duck_db": number}


def fits(value: dict[str, Any], needed: dict[str, Any], optional: dict[str, Any] | None = None) -> None:
    """A map has the keys that it needs, no others than it may have, and none that is empty."""
    allowed = needed | (optional or {})
    assert set(needed) <= set(value) <= set(allowed), value
    for key, fitting in value.items():
        assert allowed[key](fitting), (key, fitting)


def fits_the_schema(timeline: dict[str, Any]) -> None:
    assert TOP <= set(timeline) <= TOP | MADE | {"notes", "bed", "floor"}
    assert text(timeline["title"])
    assert text(timeline["sounds"])
    fits(timeline["about"], ABOUT, ABOUT_MORE)
    if "bed" in timeline:
        fits(timeline["bed"], BED)
    if "levels" in timeline:
        fits(timeline["levels"], LEVELS, LEVELS_MORE)
    assert timeline["sample_rate"] == 48000
    assert whole(timeline["frames"])
    assert isinstance(timeline["length_s"], float)
    assert timeline["length_s"] == timeline["frames"] / 48000
    assert [track["name"] for track in timeline["tracks"]] == ["voice", "earcons", "bed"]
    for track, clip_fields in zip(timeline["tracks"], (SPOKEN, SOUNDED, CLIP), strict=True):
        assert set(track) == {"name", "clips"}
        for clip in track["clips"]:
            fits(clip, clip_fields, WHERE | {"rep": whole} | (OUTLINE if track["name"] == "voice" else {}))
        assert all(a["start"] + a["frames"] <= b["start"] for a, b in pairwise(track["clips"]))
    for span in timeline["spans"]:
        fits(span, SPAN, SPAN_MORE)
    for chapter in timeline["chapters"]:
        fits(chapter, CHAPTER)
    for note in timeline.get("notes", []):
        fits(note, NOTE, {"step": whole})
    for parts in (timeline["spans"], timeline["chapters"]):
        assert parts[0]["start"] == 0
        assert all(a["start"] + a["frames"] == b["start"] for a, b in pairwise(parts))
        assert sum(part["frames"] for part in parts) == timeline["frames"]


def test_plan_json(cli: Callable[..., Any]) -> None:
    ran = cli("plan", "two.yaml", "--json")
    assert (ran.code, ran.err) == (0, "")
    fits_the_schema(json.loads(ran.out))


def test_plan_json_of_a_built_in_routine(cli: Callable[..., Any]) -> None:
    ran = cli("plan", "morning", "--json")
    assert ran.code == 0
    fits_the_schema(json.loads(ran.out))


def test_plan_equals_build(cli: Callable[..., Any]) -> None:
    planned = cli("plan", "two.yaml", "--exact", "--voice", "fake", "--json")
    assert (planned.code, planned.err) == (0, "")
    assert cli("build", "two.yaml", "--voice", "fake").code == 0
    shown = cli("show", "output/two.mp3", "--json")
    assert (shown.code, shown.err) == (0, "")
    made = json.loads(shown.out)
    fits_the_schema(made)
    assert made.pop("levels")["profile"] == "podcast"
    for clip in made["tracks"][0]["clips"]:
        assert set(clip.pop("outline")) > {"0"}
    assert made == json.loads(planned.out)


def test_the_json_tells_sides_sets_and_reps(cli: Callable[..., Any]) -> None:
    timeline = json.loads(cli("plan", "two.yaml", "--json").out)
    assert timeline["title"] == "Two things"
    assert [chapter["title"] for chapter in timeline["chapters"]] == [
        "Opening",
        "Wall sit, left",
        "Wall sit, right",
        "Split squat, left",
        "Close",
    ]
    holds = [span for span in timeline["spans"] if span["kind"] == "hold"]
    assert [(s["frames"], s["step"], s["exercise"], s["side"]) for s in holds] == [
        (3 * 48000, 2, "my-wall-sit", side) for side in ("left", "right")
    ]
    assert not any("set" in span for span in holds), "one set is not counted"
    reps = [span for span in timeline["spans"] if span["kind"] == "reps"]
    assert [(s["frames"], s["side"], s["set"]) for s in reps] == [(4 * 48000, "left", 1), (4 * 48000, "left", 2)]
    taps = [clip for clip in timeline["tracks"][1]["clips"] if clip["earcon"] == "rep"]
    assert [(clip["set"], clip["rep"]) for clip in taps] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    hello = next(clip for clip in timeline["tracks"][0]["clips"] if clip["role"] == "say")
    assert (hello["text"], set(hello)) == ("Hello there.", {"start", "frames", "role", "text", "step"})
    assert timeline["tracks"][2]["clips"] == []


def test_the_json_keeps_letters(cli: Callable[..., Any], here: Path) -> None:
    (here / "x.yaml").write_text("title: Hüfte 三\nsteps:\n  - rest: 3s\n", encoding="utf-8")
    assert '"title": "Hüfte 三"' in cli("plan", "x.yaml", "--json").out
    assert cli("build", "x.yaml", "--voice", "fake").code == 0
    assert '"title": "Hüfte 三"' in cli("show", "output/x.mp3", "--json").out


# plan, show, check


def test_plan_exact_names_the_voice(cli: Callable[..., Any]) -> None:
    assert "(spoken by fake:fake)" in cli("plan", "two.yaml", "--exact", "--voice", "fake").out


def test_plan_takes_no_voice_for_an_estimate(cli: Callable[..., Any]) -> None:
    ran = cli("plan", "two.yaml", "--voice", "fake")
    assert ran.code == 2
    assert "--exact" in ran.err


def test_show(cli: Callable[..., Any]) -> None:
    cli("build", "two.yaml", "--voice", "fake")
    ran = cli("show", "output/two.mp3")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Two things  by voicecoach\n")
    assert f"made by voicecoach {__version__}" in ran.out
    assert re.search(r"length +\d+:\d\d \(\d+ frames at 48000 Hz\)", ran.out)
    for title in ("Opening", "Wall sit, left", "Wall sit, right", "Split squat, left", "Close"):
        assert re.search(rf"^ +\d+:\d\d  {title}$", ran.out, re.MULTILINE)
    assert "“Hello there.”" not in ran.out
    assert "“Hello there.”" in cli("show", "output/two.mp3", "--cues").out


def test_check_of_a_good_routine(cli: Callable[..., Any], here: Path) -> None:
    (here / "calm.yaml").write_text("title: Calm\nsteps:\n  - rest: 10s\n", encoding="utf-8")
    (here / "still.yaml").write_text("title: Still\nsteps:\n  - rest: 20s\n", encoding="utf-8")
    ran = cli("check", "calm.yaml", "still.yaml")
    assert (ran.code, ran.err) == (0, "")
    good = r"%s\.yaml: good, 0:\d\d long \(speech estimated\)\n"
    assert re.fullmatch(good % "calm" + good % "still", ran.out)
    assert cli("check", "two.yaml", "--json") == (0, "[]\n", "")


def test_check_shows_all_faults_at_once(cli: Callable[..., Any], here: Path) -> None:
    (here / "faulty.yaml").write_text(FAULTY, encoding="utf-8")
    ran = cli("check", "two.yaml", "faulty.yaml")
    assert ran.code == 1
    assert "two.yaml: good" in ran.out
    assert "error[unknown-key]" in ran.out
    assert "error[bare-number]" in ran.out
    assert "2 errors" in ran.out


def test_check_json(cli: Callable[..., Any], here: Path) -> None:
    (here / "faulty.yaml").write_text(FAULTY, encoding="utf-8")
    (here / "long.yaml").write_text("steps:\n  - rest: 20 min\n", encoding="utf-8")
    ran = cli("check", "faulty.yaml", "two.yaml", "long.yaml", "--json")
    assert (ran.code, ran.err) == (1, "")
    faults = json.loads(ran.out)
    for fault in faults:
        fits(
            fault,
            dict.fromkeys(("severity", "code", "message", "file"), text)
            | dict.fromkeys(("line", "column", "length"), whole),
            {"hint": text},
        )
    places = [(f["file"], f["line"], f["column"], f["length"], f["severity"], f["code"]) for f in faults]
    assert places == [
        ("faulty.yaml", 1, 1, 5, "error", "unknown-key"),
        ("faulty.yaml", 3, 11, 1, "error", "bare-number"),
        ("long.yaml", 2, 11, 6, "warning", "extreme"),
    ]
    assert "did you mean 'title'?" in faults[0]["hint"]
    assert cli("check", "long.yaml", "--json").code == 0, "a warning stops nothing"


# What there is


def test_routines(cli: Callable[..., Any], library: Library) -> None:
    ran = cli("routines")
    assert (ran.code, ran.err) == (0, "")
    for name in library.routine_names:
        assert re.search(rf"^{name} +\d+:\d\d  \w", ran.out, re.MULTILINE)
    assert "morning" in library.routine_names


def test_exercises(cli: Callable[..., Any], library: Library) -> None:
    ran = cli("exercises")
    assert (ran.code, ran.err) == (0, "")
    assert [line.split()[0] for line in ran.out.splitlines()] == list(library.exercise_ids)
    assert re.search(r"^pigeon-pose +hold 30-60s on each side; \w", ran.out, re.MULTILINE)


def test_voices_of_an_engine(cli: Callable[..., Any]) -> None:
    ran = cli("voices", "fake")
    assert (ran.code, ran.err) == (0, "")
    assert [line.split()[:2] for line in ran.out.splitlines()] == [
        ["fake:fake", "en"],
        ["fake:fake-de", "de"],
        ["fake:fake-es", "es"],
    ]


@pytest.mark.parametrize("language", ["de", "DE"])
def test_voices_of_a_language(cli: Callable[..., Any], language: str) -> None:
    ran = cli("voices", "fake", "--language", language)
    assert ran.code == 0
    assert ran.out.split()[:2] == ["fake:fake-de", "de"]
    assert len(ran.out.splitlines()) == 1


def test_voices_that_there_are_not(cli: Callable[..., Any]) -> None:
    none = cli("voices", "fake", "--language", "xx")
    assert (none.code, none.out) == (1, "")
    assert "no such voice" in none.err
    unknown = cli("voices", "fak")
    assert (unknown.code, unknown.out) == (2, "")
    assert "did you mean 'fake'?" in unknown.err


def test_cache(cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOICECOACH_CACHE", str(tmp_path / "kept"))
    monkeypatch.setenv("VOICECOACH_CACHE_MB", "7")
    assert cli("cache").out == f"{tmp_path / 'kept'}: 0 entries, 0.0 MB of at most 7 MB\n"
    assert cli("build", "two.yaml", "--voice", "fake").code == 0
    shown = cli("cache", "show")
    count = int(re.search(r": (\d+) entries, \d+\.\d MB of at most 7 MB\n", shown.out)[1])  # type: ignore[index]
    assert count > 5
    cleared = cli("cache", "clear")
    assert cleared.code == 0
    assert f"cleared {count} entries" in cleared.out
    assert ": 0 entries" in cli("cache").out
    assert cli("cache", "burn").code == 2


def test_doctor(cli: Callable[..., Any]) -> None:
    ran = cli("doctor")
    assert (ran.code, ran.err) == (0, "")
    for part in ("python", *PARTS):
        assert re.search(rf"^{re.escape(part)} +\d+\.", ran.out, re.MULTILINE)
    assert re.search(r"^engine espeak +\d+ voices, for English en", ran.out, re.MULTILINE)
    assert re.search(r"^engine fake +3 voices, for English fake$", ran.out, re.MULTILINE)
    assert re.search(r"^sounds +bells, beeps, wood; beds rain, soft-noise, drone$", ran.out, re.MULTILINE)
    assert ran.out.endswith("all is well\n")


def test_doctor_names_what_is_missing(
    cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:  # fmt: skip
    monkeypatch.setattr("voicecoach.cli.doctor.PARTS", (*PARTS, "no-such-part"))
    (tmp_path / "file").touch()
    monkeypatch.setenv("VOICECOACH_CACHE", str(tmp_path / "file"))
    ran = cli("doctor")
    assert ran.code == 1
    assert "fault: no-such-part is missing: pip install no-such-part" in ran.out
    assert "fault: the cache cannot be written" in ran.out
    assert ran.out.endswith("2 to mend\n")


# Exit codes


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "two.yaml"), 0),
        ((), 2),
        (("bild", "two.yaml"), 2),
        (("build",), 2),
        (("build", "--loud", "two.yaml"), 2),
        (("build", "two.yaml", "-j", "0"), 2),
        (("build", "two.yaml", "-j", "many"), 2),
        (("build", "none.yaml"), 2),
        (("build", "."), 2),
        (("build", ""), 2),
        (("build", "x" * 5000), 2),
        (("build", "x\0y.yaml"), 2),
        (("plan", "two.yaml", "short.yaml"), 2),
        (("check",), 2),
        (("show",), 2),
        (("show", "none.mp3"), 2),
        (("show", "."), 1),
        (("show", "two.yaml"), 1),
    ],
)
def test_exit_codes(cli: Callable[..., Any], arguments: tuple[str, ...], code: int) -> None:
    ran = cli(*arguments)
    assert ran.code == code
    assert "Traceback" not in ran.out + ran.err
    if code:
        assert ran.err
    assert len(ran.err) < 20_000


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "logs"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_bug_of_ours(cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, logs: Path) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("made by this test")

    monkeypatch.setattr("voicecoach.timing.place", broken)
    ran = cli("build", "two.yaml", "--voice", "fake")
    assert ran.code == 3
    assert "a bug in voicecoach, not in your routine: ZeroDivisionError: made by this test" in ran.err
    assert "Traceback" not in ran.out + ran.err
    log = Path(re.search(r"log: (.*\.log)", ran.err)[1])  # type: ignore[index]
    assert log.parent == logs
    told = log.read_text(encoding="utf-8")
    assert "Traceback" in told
    assert "made by this test" in told
    for name in ("python", "voicecoach", "numpy"):
        assert re.search(rf"^{name} \d", told, re.MULTILINE)
    assert not Path("output/two.mp3").exists()


def test_a_bug_where_no_log_can_be_written(
    cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:  # fmt: skip
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("made by this test")

    monkeypatch.setattr("voicecoach.library.Library.__init__", broken)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    ran = cli("exercises")
    assert ran.code == 3
    assert "made by this test" in ran.err


@pytest.mark.parametrize("stage", ["pipeline.parse", "timing.speak", "timing.place", "pipeline.mix", "delivery.encode"])
def test_interrupted(cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, stage: str, here: Path) -> None:
    assert cli("build", "short.yaml", "--voice", "fake").code == 0
    before = Path("output/short.mp3").read_bytes()
    (here / "short.yaml").write_text(SHORT.replace("3s", "4s"), encoding="utf-8")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"voicecoach.{stage}", interrupted)
    ran = cli("build", "short.yaml", "--voice", "fake")
    assert ran.code == 130
    assert ran.err.endswith("interrupted\n")
    assert "Traceback" not in ran.err
    assert [path.name for path in (here / "output").iterdir()] == ["short.mp3"]
    assert Path("output/short.mp3").read_bytes() == before


def test_python_m_is_the_same_command(here: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "voicecoach", "--version"], capture_output=True, text=True, check=True, env=os.environ
    )
    assert ran.stdout == f"voicecoach {__version__}\n"
