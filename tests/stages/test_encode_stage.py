"""encode: a whole new file or the old one, never half of one; and memory that does not grow with the session."""

from __future__ import annotations

import errno
import gc
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voicecoach.config import Encoding
from voicecoach.errors import BrokenPromiseError, EncodeError, OutputError
from voicecoach.model.clip import Clip, Utterance, Voice
from voicecoach.model.routine import Routine
from voicecoach.model.timeline import Chapter, PlacedClip, Timeline, Track
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.mp3.header import read_info
from voicecoach.mp3.id3 import read_tags
from voicecoach.mp3.session_file import read_session
from voicecoach.stages.encode import encode
from voicecoach.stages.mix import mix

FRAMES = 3 * SAMPLE_RATE_HZ
OLD = b"the session of yesterday"
ROUTINE = Routine("x", "A session", (), author="Jane Doe", description="Notes.")


def timeline_of(frames: int = FRAMES, clips: tuple[PlacedClip, ...] = ()) -> Timeline:
    return Timeline("A session", frames, (Track("voice", clips),), (), (Chapter("All", 0, frames),))


def regions(frames: int = FRAMES, region_frames: int = SAMPLE_RATE_HZ) -> Iterator[np.ndarray]:
    for start in range(0, frames, region_frames):
        yield np.zeros((min(region_frames, frames - start), 1), np.float32)


def run(target: Path, pieces: Any = None, timeline: Timeline | None = None, routine: Routine = ROUTINE) -> int:
    return encode(regions() if pieces is None else pieces, timeline or timeline_of(), routine, target, Encoding())


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A session of yesterday, alone in its folder."""
    path = tmp_path / "session.mp3"
    path.write_bytes(OLD)
    return path


def nothing_happened_to(target: Path) -> bool:
    return target.read_bytes() == OLD and [path.name for path in target.parent.iterdir()] == [target.name]


def test_a_whole_file_takes_the_place_of_the_old_one(target: Path) -> None:
    size_bytes = run(target)
    assert target.stat().st_size == size_bytes
    assert [path.name for path in target.parent.iterdir()] == ["session.mp3"]
    assert read_info(target).length_frames == FRAMES
    assert read_session(target) == timeline_of()
    tags = read_tags(target)
    assert (tags.title, tags.artist, tags.comment, tags.length_ms) == ("A session", "Jane Doe", "Notes.", 3000)
    assert [tuple(chapter) for chapter in tags.chapters] == [("All", 0, 3000)]


def test_without_an_author_it_is_ours(target: Path) -> None:
    run(target, routine=Routine("x", "A session", ()))
    assert read_tags(target).artist == "voicecoach"


def test_the_proof_sees_the_finished_file_before_it_takes_its_place(target: Path) -> None:
    seen: list[tuple[int, bytes]] = []

    def proof(part: Path) -> None:
        assert read_session(part) == timeline_of()
        seen.append((part.stat().st_size, target.read_bytes()))

    size_bytes = encode(regions(), timeline_of(), ROUTINE, target, Encoding(), proof)
    assert seen == [(size_bytes, OLD)]
    assert target.stat().st_size == size_bytes


# What fails leaves everything as it was


@pytest.mark.parametrize("fault", [BrokenPromiseError("a tick is late"), RuntimeError("our bug"), KeyboardInterrupt()])
def test_a_proof_that_fails(target: Path, fault: BaseException) -> None:
    def proof(_: Path) -> None:
        raise fault

    with pytest.raises(type(fault)) as caught:
        encode(regions(), timeline_of(), ROUTINE, target, Encoding(), proof)
    assert caught.value is fault
    assert nothing_happened_to(target)


@pytest.mark.parametrize(
    "fault",
    [EncodeError("'Go.' has 3 frames"), RuntimeError("our bug"), KeyboardInterrupt(), MemoryError()],
    ids=["ours", "bug", "Ctrl-C", "memory"],
)
@pytest.mark.parametrize("after", [0, 2])
def test_regions_that_fail(target: Path, fault: BaseException, after: int) -> None:
    def failing() -> Iterator[np.ndarray]:
        for number, region in enumerate(regions()):
            if number == after:
                raise fault
            yield region

    with pytest.raises(type(fault)) as caught:
        run(target, failing())
    assert caught.value is fault
    assert nothing_happened_to(target)


@pytest.mark.parametrize("frames", [0, FRAMES - 1, FRAMES + 1])
def test_another_number_of_frames_than_planned(target: Path, frames: int) -> None:
    with pytest.raises(EncodeError, match=f"{frames} frames were mixed, but {FRAMES} were planned"):
        run(target, regions(frames))
    assert nothing_happened_to(target)


def test_audio_that_cannot_be_encoded(target: Path) -> None:
    loud = np.full((SAMPLE_RATE_HZ, 1), 1.5, np.float32)
    with pytest.raises(EncodeError, match="beyond full scale"):
        run(target, iter([loud, loud, loud]))
    with pytest.raises(EncodeError, match="beyond full scale"):
        run(target, iter([loud * np.float32(np.nan)]))
    with pytest.raises(EncodeError, match="shape"):
        run(target, iter([np.zeros((FRAMES, 2), np.float32)]))
    assert nothing_happened_to(target)


class FullDisk:
    """A file on a disk that has room for so many bytes and then no more."""

    def __init__(self, file: Any, room_bytes: int) -> None:
        self.file = file
        self.room_bytes = room_bytes

    def write(self, data: bytes) -> int:
        self.room_bytes -= len(data)
        if self.room_bytes < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def __enter__(self) -> FullDisk:
        return self

    def __exit__(self, *about: object) -> None:
        self.file.close()


@pytest.mark.parametrize("room_bytes", [0, 600, 20_000])
def test_a_full_disk(target: Path, monkeypatch: pytest.MonkeyPatch, room_bytes: int) -> None:
    really = Path.open

    def opened(path: Path, *arguments: Any, **more: Any) -> Any:
        file = really(path, *arguments, **more)
        return FullDisk(file, room_bytes) if path.suffix == ".part" else file

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(OutputError, match="No space left on device") as caught:
        run(target)
    assert str(target) in caught.value.message
    assert caught.value.hint
    assert nothing_happened_to(target)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_the_last_steps_fail(target: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def failing(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    if step == "fsync":
        monkeypatch.setattr("voicecoach.stages.encode.os.fsync", failing)
    else:
        monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OutputError, match="Input/output error"):
        run(target)
    assert nothing_happened_to(target)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot write .*nowhere"):
        run(tmp_path / "nowhere" / "x.mp3")
    assert not list(tmp_path.iterdir())


def test_a_folder_in_the_file_s_place(tmp_path: Path) -> None:
    target = tmp_path / "x.mp3"
    target.mkdir()
    with pytest.raises(OutputError):
        run(target)
    assert [path.name for path in tmp_path.iterdir()] == ["x.mp3"]


# What killed builds left behind


@pytest.fixture
def dead_pid() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


@pytest.fixture
def live_pid() -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process.pid
        process.communicate(b"\n")


def part_of(target: Path, pid: int | str) -> Path:
    part = target.with_name(f".{target.name}.{pid}.part")
    part.write_bytes(b"half a session")
    return part


@pytest.mark.skipif(os.name == "nt", reason="whether a process lives cannot be asked there without harm")
def test_the_part_of_a_dead_process_is_swept(target: Path, dead_pid: int) -> None:
    part = part_of(target, dead_pid)
    run(target)
    assert not part.exists()


@pytest.mark.skipif(os.name == "nt", reason="whether a process lives cannot be asked there without harm")
def test_the_part_of_a_dead_process_is_swept_whatever_the_name(tmp_path: Path, dead_pid: int) -> None:
    target = tmp_path / "hips [1] .2.mp3"
    part = part_of(target, dead_pid)
    run(target)
    assert not part.exists()


def test_the_part_of_a_living_process_is_spared(target: Path, live_pid: int) -> None:
    part = part_of(target, live_pid)
    run(target)
    assert part.read_bytes() == b"half a session"


def test_a_part_of_yesterday_is_swept_whoever_made_it(target: Path, live_pid: int) -> None:
    part = part_of(target, live_pid)
    two_days_ago = part.stat().st_mtime - 48 * 3600
    os.utime(part, (two_days_ago, two_days_ago))
    run(target)
    assert not part.exists()


def test_what_is_not_ours_is_spared(target: Path, dead_pid: int) -> None:
    others = [
        part_of(target.with_name("evening.mp3"), dead_pid),
        part_of(target.with_name("my session.mp3"), dead_pid),
        target.with_name("session.mp3.part"),
        target.with_name(".session.mp3.notes"),
        part_of(target, "mine"),
    ]
    for other in others:
        other.write_bytes(b"something")
    run(target)
    assert all(other.exists() for other in others)


@pytest.mark.parametrize("pid", [0, 2**31 - 1, 2**40, 2**70])
def test_a_part_of_no_process_at_all_stops_nothing(target: Path, pid: int) -> None:
    part_of(target, pid)
    run(target)
    assert read_info(target).length_frames == FRAMES


def test_an_interrupted_build_leaves_no_part_of_its_own_but_those_of_others(target: Path, live_pid: int) -> None:
    part = part_of(target, live_pid)

    def failing() -> Iterator[np.ndarray]:
        yield from regions(SAMPLE_RATE_HZ)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(target, failing())
    assert sorted(path.name for path in target.parent.iterdir()) == sorted([target.name, part.name])


# Memory


def peak_bytes(minutes: int, target: Path) -> int:
    """The most memory that mixing and encoding so many minutes needs: speech of 1.5 s every 4 s."""
    voice = Voice("stub", "one", "en")
    frames = minutes * 60 * SAMPLE_RATE_HZ
    spoken = 72_000
    starts = range(0, frames, 4 * SAMPLE_RATE_HZ)
    clips = tuple(PlacedClip(at, spoken, "say", "Go.", utterance=Utterance(f"Go {at}.", voice)) for at in starts)
    wave = (0.3 * np.sin(np.arange(spoken) / 20)).astype(np.float32)[:, np.newaxis]
    timeline = timeline_of(frames, clips)
    gc.collect()
    tracemalloc.start()
    try:
        master = mix(timeline, lambda _: Clip(wave.copy(), SAMPLE_RATE_HZ), {})
        encode(master.regions(20 * SAMPLE_RATE_HZ), timeline, ROUTINE, target, Encoding())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_session(tmp_path: Path) -> None:
    run(tmp_path / "first.mp3")  # what is loaded at first use does not count
    short, long = (peak_bytes(minutes, tmp_path / "x.mp3") for minutes in (3, 30))
    assert abs(long - short) < 5_000_000, (short, long)
    assert long < 60_000_000
