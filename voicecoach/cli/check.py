"""voicecoach check: the faults of routines, all at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from voicecoach.cli.faults import show_faults
from voicecoach.cli.routine_file import RoutineFile, find_routine
from voicecoach.cli.shop import open_shop
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD

if TYPE_CHECKING:
    from voicecoach.model.diagnostic import Diagnostic
    from voicecoach.model.session import Outcome
    from voicecoach.pipeline import Workshop


@click.command()
@click.argument("routines", nargs=-1, required=True, metavar="ROUTINE...")
@click.option("--json", "as_json", is_flag=True, help="Print the faults as JSON, for editors.")
def check(routines: tuple[str, ...], as_json: bool) -> int:
    """Look for faults in each ROUTINE and show them all, with place and hint."""
    from voicecoach.model.diagnostic import has_errors

    every: list[Diagnostic] = []
    with open_shop() as shop:
        for word in routines:
            found = find_routine(word, shop.library)
            outcome = _checked(found, shop)
            every += outcome.faults
            if not as_json:
                show_faults(outcome.faults, err=False)
                _say_good(found, outcome)
    if as_json:
        click.echo(json.dumps([fault.to_json() for fault in every], ensure_ascii=False, indent=2))
    return EXIT_FAULTS if has_errors(every) else EXIT_GOOD


def _checked(found: RoutineFile, shop: Workshop) -> Outcome:
    """Plan with estimates, and look for the voice too: an author's slip there should not wait for the build."""
    from dataclasses import replace

    from voicecoach.model.session import Outcome
    from voicecoach.pipeline import plan
    from voicecoach.stages.cast import cast

    if found.faults:
        return Outcome(found.faults)
    outcome = plan(found.source, found.name, shop)
    if outcome.routine is None:
        return outcome
    _, unknown = cast(outcome.routine, found.source, shop.engines, None)
    return replace(outcome, faults=(*outcome.faults, *unknown))


def _say_good(found: RoutineFile, outcome: Outcome) -> None:
    from voicecoach.model.diagnostic import has_errors
    from voicecoach.model.units import clock

    if outcome.timeline is not None and not has_errors(outcome.faults):
        click.echo(f"{found.source.name}: good, {clock(outcome.timeline.length_s)} long (speech estimated)")
