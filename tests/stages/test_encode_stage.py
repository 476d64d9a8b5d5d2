"""encode: a whole new file or the old one, never half of one; and memory that does not grow with the session."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.stages.masters import ACTIVE, SILENCE, ArrayMaster, master_of, regions_of
from voicecoach.cache import Cache
from voicecoach.config import Encoding
from voicecoach.errors import EncodeError, OutputError
from voicecoach.model.clip import Samples
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.mp3.header import read_info
from voicecoach.mp3.session_file import sound_at
from voicecoach.stages.encode import encode

OLD = b"the session of yesterday"
TAG = b"ID3\x03\0\0\0\0\0\x10" + bytes(16)
PLAN = [(SILENCE, 20), (ACTIVE, 30), (SILENCE, 40), (ACTIVE, 20), (SILENCE, 5)]
PATHS = pytest.mark.parametrize("plain", [False, True], ids=["spliced", "plain"])


def run(
    target: Path,
    master: ArrayMaster | None = None,
    *,
    plain: bool = False,
    tag_of: Callable[..., bytes] = lambda _: TAG,
    proof: Callable[[Path], None] | None = None,
) -> int:
    cache = Cache(target.parent.parent / "cache", 10**9)
    return encode(master or master_of(PLAN, tail=100), tag_of, target, Encoding(plain=plain), cache, proof)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A session of yesterday, alone in its folder."""
    path = tmp_path / "output" / "session.mp3"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


def nothing_happened_to(target: Path) -> bool:
    return target.read_bytes() == OLD and [path.name for path in target.parent.iterdir()] == [target.name]


@PATHS
def test_a_whole_file_takes_the_place_of_the_old_one(target: Path, plain: bool) -> None:
    size_bytes = run(target, plain=plain)
    assert [path.name for path in target.parent.iterdir()] == ["session.mp3"]
    info = read_info(target)
    assert info.length_frames == 115 * MP3_FRAME_FRAMES - 100
    assert size_bytes == target.stat().st_size == sound_at(target) + info.total_bytes
    assert target.read_bytes().startswith(TAG)


@PATHS
def test_the_tag_knows_what_was_measured_and_the_proof_sees_the_whole(target: Path, plain: bool) -> None:
    """The tag is asked for once, when all is encoded; the proof sees the finished file, and the old one still there."""
    asked: list[Any] = []
    seen: list[bytes] = []

    def tag_of(measured: Any) -> bytes:
        asked.append([(one.start, one.frames, one.figures) for one in measured])
        return TAG

    def proof(path: Path) -> None:
        assert target.read_bytes() == OLD
        seen.append(path.read_bytes())

    master = master_of(PLAN, tail=100)
    run(target, master, plain=plain, tag_of=tag_of, proof=proof)
    starts = [(20 * 1152, 30 * 1152), (90 * 1152, 20 * 1152)]
    figures = [f"{np.abs(master.audio[at : at + n]).max():.6f} of {n}".encode() for at, n in starts]
    assert asked == [[(at, n, told) for (at, n), told in zip(starts, figures, strict=True)]]
    assert seen == [target.read_bytes()]


@PATHS
def test_nothing_at_all_is_a_file_too(target: Path, plain: bool) -> None:
    run(target, ArrayMaster(np.zeros((0, 1), np.float32), []), plain=plain)
    assert (read_info(target).length_frames, read_info(target).mp3_frames) == (0, 1)


def test_the_bitrate_follows_the_channels(target: Path) -> None:
    for channels, usual_kbps in ((1, 96), (2, 128)):
        run(target, master_of(PLAN, channels))
        assert (read_info(target).channels, read_info(target).bitrate_kbps) == (channels, usual_kbps)


# What fails leaves everything as it was


class FailingMaster(ArrayMaster):
    """Reads so many times, and then no more."""

    def __init__(self, fault: BaseException, after: int) -> None:
        whole = master_of(PLAN)
        super().__init__(whole.audio, whole.told)
        self.fault = fault
        self.after = after

    def read(self, start: int, frames: int) -> Samples:
        if self.reads.total() == self.after:
            raise self.fault
        return super().read(start, frames)


@PATHS
@pytest.mark.parametrize(
    "fault",
    [EncodeError("'Go.' has 3 frames"), RuntimeError("our bug"), KeyboardInterrupt(), MemoryError()],
    ids=["ours", "bug", "Ctrl-C", "memory"],
)
@pytest.mark.parametrize("after", [0, 1])
def test_reading_that_fails(target: Path, fault: BaseException, after: int, plain: bool) -> None:
    with pytest.raises(type(fault)) as caught:
        run(target, FailingMaster(fault, after), plain=plain)
    assert caught.value is fault
    assert nothing_happened_to(target)


@pytest.mark.parametrize("where", ["tag_of", "proof"])
def test_a_tag_or_a_proof_that_fails(target: Path, where: str) -> None:
    def failing(_: Any) -> Any:
        raise EncodeError("not as it should be")

    with pytest.raises(EncodeError, match="not as it should be"):
        run(target, **{where: failing})  # type: ignore[arg-type]
    assert nothing_happened_to(target)


@PATHS
def test_audio_that_cannot_be_encoded(target: Path, plain: bool) -> None:
    for value in (1.5, np.nan):
        master = master_of(PLAN)
        master.audio[30 * 1152] = value
        with pytest.raises(EncodeError, match="beyond full scale"):
            run(target, master, plain=plain)
    assert nothing_happened_to(target)


@PATHS
@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda r: r[:-1], "end at frame"),
        (lambda r: r[1:], "not the one that follows"),
        (lambda r: [*r[:2], *r[3:]], "not the one that follows"),
        (lambda r: [], "end at frame 0"),
    ],
)
def test_regions_that_are_not_the_session(target: Path, plain: bool, spoil: Any, told: str) -> None:
    master = master_of(PLAN)
    master.told = spoil(master.told)
    with pytest.raises(EncodeError, match=told):
        run(target, master, plain=plain)
    assert nothing_happened_to(target)


def test_regions_off_the_grid(target: Path) -> None:
    audio = np.zeros((5000, 1), np.float32)
    regions = regions_of([(SILENCE, 2)], audio[:2000], None) + regions_of([(SILENCE, 4)], audio, None)[:1]
    with pytest.raises(EncodeError, match="not the one that follows"):
        run(target, ArrayMaster(audio, regions))


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
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_in_the_file_s_place(target: Path) -> None:
    target.unlink()
    target.mkdir()
    with pytest.raises(OutputError):
        run(target)
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_a_cache_that_cannot_be_written(target: Path) -> None:
    (target.parent.parent / "cache").write_text("a file")
    with pytest.raises(OutputError, match="the cache cannot be written"):
        run(target)
    assert nothing_happened_to(target)


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


def part_of(target: Path, pid: int | str, what: str = "") -> Path:
    part = target.with_name(f".{target.name}{what}.{pid}.part")
    part.write_bytes(b"half a session")
    return part


@pytest.mark.skipif(os.name == "nt", reason="whether a process lives cannot be asked there without harm")
def test_the_parts_of_a_dead_process_are_swept(target: Path, dead_pid: int) -> None:
    parts = part_of(target, dead_pid), part_of(target, dead_pid, ".music")
    run(target)
    assert not any(part.exists() for part in parts)


@pytest.mark.skipif(os.name == "nt", reason="whether a process lives cannot be asked there without harm")
def test_the_part_of_a_dead_process_is_swept_whatever_the_name(target: Path, dead_pid: int) -> None:
    target = target.with_name("hips [1] .2.mp3")
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
    assert read_info(target).mp3_frames > 100


def test_an_interrupted_build_leaves_no_part_of_its_own_but_those_of_others(target: Path, live_pid: int) -> None:
    part = part_of(target, live_pid)
    with pytest.raises(KeyboardInterrupt):
        run(target, FailingMaster(KeyboardInterrupt(), 1))
    assert sorted(path.name for path in target.parent.iterdir()) == sorted([target.name, part.name])


CHILD = """\
import sys
from pathlib import Path
from tests.stages.test_encode_stage import run
print(run(Path(sys.argv[1])), flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("stopped_at", ["music", "part", "cache"])
def test_killed(target: Path, stopped_at: str) -> None:
    """Killed as soon as there is something of each kind; the next one takes it away and gives what it should."""
    kept = target.parent.parent / "cache"
    sought = {"music": (target.parent, ".*.music.*.part"), "part": (target.parent, ".*.part"), "cache": (kept, "*/*/*")}
    folder, pattern = sought[stopped_at]
    process = subprocess.Popen([sys.executable, "-c", CHILD, target], stdout=subprocess.DEVNULL)
    while not list(folder.glob(pattern)):
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.0005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert target.read_bytes() == OLD
    run(target)
    made = target.read_bytes()
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    other = target.parent.parent / "fresh" / "output" / target.name
    other.parent.mkdir(parents=True)
    run(other)
    assert made == other.read_bytes(), "what the killed one left in the cache is whole"


# Memory

LONG = """\
import re, sys
from pathlib import Path
import numpy as np
from tests.stages.masters import ACTIVE, SILENCE, ArrayMaster, voice
from voicecoach.cache import Cache
from voicecoach.config import Encoding
from voicecoach.model.master import Region
from voicecoach.stages.encode import encode

class Long(ArrayMaster):
    \"\"\"Five seconds of voice a minute, of twenty kinds, and a long talk in the middle; made when it is read.\"\"\"
    def __init__(self, minutes):
        super().__init__(voice(48_000 * 5, 1), [])
        self.frames = minutes * 60 * 48_000
    def regions(self):
        for minute in range(self.frames // 2_880_000):
            start = minute * 2_880_000
            talk = 2_304_000 if minute == 7 else 230_400
            yield Region(ACTIVE, start, talk, f"{minute % 20} {talk}")
            yield Region(SILENCE, start + talk, 2_880_000 - talk)
    def read(self, start, frames):
        at = (start + np.arange(frames)) % 2_880_000
        return np.where(at < 230_400, self.audio[at % 240_000, 0], 0).astype(np.float32)[:, np.newaxis]

where = Path(sys.argv[2])
size = encode(Long(int(sys.argv[1])), lambda _: b"", where / "x.mp3", Encoding(32), Cache(where / "cache", 10**9))
# Not ru_maxrss: that begins with what the process had that started this one.
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1], size)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="what a process needed at most is told otherwise elsewhere")
def test_memory_does_not_grow_with_the_session(tmp_path: Path) -> None:
    def peak_bytes(minutes: int) -> int:
        done = subprocess.run(
            [sys.executable, "-c", LONG, str(minutes), tmp_path], capture_output=True, check=True, timeout=300
        )
        peak_kb, size_bytes = map(int, done.stdout.split())
        assert size_bytes > minutes * 60 * 32_000 // 8
        return peak_kb * 1024

    short, long = peak_bytes(15), peak_bytes(480)
    assert long - short < 15_000_000, (short, long)
    assert long < 150_000_000
