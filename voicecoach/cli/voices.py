"""voicecoach voices: who can speak here."""

from __future__ import annotations

import click

from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, EngineError


@click.command()
@click.argument("engine", required=False)
@click.option("--language", metavar="CODE", help="Only voices of this language, such as en or de.")
def voices(engine: str | None, language: str | None) -> int:
    """List the voices that can speak here, of all engines or of ENGINE; use one as --voice ENGINE:VOICE."""
    from voicecoach.engines.registry import EngineShelf, names

    wanted = (language or "").lower()
    usable = 0
    with EngineShelf() as shelf:
        for name in (engine,) if engine else names():
            try:
                listed = shelf.get(name).voices()
            except EngineError as error:
                if engine:
                    raise
                click.echo(f"{name}: cannot be used here: {error}", err=True)
                continue
            fitting = [v for v in listed if v.language == wanted or v.language.startswith(f"{wanted}-") or not wanted]
            usable += len(fitting)
            for voice in fitting:
                click.echo(f"{f'{name}:{voice.name}':32} {voice.language:10} {voice.description}")
    if not usable:
        click.echo("there is no such voice", err=True)
    return EXIT_GOOD if usable else EXIT_FAULTS
