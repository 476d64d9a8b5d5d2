"""voicecoach plan: the cue sheet, without building."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from voicecoach.cli.cuesheet import cue_sheet
from voicecoach.cli.faults import show_faults
from voicecoach.cli.options import PersonalCommand, personal, say_strict, show_notes
from voicecoach.cli.routine_file import find_routine, say_built_in
from voicecoach.cli.shop import open_shop
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD

if TYPE_CHECKING:
    from voicecoach.model.profile import Profile


@click.command(cls=PersonalCommand)
@click.argument("routine")
@click.option("--json", "as_json", is_flag=True, help="Print the timeline as JSON (see README, The timeline).")
@click.option("--exact", is_flag=True, help="Speak every cue and plan with its true length, as build does.")
@personal
def plan(routine: str, as_json: bool, exact: bool, profile: Profile, strict: bool) -> int:
    """Show when each cue of ROUTINE is heard.

    Without --exact, the lengths of speech are estimated and no voice is needed.

    \b
    voicecoach plan morning.yaml --reps x0.8 --without foam-roller
    """
    from voicecoach.model.diagnostic import harmless
    from voicecoach.model.units import clock
    from voicecoach.pipeline import plan as run

    if click.get_current_context().params.get("voice") is not None and not exact:
        raise click.UsageError("--voice goes with --exact: an estimate has no voice")
    with open_shop(profile=profile, strict=strict) as shop:
        found = find_routine(routine, shop.library)
        say_built_in(routine, found, "planning")
        outcome = run(found.source, found.name, shop, exact=exact) if not found.faults else None
    show_faults(found.faults if outcome is None else outcome.faults)
    if outcome is None or outcome.timeline is None:
        say_strict(() if outcome is None else outcome.faults)
        return EXIT_FAULTS
    timeline = outcome.timeline
    if as_json:
        show_notes(outcome.notes, err=True)
        click.echo(json.dumps(timeline.to_json(), ensure_ascii=False, indent=2))
        return EXIT_GOOD
    how = f"spoken by {outcome.voice}" if exact else "speech estimated"
    click.echo(f"{harmless(timeline.title)}  {clock(timeline.length_s)} ({how})")
    show_notes(outcome.notes)
    for line in cue_sheet(timeline):
        click.echo(line)
    return EXIT_GOOD
