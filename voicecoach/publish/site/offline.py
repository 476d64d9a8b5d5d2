"""What makes a site work without network, and look like an app where a phone puts it beside its apps.

A page needs two links and a script for it, relative to where it lies::

    <link rel="manifest" href="../manifest.webmanifest">
    <link rel="apple-touch-icon" href="../site/icon-180.png">
    <script src="../site/offline.js?v=…" defer></script>

Nothing else: the worker reads the pages for what they show. On plain HTTP, in a private window and on old browsers the
pages are as they were.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import partial
from importlib import resources

from voicecoach.model.feed import Feed
from voicecoach.model.resource import Resource
from voicecoach.publish.cover import colours_on, mostly
from voicecoach.publish.feed.keys import key_of
from voicecoach.publish.feed.paths import INDEX_FILE, SITE_FOLDER, url_of
from voicecoach.publish.feed.plain import one_line, plain
from voicecoach.publish.markup import Html, element
from voicecoach.publish.page_words import page_words

WORKER_FILE = "sw.js"
"""At the root: a service worker sees what lies at its side and below."""
MANIFEST_FILE = "manifest.webmanifest"
OFFLINE_SCRIPT = f"{SITE_FOLDER}/offline.js"
OFFLINE_PAGE = f"{SITE_FOLDER}/offline.html"
TOUCH_ICON = f"{SITE_FOLDER}/icon-180.png"
ICON = f"{SITE_FOLDER}/icon-192.png"

SCRIPT_TYPE = "text/javascript; charset=utf-8"
MANIFEST_TYPE = "application/manifest+json"
PNG_TYPE = "image/png"
HTML_TYPE = "text/html; charset=utf-8"

_ICONS = ((TOUCH_ICON, 180, False), (ICON, 192, False), (f"{SITE_FOLDER}/icon-512.png", 512, False))
_MASKABLE = (f"{SITE_FOLDER}/icon-maskable.png", 512, True)
_VERSION_LETTERS = 12
"""As the other pages have them: what one page has fetched, the next one has, too."""
_SHORT_LETTERS = 12
"""So much of a name is seen below an icon (Chromium's advice for short_name)."""


def offline_resources(feed: Feed, styles: Sequence[str] = ()) -> tuple[Resource, ...]:
    """List service worker, its script for pages, the page for what is not kept, manifest and icons.

    Parameters
    ----------
    feed
        Whose name and colours they take.
    styles
        Addresses of the styles of the list, with their versions, for the page that says that one is offline.
    """
    return tuple(_resources(feed, styles))


def offline_script() -> bytes:
    """Return the script that each page includes."""
    return _file("offline.js")


def _resources(feed: Feed, styles: Sequence[str]) -> Iterator[Resource]:
    yield _ready(WORKER_FILE, SCRIPT_TYPE, _file("sw.js"))
    yield _ready(OFFLINE_SCRIPT, SCRIPT_TYPE, offline_script())
    yield _ready(OFFLINE_PAGE, HTML_TYPE, _sorry(feed, styles))
    yield _ready(MANIFEST_FILE, MANIFEST_TYPE, _manifest(feed))
    for path, side_px, maskable in (*_ICONS, _MASKABLE):
        key = key_of("icon", _ground(feed), side_px, maskable)
        yield Resource(path, PNG_TYPE, key, partial(_icon, feed, side_px, maskable=maskable))


def _ready(path: str, media_type: str, data: bytes) -> Resource:
    return Resource(path, media_type, hashlib.sha256(data).hexdigest(), lambda: data)


def _file(name: str) -> bytes:
    """Read a script of ours; it goes out without indents and remarks on lines of their own."""
    text = resources.files("voicecoach.publish.site").joinpath(name).read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//")).encode()


def _icon(feed: Feed, side_px: int, *, maskable: bool) -> bytes:
    from voicecoach.publish.artwork import icon

    return icon(feed, side_px, maskable=maskable)


def _ground(feed: Feed) -> str:
    return colours_on(mostly(episode.timeline for episode in feed.episodes))["paper"]


def _manifest(feed: Feed) -> bytes:
    """Describe the site for home screens.

    It is shown as ``minimal-ui``: Android makes an app of it, with a way back; iOS does not know it and opens the
    browser, where a session goes on with the screen locked. As an app of its own (``standalone``) it may fall silent.
    """
    ground, title = _ground(feed), one_line(feed.title)
    icons = [
        {"src": path, "sizes": f"{side_px}x{side_px}", "type": PNG_TYPE, "purpose": "maskable" if maskable else "any"}
        for path, side_px, maskable in (*_ICONS, _MASKABLE)
    ]
    manifest = {
        "name": title,
        "short_name": _short(title),
        "description": plain(feed.description),
        "lang": feed.language,
        "dir": "auto",
        "id": "./",
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        "theme_color": ground,
        "background_color": ground,
        "categories": ["health", "fitness"],
        "icons": icons,
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()


def _short(title: str) -> str:
    """Return as many whole words as stand below an icon; a long first word is cut by the launcher."""
    words = title.split()
    short = words[0] if words else title
    for word in words[1:]:
        if len(f"{short} {word}") > _SHORT_LETTERS:
            break
        short = f"{short} {word}"
    return short.rstrip(" ,;:–—-&") or title


def _sorry(feed: Feed, styles: Sequence[str]) -> bytes:
    """Write the page that stands in for one that is not kept; its links go from the root of the site."""
    words = page_words(feed.language)
    links = f'<link rel="icon" href="{ICON}" type="image/png">\n'
    links += "".join(f'<link rel="stylesheet" href="{style}">\n' for style in styles)
    version = hashlib.sha256(offline_script()).hexdigest()[:_VERSION_LETTERS]
    head = element(
        "head",
        Html('<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
        Html('<meta name="robots" content="noindex">\n'),
        element("title", words("offline")),
        Html(links),
        element("script", src=url_of("", OFFLINE_SCRIPT, version), defer=""),
    )
    told = element(
        "div",
        element("h1", words("offline")),
        element("p", words("offline-not-kept"), class_="lead"),
        element("p", element("button", words("offline-again"), class_="button main", type="button", data_again="")),
        element("p", element("a", words("offline-list", title=one_line(feed.title)), href=INDEX_FILE)),
    )
    main = element("main", element("section", told, class_="box"), class_="page narrow")
    page = element("html", head, element("body", main), lang=words.language)
    return f"<!DOCTYPE html>\n{page}\n".encode()
