"""A fleet of real processes on this machine: a scheduler, and workers under nannies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE_S = 60.0
_QUIET = ("--no-dashboard",)


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is so; fail where it takes far too long."""
    until_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until_s, f"{what} did not happen"
        time.sleep(0.05)


class Fleet:
    """A scheduler and its workers; their words are in ``*.log`` of the folder."""

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        self.folder = folder
        self.variables = {**os.environ, **variables}
        self.processes: list[subprocess.Popen[bytes]] = []
        self.address = ""
        folder.mkdir(parents=True)

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        """Start a scheduler on a free port."""
        told = self.folder / "scheduler.json"
        told.unlink(missing_ok=True)
        options = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told), *_QUIET)
        process = self._start("scheduler", "distributed.cli.dask_scheduler", options)
        wait_until(lambda: told.is_file() and told.stat().st_size > 0, "the scheduler's start")
        self.address = json.loads(told.read_text(encoding="utf-8"))["address"]
        self.scheduler = process
        return process

    def start_worker(self, name: str, *options: str, threads: int = 1) -> subprocess.Popen[bytes]:
        """Start a worker under a nanny, which starts it again when it dies."""
        place = ("--local-directory", str(self.folder / name), "--nthreads", str(threads), "--name", name)
        return self._start(name, "distributed.cli.dask_worker", (self.address, *place, *_QUIET, *options))

    def cache_of(self, name: str) -> Path:
        """Each worker has a cache of its own, as if it were on a machine of its own."""
        return self.folder / "caches" / name

    def pids(self) -> dict[str, int]:
        """Give the process of each worker by its name, as the scheduler knows them."""
        from distributed import Client

        with suppress(OSError), Client(self.address, set_as_default=False) as client:
            workers = client.scheduler_info(n_workers=-1)["workers"]
            pids = client.run(os.getpid, on_error="ignore")
            return {str(worker["name"]): pids[address] for address, worker in workers.items() if address in pids}
        return {}  # one of them died just now

    def log(self, name: str) -> str:
        """Return what a process said."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """End all processes, the workers before their scheduler."""
        for process in reversed(self.processes):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in reversed(self.processes):
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _start(self, name: str, module: str, options: Sequence[str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *options],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**self.variables, "VOICECOACH_CACHE": str(self.cache_of(name))},
                cwd=self.folder,
                start_new_session=True,
            )
        self.processes.append(process)
        return process


@contextmanager
def fleet_of(folder: Path, workers: int = 2, *options: str, **variables: str) -> Iterator[Fleet]:
    """Run a fleet on this machine."""
    fleet = Fleet(folder, variables)
    try:
        fleet.start_scheduler()
        for number in range(1, workers + 1):
            fleet.start_worker(f"worker-{number}", *options)
        yield fleet
    finally:
        fleet.stop()
