"""A JPEG file without what cameras and programs noted in it: its picture stays as it is, to the bit."""

from __future__ import annotations

import re
from collections.abc import Iterator

_START, _END = b"\xff\xd8", b"\xff\xd9"
_SCAN = 0xDA
_NO_COLOUR_PROFILE = re.compile(rb"\xff\xe2..(?!ICC_PROFILE\0)", re.DOTALL)
_NOTES = frozenset({0xE1, *range(0xE3, 0xEE), 0xEF, 0xFE})
"""Segments of applications and comments, but for JFIF (E0), colour profiles (E2) and how Adobe keeps colours (EE)."""
_MARK = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""What ends the picture's own data: in it FF is followed by 0 or is a restart."""


def without_notes(data: bytes) -> bytes | None:
    """Leave out place, time, names, comments and small pictures that a JPEG file carries, and all behind its end.

    Returns
    -------
    bytes or None
        The file; None where it is no JPEG file or has no end.
    """
    parts = list(_segments(data)) if data.startswith(_START) else []
    if not parts or parts[-1] != _END:
        return None
    return _START + b"".join(part for part in parts if part[1] not in _NOTES and not _NO_COLOUR_PROFILE.match(part))


def _segments(data: bytes) -> Iterator[bytes]:
    """Give each segment, a scan with its data, up to the end; fewer where something is wrong."""
    at = len(_START)
    while at + 4 <= len(data) and data[at] == 0xFF and data[at : at + 2] != _END:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if data[at + 1] == _SCAN:
            found = _MARK.search(data, end)
            end = found.start() if found else len(data)
        yield data[at:end]
        at = end
    if data[at : at + 2] == _END:
        yield _END
