"""How large a cache has grown since somebody last looked, so that nobody walks through it without need.

The file ``size`` of the cache's folder begins with what the last walk counted and when; whoever writes to the cache
adds a line now and then. A line is appended in one go, so those of several processes do not mix. What is written twice
is counted twice, which only has somebody look sooner.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

_LONG_BYTES = 1 << 16
"""A file longer than this is not added up again and again."""


@dataclass(frozen=True)
class Grown:
    """How large a cache is.

    Attributes
    ----------
    counted_bytes
        By the last walk.
    since_bytes
        Written since then.
    walked_s
        When that was, seconds since 1970.
    """

    counted_bytes: int
    since_bytes: int
    walked_s: int


class Growth:
    """The file in which a cache's growth is noted.

    Parameters
    ----------
    folder
        The cache's.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "size"

    def add(self, written_bytes: int) -> None:
        """Note what was written."""
        with contextlib.suppress(OSError):
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND)
            try:
                os.write(handle, f"{written_bytes}\n".encode())
            finally:
                os.close(handle)

    def grown(self) -> Grown | None:
        """Tell how large the cache is, or None where somebody has to look."""
        try:
            stat = self._path.stat()
            counted, walked_s, *added = map(int, self._path.read_text("ascii").split())
        except (OSError, ValueError):
            return None
        return None if stat.st_size > _LONG_BYTES else Grown(counted, sum(added), walked_s)

    @property
    def length_bytes(self) -> int:
        """How long the file is: what is added later stands behind."""
        try:
            return self._path.stat().st_size
        except OSError:
            return 0

    def counted(self, size_bytes: int, length_bytes: int) -> None:
        """Note what a walk counted; what others added meanwhile, behind ``length_bytes``, stays."""
        part = self._path.with_name(f".size.{secrets.token_hex(4)}.part")
        with contextlib.suppress(OSError):
            try:
                added = self._path.read_bytes()[length_bytes:] if self._path.exists() else b""
                part.write_bytes(f"{size_bytes} {int(time.time())}\n".encode() + added)
                part.replace(self._path)
            finally:
                part.unlink(missing_ok=True)

    def forget(self) -> None:
        """Have the next one look."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
