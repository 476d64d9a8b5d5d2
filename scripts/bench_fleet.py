"""How fast a fleet builds: the same personalised sessions by one worker and by two, each as if on its own machine.

    .venv/bin/python scripts/bench_fleet.py [--sessions 100] [--workers 1,2] [--voice espeak] [--routine knee-relief]

All are real processes of this machine under a Dask scheduler on loopback. Speech that all sessions share is made before
the clock starts, by a session of nobody's; what each of them says of its own is made while it runs. Needs the extra
``dask``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from voicecoach.batch.fleet import FleetRunner
from voicecoach.batch.job import Job, Making, Result
from voicecoach.config import CACHE_LIMIT_BYTES, Options
from voicecoach.library import Library
from voicecoach.model.profile import Profile

GREETING = "  - say: Hello {name}. Good to see you.\n"
_START_S = 60.0


def main() -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--voice", default="espeak")
    parser.add_argument("--routine", default="knee-relief")
    asked = parser.parse_args()
    print("workers  sessions  seconds  sessions/s  CPU s/session  times")
    first = 0.0
    for workers in map(int, asked.workers.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            spent_s, cpu_s = _measured(Path(folder), workers, asked)
        rate = asked.sessions / spent_s
        first = first or rate
        figures = f"{spent_s:>7.1f}  {rate:>10.2f}  {cpu_s / asked.sessions:>13.2f}  {rate / first:>5.2f}"
        print(f"{workers:>7}  {asked.sessions:>8}  {figures}", flush=True)
    return 0


def _measured(folder: Path, workers: int, asked: argparse.Namespace) -> tuple[float, float]:
    making = Making(
        Options(voice=asked.voice),
        str(folder / "sessions"),
        folder / "cache",
        CACHE_LIMIT_BYTES,
        store=str(folder / "store"),
    )
    with _fleet(folder, workers) as address, FleetRunner(making, address) as runner:
        while runner.width < workers:
            time.sleep(0.5)
        list(runner.run(_jobs(asked.routine, workers * 4, "warm")))
        begun_s = time.perf_counter()
        results = list(runner.run(_jobs(asked.routine, asked.sessions, "session")))
        spent_s = time.perf_counter() - begun_s
    _assert_built(results, asked.sessions)
    return spent_s, sum(result.cpu_s for result in results)


def _jobs(routine: str, count: int, what: str) -> list[Job]:
    source = Library().routine_source(routine)
    text = source.text.replace("\nsteps:\n", f"\nwith: {{name: you}}\nsteps:\n{GREETING}")
    source = replace(source, text=text)
    people = (Profile(variables=(("name", f"{what} {number}"),)) for number in range(count))
    return [Job(f"{what}/{number}", routine, source, person) for number, person in enumerate(people)]


def _assert_built(results: list[Result], count: int) -> None:
    failed = [result.reasons for result in results if not result.file]
    if failed or len(results) != count:
        raise SystemExit(f"{len(failed)} of {len(results)} failed: {failed[:1]}")


@contextmanager
def _fleet(folder: Path, workers: int) -> Iterator[str]:
    """Run a scheduler and workers, each with a cache of its own."""
    told = folder / "scheduler.json"
    scheduler = [
        "dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--scheduler-file",
        str(told),
        "--no-dashboard",
    ]
    processes = [_start(folder, "scheduler", scheduler)]
    try:
        until_s = time.monotonic() + _START_S
        while not told.is_file():
            if time.monotonic() > until_s:
                raise SystemExit("the scheduler did not start")
            time.sleep(0.1)
        for number in range(workers):
            name = f"worker-{number}"
            place = ["--local-directory", str(folder / name), "--nthreads", "1", "--no-dashboard"]
            processes.append(_start(folder, name, ["dask_worker", "--scheduler-file", str(told), *place]))
        yield _address(told)
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()


def _address(told: Path) -> str:
    import json

    return str(json.loads(told.read_text(encoding="utf-8"))["address"])


def _start(folder: Path, name: str, command: list[str]) -> subprocess.Popen[bytes]:
    variables = {
        **os.environ,
        "VOICECOACH_CACHE": str(folder / "caches" / name),
        "VOICECOACH_DATA": str(folder / "data"),
    }
    module, *options = command
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *options], stdout=log, stderr=log, env=variables
        )


if __name__ == "__main__":
    sys.exit(main())
