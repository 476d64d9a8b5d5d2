"""A folder anywhere: on this disk, or at an address that fsspec knows (``s3://bucket/clips``, ``gs://…``, ``memory://…``).

On this disk it needs no fsspec. Names are relative, with ``/`` between, and never lead out of the folder. What is
written is whole or not there at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from voicecoach.errors import UsageError

_ADDRESS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+)://")
_SCHEME_ONLY = re.compile(r"(?P<scheme>s3a?|gs|gcs|az|abfs|memory):(?P<rest>(?!//).*)")
_FILE = re.compile("file:", re.IGNORECASE)


@dataclass(frozen=True)
class Stored:
    """One file of a place.

    Attributes
    ----------
    name
        Relative to the place, ``/`` between.
    size_bytes
        How large it is.
    modified_s
        When it was last written (a local one: or touched), seconds since 1970; 0 where the place does not tell.
    """

    name: str
    size_bytes: int
    modified_s: float


class Backend(Protocol):
    """What a place must be able to do; see `Place`."""

    def read(self, name: str) -> bytes | None: ...  # noqa: D102
    def write(self, name: str, data: bytes, *, durable: bool) -> None: ...  # noqa: D102
    def create(self, name: str, data: bytes) -> bool: ...  # noqa: D102
    def put_file(self, name: str, local: Path) -> None: ...  # noqa: D102
    def remove(self, name: str) -> None: ...  # noqa: D102
    def touch(self, name: str) -> None: ...  # noqa: D102
    def listing(self, folder: str) -> Iterator[Stored]: ...  # noqa: D102


class Place:
    """A folder anywhere. It may be used by several threads at once, pickled, and sent to other processes.

    Parameters
    ----------
    address
        A path, a ``file://`` address, or any that fsspec knows.

    Attributes
    ----------
    address
        As it was given.

    Raises
    ------
    UsageError
        The address is none.
    """

    def __init__(self, address: str | Path) -> None:
        self.address = str(address)
        self._folder = _local_folder(self.address)
        self._backend = self._opened()

    def __repr__(self) -> str:
        return f"Place({self.told!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place) and other.address == self.address

    def __hash__(self) -> int:
        return hash(self.address)

    def __reduce__(self) -> tuple[Any, ...]:
        return Place, (self.address,)

    @property
    def told(self) -> str:
        """The address as messages show it: without a password."""
        return re.sub(r"//([^/@:]*):[^/@]*@", r"//\1:***@", self.address)

    @property
    def is_local(self) -> bool:
        """Whether it is a folder on this machine, as far as this machine can tell."""
        return self._folder is not None

    def local_path(self, name: str = "") -> Path:
        """Where a file of a local place is; the folder itself where ``name`` is empty.

        Raises
        ------
        ValueError
            It is not local.
        UsageError
            The name leads out of it.
        """
        if self._folder is None:
            raise ValueError(f"{self.told} is not on this machine")
        return self._folder / _checked(name, self) if name else self._folder

    def read(self, name: str) -> bytes | None:
        """Return a file's content, or None where there is none.

        Raises
        ------
        StoreError
            The place cannot be reached or read, and trying again did not help.
        """
        return self._backend.read(_checked(name, self))

    def write(self, name: str, data: bytes, *, durable: bool = True) -> None:
        """Write a file, whole or not at all, in the place of what is there.

        ``durable``: on this disk it is there even after a power cut.

        Raises
        ------
        StoreError
            It cannot be written, and trying again did not help.
        """
        self._backend.write(_checked(name, self), data, durable=durable)

    def create(self, name: str, data: bytes) -> bool:
        """Write a small file only where there is none; tell whether it was written.

        Of several that do so at once one is told that it was: on a disk with hard links, and where the far side can
        (S3). Elsewhere two may be.

        Raises
        ------
        StoreError
            It cannot be written, and trying again did not help.
        """
        return self._backend.create(_checked(name, self), data)

    def put_file(self, name: str, local: Path) -> None:
        """Copy a file of this machine into the place, whole or not at all.

        Raises
        ------
        StoreError
            It cannot be written, and trying again did not help.
        OSError
            ``local`` cannot be read.
        """
        self._backend.put_file(_checked(name, self), local)

    def remove(self, name: str) -> None:
        """Take a file away, if it is there.

        Raises
        ------
        StoreError
            It cannot be.
        """
        self._backend.remove(_checked(name, self))

    def touch(self, name: str) -> None:
        """Set when a file was last written to now, if it is there.

        Raises
        ------
        StoreError
            It cannot be.
        """
        self._backend.touch(_checked(name, self))

    def listing(self, prefix: str = "") -> Iterator[Stored]:
        """Give the files whose names begin with ``prefix``, in no order; what is being written is not among them.

        Raises
        ------
        StoreError
            The place cannot be reached or read.
        """
        folder, _, _ = prefix.rpartition("/")
        if folder:
            _checked(folder, self)
        return (one for one in self._backend.listing(folder) if one.name.startswith(prefix))

    def names(self, prefix: str = "") -> list[str]:
        """Give the names of the files that begin with ``prefix``, sorted.

        Raises
        ------
        StoreError
            The place cannot be reached or read.
        """
        return sorted(one.name for one in self.listing(prefix))

    def sizes(self, prefix: str = "") -> dict[str, int]:
        """Give the sizes, in bytes, of the files whose names begin with ``prefix``.

        Raises
        ------
        StoreError
            The place cannot be reached or read.
        """
        return {one.name: one.size_bytes for one in self.listing(prefix)}

    def _opened(self) -> Backend:
        if self._folder is not None:
            from voicecoach.cache.on_disk import OnDisk

            return OnDisk(self._folder, self.told)
        from voicecoach.cache.far import Far

        return Far(self.address, self.told)


def _local_folder(address: str) -> Path | None:
    if not address:
        raise UsageError("an empty address is no place", hint="name a folder, or an address like s3://bucket/folder")
    if _FILE.match(address):
        parts = urlsplit(address)
        if parts.netloc not in {"", "localhost"}:
            raise UsageError(f"'{address}' names another machine", hint="three slashes: file:///shared/folder")
        path = unquote(parts.path)
        return Path(path[1:] if re.match(r"/[A-Za-z]:", path) else path)
    if _ADDRESS.match(address):
        return None
    if half := _SCHEME_ONLY.fullmatch(address):
        raise UsageError(f"'{address}' is no address", hint=f"write {half['scheme']}://{half['rest'].lstrip('/')}")
    return Path(address)


def _checked(name: str, place: Place) -> str:
    """Let no name lead out of its place.

    Raises
    ------
    UsageError
        This one does, or is none.
    """
    parts = name.split("/")
    if any(part in {"", ".", ".."} for part in parts) or "\\" in name or "\0" in name or ":" in parts[0][1:2]:
        raise UsageError(f"'{name}' is no name of a file in {place.told}")
    return str(PurePosixPath(name))
