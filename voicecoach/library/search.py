"""Finding an exercise on shelves that lie one over the other, with all that it is based on and its translation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voicecoach.errors import LibraryError
from voicecoach.library.exercise import OVERLAY_FIELDS, read_exercise, read_overlay
from voicecoach.library.shelf import Page, Shelf
from voicecoach.model.diagnostic import Diagnostic, did_you_mean
from voicecoach.model.exercise import Exercise
from voicecoach.source.fields import Reader
from voicecoach.source.nodes import MapNode, Node, ScalarNode, SourceFile

MOST_BASES = 20
"""An exercise may be based on one that is based on another, and so on, this often."""

Link = tuple[str, int]
"""An exercise and the level of the shelf that it was found on."""


@dataclass(frozen=True)
class Found:
    """What looking up an exercise gave.

    Attributes
    ----------
    exercise
        What did read; None where nothing can be made of it.
    sources
        The files that it was read from: its own, its translations, and those of what it is based on.
    faults
        What is wrong in files that users wrote.
    """

    exercise: Exercise | None
    sources: tuple[SourceFile, ...]
    faults: tuple[Diagnostic, ...]


def base_of(node: Node) -> ScalarNode | None:
    """Return the exercise that an exercise's map says it is based on, or None where it says none."""
    if not isinstance(node, MapNode):
        return None
    named = next((entry.value for entry in node.entries if entry.key.text == "based on"), None)
    return named if isinstance(named, ScalarNode) and not named.empty else None


def unknown_base(exercise_id: str, named: ScalarNode, known: Sequence[str], reader: Reader) -> None:
    """Record that there is no exercise of the name that another one is based on."""
    hint = did_you_mean(named.text, known) or "'voicecoach exercises' lists what there is"
    reader.fault("unknown-base", f"there is no exercise '{named.text}' to base '{exercise_id}' on", named.place, hint)


def based_on_itself(chain: Sequence[str], named: ScalarNode, reader: Reader) -> None:
    """Record that exercises are based on each other in a circle."""
    message = f"'{chain[0]}' is based on itself"
    if len(chain) > 2:
        message = f"these exercises are based on each other: {' → '.join(chain)}"
    reader.fault("base-loop", message, named.place, "one of them must say everything itself")


def worded(node: Node) -> bool:
    """Tell whether an exercise's map has wording of its own, which is then in the language of its author's routine."""
    spoken = {field.key for field in OVERLAY_FIELDS} - {"name", "says"}
    return isinstance(node, MapNode) and any(entry.key.text in spoken for entry in node.entries)


class Search:
    """Finds one exercise; remembers the files that it went through and their faults.

    Parameters
    ----------
    shelves
        The uppermost first.
    language
        The language of the translation; ``de-at`` is laid over ``de``.
    """

    def __init__(self, shelves: Sequence[Shelf], language: str) -> None:
        self._shelves = shelves
        self._languages = tuple(dict.fromkeys((language.partition("-")[0].lower(), language.lower())))
        self._sources: list[SourceFile] = []
        self._faults: list[Diagnostic] = []

    def find(self, exercise_id: str) -> Found:
        """Find an exercise on the uppermost shelf that has it.

        Raises
        ------
        LibraryError
            A built-in file does not read.
        """
        level = self._level(exercise_id)
        exercise = None if level is None else self._read(exercise_id, level, ())
        return Found(exercise, tuple(self._sources), tuple(self._faults))

    def _level(self, exercise_id: str, top: int = 0) -> int | None:
        return next((n for n in range(top, len(self._shelves)) if exercise_id in self._shelves[n].ids), None)

    def _read(self, exercise_id: str, level: int, above: tuple[Link, ...]) -> Exercise | None:
        shelf = self._shelves[level]
        page = shelf.page(exercise_id)
        if page is None:
            return None
        reader = self._open(page)
        exercise: Exercise | None = None
        if page.root is not None:
            named = base_of(page.root)
            base = None if named is None else self._base(named, (*above, (exercise_id, level)), reader)
            stand_in = None if named is None else Exercise(exercise_id, exercise_id)
            exercise = read_exercise(exercise_id, page.root, reader, base or stand_in)
            exercise = None if named is not None and base is None else exercise
            if exercise is not None and not shelf.built_in and worded(page.root):
                exercise = replace(exercise, language=self._languages[-1])
        self._close(reader, shelf, f"exercise '{exercise_id}'")
        return None if exercise is None else self._translated(exercise, level)

    def _base(self, named: ScalarNode, chain: tuple[Link, ...], reader: Reader) -> Exercise | None:
        """Find what an exercise is based on; one of the same name lies on a shelf below."""
        exercise_id, level = chain[-1]
        found = self._level(named.text, level + 1 if named.text == exercise_id else 0)
        if found is None and named.text == exercise_id:
            based_on_itself((exercise_id,), named, reader)
        elif found is None:
            unknown_base(exercise_id, named, [name for shelf in self._shelves for name in shelf.ids], reader)
        elif (named.text, found) in chain:
            circle = [name for name, _ in chain[chain.index((named.text, found)) :]]
            based_on_itself((*circle, named.text), named, reader)
        elif len(chain) > MOST_BASES:
            message = f"more than {MOST_BASES} exercises are based on one another"
            reader.fault("too-deep", message, named.place, "base it on the first of them")
        else:
            return self._read(named.text, found, chain)
        return None

    def _translated(self, exercise: Exercise, level: int) -> Exercise:
        """Lay translations over an exercise: those that lie on its own shelf or above."""
        for language in self._languages:
            for shelf in reversed(self._shelves[: level + 1]):
                page = shelf.overlay(exercise.id, language)
                if page is None:
                    continue
                reader = self._open(page)
                if page.root is not None:
                    exercise = read_overlay(exercise, language, page.root, reader)
                self._close(reader, shelf, f"translation of '{exercise.id}'")
        return exercise

    def _open(self, page: Page) -> Reader:
        self._sources.append(page.source)
        return Reader(page.source, list(page.faults))

    def _close(self, reader: Reader, shelf: Shelf, what: str) -> None:
        if shelf.built_in and reader.faults:
            told = "\n".join(fault.render() for fault in reader.faults)
            raise LibraryError(f"the built-in {what} does not read:\n{told}")
        self._faults += reader.faults
