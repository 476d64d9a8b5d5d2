"""The runner of a fleet: it sends units to a scheduler's workers, a few at a time, and hears what comes of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

from voicecoach import errors
from voicecoach.batch.fleet.connection import Connection
from voicecoach.batch.fleet.orders import Done, Parcel, Routine, Trouble
from voicecoach.batch.fleet.sending import Sending, assert_shared, shared_address
from voicecoach.batch.job import Job, Making, Result
from voicecoach.batch.units import Cutter, Unit
from voicecoach.batch.worker import assert_one_file, failed
from voicecoach.cache import Place
from voicecoach.errors import VoicecoachError

AHEAD = 2
"""Units that each thread of the fleet has at a time: the one in work, and the next, so that it never waits for us."""


def unheard(_words: str) -> None:
    """Tell nobody."""


class FleetRunner:
    """Builds jobs on a fleet; a `batch.job.Runner`.

    Sessions are put into ``making.output`` by the workers; each keeps clips and regions in the cache of its machine,
    and shares them by ``making.store``. A worker that dies loses nothing: its units are given to others. A session at
    which workers die again and again has failed.

    Parameters
    ----------
    making
        What all sessions have in common. A plain path is good as output and store only where the scheduler is on this
        machine; ``file:///…`` says that all machines have the folder.
    address
        The scheduler's: ``tcp://host:8786``.
    tell
        Told what whoever waits should know: that there is no worker yet.

    Raises
    ------
    UsageError
        The address is none, or the output or the store is no place that all machines have.
    """

    def __init__(self, making: Making, address: str, tell: Callable[[str], None] = unheard) -> None:
        assert_one_file(making)
        self._connection = Connection(address, tell)
        here = self._connection.is_here
        store = shared_address(making.store, "store", here=here) if making.store else ""
        self.making = replace(making, output=shared_address(making.output, "output", here=here), store=store)
        self._sending = Sending(self.making)
        self._open = ExitStack()
        self._stopped = False
        self._is_shared = False

    def __enter__(self) -> Self:
        """Connect.

        Raises
        ------
        UsageError
            Workers have other versions than this machine.
        VoicecoachError
            There is no scheduler, or no worker comes.
        """
        with ExitStack() as opened:
            opened.enter_context(self._connection)
            self._connection.take_on(self._sending.order())
            self._open = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def width(self) -> int:
        """How many sessions are built at a time."""
        return self._connection.width

    def stop(self) -> None:
        """Send nothing more; what was sent is heard to its end."""
        self._stopped = True

    def run(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """Build jobs; give results as they come.

        Raises
        ------
        VoicecoachError
            The scheduler is gone, no worker is left, or workers cannot build at all.
        """
        self._stopped = False
        round_ = _Round(Cutter(jobs))
        try:
            while True:
                yield from self._send(round_)
                if not round_.sent:
                    return
                future = self._connection.next_done()
                unit = round_.sent.pop(future.key, None)
                if unit is not None:
                    yield from self._hear(future, unit[0], round_)
        finally:
            self._connection.cancel([future for _, future in round_.sent.values()])

    def _send(self, round_: _Round) -> Iterator[Result]:
        """Send what there is room for; give the results of jobs that cannot be sent."""
        if self._stopped:
            round_.cutter.stop()
            round_.suspects.clear()
        while round_.suspects:
            if round_.sent:
                return  # one at a time, with nothing beside it that may be guilty
            yield from self._put(round_.suspects.popleft(), round_)
        while len(round_.sent) < AHEAD * self.width:
            unit = round_.cutter.next(self.width)
            if unit is None:
                return
            yield from self._put(unit, round_)

    def _put(self, unit: Unit, round_: _Round) -> Iterator[Result]:
        sent: list[tuple[Job, str]] = []
        routines: dict[str, Routine] = {}
        for job in unit.jobs:
            try:
                bare, routine = self._sending.ready(job)
            except VoicecoachError as fault:
                yield failed(job, str(fault))
            else:
                sent.append((bare, routine.digest))
                routines[routine.digest] = routine
        if sent:
            parcel = Parcel(tuple(sent), routines)
            future = self._connection.send(parcel, unit.number)
            round_.sent[future.key] = (unit, future)

    def _hear(self, future: Any, unit: Unit, round_: _Round) -> Iterator[Result]:
        """Give the results of a unit; one at which workers died is tried job by job."""
        told = self._connection.outcome(future)
        if isinstance(told, Trouble):
            kind = getattr(errors, told.kind, VoicecoachError)
            raise kind(told.message, hint=told.hint)
        if isinstance(told, Done):
            round_.cutter.learn(len(told.results), told.spent_s)
            for result in told.results:
                self._assert_shared(result)
                yield result
        elif unit.alone:
            reason = f"workers died, {told} times in a row, while they built it: it may need more memory than they have"
            yield from (failed(job, reason) for job in unit.jobs)
        else:
            round_.suspects.extend(round_.cutter.unit([job], alone=True) for job in unit.jobs)

    def _assert_shared(self, result: Result) -> None:
        if not self._is_shared and result.file:
            assert_shared(Place(self.making.output), result)
            self._is_shared = True


@dataclass
class _Round:
    """One call of ``run``: what is cut, what is out, and what must be tried alone."""

    cutter: Cutter
    sent: dict[str, tuple[Unit, Any]] = field(default_factory=dict)
    suspects: deque[Unit] = field(default_factory=deque)
