"""What there is at one moment, for whoever asks by one base URL: a table from paths to things."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from voicecoach.model.feed import Feed
from voicecoach.model.resource import Resource
from voicecoach.publish.feed.paths import INDEX_FILE, MP3_TYPE, SIDE_FOLDER
from voicecoach.serve.answers import Fields, Thing
from voicecoach.serve.conditions import Validators
from voicecoach.serve.content import FileContent, MadeContent, Stamp

SHARED: Fields = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Accept-Ranges, Content-Length, Content-Range, ETag, Last-Modified",
}
"""What podcast players on other sites may read. Podcasting 2.0 asks for it of chapters and transcripts."""
_LEAST_VERSION_LETTERS = 8
_ETAG_LETTERS = 32


@dataclass(frozen=True)
class SessionFile:
    """The MP3 of an episode: where it lies, and what it was when it was read."""

    path: Path
    stamp: Stamp
    digest: str


@dataclass(frozen=True)
class Entry:
    """What a path leads to: a session, or something that is made.

    Attributes
    ----------
    of
        Which of the two.
    since
        When it came to be what it is, UTC; of what is made.
    fields
        What every answer about it says beside its own.
    """

    of: SessionFile | Resource
    since: dt.datetime
    fields: Fields = field(default_factory=dict)

    def is_version(self, version: str) -> bool:
        """Tell whether a version in a URL stands for just this content."""
        whole = self.of.digest if isinstance(self.of, SessionFile) else self.of.key
        return len(version) >= _LEAST_VERSION_LETTERS and whole.startswith(version)


class Table:
    """Paths and what they lead to; nothing else is there.

    Pages are listed when one is asked for first: that takes a while, and podcast apps do not ask for any.

    Parameters
    ----------
    feed
        The feed that it is of.
    files
        Where its sessions lie, by the names of its episodes.
    resources
        What lies beside them, the feed itself too.
    pages
        Lists the rest.
    since
        When it came to be, UTC.
    """

    def __init__(
        self,
        feed: Feed,
        files: Mapping[str, SessionFile],
        resources: Iterable[Resource],
        pages: Callable[[], Iterable[Resource]],
        since: dt.datetime,
    ) -> None:
        self._shared: Fields = {} if feed.private else SHARED
        self._since = since
        self._pages = pages
        self._filling = threading.Lock()
        self._entries: dict[str, Entry] = {}
        self.is_whole = False
        for episode in feed.episodes:
            if episode.name in files:
                self._entries[episode.file] = Entry(files[episode.name], since, self._shared)
        self._add(resources)

    def find(self, path: str) -> Entry | None:
        """Give what a path leads to; the empty one to the list of sessions. None, perhaps only as long as not whole."""
        return self._entries.get(path or INDEX_FILE)

    def fill(self) -> None:
        """List the pages, too, so that it is whole."""
        with self._filling:
            if not self.is_whole:
                self._add(self._pages())
                self.is_whole = True

    def _add(self, resources: Iterable[Resource]) -> None:
        """Add resources; the first of a path counts."""
        for resource in resources:
            own = self._shared if _is_for_players(resource.path) else {}
            self._entries.setdefault(resource.path, Entry(resource, self._since, own))


def _is_for_players(path: str) -> bool:
    """Tell the feed and what lies beside sessions from pages, which are for one's own browser."""
    return path.startswith(f"{SIDE_FOLDER}/") or ("/" not in path and path.endswith((".xml", ".opml", ".m3u")))


class Workshop:
    """Opens entries. What was made is remembered, the last used longest.

    Parameters
    ----------
    most_bytes
        So much of what was made is held.
    """

    def __init__(self, most_bytes: int = 32 * 1024 * 1024) -> None:
        self._most_bytes = most_bytes
        self._held_bytes = 0
        self._made: OrderedDict[tuple[str, str], tuple[bytes, str]] = OrderedDict()
        self._own = threading.Lock()
        self._making: dict[tuple[str, str], threading.Lock] = {}

    def open(self, entry: Entry) -> Thing:
        """Open what a path leads to. It reads from disk or draws: not for the thread that answers.

        Raises
        ------
        ChangedError
            The session is another one by now, or gone.
        """
        if isinstance(entry.of, SessionFile):
            content = FileContent(entry.of.path, entry.of.stamp)
            modified = dt.datetime.fromtimestamp(entry.of.stamp.mtime_ns // 10**9, dt.UTC)
            return Thing(content, MP3_TYPE, Validators(_etag(entry.of.digest), modified), entry.fields)
        data, digest = self._data(entry.of)
        return Thing(MadeContent(data), entry.of.media_type, Validators(_etag(digest), entry.since), entry.fields)

    def held(self, entry: Entry) -> bool:
        """Tell whether it was made already, so that opening it takes no time."""
        return isinstance(entry.of, Resource) and (entry.of.path, entry.of.key) in self._made

    def _data(self, resource: Resource) -> tuple[bytes, str]:
        key = (resource.path, resource.key)
        with self._own:
            if (known := self._remembered(key)) is not None:
                return known
            making = self._making.setdefault(key, threading.Lock())
        with making:  # ten who want the same picture wait for one drawing
            with self._own:
                if (known := self._remembered(key)) is not None:
                    return known
            data = resource.make()
            made = (data, sha256(data).hexdigest())
            with self._own:
                self._remember(key, made)
                self._making.pop(key, None)
        return made

    def _remembered(self, key: tuple[str, str]) -> tuple[bytes, str] | None:
        if key in self._made:
            self._made.move_to_end(key)
        return self._made.get(key)

    def _remember(self, key: tuple[str, str], made: tuple[bytes, str]) -> None:
        self._made[key] = made
        self._held_bytes += len(made[0])
        while self._held_bytes > self._most_bytes and len(self._made) > 1:
            _, (data, _) = self._made.popitem(last=False)
            self._held_bytes -= len(data)


def _etag(digest: str) -> str:
    return f'"{digest[:_ETAG_LETTERS]}"'
