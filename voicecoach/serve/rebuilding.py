"""Routines that are built into the folder that is served, and again whenever one of their files is saved."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.config import data_folder
from voicecoach.library import EXERCISES, Library
from voicecoach.publish.feed.paths import OUR_FOLDERS
from voicecoach.serve.watching import Stamps, Watched, next_change, what_makes

if TYPE_CHECKING:
    from voicecoach.source.nodes import SourceFile

ENDINGS = (".yaml", ".yml")
NO_ROUTINES = ("feed.yaml", "feed.yml")
_ENDING_S = 10.0
_STEPS = re.compile(rb"""^\s*["']?steps["']?\s*:""", re.MULTILINE)

Build = Callable[[Path, Path], None]
"""Builds a routine (its file, the MP3 to be) and tells what became of it; `KeyboardInterrupt` breaks it off."""


@dataclass(frozen=True)
class Due:
    """A routine, and the MP3 that is made of it."""

    routine: Path
    target: Path


def routines_in(places: Sequence[Path], folder: Path) -> tuple[Due, ...]:
    """Find routines: files as they are named; of a folder its YAML files, and those one folder below, as seasons are.

    Parameters
    ----------
    places
        Files and folders.
    folder
        Where the MP3s go; below it, those of ``routines/week 1/`` into ``week 1/``.
    """
    found: dict[Path, Due] = {}
    for place in places:
        for path in _files(place):
            inside = path.parent.relative_to(place) if place.is_dir() else Path()
            due = Due(path, folder / inside / f"{path.stem}.mp3")
            found.setdefault(due.target, due)  # of a.yaml and a.yml, the first
    return tuple(found.values())


def _files(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield place
        return
    yield from _routines(place)
    for below in sorted(place.iterdir()):
        ours = below.name == EXERCISES or below.name.casefold() in OUR_FOLDERS
        if below.is_dir() and not ours and not below.name.startswith("."):
            yield from _routines(below)


def _routines(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        hidden = path.name.startswith(".") or path.name in NO_ROUTINES
        if path.suffix.lower() in ENDINGS and not hidden and path.is_file() and _has_steps(path):
            yield path


def _has_steps(path: Path) -> bool:
    """Tell a routine from a profile, and from what else may lie there; what cannot be read is told when it is built."""
    try:
        return _STEPS.search(path.read_bytes()) is not None
    except OSError:
        return True


class Rebuilding:
    """Builds in a thread of its own, until it is ended.

    Parameters
    ----------
    places
        Routines, and folders of them.
    folder
        Where the MP3s go.
    build
        Builds one.
    tell
        Called with a line for people.
    """

    def __init__(self, places: Sequence[Path], folder: Path, build: Build, tell: Callable[[str], None]) -> None:
        self._places = places
        self._folder = folder
        self._build = build
        self._tell = tell
        self._built: dict[Path, Stamps] = {}
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="voicecoach-rebuild", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """Break off what is being built, and wait until it is cleared away."""
        self.ended.set()
        self._thread.join(_ENDING_S)

    def progress(self, stage: str, done: int, of: int) -> None:  # noqa: ARG002 - what a workshop calls
        """Break a build off where the server ends meanwhile; a build calls this all the time."""
        if self.ended.is_set():
            raise KeyboardInterrupt

    def _run(self) -> None:
        try:
            while not self.ended.is_set():
                everything, before = self._turn()
                self._tell(f"watching {', '.join(map(str, self._places))}")
                next_change(everything, before, self.ended)
        except KeyboardInterrupt:
            pass

    def _turn(self) -> tuple[Watched, Stamps]:
        """Build what changed; give what is to be watched, and the state that it had before."""
        library = Library(user_folder=data_folder())
        dues = routines_in(self._places, self._folder)
        watched = {due: _watched(due.routine, library) for due in dues}
        whole = self._together(watched.values())
        before = whole.stamps()
        parts = {file.resolve() for one in watched.values() for file in one.files[1:]}
        for due, one in watched.items():
            if self.ended.is_set():
                break
            stamps = one.stamps()
            if due.routine.resolve() in parts or self._built.get(due.routine) == stamps:
                continue
            self._built[due.routine] = stamps
            due.target.parent.mkdir(parents=True, exist_ok=True)
            self._build(due.routine, due.target)
        return whole, before

    def _together(self, several: Iterable[Watched]) -> Watched:
        """All that any of them is made of; and what new routines would come into."""
        folders = dict.fromkeys(place for place in self._places if place.is_dir())
        files = dict.fromkeys(place for place in self._places if not place.is_dir())
        for one in several:
            files.update(dict.fromkeys(one.files))
            folders.update(dict.fromkeys(one.folders))
        return Watched(tuple(files), tuple(folders))


def _watched(routine: Path, library: Library) -> Watched:
    source = _source(routine)
    return Watched((routine,), ()) if source is None else what_makes(source, routine.stem, library)


def _source(routine: Path) -> SourceFile | None:
    from voicecoach.source.nodes import read_source

    try:
        source, faults = read_source(routine)
    except OSError:
        return None
    return None if faults else source
