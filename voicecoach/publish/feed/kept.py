"""What must outlive a rebuild: the feed's guid, its title and address, and when each session first came."""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import hashlib
import html
import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from voicecoach.model.resource import Resource
from voicecoach.publish.feed.address import read_address
from voicecoach.publish.feed.paths import FEED_FILE, KEPT_FILE
from voicecoach.publish.feed.plain import one_line
from voicecoach.source.values import ValueFaultError

MOST_KEPT_BYTES = 64 * 1024 * 1024
"""What is larger is not ours."""
_GUID = re.compile(rb"<podcast:guid>\s*([0-9a-fA-F-]{36})\s*</podcast:guid>")
_SELF = re.compile(rb'<atom:link href="([^"<>]{1,4000})" rel="self"')
_HEAD_BYTES = 16_384
_ITEM = re.compile(rb"<item\b.*?</item>", re.DOTALL)
_ITEM_GUID = re.compile(rb"<guid\b[^>]*>\s*([0-9a-fA-F-]{36})\s*</guid>")
_ITEM_DATE = re.compile(rb"<pubDate>\s*([^<]{10,60}?)\s*</pubDate>")


@dataclass(frozen=True)
class KeptSession:
    """What is kept of a session: when it first came (UTC, whole seconds), and the SHA-256 of its file as last seen."""

    first: dt.datetime
    digest: str = ""


@dataclass(frozen=True)
class Kept:
    """What ``feed/kept.json`` holds.

    Attributes
    ----------
    guid
        The podcast:guid, or None where there is none yet.
    title
        What the feed was called last, or None.
    address
        Where it lay last, with a slash at its end; empty: unknown.
    sessions
        By name, those too that are not there now: one that comes back keeps its day.
    """

    guid: str | None = None
    sessions: Mapping[str, KeptSession] = field(default_factory=dict)
    title: str | None = None
    address: str = ""

    def dumps(self) -> bytes:
        """Return the file's bytes."""
        sessions = {
            name: {"first": _written(one.first), **({"sha256": one.digest} if one.digest else {})}
            for name, one in sorted(self.sessions.items())
        }
        told = {"title": self.title, "address": self.address}
        values = {"guid": self.guid, **{key: text for key, text in told.items() if text}, "sessions": sessions}
        return f"{json.dumps(values, ensure_ascii=False, indent=1)}\n".encode()

    def resource(self) -> Resource:
        """Return the file as a part of the folder."""
        data = self.dumps()
        return Resource(KEPT_FILE, "application/json", hashlib.sha256(data).hexdigest(), lambda: data)


def episode_guid(feed_guid: str, name: str) -> str:
    """Return the guid of a session in a feed: the same as long as the feed and the session's name are."""
    return str(uuid.uuid5(uuid.UUID(feed_guid), name))


def read_kept(folder: Path, names: Iterable[str]) -> tuple[Kept, tuple[str, ...]]:
    """Read what is kept in a folder; where it is gone or damaged, what an earlier feed still tells.

    Parameters
    ----------
    folder
        Where the feed lies.
    names
        Of the sessions that are there.

    Returns
    -------
    tuple
        What is kept, and notes for people.
    """
    try:
        with (folder / KEPT_FILE).open("rb") as file:
            kept, damaged = _read(file.read(MOST_KEPT_BYTES + 1))
    except FileNotFoundError:
        kept, damaged = Kept(), False
    except OSError:
        kept, damaged = Kept(), True
    recovered = kept if kept.guid and not damaged else _with(kept, _recovered(folder, kept.guid, tuple(names)))
    if not damaged:
        return recovered, ()
    whence = f"what {FEED_FILE} still tells" if recovered.guid and recovered != kept else "what is there now"
    return recovered, (f"{KEPT_FILE} is damaged; it is made anew from {whence}",)


def _with(kept: Kept, other: Kept) -> Kept:
    return replace(kept, guid=kept.guid or other.guid, sessions={**other.sessions, **kept.sessions})


def _read(data: bytes) -> tuple[Kept, bool]:
    """Take what is good of the file, and tell whether anything was not."""
    try:
        values = json.loads(data) if len(data) <= MOST_KEPT_BYTES else None
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        return Kept(), True
    damaged = False
    guid = _guid(values.get("guid"))
    if guid is None and values.get("guid") is not None:
        damaged = True
    listed = values.get("sessions", {})
    sessions: dict[str, KeptSession] = {}
    for name, one in listed.items() if isinstance(listed, dict) else ():
        session = _session(one)
        if session is None:
            damaged = True
        else:
            sessions[name] = session
    title, address = values.get("title"), _address(values.get("address", ""))
    whole = isinstance(listed, dict) and isinstance(title, str | None) and address is not None
    kept = Kept(guid, sessions, (one_line(title) or None) if isinstance(title, str) else None, address or "")
    return kept, damaged or not whole


def _address(value: Any) -> str | None:
    """Read an address that is kept; None: it is none."""
    with contextlib.suppress(ValueFaultError):
        return read_address(value) if value and isinstance(value, str) else "" if value == "" else None
    return None


def last_address(place: Path, kept: Kept) -> str:
    """Tell under which address a folder was written last: as its own feed says, else as is kept beside the sessions.

    A site is a folder of its own, and may lie elsewhere than the feed beside the sessions.

    Parameters
    ----------
    place
        The folder that is written.
    kept
        Of the folder with the sessions.
    """
    try:
        with (place / FEED_FILE).open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return kept.address
    found = _SELF.search(head)
    return (_address(html.unescape(found[1].decode(errors="replace"))) if found else None) or kept.address


def _session(values: Any) -> KeptSession | None:
    if not isinstance(values, dict):
        return None
    first, digest = values.get("first"), values.get("sha256", "")
    if not isinstance(first, str) or not isinstance(digest, str) or not re.fullmatch(r"([0-9a-f]{64})?", digest):
        return None
    with contextlib.suppress(ValueError, OverflowError):
        moment = dt.datetime.fromisoformat(first)
        if moment.tzinfo is not None:
            return KeptSession(moment.astimezone(dt.UTC).replace(microsecond=0), digest)
    return None


def _guid(value: Any) -> str | None:
    with contextlib.suppress(ValueError, AttributeError, TypeError):
        return str(uuid.UUID(value))
    return None


def _recovered(folder: Path, guid: str | None, names: tuple[str, ...]) -> Kept:
    """Take guid and days from a feed that an earlier run wrote; it may be damaged, so it is not taken for XML."""
    try:
        with (folder / FEED_FILE).open("rb") as file:
            data = file.read(MOST_KEPT_BYTES)
    except OSError:
        return Kept()
    found = _GUID.search(data)
    guid = guid or (_guid(found[1].decode()) if found else None)
    if guid is None:
        return Kept()
    days: dict[str, dt.datetime] = {}
    for item in _ITEM.finditer(data):
        key, date = _ITEM_GUID.search(item[0]), _ITEM_DATE.search(item[0])
        with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
            if key and date:
                moment = email.utils.parsedate_to_datetime(html.unescape(date[1].decode()))
                days[key[1].decode().lower()] = moment.astimezone(dt.UTC)
    by_name = {name: days.get(episode_guid(guid, name)) for name in names}
    return Kept(guid, {name: KeptSession(day) for name, day in by_name.items() if day is not None})


def _written(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat()}Z"
