"""voicecoach cache: see, check and clear what is kept of earlier builds, on this machine or in a shared store."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, UsageError

if TYPE_CHECKING:
    from voicecoach.cache import Cache, Place


@click.command()
@click.argument("action", type=click.Choice(["show", "clear", "verify", "prune"]), default="show")
@click.option("--store", metavar="ADDRESS", help="A store that machines share: a folder, s3://bucket/folder ...")
@click.option("--limit-mb", type=click.IntRange(min=0), help="prune: how large it may be, instead of the usual limit.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def cache(action: str, store: str | None, limit_mb: int | None, as_json: bool) -> int:
    """See and look after what is kept of earlier builds.

    show tells how much there is and where; clear removes all of it; verify reads every entry, takes away those that
    are damaged, and exits with 1 if there were any; prune removes the least recently used beyond the limit.

    The folder is VOICECOACH_CACHE, the limit VOICECOACH_CACHE_MB, where these are set.
    """
    if limit_mb is not None and action != "prune":
        raise UsageError("--limit-mb goes with 'prune'")
    from voicecoach.cache import Cache, Place
    from voicecoach.config import cache_folder, cache_limit_bytes

    if store is None:
        limit_bytes = cache_limit_bytes() if limit_mb is None else limit_mb * 10**6
        told = _local(action, Cache(cache_folder(), limit_bytes))
    elif action == "prune" and limit_mb is None:
        raise UsageError("a store has no limit of its own", hint="say how large it may be: --limit-mb 50000")
    else:
        told = _shared(action, Place(store), (limit_mb or 0) * 10**6)
    click.echo(json.dumps(told, indent=2) if as_json else _sentence(action, told))
    return EXIT_FAULTS if told.get("damaged") else EXIT_GOOD


def _local(action: str, store: Cache) -> dict[str, Any]:
    at = {"where": str(store.folder), "limit_bytes": store.limit_bytes}
    if action == "verify":
        return {**at, **asdict(store.verify())}
    removed = store.prune(thorough=True) if action == "prune" else None
    stats = store.clear() if action == "clear" else store.stats()
    told = {**at, "entries": stats.entries, "size_bytes": stats.size_bytes}
    return told if removed is None else {**told, "removed": removed}


def _shared(action: str, place: Place, limit_bytes: int) -> dict[str, Any]:
    from voicecoach.cache.store import clear_store, prune_store, store_stats, verify_store

    if action == "verify":
        return {"where": place.told, **asdict(verify_store(place))}
    if action == "prune":
        removed, stats = prune_store(place, limit_bytes), store_stats(place)
        return {"where": place.told, "limit_bytes": limit_bytes, **asdict(stats), "removed": removed}
    return {"where": place.told, **asdict(clear_store(place) if action == "clear" else store_stats(place))}


def _sentence(action: str, told: dict[str, Any]) -> str:
    where, holds = told["where"], f"{_entries(told['entries'])}, {told['size_bytes'] / 1e6:.1f} MB"
    if action == "clear":
        return f"cleared {holds}, from {where}"
    if action == "verify":
        stale = f"; {told['stale']} left by processes that are gone, removed" if told["stale"] else ""
        if not told["damaged"]:
            return f"{where}: {holds}, all sound{stale}"
        damaged = f"{told['damaged']} damaged, {told['damaged_bytes'] / 1e6:.1f} MB, removed"
        return f"{where}: {damaged}; {holds} sound{stale}"
    of = f" of at most {told['limit_bytes'] / 1e6:.0f} MB" if "limit_bytes" in told else ""
    removed = f"; {told['removed']} removed" if "removed" in told else ""
    return f"{where}: {holds}{of}{removed}"


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
