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
_TURNS = re.compile("[\u202a-\u202e]")
_ISOLATES, _ISOLATE_END = "\u2066\u2067\u2068", "\u2069"
_NOT_HTML = re.compile(r"(?<=<)(?=[A-Za-z/!?])|(?<=&)(?=#?\w+;)")
_APART = "\N{WORD JOINER}"


def plain(text: str) -> str:
    """Return a text of several lines in NFC: ``\\n`` ends a line; no control characters, no lone surrogates.

    Whatever else is a character stays: emoji and their joiners, marks of direction, no-break spaces.
    """
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    ended = _LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", _REFUSED.sub("", ended)).strip(" \t\n")


def one_line(text: str) -> str:
    """Return a title or a name: `plain`, with one space for whatever stood between its words.

    What turns the direction of all that comes after it, too, is left out: it would turn what others wrote.
    """
    line = plain(text)
    return _BLANKS.sub(" ", line if line.isascii() else _without_turns(line)).strip()


def _without_turns(text: str) -> str:
    text = _TURNS.sub("", text)
    depth = 0
    for letter in text:
        depth += (letter in _ISOLATES) - (letter == _ISOLATE_END)
        if depth < 0:
            break
    return text if not depth else "".join(one for one in text if one not in _ISOLATES + _ISOLATE_END)


def for_all_readers(text: str) -> str:
    """Return a description that is the same text for whoever takes it for HTML, and for whoever does not.

    Half of all readers take it for HTML, whatever it is. Text that looks like a tag or an entity gets a sign behind its
    first letter that is not seen: so it is neither for anybody, and looks the same.
    """
    return _NOT_HTML.sub(_APART, plain(text))


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
