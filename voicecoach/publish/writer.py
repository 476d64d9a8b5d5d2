"""Filling a folder with what is to be published: whole files only, nothing twice, and nothing that is not ours.

What we wrote stands in ``feed/.written.json``, so that the next run makes only what became different, and takes away
what nobody wants any more.
"""

from __future__ import annotations

import contextlib
import filecmp
import hashlib
import json
import os
import shutil
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from voicecoach.errors import OutputError
from voicecoach.model.resource import Resource
from voicecoach.parts import part_beside, sweep_folder
from voicecoach.publish.feed.paths import FEED_FILE, INDEX_FILE, SIDE_FOLDER

RECORD_FILE = f"{SIDE_FOLDER}/.written.json"
"""No session can be named like it: names that begin with a point are left alone."""
MOST_RECORD_BYTES = 64 * 1024 * 1024
_COPIED = "copied"
_OTHERS_MARKS = {FEED_FILE: (b"<rss", b"<feed"), INDEX_FILE: (b"<html", b"<body", b"<!doctype")}
_OURS = b"voicecoach"


@dataclass(frozen=True)
class Written:
    """What a run did, by paths in the folder: what it wrote, what it left as it was, and what it took away."""

    written: tuple[str, ...]
    kept: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class _Entry:
    """What is known of a file that we wrote; an empty digest: a run was about to write it."""

    key: str
    size_bytes: int = 0
    digest: str = ""


_Record = dict[str, _Entry]


def write_resources(
    folder: Path,
    resources: Iterable[Resource],
    copies: Mapping[str, Path] | None = None,
    *,
    spare: Callable[[str], bool] | None = None,
    jobs: int = 1,
    tell: Callable[[int, int], None] | None = None,
) -> Written:
    """Bring a folder to what is to be published.

    A file whose bytes are right already is not touched, and one that was made under the same key is not made again.
    Others are written beside their place and moved there, the feed last. Then what an earlier run wrote and this one
    does not want is removed.

    Parameters
    ----------
    folder
        Made where it is missing.
    resources
        What is made.
    copies
        Files that are copied: from where, by their path in the folder.
    spare
        Whether a file stays that an earlier run wrote and this one does not want; without it, none does.
    jobs
        So many resources are made at a time.
    tell
        Is told how many of how many were made.

    Raises
    ------
    OutputError
        Something cannot be written, or a feed or page is there that voicecoach did not write.
    """
    wanted = sorted(resources, key=lambda resource: _rank(resource.path))
    copied = dict(sorted((copies or {}).items()))
    try:
        (folder / SIDE_FOLDER).mkdir(parents=True, exist_ok=True)
        with _alone(folder / SIDE_FOLDER):
            return _Run(folder, _read_record(folder), max(1, jobs), tell).bring(wanted, copied, spare)
    except OSError as error:
        where = error.filename or folder
        raise OutputError(f"cannot write {where}: {error.strerror or error}") from error


def _rank(path: str) -> tuple[int, str]:
    """What names other files comes after them: the feed last of all."""
    return (2 if path == FEED_FILE else 1 if "/" not in path else 0), path


@dataclass
class _Run:
    folder: Path
    record: _Record
    jobs: int
    tell: Callable[[int, int], None] | None

    def bring(self, wanted: list[Resource], copied: Mapping[str, Path], spare: Callable[[str], bool] | None) -> Written:
        names = [*copied, *(resource.path for resource in wanted)]
        for name in names:
            self._check(name)
        before = self._announced(names)
        self._sweep(names)
        try:
            written = [name for name, source in copied.items() if self._copy(name, source)]
            with contextlib.closing(self._made(wanted, before)) as made:
                written += [resource.path for resource, data in made if self._put(resource, data)]
            stale = (name for name in sorted(set(before) - set(names)) if spare is None or not spare(name))
            removed = [name for name in stale if self._remove(name)]
        finally:
            self._save()  # what was made is not made again, whatever happened
        done = set(written)
        return Written(tuple(written), tuple(name for name in names if name not in done), tuple(removed))

    def _announced(self, names: list[str]) -> _Record:
        """Note that files are ours before they are there, so that a run that is killed leaves nothing for ever."""
        before = dict(self.record)
        for name in names:
            self.record.setdefault(name, _Entry(""))
        if len(self.record) > len(before):
            self._save()
        return before

    def _sweep(self, names: list[str]) -> None:
        by_folder: dict[Path, set[str]] = {}
        for name in (*names, RECORD_FILE):
            target = self.folder / name
            by_folder.setdefault(target.parent, set()).add(target.name)
        for folder, ours in by_folder.items():
            sweep_folder(folder, ours)

    def _check(self, name: str) -> None:
        """Write nothing outside of the folder, and nothing over a feed or a page that somebody else made."""
        target = self.folder / name
        if not _safe(name) or not _within(target.parent, self.folder):
            raise OutputError(f"{target} would lie outside of {self.folder}")
        marks = _OTHERS_MARKS.get(name)
        if marks is None or name in self.record or not target.is_file():
            return
        data = target.read_bytes()
        if any(mark in data.lower() for mark in marks) and _OURS not in data:
            hint = "move it away, or choose another folder"
            raise OutputError(f"{target} is there, and voicecoach did not write it", hint=hint)

    def _made(self, wanted: list[Resource], before: _Record) -> Generator[tuple[Resource, bytes], None, None]:
        """Make what is not there as it should be, some at a time; give it in order."""
        due = deque(one for one in wanted if not _is_made(self.folder / one.path, one, before.get(one.path)))
        count, pending = len(due), deque[tuple[Resource, Future[bytes]]]()
        with ThreadPoolExecutor(self.jobs) as pool:
            try:
                while due or pending:
                    while due and len(pending) < 2 * self.jobs:
                        pending.append((due[0], pool.submit(due.popleft().make)))
                    resource, future = pending.popleft()
                    yield resource, future.result()
                    if self.tell is not None:
                        self.tell(count - len(due) - len(pending), count)
            finally:
                pool.shutdown(cancel_futures=True)

    def _put(self, resource: Resource, data: bytes) -> bool:
        """Write a file unless it is there with just these bytes; tell whether it was written."""
        target = self.folder / resource.path
        entry = _Entry(resource.key, len(data), hashlib.sha256(data).hexdigest())
        good = _is(target, entry)
        if not good:
            _replace(target, lambda part: part.write_bytes(data))
        self.record[resource.path] = entry
        return not good

    def _copy(self, name: str, source: Path) -> bool:
        """Copy a file unless it is there; one of the same size and time is taken for the same."""
        target, status = self.folder / name, source.stat()
        good = _same_time(target, status) or (target.is_file() and filecmp.cmp(source, target, shallow=False))
        if not good:
            _replace(target, lambda part: shutil.copyfile(source, part))
            os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
        self.record[name] = _Entry(_COPIED, status.st_size)
        return not good

    def _remove(self, name: str) -> bool:
        """Take away what we wrote, unless somebody changed it since, and the folders that it leaves empty."""
        known = self.record.pop(name)
        target = self.folder / name
        if not _safe(name) or not _within(target.parent, self.folder) or not target.is_file():
            return False
        if known.key and target.stat().st_size != known.size_bytes:
            return False
        target.unlink()
        for parent in PurePosixPath(name).parents:
            if str(parent) in {".", SIDE_FOLDER}:
                break
            with contextlib.suppress(OSError):
                (self.folder / parent).rmdir()
        return True

    def _save(self) -> None:
        values = {name: [one.key, one.size_bytes, one.digest] for name, one in sorted(self.record.items())}
        data = f"{json.dumps(values, ensure_ascii=False, indent=0)}\n".encode(errors="surrogateescape")
        target = self.folder / RECORD_FILE
        if not target.is_file() or target.read_bytes() != data:
            _replace(target, lambda part: part.write_bytes(data))


def _replace(target: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place and move it there; a link in its place is replaced, not followed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = part_beside(target)
    try:
        write(part)
        if target.is_file() and not target.is_symlink():
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _is_made(target: Path, resource: Resource, known: _Entry | None) -> bool:
    return known is not None and known.key == resource.key and _is(target, known)


def _is(target: Path, entry: _Entry) -> bool:
    """Tell whether a file is there as it was recorded."""
    try:
        if target.is_symlink() or target.stat().st_size != entry.size_bytes:
            return False
        return hashlib.sha256(target.read_bytes()).hexdigest() == entry.digest
    except FileNotFoundError:
        return False


def _same_time(target: Path, status: os.stat_result) -> bool:
    try:
        there = target.stat()
    except FileNotFoundError:
        return False
    return (there.st_size, there.st_mtime_ns) == (status.st_size, status.st_mtime_ns)


def _safe(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and "\0" not in name


def _within(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _read_record(folder: Path) -> _Record:
    """Read what we wrote before; a damaged record is none: nothing is taken away by it."""
    try:
        with (folder / RECORD_FILE).open("rb") as file:
            values: Any = json.loads(file.read(MOST_RECORD_BYTES).decode(errors="surrogateescape"))
        return {str(name): _entry(*one) for name, one in values.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _entry(key: str, size_bytes: int, digest: str) -> _Entry:
    if not (isinstance(key, str) and type(size_bytes) is int and isinstance(digest, str)):
        raise TypeError("not an entry of the record")
    return _Entry(key, size_bytes, digest)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let other runs wait; the lock goes with the process, whatever ends it. Where there are no locks, nobody waits."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
