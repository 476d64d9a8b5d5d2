"""voicecoach feed: a folder of sessions as a podcast, and what is wrong with one."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from voicecoach.cli.faults import count, show_faults
from voicecoach.cli.options import say_strict, show_notes
from voicecoach.cli.progress import Bar
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from voicecoach.model.diagnostic import Diagnostic
    from voicecoach.model.feed import Episode
    from voicecoach.publish.feed.folder import FeedRead
    from voicecoach.publish.writer import Written

MOST_JOBS = 4
"""So many covers are drawn at a time; each takes some 60 MB while it is."""
_RELATIVE = "feed-relative"
_FUTURE = "feed-future"
_NONE = "the feed has no <item>"
_SAME = {"session-numbers": "feed-order"}
"""What a fault of the settings is called where it is found in the feed."""


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--base-url",
    metavar="URL",
    help="Where the folder will lie on the web; goes before feed.yaml's address, and is kept for the next time. none:"
    " nowhere, addresses are relative.",
)
@click.option("--future", is_flag=True, help="List sessions dated in the future, too.")
@click.option("--check", "checked", is_flag=True, help="Look for faults in the feed that is there, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON; with --check, the faults.")
@click.option("--strict", is_flag=True, help="Let warnings fail, as errors do.")
def feed(folder: Path, base_url: str | None, future: bool, checked: bool, as_json: bool, strict: bool) -> int:
    """Make a podcast of the sessions in DIR: feed.xml, covers, chapters, transcripts, a playlist.

    The MP3s stay where they are. Folders in DIR are seasons. The settings stand in DIR/feed.yaml: title, description,
    author, image, address, order and more, all optional. Run it again when a session was built anew; what is right is
    not touched.

    \b
    voicecoach feed output --base-url https://example.org/podcast
    voicecoach feed output --check

    Exit codes: 0 good, 1 the settings, a session or the feed have faults, 2 wrong use.
    """
    if base_url is not None and not base_url.strip():
        raise UsageError("--base-url is empty", hint="write it as https://example.org/podcast, or leave it out")
    if checked:
        return _check(folder, base_url, as_json=as_json, strict=strict)
    return _make(folder, base_url or "", future=future, as_json=as_json, strict=strict)


@dataclass(frozen=True)
class FeedMade:
    """What came of making a feed.

    Attributes
    ----------
    read
        The folder as it was read.
    faults
        All of them, those too that were found in what was written.
    written
        What changed; None: faults stood in its way, and nothing was written.
    """

    read: FeedRead
    faults: tuple[Diagnostic, ...]
    written: Written | None


def make_feed(folder: Path, base_url: str, bar: Bar, *, future: bool, strict: bool) -> FeedMade:
    """Make the feed of a folder.

    Parameters
    ----------
    folder
        With sessions, and perhaps with settings.
    base_url
        Where it will lie, or "".
    bar
        Shows how far it is.
    future
        Sessions dated in the future are listed, too.
    strict
        Warnings stand in its way, as errors do.

    Raises
    ------
    UsageError, OutputError
        The folder or the address is none; something cannot be written.
    """
    from voicecoach.config import default_jobs
    from voicecoach.publish.feed import feed_resources
    from voicecoach.publish.feed.folder import read_folder
    from voicecoach.publish.feed.session_files import SessionFiles
    from voicecoach.publish.writer import write_resources

    read = read_folder(folder, _now(), SessionFiles(), address=base_url, target=folder, future=future)
    if read.feed is None or (strict and read.faults):
        return FeedMade(read, read.faults, None)
    resources = (read.kept.resource(), *feed_resources(read.feed, read.settings.address))
    try:
        written = write_resources(
            folder,
            resources,
            spare=_is_of_a_site,
            jobs=min(MOST_JOBS, default_jobs()),
            tell=lambda done, of: bar.show("covers and feed", done, of),
        )
    finally:
        bar.clear()
    faults = (*read.faults, *(_findings(folder, read, future=future) if written.written else ()))
    return FeedMade(read, faults, written)


def _make(folder: Path, base_url: str, *, future: bool, as_json: bool, strict: bool) -> int:
    from voicecoach.model.diagnostic import has_errors

    made = make_feed(folder, base_url, Bar(sys.stderr), future=future, strict=strict)
    if made.written is None:
        return _failed(folder, made.read, as_json=as_json, strict=strict)
    if as_json:
        _print_json(_values(folder, made.read, made.faults, made.written))
    else:
        show_faults(made.faults)
        show_notes(made.read.notes, err=True)
        for line in (*_rows(made.read), *feed_lines(folder, made.read, made.written)):
            click.echo(line)
    return EXIT_FAULTS if has_errors(made.faults) or (strict and made.faults) else EXIT_GOOD


def _findings(folder: Path, read: FeedRead, *, future: bool) -> Iterator[Diagnostic]:
    """Look at what was written as `--check` does; what is told in other words, or was asked for, is not told."""
    from voicecoach.publish.feed.paths import FEED_FILE
    from voicecoach.publish.linter import lint_feed

    told = {_SAME.get(fault.code) for fault in read.faults} | ({_RELATIVE} if not read.settings.address else set())
    told |= {_FUTURE} if future or read.settings.future else set()
    for fault in lint_feed(folder / FEED_FILE, _now(), base_url=read.settings.address or None):
        if fault.code not in told and (read.feed is None or read.feed.episodes or not fault.message.startswith(_NONE)):
            yield fault


def _is_of_a_site(path: str) -> bool:
    """Tell whether `publish` wrote a file; the folder may be a site, too."""
    from voicecoach.publish.feed.paths import FEED_FILE, OPML_FILE, PLAYLIST_FILE, SIDE_FOLDER

    return path not in (FEED_FILE, OPML_FILE, PLAYLIST_FILE) and not path.startswith(f"{SIDE_FOLDER}/")


def _now() -> dt.datetime:
    import datetime as dt

    return dt.datetime.now().astimezone()


def _failed(folder: Path, read: FeedRead, *, as_json: bool, strict: bool) -> int:
    """Show what stands in the way."""
    from voicecoach.publish.feed.paths import FEED_FILE

    if as_json:
        _print_json({"faults": [fault.to_json() for fault in read.faults], "notes": list(read.notes)})
        return EXIT_FAULTS
    show_faults(read.faults)
    show_notes(read.notes, err=True)
    if strict:
        say_strict(read.faults)
    if (folder / FEED_FILE).exists():
        click.echo(f"{folder / FEED_FILE} stays as it was", err=True)
    return EXIT_FAULTS


def _rows(read: FeedRead) -> Iterator[str]:
    """Tell what is in the feed."""
    assert read.feed is not None
    rows = [_row(episode) for episode in read.feed.episodes]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, title, length, size, day in rows:
        cells = (number.rjust(widths[0]), title.ljust(widths[1]), length.rjust(widths[2]), size.rjust(widths[3]), day)
        yield "  ".join(cells[0 if widths[0] else 1 :])


def feed_lines(folder: Path, read: FeedRead, written: Written) -> Iterator[str]:
    """Tell what was done to a feed, where it is, and what to do with it."""
    from voicecoach.model.diagnostic import harmless
    from voicecoach.publish.feed.paths import FEED_FILE

    assert read.feed is not None
    count = len(read.feed.episodes)
    changed = [
        f"{len(names)} {what}" for names, what in ((written.written, "written"), (written.removed, "removed")) if names
    ]
    sessions = "1 session" if count == 1 else f"{count} sessions"
    yield harmless(f"{read.feed.title}: {sessions}, {', '.join(changed) or 'nothing new to write'}")
    yield f"feed       {folder / FEED_FILE}"
    if read.settings.address:
        yield f"subscribe  {read.settings.address}{FEED_FILE}, once the folder is there"
    else:
        place = shlex.quote(str(folder))
        yield "note: its addresses are relative, and few apps take that; say where the folder will lie:"
        yield f"  voicecoach feed {place} --base-url https://example.org/podcast    (or 'address:' in feed.yaml)"
        yield f"  voicecoach serve {place}    hands it out in your own network"


def _row(episode: Episode) -> tuple[str, str, str, str, str]:
    from voicecoach.model.diagnostic import harmless
    from voicecoach.model.units import clock

    numbers = [str(number) for number in (episode.season, episode.number) if number is not None]
    size = f"{episode.size_bytes / 1e6:.1f} MB"
    title = harmless(episode.title)
    return ".".join(numbers), title, clock(episode.timeline.length_s), size, f"{episode.published:%Y-%m-%d}"


def _values(folder: Path, read: FeedRead, faults: Sequence[Diagnostic], written: Written) -> dict[str, Any]:
    from voicecoach.publish.feed.paths import FEED_FILE, url_of, version_of

    made = read.feed
    assert made is not None
    address = read.settings.address
    sessions = [
        {
            "name": one.name,
            "title": one.title,
            "season": one.season,
            "number": one.number,
            "length_s": one.length_s,
            "size_bytes": one.size_bytes,
            "published": f"{one.published:%Y-%m-%dT%H:%M:%SZ}",
            "guid": one.guid,
            "url": url_of(address, one.file, version_of(one)),
        }
        for one in made.episodes
    ]
    return {
        "feed": str(folder / FEED_FILE),
        "url": f"{address}{FEED_FILE}" if address else None,
        "title": made.title,
        "guid": made.guid,
        "language": made.language,
        "order": made.order.value,
        "sessions": sessions,
        "written": list(written.written),
        "removed": list(written.removed),
        "faults": [fault.to_json() for fault in faults],
        "notes": list(read.notes),
    }


def _print_json(values: object) -> None:
    click.echo(json.dumps(values, ensure_ascii=False, indent=2))


def _check(place: Path, base_url: str | None, *, as_json: bool, strict: bool) -> int:
    """Show what is wrong with a feed that is there."""
    from voicecoach.model.diagnostic import has_errors
    from voicecoach.publish.linter import lint_feed

    faults: Sequence[Diagnostic] = lint_feed(_feed_file(place), _now(), base_url=_address(base_url))
    failed = has_errors(faults) or (strict and bool(faults))
    if as_json:
        _print_json([fault.to_json() for fault in faults])
    else:
        for fault in faults:
            click.echo(fault.render())
        verdict = f"no errors, {count(faults)}" if faults else "good"
        click.echo(count(faults) if failed else f"{_feed_file(place)}: {verdict}")
    return EXIT_FAULTS if failed else EXIT_GOOD


def _feed_file(place: Path) -> Path:
    from voicecoach.publish.feed.paths import FEED_FILE

    if place.is_file():
        return place
    if not place.exists():
        raise UsageError(f"there is no folder and no file '{place}'")
    if not (place / FEED_FILE).is_file():
        raise UsageError(
            f"there is no {FEED_FILE} in '{place}'", hint=f"voicecoach feed {shlex.quote(str(place))} makes it"
        )
    return place / FEED_FILE


def _address(base_url: str | None) -> str | None:
    from voicecoach.publish.feed.folder import NO_ADDRESS, given_address

    address = given_address(base_url or "")
    return None if address in ("", NO_ADDRESS) else address
