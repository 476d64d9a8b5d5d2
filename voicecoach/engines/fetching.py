"""Asking a server for a file, or for the rest of one: one answer, and what can go wrong told in words."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from voicecoach import __version__
from voicecoach.errors import DownloadError

TIMEOUT_S = 30.0
STATUS_GONE_ON = 206
"""The server sends the rest only."""
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOST_WAIT_S = 30.0
_OFFLINE = "is there a network? without one, fetch the files elsewhere and give them with --from FILE"


class BrokenOffError(Exception):
    """The server or the network failed.

    Parameters
    ----------
    message, hint
        For people.
    passing
        It is worth another try.
    after_s
        How long the server asks to wait first; 0 where it does not.
    """

    def __init__(self, message: str, *, hint: str | None = None, passing: bool = True, after_s: float = 0.0) -> None:
        super().__init__(message)
        self.message, self.hint, self.passing, self.after_s = message, hint, passing, after_s


class TooFarError(BrokenOffError):
    """The server has less of the file than what is here."""


@dataclass(frozen=True)
class Answer:
    """What a server sends.

    Attributes
    ----------
    status
        200 for all of it, 206 for the rest.
    start
        Where what it sends begins.
    total
        How large the whole file is, or None where it does not say.
    tag
        What it calls this version (a strong ETag, or its date), or empty.
    """

    status: int
    start: int
    total: int | None
    tag: str
    body: Any

    def read(self, count: int) -> bytes:
        """Read up to so many bytes; none at the end. Raises `BrokenOffError` where the connection breaks."""
        with _told():
            return bytes(self.body.read(count))


@contextmanager
def ask(url: str, start: int = 0, tag: str = "", timeout_s: float = TIMEOUT_S) -> Iterator[Answer]:
    """Ask for a file from a byte on.

    Parameters
    ----------
    url
        ``https:``, ``http:`` or ``file:``.
    start
        The first byte that is wanted.
    tag
        What the server called the version whose rest is wanted: of another one it sends the whole.
    timeout_s
        How long it may be silent.

    Raises
    ------
    BrokenOffError
        There is no answer, or one that says no.
    """
    headers = {"User-Agent": f"voicecoach/{__version__}", "Accept-Encoding": "identity"}
    is_file = url.startswith("file:")
    if start and not is_file:
        headers["Range"] = f"bytes={start}-"
        if tag:
            headers["If-Range"] = tag
    if urllib.parse.urlsplit(url).scheme not in {"http", "https", "file"}:
        raise BrokenOffError(f"'{shown_url(url)}' is no address that can be fetched", passing=False)
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the schemes are those three
    with _told():
        response = urllib.request.build_opener(_Redirects).open(request, timeout=timeout_s)
    with response:
        yield _answer(response)


def shown_url(url: str) -> str:
    """Give an address as it may be shown: without a name and password, and without a query."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "file":
        return urllib.request.url2pathname(parts.path)
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a server to another place, but never from https to where anyone could change what comes."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        scheme = urllib.parse.urlsplit(newurl).scheme
        if scheme not in {"http", "https"} or (req.type == "https" and scheme != "https"):
            message = f"the server leads from https to {scheme}, which is not followed"
            raise BrokenOffError(message, passing=False)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _answer(response: Any) -> Answer:
    headers = response.headers
    status = response.status or 200
    length = headers.get("Content-Length", "")
    total = int(length) if length.isdecimal() else None
    begins = 0
    if status == STATUS_GONE_ON:
        match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", headers.get("Content-Range", "").strip())
        begins = int(match[1]) if match else -1
        total = int(match[3]) if match and match[3] != "*" else None
    tag = headers.get("ETag", "").strip()
    if not tag or tag.startswith("W/"):  # a weak one may not be asked with
        tag = headers.get("Last-Modified", "").strip()
    return Answer(status, begins, total, tag, response)


@contextmanager
def _told() -> Iterator[None]:
    """Tell what went wrong with a connection."""
    try:
        yield
    except BrokenOffError:
        raise
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(error) from error
    except urllib.error.URLError as error:
        reason = error.reason if isinstance(error.reason, BaseException) else error
        raise _unreachable(reason) from error
    except http.client.HTTPException as error:
        raise BrokenOffError("the server closed the connection, or answers with what is no HTTP") from error
    except OSError as error:
        raise _unreachable(error) from error
    except ValueError as error:
        raise BrokenOffError(f"the address cannot be asked for: {error}", passing=False) from error


def _refused(error: urllib.error.HTTPError) -> BrokenOffError:
    code, words = error.code, http.client.responses.get(error.code, "")
    if code == 416:
        return TooFarError("the server has less of it than what is here")
    hint = None
    if code in {404, 410}:
        hint = "it is not there any more; 'voicecoach voices list --installable' reads the list anew"
    elif code in {401, 403, 407}:
        hint = "the server, or a proxy between, does not let you"
    wait = error.headers.get("Retry-After", "") if error.headers is not None else ""
    after_s = min(float(wait), _MOST_WAIT_S) if wait.isdecimal() else 0.0
    return BrokenOffError(
        f"the server answers {code} {words}".strip(), hint=hint, passing=code in _PASSING, after_s=after_s
    )


def _unreachable(reason: BaseException) -> BrokenOffError:
    if isinstance(reason, BrokenOffError):
        return reason
    if isinstance(reason, socket.gaierror):
        return BrokenOffError("there is no way to the server: its name is not known here", hint=_OFFLINE, passing=False)
    if isinstance(reason, ssl.SSLCertVerificationError):
        why = reason.verify_message or "it cannot be checked"
        return BrokenOffError(f"the server's certificate is not trusted: {why}", passing=False)
    if isinstance(reason, TimeoutError):
        return BrokenOffError("the server is silent")
    if isinstance(reason, FileNotFoundError):
        return BrokenOffError("there is no such file", passing=False)
    if isinstance(reason, ConnectionRefusedError):
        return BrokenOffError("nobody answers there: connection refused", hint=_OFFLINE, passing=False)
    if isinstance(reason, ConnectionError):
        return BrokenOffError("the connection broke")
    text = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return BrokenOffError(f"there is no connection: {text}", hint=_OFFLINE)


def fetch_text(url: str, most_bytes: int, timeout_s: float) -> bytes:
    """Fetch a small file into memory.

    Raises
    ------
    DownloadError
        It cannot be had, or is larger than that.
    """
    try:
        return _text(url, most_bytes, timeout_s)
    except BrokenOffError as fault:
        raise DownloadError(f"{shown_url(url)} cannot be fetched: {fault.message}", hint=fault.hint) from fault


def _text(url: str, most_bytes: int, timeout_s: float) -> bytes:
    blocks, size = [], 0
    with ask(url, timeout_s=timeout_s) as answer:
        while block := answer.read(65_536):
            blocks.append(block)
            size += len(block)
            if size > most_bytes:
                raise BrokenOffError("it is too large to be a list of voices", passing=False)
        if answer.total is not None and size != answer.total:
            raise BrokenOffError("the server closed the connection")
    return b"".join(blocks)
