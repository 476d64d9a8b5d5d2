"""Writing a file: beside its target first, then moved into place, so that there is never half of one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from voicecoach.errors import OutputError


def write_text(path: Path, text: str) -> None:
    """Write a text file as UTF-8, with the line ends that the text has; as `write_bytes`."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file.

    A link stays one: the file that it leads to is written. A file that was there keeps its permissions.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    target = Path(os.path.realpath(path))
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        try:
            part.write_bytes(data)
            if target.exists():
                shutil.copymode(target, part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}", hint="choose another place") from error
