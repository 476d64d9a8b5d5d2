"""What three independent decoders make of our MP3: the exact length, every frame in its place."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.mp3.frames import BITRATES_KBPS
from voicecoach.mp3.header import DECODER_DELAY_FRAMES, read_info
from voicecoach.mp3.id3 import Tags, build_tag
from voicecoach.mp3.lame import ENCODER_DELAY_FRAMES, LameEncoder, mp3_frame_count

BURST = (0.4 * np.sin(2 * np.pi * 1800 * np.arange(480) / 48_000) * np.hanning(480)).astype(np.float32)


def with_burst(length_frames, channels, at):
    samples = np.zeros((length_frames, channels), np.float32)
    samples[at : at + len(BURST)] = BURST[:, np.newaxis]
    return samples


def burst_at(samples):
    return [int(np.argmax(np.correlate(channel, BURST, "valid"))) for channel in samples.T]


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("bitrate_kbps", BITRATES_KBPS)
def test_every_format_comes_back_at_its_frame(bitrate_kbps, channels, decoders, mp3val, encode, tmp_path):
    samples = with_burst(60_017, channels, 30_003)
    file = tmp_path / "x.mp3"
    file.write_bytes(build_tag(Tags("t", "a", "e", 1250, b"{}")) + encode(samples, bitrate_kbps))
    for name, decode in decoders.items():
        decoded = decode(file, channels)
        assert len(decoded) == len(samples), name
        assert burst_at(decoded) == [30_003] * channels, name
    assert mp3val(file) == []


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("bitrate_kbps", BITRATES_KBPS)
@pytest.mark.parametrize("rate_hz", [32_000, 44_100, 48_000])
def test_delay_without_an_info_header(rate_hz, bitrate_kbps, channels, ffmpeg, mpg123, tmp_path):
    encoder = LameEncoder(rate_hz=rate_hz, channels=channels, bitrate_kbps=bitrate_kbps)
    file = tmp_path / "bare.mp3"
    file.write_bytes(encoder.encode(with_burst(30_000, channels, 12_001)) + encoder.finish())
    due = 12_001 + ENCODER_DELAY_FRAMES + DECODER_DELAY_FRAMES
    assert due == 12_001 + 1105
    quiet = ("-f", "mp3", "-v", "error")  # it rightly says that it can only guess the length
    for decoded in (ffmpeg(file, channels, *quiet), mpg123(file, channels, "--no-gapless")):
        assert burst_at(decoded) == [due] * channels
        assert len(decoded) == 1152 * mp3_frame_count(30_000)


@settings(max_examples=12, deadline=None)
@given(
    length_frames=st.one_of(st.integers(1, 6000), st.integers(1, 60_000)),
    channels=st.integers(1, 2),
    bitrate_kbps=st.sampled_from(BITRATES_KBPS),
    seed=st.integers(0, 2**16),
)
def test_any_length_comes_back_exactly(length_frames, channels, bitrate_kbps, seed, decoders, encode):
    noise = np.random.default_rng(seed).uniform(-0.3, 0.3, (length_frames, channels)).astype(np.float32)
    tag = build_tag(Tags("t", "a", "e", 0, b"{}"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.mp3"
        file.write_bytes(tag + encode(noise, bitrate_kbps, block_frames=777))
        assert read_info(file).length_frames == length_frames
        for name, decode in decoders.items():
            more = ("-f", "mp3") if name == "ffmpeg" else ()  # it doubts that two or three frames are an MP3
            assert len(decode(file, channels, *more)) == length_frames, name


@pytest.mark.parametrize(("channels", "bitrate_kbps"), [(1, 32), (1, 96), (2, 128), (2, 320)])
def test_silence_is_digital_zero(channels, bitrate_kbps, decoders, encode, tmp_path):
    file = tmp_path / "x.mp3"
    tag = build_tag(Tags("t", "a", "e", 2000, b"{}"))
    file.write_bytes(tag + encode(np.zeros((96_000, channels), np.float32), bitrate_kbps))
    for name, decode in decoders.items():
        assert not decode(file, channels).any(), name


def test_silence_after_sound_is_digital_zero(decoders, encode, tmp_path):
    file = tmp_path / "x.mp3"
    file.write_bytes(build_tag(Tags("t", "a", "e", 2000, b"{}")) + encode(with_burst(96_000, 1, 5000), 96))
    for name, decode in decoders.items():
        decoded = decode(file, 1)
        assert np.abs(decoded).max() == pytest.approx(np.abs(BURST).max(), abs=0.05), name
        assert not decoded[5000 + 480 + 2 * 1152 :].any(), name


def test_ffprobe_knows_the_exact_length(ffprobe, encode, tmp_path):
    file = tmp_path / "x.mp3"
    file.write_bytes(build_tag(Tags("t", "a", "e", 10_000, b"{}")) + encode(with_burst(480_000, 2, 9), 128))
    shown = ffprobe("-show_entries", "format=duration:stream=bit_rate", "-of", "default=nw=1:nk=1", str(file))
    bit_rate, duration = shown.decode().split()
    assert int(bit_rate) == 128_000
    assert float(duration) == pytest.approx(10.0, abs=1152 * 2 / 48_000)


def test_seeking_lands_at_the_frame(ffmpeg, encode, tmp_path):
    samples = with_burst(48_000 * 20, 1, 48_000 * 15)
    file = tmp_path / "x.mp3"
    file.write_bytes(build_tag(Tags("t", "a", "e", 20_000, b"{}")) + encode(samples, 96))
    decoded = ffmpeg(file, 1, "-ss", "14")
    assert abs(burst_at(decoded)[0] - 48_000) <= 1105 + 1152
