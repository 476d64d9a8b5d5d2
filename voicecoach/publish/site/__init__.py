"""The pages of a feed: a list of its sessions, a player for each, and a guide to podcast apps.

They are plain files: no framework, no build step, nothing fetched but from their own host, and every link is relative,
so that they work from any folder of any web host.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from voicecoach.model.feed import Feed
from voicecoach.model.resource import Resource
from voicecoach.publish.feed.paths import INDEX_FILE, page_file, url_of
from voicecoach.publish.markup import Html, element
from voicecoach.publish.site.options import Site

__all__ = ["Site", "site_resources"]

HTML_TYPE = "text/html; charset=utf-8"


def site_resources(feed: Feed, site: Site) -> tuple[Resource, ...]:
    """Return the pages of a feed, and what they are made with."""
    return tuple(_resources(feed, site))


def _resources(feed: Feed, site: Site) -> Iterator[Resource]:
    index = element("ul", *(element("li", element("a", e.title, href=url_of("", page_file(e)))) for e in feed.episodes))
    yield _page(INDEX_FILE, feed.title, index, feed.language)
    for episode in feed.episodes:
        up = "../" * (episode.name.count("/") + 1)
        audio = element("audio", controls="", src=url_of(up, episode.file))
        yield _page(page_file(episode), episode.title, audio, feed.language)


def _page(path: str, title: str, main: Html, language: str) -> Resource:
    head = element("head", Html('<meta charset="utf-8">'), element("title", title))
    page = element("html", head, element("body", element("main", main)), lang=language)
    data = f"<!DOCTYPE html>\n{page}\n".encode()
    make: Callable[[], bytes] = lambda: data  # noqa: E731
    return Resource(path, HTML_TYPE, hashlib.sha256(data).hexdigest(), make)
