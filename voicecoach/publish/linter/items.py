"""What an item says of itself: its enclosure, its guid, its length."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicecoach.model.diagnostic import Diagnostic, did_you_mean
from voicecoach.publish.linter.folder import split
from voicecoach.publish.linter.linted import Linted
from voicecoach.publish.linter.listed import Item
from voicecoach.publish.linter.sessions import is_another_file
from voicecoach.publish.linter.vocabulary import MEDIA_ENDINGS
from voicecoach.publish.linter.xml_reading import Element

_CLOCK = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,4}):([0-9]{2})")


def one_enclosure_each(linted: Linted) -> Iterator[Diagnostic]:
    """An item has one file."""
    for item in linted.items:
        for second in item.element.all("enclosure")[1:]:
            message = f"{linted.titled(item.element)} has a second <enclosure>: apps play one, and not all the same"
            yield linted.error("feed-twice", message, linted.at(second), "give each file an item of its own")


def types_fit(linted: Linted) -> Iterator[Diagnostic]:
    """The type of an enclosure is exactly one that apps know, and that of its file."""
    for item in linted.items:
        enclosure = item.enclosure
        given = enclosure.attributes.get("type", "").strip() if enclosure is not None else ""
        if enclosure is None or not given:
            continue
        place = linted.at(enclosure, "type")
        parts = split(enclosure.attributes.get("url", ""))
        ending = re.search(r"\.[a-z0-9]{2,4}$", parts.path.casefold()) if parts is not None else None
        fitting = [known for known, endings in MEDIA_ENDINGS.items() if ending is not None and ending[0] in endings]
        hint = f"write {fitting[0]}" if fitting else None
        if given not in MEDIA_ENDINGS:
            message = f"the type of the enclosure is '{given}', which is not one that apps play"
            near = hint or did_you_mean(given, MEDIA_ENDINGS) or "write audio/mpeg for an MP3"
            yield linted.error("feed-media-type", message, place, near)
        elif ending is not None and ending[0] not in MEDIA_ENDINGS[given]:
            message = f"the type of the enclosure is {given}, but its address ends in {ending[0]}"
            yield linted.error("feed-media-type", message, place, hint or "let both say the same")


def files_differ(linted: Linted) -> Iterator[Diagnostic]:
    """No two items have the same file."""
    owners = {item.file_key: item for item in reversed(linted.items) if not item.shared}
    for item in linted.items:
        if item.shared and item.enclosure is not None:
            owner = owners[item.file_key].element
            message = f"{linted.titled(item.element)} has the same file as {linted.titled(owner)} in line {owner.line}"
            yield linted.error(
                "feed-same-file", message, linted.at(item.enclosure, "url"), "give each item its own file"
            )


def guids_are_good(linted: Linted) -> Iterator[Diagnostic]:
    """Guids differ, are no addresses, and say so; those that were kept are the same as ever."""
    owners = _owners(linted)
    for item in linted.items:
        element = item.element.first("guid")
        text = element.text.strip() if element is not None else ""
        if element is None or not text:
            continue
        owner = owners[text]
        if owner is not item:
            other = f"{linted.titled(owner.element)} in line {owner.element.line}"
            message = f"the guid of {linted.titled(item.element)} is that of {other}"
            hint = "apps show one of the two only: each episode has its own guid"
            yield linted.error("feed-guid", message, linted.text(element), hint)
        else:
            yield from _guid(linted, item, element, text)


def _owners(linted: Linted) -> dict[str, Item]:
    """Say whose each guid is: of whom it is known to be, else of the first that has it."""
    owners: dict[str, Item] = {}
    for item in linted.items:
        text = item.element.text_of("guid")
        if text is not None and (text not in owners or item.right_guid == text != owners[text].right_guid):
            owners[text] = item
    return owners


def _guid(linted: Linted, item: Item, element: Element, text: str) -> Iterator[Diagnostic]:
    permanent = element.attributes.get("isPermaLink")
    spelt = next((name for name in element.attributes if name.casefold() == "ispermalink"), None)
    is_address = "://" in text or text.startswith("www.")
    parts = split(linted.own_address or "")
    host = (parts.hostname or "") if parts is not None else ""
    if permanent is None and spelt is not None:
        message = f"'{spelt}' is not how isPermaLink is written: apps take the guid for an address"
        yield linted.error("feed-guid", message, linted.at(element, spelt), 'write isPermaLink="false"')
    elif permanent is not None and permanent not in ("true", "false"):
        message = f"isPermaLink is '{permanent}'; apps know true and false"
        yield linted.error("feed-guid", message, linted.at(element, "isPermaLink"), 'write isPermaLink="false"')
    elif permanent != "false" and not is_address:
        said = 'says isPermaLink="true"' if permanent == "true" else "has no isPermaLink, which means true"
        message = f"the guid of {linted.titled(item.element)} {said}: apps take it for an address"
        yield linted.error("feed-guid", message, linted.at(element, "isPermaLink"), 'write isPermaLink="false"')
    elif is_address or (host and "." in host and host in text):
        message = f"the guid '{text[:80]}' has a host in it: when the feed moves, all episodes are new to apps"
        hint = 'take a UUID, with isPermaLink="false"'
        yield linted.warning("feed-guid", message, linted.text(element), hint)
    elif item.right_guid is not None and item.right_guid != text and not item.is_stranger:
        message = f"the guid of {linted.titled(item.element)} is not the one that it always had ({item.right_guid})"
        yield linted.error("feed-guid", message, linted.text(element), "a guid never changes: apps show a new episode")


def durations_are_true(linted: Linted) -> Iterator[Diagnostic]:
    """itunes:duration is a number of seconds, and the length of the file."""
    for item in linted.items:
        element = item.element.first("itunes:duration")
        text = element.text.strip() if element is not None else ""
        if element is None or not text:
            continue
        place, told_s = linted.text(element), _seconds(text)
        if told_s is None:
            message = f"itunes:duration is '{text}', which is no number of seconds"
            yield linted.error("feed-duration", message, place, _right(item) or "write whole seconds, such as 1801")
            continue
        if told_s == 0:
            yield linted.error("feed-duration", "itunes:duration is 0", place, _right(item))
        elif item.length_s is not None and abs(told_s - item.length_s) > 1 and not is_another_file(linted, item):
            message = f"itunes:duration is {text}, but '{_name(linted, item)}' is {_length(item.length_s)} s long"
            yield linted.error("feed-duration", message, place, _right(item))
        if ":" in text:
            message = f"itunes:duration is '{text}': PSP-1 wants whole seconds"
            yield linted.warning("feed-duration", message, place, f"write {told_s}")


def _seconds(text: str) -> int | None:
    if re.fullmatch(r"[0-9]{1,7}", text):
        return int(text)
    found = _CLOCK.fullmatch(text)
    if found is None or int(found[3]) > 59 or (found[1] and int(found[2]) > 59):
        return None
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])


def _length(length_s: float) -> str:
    return f"{length_s:.3f}".rstrip("0").rstrip(".")


def _right(item: Item) -> str | None:
    return f"write {round(item.length_s)}" if item.length_s is not None else None


def _name(linted: Linted, item: Item) -> str:
    return linted.beside(item.found.name) if item.found is not None else ""
