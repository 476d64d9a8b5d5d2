"""voicecoach voices install and remove: the files of voices."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.progress import Bar
from voicecoach.errors import EXIT_GOOD, UsageError, VoicecoachError

if TYPE_CHECKING:
    from voicecoach.engines.offers import Installable, Offer


@click.command(short_help="Install a voice.")
@click.argument("name", required=False)
@click.option("--from", "given", metavar="FILE", help="Take it from a file, folder, .tar or .zip on this machine.")
@click.option("--catalogue", metavar="URL|FILE", help="Take it from another catalogue (or place) than the public one.")
def install(name: str | None, given: str | None, catalogue: str | None) -> int:
    """Install a voice: NAME as 'voices list' shows it, or kokoro.

    It is fetched from where its makers publish it, checked, and moved into place when it is whole. What was broken off
    goes on where it was.

    \b
    voicecoach voices install en_US-kristin-medium
    voicecoach voices install kokoro                   a smaller model; kokoro:v1.0 is the larger one
    voicecoach voices install --from en_US-kristin-medium.onnx     its .onnx.json lies beside it
    voicecoach voices install --from voices.zip en_US-norman-medium
    """
    if given is not None:
        return _from_files(Path(given).expanduser(), name)
    if name is None:
        raise UsageError("say which voice", hint="such as 'voicecoach voices install en_US-kristin-medium'")
    from voicecoach.engines.catalogues import find_offer

    offer, source = find_offer(name, catalogue)
    for note in getattr(source, "notes", ()):
        click.echo(f"note: {note}", err=True)
    if offer.is_in(source.folder):
        click.echo(f"{offer} is there: {source.folder}")
        _say_use(offer.engine, offer.name)
        return EXIT_GOOD
    _fetch(offer, source)
    click.echo(f"{offer} is installed: {source.folder}")
    _say_use(offer.engine, offer.name)
    return EXIT_GOOD


def _fetch(offer: Offer, source: Installable) -> None:
    from voicecoach.engines.catalogues import begun_bytes, install

    click.echo(f"voice     {offer}{f'  ({offer.description})' if offer.description else ''}")
    click.echo(f"language  {offer.language}")
    if offer.quality:
        click.echo(f"quality   {offer.quality}")
    click.echo(f"licence   {offer.licence}")
    begun = begun_bytes(offer, source.folder)
    click.echo(f"size      {offer.size_bytes / 1e6:.1f} MB{f', {begun / 1e6:.1f} MB of it here' if begun else ''}")
    if offer.lies_in(source.folder):
        click.echo("what is there under this name is another one, or damaged: it is replaced", err=True)
    if not all(file.digest for file in offer.files):
        click.echo("nobody says a digest of it: only its size is checked", err=True)
    bar = Bar(sys.stderr)
    try:
        install(offer, source.folder, lambda done, of: bar.show(_amount(done, of), done, of))
    except KeyboardInterrupt:
        bar.clear()
        click.echo("what has come is kept: the same command goes on from there", err=True)
        raise
    except VoicecoachError:
        forget = getattr(source, "forget", None)  # perhaps the list is older than the files
        if forget is not None:
            forget()
        raise
    finally:
        bar.clear()


def _amount(done: int, of: int) -> str:
    return f"{done / 1e6:.1f} of {of / 1e6:.1f} MB"


def _from_files(path: Path, name: str | None) -> int:
    from voicecoach.engines.given_files import install_given

    done = install_given(path, name)
    how = "is installed, in place of what was there" if done.replaced else "is installed"
    click.echo(f"{done.engine}:{done.name} {how}: {done.files[-1].parent}")
    _say_use(done.engine, done.name)
    return EXIT_GOOD


def _say_use(engine: str, name: str) -> None:
    """Say what to do with it, and what is missing for that."""
    from voicecoach.engines.registry import EngineShelf
    from voicecoach.errors import EngineError

    voice = engine if engine == "kokoro" else f"{engine}:{name}"
    with EngineShelf() as shelf:
        try:
            shelf.get(engine).voices()
        except EngineError as error:
            click.echo(f"to use it: {error}", err=True)
            return
    click.echo(f"  voicecoach voices try {voice}\n  voicecoach build ROUTINE --voice {voice}")


@click.command(short_help="Remove an installed voice.")
@click.argument("name")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> int:
    """Remove an installed voice: NAME as 'voices' shows it, or kokoro."""
    voice, files = _files_of(name)
    size_bytes = sum(file.stat().st_size for file in files)
    told = f"{voice}: {len(files)} files, {size_bytes / 1e6:.1f} MB, in {files[0].parent}"
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(f"{told}; nobody is here to be asked, nothing was removed", hint="say --yes")
        click.echo(told)
        if not click.confirm("Remove it?", default=False):
            click.echo("nothing was removed", err=True)
            return EXIT_GOOD
    _unlink(files)
    click.echo(f"removed {told}")
    _take_back_choice(voice)
    return EXIT_GOOD


def _files_of(word: str) -> tuple[str, tuple[Path, ...]]:
    """Find a voice's files in our own folder, in the order in which they are removed: the model first.

    Raises
    ------
    UsageError
        There are none there.
    """
    from voicecoach.engines import kokoro_files, piper_files
    from voicecoach.engines.catalogues import split_name
    from voicecoach.engines.downloads import PART, TAG
    from voicecoach.engines.neural import own_folder
    from voicecoach.model.diagnostic import did_you_mean

    engine, name = split_name(word)
    folder = own_folder(engine)
    if engine == "kokoro":
        both = [*folder.rglob("kokoro*.onnx"), *folder.rglob("voices*.bin"), *folder.rglob("voices*.npz")]
        both += [*folder.rglob(f"*{PART}"), *folder.rglob(f"*{TAG}")]
        if both:
            return engine, tuple(both)
        other = kokoro_files.find_files()
        raise _not_ours(engine, other.model if other is not None else None)
    if engine != "piper":
        raise UsageError(f"{word} comes with its engine and cannot be removed", hint="those of piper and kokoro can")
    if not name:
        raise UsageError("say which voice of piper's", hint=", ".join(piper_files.find_files()) or "none is installed")
    if "/" in name:
        whole = name.partition("/")[0]
        raise UsageError(f"'{name}' is a speaker of {whole}", hint=f"voicecoach voices remove {engine}:{whole}")
    installed = piper_files.find_files()
    file = installed.get(name) or {one.casefold(): it for one, it in installed.items()}.get(name.casefold())
    if file is None:
        begun = [path for path in (folder / f"{name}.onnx", folder / f"{name}.onnx.json") if path.is_file()]
        ends = [folder / f"{name}.onnx{more}{end}" for more in ("", ".json") for end in (PART, TAG)]
        begun += [path for path in ends if path.is_file()]
        if begun:
            return f"{engine}:{name}", tuple(begun)
        hint = did_you_mean(name, installed) or (f"there are {', '.join(installed)}" if installed else "there are none")
        raise UsageError(f"{engine}:{name} is not installed", hint=hint)
    if not file.model.resolve().is_relative_to(folder.resolve()):
        raise _not_ours(f"{engine}:{file.name}", file.model)
    return f"{engine}:{file.name}", tuple(path for path in (file.model, file.config_path) if path.is_file())


def _not_ours(voice: str, model: Path | None) -> UsageError:
    if model is None:
        return UsageError(f"{voice} is not installed")
    message = f"{voice} lies in {model.parent}, which is not ours: it stays"
    return UsageError(message, hint=f"remove {model.name} yourself, if nobody else uses it")


def _unlink(files: tuple[Path, ...]) -> None:
    from voicecoach.errors import OutputError

    for file in files:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            message = f"{file} cannot be removed: {error.strerror or error}"
            raise OutputError(message, hint="perhaps it is in use; close what uses it") from error


def _take_back_choice(voice: str) -> None:
    """Where it was the default of a language, that is no more."""
    from voicecoach.config import data_folder
    from voicecoach.engines.preferred import preferred_voices, set_preferred

    for language, chosen in preferred_voices(data_folder()).items():
        if chosen == voice or chosen.startswith((f"{voice}/", f"{voice}:")):
            set_preferred(data_folder(), None, language)
            click.echo(f"it was your default for '{language}', which is voicecoach's own again")
