"""voicecoach build: routines to MP3s."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.faults import show_faults
from voicecoach.cli.options import PersonalCommand, personal, say_strict, show_notes
from voicecoach.cli.progress import Bar
from voicecoach.cli.routine_file import RoutineFile, find_routine, say_built_in
from voicecoach.cli.shop import open_shop
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, OutputError, VoicecoachError

if TYPE_CHECKING:
    from voicecoach.model.profile import Profile
    from voicecoach.model.session import Outcome
    from voicecoach.pipeline import Workshop

AUTOMATIC = ("auto", "default")


@click.command(cls=PersonalCommand)
@click.argument("routines", nargs=-1, required=True, metavar="ROUTINE...")
@click.option(
    "-o", "--output", metavar="FILE|FOLDER", help="The MP3 to write, or a folder for it. [default: output/NAME.mp3]"
)
@personal
@click.option("-j", "--jobs", type=click.IntRange(1, 64), help="Speak so many cues at a time. [default: one a core]")
@click.option("--no-cache", is_flag=True, help="Make all speech anew and keep none of it.")
@click.option("--verify", is_flag=True, help="Decode the finished MP3 and prove it before it takes its place.")
@click.option("-v", "--verbose", is_flag=True, help="Show what was left unsaid, and the time of each stage.")
def build(
    routines: tuple[str, ...],
    output: str | None,
    profile: Profile,
    strict: bool,
    jobs: int | None,
    no_cache: bool,
    verify: bool,
    verbose: bool,
) -> int:
    """Build the MP3 of each ROUTINE: a YAML file, or the name of a built-in routine.

    \b
    voicecoach build morning.yaml
    voicecoach build monday.yaml tuesday.yaml -o sessions/
    voicecoach build morning.yaml --voice espeak:en-gb -o ~/Music/morning.mp3
    voicecoach build morning.yaml --hold x1.25 --avoid kneeling --with name=Sam
    """
    code = EXIT_GOOD
    bar = Bar(sys.stderr)
    with (
        ExitStack() as folders,
        open_shop(
            profile=profile, strict=strict, jobs=jobs, use_cache=not no_cache, verify=verify, progress=bar.show
        ) as shop,
    ):
        found = [(word, find_routine(word, shop.library)) for word in routines]
        targets = _targets(found, output)
        folders.enter_context(_folder(targets[0].parent))
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
    show_notes(outcome.notes, err=True)
    session = outcome.session
    if session is None:
        say_strict(outcome.faults)
        return False
    asked = shop.options.voice or (outcome.routine.voice.spec if outcome.routine else "")
    click.echo(f"voice: {session.voice}{' (auto)' if asked in AUTOMATIC else ''}", err=True)
    if verbose:
        _show_details(outcome)
    proved = "  verified" if shop.options.verify else ""
    click.echo(f"{target}  {clock(session.timeline.length_s)}  {session.size_bytes / 1e6:.1f} MB{proved}")
    return True


def _show_details(outcome: Outcome) -> None:
    from voicecoach.model.diagnostic import harmless
    from voicecoach.model.units import clock, to_seconds

    assert outcome.session is not None
    for note in outcome.session.timeline.notes:
        click.echo(f"note: {clock(to_seconds(note.at))} {harmless(note.message)}", err=True)
    for stage, spent_s in outcome.session.stage_s.items():
        click.echo(f"  {stage:8} {spent_s:7.2f} s", err=True)


def _targets(found: list[tuple[str, RoutineFile]], output: str | None) -> list[Path]:
    """Say where each MP3 goes, and make sure beforehand that it can go there."""
    from voicecoach.config import OUTPUT_FOLDER

    folder = Path(OUTPUT_FOLDER if output is None else output)
    if output is not None and len(found) == 1 and not folder.is_dir() and not output.endswith(("/", "\\")):
        return [_checked(folder)]
    names = [f"{routine.name}.mp3" for _, routine in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        target = folder / min(twice)
        raise click.UsageError(f"two routines would be written to {target}; build them one at a time with -o")
    # A missing folder is made, but not those above it: a misspelt path should not come true.
    return [_checked(folder / name, missing=not folder.exists() and folder.parent.is_dir()) for name in names]


@contextmanager
def _folder(folder: Path) -> Iterator[None]:
    """Make a missing folder, and take it away again where nothing came into it."""
    made = not folder.exists()
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        message = f"cannot make the folder {folder}: {error.strerror}"
        raise OutputError(message, hint="choose another place with -o") from error
    try:
        yield
    finally:
        if made:
            with suppress(OSError):
                folder.rmdir()


def _checked(target: Path, *, missing: bool = False) -> Path:
    """Refuse a target that cannot be written; ``missing``: its folder is about to be made."""
    import os

    if target.suffix.lower() != ".mp3":
        what = "what is made is an MP3; for a folder, make it first or end its name with /"
        raise click.UsageError(f"'{target}' does not end in .mp3: {what}")
    fault = None
    if target.is_dir():
        fault = "it is a folder"
    elif not missing and not target.parent.is_dir():
        fault = f"there is no folder {target.parent}"
    elif not missing and not os.access(target.parent, os.W_OK):
        fault = f"the folder {target.parent} is not yours to write in"
    if fault is not None:
        raise OutputError(f"cannot write {target}: {fault}", hint="choose another place with -o")
    return target
