"""Addresses that an author writes: where the folder lies, a page, an e-mail address."""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from voicecoach.publish.feed.paths import FEED_FILE
from voicecoach.source.values import ValueFaultError

_KEPT_IN_PATHS = "/:@!$&'()*+,;=~-._%"
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_PORTS = {"http": 80, "https": 443}
_HINT = "write it as https://example.org/podcast"


def read_address(text: str) -> str:
    """Read where the published folder lies, ASCII only, with one slash at its end; the feed's own URL will do, too.

    Raises
    ------
    ValueFaultError
        ``bad-address``: it is none, or none that files can be put under.
    """
    parts = _split(text)
    raw = text.strip()
    if parts.query or "?" in raw:
        raise _bad(raw, "it has a '?'; files lie under an address without one", _HINT)
    if parts.fragment or "#" in raw:
        raise _bad(raw, "it has a '#'; files lie under an address without one", _HINT)
    path = parts.path
    if path.rpartition("/")[2].casefold() == FEED_FILE:
        path = path.rpartition("/")[0]
    return urlunsplit((parts.scheme, parts.netloc, f"{path.rstrip('/')}/", "", ""))


def read_link(text: str) -> str:
    """Read the address of a page, ASCII only.

    Raises
    ------
    ValueFaultError
        ``bad-address``: it is none.
    """
    parts = _split(text)
    query, fragment = (quote(part, safe=f"{_KEPT_IN_PATHS}?") for part in (parts.query, parts.fragment))
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, fragment))


def read_email(text: str) -> str:
    """Read an e-mail address.

    Raises
    ------
    ValueFaultError
        ``bad-email``: it is none.
    """
    raw = text.strip()
    before, at, host = raw.rpartition("@")
    good = _EMAIL.fullmatch(before) and not before.startswith(".") and not before.endswith(".") and ".." not in before
    if not at or not good or "." not in host.rstrip(".") or _ascii_host(host) is None:
        hint = "write one such as kim@example.org; directories send their questions there"
        raise ValueFaultError("bad-email", f"'{raw}' is not an e-mail address", hint)
    return f"{before}@{_ascii_host(host)}"


def _split(text: str) -> SplitResult:
    """Take an address apart, its host in ASCII and its path quoted."""
    raw = text.strip()
    if not raw:
        raise _bad(raw, "it is empty", _HINT)
    if re.match(r"[./\\~]|[A-Za-z]:[\\/]", raw):
        raise _bad(raw, "it is a folder on this computer, and an address begins with https://", _HINT)
    if re.search(r"[\s\\<>\"^`{|}\x00-\x1f\x7f]", raw):
        raise _bad(raw, "it has a space or another sign that no address has", "write a space as %20")
    try:
        parts = urlsplit(raw)
        port = parts.port
    except ValueError:
        raise _bad(raw, "it does not read", _HINT) from None
    scheme = parts.scheme.lower()
    if "://" not in raw:
        raise _bad(raw, "it does not begin with https://", f"write https://{raw}")
    if scheme not in _PORTS:
        raise _bad(raw, "podcast apps take http and https only", _HINT)
    if parts.username is not None or parts.password is not None:
        raise _bad(raw, "a name or password in it would stand in the feed for everybody", "leave out what is before @")
    bracketed = "[" in parts.netloc
    host = _ipv6(parts.hostname or "") if bracketed else _ascii_host(parts.hostname or "")
    if host is None:
        raise _bad(raw, "it has no host" if not parts.hostname else f"'{parts.hostname}' is not a host", _HINT)
    netloc = host if port is None or port == _PORTS[scheme] else f"{host}:{port}"
    return SplitResult(scheme, netloc, _quoted(_without_dots(parts.path)), parts.query, parts.fragment)


def _ascii_host(host: str) -> str | None:
    """Write a host as the net knows it (``münchen.de`` is ``xn--mnchen-3ya.de``); None: it is none."""
    try:
        name = host.encode("idna").decode().lower().rstrip(".")
    except UnicodeError:
        return None
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    if all(label.isdecimal() for label in labels):
        return name if len(labels) == 4 and all(int(label) < 256 for label in labels) else None
    return name


def _ipv6(host: str) -> str | None:
    try:
        address = IPv6Address(host)
    except ValueError:
        return None
    return None if address.scope_id else f"[{address}]"


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            kept = kept[:-1] if len(kept) > 1 else kept
        elif part != ".":
            kept.append(part)
    return "/".join(kept)


def _quoted(path: str) -> str:
    return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", path), safe=_KEPT_IN_PATHS)


def _bad(raw: str, why: str, hint: str) -> ValueFaultError:
    return ValueFaultError("bad-address", f"'{raw}' cannot be the address: {why}", hint)
