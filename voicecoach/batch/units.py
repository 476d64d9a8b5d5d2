"""Units of work for a fleet: jobs that share speech go together, and the last units are small.

A worker that is given one job after another would ask for each; one that is given an hour's work keeps all others
waiting at the end. So a unit is as many jobs as take some seconds. How many those are is learnt from what units took.
Towards the end, what is left is cut so that each place on the fleet has a share of it (guided self-scheduling, C. D.
Polychronopoulos and D. J. Kuck, IEEE Transactions on Computers C-36, 1987).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from voicecoach.batch.job import Job

UNIT_S = 12.0
"""How long a unit should keep one place busy."""
FIRST_JOBS = 2
"""A unit's size while nobody knows how long a job takes."""
MOST_JOBS = 200
_GROWTH = 4
"""A unit is at most so many times as large as the one that was learnt from: the first sessions say little."""
_WEIGHT = 0.3
"""How much the newest unit counts in what was learnt."""
_PER_PLACE = 2
"""What is left is cut into so many units for each place, at least."""


@dataclass(frozen=True)
class Unit:
    """Jobs that are sent together.

    Attributes
    ----------
    number
        From 1, as they were cut; no two of a batch have the same.
    jobs
        In the batch's order.
    alone
        It is tried without any other, to see whose fault it is that a worker dies.
    """

    number: int
    jobs: tuple[Job, ...]
    alone: bool = False


class Cutter:
    """Cuts jobs into units, when asked for one.

    Parameters
    ----------
    jobs
        Those that share speech stand together. No more are taken than the next units need.
    """

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._jobs: Iterator[Job] = iter(jobs)
        self._ahead: deque[Job] = deque()
        self._ended = False
        self._job_s: float | None = None
        self._largest = FIRST_JOBS
        self._cut = 0

    @property
    def size(self) -> int:
        """How many jobs a unit has where there are plenty."""
        if self._job_s is None:
            return FIRST_JOBS
        wanted = round(UNIT_S / max(self._job_s, UNIT_S / MOST_JOBS))
        return max(1, min(wanted, self._largest * _GROWTH, MOST_JOBS))

    def learn(self, jobs: int, spent_s: float) -> None:
        """Note how many seconds a unit of so many jobs kept its place busy."""
        job_s = spent_s / max(1, jobs)
        self._job_s = job_s if self._job_s is None else (1 - _WEIGHT) * self._job_s + _WEIGHT * job_s
        self._largest = max(self._largest, jobs)

    def next(self, places: int) -> Unit | None:
        """Cut a unit; None where no job is left.

        Parameters
        ----------
        places
            How many units are built at a time.
        """
        size = self.size
        self._look_ahead(size * max(1, places) * _PER_PLACE)
        if not self._ahead:
            return None
        if self._ended:
            size = min(size, -(-len(self._ahead) // (max(1, places) * _PER_PLACE)))
        jobs = [self._ahead.popleft()]
        while self._ahead and len(jobs) < size:
            if len(jobs) * 2 >= size and _shared(self._ahead[0]) != _shared(jobs[-1]):
                break  # what comes next shares less with these
            jobs.append(self._ahead.popleft())
        return self.unit(jobs)

    def unit(self, jobs: Iterable[Job], *, alone: bool = False) -> Unit:
        """Make a unit of jobs that were cut before."""
        self._cut += 1
        return Unit(self._cut, tuple(jobs), alone)

    def stop(self) -> None:
        """Take no more jobs, and give none that were not sent."""
        self._ended = True
        self._ahead.clear()

    def _look_ahead(self, jobs: int) -> None:
        while not self._ended and len(self._ahead) < jobs:
            job = next(self._jobs, None)
            if job is None:
                self._ended = True
            elif not self._ended:  # asking for a job may have stopped us
                self._ahead.append(job)


def _shared(job: Job) -> tuple[object, ...]:
    """What jobs have in common whose speech is for the most part the same."""
    profile = job.profile
    return job.source.name, job.source.text, profile.voice, profile.talk, profile.length_s
