"""Who makes a content: one at a time, of all threads and processes of a machine. The door to filelock.

A content is made under the lock of its stripe, a file ``locks/KIND-xx`` of the cache's folder: the kernel frees it
when its process ends, however it ends. Contents are known by what makes them, so two makers do no harm but to the
clock; where a lock cannot be had (a folder that cannot be written, a network disk without locks), making goes on
without.

Nobody waits for ever. Kinds are made of one another in one direction: a region of clips, figures of clips. Only who
holds nothing of the same or a later kind waits for a lock; anybody else takes it if it is free, and goes on without
if not. So whoever is waited for holds only what comes earlier than what they wait for themselves, and no ring of
waiting can close; two keys of one stripe, one within the other, are of the same kind.
"""

from __future__ import annotations

import contextlib
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voicecoach.cache.counts import Kind

STRIPES = 256
"""Lock files of each kind. So many that two contents seldom share one, and few enough to stay."""
WAIT_S = 300.0
"""Longer than any content takes: whoever holds a lock so long is stuck, and is not waited for."""
_POLL_S = 0.005
"""So often it is looked whether another process is done: most contents are made in some thousandths of a second."""
_ORDER = tuple(Kind)


class Locks:
    """The locks of a cache.

    Parameters
    ----------
    folder
        Where the lock files are; made when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._threads: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._mine = threading.local()

    @contextmanager
    def of(self, key: str, kind: Kind) -> Iterator[None]:
        """Hold the lock of a content."""
        name = f"{kind}-{zlib.crc32(key.encode()) % STRIPES:02x}"
        held: list[Kind] = self._mine.__dict__.setdefault("held", [])
        timeout_s = WAIT_S if all(_ORDER.index(one) < _ORDER.index(kind) for one in held) else 0.0
        with self._lock:
            ours = self._threads.setdefault(name, threading.Lock())
        if not ours.acquire(timeout=timeout_s) if timeout_s else not ours.acquire(blocking=False):
            yield
            return
        held.append(kind)
        try:
            with self._across_processes(self.folder / name, timeout_s):
                yield
        finally:
            held.pop()
            ours.release()

    @contextmanager
    def alone(self, name: str, timeout_s: float) -> Iterator[bool]:
        """Do what nobody else is to do at the same time; False where somebody does."""
        with self._across_processes(self.folder / name, timeout_s) as mine:
            yield mine

    @contextmanager
    def _across_processes(self, path: Path, timeout_s: float) -> Iterator[bool]:
        from filelock import FileLock, Timeout

        lock = FileLock(path)
        with contextlib.ExitStack() as stack:
            mine = True
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                stack.enter_context(lock.acquire(timeout_s, _POLL_S))
            except Timeout:
                mine = False
            except (OSError, NotImplementedError):  # there are no locks here
                pass
            yield mine


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Hold a lock file, without waiting for it; tell whether it is held.

    It is free again when this process ends, however it ends. Where there can be no lock it counts as held.
    """
    from filelock import FileLock, Timeout

    with contextlib.ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(FileLock(path, timeout=0))
        except Timeout:
            yield False
            return
        except (OSError, NotImplementedError):
            pass
        yield True
