"""The routines that a programme names: files beside it, or built in."""

from __future__ import annotations

from pathlib import Path

from voicecoach.library import Library
from voicecoach.model.diagnostic import Diagnostic, did_you_mean
from voicecoach.source.nodes import SourceFile, read_source

ENDINGS = (".yaml", ".yml")


def routine_name(word: str) -> str:
    """Return the name of the routine that a word of a programme means: its file's without folder and ending."""
    path = Path(word)
    return path.stem if path.suffix in ENDINGS else path.name


def _file(word: str, folder: Path | None) -> str | None:
    """Find the file that a word means, as a path from the programme's folder; None where there is none."""
    if folder is None:
        return None
    try:
        return next((name for name in (word, *(word + end for end in ENDINGS)) if (folder / name).is_file()), None)
    except (OSError, ValueError):  # a name that no file can have
        return None


def has_routine(word: str, folder: Path | None, library: Library) -> bool:
    """Tell whether there is the routine that a word means."""
    return _file(word, folder) is not None or _built_in(word, library)


def _built_in(word: str, library: Library) -> bool:
    return Path(word).parent == Path() and routine_name(word) in library.routine_names


def like_routine(word: str, folder: Path | None, library: Library) -> str:
    """Return a hint for a word that means no routine."""
    here = [] if folder is None else [file.stem for ending in ENDINGS for file in folder.glob(f"*{ending}")]
    names = ", ".join(library.routine_names)
    return did_you_mean(routine_name(word), [*here, *library.routine_names]) or f"the built-in ones are {names}"


def routine_source(word: str, program: SourceFile, library: Library) -> tuple[SourceFile, tuple[Diagnostic, ...]]:
    """Read the routine that a programme names, and give the faults of its file as such: too large, not UTF-8.

    Raises
    ------
    KeyError
        There is none.
    OSError
        It cannot be read.
    """
    name = _file(word, program.folder)
    if name is not None and program.folder is not None:
        return read_source(program.folder / name, program.beside(name))
    if not _built_in(word, library):
        raise KeyError(word)
    return library.routine_source(routine_name(word)), ()
