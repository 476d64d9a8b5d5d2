"""Opening the file that a step includes."""

from __future__ import annotations

import os
from pathlib import Path

from voicecoach.model.diagnostic import did_you_mean
from voicecoach.model.location import Location
from voicecoach.source.fields import Reader
from voicecoach.source.nodes import SourceFile, parse_yaml, read_source
from voicecoach.stages.parse.context import Context, Opened


def path_of(source: SourceFile) -> Path | None:
    """Return where a file lies, links followed, or None for a text that lies in no folder."""
    return None if source.folder is None else _real(source.folder / Path(source.name).name)


def open_included(
    file: str, place: Location, reader: Reader, context: Context, chain: tuple[Path, ...]
) -> tuple[Path, Opened] | None:
    """Open an included file; once, however often it is included.

    Parameters
    ----------
    file
        As written: relative to the file that it stands in.
    place
        Where that is written.
    reader
        Of the file that it stands in; faults go there.
    context
        Remembers the file.
    chain
        The files that include each other down to this one.

    Returns
    -------
    tuple or None
        Where it lies, and what it holds; None, and the fault recorded, where there is nothing to read.
    """
    folder = reader.source.folder
    if folder is None and not Path(file).is_absolute():
        hint = "write the routine to a file, and include from there"
        reader.fault(
            "include-missing", f"'{file}' is looked for beside this file, which lies in no folder", place, hint
        )
        return None
    try:
        path = _real((folder or Path()) / file)
        if path in chain:
            _loop([*chain[chain.index(path) :], path], place, reader)
            return None
        if path not in context.opened:
            context.opened[path] = _opened(path, reader.source.beside(file), context)
    except FileNotFoundError:
        reader.fault("include-missing", f"there is no file '{file}'", place, _near(file, folder))
    except (OSError, ValueError) as error:
        message = f"'{file}' cannot be read: {getattr(error, 'strerror', None) or error}"
        reader.fault("include-unreadable", message, place, "name a routine's file, such as cooldown.yaml")
    else:
        return path, context.opened[path]
    return None


def _opened(path: Path, name: str, context: Context) -> Opened:
    if path.exists() and not path.is_file():
        raise OSError(None, "it is a folder" if path.is_dir() else "it is not a file")
    source, faults = read_source(path, name)
    context.sources.add(source)
    context.faults += faults
    if faults:
        return Opened(source, None)
    root, faults = parse_yaml(source)
    context.faults += faults
    if root is None and not faults:
        hint = "a routine has a title and steps; 'voicecoach new' writes one to begin with"
        context.faults.append(source.fault("empty-file", "there is nothing in this file", Location(name, 1, 1), hint))
    return Opened(source, root)


def _real(path: Path) -> Path:
    """Follow links; unlike ``resolve``, never fails on a link that leads to itself."""
    return Path(os.path.realpath(path))


def _loop(circle: list[Path], place: Location, reader: Reader) -> None:
    names = [path.name for path in circle]
    message = (
        f"'{names[0]}' includes itself" if len(names) == 2 else f"the files include each other: {' → '.join(names)}"
    )
    reader.fault("include-loop", message, place, "take one of these includes out")


def _near(file: str, folder: Path | None) -> str:
    """Say which file was meant, perhaps."""
    looked = (folder or Path()) / Path(file).parent
    try:
        files = [str(Path(file).parent / found.name) for found in looked.iterdir() if found.suffix in {".yaml", ".yml"}]
    except OSError:
        files = []
    return did_you_mean(file, sorted(files)) or "it is looked for beside the file that this is written in"
