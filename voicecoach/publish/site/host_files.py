"""What a web host reads of a site: a page for wrong addresses, and what it and search engines are to leave alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from voicecoach.model.feed import Feed
from voicecoach.model.resource import Resource
from voicecoach.publish.feed.paths import INDEX_FILE
from voicecoach.publish.markup import Html, element
from voicecoach.publish.page_words import page_words

NOT_FOUND_FILE = "404.html"
"""GitHub and GitLab Pages, Netlify, Cloudflare and others show it for an address that is not there."""
NO_JEKYLL_FILE = ".nojekyll"
"""GitHub Pages then leaves files as they are: else it drops those whose names begin with ``_``."""
ROBOTS_FILE = "robots.txt"

_STYLE = (
    "body{margin:0;min-height:100vh;display:grid;place-content:center;text-align:center;padding:1rem;"
    "font:1.125rem/1.5 system-ui,sans-serif;color-scheme:light dark}"
)


def host_resources(feed: Feed, address: str) -> tuple[Resource, ...]:
    """List what lies beside the pages for their host.

    Parameters
    ----------
    feed
        Whose pages they are; of a private one, search engines are kept away.
    address
        Where the site lies, with a slash at its end, or empty.
    """
    return tuple(_resources(feed, address))


def _resources(feed: Feed, address: str) -> Iterator[Resource]:
    yield _ready(NO_JEKYLL_FILE, "text/plain", b"")
    yield _ready(NOT_FOUND_FILE, "text/html; charset=utf-8", _not_found(feed, address))
    if feed.private:
        robots = b"# written by voicecoach: this feed is private\nUser-agent: *\nDisallow: /\n"
        yield _ready(ROBOTS_FILE, "text/plain; charset=utf-8", robots)


def _ready(path: str, media_type: str, data: bytes) -> Resource:
    return Resource(path, media_type, hashlib.sha256(data).hexdigest(), lambda: data)


def _not_found(feed: Feed, address: str) -> bytes:
    """Write a page that is shown at any depth: it needs no other file, and has a link only where its place is known."""
    words = page_words(feed.language)
    head = element(
        "head",
        Html('<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
        Html('<meta name="robots" content="noindex">\n<meta name="generator" content="voicecoach">\n'),
        element("title", words("not-found")),
        element("style", Html(_STYLE)),
    )
    link = element("p", element("a", words("offline-list", title=feed.title), href=f"{address}{INDEX_FILE}"))
    main = element(
        "main",
        element("h1", words("not-found")),
        element("p", words("not-found-why")),
        link if address else Html(""),
    )
    page = element("html", head, element("body", main), lang=words.language)
    return f"<!DOCTYPE html>\n{page}\n".encode()
