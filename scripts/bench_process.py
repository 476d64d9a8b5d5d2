"""Fresh processes, measured: wall time, and the memory of a process with all its children."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EVERY_S = 0.01
MEGABYTE_BYTES = 1_000_000
_KIBIBYTE_BYTES = 1024


@dataclass(frozen=True)
class Run:
    """What one process took.

    Attributes
    ----------
    wall_s
        From its start to its end.
    processor_s
        What it and its children kept the processors busy: it depends less on what else the machine does.
    peak_bytes
        The most memory that it and its children held at one moment (resident set sizes added up; what two of them
        share counts twice). Looked at every `EVERY_S`; what each held at most in between is counted. Where the system
        has no ``/proc``: the most that any one of them held.
    largest_bytes
        The most memory that any one of them ever held.
    out, err
        What it printed.
    """

    wall_s: float
    processor_s: float
    peak_bytes: int
    largest_bytes: int
    out: str
    err: str

    @property
    def peak_mb(self) -> float:
        """The same in megabytes (1,000,000 bytes)."""
        return self.peak_bytes / MEGABYTE_BYTES

    @property
    def largest_mb(self) -> float:
        """The most of any one of them, likewise."""
        return self.largest_bytes / MEGABYTE_BYTES


def run(command: Sequence[str | Path], folder: Path, variables: Mapping[str, str] | None = None) -> Run:
    """Run a command with this tree's own voicecoach, and measure it; where it fails, the bench ends with its words."""
    before = os.environ.get("PYTHONPATH", "")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{before}", **(variables or {})}
    out, err = folder / "out.txt", folder / "err.txt"
    with out.open("wb") as to_out, err.open("wb") as to_err:
        busy_s, begin_s = _processor_s(), time.perf_counter()
        process = subprocess.Popen(command, stdout=to_out, stderr=to_err, env=environment, cwd=folder)
        watch = _Watch(process.pid)
        watch.start()
        try:
            code = process.wait()
            wall_s = time.perf_counter() - begin_s
        finally:
            watch.ended.set()
            process.kill()
            watch.join()
    told = [path.read_text(encoding="utf-8", errors="replace") for path in (out, err)]
    if code:
        sys.exit(f"{' '.join(map(str, command))}\nended with {code}:\n{told[0]}{told[1]}")
    largest_bytes = watch.largest_bytes or _largest_bytes()
    return Run(wall_s, _processor_s() - busy_s, watch.peak_bytes or largest_bytes, largest_bytes, *told)


class _Watch(threading.Thread):
    """Looks at a process and its children again and again."""

    def __init__(self, number: int) -> None:
        super().__init__(daemon=True)
        self.number = number
        self.ended = threading.Event()
        self.peak_bytes = 0
        self._most: dict[int, int] = {}

    @property
    def largest_bytes(self) -> int:
        """The most that any one of them ever held."""
        return max(self._most.values(), default=0)

    def run(self) -> None:
        while not self.ended.is_set():
            self.peak_bytes = max(self.peak_bytes, sum(map(self._held_bytes, _tree(self.number))))
            self.ended.wait(EVERY_S)

    def _held_bytes(self, number: int) -> int:
        """What a process held at most since it was last looked at.

        The kernel keeps the most that it ever held: where that has grown, it is what it held meanwhile.
        """
        now, most = memory_bytes(number)
        before = self._most.get(number, 0)
        self._most[number] = max(before, most)  # of one that has ended nothing is told
        return most if most > before else now


def _tree(number: int) -> Iterator[int]:
    yield number
    with contextlib.suppress(OSError):
        for children in Path(f"/proc/{number}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                for child in children.read_text().split():
                    yield from _tree(int(child))


def memory_bytes(number: int) -> tuple[int, int]:
    """What a process holds, and the most that it ever held since its program began."""
    now = most = 0
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{number}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                most = int(line.split()[1]) * _KIBIBYTE_BYTES
            elif line.startswith("VmRSS:"):
                now = int(line.split()[1]) * _KIBIBYTE_BYTES
    return now, most


def _processor_s() -> float:
    """What all children that have ended took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _largest_bytes() -> int:
    held = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return held if sys.platform == "darwin" else held * _KIBIBYTE_BYTES
