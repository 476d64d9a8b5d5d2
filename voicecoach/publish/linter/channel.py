"""What the channel says of itself: language, category, guid and the like."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping

from voicecoach.model.diagnostic import Diagnostic, did_you_mean
from voicecoach.publish.feed.categories import CATEGORIES
from voicecoach.publish.linter.folder import quoted, split
from voicecoach.publish.linter.linted import Linted, every
from voicecoach.publish.linter.spelling import nearest
from voicecoach.publish.linter.vocabulary import MEDIUMS
from voicecoach.publish.linter.xml_reading import Element

FEED_TYPE = "application/rss+xml"

_LANGUAGE = re.compile(
    r"[a-z]{2,3}(-[a-z]{3}){0,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(-[0-9a-wyz](-[a-z0-9]{2,8})+)*(-x(-[a-z0-9]{1,8})+)?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@<>(),;:\"]+@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9][a-z0-9-]*[a-z0-9]", re.IGNORECASE)
_YES = {"itunes:block": ("yes", "no"), "itunes:complete": ("yes",), "podcast:block": ("yes", "no")}
_WORDS: Mapping[str, tuple[str, ...]] = {
    "podcast:locked": ("yes", "no"),
    "itunes:type": ("episodic", "serial"),
    "podcast:medium": MEDIUMS,
}


def language_is_a_tag(linted: Linted) -> Iterator[Diagnostic]:
    """The language is written as BCP 47 has it, in the channel and of transcripts."""
    element = linted.channel.first("language")
    if element is not None and (text := element.text.strip()) and not is_language(text):
        message = f"'{text}' is not how a language is written"
        hint = (
            f"did you mean '{text.replace('_', '-')}'?"
            if is_language(text.replace("_", "-"))
            else "such as en or de-CH"
        )
        yield linted.error("feed-language", message, linted.text(element), hint)
    for transcript in every(linted, "podcast:transcript"):
        text = transcript.attributes.get("language", "")
        if text and not is_language(text):
            message = f"'{text}' is not how a language is written"
            yield linted.error("feed-language", message, linted.at(transcript, "language"), "such as en or de-CH")


def is_language(text: str) -> bool:
    """Tell whether a text has the shape of a language tag (RFC 5646)."""
    return len(text) <= 35 and _LANGUAGE.fullmatch(text) is not None


def categories_are_known(linted: Linted) -> Iterator[Diagnostic]:
    """Categories are Apple's, letter for letter, and what they are divided into stands in them."""
    for top in linted.channel.all("itunes:category"):
        name = top.attributes.get("text", "")
        below = CATEGORIES.get(name)
        if below is None:
            if name.strip():
                yield _unknown_category(linted, top, name, CATEGORIES)
            continue
        for child in top.all("itunes:category"):
            sub = child.attributes.get("text", "")
            if sub.strip() and sub not in below:
                yield _unknown_category(linted, child, sub, below, name)


def _unknown_category(linted: Linted, element: Element, name: str, names: Iterable[str], top: str = "") -> Diagnostic:
    known, place = tuple(names), linted.at(element, "text")
    plain = _plain(name)
    same = next((one for one in known if _plain(one) == plain), None)
    if same is not None:
        message = f"the category '{name}' is not written as Apple writes it: directories do not know it"
        return linted.error("feed-category", message, place, f"write '{same}', letter for letter")
    homes = [one for one, below in CATEGORIES.items() if plain in map(_plain, below)]
    if homes:
        message = f"'{name}' is not a category of its own" if not top else f"'{name}' does not belong to '{top}'"
        around = f"it stands in '{homes[0]}': <itunes:category text=\"{homes[0].replace('&', '&amp;')}\"> around it"
        return linted.error("feed-category", message, place, around)
    near = nearest(name, known)
    listed = f"one of {', '.join(known)}" if known else None
    hint = f"did you mean '{near}'?" if near else listed
    message = f"Apple has no category '{name}'" + (f" in '{top}'" if top else "")
    return linted.error("feed-category", message, place, hint)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.casefold().replace("&amp;", "&").replace("&", " and ")).strip()


def truths_are_true_or_false(linted: Linted) -> Iterator[Diagnostic]:
    """itunes:explicit is exactly true or false: other words are taken for neither, or for true."""
    for element in every(linted, "itunes:explicit"):
        text = element.text.strip()
        if text and text not in ("true", "false"):
            known = {"yes": "true", "explicit": "true", "no": "false", "clean": "false"}
            meant = known.get(text.casefold(), text.casefold())
            hint = f"write {meant}" if meant in ("true", "false") else "write true or false"
            message = f"itunes:explicit is '{text}'; apps know true and false only"
            yield linted.error("feed-explicit", message, linted.text(element), hint)


def words_are_known(linted: Linted) -> Iterator[Diagnostic]:
    """podcast:locked, itunes:type, podcast:medium and the like are one of their words."""
    for name, known in _WORDS.items():
        element = linted.channel.first(name)
        text = element.text.strip() if element is not None else ""
        if element is None or not text or text in known:
            continue
        if text.casefold() in known:
            message = f"{name} is '{text}' with other capitals than '{text.casefold()}'"
            yield linted.warning("feed-capitals", message, linted.text(element), f"write {text.casefold()}")
            continue
        message = f"{name} is '{text}'; apps know {_listed(known)}"
        hint = did_you_mean(text, known) or f"write {_listed(known[:3])}"
        if name == "podcast:locked":
            yield linted.error("feed-locked", message, linted.text(element), hint)
        elif name == "itunes:type":
            yield linted.error("feed-type", message, linted.text(element), hint)
        else:
            yield linted.error("feed-medium", message, linted.text(element), hint)


def _listed(known: Iterable[str]) -> str:
    *first, last = known
    return f"{', '.join(first)} and {last}" if first else last


def courses_are_serial(linted: Linted) -> Iterator[Diagnostic]:
    """What is a course for one namespace is serial for the other."""
    medium, kind = linted.channel.first("podcast:medium"), linted.channel.text_of("itunes:type")
    if medium is not None and medium.text.strip() == "course" and kind in (None, "episodic"):
        message = (
            f"podcast:medium is course, but itunes:type {f'is {kind}' if kind else 'is missing, which means episodic'}"
        )
        hint = "<itunes:type>serial</itunes:type>: without it apps show the last session first"
        yield linted.warning("feed-type", message, linted.text(medium), hint)


def flags_have_an_effect(linted: Linted) -> Iterator[Diagnostic]:
    """itunes:block and itunes:complete say yes, or have no effect."""
    for name, known in _YES.items():
        for element in every(linted, name):
            text = element.text.strip()
            if text and text.casefold() not in known:
                message = f"{name} is '{text}', which has no effect"
                yield linted.warning("feed-flag", message, linted.text(element), "write yes, or leave it out")


def mail_is_an_address(linted: Linted) -> Iterator[Diagnostic]:
    """Who owns the feed can be written to."""
    owner = linted.channel.first("itunes:owner")
    element = owner.first("itunes:email") if owner is not None else None
    if element is not None and (text := element.text.strip()) and not _EMAIL.fullmatch(text):
        message = f"'{text}' is no e-mail address"
        yield linted.error("feed-email", message, linted.text(element), "such as kim@example.org")
    locked = linted.channel.first("podcast:locked")
    if locked is not None and (text := locked.attributes.get("owner", "").strip()) and not _EMAIL.fullmatch(text):
        message = f"'{text}' is no e-mail address"
        yield linted.error("feed-email", message, linted.at(locked, "owner"), "such as kim@example.org")


def guid_is_a_uuid(linted: Linted) -> Iterator[Diagnostic]:
    """podcast:guid is a UUID of version 5, and the one that was kept."""
    element = linted.channel.first("podcast:guid")
    text = element.text.strip() if element is not None else ""
    if element is None or not text:
        return
    place, hint = linted.text(element), "take the one of feed/kept.json; `voicecoach feed` makes and keeps it"
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        yield linted.error("feed-podcast-guid", f"podcast:guid '{text}' is no UUID", place, hint)
        return
    number = uuid.UUID(text)
    if number.variant != uuid.RFC_4122 or number.version != 5:
        kind = f"of version {number.version}" if number.variant == uuid.RFC_4122 else "of an unknown kind"
        message = f"podcast:guid '{text}' is a UUID {kind}; it must be of version 5, made of the feed's address"
        yield linted.error("feed-podcast-guid", message, place, hint)
        return
    kept = linted.kept_guid
    if kept is not None and kept != number:
        message = f"podcast:guid is another one than '{linted.beside('feed/kept.json')}' has ({kept})"
        yield linted.error("feed-podcast-guid", message, place, "it must never change: apps would see another feed")


def self_link_is_right(linted: Linted) -> Iterator[Diagnostic]:
    """atom:link rel=self is there, is of a feed, and is the address at which this feed lies."""
    links = linted.channel.all("atom:link")
    own = [link for link in links if link.attributes.get("rel") == "self"]
    if not own:
        near = next((link for link in links if link.attributes.get("rel", "") in ("", "alternate")), None)
        place = linted.at(near) if near is not None else linted.at(linted.channel)
        message = 'the feed has no <atom:link rel="self">: it must say its own address'
        hint = f'add <atom:link href="https://…/feed.xml" rel="self" type="{FEED_TYPE}"/>'
        yield linted.error("feed-self-link", message, place, hint)
        return
    for link in own[1:]:
        message = f'a second <{link.written} rel="self">: a feed has one address of its own'
        yield linted.error("feed-twice", message, linted.at(link), f"the first stands in line {own[0].line}; keep one")
    link = own[0]
    media_type = link.attributes.get("type", "").strip()
    if not media_type:
        message = f'<{link.written} rel="self"> has no type'
        yield linted.warning("feed-self-link", message, linted.at(link), f'write type="{FEED_TYPE}"')
    elif media_type.partition(";")[0].strip() not in (FEED_TYPE, "application/xml", "text/xml"):
        message = f'<{link.written} rel="self"> is of type {media_type}, which is not that of a feed'
        yield linted.error("feed-self-link", message, linted.at(link, "type"), f'write type="{FEED_TYPE}"')
    yield from _own_address(linted, link)


def _own_address(linted: Linted, link: Element) -> Iterator[Diagnostic]:
    href, base = link.attributes.get("href", "").strip(), linted.folder.base
    parts = split(href)
    if not href or parts is None or not base or not (linted.base_given or linted.base_votes):
        return
    right = f"{base}{quoted(linted.document.source.name.replace(chr(92), '/').rpartition('/')[2])}"
    if href != right and parts.scheme and parts.netloc:
        message = f"the feed says that its own address is {href}, but it lies at {right}"
        yield linted.error("feed-self-link", message, linted.at(link, "href"), "apps move to the address that it says")


def frequency_is_a_rule(linted: Linted) -> Iterator[Diagnostic]:
    """podcast:updateFrequency has a rule of RFC 5545."""
    element = linted.channel.first("podcast:updateFrequency")
    if element is None:
        return
    rule = element.attributes.get("rrule")
    if rule is None and element.attributes.get("complete") != "true":
        message = f"<{element.written}> has no rrule, which apps reckon by"
        yield linted.warning("feed-frequency", message, linted.at(element), 'such as rrule="FREQ=WEEKLY"')
    if rule is not None and (fault := _wrong_rule(rule.strip(), element)):
        hint = "such as FREQ=WEEKLY or FREQ=DAILY;INTERVAL=2"
        yield linted.error("feed-frequency", f"the rrule '{rule}' {fault}", linted.at(element, "rrule"), hint)
    complete = element.attributes.get("complete")
    if complete is not None and complete not in ("true", "false"):
        message = f"complete is '{complete}'; apps know true and false"
        yield linted.error("feed-frequency", message, linted.at(element, "complete"), "write true, or leave it out")
    if len(element.text.strip()) > 128:
        message = "the words of podcast:updateFrequency have more than 128 characters: apps cut them"
        yield linted.warning("feed-too-long", message, linted.text(element))


_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
_NUMBERED = {"INTERVAL", "COUNT"}
_LISTS = {
    "BYDAY": r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU|TH)",
    "BYMONTH": r"1[0-2]|0?[1-9]",
    "BYMONTHDAY": r"[+-]?(3[01]|[12][0-9]|0?[1-9])",
    "BYYEARDAY": r"[+-]?[0-9]{1,3}",
    "BYWEEKNO": r"[+-]?[0-9]{1,2}",
    "BYSETPOS": r"[+-]?[0-9]{1,3}",
    "BYHOUR": r"[0-9]{1,2}",
    "BYMINUTE": r"[0-9]{1,2}",
    "BYSECOND": r"[0-9]{1,2}",
    "WKST": r"MO|TU|WE|TH|FR|SA|SU",
    "UNTIL": r"[0-9TZ:.+-]{8,30}",
}


def _wrong_rule(rule: str, element: Element) -> str | None:
    """Say what is wrong with a recurrence rule (RFC 5545, 3.3.10), or None."""
    if rule.upper().startswith("RRULE:"):
        return "begins with RRULE:, which does not belong into the attribute"
    parts: dict[str, str] = {}
    for part in rule.rstrip(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value:
            return f"has a part that is no NAME=VALUE: '{part}'"
        if name in parts:
            return f"has {name} twice"
        parts[name] = value
    if "FREQ" not in parts:
        return "has no FREQ"
    if parts["FREQ"] not in _FREQUENCIES:
        return f"has an unknown FREQ: {parts['FREQ']}"
    for name, value in parts.items():
        if name in _NUMBERED and not re.fullmatch(r"0*[1-9][0-9]{0,5}", value):
            return f"has {name}={value}, which is no whole number above 0"
        if name in _LISTS and not all(re.fullmatch(_LISTS[name], one) for one in value.split(",")):
            return f"has {name}={value}, which is not one of its values"
        if name not in _NUMBERED and name not in _LISTS and name != "FREQ":
            return f"has an unknown part {name}"
    if "COUNT" in parts and "UNTIL" in parts:
        return "has COUNT and UNTIL, of which one excludes the other"
    if "COUNT" in parts and "dtstart" not in element.attributes:
        return "has COUNT, but the element no dtstart to count from"
    return None
