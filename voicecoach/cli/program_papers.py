"""What goes with the sessions of a programme: the feed and its settings, a calendar, a picture, a plan to print."""

from __future__ import annotations

import datetime as dt
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.faults import show_faults
from voicecoach.cli.options import say_strict, show_notes
from voicecoach.cli.progress import Bar
from voicecoach.cli.writing import write_bytes
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, OutputError

if TYPE_CHECKING:
    from voicecoach.cli.feed import FeedMade
    from voicecoach.model.course import Course, DayContent
    from voicecoach.model.program import Program
    from voicecoach.source.nodes import SourceFile

SETTINGS_HEAD = """\
# Settings of the podcast, written by 'voicecoach program build' where there were none: change what you like, they stay.
# What a feed can be told: title, description, author, image, address, private and more (see README).
"""


@dataclass(frozen=True)
class Wanted:
    """What the flags say of feed and calendar.

    Attributes
    ----------
    base_url
        Where the folder will lie, or "".
    future
        The feed lists sessions that are dated in the future, too.
    at
        The time of day of sessions in the calendar, or None.
    strict
        Warnings fail, as errors do.
    """

    base_url: str = ""
    future: bool = False
    at: dt.time | None = None
    strict: bool = False


def bring(path: Path, data: bytes) -> bool:
    """Bring a file to what it is to be; tell whether that was needed.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error
    write_bytes(path, data)
    return True


def write_papers(
    folder: Path,
    program: Program,
    course: Course,
    contents: Mapping[str, DayContent],
    wanted: Wanted,
    source: SourceFile,
) -> int:
    """Write what goes with the sessions, and tell where it is; return the exit code."""
    from voicecoach.cli.feed import make_feed
    from voicecoach.model.diagnostic import has_errors

    _settings(folder, program, course, source)
    feed = make_feed(folder, wanted.base_url, Bar(sys.stderr), future=wanted.future, strict=wanted.strict)
    address = feed.read.settings.address
    written = [name for name, data in _papers(course, contents, wanted, address) if bring(folder / name, data)]
    if not _show_feed(folder, feed, strict=wanted.strict):
        return EXIT_FAULTS
    for line in _told(folder, course, written):
        click.echo(line)
    return EXIT_FAULTS if has_errors(feed.faults) or (wanted.strict and feed.faults) else EXIT_GOOD


def _settings(folder: Path, program: Program, course: Course, source: SourceFile) -> None:
    """Write the settings of the feed where there are none."""
    from voicecoach.publish.feed.settings import SETTINGS_FILE
    from voicecoach.source.emitting import block_map, emit, plain

    if any((folder / name).exists() for name in (SETTINGS_FILE, "feed.yml")):
        return
    words = {"title": course.title, "description": course.description, "author": course.author}
    values = {**{key: text for key, text in words.items() if text}, "language": course.language}
    if program.image and source.folder is not None:
        picture = source.folder / program.image
        try:
            values["image"] = f"show-art{picture.suffix.lower()}"
            bring(folder / values["image"], picture.read_bytes())
        except OSError as error:
            raise OutputError(f"cannot read {picture}: {error.strerror}") from error
    text = emit(block_map((*values.items(), ("order", plain("course")), ("complete", plain("yes")))))
    bring(folder / SETTINGS_FILE, f"{SETTINGS_HEAD}{text}".encode())


def _show_feed(folder: Path, feed: FeedMade, *, strict: bool) -> bool:
    """Show what became of the feed; tell whether there is one."""
    from voicecoach.cli.feed import feed_lines

    show_faults(feed.faults)
    held = [note for note in feed.read.notes if note.endswith("--future lists it now")]
    show_notes((note for note in feed.read.notes if note not in held), err=True)
    if feed.written is None or feed.read.feed is None:
        if strict:
            say_strict(feed.faults)
        return False
    for line in feed_lines(folder, feed.read, feed.written):
        click.echo(line)
    if held:
        sessions = "1 session is" if len(held) == 1 else f"{len(held)} sessions are"
        click.echo(f"note: {sessions} dated in the future; on their days list them with")
        click.echo(f"  voicecoach feed {shlex.quote(str(folder))}    (or now, with --future)")
    elif any(one.published > dt.datetime.now(dt.UTC) for one in feed.read.feed.episodes):
        click.echo("note: sessions are listed ahead of their days; some apps leave them out until then")
    return True


def _papers(
    course: Course, contents: Mapping[str, DayContent], wanted: Wanted, address: str
) -> Iterator[tuple[str, bytes]]:
    from voicecoach.library import Library
    from voicecoach.publish.course.calendar import calendar_bytes
    from voicecoach.publish.course.overview import overview_png, overview_svg
    from voicecoach.publish.course.plan_page import plan_html
    from voicecoach.publish.feed.paths import base_of, url_of

    if course.start is not None:
        base = base_of(address)
        urls = {day.session: url_of(base, f"{day.session}.mp3") for day in course.sessions} if base else {}
        yield f"{course.name}.ics", calendar_bytes(course, contents, at=wanted.at, urls=urls)
    yield "overview.svg", overview_svg(course, contents).encode()
    yield "overview.png", overview_png(course, contents)
    yield "plan.html", plan_html(course, contents, Library()).encode()


def _told(folder: Path, course: Course, written: list[str]) -> Iterator[str]:
    if course.start is not None:
        yield f"calendar   {folder / f'{course.name}.ics'}"
    yield f"overview   {folder / 'overview.png'}"
    yield f"to print   {folder / 'plan.html'}"
    if not written:
        yield "these are as they were"
