"""A good feed, and what can go wrong with one: each case changes one thing in a folder."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from voicecoach.model.session import Outcome
from voicecoach.publish.feed import feed_resources
from voicecoach.publish.feed.folder import read_folder
from voicecoach.publish.feed.session_files import SessionFiles
from voicecoach.publish.writer import write_resources

BASE = "https://example.org/show/"
NOW = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)

ROUTINE = """\
title: {title}
author: Dr. Kim
description: For hips & knees.
steps:
  - own-sit: {{name: Wall sit, hold: {hold}s, set up: Sit., equipment: [chair], safety: Not with a sore knee.}}
  - hip-bridge: 2 reps
"""
SESSIONS = {
    "week 1/day 1": ("Hips and “knees” & more", 12),
    "week 1/day 2": ("Hips again", 14),
    "week 2/day 1": ("Hips last", 16),
}
SETTINGS = """\
title: Hips & knees
description: Stretch every day.
author: Kim Müller
owner: {name: Kim, email: kim@example.org}
every: 2 days
"""


def make_good(folder: Path, build_text: Callable[[str], Outcome]) -> Path:
    """Make a folder of three sessions, with its feed."""
    for name, (title, hold) in SESSIONS.items():
        outcome = build_text(ROUTINE.format(title=title, hold=hold))
        assert outcome.session is not None, [fault.render() for fault in outcome.faults]
        target = folder / f"{name}.mp3"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(outcome.session.path, target)
    (folder / "feed.yaml").write_text(SETTINGS, encoding="utf-8")
    write_feed(folder, BASE)
    return folder


def write_feed(folder: Path, base: str) -> None:
    """Do what `voicecoach feed` does."""
    read = read_folder(folder, NOW, SessionFiles(), address=base)
    assert read.feed is not None, [fault.render() for fault in read.faults]
    write_resources(folder, (read.kept.resource(), *feed_resources(read.feed, base)))


Change = Callable[[Path], None]


@dataclass(frozen=True)
class Case:
    """One thing that is wrong.

    Attributes
    ----------
    name
        For people.
    change
        Makes it so in a folder.
    code
        Of the one fault that is to be found.
    at
        What the line holds that it stands in; empty: the file has no lines to show.
    file
        In which file, relative to the folder.
    also
        Codes that come with it, behind or before it in the same place.
    """

    name: str
    change: Change
    code: str
    at: str
    file: str = "feed.xml"
    also: tuple[str, ...] = ()


def swap(old: str, new: str, *, file: str = "feed.xml", nth: int = 1) -> Change:
    """Put a text into the place of the nth of another."""

    def change(folder: Path) -> None:
        path = folder / file
        parts = path.read_text(encoding="utf-8").split(old)
        assert len(parts) > nth, f"{old!r} does not stand {nth} times in {file}"
        path.write_text(old.join(parts[:nth]) + new + old.join(parts[nth:]), encoding="utf-8")

    return change


def match(pattern: str, new: str, *, file: str = "feed.xml", nth: int = 1) -> Change:
    """Put a text into the place of the nth match of a pattern; ``\\1`` as in `re.sub`."""

    def change(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        found = list(re.finditer(pattern, text, re.DOTALL))
        assert len(found) >= nth, f"{pattern!r} does not stand {nth} times in {file}"
        one = found[nth - 1]
        path.write_text(text[: one.start()] + one.expand(new) + text[one.end() :], encoding="utf-8")

    return change


def both(*changes: Change) -> Change:
    """Do one after the other."""

    def change(folder: Path) -> None:
        for one in changes:
            one(folder)

    return change


def gone(file: str) -> Change:
    """Remove a file."""
    return lambda folder: (folder / file).unlink()


def filled(file: str, data: bytes | str) -> Change:
    """Give a file another content."""
    raw = data.encode() if isinstance(data, str) else data
    return lambda folder: (folder / file).write_bytes(raw) and None


def bytes_of(file: str, edit: Callable[[bytes], bytes]) -> Change:
    """Change the bytes of a file."""

    def change(folder: Path) -> None:
        path = folder / file
        path.write_bytes(edit(path.read_bytes()))

    return change


def png(width: int, height: int, colour: int = 2) -> bytes:
    """The parts of a PNG that tell what it is."""
    head = struct.pack(">II5B", width, height, 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + head + b"\0\0\0\0" + b"\0\0\0\0IEND\xaeB`\x82"


def jpeg(width: int, height: int, parts: int = 3) -> bytes:
    """The parts of a JPEG that tell what it is."""
    frame = struct.pack(">BBHBHHB", 0xFF, 0xC0, 8 + 3 * parts, 8, height, width, parts) + b"\1\x11\0" * parts
    return b"\xff\xd8" + frame + b"\xff\xd9"


def _flip(data: bytes) -> bytes:
    at = len(data) - 2000
    return data[:at] + bytes(byte ^ 0x55 for byte in data[at : at + 200]) + data[at + 200 :]


D1, D2 = "week%201/day%201", "week%201/day%202"
F1, F2 = "feed/week 1/day 1", "feed/week 1/day 2"

XML = (
    Case("cut off", bytes_of("feed.xml", lambda data: data[: len(data) * 2 // 3]), "feed-xml", ""),
    Case("bare ampersand", swap("Hips again</title>", "Hips & again</title>"), "feed-xml", "Hips & again"),
    Case("unclosed tag", swap("<title>Hips again</title>", "<title>Hips again"), "feed-xml", "</item>"),
    Case("wrong end tag", swap("Hips again</title>", "Hips again</titel>"), "feed-xml", "</titel>"),
    Case("HTML entity", swap("Hips again", "Hips&nbsp;again"), "feed-xml", "&nbsp;"),
    Case("control character", swap("Hips again", "Hips\x08again"), "feed-xml", "<title>Hips"),
    Case("unquoted attribute", swap('version="2.0"', "version=2.0"), "feed-xml", "<rss"),
    Case("blank line before the declaration", swap("<?xml", "\n<?xml"), "feed-xml", "<?xml"),
    Case("two roots", swap("</rss>", "</rss><rss/>"), "feed-xml", "</rss>"),
    Case("no rss", match(r"<rss.*</rss>", "<html><body/></html>"), "feed-not-rss", "<html>"),
    Case("Atom", match(r"<rss.*</rss>", '<feed xmlns="http://www.w3.org/2005/Atom"/>'), "feed-not-rss", "<feed"),
    Case("RSS version", swap('version="2.0"', 'version="0.91"'), "feed-not-rss", "0.91"),
    Case("two channels", swap("</channel>", "</channel><channel/>"), "feed-not-rss", "</channel><channel/>"),
    Case("no channel", match("<channel>.*</channel>", ""), "feed-not-rss", "<rss"),
    Case("empty", filled("feed.xml", b""), "feed-not-rss", ""),
    Case("DTD", swap("<rss", "<!DOCTYPE rss [<!ENTITY a 'x'>]>\n<rss"), "feed-dtd", "<!DOCTYPE"),
    Case("Latin-1", bytes_of("feed.xml", lambda data: data.replace("ü".encode(), b"\xfc")), "feed-encoding", ""),
    Case("UTF-16", bytes_of("feed.xml", lambda data: data.decode().encode("utf-16")), "feed-encoding", ""),
    Case("binary", filled("feed.xml", b"ID3\x03\0\0\0"), "feed-encoding", ""),
    Case("declared encoding", swap('encoding="UTF-8"', 'encoding="ISO-8859-1"'), "feed-encoding", "ISO-8859-1"),
    Case("BOM", bytes_of("feed.xml", lambda data: b"\xef\xbb\xbf" + data), "feed-encoding", "<?xml"),
    Case("podcast namespace slash", swap("namespace/1.0", "namespace/1.0/"), "feed-namespace", "1.0/"),
    Case("podcast namespace http", swap("https://podcastindex", "http://podcastindex"), "feed-namespace", "<rss"),
    Case("podcast namespace case", swap("podcastindex.org", "PodcastIndex.org"), "feed-namespace", "<rss"),
    Case(
        "podcast namespace letter",
        swap("podcastindex.org/namespace", "podcastindex.org/namespaces"),
        "feed-namespace",
        "<rss",
    ),
    Case("itunes namespace case", swap("itunes.com/dtds", "itunes.com/DTDs"), "feed-namespace", "DTDs"),
    Case("itunes namespace https", swap("http://www.itunes", "https://www.itunes"), "feed-namespace", "<rss"),
    Case("atom namespace", swap("w3.org/2005/Atom", "w3.org/2005/atom"), "feed-namespace", "<rss"),
    Case("psc namespace", swap("podlove.org/simple-chapters", "podlove.org/simple-chapter"), "feed-namespace", "<rss"),
    Case("content namespace", swap("modules/content/", "modules/content"), "feed-namespace", "<rss"),
    Case("undeclared", match(r' xmlns:podcast="[^"]*"', ""), "feed-namespace", "<podcast:"),
    Case("unknown prefix", swap("<itunes:author>", "<itune:author>", nth=1), "feed-xml", "itune:author"),
)

CHANNEL = (
    Case("no title", swap("<title>Hips &amp; knees</title>", ""), "feed-missing", "<channel>"),
    Case("no description", match("<description>Stretch.*?</description>", ""), "feed-missing", "<channel>"),
    Case("no link", swap(f"<link>{BASE}feed.xml</link>", ""), "feed-missing", "<channel>"),
    Case("no language", swap("<language>en</language>", ""), "feed-missing", "<channel>"),
    Case("no category", match("<itunes:category.*</itunes:category>", ""), "feed-missing", "<channel>"),
    Case("no explicit", swap("<itunes:explicit>false</itunes:explicit>", ""), "feed-missing", "<channel>"),
    Case("no image", match("<itunes:image[^>]*>", ""), "feed-missing", "<channel>"),
    Case("no guid", match("<podcast:guid>.*</podcast:guid>", ""), "feed-missing", "<channel>"),
    Case("no locked", match("<podcast:locked.*</podcast:locked>", ""), "feed-missing", "<channel>"),
    Case("no author", match("<itunes:author>.*?</itunes:author>", ""), "feed-missing", "<channel>"),
    Case("no self link", match("<atom:link[^>]*>", ""), "feed-self-link", "<channel>"),
    Case("no items", match("<item>.*</item>", ""), "feed-missing", "<channel>"),
    Case("self of another", swap('show/feed.xml" rel', 'other/feed.xml" rel'), "feed-self-link", "other/feed.xml"),
    Case("self of another file", swap('show/feed.xml" rel', 'show/rss.xml" rel'), "feed-self-link", "rss.xml"),
    Case(
        "self of http",
        swap('href="https://example.org/show/feed', 'href="http://example.org/show/feed'),
        "feed-self-link",
        'href="http:',
    ),
    Case("rel of self", swap('rel="self"', 'rel="alternate"'), "feed-self-link", "alternate"),
    Case("type of self", swap("application/rss+xml", "text/html"), "feed-self-link", "text/html"),
    Case("no type of self", swap(' type="application/rss+xml"', ""), "feed-self-link", "<atom:link"),
    Case("language with underscore", swap("<language>en<", "<language>en_US<"), "feed-language", "en_US"),
    Case("language as a word", swap("<language>en<", "<language>English (US)<"), "feed-language", "English"),
    Case("category capitals", swap('"Health &amp; Fitness"', '"Health &amp; fitness"'), "feed-category", "fitness"),
    Case("category 'and'", swap('"Health &amp; Fitness"', '"Health and Fitness"'), "feed-category", "and"),
    Case("category escaped twice", swap('"Health &amp; F', '"Health &amp;amp; F'), "feed-category", "amp;amp;"),
    Case("subcategory", swap('"Fitness"', '"Fitnes"'), "feed-category", "Fitnes"),
    Case("subcategory alone", swap('"Health &amp; Fitness"', '"Fitness"'), "feed-category", '"Fitness"'),
    Case("subcategory of another", swap('"Fitness"', '"Books"'), "feed-category", "Books"),
    Case("explicit no", swap("<itunes:explicit>false", "<itunes:explicit>no"), "feed-explicit", "no<"),
    Case("explicit clean", swap("<itunes:explicit>false", "<itunes:explicit>clean", nth=2), "feed-explicit", "clean"),
    Case("explicit capitals", swap("<itunes:explicit>false", "<itunes:explicit>False"), "feed-explicit", "False"),
    Case(
        "guid of version 4",
        match("<podcast:guid>.*?<", "<podcast:guid>7b8b8a3e-6f1f-4a58-9a43-31a6e3a7ab6b<"),
        "feed-podcast-guid",
        "7b8b",
    ),
    Case("guid no UUID", match("<podcast:guid>.*?<", "<podcast:guid>hips-and-knees<"), "feed-podcast-guid", "hips-and"),
    Case(
        "another guid",
        match("<podcast:guid>.*?<", "<podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c<"),
        "feed-podcast-guid",
        "9b02",
    ),
    Case("empty guid", match("<podcast:guid>.*?<", "<podcast:guid><"), "feed-empty", "<podcast:guid>"),
    Case("locked true", swap(">yes</podcast:locked>", ">true</podcast:locked>"), "feed-locked", "true"),
    Case("locked owner", swap('owner="kim@example.org"', 'owner="kim at example.org"'), "feed-email", "kim at"),
    Case("type", swap("<itunes:type>serial", "<itunes:type>series"), "feed-type", "series"),
    Case("type capitals", swap("<itunes:type>serial", "<itunes:type>Serial"), "feed-capitals", "Serial"),
    Case("medium", swap("<podcast:medium>course", "<podcast:medium>training"), "feed-medium", "training"),
    Case("mail", swap("kim@example.org</itunes:email>", "kim.example.org</itunes:email>"), "feed-email", "kim.ex"),
    Case("frequency", swap("FREQ=DAILY", "FREQ=DAYLY"), "feed-frequency", "DAYLY"),
    Case("frequency with RRULE", swap("FREQ=DAILY", "RRULE:FREQ=DAILY"), "feed-frequency", "RRULE:"),
    Case("frequency interval", swap("INTERVAL=2", "INTERVAL=0"), "feed-frequency", "INTERVAL=0"),
    Case("two titles", swap("<language>", "<title>Again</title><language>"), "feed-twice", "Again"),
    Case("two self links", match("(<atom:link[^>]*>)", r"\1\n\1"), "feed-twice", "<atom:link"),
    Case(
        "two explicit",
        swap("<itunes:type>", "<itunes:explicit>true</itunes:explicit><itunes:type>"),
        "feed-twice",
        "true",
    ),
    Case("empty title", swap("<title>Hips &amp; knees</title>", "<title/>"), "feed-empty", "<title/>"),
    Case("empty description", match("<description>Stretch.*?<", "<description> <"), "feed-empty", "<description>"),
    Case("space", swap("<language>en<", "<language> en <"), "feed-space", "<language>"),
    Case(
        "misspelt element",
        match("itunes:explicit>false</itunes:explicit", "itunes:explizit>false</itunes:explizit"),
        "feed-unknown-element",
        "explizit",
    ),
    Case(
        "misspelt category",
        match('<itunes:category text="H(.*?)</itunes:category>', r'<itunes:catagory text="H\1</itunes:catagory>'),
        "feed-unknown-element",
        "catagory",
    ),
    Case(
        "unknown element",
        swap("<itunes:type>", "<itunes:mood>calm</itunes:mood><itunes:type>"),
        "feed-unknown-element",
        "mood",
    ),
    Case(
        "wrong prefix",
        match("itunes:type>serial</itunes:type", "podcast:type>serial</podcast:type"),
        "feed-unknown-element",
        "podcast:type",
    ),
    Case(
        "image as text",
        match('<itunes:image href="(.*?)"/>', r"<itunes:image>\1</itunes:image>"),
        "feed-attribute",
        "<itunes:image>",
    ),
    Case("image relative", swap(f'href="{BASE}feed/cover', 'href="feed/cover'), "feed-url", "feed/cover"),
    Case(
        "image of ftp",
        swap('href="https://example.org/show/feed/cover', 'href="ftp://example.org/show/feed/cover'),
        "feed-url",
        "ftp:",
    ),
    Case("no show art", gone("feed/cover.jpg"), "feed-file-missing", "itunes:image"),
    Case("small art", filled("feed/cover.jpg", jpeg(600, 600)), "feed-art", "cover.jpg"),
    Case("large art", filled("feed/cover.jpg", jpeg(4000, 4000)), "feed-art", "cover.jpg"),
    Case("art not square", filled("feed/cover.jpg", jpeg(1400, 1600)), "feed-art", "cover.jpg"),
    Case("grey art", filled("feed/cover.jpg", jpeg(1400, 1400, 1)), "feed-art", "cover.jpg"),
    Case("CMYK art", filled("feed/cover.jpg", jpeg(1400, 1400, 4)), "feed-art", "cover.jpg"),
    Case("PNG named JPEG", filled("feed/cover.jpg", png(1400, 1400)), "feed-art", "cover.jpg"),
    Case("art no picture", filled("feed/cover.jpg", "<svg/>"), "feed-art", "cover.jpg"),
    Case("art cut off", bytes_of("feed/cover.jpg", lambda data: data[: len(data) // 2]), "feed-art", "cover.jpg"),
    Case(
        "art as GIF",
        both(
            swap("cover.jpg?", "cover.gif?"),
            lambda folder: shutil.copyfile(folder / "feed/cover.jpg", folder / "feed/cover.gif") and None,
        ),
        "feed-art",
        "cover.gif",
    ),
    Case(
        "build date in the future",
        match("<lastBuildDate>.*?<", "<lastBuildDate>Thu, 01 Jan 2105 06:00:00 +0000<"),
        "feed-future",
        "2105",
    ),
    Case(
        "complete no", swap("<itunes:type>", "<itunes:complete>no</itunes:complete><itunes:type>"), "feed-flag", "no<"
    ),
    Case(
        "channel description too long",
        match("<description>Stretch", "<description>" + "Stretch. " * 500),
        "feed-too-long",
        "Stretch. ",
    ),
)

ITEMS = (
    Case("no enclosure", match("<enclosure[^>]*>", ""), "feed-missing", "<item>"),
    Case("no item guid", match("<guid.*?</guid>", ""), "feed-missing", "<item>"),
    Case("no item title", swap("<title>Hips again</title>", ""), "feed-missing", "<item>"),
    Case("no pubDate", match("(<item>.*?)<pubDate>.*?</pubDate>", r"\1"), "feed-missing", "<item>"),
    Case("no duration", match("<itunes:duration>.*?</itunes:duration>", ""), "feed-missing", "<item>"),
    Case("no number", match("<itunes:episode>.*?</itunes:episode>", ""), "feed-missing", "<item>"),
    Case("two enclosures", match("(<enclosure[^>]*>)", r"\1\n\1"), "feed-twice", "<enclosure"),
    Case("two guids", match("(<guid.*?</guid>)", r"\1\1"), "feed-twice", "<guid"),
    Case("no length", match(' length="[0-9]+"', ""), "feed-attribute", "<enclosure"),
    Case("lenght", swap(" length=", " lenght="), "feed-attribute", "lenght"),
    Case("no url", match('<enclosure url="[^"]*"', "<enclosure"), "feed-attribute", "<enclosure"),
    Case("no type", swap(' type="audio/mpeg"', ""), "feed-attribute", "<enclosure"),
    Case("length 0", match('length="[0-9]+"', 'length="0"'), "feed-length", 'length="0"'),
    Case("length -1", match('length="[0-9]+"', 'length="-1"'), "feed-length", 'length="-1"'),
    Case("length with a point", match('length="([0-9])', r'length="\1.'), "feed-length", "length="),
    Case("length in words", match('length="[0-9]+"', 'length="1 MB"'), "feed-length", "1 MB"),
    Case("length off by one", match('length="([0-9]+)"', r'length="1\1"'), "feed-length", 'length="1'),
    Case("type mp3", swap("audio/mpeg", "audio/mp3"), "feed-media-type", "audio/mp3"),
    Case("type text", swap("audio/mpeg", "text/html"), "feed-media-type", "text/html"),
    Case("type m4a", swap("audio/mpeg", "audio/x-m4a"), "feed-media-type", "x-m4a"),
    Case("url relative", swap(f'<enclosure url="{BASE}', '<enclosure url="'), "feed-url", "<enclosure"),
    Case(
        "url with a space",
        swap(f'<enclosure url="{BASE}{D1}', f'<enclosure url="{BASE}week 1/day%201'),
        "feed-url",
        "week 1",
    ),
    Case("url not ASCII", swap(f'<enclosure url="{BASE}{D1}', f'<enclosure url="{BASE}wéek'), "feed-url", "wéek"),
    Case("url of a file", swap('<enclosure url="https:/', '<enclosure url="file://'), "feed-url", "file:"),
    Case("url of http", swap('<enclosure url="https:', '<enclosure url="http:'), "feed-http", "http:"),
    Case(
        "url of another host",
        swap('<enclosure url="https://example.org', '<enclosure url="https://example.net'),
        "feed-elsewhere",
        "example.net",
    ),
    Case(
        "url of this machine",
        swap('<enclosure url="https://example.org', '<enclosure url="https://localhost:8000'),
        "feed-local",
        "localhost",
    ),
    Case(
        "url of no such file",
        swap(f'<enclosure url="{BASE}{D1}', f'<enclosure url="{BASE}{D1}0'),
        "feed-file-missing",
        "day%2010",
    ),
    Case(
        "url out of the folder",
        swap(f'<enclosure url="{BASE}{D1}', f'<enclosure url="{BASE}../{D1}'),
        "feed-outside",
        "../",
    ),
    Case(
        "url of a wrong percent",
        swap(f'<enclosure url="{BASE}{D1}', f'<enclosure url="{BASE}week%2'),
        "feed-url",
        "week%2",
    ),
    Case(
        "url of a second item",
        both(
            match(r'<enclosure url="[^"]*day%202.*?/>', "@@"),
            match('(<enclosure url="[^"]*day%201[^>]*/>)(.*?)@@', r"\1\2\1"),
        ),
        "feed-same-file",
        "day%201",
    ),
    Case(
        "stale version",
        match(r'(<enclosure url="[^"]*v=)[0-9a-f]{12}', r"\g<1>0123456789ab"),
        "feed-stale",
        "0123456789ab",
    ),
    Case("no version", match(r'(<enclosure url="[^"]*)\?v=[0-9a-f]{12}', r"\1"), "feed-stale", "<enclosure"),
    Case("no MP3", gone("week 1/day 1.mp3"), "feed-file-missing", "<enclosure"),
    Case(
        "MP3 cut off",
        bytes_of("week 1/day 1.mp3", lambda data: data[: len(data) - 5000]),
        "feed-broken-file",
        "<enclosure",
    ),
    Case("MP3 longer", bytes_of("week 1/day 1.mp3", lambda data: data + b"\0" * 100), "feed-length", "<enclosure"),
    Case("MP3 empty", filled("week 1/day 1.mp3", b""), "feed-broken-file", "<enclosure"),
    Case("MP3 a page", filled("week 1/day 1.mp3", "<html>404</html>"), "feed-broken-file", "<enclosure"),
    Case("MP3 a WAV", filled("week 1/day 1.mp3", b"RIFF\0\0\0\0WAVE" + b"\0" * 999), "feed-broken-file", "<enclosure"),
    Case("MP3 damaged", bytes_of("week 1/day 1.mp3", _flip), "feed-broken-file", "<enclosure"),
    Case(
        "MP3 built anew",
        lambda folder: shutil.copyfile(folder / "week 2/day 1.mp3", folder / "week 1/day 1.mp3") and None,
        "feed-length",
        "<enclosure",
    ),
    Case(
        "MP3 of v2.4",
        bytes_of("week 1/day 1.mp3", lambda data: data[:3] + b"\4" + data[4:]),
        "feed-odd-file",
        "<enclosure",
        also=("feed-stale",),
    ),
    Case("guid a permalink", swap('isPermaLink="false"', 'isPermaLink="true"'), "feed-guid", "true"),
    Case("guid without isPermaLink", swap(' isPermaLink="false"', ""), "feed-guid", "<guid>"),
    Case("guid misspelt attribute", swap("isPermaLink=", "isPermalink="), "feed-guid", "isPermalink"),
    Case("guid False", swap('isPermaLink="false"', 'isPermaLink="False"'), "feed-guid", "False"),
    Case("guid an address", match("(<guid[^>]*>).*?<", rf"\1{BASE}{D1}<"), "feed-guid", "<guid"),
    Case("guid with host", match("(<guid[^>]*>).*?<", r"\1example.org-day-1<"), "feed-guid", "<guid"),
    Case(
        "guid another", match("(<guid[^>]*>).*?<", r"\g<1>9b024349-ccf0-5f69-a609-6b82873eab3c<"), "feed-guid", "9b02"
    ),
    Case(
        "guid twice",
        both(match("<guid[^>]*>.*?</guid>", "@@"), match("@@(.*?)(<guid.*?</guid>)", r"\2\1\2")),
        "feed-guid",
        "<guid",
    ),
    Case("date weekday", match("(<item>.*?<pubDate>)...", r"\1Xyz"), "feed-date", "Xyz"),
    Case(
        "date wrong weekday",
        match("<pubDate>.*?<", "<pubDate>Mon, 31 Mar 2026 06:00:00 +0000<"),
        "feed-date",
        "Mon, 31",
    ),
    Case("date ISO", match("(<item>.*?<pubDate>).*?<", r"\g<1>2026-03-31T06:00:00Z<"), "feed-date", "2026-03-31"),
    Case("date German", match("(<item>.*?<pubDate>).*?<", r"\g<1>Di, 31 Mrz 2026 06:00:00 +0000<"), "feed-date", "Mrz"),
    Case(
        "date without zone",
        match("(<item>.*?<pubDate>).*?<", r"\g<1>Tue, 31 Mar 2026 06:00:00<"),
        "feed-date",
        "06:00:00<",
    ),
    Case(
        "date that is none",
        match("(<item>.*?<pubDate>).*?<", r"\g<1>31 Feb 2026 06:00:00 +0000<"),
        "feed-date",
        "31 Feb",
    ),
    Case(
        "date of two figures",
        match("(<item>.*?<pubDate>).*?<", r"\g<1>Tue, 31 Mar 26 06:00:00 +0000<"),
        "feed-date",
        "Mar 26",
    ),
    Case(
        "date in the future",
        match("(<item>.*?<pubDate>).*?<", r"\g<1>Thu, 01 Jan 2105 06:00:00 +0000<"),
        "feed-future",
        "2105",
    ),
    Case(
        "date out of order",
        match("(<item>.*?<pubDate>).*?<", r"\g<1>Wed, 31 Dec 2098 06:00:00 +0000<"),
        "feed-order",
        "2098",
    ),
    Case("duration off", match("<itunes:duration>[0-9]+<", "<itunes:duration>99<"), "feed-duration", ">99<"),
    Case("duration 0", match("<itunes:duration>[0-9]+<", "<itunes:duration>0<"), "feed-duration", ">0<"),
    Case(
        "duration with a point", match("<itunes:duration>([0-9]+)<", r"<itunes:duration>\1.5<"), "feed-duration", ".5<"
    ),
    Case("duration in ms", match("<itunes:duration>([0-9]+)<", r"<itunes:duration>\g<1>000<"), "feed-duration", "000<"),
    Case("duration in words", match("<itunes:duration>[0-9]+<", "<itunes:duration>1 min<"), "feed-duration", "1 min"),
    Case(
        "duration as a clock",
        match("<itunes:duration>([0-9]+)<", "<itunes:duration>00:99:00<"),
        "feed-duration",
        "99:00",
    ),
    Case("duration empty", match("<itunes:duration>[0-9]+<", "<itunes:duration><"), "feed-empty", "duration"),
    Case(
        "episode 0",
        both(swap("<itunes:episode>1<", "<itunes:episode>0<"), swap("<podcast:episode>1<", "<podcast:episode>0<")),
        "feed-number",
        "<itunes:episode>0",
    ),
    Case("episode in words", swap("<itunes:episode>1<", "<itunes:episode>one<"), "feed-number", "one"),
    Case("season 0", swap("<itunes:season>1<", "<itunes:season>0<"), "feed-number", "<itunes:season>0"),
    Case("seasons differ", match("(<podcast:season[^>]*>)1<", r"\g<1>3<"), "feed-number", "<podcast:season"),
    Case("episodes differ", swap("<podcast:episode>1<", "<podcast:episode>5<"), "feed-number", "<podcast:episode>5"),
    Case(
        "episode twice",
        both(swap("<itunes:episode>2<", "<itunes:episode>1<"), swap("<podcast:episode>2<", "<podcast:episode>1<")),
        "feed-same-number",
        "<itunes:episode>1",
    ),
    Case(
        "episode left out",
        both(swap("<itunes:episode>2<", "<itunes:episode>4<"), swap("<podcast:episode>2<", "<podcast:episode>4<")),
        "feed-number",
        "<itunes:episode>4",
    ),
    Case("episodeType", swap("<itunes:episodeType>full", "<itunes:episodeType>whole"), "feed-episode-type", "whole"),
    Case("item image missing", gone(f"{F1}.jpg"), "feed-file-missing", "itunes:image"),
    Case("item image small", filled(f"{F1}.jpg", jpeg(300, 300)), "feed-art", "day%201.jpg"),
    Case(
        "item description too long",
        match("(<item>.*?<description>)", rf"\1{'Hips. ' * 800}"),
        "feed-too-long",
        "Hips. ",
    ),
    Case(
        "script in the notes",
        swap("<content:encoded>", "<content:encoded>&lt;script&gt;alert(1)&lt;/script&gt;"),
        "feed-html",
        "script",
    ),
    Case("handler in the notes", swap("&lt;p&gt;", '&lt;p onclick="x()"&gt;'), "feed-html", "onclick"),
    Case(
        "javascript in the notes",
        swap("<content:encoded>", "<content:encoded>&lt;a href='javascript:x'&gt;x&lt;/a&gt;"),
        "feed-html",
        "javascript",
    ),
    Case("unclosed in the notes", swap("&lt;/strong&gt;", ""), "feed-html", "<content:encoded>"),
    Case("unclosed list", match("&lt;/ul&gt;(.*?</content:encoded>)", r"\1"), "feed-html", "<content:encoded>"),
    Case("HTML unescaped", match("(<item>.*?<description>)", r"\1<p>Hips</p>"), "feed-markup", "<p>"),
    Case("title too long", swap("Hips again", "Hips again " * 30 + "!"), "feed-too-long", "Hips again Hips"),
    Case(
        "enclosure in the channel", match(r"(<item>)(.*?)(<enclosure[^>]*>)", r"\3\1\2"), "feed-misplaced", "<enclosure"
    ),
    Case("category in an item", swap("<item>", '<item><itunes:category text="Arts"/>'), "feed-misplaced", "Arts"),
    Case(
        "pubdate",
        match("(<item>.*?)<pubDate>(.*?)</pubDate>", r"\1<pubdate>\2</pubdate>"),
        "feed-unknown-element",
        "<pubdate>",
    ),
    Case("text between", swap("<item>", "<item>oops"), "feed-stray-text", "oops"),
    Case("a tag lost", swap("<itunes:episodeType>full</itunes:episodeType>", "full"), "feed-stray-text", "<item>"),
)

BESIDE = (
    Case("no chapters", match("<podcast:chapters[^>]*>", ""), "feed-chapters", "<item>"),
    Case("no psc", match("<psc:chapters.*?</psc:chapters>", ""), "feed-chapters", "<item>"),
    Case(
        "chapters without url",
        match('<podcast:chapters url="[^"]*"', "<podcast:chapters"),
        "feed-attribute",
        "<podcast:chapters",
    ),
    Case("chapters without type", swap(' type="application/json+chapters"', ""), "feed-attribute", "<podcast:chapters"),
    Case(
        "chapters as JSON", swap("application/json+chapters", "application/json"), "feed-chapters", "application/json"
    ),
    Case(
        "chapter",
        match("<podcast:chapters( [^>]*)>", r"<podcast:chapter\1>"),
        "feed-unknown-element",
        "<podcast:chapter ",
    ),
    Case("no chapters file", gone(f"{F1}.chapters.json"), "feed-file-missing", "<podcast:chapters"),
    Case(
        "chapters no JSON",
        swap("{", "{,", file=f"{F1}.chapters.json"),
        "feed-chapters-file",
        "{,",
        f"{F1}.chapters.json",
    ),
    Case(
        "chapters cut off",
        bytes_of(f"{F1}.chapters.json", lambda data: data[:-30]),
        "feed-chapters-file",
        "",
        f"{F1}.chapters.json",
    ),
    Case("chapters a list", filled(f"{F1}.chapters.json", "[]"), "feed-chapters-file", "[]", f"{F1}.chapters.json"),
    Case(
        "chapters empty",
        filled(f"{F1}.chapters.json", '{"version": "1.2.0", "chapters": []}'),
        "feed-chapters-file",
        "[]",
        f"{F1}.chapters.json",
    ),
    Case(
        "chapters version",
        swap('"version": "1.2.0"', '"version": 1.2', file=f"{F1}.chapters.json"),
        "feed-chapters-file",
        "",
        f"{F1}.chapters.json",
    ),
    Case(
        "chapter time as text",
        match(r'"startTime": ([0-9.]+)', r'"startTime": "\1"', nth=2, file=f"{F1}.chapters.json"),
        "feed-chapters-file",
        "",
        f"{F1}.chapters.json",
    ),
    Case(
        "chapter times descend",
        match(r'"startTime": [0-9.]+', '"startTime": 0', nth=2, file=f"{F1}.chapters.json"),
        "feed-chapters-file",
        "",
        f"{F1}.chapters.json",
    ),
    Case(
        "first chapter late",
        match(r'"startTime": 0\b', '"startTime": 1', file=f"{F1}.chapters.json"),
        "feed-chapters-file",
        "",
        f"{F1}.chapters.json",
    ),
    Case(
        "chapter past the end",
        match(r'(.*)"startTime": [0-9.]+', r'\1"startTime": 9999', file=f"{F1}.chapters.json"),
        "feed-chapters-file",
        "",
        f"{F1}.chapters.json",
    ),
    Case(
        "chapter without title",
        match(r'"title": "Wall sit"', '"title": ""', file=f"{F1}.chapters.json"),
        "feed-chapters-file",
        "",
        f"{F1}.chapters.json",
    ),
    Case(
        "chapter of another time",
        match(r'"startTime": ([0-9]+)\.', r'"startTime": \1.9', nth=1, file=f"{F1}.chapters.json"),
        "feed-chapters-differ",
        "",
        f"{F1}.chapters.json",
    ),
    Case(
        "chapter of another title",
        swap("Wall sit", "Wall sat", file=f"{F1}.chapters.json"),
        "feed-chapters-differ",
        "",
        f"{F1}.chapters.json",
    ),
    Case("psc version", swap('<psc:chapters version="1.2"', '<psc:chapters version="3"'), "feed-psc", 'version="3"'),
    Case(
        "psc without version", swap('<psc:chapters version="1.2"', "<psc:chapters"), "feed-attribute", "<psc:chapters"
    ),
    Case("psc start", match('(<psc:chapter start=")[^"]*', r"\1soon", nth=2), "feed-psc", "soon"),
    Case(
        "psc start of seconds over 59",
        match('(<psc:chapter start=")[^"]*', r"\g<1>00:00:75.000", nth=2),
        "feed-psc",
        "00:00:75",
    ),
    Case("psc start with a comma", match('(<psc:chapter start="[^".]*)[.]', r"\1,", nth=2), "feed-psc", ","),
    Case("psc descends", match('(<psc:chapter start=")[^"]*', r"\g<1>00:00:00.000", nth=2), "feed-psc", "00:00:00.000"),
    Case(
        "psc moved",
        match('(<psc:chapter start="00:00:)[0-9]{2}', r"\g<1>09", nth=2),
        "feed-chapters-differ",
        "<psc:chapter",
    ),
    Case("psc left out", match("<psc:chapter [^>]*/>", "", nth=2), "feed-chapters-differ", "<psc:chapters"),
    Case("psc title", match('(<psc:chapter [^>]*title=")Wall sit', r"\1Wall sat"), "feed-chapters-differ", "Wall sat"),
    Case(
        "psc late",
        match('(<psc:chapter start=")[^"]*("[^>]*>\\s*</psc)', r"\g<1>09:00:00.000\2"),
        "feed-psc",
        "09:00:00",
    ),
    Case("transcript without type", swap(' type="text/vtt"', ""), "feed-attribute", "<podcast:transcript"),
    Case(
        "transcript without url",
        match('<podcast:transcript url="[^"]*"', "<podcast:transcript"),
        "feed-attribute",
        "<podcast:transcript",
    ),
    Case("transcript type", swap("text/vtt", "text/webvtt"), "feed-transcript", "text/webvtt"),
    Case("transcript types swapped", swap("application/x-subrip", "text/vtt"), "feed-transcript", ".srt"),
    Case(
        "VTT first",
        match("(<podcast:transcript[^>]*json[^>]*>)(.*?)(<podcast:transcript[^>]*vtt[^>]*>)", r"\3\2\1"),
        "feed-transcript-order",
        "<podcast:transcript",
    ),
    Case("no VTT", match("<podcast:transcript [^>]*vtt[^>]*>", ""), "feed-transcript", "<item>"),
    Case("no SRT", match("<podcast:transcript [^>]*srt[^>]*>", ""), "feed-transcript", "<item>"),
    Case("transcript language", swap('language="en"', 'language="en_GB"'), "feed-language", "en_GB"),
    Case("no VTT file", gone(f"{F1}.vtt"), "feed-file-missing", ".vtt"),
    Case("no SRT file", gone(f"{F1}.srt"), "feed-file-missing", ".srt"),
    Case("no JSON file", gone(f"{F1}.json"), "feed-file-missing", ".json"),
    Case(
        "VTT without head", swap("WEBVTT", "WEB VTT", file=f"{F1}.vtt"), "feed-transcript-file", "WEB VTT", f"{F1}.vtt"
    ),
    Case("VTT empty", filled(f"{F1}.vtt", "WEBVTT\n"), "feed-transcript-file", "WEBVTT", f"{F1}.vtt"),
    Case(
        "VTT with commas",
        match(r"([0-9]{2})\.([0-9]{3} -->)", r"\1,\2", file=f"{F1}.vtt"),
        "feed-transcript-file",
        ",",
        f"{F1}.vtt",
    ),
    Case(
        "VTT past the end",
        match(r"(.*--> )00:00", r"\g<1>02:00", file=f"{F1}.vtt"),
        "feed-transcript-file",
        "02:00",
        f"{F1}.vtt",
    ),
    Case(
        "VTT backwards",
        match(r"(--> )00:00:[0-9]{2}", r"\g<1>00:00:00", nth=3, file=f"{F1}.vtt"),
        "feed-transcript-file",
        "00:00:00",
        f"{F1}.vtt",
    ),
    Case(
        "VTT moved",
        match(r"00:00:([0-9]{2}\.)([0-9])", r"00:00:\g<1>9", nth=4, file=f"{F1}.vtt"),
        "feed-transcript-file",
        "-->",
        f"{F1}.vtt",
    ),
    Case(
        "VTT of another",
        lambda folder: shutil.copyfile(folder / f"{F2}.vtt", folder / f"{F1}.vtt") and None,
        "feed-transcript-file",
        "-->",
        f"{F1}.vtt",
    ),
    Case(
        "VTT Latin-1", bytes_of(f"{F1}.vtt", lambda data: data + "ü".encode("latin-1")), "feed-transcript-file", ".vtt"
    ),
    Case(
        "SRT is VTT",
        lambda folder: shutil.copyfile(folder / f"{F1}.vtt", folder / f"{F1}.srt") and None,
        "feed-transcript-file",
        "WEBVTT",
        f"{F1}.srt",
    ),
    Case(
        "SRT with points",
        match(r"([0-9]{2}),([0-9]{3} -->)", r"\1.\2", file=f"{F1}.srt"),
        "feed-transcript-file",
        "-->",
        f"{F1}.srt",
    ),
    Case(
        "SRT with a speaker",
        swap("Wall sit", "Now: sit", file=f"{F1}.srt"),
        "feed-transcript-file",
        "Now: sit",
        f"{F1}.srt",
    ),
    Case(
        "SRT cut off",
        bytes_of(f"{F1}.srt", lambda data: data[: len(data) // 2]),
        "feed-transcript-file",
        "",
        f"{F1}.srt",
    ),
    Case("JSON transcript a list", filled(f"{F1}.json", "[]"), "feed-transcript-file", "[]", f"{F1}.json"),
    Case(
        "JSON transcript without body",
        swap('"body"', '"text"', file=f"{F1}.json"),
        "feed-transcript-file",
        "",
        f"{F1}.json",
    ),
    Case(
        "JSON transcript damaged",
        swap('"segments"', '"segments', file=f"{F1}.json"),
        "feed-transcript-file",
        "",
        f"{F1}.json",
    ),
)


def _tagless(folder: Path) -> None:
    """Take the chapters out of a session's tag, as a tag editor does, and write the feed for it."""
    from mutagen.id3 import ID3

    path = folder / "week 1/day 1.mp3"
    tag = ID3(path)
    tag.delall("CHAP")
    tag.delall("CTOC")
    tag.save(path, v1=0, v2_version=3)
    write_feed(folder, BASE)


ITEM_1, ITEM_2 = "(<enclosure [^>]*day%201.mp3[^>]*/>)", "(<enclosure [^>]*day%202.mp3[^>]*/>)"
ANOTHERS = (
    Case(
        "prefix in capitals",
        swap("itunes:type>serial</itunes:type", "iTunes:type>serial</iTunes:type"),
        "feed-namespace",
        "iTunes:type",
    ),
    Case("no type of a course", swap("<itunes:type>serial</itunes:type>", ""), "feed-type", "course"),
    Case("no rule", swap(' rrule="FREQ=DAILY;INTERVAL=2"', ""), "feed-frequency", "updateFrequency"),
    Case(
        "psc without start", match('(<psc:chapter) start="[^"]*"', r"\1", nth=2), "feed-attribute", "<psc:chapter title"
    ),
    Case("no cover listed", match("(<item>.*?)<itunes:image[^>]*>", r"\1"), "feed-missing", "<item>"),
    Case("link to no page", swap(f"<link>{BASE}feed.xml", f"<link>{BASE}index.html"), "feed-file-missing", "<link>"),
    Case(
        "enclosures swapped",
        match(f"{ITEM_1}(.*?){ITEM_2}", r"\3\2\1"),
        "feed-of-another",
        "day%202.mp3",
        also=("feed-of-another",),
    ),
    Case(
        "chapters of another",
        match('(<podcast:chapters url="[^"]*)day%201', r"\1day%202"),
        "feed-of-another",
        "chapters",
    ),
    Case(
        "transcript of another",
        match('(<podcast:transcript url="[^"]*)day%201([^"]*vtt)', r"\1day%202\2"),
        "feed-of-another",
        "vtt",
    ),
    Case(
        "cover of another listed",
        match('(<itunes:image href="[^"]*)day%201', r"\1day%202"),
        "feed-of-another",
        "itunes:image",
    ),
    Case("transcript in another language", swap('language="en"', 'language="de"'), "feed-language", 'language="de"'),
    Case("rel of a transcript", swap('rel="captions"', 'rel="subtitles"'), "feed-transcript", "subtitles"),
    Case("itunes:season left out", match("<itunes:season>.*?</itunes:season>", ""), "feed-number", "<podcast:season"),
    Case("HTML in a title", swap("<title>Hips again", "<title>&lt;b&gt;Hips&lt;/b&gt; again"), "feed-html", "<title>"),
    Case("title escaped twice", swap("knees” &amp; more", "knees” &amp;amp; more"), "feed-html", "&amp;amp;"),
    Case("image without title", match("(<image>.*?)<title>.*?</title>", r"\1"), "feed-missing", "<image>"),
    Case("no chapters in the tag", _tagless, "feed-odd-file", "<enclosure"),
    Case("no playlist", gone("sessions.m3u"), "feed-changed", "", "sessions.m3u"),
    Case("OPML of another", swap(BASE, "https://example.net/", file="feed.opml"), "feed-changed", "", "feed.opml"),
)
RECORD = (
    Case("item removed", match("<item>.*?</item>", ""), "feed-unlisted", "<channel>"),
    Case("caption of other words", swap("Wall sit", "Well sit", file=f"{F1}.vtt"), "feed-changed", "", f"{F1}.vtt"),
    Case(
        "cover of another",
        lambda folder: shutil.copyfile(folder / f"{F2}.jpg", folder / f"{F1}.jpg") and None,
        "feed-changed",
        "",
        f"{F1}.jpg",
    ),
    Case("item renamed", swap("<title>Hips again", "<title>Hips agein"), "feed-changed", ""),
    Case(
        "file of the first is the second's",
        match('(<enclosure url="[^"]*)day%201.mp3', r"\1day%202.mp3"),
        "feed-same-file",
        "day%202",
    ),
)

CASES = (*XML, *CHANNEL, *ITEMS, *BESIDE, *RECORD, *ANOTHERS)
