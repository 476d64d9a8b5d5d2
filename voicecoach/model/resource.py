"""A file to be published, not yet made: what a folder is filled with and what a server hands out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Resource:
    """A file to be published.

    Attributes
    ----------
    path
        Where it lies, relative to the root of what is published, with ``/`` between parts; not quoted for a URL.
    media_type
        As HTTP says it: ``application/json+chapters``, ``text/vtt; charset=utf-8``.
    key
        Stands for the bytes: as long as it is the same, they are the same. Hex or another plain token.
    make
        Makes the bytes; it may take a while (a cover is drawn).
    """

    path: str
    media_type: str
    key: str
    make: Callable[[], bytes]
