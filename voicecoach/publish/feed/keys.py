"""What stands for the bytes of a resource: a hash of all that shapes them, cheap to make."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator

from voicecoach import __version__
from voicecoach.model.feed import Episode, Feed
from voicecoach.publish.plot.story import WORK

_HELD_BY_DIGEST = {"timeline", "cover", "notes"}
"""What an MP3 carries; its digest stands for it."""


def key_of(*parts: object) -> str:
    """Hash what shapes some bytes, and the version that makes them. Parts are plain values and tuples of them."""
    told = json.dumps([__version__, *parts], default=str, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def feed_key(feed: Feed, base_url: str, *, pages: bool) -> str:
    """Stand for what is made of all of a feed: the feed itself and the list of its sessions."""
    own = {name: value for name, value in _fields(feed) if name not in {"image", "episodes"}}
    episodes = [[value for name, value in _fields(episode) if name not in _HELD_BY_DIGEST] for episode in feed.episodes]
    return key_of(own, show_art_key(feed), episodes, base_url, pages)


def show_art_key(feed: Feed) -> str:
    """Stand for the show art: the author's own, or one with the title and a ring for each session."""
    if feed.image is not None:
        return key_of("show art", hashlib.sha256(feed.image).hexdigest())
    return key_of("show art", feed.title, [(_work(episode), episode.season) for episode in feed.episodes])


def _work(episode: Episode) -> list[tuple[str, int]]:
    """What a ring of the show art shows of a session: its work alone, so that another voice is no other picture."""
    return [(span.kind, span.frames) for span in episode.timeline.spans if span.kind in WORK]


def cover_key(episode: Episode) -> str:
    """Stand for the picture of an episode."""
    return key_of("cover", episode.digest, episode.title)


def chapters_key(feed: Feed, episode: Episode) -> str:
    """Stand for the chapters of an episode as JSON."""
    return key_of("chapters", episode.digest, episode.title, episode.author, feed.title)


def transcript_key(feed: Feed, episode: Episode) -> str:
    """Stand for the transcripts of an episode, in any form."""
    return key_of("transcript", episode.digest, feed.language)


def _fields(noun: Feed | Episode) -> Iterator[tuple[str, object]]:
    return ((field.name, getattr(noun, field.name)) for field in dataclasses.fields(noun))
