"""What all pages share: the head, their policy, their signs, and links that work from any folder."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from voicecoach.model.feed import Feed
from voicecoach.model.resource import Resource
from voicecoach.publish.feed.paths import FEED_FILE, SITE_FOLDER, url_of
from voicecoach.publish.feed.plain import one_line, plain
from voicecoach.publish.markup import Html, element, together
from voicecoach.publish.site.offline import ICON, MANIFEST_FILE, TOUCH_ICON, offline_script

GUIDE_FILE = "guide.html"
QR_FILE = f"{SITE_FOLDER}/qr.svg"
HTML_TYPE = "text/html; charset=utf-8"
POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{what}-src 'self'" for what in ("script", "style", "img", "media", "connect", "manifest", "worker")),
        "base-uri 'none'",
        "form-action 'none'",
    )
)
"""Nothing is fetched but from the page's own host, and nothing runs that stands on the page itself."""
DAY, NIGHT = "#f6f7f9", "#0d1014"
"""The colour of the browser's own bars, as in `style.css`."""
_VERSION_LETTERS = 12
_REMARK = re.compile(r"/\*.*?\*/")
_SPACES = re.compile(r" *([{};,]|: ) *")


@dataclass(frozen=True)
class Page:
    """A page, and where it lies.

    Attributes
    ----------
    path
        Of its file.
    feed
        What it is a page of.
    language
        Of its words.
    """

    path: str
    feed: Feed
    language: str

    @property
    def up(self) -> str:
        """From its folder to the root: nothing, or ``../`` for each folder."""
        return "../" * self.path.count("/")

    def link(self, path: str, version: str | None = None) -> str:
        """Return the relative URL of a path."""
        return url_of(self.up, path, version) or "./"

    def asset(self, name: str) -> str:
        """Return the URL of a file of ours, another one when its content is another."""
        return self.link(f"{SITE_FOLDER}/{name}", asset_version(name))

    def html(
        self, title: str, body: Html, *, script: str, styles: tuple[str, ...] = ("style.css",), description: str = ""
    ) -> bytes:
        """Write the page."""
        told = one_line(description)
        head = [
            void("meta", charset="utf-8"),
            void("meta", http_equiv="Content-Security-Policy", content=POLICY),
            void("meta", name="viewport", content="width=device-width, initial-scale=1, viewport-fit=cover"),
            element("title", one_line(title) or self.feed.title),
            *((void("meta", name="description", content=told),) if told else ()),
            *((void("meta", name="robots", content="noindex, nofollow"),) if self.feed.private else ()),
            void("meta", name="color-scheme", content="light dark"),
            void("meta", name="theme-color", content=DAY, media="(prefers-color-scheme: light)"),
            void("meta", name="theme-color", content=NIGHT, media="(prefers-color-scheme: dark)"),
            void("link", rel="icon", href=self.link(ICON), type="image/png", sizes="192x192"),
            void("link", rel="apple-touch-icon", href=self.link(TOUCH_ICON)),
            void("link", rel="manifest", href=self.link(MANIFEST_FILE)),
            void("link", rel="alternate", type="application/rss+xml", title=self.feed.title, href=self.link(FEED_FILE)),
            *(void("link", rel="stylesheet", href=self.asset(style)) for style in styles),
            element("noscript", void("link", rel="stylesheet", href=self.asset("noscript.css"))),
            element("script", src=self.asset(script), defer=""),
            element("script", src=self.asset("offline.js"), defer=""),
        ]
        whole = element("html", element("head", *head), body, lang=self.language)
        return f"<!DOCTYPE html>\n{whole}\n".encode()


def void(tag: str, **attributes: str | None) -> Html:
    """Make an element that has no end, such as ``img``."""
    return Html(element(tag, **attributes).removesuffix(f"</{tag}>") + ("\n" if tag in {"meta", "link"} else ""))


def data_block(name: str, values: Any) -> Html:
    """Put JSON on a page, where a script finds it by its id: a block of data, which no browser runs."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Html(element("script", Html(text), id=name, type="application/json"))


def resource(path: str, media_type: str, data: bytes) -> Resource:
    """Make a resource of bytes that are there."""
    return Resource(path, media_type, hashlib.sha256(data).hexdigest(), lambda: data)


@cache
def asset_bytes(name: str) -> bytes:
    """Read a file of ours; it goes out without indents and remarks, so that pages stay small."""
    if name == "offline.js":
        return offline_script()
    text = resources.files("voicecoach.publish.site").joinpath(name).read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    if name.endswith(".css"):
        return _SPACES.sub(lambda found: found[1].strip(), _REMARK.sub("", "".join(lines))).encode() + b"\n"
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("// ")).encode()


def asset_version(name: str) -> str:
    """Return what stands for the content of a file of ours."""
    return hashlib.sha256(asset_bytes(name)).hexdigest()[:_VERSION_LETTERS]


def paragraphs(text: str, class_: str | None = None) -> Html:
    """Make a paragraph of each of a text's."""
    found = [one_line(part) for part in plain(text).split("\n\n")]
    return together(*(element("p", part, class_=class_, dir="auto") for part in found if part))


def sign(name: str) -> Html:
    """Draw a sign of a button; its words stand beside it."""
    return element("svg", *SIGNS[name], viewBox="0 0 24 24", aria_hidden="true", class_="sign")


def _path(d: str) -> Html:
    return element("path", d=d)


_ARC_BACK, _ARC_ON = "M12 5a8 8 0 1 1-7.6 5.5M12 1.5 8.5 5 12 8.5", "M12 5a8 8 0 1 0 7.6 5.5M12 1.5 15.5 5 12 8.5"
_RAYS = "M12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3 19 19M5 19l1.7-1.7M17.3 6.7 19 5"
SIGNS = {
    "play": (element("path", d="M7 4.2v15.6a.8.8 0 0 0 1.2.7l12.3-7.8a.8.8 0 0 0 0-1.4L8.2 3.5A.8.8 0 0 0 7 4.2z"),),
    "pause": (element("path", d="M6.5 4h3.6v16H6.5zM13.9 4h3.6v16h-3.6z"),),
    "previous": (_path("M6 5v14M19 5.5v13L9 12z"),),
    "next": (_path("M18 5v14M5 5.5v13L15 12z"),),
    "back": (_path(_ARC_BACK),),
    "on": (_path(_ARC_ON),),
    "captions": (_path("M4 5h16v14H4zM7.5 11h4M14.5 11h2M7.5 15h2M12.5 15h4"),),
    "awake": (_path("M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z"), _path(_RAYS)),
    "list": (_path("M15 5l-7 7 7 7"),),
    "go": (_path("M9 5l7 7-7 7"),),
}
