"""What a site has for offline use and for home screens: manifest, icons, worker, the page for what is not kept."""

from __future__ import annotations

import dataclasses
import io
import json
from typing import Any

import html5lib
import pytest
from PIL import Image

from voicecoach.model.feed import Feed
from voicecoach.model.resource import Resource
from voicecoach.publish.site.host_files import host_resources
from voicecoach.publish.site.offline import OFFLINE_PAGE, OFFLINE_SCRIPT, WORKER_FILE, offline_resources

FEED = Feed("Hüften <&> mehr, jeden Tag", "Every day.", "Kim", "917393e3-1b1e-5cef-ace4-edaa54e1f810", language="de")
TITLES = (
    "Hips",
    "Physiotherapieübungen",
    "x & y",
    "</script><b>",
    "日本語の体操プログラム",
    "a" * 300,
    "🧘 Yoga",
    "— —",
)


def by_path(feed: Feed = FEED, *styles: str) -> dict[str, Resource]:
    return {one.path: one for one in offline_resources(feed, styles)}


def manifest(feed: Feed) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(by_path(feed)["manifest.webmanifest"].make())
    return made


def test_the_manifest_works_from_any_folder() -> None:
    told = manifest(FEED)
    assert told["name"] == FEED.title
    assert (told["start_url"], told["scope"], told["id"]) == ("./", "./", "./")
    assert told["lang"] == "de"
    assert not any(one["src"].startswith(("/", "http")) for one in told["icons"])


def test_ios_opens_the_browser_and_android_an_app() -> None:
    """Chromium installs what is shown as minimal-ui, iOS takes only standalone and fullscreen for an app."""
    assert manifest(FEED)["display"] == "minimal-ui"


@pytest.mark.parametrize("title", TITLES)
def test_a_short_name_is_some_of_the_words_of_the_title(title: str) -> None:
    told = manifest(dataclasses.replace(FEED, title=title))
    assert told["name"] == title
    assert told["short_name"]
    assert title.startswith(told["short_name"])
    assert len(told["short_name"]) <= 12 or " " not in told["short_name"].strip("— ")


def test_icons_are_as_large_as_the_manifest_says() -> None:
    resources = by_path()
    icons = manifest(FEED)["icons"]
    assert {(one["sizes"], one["purpose"]) for one in icons} >= {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for one in icons:
        with Image.open(io.BytesIO(resources[one["src"]].make())) as icon:
            assert (icon.format, f"{icon.width}x{icon.height}") == ("PNG", one["sizes"])


def test_keys_stand_for_bytes() -> None:
    """The same feed, the same keys; a colour that is another has another key only where it shows."""
    first, again, other = by_path(), by_path(), by_path(dataclasses.replace(FEED, title="Other"))
    assert {path: one.key for path, one in first.items()} == {path: one.key for path, one in again.items()}
    for path, one in first.items():
        assert (one.key == other[path].key) == (one.make() == other[path].make()), path


def test_the_worker_is_the_same_for_every_site() -> None:
    """A worker that changes with the sessions would be installed anew with each of them."""
    assert by_path()[WORKER_FILE].make() == by_path(Feed("x", "y", "z", "g"))[WORKER_FILE].make()
    assert len(by_path()[WORKER_FILE].make()) + len(by_path()[OFFLINE_SCRIPT].make()) < 20_000


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_the_offline_page_is_html_in_the_language_of_the_feed(title: str, language: str) -> None:
    data = by_path(dataclasses.replace(FEED, title=title, language=language), "site/style.css?v=1")[OFFLINE_PAGE].make()
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(data)
    assert root.get("lang") == (language if language != "fr" else "en")
    assert root.find(".//a").text.endswith(title)
    assert [one.get("href") for one in root.iter("link")] == ["site/icon-192.png", "site/style.css?v=1"]
    assert data.count(b"<head>") == 1, "the worker puts the site's address behind it"


@pytest.mark.parametrize("address", ["", "https://example.org/some/where/"])
def test_a_wrong_address_leads_to_the_list_where_one_knows_where_it_is(address: str) -> None:
    made = {one.path: one.make() for one in host_resources(FEED, address)}
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(made["404.html"])
    links = [one.get("href") for one in root.iter("a")]
    assert links == ([f"{address}index.html"] if address else [])
    assert made[".nojekyll"] == b""


def test_search_engines_are_kept_away_from_a_private_feed_only() -> None:
    public, private = (
        {one.path for one in host_resources(dataclasses.replace(FEED, private=p), "")} for p in (False, True)
    )
    assert private - public == {"robots.txt"}


def test_a_lone_surrogate_in_a_title_breaks_nothing() -> None:
    feed = dataclasses.replace(FEED, title="Hips\ud800\n now", description="All\udfff.")
    assert (manifest(feed)["name"], manifest(feed)["description"]) == ("Hips now", "All.")
    assert b"Hips now" in by_path(feed)[OFFLINE_PAGE].make()
