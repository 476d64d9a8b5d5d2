"""What people are told of a folder that is no fault: what is left out, and what is not as it was said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from voicecoach.model.diagnostic import harmless
from voicecoach.publish.feed.order import Draft

MOST_NAMED = 5
"""So many files of which one thing is to be said are named."""


def left_out(foreign: Sequence[str]) -> Iterator[str]:
    """Tell which MP3s are none of ours."""
    if foreign:
        what = "no session that voicecoach built" if len(foreign) == 1 else "no sessions that voicecoach built"
        yield f"{_some(foreign)}: left out, {what}"


def not_named(names: Sequence[str]) -> Iterator[str]:
    """Tell which sessions of a course its author did not list."""
    if names:
        yield f"{_some(names)}: not named under 'sessions', so listed after those that are"


def moved(course: Sequence[Draft]) -> Iterator[str]:
    """Tell which days of authors are not those of the feed."""
    early = [
        (before, after)
        for before, after in pairwise(course)
        if before.day is not None and before.published.date() < before.first.date()
    ]
    for before, after in early[:MOST_NAMED]:
        day = harmless(f"'{before.name}' is dated {before.day}, but '{after.name}' comes after it")
        yield f"{day}: listed on {before.published:%Y-%m-%d}, since apps put a course in order by its days"
    if (more := len(early) - MOST_NAMED) > 0:
        sessions = "session is" if more == 1 else "sessions are"
        yield f"{more} more {sessions} listed earlier than dated, too"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return harmless(", ".join(f"'{name}'" for name in names[:MOST_NAMED]) + more)
