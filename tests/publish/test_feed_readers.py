"""The feed as podcastparser (gPodder's) and feedparser read it: every value, not some."""

from __future__ import annotations

import datetime as dt
import re
from calendar import timegm
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import podcastparser
import pytest

from tests.publish.feed_cases import BASE, GUID, HOSTILE, course, feed_of
from tests.publish.test_feed_rss import made, plain_episode
from voicecoach import __version__
from voicecoach.model.feed import Episode, Feed
from voicecoach.publish.feed import feed_resources
from voicecoach.publish.feed.notes_html import notes_html, notes_text

FEED_URL = f"{BASE}feed.xml"


def by_podcastparser(feed: Feed, base: str = BASE) -> dict[str, Any]:
    values: dict[str, Any] = podcastparser.parse(FEED_URL, BytesIO(made(feed, base=base)))
    return values


def by_feedparser(feed: Feed) -> Any:
    values = feedparser.parse(made(feed))
    assert not values.bozo
    return values


def url(feed: Feed, path: str) -> str:
    """The URL of a resource, by its key, or of a session, by its digest."""
    digests = {episode.file: episode.digest for episode in feed.episodes}
    key = digests.get(path) or next(one.key for one in feed_resources(feed, BASE) if one.path == path)
    quoted = path.replace("%", "%25").replace(" ", "%20").replace("#", "%23").replace("Ü", "%C3%9C")
    return f"{BASE}{quoted}?v={key[:12]}"


def squashed(text: str) -> str:
    """Blanks as podcastparser leaves them."""
    return re.sub(r"[^\S\r\n]+", " ", text)


def test_podcastparser_reads_every_value(course_folder: Path) -> None:
    feed = course(course_folder)
    read = by_podcastparser(feed)
    episodes = read.pop("episodes")
    assert read == {
        "title": "Hips & knees",
        "description": "Stretch <\u2060every> day.\n\nFor 'all' & \"everyone\".",
        "link": FEED_URL,
        "language": "en",
        "generator": f"voicecoach {__version__}",
        "cover_url": url(feed, "feed/cover.jpg"),
        "explicit": False,
        "type": "serial",
        "itunes_author": "Kim Müller",
        "itunes_owner": {"name": "Kim", "email": "kim@example.org"},
        "itunes_categories": [["Health & Fitness", "Fitness"]],
    }
    assert len(episodes) == len(feed.episodes)
    for one, episode in zip(episodes, feed.episodes, strict=True):
        season = {} if episode.season is None else {"season": episode.season}
        assert one == season | {
            "title": episode.title,
            "link": url(feed, episode.file),
            "guid": episode.guid,
            "published": int(episode.published.timestamp()),
            "description": squashed(notes_text(episode, "en")),
            "description_html": notes_html(episode, "en"),
            "enclosures": [
                {"url": url(feed, episode.file), "file_size": episode.size_bytes, "mime_type": "audio/mpeg"}
            ],
            "itunes_author": episode.author,
            "total_time": episode.length_s,
            "explicit": False,
            "episode_art_url": url(feed, f"feed/{episode.name}.jpg"),
            "type": "full",
            "number": episode.number,
            "payment_url": None,
            "chapters": [
                {"start": chapter.start // 48_000, "title": chapter.title} for chapter in episode.timeline.chapters
            ],
        }


def test_relative_urls_are_read_from_where_the_feed_lies(course_folder: Path) -> None:
    feed = course(course_folder)
    absolute, relative = by_podcastparser(feed), by_podcastparser(feed, "")
    assert [one["enclosures"] for one in relative["episodes"]] == [one["enclosures"] for one in absolute["episodes"]]
    assert (relative["link"], relative["cover_url"]) == (absolute["link"], absolute["cover_url"])


def test_feedparser_reads_every_value_of_the_channel(course_folder: Path) -> None:
    feed = course(course_folder)
    read = by_feedparser(feed)
    assert (read.version, read.encoding) == ("rss20", "utf-8")
    told = dict(read.feed)
    published = feed.episodes[-1].published.utctimetuple()
    assert timegm(told.pop("published_parsed")) == timegm(told.pop("updated_parsed")) == timegm(published)
    picture = {"href": url(feed, "feed/cover.jpg"), "title": "Hips & knees", "link": FEED_URL}
    assert told.pop("image").items() >= picture.items()
    # It takes a description for HTML, and would drop what looks like an element that it does not know.
    assert told.pop("subtitle") == feed.description.replace("<every>", "<\u2060every>")
    for name in ("title_detail", "rights_detail", "subtitle_detail", "generator_detail", "authors"):
        told.pop(name)
    assert told == {
        "title": "Hips & knees",
        "link": FEED_URL,
        "links": [
            {"href": FEED_URL, "rel": "self", "type": "application/rss+xml"},
            {"href": FEED_URL, "rel": "alternate", "type": "text/html"},
        ],
        "language": "en",
        "rights": "Kim Müller",
        "published": "Thu, 05 Mar 2026 06:00:00 +0000",
        "updated": "Thu, 05 Mar 2026 06:00:00 +0000",
        "generator": f"voicecoach {__version__}",
        "author": "Kim Müller",
        "author_detail": {"name": "Kim Müller"},
        "publisher_detail": {"name": "Kim", "email": "kim@example.org"},
        "tags": [
            {"term": "Health & Fitness", "scheme": "http://www.itunes.com/", "label": None},
            {"term": "Fitness", "scheme": "http://www.itunes.com/", "label": None},
        ],
        "itunes_type": "serial",
        "itunes_explicit": None,  # what feedparser makes of "false"
        "itunes_complete": "yes",
        "itunes_block": 1,
        "podcast_guid": GUID,
        "podcast_locked": {"owner": "kim@example.org"},
        "podcast_medium": "course",
        "podcast_updatefrequency": {"rrule": "FREQ=DAILY;INTERVAL=2", "complete": "true"},
        "podcast_block": "yes",
    }


def test_feedparser_reads_every_value_of_an_item(course_folder: Path) -> None:
    feed = course(course_folder)
    read = by_feedparser(feed).entries
    assert len(read) == len(feed.episodes)
    for entry, episode in zip(read, feed.episodes, strict=True):
        told = dict(entry)
        assert timegm(told.pop("published_parsed")) == episode.published.timestamp()
        assert told.pop("summary") == notes_text(episode, "en")
        assert [one["value"] for one in told.pop("content")] == [notes_html(episode, "en")]
        chapters = told.pop("psc_chapters")
        assert chapters["version"] == "1.2"
        assert [(one["title"], one["start_parsed"]) for one in chapters["chapters"]] == [
            (chapter.title, dt.timedelta(milliseconds=round(chapter.start / 48)))
            for chapter in episode.timeline.chapters
        ]
        for name in ("title_detail", "summary_detail", "author_detail", "authors", "podcast_season"):
            told.pop(name, None)
        assert told == entry_of(feed, episode)


def entry_of(feed: Feed, episode: Episode) -> dict[str, Any]:
    session = url(feed, episode.file)
    season = {} if episode.season is None else {"itunes_season": str(episode.season)}
    language = "de" if episode.author == "Praxis Müller" else "en"
    return season | {
        "title": episode.title,
        "id": episode.guid,
        "guidislink": False,
        "link": session,
        "links": [
            {"href": session, "rel": "alternate", "type": "text/html"},
            {"href": session, "rel": "enclosure", "type": "audio/mpeg", "length": str(episode.size_bytes)},
        ],
        "published": episode.published.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        "author": episode.author,
        "image": {"href": url(feed, f"feed/{episode.name}.jpg")},
        "itunes_duration": str(episode.length_s),
        "itunes_episode": str(episode.number),
        "itunes_episodetype": "full",
        "itunes_explicit": None,
        "itunes_block": 1,
        "podcast_episode": str(episode.number),
        "podcast_chapters": {
            "url": url(feed, f"feed/{episode.name}.chapters.json"),
            "type": "application/json+chapters",
        },
        # Of all transcripts it keeps the last.
        "podcast_transcript": {
            "url": url(feed, f"feed/{episode.name}.vtt"),
            "type": "text/vtt",
            "language": language,
            "rel": "captions",
        },
    }


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_reach_both_as_they_are(title: str) -> None:
    feed = feed_of(plain_episode(title=title), title=title, author=title)
    first, second = by_podcastparser(feed), by_feedparser(feed)
    assert first["title"] == first["itunes_author"] == first["episodes"][0]["title"] == title
    assert second.feed.title == second.entries[0].title == title


@pytest.mark.parametrize(
    "text", ["A <script>alert(1)</script> · Two", "Hüfte <öffnen> <b>fett</b> &amp; mehr", *HOSTILE]
)
def test_a_channels_description_is_the_same_text_for_both(text: str) -> None:
    feed = feed_of(plain_episode(), description=text)
    first, second = by_podcastparser(feed), by_feedparser(feed)
    assert first["description"].replace("\u2060", "") == second.feed.subtitle.replace("\u2060", "") == text
