"""voicecoach doctor: what is here, what is missing, and how to get it."""

from __future__ import annotations

from collections.abc import Iterator

import click

from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, EngineError, VoicecoachError

PARTS = (
    "voicecoach",
    "click",
    "espeakng-loader",
    "fluent.runtime",
    "lameenc",
    "mutagen",
    "numpy",
    "pillow",
    "platformdirs",
    "pydub",
    "pyloudnorm",
    "pyttsx3",
    "PyYAML",
    "soundfile",
    "soxr",
    "watchfiles",
)


def versions() -> Iterator[tuple[str, str]]:
    """Name Python and every library that we stand on, with its version; ``missing`` where it is not installed."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    yield "python", platform.python_version()
    for part in PARTS:
        try:
            yield part, version(part)
        except PackageNotFoundError:
            yield part, "missing"


@click.command()
def doctor() -> int:
    """Show versions, voices, sounds and folders, what is missing and how to get it."""
    import platform

    click.echo(f"system          {platform.platform()}")
    faults = []
    for name, version in versions():
        click.echo(f"{name:15} {version}")
        if version == "missing":
            faults.append(f"{name} is missing: pip install {name}")
    faults += [*_voices(), *_sounds(), *_cache()]
    for fault in faults:
        click.echo(f"fault: {fault}")
    click.echo("all is well" if not faults else f"{len(faults)} to mend")
    return EXIT_FAULTS if faults else EXIT_GOOD


def _voices() -> Iterator[str]:
    from voicecoach.engines.registry import EngineShelf, find_voice, names

    with EngineShelf() as shelf:
        for name in names():
            try:
                engine = shelf.get(name)
                listed = engine.voices()
                click.echo(f"engine {name:8} {len(listed)} voices, for English {engine.default_voice('en') or 'none'}")
            except EngineError as error:
                click.echo(f"engine {name:8} cannot be used: {error}")
        try:
            click.echo(f"voice auto      {find_voice('auto', 'en', shelf)}")
        except EngineError as error:
            yield f"no voice: {error}"


def _sounds() -> Iterator[str]:
    from voicecoach.sound.beds import BED_NAMES, load_bed
    from voicecoach.sound.packs import COLOURS, load_pack

    try:
        for name in COLOURS:
            load_pack(name)
        for name in BED_NAMES:
            load_bed(name)
        click.echo(f"sounds          {', '.join(COLOURS)}; beds {', '.join(BED_NAMES)}")
    except VoicecoachError as error:
        yield str(error)


def _cache() -> Iterator[str]:
    from voicecoach.cache import Cache, key_of
    from voicecoach.config import cache_folder, cache_limit_bytes

    cache = Cache(cache_folder(), cache_limit_bytes())
    key = key_of("doctor")
    try:
        cache.put(key, b"doctor")
        kept = cache.get(key) == b"doctor"
    except VoicecoachError as error:
        yield str(error)
        return
    click.echo(f"cache           {cache.folder}, {cache.stats().size_bytes / 1e6:.1f} MB")
    if not kept:
        yield f"the cache in {cache.folder} does not give back what it was given"
