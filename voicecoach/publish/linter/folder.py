"""The files of a feed, by the addresses that it gives them: where they lie in its folder."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

_BLOCK_BYTES = 1 << 20
_MOST_ASKED = 400


@dataclass(frozen=True)
class Found:
    """What an address says of a file in the feed's folder.

    Attributes
    ----------
    name
        Its path in the folder, with ``/`` between parts, not quoted.
    path
        Where it would lie, whether it is there or not; None: the address leads out of the folder.
    """

    name: str
    path: Path | None

    @cached_property
    def there(self) -> bool:
        """Whether it is a file that can be looked at."""
        return self.path is not None and is_file(self.path)


@dataclass(frozen=True)
class Folder:
    """Where a feed lies.

    Attributes
    ----------
    path
        Its folder.
    base
        The address of that folder, with a slash at its end; empty where it is not known.
    """

    path: Path
    base: str

    def find(self, address: str) -> Found | None:
        """Find what an address of the feed's own folder, or a relative one, leads to; None for one that lies elsewhere.

        http and https are taken for the same here.
        """
        parts = split(address)
        if parts is None:
            return None
        if parts.scheme or parts.netloc:
            own = self._own
            if own is None or not own.netloc or not _same_host(parts, own):
                return None
            if not parts.path.startswith(own.path):
                return None
            name = unquote(parts.path[len(own.path) :], errors="replace")
        else:
            name = unquote(parts.path, errors="replace").removeprefix("./")
        return Found(name, self._inside(name))

    def lies_here(self, address: str) -> str | None:
        """Name the file of the folder that an address of elsewhere seems to mean, by its last parts; or None."""
        parts = split(address)
        return None if parts is None else next(iter(_endings_there(self.path, parts)), None)

    def _inside(self, name: str) -> Path | None:
        if not name or "\0" in name or "\\" in name or name.startswith("/") or ".." in name.split("/"):
            return None
        path = self.path / name
        try:
            inside = os.path.realpath(path).startswith(self._real)
        except (OSError, ValueError):
            return path
        return path if inside else None

    @cached_property
    def _real(self) -> str:
        return os.path.join(os.path.realpath(self.path), "")  # noqa: PTH118  (pathlib takes the slash away)

    @cached_property
    def _own(self) -> SplitResult | None:
        return split(self.base)


def split(address: str) -> SplitResult | None:
    """Take an address apart; None for one that cannot be."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  (raises where it is no number)
    except ValueError:
        return None
    return parts


def version_in(address: str) -> str | None:
    """Return what stands for the content in an address (``?v=…``), or None."""
    parts = split(address)
    try:
        given = parse_qs(parts.query, max_num_fields=50).get("v") if parts is not None else None
    except ValueError:
        return None
    return given[-1] if given else None


def is_file(path: Path) -> bool:
    """Tell whether a path is a file; what cannot be asked is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hex; it is read in blocks.

    Raises
    ------
    OSError
        It cannot be read.
    """
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            found.update(block)
    return found.hexdigest()


def likely_base(folder: Path, own_address: str | None, addresses: Iterable[str]) -> tuple[str, int]:
    """Find the address of a folder: under which most of its files would lie.

    Parameters
    ----------
    folder
        Where the feed lies.
    own_address
        What the feed says its own address is, or None.
    addresses
        Those of its files.

    Returns
    -------
    tuple of (str, int)
        The address with a slash at its end, or an empty one; and how many files lie under it.
    """
    votes: Counter[str] = Counter()
    for address, _ in zip(addresses, range(_MOST_ASKED), strict=False):
        parts = split(address)
        if parts is not None and parts.scheme in ("http", "https") and parts.netloc:
            for name in _endings_there(folder, parts):
                votes[
                    f"{parts.scheme}://{parts.netloc}{parts.path[: len(parts.path) - len(_written(parts, name))]}"
                ] += 1
    own = _folder_of(own_address or "")
    if own and (not votes or votes[own] == max(votes.values())):
        return own, votes[own]
    return votes.most_common(1)[0] if votes else ("", 0)


def _folder_of(address: str) -> str:
    parts = split(address)
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.netloc}{parts.path.rpartition('/')[0]}/"


def _written(parts: SplitResult, name: str) -> str:
    """Return the end of an address's path that means a name, as it is written there."""
    return "/".join(parts.path.split("/")[-len(name.split("/")) :])


def _endings_there(folder: Path, parts: SplitResult) -> Iterable[str]:
    """Give what of an address's path, taken from its end, is a file in the folder; the longest."""
    names = [unquote(part, errors="replace") for part in parts.path.split("/") if part]
    for first in range(max(0, len(names) - 6), len(names)):
        part = names[first:]
        odd = ".." in part or any("\0" in name or "/" in name for name in part)
        if not odd and is_file(folder.joinpath(*part)):
            return ("/".join(part),)
    return ()


def quoted(name: str) -> str:
    """Quote a path for an address."""
    return quote(name)


def _same_host(one: SplitResult, other: SplitResult) -> bool:
    return one.netloc.casefold() == other.netloc.casefold()
