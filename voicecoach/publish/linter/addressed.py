"""Every address that stands in a feed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import SplitResult

from voicecoach.publish.linter.folder import split
from voicecoach.publish.linter.xml_reading import Element

_ATTRIBUTES = {
    "enclosure": ("url",),
    "itunes:image": ("href",),
    "atom:link": ("href",),
    "podcast:chapters": ("url",),
    "podcast:transcript": ("url",),
    "podcast:funding": ("url",),
    "podcast:trailer": ("url",),
    "podcast:image": ("href",),
    "podcast:person": ("href", "img"),
    "podcast:license": ("url",),
    "psc:chapter": ("href", "image"),
}
_TEXTS = frozenset(("link", "url", "itunes:new-feed-url", "comments", "docs"))


class Address(NamedTuple):
    """An address as it stands in the feed: in an attribute, or, where that is None, as the text of an element.

    Its parts are None where it cannot be taken apart.
    """

    element: Element
    attribute: str | None
    text: str
    parts: SplitResult | None

    @property
    def what(self) -> str:
        """Name it for people."""
        return f"the address in <{self.element.written}>"

    @property
    def is_relative(self) -> bool:
        """Whether it has neither scheme nor host."""
        return self.parts is not None and not self.parts.scheme and not self.parts.netloc


def addresses_in(channel: Element) -> Iterator[Address]:
    """Give every address that is not empty, in the order of the file."""
    for element in channel.walk():
        for name in _ATTRIBUTES.get(element.name, ()):
            if element.attributes.get(name, "").strip():
                yield _address(element, name, element.attributes[name])
        if element.name in _TEXTS and element.text.strip():
            yield _address(element, None, element.text.strip())


def _address(element: Element, attribute: str | None, text: str) -> Address:
    return Address(element, attribute, text, split(text.strip()))
