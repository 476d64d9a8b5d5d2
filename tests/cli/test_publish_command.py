"""voicecoach publish: what is written, what is left alone, and what is refused."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.conftest import Ran
from voicecoach.model.session import Outcome

Cli = Callable[..., Ran]

NAMES = ("morning.mp3", "Woche 1/Hüften & Knie #1.mp3", "Woche 2/100 % 'fit'?.mp3")
ADDRESS = "https://example.org/some/where/"


@pytest.fixture(scope="module")
def built(build_text: Callable[[str], Outcome]) -> tuple[Path, Path]:
    def path(length: str) -> Path:
        session = build_text(f"title: Short\nvoice: fake\nsteps:\n- rest: {length}\n- rest: 5 s\n").session
        assert session is not None
        return session.path

    return path("5 s"), path("6 s")


@pytest.fixture
def folder(built: tuple[Path, Path], tmp_path: Path) -> Path:
    """A folder with seasons, and names that need care in addresses."""
    for name in NAMES:
        file = tmp_path / "output" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(built[0], file)
    return tmp_path / "output"


def files(site: Path) -> dict[str, bytes]:
    return {one.relative_to(site).as_posix(): one.read_bytes() for one in site.rglob("*") if one.is_file()}


def times(site: Path) -> dict[str, int]:
    return {one.relative_to(site).as_posix(): one.stat().st_mtime_ns for one in site.rglob("*") if one.is_file()}


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in {"src", "href"} and value]


def links(page: Path) -> list[str]:
    parser = _Links()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser.found


def test_a_site_is_whole(folder: Path, cli: Cli, tmp_path: Path) -> None:
    site = tmp_path / "public"
    ran = cli("publish", folder, site)
    assert (ran.code, ran.err) == (0, "")
    there = files(site)
    for name in NAMES:
        stem = name.removesuffix(".mp3")
        assert there[name] == (folder / name).read_bytes()
        assert {f"play/{stem}.html", f"feed/{stem}.vtt", f"feed/{stem}.jpg"} <= there.keys()
    assert {"index.html", "feed.xml", "sw.js", "manifest.webmanifest", "site/offline.js", "404.html"} <= there.keys()
    assert not [name for name in there if name.endswith(".part")]
    assert ran.out.startswith("Output: 3 sessions, ")
    assert f"open {site / 'index.html'}" in ran.out
    assert f"voicecoach serve {folder}" in ran.out
    assert "--base-url" in ran.out


def test_every_link_is_relative_and_leads_to_a_file(folder: Path, cli: Cli, tmp_path: Path) -> None:
    site = tmp_path / "public"
    cli("publish", folder, site)
    for page in site.rglob("*.html"):
        root = site if page.name == "offline.html" else page.parent
        for link in links(page):
            parts = urlsplit(link)
            if parts.scheme in {"https", "antennapod-subscribe", "data"} or not parts.path:
                continue
            assert not parts.scheme, (page, link)
            assert not link.startswith("/"), (page, link)
            target = root / unquote(parts.path)
            assert target.is_file() or (target / "index.html").is_file(), (page, link)


def test_what_is_versioned_in_addresses_is_what_lies_there(folder: Path, cli: Cli, tmp_path: Path) -> None:
    """The sessions, by the beginning of their hash."""
    site = tmp_path / "public"
    cli("publish", folder, site)
    for name in NAMES:
        page = site / f"play/{name.removesuffix('.mp3')}.html"
        digest = hashlib.sha256((site / name).read_bytes()).hexdigest()[:12]
        assert any(link.endswith(f".mp3?v={digest}") for link in links(page)), name


def test_the_second_run_touches_nothing(folder: Path, cli: Cli, tmp_path: Path) -> None:
    site = tmp_path / "public"
    cli("publish", folder, site)
    before = times(site)
    ran = cli("publish", folder, site)
    assert times(site) == before
    assert "3 sessions, nothing new to write" in ran.out


def test_two_places_get_the_same_bytes(folder: Path, cli: Cli, tmp_path: Path) -> None:
    for name in ("one", "two"):
        cli("publish", folder, tmp_path / name, "--base-url", ADDRESS)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_a_rebuilt_session_is_written_again_and_the_others_are_not(
    folder: Path, built: tuple[Path, Path], cli: Cli, tmp_path: Path
) -> None:
    site = tmp_path / "public"
    cli("publish", folder, site)
    before = times(site)
    shutil.copy(built[1], folder / "morning.mp3")
    assert cli("publish", folder, site).code == 0
    changed = {name for name, time in times(site).items() if before[name] != time}
    assert (site / "morning.mp3").read_bytes() == built[1].read_bytes()
    assert {"morning.mp3", "play/morning.html", "feed/morning.vtt", "feed.xml", "index.html"} <= changed
    others = [name.removesuffix(".mp3") for name in NAMES if name != "morning.mp3"]
    assert not [name for name in changed if any(name.startswith(f"feed/{other}") for other in others)]
    assert not [name for name in changed if name.endswith(".mp3") and name != "morning.mp3"]


def test_what_is_no_longer_there_goes_and_strangers_files_stay(folder: Path, cli: Cli, tmp_path: Path) -> None:
    site = tmp_path / "public"
    site.mkdir()
    strangers = {
        "CNAME": b"example.org\n",
        "robots.txt": b"User-agent: *\n",
        "music/song.mp3": b"not ours",
        "404.html": b"<p>mine",
    }
    for name, data in strangers.items():
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_bytes(data)
    (folder / "feed.yaml").write_text("private: yes\n")
    cli("publish", folder, site)
    (site / "Woche 1" / "mine.txt").write_bytes(b"mine")
    shutil.rmtree(folder / "Woche 1")
    ran = cli("publish", folder, site)
    assert ran.code == 0
    there = files(site)
    assert {name: there.get(name) for name in strangers} == strangers
    assert there["Woche 1/mine.txt"] == b"mine"
    assert not [name for name in there if "Hüften" in name]
    assert not (site / "play" / "Woche 1").exists()


def test_a_site_in_its_own_folder_copies_nothing(folder: Path, cli: Cli) -> None:
    before = {name: (folder / name).stat() for name in NAMES}
    ran = cli("publish", folder, folder)
    assert ran.code == 0
    assert {name: (folder / name).stat() for name in NAMES} == before
    assert (folder / "index.html").is_file()
    first = files(folder)
    assert cli("publish", folder, f"{folder}/../output").code == 0
    assert files(folder) == first


@pytest.mark.parametrize("inner", ["public", "Woche 1", "feed", "a/b/c"])
def test_a_site_among_the_sessions_is_refused(inner: str, folder: Path, cli: Cli) -> None:
    before = files(folder)
    ran = cli("publish", folder, folder / inner)
    assert ran.code == 2
    assert "where sessions are looked for" in ran.err
    assert "choose a folder beside it" in ran.err
    assert files(folder) == before


def test_a_link_to_a_place_among_the_sessions_is_refused_too(folder: Path, cli: Cli, tmp_path: Path) -> None:
    (folder / "inner").mkdir()
    (tmp_path / "link").symlink_to(folder / "inner")
    assert cli("publish", folder, tmp_path / "link").code == 2


def test_what_cannot_be_is_refused(folder: Path, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert cli("publish", folder, tmp_path / "file").code == 2
    assert cli("publish", tmp_path / "nowhere", tmp_path / "site").code == 2
    assert cli("publish", folder, tmp_path / "site", "--base-url", "not an address").code == 2
    assert not (tmp_path / "site").exists()


def test_with_faults_nothing_is_written(folder: Path, cli: Cli, tmp_path: Path) -> None:
    damaged = (folder / NAMES[1]).read_bytes()
    (folder / NAMES[1]).write_bytes(damaged[: len(damaged) // 2])
    ran = cli("publish", folder, tmp_path / "site")
    assert ran.code == 1
    assert "damaged" in ran.err
    assert not (tmp_path / "site").exists()
    empty = tmp_path / "empty"
    empty.mkdir()
    assert cli("publish", empty, tmp_path / "site").code == 1
    assert not (tmp_path / "site").exists()


def test_somebody_elses_page_is_not_written_over(folder: Path, cli: Cli, tmp_path: Path) -> None:
    site = tmp_path / "blog"
    site.mkdir()
    (site / "index.html").write_text("<!DOCTYPE html><html><title>My blog</title></html>")
    ran = cli("publish", folder, site)
    assert ran.code != 0
    assert files(site).keys() <= {"index.html"}


def test_the_feed_says_where_the_pages_are(folder: Path, cli: Cli, tmp_path: Path) -> None:
    site = tmp_path / "public"
    ran = cli("publish", folder, site, "--base-url", ADDRESS.rstrip("/"))
    feed = (site / "feed.xml").read_text(encoding="utf-8")
    assert f"{ADDRESS}feed.xml" in ran.out
    assert f"<link>{ADDRESS}play/morning.html</link>" in feed
    assert f"{ADDRESS}Woche%201/H%C3%BCften%20%26%20Knie%20%231.mp3?v=" in feed


def test_days_and_guids_outlive_another_site(folder: Path, built: tuple[Path, Path], cli: Cli, tmp_path: Path) -> None:
    """They are kept beside the sessions: a site that is thrown away takes nothing with it."""

    def told() -> list[str]:
        return re.findall(
            r"<(?:guid|pubDate|podcast:guid)\b.*", (tmp_path / "public/feed.xml").read_text(encoding="utf-8")
        )

    cli("publish", folder, tmp_path / "public")
    before = told()
    shutil.rmtree(tmp_path / "public")
    shutil.copy(built[1], folder / "morning.mp3")
    os.utime(folder / "morning.mp3")
    cli("publish", folder, tmp_path / "public")
    assert told() == before
    assert len(before) == 1 + 1 + 2 * len(NAMES)


def test_what_cannot_be_kept_is_said(folder: Path, cli: Cli, tmp_path: Path) -> None:
    (folder / "feed" / "kept.json").mkdir(parents=True)
    ran = cli("publish", folder, tmp_path / "public")
    assert ran.code == 0
    assert "kept.json cannot be written" in ran.err
    assert not list(folder.rglob("*.part"))


def test_a_site_keeps_its_address(folder: Path, cli: Cli, tmp_path: Path) -> None:
    """And the feed beside the sessions keeps its own."""
    site, other = tmp_path / "public", "https://example.org/feed/"
    cli("feed", folder, "--base-url", other)
    ran = cli("publish", folder, tmp_path / "first")
    assert f"note: the address is {other}, as last time" in ran.err
    cli("publish", folder, site, "--base-url", ADDRESS)
    before = files(site)
    ran = cli("publish", folder, site)
    assert f"note: the address is {ADDRESS}, as last time" in ran.err
    assert files(site) == before
    assert f"subscribe  {other}feed.xml" in cli("feed", folder).out
    shutil.rmtree(site)
    ran = cli("publish", folder, site, "--base-url", "none")
    assert ran.err == ""
    assert ADDRESS not in (site / "feed.xml").read_text(encoding="utf-8")
