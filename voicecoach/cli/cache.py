"""voicecoach cache: see and clear what is kept of earlier builds."""

from __future__ import annotations

import click

from voicecoach.errors import EXIT_GOOD


@click.command()
@click.argument("action", type=click.Choice(["show", "clear"]), default="show")
def cache(action: str) -> int:
    """Show how much speech is kept of earlier builds and where, or clear it.

    The folder is VOICECOACH_CACHE, the limit VOICECOACH_CACHE_MB, where these are set.
    """
    from voicecoach.cache import Cache
    from voicecoach.config import cache_folder, cache_limit_bytes

    store = Cache(cache_folder(), cache_limit_bytes())
    stats = store.clear() if action == "clear" else store.stats()
    size_mb, limit_mb = stats.size_bytes / 1e6, stats.limit_bytes / 1e6
    if action == "clear":
        click.echo(f"cleared {stats.entries} clips, {size_mb:.1f} MB, from {stats.folder}")
    else:
        click.echo(f"{stats.folder}: {stats.entries} clips, {size_mb:.1f} MB of at most {limit_mb:.0f} MB")
    return EXIT_GOOD
