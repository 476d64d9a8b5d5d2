"""Building with the cores of this machine: a pool of processes, each with a workshop of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from voicecoach.batch.job import Job, Making, Result
from voicecoach.batch.worker import Worker, assert_one_file
from voicecoach.config import default_jobs


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

    @property
    def width(self) -> int:
        """How many sessions are built at a time."""
        return self._width

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        pass

    def run(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """Build jobs; give results as they come."""
        with Worker(self.making) as worker:
            for job in jobs:
                yield worker.build(job)
