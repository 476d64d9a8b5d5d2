"""voicecoach plan: the cue sheet, without building."""

from __future__ import annotations

import json

import click

from voicecoach.cli.cuesheet import cue_sheet
from voicecoach.cli.faults import show_faults
from voicecoach.cli.routine_file import find_routine, say_built_in
from voicecoach.cli.shop import open_shop
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD


@click.command()
@click.argument("routine")
@click.option("--json", "as_json", is_flag=True, help="Print the timeline as JSON (see README, The timeline).")
@click.option("--exact", is_flag=True, help="Speak every cue and plan with its true length, as build does.")
@click.option("--voice", metavar="VOICE", help="With --exact: auto, an engine or ENGINE:VOICE.")
def plan(routine: str, as_json: bool, exact: bool, voice: str | None) -> int:
    """Show when each cue of ROUTINE is heard.

    Without --exact, the lengths of speech are estimated and no voice is needed.
    """
    from voicecoach.model.units import clock
    from voicecoach.pipeline import plan as run

    if voice is not None and not exact:
        raise click.UsageError("--voice goes with --exact: an estimate has no voice")
    with open_shop(voice=voice) as shop:
        found = find_routine(routine, shop.library)
        say_built_in(routine, found, "planning")
        outcome = run(found.source, found.name, shop, exact=exact) if not found.faults else None
    show_faults(found.faults if outcome is None else outcome.faults)
    if outcome is None or outcome.timeline is None:
        return EXIT_FAULTS
    timeline = outcome.timeline
    if as_json:
        click.echo(json.dumps(timeline.to_json(), ensure_ascii=False, indent=2))
        return EXIT_GOOD
    how = f"spoken by {outcome.voice}" if exact else "speech estimated"
    click.echo(f"{timeline.title}  {clock(timeline.length_s)} ({how})")
    for line in cue_sheet(timeline):
        click.echo(line)
    return EXIT_GOOD
