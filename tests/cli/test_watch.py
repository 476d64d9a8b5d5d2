"""watch: a real process that builds again when files change, and ends with Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PATIENCE_S = 60
ROUTINE = """title: Watched
coach: {opening: no, safety: no, closing: no}
steps:
  - say: One.
  - include: more.yaml
  - wall-sit: 5s
"""
EXERCISE = "name: Wall sit\nset up: Lean on a wall.\nposition: standing\nhold: 5s\n"


class Watching:
    """The process, and what it has said so far."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "log.txt"
        self.read = 0
        flags = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if sys.platform == "win32" else {}
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "voicecoach", "watch", "watched.yaml", "-o", "out.mp3", "--voice", "fake"],
                cwd=folder,
                env={**os.environ, "VOICECOACH_DATA": str(folder / "data"), "PYTHONUNBUFFERED": "1"},
                stdout=out,
                stderr=subprocess.STDOUT,
                **flags,
            )

    def until(self, *words: str) -> str:
        """Wait until all words have been said since the last time."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            said = self.log.read_text(encoding="utf-8")[self.read :]
            if all(word in said for word in words):
                self.read += len(said)
                return said
            assert self.process.poll() is None, said
            time.sleep(0.05)
        raise AssertionError(f"{words} not said within {PATIENCE_S} s: {said}")


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    (tmp_path / "watched.yaml").write_text(ROUTINE, encoding="utf-8")
    (tmp_path / "more.yaml").write_text("steps:\n  - say: Two.\n", encoding="utf-8")
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "wall-sit.yaml").write_text(EXERCISE, encoding="utf-8")
    made = Watching(tmp_path)
    yield made
    made.process.kill()
    made.process.wait()


def save(path: Path, text: str) -> None:
    """Save as many editors do: beside it, and moved over it."""
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


@pytest.mark.slow
def test_watch(watching: Watching, tmp_path: Path) -> None:
    ready = "Ctrl-C ends"
    watching.until("out.mp3  0:", ready)
    before = (tmp_path / "out.mp3").read_bytes()
    save(tmp_path / "watched.yaml", ROUTINE.replace("One.", "One, and one more."))
    watching.until("watched.yaml changed", "out.mp3  0:", ready)
    assert (tmp_path / "out.mp3").read_bytes() != before
    (tmp_path / "watched.yaml").write_text(ROUTINE.replace("5s", "5"), encoding="utf-8")
    watching.until("error[bare-number]", "1 error", ready)
    (tmp_path / "watched.yaml").write_text(ROUTINE, encoding="utf-8")
    watching.until("watched.yaml changed", "out.mp3  0:", ready)
    assert (tmp_path / "out.mp3").read_bytes() == before
    save(tmp_path / "more.yaml", "steps:\n  - say: Two.\n  - rest: 10s\n")
    watching.until("more.yaml changed", "out.mp3  0:", ready)
    save(tmp_path / "exercises" / "wall-sit.yaml", EXERCISE.replace("hold: 5s", "hold: 5"))
    watching.until("wall-sit.yaml changed", "error[bare-number]", ready)
    (tmp_path / "watched.yaml").unlink()
    watching.until("watched.yaml changed", "there is no file", ready)
    save(tmp_path / "exercises" / "wall-sit.yaml", EXERCISE)
    save(tmp_path / "watched.yaml", ROUTINE)
    watching.until("watched.yaml changed", "out.mp3  0:", ready)
    if sys.platform == "win32":
        return  # there, a test cannot press Ctrl-C for one process alone
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(PATIENCE_S) == 130
    assert "interrupted" in watching.log.read_text(encoding="utf-8")
    assert "Traceback" not in watching.log.read_text(encoding="utf-8")


def test_watch_wants_a_file(tmp_path: Path) -> None:
    from voicecoach.cli.app import run

    assert run(["watch", "morning"]) == 2
    assert run(["watch", str(tmp_path / "none.yaml")]) == 2
