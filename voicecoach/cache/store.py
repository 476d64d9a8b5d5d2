"""A store that many machines share: how its entries are written, and how it is looked after.

An entry is the file ``shared/AB/REST``: the SHA-256 of what follows, the day on which it was last written (4 bytes,
days since 1970) and the content. Whoever reads an old one writes it again with the day of today, so that the least
recently used are those written longest ago, and a store need not tell when something was read. A claim on a content
that is being made is the file ``claims/KEY``.
"""

from __future__ import annotations

import struct
import time
from collections import Counter
from dataclasses import dataclass

from voicecoach.cache.entries import Inspection, sealed, unsealed
from voicecoach.cache.folder import IN_USE_S
from voicecoach.cache.place import Place

ENTRIES = "shared/"
CLAIMS = "claims/"
_DAY = struct.Struct(">I")
_DAY_S = 24 * 3600
_LONGEST_CLAIM_S = 3600
"""So old a claim is nobody's any more."""


def entry_name(key: str) -> str:
    """Name the file of a content."""
    return f"{ENTRIES}{key[:2]}/{key[2:]}"


def claim_name(key: str) -> str:
    """Name the file of a claim on a content."""
    return f"{CLAIMS}{key}"


def dated(content: bytes) -> bytes:
    """Make the entry of a content that is written today."""
    return sealed(_DAY.pack(today()) + content)


def undated(data: bytes) -> tuple[bytes, int] | None:
    """Read what `dated` gave: the content and the day; None where it is damaged."""
    whole = unsealed(data)
    if whole is None or len(whole) < _DAY.size:
        return None
    return whole[_DAY.size :], int(_DAY.unpack_from(whole)[0])


def today() -> int:
    """The day of today, days since 1970 (UTC)."""
    return int(time.time() // _DAY_S)


@dataclass(frozen=True)
class StoreStats:
    """What a store holds.

    Attributes
    ----------
    entries, size_bytes
        How many contents, and how large in all.
    """

    entries: int
    size_bytes: int


def store_stats(place: Place) -> StoreStats:
    """Count the entries of a store.

    Raises
    ------
    StoreError
        It cannot be read.
    """
    sizes = [one.size_bytes for one in place.listing(ENTRIES)]
    return StoreStats(len(sizes), sum(sizes))


def prune_store(place: Place, limit_bytes: int) -> int:
    """Remove the entries of a store that were written longest ago, beyond a limit, and claims of who is gone.

    An entry that is in use is written again every few days. What was written in the last quarter of an hour stays.

    Returns
    -------
    int
        How many entries were removed.

    Raises
    ------
    StoreError
        It cannot be read or written.
    """
    now = time.time()
    files = sorted(place.listing(ENTRIES), key=lambda one: (one.modified_s, one.name))
    size_bytes, removed = sum(one.size_bytes for one in files), 0
    for one in files:
        if size_bytes <= limit_bytes or now - one.modified_s <= IN_USE_S:
            break
        place.remove(one.name)
        size_bytes -= one.size_bytes
        removed += 1
    _sweep(place, now)
    return removed


def verify_store(place: Place) -> Inspection:
    """Read every entry of a store, and take away those that are damaged and claims of who is gone.

    Raises
    ------
    StoreError
        It cannot be read or written.
    """
    found = Counter[str]()
    for one in place.listing(ENTRIES):
        data = place.read(one.name)
        if data is None:
            continue
        sound = undated(data) is not None
        found["entries" if sound else "damaged"] += 1
        found["size_bytes" if sound else "damaged_bytes"] += len(data)
        if not sound:
            place.remove(one.name)
    return Inspection(**found, stale=_sweep(place, time.time()))


def clear_store(place: Place) -> StoreStats:
    """Remove every entry of a store and return what there was.

    Raises
    ------
    StoreError
        It cannot be read or written.
    """
    files = list(place.listing(ENTRIES))
    for one in files:
        place.remove(one.name)
    return StoreStats(len(files), sum(one.size_bytes for one in files))


def _sweep(place: Place, now: float) -> int:
    stale = [one.name for one in place.listing(CLAIMS) if now - one.modified_s > _LONGEST_CLAIM_S]
    for name in stale:
        place.remove(name)
    return len(stale)
