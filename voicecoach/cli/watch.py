"""voicecoach watch: builds again whenever the routine is saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from voicecoach.cli.build import build
from voicecoach.cli.options import PersonalCommand
from voicecoach.cli.own_file import own_file
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from voicecoach.model.routine import Step

YAML = ("*.yaml", "*.yml", "*/*.yaml")
"""What counts in a folder of exercises: its files, and their translations one folder below."""
LOOK_EVERY_MS = 1000
"""Files are also looked at so often where the system tells of no change (a network drive)."""
SETTLE_MS = 100
"""A change counts when nothing has happened for so long: editors save in several strokes."""

Stamps = dict[Path, tuple[int, int, int]]


@dataclass(frozen=True)
class _Watched:
    """What a routine is made of: its files, and the folders any YAML file of which may matter."""

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


@click.command(cls=PersonalCommand, params=[given for given in build.params if given.name != "routines"])
@click.argument("file")
@click.pass_context
def watch(ctx: click.Context, /, file: str, **flags: Any) -> None:
    """Build FILE, and again whenever it is saved, or a file that it uses; Ctrl-C ends.

    \b
    voicecoach watch morning.yaml
    voicecoach watch morning.yaml -o session.mp3 --voice espeak:en-gb
    """
    profile = [Path(flags["profile"])] if flags.get("profile") else []
    watched = _watched(file, profile)
    before = watched.stamps()
    ctx.invoke(build, routines=(file,), **flags)
    while True:
        click.echo(f"watching {_listed(watched.files)}; Ctrl-C ends", err=True)
        changed = _next_change(watched, before)
        click.echo(f"\n{_listed(changed)} changed", err=True)
        try:
            watched = _watched(file, profile)
            before = watched.stamps()
            ctx.invoke(build, routines=(file,), **flags)
        except VoicecoachError as error:
            click.echo(f"error: {error}", err=True)
        except click.ClickException as error:
            click.echo(f"error: {error.format_message()}", err=True)
            before = watched.stamps()


def _next_change(watched: _Watched, before: Stamps) -> list[Path]:
    """Wait until a file is other than it was; give those that are."""
    import watchfiles

    told = watchfiles.watch(
        *watched.places(),
        watch_filter=None,
        step=SETTLE_MS,
        rust_timeout=LOOK_EVERY_MS,
        yield_on_timeout=True,
        recursive=False,
    )
    now = watched.stamps()
    while now == before:
        next(told)
        now = watched.stamps()
    return sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))


def _watched(word: str, also: Iterable[Path]) -> _Watched:
    """Find what a routine is made of: its file, what it includes, and the folders of exercises."""
    from voicecoach.config import data_folder
    from voicecoach.library import EXERCISES, Library
    from voicecoach.source.nodes import Sources
    from voicecoach.stages.parse import parse

    library = Library(user_folder=data_folder())
    found = own_file(word, library)
    path = Path(found.source.name)
    folders = [path.parent / EXERCISES, data_folder() / EXERCISES]
    routine, faults = parse(Sources(found.source), found.name, library.beside(found.source))
    included = list(dict.fromkeys(_included(routine.steps, path.parent))) if routine is not None else []
    if any(fault.code.startswith("include-") for fault in faults):
        folders += {file.parent for file in (path, *included)}
    return _Watched((path, *included, *also), tuple(folders))


def _included(steps: Iterable[Step], folder: Path) -> Iterator[Path]:
    """Name the included files, and those that they include."""
    from voicecoach.model.routine import IncludeStep, RepeatStep

    for step in steps:
        if isinstance(step, IncludeStep):
            yield folder / step.file
            yield from _included(step.steps, (folder / step.file).parent)
        elif isinstance(step, RepeatStep):
            yield from _included(step.steps, folder)


def _listed(files: Iterable[Path]) -> str:
    names = [path.name for path in files]
    return ", ".join(names) if len(names) <= 3 else f"{', '.join(names[:2])} and {len(names) - 2} more"
