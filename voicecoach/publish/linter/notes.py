"""Texts: not longer than apps show, and HTML that is whole and harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.publish.linter.linted import Linted
from voicecoach.publish.linter.vocabulary import words
from voicecoach.publish.linter.xml_reading import Element

MOST_BYTES = 4000
"""Of a description: PSP-1 and Apple."""
MOST_TITLE_LETTERS = 255
"""Of any value of which nothing else is said: PSP-1."""

_VOID = words("area base br col embed hr img input link meta source track wbr")
_MAY_STAY_OPEN = words("p li dt dd tr td th thead tbody tfoot option colgroup")
_BAD = words("script style iframe object embed applet form input button meta base link frame frameset svg")
_ADDRESSED = frozenset(("href", "src", "action", "formaction", "xlink:href"))
_TAGS = re.compile(r"<(b|i|em|strong|p|a|span|u)\b[^<>]*>[^<>]*</\1>", re.IGNORECASE)
_ESCAPED = re.compile(r"&(amp|lt|gt|quot|apos|nbsp|#[0-9]{1,5}|#x[0-9a-f]{1,5});", re.IGNORECASE)
_LOOKS_LIKE_HTML = re.compile(r"</(p|ul|ol|li|a|b|i|strong|em|div|span|h[1-6]|script)\s*>|<br\s*/?>|<p>", re.IGNORECASE)
"""A text that has one of these is meant as HTML; a lone '<' is not."""


def texts_are_short_enough(linted: Linted) -> Iterator[Diagnostic]:
    """Descriptions have at most 4000 bytes, titles 255 characters."""
    for parent in (linted.channel, *(item.element for item in linted.items)):
        for name in ("description", "itunes:summary"):
            for element in parent.all(name):
                size_bytes = len(element.text.encode())
                if size_bytes > MOST_BYTES:
                    message = f"<{element.written}> has {size_bytes} bytes; apps and PSP-1 allow {MOST_BYTES}"
                    yield linted.error("feed-too-long", message, linted.text(element), "shorten it")
        for name in ("title", "itunes:title", "itunes:author", "itunes:subtitle"):
            for element in parent.all(name):
                if len(element.text.strip()) > MOST_TITLE_LETTERS:
                    message = f"<{element.written}> has {len(element.text.strip())} characters; PSP-1 allows 255"
                    yield linted.warning("feed-too-long", message, linted.text(element), "shorten it; apps cut it")


def notes_are_good_html(linted: Linted) -> Iterator[Diagnostic]:
    """Notes are HTML that is closed, without scripts and frames; a description beside them is plain text."""
    for parent in (linted.channel, *(item.element for item in linted.items)):
        encoded = parent.all("content:encoded")
        plain = [one for one in parent.all("description") if _LOOKS_LIKE_HTML.search(one.text)]
        for element in encoded or plain:
            yield from _html(linted, element)


def titles_are_plain(linted: Linted) -> Iterator[Diagnostic]:
    """A title is plain text: tags are shown as they stand, and what is escaped twice is shown escaped."""
    for item in linted.items:
        timeline = item.recording.timeline if item.recording is not None else None
        for element in item.element.all("title"):
            text = element.text.strip()
            if timeline is not None and "".join(text.split()) == "".join(timeline.title.split()):
                continue  # that is how its author wrote it
            if _TAGS.search(text):
                message = f"there is HTML in the title '{text[:60]}': apps show it as it stands"
                yield linted.warning("feed-html", message, linted.text(element), "titles are plain text")
            elif (escaped := _ESCAPED.search(text)) is not None:
                message = f"the title '{text[:60]}' is escaped twice: apps show '{escaped[0]}'"
                yield linted.warning("feed-html", message, linted.text(element), "escape it once: &amp; for &")


def _html(linted: Linted, element: Element) -> Iterator[Diagnostic]:
    reader = _Notes()
    try:
        reader.feed(element.text)
        reader.close()
    except (AssertionError, ValueError):
        reader.faults.append(("broken", "it breaks off within a tag"))
    unclosed = [tag for tag in reader.open if tag not in _MAY_STAY_OPEN]
    if unclosed:
        reader.faults.append(("broken", f"<{unclosed[0]}> is not closed"))
    if "<" in reader.rawdata:
        reader.faults.append(("broken", "it breaks off within a tag"))
    seen: set[str] = set()
    for kind, told in reader.faults:
        if kind in seen:
            continue
        seen.add(kind)
        message = f"the HTML in <{element.written}>: {told}"
        if kind == "bad":
            hint = "take it out: apps drop it, or all of the notes (PSP-1: p ol ul li a b i strong em)"
            yield linted.error("feed-html", message, linted.text(element), hint)
        else:
            hint = "close every tag, in the order in which they were opened"
            yield linted.error("feed-html", message, linted.text(element), hint)


class _Notes(HTMLParser):
    """Keeps the tags that are open, and what is wrong."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look_at(tag, attrs)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look_at(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.open:
            if tag not in _VOID and tag != "p":
                self.faults.append(("broken", f"</{tag}> closes what was never opened"))
            return
        while (last := self.open.pop()) != tag:
            if last not in _MAY_STAY_OPEN:
                self.faults.append(("broken", f"<{last}> is not closed before </{tag}>"))

    def _look_at(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BAD:
            self.faults.append(("bad", f"<{tag}> does not belong into notes"))
        for name, value in attrs:
            if name.startswith("on"):
                self.faults.append(("bad", f"{name} runs a script"))
            if name in _ADDRESSED and re.match(r"\s*(javascript|vbscript|data)\s*:", value or "", re.IGNORECASE):
                self.faults.append(("bad", f"{name} of <{tag}> runs a script, or carries data"))
