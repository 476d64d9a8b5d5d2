"""The key of a session: a hash of all that shapes its bytes, the same on every machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Self

from voicecoach.batch.job import Job, Making


class Keys:
    """Gives jobs their keys; a context manager, since it asks the voices what they are.

    Parameters
    ----------
    making
        What all sessions have in common.
    """

    def __init__(self, making: Making) -> None:
        self.making = making

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        pass

    def of(self, job: Job) -> str:
        """Give a job's key; "" where it cannot be known (a routine with faults, a voice that is not there)."""
        from voicecoach.cache import key_of

        return key_of(job.name, job.source.text, repr(job.profile), repr(job.heading), repr(self.making.options))

    def keyed(self, jobs: Iterable[Job]) -> Iterator[Job]:
        """Give the same jobs with their keys, as they are asked for."""
        for job in jobs:
            yield replace(job, key=self.of(job))
