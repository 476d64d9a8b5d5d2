"""An answer: what of a thing is given for a request, with which status and fields (RFC 9110)."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import format_datetime

from voicecoach.publish.site.pages import POLICY
from voicecoach.serve.conditions import NOT_MODIFIED, Validators, part_is_of, unmet
from voicecoach.serve.content import Content
from voicecoach.serve.ranges import Span, UnsatisfiableError, read_ranges

Fields = Mapping[str, str]

PLAIN = "text/plain; charset=utf-8"
SECURITY: Fields = {
    "content-security-policy": f"{POLICY}; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
}
"""With every answer. The addresses of a server at home, and a secret in them, are told to no one."""
_REASONS = {
    304: "",
    400: "This request cannot be understood.\n",
    404: "There is nothing here.\n",
    405: "This server is only read from.\n",
    408: "This request came too slowly.\n",
    412: "It is not what it was.\n",
    413: "This server takes nothing in.\n",
    416: "It is not that long.\n",
    421: "This server does not go by that name. If it should: voicecoach serve --allow-host NAME\n",
    431: "This request is too long.\n",
    500: "This is a bug in voicecoach.\n",
    505: "This server speaks HTTP/1.1.\n",
    503: "This server cannot answer now. Try again in a moment.\n",
}


@dataclass(frozen=True)
class Piece:
    """A part of a body: bytes as they are, or a span of the content."""

    data: bytes = b""
    span: Span | None = None

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.data) if self.span is None else self.span.size


@dataclass(frozen=True)
class Answer:
    """What goes back.

    Attributes
    ----------
    status
        Of HTTP.
    fields
        Their names in small letters; the security ones are not among them.
    pieces
        The body, in order.
    content
        What spans of it are of; it is closed when all is sent.
    """

    status: int
    fields: Fields = field(default_factory=dict)
    pieces: Sequence[Piece] = ()
    content: Content | None = None

    @property
    def size_bytes(self) -> int:
        """Length of the body."""
        return sum(piece.size for piece in self.pieces)

    def head(self) -> Iterator[tuple[bytes, bytes]]:
        """Give all fields as they are sent."""
        every = {"date": format_datetime(dt.datetime.now(dt.UTC), usegmt=True), **SECURITY, **self.fields}
        if self.status not in {204, 304}:
            every["content-length"] = str(self.size_bytes)
        for name, value in every.items():
            yield name.encode("ascii"), value.encode("latin-1")


def plain(status: int, **fields: str) -> Answer:
    """Answer with a plain word and nothing else; ``retry_after`` gives ``retry-after``."""
    given = {name.replace("_", "-"): value for name, value in fields.items()}
    told = _REASONS.get(status, "")
    own = {"content-type": PLAIN} if told else {}
    return Answer(status, {**own, "cache-control": "no-store", **given}, (Piece(told.encode()),))


@dataclass(frozen=True)
class Thing:
    """What a path leads to, opened.

    Attributes
    ----------
    content, media_type, validators
        Its bytes, their type, and what tells them from others.
    fields
        More fields of every answer about it: how long it may be kept, who may read it.
    """

    content: Content
    media_type: str
    validators: Validators
    fields: Fields = field(default_factory=dict)


def answer(thing: Thing, method: str, asked: Fields, at: dt.datetime) -> Answer:
    """Say what of a thing is given.

    Parameters
    ----------
    thing
        What the path leads to.
    method
        GET or HEAD; a range counts for GET only (RFC 9110, 14.2).
    asked
        The fields of the request.
    at
        The present time, UTC.
    """
    known = {"etag": thing.validators.etag, **thing.fields}
    if thing.validators.modified <= at:
        known["last-modified"] = thing.validators.last_modified
    status = unmet(asked, thing.validators)
    if status is not None:
        thing.content.close()
        if status == NOT_MODIFIED:
            return Answer(status, known)
        return plain(status, etag=thing.validators.etag)
    size = thing.content.size_bytes
    known |= {"accept-ranges": "bytes", "content-type": thing.media_type}
    spans = None
    if method == "GET" and "range" in asked and part_is_of(asked.get("if-range"), thing.validators, at):
        try:
            spans = read_ranges(asked["range"], size)
        except UnsatisfiableError:
            thing.content.close()
            return plain(416, content_range=f"bytes */{size}", accept_ranges="bytes", **_shared(thing.fields))
    if spans is None:
        return Answer(200, known, (Piece(span=Span(0, size)),) if size else (), thing.content)
    if len(spans) == 1:
        known["content-range"] = spans[0].content_range(size)
        return Answer(206, known, (Piece(span=spans[0]),), thing.content)
    boundary = secrets.token_hex(16)
    known["content-type"] = f"multipart/byteranges; boundary={boundary}"
    return Answer(206, known, tuple(_parts(spans, size, thing.media_type, boundary)), thing.content)


def _shared(fields: Fields) -> dict[str, str]:
    """The fields that let other sites' players read an answer."""
    return {name: value for name, value in fields.items() if name.startswith("access-control-")}


def _parts(spans: Sequence[Span], size: int, media_type: str, boundary: str) -> Iterator[Piece]:
    """Lay out several spans (RFC 9110, 14.6)."""
    before = ""
    for span in spans:
        head = f"Content-Type: {media_type}\r\nContent-Range: {span.content_range(size)}\r\n\r\n"
        yield Piece(f"{before}--{boundary}\r\n{head}".encode("latin-1"))
        yield Piece(span=span)
        before = "\r\n"
    yield Piece(f"\r\n--{boundary}--\r\n".encode("latin-1"))
