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
from voicecoach.cache.place import Place
from voicecoach.errors import OutputError, UsageError, VoicecoachError
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
        self._output = Place(making.output)
        self._desk: Path | None = None

    def __enter__(self) -> Self:
        making = self.making
        options = replace(making.options, jobs=1)  # other processes fill the other cores
        with ExitStack() as opening:
            if not self._output.is_local:
                self._desk = Path(opening.enter_context(tempfile.TemporaryDirectory(prefix="voicecoach-")))
            shop = open_workshop(options, _cache(making), data=making.data, approve=lambda *_: making.paid)
            self._shop = opening.enter_context(shop)
            self._open = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._shop = None
        self._open.close()

    def build(self, job: Job) -> Result:
        """Build a session; whatever is wrong with it is told in the result."""
        assert self._shop is not None, "a worker is entered before it builds"
        begun_s, begun_cpu_s, before = time.perf_counter(), time.process_time(), self._shop.cache.counts
        try:
            result = self._built(job, self._shop)
        except VoicecoachError as error:
            result = failed(job, str(error))
        except Exception as error:  # noqa: BLE001 - our bug, or a stranger's engine: the others are built all the same
            result = failed(job, _bug(error))
        spent_s, cpu_s = time.perf_counter() - begun_s, time.process_time() - begun_cpu_s
        did = self._shop.cache.counts.since(before)
        if did.damaged:
            entries = "1 damaged entry" if did.damaged == 1 else f"{did.damaged} damaged entries"
            result = replace(result, notes=(*result.notes, f"cache: {entries} made anew"))
        counted = replace(result, clips=did.clips, regions=did.regions)
        return replace(counted, spent_s=round(spent_s, 4), cpu_s=round(cpu_s, 4))

    def _built(self, job: Job, shop: Workshop) -> Result:
        shop = replace(shop, options=replace(shop.options, profile=job.profile, heading=job.heading))
        ending = self.making.options.output.file_format.ending
        file = f"{job.session}{ending}"
        if self._desk is None:
            target = self._output.local_path(file)
            _make_folder(target.parent)
        else:
            target = self._desk / f"session{ending}"
        outcome = build(job.source, job.name, target, shop)
        if outcome.session is None:
            return failed(job, *(fault.render() for fault in outcome.faults))
        result = _result(job, file, outcome.session, outcome.notes)
        if self._desk is not None:
            self._output.put_file(file, target)
        return result


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


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {folder}: {error.strerror or error}") from error


def _cache(making: Making) -> Cache:
    cache = Cache(making.cache, making.cache_limit_bytes)
    if not making.store:
        return cache
    from voicecoach.cache.shared import SharedCache

    return SharedCache(cache, Place(making.store))


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
