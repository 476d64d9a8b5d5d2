"""The routine that a word on the command line means: a file, or a built-in routine of that name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from voicecoach.library import Library
    from voicecoach.model.diagnostic import Diagnostic
    from voicecoach.source.nodes import SourceFile

ENDINGS = (".yaml", ".yml")


class RoutineFile(NamedTuple):
    """A routine's text, ready to be parsed.

    Attributes
    ----------
    name
        File name without folder and extension.
    built_in
        It is the library's, not a file.
    """

    source: SourceFile
    faults: tuple[Diagnostic, ...]
    name: str
    built_in: bool


def find_routine(word: str, library: Library) -> RoutineFile:
    """Find the routine: the file of that name; else with ``.yaml`` added; else the built-in one.

    Raises
    ------
    click.UsageError
        There is none, or it cannot be read.
    """
    from voicecoach.source.nodes import read_source

    path = Path(word)
    try:
        path.stat()
    except FileNotFoundError:
        pass  # perhaps it is the library's
    except (OSError, ValueError) as error:
        raise click.UsageError(f"cannot read '{word[:80]}': {getattr(error, 'strerror', None) or error}") from error
    if path.is_dir():
        raise click.UsageError(f"'{word}' is a folder; name a routine in it")
    for candidate in (path, *(path.with_name(path.name + ending) for ending in ENDINGS if path.name)):
        if candidate.is_file():
            try:
                source, faults = read_source(candidate)
            except OSError as error:
                raise click.UsageError(f"cannot read '{word}': {error.strerror}") from error
            return RoutineFile(source, faults, candidate.stem, built_in=False)
    stem = path.stem if path.suffix in ENDINGS else path.name
    if path.parent == Path() and stem in library.routine_names:
        return RoutineFile(library.routine_source(stem), (), stem, built_in=True)
    raise click.UsageError(_not_found(word, stem, path, library))


def say_built_in(word: str, found: RoutineFile, doing: str) -> None:
    """Say that a built-in routine is taken, and how to make it one's own."""
    if not found.built_in:
        return
    name = found.name
    click.echo(
        f"{word} is not in this folder: {doing} the built-in routine '{name}'."
        f" To change it, copy it here: voicecoach new {name}.yaml",
        err=True,
    )


def _not_found(word: str, stem: str, path: Path, library: Library) -> str:
    from voicecoach.model.diagnostic import did_you_mean

    here = [f.name for ending in ENDINGS for f in path.parent.glob(f"*{ending}")] if path.parent.is_dir() else []
    near = did_you_mean(path.name, here) or did_you_mean(stem, library.routine_names)
    hint = near or f"the built-in routines are {', '.join(library.routine_names)}"
    return f"there is no file '{word}' and no built-in routine '{stem}'\n  hint: {hint}"
