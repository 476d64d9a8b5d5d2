"""feed --check on what is no good feed at all: other people's, damaged ones, hostile ones. Never a traceback."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.publish.feed_cases import BASE as SPACED
from tests.publish.feed_cases import HOSTILE, course
from tests.publish.lint_cases import BASE, NOW, jpeg, make_good, write_feed
from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.feed import FeedOrder
from voicecoach.model.session import Outcome
from voicecoach.publish.feed import feed_resources
from voicecoach.publish.linter import lint_feed
from voicecoach.publish.writer import write_resources

STRANGERS = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:pod="https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
  xmlns:a="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:media="http://search.yahoo.com/mrss/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
  <channel>
    <a:link href="https://feeds.example.net/talk" rel="self" type="application/rss+xml"/>
    <a:link href="https://hub.example.net/" rel="hub"/>
    <title>Talk</title><link>https://talk.example.net</link><language>en-us</language>
    <description><![CDATA[<p>Of this and that: <a href="https://talk.example.net">more</a>.</p>]]></description>
    <itunes:author>Talk</itunes:author><itunes:explicit>false</itunes:explicit>
    <itunes:category text="News"><itunes:category text="Tech News"/></itunes:category>
    <itunes:image href="https://img.example.net/cover.png?w=3000"/>
    <itunes:keywords>this,that</itunes:keywords>
    <pod:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</pod:guid><pod:locked>no</pod:locked>
    <pod:person role="host">Kim</pod:person>
    <sy:updatePeriod>hourly</sy:updatePeriod>
    <media:rating>nonadult</media:rating>
    <item>
      <title>One</title><guid isPermaLink="false">talk-1</guid><pubDate>Tue, 31 Mar 2026 06:00:00 GMT</pubDate>
      <description>Words &amp; more. 1 &lt; 2.</description>
      <content:encoded><![CDATA[<p>Words<br>more<ul><li>a<li>b</ul><img src="https://img.example.net/1.png">]]></content:encoded>
      <enclosure url="https://cdn.example.net/track/1.m4a?x=1&amp;v=2" length="12345" type="audio/x-m4a"/>
      <itunes:duration>1801</itunes:duration>
      <pod:transcript url="https://cdn.example.net/1.srt" type="application/x-subrip"/>
      <pod:soundbite startTime="73.0" duration="60.0"/>
      <media:content url="https://cdn.example.net/1.mp4"/>
    </item>
  </channel>
</rss>
"""
NASTY = (
    *(
        "",
        " ",
        "-1",
        "0",
        "9" * 6000,
        "١٢",
        "1e999",
        "NaN",
        "http://[",
        "https://[::1]:99999/x",
        "//",
        "?v=",
        "%",
        "%zz",
    ),
    *(
        "../../../etc/passwd",
        "%2e%2e/%2e%2e/etc/passwd",
        "file:///etc/passwd",
        "C:\\x",
        "a" * 3000,
        f"{BASE}{'a' * 3000}",
    ),
    *(
        f"{BASE}%00",
        f"{BASE}.",
        f"{BASE}feed",
        f"{BASE}?v=00000000",
        "https://example.org:x/",
        "javascript:x",
        "\u202e",
        "😀",
    ),
    *(
        "Mon, 99 Jan 9999 99:99:99 +9999",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Mon, 01 Jan 0001 00:00:00 +2359",
        "00:00:00.000",
    ),
)


@pytest.fixture(scope="module")
def good_folder(build_text: Callable[[str], Outcome], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a good feed; nothing may be written into it."""
    return make_good(tmp_path_factory.mktemp("robust"), build_text)


@pytest.fixture
def folder(good_folder: Path, tmp_path: Path) -> Path:
    """A copy of it, to be broken."""
    return Path(shutil.copytree(good_folder, tmp_path / "show"))


def lint(file: Path) -> tuple[Diagnostic, ...]:
    """Check a feed; all that is found can be shown, and stands in its file."""
    faults = lint_feed(file, NOW)
    for fault in faults:
        assert fault.render()
        assert fault.location.line >= 1
        assert fault.location.column >= 1
        assert fault.code.startswith("feed-")
    return faults


def test_a_good_feed_of_somebody_else_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "talk.xml").write_text(STRANGERS, encoding="utf-8")
    assert lint(tmp_path / "talk.xml") == ()


def test_hostile_titles_give_nothing_but_that_a_name_is_not_ascii(course_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(course_folder, tmp_path / "show"))
    feed = course(folder)
    episodes = tuple(replace(one, title=title) for one, title in zip(feed.episodes, HOSTILE, strict=False))
    for order in FeedOrder:
        for title in HOSTILE:
            hostile = replace(feed, title=title, description=f"{title}\n{title}", order=order, episodes=episodes)
            write_resources(folder, feed_resources(hostile, SPACED))
            assert {fault.code for fault in lint(folder / "feed.xml")} == {"feed-file-name"}
    write_resources(folder, feed_resources(feed, SPACED, pages=True))
    assert {fault.code for fault in lint(folder / "feed.xml")} == {"feed-file-name", "feed-file-missing"}


def test_relative_addresses_are_told_once(folder: Path) -> None:
    write_feed(folder, "")
    assert [fault.code for fault in lint(folder / "feed.xml")] == ["feed-relative"]


def test_a_home_network_is_told_once(folder: Path) -> None:
    write_feed(folder, "http://192.168.1.5:8000/")
    assert [fault.code for fault in lint(folder / "feed.xml")] == ["feed-local"]


def test_another_address_than_that_given_is_told(folder: Path) -> None:
    faults = lint_feed(folder / "feed.xml", NOW, base_url="https://example.org/elsewhere/")
    assert {fault.code for fault in faults} == {"feed-self-link", "feed-elsewhere"}


def test_other_art_of_the_right_kind_is_good(folder: Path) -> None:
    (folder / "feed/cover.jpg").write_bytes(jpeg(3000, 3000))
    assert [fault.code for fault in lint(folder / "feed.xml")] == ["feed-changed"]


def test_a_feed_without_record_is_compared_with_its_files_all_the_same(folder: Path) -> None:
    (folder / "feed/.written.json").unlink()
    (folder / "feed/kept.json").unlink()
    assert lint(folder / "feed.xml") == ()


def test_billion_laughs_are_one_finding(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{entities}]><rss version="2.0"><channel>&l11;</channel></rss>'
    (tmp_path / "feed.xml").write_text(text, encoding="utf-8")
    assert [fault.code for fault in lint(tmp_path / "feed.xml")] == ["feed-dtd"]


@pytest.mark.parametrize(
    "text", ["<rss>" * 200, "<rss version='2.0'><channel>" + "<a>" * 5000, "<" * 9999, "\ufeff\ufeff<rss/>"]
)
def test_deep_and_odd_files_are_one_finding(tmp_path: Path, text: str) -> None:
    (tmp_path / "feed.xml").write_text(text, encoding="utf-8")
    assert len(lint(tmp_path / "feed.xml")) == 1


def test_a_folder_a_missing_and_an_unreadable_file_are_one_finding(tmp_path: Path) -> None:
    for file in (tmp_path, tmp_path / "none.xml"):
        assert [fault.code for fault in lint(file)] == ["feed-unreadable"]


def test_a_file_out_of_the_folder_is_not_looked_at(folder: Path) -> None:
    (folder.parent / "secret.jpg").write_bytes(jpeg(10, 10))
    (folder / "feed/cover.jpg").unlink()
    (folder / "feed/cover.jpg").symlink_to(folder.parent / "secret.jpg")
    assert [fault.code for fault in lint(folder / "feed.xml")] == ["feed-outside"]


@pytest.mark.parametrize("seed", range(3))
def test_random_edits_never_give_a_traceback(folder: Path, seed: int) -> None:
    source = random.Random(seed)
    file = folder / "feed.xml"
    good = file.read_bytes()
    for _ in range(25):
        data = bytearray(good)
        for _ in range(source.randint(1, 3)):
            at = source.randrange(len(data))
            kind = source.randrange(5)
            if kind == 0:
                del data[at : at + source.randint(1, 40)]
            elif kind == 1:
                data[at : at + 1] = bytes([source.randrange(256)])
            elif kind == 2:
                data[at:at] = data[at : at + source.randint(1, 300)]
            elif kind == 3:
                data[at:at] = source.choice(
                    (b"<", b">", b"&", b'"', b"]]>", b"<!--", b"<![CDATA[", b"\xff", b"\0", b"9")
                )
            else:
                line = data.rfind(b"\n", 0, at) + 1
                del data[line : data.find(b"\n", line) + 1]
        file.write_bytes(data)
        lint(file)


def test_nasty_values_never_give_a_traceback(folder: Path) -> None:
    file = folder / "feed.xml"
    text = file.read_text(encoding="utf-8")
    first = text.index("<item>")
    second = text.index("<item>", first + 1)
    places = [
        one
        for one in re.finditer(r'="([^"]*)"|>([^<>]+)<', text)
        if one.start() < second and (one[1] or one[2] or "").strip()
    ]
    source = random.Random(1)
    for one in places:
        group = 1 if one[1] is not None else 2
        for value in source.sample(NASTY, 2):
            file.write_text(text[: one.start(group)] + value + text[one.end(group) :], encoding="utf-8")
            lint(file)


@pytest.mark.parametrize("ending", [".chapters.json", ".json", ".srt", ".vtt", ".jpg"])
def test_damaged_files_beside_the_feed_never_give_a_traceback(folder: Path, ending: str) -> None:
    file, source = folder / f"feed/week 1/day 1{ending}", random.Random(ending)
    good = file.read_bytes()
    for _ in range(25):
        data = bytearray(good)
        at = source.randrange(min(len(data), 4000))
        data[at : at + source.randint(0, 30)] = source.choice(
            (b"", b"[", b"{", b"9" * 6000, b"1e999", b"null", b"\xff", b'"', b"-->")
        )
        file.write_bytes(data)
        lint(folder / "feed.xml")


def test_damaged_sessions_never_give_a_traceback(folder: Path) -> None:
    file, source = folder / "week 1/day 1.mp3", random.Random(5)
    good = file.read_bytes()
    for _ in range(25):
        data = bytearray(good)
        at = source.choice((source.randrange(200), source.randrange(len(data) // 20), source.randrange(len(data))))
        if source.random() < 0.3:
            del data[at:]
        else:
            data[at : at + source.randint(1, 20)] = source.randbytes(source.randint(0, 20))
        file.write_bytes(data)
        codes = {fault.code for fault in lint(folder / "feed.xml")}
        assert codes & {"feed-broken-file", "feed-stale", "feed-length", "feed-odd-file"} or bytes(data) == good
