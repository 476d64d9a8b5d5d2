"""The routine or programme that a word means: a file, with or without its ending, or a built-in one of that name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from voicecoach.library import Library
from voicecoach.model.diagnostic import Diagnostic, did_you_mean
from voicecoach.source.nodes import SourceFile, read_source

ENDINGS = (".yaml", ".yml")


class What(StrEnum):
    """What is looked for."""

    ROUTINE = "routine"
    PROGRAMME = "programme"

    def names(self, library: Library) -> tuple[str, ...]:
        """Name the built-in ones."""
        return tuple(library.routine_names if self is What.ROUTINE else library.program_names)

    def source(self, name: str, library: Library) -> SourceFile:
        """Return the text of a built-in one."""
        return library.routine_source(name) if self is What.ROUTINE else library.program_source(name)


@dataclass(frozen=True)
class Named:
    """What was found.

    Attributes
    ----------
    word
        What named it.
    name
        The file's name without folder and ending.
    source
        Its text, ready to be parsed.
    faults
        Why it is no text, if it is none.
    built_in
        It is the library's, not a file.
    """

    word: str
    name: str
    source: SourceFile
    faults: tuple[Diagnostic, ...] = ()
    built_in: bool = False


@dataclass(frozen=True)
class Missing:
    """There is none that can be read: a message, and what may have been meant."""

    message: str
    hint: str | None = None

    @property
    def told(self) -> str:
        """Both, for people."""
        return self.message if self.hint is None else f"{self.message}\n  hint: {self.hint}"


def name_of(word: str) -> str:
    """Return the name that a word gives: that of a file without folder and ending."""
    path = Path(word)
    return path.stem if path.suffix in ENDINGS else path.name


def find_named(word: str, what: What, library: Library, beside: SourceFile | None = None) -> Named | Missing:
    """Find the file of that name; else with ``.yaml`` added; else the built-in one.

    Parameters
    ----------
    word
        As the author or the command line has it.
    what
        What is looked for.
    library
        What there is built in.
    beside
        The file that names it; None: the current folder is meant. Beside a built-in one lie no files.
    """
    folder = Path() if beside is None else beside.folder
    found = None if folder is None else _file(word, what, folder, beside)
    if isinstance(found, Named):
        return found
    name = name_of(word)
    if Path(word).parent == Path() and name in what.names(library):
        return Named(word, name, what.source(name, library), built_in=True)
    return found or _not_found(word, what, library, beside)


def _file(word: str, what: What, folder: Path, beside: SourceFile | None) -> Named | Missing | None:
    """Find a file; None where there is none of that name."""
    is_folder, path = False, Path(word)
    for written in (path, *(path.with_name(path.name + ending) for ending in ENDINGS if path.name)):
        candidate = folder / written
        try:
            candidate.stat()
            is_folder = is_folder or candidate.is_dir()
            if candidate.is_file():
                shown = None if beside is None else beside.beside(str(written))
                return Named(word, candidate.stem, *read_source(candidate, shown))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            return Missing(f"cannot read '{word[:80]}': {why}", f"name a file, or a built-in {what.value}")
    return Missing(f"'{word}' is a folder; name a {what.value} in it") if is_folder else None


def _not_found(word: str, what: What, library: Library, beside: SourceFile | None) -> Missing:
    folder = Path() if beside is None else beside.folder
    names, name = what.names(library), name_of(word)
    if folder is None:
        shown, here = word, []
    else:
        path = folder / word
        shown = word if beside is None else beside.beside(word)
        here = [f.name for ending in ENDINGS for f in path.parent.glob(f"*{ending}")] if path.parent.is_dir() else []
    hint = did_you_mean(Path(word).name, here) or did_you_mean(name, names)
    if hint is None and what is What.PROGRAMME and name in library.routine_names:
        hint = f"'{name}' is a routine: voicecoach build {name}"
    hint = hint or f"the built-in {what.value}s are {', '.join(names)}"
    return Missing(f"there is no file '{shown}' and no built-in {what.value} '{name}'", hint)
