"""Bundles: what a routine is made of in one piece, to be built on a machine that has none of its files."""

from __future__ import annotations

import hashlib
import io
import json
import posixpath
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePath, PureWindowsPath
from typing import Any

from voicecoach.batch.materials import Material, Materials, Root
from voicecoach.cache import Place, key_of
from voicecoach.cache.store import dated, entry_name, undated
from voicecoach.engines.preferred import FILE as PREFERRED
from voicecoach.errors import UsageError, VoicecoachError
from voicecoach.library import EXERCISES
from voicecoach.source.nodes import SourceFile

MOST_BYTES = 128_000_000
"""What is larger is not sent about."""
_HEAD = "voicecoach.json"
_FILES = "files"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def bundle_of(materials: Materials) -> bytes:
    """Pack a routine's text and the files beside it. The user's own exercises travel with `own_bundle_of`.

    Raises
    ------
    UsageError
        The routine names a file by its whole path, which means nothing elsewhere; or all files are too large.
    VoicecoachError
        A file has changed since its materials were found.
    """
    source = materials.source
    for one in materials.files:
        if one.root is Root.ELSEWHERE:
            message = f"{source.name}: '{one.name}' is a whole path, which other machines do not have"
            raise UsageError(message, hint="put the file beside the routine, and name it from there")
    beside = [one for one in materials.files if one.root is Root.BESIDE and one.sha256]
    size_bytes = sum(one.path.stat().st_size for one in beside if one.path.is_file())
    if size_bytes > MOST_BYTES:
        message = f"{source.name}: its files are {size_bytes / 1e6:.0f} MB, which is too much to send about"
        raise UsageError(message, hint=f"at most {MOST_BYTES / 1e6:.0f} MB; a bed needs no more than some minutes")
    folder = _folder_in(source, beside)
    head = {"name": source.name, "text": source.text, "folder": folder}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
        _put(bundle, _HEAD, json.dumps(head).encode())
        for one in beside:
            _put(bundle, posixpath.normpath(posixpath.join(_FILES, folder or "", one.name)), _content(one))
    return packed.getvalue()


def unpack(bundle: bytes, folder: Path) -> SourceFile:
    """Unpack a bundle into a folder, all of it or nothing; one that is there already stays.

    Returns
    -------
    SourceFile
        The routine, which builds here to the same bytes.

    Raises
    ------
    VoicecoachError
        It is none.
    """
    head = _unpacked(bundle, folder)
    try:
        where = head["folder"]
        within = None if where is None else folder / _FILES / where
        if within is not None:
            within.mkdir(parents=True, exist_ok=True)
        return SourceFile(head["name"], head["text"], within)
    except (KeyError, TypeError, OSError) as fault:
        raise VoicecoachError(f"a bundle of a routine is damaged: {fault}") from fault


def own_bundle_of(data: Path) -> bytes:
    """Pack what sessions take from the user's data folder: exercises, and which voice is preferred.

    Voices that were installed there stay where they are: each machine has its own.

    Raises
    ------
    UsageError
        It is too large.
    """
    found = [data / PREFERRED, *sorted((data / EXERCISES).glob("*.yaml")), *sorted((data / EXERCISES).glob("*/*.yaml"))]
    files = [path for path in found if path.is_file()]
    if sum(path.stat().st_size for path in files) > MOST_BYTES:
        raise UsageError(f"{data / EXERCISES} is too large to be sent about")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
        _put(bundle, _HEAD, b"{}")
        for path in files:
            _put(bundle, path.relative_to(data).as_posix(), path.read_bytes())
    return packed.getvalue()


def unpack_own(bundle: bytes, folder: Path) -> Path:
    """Unpack what `own_bundle_of` packed; return the data folder that it is there.

    Raises
    ------
    VoicecoachError
        It is none.
    """
    _unpacked(bundle, folder)
    return folder


def keep_bundle(store: Place, digest: str, bundle: bytes) -> None:
    """Keep a routine's bundle in a store, among its entries: it is pruned with them.

    Raises
    ------
    StoreError
        The store cannot be written.
    """
    store.write(_entry(digest), dated(bundle), durable=False)


def kept_bundle(store: Place, digest: str) -> bytes:
    """Return a bundle that is kept in a store.

    Raises
    ------
    StoreError
        The store cannot be read.
    VoicecoachError
        It is not there, or damaged.
    """
    data = store.read(_entry(digest))
    known = None if data is None else undated(data)
    if known is None:
        raise VoicecoachError("what a routine is made of is gone from the store", hint="go on with --resume")
    return known[0]


def _entry(digest: str) -> str:
    return entry_name(key_of("bundle", digest))


def _folder_in(source: SourceFile, files: list[Material]) -> str | None:
    """Say where the routine's folder lies in its bundle, so that names that go up from it stay within.

    It is called as it is here: ``../hips/x.png`` in a routine of the folder ``hips`` is a file beside it.
    """
    if source.folder is None:
        return None
    up = max((PurePath(one.name).parts.count("..") for one in files), default=0)
    parts = source.folder.absolute().parts[1:]
    if up > len(parts):
        raise UsageError(f"{source.name}: a file of its lies above all folders")
    return "/".join(parts[len(parts) - up :])


def _put(bundle: zipfile.ZipFile, name: str, data: bytes) -> None:
    bundle.writestr(zipfile.ZipInfo(name, _LONG_AGO), data, zipfile.ZIP_DEFLATED)


def _content(material: Material) -> bytes:
    try:
        data = material.path.read_bytes()
    except OSError as fault:
        raise VoicecoachError(f"cannot read {material.path}: {fault.strerror or fault}") from fault
    if hashlib.sha256(data).hexdigest() != material.sha256:
        raise VoicecoachError(f"{material.path} has changed since the batch began", hint="begin again, with --resume")
    return data


def _unpacked(bundle: bytes, folder: Path) -> dict[str, Any]:
    """Put the files of a bundle into a folder, unless they are there; return its head."""
    try:
        with zipfile.ZipFile(io.BytesIO(bundle)) as packed:
            head = json.loads(packed.read(_HEAD))
            if not folder.exists():
                _write(packed, folder)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as fault:
        raise VoicecoachError(f"a bundle of a routine cannot be unpacked: {fault}") from fault
    return dict(head)


def _write(packed: zipfile.ZipFile, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=".part-", dir=folder.parent))
    try:
        for name in _names(packed):
            path = part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(packed.read(name))
        try:
            part.rename(folder)
        except OSError:
            if not folder.is_dir():  # else somebody else was quicker with the same
                raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _names(packed: zipfile.ZipFile) -> Iterator[str]:
    for name in packed.namelist():
        if ".." in name.split("/") or name.startswith("/") or PureWindowsPath(name).drive:
            raise ValueError(f"'{name}' leads out of it")
        if name != _HEAD:
            yield name
