"""voicecoach publish: a folder of sessions as a site for any web host."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.faults import show_faults
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, UsageError

if TYPE_CHECKING:
    from voicecoach.model.feed import Feed
    from voicecoach.model.resource import Resource
    from voicecoach.publish.feed.kept import Kept
    from voicecoach.publish.writer import Written

FOLDER = click.Path(path_type=Path)
_MARK = b"voicecoach"


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("site", metavar="SITE", type=FOLDER)
@click.option(
    "--base-url",
    default="",
    metavar="URL",
    help="Where the site will be, as in https://example.org/sessions/; it may stand in feed.yaml as address. Podcast"
    " apps need it, the pages do not.",
)
@click.option("--future", is_flag=True, help="List sessions dated in the future, too.")
def publish(folder: Path, site: Path, base_url: str, future: bool) -> int:
    """Write the sessions of DIR to the folder SITE, as a site that any web host can serve.

    It has a list, a page with a player for each session, the sessions themselves and a feed for podcast apps. Links are
    relative: it works from any folder of a host. What is right already is left as it is, what an earlier run wrote and
    is no longer wanted goes, and files of your own stay. SITE may be DIR itself; nothing is copied then.

    \b
    voicecoach publish output public --base-url https://example.org/sessions/
    voicecoach publish output output

    Exit codes: 0 good, 1 the settings or a session have faults and nothing was written, 2 wrong use.
    """
    import datetime as dt

    from voicecoach.publish.feed.folder import read_folder
    from voicecoach.publish.feed.session_files import SessionFiles

    _refuse(folder, site)
    read = read_folder(folder, dt.datetime.now(dt.UTC), SessionFiles(), address=base_url, future=future)
    show_faults(read.faults)
    for note in read.notes:
        click.echo(f"note: {note}", err=True)
    if read.feed is None:
        return EXIT_FAULTS
    written = _write(folder, site, read.feed, read.settings.address, read.kept)
    for line in _told(read.feed, read.settings.address, site, written):
        click.echo(line)
    return EXIT_GOOD


def _refuse(folder: Path, site: Path) -> None:
    """Refuse a place that is no folder, or lies where sessions are looked for."""
    if site.exists() and not site.is_dir():
        raise UsageError(f"'{site}' is a file", hint="name a folder; it is made where there is none")
    inner, outer = Path(os.path.realpath(site)), Path(os.path.realpath(folder))
    if inner != outer and inner.is_relative_to(outer):
        beside = Path(os.path.relpath(outer.parent / site.name))
        raise UsageError(
            f"'{site}' lies in '{folder}', where sessions are looked for",
            hint=f"choose a folder beside it, such as '{beside}', or '{folder}' itself",
        )


def _write(folder: Path, site: Path, feed: Feed, address: str, kept: Kept) -> Written:
    from voicecoach.publish.writer import write_resources

    same = os.path.realpath(folder) == os.path.realpath(site)
    resources = [*_resources(site, feed, address), *([_kept_resource(kept)] if same else [])]
    copies = {} if same else {episode.file: folder / episode.file for episode in feed.episodes}
    if not same:
        _remember(folder, kept)
    return write_resources(site, resources, copies)


def _resources(folder: Path, feed: Feed, address: str) -> Iterator[Resource]:
    from voicecoach.publish.feed import feed_resources
    from voicecoach.publish.feed.paths import FEED_FILE
    from voicecoach.publish.site import Site, site_resources
    from voicecoach.publish.site.host_files import host_resources

    yield from feed_resources(feed, address, pages=True)
    feed_url = f"{address}{FEED_FILE}" if address else None
    yield from site_resources(feed, Site(address=address, feed_url=feed_url))
    yield from (one for one in host_resources(feed, address) if not _is_strangers(folder / one.path))


def _is_strangers(file: Path) -> bool:
    """Tell whether somebody else's file stands where we would put one that hosts have common names for."""
    try:
        data = file.read_bytes()
    except OSError:
        return False
    return bool(data) and _MARK not in data


def _kept_resource(kept: Kept) -> Resource:
    import hashlib

    from voicecoach.model.resource import Resource
    from voicecoach.publish.feed.paths import KEPT_FILE

    data = kept.dumps()
    return Resource(KEPT_FILE, "application/json", hashlib.sha256(data).hexdigest(), lambda: data)


def _remember(folder: Path, kept: Kept) -> None:
    """Keep beside the sessions what must outlive a rebuild; where that cannot be written, say what it means."""
    from voicecoach.parts import part_beside
    from voicecoach.publish.feed.paths import KEPT_FILE

    target, data = folder / KEPT_FILE, kept.dumps()
    part = part_beside(target)
    try:
        if target.is_file() and target.read_bytes() == data:
            return
        target.parent.mkdir(exist_ok=True)
        try:
            part.write_bytes(data)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        why = f"{target} cannot be written ({error.strerror or error})"
        click.echo(f"note: {why}: a session that is rebuilt may get another day in the feed", err=True)


def _told(feed: Feed, address: str, site: Path, written: Written) -> Iterator[str]:
    from voicecoach.publish.feed.paths import FEED_FILE, INDEX_FILE

    number = len(feed.episodes)
    yield f"{site}: {feed.title}, {number} session{'s' if number != 1 else ''}"
    yield f"  {len(written.written)} files written, {len(written.kept)} as they were, {len(written.removed)} removed"
    if address:
        yield f"  feed: {address}{FEED_FILE}, once it is there"
    else:
        yield "  the feed's addresses are relative, which few podcast apps take: say with --base-url where it will be"
    yield f"  to look at it: voicecoach serve {_quoted(site)}"
    yield f"  or open {site / INDEX_FILE}: from a disk, browsers show no captions and keep nothing for offline use"


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))
