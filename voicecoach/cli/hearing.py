"""Letting a text be heard: for ``say`` and ``voices try``."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.paid import Leave
from voicecoach.cli.playing import play
from voicecoach.cli.progress import Bar

if TYPE_CHECKING:
    from voicecoach.model.clip import Clip
    from voicecoach.pipeline import Workshop
    from voicecoach.rehearsal import Rehearsed


def read_output(output: str | None) -> Path | None:
    """Read where a sound is to be written, before anything is spoken.

    Raises
    ------
    UsageError
        We write no such format.
    """
    from voicecoach.errors import UsageError
    from voicecoach.rehearsal import FORMATS

    if output is None:
        return None
    path, endings = Path(output), [file_format.ending for file_format in FORMATS]
    if path.suffix.lower() not in endings:
        raise UsageError(f"'{output}': one text is written as {', '.join(endings)}", hint=f"write {path.stem}.wav")
    return path


def let_hear(rehearsed: Rehearsed, shop: Workshop, output: Path | None, name: str, *, yes: bool) -> None:
    """Speak, and write it where that was asked for; else play it, or write it where nothing here can play.

    Parameters
    ----------
    rehearsed
        What is to be heard.
    shop
        Engines and cache.
    output
        The file to write.
    name
        What a file is called that is written where nothing can play.
    yes
        Leave was given beforehand to spend money.
    """
    from dataclasses import replace

    from voicecoach.config import OUTPUT_FOLDER
    from voicecoach.rehearsal import hear, write_clip

    bar = Bar(sys.stderr)
    studio = replace(shop.studio(), approve=Leave(yes, bar.clear))
    clip = hear(rehearsed, studio)
    if output is None:
        if play(clip) is not None:
            return
        plain = re.sub(r"[^\w.+-]+", "-", name).strip("-.")
        output = Path(OUTPUT_FOLDER) / f"{plain}.wav"
        click.echo("nothing here can play a sound: it is written to a file", err=True)
    write_clip(clip, output)
    click.echo(f"{output}  {_length(clip)}")


def _length(clip: Clip) -> str:
    return f"{float(clip.length_s):.1f} s"
