"""Frame headers and walking over frames."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.errors import EncodeError, SessionFileError
from voicecoach.mp3.frames import (
    BITRATES_KBPS,
    RATES_HZ,
    count_frames,
    frame_size_bytes,
    header_bytes,
    is_info_frame,
    parse_header,
    read_frames,
    skip_id3v2,
    split_frames,
)
from voicecoach.mp3.id3 import Tags, build_tag
from voicecoach.mp3.lame import LameEncoder

TAG = build_tag(Tags("t", "a", "e", 0, b"{}"))


@pytest.fixture(scope="module")
def stream():
    encoder = LameEncoder(channels=1, bitrate_kbps=96)
    return encoder.encode(np.zeros((5000, 1), np.float32)) + encoder.finish()


@given(st.sampled_from(RATES_HZ), st.sampled_from(BITRATES_KBPS), st.integers(0, 3))
def test_header_round_trip(rate_hz, bitrate_kbps, mode):
    header = parse_header(header_bytes(rate_hz, bitrate_kbps, mode))
    assert header is not None
    assert header.is_mp3
    assert (header.rate_hz, header.bitrate_kbps, header.mode) == (rate_hz, bitrate_kbps, mode)
    assert (header.padded, header.protected, header.frames) == (False, False, 1152)
    assert header.size_bytes == frame_size_bytes(rate_hz, bitrate_kbps)
    assert header.main_data_at == (21 if mode == 3 else 36)


@pytest.mark.parametrize(
    ("data", "version", "layer", "kbps", "rate_hz", "frames", "size"),
    [
        ("fffb9064", "1", 3, 128, 44_100, 1152, 417),
        ("fffb9264", "1", 3, 128, 44_100, 1152, 418),
        ("fffb74c4", "1", 3, 96, 48_000, 1152, 288),
        ("fff384c4", "2", 3, 64, 24_000, 576, 192),
        ("ffe318c4", "2.5", 3, 8, 8000, 576, 72),
        ("fffd8404", "1", 2, 128, 48_000, 1152, 384),
        ("ffff8404", "1", 1, 256, 48_000, 384, 256),
    ],
)
def test_kinds_of_frames(data, version, layer, kbps, rate_hz, frames, size):
    header = parse_header(bytes.fromhex(data))
    assert header is not None
    assert (header.version, header.layer, header.bitrate_kbps, header.rate_hz) == (version, layer, kbps, rate_hz)
    assert (header.frames, header.size_bytes) == (frames, size)


@pytest.mark.parametrize("data", ["", "fffb74", "00000000", "fffb04c4", "fffbf4c4", "fffb7cc4", "ffeb74c4", "fff974c4"])
def test_no_headers(data):
    assert parse_header(bytes.fromhex(data)) is None


@given(st.binary(max_size=40), st.integers(0, 40))
def test_any_bytes_can_be_looked_at(data, at):
    parse_header(data, at)
    is_info_frame(data)


def test_split(stream):
    frames = list(split_frames(stream))
    assert [len(frame) for frame in frames] == [288] * 6
    assert b"".join(frames) == stream
    assert not any(map(is_info_frame, frames))


@pytest.mark.parametrize("spoil", [lambda s: s[:-1], lambda s: s + b"x", lambda s: s[:288] + b"\0" + s[289:]])
def test_split_refuses_what_is_not_whole(stream, spoil):
    with pytest.raises(EncodeError, match="at byte"):
        list(split_frames(spoil(stream)))


@pytest.mark.parametrize("tail", [b"", b"TAG".ljust(128, b"\0"), b"APETAGEX".ljust(64, b"\0")])
def test_read_skips_tags(stream, tail):
    found = list(read_frames(io.BytesIO(TAG + TAG + stream + tail)))
    assert [at for at, _, _ in found] == [2 * len(TAG) + 288 * index for index in range(6)]
    assert b"".join(data for _, _, data in found) == stream


@pytest.mark.parametrize("spoil", [lambda s: s[:-1], lambda s: s + b"xxxx", lambda s: s[:288] + b"\0" + s[289:]])
def test_read_says_where_it_is_damaged(stream, spoil):
    with pytest.raises(SessionFileError, match="at byte"):
        list(read_frames(io.BytesIO(TAG + spoil(stream))))


def test_skip_goes_to_the_first_frame(stream):
    assert skip_id3v2(io.BytesIO(TAG + stream)) == len(TAG)
    assert skip_id3v2(io.BytesIO(stream)) == 0
    assert skip_id3v2(io.BytesIO(b"")) == 0


def test_counting():
    assert count_frames(288 * 125, 48_000, 96) == 125
    assert count_frames(0, 48_000, 96) == 0
    assert count_frames(417 + 418, 44_100, 128) == 2
    with pytest.raises(EncodeError, match="not whole"):
        count_frames(288 * 125 + 1, 48_000, 96)
    with pytest.raises(EncodeError, match="not whole"):
        count_frames(417 + 200, 44_100, 128)
