"""A place: the same promises on this disk, in memory and on S3."""

from __future__ import annotations

import itertools
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import voicecoach.cache.far
from tests.cache.s3_server import s3_bucket, s3_url
from voicecoach.cache import Place
from voicecoach.errors import EXIT_FAULTS, EXIT_USAGE, StoreError, UsageError

__all__ = ["s3_bucket", "s3_url"]

_NUMBERS = itertools.count()


@pytest.fixture(params=["path", "file", "memory", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "path":
        return Place(tmp_path / "a place")
    if request.param == "file":
        return Place((tmp_path / "a place").as_uri())
    if request.param == "memory":
        return Place(f"memory://place-{next(_NUMBERS)}/in")
    return Place(f"{request.getfixturevalue('s3_bucket')}/deep/in")


def test_what_is_written_is_read(place: Place) -> None:
    assert place.read("a/b.txt") is None
    for content in (b"", b"one", bytes(range(256)) * 2000, b"two"):
        place.write("a/b.txt", content)
        assert place.read("a/b.txt") == content
    place.write("c", b"12345")
    assert place.names() == ["a/b.txt", "c"]
    assert place.names("a/") == place.names("a/b") == ["a/b.txt"]
    assert place.names("b") == place.names("none/at/all") == []
    assert place.sizes() == {"a/b.txt": 3, "c": 5}
    place.touch("c")
    place.touch("not there")
    assert place.read("c") == b"12345"
    assert place.names() == ["a/b.txt", "c"]
    assert all(one.modified_s > 1.7e9 for one in place.listing())
    place.remove("c")
    place.remove("c")
    place.remove("c/d")
    assert place.names() == ["a/b.txt"]


def test_another_object_sees_the_same(place: Place) -> None:
    place.write("x", b"1")
    other = pickle.loads(pickle.dumps(place))
    assert other == place
    assert other.read("x") == b"1"
    other.write("x", b"2")
    assert place.read("x") == b"2", "nothing is remembered that others may have changed"
    assert place.sizes() == other.sizes() == {"x": 1}
    other.write("y", b"")
    assert place.names() == ["x", "y"]


def test_a_file_is_put(place: Place, tmp_path: Path) -> None:
    local = tmp_path / "session.mp3"
    local.write_bytes(bytes(300_000))
    place.put_file("week 1/1 morning.mp3", local)
    assert place.sizes() == {"week 1/1 morning.mp3": 300_000}
    assert place.read("week 1/1 morning.mp3") == bytes(300_000)
    with pytest.raises(OSError, match="nowhere"):
        place.put_file("x", tmp_path / "nowhere")
    assert place.names() == ["week 1/1 morning.mp3"]


def test_of_many_that_create_one_does(place: Place) -> None:
    assert place.create("first", b"1")
    assert not place.create("first", b"2")
    assert place.read("first") == b"1"
    places = [place, pickle.loads(pickle.dumps(place))] if "memory" not in place.address else [place]
    with ThreadPoolExecutor(6) as pool:
        for turn in range(4):
            tries = [pool.submit(places[n % len(places)].create, f"claims/{turn}", f"{n}".encode()) for n in range(6)]
            won = [n for n, one in enumerate(tries) if one.result()]
            assert len(won) == 1
            assert place.read(f"claims/{turn}") == f"{won[0]}".encode()


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a/", "a\\b", "C:/x", "a\0b", "."]
)
def test_no_name_leads_out(tmp_path: Path, name: str) -> None:
    place = Place(tmp_path / "in")
    calls: list[Callable[[], object]] = [
        lambda: place.read(name),
        lambda: place.write(name, b"x"),
        lambda: place.create(name, b"x"),
        lambda: place.put_file(name, Path(__file__)),
        lambda: place.remove(name),
        lambda: place.touch(name),
    ]
    for call in calls:
        with pytest.raises(UsageError, match="is no name of a file in"):
            call()
    assert list(tmp_path.iterdir()) == []


def test_where_it_is(tmp_path: Path) -> None:
    for address in (str(tmp_path), tmp_path.as_uri(), f"file:{tmp_path}", f"file://localhost{tmp_path}"):
        place = Place(address)
        assert place.is_local
        assert place.local_path() == tmp_path
        assert place.local_path("a/b") == tmp_path / "a" / "b"
    spaced = tmp_path / "mit Leerzeichen & ü"
    assert Place(spaced.as_uri()).local_path() == spaced
    far = Place("memory://x")
    assert not far.is_local
    with pytest.raises(ValueError, match="not on this machine"):
        far.local_path("a")


@pytest.mark.parametrize(
    ("address", "message", "hint"),
    [
        ("", "empty address", "s3://bucket/folder"),
        ("s3:bucket/x", "'s3:bucket/x' is no address", "s3://bucket/x"),
        ("file://server/share", "another machine", "file:///"),
        ("nosuch://x", "Protocol not known: nosuch", ""),
        ("gs://bucket/x", "a package that is not installed", "pip install gcsfs"),
    ],
)
def test_what_is_no_address(address: str, message: str, hint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(UsageError, match=message) as caught:
        Place(address)
    assert caught.value.exit_code == EXIT_USAGE
    assert hint in (caught.value.hint or "")


def test_without_fsspec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    Place(tmp_path).write("x", b"a folder needs none")
    with pytest.raises(UsageError, match="needs fsspec") as caught:
        Place("s3://bucket/x")
    assert caught.value.hint == "pip install 'voicecoach[dask]'"


def test_a_password_is_not_told() -> None:
    with pytest.raises(UsageError) as caught:
        Place("nosuch://anna:secret@host/x")
    assert "secret" not in str(caught.value)
    assert "anna:***@host" in str(caught.value)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path)
    place.write("a", b"before")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left") as caught:
        place.write("a", b"after")
    assert caught.value.exit_code == EXIT_FAULTS
    assert str(tmp_path) in caught.value.message
    assert [path.name for path in tmp_path.rglob("*")] == ["a"]
    assert place.read("a") == b"before"


def test_what_is_half_written_is_not_listed(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write("a", b"x")
    (tmp_path / ".0123.part").write_bytes(b"half")
    assert place.names() == ["a"]


def test_without_hard_links_the_first_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    place = Place(tmp_path)
    assert place.create("a", b"1")
    assert not place.create("a", b"2")
    assert place.read("a") == b"1"
    assert place.names() == ["a"]


class Flaky:
    """A file system whose first requests fail."""

    def __init__(self, failing: int, error: Exception) -> None:
        self.failing, self.error, self.asked = failing, error, 0

    def cat_file(self, path: str) -> bytes:
        self.asked += 1
        if self.asked <= self.failing:
            raise self.error
        return path.encode()


@pytest.fixture
def flaky(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Exception], tuple[Place, Flaky]]:
    def make(failing: int, error: Exception) -> tuple[Place, Flaky]:
        place, fs = Place("memory://flaky"), Flaky(failing, error)
        monkeypatch.setattr(voicecoach.cache.far.Far, "_at", lambda self: (fs, "root"))
        monkeypatch.setattr(voicecoach.cache.far, "_WAITS_S", (0.0, 0.0, 0.0))
        return place, fs

    return make


def test_what_passes_is_tried_again(flaky: Any) -> None:
    place, fs = flaky(3, ConnectionError("reset by peer"))
    assert place.read("x") == b"root/x"
    assert fs.asked == 4


def test_what_does_not_pass_is_told(flaky: Any) -> None:
    place, fs = flaky(99, ConnectionError("reset by peer"))
    with pytest.raises(StoreError, match=r"memory://flaky cannot be read: reset by peer"):
        place.read("x")
    assert fs.asked == 4


def test_what_is_forbidden_is_not_tried_again(flaky: Any) -> None:
    place, fs = flaky(99, PermissionError("Access Denied"))
    with pytest.raises(StoreError, match="Access Denied"):
        place.read("x")
    assert fs.asked == 1


def test_a_bucket_that_is_not_there(s3_bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place("s3://no-such-bucket/x")
    assert place.read("a") is None
    with pytest.raises(StoreError, match=r"s3://no-such-bucket/x cannot be written: .*bucket"):
        place.write("a", b"x")
    with pytest.raises(StoreError, match="there is no such bucket"):
        place.names()


FORKED = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
from voicecoach.cache import Place
place = Place(sys.argv[1])
place.write("from the parent", b"1")
with ThreadPoolExecutor(4) as pool:
    assert list(pool.map(place.read, ["from the parent"] * 8)) == [b"1"] * 8
child = os.fork()
if child == 0:
    assert place.read("from the parent") == b"1"
    place.write("from the child", b"2")
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert place.read("from the child") == b"2"
"""


def test_after_a_fork_and_in_threads(s3_bucket: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FORKED, s3_bucket], check=False, timeout=60, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
