"""What belongs to one session is not listed with another: chapters, transcripts, cover."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.publish.feed.paths import (
    CHAPTERS,
    COVER,
    SIDE_FOLDER,
    TRANSCRIPT_JSON,
    TRANSCRIPT_SRT,
    TRANSCRIPT_VTT,
)
from voicecoach.publish.linter.folder import Found, is_file
from voicecoach.publish.linter.linted import Linted
from voicecoach.publish.linter.listed import Item

_LISTED = {"podcast:chapters": "url", "podcast:transcript": "url", "itunes:image": "href"}
_ENDINGS = (CHAPTERS, COVER, TRANSCRIPT_JSON, TRANSCRIPT_SRT, TRANSCRIPT_VTT)
"""The longest of those that end alike first."""


def each_has_its_own(linted: Linted) -> Iterator[Diagnostic]:
    """An item lists no file that was made for another, and plays no file of another."""
    for item in linted.items:
        if item.swapped and item.enclosure is not None and item.found is not None:
            message = (
                f"{linted.titled(item.element)} plays '{linted.beside(item.found.name)}', but its guid is that of "
            )
            message += f"'{linted.beside(f'{item.session}.mp3')}'"
            hint = "write the feed again with `voicecoach feed`"
            yield linted.error("feed-of-another", message, linted.at(item.enclosure, "url"), hint)
        for name, attribute in _LISTED.items():
            for element in item.element.all(name):
                found = linted.find(element.attributes.get(attribute, "").strip())
                other = owner_of(found, linted.owners) if found is not None else None
                if found is not None and other is not None and is_of_another(linted, item, found):
                    message = f"<{element.written}> of {linted.titled(item.element)} is that of {_named(linted, other)}"
                    hint = "each has its own, or none; write the feed again with `voicecoach feed`"
                    yield linted.error("feed-of-another", message, linted.at(element, attribute), hint)


def covers_are_listed(linted: Linted) -> Iterator[Diagnostic]:
    """The cover that `voicecoach feed` drew for a session is listed."""
    for item in linted.items:
        ours = item.recording is not None and item.recording.timeline is not None
        if not ours or item.name is None or item.element.first("itunes:image") is not None:
            continue
        name = f"{SIDE_FOLDER}/{item.name}{COVER}"
        if is_file(linted.folder.path / name):
            message = f"{linted.titled(item.element)} does not list its cover '{linted.beside(name)}', which is there"
            hint = 'add <itunes:image href="…"/>, or write the feed again with `voicecoach feed`'
            yield linted.warning("feed-missing", message, linted.at(item.element), hint)


def _named(linted: Linted, item: Item) -> str:
    return f"{linted.titled(item.element)} in line {item.element.line}"


def owner_of(found: Found, owners: Mapping[str, Item]) -> Item | None:
    """Return the item for which `voicecoach feed` makes a file of that name; None: for none."""
    folder, _, rest = found.name.partition("/")
    ending = next((ending for ending in _ENDINGS if rest.endswith(ending)), None)
    return owners.get(rest.removesuffix(ending)) if folder == SIDE_FOLDER and ending is not None else None


def is_of_another(linted: Linted, item: Item, found: Found) -> bool:
    """Whether a file was made for another item: that is told, and what stands in it is not compared."""
    other = owner_of(found, linted.owners)
    return other is not None and other is not item and item.name is not None
