"""Taking MP3 frames apart and pouring them again: what is decoded stays the same to the last bit."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.errors import EncodeError
from voicecoach.mp3.frames import (
    BITRATES_KBPS,
    MODE_JOINT_STEREO,
    MODE_MONO,
    frame_size_bytes,
    header_bytes,
    parse_header,
    split_frames,
)
from voicecoach.mp3.lame import LameEncoder
from voicecoach.mp3.splice import Packer, Row, Slots, take_apart

DICE = np.random.default_rng(3)
SWELL = np.abs(np.sin(np.arange(60_000) / 9000))[:, np.newaxis]
NOISE = (DICE.standard_normal((60_000, 2)) * 0.06 * SWELL).astype(np.float32)
NOISE[20_000:35_000] = 0
CLICKS = NOISE * np.float32(0.2)
CLICKS[::7000] = 0.7


def encoded(samples: np.ndarray, bitrate_kbps: int, rate_hz: int = 48_000) -> bytes:
    encoder = LameEncoder(rate_hz=rate_hz, channels=samples.shape[1], bitrate_kbps=bitrate_kbps)
    return encoder.encode(samples) + encoder.finish()


def decoded(stream: bytes, folder: Path, libsndfile, channels: int) -> np.ndarray:
    file = folder / "x.mp3"
    file.write_bytes(stream)
    return libsndfile(file, channels)


@pytest.fixture(scope="module")
def row() -> Row:
    return take_apart(encoded(CLICKS[:, :1], 96))


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("bitrate_kbps", BITRATES_KBPS)
def test_poured_again_it_decodes_to_the_same(bitrate_kbps, channels, libsndfile, tmp_path):
    for sound in (NOISE, CLICKS):
        stream = encoded(sound[:, :channels], bitrate_kbps)
        row = Row.from_bytes(take_apart(stream).to_bytes())
        packer = Packer(Slots(48_000, bitrate_kbps, channels))
        again = b"".join(packer.pour(row.part(at, min(at + 7, len(row)))) for at in range(0, len(row), 7))
        again += packer.finish()
        assert len(again) == len(stream)
        headers = {parse_header(frame) for frame in split_frames(again)}
        mode = MODE_MONO if channels == 1 else MODE_JOINT_STEREO
        assert {(h.bitrate_kbps, h.padded, h.mode) for h in headers if h} == {(bitrate_kbps, False, mode)}
        one, other = (decoded(data, tmp_path, libsndfile, channels) for data in (stream, again))
        assert np.array_equal(one, other)


def test_in_a_wider_stream_it_decodes_to_the_same(libsndfile, tmp_path):
    stream = encoded(NOISE, 112)
    packer = Packer(Slots(48_000, 192, 2))
    wider = packer.pour(take_apart(stream)) + packer.finish()
    assert len(wider) == len(stream) // frame_size_bytes(48_000, 112) * frame_size_bytes(48_000, 192)
    one, other = (decoded(data, tmp_path, libsndfile, 2) for data in (stream, wider))
    assert np.array_equal(one, other)


def test_two_streams_with_silence_between(decoders, mp3val, tmp_path):
    """Each decodes to what it did alone; between them there is nothing at all."""
    rows = [take_apart(encoded(sound[:, :1], 96)) for sound in (NOISE, CLICKS)]
    packer = Packer(Slots(48_000, 96, 1))
    stream = packer.pour(rows[0])
    stream += b"".join(packer.silence(300))
    stream += packer.pour(rows[1]) + packer.finish()
    file = tmp_path / "x.mp3"
    file.write_bytes(stream)
    assert all("No supported tags" in line for line in mp3val(file))
    count = len(rows[0])
    for name, decode in decoders.items():
        # Without an Info header each takes off what it likes in front; the end tells where everything is.
        more = ("-f", "mp3", "-v", "error") if name == "ffmpeg" else ("--no-gapless",) if name == "mpg123" else ()
        whole = decode(file, 1, *more)
        lead = len(whole) - 1152 * (count + 300 + len(rows[1]))
        silent = whole[lead + 1152 * (count + 2) : lead + 1152 * (count + 300 - 2)]
        assert len(silent)
        assert not silent.any(), name
        assert whole[lead + 1152 * (count + 301) :].any(), name


def one_by_one(lengths: list[int], room: int, most: int, back: int) -> list[int] | None:
    """What is free before each frame, the plain way; None: one does not fit."""
    backs = [min(back, most)]
    for length in lengths:
        if length > backs[-1] + room:
            return None
        backs.append(min(most, backs[-1] + room - length))
    return backs


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.integers(0, 400), st.integers(0, 1500)), max_size=30),
    st.sampled_from([48, 96, 192, 320]),
    st.integers(1, 2),
    st.integers(0, 511),
)
def test_needs_and_backs_are_those_of_frame_by_frame(lengths, bitrate_kbps, channels, back):
    slots = Slots(48_000, bitrate_kbps, channels)
    back = min(back, slots.most_back_bytes)
    numbers = np.array(lengths, np.int64)
    needs = slots.needs(numbers)
    backs = one_by_one(lengths, slots.room_bytes, slots.most_back_bytes, back)
    assert (needs[0] <= back) == (backs is not None)
    if needs[0] <= slots.most_back_bytes:
        least = one_by_one(lengths, slots.room_bytes, slots.most_back_bytes, int(needs[0]))
        assert least is not None, "what it needs is enough"
    if backs is not None:
        assert slots.backs(numbers, back).tolist() == backs


def test_what_does_not_fit_is_refused_and_leaves_the_packer_as_it_was(row, libsndfile, tmp_path):
    slots = Slots(48_000, 96, 1)
    full = Packer(slots)
    list(full.silence(20))
    assert full.back_bytes == slots.most_back_bytes
    greedy = next(at for at, need in enumerate(slots.needs(row.lengths)) if need > 0)
    packer = Packer(slots)
    with pytest.raises(EncodeError, match="do not fit"):
        packer.pour(row.part(greedy, len(row)))
    stream = packer.pour(row) + packer.finish()
    straight = Packer(slots)
    assert stream == straight.pour(row) + straight.finish()


def test_a_frame_that_fits_nowhere_is_refused_however_much_is_free():
    slots = Slots(48_000, 96, 1)
    packer = Packer(slots)
    list(packer.silence(20))
    size = slots.room_bytes + slots.most_back_bytes + 1
    heads = np.tile(np.frombuffer(header_bytes(48_000, 96, 3) + bytes(17), np.uint8), (2, 1))
    large = Row(heads, np.array([0, size]), np.zeros(size, np.uint8))
    with pytest.raises(EncodeError, match="do not fit"):
        packer.pour(large)
    packer.pour(Row(heads, np.array([0, size - 1]), np.zeros(size - 1, np.uint8)))


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 20),
    st.lists(st.integers(0, 60), min_size=1, max_size=4),
    st.sampled_from([(32, 1), (48, 2), (96, 1), (320, 2)]),
)
def test_silence_at_once_is_silence_frame_by_frame(before, counts, form):
    bitrate_kbps, channels = form
    slots = Slots(48_000, bitrate_kbps, channels)
    sound = take_apart(encoded(NOISE[:24_000, :channels], bitrate_kbps)).part(0, before)
    at_once, by_frame = Packer(slots), Packer(slots)
    one, other = at_once.pour(sound), by_frame.pour(sound)
    for count in counts:
        one += b"".join(at_once.silence(count))
        other += b"".join(itertools.chain.from_iterable(by_frame.silence(1) for _ in range(count)))
        one += at_once.pour(sound)
        other += by_frame.pour(sound)
        assert at_once.back_bytes == by_frame.back_bytes
    one += at_once.finish()
    assert one == other + by_frame.finish()
    assert len(one) == frame_size_bytes(48_000, bitrate_kbps) * (before + sum(counts) + before * len(counts))


def test_long_silence_comes_in_pieces():
    packer = Packer(Slots(48_000, 96, 1))
    pieces = list(packer.silence(150_000))
    assert max(map(len, pieces)) <= 1 << 20
    assert sum(map(len, pieces)) + len(packer.finish()) == 150_000 * 288


def test_the_buffer_of_decoders_is_kept_to():
    assert Slots(48_000, 256, 2).most_back_bytes == 511
    assert Slots(48_000, 320, 2).most_back_bytes == 480, "a frame of 960 bytes and half of one: 1440, as LAME has it"


def test_parts_and_laps(row):
    laps = list(row.laps(len(row) - 2, 2 * len(row) + 3))
    assert [len(part) for part in laps] == [2, len(row), len(row), 1]
    assert laps[0].main.tobytes() == row.part(len(row) - 2, len(row)).main.tobytes()
    assert np.array_equal(laps[-1].heads, row.heads[:1])
    assert list(row.laps(5, 0)) == []
    with pytest.raises(EncodeError, match="no part"):
        row.part(0, len(row) + 1)


@pytest.mark.parametrize("spoil", [lambda d: b"", lambda d: d[:-1], lambda d: d + b"x", lambda d: b"x" + d[1:]])
def test_bytes_that_are_no_row(row, spoil):
    with pytest.raises(ValueError, match="no row"):
        Row.from_bytes(spoil(row.to_bytes()))


def changed(stream: bytes, at: int, mask: int) -> bytes:
    return stream[:at] + bytes((stream[at] ^ mask,)) + stream[at + 1 :]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda s: b"",
        lambda s: s[:-1],
        lambda s: s[288:],  # it begins with a frame that needs the one before it
        lambda s: changed(s, 1, 1),  # with a CRC
        lambda s: changed(s, 288 + 2, 0x10),  # another bitrate
        lambda s: changed(s, 288 + 3, 0x80),  # mono and stereo
        lambda s: changed(s, 10 * 288 + 4, 0x80),  # main data that begins in that of the frame before
        lambda s: changed(s, 20 * 288 + 6, 0x3F),  # more main data than there is
    ],
)
def test_what_cannot_be_taken_apart(spoil):
    stream = encoded(NOISE[:, :1] * 3, 96)
    take_apart(stream)
    with pytest.raises(EncodeError):
        take_apart(spoil(stream))


def test_formats_that_cannot_be_joined(row):
    with pytest.raises(EncodeError):
        take_apart(encoded(NOISE, 128, 44_100))
    with pytest.raises(EncodeError, match="cannot be joined"):
        Slots(44_100, 128, 1)
    with pytest.raises(EncodeError):
        Slots(48_000, 100, 1)
    with pytest.raises(EncodeError, match="mono and stereo"):
        Packer(Slots(48_000, 128, 2)).pour(row)
