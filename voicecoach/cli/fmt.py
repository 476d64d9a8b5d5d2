"""voicecoach fmt: routines made tidy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.faults import show_faults
from voicecoach.cli.own_file import own_file
from voicecoach.cli.writing import write_text
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD

if TYPE_CHECKING:
    from voicecoach.library import Library
    from voicecoach.library.named import Named
    from voicecoach.source.nodes import SourceFile


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file is not tidy.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
def fmt(files: tuple[str, ...], check: bool, diff: bool) -> int:
    """Make each routine FILE tidy: its indent, its empty lines, the order of its first keys.

    What it means stays the same, and so does every comment. A file with errors is left as it is.

    \b
    voicecoach fmt morning.yaml
    voicecoach fmt --check routines/*.yaml
    """
    from voicecoach.config import data_folder
    from voicecoach.library import Library

    library = Library(user_folder=data_folder())
    found = [own_file(word, library) for word in files]
    return max(_fmt_one(routine, library, check=check, diff=diff) for routine in found)


def _fmt_one(routine: Named, library: Library, *, check: bool, diff: bool) -> int:
    from voicecoach.model.diagnostic import has_errors
    from voicecoach.source.formatting import format_text
    from voicecoach.source.nodes import Sources
    from voicecoach.stages.parse import parse

    source, faults, path = routine.source, routine.faults, Path(routine.source.name)
    if not faults:
        _, faults = parse(Sources(source), routine.name, library.beside(source))
    here = [fault for fault in faults if fault.location.file == source.name]
    if has_errors(here):
        show_faults(here)
        click.echo(f"{path} is left as it is: mend its errors first", err=True)
        return EXIT_FAULTS
    tidy = format_text(source.text)
    if tidy == source.text:
        click.echo(f"{path} is tidy already")
        return EXIT_GOOD
    if diff:
        _show_diff(source, tidy)
    if check or diff:
        click.echo(f"{path} is not tidy", err=diff)
        return EXIT_FAULTS if check else EXIT_GOOD
    write_text(path, _as_it_was(path, tidy))
    click.echo(f"{path} is tidy now")
    return EXIT_GOOD


def _as_it_was(path: Path, text: str) -> str:
    """Keep the mark at the file's begin and the line ends of Windows where it has them."""
    data = path.read_bytes()
    text = text.replace("\n", "\r\n") if b"\r\n" in data else text
    return f"\ufeff{text}" if data.startswith(b"\xef\xbb\xbf") else text


def _show_diff(source: SourceFile, tidy: str) -> None:
    import difflib

    lines = difflib.unified_diff(source.text.splitlines(), tidy.splitlines(), source.name, "tidy", lineterm="")
    for line in lines:
        click.echo(line)
