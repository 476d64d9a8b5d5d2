"""The reel: a long file decoded as it is looked at, from front to back and back again, always the same samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from voicecoach.errors import SoundError
from voicecoach.sound.files import SoundReel, stated_frames

FRAMES = 3_000_000


@pytest.fixture(scope="module")
def noise() -> np.ndarray:
    return np.random.default_rng(1).integers(-9000, 9000, (FRAMES, 1)).astype(np.int16)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory, noise: np.ndarray) -> Path:
    path = tmp_path_factory.mktemp("reel") / "noise.wav"
    soundfile.write(path, noise, 48_000)
    return path


@pytest.fixture(scope="module")
def samples(noise: np.ndarray) -> np.ndarray:
    return noise.astype(np.float32) / 32768


def test_from_front_to_back(path: Path, samples: np.ndarray) -> None:
    with SoundReel(path) as reel:
        assert (reel.rate_hz, reel.channels) == (48_000, 1)
        blocks = list(reel.blocks(480_000))
    assert {len(block) for block in blocks[:-1]} == {480_000}
    assert np.array_equal(np.concatenate(blocks), samples)


def test_anywhere_and_back(path: Path, samples: np.ndarray) -> None:
    with SoundReel(path) as reel:
        for start in (2_900_000, 0, 524_200, 2_000_000, 524_288, 1_048_000, 10):
            assert np.array_equal(reel.read(start, 1000), samples[start : start + 1000]), start


def test_beyond_both_ends_there_is_silence(path: Path, samples: np.ndarray) -> None:
    with SoundReel(path) as reel:
        early, late = reel.read(-300, 1000), reel.read(FRAMES - 400, 1000)
        assert not early[:300].any()
        assert np.array_equal(early[300:], samples[:700])
        assert np.array_equal(late[:400], samples[-400:])
        assert not late[400:].any()
        assert not reel.read(FRAMES + 10**9, 50).any()
        assert not reel.read(-1000, 1000).any()


def test_delay_and_padding_are_left_out(path: Path, samples: np.ndarray) -> None:
    with SoundReel(path, skip_frames=1105, most_frames=1_000_000) as reel:
        whole = np.concatenate(list(reel.blocks(300_000)))
        assert np.array_equal(whole, samples[1105:1_001_105])
        assert not reel.read(1_000_000, 100).any()
        assert np.array_equal(reel.read(999_990, 20)[:10], samples[1_001_095:1_001_105])


def test_what_stands_before_it_is_not_read(path: Path, samples: np.ndarray, tmp_path: Path) -> None:
    longer = tmp_path / "longer.wav"
    longer.write_bytes(b"something else" * 99 + path.read_bytes())
    with SoundReel(longer, from_byte=14 * 99) as reel:
        assert np.array_equal(reel.read(600_000, 1000), samples[600_000:601_000])


def test_how_long_a_file_says_that_it_is(path: Path) -> None:
    assert stated_frames(path) == FRAMES


@pytest.mark.parametrize("data", [b"", b"no sound", bytes(1000)])
def test_no_sound(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.mp3"
    path.write_bytes(data)
    for ask in (SoundReel, stated_frames):
        with pytest.raises(SoundError, match="cannot read") as caught:
            ask(path)
        assert str(path) in caught.value.message
