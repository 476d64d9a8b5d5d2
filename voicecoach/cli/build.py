"""voicecoach build: routines to MP3s."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.faults import show_faults
from voicecoach.cli.progress import Bar
from voicecoach.cli.routine_file import RoutineFile, find_routine, say_built_in
from voicecoach.cli.shop import open_shop
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, OutputError, VoicecoachError

if TYPE_CHECKING:
    from voicecoach.model.session import Outcome
    from voicecoach.pipeline import Workshop

AUTOMATIC = ("auto", "default")


@click.command()
@click.argument("routines", nargs=-1, required=True, metavar="ROUTINE...")
@click.option(
    "-o", "--output", metavar="FILE|FOLDER", help="The MP3 to write, or a folder for it. [default: output/NAME.mp3]"
)
@click.option(
    "--voice", metavar="VOICE", help="auto, an engine (espeak, system, fake) or ENGINE:VOICE, such as espeak:en-us."
)
@click.option("-j", "--jobs", type=click.IntRange(1, 64), help="Speak so many cues at a time. [default: one a core]")
@click.option("--no-cache", is_flag=True, help="Make all speech anew and keep none of it.")
@click.option("-v", "--verbose", is_flag=True, help="Show what was left out and the time of each stage.")
def build(
    routines: tuple[str, ...], output: str | None, voice: str | None, jobs: int | None, no_cache: bool, verbose: bool
) -> int:
    """Build the MP3 of each ROUTINE: a YAML file, or the name of a built-in routine.

    \b
    voicecoach build morning.yaml
    voicecoach build monday.yaml tuesday.yaml -o sessions/
    voicecoach build morning.yaml --voice espeak:en-gb -o ~/Music/morning.mp3
    """
    code = EXIT_GOOD
    bar = Bar(sys.stderr)
    with open_shop(voice=voice, jobs=jobs, use_cache=not no_cache, progress=bar.show) as shop:
        found = [(word, find_routine(word, shop.library)) for word in routines]
        targets = _targets(found, output)
        for (word, routine), target in zip(found, targets, strict=True):
            say_built_in(word, routine, "building")
            try:
                built = _build_one(routine, target, shop, bar, verbose=verbose)
            except VoicecoachError as error:
                if len(found) == 1:
                    raise
                click.echo(f"error: {routine.source.name}: {error}", err=True)
                code = max(code, error.exit_code)
                continue
            code = code if built else max(code, EXIT_FAULTS)
    return code


def _build_one(routine: RoutineFile, target: Path, shop: Workshop, bar: Bar, *, verbose: bool) -> bool:
    from voicecoach.model.units import clock
    from voicecoach.pipeline import build as run

    if routine.faults:
        show_faults(routine.faults)
        return False
    try:
        outcome = run(routine.source, routine.name, target, shop)
    finally:
        bar.clear()
    show_faults(outcome.faults)
    session = outcome.session
    if session is None:
        return False
    asked = shop.options.voice or (outcome.routine.voice.spec if outcome.routine else "")
    click.echo(f"voice: {session.voice}{' (auto)' if asked in AUTOMATIC else ''}", err=True)
    if verbose:
        _show_details(outcome)
    click.echo(f"{target}  {clock(session.timeline.length_s)}  {session.size_bytes / 1e6:.1f} MB")
    return True


def _show_details(outcome: Outcome) -> None:
    from voicecoach.model.units import clock, to_seconds

    assert outcome.session is not None
    for note in outcome.session.timeline.notes:
        click.echo(f"note: {clock(to_seconds(note.at))} {note.message}", err=True)
    for stage, spent_s in outcome.session.stage_s.items():
        click.echo(f"  {stage:8} {spent_s:7.2f} s", err=True)


def _targets(found: list[tuple[str, RoutineFile]], output: str | None) -> list[Path]:
    """Say where each MP3 goes, and make sure beforehand that it can go there."""
    from voicecoach.config import OUTPUT_FOLDER

    names = [f"{routine.name}.mp3" for _, routine in found]
    if output is None:
        folder = Path(OUTPUT_FOLDER)
        _make(folder)
    else:
        folder = Path(output)
        if len(found) == 1 and not folder.is_dir() and not output.endswith(("/", "\\")):
            return [_checked(folder)]
        if not folder.is_dir():
            _make(folder)
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise click.UsageError(
            f"two routines would be written to {folder / min(twice)}; build them one at a time with -o"
        )
    return [_checked(folder / name) for name in names]


def _make(folder: Path) -> None:
    """Make a folder, but not those above it: a misspelt path should not come true."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"cannot make the folder {folder}: {error.strerror}", hint="choose another place with -o"
        ) from error


def _checked(target: Path) -> Path:
    import os

    if target.suffix.lower() != ".mp3":
        raise click.UsageError(
            f"'{target}' does not end in .mp3, and that is what is made (for a folder, make it first or end it with /)"
        )
    if target.is_dir():
        raise OutputError(f"cannot write {target}: it is a folder", hint="choose another place with -o")
    if not target.parent.is_dir():
        raise OutputError(
            f"cannot write {target}: there is no folder {target.parent}",
            hint="make it first, or choose another place with -o",
        )
    if not os.access(target.parent, os.W_OK):
        raise OutputError(
            f"cannot write {target}: the folder {target.parent} is not yours to write in",
            hint="choose another place with -o",
        )
    return target
