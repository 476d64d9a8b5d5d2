"""Addresses: whole, of http or https, ASCII, where the feed lies, and to files that are there."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.publish.linter.addressed import Address
from voicecoach.publish.linter.folder import split
from voicecoach.publish.linter.linted import Linted
from voicecoach.publish.linter.xml_reading import Element

_PAGES = frozenset(("link", "docs", "comments", "podcast:funding", "podcast:person", "podcast:license"))
"""What leads to pages, which may lie anywhere."""
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?\.?")


def addresses_are_whole(linted: Linted) -> Iterator[Diagnostic]:
    """An address is one that any app can ask; where all are relative, that is told once."""
    every = linted.addresses
    relative = [one for one in every if one.is_relative]
    if relative and all(one.is_relative for one in every if one.element.name not in _PAGES):
        message = "the addresses in the feed are relative: apps need whole ones, with the host"
        hint = "voicecoach feed --base-url https://…, or `address:` in feed.yaml; `voicecoach serve` puts its own in"
        yield linted.warning("feed-relative", message, linted.where(relative[0]), hint)
        relative = []
    for one in relative:
        message = f"{one.what} is relative: '{_short(one.text)}'; apps need all of it, with the host"
        yield linted.error("feed-url", message, linted.where(one), "write it whole: https://…")
    for one in every:
        fault = _signs(one.text) if one.is_relative else _wrong(one)
        if fault is not None:
            yield linted.error("feed-url", f"{one.what} {fault[0]}", linted.where(one), fault[1])


def _wrong(one: Address) -> tuple[str, str] | None:
    """Say what is wrong with an address that is not relative, and what to do."""
    text, parts = one.text, one.parts
    if (fault := _signs(text)) is not None:
        return fault
    if parts is None:
        return f"cannot be read: '{_short(text)}'", "write https://host/path"
    if parts.scheme not in ("http", "https"):
        return f"is of '{parts.scheme or 'no scheme'}', which apps do not fetch", "write https://…"
    if not _HOST.fullmatch(parts.hostname or "") and ":" not in (parts.hostname or ""):
        return f"has no host that there can be: '{_short(text)}'", "write https://host/path"
    if parts.username is not None:
        return "has a name or password in it, for all to see", "take it out; let the host ask for it"
    return None


def _signs(text: str) -> tuple[str, str] | None:
    if text != text.strip() or any(character.isspace() for character in text):
        return f"has a space in it: '{_short(text)}'", "write %20 for a space"
    if not text.isascii():
        odd = next(character for character in text if not character.isascii())
        return f"has '{odd}' in it: only ASCII is sure to work", "write it percent-encoded: %C3%BC for ü"
    bad = next((character for character in text if character in '<>"{}|\\^`' or not character.isprintable()), None)
    if bad is not None:
        return f"has '{bad}' in it, which no address may hold", f"write it as %{ord(bad):02X}"
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        return "has a % that begins no code such as %20", "write %25 for the sign itself"
    return None


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 60 else f"{text[:57]}…"


def hosts_can_be_reached(linted: Linted) -> Iterator[Diagnostic]:
    """An address of one's own machine or network is told, once for each host."""
    seen: set[str] = set()
    own = split(linted.folder.base or linted.own_address or "")
    public = own is not None and bool(own.hostname) and not _nearby(own.hostname or "")
    for one in linted.addresses:
        parts = one.parts
        host = (parts.hostname or "") if parts is not None and parts.scheme in ("http", "https") else ""
        if host and host not in seen and (kind := _nearby(host)):
            seen.add(host)
            message = f"{host} is {kind}: apps on other devices or whose servers fetch the feed cannot reach it"
            hint = "right for `serve` and a home network; for anyone else, publish with --base-url of a public host"
            if public:
                hint = f"the feed lies at {linted.folder.base or linted.own_address}: write the feed again"
                yield linted.error("feed-local", message, linted.where(one), hint)
                continue
            yield linted.warning("feed-local", message, linted.where(one), hint)


def _nearby(host: str) -> str | None:
    if host == "localhost" or host.endswith(".localhost"):
        return "this machine itself"
    if host.endswith((".local", ".lan", ".home", ".internal", ".home.arpa")) or ("." not in host and ":" not in host):
        return "a name of a home network"
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return None
    if number.is_loopback or number.is_unspecified:
        return "this machine itself"
    return "an address of a home network" if number.is_private or number.is_link_local else None


def one_scheme_is_used(linted: Linted) -> Iterator[Diagnostic]:
    """In a feed of https nothing of its own host or of its files is of plain http."""
    own = split(linted.folder.base) or split(linted.own_address or "")
    if own is None or own.scheme != "https":
        return
    for one in linted.addresses:
        parts = one.parts
        if one.element.name == "atom:link":
            continue  # its own address is compared as a whole
        if parts is None or parts.scheme != "http" or (one.element.name in _PAGES and parts.netloc != own.netloc):
            continue
        message = f"{one.what} is of http, the feed is of https: phones refuse it, or ask"
        yield linted.error("feed-http", message, linted.where(one), "write https://")


def names_are_plain(linted: Linted) -> Iterator[Diagnostic]:
    """Sessions have ASCII names: other ones come out differently from device to device."""
    for one in linted.addresses:
        found = linted.find(one.text) if one.element.name == "enclosure" else None
        if found is not None and one.text.isascii() and not found.name.isascii():
            message = f"the file name '{found.name}' is not ASCII: some apps and hosts write it in another way"
            yield linted.warning("feed-file-name", message, linted.where(one), "name it with a to z, 0 to 9, - and _")


def files_are_there(linted: Linted) -> Iterator[Diagnostic]:
    """What the feed lists of its own folder lies there; a file that is missing is told once."""
    told: set[str] = set()
    for one in linted.addresses:
        if one.element.name in ("atom:link", "docs", "comments", "itunes:new-feed-url", "podcast:funding"):
            continue
        if _signs(one.text) is not None:
            continue
        found = linted.find(one.text)
        if found is None or found.there or found.name in told:
            continue
        if one.element.name == "link" and (not found.name or "." not in found.name.rpartition("/")[2]):
            continue
        if one.element.name == "link" and found.name == _enclosed(linted, one.element):
            continue
        told.add(found.name)
        yield _missing(linted, one, found.name, inside=found.path is not None)


def _enclosed(linted: Linted, link: Element) -> str | None:
    """Name the file of the item that a link stands in: that it is missing is told of the enclosure."""
    item = next((item for item in linted.items if item.element.first("link") is link), None)
    return item.found.name if item is not None and item.found is not None else None


def _missing(linted: Linted, one: Address, name: str, *, inside: bool) -> Diagnostic:
    if not inside:
        message = f"{one.what} leads out of the folder of the feed: '{_short(one.text)}'"
        return linted.error("feed-outside", message, linted.where(one), "keep all files in the feed's folder")
    message = f"there is no file '{linted.beside(name)}', which <{one.element.written}> lists"
    hint = "write the feed again with `voicecoach feed`, or put the file back"
    if one.element.name == "link":  # a host may make it when it is asked for
        return linted.warning("feed-file-missing", message, linted.where(one), hint)
    return linted.error("feed-file-missing", message, linted.where(one), hint)


def files_lie_together(linted: Linted) -> Iterator[Diagnostic]:
    """A file that lies in the folder is not listed under another address than the others."""
    base = linted.folder.base
    if not base or not (linted.base_given or linted.base_votes):
        return
    for one in linted.addresses:
        if one.element.name not in ("enclosure", "itunes:image", "url", "podcast:chapters", "podcast:transcript"):
            continue
        parts = one.parts
        if one.is_relative or _wrong(one) or (parts is not None and _nearby(parts.hostname or "")):
            continue
        name = linted.folder.lies_here(one.text) if linted.find(one.text) is None else None
        if name is not None:
            message = f"{one.what} does not lie where the feed does ({base}), but '{linted.beside(name)}' does"
            yield linted.warning(
                "feed-elsewhere", message, linted.where(one), "write the feed again with the right --base-url"
            )
