"""Machines that share a store: what one made none makes again, damage is made good, and nothing is lost in silence."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import voicecoach.cache.far
import voicecoach.cache.store
from tests.cache.s3_server import environment, new_bucket, s3_bucket, s3_url, serving
from voicecoach.cache import Cache, Counts, Inspection, Kind, Place, SharedCache, key_of
from voicecoach.cache.shared import FRESH_DAYS
from voicecoach.cache.store import clear_store, entry_name, prune_store, store_stats, today, undated, verify_store
from voicecoach.config import Options
from voicecoach.engines.registry import EngineShelf
from voicecoach.errors import StoreError
from voicecoach.library import Library
from voicecoach.pipeline import Workshop, build
from voicecoach.source.nodes import SourceFile

__all__ = ["s3_bucket", "s3_url"]

BIG = 10**9
PATIENCE_S = 60
KEY = key_of("a")
_NUMBERS = itertools.count()


@pytest.fixture(params=["file", "memory", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "file":
        return (tmp_path / "store").as_uri()
    if request.param == "memory":
        return f"memory://store-{next(_NUMBERS)}"
    return f"{request.getfixturevalue('s3_bucket')}/store"


@pytest.fixture
def machine(tmp_path: Path) -> Callable[..., SharedCache]:
    """Give the cache of a machine that nobody else has."""

    def make(store: str | Place, claim_s: float = 10 * PATIENCE_S) -> SharedCache:
        place = store if isinstance(store, Place) else Place(store)
        return SharedCache(Cache(tmp_path / f"machine-{next(_NUMBERS)}", BIG), place, claim_s=claim_s)

    return make


def test_what_one_makes_another_finds(store: str, machine: Callable[..., SharedCache]) -> None:
    place = Place(store)
    one, other = machine(place), machine(place)
    assert one.get(KEY) is None
    one.put(KEY, b"content", kind=Kind.CLIP)
    assert other.get(KEY) == b"content"
    clear_store(place)
    assert other.get(KEY) == b"content", "it is kept here, too"
    assert machine(place).get(KEY) is None
    assert one.counts == Counts(clips=1)
    assert other.counts == Counts(found=2)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: bytes(len(data)),
        lambda data: data[:32] + b"\0\0\0\0" + data[36:],
    ],
    ids=["empty", "cut", "flipped", "zeros", "another day"],
)
def test_what_is_damaged_there_is_made_anew(tmp_path: Path, machine: Callable[..., SharedCache], damage) -> None:
    place = Place(tmp_path / "store")
    one, other = machine(place), machine(place)
    one.put(KEY, b"content")
    place.write(entry_name(KEY), damage(place.read(entry_name(KEY))))
    assert other.get(KEY) is None
    assert place.names() == []
    assert other.counts == Counts(damaged=1)
    other.put(KEY, b"content")
    assert machine(place).get(KEY) == b"content"


def test_what_is_damaged_here_is_taken_from_there(tmp_path: Path, machine: Callable[..., SharedCache]) -> None:
    one = machine(Place(tmp_path / "store"))
    one.put(KEY, b"content")
    one._path(KEY).write_bytes(b"damaged")
    assert one.get(KEY) == b"content"
    assert one.counts.damaged == 1
    assert Cache(one.folder, BIG).get(KEY) == b"content"


def test_of_what_comes_out_otherwise_each_time_all_take_the_first(
    store: str, machine: Callable[..., SharedCache]
) -> None:
    place = Place(store)
    one, other = machine(place), machine(place)
    assert one.add(KEY, b"said so", kind=Kind.CLIP) == b"said so"
    assert other.add(KEY, b"said otherwise", kind=Kind.CLIP) == b"said so"
    assert other.get(KEY) == one.get(KEY) == b"said so"
    place.write(entry_name(KEY), b"damaged")
    assert machine(place).add(KEY, b"said anew") == b"said anew"
    assert machine(place).get(KEY) == b"said anew"


def test_machines_make_each_content_once(store: str, machine: Callable[..., SharedCache]) -> None:
    place = Place(store)
    machines, made = [machine(place) for _ in range(3)], Counter[int]()
    lock = threading.Lock()

    def want(cache: SharedCache, number: int) -> None:
        key = key_of(str(number))
        if cache.get(key) is None:
            with cache.making(key, Kind.REGION):
                if cache.get(key) is None:
                    with lock:
                        made[number] += 1
                    cache.put(key, b"%d" % number, kind=Kind.REGION)
        assert cache.get(key) == b"%d" % number

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(want, cache, number) for number in range(6) for cache in machines * 2]:
            done.result()
    assert made == dict.fromkeys(range(6), 1)
    assert sum(cache.counts.regions for cache in machines) == 6
    assert place.names("claims/") == []


MACHINE = """
import sys, time
from pathlib import Path
from voicecoach.cache import Cache, Kind, Place, SharedCache, key_of
cache = SharedCache(Cache(Path(sys.argv[1]), 10**9), Place(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(6):
    key, content = key_of(str(number)), str(number).encode() * 1000
    if cache.get(key) is None:
        with cache.making(key, Kind.CLIP):
            if cache.get(key) is None:
                cache.put(key, content, kind=Kind.CLIP)
    assert cache.get(key) == content
print(cache.counts.clips, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("store", ["file", "s3"], indirect=True)
def test_processes_of_several_machines_make_each_content_once(store: str, tmp_path: Path) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", MACHINE, str(tmp_path / f"local-{number % 2}"), store],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number in range(3)
    ]  # fmt: skip
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", process.communicate()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    made = 0
    for process in running:
        out, errors = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, errors
        made += int(out)
    assert made == 6
    assert verify_store(Place(store)).entries == 6


def test_a_dead_machine_is_not_waited_for_long(store: str, machine: Callable[..., SharedCache]) -> None:
    place, entered = Place(store), list[bytes | None]()
    place.create(f"claims/{KEY}", b"whoever was killed")
    cache = machine(place, claim_s=0.2)

    def make() -> None:
        with cache.making(KEY, Kind.CLIP):
            entered.append(cache.get(KEY))
            cache.put(KEY, b"content", kind=Kind.CLIP)

    making = threading.Thread(target=make, daemon=True)
    making.start()
    making.join(PATIENCE_S)
    assert entered == [None]
    assert place.names("claims/") == []
    assert machine(place).get(KEY) == b"content"


def test_who_waits_goes_on_when_it_is_there(tmp_path: Path, machine: Callable[..., SharedCache]) -> None:
    place = Place(tmp_path / "store")
    one, other = machine(place), machine(place)
    found: list[bytes | None] = []

    def wait() -> None:
        with other.making(KEY, Kind.CLIP):
            found.append(other.get(KEY))

    waiting = threading.Thread(target=wait, daemon=True)
    with one.making(KEY, Kind.CLIP):
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        one.put(KEY, b"content", kind=Kind.CLIP)
        waiting.join(PATIENCE_S / 4)
        assert found == [b"content"], "though the claim stands"
    assert place.names("claims/") == []


def test_a_fault_while_making_gives_the_claim_back(tmp_path: Path, machine: Callable[..., SharedCache]) -> None:
    place = Place(tmp_path / "store")

    def fail() -> None:
        with machine(place).making(KEY, Kind.CLIP):
            assert place.names("claims/") == [f"claims/{KEY}"]
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        fail()
    assert place.names("claims/") == []


def test_what_is_used_is_written_again_before_it_is_old(
    store: str, machine: Callable[..., SharedCache], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, then = Place(store), time.time() - (FRESH_DAYS + 1) * 86400
    with monkeypatch.context() as before:
        before.setattr(time, "time", lambda: then)
        machine(place).put(KEY, b"content")
    (_, day) = undated(place.read(entry_name(KEY)) or b"") or (b"", 0)
    assert day == today() - FRESH_DAYS - 1
    assert machine(place).get(KEY) == b"content"
    assert undated(place.read(entry_name(KEY)) or b"") == (b"content", today())


def test_prune_removes_what_was_written_longest_ago(tmp_path: Path, machine: Callable[..., SharedCache]) -> None:
    place, keys = Place(tmp_path / "store"), [key_of(str(number)) for number in range(6)]
    for number, key in enumerate(keys):
        machine(place).put(key, bytes(1000))
        then = time.time() - 100_000 + 100 * number
        os.utime(place.local_path(entry_name(key)), (then, then))
    machine(place).put(key_of("new"), bytes(1000))
    place.create(f"claims/{KEY}", b"x")
    place.create("claims/old", b"x")
    os.utime(place.local_path("claims/old"), (1e9, 1e9))
    place.write("bundles/of another sort", b"x")
    assert store_stats(place).entries == 7
    assert prune_store(place, 4200) == 3
    assert [machine(place).get(key) is not None for key in keys] == [False] * 3 + [True] * 3
    assert prune_store(place, 0) == 3, "what was written just now stays"
    assert machine(place).get(key_of("new")) is not None
    assert place.names("claims/") == [f"claims/{KEY}"]
    assert place.names("bundles/") == ["bundles/of another sort"]


def test_verify_of_a_store(store: str, machine: Callable[..., SharedCache]) -> None:
    place = Place(store)
    assert verify_store(place) == Inspection()
    for number in range(3):
        machine(place).put(key_of(str(number)), bytes(1000))
    place.write(entry_name(KEY), b"damaged")
    sound = Inspection(entries=3, size_bytes=3 * 1036)
    assert verify_store(place) == Inspection(entries=3, size_bytes=3 * 1036, damaged=1, damaged_bytes=7)
    assert verify_store(place) == sound
    assert clear_store(place).entries == 3
    assert store_stats(place).entries == 0


def test_a_store_that_is_gone_is_an_error(machine: Callable[..., SharedCache], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voicecoach.cache.far, "_WAITS_S", (0.01,))
    with serving() as url:
        for name, value in environment(url).items():
            monkeypatch.setenv(name, value)
        bucket = new_bucket(url)
        cache = machine(f"{bucket}/store")
        cache.put(KEY, b"content")
    assert cache.get(KEY) == b"content", "what is here needs no store"
    for call in (
        lambda: cache.get(key_of("b")),
        lambda: cache.put(key_of("b"), b"x"),
        lambda: cache.add(key_of("b"), b"x"),
        lambda: cache.making(key_of("b"), Kind.CLIP).__enter__(),
    ):
        with pytest.raises(StoreError, match=f"{bucket}/store cannot be") as caught:
            call()
        assert "connect" in caught.value.message
    assert Cache(cache.folder, BIG).get(key_of("b")) is None


ROUTINE = "title: Short\nsteps:\n  - say: Welcome.\n  - rest: 6s\n  - say: That was all.\n"


@pytest.mark.slow
@pytest.mark.parametrize("store", ["s3"], indirect=True)
def test_a_second_machine_makes_nothing(store: str, machine: Callable[..., SharedCache], tmp_path: Path) -> None:
    files = []
    for number in range(2):
        cache, target = machine(store), tmp_path / f"{number}.mp3"
        with EngineShelf() as engines:
            shop = Workshop(Library(), engines, cache, Options(voice="fake", jobs=2))
            assert build(SourceFile("short.yaml", ROUTINE), "short", target, shop).session is not None
        files.append(target.read_bytes())
        if number == 0:
            assert cache.counts.clips >= 2
            assert cache.counts.regions >= 1
        else:
            did = cache.counts
            assert (did.clips, did.regions, did.figures, did.damaged) == (0, 0, 0, 0)
            assert did.found > 0
    assert files[0] == files[1]
