"""A content-addressed store of bytes on disk: safe with several processes at once, verified on read, limited in size.

An entry is one file, named by its key, holding the SHA-256 of its content and the content. It is written beside its
place and moved into it, so that a killed process leaves no half entry; a damaged entry is taken away when it is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from voicecoach.cache.counts import Counts, Kind, Tally
from voicecoach.cache.locks import Locks
from voicecoach.errors import OutputError

IN_USE_S = 900
"""An entry used within this time is not removed to make room: a build may be about to read it."""
_DIGEST_BYTES = 32
_ENDING = ".clip"
_PART = ".part"


def key_of(*parts: str) -> str:
    """Hash everything that makes a content into its key; parts cannot run into one another."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        digest.update(f"{len(encoded)}:".encode() + encoded)
    return digest.hexdigest()


@dataclass(frozen=True)
class CacheStats:
    """What a cache holds.

    Attributes
    ----------
    folder
        Where it is.
    entries, size_bytes
        How many, and how large in all.
    limit_bytes
        How large it may grow.
    """

    folder: Path
    entries: int
    size_bytes: int
    limit_bytes: int


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
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        content = data[_DIGEST_BYTES:]
        if hashlib.sha256(content).digest() != data[:_DIGEST_BYTES]:
            self._tally.damaged()
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # least recently used goes first
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
        path = self._path(key)
        part: Path | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, suffix=_PART)
            part = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(content).digest() + content)
            _move(part, path) if instead else _move_where_none_is(part, path)
        except OSError as error:
            if part is not None:
                with contextlib.suppress(OSError):
                    part.unlink()
            hint = "set VOICECOACH_CACHE to a folder that can be written, or build with --no-cache"
            raise OutputError(f"the cache cannot be written: {error}", hint=hint) from error
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

    def prune(self) -> int:
        """Remove the least recently used entries beyond the limit, and what killed processes left; return how many."""
        now = time.time()
        files = sorted(self._files(), key=lambda found: found[1].st_mtime)
        size_bytes = sum(found[1].st_size for found in files)
        removed = 0
        for path, stat in files:
            idle = now - stat.st_mtime > IN_USE_S
            stale = path.suffix == _PART
            if idle and (stale or size_bytes > self.limit_bytes):
                with contextlib.suppress(OSError):
                    path.unlink()
                    size_bytes -= stat.st_size
                    removed += 1
        return removed

    def clear(self) -> CacheStats:
        """Remove every entry and return what there was."""
        before = self.stats()
        now = time.time()
        for path, stat in list(self._files()):
            if path.suffix == _ENDING or now - stat.st_mtime > IN_USE_S:  # a fresh part is being written
                with contextlib.suppress(OSError):
                    path.unlink()
        return before

    def stats(self) -> CacheStats:
        """Count the entries."""
        sizes = [stat.st_size for path, stat in self._files() if path.suffix == _ENDING]
        return CacheStats(self.folder, len(sizes), sum(sizes), self.limit_bytes)

    def _path(self, key: str) -> Path:
        return self.folder / "clips" / key[:2] / f"{key[2:]}{_ENDING}"

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self.folder.glob("clips/??/*"):
            if path.suffix in {_ENDING, _PART}:
                with contextlib.suppress(OSError):
                    yield path, path.stat()


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
