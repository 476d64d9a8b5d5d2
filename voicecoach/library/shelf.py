"""A folder of exercise files: ID.yaml, and translations of them in LANGUAGE/ID.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.location import Location
from voicecoach.source.nodes import Node, SourceFile, parse_yaml, read_source

ENDING = ".yaml"


@dataclass(frozen=True)
class Page:
    """One file of a shelf: its text, its root node (None where it does not read), and the faults of its YAML."""

    source: SourceFile
    root: Node | None
    faults: tuple[Diagnostic, ...]


class Shelf:
    """A folder of exercise files. A file is read when it is first asked for.

    Parameters
    ----------
    folder
        Where the files lie; a folder that is not there holds none.
    shown
        How diagnostics call the folder; None for the built-in one.

    Attributes
    ----------
    ids
        The exercises that have a file here, sorted.
    built_in
        The files are the package's own: a fault in them is ours.
    """

    def __init__(self, folder: Traversable, shown: str | None = None) -> None:
        self._folder = folder
        self._shown = shown
        self.built_in = shown is None
        self.ids = _names(folder)
        self._translated = lru_cache(maxsize=None)(self._translations)
        self._read = lru_cache(maxsize=None)(self._page)

    def page(self, exercise_id: str) -> Page | None:
        """Return the file of an exercise, or None where there is none here."""
        return self._read(None, exercise_id) if exercise_id in self.ids else None

    def overlay(self, exercise_id: str, language: str) -> Page | None:
        """Return the file of an exercise's translation, or None where there is none here."""
        return self._read(language, exercise_id) if exercise_id in self._translated(language) else None

    def _translations(self, language: str) -> frozenset[str]:
        return frozenset(_names(self._folder / language)) if language.replace("-", "").isalnum() else frozenset()

    def _page(self, language: str | None, exercise_id: str) -> Page:
        name = f"{exercise_id}{ENDING}" if language is None else f"{language}/{exercise_id}{ENDING}"
        file = (self._folder if language is None else self._folder / language) / f"{exercise_id}{ENDING}"
        if self._shown is None or not isinstance(file, Path):
            return _parsed(SourceFile(f"{name} (built in)", file.read_text(encoding="utf-8")))
        shown = str(Path(self._shown) / name)
        try:
            source, faults = read_source(file, shown)
        except OSError as error:
            message = f"the file cannot be read: {error.strerror or error}"
            return _faulty(SourceFile(shown, ""), "exercise-unreadable", message, "look at the file's permissions")
        return Page(source, None, faults) if faults else _parsed(source)


def _parsed(source: SourceFile) -> Page:
    root, faults = parse_yaml(source)
    if root is None and not faults:
        return _faulty(source, "empty-file", "there is nothing in this file", "an exercise has a name and a set up")
    return Page(source, root, faults)


def _faulty(source: SourceFile, code: str, message: str, hint: str) -> Page:
    return Page(source, None, (source.fault(code, message, Location(source.name, 1, 1), hint),))


def _names(folder: Traversable) -> tuple[str, ...]:
    try:
        files = [file.name for file in folder.iterdir() if file.name.endswith(ENDING)]
    except OSError:
        return ()
    return tuple(sorted(name.removesuffix(ENDING) for name in files))
