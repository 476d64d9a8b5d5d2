"""voicecoach feed: what it writes, what it tells, and what it leaves alone."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.publish.session_variants import Variants
from voicecoach.model.diagnostic import Diagnostic, Severity
from voicecoach.model.location import Location
from voicecoach.model.session import Outcome

Cli = Callable[..., Any]
URL = "https://example.org/podcast"


@pytest.fixture(scope="module")
def variants(build_text: Callable[[str], Outcome]) -> Variants:
    return Variants(build_text)


@pytest.fixture
def folder(tmp_path: Path, variants: Variants) -> Path:
    """Two sessions, dated, by one author."""
    out = tmp_path / "my sessions"
    variants.write(out / "a b.mp3", "First & foremost", author="Kim Lee", date="2026-01-01", description="One.")
    variants.write(out / "c.mp3", "Second", author="Kim Lee", date="2026-01-02", description="Two.")
    return out


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def items(folder: Path) -> dict[str, str]:
    """The items of a feed as they are written, by title."""
    text = (folder / "feed.xml").read_text(encoding="utf-8")
    found = re.findall(r"<item>.*?</item>", text, re.DOTALL)
    return {re.findall(r"<title>(.*?)</title>", item)[0]: item for item in found}


def guid(folder: Path) -> str:
    root = ET.parse(folder / "feed.xml").getroot()
    return str(root.findtext("channel/{https://podcastindex.org/namespace/1.0}guid"))


def test_a_folder_becomes_a_podcast(cli: Cli, folder: Path) -> None:
    ran = cli("feed", folder, "--base-url", f"{URL}/feed.xml")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert re.fullmatch(r"Second +0:\d\d  \d\.\d MB  2026-01-02", lines[0])
    assert re.fullmatch(r"First & foremost  0:\d\d  \d\.\d MB  2026-01-01", lines[1])
    assert lines[2].startswith("Kim Lee: 2 sessions, ")
    assert lines[3:] == [f"feed       {folder / 'feed.xml'}", f"subscribe  {URL}/feed.xml, once the folder is there"]
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    sides = {
        f"feed/{name}{end}" for name in ("a b", "c") for end in (".jpg", ".chapters.json", ".json", ".srt", ".vtt")
    }
    own = {"a b.mp3", "c.mp3", "feed.xml", "feed.opml", "sessions.m3u"}
    assert there == own | sides | {"feed/cover.jpg", "feed/kept.json", "feed/.written.json"}
    root = ET.parse(folder / "feed.xml").getroot()
    urls = [str(one.get("url")) for one in root.iter("enclosure")]
    assert [url.partition("?v=")[0] for url in urls] == [f"{URL}/c.mp3", f"{URL}/a%20b.mp3"]
    assert [one.text for one in root.iter("guid")] == [
        str(uuid.uuid5(uuid.UUID(guid(folder)), n)) for n in ("c", "a b")
    ]


def test_a_second_run_changes_nothing(cli: Cli, folder: Path) -> None:
    assert cli("feed", folder).code == 0
    before = state(folder)
    for path in folder.glob("*.mp3"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    ran = cli("feed", folder)
    assert ran.code == 0
    assert "nothing new to write" in ran.out
    after = state(folder)
    assert {name: value for name, value in after.items() if not name.endswith(".mp3")} == {
        name: value for name, value in before.items() if not name.endswith(".mp3")
    }


def test_only_a_rebuilt_session_is_new(cli: Cli, folder: Path, variants: Variants) -> None:
    (folder / "feed.yaml").write_text("title: All of it\ndescription: Both.\n", encoding="utf-8")
    cli("feed", folder, "--base-url", URL)
    before, old = state(folder), items(folder)
    variants.write(folder / "c.mp3", "Second", author="Kim Lee", date="2026-01-02", description="Rebuilt.")
    cli("feed", folder, "--base-url", URL)
    after, new = state(folder), items(folder)
    changed = {name for name in after if after[name] != before[name]}
    assert changed - {"feed/.written.json", "feed/kept.json"} <= {"c.mp3", "feed.xml"} | {
        name for name in after if name.startswith("feed/c.")
    }
    assert {"c.mp3", "feed.xml"} <= changed
    assert new["First &amp; foremost"] == old["First &amp; foremost"]
    assert new["Second"] != old["Second"]
    without = [re.sub(r"<item>.*</item>", "", s["feed.xml"][0].decode(), flags=re.DOTALL) for s in (before, after)]
    assert without[0] == without[1]
    version = [re.findall(r"c\.mp3\?v=(\w+)", item["Second"]) for item in (old, new)]
    assert version[0] != version[1]


def test_sessions_come_and_go(cli: Cli, folder: Path, variants: Variants) -> None:
    cli("feed", folder)
    first, days = guid(folder), items(folder)
    (folder / "c.mp3").rename(folder / "c.away")
    variants.write(folder / "d.mp3", "Third", author="Kim Lee")
    ran = cli("feed", folder, "--base-url", URL)
    assert ran.code == 0
    assert "5 removed" in ran.out
    assert sorted(items(folder)) == ["First &amp; foremost", "Third"]
    assert not list((folder / "feed").glob("c.*"))
    (folder / "c.away").rename(folder / "c.mp3")
    cli("feed", folder, "--base-url", "none")
    assert guid(folder) == first
    assert items(folder)["Second"] == days["Second"]


def test_without_an_address_it_says_what_to_do(cli: Cli, folder: Path) -> None:
    out = cli("feed", folder).out
    assert f"voicecoach feed '{folder}' --base-url https://" in out
    assert f"voicecoach serve '{folder}'" in out
    (folder / "feed.yaml").write_text(f"address: {URL}", encoding="utf-8")
    assert f"subscribe  {URL}/feed.xml" in cli("feed", folder).out
    assert f'href="{URL}/feed.xml"' in (folder / "feed.xml").read_text(encoding="utf-8")


def test_numbers_of_a_course(cli: Cli, tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path / "out", "week 1/day 2", "week 1/day 10", "intro", date="2026-01-01")
    lines = cli("feed", tmp_path / "out").out.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["1", "1.1", "1.2"]


def test_damaged_sessions_leave_all_as_it_was(cli: Cli, folder: Path) -> None:
    cli("feed", folder)
    for path in folder.glob("*.mp3"):
        path.write_bytes(path.read_bytes()[:-1000])
    before = state(folder)
    ran = cli("feed", folder)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("error[damaged-session]") == 2
    assert "2 errors" in ran.err
    assert f"{folder / 'feed.xml'} stays as it was" in ran.err
    assert state(folder) == before


def test_faults_of_the_settings_are_shown_at_their_place(cli: Cli, folder: Path) -> None:
    (folder / "feed.yaml").write_text("titel: Hips\nsessions: [a b, d]\n", encoding="utf-8")
    ran = cli("feed", folder)
    assert (ran.code, ran.out) == (1, "")
    assert f"{folder / 'feed.yaml'}:1:1: error[unknown-key]" in ran.err
    assert f"{folder / 'feed.yaml'}:2:17: error[unknown-session]" in ran.err
    assert "did you mean 'title'?" in ran.err
    assert sorted(path.name for path in folder.iterdir()) == ["a b.mp3", "c.mp3", "feed.yaml"]


def test_json(cli: Cli, folder: Path) -> None:
    (folder / "song.mp3").write_bytes(bytes(100))
    ran = cli("feed", folder, "--base-url", URL, "--json")
    assert (ran.code, ran.err) == (0, "")
    told = json.loads(ran.out)
    assert told["feed"] == str(folder / "feed.xml")
    assert (told["url"], told["title"], told["order"]) == (f"{URL}/feed.xml", "Kim Lee", "newest")
    assert told["guid"] == guid(folder)
    assert [one["name"] for one in told["sessions"]] == ["c", "a b"]
    assert told["sessions"][0]["published"] == "2026-01-02T06:00:00Z"
    assert told["sessions"][0]["size_bytes"] == (folder / "c.mp3").stat().st_size
    assert (told["faults"], len(told["notes"])) == ([], 1)
    assert "feed.xml" in told["written"]
    (folder / "feed.yaml").write_text("titel: x", encoding="utf-8")
    ran = cli("feed", folder, "--json")
    assert ran.code == 1
    assert [fault["code"] for fault in json.loads(ran.out)["faults"]] == ["unknown-key"]


def test_sessions_of_the_future(cli: Cli, folder: Path, variants: Variants) -> None:
    day = (dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).date().isoformat()
    variants.write(folder / "later.mp3", "Later", author="Kim Lee", date=day)
    ran = cli("feed", folder)
    assert ran.code == 0
    assert f"note: 'later' is dated {day} and held back" in ran.err
    assert "Later" not in items(folder)
    cli("feed", folder, "--future")
    assert "Later" in items(folder)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none",), "there is no folder 'none'"),
        (("x.mp3",), "'x.mp3' is a file, not a folder"),
        ((".", "--base-url", "example.org"), "write https://example.org"),
        ((".", "--base-url", "https://example.org/?a"), "cannot be the address"),
        ((".", "--base-url", ""), "--base-url is empty"),
        ((".", "--base-url", "/srv/pod"), "it is a folder on this computer, and an address begins with https://"),
        ((".", "--base-url", "./pod"), "hint: write it as https://example.org/podcast"),
        ((".", "--base-url", r"C:\pod"), "it is a folder on this computer"),
        (("none", "--check"), "there is no folder and no file 'none'"),
        ((".", "--check"), "voicecoach feed . makes it"),
        ((), "Missing argument 'DIR'"),
    ],
)
def test_wrong_use(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.mp3").touch()
    ran = cli("feed", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["x.mp3"]


def test_no_session(cli: Cli, tmp_path: Path) -> None:
    ran = cli("feed", tmp_path)
    assert (ran.code, ran.out) == (1, "")
    assert "error[no-session]" in ran.err
    assert "hint: voicecoach build morning -o" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_strict(cli: Cli, folder: Path) -> None:
    from tests.publish.test_feed_settings import picture

    (folder / "art.png").write_bytes(picture(600, 600, "PNG"))
    (folder / "feed.yaml").write_text("image: art.png", encoding="utf-8")
    ran = cli("feed", folder, "--strict")
    assert ran.code == 1
    assert "warning[image-size]" in ran.err
    assert "with --strict, warnings stop it" in ran.err
    assert not (folder / "feed.xml").exists()
    ran = cli("feed", folder)
    assert ran.code == 0
    assert "warning[image-size]" in ran.err


def test_check_shows_what_the_linter_finds(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("feed", folder)
    asked: list[tuple[Path, str | None]] = []
    found: list[Diagnostic] = []

    def lint(file: Path, now: dt.datetime, *, base_url: str | None = None) -> tuple[Diagnostic, ...]:
        assert now.tzinfo is not None
        asked.append((file, base_url))
        return tuple(found)

    monkeypatch.setattr("voicecoach.publish.linter.lint_feed", lint)
    before = state(folder)
    ran = cli("feed", folder, "--check")
    assert (ran.code, ran.out) == (0, f"{folder / 'feed.xml'}: good\n")
    cli("feed", folder / "feed.xml", "--check", "--base-url", f"{URL}/feed.xml")
    assert asked == [(folder / "feed.xml", None), (folder / "feed.xml", f"{URL}/")]
    place = Location(str(folder / "feed.xml"), 3, 5)
    found.append(Diagnostic("feed-odd", "it is odd", place, severity=Severity.WARNING))
    ran = cli("feed", folder, "--check")
    assert (ran.code, "warning[feed-odd]: it is odd" in ran.out) == (0, True)
    assert ran.out.endswith(f"{folder / 'feed.xml'}: no errors, 1 warning\n")
    assert cli("feed", folder, "--check", "--strict").code == 1
    found.append(Diagnostic("feed-bad", "it is bad", place))
    ran = cli("feed", folder, "--check")
    assert ran.code == 1
    assert "1 error, 1 warning" in ran.out
    assert "good" not in ran.out
    ran = cli("feed", folder, "--check", "--json")
    assert ran.code == 1
    assert [fault["code"] for fault in json.loads(ran.out)] == ["feed-odd", "feed-bad"]
    assert state(folder) == before


def test_what_it_wrote_is_looked_at(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lint(file: Path, now: dt.datetime, *, base_url: str | None = None) -> tuple[Diagnostic, ...]:
        return (
            Diagnostic("feed-relative", "relative", Location(str(file), 1, 1), severity=Severity.WARNING),
            Diagnostic("feed-odd", "it is odd", Location(str(file), 1, 1), severity=Severity.WARNING),
        )

    monkeypatch.setattr("voicecoach.publish.linter.lint_feed", lint)
    ran = cli("feed", folder)
    assert ran.code == 0
    assert "feed-odd" in ran.err
    assert "feed-relative" not in ran.err
    assert "feed-odd" not in cli("feed", folder).err, "nothing was written"


def test_what_it_writes_passes_its_own_check(cli: Cli, folder: Path) -> None:
    assert cli("feed", folder, "--base-url", URL).err == ""
    ran = cli("feed", folder, "--check", "--strict")
    assert (ran.code, ran.out) == (0, f"{folder / 'feed.xml'}: good\n")


def test_somebody_elses_feed_is_not_written_over(cli: Cli, folder: Path) -> None:
    (folder / "feed.xml").write_text(
        "<rss version='2.0'><channel><title>Mine</title></channel></rss>", encoding="utf-8"
    )
    before = state(folder)
    ran = cli("feed", folder)
    assert (ran.code, ran.out) == (2, "")
    assert "voicecoach did not write it" in ran.err
    assert {name: value for name, value in state(folder).items() if value[0]} == before


def test_pages_of_a_site_stay(cli: Cli, folder: Path) -> None:
    cli("feed", folder)
    record = json.loads((folder / "feed" / ".written.json").read_bytes())
    for name in ("index.html", "play/c.html"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("voicecoach", encoding="utf-8")
        record[name] = ["k", 10, ""]
    (folder / "feed" / ".written.json").write_text(json.dumps(record), encoding="utf-8")
    assert cli("feed", folder).code == 0
    assert (folder / "index.html").exists()
    assert (folder / "play" / "c.html").exists()


@pytest.mark.slow
def test_two_at_once(folder: Path) -> None:
    command = [sys.executable, "-m", "voicecoach", "feed", str(folder), "--base-url", URL]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    for one in running:
        _, err = one.communicate(timeout=120)
        assert (one.returncode, err) == (0, b"")
    first = state(folder)
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    assert b"nothing new to write" in done.stdout
    assert state(folder) == first


def test_the_address_outlives_a_run_without_it(cli: Cli, folder: Path) -> None:
    cli("feed", folder, "--base-url", URL)
    before = state(folder)
    ran = cli("feed", folder)
    assert ran.err == f"note: the address is {URL}/, as last time; another one: --base-url URL, or none\n"
    assert f"subscribe  {URL}/feed.xml" in ran.out
    assert state(folder) == before
    moved = folder.rename(folder.parent / "copied")
    (moved / "feed.xml").unlink()
    assert f"subscribe  {URL}/feed.xml" in cli("feed", moved).out
    ran = cli("feed", moved, "--base-url", "none")
    assert (ran.err, "its addresses are relative" in ran.out) == ("", True)
    assert "example.org" not in (moved / "feed.xml").read_text(encoding="utf-8")
    assert "its addresses are relative" in cli("feed", moved).out
    assert cli("feed", moved, "--check", "--base-url", "none").code == 0


@pytest.mark.parametrize("title", ["A <script>alert(1)</script>", "Hüfte <öffnen>", "<b>Two</b> &amp; more"])
def test_no_title_makes_its_own_check_fail(cli: Cli, folder: Path, variants: Variants, title: str) -> None:
    variants.write(folder / "c.mp3", title)
    assert cli("feed", folder, "--base-url", URL).err == ""
    (folder / "feed.yaml").write_text(f"description: '{title}'", encoding="utf-8")
    assert cli("feed", folder, "--base-url", URL).err == ""
    assert cli("feed", folder, "--check", "--strict").code == 0


def test_numbers_against_the_order_are_one_warning(cli: Cli, folder: Path) -> None:
    listed = "order: course\nsessions:\n  - {session: a b, number: 2}\n  - {session: c, number: 1}\n"
    (folder / "feed.yaml").write_text(listed, encoding="utf-8")
    ran = cli("feed", folder, "--base-url", URL)
    assert ran.code == 0
    assert "warning[session-numbers]" in ran.err
    assert ran.err.endswith("1 warning\n")
    ran = cli("feed", folder, "--check")
    assert (ran.code, "warning[feed-order]" in ran.out) == (0, True)
