"""What an author says of a feed: ``feed.yaml`` beside the sessions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voicecoach.model.diagnostic import Diagnostic, Severity
from voicecoach.model.feed import FeedOrder
from voicecoach.model.location import Location
from voicecoach.publish.feed import scalars
from voicecoach.publish.feed.address import read_address, read_email, read_link
from voicecoach.publish.feed.categories import read_category
from voicecoach.publish.feed.frequency import Frequency, read_frequency
from voicecoach.publish.feed.image import read_image
from voicecoach.source.fields import (
    COUNT,
    SWITCH,
    TEXT,
    Field,
    Kind,
    Reader,
    ReadMap,
    choice,
    list_of,
    map_of,
    read_map,
    scalar,
    table_schema,
)
from voicecoach.source.languages import read_tag
from voicecoach.source.nodes import MapNode, Node, ScalarNode, SourceFile, parse_yaml, read_source

SETTINGS_FILE = "feed.yaml"


@dataclass(frozen=True)
class SessionEntry:
    """What is said of one session.

    Attributes
    ----------
    session
        Its name as the author wrote it.
    title, season, number, published
        What counts instead of the session's own; None where nothing is said.
    places
        Where each of these stands.
    bare
        Nothing but the name was written.
    """

    session: str
    title: str | None = None
    season: int | None = None
    number: int | None = None
    published: dt.date | None = None
    places: Mapping[str, Location] = field(default_factory=dict)
    bare: bool = False

    @property
    def orders(self) -> bool:
        """Whether its place in the list counts, even if other sessions are not listed; else it says what differs."""
        return self.bare or self.number is not None


@dataclass(frozen=True)
class FeedSettings:
    """What an author says of a feed; None where nothing is said. See `Feed` for what each means.

    Attributes
    ----------
    address
        Where the folder will lie, with a slash at its end; empty: unknown.
    every
        How often something comes.
    future
        Sessions dated in the future are listed, too.
    sessions
        In the order written.
    """

    title: str | None = None
    description: str | None = None
    author: str | None = None
    owner_name: str | None = None
    owner_email: str | None = None
    language: str | None = None
    category: str = "Health & Fitness"
    subcategory: str | None = "Fitness"
    image: bytes | None = None
    link: str | None = None
    address: str = ""
    private: bool = False
    explicit: bool = False
    order: FeedOrder | None = None
    every: Frequency | None = None
    complete: bool = False
    copyright: str | None = None
    future: bool = False
    guid: str | None = None
    sessions: tuple[SessionEntry, ...] = ()


LINE = scalar(scalars.line, TEXT.schema)
PROSE = scalar(scalars.prose, TEXT.schema)
ADDRESS = scalar(read_address, {"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"})
LINK = scalar(read_link, ADDRESS.schema)
EMAIL = scalar(read_email, {"type": "string", "pattern": "@"})
DATE = scalar(scalars.day, {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"})

OWNER_FIELDS = (
    Field("name", LINE, "who answers"),
    Field("email", EMAIL, "where directories ask, such as kim@example.org", required=True),
)


def _owner(node: Node, reader: Reader, key: str) -> tuple[str | None, str] | None:
    if isinstance(node, MapNode):
        read = read_map(node, OWNER_FIELDS, f"'{key}'", reader)
        return None if read is None or "email" not in read.values else (read.get("name"), read.get("email"))
    named = re.fullmatch(r"\s*(.*?)\s*<([^<>]+)>\s*", node.text) if isinstance(node, ScalarNode) else None
    if named is not None and isinstance(node, ScalarNode):
        email = EMAIL(ScalarNode(named[2], node.place, node.quoted), reader, key)
        return None if email is None else (named[1].strip("'\" ") or None, email)
    email = EMAIL(node, reader, key)
    return None if email is None else (None, email)


OWNER = Kind(_owner, {"anyOf": [EMAIL.schema, table_schema(OWNER_FIELDS)]})

ENTRY_FIELDS = (
    Field("session", LINE, "the session's file, such as morning", required=True),
    Field("title", LINE, "a title instead of the session's own"),
    Field("season", COUNT, "the season that it belongs to, from 1"),
    Field("number", COUNT, "which one of its season it is, from 1"),
    Field("date", DATE, "the day on which it comes out, such as 2026-03-31"),
)


def _entry_of(read: ReadMap, reader: Reader, node: Node) -> SessionEntry | None:  # noqa: ARG001
    if "session" not in read.values:
        return None
    given: dict[str, Any] = {key: read.get(key) for key in ("title", "season", "number")}
    return SessionEntry(read.get("session"), published=read.get("date"), places=read.places, **given)


_ENTRY_MAP = map_of(ENTRY_FIELDS, _entry_of)


def _entry(node: Node, reader: Reader, key: str) -> SessionEntry | None:
    if isinstance(node, MapNode):
        entry: SessionEntry | None = _ENTRY_MAP(node, reader, "a session")
        return entry
    if isinstance(node, ScalarNode) and node.empty:
        reader.fault("empty-value", "a session has no name", node.place, "write its file's name, such as morning")
        return None
    name = LINE(node, reader, key)
    return None if name is None else SessionEntry(name, places={"session": node.place}, bare=True)


ENTRIES = list_of(Kind(_entry, {"anyOf": [LINE.schema, table_schema(ENTRY_FIELDS)]}))


def _image(node: Node, reader: Reader, key: str) -> bytes | None:
    name = LINE(node, reader, key)
    return None if name is None else read_image(name, node.place, reader)


FEED_FIELDS = (
    Field("title", LINE, "the name of the podcast"),
    Field("description", PROSE, "what it is about"),
    Field("author", LINE, "who made it"),
    Field("owner", OWNER, "whom directories ask: an e-mail address, or {name, email}; it stands in the feed"),
    Field("language", scalar(read_tag, {"type": "string"}), "the language, such as en or de-at"),
    Field("category", scalar(read_category, {"type": "string"}), "one of Apple's, such as Health & Fitness > Fitness"),
    Field("image", Kind(_image, LINE.schema), "show art, a square JPEG or PNG file of 1400 to 3000 pixels a side"),
    Field("link", LINK, "a web page about it"),
    Field("address", ADDRESS, "where this folder will lie on the web, such as https://example.org/podcast"),
    Field("private", SWITCH, "yes: directories and search engines are asked to leave it alone"),
    Field("explicit", SWITCH, "yes: not for children's ears"),
    Field("order", choice(FeedOrder, "an order"), "course: from the first to the last; newest: the newest first"),
    Field("every", scalar(read_frequency, {"type": "string"}), "how often something comes, such as week or 2 days"),
    Field("complete", SWITCH, "yes: nothing more will come"),
    Field("copyright", LINE, "whose it is, such as © 2026 Kim Lee"),
    Field("future", SWITCH, "yes: sessions dated in the future are listed, too"),
    Field("guid", scalar(scalars.guid, {"type": "string"}), "the podcast:guid that it had before"),
    Field("sessions", ENTRIES, "sessions by name in their order, or maps of what differs: session, title, number …"),
)


@dataclass(frozen=True)
class SettingsRead:
    """What reading gave: the settings (of what read well), all faults, the text for further faults, and notes."""

    settings: FeedSettings
    faults: tuple[Diagnostic, ...]
    source: SourceFile
    notes: tuple[str, ...] = ()

    def fault(
        self, code: str, message: str, place: Location, hint: str | None = None, severity: Severity = Severity.ERROR
    ) -> Diagnostic:
        """Make a fault of the settings that shows its line."""
        return self.source.fault(code, message, place, hint, severity)


def read_settings(folder: Path) -> SettingsRead:
    """Read the settings of a folder; without a file, or with an empty one, nothing is said."""
    path = folder / SETTINGS_FILE
    other = folder / "feed.yml"
    notes: tuple[str, ...] = ()
    if not path.exists() and not path.is_symlink() and other.exists():
        path = other
    elif other.exists():
        notes = (f"feed.yml is not read: there is {SETTINGS_FILE}, too",)
    nothing = SourceFile(str(path), "", folder)
    if not path.exists() and not path.is_symlink():
        return SettingsRead(FeedSettings(), (), nothing, notes)
    top = Location(str(path), 1, 1)
    if not path.is_file():
        fault = Diagnostic("file-kind", f"{path.name} is not a file", top, "it is a text of 'key: value' lines")
        return SettingsRead(FeedSettings(), (fault,), nothing, notes)
    try:
        source, faults = read_source(path)
    except OSError as error:
        fault = Diagnostic("file-kind", f"it cannot be read: {error.strerror}", top)
        return SettingsRead(FeedSettings(), (fault,), nothing, notes)
    if faults:
        return SettingsRead(FeedSettings(), tuple(map(_of_feed, faults)), source, notes)
    return _read(source, notes)


def _of_feed(fault: Diagnostic) -> Diagnostic:
    """Say what the file should have been: it is no routine."""
    told = {
        "too-large": "the file is too large: the settings of a feed are some lines of YAML",
        "binary": "this is not text: the settings of a feed are some lines of YAML",
    }
    return Diagnostic(fault.code, told.get(fault.code, fault.message), fault.location, fault.hint, fault.source_line)


def _read(source: SourceFile, notes: tuple[str, ...]) -> SettingsRead:
    root, faults = parse_yaml(source)
    if root is None or (isinstance(root, ScalarNode) and root.empty):
        return SettingsRead(FeedSettings(), faults, source, notes)
    reader = Reader(source)
    read = read_map(root, FEED_FIELDS, SETTINGS_FILE, reader)
    settings = FeedSettings() if read is None else _settings(read.values)
    return SettingsRead(settings, tuple(reader.faults), source, notes)


def _settings(given: dict[str, Any]) -> FeedSettings:
    known = dict(given)
    if "owner" in known:
        known["owner_name"], known["owner_email"] = known.pop("owner")
    if "category" in known:
        known["category"], known["subcategory"] = known.pop("category")
    return FeedSettings(**known)
