"""The command: one file and several, for people and as JSON; and build --verify, which lets nothing broken through."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.audio.tampering import Tape, ms
from voicecoach.mp3.session_file import read_session

ROUTINE = """\
title: Both sides
coach: {opening: no, safety: no, closing: no, get ready: 1s, change sides: 1s}
steps:
  - own-lunge: {name: Lunge, sides: each, hold: 5s, set up: Step forward.}
"""


@pytest.fixture(scope="module")
def tape(build_text: Callable) -> Tape:
    return Tape.of(build_text(ROUTINE).session.path)


@pytest.fixture
def good(tape: Tape, tmp_path: Path) -> Path:
    return tape.write(tmp_path / "good.mp3")


@pytest.fixture
def bad(tape: Tape, tmp_path: Path) -> Path:
    """A tick is 30 ms late."""
    changed = tape.copy()
    changed.move(changed.earcons("tick")[1], ms(30))
    return changed.write(tmp_path / "bad.mp3")


def test_a_good_file(cli, good: Path) -> None:
    ran = cli("verify", good)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].startswith("Both sides  0:")
    assert lines[-1] == "good: it keeps all that it promises"
    names = ["file", "timeline", "length", "chapters", "level", "earcons", "holds", "sides", "speech", "silence"]
    assert [line.split()[0] for line in lines[1:-1]] == names
    assert "13 of 13 heard within 5 ms (worst 0.0 ms)" in ran.out
    assert "2 of 2 exact from mark to mark" in ran.out


def test_a_broken_file(cli, bad: Path, tape: Tape) -> None:
    ran = cli("verify", bad)
    assert ran.code == 1
    assert "! earcons   12 of 13 heard within 5 ms (worst 30.0 ms)" in ran.out
    first = next(line for line in ran.out.splitlines() if line.startswith("> "))
    assert "(step 1, left): the 'tick' sound is heard 30 ms late" in first
    assert "Traceback" not in ran.err


def test_more_faults_than_are_shown(cli, tape: Tape, tmp_path: Path) -> None:
    def all_outside(values: dict) -> None:
        for clip in (clip for track in values["tracks"] for clip in track["clips"]):
            clip["start"] += values["frames"]

    changed = tape.copy()
    changed.replan(all_outside)
    ran = cli("verify", changed.write(tmp_path / "outside.mp3"))
    assert ran.code == 1
    shown = ran.out.partition("broken: ")[2].splitlines()[1:]
    assert [line[:2] for line in shown] == ["> ", *["  "] * 10]
    assert shown[-1].endswith("more (--json has them all)")


def test_several_files(cli, good: Path, bad: Path, tmp_path: Path) -> None:
    none = tmp_path / "none.mp3"
    none.write_bytes(b"no sound")
    ran = cli("verify", good, bad, none)
    assert ran.code == 1
    marks = [line.split()[0] for line in ran.out.splitlines()]
    assert marks == ["good", "BROKEN", "NONE"]
    assert "(step 1, left): the 'tick' sound" in ran.out
    assert cli("verify", good, good).code == 0


def test_json(cli, good: Path, bad: Path, tmp_path: Path) -> None:
    none = tmp_path / "none.mp3"
    none.write_bytes(b"no sound")
    ran = cli("verify", "--json", good, bad, none)
    assert ran.code == 1
    first, second, third = json.loads(ran.out)
    assert (first["good"], first["first"]) == (True, None)
    assert second["good"] is False
    assert second["first"].keys() == {"promise", "at", "time", "time_s", "step", "side", "message"}
    assert (second["first"]["promise"], second["first"]["step"], second["first"]["side"]) == ("earcons", 1, "left")
    assert third == {"file": str(none), "good": False, "error": third["error"]}
    earcons = next(promise for promise in second["promises"] if promise["name"] == "earcons")
    assert earcons["numbers"]["worst_ms"] == pytest.approx(30, abs=0.1)
    assert [len(promise["broken"]) for promise in second["promises"] if not promise["kept"]] == [1]


@pytest.mark.parametrize("words", [(), ("nowhere.mp3",), (".",)])
def test_wrong_use(cli, words: tuple[str, ...]) -> None:
    assert cli("verify", *words).code == 2


def test_a_file_that_is_none_of_ours(cli, tmp_path: Path) -> None:
    path = tmp_path / "none.mp3"
    path.write_bytes(b"no sound")
    ran = cli("verify", path)
    assert ran.code == 1
    assert "is not an MP3 that voicecoach made" in ran.err


# build --verify


@pytest.fixture
def routine(tmp_path: Path) -> Path:
    path = tmp_path / "lunge.yaml"
    path.write_text(ROUTINE, encoding="utf-8")
    return path


def test_build_verifies(cli, routine: Path, tmp_path: Path) -> None:
    target = tmp_path / "lunge.mp3"
    ran = cli("build", routine, "--voice", "fake", "--verify", "-o", target)
    assert ran.code == 0
    assert ran.out.rstrip().endswith("verified")
    assert read_session(target).title == "Both sides"
    assert "verified" not in cli("build", routine, "--voice", "fake", "-o", target).out


def test_what_does_not_hold_takes_nobody_s_place(
    cli, routine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A coder that loses the last sound: the old session stays."""
    from voicecoach.stages import mix

    read = mix.SessionMaster.read

    def deaf(master: mix.SessionMaster, start: int, frames: int, *tracks):
        samples = read(master, start, frames, *tracks)
        samples[max(0, master.frames - 5 * 48_000 - start) :] = 0
        return samples

    target = tmp_path / "lunge.mp3"
    target.write_bytes(b"the session of yesterday")
    monkeypatch.setattr(mix.SessionMaster, "read", deaf)
    ran = cli("build", routine, "--voice", "fake", "--verify", "--no-cache", "-o", target)  # what is kept is whole
    assert ran.code == 1
    assert "the finished session is not as planned" in ran.err
    assert "is not heard" in ran.err
    assert target.read_bytes() == b"the session of yesterday"
    assert {path.name for path in tmp_path.iterdir()} == {"lunge.mp3", "lunge.yaml"}, "nor is it left beside it"
