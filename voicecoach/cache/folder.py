"""A content-addressed store of bytes on disk: safe with several processes at once, verified on read, limited in size.

An entry is one file, named by its key, holding the SHA-256 of its content and the content. It is written beside its
place and moved into it, so that a killed process leaves no half entry; a damaged entry is taken away when it is read.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from voicecoach.cache.counts import Counts, Kind, Tally
from voicecoach.cache.entries import CacheStats, Inspection, sealed, unsealed
from voicecoach.cache.growth import Growth
from voicecoach.cache.locks import WAIT_S, Locks
from voicecoach.errors import OutputError

IN_USE_S = 900
"""An entry used within this time is not removed to make room: a build may be about to read it."""
CROWDED_S = 120
"""The same, where a cache is much larger than it may be: with all that many builds at once write in `IN_USE_S`."""
CROWDED_BYTES = 256 * 10**6
"""So much above the limit, and at least twice as large, is much larger."""
STALE_S = 900
"""A file half written so long ago is nobody's any more."""
SLACK = 0.02
"""What part of its limit a cache may grow by before it is walked through again."""
MUCH = 0.25
"""Beyond this part of its limit, whoever finds another walking waits for them."""
LOOK_S = 24 * 3600
"""So often it is walked through even if it does not grow: for what killed processes left."""
_ENDING = ".clip"
_PART = ".part"


class Cache:
    """A content-addressed store.

    Parameters
    ----------
    folder
        Where it is; made when first written to.
    limit_bytes
        How large it may grow; `prune` keeps to it.
    """

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self._tally = Tally()
        self._locks = Locks(folder / "locks")
        self._growth = Growth(folder)
        self._written_bytes = 0
        self._lock = threading.Lock()

    @property
    def counts(self) -> Counts:
        """What was made, found and damaged through this object, by all threads."""
        return self._tally.counts

    def making(self, key: str, kind: Kind) -> AbstractContextManager[None]:
        """Let one at a time, of all threads and processes of this machine, make a content.

        Who finds nothing enters, looks again, and makes it only if there is still nothing.
        """
        return self._locks.of(key, kind)

    def get(self, key: str) -> bytes | None:
        """Return a content, or None where there is none or it is damaged (then it is taken away)."""
        content = self._read(key)
        if content is not None:
            self._tally.found()
        return content

    def put(self, key: str, content: bytes, *, kind: Kind = Kind.FIGURES, instead: bool = True) -> None:
        """Keep a content that was made; whoever else keeps the same at the same time does no harm.

        ``kind``: what it is counted as. ``instead``: in the place of what is there; else what is there stays.

        Raises
        ------
        OutputError
            The folder cannot be written.
        """
        self._write(key, content, instead=instead)
        self._tally.made(kind)

    def add(self, key: str, content: bytes, *, kind: Kind = Kind.FIGURES) -> bytes:
        """Keep a content unless there is one already, and return the one that is kept.

        For what comes out otherwise each time: of several processes that make it at once, all go on with the same.

        Raises
        ------
        OutputError
            The folder cannot be written.
        """
        kept = self.get(key)
        if kept is not None:
            return kept
        self.put(key, content, kind=kind, instead=False)
        return self.get(key) or content

    def prune(self, *, thorough: bool = False) -> int:
        """Keep to the limit: remove the least recently used entries, and what killed processes left; tell how many.

        It costs next to nothing unless much was written since somebody last looked, by any process. What was used in
        the last quarter of an hour stays, whatever the limit. ``thorough``: look in any case.
        """
        with self._lock:
            written_bytes, self._written_bytes = self._written_bytes, 0
        if written_bytes:
            self._growth.add(written_bytes)
        grown_bytes = 0 if thorough else self._outgrown_bytes()
        if grown_bytes is None:
            return 0
        waits = thorough or grown_bytes > MUCH * self.limit_bytes  # who writes much faster than is removed, has to wait
        with self._locks.alone("prune", WAIT_S if waits else 0.0) as mine:
            return self._pruned() if mine and (thorough or self._outgrown_bytes() is not None) else 0

    def clear(self) -> CacheStats:
        """Remove every entry and return what there was."""
        before = self.stats()
        now = time.time()
        for entry, stat in list(self._files()):
            if entry.name.endswith(_ENDING) or now - stat.st_mtime > STALE_S:  # a fresh part is being written
                with contextlib.suppress(OSError):
                    Path(entry.path).unlink()
        self._growth.forget()
        return before

    def stats(self) -> CacheStats:
        """Count the entries."""
        sizes = [stat.st_size for entry, stat in self._files() if entry.name.endswith(_ENDING)]
        return CacheStats(self.folder, len(sizes), sum(sizes), self.limit_bytes)

    def verify(self) -> Inspection:
        """Read every entry, and take away those that are damaged and what killed processes left."""
        now, found = time.time(), Counter[str]()
        for entry, stat in self._files():
            path = Path(entry.path)
            if entry.name.endswith(_PART):
                if now - stat.st_mtime <= STALE_S:
                    continue
                found["stale"] += 1
            else:
                with contextlib.suppress(FileNotFoundError):
                    sound = unsealed(path.read_bytes()) is not None
                    found["entries" if sound else "damaged"] += 1
                    found["size_bytes" if sound else "damaged_bytes"] += stat.st_size
                    if sound:
                        continue
            with contextlib.suppress(OSError):
                path.unlink()
        return Inspection(**found)

    def _outgrown_bytes(self) -> int | None:
        """Tell how much it is thought to be beyond its limit; None where there is no reason to look."""
        grown = self._growth.grown()
        if grown is None or abs(time.time() - grown.walked_s) > LOOK_S:
            return 0
        beyond_bytes = grown.counted_bytes + grown.since_bytes - self.limit_bytes
        return beyond_bytes if beyond_bytes > 0 and grown.since_bytes > SLACK * self.limit_bytes else None

    def _pruned(self) -> int:
        now, noted_bytes = time.time(), self._growth.length_bytes
        files = sorted(((stat.st_mtime, stat.st_size, entry) for entry, stat in self._files()), key=lambda one: one[0])
        size_bytes = sum(size for _, size, _ in files)
        wanted_bytes = self.limit_bytes
        if size_bytes > wanted_bytes:
            wanted_bytes -= int(SLACK * wanted_bytes)  # room to grow, so that the next walk is not due at once
        removed = 0
        for used_s, entry_bytes, entry in files:
            is_crowded = size_bytes > self.limit_bytes + max(self.limit_bytes, CROWDED_BYTES)
            idle_s = now - used_s
            if idle_s <= (CROWDED_S if is_crowded else IN_USE_S):
                break
            goes = idle_s > STALE_S if entry.name.endswith(_PART) else size_bytes > wanted_bytes
            if goes:
                with contextlib.suppress(OSError):
                    path = Path(entry.path)
                    if path.stat().st_mtime == used_s:  # nobody has used it meanwhile
                        path.unlink()
                        size_bytes -= entry_bytes
                        removed += 1
        self._growth.counted(size_bytes, noted_bytes)
        return removed

    def _read(self, key: str) -> bytes | None:
        path = self._path(key)
        try:
            content = unsealed(path.read_bytes())
        except OSError:
            return None
        with contextlib.suppress(OSError):
            if content is None:
                self._tally.damaged()
                path.unlink()
            else:
                os.utime(path)  # least recently used goes first
        return content

    def _write(self, key: str, content: bytes, *, instead: bool = True) -> None:
        path, data = self._path(key), sealed(content)
        part: Path | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, suffix=_PART)
            part = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            _move(part, path) if instead else _move_where_none_is(part, path)
        except OSError as error:
            if part is not None:
                with contextlib.suppress(OSError):
                    part.unlink()
            hint = "set VOICECOACH_CACHE to a folder that can be written, or build with --no-cache"
            raise OutputError(f"the cache cannot be written: {error}", hint=hint) from error
        with self._lock:
            self._written_bytes += len(data)

    def _path(self, key: str) -> Path:
        return self.folder / "clips" / key[:2] / f"{key[2:]}{_ENDING}"

    def _files(self) -> Iterator[tuple[os.DirEntry[str], os.stat_result]]:
        for folder in _entries(self.folder / "clips"):
            if len(folder.name) == 2:
                for entry in _entries(Path(folder.path)):
                    if entry.name.endswith((_ENDING, _PART)):
                        with contextlib.suppress(OSError):
                            yield entry, entry.stat()


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:  # none, or gone meanwhile
        return []


def _move_where_none_is(part: Path, path: Path) -> None:
    """Move into place unless somebody was quicker. A file system without hard links has no such thing: then as ever."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        pass
    except OSError:
        _move(part, path)
        return
    part.unlink()


def _move(part: Path, path: Path) -> None:
    """Move into place. On Windows the place may be open in another process, which holds the same content."""
    try:
        part.replace(path)
    except PermissionError:
        if not path.exists():
            raise
        part.unlink()
