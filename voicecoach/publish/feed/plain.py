"""Texts as a feed may hold them: composed Unicode, without what XML and JSON cannot carry or no reader shows."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_REFUSED = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
    + "]"
)
"""What XML 1.0 (fifth edition, 2.2) does not allow, C1 controls, and what Unicode keeps free."""
_BLANKS = re.compile("[ \t\n]+")


def plain(text: str) -> str:
    """Return a text of several lines in NFC: ``\\n`` ends a line; no control characters, no lone surrogates.

    Whatever else is a character stays: emoji and their joiners, marks of direction, no-break spaces.
    """
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    ended = _LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", _REFUSED.sub("", ended)).strip(" \t\n")


def one_line(text: str) -> str:
    """Return a title or a name: `plain`, with one space for whatever stood between its words."""
    return _BLANKS.sub(" ", plain(text)).strip()


def shortened(text: str, most_bytes: int) -> str:
    """Cut a plain text to so many bytes of UTF-8: at the end of a line, else of a word, with an ellipsis behind it."""
    if len(text.encode()) <= most_bytes:
        return text
    kept = text.encode()[: most_bytes - 4].decode(errors="ignore")
    for end, least in (("\n", len(kept) // 2), (" ", 0)):
        head, found, _ = kept.rpartition(end)
        if found and len(head) > least:
            return f"{head.rstrip()}{end}…"
    return f"{kept}…"
