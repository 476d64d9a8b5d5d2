"""voicecoach show: what is inside an MP3 that voicecoach made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.cuesheet import cue_sheet
from voicecoach.cli.writing import write_bytes
from voicecoach.errors import EXIT_GOOD, SessionFileError, UsageError

if TYPE_CHECKING:
    from voicecoach.model.levels import Levels
    from voicecoach.model.timeline import Timeline
    from voicecoach.mp3.tags import Tags


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the timeline as JSON (see README, The timeline).")
@click.option("--cues", is_flag=True, help="Show every cue, as plan does.")
@click.option("--lyrics", is_flag=True, help="Print all that is said, and nothing else.")
@click.option("--notes", is_flag=True, help="Print the show notes, and nothing else.")
@click.option("--cover", type=click.Path(path_type=Path), metavar="FILE.jpg", help="Write the cover to a file.")
def show(file: Path, as_json: bool, cues: bool, lyrics: bool, notes: bool, cover: Path | None) -> int:
    """Show what is inside FILE.mp3: title, length, levels, cover, chapters and cues."""
    from voicecoach.mp3.id3 import read_tags
    from voicecoach.mp3.session_file import read_session

    if not file.exists():
        raise UsageError(f"there is no file '{file}'")
    if sum((as_json, cues, lyrics, notes, cover is not None)) > 1:
        raise UsageError("--json, --cues, --lyrics, --notes and --cover go one at a time")
    timeline, tags = read_session(file), read_tags(file)
    if as_json:
        click.echo(json.dumps(timeline.to_json(), ensure_ascii=False, indent=2))
    elif lyrics:
        _print(tags.words, f"in {file} nothing is said")
    elif notes:
        _print(tags.comment, f"{file} has no notes")
    elif cover is not None:
        _write_cover(tags, file, cover)
    else:
        for line in _told(file, timeline, tags):
            click.echo(line)
        for line in ("cue sheet", *cue_sheet(timeline)) if cues else ():
            click.echo(line)
    return EXIT_GOOD


def _told(file: Path, timeline: Timeline, tags: Tags) -> Iterator[str]:
    from voicecoach.model.diagnostic import harmless
    from voicecoach.model.units import clock, to_seconds

    numbers = {track.name: len(track.clips) for track in timeline.tracks if track.clips}
    yield harmless(f"{timeline.title}  by {tags.artist}")
    for what, told in (("series", tags.album), ("date", tags.date), ("language", tags.language)):
        if told is not None:
            yield f"{what:9} {harmless(told)}"
    yield f"length    {clock(timeline.length_s)} ({timeline.frames} frames at {timeline.sample_rate} Hz)"
    yield f"size      {file.stat().st_size / 1e6:.1f} MB, made by {harmless(tags.encoder)}"
    levels = harmless(", ".join(_levels(timeline.levels)))
    if levels:
        yield f"levels    {levels}"
    yield f"cover     {_cover(tags)}"
    yield f"lyrics    {_lyrics(tags)}"
    yield f"cues      {', '.join(f'{number} on track {name}' for name, number in numbers.items())}"
    yield "chapters"
    for chapter in timeline.chapters:
        yield f"{clock(to_seconds(chapter.start)):>9}  {harmless(chapter.title)}"


def _levels(levels: Levels | None) -> Iterator[str]:
    """Tell how loud the session came out; what was not measured is left out."""
    if levels is None:
        return
    yield str(levels.profile)
    for value, words in (
        (levels.integrated_lufs, "{:.1f} LUFS"),
        (levels.true_peak_dbtp, "true peak {:.1f} dBTP"),
        (levels.voice_over_bed_lu, "voice {:.1f} LU over the bed"),
    ):
        if isinstance(value, int | float):
            yield words.format(value)


def _cover(tags: Tags) -> str:
    if tags.cover is None:
        return "none"
    from voicecoach.errors import PictureError
    from voicecoach.publish.plot.png import size_of

    try:
        width, height = size_of(tags.cover)
    except PictureError:
        return "damaged"
    return f"{width} × {height} pixels, {len(tags.cover) / 1000:.0f} kB"


def _lyrics(tags: Tags) -> str:
    if tags.words is None:
        return "none"
    return f"{len(tags.words.split())} words, {f'{len(tags.lyrics)} lines with times' if tags.lyrics else 'no times'}"


def _print(text: str | None, missing: str) -> None:
    from voicecoach.model.diagnostic import harmless

    if text is None:
        raise SessionFileError(missing)
    for line in text.splitlines():
        click.echo(harmless(line))


def _write_cover(tags: Tags, file: Path, target: Path) -> None:
    if target.suffix.lower() not in {".jpg", ".jpeg"}:
        raise UsageError(f"'{target}' does not end in .jpg: the cover is a JPEG file")
    if tags.cover is None:
        raise SessionFileError(f"{file} has no cover")
    write_bytes(target, tags.cover)
    click.echo(str(target))
