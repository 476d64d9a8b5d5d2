"""voicecoach check: what it says beside the faults."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran
from voicecoach.cli.check import MOST_PLACED
from voicecoach.cli.exercises import KINDS
from voicecoach.model.exercise import ExerciseKind
from voicecoach.model.timeline import NoteKind
from voicecoach.pipeline import Workshop, plan
from voicecoach.source.nodes import read_source

Cli = Callable[..., Ran]
TOO_MUCH = "Let the hips sink with each breath out and stay square to the floor and keep the toes in line all the time."


@pytest.fixture
def talkative(tmp_path: Path) -> Path:
    """A routine in which more is said than there is room for."""
    holds = "".join(f"  - pigeon-pose: {{hold: {20 + n}s, cues: [{TOO_MUCH}, Sink., {TOO_MUCH}]}}\n" for n in range(5))
    file = tmp_path / "talkative.yaml"
    file.write_text(f"title: Talkative\nsteps:\n{holds}", encoding="utf-8")
    return file


def told(ran: Ran) -> list[str]:
    return [line for line in ran.out.splitlines() if re.match(r"  \d+:\d\d(:\d\d)?, step \d+: ", line)]


def test_it_tells_what_does_not_fit(talkative: Path, cli: Cli, fake_shop: Workshop) -> None:
    timeline = plan(read_source(talkative)[0], "talkative", fake_shop).timeline
    assert timeline is not None
    notes = timeline.notes
    dropped = [note for note in notes if note.kind == NoteKind.DROPPED]
    assert len(notes) > MOST_PLACED
    short, whole = cli("check", talkative), cli("check", "-v", talkative)
    assert short.code == whole.code == 0
    assert f"{len(notes)} cues do not fit as wanted (with the lengths of speech estimated)" in short.out
    assert f"and {len(notes) - MOST_PLACED} more (-v shows all)" in short.out
    assert len(told(short)) == MOST_PLACED
    assert [line.partition(": ")[2] for line in told(whole)] == [note.message for note in notes]
    # What is not heard at all weighs more than what is heard a little earlier.
    assert sum("left out" in line for line in told(short)) == min(MOST_PLACED, len(dropped))
    assert "more (" not in whole.out


def test_json_and_the_exit_code_are_those_of_the_faults(talkative: Path, cli: Cli) -> None:
    faults = json.loads(cli("check", "--json", talkative).out)
    assert {fault["code"] for fault in faults} == {"speech-too-long"}
    assert cli("check", "--strict", talkative).code == 1


def test_a_routine_that_fits_has_no_word_about_it(cli: Cli) -> None:
    assert "fit" not in cli("check", "calm-down").out


def test_kinds_are_those_of_the_model() -> None:
    assert tuple(kind.value for kind in ExerciseKind) == KINDS
