"""A batch, from its jobs to its sessions: what is there is kept, what is missing is built, and all is written down."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from voicecoach.batch.interrupt import Stopping
from voicecoach.batch.job import Job, Result, Runner, State
from voicecoach.batch.ledger import Ledger

MOST_FAILURES = 10_000
"""So many results of sessions that failed are held in memory."""
_SUMMED = ("clips", "regions", "size_bytes", "length_s", "cpu_s")


@dataclass(frozen=True)
class Progress:
    """How far a batch is.

    Attributes
    ----------
    built, kept, failed
        Sessions.
    spent_s
        Seconds of wall clock since it began.
    """

    built: int = 0
    kept: int = 0
    failed: int = 0
    spent_s: float = 0.0

    @property
    def done(self) -> int:
        """Sessions that are done with, one way or another."""
        return self.built + self.kept + self.failed

    @property
    def built_per_s(self) -> float:
        """Sessions that are built in a second, those that failed, too; 0 while nobody knows."""
        worked = self.built + self.failed
        return worked / self.spent_s if worked and self.spent_s > 0 else 0.0


@dataclass(frozen=True)
class Summary:
    """What a batch came to.

    Attributes
    ----------
    built, kept, failed
        Sessions.
    clips, regions
        How many were made.
    size_bytes, length_s
        Of all sessions that are there, those that were kept, too.
    spent_s
        Seconds of wall clock.
    cpu_s
        Seconds of processor time of the workers, without that of speech engines' own processes.
    failures
        What failed, in the order in which it was told; no more than the first `MOST_FAILURES`, all are in the ledger.
    """

    built: int = 0
    kept: int = 0
    failed: int = 0
    clips: int = 0
    regions: int = 0
    size_bytes: int = 0
    length_s: float = 0.0
    spent_s: float = 0.0
    cpu_s: float = 0.0
    failures: tuple[Result, ...] = ()

    @property
    def done(self) -> int:
        """Sessions that are done with, one way or another."""
        return self.built + self.kept + self.failed


class Interrupted(KeyboardInterrupt):
    """The batch was ended from outside (Ctrl-C); what was built is whole and written down.

    Parameters
    ----------
    summary
        What it came to so far.
    """

    def __init__(self, summary: Summary) -> None:
        super().__init__()
        self.summary = summary


def unheard(_result: Result, _progress: Progress) -> None:
    """Tell nobody."""


def run_batch(
    jobs: Iterable[Job],
    runner: Runner,
    ledger: Ledger,
    *,
    resume: bool,
    tell: Callable[[Result, Progress], None] = unheard,
) -> Summary:
    """Build the sessions of a batch.

    The runner and the ledger are open (entered), and stay so.

    Parameters
    ----------
    jobs
        Taken as fast as they are built. `keys.Keys.keyed` gives them their keys; one without a key is always built.
    runner
        Who builds.
    ledger
        That of the output.
    resume
        What is there and up to date is kept. False: everything is built.
    tell
        Called with each result as it comes, in this thread.

    Raises
    ------
    Interrupted
        Ctrl-C: what was begun was finished, nothing else was begun. A second one does not wait for that.
    VoicecoachError
        Building cannot go on: the output cannot be written, the scheduler is gone. What was told before stands.
    """
    tally = _Tally(tell)
    with Stopping(runner.stop) as stopping:
        try:
            for result in runner.run(_wanted(jobs, ledger, tally, stopping, resume=resume)):
                ledger.add(result)
                tally.count(result)
        except KeyboardInterrupt:
            raise Interrupted(tally.summary()) from None
    if stopping.asked:
        raise Interrupted(tally.summary())
    return tally.summary()


def _wanted(jobs: Iterable[Job], ledger: Ledger, tally: _Tally, stopping: Stopping, *, resume: bool) -> Iterator[Job]:
    """Give what is to be built; what is there is told at once."""
    for job in jobs:
        if stopping.asked:
            return
        kept = ledger.kept(job) if resume else None
        if kept is None:
            yield job
        else:
            tally.count(kept)


@dataclass
class _Tally:
    tell: Callable[[Result, Progress], None]
    begun_s: float = field(default_factory=time.perf_counter)
    states: dict[State, int] = field(default_factory=lambda: dict.fromkeys(State, 0))
    sums: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_SUMMED, 0.0))
    failures: list[Result] = field(default_factory=list)

    def count(self, result: Result) -> None:
        self.states[result.state] += 1
        for name in _SUMMED:
            self.sums[name] += getattr(result, name)
        if result.state is State.FAILED and len(self.failures) < MOST_FAILURES:
            self.failures.append(result)
        self.tell(result, Progress(**self._counted(), spent_s=time.perf_counter() - self.begun_s))

    def summary(self) -> Summary:
        return Summary(
            **self._counted(),
            clips=int(self.sums["clips"]),
            regions=int(self.sums["regions"]),
            size_bytes=int(self.sums["size_bytes"]),
            length_s=self.sums["length_s"],
            cpu_s=self.sums["cpu_s"],
            spent_s=time.perf_counter() - self.begun_s,
            failures=tuple(self.failures),
        )

    def _counted(self) -> dict[str, int]:
        return {state.value: count for state, count in self.states.items()}
