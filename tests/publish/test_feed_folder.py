"""A folder read as a feed: what is found, in what order, on which days, by which guids; what is left out and why."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.publish.session_variants import TINY, Variants
from voicecoach.errors import SessionFileError, UsageError
from voicecoach.model.diagnostic import Severity
from voicecoach.model.feed import Feed, FeedOrder
from voicecoach.model.session import Outcome
from voicecoach.mp3.id3 import build_tag, read_tags
from voicecoach.mp3.session_file import read_session
from voicecoach.pipeline import Workshop, build
from voicecoach.publish.feed import feed_resources
from voicecoach.publish.feed.folder import FeedRead, read_folder
from voicecoach.publish.feed.session_files import SessionFiles
from voicecoach.source.nodes import SourceFile

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
OLD = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
GUID = "9b024349-ccf0-5f69-a609-6b82873eab3c"


@pytest.fixture(scope="module")
def variants(build_text: Callable[[str], Outcome]) -> Variants:
    return Variants(build_text)


def read(folder: Path, now: dt.datetime = NOW, **more: Any) -> FeedRead:
    return read_folder(folder, now, SessionFiles(), **more)


def feed_of(folder: Path, now: dt.datetime = NOW, **more: Any) -> Feed:
    found = read(folder, now, **more)
    assert found.feed is not None, [fault.render() for fault in found.faults]
    return found.feed


def names(feed: Feed) -> list[str]:
    return [episode.name for episode in feed.episodes]


def keep(folder: Path, found: FeedRead) -> None:
    (folder / "feed").mkdir(exist_ok=True)
    (folder / "feed" / "kept.json").write_bytes(found.kept.dumps())


def settings(folder: Path, text: str) -> None:
    (folder / "feed.yaml").write_text(text, encoding="utf-8")


def age(path: Path, moment: dt.datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))


# What an episode is


def test_an_episode_is_what_its_file_says(tmp_path: Path, variants: Variants) -> None:
    path = variants.write(tmp_path / "morning.mp3", "In the morning", author="Kim Lee", date="2026-03-31")
    (episode,) = feed_of(tmp_path).episodes
    assert (episode.name, episode.title, episode.author) == ("morning", "In the morning", "Kim Lee")
    assert episode.size_bytes == path.stat().st_size
    assert episode.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert episode.published == dt.datetime(2026, 3, 31, 6, tzinfo=dt.UTC)
    assert episode.notes == read_tags(path).comment
    assert episode.length_s == round(variants.timeline.length_s)
    assert episode.timeline.chapters == variants.timeline.chapters
    assert all(clip.outline is None for track in episode.timeline.tracks for clip in track.clips)
    assert episode.cover is None, "it is drawn anew, larger"


def test_whose_a_cover_is_stands_in_the_file(tmp_path: Path, fake_shop: Workshop) -> None:
    Image.new("RGB", (80, 80), "teal").save(tmp_path / "own.jpg")
    for name, key in (("own", "image: own.jpg\n"), ("drawn", "")):
        source = SourceFile(str(tmp_path / f"{name}.yaml"), key + TINY, tmp_path)
        assert build(source, name, tmp_path / f"{name}.mp3", fake_shop).session is not None
    covers = {episode.name: episode.cover for episode in feed_of(tmp_path).episodes}
    assert covers == {"own": read_tags(tmp_path / "own.mp3").cover, "drawn": None}
    about = {name: read_session(tmp_path / f"{name}.mp3").to_json()["about"] for name in covers}
    assert about["own"]["own_cover"] is True
    assert "own_cover" not in about["drawn"]


def test_an_authors_own_cover_is_handed_on(tmp_path: Path, variants: Variants) -> None:
    variants.write(tmp_path / "a.mp3", own_cover=True)
    (episode,) = feed_of(tmp_path).episodes
    assert episode.cover == variants.tags.cover


def test_names_that_urls_must_quote(tmp_path: Path, variants: Variants) -> None:
    odd = ["a b", "Über uns", "100%", "#1", "what?", "it's", 'say "x"', "a&b", "a+b", "a;b", "日本", "x.y", "-x", "[a]"]
    variants.fill(tmp_path, *odd)
    feed = feed_of(tmp_path)
    assert sorted(names(feed)) == sorted(odd)
    assert len({resource.path for resource in feed_resources(feed, "")}) == 4 + 5 * len(odd)


def test_mp3_in_any_letters(tmp_path: Path, variants: Variants) -> None:
    variants.write(tmp_path / "a.MP3")
    variants.write(tmp_path / "b.Mp3")
    feed = feed_of(tmp_path)
    assert sorted(episode.file for episode in feed.episodes) == ["a.MP3", "b.Mp3"]
    variants.write(tmp_path / "a.mp3")
    found = read(tmp_path)
    assert found.feed is not None
    assert sorted(episode.file for episode in found.feed.episodes) == ["a.mp3", "b.Mp3"]
    assert "'a.MP3' is left out: there is 'a.mp3', too" in found.notes


def test_names_that_are_one_for_many_hosts_are_told(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "Morning", "morning", unicodedata.normalize("NFC", "ü"), unicodedata.normalize("NFD", "ü"))
    found = read(tmp_path)
    assert found.feed is not None
    assert len(found.feed.episodes) == 4
    assert sum("one name for many web hosts" in note for note in found.notes) == 2


# What is left out


def test_what_is_none_of_ours_is_left_out(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a", ".hidden", ".git/x")
    for ours in ("feed", "play", "site"):
        (tmp_path / ours).mkdir()
        (tmp_path / ours / "x.json").touch()
    (tmp_path / "song.mp3").write_bytes(b"\xff\xfb\x90\x00" + bytes(1000))
    (tmp_path / "text.mp3").write_text("no sound", encoding="utf-8")
    (tmp_path / "empty.mp3").touch()
    (tmp_path / ".a.mp3.123.part").touch()
    (tmp_path / "b.mp3.part").touch()
    (tmp_path / "folder.mp3").mkdir()
    (tmp_path / "notes.txt").touch()
    of_a_step = build_tag(replace(variants.tags, timeline_json=None))
    (tmp_path / "a step.mp3").write_bytes(of_a_step + variants.sound)
    found = read(tmp_path)
    assert found.feed is not None
    assert names(found.feed) == ["a"]
    left = "'a step.mp3', 'empty.mp3', 'song.mp3', 'text.mp3': left out, no sessions that voicecoach built"
    assert list(found.notes) == [left]


def test_sessions_in_folders_that_are_ours_are_told(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a", "feed/x", "play/x", "Site/x")
    found = read(tmp_path)
    assert found.feed is not None
    assert names(found.feed) == ["a"]
    assert list(found.notes) == [
        f"no session is looked for in the folder '{name}': that is where voicecoach puts files of its own; "
        "rename the folder"
        for name in ("feed", "play", "Site")
    ]


def test_links_that_lead_out_are_refused(tmp_path: Path, variants: Variants) -> None:
    folder, outside = tmp_path / "in", tmp_path / "out"
    variants.fill(folder, "a")
    variants.fill(outside, "b", "week/c")
    (folder / "b.mp3").symlink_to(outside / "b.mp3")
    (folder / "week").symlink_to(outside / "week")
    (folder / "gone.mp3").symlink_to(folder / "nothing")
    (folder / "loop").symlink_to(folder)
    (folder / "again.mp3").symlink_to(folder / "a.mp3")
    found = read(folder)
    assert found.feed is not None
    assert sorted(names(found.feed)) == ["a", "again"]
    assert len(found.notes) == 3
    assert all(any(name in note for note in found.notes) for name in ("'b.mp3'", "'week'", "'gone.mp3'"))


def test_a_pipe_does_not_hold_it_up(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a")
    os.mkfifo(tmp_path / "pipe.mp3")
    found = read(tmp_path)
    assert found.notes == ("'pipe.mp3' is left out: it is no file",)


def test_a_folder_with_a_feed_of_its_own_is_no_season(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a", "www/a", "week 1/deeper/b", "week 1/c")
    (tmp_path / "www" / "feed.xml").write_text("<rss/>", encoding="utf-8")
    found = read(tmp_path)
    assert found.feed is not None
    assert names(found.feed) == ["a", "week 1/c"]
    assert list(found.notes) == [
        "the folder 'week 1/deeper' is left out: seasons are one level deep",
        "the folder 'www' is left out: it has a feed of its own",
    ]


def test_names_that_no_address_can_have(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a", "b\nc", "d\x1b[2J")
    data = (tmp_path / "a.mp3").read_bytes()
    with Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.mp3")).open("wb") as file:
        file.write(data)
    found = read(tmp_path)
    assert found.feed is not None
    assert names(found.feed) == ["a"]
    assert len(found.notes) == 3
    assert all(note.isprintable() for note in found.notes)


def test_a_backslash_parts_folders_elsewhere(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a", "c\\d", "week\\1/e")
    found = read(tmp_path)
    assert found.feed is not None
    assert names(found.feed) == ["a"]
    why = "is left out: its name has a backslash, which parts folders on other machines; rename it"
    assert list(found.notes) == [f"'c\\d.mp3' {why}", f"the folder 'week\\1' {why}"]


def refusing(monkeypatch: pytest.MonkeyPatch, *refused: Path) -> None:
    """Let folders be such that we may not look into them; the superuser may."""
    scan, lstat = os.scandir, os.lstat

    def scandir(path: Any) -> Any:
        if Path(path) in refused:
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    def look(path: Any, **more: Any) -> Any:
        if Path(path).parent in refused:
            raise PermissionError(13, "Permission denied", str(path))
        return lstat(path, **more)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(os, "lstat", look)
    monkeypatch.setattr(
        os, "stat", lambda path, **more: look(path) if Path(path).parent in refused else stat(path, **more)
    )


stat = os.stat


def test_a_folder_that_may_not_be_read_is_named(
    tmp_path: Path, variants: Variants, monkeypatch: pytest.MonkeyPatch
) -> None:
    variants.fill(tmp_path, "a", "week 1/b", "week 1/deep/c", "week 2/d")
    refusing(monkeypatch, tmp_path / "week 1" / "deep", tmp_path / "week 2")
    found = read(tmp_path)
    assert found.feed is not None
    assert names(found.feed) == ["a", "week 1/b"]
    assert found.notes == ("the folder 'week 2' is left out: you may not look into it",)


def test_a_session_that_may_not_be_read_is_not_called_damaged(
    tmp_path: Path, variants: Variants, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, opened = variants.write(tmp_path / "a.mp3"), Path.open

    def refuse(self: Path, *given: Any, **more: Any) -> Any:
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *given, **more)

    monkeypatch.setattr(Path, "open", refuse)
    (fault,) = read(tmp_path).faults
    assert fault.message == "'a.mp3' may not be read"
    assert fault.hint == "let yourself read it: chmod u+r does so"


@pytest.mark.parametrize("often", [1, 9])
def test_a_session_that_is_replaced_meanwhile_is_read_once_more(
    tmp_path: Path, variants: Variants, monkeypatch: pytest.MonkeyPatch, often: int
) -> None:
    import voicecoach.mp3.session_file as session_file

    path, tagged, times = variants.write(tmp_path / "a.mp3"), session_file.read_tagged, []

    def replaced(file: Path) -> Any:
        times.append(file)
        if len(times) <= often:
            path.unlink()
            if len(times) % 2:
                variants.write(path, f"Version {len(times)}")
        return tagged(file)

    monkeypatch.setattr(session_file, "read_tagged", replaced)
    found = read(tmp_path)
    if often == 1:
        assert found.feed is not None
        assert found.feed.episodes[0].title == "Version 1"
    else:
        assert [(one.message, one.hint) for one in found.faults] == [
            ("'a.mp3' is being written", "run it again when that is finished")
        ]


# What cannot be a feed


def test_no_folder(tmp_path: Path, variants: Variants) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        read(tmp_path / "none")
    file = variants.write(tmp_path / "a.mp3")
    with pytest.raises(UsageError, match="is a file"):
        read(file)
    with pytest.raises(UsageError, match="cannot be the address"):
        read(tmp_path, address="example.org")


def test_no_session(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found.feed is None
    (fault,) = found.faults
    assert fault.code == "no-session"
    assert fault.hint is not None
    assert fault.hint.startswith("voicecoach build")
    (tmp_path / "song.mp3").write_bytes(bytes(100))
    assert [fault.message for fault in read(tmp_path).faults] == ["no MP3 in this folder is a session"]


def damaged_versions(whole: bytes) -> dict[str, bytes]:
    return {
        "one byte short": whole[:-1],
        "half": whole[: len(whole) // 2],
        "in its tag": whole[:2000],
        "a bit of its sound": whole[:-200] + bytes([whole[-200] ^ 1]) + whole[-199:],
        "its timeline": _timeline_broken(whole),
    }


def _timeline_broken(whole: bytes) -> bytes:
    at = whole.index(b"voicecoach timeline") + 60
    return whole[:at] + bytes(byte ^ 0x55 for byte in whole[at : at + 40]) + whole[at + 40 :]


def test_all_damaged_sessions_are_told_at_once(tmp_path: Path, variants: Variants) -> None:
    whole = variants.write(tmp_path / "good.mp3").read_bytes()
    bad = damaged_versions(whole)
    for name, data in bad.items():
        (tmp_path / f"{name}.mp3").write_bytes(data)
    settings(tmp_path, "titel: x\nsessions: [half, good]\n")
    found = read(tmp_path)
    assert found.feed is None
    damaged = [fault for fault in found.faults if fault.code == "damaged-session"]
    assert sorted(Path(fault.location.file).stem for fault in damaged) == sorted(bad)
    assert all(fault.hint for fault in damaged)
    assert [fault.code for fault in found.faults if fault not in damaged] == ["unknown-key"]
    (tmp_path / "feed.yaml").unlink()
    passed = read(tmp_path, pass_over=True)
    assert passed.feed is not None
    assert names(passed.feed) == ["good"]
    assert sum("is damaged" in note for note in passed.notes) == len(bad)


def test_a_session_that_became_empty_is_damaged(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a", "b")
    keep(tmp_path, read(tmp_path))
    (tmp_path / "b.mp3").write_bytes(b"")
    assert [fault.code for fault in read(tmp_path).faults] == ["damaged-session"]


def test_sound_is_proved_once(tmp_path: Path, variants: Variants, monkeypatch: pytest.MonkeyPatch) -> None:
    import voicecoach.mp3.session_file as session_file

    variants.fill(tmp_path, "a", "b")
    keep(tmp_path, read(tmp_path))
    proved = []
    monkeypatch.setattr(session_file, "music_crc", lambda path, info: proved.append(path.name) or info.music_crc)
    feed_of(tmp_path)
    assert proved == []
    variants.write(tmp_path / "b.mp3", "Other")
    feed_of(tmp_path)
    assert proved == ["b.mp3"]


# Order, seasons, numbers


def test_newest_first(tmp_path: Path, variants: Variants) -> None:
    for name, date in (("old", "2026-01-01"), ("new", "2026-05-01"), ("mid", "2026-03-01")):
        variants.write(tmp_path / f"{name}.mp3", date=date)
    feed = feed_of(tmp_path)
    assert (feed.order, names(feed)) == (FeedOrder.NEWEST, ["new", "mid", "old"])
    assert {(episode.season, episode.number) for episode in feed.episodes} == {(None, None)}
    settings(tmp_path, "sessions: [{session: mid, number: 7, title: Other, date: 2026-01-15}]")
    feed = feed_of(tmp_path)
    assert feed.order is FeedOrder.NEWEST
    assert [(e.name, e.number, e.title) for e in feed.episodes][1] == ("mid", 7, "Other")
    assert feed.episodes[1].published == dt.datetime(2026, 1, 15, 6, tzinfo=dt.UTC)


def test_no_two_have_one_moment(tmp_path: Path, variants: Variants) -> None:
    """Apps would list them in an order of their own."""
    second, listed = dt.timedelta(seconds=1), ["s1", "s2", "s3", "s10"]
    for moment in (OLD, NOW):
        for name in listed:
            age(variants.write(tmp_path / f"{name}.mp3"), moment)
        found = read(tmp_path)
        assert found.feed is not None
        assert names(found.feed) == listed
        newest = min(moment + 3 * second, NOW)
        assert [one.published for one in found.feed.episodes] == [newest - n * second for n in range(4)]
        assert {one.first for one in found.kept.sessions.values()} == {moment}, "the day that is kept stays"
        keep(tmp_path, found)
        assert read(tmp_path, NOW + dt.timedelta(days=3)).feed == (
            found.feed if moment == OLD else feed_of(tmp_path, NOW + dt.timedelta(days=3))
        )
        (tmp_path / "feed" / "kept.json").unlink()
    dated = tmp_path / "dated"
    variants.fill(dated, "a", "b", date="2026-03-01")
    assert {one.published.date() for one in feed_of(dated).episodes} == {dt.date(2026, 3, 1)}
    assert len({one.published for one in feed_of(dated).episodes}) == 2


def test_seasons_make_a_course_in_natural_order(tmp_path: Path, variants: Variants) -> None:
    variants.fill(
        *(tmp_path, "welcome", "week 10/day 1", "week 2/day 10", "week 2/day 2", "week 2/Day 1"),
        date="2026-03-01",
    )
    feed = feed_of(tmp_path)
    assert feed.order is FeedOrder.COURSE
    assert [(e.name, e.season, e.number) for e in feed.episodes] == [
        ("welcome", None, 1),
        ("week 2/Day 1", 2, 1),
        ("week 2/day 2", 2, 2),
        ("week 2/day 10", 2, 3),
        ("week 10/day 1", 10, 1),
    ]
    days = [episode.published for episode in feed.episodes]
    assert days == sorted(set(days)), "apps sort a course by day"
    assert days[-1] == dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC)
    assert days[0] == days[-1] - dt.timedelta(seconds=4)


@pytest.mark.parametrize(
    ("folders", "seasons"),
    [
        (["week 1", "week 2"], [1, 2]),
        (["a", "b"], [1, 2]),
        (["bonus", "week 1", "week 3"], [2, 1, 3]),
        (["week 1", "Woche 1"], [1, 2]),
        (["week 0", "week 1"], [2, 1]),
        (["week 02", "week 10"], [2, 10]),
        (["2026-03-01", "2026-03-08"], [1, 2]),
        (["x 99999999999999999999"], [1]),
        (["Level 2 week 3"], [3]),
        (["3"], [3]),
        (["week 2 "], [2]),
    ],
)
def test_numbers_of_seasons(tmp_path: Path, variants: Variants, folders: list[str], seasons: list[int]) -> None:
    variants.fill(tmp_path, *(f"{folder}/a" for folder in folders))
    found = {episode.name.partition("/")[0]: episode.season for episode in feed_of(tmp_path).episodes}
    assert [found[folder] for folder in folders] == seasons


def test_a_course_without_seasons(tmp_path: Path, variants: Variants) -> None:
    for name, date in (("b", "2026-01-01"), ("a", "2026-02-01"), ("c", "2026-01-15")):
        variants.write(tmp_path / f"{name}.mp3", date=date)
    settings(tmp_path, "order: course")
    assert names(feed_of(tmp_path)) == ["b", "c", "a"], "by day"
    settings(tmp_path, "sessions: [c, a]")
    found = read(tmp_path)
    feed = found.feed
    assert feed is not None
    assert (feed.order, names(feed)) == (FeedOrder.COURSE, ["c", "a", "b"]), "as listed, then the others"
    assert found.notes[0] == "'b': not named under 'sessions', so listed after those that are"
    assert [episode.number for episode in feed.episodes] == [1, 2, 3]
    for path in tmp_path.glob("*.mp3"):
        path.rename(tmp_path / f"day {'abc'.index(path.stem) + 9}.mp3")
    settings(tmp_path, "order: course")
    assert names(feed_of(tmp_path)) == ["day 9", "day 10", "day 11"], "by number"


def test_what_differs_of_a_session_is_no_order(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "intro", "week 1/day 1", "week 1/day 2", date="2026-03-01")
    settings(tmp_path, "sessions: [{session: day 2, title: Other}]")
    found = read(tmp_path)
    assert found.feed is not None
    assert [(e.name, e.title, e.number) for e in found.feed.episodes] == [
        ("intro", "intro", 1),
        ("week 1/day 1", "day 1", 1),
        ("week 1/day 2", "Other", 2),
    ]
    assert (found.faults, found.notes) == ((), ())
    settings(tmp_path, "sessions: [{session: day 2, title: B}, {session: day 1, title: A}, {session: intro, title: I}]")
    assert names(feed_of(tmp_path)) == ["week 1/day 2", "week 1/day 1", "intro"], "all are listed"


def test_numbers_go_on_from_what_the_settings_say(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a", "b", "c", "d")
    settings(tmp_path, "sessions: [a, {session: b, number: 5}, c, {session: d, season: 2}]")
    assert [(e.season, e.number) for e in feed_of(tmp_path).episodes] == [(None, 1), (None, 5), (None, 6), (2, 1)]


def test_numbers_that_contradict(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a", "b", "c")
    settings(tmp_path, "order: course\nsessions:\n  - a\n  - {session: b, number: 1}\n  - c\n")
    found = read(tmp_path)
    assert found.feed is None
    (fault,) = found.faults
    assert (fault.code, fault.location.line, fault.message) == ("session-numbers", 4, "'a' and 'b' are both number 1")
    settings(tmp_path, "order: course\nsessions:\n  - {session: a, number: 9}\n  - {session: b, number: 2}\n")
    found = read(tmp_path)
    assert found.feed is not None
    assert [(fault.code, fault.severity) for fault in found.faults] == [("session-numbers", Severity.WARNING)]
    settings(tmp_path, "sessions:\n  - {session: a, number: 2}\n  - {session: b, number: 2}\n")
    assert [fault.location.line for fault in read(tmp_path).faults] == [3]


def test_sessions_are_named_in_many_ways(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "Hip Day", "week 1/day 1", "week 2/day 2", "week 1/day 2", "Über")
    nfd = unicodedata.normalize("NFD", "Über")
    settings(tmp_path, f"sessions: [hip day.MP3, ./week 1/day 1.mp3, week 2/day 2, {nfd}, week 1/day 2]")
    assert names(feed_of(tmp_path)) == ["Hip Day", "week 1/day 1", "week 2/day 2", "Über", "week 1/day 2"]
    settings(tmp_path, "sessions: [day 1, day 2, hip dya, day 1]")
    found = read(tmp_path)
    assert [(fault.code, fault.location.column, fault.hint) for fault in found.faults] == [
        ("unknown-session", 19, "write the folder, too: week 1/day 2 or week 2/day 2"),
        ("unknown-session", 26, "did you mean 'Hip Day'?"),
        ("repeated-session", 35, "the first one is in line 1"),
    ]


# Days


def test_a_session_without_a_day_keeps_the_one_on_which_it_came(tmp_path: Path, variants: Variants) -> None:
    path = variants.write(tmp_path / "a.mp3")
    age(path, OLD + dt.timedelta(microseconds=500))
    found = read(tmp_path)
    assert found.feed is not None
    assert found.feed.episodes[0].published == OLD
    keep(tmp_path, found)
    variants.write(path, "Rebuilt")
    assert feed_of(tmp_path).episodes[0].published == OLD
    path.rename(tmp_path / "away")
    variants.fill(tmp_path, "b")
    keep(tmp_path, read(tmp_path))
    (tmp_path / "away").rename(path)
    age(path, NOW)
    assert {e.name: e.published for e in feed_of(tmp_path).episodes}["a"] == OLD, "it came back"


def test_no_day_is_in_the_future(tmp_path: Path, variants: Variants) -> None:
    age(variants.write(tmp_path / "clock.mp3"), NOW + dt.timedelta(days=400))
    variants.write(tmp_path / "later.mp3", date="2026-06-02")
    found = read(tmp_path)
    assert found.feed is not None
    assert [(e.name, e.published) for e in found.feed.episodes] == [("clock", NOW)]
    assert found.notes == ("'later' is dated 2026-06-02 and held back until then; --future lists it now",)
    assert "later" not in found.kept.sessions
    assert names(feed_of(tmp_path, future=True)) == ["later", "clock"]
    settings(tmp_path, "future: yes")
    assert names(feed_of(tmp_path)) == ["later", "clock"]
    (tmp_path / "feed.yaml").unlink()
    assert names(feed_of(tmp_path, NOW + dt.timedelta(days=1))) == ["clock", "later"]
    (tmp_path / "clock.mp3").unlink()
    ahead = read(tmp_path)
    assert ahead.feed is not None
    assert (ahead.faults, ahead.feed.episodes) == ((), ()), "who subscribes now gets it on its day"
    assert ahead.feed.title == feed_of(tmp_path, NOW + dt.timedelta(days=9)).title, "it is the same feed"
    assert ahead.feed.guid == feed_of(tmp_path, NOW + dt.timedelta(days=9)).guid
    assert ahead.notes[-1].startswith("no session is due yet")


def test_a_session_of_today_comes_today_wherever_that_is(tmp_path: Path, variants: Variants) -> None:
    variants.write(tmp_path / "a.mp3", date="2026-06-02")
    sydney = dt.timezone(dt.timedelta(hours=10))
    morning = dt.datetime(2026, 6, 2, 7, tzinfo=sydney)
    found = read(tmp_path, morning)
    assert found.feed is not None
    assert found.feed.episodes[0].published == dt.datetime(2026, 6, 1, 14, tzinfo=dt.UTC)
    keep(tmp_path, found)
    for later in (morning.astimezone(dt.UTC), morning + dt.timedelta(days=30)):
        assert feed_of(tmp_path, later).episodes[0].published == found.feed.episodes[0].published, "it stays so"
    (tmp_path / "feed" / "kept.json").unlink()
    assert feed_of(tmp_path, morning.astimezone(dt.UTC)).episodes == ()
    assert feed_of(tmp_path, morning + dt.timedelta(days=9)).episodes[0].published.hour == 6


def test_days_of_a_course_ascend_and_stay(tmp_path: Path, variants: Variants) -> None:
    settings(tmp_path, "order: course")
    for name in ("day 1", "day 2", "day 3"):
        age(variants.write(tmp_path / f"{name}.mp3"), OLD)
    first = read(tmp_path)
    assert first.feed is not None
    days = [episode.published for episode in first.feed.episodes]
    assert days == [OLD + dt.timedelta(seconds=n) for n in range(3)]
    keep(tmp_path, first)
    age(variants.write(tmp_path / "day 4.mp3"), OLD - dt.timedelta(days=100))
    added = read(tmp_path)
    assert added.feed is not None
    assert [e.published for e in added.feed.episodes] == [*days, days[-1] + dt.timedelta(seconds=1)], "no other moves"
    keep(tmp_path, added)
    again = read(tmp_path)
    assert again == added
    age(variants.write(tmp_path / "day 2b.mp3"), NOW)
    between = feed_of(tmp_path)
    moved = [e.published for e in between.episodes]
    assert moved == sorted(set(moved))
    assert max(moved) <= NOW


def test_another_order_and_back_moves_no_day_for_good(tmp_path: Path, variants: Variants) -> None:
    for hour, name in enumerate("ab"):
        age(variants.write(tmp_path / f"{name}.mp3"), OLD + dt.timedelta(hours=hour))
    days = []
    for order in ("a, b", "b, a", "a, b"):
        settings(tmp_path, f"sessions: [{order}]")
        found = read(tmp_path)
        keep(tmp_path, found)
        assert found.feed is not None
        days.append({episode.name: episode.published for episode in found.feed.episodes})
    assert days[0] == days[2] == {"a": OLD, "b": OLD + dt.timedelta(hours=1)}
    assert days[1] == {"a": OLD, "b": OLD - dt.timedelta(seconds=1)}


def test_many_new_sessions_of_one_moment(tmp_path: Path, variants: Variants) -> None:
    settings(tmp_path, "order: course")
    for number in range(20):
        age(variants.write(tmp_path / f"day {number}.mp3"), NOW)
    found = read(tmp_path)
    assert found.feed is not None
    days = [episode.published for episode in found.feed.episodes]
    assert days == [NOW - dt.timedelta(seconds=19 - n) for n in range(20)]
    keep(tmp_path, found)
    assert read(tmp_path, NOW + dt.timedelta(days=3)) == found


def test_a_day_that_does_not_fit_the_course_is_told(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a", "b", "c", "d", date="2026-05-01")
    settings(
        tmp_path,
        "sessions: [{session: a, number: 1, date: 2026-05-20}, {session: b, number: 2, date: 2026-02-01}, c, d]",
    )
    found = read(tmp_path)
    assert found.feed is not None
    assert [f"{one.published:%m-%d}" for one in found.feed.episodes] == ["02-01", "02-01", "05-01", "05-01"]
    told = "listed on 2026-02-01, since apps put a course in order by its days"
    assert found.notes == (f"'a' is dated 2026-05-20, but 'b' comes after it: {told}",)
    variants.fill(tmp_path, *(f"e{number}" for number in range(9)), date="2026-05-01")
    variants.write(tmp_path / "f.mp3", date="2026-01-01")
    settings(tmp_path, "order: course\nsessions: [a, b, c, d, e0, e1, e2, e3, e4, e5, e6, e7, e8, f]")
    notes = read(tmp_path).notes
    assert len(notes) == 6
    assert notes[-1] == "8 more sessions are listed earlier than dated, too"


# Guids and what is kept


def test_guids(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a", "week 1/b")
    feed = feed_of(tmp_path, address="https://podnews.net/rss/feed.xml")
    namespace = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
    assert feed.guid == str(uuid.uuid5(namespace, "podnews.net/rss/feed.xml"))
    assert [e.guid for e in feed.episodes] == [str(uuid.uuid5(uuid.UUID(feed.guid), name)) for name in names(feed)]
    assert feed_of(tmp_path).guid == feed_of(tmp_path).guid != feed.guid


def test_guids_outlive_all(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a", "b")
    first = read(tmp_path, address="http://one.example")
    assert first.feed is not None
    keep(tmp_path, first)
    guid, of_a = first.feed.guid, first.feed.episodes[0].guid
    variants.write(tmp_path / "a.mp3", "Rebuilt", description="Other")
    (tmp_path / "b.mp3").unlink()
    variants.fill(tmp_path, "c")
    settings(tmp_path, "title: Other\naddress: https://two.example/x")
    second = read(tmp_path)
    assert second.feed is not None
    assert second.settings.address == "https://two.example/x/"
    assert second.feed.guid == guid
    assert {e.name: e.guid for e in second.feed.episodes}["a"] == of_a
    settings(tmp_path, f"guid: {GUID}")
    third = read(tmp_path)
    keep(tmp_path, third)
    (tmp_path / "feed.yaml").unlink()
    assert feed_of(tmp_path).guid == GUID, "kept from then on"


def test_the_address_is_the_last_one_until_another_is_said(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a")
    one, two = "https://one.example/x/", "https://two.example/"

    def run(address: str = "", target: Path | None = tmp_path) -> tuple[str, str, int]:
        found = read(tmp_path, address=address, target=target)
        keep(tmp_path, found)
        return found.settings.address, found.kept.address, sum("as last time" in note for note in found.notes)

    assert run() == ("", "", 0)
    assert run(one) == (one, one, 0)
    assert run() == (one, one, 1)
    assert run(two, None) == (two, one, 0), "a server keeps the address of the folder"
    assert run(target=None) == ("", one, 0)
    settings(tmp_path, f"address: {two}")
    assert run() == (two, two, 0)
    (tmp_path / "feed.yaml").unlink()
    assert run() == (two, two, 1)
    assert run("none") == ("", "", 0)
    assert run() == ("", "", 0)


KEPT_DAMAGES: dict[str, bytes] = {
    "empty": b"",
    "half": b'{"guid": "9b02',
    "a list": b"[]",
    "a number": b"7",
    "binary": b"\0\xff\xfe",
    "deep": b"[" * 100_000,
    "odd guid": b'{"guid": "my-podcast", "sessions": {}}',
    "guid a number": b'{"guid": 12, "sessions": {}}',
    "sessions a list": b'{"guid": null, "sessions": [1]}',
    "odd day": b'{"sessions": {"a": {"first": "yesterday"}}}',
    "no zone": b'{"sessions": {"a": {"first": "2026-01-01T00:00:00"}}}',
    "odd digest": b'{"sessions": {"a": {"first": "2026-01-01T00:00:00Z", "sha256": "xyz"}}}',
    "session a text": b'{"sessions": {"a": "2026-01-01"}}',
    "title a list": b'{"guid": null, "title": ["x"], "sessions": {}}',
    "address a number": b'{"guid": null, "address": 7, "sessions": {}}',
    "address a folder": b'{"guid": null, "address": "/srv/pod", "sessions": {}}',
    "address a script": b'{"guid": null, "address": "javascript://x/", "sessions": {}}',
    "a year too far": b'{"sessions": {"a": {"first": "9999-12-31T23:59:59-14:00"}}}',
}


@pytest.mark.parametrize("data", KEPT_DAMAGES.values(), ids=KEPT_DAMAGES)
@pytest.mark.parametrize("with_feed", [False, True], ids=["alone", "with feed.xml"])
def test_a_damaged_kept_file_is_made_anew(tmp_path: Path, variants: Variants, data: bytes, with_feed: bool) -> None:
    age(variants.write(tmp_path / "a.mp3"), OLD)
    first = read(tmp_path, address="https://example.org")
    assert first.feed is not None
    (tmp_path / "feed").mkdir()
    (tmp_path / "feed" / "kept.json").write_bytes(data)
    if with_feed:
        age(tmp_path / "a.mp3", NOW)
        (tmp_path / "feed.xml").write_bytes(feed_resources(first.feed, "https://example.org/")[0].make())
    found = read(tmp_path)
    assert found.feed is not None
    assert len(found.notes) == 1
    assert found.notes[0].startswith("feed/kept.json is damaged; it is made anew from")
    if with_feed:
        assert "feed.xml still tells" in found.notes[0]
        assert (found.feed.guid, found.feed.episodes) == (first.feed.guid, first.feed.episodes)
    json.loads(found.kept.dumps())


def test_what_is_good_of_a_damaged_kept_file_stays(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a", "b")
    (tmp_path / "feed").mkdir()
    kept = f'{{"guid": "{GUID}", "sessions": {{"a": {{"first": "2026-01-01T00:00:00Z"}}, "b": 3}}}}'
    (tmp_path / "feed" / "kept.json").write_text(kept, encoding="utf-8")
    feed = feed_of(tmp_path)
    assert feed.guid == GUID
    assert {e.name: e.published for e in feed.episodes}["a"] == OLD


def test_a_kept_file_that_is_gone_comes_from_the_feed(tmp_path: Path, variants: Variants) -> None:
    age(variants.write(tmp_path / "a & b.mp3"), OLD)
    first = feed_of(tmp_path, address="https://example.org")
    data = feed_resources(first, "")[0].make()
    (tmp_path / "feed.xml").write_bytes(data)
    age(tmp_path / "a & b.mp3", NOW)
    assert feed_of(tmp_path) == first
    for broken in (b"", b"<rss", data[: len(data) // 3], b"<!DOCTYPE x [" + b"<!ENTITY a 'b'>" * 1000, bytes(1000)):
        (tmp_path / "feed.xml").write_bytes(broken)
        assert feed_of(tmp_path).episodes[0].name == "a & b"


# What the feed is called


def test_defaults(tmp_path: Path, variants: Variants) -> None:
    folder = tmp_path / "hip-course_2"
    variants.write(folder / "a.mp3", "First")
    assert (feed_of(folder).title, feed_of(folder).description) == ("Hip course 2", "First")
    variants.write(folder / "b.mp3", "Second", language="de")
    variants.write(folder / "c.mp3", "Third", language="de")
    feed = feed_of(folder)
    assert (feed.title, feed.author, feed.language) == ("Hip course 2", "voicecoach", "de")
    assert sorted(feed.description.split(" · ")) == ["First", "Second", "Third"]
    assert (feed.owner_email, feed.link, feed.image, feed.frequency, feed.private) == (None, None, None, None, False)
    assert (feed.category, feed.subcategory) == ("Health & Fitness", "Fitness")
    for name in "abc":
        variants.write(folder / f"{name}.mp3", author="Kim Lee", description="For all.")
    assert (feed_of(folder).title, feed_of(folder).author) == ("Hip course 2", "Kim Lee")
    assert feed_of(folder).description == "For all."
    for name in "abc":
        variants.write(folder / f"{name}.mp3", author="Kim Lee", series="Every day")
    assert feed_of(folder).title == "Every day"


@pytest.mark.parametrize("name", ["output", "My sessions", "public-2", "tmp.aXb", "2026-11"])
def test_a_feed_is_called_as_it_was_when_sessions_come(tmp_path: Path, variants: Variants, name: str) -> None:
    folder = tmp_path / name
    variants.write(folder / "a.mp3", "First", author="Kim Lee")
    first = read(folder)
    assert first.feed is not None
    assert first.feed.title == "First"
    variants.write(folder / "b.mp3", "Second", author="Kim Lee")
    assert feed_of(folder).title == "Kim Lee", "nothing is kept"
    keep(folder, first)
    assert feed_of(folder).title == "First"
    variants.write(folder / "b.mp3", "Second", author="Sam")
    assert feed_of(folder).title == "First"
    settings(folder, "title: Other")
    assert feed_of(folder).title == "Other"
    (folder / "feed.yaml").unlink()
    variants.fill(folder, "a", "b", series="Hips")
    assert feed_of(folder).title == "Hips"


def test_folders_of_any_script_have_names(tmp_path: Path, variants: Variants) -> None:
    for name in ("日本", "Übungen", "tempo"):
        variants.write(tmp_path / name / "a.mp3", "First")
        assert feed_of(tmp_path / name).title == name[:1].upper() + name[1:]


def test_settings_go_before_what_sessions_say(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a", author="Sam", series="S", language="es")
    settings(
        tmp_path,
        "title: T\ndescription: D\nauthor: A\nowner: o@example.org\nlanguage: de\nevery: week\nprivate: yes\n"
        "category: Sports\ncomplete: yes\nexplicit: yes\ncopyright: C\nlink: https://example.org/x\n",
    )
    feed = feed_of(tmp_path)
    assert (feed.title, feed.description, feed.author, feed.language) == ("T", "D", "A", "de")
    assert (feed.owner_name, feed.owner_email) == ("A", "o@example.org")
    assert feed.frequency == ("FREQ=WEEKLY", "Jede Woche")
    assert (feed.category, feed.subcategory, feed.private) == ("Sports", None, True)
    assert (feed.complete, feed.explicit, feed.copyright, feed.link) == (True, True, "C", "https://example.org/x")
    assert feed.episodes[0].author == "Sam"


def test_the_flag_goes_before_the_settings(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a")
    assert read(tmp_path).settings.address == ""
    settings(tmp_path, "address: https://one.example")
    assert read(tmp_path).settings.address == "https://one.example/"
    assert read(tmp_path, address="https://two.example/feed.xml").settings.address == "https://two.example/"


# Reading again


def test_only_what_changed_is_read_again(tmp_path: Path, variants: Variants, monkeypatch: pytest.MonkeyPatch) -> None:
    import voicecoach.mp3.session_file as session_file

    variants.fill(tmp_path, "a", "b")
    files = SessionFiles()
    first = read_folder(tmp_path, NOW, files)
    seen: list[str] = []
    tagged = session_file.read_tagged
    monkeypatch.setattr(session_file, "read_tagged", lambda path: seen.append(path.name) or tagged(path))
    assert read_folder(tmp_path, NOW, files) == first
    assert seen == []
    variants.write(tmp_path / "b.mp3", "Rebuilt")
    again = read_folder(tmp_path, NOW, files)
    assert seen == ["b.mp3"]
    assert again.feed is not None
    assert {e.name: e.title for e in again.feed.episodes} == {"a": "a", "b": "Rebuilt"}
    (tmp_path / "b.mp3").unlink()
    assert read_folder(tmp_path, NOW, files).feed is not None
    assert len(files._known) == 1


def test_touching_a_session_changes_nothing(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a", "b")
    first = read(tmp_path)
    keep(tmp_path, first)
    age(tmp_path / "a.mp3", NOW - dt.timedelta(hours=1))
    assert read(tmp_path) == first


def test_a_file_that_cannot_be_opened(tmp_path: Path, variants: Variants, monkeypatch: pytest.MonkeyPatch) -> None:
    path = variants.write(tmp_path / "a.mp3")

    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("voicecoach.mp3.session_file.read_tagged", refuse)
    with pytest.raises(SessionFileError, match="may not be read"):
        SessionFiles().read(path)


def test_nothing_is_written(tmp_path: Path, variants: Variants) -> None:
    variants.fill(tmp_path, "a", "week 1/b")
    before = sorted(tmp_path.rglob("*"))
    read(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
