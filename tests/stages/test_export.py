"""export: other formats than MP3: the length, the samples, title and chapters, and a whole file or none."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.stages.masters import ACTIVE, BED, SILENCE, ArrayMaster, master_of, noise_loop
from voicecoach.config import Encoding
from voicecoach.errors import EncodeError, OutputError
from voicecoach.model.clip import Samples
from voicecoach.model.output import FileFormat
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.mp3.tags import Tags
from voicecoach.sound import written
from voicecoach.sound.ogg import page_crc
from voicecoach.stages.export import export

OLD = b"the session of yesterday"
PLAN = [(SILENCE, 20), (ACTIVE, 90), (BED, 130), (ACTIVE, 60), (SILENCE, 900)]
TAIL = 321
CHAPTERS = (("Öffnung; a=b #1\\", 0, 1234), ("Zwei\nZeilen", 1234, 3_000), ("東京", 3_000, 28_793))
COVER = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300030202020202030202020303030304060404040404080606050609080a0a09"
    "0809090a0c0f0c0a0b0e0b09090d110d0e0f101011100a0c12131210130f101010ffc0000b080001000101011100ffc40014000100000000"
    "00000000000000000000000009ffc40014100100000000000000000000000000000000ffda0008010100003f0054dfffd9"
)
TAGS = Tags(
    title="Dehnen = gut; #1",
    artist="Ärztin",
    encoder="voicecoach 0",
    length_ms=28_793,
    timeline_json=b"{}",
    chapters=CHAPTERS,
    album="Morgens",
    comment="Notes.\nMore.",
    language="de",
    date="2026-03-31",
    cover=COVER,
    words="Hallo.\nUnd los.",
    track=(2, 12),
)
ALL = pytest.mark.parametrize("file_format", [one for one in FileFormat if one is not FileFormat.MP3])
WITH_CHAPTERS = pytest.mark.parametrize("file_format", [*FileFormat][2:])


@pytest.fixture(scope="module")
def master() -> ArrayMaster:
    return made(2)


def made(channels: int) -> ArrayMaster:
    return master_of(PLAN, channels, loop=noise_loop(channels), tail=TAIL)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A session of yesterday, alone in its folder."""
    path = tmp_path / "output folder" / "session ä.x"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


@pytest.fixture
def probe(tool: Callable[[str], str]) -> Callable[[Path], dict[str, Any]]:
    def look(path: Path) -> dict[str, Any]:
        command = [tool("ffprobe"), "-v", "fatal", "-of", "json", "-show_format", "-show_streams", "-show_chapters"]
        return json.loads(subprocess.run([*command, str(path)], capture_output=True, check=True).stdout)

    return look


@pytest.fixture
def decode(tool: Callable[[str], str]) -> Callable[[Path, int], np.ndarray]:
    def run(path: Path, channels: int) -> np.ndarray:
        command = [tool("ffmpeg"), "-v", "fatal", "-i", str(path), "-map", "0:a", "-f", "f32le", "-"]
        done = subprocess.run(command, capture_output=True, check=True)
        return np.frombuffer(done.stdout, "<f4").reshape(-1, channels)

    return run


def run(target: Path, file_format: FileFormat, master: ArrayMaster, kbps: int | None = None, tags: Tags = TAGS) -> int:
    return export(master, tags, target, file_format, Encoding(kbps))


def nothing_happened_to(target: Path) -> bool:
    return target.read_bytes() == OLD and [path.name for path in target.parent.iterdir()] == [target.name]


# What is heard


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("file_format", [FileFormat.WAV, FileFormat.FLAC])
def test_lossless_is_every_sample_to_24_bits(
    target: Path, file_format: FileFormat, channels: int, decode: Callable[..., np.ndarray]
) -> None:
    master = made(channels)
    size_bytes = run(target, file_format, master)
    heard = decode(target, channels)
    assert heard.shape == master.audio.shape
    assert np.abs(heard - master.audio).max() < 2**-22
    assert not heard[-890 * MP3_FRAME_FRAMES :].any(), "silence is digital zero"
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    assert size_bytes == target.stat().st_size


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("file_format", [*FileFormat][3:])
def test_lossy_is_in_its_place_and_alike(
    target: Path, file_format: FileFormat, channels: int, decode: Callable[..., np.ndarray]
) -> None:
    """Vorbis and Opus to the sample; ffmpeg's AAC is decoded in blocks of 1024, and cut off or not by who plays it."""
    master = made(channels)
    run(target, file_format, master, 128)
    heard = decode(target, channels)
    more = 1023 if file_format.needs_ffmpeg else 0
    assert 0 <= len(heard) - master.frames <= more
    one, other = (np.fft.rfft(sound[: 1 << 18, 0], 1 << 19) for sound in (heard, master.audio))
    alike = np.fft.irfft(one * other.conj())
    assert np.argmax(alike) == 0
    assert alike[0] > 0.85 * np.sqrt(np.square(heard[: 1 << 18, 0]).sum() * np.square(master.audio[: 1 << 18, 0]).sum())


def test_nothing_at_all_is_a_file_too(target: Path, decode: Callable[..., np.ndarray]) -> None:
    run(target, FileFormat.WAV, ArrayMaster(np.zeros((0, 1), np.float32), []))
    assert len(decode(target, 1)) == 0


def test_a_long_session_is_read_in_pieces_and_silence_is_not_read(target: Path) -> None:
    master = master_of([(SILENCE, 3000), (ACTIVE, 2000), (SILENCE, 3000)])
    run(target, FileFormat.FLAC, master)
    assert max(frames for _, frames in master.reads) <= 20 * 48_000
    assert sum(frames for _, frames in master.reads) == 2000 * MP3_FRAME_FRAMES


def test_a_wav_over_4_gigabytes_is_an_rf64(
    target: Path, master: ArrayMaster, decode: Callable[..., np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "MOST_WAV_BYTES", master.frames * 6 - 1)
    run(target, FileFormat.WAV, master)
    assert target.read_bytes()[:4] == b"RF64"
    assert np.abs(decode(target, 2) - master.audio).max() < 2**-22
    monkeypatch.setattr(written, "MOST_WAV_BYTES", master.frames * 6)
    run(target, FileFormat.WAV, master)
    assert target.read_bytes()[:4] == b"RIFF"


@pytest.mark.parametrize("file_format", [*FileFormat][3:6])
def test_the_bitrate_that_was_asked_for(target: Path, file_format: FileFormat) -> None:
    """Of what is never silent: about, since all three spend what they need."""
    frames = 20 * 48_000
    hiss = ArrayMaster(np.random.default_rng(1).uniform(-0.2, 0.2, (frames, 2)).astype(np.float32), made(2).told[1:2])
    hiss.told = [type(hiss.told[0])(ACTIVE, 0, frames)]
    for kbps in (64, 128, 256):
        size_bytes = run(target, file_format, hiss, kbps, Tags("t", "a", "e", 1, None))
        assert size_bytes * 8 / 20_000 == pytest.approx(kbps, rel=0.35)


# What it says of itself


@WITH_CHAPTERS
def test_title_chapters_and_cover(
    target: Path, file_format: FileFormat, master: ArrayMaster, probe: Callable[[Path], dict[str, Any]]
) -> None:
    run(target, file_format, master)
    found = probe(target)
    chapters = [
        (one["tags"]["title"], round(float(one["start_time"]) * 1000), round(float(one["end_time"]) * 1000))
        for one in found["chapters"]
    ]
    assert [at for _, at, _ in chapters] == [at for _, at, _ in CHAPTERS]
    assert chapters[-1][2] == pytest.approx(28_793, abs=8)
    titles = [title for title, _, _ in chapters]
    assert [titles[0].rstrip(), titles[2]] == [CHAPTERS[0][0], CHAPTERS[2][0]]
    told = {**found["format"].get("tags", {}), **found["streams"][0].get("tags", {})}
    told = {name.casefold(): text for name, text in told.items()}
    wanted = {"title": TAGS.title, "artist": TAGS.artist, "album": TAGS.album, "comment": TAGS.comment}
    assert {name: told[name] for name in wanted} == wanted
    assert told["date"] == "2026-03-31"
    assert told["language"] == ("deu" if file_format.needs_ffmpeg else "de")
    assert told["lyrics"] == TAGS.words
    assert told.get("track", "2/12") in {"2", "2/12"}
    pictures = [one for one in found["streams"] if one["codec_type"] == "video"]
    assert [one["disposition"]["attached_pic"] for one in pictures] == [1]
    assert [one["codec_type"] for one in found["streams"]].count("audio") == 1


def test_a_wav_has_a_title_and_no_chapters(
    target: Path, master: ArrayMaster, probe: Callable[[Path], dict[str, Any]]
) -> None:
    run(target, FileFormat.WAV, master)
    assert probe(target)["format"]["tags"]["title"] == TAGS.title
    assert probe(target)["chapters"] == []


def test_an_m4b_is_an_audio_book(target: Path, master: ArrayMaster, probe: Callable[[Path], dict[str, Any]]) -> None:
    for file_format, brand in ((FileFormat.M4A, "M4A "), (FileFormat.M4B, "M4B ")):
        run(target, file_format, master)
        assert probe(target)["format"]["tags"]["major_brand"] == brand
        data = target.read_bytes()
        assert data.index(b"moov") < data.index(b"mdat"), "it can be played before it is all there"


@ALL
def test_the_same_session_gives_the_same_bytes(
    target: Path, file_format: FileFormat, master: ArrayMaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also at another time and under another name: libsndfile takes the number of an Ogg stream from the clock."""
    run(target, file_format, master)
    first = target.read_bytes()
    other = target.with_name("other")
    until = os.times().elapsed + 1.1
    while os.times().elapsed < until:
        pass
    run(other, file_format, master)
    assert other.read_bytes() == first


@pytest.mark.parametrize("file_format", [FileFormat.OGG, FileFormat.OPUS])
def test_ogg_pages_are_whole(target: Path, file_format: FileFormat, master: ArrayMaster) -> None:
    """One stream, its pages numbered in order, each with a checksum that is right (RFC 3533)."""
    run(target, file_format, master)
    data, at, count = target.read_bytes(), 0, 0
    while at < len(data):
        size = 27 + data[at + 26] + sum(data[at + 27 : at + 27 + data[at + 26]])
        page = bytearray(data[at : at + size])
        assert page[:4] == b"OggS"
        serial, number, crc = (int.from_bytes(page[place : place + 4], "little") for place in (14, 18, 22))
        page[22:26] = bytes(4)
        assert (serial, number, crc) == (1, count, page_crc(bytes(page)))
        at, count = at + size, count + 1
    assert count > 3


# What fails leaves everything as it was


class FailingMaster(ArrayMaster):
    """Reads so many times, and then no more."""

    def __init__(self, fault: BaseException, after: int) -> None:
        whole = made(1)
        super().__init__(whole.audio, whole.told, whole.loop)
        self.fault = fault
        self.after = after

    def read(self, start: int, frames: int) -> Samples:
        if self.reads.total() == self.after:
            raise self.fault
        return super().read(start, frames)


@ALL
@pytest.mark.parametrize("fault", [EncodeError("'Go.' has 3 frames"), KeyboardInterrupt(), AssertionError("our bug")])
def test_reading_that_fails(target: Path, file_format: FileFormat, fault: BaseException) -> None:
    with pytest.raises(type(fault)) as caught:
        run(target, file_format, FailingMaster(fault, 2))
    assert caught.value is fault
    assert nothing_happened_to(target)


@pytest.mark.parametrize("value", [1.01, -1.01, np.nan])
def test_audio_beyond_full_scale(target: Path, value: float) -> None:
    for file_format in FileFormat:
        if file_format is FileFormat.MP3:
            continue
        master = made(1)
        master.audio[30 * 1152] = value
        with pytest.raises(EncodeError, match="beyond full scale"):
            run(target, file_format, master)
        assert nothing_happened_to(target)


def test_a_folder_that_cannot_be_written(target: Path, master: ArrayMaster) -> None:
    for file_format in (FileFormat.FLAC, FileFormat.M4A):
        with pytest.raises(OutputError, match="cannot write"):
            run(target.parent / "none" / "x", file_format, master)


def test_without_ffmpeg(target: Path, master: ArrayMaster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(target.parent))
    for file_format in (FileFormat.M4A, FileFormat.M4B):
        with pytest.raises(EncodeError, match=f"cannot write {file_format.value.upper()} files without ffmpeg") as told:
            run(target, file_format, master)
        assert "install ffmpeg" in str(told.value.hint)
        assert nothing_happened_to(target)
    for file_format in [*FileFormat][1:5]:
        run(target.with_name(f"x{file_format.ending}"), file_format, master)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo first >&2; echo 'no such encoder: aac' >&2; exit 1", "no such encoder: aac"),
        ("head -c 100000 >/dev/null; echo 'disk full' >&2; exit 1", "disk full"),
        ("cat >/dev/null; exit 3", "it said nothing"),
    ],
    ids=["at once", "midway", "at the end"],
)
def test_an_ffmpeg_that_fails(
    target: Path, master: ArrayMaster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, said: str
) -> None:
    fake = tmp_path / "bin" / "ffmpeg"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(EncodeError, match=f"ffmpeg could not write the file: {said}"):
        run(target, FileFormat.M4B, master)
    assert nothing_happened_to(target)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk at hand")
def test_a_disk_that_is_full(master: ArrayMaster, monkeypatch: pytest.MonkeyPatch, target: Path) -> None:
    from voicecoach.sound.written import sound_writer

    link = target.with_name("full")
    link.symlink_to("/dev/full")
    with (
        pytest.raises(OutputError, match=r"cannot write .*full"),
        sound_writer(link, FileFormat.OGG, 48_000, 1, 48_000) as write,
    ):
        write(np.zeros((48_000, 1), np.float32))


def test_fewer_samples_than_the_master_has(target: Path) -> None:
    master = made(1)
    del master.told[-1]
    with pytest.raises(EncodeError, match="frames were written, but they should be"):
        run(target, FileFormat.WAV, master)
    assert nothing_happened_to(target)
