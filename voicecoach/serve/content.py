"""What is handed out: bytes that were made, or a file, read piece by piece so that its size costs no memory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol, Self

BLOCK_BYTES = 128 * 1024
"""So much of a file is in memory for each client."""


class Stamp(NamedTuple):
    """The state of a file on disk; another content has another one."""

    mtime_ns: int
    size_bytes: int
    inode: int

    @classmethod
    def of(cls, state: os.stat_result) -> Self:
        """Take it from what the system tells."""
        return cls(state.st_mtime_ns, state.st_size, state.st_ino)


class ChangedError(Exception):
    """A file is not, or no longer, what it was when it was read."""


class Content(Protocol):
    """Bytes that can be had in pieces."""

    @property
    def size_bytes(self) -> int:
        """How many."""

    def read(self, start: int, most: int) -> bytes:
        """Read at most so many from a place on; at least one, if there are any.

        Raises
        ------
        ChangedError
            They are no longer the same ones.
        """

    def close(self) -> None:
        """Let go of it."""


class MadeContent:
    """Bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size_bytes(self) -> int:  # noqa: D102 - see Content
        return len(self._data)

    def read(self, start: int, most: int) -> bytes:  # noqa: D102 - see Content
        return self._data[start : start + most]

    def close(self) -> None:
        """Nothing is held."""


class FileContent:
    """An open file. A new one in its place does not touch it; one that is written over is noticed.

    Parameters
    ----------
    path
        Where it lies.
    stamp
        What it must be.

    Raises
    ------
    ChangedError
        It is something else by now, or nothing.
    """

    def __init__(self, path: Path, stamp: Stamp) -> None:
        self._stamp = stamp
        try:
            self._file: BinaryIO = path.open("rb", buffering=0)
        except OSError as error:
            raise ChangedError from error
        try:
            self._check()
        except ChangedError:
            self.close()
            raise

    @property
    def size_bytes(self) -> int:  # noqa: D102 - see Content
        return self._stamp.size_bytes

    def read(self, start: int, most: int) -> bytes:  # noqa: D102 - see Content
        try:
            self._file.seek(start)
            data = self._file.read(most)
        except OSError as error:
            raise ChangedError from error
        self._check()
        if not data:
            raise ChangedError
        return data

    def close(self) -> None:  # noqa: D102 - see Content
        self._file.close()

    def _check(self) -> None:
        if Stamp.of(os.fstat(self._file.fileno())) != self._stamp:
            raise ChangedError
