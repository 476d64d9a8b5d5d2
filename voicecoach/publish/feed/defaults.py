"""What a feed is called, and what it is about, where its author does not say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from voicecoach.publish.feed.order import Draft
from voicecoach.publish.feed.settings import FeedSettings

MOST_LETTERS = 600
"""A description that lists sessions is no longer."""
_GENERIC = re.compile(
    "my|the|all|new|outputs?|out|build|built|dist|sessions?|public|publish|published|site|www|web|html|htdocs|docs|feeds?|"
    "podcasts?|audio|mp|media|sounds?|music|files|folder|data|downloads?|desktop|documents|home|root|workspace|"
    "voicecoach|[a-z]"
)
_PASSING = frozenset(("tmp", "temp"))


def common(texts: Iterable[str | None]) -> str | None:
    """Return what all of them are; None where they differ or one is missing."""
    found = set(texts)
    return found.pop() if len(found) == 1 else None


def titled(settings: FeedSettings, listed: Sequence[Draft], folder: Path, before: str | None = None) -> str:
    """Name a feed: by its settings, the series of all, as it was called before, by its folder, or by what is in it.

    Sessions come one by one: what it is called may not depend on how many there are.
    """
    name, abouts = folder.resolve().name, [one.read.timeline.about for one in listed]
    readable = _readable(name)
    return (
        settings.title
        or common(about.series if about is not None else None for about in abouts)
        or before
        or (None if _says_nothing(name) else readable)
        or (_title(listed[0]) if len(listed) == 1 else None)
        or common(one.read.author for one in listed)
        or readable
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


def _says_nothing(name: str) -> bool:
    """Tell whether a folder's name is one that any folder could have: ``output``, ``my sessions``, ``tmp.x1``."""
    words = re.sub(r"[\W\d_]+", " ", name.casefold()).split()
    return not words or words[0] in _PASSING or all(map(_GENERIC.fullmatch, words))


def _readable(name: str) -> str:
    """Write a folder's name as people would: ``hip-course_2`` is ``Hip course 2``."""
    text = " ".join(re.sub(r"[-_]+", " ", name).split())
    return text[:1].upper() + text[1:]
