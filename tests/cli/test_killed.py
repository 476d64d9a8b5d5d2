"""A build that is killed at any moment leaves the earlier MP3 whole and the cache usable."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL"),
]

ROUTINE = """\
title: Long enough to be killed
steps:
  - say: Version {version}.
  - repeat: 1
    steps:
      - pigeon-pose: 30s
      - split-squat: {{reps: 5, sets: 1}}
      - rest: 20s
"""
EARLIER = "title: The earlier one\nsteps:\n  - rest: 3s\n"
MOMENTS = 12


class Bench:
    """A folder with a routine, and an own cache; every build is a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        self.target = folder / "output" / "x.mp3"
        folder.mkdir()

    def write(self, text: str) -> None:
        (self.folder / "x.yaml").write_text(text, encoding="utf-8")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "voicecoach", "build", "x.yaml", "--voice", "fake", *arguments]
        env = os.environ | {"VOICECOACH_CACHE": str(self.cache)}
        return subprocess.Popen(
            command, cwd=self.folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def build(self) -> bytes:
        process = self.start()
        _, told = process.communicate(timeout=60)
        assert process.returncode == 0, told
        return self.target.read_bytes()

    def parts(self) -> list[Path]:
        return list(self.target.parent.glob(".*.part"))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, float]:
    """The MP3 of an undisturbed build, and how long it takes at least: with a warm cache."""
    bench = Bench(tmp_path_factory.mktemp("clean") / "bench")
    bench.write(ROUTINE.format(version="two"))
    made = bench.build()
    start_s = time.monotonic()
    assert bench.build() == made, "a warm cache gives the same bytes"
    return made, time.monotonic() - start_s


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    made = Bench(tmp_path / "bench")
    made.write(EARLIER)
    made.build()
    made.write(ROUTINE.format(version="two"))
    return made


def wait_for(seen: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Wait until a build has come so far."""
    until_s = time.monotonic() + 30
    while not seen():
        assert process.poll() is None, "the build ended before it could be disturbed"
        assert time.monotonic() < until_s
        time.sleep(0.001)


def test_killed_at_any_moment(bench: Bench, clean: tuple[bytes, float]) -> None:
    wanted, took_s = clean
    earlier = bench.target.read_bytes()
    dice = random.Random(20)
    killed = 0
    for moment in range(MOMENTS):
        process = bench.start()
        time.sleep(took_s * (moment + dice.random()) / MOMENTS)
        process.kill()
        process.communicate()
        now = bench.target.read_bytes()
        if process.returncode == -signal.SIGKILL and now == earlier:
            killed += 1
            continue
        assert now == wanted, "the old session or the new one, never half of either"
        bench.target.write_bytes(earlier)
    assert killed >= MOMENTS // 2
    assert bench.build() == wanted
    assert bench.parts() == []


def test_killed_while_it_writes(bench: Bench, clean: tuple[bytes, float]) -> None:
    earlier = bench.target.read_bytes()
    for size_bytes in (0, 1, 100_000):
        process = bench.start()
        wait_for(lambda: any(p.stat().st_size >= size_bytes for p in bench.parts()), process)  # noqa: B023
        process.kill()
        process.communicate()
        assert bench.target.read_bytes() == earlier
        assert len(bench.parts()) == 1, "what the last one left was taken away, and this one could not tidy up"
    assert bench.build() == clean[0]
    assert bench.parts() == []


def test_killed_while_it_speaks(bench: Bench, clean: tuple[bytes, float]) -> None:
    earlier = bench.target.read_bytes()
    clips = len(list(bench.cache.rglob("*.clip")))
    process = bench.start()
    wait_for(lambda: len(list(bench.cache.rglob("*.clip"))) > clips, process)
    process.kill()
    process.communicate()
    assert bench.target.read_bytes() == earlier
    assert bench.build() == clean[0]
    assert bench.parts() == []


@pytest.mark.parametrize("stage", ["speaking", "writing"])
def test_interrupted(bench: Bench, clean: tuple[bytes, float], stage: str) -> None:
    earlier = bench.target.read_bytes()
    clips = len(list(bench.cache.rglob("*.clip")))
    process = bench.start()
    if stage == "speaking":
        wait_for(lambda: len(list(bench.cache.rglob("*.clip"))) > clips, process)
    else:
        wait_for(bench.parts, process)
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert (out, told.strip()) == ("", "interrupted")
    assert bench.parts() == []
    assert bench.target.read_bytes() == earlier
    assert bench.build() == clean[0]


def test_two_builds_of_the_same_target_at_once(bench: Bench, clean: tuple[bytes, float]) -> None:
    running = [bench.start("-j", "1") for _ in range(2)]
    for process in running:
        _, told = process.communicate(timeout=60)
        assert process.returncode == 0, told
    assert bench.target.read_bytes() == clean[0]
    assert bench.parts() == []
