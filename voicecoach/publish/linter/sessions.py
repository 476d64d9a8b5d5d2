"""The files against the feed: the same length, the same content, whole, and good to play."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.publish.linter.folder import is_file, version_in
from voicecoach.publish.linter.linted import Linted
from voicecoach.publish.linter.listed import Item
from voicecoach.publish.linter.recordings import sound_is_damaged

_VERSION = re.compile(r"[0-9a-f]{8,64}")
_WHOLE = re.compile(r"0*[1-9][0-9]{0,15}")
_AGAIN = "write the feed again: voicecoach feed"


def lengths_are_numbers(linted: Linted) -> Iterator[Diagnostic]:
    """The length of an enclosure is its number of bytes."""
    for item in linted.items:
        given = item.enclosure.attributes.get("length", "").strip() if item.enclosure is not None else ""
        if item.enclosure is None or not given or _WHOLE.fullmatch(given):
            continue
        size_bytes = _size_bytes(item)
        hint = f'write length="{size_bytes}"' if size_bytes else "write the size of the file in bytes"
        message = f"the length of the enclosure is '{given}', which is no number of bytes above 0"
        yield linted.error("feed-length", message, linted.at(item.enclosure, "length"), hint)


def files_are_those_listed(linted: Linted) -> Iterator[Diagnostic]:
    """A file has the length that the feed tells, and the content; one finding for each file."""
    for item in linted.items:
        if item.enclosure is None or item.found is None or not item.found.there or item.shared:
            continue
        if item.recording is not None and item.recording.broken:
            message = f"'{linted.beside(item.found.name)}' cannot be played: {item.recording.broken}"
            hint = "copy it once more, or build the session again; then write the feed again"
            yield linted.error("feed-broken-file", message, linted.at(item.enclosure, "url"), hint)
            continue
        yield from _other_length(linted, item) or _other_content(linted, item)


def _other_length(linted: Linted, item: Item) -> tuple[Diagnostic, ...]:
    assert item.enclosure is not None
    assert item.found is not None
    size_bytes = _size_bytes(item)
    given = item.enclosure.attributes.get("length", "").strip()
    if size_bytes is None or not _WHOLE.fullmatch(given) or int(given) == size_bytes:
        return ()
    name, place = linted.beside(item.found.name), linted.at(item.enclosure, "length")
    if linted.is_other_content(item):
        message = f"'{name}' is not the file that the feed lists: it has {size_bytes} bytes, not {given}"
        return (linted.error("feed-length", message, place, f"it was built anew, or changed; {_AGAIN}"),)
    message = f"the length is {given}, but '{name}' has {size_bytes} bytes: apps refuse the download, or never end it"
    return (linted.error("feed-length", message, place, f'write length="{size_bytes}"'),)


def _other_content(linted: Linted, item: Item) -> tuple[Diagnostic, ...]:
    assert item.enclosure is not None
    assert item.found is not None
    if not linted.is_other_content(item):
        return ()
    name, place = linted.beside(item.found.name), linted.at(item.enclosure, "url")
    url = item.enclosure.attributes.get("url", "")
    if item.recording is not None and item.found.path is not None and sound_is_damaged(item.found.path):
        message = f"'{name}' is damaged: it is not the file that the feed lists, nor the sound that its header counted"
        hint = "copy it once more, or build the session again"
        return (linted.error("feed-broken-file", message, place, hint),)
    message = f"v={version_in(url)} in the address does not stand for the content of '{name}'"
    hint = f"the file is another one than when the feed was written, so apps keep the old one; {_AGAIN}"
    return (linted.error("feed-stale", message, place, hint),)


def versions_are_there(linted: Linted) -> Iterator[Diagnostic]:
    """Where addresses carry what stands for the content, all do."""
    own = [item for item in linted.items if item.found is not None and item.found.there and item.enclosure is not None]
    with_version = [item for item in own if _version(item)]
    for item in own:
        if len(with_version) * 2 > len(own) and not _version(item) and item.enclosure is not None:
            message = "the address has no v=… as the others have: a session built anew would not be fetched"
            yield linted.warning("feed-stale", message, linted.at(item.enclosure, "url"), _AGAIN)


def _version(item: Item) -> str | None:
    given = version_in(item.enclosure.attributes.get("url", "")) if item.enclosure is not None else None
    return given if given and _VERSION.fullmatch(given) else None


def is_another_file(linted: Linted, item: Item) -> bool:
    """Whether a file is surely not the one that the feed lists; what the feed tells of it is then not compared."""
    if item.is_stranger:
        return True
    return item.recording is not None and (item.recording.broken is not None or linted.is_other_content(item))


def files_play_well(linted: Linted) -> Iterator[Diagnostic]:
    """An MP3 has what players need: a tag that they read, one bitrate, its exact length."""
    told = set()
    for item in linted.items:
        recording = item.recording
        if recording is None or item.enclosure is None or item.found is None or recording.path in told:
            continue
        told.add(recording.path)
        for oddity in recording.oddities:
            message = f"'{linted.beside(item.found.name)}': {oddity}"
            hint = "build the session again with voicecoach: it makes what all players read"
            yield linted.warning("feed-odd-file", message, linted.at(item.enclosure, "url"), hint)


def _size_bytes(item: Item) -> int | None:
    if item.found is None or item.found.path is None or not is_file(item.found.path):
        return None
    try:
        return item.found.path.stat().st_size
    except OSError:
        return None
