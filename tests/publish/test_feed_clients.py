"""Programs that people and directories use, with the feed on a web host: gPodder, partytime, xmllint, mpv, ffprobe."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CI
from tests.publish.feed_cases import BASE, GUID, HOSTILE, course, feed_of
from tests.publish.test_feed_readers import url
from tests.publish.test_feed_rss import made, plain_episode
from tests.web.static_server import StaticServer
from voicecoach import __version__
from voicecoach.model.feed import Feed
from voicecoach.publish.feed import feed_resources
from voicecoach.publish.feed.notes_html import notes_html, notes_text
from voicecoach.publish.playlist import listed

pytestmark = pytest.mark.slow

Tool = Callable[[str], str]
NODE_MODULES = Path(__file__).parents[1] / "web" / "node_modules"
PARTYTIME = """\
const partytime = require(process.argv[1]);
const xml = require("fs").readFileSync(0, "utf8");
process.stdout.write(JSON.stringify(partytime.parseFeed(xml)));
"""


@pytest.fixture(scope="module")
def site(course_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StaticServer, Feed, Path]]:
    """The course on a web host, with all that belongs to its feed."""
    folder = tmp_path_factory.mktemp("host") / "site"
    shutil.copytree(course_folder, folder)
    server = StaticServer({"/": folder}).start()
    feed = course(folder)
    for one in feed_resources(feed, f"{server.url}/"):
        path = folder / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.make())
    yield server, feed, folder
    server.stop()


@pytest.fixture
def gpo(tool: Tool, tmp_path: Path) -> Callable[..., str]:
    """gPodder's command line, with a home of its own."""
    program, home = tool("gpo"), tmp_path / "gpodder"
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"), "")
    own = {"GPODDER_HOME": str(home), "GPODDER_DOWNLOAD_DIR": str(home / "downloads"), "HOME": str(tmp_path)}

    def run(*arguments: str) -> str:
        environment = {**os.environ, **proxies, **own}
        ran = subprocess.run(
            [program, *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    return run


@pytest.fixture(scope="session")
def partytime(tool: Tool) -> Callable[[bytes], dict[str, Any]]:
    """Podcast Index's parser; without it a test is skipped, but never in CI."""
    node, package = tool("node"), NODE_MODULES / "podcast-partytime"
    if not package.is_dir():
        message = "podcast-partytime is not there (npm install --prefix tests/web)"
        if CI:
            pytest.fail(message)
        pytest.skip(message)

    def read(xml: bytes) -> dict[str, Any]:
        environment = {**os.environ, "PARTYTIME_LOG": "silent"}
        command = [node, "-e", PARTYTIME, str(package)]
        ran = subprocess.run(command, input=xml, env=environment, capture_output=True, check=False, timeout=60)
        assert ran.returncode == 0, ran.stderr.decode()
        values: dict[str, Any] = json.loads(ran.stdout)
        return values

    return read


def test_gpodder_subscribes_downloads_what_we_have_and_then_asks_in_vain(
    site: tuple[StaticServer, Feed, Path], gpo: Callable[..., str], tmp_path: Path
) -> None:
    server, feed, folder = site
    address = f"{server.url}/feed.xml"
    assert "Successfully added" in gpo("subscribe", address)
    shown = gpo("info", address)
    assert "Title: Hips & knees" in shown
    assert f"{len(feed.episodes)} episodes downloaded" in gpo("download")
    told = rows(tmp_path / "gpodder" / "Database")
    assert [row[:6] for row in told] == [
        (
            episode.title,
            episode.guid,
            f"{server.url}/{url(feed, episode.file).removeprefix(BASE)}",
            int(episode.published.timestamp()),
            episode.length_s,
            episode.size_bytes,
        )
        for episode in feed.episodes
    ]
    for row, episode in zip(told, feed.episodes, strict=True):
        (file,) = (tmp_path / "gpodder" / "downloads").rglob(row[6])
        assert file.read_bytes() == (folder / episode.file).read_bytes()
        assert [(one["start"], one["title"]) for one in json.loads(row[7])] == [
            (chapter.start // 48_000, chapter.title) for chapter in episode.timeline.chapters
        ]

    before = len(server.asked)
    assert "0 new episodes" in gpo("update")
    assert "0 episodes downloaded" in gpo("download")
    assert [(one.path, one.status) for one in server.asked[before:]] == [("/feed.xml", 304)]


def rows(database: Path) -> list[tuple[Any, ...]]:
    """What gPodder keeps of each episode, the oldest first."""
    columns = "title, guid, url, published, total_time, file_size, download_filename, chapters"
    with sqlite3.connect(database) as connection:
        return connection.execute(f"select {columns} from episode order by published").fetchall()


def test_gpodder_imports_the_list_of_subscriptions(
    site: tuple[StaticServer, Feed, Path], gpo: Callable[..., str]
) -> None:
    server, _, folder = site
    gpo("import", str(folder / "feed.opml"))
    assert f"# Hips & knees\n{server.url}/feed.xml" in gpo("list")


def test_partytime_reads_every_value(course_folder: Path, partytime: Callable[[bytes], dict[str, Any]]) -> None:
    feed = course(course_folder)
    read = partytime(made(feed))
    items = read.pop("items")
    # The moment at which it read, and which generation of tags it found.
    read.pop("lastUpdate")
    found = read.pop("pc20support")
    assert {name for generation in found.values() for name in generation} >= {
        *("locked", "transcript", "chapters", "episode", "season", "guid", "medium", "block")
    }
    newest, oldest = "2026-03-05T06:00:00.000Z", "2026-03-02T06:00:00.000Z"
    assert read == {
        "type": 0,
        "title": "Hips & knees",
        "description": "Stretch <\u2060every> day. For 'all' & \"everyone\".",
        "link": f"{BASE}feed.xml",
        "language": "en",
        "copyright": "Kim Müller",
        "generator": f"voicecoach {__version__}",
        "author": "Kim Müller",
        "owner": {"name": "Kim", "email": "kim@example.org"},
        "explicit": False,
        "image": {"url": url(feed, "feed/cover.jpg"), "title": "Hips & knees", "link": f"{BASE}feed.xml"},
        "itunesImage": url(feed, "feed/cover.jpg"),
        "itunesCategory": ["Health & Fitness > Fitness"],
        "categories": ["health", "fitness"],
        "itunesType": "serial",
        "itunesComplete": True,
        "itunesBlock": True,
        "pubsub": {"self": f"{BASE}feed.xml"},
        "guid": GUID,
        "locked": True,
        "podcastOwner": "kim@example.org",
        "medium": "course",
        "podcastBlocked": "yes",
        "podcastBlockedPlatforms": {},
        "podcastSeasons": {"1": {"number": 1, "name": "week 1"}, "2": {"number": 2, "name": "week 2"}},
        "pubDate": newest,
        "lastBuildDate": newest,
        "lastPubDate": newest,
        "newestItemPubDate": newest,
        "oldestItemPubDate": oldest,
    }
    assert items == [item_of(feed, number) for number in range(len(feed.episodes))]


def item_of(feed: Feed, number: int) -> dict[str, Any]:
    """What partytime makes of an episode."""
    episode = feed.episodes[number]
    session, picture = url(feed, episode.file), url(feed, f"feed/{episode.name}.jpg")
    language = "de" if episode.author == "Praxis Müller" else "en"
    types = {".json": "application/json", ".srt": "application/srt", ".vtt": "text/vtt"}
    season = episode.season
    placed = {"itunesSeason": season, "podcastSeason": {"number": season, "name": f"week {season}"}} if season else {}
    return placed | {
        "title": episode.title,
        "guid": episode.guid,
        "link": session,
        "enclosure": {"url": session, "length": episode.size_bytes, "type": "audio/mpeg"},
        "duration": episode.length_s,
        "explicit": False,
        "author": episode.author,
        "image": picture,
        "itunesImage": picture,
        "itunesEpisode": episode.number,
        "itunesEpisodeType": "full",
        "podcastEpisode": {"number": episode.number},
        "pubDate": episode.published.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "description": re.sub("[ \n]+", " ", notes_text(episode, "en")),
        # It takes entities away twice.
        "content": html.unescape(notes_html(episode, "en")),
        "podcastChapters": {
            "url": url(feed, f"feed/{episode.name}.chapters.json"),
            "type": "application/json+chapters",
        },
        "podcastTranscripts": [
            {"url": url(feed, f"feed/{episode.name}{ending}"), "type": kind, "language": language, "rel": "captions"}
            for ending, kind in types.items()
        ],
    }


def test_hostile_titles_reach_partytime_as_they_are(partytime: Callable[[bytes], dict[str, Any]]) -> None:
    feed = feed_of(*(plain_episode(title=title, guid=str(n)) for n, title in enumerate(HOSTILE)), title=HOSTILE[0])
    read = partytime(made(feed))
    assert read["title"] == HOSTILE[0]
    assert [item["title"] for item in read["items"]] == list(HOSTILE)


def test_xmllint_finds_nothing(tool: Tool, site: tuple[StaticServer, Feed, Path]) -> None:
    _, _, folder = site
    ran = subprocess.run(
        [tool("xmllint"), "--noout", "--nonet", folder / "feed.xml", folder / "feed.opml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize("from_host", [False, True], ids=["from a folder", "from a host"])
def test_mpv_plays_the_list_in_its_order(tool: Tool, site: tuple[StaticServer, Feed, Path], from_host: bool) -> None:
    server, feed, folder = site
    where = f"{server.url}/host.m3u" if from_host else str(folder / "sessions.m3u")
    if from_host:
        # What is a file's name in a list is none in a URL where it has "#": players do not quote it.
        feed = replace(feed, episodes=tuple(one for one in feed.episodes if "#" not in one.name))
        (folder / "host.m3u").write_bytes(made(feed, "sessions.m3u"))
    options = ["--no-config", "--ao=null", "--vo=null", "--no-video", "--length=0.1", "--untimed"]
    shown = "--term-playing-msg=PLAYS ${media-title} AT ${duration}"
    ran = subprocess.run([tool("mpv"), *options, shown, where], capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stdout
    played = [line.removeprefix("PLAYS ") for line in ran.stdout.splitlines() if line.startswith("PLAYS ")]
    wanted = [f"{one.title} AT 00:{one.length_s // 60:02}:{one.length_s % 60:02}" for one in feed.episodes]
    assert played == wanted


def test_ffprobe_finds_what_the_list_and_the_feed_say(tool: Tool, site: tuple[StaticServer, Feed, Path]) -> None:
    server, feed, folder = site
    names = listed((folder / "sessions.m3u").read_text(encoding="utf-8"))
    for name, episode in zip(names, feed.episodes, strict=True):
        address = f"{server.url}/{url(feed, episode.file).removeprefix(BASE)}"
        for where in (str(folder / name), address):
            command = [tool("ffprobe"), "-v", "error", "-of", "json", "-show_format", "-show_chapters", where]
            read = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
            assert round(float(read["format"]["duration"])) == episode.length_s
            assert int(read["format"]["size"]) == episode.size_bytes
            assert [one["tags"]["title"] for one in read["chapters"]] == [
                one.title for one in episode.timeline.chapters
            ]
