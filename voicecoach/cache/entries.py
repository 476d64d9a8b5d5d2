"""Entries: how they are called, how their content is sealed, and what is told of many of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

_DIGEST_BYTES = 32


def key_of(*parts: str) -> str:
    """Hash everything that makes a content into its key; parts cannot run into one another."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        digest.update(f"{len(encoded)}:".encode() + encoded)
    return digest.hexdigest()


def sealed(content: bytes) -> bytes:
    """Put the SHA-256 of a content before it."""
    return hashlib.sha256(content).digest() + content


def unsealed(data: bytes) -> bytes | None:
    """Take the content out of what `sealed` gave; None where that is damaged."""
    content = data[_DIGEST_BYTES:]
    return content if hashlib.sha256(content).digest() == data[:_DIGEST_BYTES] else None


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


@dataclass(frozen=True)
class Inspection:
    """What was found where every entry was read.

    Attributes
    ----------
    entries, size_bytes
        Those that are sound.
    damaged, damaged_bytes
        Those that were not, and were taken away.
    stale
        Files half written by processes that are gone, taken away.
    """

    entries: int = 0
    size_bytes: int = 0
    damaged: int = 0
    damaged_bytes: int = 0
    stale: int = 0
