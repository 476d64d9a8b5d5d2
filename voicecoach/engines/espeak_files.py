"""Where the espeak-ng that came as a wheel keeps its library and data, and under which path it can use them."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from voicecoach.errors import EngineError

LONGEST_PATH_BYTES = 150
"""espeak-ng keeps the data path in a buffer of 160 bytes; measured: over about 150 fails."""


@dataclass(frozen=True)
class EspeakFiles:
    """The parts of espeak-ng.

    Attributes
    ----------
    version
        Version of the wheel.
    library
        The shared library.
    data
        The folder of voices and dictionaries.
    """

    version: str
    library: Path
    data: Path


def find_espeak() -> EspeakFiles:
    """Find the library and the data in the installed package ``espeakng_loader``.

    Raises
    ------
    EngineError
        The package, or a part of it, is not there.
    """
    from importlib.metadata import PackageNotFoundError, version  # not needed by `--help`

    try:
        import espeakng_loader  # loads ctypes

        library, data = Path(espeakng_loader.get_library_path()), Path(espeakng_loader.get_data_path())
        if not library.is_file():
            raise EngineError(f"espeak-ng's library is missing: {library}", hint=_REINSTALL)
        return EspeakFiles(version("espeakng-loader"), library, data)
    except (ImportError, PackageNotFoundError, RuntimeError) as error:
        raise EngineError(f"espeak-ng is not installed: {error}", hint=_REINSTALL) from error


_REINSTALL = "pip install --force-reinstall espeakng-loader"


def short_data_path(data: Path, folder: Path) -> Path:
    """Return a path to the data that espeak-ng can hold: its own, or that of a link (of a copy where links are barred).

    Parameters
    ----------
    data
        The data's true folder.
    folder
        A private temporary folder for the link.

    Raises
    ------
    EngineError
        Even the link's path is too long, or nothing can be written there.
    """
    if len(os.fsencode(data)) <= LONGEST_PATH_BYTES:
        return data
    short = folder / "d"
    if len(os.fsencode(short)) > LONGEST_PATH_BYTES:
        hint = "name a temporary folder with a short path with the variable TMPDIR (TEMP on Windows)"
        raise EngineError(f"the path of the temporary folder is too long for espeak-ng: {folder}", hint=hint)
    try:
        try:
            short.symlink_to(data, target_is_directory=True)
        except OSError:  # Windows allows links to few
            shutil.copytree(data, short)
    except OSError as error:
        raise EngineError(f"the temporary folder cannot be written: {error}") from error
    return short
