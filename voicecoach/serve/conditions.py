"""Conditions of a request: is the client's copy still good, does its part belong to what is here (RFC 9110, 13)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime

_TAG = re.compile(r'(?P<weak>W/)?(?P<tag>"[\x21\x23-\x7e\x80-\xff]*")')
_LIST = re.compile(rf"[ \t,]*{_TAG.pattern}(?:[ \t]*,[ \t,]*|[ \t]*$)".replace("?P<weak>", "").replace("?P<tag>", ""))
_STRONG_AFTER_S = 1.0

NOT_MODIFIED, PRECONDITION_FAILED = 304, 412


@dataclass(frozen=True)
class Validators:
    """What tells one state of a thing from another.

    Attributes
    ----------
    etag
        Strong, with its quotes.
    modified
        UTC, whole seconds.
    """

    etag: str
    modified: dt.datetime

    @property
    def last_modified(self) -> str:
        """Return what stands in ``Last-Modified``."""
        return format_datetime(self.modified, usegmt=True)


def unmet(headers: Mapping[str, str], now: Validators) -> int | None:
    """Say with which status a request is answered because of its conditions; None: with what it asks for.

    Parameters
    ----------
    headers
        Of the request, their names in small letters; those that came more than once joined by commas.
    now
        The state of the thing.
    """
    if (wanted := headers.get("if-match")) is not None:
        if not _matches(wanted, now.etag, weakly=False):
            return PRECONDITION_FAILED
    elif (since := _date(headers.get("if-unmodified-since"))) is not None and now.modified > since:
        return PRECONDITION_FAILED
    if (known := headers.get("if-none-match")) is not None:
        return NOT_MODIFIED if _matches(known, now.etag, weakly=True) else None
    since = _date(headers.get("if-modified-since"))
    return NOT_MODIFIED if since is not None and now.modified <= since else None


def part_is_of(if_range: str | None, now: Validators, at: dt.datetime) -> bool:
    """Tell whether a part may be given: what the client has of it is of the same bytes.

    Parameters
    ----------
    if_range
        The value of ``If-Range``, or None where there is none.
    now
        The state of the thing.
    at
        The present time, UTC: what changed within the last second may change again in it, so its date proves nothing.
    """
    if if_range is None:
        return True
    text = if_range.strip(" \t")
    if text.startswith(('"', "W/")):
        return text == now.etag
    return _date(text) == now.modified and (at - now.modified).total_seconds() >= _STRONG_AFTER_S


def _matches(listed: str, etag: str, *, weakly: bool) -> bool:
    text = listed.strip(" \t")
    if text == "*":
        return True
    at = 0
    while at < len(text):
        found = _LIST.match(text, at)
        if found is None:
            return False
        weak, tag = found.groups()
        if tag == etag and (weakly or not weak):
            return True
        at = found.end()
    return False


def _date(text: str | None) -> dt.datetime | None:
    """Read a date of HTTP, in any of its three forms; None where there is none."""
    if text is None:
        return None
    try:
        read = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return read.replace(tzinfo=dt.UTC) if read.tzinfo is None else read.astimezone(dt.UTC)
