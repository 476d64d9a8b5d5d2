"""The small texts in the settings of a feed: lines, paragraphs, guids, days."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import uuid

from voicecoach.source.values import ValueFaultError


def _clean(text: str) -> str:
    """Leave out what no XML may hold: control characters, and code points that are for good no characters."""
    return "".join(c for c in text if c in "\n\t" or not (_is_control(c) or ord(c) & 0xFFFE == 0xFFFE))


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"}


def line(raw: str) -> str:
    """Read a text of one line, its spaces made single.

    Raises
    ------
    ValueFaultError
        ``empty-value``: nothing is left.
    """
    text = " ".join(_clean(raw).split())
    if not text:
        raise ValueFaultError("empty-value", "the text is empty", "write something, or leave the key out")
    return text


def prose(raw: str) -> str:
    """Read a text with its lines and paragraphs.

    Raises
    ------
    ValueFaultError
        ``empty-value``: nothing is left.
    """
    lines = [" ".join(line.split()) for line in _clean(raw).strip().splitlines()]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    if not text:
        raise ValueFaultError("empty-value", "the text is empty", "write something, or leave the key out")
    return text


def guid(raw: str) -> str:
    """Read a UUID, however it is written.

    Raises
    ------
    ValueFaultError
        ``bad-guid``: it is none.
    """
    try:
        return str(uuid.UUID(raw.strip()))
    except ValueError:
        hint = "copy the one that the feed had, such as 9b024349-ccf0-5f69-a609-6b82873eab3c, or leave the key out"
        raise ValueFaultError("bad-guid", f"'{raw.strip()}' is not a podcast:guid", hint) from None


def day(raw: str) -> dt.date:
    """Read a day such as 2026-03-31.

    Raises
    ------
    ValueFaultError
        ``bad-date``: it is none, or not in the calendar.
    """
    text = raw.strip()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            message = f"there is no {text} in the calendar"
            raise ValueFaultError("bad-date", message, "write a day that there is") from None
    raise ValueFaultError("bad-date", f"'{text}' is not a date", "write year-month-day, such as 2026-03-31")
