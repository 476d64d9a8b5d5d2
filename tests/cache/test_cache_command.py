"""voicecoach cache: what it tells, what it takes away, and that a damaged entry is told of when it is made anew."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cache.s3_server import s3_bucket, s3_url
from voicecoach.cache import Cache, Place, SharedCache, key_of
from voicecoach.cache.store import entry_name

__all__ = ["s3_bucket", "s3_url"]

Cli = Callable[..., Any]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    """The user's cache, with three entries of 1 MB, not used lately."""
    monkeypatch.setenv("VOICECOACH_CACHE", str(tmp_path / "kept"))
    monkeypatch.setenv("VOICECOACH_CACHE_MB", "7")
    cache = Cache(tmp_path / "kept", 7_000_000)
    for number in range(3):
        cache.put(key_of(str(number)), bytes(1_000_000))
    for path in entries(cache):
        os.utime(path, (1e9, 1e9))
    return cache


def entries(cache: Cache) -> list[Path]:
    return sorted(cache.folder.glob("clips/*/*.clip"))


def test_verify(cli: Cli, kept: Cache) -> None:
    assert cli("cache", "verify") == (0, f"{kept.folder}: 3 entries, 3.0 MB, all sound\n", "")
    entries(kept)[1].write_bytes(bytes(500_000))
    told = f"{kept.folder}: 1 damaged, 0.5 MB, removed; 2 entries, 2.0 MB sound\n"
    assert cli("cache", "verify") == (1, told, "")
    assert cli("cache", "verify") == (0, f"{kept.folder}: 2 entries, 2.0 MB, all sound\n", "")
    entries(kept)[0].with_name("left.part").write_bytes(b"half")
    os.utime(entries(kept)[0].with_name("left.part"), (1e9, 1e9))
    entries(kept)[0].write_bytes(b"")
    ran = cli("cache", "verify", "--json")
    assert ran.code == 1
    assert json.loads(ran.out) == {
        "where": str(kept.folder), "limit_bytes": 7_000_000, "entries": 1, "size_bytes": 1_000_032,
        "damaged": 1, "damaged_bytes": 0, "stale": 1,
    }  # fmt: skip


def test_prune(cli: Cli, kept: Cache) -> None:
    assert cli("cache", "prune").out == f"{kept.folder}: 3 entries, 3.0 MB of at most 7 MB; 0 removed\n"
    ran = cli("cache", "prune", "--limit-mb", "2", "--json")
    told = {"where": str(kept.folder), "limit_bytes": 2_000_000, "entries": 1, "size_bytes": 1_000_032, "removed": 2}
    assert (ran.code, json.loads(ran.out)) == (0, told)
    assert cli("cache", "--json").code == 0
    assert cli("cache").out == f"{kept.folder}: 1 entry, 1.0 MB of at most 7 MB\n"


@pytest.mark.parametrize("sort", ["folder", "s3"])
def test_a_store(cli: Cli, kept: Cache, sort: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    address = str(tmp_path / "store") if sort == "folder" else request.getfixturevalue("s3_bucket") + "/store"
    place = Place(address)
    cache = SharedCache(Cache(tmp_path / "own", 10**9), place)
    cache.put(key_of("a"), bytes(1_000_000))
    place.write(entry_name(key_of("b")), b"damaged")
    assert cli("cache", "show", "--store", address).out == f"{address}: 2 entries, 1.0 MB\n"
    told = f"{address}: 1 damaged, 0.0 MB, removed; 1 entry, 1.0 MB sound\n"
    assert cli("cache", "verify", "--store", address) == (1, told, "")
    pruned = cli("cache", "prune", "--store", address, "--limit-mb", "0")
    assert pruned.out == f"{address}: 1 entry, 1.0 MB of at most 0 MB; 0 removed\n", "it was written just now"
    assert cli("cache", "clear", "--store", address).out == f"cleared 1 entry, 1.0 MB, from {address}\n"
    assert place.names() == []
    assert len(entries(kept)) == 3, "the machine's own is another"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("prune", "--store", "x"), "--limit-mb 50000"),
        (("verify", "--limit-mb", "3"), "goes with 'prune'"),
        (("show", "--store", "s3:bucket"), "s3://bucket"),
        (("burn",), "burn"),
    ],
)
def test_wrong_use(cli: Cli, kept: Cache, arguments: tuple[str, ...], message: str) -> None:
    ran = cli("cache", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_a_damaged_entry_is_told_of(cli: Cli, kept: Cache, tmp_path: Path) -> None:
    routine, target = tmp_path / "short.yaml", tmp_path / "short.mp3"
    routine.write_text("title: Short\nsteps:\n  - say: Welcome.\n  - rest: 6s\n  - say: That was all.\n")
    command = ("build", routine, "--voice", "fake", "-o", target)
    old = set(entries(kept))
    assert "cache" not in cli(*command).err
    whole, new = target.read_bytes(), sorted(set(entries(kept)) - old)
    for path in (path for path in new if path.stat().st_size > 1000):
        path.write_bytes(path.read_bytes()[:-1])
    ran = cli(*command)
    assert ran.code == 0
    assert ran.err.splitlines()[-1].endswith("entries of the cache were damaged, and made anew")
    assert target.read_bytes() == whole
    assert "cache" not in cli(*command).err
