"""voicecoach watch: builds again whenever the routine is saved."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from voicecoach.cli.build import build
from voicecoach.cli.options import PersonalCommand
from voicecoach.cli.own_file import own_file
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from voicecoach.serve.watching import Watched


@click.command(cls=PersonalCommand, params=[given for given in build.params if given.name != "routines"])
@click.argument("file")
@click.pass_context
def watch(ctx: click.Context, /, file: str, **flags: Any) -> None:
    """Build FILE, and again whenever it is saved, or a file that it uses; Ctrl-C ends.

    \b
    voicecoach watch morning.yaml
    voicecoach watch morning.yaml -o session.mp3 --voice espeak:en-gb
    """
    from voicecoach.serve.watching import next_change

    profile = [Path(flags["profile"])] if flags.get("profile") else []
    watched = _watched(file, profile)
    before = watched.stamps()
    ctx.invoke(build, routines=(file,), **flags)
    while True:
        click.echo(f"watching {listed(watched.files)}; Ctrl-C ends", err=True)
        changed = next_change(watched, before)
        click.echo(f"\n{listed(changed)} changed", err=True)
        try:
            watched = _watched(file, profile)
            before = watched.stamps()
            ctx.invoke(build, routines=(file,), **flags)
        except VoicecoachError as error:
            click.echo(f"error: {error}", err=True)
        except click.ClickException as error:
            click.echo(f"error: {error.format_message()}", err=True)
            before = watched.stamps()


def _watched(word: str, also: Iterable[Path]) -> Watched:
    from voicecoach.config import data_folder
    from voicecoach.library import Library
    from voicecoach.serve.watching import what_makes

    library = Library(user_folder=data_folder())
    found = own_file(word, library)
    return what_makes(found.source, found.name, library, also)


def listed(files: Iterable[Path]) -> str:
    """Name some files in a few words."""
    names = [path.name for path in files]
    return ", ".join(names) if len(names) <= 3 else f"{', '.join(names[:2])} and {len(names) - 2} more"
