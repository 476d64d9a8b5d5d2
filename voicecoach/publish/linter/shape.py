"""Which elements there are, and where: misplaced, missing, twice, empty, without what makes them say something."""

from __future__ import annotations

from collections.abc import Iterator

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.publish.linter.linted import Linted
from voicecoach.publish.linter.spelling import joined, nearest, split_name
from voicecoach.publish.linter.vocabulary import ANYTHING_IN, MAY_BE_EMPTY, NEEDED_ATTRIBUTES, ONCE, PARENTS, words
from voicecoach.publish.linter.xml_reading import Element

_NEEDED_IN_CHANNEL = {
    "title": "the name of the feed",
    "description": "what it is about",
    "link": "the page about it",
    "language": "the language that is spoken",
    "itunes:category": "its category",
    "itunes:explicit": "true or false",
    "itunes:image": "the show art",
}
_WISE_IN_CHANNEL = {
    "podcast:guid": "apps and directories know the feed again by it, wherever it moves",
    "podcast:locked": "without it others may import the feed",
    "itunes:author": "apps show who made it",
}
_NEEDED_IN_ITEM = {
    "title": "the name of the episode",
    "guid": "apps know an episode again by it",
    "enclosure": "the file to be played",
    "pubDate": "apps order by it",
}
_WISE_IN_ITEM = {
    "description": "the show notes",
    "itunes:duration": "apps show the length before they have the file",
}
_PLAIN = words(
    "title link language guid pubDate lastBuildDate itunes:explicit itunes:type itunes:duration itunes:episode "
    "itunes:season itunes:episodeType itunes:author itunes:email itunes:block itunes:complete podcast:guid "
    "podcast:locked podcast:medium podcast:season podcast:episode"
)
"""Short values, in which no space is to stand before or behind."""


def elements_are_in_place(linted: Linted) -> Iterator[Diagnostic]:
    """What belongs into the channel stands in the channel, and so on; texts hold no elements."""
    yield from _misplaced(linted, linted.root)


def _misplaced(linted: Linted, parent: Element) -> Iterator[Diagnostic]:
    if parent.name in ANYTHING_IN or split_name(parent.name)[0] is None:
        return
    if parent.name not in PARENTS:
        if parent.children:
            yield _markup(linted, parent)
        return
    for child in parent.children:
        prefix, local = split_name(child.name)
        if prefix is not None and local not in PARENTS[parent.name].get(prefix, "").split():
            homes = [name for name, held in PARENTS.items() if local in held.get(prefix, "").split()]
            if not homes:
                continue  # it is unknown, which `spelling` tells
            message = f"<{child.written}> does not belong into <{parent.written}>: apps pass over it there"
            yield linted.error("feed-misplaced", message, linted.at(child), f"it belongs into <{'> or <'.join(homes)}>")
        else:
            yield from _misplaced(linted, child)


def _markup(linted: Linted, parent: Element) -> Diagnostic:
    child = parent.children[0]
    message = f"<{child.written}> stands in the text of <{parent.written}>: apps lose the text, or show part of it"
    hint = f"escape it (&lt;{child.written}&gt;), or put all of the text into <![CDATA[…]]>"
    return linted.error("feed-markup", message, linted.at(child), hint)


def no_stray_text(linted: Linted) -> Iterator[Diagnostic]:
    """Nothing but elements stands in the channel and in items."""
    for element in (linted.root, linted.channel, *(item.element for item in linted.items)):
        if words := element.text.split():
            short = " ".join(words)[:40]
            message = f"text stands between the elements of <{element.written}>: '{short}'"
            yield linted.warning("feed-stray-text", message, linted.at(element), "a '<' may be missing, or a tag")


def needed_is_there(linted: Linted) -> Iterator[Diagnostic]:
    """PSP-1's required elements are there, and what it recommends."""
    elsewhere = _names_out_of_place(linted)
    channel = linted.channel
    for name, why in _NEEDED_IN_CHANNEL.items():
        if channel.first(name) is None and name not in elsewhere:
            yield linted.error("feed-missing", f"the feed has no <{name}>: {why}", linted.at(channel), _add(name))
    for name, why in _WISE_IN_CHANNEL.items():
        if channel.first(name) is None and name not in elsewhere:
            yield linted.warning("feed-missing", f"the feed has no <{name}>: {why}", linted.at(channel), _add(name))
    if not linted.items:
        yield linted.warning("feed-missing", "the feed has no <item>: there is nothing to play", linted.at(channel))
    for image in channel.all("image"):
        for name in ("url", "title", "link"):
            if image.first(name) is None:
                message = f"<{image.written}> has no <{name}>, which RSS wants in it"
                yield linted.warning("feed-missing", message, linted.at(image), _add(name))
    for item in linted.items:
        yield from _missing_in_item(linted, item.element, elsewhere)


def _missing_in_item(linted: Linted, item: Element, elsewhere: set[str]) -> Iterator[Diagnostic]:
    place = linted.at(item)
    for name, why in _NEEDED_IN_ITEM.items():
        if item.first(name) is None and name not in elsewhere:
            yield linted.error("feed-missing", f"{linted.titled(item)} has no <{name}>: {why}", place, _add(name))
    for name, why in _WISE_IN_ITEM.items():
        instead = name == "description" and (item.first("content:encoded") or item.first("itunes:summary"))
        if item.first(name) is None and not instead and name not in elsewhere:
            yield linted.warning("feed-missing", f"{linted.titled(item)} has no <{name}>: {why}", place, _add(name))


def _add(name: str) -> str:
    attributes = "".join(f' {attribute}="…"' for attribute in NEEDED_ATTRIBUTES.get(name, ()))
    return f"add <{name}{attributes}/>" if attributes else f"add <{name}>…</{name}>"


def _names_out_of_place(linted: Linted) -> set[str]:
    """What stands somewhere, but where it does not belong: that is told, and it is not missing besides."""
    channel, found = linted.channel, set()
    for parent in (linted.root, channel, *(item.element for item in linted.items)):
        held = {joined(prefix, name) for prefix, names in PARENTS[parent.name].items() for name in names.split()}
        found |= {child.name for child in parent.children if child.name not in held}
    return found


def nothing_stands_twice(linted: Linted) -> Iterator[Diagnostic]:
    """What may be said once is said once."""
    for element in linted.root.walk():
        seen: dict[str, Element] = {}
        once = ONCE.get(element.name)
        for child in element.children if once else ():
            if once is None or child.name not in once:
                continue
            if child.name in seen:
                message = f"a second <{child.written}>: apps take one of the two, and not all the same"
                hint = f"the first stands in line {seen[child.name].line}; keep one"
                yield linted.error("feed-twice", message, linted.at(child), hint)
            seen.setdefault(child.name, child)


def nothing_is_empty(linted: Linted) -> Iterator[Diagnostic]:
    """An element that is there says something."""
    for element in linted.channel.walk():
        prefix, _ = split_name(element.name)
        bare = not element.text.strip() and not element.children
        if prefix is not None and bare and element.name not in MAY_BE_EMPTY and not element.name.startswith("atom:"):
            message = f"<{element.written}> is empty"
            yield linted.error("feed-empty", message, linted.at(element), "write its text, or leave the element out")


def nothing_is_padded(linted: Linted) -> Iterator[Diagnostic]:
    """PSP-1: short values have no space before or behind them; some apps do not take it away."""
    for element in linted.channel.walk():
        if element.name in _PLAIN and element.text.strip() and element.text != element.text.strip():
            message = f"space stands before or behind the text of <{element.written}>"
            yield linted.warning("feed-space", message, linted.text(element), "take it away; some apps keep it")


def attributes_are_there(linted: Linted) -> Iterator[Diagnostic]:
    """Elements that speak by their attributes have them."""
    for element in linted.channel.walk():
        for name in NEEDED_ATTRIBUTES.get(element.name, ()):
            if element.attributes.get(name, "").strip():
                continue
            if name in element.attributes:
                message, hint = f"{name} of <{element.written}> is empty", f'write {name}="…"'
            else:
                message = f"<{element.written}> has no {name}"
                spare = [given for given in element.attributes if given not in NEEDED_ATTRIBUTES[element.name]]
                near = nearest(name, spare)
                hint = f"'{near}' should be '{name}'" if near else _instead(element, name)
            yield linted.error("feed-attribute", message, linted.at(element, name), hint)


def _instead(element: Element, name: str) -> str:
    told = element.text.strip()
    if told and name in ("href", "url", "text"):
        return f'the value belongs into an attribute: <{element.written} {name}="{told[:60]}"/>'
    return f'write {name}="…"'
