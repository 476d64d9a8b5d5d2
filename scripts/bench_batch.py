#!/usr/bin/env python3
"""Part ``batch``: many personalised sessions by one command, against a command for each.

Alone: ``python scripts/bench_batch.py --sessions 1000``. A session is the built-in routine that greets one person by
their name: all else is shared. A thousand of them are 9 GB on the disk while it runs.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench_ours import VOICE, Settings
from bench_process import MEGABYTE_BYTES, ROOT, memory_bytes, run

from voicecoach.library import Library

SESSIONS, QUICK_SESSIONS = 200, 6
ALONE, QUICK_ALONE = 10, 2
EVERY_S = 0.25
_SYLLABLES = ("ka", "ri", "lo", "men", "su", "ta", "vi", "no", "bel", "dor")
_DONE = re.compile(r"(\d[\d,]*) built")


@dataclass
class Watched:
    """What the processes of a batch held while it ran."""

    parent_bytes: list[int] = field(default_factory=list)
    worker_bytes: list[int] = field(default_factory=list)

    def look(self, number: int) -> None:
        """Look at the batch, and at the largest of its workers."""
        self.parent_bytes.append(memory_bytes(number)[0])
        held = [memory_bytes(child)[0] for child in _workers(number)]
        self.worker_bytes.append(max(held, default=0))

    def told(self) -> str:
        """Say what was held at some moments."""
        moments = [round(share * (len(self.parent_bytes) - 1)) for share in (0.25, 0.5, 0.75, 0.95)]
        pairs = [(self.parent_bytes[at], self.worker_bytes[at]) for at in moments]
        return ", ".join(f"{a / MEGABYTE_BYTES:.0f} + {b / MEGABYTE_BYTES:.0f}" for a, b in pairs)


def bench_batch(settings: Settings, sessions: int | None = None, workers: int | None = None) -> None:
    """Measure a batch for the first time, and single builds with all shared speech at hand."""
    count = sessions or (QUICK_SESSIONS if settings.quick else SESSIONS)
    cores = workers or os.cpu_count() or 1
    folder = settings.folder / "batch"
    folder.mkdir()
    _write(folder, count)
    print(f"batch: {count} sessions of the built-in 'morning', each with a person's name; {cores} processes")
    wall_s, busy_s, watched, said = _batch(folder, cores)
    print(f"  {said}")
    print(
        f"  {wall_s:.1f} s: {count / wall_s:.2f} sessions a second; {busy_s / count:.2f} s of processor a session;"
        f" the cores were busy for {busy_s / wall_s / min(cores, os.cpu_count() or 1):.0%}"
    )
    print(f"  memory at 25, 50, 75 and 95 % of the time, MB (batch + largest worker): {watched.told()}")
    alone = QUICK_ALONE if settings.quick else ALONE
    single_s = statistics.median(_single(folder, at) for at in range(alone))
    print(
        f"  one 'voicecoach build' of such a session, all shared speech at hand: {single_s:.2f} s (of {alone}, median)"
    )
    print(f"  {count} of them: {single_s * count:.0f} s, {single_s * count / wall_s:.1f} times as long\n", flush=True)


def _write(folder: Path, count: int) -> None:
    """Write a routine that greets, so many people, and the jobs."""
    before, steps, after = Library().routine_source("morning").text.partition("\nsteps:\n")
    greeting = "  - say: Good morning, {name}.\n"
    (folder / "morning.yaml").write_text(f"with: {{name: you}}\n{before}{steps}{greeting}{after}", encoding="utf-8")
    names = ("".join(parts).capitalize() for parts in itertools.product(_SYLLABLES, repeat=4))
    people = "".join(f"{name}\n" for name in itertools.islice(names, count))
    (folder / "people.csv").write_text(f"name\n{people}", encoding="utf-8")
    jobs = f"routines: morning.yaml\nvoices: {VOICE}\npeople: people.csv\n"
    (folder / "jobs.yaml").write_text(jobs, encoding="utf-8")


def _batch(folder: Path, cores: int) -> tuple[float, float, Watched, str]:
    command = [sys.executable, "-m", "voicecoach", "batch", "jobs.yaml", "-o", "sessions", "-j", str(cores)]
    environment = {**os.environ, **_variables(folder), "PYTHONPATH": str(ROOT)}
    out = folder / "out.txt"
    watched, before, begun_s = Watched(), os.times(), time.perf_counter()
    with out.open("wb") as to_out:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=to_out, stderr=subprocess.STDOUT)
        ended = threading.Event()
        watching = threading.Thread(target=_watch, args=(process.pid, watched, ended))
        watching.start()
        try:
            code = process.wait()
        finally:
            ended.set()
            watching.join()
            process.kill()
    wall_s, after = time.perf_counter() - begun_s, os.times()
    told = out.read_text(encoding="utf-8", errors="replace")
    if code:
        sys.exit(f"{' '.join(command)}\nended with {code}:\n{told}")
    busy_s = after.children_user + after.children_system - before.children_user - before.children_system
    said = next((line for line in reversed(told.splitlines()) if _DONE.search(line)), told[-200:])
    return wall_s, busy_s, watched, said.strip()


def _watch(number: int, watched: Watched, ended: threading.Event) -> None:
    while not ended.wait(EVERY_S):
        watched.look(number)


def _workers(number: int) -> list[int]:
    try:
        found = Path(f"/proc/{number}/task").glob("*/children")
        return [int(child) for children in found for child in children.read_text().split()]
    except OSError:
        return []


def _single(folder: Path, at: int) -> float:
    """Build one more session, of somebody whom the batch does not know, in a process of its own."""
    name = f"Single {chr(ord('a') + at)}"
    command = [sys.executable, "-m", "voicecoach", "build", "morning.yaml", "--voice", VOICE, "--with", f"name={name}"]
    return run([*command, "-o", folder / "single.mp3"], folder, _variables(folder)).wall_s


def _variables(folder: Path) -> dict[str, str]:
    return {"VOICECOACH_CACHE": str(folder / "cache"), "VOICECOACH_DATA": str(folder / "data")}


def main() -> int:
    """Run this part alone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=SESSIONS, help=f"how many [{SESSIONS}]")
    parser.add_argument("--workers", type=int, default=None, help="processes [one a core]")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="voicecoach-bench-") as folder:
        bench_batch(Settings(Path(folder)), asked.sessions, asked.workers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
