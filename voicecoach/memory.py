"""How a process uses memory again that it does not need any more."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

_M_ARENA_MAX = -8


def share_freed_memory() -> None:
    """Let all threads allocate from one heap; to be called before they are started.

    A stretch of sound is some megabytes. glibc gives each thread a heap of its own (``mallopt(3)``), and what is free
    in one is of no use to the other: half an hour with a bed, in two threads, needed 180 MB so, and 137 MB with one
    heap, in the same time. (To have large blocks mapped each time needs 10 MB less, and a third more time.) Elsewhere
    this does nothing.
    """
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):  # another C library, which has no such setting
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
