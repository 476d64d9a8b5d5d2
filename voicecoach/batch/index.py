"""A number for each of a million names, in 16 bytes a name."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

_FRESH = 65_536


class Index:
    """Numbers by names; of several numbers of a name the last one holds.

    Names are known by 64 bits of a hash: of a million names, two are the same once in thirty million such indexes. Who
    finds a number makes sure that it is the right one.
    """

    def __init__(self) -> None:
        self._hashes: npt.NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._numbers: npt.NDArray[np.int64] = np.zeros(0, np.int64)
        self._fresh: dict[int, int] = {}

    def put(self, name: str, number: int) -> None:
        """Keep a number (64 bits, signed) for a name."""
        self._fresh[_hash(name)] = number
        if len(self._fresh) >= _FRESH:
            self._settle()

    def find(self, name: str) -> int | None:
        """Give the number of a name, or None."""
        wanted = _hash(name)
        if wanted in self._fresh:
            return self._fresh[wanted]
        at = int(np.searchsorted(self._hashes, np.uint64(wanted)))
        if at < len(self._hashes) and int(self._hashes[at]) == wanted:
            return int(self._numbers[at])
        return None

    def numbers(self) -> Iterator[int]:
        """Give the number of each name, smallest first."""
        self._settle()
        yield from map(int, np.sort(self._numbers))

    def __len__(self) -> int:
        self._settle()
        return len(self._hashes)

    def _settle(self) -> None:
        if not self._fresh:
            return
        # A name's earlier number first, the fresh one after it; of equal ones the last is kept.
        hashes = np.concatenate([self._hashes, np.array(array("Q", self._fresh), np.uint64)])
        numbers = np.concatenate([self._numbers, np.array(array("q", self._fresh.values()), np.int64)])
        order = np.argsort(hashes, kind="stable")
        hashes, numbers = hashes[order], numbers[order]
        is_last = np.append(hashes[1:] != hashes[:-1], True)
        self._hashes, self._numbers = hashes[is_last], numbers[is_last]
        self._fresh.clear()


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).digest(), "big")
