"""The routine that a word on the command line means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from voicecoach.library import Library
    from voicecoach.library.named import Named


def find_routine(word: str, library: Library) -> Named:
    """Find the routine: the file of that name; else with ``.yaml`` added; else the built-in one.

    Raises
    ------
    click.UsageError
        There is none, or it cannot be read.
    """
    from voicecoach.library.named import Missing, What, find_named

    found = find_named(word, What.ROUTINE, library)
    if isinstance(found, Missing):
        raise click.UsageError(found.told)
    return found


def say_built_in(word: str, found: Named, doing: str) -> None:
    """Say that a built-in routine is taken, and how to make it one's own."""
    if not found.built_in:
        return
    name = found.name
    click.echo(
        f"{word} is not in this folder: {doing} the built-in routine '{name}'."
        f" To change it, copy it here: voicecoach new {name}.yaml",
        err=True,
    )
