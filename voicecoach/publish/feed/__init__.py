"""A folder of sessions as a podcast: feed, chapters, transcripts, notes, playlist."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from voicecoach.model.feed import Episode, Feed
from voicecoach.model.resource import Resource
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.publish.feed.chapters import CHAPTERS_TYPE, chapters_json
from voicecoach.publish.feed.keys import chapters_key, cover_key, feed_key, show_art_key, transcript_key
from voicecoach.publish.feed.opml import OPML_TYPE, opml
from voicecoach.publish.feed.paths import (
    CHAPTERS,
    COVER,
    FEED_FILE,
    OPML_FILE,
    PLAYLIST_FILE,
    SHOW_ART,
    TRANSCRIPT_JSON,
    TRANSCRIPT_SRT,
    TRANSCRIPT_VTT,
    side_file,
)
from voicecoach.publish.feed.plain import one_line
from voicecoach.publish.feed.rss import RSS_TYPE, feed_xml
from voicecoach.publish.feed.transcripts import (
    JSON_TYPE,
    SRT_TYPE,
    VTT_TYPE,
    transcript_json,
    transcript_srt,
    transcript_vtt,
)
from voicecoach.publish.feed.urls import Urls
from voicecoach.publish.playlist import playlist

IMAGE_TYPE = "image/jpeg"
PLAYLIST_TYPE = "audio/x-mpegurl"
_UTF_8 = "; charset=utf-8"


def feed_resources(feed: Feed, base_url: str, *, pages: bool = False) -> tuple[Resource, ...]:
    """List all that makes a folder of sessions a podcast, but the sessions themselves.

    Parameters
    ----------
    feed
        The channel and its episodes.
    base_url
        Where the folder lies, with a slash at its end; empty: all URLs are relative.
    pages
        There is a page at the root, and one for each session: the feed links to them.
    """
    key = feed_key(feed, base_url, pages=pages)
    urls = Urls(feed, base_url, pages)
    episodes = (resource for episode in feed.episodes for resource in _of_episode(feed, episode))
    return (
        Resource(FEED_FILE, f"{RSS_TYPE}{_UTF_8}", key, lambda: feed_xml(feed, urls)),
        Resource(OPML_FILE, OPML_TYPE, key, lambda: opml(feed, urls.feed, urls.home)),
        Resource(PLAYLIST_FILE, PLAYLIST_TYPE, key, lambda: _playlist(feed)),
        Resource(SHOW_ART, IMAGE_TYPE, show_art_key(feed), lambda: _show_art(feed)),
        *episodes,
    )


def _of_episode(feed: Feed, episode: Episode) -> Iterator[Resource]:
    def beside(ending: str) -> str:
        return side_file(episode, ending)

    transcript, language = transcript_key(feed, episode), feed.language
    yield Resource(beside(COVER), IMAGE_TYPE, cover_key(episode), partial(_cover, episode))
    chapters = partial(chapters_json, feed, episode)
    yield Resource(beside(CHAPTERS), CHAPTERS_TYPE, chapters_key(feed, episode), chapters)
    yield Resource(beside(TRANSCRIPT_JSON), JSON_TYPE, transcript, partial(transcript_json, episode, language))
    srt = partial(transcript_srt, episode, language)
    yield Resource(beside(TRANSCRIPT_SRT), f"{SRT_TYPE}{_UTF_8}", transcript, srt)
    vtt = partial(transcript_vtt, episode, language)
    yield Resource(beside(TRANSCRIPT_VTT), f"{VTT_TYPE}{_UTF_8}", transcript, vtt)


def _playlist(feed: Feed) -> bytes:
    tracks = ((one.file, one.length_s * SAMPLE_RATE_HZ, one_line(one.title) or one.name) for one in feed.episodes)
    return playlist(one_line(feed.title), tracks).encode(errors="surrogateescape")


def _show_art(feed: Feed) -> bytes:
    from voicecoach.publish.artwork import show_art

    return show_art(feed)


def _cover(episode: Episode) -> bytes:
    from voicecoach.publish.artwork import episode_art

    return episode_art(episode)
