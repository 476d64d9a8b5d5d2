"""The desk at which requests are answered: who asks, whom, for what; and the bytes that go back."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes, urlsplit

from voicecoach.model.diagnostic import harmless
from voicecoach.serve.answers import Answer, Fields, answer, plain
from voicecoach.serve.content import ChangedError
from voicecoach.serve.hosts import Authority, OwnHosts, read_target
from voicecoach.serve.options import ServeOptions
from voicecoach.serve.secret import masked, without_secret
from voicecoach.serve.sending import Receive, Scope, Send, Sending, refuse
from voicecoach.serve.shelf import NothingYetError, Shelf

ALLOWED = "GET, HEAD, OPTIONS"
PREFLIGHT: Fields = {
    "access-control-allow-headers": "Range, If-Range, If-None-Match, If-Modified-Since",
    "access-control-allow-methods": "GET, HEAD",
    "access-control-max-age": "86400",
}
_LONGEST_LOGGED = 200


class Asked(NamedTuple):
    """A request that was understood.

    Attributes
    ----------
    path
        Without the secret part, quoted, with its slash; None: it lies outside.
    base
        What the URLs of everything begin with for whoever asked.
    """

    method: str
    path: str | None
    query: str
    base: str
    fields: dict[str, str]


class Desk:
    """An ASGI app of one shelf.

    Parameters
    ----------
    shelf
        What there is.
    options
        Whom it is for.
    """

    def __init__(self, shelf: Shelf, options: ServeOptions) -> None:
        self._shelf = shelf
        self._options = options
        public = None if options.public_url is None else urlsplit(options.public_url)
        outside = () if public is None or public.hostname is None else (public.hostname,)
        self._own = OwnHosts.of((*options.hosts, *outside))
        self._prefix = "" if public is None else public.path.rstrip("/")
        self._busy = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await refuse(scope, receive, send)
            return
        began_s = time.perf_counter()
        self._busy += 1
        sending: Sending | None = None
        try:
            sending = Sending(await self._answer(scope), scope["method"], receive, send)
            await sending.run()
        finally:
            self._busy -= 1
            if self._options.log is not None and sending is not None:
                self._options.log(self._line(scope, sending, time.perf_counter() - began_s))

    async def _answer(self, scope: Scope) -> Answer:
        try:
            return await self._given(scope)
        except Exception as error:  # noqa: BLE001 - the last door: our bug, told, and the server goes on
            told = f"a bug in voicecoach, which was asked for {self._target(scope)}: {type(error).__name__}: {error}"
            self._options.tell(harmless(told))
            return plain(500)

    async def _given(self, scope: Scope) -> Answer:
        if self._busy > self._options.limits.requests:
            return plain(503, retry_after="2", connection="close")
        asked = self._read(scope)
        if isinstance(asked, Answer):
            return asked
        if asked.path is None:
            return plain(404)
        if asked.path == "":  # the secret alone: relative links need the slash
            return plain(308, location=f"{urlsplit(asked.base).path}")
        path = _plain_path(asked.path)
        return plain(404) if path is None else await self._found(asked, path)

    def _read(self, scope: Scope) -> Asked | Answer:
        """Understand a request, or say why not."""
        if scope.get("http_version") not in {"1.0", "1.1", "2"}:
            return plain(505, connection="close")
        if _size_bytes(scope) > self._options.limits.head_bytes:
            return plain(431, connection="close")
        fields = _joined(scope["headers"])
        if scope["method"] not in {"GET", "HEAD", "OPTIONS"}:
            return plain(405, allow=ALLOWED, connection="close")
        if fields.get("content-length", "0") != "0" or "transfer-encoding" in fields:
            return plain(413, connection="close")
        raw = scope.get("raw_path") or quote(scope["path"]).encode()
        if raw == b"*" and scope["method"] == "OPTIONS":
            return Answer(204, {"allow": ALLOWED})
        target = read_target(raw.decode("latin-1"))
        if target is None:
            return plain(400, connection="close")
        authority = target.authority or _host(fields, scope)
        if authority is None:
            return plain(400, connection="close")
        server = scope.get("server")
        reached = server[0] if server and self._options.any_own_address else None
        if not self._own.has(authority, reached):
            return plain(421, connection="close")
        path = without_secret(self._without_prefix(target.path), self._options.secret)
        query = scope.get("query_string", b"").decode("latin-1")
        return Asked(scope["method"], path, query, self._base(scope, authority), fields)

    def _without_prefix(self, path: str) -> str:
        """Take away the path under which a proxy shows us, where it left it there."""
        inside = self._prefix and path.startswith(f"{self._prefix}/")
        return path[len(self._prefix) :] if inside else path

    def _base(self, scope: Scope, authority: Authority) -> str:
        public = self._options.public_url
        outside = f"{authority.origin(scope.get('scheme', 'http'))}/" if public is None else f"{public.rstrip('/')}/"
        return outside if self._options.secret is None else f"{outside}{self._options.secret}/"

    async def _found(self, asked: Asked, path: str) -> Answer:
        """Answer about what a path leads to."""
        for _ in range(3):  # a session that is put in place just now is another one at the second look
            try:
                entry = await self._shelf.find(asked.base, path)
            except NothingYetError:
                return plain(503, retry_after="2")
            if entry is None:
                return plain(404)
            if asked.method == "OPTIONS":
                shared = PREFLIGHT if "access-control-allow-origin" in entry.fields else {}
                return Answer(204, {"allow": ALLOWED, **entry.fields, **shared})
            try:
                thing = await self._shelf.open(entry)
            except ChangedError:
                await self._shelf.look_again()
                continue
            kept = self._shelf.kept_for(entry, asked.query)
            thing = replace(thing, fields={**thing.fields, "cache-control": kept})
            return answer(thing, asked.method, asked.fields, dt.datetime.now(dt.UTC))
        return plain(503, retry_after="2")

    def _line(self, scope: Scope, sending: Sending, spent_s: float) -> str:
        client = scope.get("client")
        what = f"{client[0] if client else '-'} {scope['method']} {self._target(scope)}"
        return f"{what} {sending.status} {sending.sent_bytes} B {spent_s * 1000:.0f} ms"

    def _target(self, scope: Scope) -> str:
        """What was asked for, as it may be written down: short, harmless, and without the secret."""
        raw = (scope.get("raw_path") or b"").decode("latin-1")
        query = scope.get("query_string", b"").decode("latin-1")
        return masked(harmless(f"{raw}?{query}" if query else raw), self._options.secret)[:_LONGEST_LOGGED]


def _size_bytes(scope: Scope) -> int:
    """Measure the head of a request."""
    line = len(scope.get("raw_path") or b"") + len(scope.get("query_string", b""))
    return line + sum(len(name) + len(value) for name, value in scope["headers"])


def _joined(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Read the fields of a request; one that came several times is joined by commas."""
    fields: dict[str, str] = {}
    for name, value in headers:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
    return fields


def _host(fields: Fields, scope: Scope) -> Authority | None:
    """Tell whom a request is for; HTTP/1.0 need not say."""
    if "host" in fields:
        return Authority.parse(fields["host"])
    server = scope.get("server")
    if scope.get("http_version") != "1.0" or not server:
        return None
    host = f"[{server[0]}]" if ":" in server[0] else server[0]
    return Authority.parse(f"{host}:{server[1]}")


def _plain_path(quoted: str) -> str | None:
    """Return the path that a quoted one stands for, as tables have it; None where no table can."""
    parts = [unquote_to_bytes(part) for part in quoted[1:].split("/")]
    if any(b"/" in part or b"\0" in part or b"\\" in part or part in {b".", b".."} for part in parts):
        return None
    try:
        return b"/".join(parts).decode("utf-8")
    except UnicodeDecodeError:
        return None
