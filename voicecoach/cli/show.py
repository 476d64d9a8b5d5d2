"""voicecoach show: what is inside an MP3 that voicecoach made."""

from __future__ import annotations

import json
from pathlib import Path

import click

from voicecoach.cli.cuesheet import cue_sheet
from voicecoach.errors import EXIT_GOOD, UsageError


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the timeline as JSON (see README, The timeline).")
@click.option("--cues", is_flag=True, help="Show every cue, as plan does.")
def show(file: Path, as_json: bool, cues: bool) -> int:
    """Show what is inside FILE.mp3: title, length, chapters and cues."""
    from voicecoach.model.diagnostic import harmless
    from voicecoach.model.units import clock, to_seconds
    from voicecoach.mp3.id3 import read_tags
    from voicecoach.mp3.session_file import read_session

    if not file.exists():
        raise UsageError(f"there is no file '{file}'")
    timeline = read_session(file)
    if as_json:
        click.echo(json.dumps(timeline.to_json(), ensure_ascii=False, indent=2))
        return EXIT_GOOD
    tags = read_tags(file)
    numbers = {track.name: len(track.clips) for track in timeline.tracks if track.clips}
    click.echo(harmless(f"{timeline.title}  by {tags.artist}"))
    click.echo(f"length    {clock(timeline.length_s)} ({timeline.frames} frames at {timeline.sample_rate} Hz)")
    click.echo(f"size      {file.stat().st_size / 1e6:.1f} MB, made by {harmless(tags.encoder)}")
    click.echo(f"cues      {', '.join(f'{number} on track {name}' for name, number in numbers.items())}")
    click.echo("chapters")
    for chapter in timeline.chapters:
        click.echo(f"{clock(to_seconds(chapter.start)):>9}  {harmless(chapter.title)}")
    if cues:
        click.echo("cue sheet")
        for line in cue_sheet(timeline):
            click.echo(line)
    return EXIT_GOOD
