"""The Info header: the first MP3 frame of a session, which tells players its exact length.

Without it a player guesses the length, and it cannot know how much silence the encoder and the decoder put around the
music. The layout is that of Xing's header with LAME's extension, as LAME's ``VbrTag.c`` writes it and the "Mp3 Info
Tag rev 1 specifications" describe it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from voicecoach.errors import EncodeError, SessionFileError
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.mp3.crc import BLOCK_BYTES, crc16
from voicecoach.mp3.frames import (
    BITRATES_KBPS,
    HEADER_BYTES,
    MODE_JOINT_STEREO,
    MODE_MONO,
    FrameHeader,
    count_frames,
    frame_size_bytes,
    header_bytes,
    is_info_frame,
    parse_header,
    skip_id3v2,
)

DECODER_DELAY_FRAMES = 529
"""What every layer III decoder adds (528 of the filter bank and 1): players skip the stated delay and this."""

MOST_PADDING_FRAMES = 4095
"""Delay and padding have 12 bits each."""

_XING = struct.Struct(">4sIII100sI")  # Info, flags, MP3 frames, bytes, table of contents, quality
_LAME = struct.Struct(">9sBBfHHBB3sBBHIH")  # up to the music's CRC; the CRC of all before it follows in two bytes
_TAG_BYTES = _XING.size + _LAME.size + 2
_ALL_FIELDS = 0x0F
_CONSTANT_BITRATE = 1
_QUALITIES = {1: 57, 2: 55}  # as LAME tells it: 100 - 10 * 4 - `lame.QUALITIES`
_SOURCE_RATES = {32_000: 0, 44_100: 1, 48_000: 2}
_STEREO_CODES = {0: 1, 1: 3, 2: 2, 3: 0}  # the frame's channel mode → the tag's
_STEREO_SHIFT, _RATE_SHIFT = 2, 6


@dataclass(frozen=True)
class InfoHeader:
    """What the Info frame of a stream of constant bitrate says.

    Attributes
    ----------
    rate_hz
        Sample rate: 32000, 44100 or 48000.
    mode
        Channel mode of the stream's MP3 frames: 0 stereo, 1 joint stereo, 2 two channels, 3 mono.
    bitrate_kbps
        Of the stream's MP3 frames. (The Info frame itself has a higher one where it would not fit: under 64 kbit/s at
        48 kHz.)
    length_frames
        Frames of audio that a player is to play.
    mp3_frames
        MP3 frames of the stream, the Info frame not counted.
    music_bytes
        Length of those MP3 frames.
    music_crc
        Their CRC-16, as of `crc.crc16`.
    delay_frames
        What the encoder put before the audio, without the decoder's own 529: 0 to 4095.
    encoder
        Name of the encoder, up to 9 characters; players heed delay and padding only when it begins with ``LAME``.
    lowpass_hz
        Where the encoder cut the highs, in steps of 100 Hz up to 25500; 0 for unknown.

    Raises
    ------
    EncodeError
        A field is beyond what the frame can hold, or the MP3 frames are too few for the audio, or too many.
    """

    rate_hz: int
    mode: int
    bitrate_kbps: int
    length_frames: int
    mp3_frames: int
    music_bytes: int
    music_crc: int
    delay_frames: int
    encoder: str = "LAME"
    lowpass_hz: int = 0

    def __post_init__(self) -> None:
        header_bytes(self.rate_hz, self.bitrate_kbps, self.mode)
        bounds = {
            "delay": (self.delay_frames, MOST_PADDING_FRAMES),
            "padding": (self.padding_frames, MOST_PADDING_FRAMES),
            "length in frames": (self.length_frames, 2**63),
            "number of MP3 frames": (self.mp3_frames, 2**32 - 1),
            "length in bytes": (self.total_bytes, 2**32 - 1),
            "CRC": (self.music_crc, 2**16 - 1),
            "low-pass": (self.lowpass_hz, 25_500),
        }
        for what, (value, most) in bounds.items():
            if not 0 <= value <= most:
                raise EncodeError(f"an Info header cannot hold a {what} of {value}: 0 to {most}")
        if len(self.encoder) > 9 or not self.encoder.isascii() or "\0" in self.encoder:
            raise EncodeError(f"an Info header cannot hold the encoder name {self.encoder!r}: 9 ASCII characters")

    @property
    def padding_frames(self) -> int:
        """What follows the audio: all that the MP3 frames decode to, less delay and audio."""
        return self.mp3_frames * MP3_FRAME_FRAMES - self.delay_frames - self.length_frames

    @property
    def channels(self) -> int:
        """1 or 2."""
        return 1 if self.mode == MODE_MONO else 2

    @property
    def size_bytes(self) -> int:
        """Length of the Info frame itself."""
        return info_frame_bytes(self.rate_hz, self.channels, self.bitrate_kbps)

    @property
    def total_bytes(self) -> int:
        """Length of the Info frame and all MP3 frames: the file without tags."""
        return self.size_bytes + self.music_bytes

    def to_bytes(self) -> bytes:
        """Build the Info frame: `size_bytes` long, the same for every content of one format."""
        delay_and_padding = (self.delay_frames << 12 | self.padding_frames).to_bytes(3, "big")
        source = _STEREO_CODES[self.mode] << _STEREO_SHIFT | _SOURCE_RATES[self.rate_hz] << _RATE_SHIFT
        frame = _empty_frame(self.rate_hz, self.bitrate_kbps, self.mode)
        body = frame[: _tag_at(self.channels)]
        quality = _QUALITIES[self.channels]
        body += _XING.pack(b"Info", _ALL_FIELDS, self.mp3_frames, self.total_bytes, self._contents(), quality)
        body += _LAME.pack(
            self.encoder.encode("ascii"),
            _CONSTANT_BITRATE,
            -(-self.lowpass_hz // 100),
            *(0.0, 0, 0),  # peak and both loudness values: unknown
            0,  # encoding flags
            min(self.bitrate_kbps, 255),
            delay_and_padding,
            source,
            *(0, 0),  # no gain change, no preset
            self.total_bytes,
            self.music_crc,
        )
        body += crc16(body).to_bytes(2, "big")
        return body + frame[len(body) :]

    def _contents(self) -> bytes:
        """Where in the file each hundredth of the time begins, in 256ths of the file: 100 bytes."""
        before, total = self.size_bytes, max(self.total_bytes, 1)
        rest = (256 * (100 * before + percent * self.music_bytes) // (100 * total) for percent in range(1, 100))
        return bytes((0, *(min(255, place) for place in rest)))

    @classmethod
    def parse(cls, frame: bytes) -> InfoHeader:
        """Read an Info frame back.

        Parameters
        ----------
        frame
            The whole MP3 frame.

        Raises
        ------
        SessionFileError
            It is no Info frame of constant bitrate with LAME's extension, or it is damaged (its CRC does not match).
        """
        header = parse_header(frame)
        if header is None or not is_info_frame(frame) or len(frame) < header.main_data_at + _TAG_BYTES:
            raise SessionFileError("the MP3 has no Info header with its exact length")
        at = header.main_data_at
        crc_at = at + _TAG_BYTES - 2
        if crc16(frame[:crc_at]) != int.from_bytes(frame[crc_at : crc_at + 2], "big"):
            raise SessionFileError("the Info header of the MP3 is damaged: its CRC does not match")
        kind, flags, mp3_frames, total_bytes, _, _ = _XING.unpack_from(frame, at)
        lame = _LAME.unpack_from(frame, at + _XING.size)
        if (kind, flags, lame[1] & 0x0F) != (b"Info", _ALL_FIELDS, _CONSTANT_BITRATE):
            raise SessionFileError("the Info header of the MP3 is not one of constant bitrate")
        return _from_fields(header, mp3_frames, total_bytes, lame)


def _from_fields(header: FrameHeader, mp3_frames: int, total_bytes: int, lame: tuple[object, ...]) -> InfoHeader:
    encoder, _, lowpass, *_, low_bitrate, packed, _, _, _, _, music_crc = lame
    assert isinstance(encoder, bytes)
    assert isinstance(packed, bytes)
    assert isinstance(lowpass, int)
    assert isinstance(low_bitrate, int)
    assert isinstance(music_crc, int)
    delay_frames, padding_frames = divmod(int.from_bytes(packed, "big"), 1 << 12)
    try:
        return InfoHeader(
            rate_hz=header.rate_hz,
            mode=header.mode,
            bitrate_kbps=low_bitrate if low_bitrate < 255 else header.bitrate_kbps,
            length_frames=mp3_frames * MP3_FRAME_FRAMES - delay_frames - padding_frames,
            mp3_frames=mp3_frames,
            music_bytes=total_bytes - header.size_bytes,
            music_crc=music_crc,
            delay_frames=delay_frames,
            encoder=encoder.rstrip(b"\0").decode("ascii", "replace"),
            lowpass_hz=lowpass * 100,
        )
    except EncodeError as fault:
        raise SessionFileError(f"the Info header of the MP3 makes no sense: {fault.message}") from fault


def _tag_at(channels: int) -> int:
    return HEADER_BYTES + (17 if channels == 1 else 32)


def _info_bitrate_kbps(rate_hz: int, channels: int, bitrate_kbps: int) -> int:
    """Give the stream's bitrate, or the lowest at which the tag fits into a frame."""
    needed = _tag_at(channels) + _TAG_BYTES
    fitting = (kbps for kbps in BITRATES_KBPS if frame_size_bytes(rate_hz, kbps) >= needed)
    return max(bitrate_kbps, next(fitting))


def _empty_frame(rate_hz: int, bitrate_kbps: int, mode: int) -> bytes:
    channels = 1 if mode == MODE_MONO else 2
    size = info_frame_bytes(rate_hz, channels, bitrate_kbps)
    return header_bytes(rate_hz, _info_bitrate_kbps(rate_hz, channels, bitrate_kbps), mode).ljust(size, b"\0")


def info_frame_bytes(rate_hz: int, channels: int, bitrate_kbps: int) -> int:
    """Length of the Info frame of a stream, in bytes, known before anything is encoded."""
    return frame_size_bytes(rate_hz, _info_bitrate_kbps(rate_hz, channels, bitrate_kbps))


class MusicTally:
    """Counts and checks a stream of constant bitrate while it is written, for its Info header.

    Parameters
    ----------
    rate_hz, channels, bitrate_kbps
        Of the stream.

    Attributes
    ----------
    music_bytes
        Bytes added so far.
    """

    def __init__(self, *, rate_hz: int = SAMPLE_RATE_HZ, channels: int, bitrate_kbps: int) -> None:
        self.rate_hz = rate_hz
        self.bitrate_kbps = bitrate_kbps
        self.music_bytes = 0
        self._crc = 0
        self._waiting = bytearray()  # a CRC of many small pieces costs several times that of one large one
        self._mode = MODE_MONO if channels == 1 else MODE_JOINT_STEREO
        self._head = b""

    def add(self, data: bytes) -> None:
        """Take the stream's next bytes in: any number, MP3 frames need not be whole."""
        self._head += data[: HEADER_BYTES - len(self._head)]
        self.music_bytes += len(data)
        self._waiting += data
        if len(self._waiting) >= BLOCK_BYTES:
            self._take_in()

    @property
    def music_crc(self) -> int:
        """CRC-16 of what was added so far."""
        self._take_in()
        return self._crc

    def _take_in(self) -> None:
        self._crc = crc16(bytes(self._waiting), self._crc)
        self._waiting.clear()

    def placeholder(self) -> bytes:
        """Build a silent MP3 frame, as long as the Info frame that will replace it."""
        return _empty_frame(self.rate_hz, self.bitrate_kbps, self._mode)

    def header(self, *, length_frames: int, delay_frames: int, encoder: str = "LAME") -> InfoHeader:
        """Make the Info header of all that was added.

        Parameters
        ----------
        length_frames
            Frames of audio that a player is to play.
        delay_frames
            The encoder's delay (`lame.ENCODER_DELAY_FRAMES`).
        encoder
            The encoder's name (`lame.lame_name`).

        Raises
        ------
        EncodeError
            What was added are not whole MP3 frames of that format, or not as many as the audio needs.
        """
        first = parse_header(self._head)
        return InfoHeader(
            rate_hz=self.rate_hz,
            mode=first.mode if first else self._mode,
            bitrate_kbps=self.bitrate_kbps,
            length_frames=length_frames,
            mp3_frames=count_frames(self.music_bytes, self.rate_hz, self.bitrate_kbps),
            music_bytes=self.music_bytes,
            music_crc=self.music_crc,
            delay_frames=delay_frames,
            encoder=encoder,
        )


def read_info(path: Path) -> InfoHeader:
    """Read the Info header of a session file.

    Raises
    ------
    SessionFileError
        The file cannot be read, or has no such header, or a damaged one.
    """
    try:
        with path.open("rb") as file:
            skip_id3v2(file)
            head = file.read(HEADER_BYTES)
            header = parse_header(head)
            frame = head + file.read(header.size_bytes - HEADER_BYTES) if header else b""
    except OSError as fault:
        raise SessionFileError(f"cannot read {path}: {fault.strerror or fault}") from fault
    try:
        return InfoHeader.parse(frame)
    except SessionFileError as fault:
        raise SessionFileError(f"{path}: {fault.message}") from fault
