"""`scripts/bench.py` measures what it says; how fast anything is, is not tested."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from voicecoach.cache import Cache
from voicecoach.engines.registry import EngineShelf
from voicecoach.library import Library
from voicecoach.model.timeline import Timeline
from voicecoach.pipeline import Workshop, plan
from voicecoach.source.nodes import SourceFile

SCRIPTS = Path(__file__).parents[2] / "scripts"
HUNGRY = "import subprocess, sys, time; held = b'1' * {own}; {more}; time.sleep(0.2)"
CHILD = "subprocess.run([sys.executable, '-c', {code!r}], check=True)"


@pytest.fixture(autouse=True)
def scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))


def timeline(text: str, folder: Path) -> Timeline:
    with EngineShelf() as engines:
        shop = Workshop(Library(), engines, Cache(folder, 1_000_000))
        outcome = plan(SourceFile("bench.yaml", text), "bench", shop)
    assert outcome.faults == ()
    assert outcome.timeline is not None
    return outcome.timeline


def said(session: Timeline) -> list[str]:
    return [clip.text or "" for clip in session.track("voice").clips]


def test_memory_of_children_is_counted(tmp_path: Path) -> None:
    from bench_process import run

    child = HUNGRY.format(own=150_000_000, more="pass")
    told = run([sys.executable, "-c", HUNGRY.format(own=100_000_000, more=CHILD.format(code=child))], tmp_path)
    assert 250 < told.peak_mb < 320, "parent and child at one time"
    assert 150 < told.largest_mb < 190, "the child alone"
    assert told.wall_s > 0.4, "both of their sleeps"
    assert told.processor_s > 0


def test_memory_at_different_times_is_not_added(tmp_path: Path) -> None:
    from bench_process import run

    code = "import time\nfor _ in range(3):\n    held = b'1' * 100_000_000\n    time.sleep(0.05)\n    del held\n"
    told = run([sys.executable, "-c", code], tmp_path)
    assert 100 < told.peak_mb < 150


def test_a_failure_ends_the_bench(tmp_path: Path) -> None:
    from bench_process import run

    with pytest.raises(SystemExit, match="no good"):
        run([sys.executable, "-c", "raise SystemExit('no good')"], tmp_path)


def test_a_session_is_as_long_as_asked_and_a_third_of_it_is_speech(tmp_path: Path) -> None:
    from bench_ours import speech_share
    from bench_routine import routine

    session = timeline(routine(1800), tmp_path)
    assert 1710 < session.length_s < 1890
    assert 0.3 < speech_share(session) < 0.4


def test_every_part_says_other_words() -> None:
    from bench_routine import routine

    own = [line for line in routine(8 * 3600).splitlines() if "set up: Stand" in line or "Shake out" in line]
    assert len(own) == 2 * 96
    assert len(set(own)) == len(own)
    assert "bed:" in routine(1800, bed=True)
    assert "bed:" not in routine(1800)


def test_one_word_in_a_hold_moves_nothing_and_one_in_an_introduction_does(tmp_path: Path) -> None:
    from bench_routine import OTHER_WORDS, routine

    usual = timeline(routine(600), tmp_path)
    for word in OTHER_WORDS:
        held = timeline(routine(600, held=word), tmp_path)
        changed = [(one, other) for one, other in zip(said(usual), said(held), strict=True) if one != other]
        assert len(set(changed)) == 1, "the same cue, left and right"
        assert changed[0][1] == changed[0][0].replace("slowly", word)
        assert [clip.start for clip in held.track("voice").clips] == [c.start for c in usual.track("voice").clips]
        moved = timeline(routine(600, said=word), tmp_path)
        assert moved.track("voice").clips[-1].start != usual.track("voice").clips[-1].start


@pytest.mark.slow
@pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("ffmpeg") is None,
    reason="the reader's script needs Linux's espeak by pyttsx3, and ffmpeg",
)
def test_quick_run_prints_every_row_and_draws(tmp_path: Path) -> None:
    from bench_script import COLD, HELD, SAID, SCRIPT, WARM

    picture = tmp_path / "bench.svg"
    done = subprocess.run(
        [sys.executable, SCRIPTS / "bench.py", "--quick", "--picture", picture],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    for what in (SCRIPT, COLD, HELD, SAID, WARM):
        rows = [
            line for line in lines if line.startswith(what) and re.search(r"\d+\.\d\d s +\d+\.\d\d s +[\d,]+ MB", line)
        ]
        assert len(rows) == 1, what
        assert all(("×" in row) is (what != SCRIPT) for row in rows)
    assert sum("goal 150 MB" in line for line in lines) == 1
    assert sum("goal 200 MB" in line for line in lines) == 1
    assert len([line for line in lines if re.match(r" +\d+:\d\d +\d+ +\d+% ", line)]) == 1, "growth"
    for stage in ("start and end", "speak", "mix", "encode", "together"):
        assert sum(line.startswith(stage) for line in lines) == 1, stage
    assert sum(line.startswith("place: ") for line in lines) == 2
    for engine in ("fake", "recorded", "espeak", "system"):
        assert sum(re.match(rf"{engine} +\d+ +\d+ +\d\.\d\d×", line) is not None for line in lines) == 1, engine
    drawn = picture.read_text(encoding="utf-8")
    for shown in ("Times as fast", "Time to build", "Most memory", "Where the time goes", WARM):
        assert shown in drawn


def test_no_such_part() -> None:
    done = subprocess.run(
        [sys.executable, SCRIPTS / "bench.py", "nonsense"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "script" in done.stderr
