"""An item of a feed, and whose file it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from voicecoach.publish.linter.folder import Found
from voicecoach.publish.linter.recordings import Recording
from voicecoach.publish.linter.xml_reading import Element


@dataclass(frozen=True, eq=False)
class Item:
    """An item of the feed with the file that it is about.

    Attributes
    ----------
    element
        The ``item``.
    enclosure
        Its first, or None.
    found
        The file in the feed's folder that the enclosure's address leads to; None: it lies elsewhere, or there is none.
    recording
        What that file is; None where it is not there, or no MP3 by its name.
    right_guid
        The guid that `voicecoach feed` gives to that file, in a folder of which it keeps a record; else None.
    session
        The session that the item's own guid stands for, by that record; else None.
    shared
        Another item has the same file, and this one is a stranger to it.
    swapped
        Its file is not that of its guid, though no other item has either.
    """

    element: Element
    enclosure: Element | None
    found: Found | None
    recording: Recording | None
    right_guid: str | None = None
    session: str | None = None
    shared: bool = False
    swapped: bool = False

    @property
    def is_stranger(self) -> bool:
        """Whether its file is that of another item; what the item says of the file is then not compared."""
        return self.shared or self.swapped

    @property
    def name(self) -> str | None:
        """The name of its session: by its file, or, where that is another's, by its guid; None where nothing tells."""
        if self.is_stranger or self.found is None:
            return self.session
        return self.found.name.removesuffix(".mp3")

    @property
    def file_key(self) -> str | None:
        """What tells its file from others; None without one."""
        url = self.enclosure.attributes.get("url", "").strip() if self.enclosure is not None else ""
        return (self.found.name if self.found is not None else url) or None

    @property
    def found_there(self) -> bool:
        """Whether its file is in the feed's folder."""
        return self.found is not None and self.found.there

    @property
    def length_s(self) -> float | None:
        """How long its file is; None where nobody knows."""
        recording = self.recording
        return float(recording.length_s) if recording is not None and recording.length_s is not None else None


def strangers_marked(items: Iterable[Item]) -> tuple[Item, ...]:
    """Mark the items that have the file of another: where guids tell whose it is, the others; else the later ones."""
    given = tuple(items)
    by_file: dict[str, list[Item]] = {}
    for item in given:
        if (key := item.file_key) is not None:
            by_file.setdefault(key, []).append(item)
    shared: set[int] = set()
    for group in by_file.values():
        right = (one for one in group if one.right_guid and one.right_guid == one.element.text_of("guid"))
        owner = next(right, group[0])
        shared |= {id(one) for one in group if one is not owner}
    guids = Counter(item.element.text_of("guid") for item in given)
    marked = (replace(item, shared=id(item) in shared) for item in given)
    return tuple(replace(item, swapped=_is_swapped(item, guids, by_file)) for item in marked)


def _is_swapped(item: Item, guids: Counter[str | None], by_file: dict[str, list[Item]]) -> bool:
    if item.session is None or item.right_guid is None or item.file_key is None:
        return False
    alone = guids[item.element.text_of("guid")] == 1 and len(by_file[item.file_key]) == 1
    return alone and item.right_guid != item.element.text_of("guid")
