"""What runs on a worker of the fleet: it keeps a workshop open for each of its threads, and builds parcels in them.

This module is imported where work is sent, too, and never before.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from distributed import WorkerPlugin, get_worker

from voicecoach.batch.bundles import kept_bundle, unpack, unpack_own
from voicecoach.batch.fleet.identity import differences, identity
from voicecoach.batch.fleet.orders import Done, Order, Parcel, Routine, Trouble
from voicecoach.batch.job import Job, Making, Result
from voicecoach.batch.keys import Keys
from voicecoach.batch.worker import Worker
from voicecoach.cache import Place
from voicecoach.config import cache_folder, cache_limit_bytes
from voicecoach.errors import UsageError, VoicecoachError
from voicecoach.source.nodes import SourceFile


def build_parcel(parcel: Parcel, foreman: str) -> Done | Trouble:
    """Build a parcel on the worker that this runs on, by the foreman of that name."""
    found = get_worker().plugins.get(foreman)
    if not isinstance(found, Foreman):
        return Trouble("VoicecoachError", "a worker was not told what to do", "go on with --resume")
    return found.build(parcel)


@dataclass
class _Hand:
    """A workshop for one thread."""

    worker: Worker
    keys: Keys
    checked: set[tuple[str, str | None]] = field(default_factory=set)


class Foreman(WorkerPlugin):  # type: ignore[misc]
    """Builds parcels on one worker.

    Parameters
    ----------
    order
        What all of them have in common.
    """

    def __init__(self, order: Order) -> None:
        self.order = order

    def setup(self, worker: Any) -> None:
        """Begin on a worker; nothing is opened before there is something to build."""
        self._address = str(worker.address)
        self._folder = Path(worker.local_directory) / f"voicecoach-{id(self):x}"
        self._open = ExitStack()
        self._lock = threading.Lock()
        self._idle: list[_Hand] = []
        self._sources: dict[str, SourceFile] = {}
        self._is_known = False

    def teardown(self, worker: Any) -> None:
        """Close all workshops, and leave no file."""
        del worker
        self._open.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def build(self, parcel: Parcel) -> Done | Trouble:
        """Build a parcel; what is wrong with a session stands in its result."""
        begun_s = time.perf_counter()
        try:
            with self._hand() as hand:
                results = tuple(self._built(hand, job, parcel.routines[digest]) for job, digest in parcel.jobs)
        except VoicecoachError as fault:
            return Trouble(type(fault).__name__, f"{fault.message} (worker {self._address})", fault.hint)
        except Exception as fault:  # noqa: BLE001 - told by us, since Dask cannot send every exception
            return Trouble("VoicecoachError", f"worker {self._address} failed: {type(fault).__name__}: {fault}")
        return Done(results, time.perf_counter() - begun_s)

    @contextmanager
    def _hand(self) -> Iterator[_Hand]:
        """Give a workshop that no other thread is in."""
        with self._lock:
            hand = self._idle.pop() if self._idle else self._opened()
        try:
            yield hand
        finally:
            with self._lock:
                self._idle.append(hand)

    def _opened(self) -> _Hand:
        order = self.order
        if not self._is_known:
            told = differences(order.identity, {self._address: identity()})
            if told:
                raise UsageError(f"sessions would not be the same everywhere: {'; '.join(told)}")
            self._is_known = True
        making = Making(
            order.options,
            order.output,
            cache_folder(),
            cache_limit_bytes(),
            unpack_own(order.own, self._folder / "own"),
            order.store,
            order.paid,
        )
        return _Hand(self._open.enter_context(Worker(making)), self._open.enter_context(Keys(making)))

    def _built(self, hand: _Hand, job: Job, routine: Routine) -> Result:
        source = replace(self._source(routine), name=job.source.name)
        job = replace(job, source=source)
        self._assert_same(hand, job, routine)
        places = {str(self._folder / "own"): self.order.own_root}
        if source.folder is not None:
            places[str(source.folder)] = routine.root
        return _told(hand.worker.build(job), places)

    def _source(self, routine: Routine) -> SourceFile:
        """Unpack a routine, once."""
        known = self._sources.get(routine.digest)
        if known is not None:
            return known
        bundle = kept_bundle(Place(self.order.store), routine.digest) if routine.bundle is None else routine.bundle
        self._sources[routine.digest] = unpack(bundle, self._folder / routine.digest)
        return self._sources[routine.digest]

    def _assert_same(self, hand: _Hand, job: Job, routine: Routine) -> None:
        """Make sure, once a routine and voice, that what is built here is what would be built where it was sent."""
        asked = (routine.digest, job.profile.voice)
        if not job.key or asked in hand.checked:
            return
        if hand.keys.of(job) != job.key:
            message = f"'{job.session}' is not made of the same here: its voice or its files are other ones"
            raise UsageError(message, hint="install the same voices on all machines")
        hand.checked.add(asked)


def _told(result: Result, places: Mapping[str, str]) -> Result:
    """Tell of files by where they lie for whoever asked."""

    def there(text: str) -> str:
        for mine, theirs in places.items():
            text = text.replace(mine, theirs or ".")
        return text

    return replace(
        result,
        voice=there(result.voice),
        reasons=tuple(there(reason) for reason in result.reasons),
        notes=tuple(there(note) for note in result.notes),
    )
