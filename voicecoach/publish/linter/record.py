"""What `voicecoach feed` wrote, against what is there: files that were changed since, sessions that are listed no more.

The record is that of `publish.writer`; a folder without one is somebody else's, and nothing is said of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from voicecoach.model.diagnostic import Diagnostic, Severity
from voicecoach.model.location import Location
from voicecoach.publish.feed.kept import episode_guid
from voicecoach.publish.feed.paths import FEED_FILE, OPML_FILE, PLAYLIST_FILE, SIDE_FOLDER, TRANSCRIPT_VTT
from voicecoach.publish.linter.folder import digest, is_file
from voicecoach.publish.linter.linted import Linted
from voicecoach.publish.writer import MOST_RECORD_BYTES, RECORD_FILE

_AS_WRITTEN = ("feed-relative", "feed-local", "feed-file-name", "feed-odd-file")
"""Warnings that a feed may have as it was written."""
_QUOTED = re.compile("'([^']+)'")
_AGAIN = "`voicecoach feed` writes it anew"


def sessions_are_listed(linted: Linted) -> Iterator[Diagnostic]:
    """A session that was in the feed when it was written, and is still there, is an item of it."""
    if not linted.items:
        return
    listed = {item.found.name for item in linted.items if item.found is not None}
    guids = {item.element.text_of("guid") for item in linted.items}
    start = f"{SIDE_FOLDER}/"
    for path in _record(linted):
        if not path.startswith(start) or not path.endswith(TRANSCRIPT_VTT):
            continue
        name = path.removeprefix(start).removesuffix(TRANSCRIPT_VTT)
        guid = episode_guid(str(linted.kept_guid), name) if linted.kept_guid is not None else None
        if f"{name}.mp3" not in listed and guid not in guids and is_file(linted.folder.path / f"{name}.mp3"):
            message = f"no item lists '{linted.beside(f'{name}.mp3')}', which was in the feed when it was written"
            yield linted.warning(
                "feed-unlisted", message, linted.at(linted.channel), "`voicecoach feed` lists it again"
            )


def changed_since(linted: Linted, faults: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Tell files that are not as they were written, unless something that is wrong with them is told already."""
    record = _record(linted)
    if linted.document.source.name.replace("\\", "/").rpartition("/")[2] != FEED_FILE:
        return
    names = dict.fromkeys(
        found.name
        for one in linted.addresses
        if one.element.name != "link" and (found := linted.find(one.text)) is not None and found.there
    )
    told = {name for fault in faults for name in (fault.location.file, *_QUOTED.findall(fault.message))}
    names |= dict.fromkeys(name for name in (OPML_FILE, PLAYLIST_FILE) if name in record)
    for name in (*names, FEED_FILE):
        shown = linted.beside(name)
        known = shown in told
        if name == FEED_FILE:
            own = [fault for fault in faults if fault.location.file == shown]
            known = any(fault.code not in _AS_WRITTEN or fault.severity is Severity.ERROR for fault in own)
        if name in record and not known and _is_other(linted, name, record[name]):
            there = is_file(linted.folder.path / name)
            message = f"'{shown}' is not what `voicecoach feed` wrote: it was changed since"
            message = message if there else f"'{shown}' is gone, which `voicecoach feed` wrote"
            place = Location(shown, 1, 1)
            yield Diagnostic("feed-changed", message, place, _AGAIN, severity=Severity.WARNING)


def _is_other(linted: Linted, name: str, recorded: str) -> bool:
    try:
        return digest(linted.folder.path / name) != recorded
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False


def _record(linted: Linted) -> Mapping[str, str]:
    """Read what was written: path → SHA-256; empty where there is no record, or a damaged one."""
    try:
        with (linted.folder.path / RECORD_FILE).open("rb") as file:
            values = json.loads(file.read(MOST_RECORD_BYTES).decode(errors="surrogateescape"))
        return {
            str(name): entry[2]
            for name, entry in values.items()
            if isinstance(entry, list) and len(entry) == 3 and isinstance(entry[2], str) and entry[2]
        }
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}
