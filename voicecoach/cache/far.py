"""A place at an address that fsspec knows. The door to fsspec.

What fails is tried again a few times: a network has moments. Object stores show a file when it is whole; elsewhere it
is written beside its place and moved.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from voicecoach.cache.place import Stored
from voicecoach.errors import StoreError, UsageError, VoicecoachError

T = TypeVar("T")
_WAITS_S = (0.2, 1.0, 3.0)
"""What is waited before each further try."""
_WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oci", "oss", "memory"})
"""Protocols of stores that show a file when it is whole."""
_PACKAGES = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs"}
_S3_OPTIONS = {
    # botocore's own tries would be multiplied by ours. One request at a time asks for no size before it reads.
    "config_kwargs": {"connect_timeout": 5, "read_timeout": 30, "retries": {"total_max_attempts": 1}},
    "max_concurrency": 1,
}
_OPTIONS: dict[str, dict[str, Any]] = {"s3": _S3_OPTIONS, "s3a": _S3_OPTIONS}
_TIMES = ("mtime", "LastModified", "last_modified", "updated", "created")
_PART = ".part"


class Far:
    """A folder at an address; see `voicecoach.cache.place.Place` for what its methods do."""

    def __init__(self, address: str, told: str) -> None:
        self._address = address
        self._told = told
        self._protocol = address.partition("://")[0].lower()
        self._lock = threading.Lock()
        self._shared: tuple[int, Any, str] | None = None
        self._at()  # an address that nobody knows is told at once

    def read(self, name: str) -> bytes | None:  # noqa: D102
        try:
            return bytes(self._tried("read", lambda fs, root: fs.cat_file(f"{root}/{name}")))
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes, *, durable: bool) -> None:  # noqa: D102, ARG002
        self._put(name, lambda fs, path: fs.pipe_file(path, data))

    def create(self, name: str, data: bytes) -> bool:  # noqa: D102
        def once(fs: Any, root: str) -> bool:
            path = f"{root}/{name}"
            with self._lock:  # threads of this object see one another, whatever the far side can
                if fs.exists(path):
                    return False
                self._make_folder(fs, path)
                try:
                    fs.pipe_file(path, data, mode="create")
                except FileExistsError:
                    return False
                except (NotImplementedError, TypeError, ValueError):  # it cannot: as well as it may be
                    fs.pipe_file(path, data)
                return True

        return self._tried("written", once)

    def put_file(self, name: str, local: Path) -> None:  # noqa: D102
        with local.open("rb"):  # that it cannot be read is not the place's fault
            pass
        self._put(name, lambda fs, path: fs.put_file(str(local), path))

    def remove(self, name: str) -> None:  # noqa: D102
        with contextlib.suppress(FileNotFoundError):
            self._tried("written", lambda fs, root: fs.rm_file(f"{root}/{name}"))

    def touch(self, name: str) -> None:  # noqa: D102
        data = self.read(name)
        if data is not None:
            self.write(name, data, durable=False)

    def listing(self, folder: str) -> Iterator[Stored]:  # noqa: D102
        def found(fs: Any, root: str) -> list[Stored]:
            fs.invalidate_cache()
            base = f"{root}/{folder}" if folder else root
            return [
                Stored(path[len(root) :].strip("/"), int(about.get("size") or 0), _modified_s(about))
                for path, about in fs.find(base, detail=True).items()
                if about.get("type") == "file" and not path.endswith(_PART)
            ]

        try:
            files = self._tried("read", found)
        except FileNotFoundError:
            files = []
        if not files:
            self._assert_is_there()
        yield from files

    def _assert_is_there(self) -> None:
        """Tell an empty folder from a bucket that is not there: an object store has no others."""
        if self._protocol not in _WHOLE - {"memory"}:
            return
        if not self._tried("read", lambda fs, root: fs.exists(root.partition("/")[0])):
            raise self._fault("read", FileNotFoundError("there is no such bucket"))

    def _put(self, name: str, put: Callable[[Any, str], object]) -> None:
        def once(fs: Any, root: str) -> None:
            path = f"{root}/{name}"
            self._make_folder(fs, path)
            if self._protocol in _WHOLE:
                put(fs, path)
                return
            part = f"{path}.{secrets.token_hex(8)}{_PART}"
            try:
                put(fs, part)
                fs.mv(part, path)
            except BaseException:
                with contextlib.suppress(Exception):
                    fs.rm_file(part)
                raise

        try:
            self._tried("written", once)
        except FileNotFoundError as error:
            raise self._fault("written", error) from error

    def _make_folder(self, fs: Any, path: str) -> None:
        """Make the folder of a file where folders are something that is made."""
        if self._protocol not in _WHOLE:
            fs.makedirs(path.rpartition("/")[0], exist_ok=True)

    def _tried(self, what: str, do: Callable[[Any, str], T]) -> T:
        """Do something, again if it fails.

        Raises
        ------
        FileNotFoundError
            There is no such file.
        StoreError
            It failed each time.
        """
        for wait_s in (*_WAITS_S, None):
            try:
                return do(*self._at())
            except (FileNotFoundError, VoicecoachError):
                raise
            except Exception as error:
                if wait_s is None or isinstance(error, PermissionError):
                    raise self._fault(what, error) from error
                time.sleep(wait_s)
        raise AssertionError

    def _at(self) -> tuple[Any, str]:
        """Give the file system and the folder's path in it.

        An event loop of another process is not ours: after a fork it is opened anew. What is not asynchronous may not
        bear several threads: fsspec keeps one for each.
        """
        shared = self._shared
        if shared is not None and shared[0] == os.getpid():
            return shared[1], shared[2]
        fs, root = self._open()
        if getattr(fs, "async_impl", False):
            self._shared = os.getpid(), fs, root
        return fs, root

    def _open(self) -> tuple[Any, str]:
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            message = f"'{self._told}' needs fsspec, which is not installed"
            raise UsageError(message, hint="pip install 'voicecoach[dask]'") from error
        options = _OPTIONS.get(self._protocol, {})
        try:
            fs, root = url_to_fs(self._address, use_listings_cache=False, **options)
        except ImportError as error:
            package = _PACKAGES.get(self._protocol)
            hint = f"pip install {package}" if package else str(error)
            message = f"'{self._told}' needs a package that is not installed"
            raise UsageError(message, hint=hint) from error
        except ValueError as error:
            raise UsageError(f"'{self._told}' is no address: {error}") from error
        except Exception as error:
            raise self._fault("reached", error) from error
        return fs, root.rstrip("/")

    def _fault(self, what: str, error: BaseException) -> StoreError:
        why = " ".join(str(error).split()) or type(error).__name__
        return StoreError(f"{self._told} cannot be {what}: {why}")


def _modified_s(about: dict[str, Any]) -> float:
    """When a file was last written, of what fsspec tells: each store names it otherwise."""
    for name in _TIMES:
        value = about.get(name)
        if isinstance(value, datetime):
            return value.timestamp()
        if isinstance(value, (int, float)):
            return float(value)
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                return datetime.fromisoformat(value).timestamp()
    return 0.0
