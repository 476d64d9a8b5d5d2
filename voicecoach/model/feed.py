"""A feed and its episodes: a folder of built sessions as podcast apps and the phone page see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from voicecoach.model.timeline import Timeline


class FeedOrder(StrEnum):
    """In what order episodes are meant to be done."""

    NEWEST = "newest"
    COURSE = "course"


@dataclass(frozen=True)
class Episode:
    """One built session as the item of a feed.

    Attributes
    ----------
    name
        Its key in the feed: the file's path in the folder without ``.mp3``, with ``/`` between parts
        (``morning``, ``week 1/day 2``). What is made for it (page, captions, chapters) is named by it.
    size_bytes, digest
        Of the MP3: its length, and the SHA-256 of its bytes in hex.
    timeline
        What it carries; everything about chapters, captions and times comes from here.
    title
        As apps show it: the session's own, or what the settings say.
    author
        Who made it.
    notes
        The show notes, plain text (see `publish.show_notes`).
    guid
        A UUID in text, by which apps know it again; it outlives rebuilding, and names no host.
    published
        UTC, whole seconds.
    season, number
        From 1, or None.
    cover
        The JPEG of up to 600 × 600 that the MP3 carries where it is a picture of the author's own; None: it is drawn.
    ending
        Of the MP3's name; cameras and old machines write ``.MP3``.
    """

    name: str
    size_bytes: int
    digest: str
    timeline: Timeline
    title: str
    author: str
    notes: str
    guid: str
    published: dt.datetime
    season: int | None = None
    number: int | None = None
    cover: bytes | None = None
    ending: str = ".mp3"

    @property
    def file(self) -> str:
        """Path of the MP3 in the folder, with ``/`` between parts; not quoted for a URL."""
        return f"{self.name}{self.ending}"

    @property
    def length_s(self) -> int:
        """Length in whole seconds, rounded; a session is a whole number of seconds long."""
        return round(self.timeline.length_s)


@dataclass(frozen=True)
class Feed:
    """A channel and its episodes.

    Attributes
    ----------
    title, description, author
        Never empty.
    guid
        The podcast:guid, a UUID in text; made once and kept.
    language
        BCP 47.
    owner_name, owner_email
        Whom a directory asks; None: nobody is named.
    category, subcategory
        As Apple writes them, exactly.
    link
        A page about it; None: the published site itself, or the feed.
    private
        Asks directories and search engines to leave it alone.
    order
        ``course``: from the first to the last (itunes:type serial); ``newest``: the newest first (episodic).
    frequency
        How often something comes: an RFC 5545 rule without ``RRULE:`` and its words, or None.
    complete
        Nothing more will come.
    explicit
        As its author says; sessions are not, unless said.
    copyright
        A line, or None.
    image
        A JPEG or PNG file of the author's own as show art, its bytes; None: it is drawn.
    episodes
        In the order in which they are listed and done: a course from the first to the last, else the newest first.
    """

    title: str
    description: str
    author: str
    guid: str
    language: str = "en"
    owner_name: str | None = None
    owner_email: str | None = None
    category: str = "Health & Fitness"
    subcategory: str | None = "Fitness"
    link: str | None = None
    private: bool = False
    order: FeedOrder = FeedOrder.NEWEST
    frequency: tuple[str, str] | None = None
    complete: bool = False
    explicit: bool = False
    copyright: str | None = None
    image: bytes | None = None
    episodes: tuple[Episode, ...] = ()
