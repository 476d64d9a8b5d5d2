"""The data that users get: exercises, routines, programmes and the coach's words, and the way to read them.

Exercises lie on shelves, one over the other: the folder ``exercises/`` beside a routine, the one in the user's own
folder, and the built-in one. An exercise is taken from the uppermost shelf that has it.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from voicecoach.errors import VoicecoachError
from voicecoach.library.pronouncing import read_lexicon
from voicecoach.library.search import Found, Search
from voicecoach.library.shelf import Shelf
from voicecoach.model.exercise import Exercise
from voicecoach.model.lexicon import Pronunciation
from voicecoach.source.nodes import SourceFile
from voicecoach.text.wording import Wording

FALLBACK_LANGUAGE = "en"
EXERCISES = "exercises"
"""The folder of exercise files, beside a routine as in the user's own folder."""
WORDING = "wording"
"""The coach's words, one file a language."""
LABELS = "labels"
"""The words of printed pages, one file a language of the coach's."""
LEXICON = "lexicon"
"""How words are spoken, one file a language."""
PROGRAMS = "programs"
"""Programmes of routines over weeks."""


class Library:
    """The exercises, routines and wording that there are. An entry is read when it is first asked for.

    Parameters
    ----------
    folder
        The folder with ``exercises/``, ``routines/``, ``programs/``, ``wording/`` and ``labels/``; the package's own
        where None.
    user_folder
        The user's own, whose ``exercises/`` lies over the built-in ones; None for none.

    Attributes
    ----------
    exercise_ids
        The exercises of all shelves, sorted.
    routine_names, program_names
        The built-in routines and programmes.
    languages
        Those that the coach has words in.
    """

    def __init__(self, folder: Traversable | None = None, user_folder: Path | None = None) -> None:
        self._folder = folder or resources.files("voicecoach.library")
        shelves = [Shelf(self._folder / EXERCISES)]
        if user_folder is not None:
            shelves.insert(0, Shelf(user_folder / EXERCISES, str(user_folder / EXERCISES)))
        self.routine_names: Sequence[str] = self._names("routines", ".yaml")
        self.program_names: Sequence[str] = self._names(PROGRAMS, ".yaml")
        self.languages: Sequence[str] = self._names(WORDING, ".ftl")
        self._words = lru_cache(maxsize=None)(self._read_words)
        self._lexicons = lru_cache(maxsize=None)(lambda base: read_lexicon(self._folder / LEXICON / f"{base}.yaml"))
        self._stack(shelves)

    def beside(self, source: SourceFile) -> Library:
        """Return this library with the exercises of the folder ``exercises/`` beside a routine over its own."""
        if source.folder is None:
            return self
        own = Shelf(source.folder / EXERCISES, source.beside(EXERCISES))
        if not own.ids:
            return self
        layered = copy.copy(self)
        layered._stack((own, *self._shelves))
        return layered

    def exercise(self, exercise_id: str, language: str = FALLBACK_LANGUAGE) -> Exercise:
        """Return an exercise, in a language where it is translated; what reads of it, where a user's file has faults.

        Raises
        ------
        KeyError
            There is none of that id.
        LibraryError
            It is built in, and its file does not read.
        VoicecoachError
            It is the user's, and nothing can be made of its file.
        """
        found = self.look_up(exercise_id, language)
        if found.exercise is None:
            told = "\n".join(fault.render() for fault in found.faults)
            raise VoicecoachError(f"the exercise '{exercise_id}' does not read:\n{told}")
        return found.exercise

    def look_up(self, exercise_id: str, language: str = FALLBACK_LANGUAGE) -> Found:
        """Return an exercise with the faults of the files that it was read from.

        Raises
        ------
        KeyError
            There is none of that id.
        LibraryError
            It is built in, and its file does not read.
        """
        if exercise_id not in self.exercise_ids:
            raise KeyError(exercise_id)
        return self._found(exercise_id, language)

    def routine_source(self, name: str) -> SourceFile:
        """Return the text of a built-in routine.

        Raises
        ------
        KeyError
            There is none of that name.
        """
        return self._source("routines", name, self.routine_names)

    def program_source(self, name: str) -> SourceFile:
        """Return the text of a built-in programme.

        Raises
        ------
        KeyError
            There is none of that name.
        """
        return self._source(PROGRAMS, name, self.program_names)

    def template(self) -> str:
        """Return the text of a first routine, with comments."""
        return (self._folder / "template.yaml").read_text(encoding="utf-8")

    def wording(self, language: str) -> Wording:
        """Return the coach's words in a language; ``de-at`` takes those of ``de``.

        What a language has no words for, and a language that has none at all, takes English ones.
        """
        return self._words(WORDING, self._base(language))

    def labels(self, language: str) -> Wording:
        """Return the words of printed pages in a language; without any, English ones, as with `wording`."""
        return self._words(LABELS, self._base(language))

    def lexicon(self, language: str) -> tuple[Pronunciation, ...]:
        """Return how words of a language are spoken where engines say them wrong; of one that we do not know, none."""
        return self._lexicons(language.partition("-")[0].lower())

    def _base(self, language: str) -> str:
        base = language.partition("-")[0].lower()
        return base if base in self.languages else FALLBACK_LANGUAGE

    def _read_words(self, folder: str, language: str) -> Wording:
        text = (self._folder / folder / f"{language}.ftl").read_text(encoding="utf-8")
        return Wording(
            language, text, None if language == FALLBACK_LANGUAGE else self._words(folder, FALLBACK_LANGUAGE)
        )

    def _source(self, folder: str, name: str, names: Sequence[str]) -> SourceFile:
        if name not in names:
            raise KeyError(name)
        file = self._folder / folder / f"{name}.yaml"
        return SourceFile(f"{name}.yaml (built in)", file.read_text(encoding="utf-8"))

    def _names(self, folder: str, ending: str) -> tuple[str, ...]:
        there = self._folder / folder
        files = there.iterdir() if there.is_dir() else ()
        return tuple(sorted(f.name.removesuffix(ending) for f in files if f.name.endswith(ending)))

    def _stack(self, shelves: Sequence[Shelf]) -> None:
        """Take shelves, the uppermost first."""
        self._shelves = tuple(shelves)
        self.exercise_ids: Sequence[str] = tuple(sorted({name for shelf in shelves for name in shelf.ids}))
        self._found = lru_cache(maxsize=None)(lambda name, language: Search(self._shelves, language).find(name))
