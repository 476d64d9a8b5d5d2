"""Ogg pages (RFC 3533): the number of a stream, which libsndfile takes from the clock."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from voicecoach.errors import EncodeError

_HEAD = struct.Struct("<4sBBqIIIB")
"""``OggS``, version, flags, granule position, serial number, page number, CRC, number of segments."""
_SERIAL_AT, _CRC_AT = 14, 22
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def give_serial(path: Path, serial: int) -> None:
    """Give all pages of an Ogg file that serial number, in place: the same sound then gives the same bytes.

    Raises
    ------
    EncodeError
        The file is no Ogg file.
    """
    with path.open("r+b") as file:
        while head := file.read(_HEAD.size):
            at = file.tell() - len(head)
            if len(head) < _HEAD.size or not head.startswith(b"OggS"):
                raise EncodeError(f"{path}: there is no Ogg page at byte {at}")
            segments = file.read(head[-1])
            page = bytearray(head + segments + file.read(sum(segments)))
            struct.pack_into("<I", page, _SERIAL_AT, serial)
            struct.pack_into("<I", page, _CRC_AT, 0)
            struct.pack_into("<I", page, _CRC_AT, page_crc(bytes(page)))
            file.seek(at)
            file.write(page)


def page_crc(page: bytes) -> int:
    """CRC-32 of a page whose own is zero: zlib's polynomial, most significant bit first, from 0, not inverted."""
    crc = zlib.crc32(page.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{crc:032b}"[::-1], 2)
