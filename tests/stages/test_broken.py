"""Broken routines: each file with the diagnostics that it gives, verbatim.

Add a case by dropping X.yaml into tests/broken and running: scripts/test tests/stages/test_broken.py --update-golden
(what they include lies in tests/broken/included, their exercise files in tests/broken/exercises). Names that begin with
``warn-`` have warnings only.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.other_codes import OF_BATCHES, OF_FEED_SETTINGS, OF_PROGRAMMES
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD
from voicecoach.library import Library
from voicecoach.library.explain import fault_codes
from voicecoach.model.diagnostic import Diagnostic, has_errors
from voicecoach.pipeline import Workshop, plan
from voicecoach.source.nodes import Sources, read_source
from voicecoach.stages.check import RULES
from voicecoach.stages.check.checked import Checked
from voicecoach.stages.parse import parse

FOLDER = Path(__file__).parent.parent / "broken"
CASES = sorted(FOLDER.glob("*.yaml"))
WITHOUT_HINT = {"too-large", "binary", "yaml", "too-deep", "yaml-tag"}
ELSEWHERE = {
    # Faults of the command line or a profile, of our own wording, and of the voices that a machine has.
    "bad-change",
    "bad-factor",
    "bad-pace",
    "incomplete-wording",
    "unknown-voice",
    "voice-language",
    *OF_PROGRAMMES,
    *OF_BATCHES,
    *OF_FEED_SETTINGS,
}


def faults_of(path: Path, shop: Workshop) -> tuple[Diagnostic, ...]:
    source, faults = read_source(path, path.name)
    return faults or plan(source, path.stem, shop).faults


def warns_only(path: Path) -> bool:
    return path.stem.startswith("warn-")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_broken(path: Path, fake_shop: Workshop, update_golden: bool) -> None:
    told = "\n".join(fault.render() for fault in faults_of(path, fake_shop)) + "\n"
    file = path.with_suffix(".txt")
    if update_golden:
        file.write_text(told, encoding="utf-8")
    assert told == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_fault_helps(path: Path, fake_shop: Workshop) -> None:
    faults = faults_of(path, fake_shop)
    assert faults
    assert has_errors(faults) is not warns_only(path)
    for fault in faults:
        assert fault.location.line >= 1
        assert fault.location.column >= 1
        assert fault.hint or fault.code in WITHOUT_HINT


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_command_tells_and_fails(path: Path, cli: Callable[..., Ran]) -> None:
    """Errors fail, warnings only with --strict; nothing is a bug of ours or shows a traceback."""
    runs = [cli("check", path)]
    assert runs[0].code == (EXIT_GOOD if warns_only(path) else EXIT_FAULTS)
    if warns_only(path):
        runs.append(cli("check", "--strict", path))
        assert runs[1].code == EXIT_FAULTS
    for ran in runs:
        assert "Traceback" not in ran.out + ran.err
        assert ran.err == ""
        assert f"{path.name}: good" not in ran.out or warns_only(path)


def test_there_are_cases() -> None:
    assert len(CASES) >= 100


def test_every_code_is_shown(fake_shop: Workshop) -> None:
    shown = {fault.code for path in CASES for fault in faults_of(path, fake_shop)}
    of_feeds = {code for code in fault_codes() if code.startswith("feed-")}  # tests/publish/lint_cases.py
    assert set(fault_codes()) - ELSEWHERE - of_feeds <= shown


def test_every_rule_finds_something() -> None:
    idle = set(RULES)
    for path in CASES:
        source, faults = read_source(path, path.name)
        sources = Sources(source)
        library = Library().beside(source)
        routine, _ = parse(sources, path.stem, library) if not faults else (None, ())
        if routine is not None:
            idle -= {rule for rule in idle if any(rule(Checked(routine, sources, library)))}
    assert {rule.__name__ for rule in idle} == set()


def test_json_is_for_editors(cli: Callable[..., Ran]) -> None:
    ran = cli("check", "--json", FOLDER / "warn-start.yaml", FOLDER / "bare-number.yaml")
    assert ran.code == EXIT_FAULTS
    told = json.loads(ran.out)
    assert [fault["code"] for fault in told] == ["start-unfit", "start-unfit", "bare-number"]
    assert told[0]["severity"] == "warning"
    assert {"file", "line", "column", "length", "message", "hint"} <= told[2].keys()


def test_an_unknown_voice_is_told(cli: Callable[..., Ran], tmp_path: Path) -> None:
    file = tmp_path / "voice.yaml"
    file.write_text("voice: espek\nsteps:\n  - pigeon-pose: 30s\n")
    ran = cli("check", file)
    assert ran.code == EXIT_FAULTS
    assert "voice.yaml:1:8: error[unknown-voice]" in ran.out


def test_a_variable_can_come_from_the_command_line(cli: Callable[..., Ran], tmp_path: Path) -> None:
    file = tmp_path / "hello.yaml"
    file.write_text("steps:\n  - say: Hello {name}.\n  - pigeon-pose: 30s\n")
    assert "unknown-variable" in cli("check", file).out
    assert cli("check", "--strict", file, "--with", "name=Sam", "--with", "unused=Lee").code == EXIT_GOOD


@pytest.mark.parametrize("code", ["bare-number", "error[bare-number]:", " Bare-Number "])
def test_explain(code: str, cli: Callable[..., Ran]) -> None:
    ran = cli("check", "--explain", code)
    assert ran.code == EXIT_GOOD
    assert ran.out.startswith("# bare-number\n")


def test_explain_hints(cli: Callable[..., Ran]) -> None:
    ran = cli("check", "--explain", "bear-number")
    assert ran.code == 2
    assert "did you mean 'bare-number'?" in ran.err


def test_check_wants_a_routine(cli: Callable[..., Ran]) -> None:
    ran = cli("check")
    assert ran.code == 2
    assert "name a routine" in ran.err
