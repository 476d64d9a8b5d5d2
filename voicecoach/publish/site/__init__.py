"""The pages of a feed: a list of its sessions, a player for each, and a guide to podcast apps.

They are plain files: no framework, no build step, nothing fetched but from their own host, and every link is relative,
so that they work from any folder of any web host.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cache

from voicecoach.model.feed import Episode, Feed, FeedOrder
from voicecoach.model.resource import Resource
from voicecoach.publish.feed.keys import feed_key, key_of
from voicecoach.publish.feed.paths import INDEX_FILE, SITE_FOLDER, page_file, url_of
from voicecoach.publish.site.covers import cover_resources
from voicecoach.publish.site.guide_page import guide_page
from voicecoach.publish.site.index_page import index_page
from voicecoach.publish.site.offline import SCRIPT_TYPE, offline_resources
from voicecoach.publish.site.options import Site
from voicecoach.publish.site.pages import (
    GUIDE_FILE,
    HTML_TYPE,
    QR_FILE,
    asset_bytes,
    asset_version,
    resource,
)
from voicecoach.publish.site.player_page import player_page

__all__ = ["Site", "site_resources"]

_TYPES = {".css": "text/css; charset=utf-8", ".js": SCRIPT_TYPE}
_ASSETS = ("style.css", "list.css", "player.css", "noscript.css", "player.js", "list.js")


def site_resources(feed: Feed, site: Site) -> tuple[Resource, ...]:
    """List the pages of a feed, and all that they are made with; its MP3s and what lies in ``feed/`` are not of them.

    Parameters
    ----------
    feed
        Whose pages.
    site
        Where they will be.
    """
    return tuple(_resources(feed, site))


def _resources(feed: Feed, site: Site) -> Iterator[Resource]:
    every = feed_key(feed, "", pages=True), _made_with(), dataclasses.astuple(site)
    yield Resource(INDEX_FILE, HTML_TYPE, key_of("index", *every), lambda: index_page(feed, site))
    yield Resource(GUIDE_FILE, HTML_TYPE, key_of("guide", *every), lambda: guide_page(feed, site))
    yield from (_player(feed, index) for index in range(len(feed.episodes)))
    yield from cover_resources(feed)
    if site.qr_svg is not None:
        yield resource(QR_FILE, "image/svg+xml", site.qr_svg)
    for name in _ASSETS:
        kind = _TYPES[name[name.rindex(".") :]]
        yield resource(f"{SITE_FOLDER}/{name}", kind, asset_bytes(name))
    styles = [url_of("", f"{SITE_FOLDER}/{name}", asset_version(name)) for name in ("style.css", "list.css")]
    yield from offline_resources(feed, styles)


def _player(feed: Feed, index: int) -> Resource:
    episode, following = feed.episodes[index], _following(feed, index)
    after = None if following is None else (following.name, following.title)
    own = (episode.name, episode.digest, episode.title, episode.author, episode.guid, episode.file)
    key = key_of("player", own, after, feed.title, feed.language, feed.private, _made_with())
    return Resource(page_file(episode), HTML_TYPE, key, lambda: player_page(feed, episode, following))


@cache
def _made_with() -> str:
    """Stand for our own files, whose versions stand on every page."""
    return key_of(*map(asset_version, (*_ASSETS, "offline.js")))


def _following(feed: Feed, index: int) -> Episode | None:
    """Return the session after one, where they are done in order."""
    goes_on = feed.order is FeedOrder.COURSE and index + 1 < len(feed.episodes)
    return feed.episodes[index + 1] if goes_on else None
