"""A place on this disk: files written beside their place and moved into it."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from voicecoach.cache.place import Stored
from voicecoach.errors import StoreError

_PART = ".part"


class OnDisk:
    """A folder; see `voicecoach.cache.place.Place` for what its methods do."""

    def __init__(self, folder: Path, told: str) -> None:
        self._folder = folder
        self._told = told

    def read(self, name: str) -> bytes | None:  # noqa: D102
        try:
            return (self._folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._fault("read", error) from error

    def write(self, name: str, data: bytes, *, durable: bool) -> None:  # noqa: D102
        with self._part(name, durable=durable) as (part, file):
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
            file.close()
            part.replace(self._folder / name)

    def create(self, name: str, data: bytes) -> bool:  # noqa: D102
        target = self._folder / name
        with self._part(name, durable=False) as (part, file):
            file.write(data)
            file.close()
            try:
                target.hardlink_to(part)
            except FileExistsError:
                return False
            except OSError:  # a disk without hard links
                if target.exists():
                    return False
                part.replace(target)
            return True

    def put_file(self, name: str, local: Path) -> None:  # noqa: D102
        with local.open("rb") as source, self._part(name, durable=True) as (part, file):
            shutil.copyfileobj(source, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
            file.close()
            part.replace(self._folder / name)

    def remove(self, name: str) -> None:  # noqa: D102
        try:
            (self._folder / name).unlink(missing_ok=True)
        except NotADirectoryError:
            pass
        except OSError as error:
            raise self._fault("written", error) from error

    def touch(self, name: str) -> None:  # noqa: D102
        try:
            os.utime(self._folder / name)
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError as error:
            raise self._fault("written", error) from error

    def listing(self, folder: str) -> Iterator[Stored]:  # noqa: D102
        for path in (self._folder / folder).rglob("*"):
            if path.suffix == _PART and path.name.startswith("."):
                continue
            with contextlib.suppress(OSError):  # taken away meanwhile
                if path.is_file():
                    stat = path.stat()
                    yield Stored(path.relative_to(self._folder).as_posix(), stat.st_size, stat.st_mtime)

    @contextmanager
    def _part(self, name: str, *, durable: bool) -> Iterator[tuple[Path, BinaryIO]]:
        target = self._folder / name
        part: Path | None = None
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{secrets.token_hex(8)}{_PART}")
            with part.open("xb") as file:
                yield part, file
            if durable:
                _sync_folder(target.parent)
        except OSError as error:
            raise self._fault("written", error) from error
        finally:
            if part is not None:
                with contextlib.suppress(OSError):
                    part.unlink(missing_ok=True)

    def _fault(self, what: str, error: OSError) -> StoreError:
        return StoreError(f"{self._told} cannot be {what}: {error.strerror or error}")


def _sync_folder(folder: Path) -> None:
    """Have the name of a file that was moved into a folder outlive a power cut; Windows does so by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
