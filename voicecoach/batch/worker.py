"""A worker: one process's workshop, open for many sessions, in which no session ends the batch."""

from __future__ import annotations

import hashlib
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from voicecoach.batch.job import Job, Making, Result, State
from voicecoach.cache import Cache
from voicecoach.errors import UsageError, VoicecoachError
from voicecoach.model.session import Session
from voicecoach.pipeline import Workshop, build
from voicecoach.shop import open_workshop


class Worker:
    """Builds sessions one after another; used by one thread at a time.

    Parameters
    ----------
    making
        What all sessions have in common.

    Raises
    ------
    UsageError
        Of each session more than one file is wanted.
    StoreError
        The store or the output cannot be reached.
    """

    def __init__(self, making: Making) -> None:
        assert_one_file(making)
        self.making = making
        self._open = ExitStack()
        self._shop: Workshop | None = None

    def __enter__(self) -> Self:
        making = self.making
        options = replace(making.options, jobs=1)  # other processes fill the other cores
        cache = Cache(making.cache, making.cache_limit_bytes)
        shop = open_workshop(options, cache, data=making.data, approve=lambda *_: making.paid)
        self._shop = self._open.enter_context(shop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._shop = None
        self._open.close()

    def build(self, job: Job) -> Result:
        """Build a session; whatever is wrong with it is told in the result."""
        assert self._shop is not None, "a worker is entered before it builds"
        begun_s, begun_cpu_s = time.perf_counter(), time.process_time()
        try:
            result = self._built(job, self._shop)
        except VoicecoachError as error:
            result = failed(job, str(error))
        except Exception as error:  # noqa: BLE001 - our bug, or a stranger's engine: the others are built all the same
            result = failed(job, _bug(error))
        spent_s, cpu_s = time.perf_counter() - begun_s, time.process_time() - begun_cpu_s
        return replace(result, spent_s=round(spent_s, 4), cpu_s=round(cpu_s, 4))

    def _built(self, job: Job, shop: Workshop) -> Result:
        shop = replace(shop, options=replace(shop.options, profile=job.profile, heading=job.heading))
        file = f"{job.session}{self.making.options.output.file_format.ending}"
        target = Path(self.making.output) / file
        target.parent.mkdir(parents=True, exist_ok=True)
        outcome = build(job.source, job.name, target, shop)
        if outcome.session is None:
            return failed(job, *(fault.render() for fault in outcome.faults))
        return _result(job, file, outcome.session, outcome.notes)


def assert_one_file(making: Making) -> None:
    """Make sure that each session is one file.

    Raises
    ------
    UsageError
        It is not.
    """
    output = making.options.output
    if output.per_step or output.stem_format is not None:
        raise UsageError("of many sessions, each is one file: stems and files a step are made by 'voicecoach build'")


def failed(job: Job, *reasons: str) -> Result:
    """Tell that a job failed."""
    return Result(job.session, job.key, State.FAILED, reasons=reasons)


def _result(job: Job, file: str, session: Session, notes: tuple[str, ...]) -> Result:
    with session.path.open("rb") as built:
        digest = hashlib.file_digest(built, "sha256").hexdigest()
    return Result(
        job.session,
        job.key,
        State.BUILT,
        file,
        session.size_bytes,
        digest,
        round(float(session.timeline.length_s), 3),
        str(session.voice),
        notes=notes,
    )


def _bug(error: Exception) -> str:
    """Write the traceback to a log, and name it in one line."""
    import traceback

    told = f"this is a bug in voicecoach, not in your routine: {type(error).__name__}: {error}"
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="voicecoach-bug-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            log.write("".join(traceback.format_exception(error)))
    except OSError:
        return told
    return f"{told} (log: {log.name})"
