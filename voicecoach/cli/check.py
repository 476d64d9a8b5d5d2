"""voicecoach check: the faults of routines, all at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from voicecoach.cli.faults import show_faults
from voicecoach.cli.options import PersonalCommand, named, show_notes
from voicecoach.cli.routine_file import find_routine
from voicecoach.cli.shop import open_shop
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD

if TYPE_CHECKING:
    from voicecoach.library.named import Named
    from voicecoach.model.diagnostic import Diagnostic
    from voicecoach.model.profile import Profile
    from voicecoach.model.session import Outcome
    from voicecoach.pipeline import Workshop

MOST_PLACED = 10
"""So many cues that do not fit are shown unless all are asked for."""


@click.command(cls=PersonalCommand)
@click.argument("routines", nargs=-1, metavar="ROUTINE...")
@click.option("--strict", is_flag=True, help="Let warnings fail, as errors do.")
@click.option("--json", "as_json", is_flag=True, help="Print the faults as JSON, for editors.")
@click.option("-v", "--verbose", is_flag=True, help="Show every cue that has to be moved, shortened or left out.")
@click.option("--explain", metavar="CODE", help="Say what a fault means, such as bare-number, and do nothing else.")
@named
def check(
    routines: tuple[str, ...], strict: bool, as_json: bool, verbose: bool, explain: str | None, profile: Profile
) -> int:
    """Look for faults in each ROUTINE and show them all, with place and hint.

    Errors stop a build, warnings do not. The code stands in brackets: error[bare-number]. After the faults come the
    cues that do not fit where they are wanted, as far as the lengths of speech can be estimated.

    \b
    voicecoach check morning.yaml
    voicecoach check --explain bare-number
    """
    from voicecoach.model.diagnostic import has_errors

    if explain is not None:
        click.echo(_explained(explain), nl=False)
        return EXIT_GOOD
    if not routines:
        raise click.UsageError("name a routine: voicecoach check morning.yaml")
    every: list[Diagnostic] = []
    with open_shop(profile=profile) as shop:
        for word in routines:
            found = find_routine(word, shop.library)
            outcome = _checked(found, shop)
            every += outcome.faults
            if not as_json:
                show_faults(outcome.faults, err=False)
                show_notes(outcome.notes)
                _show_placed(found, outcome, verbose=verbose)
                _say_good(found, outcome, strict=strict)
    if as_json:
        click.echo(json.dumps([fault.to_json() for fault in every], ensure_ascii=False, indent=2))
    return EXIT_FAULTS if has_errors(every) or (strict and every) else EXIT_GOOD


def _explained(code: str) -> str:
    """Return the page of a code, however it was copied: ``error[bare-number]:`` is one, too.

    Raises
    ------
    click.UsageError
        There is no such code.
    """
    from voicecoach.library.explain import explanation, fault_codes
    from voicecoach.model.diagnostic import did_you_mean

    bare = code.strip().partition("[")[2].partition("]")[0] if "[" in code else code.strip()
    try:
        return explanation(bare.casefold())
    except KeyError:
        codes = fault_codes()
        hint = did_you_mean(bare, codes) or f"the codes are {', '.join(codes)}"
        raise click.UsageError(f"there is no fault '{bare}'\n  hint: {hint}") from None


def _checked(found: Named, shop: Workshop) -> Outcome:
    """Plan with estimates, and look for the voices too: an author's slip there should not wait for the build."""
    from voicecoach.model.session import Outcome
    from voicecoach.pipeline import plan

    return Outcome(found.faults) if found.faults else plan(found.source, found.name, shop, voices=True)


def _show_placed(found: Named, outcome: Outcome, *, verbose: bool) -> None:
    """Show what could not be placed as wanted; of very much, what weighs most."""
    from voicecoach.model.diagnostic import harmless, has_errors
    from voicecoach.model.timeline import NoteKind
    from voicecoach.model.units import clock, to_seconds

    notes = outcome.timeline.notes if outcome.timeline is not None else ()
    if not notes or has_errors(outcome.faults):
        return
    weight = [NoteKind.DROPPED, NoteKind.NO_SOUND, NoteKind.SHORTENED, NoteKind.MOVED]
    heaviest = sorted(notes, key=lambda note: weight.index(NoteKind(note.kind)))
    shown = notes if verbose else sorted(heaviest[:MOST_PLACED], key=lambda note: note.at)
    cues = "1 cue does" if len(notes) == 1 else f"{len(notes)} cues do"
    click.echo(f"{found.source.name}: {cues} not fit as wanted (with the lengths of speech estimated)")
    for note in shown:
        step = f", step {note.step}" if note.step is not None else ""
        click.echo(f"  {clock(to_seconds(note.at))}{step}: {harmless(note.message)}")
    if len(shown) < len(notes):
        click.echo(f"  and {len(notes) - len(shown)} more (-v shows all)")


def _say_good(found: Named, outcome: Outcome, *, strict: bool) -> None:
    from voicecoach.model.diagnostic import has_errors
    from voicecoach.model.units import clock

    if outcome.timeline is not None and not has_errors(outcome.faults) and not (strict and outcome.faults):
        click.echo(f"{found.source.name}: good, {clock(outcome.timeline.length_s)} long (speech estimated)")
