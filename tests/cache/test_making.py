"""One at a time makes a content: of threads, of processes, and nobody waits for ever."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from voicecoach.cache import Cache, Counts, Kind, key_of
from voicecoach.cache.locks import STRIPES
from voicecoach.model.session import Outcome

BIG = 10**9
PATIENCE_S = 60


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


MAKE = """
import os, sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from voicecoach.cache import Cache, Kind, key_of
folder, log = Path(sys.argv[1]), os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
cache = Cache(folder, 10**9)
def want(number):
    key, content = key_of(str(number)), str(number).encode() * 1000
    if cache.get(key) is None:
        with cache.making(key, Kind.CLIP):
            if cache.get(key) is None:
                time.sleep(0.005)  # making takes its time, so that others come meanwhile
                os.write(log, f"{number}\\n".encode())
                cache.put(key, content, kind=Kind.CLIP)
    assert cache.get(key) == content
print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(3) as pool:
    list(pool.map(want, [n for n in range(40) for _ in range(2)]))
print(cache.counts.clips, flush=True)
"""


def test_each_content_is_made_once_by_all_processes(tmp_path: Path) -> None:
    log = tmp_path / "made"
    command = [sys.executable, "-c", MAKE, str(tmp_path / "cache"), str(log)]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    told = []
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        out, errors = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, errors
        told.append(int(out))
    made = Counter(log.read_text().split())
    assert made == {str(number): 1 for number in range(40)}
    assert sum(told) == 40


HOLD = """
import sys, time
from pathlib import Path
from voicecoach.cache import Cache, Kind
with Cache(Path(sys.argv[1]), 10**9).making(sys.argv[2], Kind.CLIP):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
def test_a_killed_maker_is_not_waited_for(tmp_path: Path) -> None:
    key = key_of("a")
    holder = start(HOLD, tmp_path, key)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    entered = threading.Event()

    def enter() -> None:
        with Cache(tmp_path, BIG).making(key, Kind.CLIP):
            entered.set()

    waiting = threading.Thread(target=enter, daemon=True)
    waiting.start()
    assert not entered.wait(0.3), "it is being made"
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    assert entered.wait(PATIENCE_S)


def same_stripe(first: str) -> str:
    """A key that shares its lock file with another."""
    stripe = zlib.crc32(first.encode()) % STRIPES
    return next(key for n in range(100_000) if zlib.crc32((key := key_of(str(n))).encode()) % STRIPES == stripe)


def in_time(*todo: Callable[[], None]) -> None:
    """Run each in a thread; all must end, and without a fault."""
    faults: list[BaseException] = []

    def run(one: Callable[[], None]) -> None:
        try:
            one()
        except Exception as fault:  # noqa: BLE001
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(one,), daemon=True) for one in todo]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive(), "it waits for ever"
    assert faults == []


@pytest.mark.parametrize("kind", Kind)
def test_one_within_another_of_the_same_stripe(tmp_path: Path, kind: Kind) -> None:
    cache, key = Cache(tmp_path, BIG), key_of("a")

    def nested() -> None:
        with cache.making(key, kind), cache.making(same_stripe(key), kind), cache.making(key, kind):
            pass
        with cache.making(key, Kind.REGION), cache.making(key, Kind.FIGURES), cache.making(key, Kind.CLIP):
            pass
        with cache.making(key, Kind.CLIP), cache.making(key, Kind.REGION), cache.making(key, Kind.CLIP):
            pass

    in_time(nested, nested, nested)


@pytest.mark.parametrize("objects", [1, 2], ids=["threads", "as two processes"])
def test_no_ring_of_waiting_closes(tmp_path: Path, objects: int) -> None:
    caches = [Cache(tmp_path, BIG) for _ in range(objects)]
    one, other = key_of("one"), key_of("other")
    both_hold = threading.Barrier(2)

    def nested(cache: Cache, first: str, second: str, outer: Kind, inner: Kind) -> None:
        with cache.making(first, outer):
            both_hold.wait(PATIENCE_S)
            with cache.making(second, inner):
                pass

    for outer, inner in ((Kind.CLIP, Kind.CLIP), (Kind.REGION, Kind.REGION)):
        in_time(
            lambda o=outer, i=inner: nested(caches[0], one, other, o, i),  # type: ignore[misc]
            lambda o=outer, i=inner: nested(caches[-1], other, one, o, i),  # type: ignore[misc]
        )
    in_time(
        lambda: nested(caches[0], one, other, Kind.CLIP, Kind.REGION),
        lambda: nested(caches[-1], other, one, Kind.REGION, Kind.CLIP),
    )


def test_a_fault_while_making_lets_the_next_one_in(tmp_path: Path) -> None:
    cache, key = Cache(tmp_path, BIG), key_of("a")

    def failing() -> None:
        with cache.making(key, Kind.CLIP):
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        failing()
    in_time(lambda: cache.making(key, Kind.CLIP).__enter__())


def test_where_no_lock_can_be_had_making_goes_on(tmp_path: Path) -> None:
    (tmp_path / "locks").write_text("a file stands where the folder should be")
    cache, key = Cache(tmp_path, BIG), key_of("a")
    with cache.making(key, Kind.CLIP):
        cache.put(key, b"made", kind=Kind.CLIP)
    assert cache.get(key) == b"made"


def test_what_was_done_is_counted(tmp_path: Path) -> None:
    cache = Cache(tmp_path, BIG)
    for name, kind in (("a", Kind.CLIP), ("b", Kind.REGION), ("c", Kind.REGION), ("d", Kind.FIGURES)):
        cache.put(key_of(name), b"x", kind=kind)
    cache.get(key_of("a"))
    before = cache.counts
    assert before == Counts(clips=1, regions=2, figures=1, found=1)
    next(tmp_path.glob("clips/*/*")).write_bytes(b"damaged")
    assert [cache.get(key_of(name)) for name in "abcd"].count(None) == 1
    cache.add(key_of("e"), b"x", kind=Kind.CLIP)
    assert cache.counts.since(before) == Counts(clips=1, found=4, damaged=1)
    assert before.and_of(cache.counts.since(before)) == cache.counts


ROUTINE = """
title: Short
steps:
  - say: Welcome to the short one.
  - say: Now it goes on.
  - rest: 6s
  - say: That was all.
"""
BUILD = """
import sys
from pathlib import Path
from voicecoach import Cache, EngineShelf, Library, Workshop, build
from voicecoach.config import Options
from voicecoach.source.nodes import SourceFile
with EngineShelf() as engines:
    shop = Workshop(Library(), engines, Cache(Path(sys.argv[1]), 10**9), Options(voice="fake", jobs=2))
    print("ready", flush=True)
    sys.stdin.readline()
    made = build(SourceFile("short.yaml", sys.argv[3]), "short", Path(sys.argv[2]), shop)
    assert made.session is not None, made.faults
    did = shop.cache.counts
    print(did.clips, did.regions, did.figures, flush=True)
"""


def built_at_once(folder: Path, processes: int) -> tuple[list[bytes], int]:
    """Build one routine in so many processes; give their files and what they made in all."""
    targets = [folder / f"{number}.mp3" for number in range(processes)]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", BUILD, str(folder / "cache"), str(target), ROUTINE],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for target in targets
    ]  # fmt: skip
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", process.communicate()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    counts = []
    for process in running:
        out, errors = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, errors
        counts.append(tuple(map(int, out.split())))
    return [target.read_bytes() for target in targets], sum(map(sum, counts))


@pytest.mark.slow
def test_three_builds_at_once_make_everything_once(tmp_path: Path) -> None:
    files, made = built_at_once(tmp_path, 3)
    assert len(set(files)) == 1
    assert made == Cache(tmp_path / "cache", BIG).stats().entries > 5


def test_a_warm_build_takes_no_lock(build_text: Callable[[str], Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    first = build_text(ROUTINE)

    def refuse(self: Cache, key: str, kind: Kind) -> None:
        raise AssertionError(f"a lock was taken for {kind}")

    monkeypatch.setattr(Cache, "making", refuse)
    again = build_text(ROUTINE)
    assert first.session is not None
    assert again.session is not None
    assert again.session.path.read_bytes() == first.session.path.read_bytes()
