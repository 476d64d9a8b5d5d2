"""The cache: what is put is given back, damage and dead writers leave nothing half, and the limit is kept."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import voicecoach.cache.folder
from voicecoach.cache import IN_USE_S, Cache, key_of
from voicecoach.errors import EXIT_USAGE, OutputError

BIG = 10**9


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache", BIG)


def files(cache: Cache, ending: str = ".clip") -> list[Path]:
    return sorted(cache.folder.rglob(f"*{ending}"))


def age(path: Path, idle_s: float) -> None:
    then = time.time() - idle_s
    os.utime(path, (then, then))


def put_aged(cache: Cache, name: str, size_bytes: int, idle_s: float) -> str:
    """Keep an entry that was last used so long ago."""
    key, before = key_of(name), set(files(cache))
    cache.put(key, bytes(size_bytes))
    (path,) = set(files(cache)) - before
    age(path, idle_s)
    return key


@pytest.mark.parametrize("content", [b"", b"x", bytes(range(256)) * 5000], ids=["empty", "a byte", "a megabyte"])
def test_what_is_put_is_given_back(cache: Cache, content: bytes) -> None:
    key = key_of("a")
    assert cache.get(key) is None
    cache.put(key, content)
    assert cache.get(key) == content
    assert Cache(cache.folder, BIG).get(key) == content, "another process finds it too"
    assert files(cache, ".part") == []


def test_the_last_put_counts(cache: Cache) -> None:
    cache.put(key_of("a"), b"one")
    cache.put(key_of("a"), b"two")
    assert cache.get(key_of("a")) == b"two"
    assert cache.stats().entries == 1


def test_keys_do_not_run_into_one_another() -> None:
    parts = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("", "abc"), ("1:a",), ("a",), ()]
    assert len({key_of(*p) for p in parts}) == len(parts)
    assert key_of("ä", "b") == key_of("ä", "b")


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: flip(data, 0), id="first byte flipped"),
        pytest.param(lambda data: flip(data, 40), id="a byte of the content flipped"),
        pytest.param(lambda data: flip(data, len(data) - 1), id="last byte flipped"),
        pytest.param(lambda data: data[:-1], id="cut by a byte"),
        pytest.param(lambda data: data[:32], id="cut to the checksum"),
        pytest.param(lambda data: data[:7], id="cut in the checksum"),
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: data + b"x", id="a byte too many"),
        pytest.param(lambda data: bytes(len(data)), id="zeros, as after a power cut"),
    ],
)
def test_a_damaged_entry_is_taken_away(cache: Cache, damage) -> None:
    key = key_of("a")
    cache.put(key, b"some content that is longer than its checksum")
    (path,) = files(cache)
    path.write_bytes(damage(path.read_bytes()))
    assert cache.get(key) is None
    assert not path.exists()
    cache.put(key, b"anew")
    assert cache.get(key) == b"anew"


HAMMER = """
import sys, time
from pathlib import Path
from voicecoach.cache import Cache, key_of
folder, go, mine = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
cache = Cache(folder, 10**9)
print("ready", flush=True)
while not go.exists():
    time.sleep(0.001)
for turn in range(5):
    for number in range(40):
        for name in (f"shared {number}", f"{mine} {number}"):
            content = name.encode() * 500
            kept = cache.get(key_of(name))
            assert kept in (None, content), name
            cache.put(key_of(name), content)
            assert cache.get(key_of(name)) == content, name
"""


def test_several_processes_at_once(cache: Cache, tmp_path: Path) -> None:
    go = tmp_path / "go"
    command = [sys.executable, "-c", HAMMER, str(cache.folder), str(go)]
    running = [
        subprocess.Popen([*command, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for name in ("first", "second", "third")
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    go.touch()
    for process in running:
        _, told = process.communicate(timeout=60)
        assert process.returncode == 0, told
    for name in ("shared", "first", "second", "third"):
        for number in range(40):
            assert cache.get(key_of(f"{name} {number}")) == f"{name} {number}".encode() * 500
    assert cache.stats().entries == 4 * 40
    assert files(cache, ".part") == []


KILLED = """
import os, sys
from pathlib import Path
import voicecoach.cache.folder
voicecoach.cache.folder._move = lambda part, path: os._exit(7)  # as if killed: nothing is tidied up
voicecoach.cache.Cache(Path(sys.argv[1]), 10**9).put(voicecoach.cache.key_of("a"), b"never whole")
"""


def test_a_killed_writer_leaves_no_half_entry(cache: Cache) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(cache.folder)], check=False)
    assert ended.returncode == 7
    (part,) = files(cache, ".part")
    assert cache.get(key_of("a")) is None
    assert cache.stats().entries == 0
    assert cache.prune(thorough=True) == 0, "its writer may still be at work"
    age(part, IN_USE_S + 60)
    assert cache.prune(thorough=True) == 1
    assert not part.exists()


def test_a_failing_write_leaves_nothing(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(part: Path, path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(voicecoach.cache.folder, "_move", full)
    with pytest.raises(OutputError, match="No space left"):
        cache.put(key_of("a"), b"x")
    assert files(cache, "") == [path for path in files(cache, "") if path.is_dir()]


def test_prune_keeps_to_the_limit_and_removes_the_least_recently_used_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 3500)
    keys = [put_aged(cache, str(n), 1000, IN_USE_S + 1000 - 10 * n) for n in range(6)]
    assert cache.prune(thorough=True) == 3
    assert [cache.get(key) is not None for key in keys] == [False, False, False, True, True, True]
    assert cache.stats().size_bytes <= 3500


def test_prune_goes_by_use_and_not_by_making(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 1500)
    first = put_aged(cache, "first", 1000, IN_USE_S + 1000)
    second = put_aged(cache, "second", 1000, IN_USE_S + 500)
    assert cache.get(first) is not None
    assert cache.prune(thorough=True) == 1
    assert cache.get(first) is not None
    assert cache.get(second) is None


def test_prune_spares_what_is_in_use(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 0)
    old = put_aged(cache, "old", 1000, IN_USE_S + 60)
    recent = put_aged(cache, "recent", 1000, IN_USE_S - 60)
    assert cache.prune(thorough=True) == 1
    assert cache.get(old) is None
    assert cache.get(recent) is not None


def test_prune_below_the_limit_removes_nothing(cache: Cache) -> None:
    key = put_aged(cache, "old", 1000, 100 * IN_USE_S)
    assert cache.prune(thorough=True) == 0
    assert cache.get(key) is not None


def test_strange_files_in_the_folder_are_let_be(cache: Cache) -> None:
    cache.put(key_of("a"), b"x")
    stranger = files(cache)[0].with_name("notes.txt")
    stranger.write_text("mine")
    Cache(cache.folder, 0).prune(thorough=True)
    assert cache.clear().entries == 1
    assert stranger.read_text() == "mine"


def test_stats_and_clear(cache: Cache) -> None:
    assert cache.stats().entries == cache.clear().entries == 0, "a folder that is not there is empty"
    assert cache.prune() == cache.prune(thorough=True) == 0
    for name in "abc":
        cache.put(key_of(name), bytes(1000))
    stats = cache.stats()
    assert (stats.folder, stats.entries, stats.limit_bytes) == (cache.folder, 3, BIG)
    assert 3000 <= stats.size_bytes <= 3200
    assert cache.clear() == stats
    assert cache.stats().entries == 0
    assert [cache.get(key_of(name)) for name in "abc"] == [None] * 3


def test_clearing_while_another_writes_does_it_no_harm(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    move = voicecoach.cache.folder._move

    def cleared_meanwhile(part: Path, path: Path) -> None:
        Cache(cache.folder, BIG).clear()
        move(part, path)

    monkeypatch.setattr(voicecoach.cache.folder, "_move", cleared_meanwhile)
    cache.put(key_of("a"), b"kept")
    assert cache.get(key_of("a")) == b"kept"


@pytest.mark.parametrize("inside", ["", "deeper/down"])
def test_a_folder_that_cannot_be_written(tmp_path: Path, inside: str) -> None:
    (tmp_path / "file").write_text("a file stands where the folder should be")
    cache = Cache(tmp_path / "file" / inside, BIG)
    with pytest.raises(OutputError, match="the cache cannot be written") as caught:
        cache.put(key_of("a"), b"x")
    assert caught.value.exit_code == EXIT_USAGE
    assert "VOICECOACH_CACHE" in str(caught.value)
    assert "--no-cache" in str(caught.value)
    assert cache.get(key_of("a")) is None
    assert cache.stats().entries == cache.prune(thorough=True) == 0


def test_what_is_added_first_stays(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 10**6)
    assert cache.add("ab" * 32, b"one") == b"one"
    assert cache.add("ab" * 32, b"other") == b"one"
    cache.put("ab" * 32, b"other")
    assert cache.get("ab" * 32) == b"other"
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".clip"], "nothing half-written is left"


def test_of_two_that_add_at_once_one_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path, 10**6)
    monkeypatch.setattr(Cache, "get", lambda self, key: None)  # both looked before either had written
    assert cache.add("ab" * 32, b"one") == b"one"
    cache.add("ab" * 32, b"other")
    monkeypatch.undo()
    assert cache.get("ab" * 32) == b"one"


def test_where_there_are_no_hard_links_the_last_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert Cache(tmp_path, 10**6).add("ab" * 32, b"one") == b"one"
