"""A feed's file as text: there, not absurdly large, UTF-8."""

from __future__ import annotations

from pathlib import Path

from voicecoach.model.diagnostic import Diagnostic, Severity
from voicecoach.model.location import Location
from voicecoach.source.nodes import SourceFile

MOST_BYTES = 64 * 1024 * 1024
"""Of a feed; directories refuse far smaller ones."""
UNWISE_BYTES = 8 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_OTHERS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"\x1f\x8b", "gzip"), (b"PK\x03\x04", "a ZIP file"))
_HINT = "write it again with `voicecoach feed`"


def read_feed(file: Path) -> tuple[SourceFile | None, tuple[Diagnostic, ...]]:
    """Read the text of a feed; None where there is none to check further, and why."""
    name = str(file)
    top = Location(name, 1, 1)
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as fault:
        message = (
            "there is no such feed" if isinstance(fault, FileNotFoundError) else f"it cannot be read: {fault.strerror}"
        )
        return None, (Diagnostic("feed-unreadable", message, top, "`voicecoach feed` writes one"),)
    if len(data) > MOST_BYTES:
        message = f"the file is larger than {MOST_BYTES // 2**20} MB: no feed is"
        return None, (Diagnostic("feed-too-large", message, top, _HINT),)
    if not data.strip():
        return None, (Diagnostic("feed-not-rss", "the file is empty", top, _HINT),)
    other = next((kind for sign, kind in _OTHERS if data.startswith(sign)), None)
    if other is not None or b"\0" in data:
        code_hint = "save it as UTF-8" if other == "UTF-16" else _HINT
        message = f"the file is {other}, not UTF-8 text" if other else "the file is not text: a feed is XML in UTF-8"
        return None, (Diagnostic("feed-encoding", message, top, code_hint),)
    bom = data.startswith(_BOM)
    try:
        text = data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start + (len(_BOM) if bom else 0)
        line_at = data.rfind(b"\n", 0, at) + 1
        column = len(data[line_at:at].decode("utf-8", "replace")) + 1
        place = Location(name, data.count(b"\n", 0, at) + 1, column)
        return None, (Diagnostic("feed-encoding", "the text is not UTF-8", place, "save the file as UTF-8"),)
    source = SourceFile(name, text.replace("\r\n", "\n").replace("\r", "\n"), file.parent)
    return source, tuple(_unwise(source, len(data), bom=bom))


def _unwise(source: SourceFile, size_bytes: int, *, bom: bool) -> list[Diagnostic]:
    found, top = [], Location(source.name, 1, 1)
    if bom:
        message = "the file begins with a byte order mark, over which some readers stumble"
        found.append(source.fault("feed-encoding", message, top, "save it as UTF-8 without BOM", Severity.WARNING))
    if size_bytes > UNWISE_BYTES:
        message = f"the feed has {size_bytes // 2**20} MB: apps read it each time, and some give up"
        found.append(source.fault("feed-too-large", message, top, "list fewer episodes", Severity.WARNING))
    return found
