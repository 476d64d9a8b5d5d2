"""Files of a routine, and waiting until one of them is saved."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.config import data_folder
from voicecoach.library import EXERCISES, Library

if TYPE_CHECKING:
    from voicecoach.model.routine import Step
    from voicecoach.source.nodes import SourceFile

YAML = ("*.yaml", "*.yml", "*/*.yaml")
"""What counts in a folder of exercises: its files, and their translations one folder below."""
LOOK_EVERY_MS = 1000
"""Files are also looked at so often where the system tells of no change (a network drive)."""
SETTLE_MS = 100
"""A change counts when nothing has happened for so long: editors save in several strokes."""

Stamps = dict[Path, tuple[int, int, int]]


@dataclass(frozen=True)
class Watched:
    """What routines are made of.

    Attributes
    ----------
    files
        Their files, and those that they use.
    folders
        Any YAML file in them may matter.
    """

    files: tuple[Path, ...]
    folders: tuple[Path, ...]

    def stamps(self) -> Stamps:
        """Tell each file's state; those that are not there have none."""
        found: Stamps = {}
        inside = (path for folder in self.folders for pattern in YAML for path in folder.glob(pattern))
        for path in (*self.files, *inside):
            try:
                state = path.stat()
            except OSError:
                continue
            found[path] = (state.st_mtime_ns, state.st_size, state.st_ino)
        return found

    def places(self) -> set[Path]:
        """Name the folders to be watched; those that are not there yet would come into one that is."""
        below = (path for folder in self.folders for path in folder.glob("*/"))
        every = {*(path.parent for path in self.files), *self.folders, *below}
        return {path for path in every if path.is_dir()}


def what_makes(source: SourceFile, name: str, library: Library, also: Iterable[Path] = ()) -> Watched:
    """Find what a routine is made of: its file, what it includes, and the folders of exercises.

    Parameters
    ----------
    source, name
        The routine; its source is named by its path.
    library
        Where its exercises come from.
    also
        More files that matter to it.
    """
    from voicecoach.source.nodes import Sources
    from voicecoach.stages.parse import parse

    path = Path(source.name)
    folders = [path.parent / EXERCISES, data_folder() / EXERCISES]
    routine, faults = parse(Sources(source), name, library.beside(source))
    included = list(dict.fromkeys(_included(routine.steps, path.parent))) if routine is not None else []
    if any(fault.code.startswith("include-") for fault in faults):
        folders += {file.parent for file in (path, *included)}
    return Watched((path, *included, *also), tuple(folders))


def next_change(watched: Watched, before: Stamps, stop: threading.Event | None = None) -> list[Path]:
    """Wait until a file is other than it was; give those that are, or none where ``stop`` was set."""
    import watchfiles

    told = watchfiles.watch(
        *watched.places(),
        watch_filter=None,
        step=SETTLE_MS,
        rust_timeout=LOOK_EVERY_MS,
        yield_on_timeout=True,
        recursive=False,
        stop_event=stop,
    )
    now = watched.stamps()
    while now == before:
        if next(told, None) is None:
            return []
        now = watched.stamps()
    return sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))


def _included(steps: Iterable[Step], folder: Path) -> Iterator[Path]:
    """Name the included files, and those that they include."""
    from voicecoach.model.routine import IncludeStep, RepeatStep

    for step in steps:
        if isinstance(step, IncludeStep):
            yield folder / step.file
            yield from _included(step.steps, (folder / step.file).parent)
        elif isinstance(step, RepeatStep):
            yield from _included(step.steps, folder)
