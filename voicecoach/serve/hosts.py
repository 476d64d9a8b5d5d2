"""Whom a request says that it wants to reach, and whether that is us.

A page anywhere in the web can give its own name the address of this machine, and so have a browser ask us as if we
were that page (DNS rebinding). Such a request carries the page's name in its ``Host``: names that are not ours are
refused.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST_NAME = 253
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_AUTHORITY = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[^\[\]:/?#@\s]+)(?::(?P<port>[0-9]{0,5}))?")
LOOPBACK_NAME = "localhost"


@dataclass(frozen=True)
class Authority:
    """A host and its port, as a URL names them.

    Attributes
    ----------
    host
        A name in small letters without a dot at its end, or an IP address without brackets.
    port
        From 1 to 65535, or None: the scheme's own.
    """

    host: str
    port: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read what stands in ``Host``; None where it is no host (RFC 9110, 7.2)."""
        found = _AUTHORITY.fullmatch(text.strip(" \t").lower())
        if found is None:
            return None
        host, port = found["host"], int(found["port"]) if found["port"] else None
        if port is not None and not 1 <= port <= 65535:
            return None
        plain = _plain_host(host)
        return None if plain is None else cls(plain, port)

    @property
    def address(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """Its IP address, or None where it is a name."""
        return _ip(self.host)

    def origin(self, scheme: str) -> str:
        """Return the beginning of its URLs: ``http://[::1]:8000``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        own = self.port is None or self.port == _DEFAULT_PORTS.get(scheme)
        return f"{scheme}://{host}{'' if own else f':{self.port}'}"


def _plain_host(host: str) -> str | None:
    if host.startswith("["):
        address = _ip(host[1:-1]) if host.count(":") > 1 else None
        return None if address is None else str(address)
    name = host.removesuffix(".")
    if len(name) > _LONGEST_NAME or _NAME.fullmatch(name) is None:
        return None
    address = _ip(name)
    return str(address) if address is not None else name


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Read an IP address; an IPv4 address in the clothes of IPv6 is one of IPv4."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return address if mapped is None else mapped


@dataclass(frozen=True)
class OwnHosts:
    """The hosts that are us.

    Attributes
    ----------
    names
        Names and IP addresses beside the loopback ones, as `Authority.host` has them.
    """

    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str]) -> Self:
        """Make it of names; what is no host is left out."""
        found = (Authority.parse(name) or Authority.parse(f"[{name}]") for name in names)
        return cls(frozenset(one.host for one in found if one is not None))

    def has(self, authority: Authority, reached: str | None = None) -> bool:
        """Tell whether it is us.

        Parameters
        ----------
        authority
            What the request says.
        reached
            The IP address at which the connection arrived, where that is to count as ours: whatever else this
            machine is called, a number is not a name that somebody could turn on us.
        """
        if authority.host == LOOPBACK_NAME or authority.host in self.names:
            return True
        address = authority.address
        if address is None:
            return False
        return address.is_loopback or (reached is not None and address == _ip(reached))


@dataclass(frozen=True)
class Target:
    """What a request asks for.

    Attributes
    ----------
    path
        As it came, quoted, with its slash.
    authority
        Where a whole URL was asked for (as proxies are): its host, which goes before ``Host`` (RFC 9112, 3.2.2).
    """

    path: str
    authority: Authority | None = None


def read_target(raw: str) -> Target | None:
    """Read the target of a request; None where it is no path, and no URL of HTTP."""
    if raw.startswith("/"):
        return Target(raw)
    if not raw.lower().startswith(("http://", "https://")):
        return None
    try:
        parts = urlsplit(raw)
    except ValueError:
        return None
    authority = Authority.parse(parts.netloc)
    return None if authority is None else Target(parts.path or "/", authority)
