"""voicecoach plan: what is heard when, without building; as a table, captions, labels, a picture or a hand-out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.faults import show_faults
from voicecoach.cli.options import PersonalCommand, personal, say_strict, show_notes
from voicecoach.cli.paid import Leave
from voicecoach.cli.plan_files import FORMATS, TABLE, Wanted, spare, text_of, wanted, write_all
from voicecoach.cli.routine_file import find_routine, say_built_in
from voicecoach.cli.shop import open_shop
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD

if TYPE_CHECKING:
    from voicecoach.library import Library
    from voicecoach.library.named import Named
    from voicecoach.model.profile import Profile
    from voicecoach.model.session import Outcome
    from voicecoach.pipeline import Workshop

ESTIMATED = "speech estimated"
PATH = click.Path(path_type=Path)


@click.command(cls=PersonalCommand)
@click.argument("routine")
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="table: to read. json: the timeline (see README). csv: for a spreadsheet. vtt, srt: captions. lrc: for music"
    " players. audacity: a label track.",
)
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
@click.option(
    "-o",
    "--output",
    type=PATH,
    metavar="FILE",
    help="Write it to FILE; its ending tells the format: .txt (table), .json, .csv, .vtt, .srt or .lrc.",
)
@click.option("--plot", type=PATH, metavar="FILE", help="Also draw a picture of the session: FILE.svg, .png or .html.")
@click.option("--sheet", type=PATH, metavar="FILE", help="Also write a hand-out to print, for a patient: FILE.html.")
@click.option("--exact", is_flag=True, help="Speak every cue and plan with its true length, as build does.")
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Show every sound, and each cue that was moved, shortened or left out, with the reason.",
)
@click.option("-y", "--yes", is_flag=True, help="With --exact: let voices speak that cost money, without asking.")
@personal
def plan(
    routine: str,
    format_: str | None,
    as_json: bool,
    output: Path | None,
    plot: Path | None,
    sheet: Path | None,
    exact: bool,
    verbose: bool,
    yes: bool,
    profile: Profile,
    strict: bool,
) -> int:
    """Show when each cue of ROUTINE is heard.

    Without --exact, the lengths of speech are estimated and no voice is needed.

    \b
    voicecoach plan morning.yaml --length 12min
    voicecoach plan morning.yaml --exact -o morning.vtt
    voicecoach plan morning.yaml --plot morning.svg --sheet hand-out.html
    """
    if click.get_current_context().params.get("voice") is not None and not exact:
        raise click.UsageError("--voice goes with --exact: an estimate has no voice")
    if as_json and format_ not in {None, "json"}:
        raise click.UsageError(f"--json and --format {format_}: choose one")
    asked = wanted("json" if as_json else format_, output, plot, sheet)
    with open_shop(profile=profile, strict=strict, approve=Leave(yes)) as shop:
        found = find_routine(routine, shop.library)
        spare(found, asked)
        say_built_in(routine, found, "planning")
        outcome = _planned(found, shop, exact=exact)
        show_faults(outcome.faults)
        if outcome.timeline is None:
            say_strict(outcome.faults)
            return EXIT_FAULTS
        _give(outcome, asked, shop.library.beside(found.source), exact=exact, verbose=verbose)
    return EXIT_GOOD


def _planned(found: Named, shop: Workshop, *, exact: bool) -> Outcome:
    from voicecoach.model.session import Outcome
    from voicecoach.pipeline import plan as run

    return Outcome(found.faults) if found.faults else run(found.source, found.name, shop, exact=exact)


def _give(outcome: Outcome, asked: Wanted, library: Library, *, exact: bool, verbose: bool) -> None:
    """Show the plan, or write it; on the screen, the table has the notes of the person's changes below its title."""
    routine, timeline = outcome.routine, outcome.timeline
    assert routine is not None
    assert timeline is not None
    lines = text_of(
        routine, timeline, asked.format, f"spoken by {outcome.voice}" if exact else ESTIMATED, every=verbose
    )
    on_screen = asked.output is None
    if on_screen and asked.format == TABLE:
        click.echo(next(lines))
        show_notes(outcome.notes)
    else:
        show_notes(outcome.notes, err=True)
    if on_screen:
        for line in lines:
            click.echo(line)
    text = "" if on_screen else "".join(f"{line}\n" for line in lines)
    for told in write_all(routine, timeline, library, asked, text):
        click.echo(told, err=on_screen)
