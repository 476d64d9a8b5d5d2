"""voicecoach say: how a text is spoken, to be read and heard."""

from __future__ import annotations

import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from voicecoach.cli.faults import show_faults
from voicecoach.cli.hearing import let_hear, read_output
from voicecoach.cli.routine_file import find_routine
from voicecoach.cli.shop import open_shop
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, UsageError

if TYPE_CHECKING:
    from voicecoach.library import Library
    from voicecoach.model.lexicon import Pronunciation
    from voicecoach.rehearsal import Chosen, Rehearsed

MOST_CHARS = 20_000


def _speed(_context: click.Context, _parameter: click.Parameter, text: str) -> Fraction:
    from voicecoach.library.profile import read_flag
    from voicecoach.source.values import ValueFaultError

    try:
        return Fraction(read_flag("pace", text))
    except ValueFaultError as fault:
        raise click.BadParameter(f"{fault.message}\n  hint: {fault.hint}") from None


def _pitch(_context: click.Context, _parameter: click.Parameter, text: str) -> Fraction:
    from voicecoach.source.values import ValueFaultError, semitones

    try:
        return semitones(text)
    except ValueFaultError as fault:
        raise click.BadParameter(f"{fault.message}\n  hint: {fault.hint}") from None


@click.command()
@click.argument("text")
@click.option("--voice", default="auto", metavar="VOICE", help="Who speaks, as in 'build'; the engine may be left out.")
@click.option("--language", metavar="CODE", help="The language of the text. [default: the voice's, else en]")
@click.option("--speed", default="1", metavar="NUMBER", callback=_speed, help="From 0.5 to 2; 1 is a coach's pace.")
@click.option("--pitch", default="0", metavar="SEMITONES", callback=_pitch, help="Higher or lower, -12 to 12.")
@click.option("--lexicon", metavar="FILE", help="A routine or profile whose 'lexicon:' says how words are spoken.")
@click.option("-o", "--output", metavar="FILE", help="Write it (.wav, .flac, .ogg, .opus) instead of playing it.")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would be spoken, and speak nothing.")
@click.option("-y", "--yes", is_flag=True, help="Let a voice speak that costs money, without asking.")
def say(
    text: str,
    voice: str,
    language: str | None,
    speed: Fraction,
    pitch: Fraction,
    lexicon: str | None,
    output: str | None,
    dry_run: bool,
    yes: bool,
) -> int:
    """Speak TEXT, and show what the engine is sent for it; - reads it from the standard input.

    Marks are as in a routine: [pause 2s], *stressed*, [spell ITB], [psoas|SOH-as], [psoas|/ˈsoʊæs/].

    \b
    voicecoach say "Hold this for 30 s, 2x each side."
    voicecoach say "Find your psoas. [pause 1s] And breathe." --voice espeak:en-gb -o psoas.wav
    voicecoach say "Find your psoas." --lexicon morning.yaml --dry-run
    """
    from voicecoach.rehearsal import choose_voice, faults_in, rehearse

    path = read_output(output)
    text = _text(text)
    with open_shop() as shop:
        words, faults = _lexicon(lexicon, shop.library)
        faults = (*faults, *faults_in(text))
        if faults:
            show_faults(faults)
            return EXIT_FAULTS
        chosen = choose_voice(voice, language, shop.engines, shop.preferred)
        ready = rehearse(text, chosen, shop.library, shop.engines, lexicon=words, speed=speed, pitch_st=pitch)
        _show(ready, chosen)
        if not dry_run:
            let_hear(ready, shop, path, "say", yes=yes)
    return EXIT_GOOD


def _text(text: str) -> str:
    if text == "-":
        text = sys.stdin.read(MOST_CHARS + 1)
    if len(text) > MOST_CHARS:
        raise UsageError(f"the text has more than {MOST_CHARS:,} characters", hint="build a routine of it")
    if not text.strip():
        raise UsageError("the text is empty", hint='voicecoach say "Breathe in."')
    return text.strip()


def _lexicon(word: str | None, library: Library) -> tuple[tuple[Pronunciation, ...], tuple[Any, ...]]:
    from voicecoach.rehearsal import own_lexicon

    if word is None:
        return (), ()
    found = find_routine(word, library)
    words, faults = own_lexicon(found.source)
    return words, (*found.faults, *faults)


def _show(ready: Rehearsed, chosen: Chosen) -> None:
    from voicecoach.model.diagnostic import harmless
    from voicecoach.rehearsal import sent_lines

    for note in (*chosen.notes, *ready.notes):
        click.echo(f"note: {note}", err=True)
    click.echo(f"voice  {chosen.voice}, text in '{chosen.language}'")
    click.echo(f"read   {harmless(ready.shown)}")
    for number, line in enumerate(sent_lines(ready)):
        click.echo(f"{'sent' if number == 0 else '':6} {harmless(line)}")
