"""The addresses of this machine, as others in its network reach it; and the sockets on which a server listens."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import socket
from collections.abc import Iterator

from voicecoach.errors import UsageError
from voicecoach.serve.options import DEFAULT_PORT

_FAR = ("192.0.2.1", "192.168.255.254", "10.255.255.254", "172.31.255.254")
"""Asked for the way there; nothing is sent to them."""
_HOME = tuple(ipaddress.ip_network(net) for net in ("192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12"))
_BACKLOG = 128


def lan_addresses() -> tuple[str, ...]:
    """Return the IPv4 addresses by which this machine can be reached in its network, the likeliest first."""
    found = dict.fromkeys((*_routed(), *_named()))
    usable = [one for one in found if not (ip := ipaddress.ip_address(one)).is_loopback and not ip.is_unspecified]
    return tuple(sorted(usable, key=_rank))


def own_names() -> tuple[str, ...]:
    """Return the names that this machine goes by in its network."""
    name = socket.gethostname().strip().lower()
    return (name, f"{name.partition('.')[0]}.local") if name else ()


def _routed() -> Iterator[str]:
    """Ask the system from which address it would send; a datagram socket that is only connected sends nothing."""
    for far in _FAR:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.connect((far, 9))
            yield asking.getsockname()[0]


def _named() -> Iterator[str]:
    with contextlib.suppress(OSError, UnicodeError):
        for found in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET, socket.SOCK_DGRAM):
            yield str(found[4][0])


def _rank(address: str) -> int:
    ip = ipaddress.ip_address(address)
    at_home = next((place for place, net in enumerate(_HOME) if ip in net), len(_HOME))
    return at_home + (10 if ip.is_link_local else 0)


def listen(port: int, *, lan: bool) -> list[socket.socket]:
    """Open the sockets of a server, listening: IPv4, and IPv6 where there is one.

    Parameters
    ----------
    port
        0: one that is free.
    lan
        On every address of this machine; else on the loopback ones only.

    Raises
    ------
    UsageError
        Somebody else has the port, or it is not ours to take.
    """
    first = _bound(socket.AF_INET, "0.0.0.0" if lan else "127.0.0.1", port)  # noqa: S104 - asked for with --lan
    sockets = [first]
    if socket.has_ipv6:
        own = first.getsockname()[1]
        try:
            sockets.append(_bound(socket.AF_INET6, "::" if lan else "::1", own))
        except UsageError:
            if port != 0:  # the name localhost may lead to whoever has it there
                first.close()
                raise
        except OSError:
            pass  # there is no IPv6 here
    return sockets


def _bound(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    # Said to be TCP, since asyncio lets small answers out at once (TCP_NODELAY) only where it sees that.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if family is socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if os.name != "nt":  # there it would let two have the same port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(_BACKLOG)
        made.setblocking(False)
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRINUSE:
            hint = f"end what is there, or take another: --port {_next(port)}; --port 0 takes one that is free"
            raise UsageError(f"port {port} is taken", hint=hint) from error
        if error.errno == errno.EACCES:
            hint = f"ports below 1024 are the administrator's; --port {DEFAULT_PORT} is not"
            raise UsageError(f"port {port} is not yours to take", hint=hint) from error
        if family is socket.AF_INET6:
            raise
        raise UsageError(f"cannot listen on {host}, port {port}: {error.strerror or error}") from error
    return made


def _next(port: int) -> int:
    return port + 1 if port < 65535 else DEFAULT_PORT
