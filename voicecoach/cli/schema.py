"""voicecoach schema: the language as JSON Schema, for editors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.writing import write_text
from voicecoach.errors import EXIT_GOOD

if TYPE_CHECKING:
    from voicecoach.library import Library

SCHEMA_FILE = "routine.schema.json"
SCHEMA_LINE = f"# yaml-language-server: $schema={SCHEMA_FILE}"
"""What an editor's YAML plug-in looks for in a file."""


@click.command()
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write it to a file.")
def schema(output: Path | None) -> int:
    """Print the routine language as JSON Schema; an editor's YAML plug-in completes and checks with it.

    In a routine, this line names the schema's file:

    \b
    # yaml-language-server: $schema=routine.schema.json
    """
    from voicecoach.config import data_folder
    from voicecoach.library import Library

    text = schema_text(Library(user_folder=data_folder()))
    if output is None:
        click.echo(text, nl=False)
        return EXIT_GOOD
    write_text(output, text)
    click.echo(f"wrote {output}")
    return EXIT_GOOD


def schema_text(library: Library) -> str:
    """Return the schema as JSON text; editors offer the library's exercises."""
    import json

    from voicecoach.stages.parse.schema import routine_schema

    return f"{json.dumps(routine_schema(library.exercise_ids), ensure_ascii=False, indent=2)}\n"
