"""A routine that must be a file of the user's, for commands that change or watch it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from voicecoach.cli.routine_file import find_routine

if TYPE_CHECKING:
    from voicecoach.library import Library
    from voicecoach.library.named import Named


def own_file(word: str, library: Library) -> Named:
    """Find a routine's file; its source is named by its path.

    Raises
    ------
    click.UsageError
        There is none, it cannot be read, or it is the library's.
    """
    found = find_routine(word, library)
    if found.built_in:
        hint = f"to have it as a file: voicecoach new {found.name}.yaml"
        raise click.UsageError(f"'{word}' is a built-in routine\n  hint: {hint}")
    return found
