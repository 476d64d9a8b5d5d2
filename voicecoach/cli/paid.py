"""Leave to spend money: what an engine that is paid would be sent is told, and asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import click

from voicecoach.errors import UsageError


def _nothing() -> None:
    """Clear nothing."""


@dataclass(frozen=True)
class Leave:
    """Asks whoever sits at the terminal.

    Attributes
    ----------
    yes
        It was given beforehand.
    clear
        Takes away what stands on the line that is written to.
    """

    yes: bool = False
    clear: Callable[[], None] = _nothing

    def __call__(self, engine: str, texts: int, characters: int) -> bool:
        """Tell what is to be sent, and ask.

        Raises
        ------
        UsageError
            Nobody is there to be asked.
        """
        cues = "1 text" if texts == 1 else f"{texts:,} texts"
        what = f"{cues} with {characters:,} characters"
        self.clear()
        if not self.yes and not sys.stdin.isatty():
            message = (
                f"'{engine}' may cost money: it would be sent {what}, and nobody is here to be asked; nothing was sent"
            )
            raise UsageError(message, hint="say --yes to allow it, or take another voice")
        click.echo(f"{engine} may cost money: it is sent {what}", err=True)
        return self.yes or click.confirm("Go on?", default=False, err=True)
