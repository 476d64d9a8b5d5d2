"""A cache keeps to its limit, whoever writes to it, and looks only when there is a reason."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import voicecoach.cache.folder
from voicecoach.cache import IN_USE_S, Cache, Inspection, key_of
from voicecoach.cache.folder import LOOK_S

LIMIT = 100_000


@pytest.fixture
def walks(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every walk through a cache."""
    seen: list[Path] = []
    walk = Cache._files

    def noted(self: Cache):
        seen.append(self.folder)
        return walk(self)

    monkeypatch.setattr(Cache, "_files", noted)
    return seen


def put(cache: Cache, *names: object, size_bytes: int = 1000, idle_s: float = 0) -> None:
    for name in names:
        cache.put(key_of(str(name)), bytes(size_bytes))
        if idle_s:
            path = cache._path(key_of(str(name)))
            os.utime(path, (time.time() - idle_s,) * 2)


def test_nobody_looks_without_need(tmp_path: Path, walks: list[Path]) -> None:
    cache = Cache(tmp_path, LIMIT)
    put(cache, *range(10))
    cache.prune()
    assert len(walks) == 1, "nobody knew how large it is"
    for turn in range(20):
        put(cache, f"more {turn}")
        Cache(tmp_path, LIMIT).prune()
        assert cache.prune() == 0
    assert len(walks) == 1, "it is far from its limit"
    put(cache, "large", size_bytes=LIMIT)
    cache.prune()
    assert len(walks) == 2, "it may be beyond its limit"
    put(cache, "small", size_bytes=LIMIT // 100)
    cache.prune()
    assert len(walks) == 2, "it was looked at a moment ago"
    put(cache, "small", size_bytes=LIMIT // 50)
    cache.prune()
    assert len(walks) == 3
    assert cache.prune(thorough=True) == 0
    assert len(walks) == 4


def test_what_others_write_counts(tmp_path: Path) -> None:
    caches = [Cache(tmp_path, LIMIT) for _ in range(4)]
    caches[0].prune(thorough=True)
    for number in range(30):
        for at, cache in enumerate(caches):
            put(cache, f"{at} {number}", idle_s=IN_USE_S + 200 - number)
            cache.prune()
            assert cache.stats().size_bytes <= LIMIT * 1.015
    assert cache.stats().size_bytes > LIMIT * 0.9
    assert caches[0].get(key_of("3 29")) is not None
    assert caches[0].get(key_of("0 0")) is None


def test_once_a_day_somebody_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path, LIMIT)
    put(cache, "a")
    cache.prune()
    part = tmp_path / "clips" / "ab" / "left.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")
    assert cache.prune() == 0
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LOOK_S + 60)
    assert cache.prune() == 1
    assert not part.exists()
    assert cache.prune() == 0


@pytest.mark.parametrize("damage", [b"", b"x y\n", b"\xff\xfe", b"1\n", b"0 0\n" + b"1\n" * 40_000])
def test_a_strange_note_of_its_size(tmp_path: Path, damage: bytes, walks: list[Path]) -> None:
    cache = Cache(tmp_path, LIMIT)
    put(cache, "a", "b")
    cache.prune()
    (tmp_path / "size").write_bytes(damage)
    before = len(walks)
    cache.prune()
    assert len(walks) == before + 1
    cache.prune()
    assert len(walks) == before + 1


def test_clearing_forgets_its_size(tmp_path: Path, walks: list[Path]) -> None:
    cache = Cache(tmp_path, LIMIT)
    put(cache, *range(200))
    cache.prune()
    cache.clear()
    put(cache, *range(50))
    cache.prune()
    before = len(walks)
    put(cache, *range(50, 60))
    cache.prune()
    assert len(walks) == before


def test_what_is_written_while_another_looks_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, other = Cache(tmp_path, LIMIT), Cache(tmp_path, LIMIT)
    cache.prune(thorough=True)
    walk = Cache._files

    def meanwhile(self: Cache):
        yield from walk(self)
        monkeypatch.setattr(Cache, "_files", walk)
        put(other, "meanwhile", size_bytes=5000)
        other.prune()

    monkeypatch.setattr(Cache, "_files", meanwhile)
    cache.prune(thorough=True)
    grown = cache._growth.grown()
    assert grown is not None
    assert grown.counted_bytes + grown.since_bytes >= 5000


def test_a_crowded_cache_lets_go_sooner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voicecoach.cache.folder, "CROWDED_BYTES", 1)
    cache = Cache(tmp_path, LIMIT)
    put(cache, *range(150), idle_s=300)
    assert cache.prune(thorough=True) == 0, "all are in use, and it is not yet twice as large as it may be"
    put(cache, *range(150, 300), idle_s=300)
    cache.prune(thorough=True)
    assert LIMIT < cache.stats().size_bytes <= 2 * LIMIT
    put(cache, *range(300, 600), idle_s=60)
    cache.prune(thorough=True)
    assert cache.stats().size_bytes > 3 * LIMIT - 10_000, "what was used a minute ago stays all the same"


def test_an_entry_used_meanwhile_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path, 0)
    put(cache, "a", idle_s=IN_USE_S + 60)
    walk = Cache._files

    def used(self: Cache):
        yield from list(walk(self))
        assert Cache(tmp_path, 0).get(key_of("a")) is not None

    monkeypatch.setattr(Cache, "_files", used)
    assert cache.prune(thorough=True) == 0
    assert cache.get(key_of("a")) is not None


HAMMER = """
import random, sys
from pathlib import Path
import voicecoach.cache.folder
from voicecoach.cache import Cache, key_of
voicecoach.cache.folder.IN_USE_S = voicecoach.cache.folder.CROWDED_S = -1  # nothing is spared: the worst case
cache, chance = Cache(Path(sys.argv[1]), int(sys.argv[2])), random.Random(sys.argv[3])
found = 0
for turn in range(60):
    for number in (turn, chance.randrange(60)):
        content = f"{number:04}".encode() * 300
        kept = cache.get(key_of(str(number)))
        assert kept in (None, content), number
        found += kept is not None
        if kept is None or chance.random() < 0.2:
            cache.put(key_of(str(number)), content)
    cache.prune()
assert cache.counts.damaged == 0
print(found)
"""


def test_eight_processes_keep_to_a_small_limit(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HAMMER, str(tmp_path), str(20_000)]
    running = [
        subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for n in range(8)
    ]
    cache, largest = Cache(tmp_path, 20_000), 0
    while any(process.poll() is None for process in running):
        largest = max(largest, cache.stats().size_bytes)
        time.sleep(0.02)
    for process in running:
        out, errors = process.communicate()
        assert process.returncode == 0, errors
        assert int(out) > 0, "something was found again"
    # Beyond the limit: a quarter of it, and of each process two entries and what it writes until it waits.
    assert largest <= 40_000
    cache.prune(thorough=True)
    assert cache.stats().size_bytes <= 20_000
    assert cache.verify().damaged == 0


def test_verify_finds_what_is_damaged(tmp_path: Path) -> None:
    cache = Cache(tmp_path, LIMIT)
    assert cache.verify() == Inspection()
    put(cache, *range(5))
    assert cache.verify() == Inspection(entries=5, size_bytes=5 * 1032)
    cut, flipped, *_ = sorted(tmp_path.glob("clips/*/*.clip"))
    cut.write_bytes(cut.read_bytes()[:-7])
    flipped.write_bytes(b"\1" + flipped.read_bytes()[1:])
    fresh, left = cut.with_name("fresh.part"), cut.with_name("left.part")
    for part in (fresh, left):
        part.write_bytes(b"half")
    os.utime(left, (time.time() - IN_USE_S - 60,) * 2)
    used = [path.stat().st_mtime for path in sorted(tmp_path.glob("clips/*/*.clip"))][2:]
    found = cache.verify()
    assert found == Inspection(entries=3, size_bytes=3 * 1032, damaged=2, damaged_bytes=2 * 1032 - 7, stale=1)
    assert sorted(path.name for path in tmp_path.glob("clips/*/*.part")) == ["fresh.part"], "it is being written"
    assert [path.stat().st_mtime for path in sorted(tmp_path.glob("clips/*/*.clip"))] == used, "reading is no use"
    assert cache.verify() == Inspection(entries=3, size_bytes=3 * 1032)
