"""Texts as a feed may hold them: composed Unicode, without what XML and JSON cannot carry or no reader shows."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_BLANKS = re.compile("[ \t\n\x0b\x0c]+")


def plain(text: str) -> str:
    """Return a text of several lines in NFC: ``\\n`` ends a line; no control characters, no lone surrogates.

    Whatever else is a character stays: emoji and their joiners, marks of direction, no-break spaces.
    """
    ended = _LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", "".join(filter(_allowed, ended))).strip(" \t\n")


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


def _allowed(character: str) -> bool:
    """Tell what XML 1.0 (fifth edition, 2.2) allows, less what Unicode keeps free and C1 controls."""
    if character in "\t\n":
        return True
    code = ord(character)
    unassigned = (code & 0xFFFE) == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return not unassigned and unicodedata.category(character) not in {"Cc", "Cs"}
