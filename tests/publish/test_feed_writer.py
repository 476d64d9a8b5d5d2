"""Filling a folder: whole files only, nothing twice, the feed last, and nothing that is not ours."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from voicecoach.errors import OutputError
from voicecoach.model.resource import Resource
from voicecoach.publish.writer import RECORD_FILE, write_resources

MADE: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_made() -> None:
    MADE.clear()


def resource(path: str, data: bytes = b"x", key: str | None = None) -> Resource:
    def make() -> bytes:
        MADE.append(path)
        return data

    return Resource(path, "text/plain", key if key is not None else data.hex(), make)


def table(version: bytes = b"1", *more: str) -> list[Resource]:
    names = ("feed.xml", "feed.opml", "feed/a.vtt", "feed/week 1/b.vtt", "feed/cover.jpg", *more)
    return [resource(name, name.encode() + version) for name in names]


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes and the time of its last change."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def contents(folder: Path) -> dict[str, bytes]:
    return {name: data for name, (data, _) in state(folder).items()}


def test_everything_is_written_the_feed_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda part, to: order.append(to.name) or replace(part, to))
    written = write_resources(tmp_path / "new" / "folder", table())
    assert sorted(written.written) == sorted(one.path for one in table())
    assert (written.kept, written.removed) == ((), ())
    assert [name for name in order if name != ".written.json"][-2:] == ["feed.opml", "feed.xml"]
    assert (tmp_path / "new/folder/feed/week 1/b.vtt").read_bytes() == b"feed/week 1/b.vtt1"


@pytest.mark.parametrize("jobs", [1, 4])
def test_a_second_run_makes_and_writes_nothing(tmp_path: Path, jobs: int) -> None:
    write_resources(tmp_path, table(), jobs=jobs)
    before = state(tmp_path)
    MADE.clear()
    again = write_resources(tmp_path, reversed(table()), jobs=jobs)
    assert (again.written, len(again.kept), again.removed) == ((), 5, ())
    assert MADE == []
    assert state(tmp_path) == before


def test_only_what_is_different_is_made(tmp_path: Path) -> None:
    write_resources(tmp_path, table())
    before = state(tmp_path)
    MADE.clear()
    changed = [resource("feed/a.vtt", b"new"), *(one for one in table() if one.path != "feed/a.vtt")]
    written = write_resources(tmp_path, changed)
    assert (MADE, written.written) == (["feed/a.vtt"], ("feed/a.vtt",))
    after = state(tmp_path)
    assert {name for name in after if after[name] != before[name]} == {"feed/a.vtt", RECORD_FILE}


def test_the_same_bytes_under_another_key_are_not_touched(tmp_path: Path) -> None:
    write_resources(tmp_path, [resource("feed.xml", b"x", "one")])
    before = state(tmp_path)["feed.xml"]
    written = write_resources(tmp_path, [resource("feed.xml", b"x", "two")])
    assert (written.written, state(tmp_path)["feed.xml"]) == ((), before)
    MADE.clear()
    write_resources(tmp_path, [resource("feed.xml", b"x", "two")])
    assert MADE == [], "the new key is known"


@pytest.mark.parametrize("spoil", [Path.unlink, lambda p: p.write_bytes(b"Feed/a.vtt1"), lambda p: p.write_bytes(b"")])
def test_what_somebody_changed_is_mended(tmp_path: Path, spoil: Callable[[Path], Any]) -> None:
    write_resources(tmp_path, table())
    before = contents(tmp_path)
    spoil(tmp_path / "feed/a.vtt")
    assert write_resources(tmp_path, table()).written == ("feed/a.vtt",)
    assert contents(tmp_path) == before


def test_what_nobody_wants_any_more_is_removed(tmp_path: Path) -> None:
    write_resources(tmp_path, table(b"1", "feed/week 2/c.vtt", "play/c.html", "feed/old.vtt"))
    (tmp_path / "feed/mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "feed/old.vtt").write_text("changed by its owner", encoding="utf-8")
    written = write_resources(tmp_path, table())
    assert written.removed == ("feed/week 2/c.vtt", "play/c.html")
    assert not (tmp_path / "feed/week 2").exists()
    assert not (tmp_path / "play").exists()
    assert (tmp_path / "feed/mine.txt").exists()
    assert (tmp_path / "feed/old.vtt").exists(), "it is not ours any more"
    assert write_resources(tmp_path, table()).removed == ()


def test_some_may_be_spared(tmp_path: Path) -> None:
    write_resources(tmp_path, table(b"1", "play/c.html", "feed/c.vtt"))
    written = write_resources(tmp_path, table(), spare=lambda path: path.startswith("play/"))
    assert written.removed == ("feed/c.vtt",)
    assert write_resources(tmp_path, table()).removed == ("play/c.html",), "it is still known as ours"


def test_what_is_removed_was_named_by_no_feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_resources(tmp_path, table(b"1", "feed/c.vtt"))
    unlink = Path.unlink

    def check(path: Path, missing_ok: bool = False) -> None:
        if path.name == "c.vtt":
            assert (tmp_path / "feed.xml").read_bytes() == b"feed.xml2"
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", check)
    assert write_resources(tmp_path, table(b"2")).removed == ("feed/c.vtt",)


class _StopError(BaseException):
    """As Ctrl-C, or as if the process were gone."""


@pytest.mark.parametrize("fault", [_StopError(), OSError(errno.ENOSPC, "No space left on device")])
@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("before_moving", [True, False])
def test_whenever_it_ends_every_file_is_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException, jobs: int, before_moving: bool
) -> None:
    new = [*table(b"2"), resource("feed/new.vtt", b"n")]
    replace = Path.replace
    for moment in range(20):
        folder = tmp_path / str(moment)
        write_resources(folder, table(b"1", "feed/gone.vtt"))
        count = 0

        def interrupted(part: Path, to: Path) -> Path:
            nonlocal count
            count += 1
            if count - 1 == moment:  # noqa: B023 - called within this turn
                if not before_moving:
                    replace(part, to)
                raise fault
            return replace(part, to)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", interrupted)
            try:
                write_resources(folder, new, jobs=jobs)
                assert count <= moment
                break
            except (_StopError, OutputError):
                pass
        found = contents(folder)
        assert not [name for name in found if name.endswith(".part")]
        for name in (one.path for one in table()):
            assert found[name] in (name.encode() + b"1", name.encode() + b"2")
        if found["feed.xml"] == b"feed.xml2":
            assert all(found[one.path] == one.make() for one in new)
        else:
            assert "feed/gone.vtt" in found, "the old feed still names it"
        write_resources(folder, new)
        write_resources(tmp_path / f"clean {moment}", new)
        assert contents(folder) == contents(tmp_path / f"clean {moment}")
    else:
        pytest.fail("it never came to its end")


KILLED = """\
import os, sys
from pathlib import Path
from voicecoach.model.resource import Resource
from voicecoach.publish.writer import write_resources

replace, left = Path.replace, [int(sys.argv[2])]

def until_killed(part, to):
    replace(part, to)
    left[0] -= 1
    if not left[0]:
        os._exit(9)

Path.replace = until_killed
names = ("feed/a.vtt", "feed/b.vtt", "feed/c.vtt", "feed.xml")
write_resources(Path(sys.argv[1]), [Resource(name, "text/plain", "1", lambda: b"1") for name in names])
"""


@pytest.mark.parametrize("moves", [1, 2, 4, 5])
def test_what_a_killed_run_wrote_is_known_as_ours(tmp_path: Path, moves: int) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(moves)], check=False, timeout=60)
    assert done.returncode == 9
    assert len(contents(tmp_path)) == moves
    write_resources(tmp_path, [resource("feed.xml")])
    assert set(contents(tmp_path)) == {"feed.xml", RECORD_FILE}


def test_a_resource_that_cannot_be_made_leaves_the_feed(tmp_path: Path) -> None:
    write_resources(tmp_path, table(b"1"))

    def fail() -> bytes:
        raise ValueError("no picture")

    broken = [one for one in table(b"2") if one.path != "feed/cover.jpg"]
    with pytest.raises(ValueError, match="no picture"):
        write_resources(tmp_path, [*broken, Resource("feed/cover.jpg", "image/jpeg", "2", fail)], jobs=3)
    assert (tmp_path / "feed.xml").read_bytes() == b"feed.xml1"
    MADE.clear()
    write_resources(tmp_path, table(b"2"))
    assert "feed/a.vtt" not in MADE, "what was made before is not made again"


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    write_resources(tmp_path, table())
    for name in (".feed.xml.999999999.part", "feed/.a.vtt.999999999.part", "feed/.other.txt.999999999.part"):
        (tmp_path / name).touch()
    write_resources(tmp_path, table())
    assert [path.name for path in tmp_path.rglob("*.part")] == [".other.txt.999999999.part"]


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"7", b"{", b'{"feed.xml": 3}', b'{"feed.xml": [1, 2, 3]}', b"\xff\0", b"[" * 100_000, b'{"a": []}'],
)
def test_a_damaged_record_does_no_harm(tmp_path: Path, data: bytes) -> None:
    write_resources(tmp_path, table())
    before = state(tmp_path)
    (tmp_path / RECORD_FILE).write_bytes(data)
    written = write_resources(tmp_path, table())
    assert (written.written, written.removed) == ((), ())
    after = state(tmp_path)
    assert {name: after[name] for name in after if name != RECORD_FILE} == {
        name: before[name] for name in before if name != RECORD_FILE
    }
    assert after[RECORD_FILE][0] == before[RECORD_FILE][0]


def test_a_record_leads_nowhere_else(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"12")
    folder = tmp_path / "in"
    write_resources(folder, table())
    (folder / "elsewhere").symlink_to(tmp_path)
    record = json.loads((folder / RECORD_FILE).read_bytes())
    for name in ("../outside.txt", str(outside), "elsewhere/outside.txt", "feed/../../outside.txt"):
        record[name] = ["k", 2, ""]
    (folder / RECORD_FILE).write_text(json.dumps(record), encoding="utf-8")
    assert write_resources(folder, table()).removed == ()
    assert outside.read_bytes() == b"12"


@pytest.mark.parametrize("path", ["../x", "/tmp/x", "feed/../../x", "", "a\0b"])
def test_nothing_is_written_elsewhere(tmp_path: Path, path: str) -> None:
    with pytest.raises(OutputError, match="outside"):
        write_resources(tmp_path / "in", [resource(path)])
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "in", tmp_path / "out"
    outside.mkdir()
    (outside / "precious").write_bytes(b"1")
    folder.mkdir()
    (folder / "feed.opml").symlink_to(outside / "precious")
    write_resources(folder, table())
    assert (outside / "precious").read_bytes() == b"1"
    assert not (folder / "feed.opml").is_symlink()
    other = tmp_path / "other"
    other.mkdir()
    (other / "feed").symlink_to(outside)
    with pytest.raises(OutputError, match="outside"):
        write_resources(other, table())
    assert [path.name for path in outside.iterdir()] == ["precious"]


@pytest.mark.parametrize(
    ("name", "data", "is_others"),
    [
        ("feed.xml", b'<?xml version="1.0"?><RSS version="2.0"><channel/></RSS>', True),
        ("feed.xml", b'<feed xmlns="http://www.w3.org/2005/Atom"/>', True),
        ("feed.xml", b"<rss><generator>voicecoach 0.1.0</generator></rss>", False),
        ("feed.xml", b"", False),
        ("feed.xml", b"garbage", False),
        ("index.html", b"<!DOCTYPE html><title>My page</title>", True),
    ],
)
def test_somebody_elses_feed_or_page_stays(tmp_path: Path, name: str, data: bytes, is_others: bool) -> None:
    (tmp_path / name).write_bytes(data)
    tables = table(b"1", "index.html")
    if not is_others:
        assert name in write_resources(tmp_path, tables).written
        return
    with pytest.raises(OutputError) as caught:
        write_resources(tmp_path, tables)
    assert name in caught.value.message
    assert caught.value.hint
    assert {key: value for key, value in contents(tmp_path).items() if value} == {name: data}


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "feed").touch()
    with pytest.raises(OutputError, match="cannot write"):
        write_resources(tmp_path, table())
    other = tmp_path / "other"
    (other / "feed.opml").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"feed\.opml"):
        write_resources(other, table())
    assert not list(tmp_path.rglob("*.part"))
    assert not (other / "feed.xml").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir(mode=0o555)
    with pytest.raises(OutputError, match="Permission denied"):
        write_resources(folder, table())


def test_permissions_stay(tmp_path: Path) -> None:
    write_resources(tmp_path, table(b"1"))
    (tmp_path / "feed.xml").chmod(0o640)
    write_resources(tmp_path, table(b"2"))
    assert (tmp_path / "feed.xml").stat().st_mode & 0o777 == 0o640


def test_copies(tmp_path: Path) -> None:
    source, site = tmp_path / "in", tmp_path / "site"
    source.mkdir()
    first = source / "a b.mp3"
    first.write_bytes(b"1" * 1000)
    copies = {"week 1/a b.mp3": first}
    assert "week 1/a b.mp3" in write_resources(site, table(), copies).written
    copy = site / "week 1/a b.mp3"
    assert (copy.read_bytes(), copy.stat().st_mtime_ns) == (first.read_bytes(), first.stat().st_mtime_ns)
    before = state(site)
    assert write_resources(site, table(), copies).written == ()
    os.utime(first, (1, 1))
    assert write_resources(site, table(), copies).written == (), "touched only"
    assert state(site) == before
    first.write_bytes(b"2" * 1000)
    assert write_resources(site, table(), copies).written == ("week 1/a b.mp3",)
    assert copy.read_bytes() == b"2" * 1000
    assert write_resources(site, table(), {}).removed == ("week 1/a b.mp3",)
    assert not (site / "week 1").exists()
    assert first.exists()


def test_two_at_once(tmp_path: Path) -> None:
    """Whoever comes second waits; in the end all files are of one of them."""
    for turn in range(5):
        folder = tmp_path / str(turn)
        threads = [
            threading.Thread(target=write_resources, args=(folder, table(version, *more)))
            for version, more in ((b"1", ("feed/x.vtt",)), (b"2", ("feed/y.vtt",)))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = contents(folder)
        found.pop(RECORD_FILE)
        versions = {data[-1:] for data in found.values()}
        assert len(versions) == 1
        assert set(found) == {one.path for one in table(b"", "feed/x.vtt" if versions == {b"1"} else "feed/y.vtt")}


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_resources(tmp_path, table(), tell=lambda done, of: told.append((done, of)))
    assert told == [(number, 5) for number in range(1, 6)]
