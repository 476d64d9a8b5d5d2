"""voicecoach voices: who can speak here, who could, and who does where none is named."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from voicecoach.cli.voice_files import install, remove
from voicecoach.cli.voice_trial import default, try_voice
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, EngineError, VoicecoachError, VoiceUnknownError

if TYPE_CHECKING:
    from voicecoach.engines.base import VoiceInfo
    from voicecoach.engines.offers import Offer

_BARE = "of"


class VoicesGroup(click.Group):
    """Lists voices where what follows is no command: ``voices``, ``voices piper``, ``voices --language de``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:  # noqa: D102
        first = args[0] if args else ""
        if first not in {*self.commands, "-h", "--help"} and not self._misspelt(first):
            args = [_BARE, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, D102
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of a word that is none, name the nearest."""
        if args and args[0] not in self.commands:
            from voicecoach.model.diagnostic import did_you_mean

            hint = did_you_mean(args[0], [name for name in self.commands if name != _BARE])
            raise click.UsageError(f"there is no command 'voices {args[0]}'\n  hint: {hint}")
        return super().resolve_command(ctx, args)

    def _misspelt(self, word: str) -> bool:
        """Tell whether a word is nearer to a command's name than to an engine's."""
        if not word or word.startswith("-"):
            return False
        from difflib import get_close_matches

        from voicecoach.engines.registry import names

        near = get_close_matches(word.casefold(), [*self.commands, *names()], n=1, cutoff=0.6)
        return bool(near) and near[0] in self.commands


@click.group(cls=VoicesGroup)
def voices() -> None:
    """List, try, install and remove voices.

    \b
    voicecoach voices                                  those that can speak here
    voicecoach voices list --language en               and those that can be installed
    voicecoach voices install en_US-kristin-medium
    voicecoach voices try piper:en_US-kristin-medium
    voicecoach voices default piper:en_US-kristin-medium
    """


class Listed(NamedTuple):
    """An engine, and its voices or why it cannot be used."""

    engine: str
    voices: tuple[VoiceInfo, ...]
    fault: EngineError | None = None


@voices.command(_BARE, hidden=True)
@click.argument("engine", required=False)
@click.option("--language", metavar="CODE", help="Only voices of this language, such as en or de.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def bare(engine: str | None, language: str | None, as_json: bool) -> int:
    """List the voices that can speak here, of all engines or of ENGINE; use one as --voice ENGINE:VOICE."""
    listed = _installed(engine, language)
    if as_json:
        return _print_json(listed, None)
    return _print_installed(listed)


@voices.command("list", short_help="List voices, and what can be installed.")
@click.argument("engine", required=False)
@click.option("--language", metavar="CODE", help="Only voices of this language, such as en or de.")
@click.option("--installable", is_flag=True, help="Only what can be installed.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option("--catalogue", metavar="URL|FILE", help="Take Piper's voices from another catalogue than the public one.")
def list_voices(
    engine: str | None, language: str | None, installable: bool, as_json: bool, catalogue: str | None
) -> int:
    """List the voices that can speak here, and those that can be installed; of all engines or of ENGINE.

    The list of Piper's voices is fetched once a day, and kept for when there is no network.
    """
    listed = [] if installable else _installed(engine, language)
    offers = list(_offers(engine, language, catalogue, needed=installable and engine is not None))
    if as_json:
        return _print_json(listed, offers)
    found = 0 if installable else _print_installed(listed, told=False) == EXIT_GOOD
    if offers:
        if found:
            click.echo("\ncan be installed, with 'voicecoach voices install NAME':")
        for offer, is_here in offers:
            size = f"{offer.size_bytes / 1e6:.0f} MB"
            mark = "installed" if is_here else size
            about = "; ".join(part for part in (offer.description, offer.licence) if part)
            click.echo(f"{offer!s:40} {offer.language:8} {offer.quality:7} {mark:>9}  {about}")
    if not found and not offers:
        if not any(one.fault for one in listed):
            click.echo("there is no such voice", err=True)
        return EXIT_FAULTS
    return EXIT_GOOD


voices.add_command(try_voice)
voices.add_command(install)
voices.add_command(remove)
voices.add_command(default)


def _installed(engine: str | None, language: str | None) -> list[Listed]:
    from voicecoach.engines.registry import EngineShelf, names

    found = []
    with EngineShelf() as shelf:
        for name in (engine,) if engine else names():
            try:
                listed = tuple(v for v in shelf.get(name).voices() if _fits(v.language, language))
            except EngineError as error:
                if engine and isinstance(error, VoiceUnknownError):
                    raise
                found.append(Listed(name, (), error))
                continue
            found.append(Listed(name, listed))
    return found


def _fits(tag: str, language: str | None) -> bool:
    wanted = (language or "").lower().replace("_", "-")
    return not wanted or tag in {wanted, "mul", "*"} or tag.startswith(f"{wanted}-")


def _is_of(offer: Offer, language: str | None) -> bool:
    return any(_fits(tag, language) for tag in offer.languages or (offer.language,))


def _print_installed(listed: Sequence[Listed], *, told: bool = True) -> int:
    usable = 0
    for one in listed:
        if one.fault is not None:
            if len(listed) == 1 and told:
                raise one.fault
            click.echo(f"{one.engine}: cannot be used here: {one.fault}", err=True)
        usable += len(one.voices)
        for voice in one.voices:
            more = _about(voice)
            click.echo(f"{f'{one.engine}:{voice.name}':32} {voice.language:10} {voice.description}{more}")
    if not usable and told:
        click.echo("there is no such voice", err=True)
        if len(listed) == 1:
            click.echo(f"  hint: see what can be installed: voicecoach voices list {listed[0].engine}", err=True)
    return EXIT_GOOD if usable else EXIT_FAULTS


def _about(voice: VoiceInfo) -> str:
    size = f"{voice.size_bytes / 1e6:.0f} MB" if voice.size_bytes else ""
    told = ", ".join(part for part in (voice.quality, voice.licence, size) if part)
    return f" ({told})" if told else ""


def _offers(
    engine: str | None, language: str | None, source: str | None, *, needed: bool
) -> Iterator[tuple[Offer, bool]]:
    """Give what can be installed, and whether it is; a catalogue that cannot be had is told."""
    from voicecoach.engines.catalogues import catalogue_of, installable_engines

    known = installable_engines()
    for name in known if engine is None else [one for one in known if one == engine]:
        catalogue = catalogue_of(name, source if name == "piper" else None)
        try:
            offers = catalogue.offers()
        except VoicecoachError as error:
            if needed:
                raise
            click.echo(f"{name}: what can be installed is not known: {error}", err=True)
            continue
        _tell(getattr(catalogue, "notes", ()))
        yield from ((one, one.lies_in(catalogue.folder)) for one in offers if _is_of(one, language))


def _tell(notes: Iterable[str]) -> None:
    for note in notes:
        click.echo(f"note: {note}", err=True)


def _print_json(listed: Sequence[Listed], offers: Sequence[tuple[Offer, bool]] | None) -> int:
    voices = [
        {
            "voice": f"{one.engine}:{voice.name}",
            "engine": one.engine,
            "name": voice.name,
            "language": voice.language,
            "description": voice.description,
            "quality": voice.quality or None,
            "licence": voice.licence or None,
            "size_bytes": voice.size_bytes,
        }
        for one in listed
        for voice in one.voices
    ]
    unusable = [{"engine": one.engine, "reason": one.fault.message} for one in listed if one.fault is not None]
    value: dict[str, object] = {"installed": voices, "unusable": unusable}
    if offers is not None:
        value["installable"] = [
            {
                "voice": str(offer),
                "engine": offer.engine,
                "name": offer.name,
                "language": offer.language,
                "description": offer.description,
                "quality": offer.quality or None,
                "licence": offer.licence,
                "size_bytes": offer.size_bytes,
                "installed": is_here,
            }
            for offer, is_here in offers
        ]
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
    return EXIT_GOOD
