"""voicecoach new: a first routine, or a copy of a built-in one, to change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.options import ENDINGS
from voicecoach.cli.schema import SCHEMA_FILE, SCHEMA_LINE, schema_text
from voicecoach.cli.writing import write_text
from voicecoach.errors import EXIT_GOOD, OutputError, UsageError

if TYPE_CHECKING:
    from voicecoach.library import Library


@click.command()
@click.argument("file", default="my-routine.yaml")
@click.option("--from", "origin", metavar="ROUTINE", help="Copy this built-in routine.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--no-schema", is_flag=True, help=f"Do not write {SCHEMA_FILE} beside it, which editors check with.")
def new(file: str, origin: str | None, force: bool, no_schema: bool) -> int:
    """Write FILE, a routine to change: a copy of the built-in routine of that name, else a short one with comments.

    \b
    voicecoach new                        writes my-routine.yaml
    voicecoach new morning.yaml           copies the built-in routine 'morning'
    voicecoach new mine.yaml --from morning
    """
    from voicecoach.config import data_folder
    from voicecoach.library import Library

    library = Library(user_folder=data_folder())
    path = Path(file) if file.endswith(ENDINGS) else Path(f"{file}.yaml")
    origin = _origin(origin, path, library)
    text = library.template() if origin is None else library.routine_source(origin).text
    if path.exists() and not force:
        raise OutputError(f"{path} is there already", hint="choose another name, or write over it with --force")
    write_text(path, _named(text, schema=not no_schema))
    click.echo(f"wrote {path}{f', a copy of the built-in routine {origin!r}' if origin else ''}")
    if not no_schema:
        _write_schema(path.parent / SCHEMA_FILE, library)
    click.echo(f"build it with: voicecoach build {path}")
    return EXIT_GOOD


def _origin(origin: str | None, path: Path, library: Library) -> str | None:
    from voicecoach.model.diagnostic import did_you_mean

    if origin is None:
        return path.stem if path.stem in library.routine_names else None
    if origin not in library.routine_names:
        near = did_you_mean(origin, library.routine_names) or f"there is {', '.join(library.routine_names)}"
        raise UsageError(f"there is no built-in routine '{origin}'", hint=near)
    return origin


def _named(text: str, *, schema: bool) -> str:
    """Name the schema in the first line, or nowhere."""
    rest = "".join(line for line in text.splitlines(keepends=True) if line.strip() != SCHEMA_LINE)
    return f"{SCHEMA_LINE}\n{rest}" if schema else rest


def _write_schema(path: Path, library: Library) -> None:
    """Write the schema; a file of that name that is not one of ours stays as it is."""
    text = schema_text(library)
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else None
    except (OSError, UnicodeDecodeError):
        before = ""
    if before == text:
        return
    if before is not None and '"title": "voicecoach routine"' not in before:
        click.echo(f"{path} is there already and not ours: left as it is", err=True)
        return
    write_text(path, text)
    click.echo(f"wrote {path}, with which an editor's YAML plug-in completes and checks")
