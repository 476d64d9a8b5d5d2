"""What the rules look at: the feed, its parts, its folder, and the way to make a fault at a place."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from voicecoach.model.diagnostic import Diagnostic, Severity
from voicecoach.model.location import Location
from voicecoach.publish.feed.kept import Kept, episode_guid, read_kept
from voicecoach.publish.feed.paths import KEPT_FILE
from voicecoach.publish.linter.addressed import Address, addresses_in
from voicecoach.publish.linter.folder import Folder, Found, digest, version_in
from voicecoach.publish.linter.listed import Item, strangers_marked
from voicecoach.publish.linter.recordings import Recording, read_recording
from voicecoach.publish.linter.xml_reading import Document, Element
from voicecoach.source.nodes import SourceFile


class Linted:
    """A feed, and what lies beside it.

    Parameters
    ----------
    document
        The feed, read, its names as they were meant.
    folder
        Where it lies.
    now
        The present, with a time zone.
    given
        Whether the address of the folder was given from outside, not found.
    votes
        How many files lie under that address.
    """

    def __init__(self, document: Document, folder: Folder, now: dt.datetime, *, given: bool, votes: int) -> None:
        self.document = document
        self.folder = folder
        self.now = now
        self.base_given = given
        self.base_votes = votes
        self.recordings: dict[Path, Recording] = {}
        self._digests: dict[Path, str] = {}
        self._found: dict[str, Found | None] = {}

    @cached_property
    def root(self) -> Element:
        """The ``rss``."""
        return self.document.root

    @cached_property
    def channel(self) -> Element:
        """Its first ``channel``."""
        return next(child for child in self.root.children if child.name == "channel")

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every item of it."""
        return strangers_marked(map(self._item, self.channel.all("item")))

    @cached_property
    def addresses(self) -> tuple[Address, ...]:
        """Every address that stands in the feed."""
        return tuple(addresses_in(self.channel))

    def where(self, address: Address) -> Location:
        """Where an address stands."""
        return self.text(address.element) if address.attribute is None else self.at(address.element, address.attribute)

    def find(self, address: str) -> Found | None:
        """Find the file of the feed's folder that an address leads to, as `Folder.find`; each is looked for once."""
        if address not in self._found:
            self._found[address] = self.folder.find(address)
        return self._found[address]

    @cached_property
    def own_address(self) -> str | None:
        """What the feed says its own address is."""
        links = (link for link in self.channel.all("atom:link") if link.attributes.get("rel") == "self")
        return next(
            (link.attributes["href"].strip() for link in links if link.attributes.get("href", "").strip()), None
        )

    @cached_property
    def kept(self) -> Kept | None:
        """What `voicecoach feed` kept for this folder; None where there is nothing of it, or it does not read."""
        try:
            if not (self.folder.path / KEPT_FILE).is_file():
                return None
            kept, notes = read_kept(self.folder.path, ())
        except OSError:
            return None
        return None if notes else kept

    @property
    def kept_guid(self) -> uuid.UUID | None:
        """The podcast:guid that was kept."""
        return uuid.UUID(self.kept.guid) if self.kept is not None and self.kept.guid else None

    def beside(self, name: str) -> str:
        """Return how people know a file of the folder."""
        return self.document.source.beside(name)

    def at(self, element: Element, attribute: str | None = None) -> Location:
        """Where an element stands, or the value of its attribute."""
        return self.document.place(element) if attribute is None else self.document.attribute_place(element, attribute)

    def text(self, element: Element) -> Location:
        """Where the text of an element stands."""
        return self.document.text_place(element)

    def error(self, code: str, message: str, place: Location, hint: str | None = None) -> Diagnostic:
        """Make a fault that breaks an app or PSP-1."""
        return self.document.source.fault(code, message, place, hint)

    def warning(self, code: str, message: str, place: Location, hint: str | None = None) -> Diagnostic:
        """Make a fault that is unwise only."""
        return self.document.source.fault(code, message, place, hint, Severity.WARNING)

    def _item(self, element: Element) -> Item:
        enclosure = element.first("enclosure")
        found = self.find(enclosure.attributes.get("url", "").strip()) if enclosure is not None else None
        recording = None
        if found is not None and found.path is not None and found.there and found.name.casefold().endswith(".mp3"):
            if found.path not in self.recordings:
                self.recordings[found.path] = read_recording(found.path)
            recording = self.recordings[found.path]
        right = self._right_guids.get(found.name.removesuffix(".mp3")) if found is not None else None
        session = self._sessions.get(element.text_of("guid") or "")
        return Item(element, enclosure, found, recording, right, session)

    @cached_property
    def _right_guids(self) -> Mapping[str, str]:
        """The guid of every session of which there is a record; empty where the feed's own guid is another."""
        channel = self.channel.text_of("podcast:guid") or ""
        if self.kept is None or self.kept_guid is None or channel.lower() != str(self.kept_guid):
            return {}
        return {name: episode_guid(str(self.kept_guid), name) for name in self.kept.sessions}

    @cached_property
    def _sessions(self) -> Mapping[str, str]:
        return {guid: name for name, guid in self._right_guids.items()}

    @cached_property
    def owners(self) -> Mapping[str, Item]:
        """The item of each session, by its name."""
        return {item.name: item for item in reversed(self.items) if item.name is not None}

    def is_other_content(self, item: Item) -> bool:
        """Whether the address of an item's file stands for another content (``?v=…``); each file is hashed once."""
        version = version_in(item.enclosure.attributes.get("url", "")) if item.enclosure is not None else None
        path = item.found.path if item.found is not None else None
        if version is None or path is None or not re.fullmatch(r"[0-9a-f]{8,64}", version) or not item.found_there:
            return False
        if path not in self._digests:
            try:
                self._digests[path] = digest(path)
            except OSError:
                self._digests[path] = ""
        return bool(self._digests[path]) and not self._digests[path].startswith(version)

    def side_file(self, found: Found) -> SourceFile | None:
        """Read a text file of the folder; None where it is no UTF-8 text that can be read, or far too large."""
        assert found.path is not None
        return read_text(found.path, self.beside(found.name))

    def titled(self, element: Element) -> str:
        """Name an item for people: by its title."""
        return f"'{element.text_of('title') or 'an item without title'}'"


MOST_TEXT_BYTES = 16 * 1024 * 1024


def read_text(path: Path, name: str) -> SourceFile | None:
    """Read a UTF-8 text with one kind of line end; None where that is not what the file holds."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_TEXT_BYTES + 1)
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    if len(data) > MOST_TEXT_BYTES:
        return None
    return SourceFile(name, text.replace("\r\n", "\n").replace("\r", "\n"), path.parent)


def every(linted: Linted, name: str) -> Iterator[Element]:
    """Give every element of a name in the channel and in its items."""
    yield from linted.channel.all(name)
    for item in linted.items:
        yield from item.element.all(name)
