"""The feed as XML and the table around it: against PSP-1, and what must hold of keys, URLs and bytes."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.publish.feed_cases import BASE, FILES, GUID, HOSTILE, course, episode_of, feed_of
from tests.publish.sessions import exercise
from voicecoach import __version__
from voicecoach.model.feed import Episode, Feed, FeedOrder
from voicecoach.model.resource import Resource
from voicecoach.publish.feed import feed_resources
from voicecoach.publish.feed.paths import KEPT_FILE, SHOW_ART, side_file, url_of
from voicecoach.publish.feed.plain import for_all_readers, one_line, plain, shortened
from voicecoach.publish.playlist import listed

N = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
}


def made(feed: Feed, path: str = "feed.xml", base: str = BASE, *, pages: bool = False) -> bytes:
    return next(one.make() for one in feed_resources(feed, base, pages=pages) if one.path == path)


def channel(feed: Feed, base: str = BASE, *, pages: bool = False) -> ET.Element:
    found = ET.fromstring(made(feed, base=base, pages=pages)).find("channel")
    assert found is not None
    return found


def values(parent: ET.Element, tag: str) -> list[str | None]:
    return [one.text for one in parent.findall(tag, N)]


def attributes(parent: ET.Element, tag: str) -> list[dict[str, str]]:
    return [one.attrib for one in parent.findall(tag, N)]


def plain_episode(name: str = "hips", **changes: object) -> Episode:
    episode = Episode(
        name, 1000, "ab" * 32, exercise(), "Hips", "Kim", "About it.", GUID, dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC)
    )
    return replace(episode, **changes)  # type: ignore[arg-type]


def test_channel_says_all_of_psp_1(course_folder: Path) -> None:
    feed = course(course_folder)
    at = channel(feed)
    assert attributes(at, "atom:link") == [
        {"href": f"{BASE}feed.xml", "rel": "self", "type": "application/rss+xml"},
    ]
    told = {
        "title": "Hips & knees",
        "description": "Stretch <\u2060every> day.\n\nFor 'all' & \"everyone\".",
        "link": f"{BASE}feed.xml",
        "language": "en",
        "copyright": "Kim Müller",
        "generator": f"voicecoach {__version__}",
        "pubDate": "Thu, 05 Mar 2026 06:00:00 +0000",
        "lastBuildDate": "Thu, 05 Mar 2026 06:00:00 +0000",
        "itunes:author": "Kim Müller",
        "itunes:owner/itunes:name": "Kim",
        "itunes:owner/itunes:email": "kim@example.org",
        "itunes:explicit": "false",
        "itunes:type": "serial",
        "itunes:complete": "yes",
        "itunes:block": "yes",
        "podcast:guid": GUID,
        "podcast:locked": "yes",
        "podcast:medium": "course",
        "podcast:updateFrequency": "every 2 days",
        "podcast:block": "yes",
        "image/title": "Hips & knees",
        "image/link": f"{BASE}feed.xml",
    }
    assert {tag: values(at, tag) for tag in told} == {tag: [text] for tag, text in told.items()}
    assert attributes(at, "podcast:locked") == [{"owner": "kim@example.org"}]
    assert attributes(at, "podcast:updateFrequency") == [{"rrule": "FREQ=DAILY;INTERVAL=2", "complete": "true"}]
    assert attributes(at, "itunes:category") == [{"text": "Health & Fitness"}]
    assert attributes(at, "itunes:category/itunes:category") == [{"text": "Fitness"}]
    art = attributes(at, "itunes:image")[0]["href"]
    assert art.startswith(f"{BASE}feed/cover.jpg?v=")
    assert values(at, "image/url") == [art]


def test_every_item_says_all_of_psp_1(course_folder: Path) -> None:
    feed = course(course_folder)
    items = channel(feed).findall("item")
    assert len(items) == len(feed.episodes)
    for item, episode in zip(items, feed.episodes, strict=True):
        url = url_of(BASE, f"{episode.name}.mp3") + f"?v={episode.digest[:12]}"
        language = "de" if "Kurz" in episode.title else "en"
        told = {
            "title": episode.title,
            "link": url,
            "guid": episode.guid,
            "itunes:author": "Praxis Müller" if language == "de" else "Dr. Kim",
            "itunes:duration": str(episode.timeline.frames // 48_000),
            "itunes:explicit": "false",
            "itunes:episodeType": "full",
            "itunes:episode": str(episode.number),
            "podcast:episode": str(episode.number),
            "itunes:block": "yes",
        }
        assert {tag: values(item, tag) for tag in told} == {tag: [text] for tag, text in told.items()}
        assert attributes(item, "guid") == [{"isPermaLink": "false"}]
        assert attributes(item, "enclosure") == [
            {"url": url, "length": str((course_folder / episode.file).stat().st_size), "type": "audio/mpeg"}
        ]
        (date,) = values(item, "pubDate")
        assert date is not None
        assert parsedate_to_datetime(date) == episode.published
        season = [] if episode.season is None else [str(episode.season)]
        assert values(item, "itunes:season") == values(item, "podcast:season") == season
        assert [one.get("name") for one in attributes(item, "podcast:season")] == [
            f"week {number}" for number in season
        ]
        transcripts = attributes(item, "podcast:transcript")
        assert [one["type"] for one in transcripts] == ["application/json", "application/x-subrip", "text/vtt"]
        assert {one["language"] for one in transcripts} == {language}
        assert [one["type"] for one in attributes(item, "podcast:chapters")] == ["application/json+chapters"]
        for tag in ("itunes:image", "description", "content:encoded", "psc:chapters"):
            assert len(item.findall(tag, N)) == 1, tag


def test_a_feed_of_news_has_no_numbers_that_nobody_gave() -> None:
    feed = feed_of(plain_episode(), order=FeedOrder.NEWEST, private=False, complete=False, frequency=None)
    feed = replace(feed, owner_name=None, owner_email=None, copyright=None, subcategory=None, explicit=True)
    at = channel(feed)
    assert (values(at, "itunes:type"), values(at, "podcast:medium")) == (["episodic"], ["podcast"])
    assert values(at, "itunes:explicit") == values(at, "item/itunes:explicit") == ["true"]
    absent = (
        "itunes:block",
        "podcast:block",
        "itunes:complete",
        "podcast:updateFrequency",
        "itunes:owner",
        "copyright",
    )
    items = ("item/itunes:season", "item/itunes:episode", "item/podcast:season", "item/itunes:block")
    assert [tag for tag in (*absent, *items, "itunes:category/itunes:category") if at.findall(tag, N)] == []
    assert attributes(at, "podcast:locked") == [{}]
    empty = channel(replace(feed, episodes=()))
    assert not empty.findall("lastBuildDate")


def test_what_is_complete_says_so_without_a_rule() -> None:
    at = channel(feed_of(plain_episode(), frequency=None, language="de"))
    assert attributes(at, "podcast:updateFrequency") == [{"complete": "true"}]
    assert values(at, "podcast:updateFrequency") == ["Abgeschlossen"]


def test_links_go_to_pages_where_there_are_some() -> None:
    feed = feed_of(plain_episode("week 1/day 2"))
    at = channel(feed, pages=True)
    assert (values(at, "link"), values(at, "item/link")) == ([BASE], [f"{BASE}play/week%201/day%202.html"])
    relative = channel(feed, "", pages=True)
    assert (values(relative, "link"), values(relative, "item/link")) == (["index.html"], ["play/week%201/day%202.html"])
    own = channel(replace(feed, link="https://kim.example/"), pages=True)
    assert values(own, "link") == ["https://kim.example/"]


@pytest.mark.parametrize("base", [BASE, ""])
def test_every_url_is_ascii_and_leads_to_something(course_folder: Path, base: str) -> None:
    feed = course(course_folder)
    resources = feed_resources(feed, base)
    paths = {one.path for one in resources} | {episode.file for episode in feed.episodes}
    found = set()
    for one in channel(feed, base).iter():
        for url in (one.get("url"), one.get("href"), one.text if one.tag in {"link", "url"} else None):
            if url is not None:
                assert url.isascii()
                assert url.startswith(base)
                found.add(unquote(urlsplit(url.removeprefix(base)).path))
    assert found <= paths
    assert paths - found == {"feed.opml", "sessions.m3u"}


def test_a_session_built_anew_has_other_urls_and_no_other_has() -> None:
    before = feed_of(plain_episode("a"), plain_episode("b"), image=b"own")
    after = replace(before, episodes=(before.episodes[0], replace(before.episodes[1], digest="cd" * 32)))
    first, second = (channel(feed).findall("item") for feed in (before, after))
    same, other = ([ET.tostring(items[n]) for items in (first, second)] for n in (0, 1))
    assert same[0] == same[1]
    urls = [{one.get("url") or one.get("href") for one in items[1].iter()} - {None} for items in (first, second)]
    assert not urls[0] & urls[1]
    assert len(urls[0]) == len(urls[1]) == 6
    assert other[0].replace(b"abab", b"cdcd") != other[1]


def test_guids_hold_no_host() -> None:
    feed = feed_of(plain_episode())
    for base in (BASE, "http://10.0.0.7:8000/"):
        assert values(channel(feed, base), "item/guid") == [GUID]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_are_only_text(title: str) -> None:
    feed = feed_of(plain_episode(title=title, author=title), title=title, description=title, author=title)
    at = channel(feed)
    for tag in ("title", "description", "itunes:author", "item/title", "item/itunes:author", "image/title"):
        assert [(text or "").replace("\u2060", "") for text in values(at, tag)] == [title], tag
    (outline,) = ET.fromstring(made(feed, "feed.opml")).iter("outline")
    assert outline.get("text") == outline.get("title") == title
    assert f"#PLAYLIST:{title}\n" in made(feed, "sessions.m3u").decode()
    assert json.loads(made(feed, "feed/hips.chapters.json"))["title"] == title


@given(
    st.text(max_size=40)
    | st.text(st.sampled_from("\x00\x0b\x1b\x85\r\n\t \u2028\ud800\udfff\ufffe]]>&<é\u0301e"), max_size=20)
)
def test_any_text_gives_a_feed_that_reads_back(text: str) -> None:
    feed = feed_of(plain_episode(title=text, notes=text), title=text, description=text)
    at = channel(feed)
    assert values(at, "title") == values(at, "image/title") == [one_line(text) or None]
    assert values(at, "item/title") == [one_line(text) or "hips"]
    assert values(at, "description") == [for_all_readers(text) or None]
    for path in ("feed.opml", "sessions.m3u", "feed/hips.chapters.json", "feed/hips.vtt"):
        made(feed, path).decode()


def test_texts_are_composed_and_without_controls() -> None:
    assert plain("u\u0308ber\r\nzwei\x07\x1b[31m\ud800 \u2028drei\ufffe") == "über\nzwei[31m \ndrei"
    assert one_line(" a\n\n b\u00a0c\t ") == "a b\u00a0c"
    assert plain("👩‍⚕️ \u202eRTL\u2069") == "👩‍⚕️ \u202eRTL\u2069"


def test_long_descriptions_are_cut_where_they_may_be() -> None:
    told = channel(feed_of(plain_episode(notes="Wörter und\n" * 900), description="ü " * 3000))
    for tag in ("description", "item/description"):
        (text,) = values(told, tag)
        assert text is not None
        assert text.partition("\n\nChapters:")[0].endswith("…")
        assert 3900 < len(text.encode()) <= 4000
    assert shortened("short", 4000) == "short"
    assert shortened("ü" * 50, 20) == "üüüüüüüü…"


FEED_CHANGES = [
    {"title": "Other"},
    {"description": "Other"},
    {"author": "Other"},
    {"guid": "00000000-0000-5000-8000-000000000000"},
    {"language": "de"},
    {"owner_name": None},
    {"owner_email": "other@example.org"},
    {"category": "Education"},
    {"subcategory": None},
    {"link": "https://kim.example/"},
    {"private": False},
    {"order": FeedOrder.NEWEST},
    {"frequency": None},
    {"complete": False},
    {"explicit": True},
    {"copyright": None},
    {"image": b"own"},
    {"episodes": ()},
]
EPISODE_CHANGES = [
    {"name": "other"},
    {"ending": ".MP3"},
    {"size_bytes": 1},
    {"digest": "cd" * 32},
    {"title": "Other"},
    {"author": "Other"},
    {"guid": "other"},
    {"published": dt.datetime(2026, 3, 2, 6, tzinfo=dt.UTC)},
    {"season": 4},
    {"number": 4},
]


def drawn(one: Resource) -> bytes:
    return one.key.encode() if one.path.endswith(".jpg") else one.make()


@pytest.mark.parametrize(
    ("of_episode", "change"),
    [*((False, change) for change in FEED_CHANGES), *((True, change) for change in EPISODE_CHANGES)],
    ids=str,
)
def test_other_bytes_have_another_key(of_episode: bool, change: dict[str, object]) -> None:
    before = feed_of(plain_episode(season=1, number=1))
    if of_episode:
        after = replace(before, episodes=(plain_episode(**{"season": 1, "number": 1, **change}),))
    else:
        after = replace(before, **change)  # type: ignore[arg-type]
    first, second = ({one.path: one for one in feed_resources(feed, BASE)} for feed in (before, after))
    assert first["feed.xml"].key != second["feed.xml"].key
    for path in first.keys() & second.keys():
        if first[path].key == second[path].key:
            assert drawn(first[path]) == drawn(second[path]), path


def test_all_that_a_feed_can_say_is_tried_above() -> None:
    told = [name for change in (*FEED_CHANGES, *EPISODE_CHANGES) for name in change]
    assert set(told) == (set(Feed.__dataclass_fields__) | set(Episode.__dataclass_fields__)) - {
        "timeline",
        "notes",
        "cover",
    }


def test_address_and_pages_are_in_the_key() -> None:
    feed = feed_of(plain_episode())
    keys = {feed_resources(feed, base, pages=pages)[0].key for base in ("", BASE) for pages in (False, True)}
    assert len(keys) == 4


def test_the_table_has_each_path_once_with_its_type(course_folder: Path) -> None:
    types = {
        "feed.xml": "application/rss+xml; charset=utf-8",
        "feed.opml": "text/x-opml; charset=utf-8",
        "sessions.m3u": "audio/x-mpegurl",
        "feed/cover.jpg": "image/jpeg",
    }
    beside = {
        ".jpg": "image/jpeg",
        ".chapters.json": "application/json+chapters",
        ".json": "application/json",
        ".srt": "application/x-subrip; charset=utf-8",
        ".vtt": "text/vtt; charset=utf-8",
    }
    types |= {f"feed/{name}{ending}": kind for name in FILES for ending, kind in beside.items()}
    resources = feed_resources(course(course_folder), BASE)
    assert [one.path for one in resources] == list(types)
    assert {one.path: one.media_type for one in resources} == types


def test_no_session_lies_on_what_is_the_feeds_own_or_anothers() -> None:
    names = ("cover", "Cover_", "kept", "cover__", "a", "a.chapters", "a.chapters_", "week/cover", "discover", "a_")
    taken = {SHOW_ART, KEPT_FILE}
    feed = feed_of(*(plain_episode(name) for name in names))
    paths = [one.path.lower() for one in feed_resources(feed, "") if "/" in one.path]
    assert len(set(paths) | taken) == len(paths) + 1
    assert side_file(plain_episode("week/cover"), ".vtt") == "feed/week/cover.vtt"


def test_pictures_are_drawn_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import voicecoach.publish.artwork as artwork

    monkeypatch.setattr(artwork, "show_art", lambda feed: feed.title.encode())
    monkeypatch.setattr(artwork, "episode_art", lambda episode: episode.name.encode())
    feed = feed_of(plain_episode())
    assert made(feed, "feed/cover.jpg") == b"Hips & knees"
    assert made(feed, "feed/hips.jpg") == b"hips"


def test_the_list_of_subscriptions(course_folder: Path) -> None:
    root = ET.fromstring(made(course(course_folder), "feed.opml", pages=True))
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", "Hips & knees")
    (outline,) = root.findall("body/outline")
    told = {"type": "rss", "text": "Hips & knees", "title": "Hips & knees", "language": "en"}
    told |= {
        "xmlUrl": f"{BASE}feed.xml",
        "htmlUrl": BASE,
        "description": "Stretch <every> day. For 'all' & \"everyone\".",
    }
    assert outline.attrib == told


def test_the_playlist_is_in_the_order_of_the_feed(course_folder: Path) -> None:
    feed = course(course_folder)
    text = made(feed, "sessions.m3u").decode()
    assert text.startswith("#EXTM3U\n#PLAYLIST:Hips & knees\n#EXTINF:")
    assert listed(text) == [f"{name}.mp3" for name in FILES]
    assert all((course_folder / name).is_file() for name in listed(text))
    for episode in feed.episodes:
        assert f"#EXTINF:{episode.length_s},{episode.title}\n{episode.file}\n" in text


def test_no_name_is_taken_for_something_else_in_a_playlist() -> None:
    names = ("#1", "-x", " a", "b#c", "line\nbreak", "caf\udce9")
    lines = made(feed_of(*map(plain_episode, names)), "sessions.m3u").splitlines()
    assert lines[3::2] == [b"./#1.mp3", b"./-x.mp3", b"./ a.mp3", b"b#c.mp3", b"caf\xe9.mp3"]
    assert url_of("", "caf\udce9.mp3") == "caf%E9.mp3"


def test_the_same_bytes_whatever_the_seed_of_hashes(course_folder: Path) -> None:
    program = (
        "import hashlib, sys; from pathlib import Path; from tests.publish.feed_cases import BASE, course;"
        "from voicecoach.publish.feed import feed_resources;"
        "r = feed_resources(course(Path(sys.argv[1])), BASE, pages=True);"
        "print([(x.path, x.key, hashlib.sha256(x.make()).hexdigest()) for x in r if 'week' not in x.path])"
    )
    ran = [
        subprocess.run(
            [sys.executable, "-c", program, str(course_folder)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/Lima"))
    ]
    assert ran[0] == ran[1]
    assert ran[0].count("feed") == 8


def test_episodes_come_from_files_alone(course_folder: Path) -> None:
    episode = episode_of(course_folder, "week 1/day 10", 3)
    assert episode.timeline.about is not None
    assert (episode.season, episode.timeline.about.language, episode.author) == (1, "de", "Praxis Müller")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("a\u202egnp.exe", "agnp.exe"),
        ("\u202ab\u202c", "b"),
        ("\u2067open", "open"),
        ("end\u2069\u2066", "end"),
        ("\u2068שלום\u2069 hips", "\u2068שלום\u2069 hips"),
        ("שלום\u200f hips", "שלום\u200f hips"),
    ],
)
def test_no_title_turns_what_comes_after_it(title: str, shown: str) -> None:
    assert one_line(title) == shown
