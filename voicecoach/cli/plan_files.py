"""What `plan` writes: the forms of a plan, and the files that they go to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.cuesheet import cue_sheet
from voicecoach.cli.writing import write_text
from voicecoach.errors import OutputError

if TYPE_CHECKING:
    from voicecoach.library import Library
    from voicecoach.library.named import Named
    from voicecoach.model.routine import Routine
    from voicecoach.model.timeline import Timeline

TABLE = "table"
FORMATS = (TABLE, "json", "csv", "vtt", "srt", "lrc", "audacity")
PICTURES = (".svg", ".png", ".html")
PAGES = (".html", ".htm")
_OF_ENDING = {".txt": TABLE, **{f".{name}": name for name in ("json", "csv", "vtt", "srt", "lrc")}}
_CALLED = {
    TABLE: "cue sheet",
    "json": "timeline as JSON",
    "csv": "table for a spreadsheet",
    "vtt": "captions (WebVTT)",
    "srt": "captions (SubRip)",
    "lrc": "lyrics (LRC)",
    "audacity": "label track for Audacity",
}


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    Attributes
    ----------
    format
        One of `FORMATS`.
    output
        The file that it goes to; None: the screen.
    plot, sheet
        Files of the picture and the hand-out, or None.
    """

    format: str
    output: Path | None = None
    plot: Path | None = None
    sheet: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """All that will be written."""
        return tuple(path for path in (self.output, self.plot, self.sheet) if path is not None)


def wanted(format_: str | None, output: Path | None, plot: Path | None, sheet: Path | None) -> Wanted:
    """Make sense of what is asked for, before anything is planned.

    Raises
    ------
    click.UsageError
        An ending tells nothing, or two would go to the same file.
    OutputError
        A file cannot be where it should.
    """
    asked = Wanted(format_ or _by_ending(output), output, plot, sheet)
    _check_ending("--plot", plot, PICTURES)
    _check_ending("--sheet", sheet, PAGES)
    for one, other in combinations(asked.files, 2):
        if os.path.realpath(one) == os.path.realpath(other):
            raise click.UsageError(f"two things would be written to {one}; give each a file of its own")
    for path in asked.files:
        if path.is_dir():
            raise OutputError(f"cannot write {path}: it is a folder", hint="name a file in it")
        if not path.parent.is_dir():
            raise OutputError(f"cannot write {path}: there is no folder {path.parent}", hint="choose another place")
    return asked


def spare(routine: Named, asked: Wanted) -> None:
    """Keep the routine's own file from being written over.

    Raises
    ------
    click.UsageError
        It would be.
    """
    if routine.source.folder is None:
        return
    own = routine.source.folder / Path(routine.source.name).name
    for path in asked.files:
        if path.exists() and own.exists() and path.samefile(own):
            raise click.UsageError(f"{path} is the routine itself; choose another file")


def text_of(routine: Routine, timeline: Timeline, format_: str, remark: str, *, every: bool = False) -> Iterator[str]:
    """Give a plan in one of its forms, by lines.

    Parameters
    ----------
    routine
        Its language is that of the captions.
    remark
        Where the lengths of speech come from.
    every
        Of the table: leave nothing out.
    """
    if format_ == TABLE:
        yield from cue_sheet(timeline, remark, every=every)
    elif format_ == "json":
        yield from json.dumps(timeline.to_json(), ensure_ascii=False, indent=2).split("\n")
    else:
        yield from _file_text(routine, timeline, format_, remark).removesuffix("\n").split("\n")


def write_all(routine: Routine, timeline: Timeline, library: Library, asked: Wanted, text: str) -> Iterator[str]:
    """Write every file that is asked for, and tell of each.

    Raises
    ------
    OutputError
        One cannot be written.
    """
    if asked.output is not None:
        write_text(asked.output, text)
        yield f"{asked.output}  {_CALLED[asked.format]}"
    if asked.plot is not None:
        from voicecoach.publish.plot import draw

        try:
            draw(timeline, asked.plot)
        except OSError as error:
            message = f"cannot write {asked.plot}: {error.strerror or error}"
            raise OutputError(message, hint="choose another place") from error
        yield f"{asked.plot}  picture"
    if asked.sheet is not None:
        from voicecoach.publish.handout import handout

        write_text(asked.sheet, handout(routine, timeline, library))
        yield f"{asked.sheet}  hand-out"


def _file_text(routine: Routine, timeline: Timeline, format_: str, remark: str) -> str:
    from voicecoach.publish import audacity, caption_files, caption_words, cue_csv

    if format_ == "csv":
        return cue_csv.cue_csv(timeline)
    if format_ == "audacity":
        return audacity.audacity(timeline, remark)
    words = caption_words.caption_words(routine.language)
    if format_ == "vtt":
        return caption_files.webvtt(timeline, words, remark)
    if format_ == "srt":
        return caption_files.subrip(timeline, words)
    return caption_files.lyrics(timeline, words, remark)


def _by_ending(output: Path | None) -> str:
    if output is None:
        return TABLE
    found = _OF_ENDING.get(output.suffix.lower())
    if found is None:
        hint = "build makes the MP3" if output.suffix.lower() == ".mp3" else f"end it in {_either(tuple(_OF_ENDING))}"
        raise click.UsageError(f"'{output}' does not tell the format\n  hint: {hint}, or say --format")
    return found


def _check_ending(flag: str, path: Path | None, endings: tuple[str, ...]) -> None:
    if path is not None and path.suffix.lower() not in endings:
        raise click.UsageError(f"{flag}: '{path}' does not end in {_either(endings)}")


def _either(endings: tuple[str, ...]) -> str:
    return f"{', '.join(endings[:-1])} or {endings[-1]}"
