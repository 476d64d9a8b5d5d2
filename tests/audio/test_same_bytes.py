"""The same routine, versions and options give the same bytes: whatever is cached, wherever and however it is built."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from voicecoach.cache import Cache
from voicecoach.config import CACHE_VARIABLE, Encoding, Options
from voicecoach.engines.registry import EngineShelf
from voicecoach.library import Library
from voicecoach.model.session import Outcome
from voicecoach.pipeline import Workshop, build
from voicecoach.source.nodes import SourceFile

ROUTINE = """\
title: Größe – a title with more than ASCII
description: Two sides, repetitions, a rest and words.
steps:
  - say: Good morning. We begin gently.
  - own-lunge:
      name: Lunge
      sides: each
      hold: 6s
      set up: Step forward with your {side} foot, and lower your hips.
  - rest: 4s
  - own-squat: {name: Squat, reps: 3, tempo: 1-0-1-0, set up: Stand with your feet apart.}
"""
VOICES = ["fake", pytest.param("espeak", marks=pytest.mark.slow)]


@pytest.fixture(scope="module")
def engines() -> Iterator[EngineShelf]:
    with EngineShelf() as shelf:
        yield shelf


@pytest.fixture
def make(engines: EngineShelf, tmp_path: Path):
    """Build the routine and return the bytes; what is not told is new each time."""
    count = iter(range(1000))

    def run(
        voice: str, cache: Path | None = None, jobs: int = 2, target: Path | None = None, shelf: EngineShelf = engines
    ) -> bytes:
        number = next(count)
        target = target or tmp_path / f"session-{number}.mp3"
        options = Options(voice=voice, jobs=jobs, encoding=Encoding())
        shop = Workshop(Library(), shelf, Cache(cache or tmp_path / f"cache-{number}", 10**8), options)
        outcome: Outcome = build(SourceFile("lunge.yaml", ROUTINE), "lunge", target, shop)
        assert outcome.session is not None, outcome.faults
        data = target.read_bytes()
        assert len(data) == outcome.session.size_bytes
        return data

    return run


@pytest.fixture(scope="module")
def first(engines: EngineShelf, tmp_path_factory: pytest.TempPathFactory):
    """What each voice gave the first time, in an ordinary build with nothing in the cache."""
    made: dict[str, bytes] = {}

    def of(voice: str) -> bytes:
        if voice not in made:
            folder = tmp_path_factory.mktemp("first")
            shop = Workshop(Library(), engines, Cache(folder / "cache", 10**8), Options(voice=voice))
            outcome = build(SourceFile("lunge.yaml", ROUTINE), "lunge", folder / "first.mp3", shop)
            assert outcome.session is not None, outcome.faults
            made[voice] = outcome.session.path.read_bytes()
        return made[voice]

    return of


@pytest.mark.parametrize("voice", VOICES)
def test_a_cold_and_a_warm_cache(voice, first, make, tmp_path):
    assert make(voice, cache=tmp_path / "kept") == first(voice), "another cold cache"
    assert list((tmp_path / "kept").rglob("*.clip"))
    assert make(voice, cache=tmp_path / "kept") == first(voice)


@pytest.mark.parametrize("voice", VOICES)
def test_a_cache_with_holes_and_damage(voice, make, tmp_path):
    cold = make(voice, cache=tmp_path / "kept")
    for number, entry in enumerate(sorted((tmp_path / "kept").rglob("*.clip"))):
        if number % 3 == 0:
            entry.unlink()
        elif number % 3 == 1:
            entry.write_bytes(entry.read_bytes()[:-5])
    assert make(voice, cache=tmp_path / "kept") == cold


@pytest.mark.parametrize("voice", ["fake"])
@pytest.mark.parametrize("jobs", [1, 7])
def test_any_number_of_jobs(voice, jobs, first, make):
    assert make(voice, jobs=jobs) == first(voice)


@pytest.mark.parametrize("voice", VOICES)
def test_engines_that_spoke_before_and_new_ones(voice, first, make):
    with EngineShelf(1) as shelf:
        assert make(voice, shelf=shelf) == first(voice)
    assert make(voice) == first(voice)


def test_the_name_of_the_file_and_of_its_folder_are_not_in_it(first, make, tmp_path):
    (tmp_path / "another place").mkdir()
    assert make("fake", target=tmp_path / "another place" / "x.mp3") == first("fake")


@pytest.mark.parametrize("plain", [False, True])
def test_the_plain_path_gives_the_same_bytes_too(plain, engines, tmp_path):
    made = []
    for jobs in (1, 3):
        target = tmp_path / f"{jobs}.mp3"
        options = Options(voice="fake", jobs=jobs, encoding=Encoding(plain=plain))
        shop = Workshop(Library(), engines, Cache(tmp_path / f"cache-{jobs}", 10**8), options)
        build(SourceFile("lunge.yaml", ROUTINE), "lunge", target, shop)
        made.append(target.read_bytes())
    assert made[0] == made[1]


def run_afresh(folder: Path, *arguments: str | Path, **environment: str) -> None:
    """Run the command in a process of its own, in another folder, with its own seed of hashes."""
    command = [sys.executable, "-m", "voicecoach", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("voice", VOICES)
def test_another_process_in_another_folder(voice, first, tmp_path):
    (tmp_path / "somewhere").mkdir()
    (tmp_path / "lunge.yaml").write_text(ROUTINE, encoding="utf-8")
    surroundings = [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "COLUMNS": "40"},
    ]
    cold = {CACHE_VARIABLE: str(tmp_path / "cold")}
    for number, around in enumerate(surroundings):  # the second finds the first one's cache
        target = tmp_path / f"process-{number}.mp3"
        words = ("build", "../lunge.yaml", "--voice", voice, "-j", str(1 + 2 * number), "-o", target)
        run_afresh(tmp_path / "somewhere", *words, **cold, **around)
        assert target.read_bytes() == first(voice)


def test_building_over_an_earlier_session(first, make, tmp_path):
    target = tmp_path / "session.mp3"
    target.write_bytes(first("fake") + bytes(100_000))
    assert make("fake", target=target) == first("fake"), "nothing of the earlier file is left"


@pytest.mark.slow
def test_the_built_in_routine(morning_mp3: Outcome, tmp_path):
    """As a user builds it, with nothing in the cache, against the fixture's own build."""
    assert morning_mp3.session is not None
    target = tmp_path / "again.mp3"
    words = ("build", "morning", "--voice", "espeak", "-o", target)
    run_afresh(tmp_path, *words, **{CACHE_VARIABLE: str(tmp_path / "cold")})
    assert target.read_bytes() == morning_mp3.session.path.read_bytes()
