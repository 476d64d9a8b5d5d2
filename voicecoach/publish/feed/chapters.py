"""The chapters of an episode, the same everywhere: in the feed (Podlove Simple Chapters) and as a JSON file.

Apps that know several lists of chapters take the longest, or merge them by their count: so all lists have the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from voicecoach.model.feed import Episode, Feed
from voicecoach.model.units import HOUR_S, MINUTE_S, to_ms
from voicecoach.publish.feed.plain import one_line

CHAPTERS_TYPE = "application/json+chapters"
_VERSION = "1.2.0"


@dataclass(frozen=True)
class Mark:
    """A chapter as apps know it: its title, and when it begins and ends, in whole milliseconds, rounded once."""

    title: str
    start_ms: int
    end_ms: int


def marks(episode: Episode) -> tuple[Mark, ...]:
    """Give the chapters of an episode, in order, the first at 0. A chapter without a title has its number for one."""
    return tuple(_marks(episode))


def _marks(episode: Episode) -> Iterator[Mark]:
    chapters = sorted(episode.timeline.chapters, key=lambda chapter: chapter.start)
    for number, chapter in enumerate(chapters, start=1):
        yield Mark(one_line(chapter.title) or str(number), to_ms(chapter.start), to_ms(chapter.end))


def chapters_json(feed: Feed, episode: Episode) -> bytes:
    """Write the file of ``podcast:chapters``, JSON chapters 1.2: times in seconds, exact to the millisecond."""
    values = {
        "version": _VERSION,
        "title": one_line(episode.title),
        "author": one_line(episode.author),
        "podcastName": one_line(feed.title),
        "chapters": [
            {"startTime": seconds(mark.start_ms), "endTime": seconds(mark.end_ms), "title": mark.title}
            for mark in marks(episode)
        ],
    }
    return dumped(values)


def play_time(ms: int) -> str:
    """Write a time as Podlove chapters have it (Normal Play Time, RFC 2326, 3.6): ``00:12:34.567``."""
    return f"{clock_time(ms)}.{ms % 1000:03}"


def clock_time(ms: int) -> str:
    """Write a time to the second, never after it: ``00:12:34``. Apps make it a link, whatever the length."""
    total_s = ms // 1000
    hours, rest_s = divmod(total_s, HOUR_S)
    return f"{hours:02}:{rest_s // MINUTE_S:02}:{rest_s % MINUTE_S:02}"


def seconds(ms: int) -> int | float:
    """Seconds as JSON numbers: whole ones without a point, others with at most three decimals."""
    return ms // 1000 if ms % 1000 == 0 else ms / 1000


def dumped(values: object) -> bytes:
    """Write JSON as UTF-8 that people can read too."""
    return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()
