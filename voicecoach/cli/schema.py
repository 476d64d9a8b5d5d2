"""voicecoach schema: the language as JSON Schema, for editors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from voicecoach.cli.writing import write_text
from voicecoach.errors import EXIT_GOOD

if TYPE_CHECKING:
    from voicecoach.library import Library

SCHEMA_FILE = "routine.schema.json"
SCHEMA_LINE = f"# yaml-language-server: $schema={SCHEMA_FILE}"
"""What an editor's YAML plug-in looks for in a file."""


KINDS = ("routine", "program", "jobs", "profile")


@click.command()
@click.argument("kind", type=click.Choice(KINDS), default="routine")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write it to a file.")
def schema(kind: str, output: Path | None) -> int:
    """Print the language as JSON Schema; an editor's YAML plug-in completes and checks with it.

    That of routines, unless another kind of file is named: a programme, the jobs of a batch, a profile. In a routine,
    this line names the schema's file:

    \b
    # yaml-language-server: $schema=routine.schema.json
    """
    from voicecoach.config import data_folder
    from voicecoach.library import Library

    text = schema_text(Library(user_folder=data_folder()), kind)
    if output is None:
        click.echo(text, nl=False)
        return EXIT_GOOD
    write_text(output, text)
    click.echo(f"wrote {output}")
    return EXIT_GOOD


def schema_text(library: Library, kind: str = "routine") -> str:
    """Return the schema of a kind of file as JSON text; for routines, editors offer the library's exercises."""
    import json

    return f"{json.dumps(_schema(kind, library), ensure_ascii=False, indent=2)}\n"


def _schema(kind: str, library: Library) -> dict[str, Any]:
    from voicecoach.source.fields import file_schema

    if kind == "program":
        from voicecoach.program.table import PROGRAM_FIELDS

        return file_schema("voicecoach programme", PROGRAM_FIELDS)
    if kind == "jobs":
        from voicecoach.batch.jobs_file import JOBS_FIELDS

        return file_schema("voicecoach jobs", JOBS_FIELDS)
    if kind == "profile":
        from voicecoach.library.profile import PROFILE_FIELDS

        return file_schema("voicecoach profile", PROFILE_FIELDS)
    from voicecoach.stages.parse.schema import routine_schema

    return routine_schema(library.exercise_ids)
