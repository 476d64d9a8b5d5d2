"""voicecoach publish: a folder of sessions as a site for any web host."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.faults import show_faults
from voicecoach.cli.options import show_notes
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, UsageError

if TYPE_CHECKING:
    from voicecoach.model.feed import Feed
    from voicecoach.model.resource import Resource
    from voicecoach.publish.feed.folder import FeedRead
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
    " apps need it, the pages do not. It is kept for the next time; none: nowhere.",
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
    read = read_folder(
        folder, dt.datetime.now().astimezone(), SessionFiles(), address=base_url, target=site, future=future
    )
    show_faults(read.faults)
    show_notes(read.notes, err=True)
    if read.feed is None:
        return EXIT_FAULTS
    written = _write(folder, site, read.feed, read.settings.address, read.kept)
    for line in _told(read, folder, site, written):
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

    resources = list(_resources(site, feed, address))
    if os.path.realpath(folder) == os.path.realpath(site):
        return write_resources(site, [*resources, kept.resource()])
    _remember(folder, kept.resource())
    return write_resources(site, resources, {one.file: folder / one.file for one in feed.episodes})


def _resources(folder: Path, feed: Feed, address: str) -> Iterator[Resource]:
    from voicecoach.publish.feed import feed_resources
    from voicecoach.publish.feed.paths import FEED_FILE
    from voicecoach.publish.site import Site, site_resources
    from voicecoach.publish.site.host_files import host_resources

    yield from feed_resources(feed, address, pages=True)
    feed_url = f"{address}{FEED_FILE}" if address else None
    yield from site_resources(feed, Site(address=address, feed_url=feed_url, qr_svg=_qr(address)))
    yield from (one for one in host_resources(feed, address) if not _is_strangers(folder / one.path))


def _is_strangers(file: Path) -> bool:
    """Tell whether somebody else's file stands where we would put one that hosts have common names for."""
    try:
        data = file.read_bytes()
    except OSError:
        return False
    return bool(data) and _MARK not in data


def _qr(address: str) -> bytes | None:
    """Draw the site's address as a QR code; without it, or without the part of the extra that draws, there is none."""
    try:
        from voicecoach.serve.qr import qr_svg

        return qr_svg(address) if address else None
    except ImportError:
        return None


def _remember(folder: Path, kept: Resource) -> None:
    """Keep beside the sessions what must outlive a rebuild; where that cannot be written, say what it means."""
    from voicecoach.parts import part_beside

    target, data = folder / kept.path, kept.make()
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


def _told(read: FeedRead, folder: Path, site: Path, written: Written) -> Iterator[str]:
    from voicecoach.model.diagnostic import harmless
    from voicecoach.publish.feed.paths import FEED_FILE, INDEX_FILE

    assert read.feed is not None
    feed, address = read.feed, read.settings.address
    counts = [
        f"{len(names)} {what}" for names, what in ((written.written, "written"), (written.removed, "removed")) if names
    ]
    sessions = "1 session" if len(feed.episodes) == 1 else f"{len(feed.episodes)} sessions"
    yield harmless(f"{feed.title}: {sessions}, {', '.join(counts) or 'nothing new to write'}")
    yield f"site       {site}"
    if address:
        yield f"subscribe  {address}{FEED_FILE}, once the site is there"
    else:
        yield "note: podcast apps need whole addresses in the feed; say where the site will be, as soon as you know:"
        yield "  --base-url https://example.org/sessions    (or 'address:' in feed.yaml)"
    yield f"look at it: open {site / INDEX_FILE}    (from a disk, browsers keep nothing for offline use)"
    yield f"the same from this computer: voicecoach serve {shlex.quote(str(folder))}"
