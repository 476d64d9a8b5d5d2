"""The small covers that pages show, as players do: a list of them must not take a megabyte."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from voicecoach.model.feed import Episode, Feed
from voicecoach.model.resource import Resource
from voicecoach.publish.artwork import ART_PX
from voicecoach.publish.cover import COVER_PX, cover
from voicecoach.publish.feed.keys import cover_key, key_of
from voicecoach.publish.feed.paths import SITE_FOLDER

__all__ = ["ART_PX", "COVER_PX", "cover_resources", "small_cover"]

_LETTERS = 12


def small_cover(episode: Episode) -> tuple[str, str]:
    """Return path and version of a session's cover of `COVER_PX`."""
    return f"{SITE_FOLDER}/covers/{episode.name}.jpg", _key(episode)[:_LETTERS]


def cover_resources(feed: Feed) -> Iterator[Resource]:
    """List the small covers."""
    for episode in feed.episodes:
        yield Resource(small_cover(episode)[0], "image/jpeg", _key(episode), partial(_small, episode))


def _key(episode: Episode) -> str:
    return key_of("small", cover_key(episode))


def _small(episode: Episode) -> bytes:
    """Give the author's own picture where the session has one, as in the file; else draw it as the file's was."""
    about = episode.timeline.about
    if episode.cover is not None and about is not None and about.own_cover:
        return episode.cover
    return cover(replace(episode.timeline, title=episode.title), COVER_PX)
