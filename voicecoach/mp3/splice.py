"""Take MP3 frames apart and pour them again, from several streams, into one with one bit reservoir. Pure.

A frame's main data may begin up to 511 bytes before its own slot, in what the frames before it left free (ISO/IEC
11172-3, 2.4.1.7 and 2.4.3.4). So a stream is a row of heads at fixed places and one row of main data poured into the
slots between them; frames of several streams can be poured into one, and decode to what they did where they came from.

What a stream of constant bitrate has free before a frame is *back*; where one row of frames follows another, it must be
at least what the other `needs` there. Everything is done on whole rows at a time: 30 minutes are 75,000 frames.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from voicecoach.errors import EncodeError
from voicecoach.mp3.frames import (
    HEADER_BYTES,
    MODE_JOINT_STEREO,
    MODE_MONO,
    frame_size_bytes,
    header_bytes,
    parse_header,
)

SPLICE_VERSION = 1
"""Part of the key of what is kept: raised where rows, or what is in them, change."""

_MOST_BACK_BYTES = 511  # main_data_begin has 9 bits
_MOST_BUFFER_BYTES = 1440  # what a decoder must hold, and LAME keeps to: the largest frame of 48 kHz and half of one
_SIDE_BYTES = {1: 17, 2: 32}
_GRANULE_BITS = 59  # side information of one granule of one channel; its first 12 bits are part2_3_length
_HEAD_BITS = {1: 9 + 5 + 4, 2: 9 + 3 + 8}  # side information before the first granule, by channels
_NO_BITRATE_OR_PADDING = 0x0D  # mask of the header's third byte
_FORM = struct.Struct("<4sBBII")
_MAGIC = b"row1"
_CHUNK_BYTES = 1 << 20

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Row:
    """MP3 frames of one stream, taken apart.

    Attributes
    ----------
    heads
        uint8, shape (MP3 frames, 4 + 17 or 32): header and side information; bitrate and padding are 0, and so is
        ``main_data_begin``: they are the packer's to set. Two channels are always joint stereo.
    lengths
        int64, shape (MP3 frames,): how many bytes of main data each has.
    main
        uint8: all main data in a row, without stuffing.
    """

    heads: Bytes
    lengths: Numbers
    main: Bytes

    def __len__(self) -> int:
        return len(self.lengths)

    @cached_property
    def _offsets(self) -> Numbers:
        return np.concatenate(([0], np.cumsum(self.lengths)))

    def part(self, first: int, end: int) -> Row:
        """Give the MP3 frames from ``first`` to before ``end``, 0 <= first <= end <= len(row)."""
        if not 0 <= first <= end <= len(self):
            raise EncodeError(f"a row of {len(self)} MP3 frames has no part {first} to {end}")
        main = self.main[self._offsets[first] : self._offsets[end]]
        return Row(self.heads[first:end], self.lengths[first:end], main)

    def laps(self, first: int, count: int) -> Iterator[Row]:
        """Go round the row as round a loop: ``count`` MP3 frames from ``first`` on, in parts up to a lap long."""
        at = first % len(self)
        while count > 0:
            end = min(len(self), at + count)
            yield self.part(at, end)
            count -= end - at
            at = 0

    def to_bytes(self) -> bytes:
        """Return the row as bytes, to be kept."""
        head_bytes = self.heads.shape[1]
        form = _FORM.pack(_MAGIC, head_bytes, 0, len(self), len(self.main))
        return b"".join((form, self.heads.tobytes(), self.lengths.astype("<u2").tobytes(), self.main.tobytes()))

    @classmethod
    def from_bytes(cls, data: bytes) -> Row:
        """Make the row of its bytes.

        Raises
        ------
        ValueError
            They are not those of a row.
        """
        if len(data) < _FORM.size:
            raise ValueError("no row")
        magic, head_bytes, _, count, main_bytes = _FORM.unpack_from(data)
        lengths_at = _FORM.size + count * head_bytes
        main_at = lengths_at + 2 * count
        if magic != _MAGIC or head_bytes - HEADER_BYTES not in _SIDE_BYTES.values():
            raise ValueError("no row")
        if len(data) != main_at + main_bytes:
            raise ValueError("no row")
        heads = np.frombuffer(data, np.uint8, count * head_bytes, _FORM.size).reshape(count, head_bytes)
        lengths = np.frombuffer(data, "<u2", count, lengths_at).astype(np.int64)
        if int(lengths.sum()) != main_bytes:
            raise ValueError("no row")
        return cls(heads, lengths, np.frombuffer(data, np.uint8, main_bytes, main_at))


def take_apart(stream: bytes) -> Row:
    """Take a stream of constant bitrate apart.

    Raises
    ------
    EncodeError
        It is no MPEG-1 layer III stream of equal frames without CRC, or a frame's main data is not where it says.
    """
    header = parse_header(stream)
    if header is None or not header.is_mp3 or header.protected or header.padded or len(stream) % header.size_bytes:
        raise EncodeError("only a stream of equal MP3 frames without CRC can be taken apart")
    frames = np.frombuffer(stream, np.uint8).reshape(-1, header.size_bytes)
    same = frames[:, 3] >> 6 == header.mode if header.mode == MODE_MONO else frames[:, 3] >> 6 != MODE_MONO
    if not ((frames[:, :3] == frames[0, :3]).all() and same.all()):
        raise EncodeError("the MP3 frames of the stream are not all of one kind")
    heads = frames[:, : header.main_data_at].copy()
    slots = frames[:, header.main_data_at :].tobytes()
    lengths = _main_data_bytes(heads[:, HEADER_BYTES:], header.channels)
    side = heads[:, HEADER_BYTES : HEADER_BYTES + 2].astype(np.int64)
    room = header.size_bytes - header.main_data_at
    slot_starts = room * np.arange(len(heads))
    begins = slot_starts - (side[:, 0] << 1 | side[:, 1] >> 7)
    ends = begins + lengths
    if begins[0] < 0 or (begins[1:] < ends[:-1]).any() or (ends > slot_starts + room).any():
        raise EncodeError("an MP3 frame's main data is not in the stream where it should be")
    heads[:, 2] &= _NO_BITRATE_OR_PADDING
    heads[:, 3] = _as_joint_stereo(heads[:, 3])
    heads[:, HEADER_BYTES] = 0
    heads[:, HEADER_BYTES + 1] &= 0x7F
    main = b"".join(slots[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True))
    return Row(heads, lengths, np.frombuffer(main, np.uint8))


def _as_joint_stereo(fourth: Bytes) -> Bytes:
    """Say of stereo that it is joint stereo with nothing in common, which it is: so all frames of a stream say alike.

    (LAME writes one up to 128 kbit/s, the other above. Mode and its extension are the first and second two bits.)
    """
    mode = fourth >> 6
    plain = (mode != MODE_MONO) & (mode != MODE_JOINT_STEREO)
    return np.where(plain, fourth & 0x0F | MODE_JOINT_STEREO << 6, fourth).astype(np.uint8)


def _main_data_bytes(side_info: Bytes, channels: int) -> Numbers:
    """Length of the main data that each side information tells."""
    bits = np.zeros(len(side_info), np.int64)
    for number in range(2 * channels):
        at, shift = divmod(_HEAD_BITS[channels] + _GRANULE_BITS * number, 8)
        three = side_info[:, at : at + 3].astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
        bits += three >> (12 - shift) & 0xFFF
    return -(-bits // 8)


@dataclass(frozen=True)
class Slots:
    """What every MP3 frame of a stream of constant bitrate has for main data.

    Attributes
    ----------
    rate_hz, bitrate_kbps, channels
        Of the stream; 44100 Hz has frames of two sizes and is not supported.

    Raises
    ------
    EncodeError
        MP3 has no such format, or its frames are not of one size.
    """

    rate_hz: int
    bitrate_kbps: int
    channels: int

    def __post_init__(self) -> None:
        frame_size_bytes(self.rate_hz, self.bitrate_kbps)
        if self.channels not in _SIDE_BYTES or 144_000 * self.bitrate_kbps % self.rate_hz:
            raise EncodeError(f"MP3 frames of {self.rate_hz} Hz and {self.channels} channels cannot be joined")

    @property
    def head_bytes(self) -> int:
        """Header and side information of a frame."""
        return HEADER_BYTES + _SIDE_BYTES[self.channels]

    @property
    def room_bytes(self) -> int:
        """What is left of a frame for main data."""
        return frame_size_bytes(self.rate_hz, self.bitrate_kbps) - self.head_bytes

    @property
    def most_back_bytes(self) -> int:
        """How far before its slot a frame's main data may begin."""
        return min(_MOST_BACK_BYTES, _MOST_BUFFER_BYTES - frame_size_bytes(self.rate_hz, self.bitrate_kbps))

    def needs(self, lengths: Numbers) -> Numbers:
        """Give what must be free before each frame of a row, so that it and all after it fit.

        Parameters
        ----------
        lengths
            `Row.lengths`.

        Returns
        -------
        int64, shape (len(lengths) + 1,)
            Bytes; the last, behind the row, is 0. More than `most_back_bytes`: from there the row fits nowhere.
        """
        surplus = np.concatenate(([0], np.cumsum(lengths - self.room_bytes)))
        most_later = np.maximum.accumulate(surplus[::-1])[::-1]
        needed = np.asarray(most_later - surplus, np.int64)
        too_large = np.flatnonzero(needed > self.most_back_bytes)
        if len(too_large):  # what is free before it does not matter: there is never more than the most
            before = needed[: too_large[-1]]
            np.maximum(before, self.most_back_bytes + 1, out=before)
        return needed

    def backs(self, lengths: Numbers, back_bytes: int) -> Numbers:
        """Give what is free before each frame of a row, and behind it, where ``back_bytes`` are before the first.

        Returns
        -------
        int64, shape (len(lengths) + 1,)
            Only where all of them fit (`needs`) does it mean anything.
        """
        grown = np.concatenate(([0], np.cumsum(self.room_bytes - lengths)))
        # What exceeds the most is lost for good: b[j] = min over m <= j of most + grown[j] - grown[m].
        lost = np.maximum.accumulate(grown)
        return np.asarray(grown + np.minimum(back_bytes, self.most_back_bytes - lost), np.int64)


class Packer:
    """Pours rows into a stream of constant bitrate with one reservoir.

    Parameters
    ----------
    slots
        The stream's format.

    Attributes
    ----------
    back_bytes
        What is free before the next frame.
    """

    def __init__(self, slots: Slots) -> None:
        self.slots = slots
        self.back_bytes = 0
        mode = MODE_MONO if slots.channels == 1 else MODE_JOINT_STEREO
        self._silent_head = np.zeros((1, slots.head_bytes), np.uint8)
        self._silent_head[0, :HEADER_BYTES] = list(header_bytes(slots.rate_hz, slots.bitrate_kbps, mode))
        self._bitrate = self._silent_head[0, 2] & 0xF0
        self._heads = self._silent_head[:0]  # of frames whose slots are not full yet
        self._main = b""  # what those slots hold so far

    def pour(self, row: Row) -> bytes:
        """Add frames; give the MP3 frames that are whole by now.

        Raises
        ------
        EncodeError
            They do not fit; nothing was added.
        """
        slots = self.slots
        if not len(row):
            return b""
        if row.heads.shape[1] != slots.head_bytes:
            raise EncodeError("MP3 frames of mono and stereo cannot be joined")
        backs = slots.backs(row.lengths, self.back_bytes)
        if (row.lengths > backs[:-1] + slots.room_bytes).any():
            raise EncodeError("MP3 frames do not fit behind those before them")
        heads = row.heads.copy()
        heads[:, 2] = heads[:, 2] & _NO_BITRATE_OR_PADDING | self._bitrate
        heads[:, HEADER_BYTES] = backs[:-1] >> 1
        heads[:, HEADER_BYTES + 1] = heads[:, HEADER_BYTES + 1] & 0x7F | (backs[:-1] & 1) << 7
        stuffing = backs[:-1] + slots.room_bytes - row.lengths - backs[1:]
        self.back_bytes = int(backs[-1])
        return self._full(heads, _stuffed(row, stuffing))

    def silence(self, count: int) -> Iterator[bytes]:
        """Add frames that decode to digital zero where nothing sounds before them; they always fit.

        Yields
        ------
        bytes
            Whole MP3 frames, up to a megabyte of them.
        """
        slots = self.slots
        # Until the reservoir is full and every open slot a silent frame's; from then on one frame is as the other.
        settling = min(count, 2 * (slots.most_back_bytes // slots.room_bytes + 2))
        heads = self._silent_head.repeat(settling, axis=0)
        yield self.pour(Row(heads, np.zeros(settling, np.int64), np.zeros(0, np.uint8)))
        left = count - settling
        if left:
            frame = self._heads[:1].tobytes() + bytes(slots.room_bytes)
            most = max(1, _CHUNK_BYTES // len(frame))
            for done in range(0, left, most):
                yield frame * min(most, left - done)

    def finish(self) -> bytes:
        """Fill the last slots; give the rest of the MP3 frames."""
        rest = self._full(self._heads[:0], bytes(self.back_bytes))
        self.back_bytes = 0
        return rest

    def _full(self, heads: Bytes, main: bytes) -> bytes:
        """Put heads and main data behind those that wait, and take the whole frames away."""
        room = self.slots.room_bytes
        self._heads = np.concatenate((self._heads, heads))
        self._main += main
        count = min(len(self._heads), len(self._main) // room)
        filled = np.frombuffer(self._main, np.uint8, count * room).reshape(count, room)
        frames = np.concatenate((self._heads[:count], filled), axis=1).tobytes()
        self._heads = self._heads[count:].copy()
        self._main = self._main[count * room :]
        return frames


def _stuffed(row: Row, stuffing: Numbers) -> bytes:
    """Give a row's main data with so many zeros behind each frame's."""
    places = np.flatnonzero(stuffing)
    if not len(places):
        return row.main.tobytes()
    main = row.main.tobytes()
    ends = np.cumsum(row.lengths)[places].tolist()
    pieces: list[bytes] = []
    begin = 0
    for end, count in zip(ends, stuffing[places].tolist(), strict=True):
        pieces += (main[begin:end], bytes(count))
        begin = end
    return b"".join((*pieces, main[begin:]))
