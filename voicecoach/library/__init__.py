"""The data that users get: exercises, routines and the coach's words, and the way to read them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

from voicecoach.errors import LibraryError
from voicecoach.library.exercise import read_exercise
from voicecoach.model.routine import Exercise
from voicecoach.source.fields import Reader
from voicecoach.source.nodes import SourceFile, parse_yaml
from voicecoach.text.wording import Wording

FALLBACK_LANGUAGE = "en"


class Library:
    """The built-in exercises, routines and wording. An entry is read when it is first asked for.

    Parameters
    ----------
    folder
        The folder with ``exercises/``, ``routines/`` and ``wording/``; the package's own where None.
    """

    def __init__(self, folder: Traversable | None = None) -> None:
        self._folder = folder or resources.files("voicecoach.library")
        self.exercise_ids: Sequence[str] = self._names("exercises", ".yaml")
        self.routine_names: Sequence[str] = self._names("routines", ".yaml")
        self.languages: Sequence[str] = self._names("wording", ".ftl")
        self._exercise = lru_cache(maxsize=None)(self._read_exercise)

    def exercise(self, exercise_id: str) -> Exercise:
        """Return an exercise.

        Raises
        ------
        KeyError
            There is none of that id.
        LibraryError
            Its file does not read.
        """
        if exercise_id not in self.exercise_ids:
            raise KeyError(exercise_id)
        return self._exercise(exercise_id)

    def routine_source(self, name: str) -> SourceFile:
        """Return the text of a built-in routine.

        Raises
        ------
        KeyError
            There is none of that name.
        """
        if name not in self.routine_names:
            raise KeyError(name)
        file = self._folder / "routines" / f"{name}.yaml"
        return SourceFile(f"{name}.yaml (built in)", file.read_text(encoding="utf-8"))

    def template(self) -> str:
        """Return the text of a first routine, with comments."""
        return (self._folder / "template.yaml").read_text(encoding="utf-8")

    def wording(self, language: str) -> Wording:
        """Return the coach's words in a language; ``de-at`` takes those of ``de``, an unknown one English."""
        base = language.partition("-")[0].lower()
        chosen = base if base in self.languages else FALLBACK_LANGUAGE
        text = (self._folder / "wording" / f"{chosen}.ftl").read_text(encoding="utf-8")
        return Wording(chosen, text)

    def _names(self, folder: str, ending: str) -> tuple[str, ...]:
        files = (self._folder / folder).iterdir()
        return tuple(sorted(f.name.removesuffix(ending) for f in files if f.name.endswith(ending)))

    def _read_exercise(self, exercise_id: str) -> Exercise:
        file = self._folder / "exercises" / f"{exercise_id}.yaml"
        source = SourceFile(f"{exercise_id}.yaml (built in)", file.read_text(encoding="utf-8"))
        root, faults = parse_yaml(source)
        reader = Reader(source, list(faults))
        exercise = read_exercise(exercise_id, root, reader) if root is not None else None
        if exercise is None or reader.faults:
            told = "\n".join(fault.render() for fault in reader.faults) or "the file is empty"
            raise LibraryError(f"the built-in exercise '{exercise_id}' does not read:\n{told}")
        return exercise
