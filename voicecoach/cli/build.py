"""voicecoach build: routines to MP3s, and to what else is asked for."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.faults import show_faults
from voicecoach.cli.options import PersonalCommand, personal, say_strict, show_notes
from voicecoach.cli.paid import Leave
from voicecoach.cli.progress import Bar
from voicecoach.cli.routine_file import find_routine, say_built_in
from voicecoach.cli.shop import open_shop
from voicecoach.cli.targets import find_targets, made_folder, read_encoding, read_output, sound_options
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, VoicecoachError

if TYPE_CHECKING:
    from voicecoach.library.named import Named
    from voicecoach.model.profile import Profile
    from voicecoach.model.session import Outcome
    from voicecoach.pipeline import Workshop


@click.command(cls=PersonalCommand)
@click.argument("routines", nargs=-1, required=True, metavar="ROUTINE...")
@click.option(
    "-o", "--output", metavar="FILE|FOLDER", help="The file to write, or a folder for it. [default: output/NAME.mp3]"
)
@sound_options
@personal
@click.option("-j", "--jobs", type=click.IntRange(1, 64), help="Speak so many cues at a time. [default: one a core]")
@click.option("--no-cache", is_flag=True, help="Make all speech anew and keep none of it.")
@click.option("-y", "--yes", is_flag=True, help="Let voices speak that cost money, without asking.")
@click.option("--verify", is_flag=True, help="Decode the finished MP3 and prove it before it takes its place.")
@click.option("-v", "--verbose", is_flag=True, help="Show what was left unsaid, and the time of each stage.")
def build(
    routines: tuple[str, ...],
    output: str | None,
    profile: Profile,
    strict: bool,
    jobs: int | None,
    no_cache: bool,
    yes: bool,
    verify: bool,
    verbose: bool,
    *,
    file_format: str | None,
    bitrate: int | None,
    level: str | None,
    stems: bool,
    per_step: bool,
    plain_encode: bool,
) -> int:
    """Build the MP3 of each ROUTINE: a YAML file, or the name of a built-in routine.

    \b
    voicecoach build morning.yaml
    voicecoach build monday.yaml tuesday.yaml -o sessions/
    voicecoach build morning.yaml --voice espeak:en-gb -o ~/Music/morning.mp3
    voicecoach build morning.yaml --hold x1.25 --avoid kneeling --with name=Sam
    voicecoach build morning.yaml -o morning.m4b
    voicecoach build morning.yaml --per-step
    """
    code = EXIT_GOOD
    bar = Bar(sys.stderr)
    made = read_output(output, profile, file_format=file_format, stems=stems, per_step=per_step)
    encoding = read_encoding(made, profile, bitrate=bitrate, plain_encode=plain_encode, verify=verify)
    with (
        ExitStack() as folders,
        open_shop(
            profile=profile,
            strict=strict,
            jobs=jobs,
            use_cache=not no_cache,
            verify=verify,
            progress=bar.show,
            level=level or profile.level,
            encoding=encoding,
            output=made,
            approve=Leave(yes, bar.clear),
        ) as shop,
    ):
        found = [(word, find_routine(word, shop.library)) for word in routines]
        targets = find_targets(found, output, made)
        folders.enter_context(made_folder(targets[0].parent))
        for (word, routine), target in zip(found, targets, strict=True):
            say_built_in(word, routine, "building")
            try:
                built = build_one(routine, target, shop, bar, verbose=verbose)
            except VoicecoachError as error:
                if len(found) == 1:
                    raise
                click.echo(f"error: {routine.source.name}: {error}", err=True)
                code = max(code, error.exit_code)
                continue
            code = code if built else max(code, EXIT_FAULTS)
    return code


def build_one(routine: Named, target: Path, shop: Workshop, bar: Bar, *, verbose: bool) -> bool:
    """Build a routine and show what became of it; tell whether there is a session."""
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
    _show_voices(outcome)
    if verbose:
        _show_details(outcome)
    proved = "  verified" if shop.options.verify else ""
    files = f"{len(session.timeline.chapters)} files, " if shop.options.output.per_step else ""
    length, size = clock(session.timeline.length_s), f"{files}{session.size_bytes / 1e6:.1f} MB"
    click.echo(f"{session.path}  {length}  {size}{proved}")
    for stem in session.stems:
        click.echo(str(stem))
    return True


def _show_voices(outcome: Outcome) -> None:
    """Say who speaks; a line for each part that somebody else has."""
    casting = outcome.casting
    assert casting is not None
    click.echo(f"voice: {casting.coach}{f' ({outcome.chosen})' if outcome.chosen else ''}", err=True)
    others = [voice for voice in outcome.heard if voice != casting.coach]
    if casting.counter in others:
        click.echo(f"counter: {casting.counter}", err=True)
    in_steps = [str(voice) for voice in others if voice != casting.counter]
    if in_steps:
        click.echo(f"in steps: {', '.join(in_steps)}", err=True)


def _show_details(outcome: Outcome) -> None:
    from voicecoach.model.diagnostic import harmless
    from voicecoach.model.units import clock, to_seconds

    assert outcome.session is not None
    for note in outcome.session.timeline.notes:
        click.echo(f"note: {clock(to_seconds(note.at))} {harmless(note.message)}", err=True)
    for stage, spent_s in outcome.session.stage_s.items():
        click.echo(f"  {stage:8} {spent_s:7.2f} s", err=True)
