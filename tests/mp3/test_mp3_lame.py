"""The encoder itself."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.errors import EncodeError
from voicecoach.mp3.frames import BITRATES_KBPS, count_frames, parse_header, split_frames
from voicecoach.mp3.lame import LameEncoder, lame_name, mp3_frame_count, version

NOISE = np.random.default_rng(7).uniform(-0.5, 0.5, (9000, 2)).astype(np.float32)


def encoded(samples, bitrate_kbps=96, block_frames=None, rate_hz=48_000):
    encoder = LameEncoder(rate_hz=rate_hz, channels=samples.shape[1], bitrate_kbps=bitrate_kbps)
    step = block_frames or max(1, len(samples))
    parts = [encoder.encode(samples[at : at + step]) for at in range(0, len(samples), step)]
    return b"".join(parts) + encoder.finish()


@pytest.mark.parametrize("block_frames", [1, 17, 1152, 4000])
def test_blocks_do_not_matter(block_frames):
    assert encoded(NOISE, block_frames=block_frames) == encoded(NOISE)


def test_same_audio_gives_the_same_bytes():
    assert encoded(NOISE) == encoded(NOISE)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 12_000), st.sampled_from([32_000, 44_100, 48_000]), st.sampled_from(BITRATES_KBPS))
def test_number_of_mp3_frames(length_frames, rate_hz, bitrate_kbps):
    stream = encoded(np.zeros((length_frames, 1), np.float32), bitrate_kbps, rate_hz=rate_hz)
    frames = list(split_frames(stream))
    assert len(frames) == mp3_frame_count(length_frames) == count_frames(len(stream), rate_hz, bitrate_kbps)
    for frame in frames:
        header = parse_header(frame)
        assert header is not None
        assert (header.rate_hz, header.bitrate_kbps, header.channels) == (rate_hz, bitrate_kbps, 1)


def test_nothing_at_all_is_one_mp3_frame():
    assert len(LameEncoder(channels=1, bitrate_kbps=96).finish()) == 288


@pytest.mark.parametrize("value", [1.0001, -1.0001, np.nan, np.inf])
def test_nothing_is_clipped(value):
    encoder = LameEncoder(channels=2, bitrate_kbps=128)
    encoder.encode(NOISE)
    samples = np.zeros((100, 2), np.float32)
    samples[30, 1] = value
    with pytest.raises(EncodeError, match="beyond full scale at frame 9030"):
        encoder.encode(samples)


def test_full_scale_is_allowed():
    LameEncoder(channels=1, bitrate_kbps=96).encode(np.array([[1.0], [-1.0]], np.float32))


@pytest.mark.parametrize("shape", [(100,), (100, 1), (100, 3), (2, 100)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(EncodeError, match="shape"):
        LameEncoder(channels=2, bitrate_kbps=96).encode(np.zeros(shape, np.float32))


@pytest.mark.parametrize(
    "format_", [{"rate_hz": 22_050}, {"channels": 3}, {"channels": 0}, {"bitrate_kbps": 100}, {"bitrate_kbps": 8}]
)
def test_other_formats_are_refused(format_):
    with pytest.raises(EncodeError):
        LameEncoder(**{"channels": 1, "bitrate_kbps": 96} | format_)


def test_after_the_end():
    encoder = LameEncoder(channels=1, bitrate_kbps=96)
    encoder.finish()
    with pytest.raises(EncodeError, match="finished"):
        encoder.finish()
    with pytest.raises(EncodeError, match="finished"):
        encoder.encode(np.zeros((1, 1), np.float32))


def test_names():
    assert re.fullmatch(r"\d+\.\d+(\.\d+)?.*", version())
    assert re.fullmatch(r"LAME\d[\d.]*", lame_name())
    assert len(lame_name()) <= 9
