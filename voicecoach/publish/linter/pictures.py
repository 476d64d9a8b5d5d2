"""What a picture is, by its first bytes: JPEG or PNG, how large, which colours. Nothing is decoded."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

_MOST_BYTES = 64 * 1024 * 1024
_FRAMES = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)))
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_COLOURS = {0: "grey", 2: "RGB", 3: "a palette", 4: "grey with transparency", 6: "RGB with transparency"}
_JPEG_COLOURS = {1: "grey", 3: "RGB", 4: "CMYK"}


@dataclass(frozen=True)
class Picture:
    """A picture.

    Attributes
    ----------
    kind
        ``JPEG`` or ``PNG``.
    width, height
        In pixels.
    colours
        For people; ``RGB`` is what directories want.
    whole
        It ends as such a file does.
    """

    kind: str
    width: int
    height: int
    colours: str
    whole: bool


def read_picture(path: Path) -> Picture | None:
    """Look at a picture; None for what is neither JPEG nor PNG.

    Raises
    ------
    OSError
        It cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES)
    try:
        return _png(data) if data.startswith(_PNG) else _jpeg(data)
    except (struct.error, IndexError):
        return None


def _png(data: bytes) -> Picture | None:
    if data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    colours = _PNG_COLOURS.get(data[25], "unknown")
    return Picture("PNG", width, height, colours, data.rstrip(b"\0").endswith(b"IEND\xaeB`\x82"))


def _jpeg(data: bytes) -> Picture | None:
    if not data.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _ALONE:
            at += 2
        elif marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            colours = _JPEG_COLOURS.get(data[at + 9], "unknown")
            return Picture("JPEG", width, height, colours, data.rstrip(b"\0\n").endswith(b"\xff\xd9"))
        else:
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None
