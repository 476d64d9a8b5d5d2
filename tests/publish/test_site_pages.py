"""The pages of a site: whole, escaped, the same each time, and linked to what is there."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import pytest
from hypothesis import given, settings

from tests.publish.sessions import TEXTS, exercise
from tests.publish.site_cases import ABOUT, HOSTILE, episode_of, feed_of
from voicecoach.model.feed import Feed, FeedOrder
from voicecoach.model.resource import Resource
from voicecoach.publish.feed import feed_resources
from voicecoach.publish.page_words import page_words
from voicecoach.publish.site import Site, site_resources

QR = b"<svg/>"
LANGUAGES = ("en", "de", "es")
NAMES = ("hips", "week 1/day 2", "week 2/Über #1 100% 'a'?")


def course(**changes: object) -> Feed:
    timeline = replace(exercise(), about=ABOUT)
    episodes = [episode_of(timeline, name, season=number or None, number=1) for number, name in enumerate(NAMES)]
    return feed_of(*episodes, order=FeedOrder.COURSE, **changes)


def pages(feed: Feed, site: Site = Site()) -> dict[str, str]:  # noqa: B008
    resources = site_resources(feed, site)
    return {one.path: one.make().decode() for one in resources if one.media_type.startswith("text/html")}


class Links(HTMLParser):
    """Collects every link of a page, and whatever a strict policy would forbid."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forbidden: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [given[name] or "" for name in ("href", "src", "data-art") if name in given]
        self.ids += [given["id"] or ""] if "id" in given else []
        handlers = [name for name, _ in attrs if name.startswith("on") or name == "style"]
        bare = tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json")
        self.forbidden += [*handlers, *([tag] if bare else [])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_strict_html_that_a_policy_allows(language: str) -> None:
    about = replace(ABOUT, language=language)
    feed = course(language=language)
    episodes = tuple(replace(one, timeline=replace(one.timeline, about=about)) for one in feed.episodes)
    found = pages(replace(feed, episodes=episodes), Site(feed_url="https://a.b/feed.xml", qr_svg=QR))
    assert len(found) == 6
    for path, text in found.items():
        html5lib.HTMLParser(strict=True).parse(text)
        read = Links(text)
        assert read.forbidden == []
        assert len(read.ids) == len(set(read.ids))
        if path != "site/offline.html":
            assert f'<html lang="{language}">' in text
            assert "default-src &#x27;none&#x27;" in text


def test_every_link_leads_to_something_that_is_published() -> None:
    feed, site = course(), Site(qr_svg=QR)
    resources = (*site_resources(feed, site), *feed_resources(feed, "", pages=True))
    there = {one.path for one in resources} | {episode.file for episode in feed.episodes}
    assert len(resources) == len({one.path for one in resources}), "nothing is there twice"
    for path, text in pages(feed, site).items():
        base = "http://h/some/where/" + ("" if path == "site/offline.html" else path)
        for link in Links(text).links:
            url = urlsplit(urljoin(base, link.replace(" ", "%20")))
            assert url.netloc == "h", link
            target = unquote(url.path.removeprefix("/some/where/")) or "index.html"
            assert target in there, (path, link)


def test_versions_of_links_are_those_of_what_they_lead_to() -> None:
    """A server takes what has its key for a version to be everlasting."""
    feed = course()
    resources = {one.path: one for one in (*site_resources(feed, Site()), *feed_resources(feed, "", pages=True))}
    digests = {episode.file: episode.digest for episode in feed.episodes}
    seen = set()
    for path, text in pages(feed).items():
        for link in Links(text).links:
            url = urlsplit(urljoin(f"http://h/{path}", link))
            if url.query.startswith("v="):
                target = unquote(url.path).removeprefix("/").removeprefix("site/" if path.startswith("site/o") else "")
                key = digests.get(target) or resources[target].key
                assert key.startswith(url.query.removeprefix("v=")), (path, link)
                assert len(url.query) > 8
                seen.add(PurePosixPath(target).suffix)
    assert seen >= {".mp3", ".vtt", ".css", ".js", ".jpg"}


def test_texts_of_strangers_stay_texts() -> None:
    about = replace(
        ABOUT, description=HOSTILE, equipment=(HOSTILE,), cautions=(HOSTILE,), exercises=(HOSTILE,), author=HOSTILE
    )
    spans = tuple(replace(span, name=HOSTILE, position=HOSTILE) for span in exercise().spans)
    chapters = tuple(replace(chapter, title=HOSTILE) for chapter in exercise().chapters)
    timeline = replace(exercise(), title=HOSTILE, about=about, spans=spans, chapters=chapters)
    feed = feed_of(episode_of(timeline, title=HOSTILE, author=HOSTILE), title=HOSTILE[:-1], description=HOSTILE[:-1])
    for path, text in pages(feed, Site(feed_url='https://a/"><script>')).items():
        html5lib.HTMLParser(strict=True).parse(text)
        assert "<script>alert" not in text, path
        assert not set(text) & {"\x07", "\ud800"}
        assert Links(text).forbidden == []
    block = re.search(
        r'<script id="session" type="application/json">(.*?)</script>', pages(feed)["play/hips.html"], re.DOTALL
    )
    assert block is not None
    assert json.loads(block[1])["chapters"][0][1].startswith('</script><script>alert(1)</script> & "quoted"')


@settings(max_examples=40)
@given(TEXTS, TEXTS)
def test_any_title_gives_whole_pages(title: str, description: str) -> None:
    feed = feed_of(episode_of(exercise(), title=title), title=title, description=description)
    for text in pages(feed).values():
        html5lib.HTMLParser(strict=True).parse(text)


def test_the_same_feed_gives_the_same_bytes_and_keys() -> None:
    def made(resources: tuple[Resource, ...]) -> list[tuple[str, str, str, bytes]]:
        return [(one.path, one.media_type, one.key, one.make()) for one in resources if one.media_type != "image/png"]

    assert made(site_resources(course(), Site())) == made(site_resources(course(), Site()))


def renamed(feed: Feed, **changes: object) -> Feed:
    first, *others = feed.episodes
    return replace(feed, episodes=(replace(first, **changes), *others))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("feed", "site"),
    [
        (course(title="Other"), Site()),
        (course(description="Other."), Site()),
        (course(language="de"), Site()),
        (course(private=True), Site()),
        (replace(course(), order=FeedOrder.NEWEST), Site()),
        (renamed(course(), title="Other"), Site()),
        (renamed(course(), guid="other"), Site()),
        (renamed(course(), number=7), Site()),
        (renamed(course(), season=7), Site()),
        (renamed(course(), name="other"), Site()),
        (renamed(course(), digest="ab" * 32), Site()),
        (replace(course(), episodes=course().episodes[:2]), Site()),
        (replace(course(), episodes=course().episodes[::-1]), Site()),
        (course(), Site(feed_url="https://a.b/feed.xml")),
        (course(), Site(served=True)),
        (course(), Site(qr_svg=QR)),
    ],
)
def test_whatever_changes_a_page_changes_its_key(feed: Feed, site: Site) -> None:
    """Nothing else says that a page is to be written anew."""
    before = {one.path: one for one in site_resources(course(), Site())}
    after = {one.path: one for one in site_resources(feed, site) if one.media_type != "image/png"}
    for path, one in after.items():
        if path in before and before[path].key == one.key:
            assert before[path].make() == one.make(), path
    assert [path for path in after if path not in before or before[path].key != after[path].key]


def test_the_list_has_what_one_chooses_by() -> None:
    text = pages(course())["index.html"]
    plain = " ".join(re.sub(r"<[^>]*>", " ", text).split()).replace("\u00a0", " ")
    assert "Hips For hips. 3 sessions · 4 min" in plain
    assert "90 s · 2 exercises chair, strap" in plain
    assert plain.index("Week 1") < plain.index("Week 2")
    assert text.index("play/hips.html") < text.index("play/week%201/day%202.html") < text.index("play/week%202/")
    for file in ("feed.xml", "feed.opml", "sessions.m3u", "guide.html"):
        assert f'"{file}"' in text


def test_seasons_without_a_folder_of_their_own_are_counted() -> None:
    episodes = [episode_of(exercise(), f"day {n}", season=1 + n // 2) for n in range(4)]
    text = pages(feed_of(*episodes, order=FeedOrder.COURSE))["index.html"]
    assert re.findall(r'<h2 class="season"[^>]*>(.*?)</h2>', text) == ["Part 1", "Part 2"]


def test_a_course_goes_on_and_a_feed_of_news_does_not() -> None:
    assert "play-next" not in pages(course())["play/hips.html"]
    assert "week%201/day%202.html" in pages(course())["play/hips.html"]
    news = replace(course(), order=FeedOrder.NEWEST)
    assert "week%201/day%202.html" not in pages(news)["play/hips.html"]


def test_a_private_feed_keeps_search_engines_away() -> None:
    assert all("noindex" in text for text in pages(course(private=True)).values())
    assert "noindex" not in pages(course())["index.html"]


def test_the_page_speaks_the_language_of_its_session() -> None:
    german = replace(exercise(), about=replace(ABOUT, language="de-AT"))
    french = replace(exercise(), about=replace(ABOUT, language="fr"))
    feed = feed_of(episode_of(german, "de"), episode_of(french, "fr"), language="es")
    found = pages(feed)
    assert '<html lang="es">' in found["index.html"]
    assert '<html lang="de">' in found["play/de.html"]
    assert "Mach dich bereit" in found["play/de.html"]
    assert '<html lang="en">' in found["play/fr.html"], (
        "there are no French words: English ones, and what is French says so"
    )
    assert 'lang="fr"' in found["play/fr.html"]


def test_where_the_feed_comes_from_is_told() -> None:
    def told(site: Site) -> list[str]:
        return [one for one in ("lan", "web") if page_words("en")(f"guide-here-{one}").split("“")[0] in guide(site)]

    def guide(site: Site) -> str:
        return pages(course(), site)["guide.html"]

    assert told(Site(served=True, feed_url="http://192.168.1.2:8000/feed.xml")) == ["lan"]
    assert told(Site(feed_url="https://a.b/feed.xml")) == ["web"]
    assert told(Site(address="https://a.b/")) == ["web"]
    assert told(Site()) == []
    assert 'value="feed.xml"' in guide(Site())
    assert "site/qr.svg" not in guide(Site())
    assert "AntennaPod" in guide(Site())


def test_a_feed_without_sessions_says_so() -> None:
    assert page_words("en")("index-empty") in pages(feed_of())["index.html"]


def test_a_session_that_knows_little_has_a_page() -> None:
    tracks = exercise().tracks
    bare = replace(exercise(), spans=exercise().spans[:1], chapters=(), about=None, tracks=tracks)
    text = pages(feed_of(episode_of(bare)))["play/hips.html"]
    html5lib.HTMLParser(strict=True).parse(text)
    assert "1. Squat: 8 repetitions" in text


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_all_words(language: str) -> None:
    assert page_words(language).missing == ()
    assert set(page_words(language).names) == set(page_words("en").names)


def test_no_word_is_there_for_nothing() -> None:
    """Words that nothing shows would be translated for nobody."""
    from importlib import resources

    package = resources.files("voicecoach.publish")
    code = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("site", "feed")
        for file in package.joinpath(folder).iterdir()
        if file.name.endswith(".py")
    )
    ours = re.compile(r"(page|index|play|guide)-(?!(here-\w+|yes|no|sometimes|folder-only)$)")
    unused = [name for name in page_words("en").names if ours.match(name) and not re.search(f"[\"']{name}[\"']", code)]
    assert unused == []
