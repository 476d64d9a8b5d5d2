"""voicecoach routines: the built-in routines."""

from __future__ import annotations

import click

from voicecoach.cli.shop import open_shop
from voicecoach.errors import EXIT_GOOD


@click.command()
def routines() -> int:
    """List the built-in routines, with their lengths (speech estimated)."""
    from voicecoach.model.units import clock
    from voicecoach.pipeline import plan

    with open_shop() as shop:
        for name in shop.library.routine_names:
            outcome = plan(shop.library.routine_source(name), name, shop)
            if outcome.timeline is None or outcome.routine is None:
                raise RuntimeError(f"the built-in routine '{name}' has faults: {outcome.faults}")
            click.echo(f"{name:28} {clock(outcome.timeline.length_s):>7}  {outcome.routine.title}")
            if outcome.routine.description:
                click.echo(f"{'':37}{outcome.routine.description}")
    return EXIT_GOOD
