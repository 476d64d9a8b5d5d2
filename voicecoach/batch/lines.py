"""Lines that are only added to: a file on a disk, or parts in a store of objects."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import TracebackType
from typing import IO, Protocol, Self

from voicecoach.cache.locks import alone
from voicecoach.cache.place import Place
from voicecoach.errors import OutputError, UsageError
from voicecoach.parts import part_beside, writing

SYNC_S = 5.0
"""A power cut, or the death of the machine that writes to a store, loses no more than what was added in this time."""
PART_BYTES = 1_000_000
"""A part of a store is written anew until it is so large."""

Placed = tuple[int, bytes]
"""A line, and what it is found by."""


class Lines(Protocol):
    """Lines of bytes, each with its end."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    def all(self) -> Iterator[Placed]:
        """Give all lines, in order; the last may be torn."""
        ...

    def line(self, at: int) -> bytes:
        """Give one line."""
        ...

    def add(self, line: bytes) -> int:
        """Add a line; return what it is found by."""
        ...

    def instead(self, lines: list[bytes]) -> Iterator[Placed]:
        """Put lines in the place of all that there are; one that cannot does nothing, and gives all that there are."""
        ...


class LocalLines:
    """Lines in a file, for one batch at a time.

    Parameters
    ----------
    place, folder
        The output, and the folder in it.

    Raises
    ------
    UsageError
        Another batch has it.
    OutputError
        It cannot be written.
    """

    def __init__(self, place: Place, folder: str) -> None:
        self._told = place.told
        self._path = place.local_path(folder) / "batch.jsonl"
        self._open = ExitStack()
        self._file: IO[bytes] | None = None
        self._reader: IO[bytes] | None = None
        self._end = 0
        self._synced_s = time.monotonic()

    def __enter__(self) -> Self:
        with ExitStack() as opening, _told_of(self._told):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if not opening.enter_context(alone(self._path.with_suffix(".lock"))):
                message = f"another batch is building into {self._told}"
                raise UsageError(message, hint="wait for it, or choose another place with -o")
            self._begin()
            opening.callback(self._finish)
            self._open = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open.close()

    def all(self) -> Iterator[Placed]:
        """Give all lines, in order; the last may be torn."""
        with self._path.open("rb") as file:
            at = 0
            for line in file:
                yield at, line
                at += len(line)

    def line(self, at: int) -> bytes:
        """Give one line."""
        assert self._reader is not None, "lines are entered before they are used"
        self._reader.seek(at)
        return self._reader.readline()

    def add(self, line: bytes) -> int:
        """Add a line; return what it is found by."""
        at = self._end
        with _told_of(self._told):
            self._written.write(line)  # as one: the file has no buffer, and always writes at its end
            self._end += len(line)
            if time.monotonic() - self._synced_s > SYNC_S:
                self._sync()
        return at

    def instead(self, lines: list[bytes]) -> Iterator[Placed]:
        """Put lines in the place of all that there are."""
        part = part_beside(self._path)
        with writing(self._path, part):
            self._finish()
            try:
                with part.open("wb") as file:
                    file.writelines(lines)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(self._path)
            finally:
                self._begin()
        yield from self.all()

    @property
    def _written(self) -> IO[bytes]:
        assert self._file is not None, "lines are entered before they are used"
        return self._file

    def _begin(self) -> None:
        self._file = self._path.open("a+b", buffering=0)
        self._end = self._file.seek(0, os.SEEK_END)
        if self._end:
            self._file.seek(-1, os.SEEK_END)
            if self._file.read(1) != b"\n":  # the last line is torn: what comes is not to go on in it
                self._file.write(b"\n")
                self._end += 1
        self._reader = self._path.open("rb", buffering=1024)  # a line or two

    def _finish(self) -> None:
        with suppress(OSError):
            self._sync()
        for file in (self._file, self._reader):
            if file is not None:
                file.close()

    def _sync(self) -> None:
        os.fsync(self._written.fileno())
        self._synced_s = time.monotonic()


class FarLines:
    """Lines in parts, in a store of objects; what was read and added lies in a temporary file meanwhile.

    Several batches at once do no harm: each writes parts of its own.

    Parameters
    ----------
    place, folder
        The output, and the folder in it.

    Raises
    ------
    StoreError
        It cannot be reached or written.
    """

    def __init__(self, place: Place, folder: str) -> None:
        self._place = place
        self._prefix = f"{folder}/batch/"
        self._spool: IO[bytes] | None = None
        self._end = 0
        self._part = bytearray()
        self._name = ""
        self._unwritten = False
        self._written_s = time.monotonic()

    def __enter__(self) -> Self:
        self._spool = tempfile.TemporaryFile("w+b")
        for name in self._place.names(self._prefix):
            part = self._place.read(name) or b""
            self._to_spool(part if part.endswith(b"\n") else part + b"\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self._write()
        finally:
            self._held.close()

    def all(self) -> Iterator[Placed]:
        """Give all lines, in order."""
        at = 0
        while at < self._end:
            line = self.line(at)
            yield at, line
            at += len(line)

    def line(self, at: int) -> bytes:
        """Give one line."""
        self._held.seek(at)
        return self._held.readline()

    def add(self, line: bytes) -> int:
        """Add a line; return what it is found by."""
        at = self._to_spool(line)
        self._part += line
        self._unwritten = True
        if time.monotonic() - self._written_s > SYNC_S or len(self._part) >= PART_BYTES:
            self._write()
        return at

    def instead(self, lines: list[bytes]) -> Iterator[Placed]:  # noqa: ARG002 - another batch may read the parts
        """Do nothing, and give all that there are."""
        return self.all()

    @property
    def _held(self) -> IO[bytes]:
        assert self._spool is not None, "lines are entered before they are used"
        return self._spool

    def _to_spool(self, data: bytes) -> int:
        at = self._end
        self._held.seek(at)
        self._held.write(data)
        self._end += len(data)
        return at

    def _write(self) -> None:
        if not self._unwritten:
            return
        data = bytes(self._part)
        if self._name:
            self._place.write(self._name, data)
        else:
            self._name = self._own_name(data)
        if len(self._part) >= PART_BYTES:
            self._part, self._name = bytearray(), ""
        self._unwritten, self._written_s = False, time.monotonic()

    def _own_name(self, data: bytes) -> str:
        """Write a new part, by a number that nobody else has taken."""
        names = self._place.names(self._prefix)
        number = max(
            (int(digits) for name in names if (digits := name[len(self._prefix) :][:6]).isdecimal()), default=0
        )
        while True:
            number += 1
            name = f"{self._prefix}{number:06}.jsonl"
            if self._place.create(name, data):
                return name


@contextmanager
def _told_of(told: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"cannot write into {told}: {error.strerror or error}"
        raise OutputError(message, hint="choose another place with -o") from error
