"""Independent decoders and checkers. None of them is ever needed by the product."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voicecoach.mp3.header import MusicTally
from voicecoach.mp3.lame import ENCODER_DELAY_FRAMES, LameEncoder, lame_name

Decode = Callable[[Path, int], np.ndarray]


def program(name: str) -> str:
    """Path of a program; where it is missing the test is skipped, but fails under CI."""
    found = shutil.which(name)
    if found is None:
        reason = f"{name} is not installed: it is one of the independent judges of our MP3"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def run(*command: str) -> bytes:
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b"", done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="session")
def ffmpeg() -> Decode:
    path = program("ffmpeg")

    def decode(file: Path, channels: int, *more: str) -> np.ndarray:
        raw = run(path, "-v", "warning", *more, "-i", str(file), "-f", "f32le", "-")
        return np.frombuffer(raw, "<f4").reshape(-1, channels)

    return decode


@pytest.fixture(scope="session")
def mpg123() -> Decode:
    path = program("mpg123")

    def decode(file: Path, channels: int, *more: str) -> np.ndarray:
        raw = run(path, "-q", *more, "-s", "-e", "f32", str(file))
        return np.frombuffer(raw, "<f4").reshape(-1, channels)

    return decode


@pytest.fixture(scope="session")
def libsndfile() -> Decode:
    def decode(file: Path, channels: int) -> np.ndarray:
        samples, _ = soundfile.read(file, dtype="float32", always_2d=True)
        assert samples.shape[1] == channels
        return samples

    return decode


@pytest.fixture(scope="session")
def decoders(ffmpeg: Decode, mpg123: Decode, libsndfile: Decode) -> dict[str, Decode]:
    return {"ffmpeg": ffmpeg, "mpg123": mpg123, "libsndfile": libsndfile}


@pytest.fixture(scope="session")
def mp3val() -> Callable[[Path], list[str]]:
    path = program("mp3val")

    def warnings(file: Path) -> list[str]:
        lines = run(path, str(file)).decode().splitlines()
        return [line for line in lines if not line.startswith(("Analyzing", "INFO", "Done"))]

    return warnings


@pytest.fixture(scope="session")
def ffprobe() -> Callable[..., bytes]:
    path = program("ffprobe")
    return lambda *arguments: run(path, "-v", "warning", *arguments)


@pytest.fixture(scope="session")
def encode() -> Callable[..., bytes]:
    """Encode with the Info frame in front, in blocks, as the encode stage does."""

    def encoded(samples: np.ndarray, bitrate_kbps: int, rate_hz: int = 48_000, block_frames: int = 5000) -> bytes:
        channels = samples.shape[1]
        encoder = LameEncoder(rate_hz=rate_hz, channels=channels, bitrate_kbps=bitrate_kbps)
        tally = MusicTally(rate_hz=rate_hz, channels=channels, bitrate_kbps=bitrate_kbps)
        music = b""
        for at in range(0, len(samples), block_frames):
            data = encoder.encode(samples[at : at + block_frames])
            tally.add(data)
            music += data
        rest = encoder.finish()
        tally.add(rest)
        info = tally.header(
            length_frames=encoder.length_frames, delay_frames=ENCODER_DELAY_FRAMES, encoder=lame_name()
        ).to_bytes()
        assert len(info) == len(tally.placeholder())
        return info + music + rest

    return encoded
