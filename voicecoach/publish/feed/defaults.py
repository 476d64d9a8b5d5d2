"""What a feed is called, and what it is about, where its author does not say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from voicecoach.publish.feed.order import Draft
from voicecoach.publish.feed.settings import FeedSettings

MOST_LETTERS = 600
"""A description that lists sessions is no longer."""


def common(texts: Iterable[str | None]) -> str | None:
    """Return what all of them are; None where they differ or one is missing."""
    found = set(texts)
    return found.pop() if len(found) == 1 else None


def titled(settings: FeedSettings, listed: Sequence[Draft], folder: Path) -> str:
    """Name a feed: by its settings, the series of all, its only session, the author of all, or its folder."""
    abouts = [one.read.timeline.about for one in listed]
    return (
        settings.title
        or common(about.series if about is not None else None for about in abouts)
        or (_title(listed[0]) if len(listed) == 1 else None)
        or common(one.read.author for one in listed)
        or _readable(folder.resolve().name)
        or "voicecoach"
    )


def described(settings: FeedSettings, listed: Sequence[Draft]) -> str:
    """Describe a feed: by its settings, the description of all, or what its sessions are called."""
    abouts = [one.read.timeline.about for one in listed]
    told = settings.description or common(about.description if about is not None else None for about in abouts)
    if told:
        return told
    text = " · ".join(dict.fromkeys(map(_title, listed)))
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS].rpartition(' · ')[0] or text[:MOST_LETTERS]} …"


def _title(one: Draft) -> str:
    return (one.entry.title if one.entry is not None else None) or one.read.timeline.title or one.name


def _readable(name: str) -> str:
    """Write a folder's name as people would: ``hip-course_2`` is ``Hip course 2``."""
    text = " ".join(re.sub(r"[-_]+", " ", name).split())
    return text[:1].upper() + text[1:]
