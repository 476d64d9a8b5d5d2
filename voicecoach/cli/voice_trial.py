"""voicecoach voices try and default: hearing a voice, and choosing it."""

from __future__ import annotations

import click

from voicecoach.cli.faults import show_faults
from voicecoach.cli.hearing import let_hear, read_output
from voicecoach.cli.shop import open_shop
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, UsageError


@click.command("try", short_help="Hear a voice.")
@click.argument("name")
@click.argument("text", required=False)
@click.option("--language", metavar="CODE", help="The language of the text. [default: the voice's]")
@click.option("-o", "--output", metavar="FILE", help="Write it (.wav, .flac, .ogg, .opus) instead of playing it.")
@click.option("-y", "--yes", is_flag=True, help="Let a voice speak that costs money, without asking.")
def try_voice(name: str, text: str | None, language: str | None, output: str | None, yes: bool) -> int:
    """Hear a voice: NAME as 'voices' shows it, with TEXT or a sentence in its language.

    \b
    voicecoach voices try piper:en_US-kristin-medium
    voicecoach voices try espeak:de "Atme aus." -o atme.wav
    """
    from voicecoach.rehearsal import Chosen, choose_voice, faults_in, rehearse, sentence_for

    path = read_output(output)
    with open_shop() as shop:
        chosen = choose_voice(name, language, shop.engines, shop.preferred)
        if text is None:
            text, spoken_in = sentence_for(chosen.language)
            if spoken_in != chosen.language:
                click.echo(f"note: we have no sentence in '{chosen.language}': it speaks an English one", err=True)
            chosen = Chosen(chosen.voice, spoken_in, chosen.notes)
        faults = faults_in(text)
        if faults:
            show_faults(faults)
            return EXIT_FAULTS
        ready = rehearse(text, chosen, shop.library, shop.engines)
        for note in (*chosen.notes, *ready.notes):
            click.echo(f"note: {note}", err=True)
        click.echo(f"{chosen.voice}: {ready.shown}")
        let_hear(ready, shop, path, f"try-{chosen.voice}", yes=yes)
    return EXIT_GOOD


@click.command(short_help="Choose the voice that speaks where none is named.")
@click.argument("name", required=False)
@click.option("--language", metavar="CODE", help="For which language. [default: the voice's]")
@click.option("--unset", is_flag=True, help="Take the choice back, of --language or of all.")
def default(name: str | None, language: str | None, unset: bool) -> int:
    """Choose the voice that speaks where none is named, one a language; without NAME, show what was chosen.

    \b
    voicecoach voices default piper:en_US-kristin-medium
    voicecoach voices default --unset --language en
    """
    if unset:
        if name is not None:
            raise UsageError("--unset takes no voice", hint="say --language to take back the choice of one language")
        return _unset(language)
    return _show(language) if name is None else _choose(name, language)


def _choose(name: str, language: str | None) -> int:
    from voicecoach.config import data_folder
    from voicecoach.engines.preferred import set_preferred
    from voicecoach.engines.registry import AUTOMATIC
    from voicecoach.rehearsal import ANY_LANGUAGE, ENGLISH, choose_voice

    if name.casefold() in AUTOMATIC or "," in name:
        raise UsageError(f"'{name}' is not one voice", hint="name one; --unset takes a choice back")
    with open_shop() as shop:
        voice = choose_voice(name, language, shop.engines, lambda _language: None).voice
    own = voice.language if voice.language not in ANY_LANGUAGE else ENGLISH
    wanted = (language or own).lower().replace("_", "-").partition("-")[0]
    if own.partition("-")[0] != wanted and voice.language not in ANY_LANGUAGE:
        click.echo(f"note: {voice} speaks '{voice.language}'", err=True)
    set_preferred(data_folder(), str(voice), wanted)
    click.echo(f"{voice} speaks '{wanted}' where a routine names no voice")
    return EXIT_GOOD


def _unset(language: str | None) -> int:
    from voicecoach.config import data_folder
    from voicecoach.engines.preferred import preferred_voices, set_preferred

    chosen = preferred_voices(data_folder())
    wanted = list(chosen) if language is None else [language.lower().replace("_", "-").partition("-")[0]]
    for one in wanted:
        set_preferred(data_folder(), None, one)
        click.echo(f"'{one}': voicecoach chooses" + (f", no longer {chosen[one]}" if one in chosen else ""))
    if not wanted:
        click.echo("nothing was chosen")
    return EXIT_GOOD


def _show(language: str | None) -> int:
    from voicecoach.config import data_folder
    from voicecoach.engines.preferred import preferred_voices

    chosen = preferred_voices(data_folder())
    wanted = None if language is None else language.lower().replace("_", "-").partition("-")[0]
    shown = {one: voice for one, voice in chosen.items() if wanted in {None, one}}
    for one, voice in shown.items():
        click.echo(f"{one:4} {voice}")
    if not shown:
        click.echo("nothing is chosen: voicecoach takes the system's voice where it has a good one, else espeak")
    return EXIT_GOOD
