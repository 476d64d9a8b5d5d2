"""The feed: RSS 2.0 as podcast apps and directories read it (PSP-1, Apple, Podcasting 2.0, Podlove chapters).

Nothing in it is of the moment or the machine: the same feed has the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import PurePosixPath

from voicecoach import __version__
from voicecoach.model.feed import Episode, Feed, FeedOrder
from voicecoach.publish.feed.chapters import CHAPTERS_TYPE, marks, play_time
from voicecoach.publish.feed.notes_html import MOST_BYTES, notes_html, notes_text
from voicecoach.publish.feed.paths import MP3_TYPE, TRANSCRIPT_JSON, TRANSCRIPT_SRT, TRANSCRIPT_VTT
from voicecoach.publish.feed.plain import for_all_readers, one_line, shortened
from voicecoach.publish.feed.transcripts import JSON_TYPE, SRT_TYPE, VTT_TYPE, language_of
from voicecoach.publish.feed.tree import Node, document
from voicecoach.publish.feed.urls import Urls
from voicecoach.publish.page_words import page_words

RSS_TYPE = "application/rss+xml"
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
}
"""By prefix; no reader forgives another spelling."""
GENERATOR = f"voicecoach {__version__}"

_CHAPTERS_VERSION = "1.2"
_SEASON_NAME_LETTERS = 128
# Readers keep the last transcript that they find, and most know WebVTT.
_TRANSCRIPTS = ((TRANSCRIPT_JSON, JSON_TYPE), (TRANSCRIPT_SRT, SRT_TYPE), (TRANSCRIPT_VTT, VTT_TYPE))


def feed_xml(feed: Feed, urls: Urls) -> bytes:
    """Write the feed.

    Parameters
    ----------
    feed
        What it is about, and its episodes in order.
    urls
        Where everything lies.
    """
    items = (Node("item", tuple(_item(feed, episode, urls))) for episode in feed.episodes)
    channel = Node("channel", (*_channel(feed, urls), *items))
    named = {f"xmlns:{prefix}": uri for prefix, uri in NAMESPACES.items()}
    return document(Node("rss", (channel,), {"version": "2.0", **named}))


def _channel(feed: Feed, urls: Urls) -> Iterator[Node]:
    title = one_line(feed.title)
    yield Node("atom:link", attributes={"href": urls.feed, "rel": "self", "type": RSS_TYPE})
    yield Node("title", title)
    yield Node("description", shortened(for_all_readers(feed.description), MOST_BYTES))
    yield Node("link", urls.home)
    yield Node("language", feed.language)
    if feed.copyright:
        yield Node("copyright", one_line(feed.copyright))
    if feed.episodes:
        newest = _date(max(episode.published for episode in feed.episodes))
        yield Node("pubDate", newest)
        yield Node("lastBuildDate", newest)
    yield Node("generator", GENERATOR)
    yield from _channel_itunes(feed, urls)
    # Some readers keep the last picture only; of the two, this one has a title.
    yield Node("image", (Node("url", urls.art), Node("title", title), Node("link", urls.home)))
    yield from _channel_podcast(feed)


def _channel_itunes(feed: Feed, urls: Urls) -> Iterator[Node]:
    owner = [("itunes:name", feed.owner_name), ("itunes:email", feed.owner_email)]
    if any(value for _, value in owner):
        yield Node("itunes:owner", tuple(Node(tag, one_line(value)) for tag, value in owner if value))
    # Behind the owner: feedparser takes the last name for the author's.
    yield Node("itunes:author", one_line(feed.author))
    below = (Node("itunes:category", attributes={"text": feed.subcategory}),) if feed.subcategory else ()
    yield Node("itunes:category", below, {"text": feed.category})
    yield Node("itunes:explicit", _truth(feed.explicit))
    yield Node("itunes:image", attributes={"href": urls.art})
    yield Node("itunes:type", "serial" if feed.order is FeedOrder.COURSE else "episodic")
    if feed.complete:
        yield Node("itunes:complete", "yes")
    if feed.private:
        yield Node("itunes:block", "yes")


def _channel_podcast(feed: Feed) -> Iterator[Node]:
    yield Node("podcast:guid", feed.guid)
    yield Node("podcast:locked", "yes", {"owner": feed.owner_email})
    yield Node("podcast:medium", "course" if feed.order is FeedOrder.COURSE else "podcast")
    if feed.frequency is not None or feed.complete:
        rule, words = feed.frequency or (None, page_words(feed.language)("complete"))
        complete = "true" if feed.complete else None
        yield Node("podcast:updateFrequency", one_line(words), {"rrule": rule, "complete": complete})
    if feed.private:
        yield Node("podcast:block", "yes")


def _item(feed: Feed, episode: Episode, urls: Urls) -> Iterator[Node]:
    language = language_of(episode, feed.language)
    enclosure = {"url": urls.session(episode), "length": str(episode.size_bytes), "type": MP3_TYPE}
    yield Node("title", one_line(episode.title) or episode.name)
    yield Node("link", urls.page(episode))
    yield Node("guid", episode.guid, {"isPermaLink": "false"})
    yield Node("pubDate", _date(episode.published))
    yield Node("description", notes_text(episode, feed.language))
    yield Node("content:encoded", notes_html(episode, feed.language))
    yield Node("enclosure", attributes=enclosure)
    yield Node("itunes:author", one_line(episode.author) or one_line(feed.author))
    yield Node("itunes:duration", str(episode.length_s))
    yield Node("itunes:explicit", _truth(feed.explicit))
    yield Node("itunes:image", attributes={"href": urls.cover(episode)})
    yield Node("itunes:episodeType", "full")
    yield from _place(episode)
    if feed.private:
        yield Node("itunes:block", "yes")
    yield from _chapters(episode, urls)
    for ending, media_type in _TRANSCRIPTS:
        url = urls.transcript(episode, ending)
        about = {"url": url, "type": media_type, "language": language, "rel": "captions"}
        yield Node("podcast:transcript", attributes=about)


def _place(episode: Episode) -> Iterator[Node]:
    """Tell season and number, for Apple and for Podcasting 2.0; a season has its folder's name."""
    if episode.season is not None:
        name = one_line(PurePosixPath(episode.name).parent.name)[:_SEASON_NAME_LETTERS].strip()
        yield Node("itunes:season", str(episode.season))
        yield Node("podcast:season", str(episode.season), {"name": name or None})
    if episode.number is not None:
        yield Node("itunes:episode", str(episode.number))
        yield Node("podcast:episode", str(episode.number))


def _chapters(episode: Episode, urls: Urls) -> Iterator[Node]:
    found = marks(episode)
    if found:
        yield Node("podcast:chapters", attributes={"url": urls.chapters(episode), "type": CHAPTERS_TYPE})
        each = ({"start": play_time(mark.start_ms), "title": mark.title} for mark in found)
        told = tuple(Node("psc:chapter", attributes=attributes) for attributes in each)
        yield Node("psc:chapters", told, {"version": _CHAPTERS_VERSION})


def _date(moment: dt.datetime) -> str:
    """Write a moment as RFC 2822 has it, in UTC: ``Tue, 31 Mar 2026 06:00:00 +0000``; the same in every locale."""
    return format_datetime(moment.astimezone(dt.UTC).replace(microsecond=0))


def _truth(value: bool) -> str:  # noqa: FBT001
    return "true" if value else "false"
