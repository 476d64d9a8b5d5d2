"""The small covers that pages show: those that the MP3s carry."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from voicecoach.model.feed import Episode, Feed
from voicecoach.model.resource import Resource
from voicecoach.publish.artwork import ART_PX
from voicecoach.publish.cover import COVER_PX
from voicecoach.publish.feed.keys import cover_key
from voicecoach.publish.feed.paths import COVER, SITE_FOLDER, side_file

__all__ = ["ART_PX", "COVER_PX", "cover_resources", "small_cover"]

_LETTERS = 12


def small_cover(episode: Episode) -> tuple[str, str]:
    """Return path and version of a session's cover of `COVER_PX`; where the file carries none, of its art."""
    if episode.cover is None:
        return side_file(episode, COVER), cover_key(episode)[:_LETTERS]
    return f"{SITE_FOLDER}/covers/{episode.name}.jpg", hashlib.sha256(episode.cover).hexdigest()[:_LETTERS]


def cover_resources(feed: Feed) -> Iterator[Resource]:
    """List the small covers."""
    for episode in feed.episodes:
        if (cover := episode.cover) is not None:
            key = hashlib.sha256(cover).hexdigest()
            yield Resource(small_cover(episode)[0], "image/jpeg", key, lambda cover=cover: cover)  # type: ignore[misc]
