"""The routine that a word in a jobs file means: a file beside it, or a built-in routine of that name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from voicecoach.library import Library
from voicecoach.model.diagnostic import Diagnostic, did_you_mean
from voicecoach.source.nodes import SourceFile, read_source

ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True)
class RoutineText:
    """A routine, ready to be parsed.

    Attributes
    ----------
    word
        The first word that named it.
    name
        File name without folder and ending.
    source
        Its text.
    faults
        Why it is no text, if it is none.
    """

    word: str
    name: str
    source: SourceFile
    faults: tuple[Diagnostic, ...] = ()


class NoRoutine(NamedTuple):
    """There is none, and what may have been meant."""

    message: str
    hint: str | None


def find_routine(word: str, jobs: SourceFile, library: Library) -> RoutineText | NoRoutine:
    """Find a routine: the file of that name beside the jobs file; else with ``.yaml`` added; else the built-in one."""
    folder = jobs.folder or Path()
    path = folder / word
    for written in (word, *(f"{word}{ending}" for ending in ENDINGS)):
        candidate = folder / written
        try:
            if not candidate.is_file():
                continue
            source, faults = read_source(candidate, jobs.beside(written))
        except (OSError, ValueError) as error:
            return NoRoutine(f"cannot read '{word[:80]}': {getattr(error, 'strerror', None) or error}", None)
        return RoutineText(word, candidate.stem, source, faults)
    stem = path.stem if path.suffix in ENDINGS else path.name
    if Path(word).parent == Path() and stem in library.routine_names:
        return RoutineText(word, stem, library.routine_source(stem))
    here = [f.name for ending in ENDINGS for f in path.parent.glob(f"*{ending}")] if path.parent.is_dir() else []
    near = did_you_mean(path.name, here) or did_you_mean(stem, library.routine_names)
    hint = near or f"the built-in routines are {', '.join(library.routine_names)}"
    return NoRoutine(f"there is no file '{jobs.beside(word)}' and no built-in routine '{stem}'", hint)
