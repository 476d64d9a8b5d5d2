"""voicecoach new: a first routine, or a copy of a built-in one, to change."""

from __future__ import annotations

from pathlib import Path

import click

from voicecoach.cli.routine_file import ENDINGS
from voicecoach.errors import EXIT_GOOD, OutputError, UsageError


@click.command()
@click.argument("file", default="my-routine.yaml")
@click.option("--from", "origin", metavar="ROUTINE", help="Copy this built-in routine.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def new(file: str, origin: str | None, force: bool) -> int:
    """Write FILE, a routine to change: a copy of the built-in routine of that name, else a short one with comments.

    \b
    voicecoach new                        writes my-routine.yaml
    voicecoach new morning.yaml           copies the built-in routine 'morning'
    voicecoach new mine.yaml --from morning
    """
    from voicecoach.library import Library
    from voicecoach.model.diagnostic import did_you_mean

    library = Library()
    if Path(file).suffix and not file.endswith(ENDINGS):
        raise UsageError(f"'{file}' does not end in .yaml, as a routine does")
    path = Path(file) if file.endswith(ENDINGS) else Path(f"{file}.yaml")
    if origin is None and path.stem in library.routine_names:
        origin = path.stem
    if origin is not None and origin not in library.routine_names:
        near = did_you_mean(origin, library.routine_names) or f"there is {', '.join(library.routine_names)}"
        raise UsageError(f"there is no built-in routine '{origin}'", hint=near)
    text = library.template() if origin is None else library.routine_source(origin).text
    try:
        if force:
            part = path.with_name(f".{path.name}.part")
            part.write_text(text, encoding="utf-8", newline="\n")
            part.replace(path)
        else:
            with path.open("x", encoding="utf-8", newline="\n") as out:
                out.write(text)
    except FileExistsError as error:
        raise OutputError(
            f"{path} is there already", hint="choose another name, or write over it with --force"
        ) from error
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error
    click.echo(f"wrote {path}{f', a copy of the built-in routine {origin!r}' if origin else ''}")
    click.echo(f"build it with: voicecoach build {path}")
    return EXIT_GOOD
