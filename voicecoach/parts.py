"""Files and folders that are written beside their target and moved into place, and what killed builds left of such."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from voicecoach.errors import OutputError

STALE_S = 24 * 3600
"""A part file this old belongs to no build that still runs."""


def part_beside(target: Path, what: str = "") -> Path:
    """The file or folder beside a target that this process writes first."""
    return target.with_name(f".{target.name}{what}.{os.getpid()}.part")


@contextmanager
def writing(target: Path, *parts: Path) -> Iterator[None]:
    """Sweep before, and take the parts away after, whatever happens.

    Raises
    ------
    OutputError
        Something could not be written.
    """
    try:
        _sweep(target)
        yield
    except OSError as error:
        raise OutputError(
            f"cannot write {target}: {error.strerror or error}", hint="choose another place with -o"
        ) from error
    finally:
        for part in parts:
            with contextlib.suppress(OSError):
                _remove(part)


def sweep_folder(folder: Path, names: Collection[str]) -> None:
    """Take away what killed runs left behind in a folder of the targets of these names."""
    with contextlib.suppress(OSError):
        for left in folder.glob(".*.part"):
            if left.name[1:].rpartition(".part")[0].rpartition(".")[0] in names:
                _remove_stale(left)


def _sweep(target: Path) -> None:
    """Take away what killed builds of this target left behind."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        _remove_stale(left)


def _remove_stale(left: Path) -> None:
    with contextlib.suppress(OSError):
        if time.time() - left.stat().st_mtime > STALE_S or not _runs(left):
            _remove(left)


def _remove(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part)
    else:
        part.unlink()


def _runs(part: Path) -> bool:
    """Tell whether the process named in a part file's name may still run."""
    number = part.suffixes[-2].removeprefix(".") if len(part.suffixes) > 1 else ""
    if not number.isdecimal() or os.name == "nt":  # on Windows, os.kill would end it
        return True
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def move_folder(part: Path, folder: Path, last: str, stale: Iterable[str]) -> None:
    """Move a finished folder into place; where there is one already, file by file, and what else is in it stays.

    Parameters
    ----------
    part, folder
        From where to where.
    last
        The name of the file that names the others: it is moved when they are there.
    stale
        Names of files of the folder that are no longer wanted.
    """
    if not folder.exists():
        part.replace(folder)
        return
    names = sorted((file.name for file in part.iterdir()), key=lambda name: (name == last, name))
    for name in names:
        (part / name).replace(folder / name)
    for name in set(stale) - set(names):
        (folder / name).unlink(missing_ok=True)
