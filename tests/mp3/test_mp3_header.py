"""The Info header and its CRCs."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.errors import EncodeError, SessionFileError
from voicecoach.mp3.crc import crc16
from voicecoach.mp3.frames import BITRATES_KBPS, RATES_HZ, is_info_frame, parse_header
from voicecoach.mp3.header import InfoHeader, MusicTally, info_frame_bytes, read_info


def slow_crc16(data, crc=0):
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return crc


HEADER = InfoHeader(
    rate_hz=48_000,
    mode=3,
    bitrate_kbps=96,
    length_frames=48_000,
    mp3_frames=43,
    music_bytes=43 * 288,
    music_crc=0x1234,
    delay_frames=576,
    encoder="LAME4.0",
)


@st.composite
def headers(draw):
    mp3_frames = draw(st.integers(8, 2**20))
    delay = draw(st.integers(0, 4095))
    padding = draw(st.integers(0, 4095))
    return InfoHeader(
        rate_hz=draw(st.sampled_from(RATES_HZ)),
        mode=draw(st.integers(0, 3)),
        bitrate_kbps=draw(st.sampled_from(BITRATES_KBPS)),
        length_frames=mp3_frames * 1152 - delay - padding,
        mp3_frames=mp3_frames,
        music_bytes=draw(st.integers(0, 2**31)),
        music_crc=draw(st.integers(0, 0xFFFF)),
        delay_frames=delay,
        encoder=draw(st.sampled_from(["LAME", "LAME4.0", "LAME3.100", ""])),
        lowpass_hz=draw(st.integers(0, 255)) * 100,
    )


@given(headers())
def test_round_trip(header):
    frame = header.to_bytes()
    assert InfoHeader.parse(frame) == header
    assert is_info_frame(frame)
    parsed = parse_header(frame)
    assert parsed is not None
    assert len(frame) == parsed.size_bytes == header.size_bytes
    assert (parsed.rate_hz, parsed.mode) == (header.rate_hz, header.mode)


@given(headers())
def test_contents_rise(header):
    contents = header.to_bytes()[21 if header.mode == 3 else 36 :][16:116]
    assert contents[0] == 0
    assert list(contents) == sorted(contents)


def test_known_places():
    frame = HEADER.to_bytes()
    tag = frame[21:]
    assert tag[:4] == b"Info"
    assert int.from_bytes(tag[4:8], "big") == 0x0F
    assert int.from_bytes(tag[8:12], "big") == 43
    assert int.from_bytes(tag[12:16], "big") == 44 * 288
    assert tag[120:129] == b"LAME4.0\0\0"
    assert tag[129] == 0x01
    assert tag[140] == 96
    assert tag[141:144] == bytes.fromhex("2403c0")
    assert 0x3C0 == 43 * 1152 - 48_000 - 576
    assert int.from_bytes(tag[148:152], "big") == 44 * 288
    assert int.from_bytes(tag[152:154], "big") == 0x1234
    assert int.from_bytes(tag[154:156], "big") == slow_crc16(frame[: 21 + 154])
    assert not any(tag[156:])


@pytest.mark.parametrize(
    ("channels", "kbps", "size"), [(1, 32, 192), (1, 48, 192), (1, 64, 192), (1, 96, 288), (2, 32, 192), (2, 320, 960)]
)
def test_size_is_known_before(channels, kbps, size):
    assert info_frame_bytes(48_000, channels, kbps) == size
    assert len(MusicTally(channels=channels, bitrate_kbps=kbps).placeholder()) == size


@pytest.mark.parametrize(
    "change",
    [
        {"length_frames": 49_000},
        {"length_frames": 40_000},
        {"delay_frames": -1},
        {"music_crc": 1 << 16},
        {"encoder": "LAME3.100.1"},
        {"encoder": "LÄME"},
        {"lowpass_hz": 30_000},
        {"music_bytes": 2**32},
        {"bitrate_kbps": 100},
        {"mode": 4},
    ],
)
def test_impossible_headers(change):
    with pytest.raises(EncodeError):
        replace(HEADER, **change)


@given(st.integers(0, 174), st.integers(1, 255))
def test_damage_is_seen(at, flip):
    frame = bytearray(HEADER.to_bytes())
    frame[at] ^= flip
    with pytest.raises(SessionFileError):
        InfoHeader.parse(bytes(frame))


@given(st.binary(max_size=300))
def test_any_bytes_can_be_parsed(data):
    with pytest.raises(SessionFileError):
        InfoHeader.parse(data)
    with pytest.raises(SessionFileError):
        InfoHeader.parse(HEADER.to_bytes()[:21] + b"Info" + data)


def test_tally_adds_up():
    music = np.random.default_rng(1).integers(0, 256, 288 * 10, np.uint8).tobytes()
    tally = MusicTally(channels=1, bitrate_kbps=96)
    for at in range(0, len(music), 7):
        tally.add(music[at : at + 7])
    header = tally.header(length_frames=10_000, delay_frames=576)
    assert (header.mp3_frames, header.music_bytes, header.music_crc) == (10, 2880, slow_crc16(music))
    assert header.padding_frames == 10 * 1152 - 576 - 10_000


def test_tally_takes_the_mode_of_the_stream():
    tally = MusicTally(channels=2, bitrate_kbps=96)
    tally.add(bytes.fromhex("fffb7404").ljust(288, b"\0"))
    assert tally.header(length_frames=1, delay_frames=576).mode == 0


def test_tally_refuses_half_a_frame():
    tally = MusicTally(channels=1, bitrate_kbps=96)
    tally.add(bytes(100))
    with pytest.raises(EncodeError):
        tally.header(length_frames=1, delay_frames=576)


def test_read_info_faults(tmp_path):
    with pytest.raises(SessionFileError, match="cannot read"):
        read_info(tmp_path / "none.mp3")
    (tmp_path / "text.mp3").write_text("not music")
    with pytest.raises(SessionFileError, match="no Info header"):
        read_info(tmp_path / "text.mp3")


def test_crc_check_value():
    assert crc16(b"123456789") == 0xBB3D
    assert crc16(b"") == 0
    assert crc16(b"", 77) == 77


@given(st.binary(max_size=200), st.binary(max_size=200), st.integers(0, 0xFFFF))
def test_crc_is_the_slow_one(head, tail, crc):
    assert crc16(head + tail, crc) == slow_crc16(head + tail, crc) == crc16(tail, crc16(head, crc))


def test_crc_over_block_borders():
    data = np.random.default_rng(2).integers(0, 256, 600_001, np.uint8).tobytes()
    assert crc16(data) == crc16(data[262_143:], crc16(data[:262_143]))
    assert crc16(data[:300_001]) == slow_crc16(data[:300_001])


def test_crc_is_fast():
    data = bytes(range(256)) * 40_000
    crc16(data)
    before = time.perf_counter()
    crc16(data)
    assert time.perf_counter() - before < 0.3
