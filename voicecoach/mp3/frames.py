"""MP3 frames: their headers, their sizes, and how to walk over them. Pure.

The layout is that of ISO/IEC 11172-3 (MPEG-1) and 13818-3 (MPEG-2), clause 2.4.1.3 and 2.4.2.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from voicecoach.errors import EncodeError, SessionFileError

HEADER_BYTES = 4
MODE_STEREO = 0
MODE_JOINT_STEREO = 1
MODE_MONO = 3

BITRATES_KBPS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""What an MPEG-1 layer III frame may have, kbit/s."""

RATES_HZ = (44_100, 48_000, 32_000)
"""What an MPEG-1 frame may have, Hz, in the order of their codes."""

_VERSIONS = {3: "1", 2: "2", 0: "2.5"}
_VERSION_DIVISORS = {"1": 1, "2": 2, "2.5": 4}
_LAYER_1_KBPS = tuple(range(32, 449, 32))
_LAYER_2_KBPS = (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384)
_LOW_LAYER_1_KBPS = (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256)
_LOW_KBPS = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_ID3V2_HEADER_BYTES = 10


@dataclass(frozen=True)
class FrameHeader:
    """What the four bytes in front of an MPEG audio frame say.

    Attributes
    ----------
    version
        ``"1"``, ``"2"`` or ``"2.5"``.
    layer
        1, 2 or 3. An MP3 frame has 3.
    bitrate_kbps
        Of this frame, kbit/s.
    rate_hz
        Sample rate.
    mode
        0 stereo, 1 joint stereo, 2 two channels, 3 mono.
    padded
        True when the frame is one slot longer.
    protected
        True when a CRC of two bytes follows the header.
    """

    version: str
    layer: int
    bitrate_kbps: int
    rate_hz: int
    mode: int
    padded: bool
    protected: bool

    @property
    def is_mp3(self) -> bool:
        """Whether it is the kind that voicecoach makes: MPEG-1 layer III."""
        return self.version == "1" and self.layer == 3

    @property
    def channels(self) -> int:
        """1 or 2."""
        return 1 if self.mode == MODE_MONO else 2

    @property
    def frames(self) -> int:
        """Frames (samples a channel) that it decodes to."""
        if self.layer == 1:
            return 384
        return 1152 if self.layer == 2 or self.version == "1" else 576

    @property
    def size_bytes(self) -> int:
        """Whole length, header included."""
        slot_bytes = 4 if self.layer == 1 else 1
        slots = self.frames * self.bitrate_kbps * 1000 // (8 * slot_bytes * self.rate_hz)
        return (slots + self.padded) * slot_bytes

    @property
    def side_info_bytes(self) -> int:
        """Length of layer III's side information."""
        if self.version == "1":
            return 17 if self.mode == MODE_MONO else 32
        return 9 if self.mode == MODE_MONO else 17

    @property
    def main_data_at(self) -> int:
        """Where layer III's main data, or an Info tag, begins in the frame."""
        return HEADER_BYTES + 2 * self.protected + self.side_info_bytes


def _bitrates_kbps(version: str, layer: int) -> tuple[int, ...]:
    if version == "1":
        return (_LAYER_1_KBPS, _LAYER_2_KBPS, BITRATES_KBPS)[layer - 1]
    return _LOW_LAYER_1_KBPS if layer == 1 else _LOW_KBPS


def parse_header(data: bytes, at: int = 0) -> FrameHeader | None:
    """Read a frame header.

    Parameters
    ----------
    data
        Bytes that hold it.
    at
        Where it begins.

    Returns
    -------
    FrameHeader or None
        None when no header is there: no sync word, reserved values, free format, or fewer than four bytes.
    """
    if len(data) - at < HEADER_BYTES or data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return None
    second, third, fourth = data[at + 1 : at + HEADER_BYTES]
    version = _VERSIONS.get((second >> 3) & 3)
    layer = 4 - ((second >> 1) & 3)
    bitrate_code, rate_code = third >> 4, (third >> 2) & 3
    if version is None or layer == 4 or not 1 <= bitrate_code <= 14 or rate_code == 3:
        return None
    return FrameHeader(
        version=version,
        layer=layer,
        bitrate_kbps=_bitrates_kbps(version, layer)[bitrate_code - 1],
        rate_hz=RATES_HZ[rate_code] // _VERSION_DIVISORS[version],
        mode=fourth >> 6,
        padded=bool(third & 2),
        protected=not second & 1,
    )


def header_bytes(rate_hz: int, bitrate_kbps: int, mode: int) -> bytes:
    """Four bytes of an MPEG-1 layer III header: no CRC, no padding, marked as an original.

    Raises
    ------
    EncodeError
        No MP3 frame has that sample rate, bitrate or mode.
    """
    check_format(rate_hz, bitrate_kbps)
    if mode not in range(4):
        raise EncodeError(f"an MP3 frame has channel mode 0 to 3, not {mode}")
    codes = (BITRATES_KBPS.index(bitrate_kbps) + 1) << 4 | RATES_HZ.index(rate_hz) << 2
    return bytes((0xFF, 0xFB, codes, mode << 6 | 0x04))


def check_format(rate_hz: int, bitrate_kbps: int) -> None:
    """Raise `EncodeError` unless an MP3 frame can have that sample rate and bitrate."""
    if rate_hz not in RATES_HZ:
        raise EncodeError(f"an MP3 has 32000, 44100 or 48000 Hz, not {rate_hz}")
    if bitrate_kbps not in BITRATES_KBPS:
        possible = ", ".join(map(str, BITRATES_KBPS))
        raise EncodeError(f"an MP3 cannot have {bitrate_kbps} kbit/s", hint=f"it can have {possible}")


def frame_size_bytes(rate_hz: int, bitrate_kbps: int) -> int:
    """Size of an MP3 frame without padding: at 48 and 32 kHz that of every frame of a constant bitrate."""
    check_format(rate_hz, bitrate_kbps)
    return 144_000 * bitrate_kbps // rate_hz


def count_frames(stream_bytes: int, rate_hz: int, bitrate_kbps: int) -> int:
    """How many MP3 frames a stream of constant bitrate has, by its length.

    Parameters
    ----------
    stream_bytes
        Length of the MP3 frames alone: neither tag nor Info frame.
    rate_hz, bitrate_kbps
        Of the stream.

    Raises
    ------
    EncodeError
        The length is not that of whole frames (at 44.1 kHz, where every other frame is a byte longer: not within a
        byte of it).
    """
    check_format(rate_hz, bitrate_kbps)
    bits = 144_000 * bitrate_kbps
    count = (stream_bytes * rate_hz + bits // 2) // bits
    off = abs(stream_bytes * rate_hz - count * bits)
    if off > (rate_hz if bits % rate_hz else 0):
        raise EncodeError(f"{stream_bytes} bytes are not whole MP3 frames of {bitrate_kbps} kbit/s at {rate_hz} Hz")
    return count


def split_frames(stream: bytes) -> Iterator[bytes]:
    """Cut an encoder's stream into its MP3 frames.

    Raises
    ------
    EncodeError
        Something else than a whole MPEG-1 layer III frame stands in it; the message says where.
    """
    at = 0
    while at < len(stream):
        header = parse_header(stream, at)
        if header is None or not header.is_mp3 or at + header.size_bytes > len(stream):
            raise EncodeError(f"no whole MP3 frame at byte {at} of the encoded stream")
        yield stream[at : at + header.size_bytes]
        at += header.size_bytes


def skip_id3v2(file: BinaryIO) -> int:
    """Move a file to behind the ID3v2 tags that it begins with; return that place, in bytes.

    Parameters
    ----------
    file
        Open for reading, seekable.
    """
    at = 0
    while True:
        file.seek(at)
        head = file.read(_ID3V2_HEADER_BYTES)
        if len(head) < _ID3V2_HEADER_BYTES or head[:3] != b"ID3":
            file.seek(at)
            return at
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        footer_bytes = _ID3V2_HEADER_BYTES if head[5] & 0x10 else 0
        at += _ID3V2_HEADER_BYTES + size + footer_bytes


def read_frames(file: BinaryIO) -> Iterator[tuple[int, FrameHeader, bytes]]:
    """Walk over the frames of an MP3 file, the Info frame included; ID3v1 and APE tags at its end are left out.

    Parameters
    ----------
    file
        Open for reading, seekable. It is read as the walk goes on.

    Yields
    ------
    tuple of (int, FrameHeader, bytes)
        Where the frame begins in the file, what its header says, and the whole frame.

    Raises
    ------
    SessionFileError
        Something else than frames stands there, or the last one is cut off; the message says at which byte.
    """
    at = skip_id3v2(file)
    while head := file.read(HEADER_BYTES):
        if head[:3] == b"TAG" or head == b"APET":
            return
        header = parse_header(head)
        if header is None or header.layer != 3:
            raise SessionFileError(f"no MP3 frame at byte {at}: the file is damaged there, or it is not an MP3")
        data = head + file.read(header.size_bytes - HEADER_BYTES)
        if len(data) < header.size_bytes:
            raise SessionFileError(f"the MP3 frame at byte {at} is cut off: the file is not whole")
        yield at, header, data
        at += len(data)


def is_info_frame(frame: bytes) -> bool:
    """Whether an MP3 frame is no sound but an Info (constant bitrate) or Xing (variable) header."""
    header = parse_header(frame)
    if header is None or header.layer != 3:
        return False
    return frame[header.main_data_at : header.main_data_at + 4] in (b"Info", b"Xing")
