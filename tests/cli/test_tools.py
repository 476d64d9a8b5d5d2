"""The tools around a routine: fmt, schema, new, exercises, routines."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML, YAMLError

from tests.conftest import Ran
from voicecoach.cli.schema import SCHEMA_FILE, SCHEMA_LINE
from voicecoach.library import Library
from voicecoach.model.session import Outcome
from voicecoach.stages.parse.schema import routine_schema

Cli = Callable[..., Ran]
TESTS = Path(__file__).parent.parent
LIBRARY = Library()
TIDY = "title: Morning\n\nsteps:\n  - say: Hello.    # a greeting\n"
UNTIDY = "steps:\n- say:  Hello.    # a greeting\ntitle: Morning\n"
TIDIED = "title: Morning\n\nsteps:\n  - say: Hello.     # a greeting\n"


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of whoever runs the tests is seen; each test stands in a folder of its own."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("VOICECOACH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "100")


# fmt


def test_fmt_writes_only_what_changes(cli: Cli) -> None:
    Path("a.yaml").write_text(UNTIDY, encoding="utf-8")
    Path("b.yaml").write_text(TIDY, encoding="utf-8")
    os.utime("b.yaml", (1, 1))
    ran = cli("fmt", "a.yaml", "b.yaml")
    assert (ran.code, ran.out) == (0, "a.yaml is tidy now\nb.yaml is tidy already\n")
    assert Path("a.yaml").read_text(encoding="utf-8") == TIDIED
    assert Path("b.yaml").stat().st_mtime == 1
    assert sorted(path.name for path in Path().iterdir()) == ["a.yaml", "b.yaml"]


def test_fmt_check_and_diff_write_nothing(cli: Cli) -> None:
    Path("a.yaml").write_text(UNTIDY, encoding="utf-8")
    ran = cli("fmt", "--check", "a.yaml")
    assert (ran.code, ran.out) == (1, "a.yaml is not tidy\n")
    ran = cli("fmt", "--diff", "a.yaml")
    assert ran.code == 0
    assert "-- say:  Hello.    # a greeting" in ran.out
    assert "+  - say: Hello.     # a greeting" in ran.out
    assert cli("fmt", "--diff", "--check", "a.yaml").code == 1
    assert Path("a.yaml").read_text(encoding="utf-8") == UNTIDY
    Path("a.yaml").write_text(TIDY, encoding="utf-8")
    assert cli("fmt", "--check", "a.yaml").code == 0


def test_fmt_leaves_a_file_with_errors(cli: Cli) -> None:
    text = "steps:\n- rest: 20\n"
    Path("a.yaml").write_text(text, encoding="utf-8")
    ran = cli("fmt", "a.yaml")
    assert ran.code == 1
    assert "bare-number" in ran.err
    assert Path("a.yaml").read_text(encoding="utf-8") == text


def test_fmt_keeps_line_ends_permissions_and_links(cli: Cli) -> None:
    real = Path("real.yaml")
    real.write_bytes(b"\xef\xbb\xbf" + UNTIDY.replace("\n", "\r\n").encode())
    real.chmod(0o640)
    mode = real.stat().st_mode
    try:
        Path("a.yaml").symlink_to(real)
    except OSError:
        pytest.skip("no links here")
    assert cli("fmt", "a.yaml").code == 0
    assert Path("a.yaml").is_symlink()
    assert real.stat().st_mode == mode
    assert real.read_bytes() == b"\xef\xbb\xbf" + TIDIED.replace("\n", "\r\n").encode()


def test_fmt_wants_files(cli: Cli) -> None:
    assert cli("fmt").code == 2
    ran = cli("fmt", "morning")
    assert ran.code == 2
    assert "voicecoach new morning.yaml" in ran.err
    assert "there is no file" in cli("fmt", "nowhere.yaml").err


# schema

SHAPE = {
    *("unknown-key", "wrong-shape", "missing-key", "empty-value", "duplicate-key", "two-doses", "two-steps"),
    *("wrong-indent", "bad-duration", "bare-number", "bad-tempo", "bad-choice", "bad-switch", "bad-number"),
    *("bad-percentage", "bad-level", "bad-speed", "bad-countdown", "bad-variable", "bad-dose", "empty-file"),
    *("yaml", "yaml-tag", "binary", "not-utf8"),
}
"""The codes of faults that are a matter of shape: what a file looks like, not what it means."""
BROKEN = sorted((TESTS / "broken").glob("*.yaml"))


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = routine_schema(LIBRARY.exercise_ids)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def as_editors_read(text: str) -> Any:
    """Read YAML 1.2 as an editor's plug-in does."""
    return YAML(typ="safe", pure=True).load(text)


def codes_here(path: Path) -> set[str]:
    told = path.with_suffix(".txt").read_text(encoding="utf-8")
    return set(re.findall(rf"^{re.escape(path.name)}:\d+:\d+: error\[([a-z0-9-]+)\]", told, re.MULTILINE))


def test_schema_prints_and_writes_the_same(cli: Cli) -> None:
    printed = cli("schema")
    assert printed.code == 0
    assert json.loads(printed.out) == routine_schema(LIBRARY.exercise_ids)
    assert cli("schema", "-o", "my.json").out == "wrote my.json\n"
    assert Path("my.json").read_text(encoding="utf-8") == printed.out
    assert cli("schema", "-o", "no/where.json").code == 2


@pytest.mark.parametrize("name", [*LIBRARY.routine_names, "template"])
def test_schema_accepts_what_is_built_in(name: str, validator: jsonschema.Draft202012Validator) -> None:
    text = LIBRARY.template() if name == "template" else LIBRARY.routine_source(name).text
    validator.validate(as_editors_read(text))


JOBS = "routines: [morning, hips.yaml]\ntalk: [teach, brief]\npeople: people.csv\nname: '{person}'\n"


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("program", LIBRARY.program_source("hip-relief").text, "title: T\nweeks: 0\ndays: [morning]\n"),
        ("program", "title: T\nweeks: [{title: A, hold: +5s}]\ndays: {monday: morning}\n", "title: T\nwekks: 4\n"),
        ("jobs", JOBS, "routines: [morning]\npeple: people.csv\n"),
        ("profile", "name: Kim\nhold: +5s up to 45s\nwarm up: 5 min\nbed: off\n", "hodl: x2\n"),
    ],
)
def test_other_files_have_a_schema_too(kind: str, good: str, bad: str, cli: Cli) -> None:
    printed = cli("schema", kind)
    assert printed.code == 0
    schema = json.loads(printed.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(as_editors_read(good), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_editors_read(bad), schema)


@pytest.mark.parametrize("path", sorted((TESTS / "golden").glob("*.yaml")), ids=lambda path: path.stem)
def test_schema_accepts_golden(path: Path, validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(as_editors_read(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", [p for p in BROKEN if codes_here(p) & SHAPE], ids=lambda path: path.stem)
def test_schema_rejects_what_is_broken_in_shape(path: Path, validator: jsonschema.Draft202012Validator) -> None:
    try:
        value = as_editors_read(path.read_bytes().decode("utf-8"))
    except (YAMLError, UnicodeDecodeError):
        return  # an editor shows that it does not read at all
    assert not validator.is_valid(value)


@pytest.mark.parametrize("path", [p for p in BROKEN if p.stem.startswith("warn-")], ids=lambda path: path.stem)
def test_schema_accepts_what_is_only_warned_of(path: Path, validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(as_editors_read(path.read_text(encoding="utf-8")))


def test_every_code_of_shape_has_its_file() -> None:
    assert set() == SHAPE - {code for path in BROKEN for code in codes_here(path)}


# new


def test_new_writes_a_routine_without_faults(cli: Cli, build_text: Callable[[str], Outcome]) -> None:
    ran = cli("new")
    assert ran.code == 0
    assert "wrote my-routine.yaml\n" in ran.out
    assert f"wrote {SCHEMA_FILE}" in ran.out
    text = Path("my-routine.yaml").read_text(encoding="utf-8")
    assert text.startswith(f"{SCHEMA_LINE}\n")
    assert json.loads(Path(SCHEMA_FILE).read_text(encoding="utf-8"))["title"] == "voicecoach routine"
    outcome = build_text(text)
    assert outcome.faults == ()
    assert outcome.session is not None
    for word in ("say", "rest", "repeat", "intervals", "breathe", "include", "with", "coach", "set up"):
        assert f"{word}:" in text, "it shows the main constructs"
    assert cli("fmt", "--check", "my-routine.yaml").code == 0


def test_new_copies_a_built_in_routine_with_the_line(cli: Cli) -> None:
    ran = cli("new", "morning.yaml")
    assert ran.code == 0
    copy = Path("morning.yaml").read_text(encoding="utf-8")
    assert copy == f"{SCHEMA_LINE}\n{LIBRARY.routine_source('morning').text}"
    assert cli("new", "morning.yaml").code == 2
    assert cli("new", "morning.yaml", "--force").code == 0


def test_new_without_schema_names_none(cli: Cli) -> None:
    assert cli("new", "--no-schema").code == 0
    assert sorted(path.name for path in Path().iterdir()) == ["my-routine.yaml"]
    assert "schema" not in Path("my-routine.yaml").read_text(encoding="utf-8")


def test_new_refreshes_its_schema_but_no_other_file(cli: Cli) -> None:
    old = '{\n  "title": "voicecoach routine"\n}\n'
    Path(SCHEMA_FILE).write_text(old, encoding="utf-8")
    cli("new", "a.yaml")
    assert Path(SCHEMA_FILE).read_text(encoding="utf-8") != old
    Path(SCHEMA_FILE).write_text("{}", encoding="utf-8")
    assert "left as it is" in cli("new", "b.yaml").err
    assert Path(SCHEMA_FILE).read_text(encoding="utf-8") == "{}"


# exercises


def listed(ran: Ran) -> list[str]:
    return [line.split()[0] for line in ran.out.splitlines()]


def test_exercises_lists_all(cli: Cli) -> None:
    ran = cli("exercises")
    assert ran.code == 0
    assert listed(ran) == list(LIBRARY.exercise_ids)
    assert re.search(r"^pigeon-pose +hold 30-60s on each side; hands and knees$", ran.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        (["pigeon", "pose"], lambda e: "pigeon" in e.id),
        (["--kind", "stretch"], lambda e: e.kind == "stretch"),
        (["--area", "GLUTES"], lambda e: any("glutes" in area for area in e.area)),
        (["--position", "lying"], lambda e: "lying" in f"{e.position} {e.end_position}"),
        (["--equipment", "none"], lambda e: not e.equipment),
        (["--equipment", "chair"], lambda e: any("chair" in item for item in e.equipment)),
        (["--sides", "each"], lambda e: e.sides == "each"),
    ],
)
def test_exercises_filters(words: list[str], holds: Callable[[Any], bool], cli: Cli) -> None:
    wanted = {name for name in LIBRARY.exercise_ids if holds(LIBRARY.exercise(name))}
    assert wanted
    assert set(listed(cli("exercises", *words))) == wanted


def test_exercises_searches_wording_after_names(cli: Cli) -> None:
    found = listed(cli("exercises", "hip", "rotation"))
    named = [name for name in found if "rotation" in name]
    assert named == found[: len(named)]
    assert "squat-external-rotation" not in named[:1]
    said = listed(cli("exercises", "cushion under your"))
    assert "pigeon-pose" in said


def test_exercises_says_when_there_is_none(cli: Cli) -> None:
    ran = cli("exercises", "pigeon-pase")
    assert (ran.code, ran.out) == (1, "")
    assert "did you mean 'pigeon-pose'?" in ran.err


def test_exercises_shows_everything_about_one(cli: Cli) -> None:
    ran = cli("exercises", "seated-hip-rotation")
    exercise = LIBRARY.exercise("seated-hip-rotation")
    assert ran.code == 0
    shown = " ".join(ran.out.split())
    phrases = [exercise.set_up, *exercise.form, exercise.breath, exercise.release, exercise.safety]
    phrases += [exercise.easier, exercise.harder, *(phase.say for phase in exercise.phases)]
    for phrase in phrases:
        assert phrase is not None
        assert phrase.full in shown
        assert phrase.brief is None or f"brief: {phrase.brief}" in shown
    assert "kind mobility" in shown
    assert "dose 3-5 cycles on each side" in shown
    assert f"source {exercise.source}" in shown
    assert "- seated-hip-rotation: 3-5 cycles" in shown
    assert max(len(line) for line in ran.out.splitlines()) <= 100


def test_exercises_as_json(cli: Cli) -> None:
    every = json.loads(cli("exercises", "--json").out)
    assert [exercise["id"] for exercise in every] == list(LIBRARY.exercise_ids)
    (one,) = json.loads(cli("exercises", "pigeon-pose", "--json").out)
    assert one["kind"] == "stretch"
    assert one["dose"] == {"measure": "hold", "least": 30, "most": 60}
    assert one["set_up"]["full"] == LIBRARY.exercise("pigeon-pose").set_up.full  # type: ignore[union-attr]
    assert json.loads(cli("exercises", "nothing at all", "--json").out) == []


def test_exercises_of_ones_own_count(cli: Cli, tmp_path: Path) -> None:
    for folder, name in ((Path(), "wall-sit"), (tmp_path / "data", "door-stretch")):
        (folder / "exercises").mkdir(parents=True)
        text = f"name: My {name}\nset up: Stand.\nhold: 1:10\n"
        (folder / "exercises" / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert {"wall-sit", "door-stretch"} <= set(listed(cli("exercises")))
    assert "My wall-sit (wall-sit)" in cli("exercises", "wall-sit").out
    Path("exercises/wall-sit.yaml").write_text("hold: 30\n", encoding="utf-8")
    ran = cli("exercises")
    assert "bare-number" in ran.err
    assert "door-stretch" in listed(ran)


# routines


def test_routines_shows_what_is_in_one(cli: Cli) -> None:
    ran = cli("routines", "nine-moves")
    assert ran.code == 0
    assert re.search(r"^length +\d+:\d\d \(speech estimated\)$", ran.out, re.MULTILINE)
    assert re.search(r"^needs +\S", ran.out, re.MULTILINE)
    assert re.search(r"^positions +\S", ran.out, re.MULTILINE)
    assert "Seated butterfly: hold 30s" in ran.out
    assert "voicecoach new nine-moves.yaml" in ran.out


def test_routines_shows_a_file(cli: Cli) -> None:
    text = """title: Mine
description: For the hips.
author: Me
steps:
  - say: Hello.
  - repeat: 2-3
    name: Round
    steps:
      - split-squat: {reps: 8, sets: 2}
      - wall-sit: {name: Wall sit, set up: Lean on a wall., equipment: wall, position: standing, hold: 30s}
  - intervals: {work: 30s, rest: 15s, rounds: 2, of: [hip-bridge]}
  - breathe: {pattern: 4-0-6-0, for: 5 breaths}
  - wall-sit: 45s
"""
    Path("mine.yaml").write_text(text, encoding="utf-8")
    ran = cli("routines", "mine.yaml")
    assert ran.code == 0, ran.err
    for line in (
        "Mine",
        "For the hips.",
        "needs      wall",
        "author     Me",
        "2-3 times, Round:",
        "  Split squat: 2 sets of 8 reps on each side",
        "  Wall sit: hold 30s",
        "Intervals: 2 rounds, 30s work, 15s rest:",
        "  Hip bridge",
        "Breathing: 4-0-6-0, 5 breaths",
        "Wall sit: hold 45s",
    ):
        assert line in ran.out.splitlines(), line
    assert "voicecoach new" not in ran.out
    Path("mine.yaml").write_text("steps: [rest: 20]\n", encoding="utf-8")
    ran = cli("routines", "mine.yaml")
    assert ran.code == 1
    assert "bare-number" in ran.err


def test_routines_source(cli: Cli) -> None:
    ran = cli("routines", "morning", "--source")
    assert (ran.code, ran.out) == (0, LIBRARY.routine_source("morning").text)
    assert cli("routines", "--source").code == 2
    assert "did you mean 'morning'?" in cli("routines", "mornin").err


def test_routines_lists_all(cli: Cli) -> None:
    ran = cli("routines")
    assert ran.code == 0
    for name in LIBRARY.routine_names:
        assert re.search(rf"^{name} +\d+:\d\d  \S", ran.out, re.MULTILINE)
