"""Building with the cores of this machine: a pool of processes, each with a workshop of its own.

A process may die (the system takes the one that needs most memory): what it was given is tried again in a new one, and
a job that ends two of them has failed. The pool is ours since that of `concurrent.futures` ends as a whole when one
process does.
"""

from __future__ import annotations

import os
import signal
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from voicecoach.batch.job import Job, Making, Result
from voicecoach.batch.worker import assert_one_file, failed
from voicecoach.config import default_jobs
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

AHEAD = 2
"""Jobs that a process has at a time: the one in work, and the next, so that it never waits for us."""
ENDS = 2
"""So many processes may end at one job before it has failed."""
STARTS = 3
"""So many processes in a row may end before they are ready; then something is wrong with all."""
END_S = 5.0
"""How long a process has for its end."""


@dataclass
class _Hand:
    """A process, and the jobs that it has: the first one is in work."""

    process: SpawnProcess
    pipe: Connection
    jobs: deque[Job] = field(default_factory=deque)
    is_ready: bool = False

    def give(self, job: Job) -> None:
        self.jobs.append(job)
        with suppress(OSError):  # it is dead: that is heard of when it is listened to
            self.pipe.send(job)


class LocalRunner:
    """Builds jobs in processes of this machine; a `batch.job.Runner`.

    Processes are started when there is something to build, so a batch of which all is up to date costs none.

    Parameters
    ----------
    making
        What all sessions have in common.
    workers
        How many processes; None: one a core.

    Raises
    ------
    UsageError
        Of each session more than one file is wanted.
    """

    def __init__(self, making: Making, workers: int | None = None) -> None:
        assert_one_file(making)
        self.making = making
        self._width = workers or default_jobs()
        self._hands: list[_Hand] = []
        self._again: deque[Job] = deque()
        self._ended: Counter[str] = Counter()
        self._unready = 0

    @property
    def width(self) -> int:
        """How many sessions are built at a time."""
        return self._width

    @property
    def pids(self) -> tuple[int, ...]:
        """The numbers of its processes."""
        return tuple(hand.process.pid for hand in self._hands if hand.process.pid is not None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the processes; those in which something is still in work at once."""
        for hand in self._hands:
            if hand.jobs:
                hand.process.terminate()
            else:
                with suppress(OSError):
                    hand.pipe.send(None)
        for hand in self._hands:
            hand.process.join(END_S)
            if hand.process.is_alive():
                hand.process.kill()
                hand.process.join()
            hand.pipe.close()
        self._hands.clear()

    def stop(self) -> None:
        """Nothing is to be done: no more is taken ahead than one job a process."""

    def run(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """Build jobs; give results as they come.

        Raises
        ------
        VoicecoachError
            No process can be started.
        """
        from multiprocessing.connection import wait

        coming = iter(jobs)
        while True:
            self._give_out(coming)
            if not any(hand.jobs for hand in self._hands):
                return
            by_pipe = {hand.pipe: hand for hand in self._hands}
            for pipe in wait(list(by_pipe)):
                yield from self._hear(by_pipe[pipe])  # type: ignore[index]

    def _give_out(self, coming: Iterator[Job]) -> None:
        """Give jobs to whoever has fewest; start a process rather than let a job wait behind another."""
        while True:
            hand = min(self._hands, key=lambda hand: len(hand.jobs), default=None)
            has_room = len(self._hands) < self._width
            if not has_room and hand is not None and len(hand.jobs) >= AHEAD:
                return
            job = self._again.popleft() if self._again else next(coming, None)
            if job is None:
                return
            if hand is None or (hand.jobs and has_room):
                hand = self._start()
            hand.give(job)

    def _hear(self, hand: _Hand) -> Iterator[Result]:
        from voicecoach.batch.process import Ready, Unfit

        try:
            told = hand.pipe.recv()
        except (EOFError, OSError):
            yield from self._bury(hand)
            return
        if isinstance(told, Unfit):
            raise told.error
        if isinstance(told, Ready):
            hand.is_ready, self._unready = True, 0
        else:
            hand.jobs.popleft()
            yield told

    def _bury(self, hand: _Hand) -> Iterator[Result]:
        """Do without a process that has died; its jobs are tried again, the one in work is counted."""
        hand.process.join(END_S)
        how = _how_it_ended(hand.process.exitcode)
        hand.pipe.close()
        self._hands.remove(hand)
        if not hand.is_ready:
            self._unready += 1
            if self._unready >= STARTS:
                raise VoicecoachError(f"no process can be started that builds sessions ({how})")
        elif hand.jobs:
            guilty = hand.jobs[0]
            self._ended[guilty.session] += 1
            if self._ended[guilty.session] >= ENDS:
                hand.jobs.popleft()
                yield failed(guilty, f"the process that built it ended ({how}), and so did the next one that tried")
        self._again.extend(hand.jobs)

    def _start(self) -> _Hand:
        from multiprocessing import get_context

        from voicecoach.batch.process import work

        spawning = get_context("spawn")  # on all systems alike: a fork would copy threads' locks
        ours, theirs = spawning.Pipe()
        folder = os.curdir
        with suppress(OSError):
            folder = str(Path.cwd())
        process = spawning.Process(target=work, args=(theirs, self.making, folder), name="voicecoach-batch")
        with _unheard_interrupts():
            process.start()
        theirs.close()  # else its end would not be heard
        hand = _Hand(process, ours)
        self._hands.append(hand)
        return hand


@contextmanager
def _unheard_interrupts() -> Iterator[None]:
    """Let what is started meanwhile never hear of Ctrl-C, from its first moment; we hear of it after."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows: a process ignores it once it runs
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        with suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"
