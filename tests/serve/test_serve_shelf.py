"""The folder while it changes: sessions built anew, half copied, damaged, taken away; settings; what is kept."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.serve.asking import Connection, Running
from voicecoach.serve.content import ChangedError, FileContent, Stamp

GUID = re.compile(rb"<podcast:guid>([^<]+)</podcast:guid>")
ITEM_GUID = re.compile(rb"<guid [^>]*>([^<]+)</guid>")


def feed(server: Running) -> bytes:
    reply = server.ask("/feed.xml")
    assert reply.status == 200
    return reply.body


def names(server: Running) -> list[str]:
    return sorted(name.decode() for name in re.findall(rb'<enclosure url="[^"]*/([^/"?]+)\.mp3\?', feed(server)))


@pytest.fixture
def other(build_session: Callable[..., Path], tmp_path: Path) -> Path:
    """A session built anew, to be put in place."""
    return build_session(tmp_path / "other.mp3", "Short one", "Another text.", "6 s")


def put(source: Path, target: Path) -> None:
    """Put a file in place at once, as a build does."""
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, part)
    part.replace(target)


def test_a_session_built_anew_is_there_at_once(folder: Path, other: Path, serve: Callable[..., Running]) -> None:
    server = serve(folder)
    old = server.ask("/short.mp3")
    before = feed(server)
    put(other, folder / "short.mp3")
    new = server.ask("/short.mp3")  # not after a second: what the table says is no longer what lies there
    assert new.body == other.read_bytes() != old.body
    assert new["etag"] != old["etag"]
    after = feed(server)
    digest = hashlib.sha256(new.body).hexdigest()[:12].encode()
    assert b"short.mp3?v=" + digest in after
    assert ITEM_GUID.findall(before) == ITEM_GUID.findall(after)
    assert before.count(b"day%202.mp3?v=") == after.count(b"day%202.mp3?v=") == 1
    assert re.findall(rb"day%202\.mp3\?v=\w+", before) == re.findall(rb"day%202\.mp3\?v=\w+", after)
    old_url = re.search(rb"/short\.mp3\?v=\w+", before)
    assert old_url
    late = server.ask(old_url[0].decode())
    assert (late.body, late["cache-control"]) == (new.body, "no-cache"), "an old address has the new file, not for good"


def test_a_part_of_the_old_one_is_not_joined_to_the_new(
    folder: Path, other: Path, serve: Callable[..., Running]
) -> None:
    server = serve(folder)
    os.utime(folder / "short.mp3", (1_700_000_000, 1_700_000_000))
    server.until(lambda: (server.ask("/short.mp3")["last-modified"] or "").startswith("Tue, 14 Nov 2023"))
    old = server.ask("/short.mp3")
    put(other, folder / "short.mp3")
    for validator in (old["etag"] or "", old["last-modified"] or ""):
        reply = server.ask("/short.mp3", range="bytes=100-", if_range=validator)
        assert (reply.status, reply.body) == (200, other.read_bytes())
        assert server.ask("/short.mp3", if_none_match=validator).status == 200


def test_who_downloads_the_old_one_gets_it_whole(
    long_session: Path, folder: Path, other: Path, serve: Callable[..., Running]
) -> None:
    shutil.copyfile(long_session, folder / "long.mp3")
    old = long_session.read_bytes()
    assert len(old) > 7_000_000
    server = serve(folder)
    with Connection(server.port, slow=True) as connection:
        connection.send(server.request("/long.mp3"))
        while len(connection.left) < 100_000:
            assert connection.more()
        put(other, folder / "long.mp3")
        assert server.ask("/long.mp3").body == other.read_bytes()
        assert connection.reply().body == old


def test_a_file_that_is_written_over_is_broken_off(
    long_session: Path, folder: Path, serve: Callable[..., Running]
) -> None:
    """Old and new bytes in one answer would be taken for a good file."""
    path = Path(shutil.copyfile(long_session, folder / "long.mp3"))
    size = path.stat().st_size
    server = serve(folder)
    with Connection(server.port, slow=True) as connection:
        connection.send(server.request("/long.mp3"))
        while len(connection.left) < 50_000:
            assert connection.more()
        with path.open("r+b") as file:
            file.write(b"\0" * size)
        with pytest.raises(AssertionError, match="too soon"):
            connection.reply()
    assert server.ask("/short.mp3").status == 200


def test_a_new_session_and_one_taken_away(folder: Path, other: Path, serve: Callable[..., Running]) -> None:
    server = serve(folder)
    assert names(server) == ["%C3%9Cbung%20%231", "day%202", "short"]
    put(other, folder / "new.mp3")
    server.until(lambda: "new" in names(server))
    assert server.ask("/feed/new.vtt").status == 200
    (folder / "short.mp3").unlink()
    assert server.ask("/short.mp3").status == 404
    server.until(lambda: "short" not in names(server))
    assert server.ask("/feed/short.vtt").status == 404
    assert server.ask("/play/short.html").status == 404


def test_half_copied(folder: Path, other: Path, serve: Callable[..., Running]) -> None:
    """While a session is on its way, the feed stays as it was; then it has the new one."""
    server = serve(folder)
    before, data = feed(server), other.read_bytes()
    target = folder / "short.mp3"
    with target.open("wb") as file:
        file.write(data[: len(data) // 2])
        file.flush()
        time.sleep(1.2)
        assert feed(server) == before
        assert server.ask("/short.mp3").status == 503
        assert server.ask("/week%201/day%202.mp3").status == 200
        file.write(data[len(data) // 2 :])
    server.until(lambda: server.ask("/short.mp3").body == data)
    assert hashlib.sha256(data).hexdigest()[:12].encode() in feed(server)


def test_a_damaged_session_is_left_out_and_told(folder: Path, serve: Callable[..., Running]) -> None:
    path = folder / "short.mp3"
    data = bytearray(path.read_bytes())
    data[-2000] ^= 0xFF
    path.write_bytes(data)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    (folder / "cut.mp3").write_bytes((folder / "Übung #1.mp3").read_bytes()[:-1000])
    (folder / "song.mp3").write_bytes(b"ID3\x03\0\0\0\0\0\0nothing of ours")
    server = serve(folder)
    assert names(server) == ["%C3%9Cbung%20%231", "day%202"]
    for name in ("short", "cut", "song"):
        assert server.ask(f"/{name}.mp3").status == 404
        assert any(f"'{name}.mp3'" in told for told in server.told), server.told
    told = len(server.told)
    time.sleep(1.1)
    server.ask("/feed.xml")
    assert len(server.told) == told, "it is told once"


def test_settings_with_a_fault_leave_the_last_good_feed(folder: Path, serve: Callable[..., Running]) -> None:
    (folder / "feed.yaml").write_text("title: Good\n", encoding="utf-8")
    server = serve(folder)
    assert b"<title>Good</title>" in feed(server)
    (folder / "feed.yaml").write_text("titel: Bad\n", encoding="utf-8")
    server.until(lambda: server.ask("/feed.xml") and any("unknown-key" in told for told in server.told))
    assert b"<title>Good</title>" in feed(server)
    (folder / "feed.yaml").write_text("title: Better\n", encoding="utf-8")
    server.until(lambda: b"<title>Better</title>" in feed(server))


def test_a_changed_feed_is_modified(folder: Path, serve: Callable[..., Running]) -> None:
    server = serve(folder)
    for title in ("One", "Two", "Three"):
        (folder / "feed.yaml").write_text(f"title: {title}\n", encoding="utf-8")
        old = server.ask("/feed.xml")
        server.until(lambda t=title: f"<title>{t}</title>".encode() in feed(server))
        for fields in ({"if_none_match": old["etag"] or ""}, {"if_modified_since": old["last-modified"] or ""}):
            assert server.ask("/feed.xml", **fields).status == 200, fields


def test_an_empty_folder_waits_for_its_first_session(
    tmp_path: Path, other: Path, serve: Callable[..., Running]
) -> None:
    (tmp_path / "output").mkdir()
    server = serve(tmp_path / "output")
    for target in ("/", "/feed.xml"):
        reply = server.ask(target)
        assert (reply.status, reply["retry-after"]) == (503, "2")
    assert any("there is no session" in told for told in server.told)
    put(other, tmp_path / "output" / "first.mp3")
    server.until(lambda: server.ask("/feed.xml").status == 200)
    assert server.ask("/first.mp3").body == other.read_bytes()


def test_a_folder_that_goes_and_comes_back(folder: Path, serve: Callable[..., Running]) -> None:
    server = serve(folder)
    before = feed(server)
    folder.rename(folder.with_name("away"))
    time.sleep(1.1)
    assert feed(server) == before
    assert server.ask("/short.mp3").status in {404, 503}
    folder.with_name("away").rename(folder)
    server.until(lambda: server.ask("/short.mp3").status == 200)


def test_it_is_read_at_most_once_a_second_and_only_what_changed(
    folder: Path, other: Path, serve: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    from voicecoach.publish.feed import session_files
    from voicecoach.serve import shelf

    folders: list[float] = []
    files: list[str] = []
    read_folder, digest = shelf.read_folder, session_files._digest

    def counted(*given: object, **more: object) -> object:
        folders.append(time.monotonic())
        return read_folder(*given, **more)  # type: ignore[arg-type]

    def digested(path: Path) -> str:
        files.append(path.name)
        return digest(path)

    monkeypatch.setattr(shelf, "read_folder", counted)
    monkeypatch.setattr(session_files, "_digest", digested)
    server = serve(folder)
    assert sorted(files) == sorted(path.name for path in folder.rglob("*.mp3"))
    server.ask("/feed.xml")
    time.sleep(1.1)
    server.ask("/feed.xml")  # it has written what is kept: it may look once more
    seen, end = len(folders), time.monotonic() + 2.5
    while time.monotonic() < end:
        server.ask("/feed.xml")
    assert len(folders) == seen, "nothing changed"
    files.clear()
    put(other, folder / "short.mp3")
    server.until(lambda: server.ask("/short.mp3").body == other.read_bytes())
    assert set(files) == {"short.mp3"}


def test_what_is_written_all_the_time_does_not_matter(folder: Path, serve: Callable[..., Running]) -> None:
    """A log, or a recording, that grows in the folder."""
    import threading

    ended = threading.Event()

    def grow() -> None:
        with (folder / "recording.mp3").open("ab", buffering=0) as sound, (folder / "log.txt").open("ab") as log:
            while not ended.wait(0.0005):
                sound.write(b"\xff\xfb\x90\0" * 50)
                log.write(b"line\n")

    growing = threading.Thread(target=grow)
    growing.start()
    try:
        server = serve(folder)
        assert len(names(server)) == 3
        time.sleep(1.1)
        assert server.ask("/short.mp3").status == 200
        assert len(names(server)) == 3
    finally:
        ended.set()
        growing.join()


def test_what_is_kept(folder: Path, serve: Callable[..., Running], other: Path) -> None:
    first = serve(folder)
    guid, items = GUID.findall(feed(first)), ITEM_GUID.findall(feed(first))
    first.stop()
    kept = json.loads((folder / "feed" / "kept.json").read_bytes())
    assert kept["guid"].encode() == guid[0]
    put(other, folder / "short.mp3")
    second = serve(folder)
    assert GUID.findall(feed(second)) == guid
    assert sorted(ITEM_GUID.findall(feed(second))) == sorted(items)
    assert sorted(path.name for path in folder.rglob("*") if "mp3" not in path.name) == ["feed", "kept.json", "week 1"]


def test_a_folder_that_cannot_be_written(folder: Path, serve: Callable[..., Running]) -> None:
    (folder / "feed").write_text("in the way", encoding="utf-8")
    server = serve(folder)
    assert len(names(server)) == 3
    assert any("cannot be written" in told for told in server.told)


def test_a_file_by_its_stamp(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    stamp = Stamp.of(path.stat())
    content = FileContent(path, stamp)
    assert (content.size_bytes, content.read(3, 4), content.read(8, 10)) == (10, b"3456", b"89")
    with pytest.raises(ChangedError):
        content.read(10, 1)
    content.close()
    with pytest.raises(ChangedError):
        FileContent(path, stamp._replace(size_bytes=11))
    with pytest.raises(ChangedError):
        FileContent(tmp_path / "none", stamp)
    with pytest.raises(ChangedError):
        FileContent(tmp_path, stamp)
