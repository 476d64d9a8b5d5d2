"""feed.yaml: what it reads as, and what is wrong with one: all at once, each at its place, with what to write."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from voicecoach.model.diagnostic import Diagnostic, Severity
from voicecoach.model.feed import FeedOrder
from voicecoach.publish.feed.address import read_address, read_email, read_link
from voicecoach.publish.feed.categories import CATEGORIES, read_category
from voicecoach.publish.feed.frequency import read_frequency
from voicecoach.publish.feed.settings import FeedSettings, SettingsRead, read_settings
from voicecoach.publish.page_words import page_words
from voicecoach.source.values import ValueFaultError

EVERYTHING = """\
title: Hips & knees
description: |
  For the hips.

  Every   morning.
author: Kim Lee
owner: {name: Kim, email: kim@example.org}
language: de-AT
category: health and fitness > mental health
link: https://example.org
address: HTTPS://Example.org/podcast/feed.xml
private: yes
explicit: no
order: course
every: 2 weeks
complete: on
copyright: © 2026 Kim Lee
future: true
guid: 9B024349-CCF0-5F69-A609-6B82873EAB3C
sessions:
  - morning
  - {session: evening, title: In the evening, season: 2, number: 3, date: 2026-03-31}
"""
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 10)}]\n" for a, b in pairwise("abcdefgh")
)


def settings_of(folder: Path, text: str | bytes) -> SettingsRead:
    (folder / "feed.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
    return read_settings(folder)


def faults_of(folder: Path, text: str | bytes) -> tuple[Diagnostic, ...]:
    return settings_of(folder, text).faults


def picture(width: int, height: int, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind)
    return out.getvalue()


def test_everything(tmp_path: Path) -> None:
    read = settings_of(tmp_path, EVERYTHING)
    assert [fault.render() for fault in read.faults] == []
    said = read.settings
    assert (said.title, said.author, said.language) == ("Hips & knees", "Kim Lee", "de-AT")
    assert said.description == "For the hips.\n\nEvery morning."
    assert (said.owner_name, said.owner_email) == ("Kim", "kim@example.org")
    assert (said.category, said.subcategory) == ("Health & Fitness", "Mental Health")
    assert (said.link, said.address) == ("https://example.org/", "https://example.org/podcast/")
    assert (said.private, said.explicit, said.complete, said.future) == (True, False, True, True)
    assert (said.order, said.copyright) == (FeedOrder.COURSE, "© 2026 Kim Lee")
    assert said.every is not None
    assert said.every.rule == "FREQ=WEEKLY;INTERVAL=2"
    assert said.guid == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    first, second = said.sessions
    assert (first.session, first.bare) == ("morning", True)
    assert (second.title, second.season, second.number, str(second.published)) == ("In the evening", 2, 3, "2026-03-31")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", None])
def test_nothing_said(tmp_path: Path, text: str | None) -> None:
    read = read_settings(tmp_path) if text is None else settings_of(tmp_path, text)
    assert (read.settings, read.faults, read.notes) == (FeedSettings(), (), ())


def test_yml_is_read_too_but_not_beside_yaml(tmp_path: Path) -> None:
    (tmp_path / "feed.yml").write_text("title: Other", encoding="utf-8")
    assert read_settings(tmp_path).settings.title == "Other"
    read = settings_of(tmp_path, "title: This")
    assert read.settings.title == "This"
    assert "feed.yml is not read" in read.notes[0]


def test_all_faults_at_once_with_place_and_hint(tmp_path: Path) -> None:
    text = """\
titel: Hips
owner: kim at example.org
category: Helth
every: 2
order: latest
language: german
guid: my-podcast
private: maybe
address: example.org
image: none.jpg
sessions:
  - {session: a, number: 0, date: 2026-02-30}
  - {title: b}
  - {session: c, date: 31.3.2026}
"""
    faults = faults_of(tmp_path, text)
    told = [(fault.location.line, fault.location.column, fault.code) for fault in faults]
    assert told == [
        (1, 1, "unknown-key"),
        (2, 8, "bad-email"),
        (3, 11, "bad-choice"),
        (4, 8, "bare-number"),
        (5, 8, "bad-choice"),
        (6, 11, "bad-language"),
        (7, 7, "bad-guid"),
        (8, 10, "bad-switch"),
        (9, 10, "bad-address"),
        (10, 8, "missing-file"),
        (12, 26, "bad-number"),
        (12, 35, "bad-date"),
        (13, 5, "missing-key"),
        (14, 24, "bad-date"),
    ]
    assert all(fault.hint for fault in faults)
    by_line = {fault.location.line: fault for fault in faults}
    assert by_line[1].hint == "did you mean 'title'?"
    assert by_line[3].hint == "did you mean 'Health & Fitness'?"
    assert by_line[4].hint == "write 2 days or 2 weeks"
    assert by_line[6].hint == "write 'de'"
    assert by_line[9].hint == "write https://example.org"
    assert by_line[2].render().splitlines()[1:3] == [
        "  2 | owner: kim at example.org",
        "    |        ^^^^^^^^^^^^^^^^^^",
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"\x89PNG\0\0", "binary"),
        (b"title: \xff\xfe", "not-utf8"),
        (b"# " + b"x" * 300_000, "too-large"),
        (BOMB, "too-large"),
        ("[" * 5000, "too-deep"),
        ("title: [", "yaml"),
        ("title: a\n---\ntitle: b", "yaml"),
        ("title: !!python/object:os.system x", "yaml-tag"),
        ("- title", "wrong-shape"),
        ("just words", "wrong-shape"),
        ("title: a\ntitle: b", "duplicate-key"),
        ("title:", "empty-value"),
        ('title: "  "', "empty-value"),
        ("title: {a: b}", "wrong-shape"),
        ("sessions:\n  -\n", "empty-value"),
    ],
)  # fmt: skip
def test_one_clear_line_for_what_is_no_settings_file(tmp_path: Path, text: str | bytes, code: str) -> None:
    faults = faults_of(tmp_path, text)
    assert [fault.code for fault in faults] == [code]
    assert "routine" not in faults[0].message or code == "yaml"


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "feed.yaml").mkdir()
    assert [fault.code for fault in read_settings(tmp_path).faults] == ["file-kind"]


def test_what_no_xml_may_hold_is_left_out(tmp_path: Path) -> None:
    read = settings_of(tmp_path, 'title: "a\\u0001 b\\e[31m\\ufffe"\ncopyright: "x\\ty"')
    assert read.faults == ()
    assert (read.settings.title, read.settings.copyright) == ("a b[31m", "x y")
    new_emoji = "\U0001fae9 \U0001f9d8 שלום"
    assert settings_of(tmp_path, f"title: {new_emoji}").settings.title == new_emoji, "whatever Python knows of it"


# Addresses


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/", "https://example.org/"),
        ("https://example.org//", "https://example.org/"),
        ("  http://Example.ORG:80/A/b///  ", "http://example.org/A/b/"),
        ("https://example.org:443", "https://example.org/"),
        ("https://example.org:8443/p", "https://example.org:8443/p/"),
        ("https://example.org/pod/feed.xml", "https://example.org/pod/"),
        ("https://example.org/feed.xml/", "https://example.org/feed.xml/"),
        ("https://münchen.example/hüfte", "https://xn--mnchen-3ya.example/h%C3%BCfte/"),
        ("https://example.org/a%20b/100%", "https://example.org/a%20b/100%25/"),
        ("https://example.org/a/../b/./c", "https://example.org/b/c/"),
        ("https://example.org/../../etc", "https://example.org/etc/"),
        ("http://192.168.1.5:8000", "http://192.168.1.5:8000/"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x/"),
        ("http://localhost:8000", "http://localhost:8000/"),
    ],
)
def test_addresses(written: str, read: str) -> None:
    assert read_address(written) == read
    assert read_address(read) == read or read.endswith("feed.xml/")


@pytest.mark.parametrize(
    "written",
    [
        *("", "example.org", "//example.org/x", "ftp://example.org", "file:///srv/x", "javascript:alert(1)"),
        *("https://", "https:///x", "https://kim:secret@example.org", "https://kim@example.org", "https://a b.org"),
        *("https://example.org/?a=1", "https://example.org/#top", "https://example.org/?", "https://exa mple.org/"),
        *("https://example.org:99999", "https://example.org:x", "https://-a.org", "https://a..b", "https://[::1"),
        *("https://300.1.1.1", "https://example.org/\\x", "https://example.org/<b>", "https://exam\x07ple.org"),
        *("https://" + "a" * 64 + ".org", "https://[v1.x]/", "https:example.org"),
    ],
)
def test_what_is_no_address(written: str) -> None:
    with pytest.raises(ValueFaultError) as caught:
        read_address(written)
    assert caught.value.code == "bad-address"
    assert caught.value.hint


def test_a_link_keeps_what_is_behind_its_path() -> None:
    assert read_link("https://example.org?a=ü&b=1#c d".replace(" ", "%20")) == "https://example.org/?a=%C3%BC&b=1#c%20d"
    assert read_link("https://example.org/feed.xml") == "https://example.org/feed.xml"


@pytest.mark.parametrize("written", ["kim@example.org", " kim.lee+pod@mail.example.co.uk ", "kim@münchen.example"])
def test_emails(written: str) -> None:
    assert read_email(written).isascii()


@pytest.mark.parametrize(
    "written",
    ["kim", "kim@", "@example.org", "kim@example", "a@b@c.org", ".kim@a.org", "k..m@a.org", "kim@a b.org"],
)  # fmt: skip
def test_what_is_no_email(written: str) -> None:
    with pytest.raises(ValueFaultError, match="not an e-mail"):
        read_email(written)


def test_owner_in_three_forms(tmp_path: Path) -> None:
    for text, name in (
        ("kim@example.org", None),
        ("Kim Lee <kim@example.org>", "Kim Lee"),
        ("{name: Kim Lee, email: kim@example.org}", "Kim Lee"),
    ):
        read = settings_of(tmp_path, f"owner: {text}")
        assert (read.faults, read.settings.owner_name, read.settings.owner_email) == ((), name, "kim@example.org")
    assert [fault.code for fault in faults_of(tmp_path, "owner: {name: Kim}")] == ["missing-key"]
    assert [fault.code for fault in faults_of(tmp_path, "owner: {email: x, nme: y}")] == ["bad-email", "unknown-key"]


# Categories and how often


def test_categories_are_apples() -> None:
    assert len(CATEGORIES) == 19
    assert sum(map(len, CATEGORIES.values())) == 91


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Health & Fitness > Fitness", ("Health & Fitness", "Fitness")),
        ("health and fitness>FITNESS", ("Health & Fitness", "Fitness")),
        ("Health &amp; Fitness", ("Health & Fitness", None)),
        ("fitness", ("Health & Fitness", "Fitness")),
        ("self improvement", ("Education", "Self-Improvement")),
        ("tv & film / tv reviews", ("TV & Film", "TV Reviews")),
        ("Health & Fitness › Alternative health", ("Health & Fitness", "Alternative Health")),
    ],
)
def test_categories_are_normalised(written: str, read: tuple[str, str | None]) -> None:
    assert read_category(written) == read


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("Heath & Fitness", "did you mean 'Health & Fitness'?"),
        ("Health & Fitness > Fitnes", "did you mean 'Fitness'?"),
        ("Health & Fitness > Golf", "one of Alternative Health, Fitness"),
        ("Government > Local", "write the first half alone"),
        ("xyzzy", "one of Arts, Business"),
        ("Sports > Golf > Mini", "write one of them"),
        ("> Fitness", "one of Arts"),
        ("", "one of Arts"),
    ],
)
def test_unknown_categories(written: str, hint: str) -> None:
    with pytest.raises(ValueFaultError) as caught:
        read_category(written)
    assert caught.value.code == "bad-choice"
    assert str(caught.value.hint).startswith(hint)


@pytest.mark.parametrize(
    ("written", "rule", "english", "german"),
    [
        ("day", "FREQ=DAILY", "Every day", "Jeden Tag"),
        ("daily", "FREQ=DAILY", "Every day", "Jeden Tag"),
        ("2 days", "FREQ=DAILY;INTERVAL=2", "Every 2 days", "Alle 2 Tage"),
        ("every other day", "FREQ=DAILY;INTERVAL=2", "Every 2 days", "Alle 2 Tage"),
        ("Every Week", "FREQ=WEEKLY", "Every week", "Jede Woche"),
        ("fortnightly", "FREQ=WEEKLY;INTERVAL=2", "Every 2 weeks", "Alle 2 Wochen"),
        ("month", "FREQ=MONTHLY", "Every month", "Jeden Monat"),
        ("thursdays and mon", "FREQ=WEEKLY;BYDAY=MO,TH", "Every Monday and Thursday", "Jeden Montag und Donnerstag"),
        ("mon, wed, fri", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "Every Monday, Wednesday and Friday",
         "Jeden Montag, Mittwoch und Freitag"),
        ("friday", "FREQ=WEEKLY;BYDAY=FR", "Every Friday", "Jeden Freitag"),
        ("weekdays and weekends", "FREQ=DAILY", "Every day", "Jeden Tag"),
    ],
)  # fmt: skip
def test_how_often(written: str, rule: str, english: str, german: str) -> None:
    often = read_frequency(written)
    assert often.rule == rule
    assert often.words(page_words("en")) == english
    assert often.words(page_words("de-at")) == german


@pytest.mark.parametrize(
    ("written", "code"),
    [("3", "bare-number"), ("0 days", "bad-number"), ("400 weeks", "bad-number"), ("99999999 days", "bad-number"),
     ("wek", "bad-choice"), ("sometimes", "bad-choice"), ("monday and noday", "bad-choice"), ("-1 day", "bad-choice"),
     ("and", "bad-choice"), ("", "bad-choice")],
)  # fmt: skip
def test_what_is_not_how_often(written: str, code: str) -> None:
    with pytest.raises(ValueFaultError) as caught:
        read_frequency(written)
    assert caught.value.code == code
    assert caught.value.hint


# The image


def test_images(tmp_path: Path) -> None:
    for name, kind in (("art.jpg", "JPEG"), ("art.png", "PNG"), ("art", "PNG")):
        (tmp_path / name).write_bytes(picture(1400, 1400, kind))
        read = settings_of(tmp_path, f"image: {name}")
        assert read.faults == ()
        assert read.settings.image == (tmp_path / name).read_bytes()


@pytest.mark.parametrize(
    ("data", "codes", "is_used"),
    [
        (picture(1600, 1400), [("image-size", Severity.WARNING)], True),
        (picture(600, 600), [("image-size", Severity.WARNING)], True),
        (picture(600, 300), [("image-size", Severity.WARNING)] * 2, True),
        (picture(3200, 3200), [], True),
        (b"GIF89a" + b"\0" * 50, [("file-kind", Severity.ERROR)], False),
        (b"", [("file-kind", Severity.ERROR)], False),
        (picture(1400, 1400)[:2000], [("unreadable-image", Severity.ERROR)], False),
        (picture(1400, 1400, "PNG")[:300], [("unreadable-image", Severity.ERROR)], False),
        (picture(1400, 1400, "WEBP"), [("file-kind", Severity.ERROR)], False),
    ],
    ids=["wide", "small", "small and wide", "large", "gif", "empty", "half jpeg", "half png", "webp"],
)
def test_odd_images(tmp_path: Path, data: bytes, codes: list[tuple[str, Severity]], is_used: bool) -> None:
    (tmp_path / "art.jpg").write_bytes(data)
    read = settings_of(tmp_path, "image: art.jpg")
    assert [(fault.code, fault.severity) for fault in read.faults] == codes
    assert (read.settings.image is not None) == is_used


def test_images_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "Cover.jpg").write_bytes(picture(1400, 1400))
    (tmp_path / "pictures").mkdir()
    told = {
        "covr.jpg": ("missing-file", "did you mean 'Cover.jpg'?"),
        "https://example.org/art.jpg": ("missing-file", "download it, and name the file"),
        "pictures": ("file-kind", "name a JPEG or PNG file in it"),
        "none.png": ("missing-file", "it is looked for beside feed.yaml; without the key, show art is drawn"),
    }
    for name, (code, hint) in told.items():
        (fault,) = faults_of(tmp_path, f"image: {name}")
        assert (fault.code, fault.hint) == (code, hint)
