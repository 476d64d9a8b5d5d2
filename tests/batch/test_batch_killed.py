"""A batch that is killed or interrupted at any moment leaves whole sessions, and the next one goes on from there.

``VOICECOACH_KILLS`` says how many moments are tried; 50 take three minutes.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.batch.sessions import Batch, kept_compiled
from voicecoach.stages.verify import verify

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL"),
]

MOMENTS = int(os.environ.get("VOICECOACH_KILLS", "6"))
PEOPLE = 12
DIGEST_BYTES = 32


class Running:
    """A batch in a process group of its own."""

    def __init__(self, batch: Batch, *, resume: bool = True) -> None:
        asked = {"folder": str(batch.folder), "people": batch.people, "workers": batch.workers, "resume": resume}
        command = [sys.executable, "-m", "tests.batch.sessions", json.dumps(asked)]
        home = Path(__file__).parents[2]
        self.process = subprocess.Popen(
            command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def lines(self) -> Iterator[dict[str, object]]:
        assert self.process.stdout is not None
        return map(json.loads, self.process.stdout)

    def workers(self) -> list[psutil.Process]:
        """Processes of the pool that there are now."""
        try:
            children = psutil.Process(self.process.pid).children()
            return [child for child in children if "spawn_main" in " ".join(child.cmdline())]
        except psutil.NoSuchProcess:
            return []

    def finish(self) -> list[dict[str, object]]:
        out, err = self.process.communicate(timeout=120)
        assert self.process.returncode == 0, err
        return [json.loads(line) for line in out.splitlines()]

    def wait_for_all_to_end(self) -> None:
        """No process of the group outlives the batch."""
        self.process.communicate(timeout=60)
        until_s = time.monotonic() + 30
        while _group_runs(self.process.pid):
            assert time.monotonic() < until_s, "a process was left behind"
            time.sleep(0.05)


def _group_runs(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def assert_sound(cache: Path) -> None:
    """Every entry of the cache is what its digest says."""
    entries = list(cache.rglob("*.clip"))
    assert entries
    for entry in entries:
        data = entry.read_bytes()
        assert hashlib.sha256(data[DIGEST_BYTES:]).digest() == data[:DIGEST_BYTES], entry


@pytest.fixture(scope="module", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with kept_compiled(tmp_path_factory.getbasetemp() / "compiled"):
        yield


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """An undisturbed batch."""
    batch = Batch(tmp_path_factory.mktemp("wanted"), PEOPLE)
    Running(batch).finish()
    return batch


def test_killed_at_any_moment(wanted: Batch, tmp_path: Path) -> None:
    batch, whole, dice = wanted.of(folder=tmp_path), wanted.files(), random.Random(8)
    begun_s = time.monotonic()
    Running(batch).finish()
    took_s = time.monotonic() - begun_s
    for moment in range(MOMENTS):
        spoil(batch, dice, moment)
        running = Running(batch)
        time.sleep(took_s * (moment + dice.random()) / MOMENTS)
        whom = moment % 4
        if whom == 3 and (workers := running.workers()):
            dice.choice(workers).kill()  # the batch goes on without it
            assert running.finish()[-1]["failed"] == 0
        elif whom == 2:
            os.killpg(running.process.pid, signal.SIGKILL)
        else:
            running.process.kill()
        running.wait_for_all_to_end()
        assert_no_half_sessions(batch, whole)
    finished = Running(batch).finish()[-1]
    assert (finished["failed"], sum(map(int, finished.values()))) == (0, PEOPLE)  # type: ignore[call-overload]
    assert batch.files() == whole, "every session, and no part of any"
    assert all(verify(batch.output / name).first is None for name in list(whole)[:: PEOPLE // 4])
    assert_sound(batch.cache)


def spoil(batch: Batch, dice: random.Random, moment: int) -> None:
    """Leave something to do: sessions that are missing, cut off or edited; now and then with nothing in the cache."""
    there = sorted(batch.output.rglob("*.mp3"))
    for path in dice.sample(there, len(there) * 2 // 3):
        path.unlink()
    left = sorted(batch.output.rglob("*.mp3"))
    if len(left) > 1:
        left[0].write_bytes(left[0].read_bytes()[: dice.randrange(5000)])
        edited = bytearray(left[1].read_bytes())
        edited[dice.randrange(len(edited))] ^= 255
        left[1].write_bytes(edited)
    if moment % 4 == 1:
        for entry in batch.cache.rglob("*.clip"):
            entry.unlink()


def assert_no_half_sessions(batch: Batch, whole: dict[str, bytes]) -> None:
    """What is not the session that it should be is what was spoilt before, not what was killed."""
    named = {line["session"]: line for line in ledger_lines(batch)}
    for name, data in batch.files().items():
        if not name.endswith(".mp3"):
            assert name.rpartition("/")[2].startswith("."), "a part, which the next batch takes away"
        elif data != whole[name]:
            assert hashlib.sha256(data).hexdigest() != named[name.removesuffix(".mp3")]["sha256"]


def ledger_lines(batch: Batch) -> Iterator[dict[str, str]]:
    for line in (batch.output / ".voicecoach" / "batch.jsonl").read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def test_interrupted_once(wanted: Batch, tmp_path: Path) -> None:
    batch = wanted.of(folder=tmp_path)
    running = Running(batch)
    lines = running.lines()
    next(lines)
    os.killpg(running.process.pid, signal.SIGINT)  # as a terminal does: to all processes of the group
    told = [{"done": 1}, *lines]
    running.wait_for_all_to_end()
    assert running.process.returncode == 130
    assert told[-1] == {"interrupted": len(told) - 1}
    assert 1 < len(told) - 1 < PEOPLE, "what was begun was finished, and no more begun"
    files, whole = batch.files(), wanted.files()
    assert len(files) == len(told) - 1
    assert all(whole[name] == data for name, data in files.items())
    finished = Running(batch).finish()[-1]
    assert finished == {"built": PEOPLE - len(files), "kept": len(files), "failed": 0}
    assert batch.files() == whole


def test_interrupted_twice(wanted: Batch, tmp_path: Path) -> None:
    batch = wanted.of(folder=tmp_path)
    running = Running(batch)
    lines = running.lines()
    next(lines)
    for worker in running.workers():
        worker.suspend()  # what is in work does not come to an end by itself
    running.process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    running.process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    for worker in running.workers():
        worker.resume()
    running.wait_for_all_to_end()
    assert running.process.returncode == 130
    whole = wanted.files()
    assert all(whole[name] == data for name, data in batch.files().items()), "no part is left, and nothing half"
    assert Running(batch).finish()[-1]["failed"] == 0
    assert batch.files() == whole
