"""Asking a speech server over HTTP: time-outs, another try where that may help, and nothing believed that came."""

from __future__ import annotations

import http.client
import io
import json
import random
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import IO

import numpy as np

from voicecoach.engines.base import Speech
from voicecoach.engines.checks import shown
from voicecoach.errors import EngineError, SpeechError

TRIES = 5
FIRST_WAIT_S, MOST_WAIT_S = 0.5, 30.0
MOST_BYTES = 256 * 1024 * 1024
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_TOLD_LETTERS = 300
_UNKNOWN_SIZE = 0xFFFFFFFF
_BLOCK_BYTES = 1 << 16


class Refused(Exception):  # noqa: N818 - the server works; its answer is no
    """The server answers with a status that another try does not mend; the message is its own, the key taken out."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class _TryAgain(Exception):  # noqa: N818 - it becomes a fault of ours when the tries are spent
    def __init__(self, cause: str, wait_s: float | None = None) -> None:
        super().__init__(cause)
        self.wait_s = wait_s


@dataclass(frozen=True)
class Answer:
    """What a server sent: the type that it says it is, and the bytes."""

    media_type: str
    body: bytes


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key to another place."""

    def redirect_request(self, *_: object) -> None:
        return None


class Caller:
    """Sends requests, and sends them again where the server is busy or failed.

    Parameters
    ----------
    key
        Sent as a bearer token; taken out of whatever a server answers.
    timeout_s
        How long the server may be silent.
    closed
        Set where nobody waits for the answer any more.
    tries
        How often a request is sent at the most.
    """

    def __init__(self, key: str | None, timeout_s: float, closed: threading.Event, *, tries: int = TRIES) -> None:
        self._key = key
        self._timeout_s = timeout_s
        self._closed = closed
        self._tries = tries
        self._opener = urllib.request.build_opener(_NoRedirect)

    def post(self, url: str, values: Mapping[str, object], what: str) -> Answer:
        """Send JSON and return the answer.

        Raises
        ------
        Refused
            The server says no.
        SpeechError
            It failed each time; the message has the last cause.
        """
        return self._again(url, json.dumps(values).encode(), what)

    def get(self, url: str) -> Answer:
        """Ask for something and return the answer; raises as `post`."""
        return self._again(url, None, "")

    def _again(self, url: str, body: bytes | None, what: str) -> Answer:
        host = urllib.request.Request(url).host  # noqa: S310 - http and https alone come here
        for attempt in range(1, self._tries + 1):
            try:
                return self._once(url, body)
            except _TryAgain as fault:
                about = f" for {what}" if what else ""
                if attempt == self._tries:
                    message = f"{host} gave no speech{about}: {fault} ({attempt} tries)"
                    hint = "try again later, or name another voice behind it"
                    raise SpeechError(message, hint=hint, passing=False) from fault
                # Back off twice as long each time, with chance in it, so that many who wait do not come back at once.
                usual_s = min(MOST_WAIT_S, FIRST_WAIT_S * 2 ** (attempt - 1)) * random.uniform(0.75, 1.25)
                if self._closed.wait(usual_s if fault.wait_s is None else min(fault.wait_s, MOST_WAIT_S)):
                    raise EngineError("the engine is closed") from fault
        raise AssertionError

    def _once(self, url: str, body: bytes | None) -> Answer:
        headers = {"Accept": "*/*", "User-Agent": "voicecoach"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(url, body, headers)  # noqa: S310
        if self._key:
            request.add_unredirected_header("Authorization", f"Bearer {self._key}")
        try:
            with self._opener.open(request, timeout=self._timeout_s) as answer:
                return Answer(answer.headers.get_content_type(), _whole(answer))
        except urllib.error.HTTPError as fault:
            with fault:
                told = self._told(fault)
            if fault.code in _AGAIN:
                raise _TryAgain(f"{fault.code} {told}", _wait_s(fault.headers.get("Retry-After"))) from None
            raise Refused(fault.code, told) from None
        except http.client.IncompleteRead:
            raise _TryAgain("the answer broke off") from None
        except TimeoutError:
            raise _TryAgain(f"no answer within {self._timeout_s:g} s") from None
        except (OSError, http.client.HTTPException) as fault:
            reason = getattr(fault, "reason", fault)
            late = isinstance(reason, TimeoutError)
            raise _TryAgain(f"no answer within {self._timeout_s:g} s" if late else f"{reason}") from None

    def _told(self, fault: urllib.error.HTTPError) -> str:
        """Return a server's own words, in one line, without the key."""
        try:
            raw = fault.read(1 << 16)
        except (OSError, http.client.HTTPException):
            raw = b""
        text = raw.decode("utf-8", "replace")
        try:
            told = json.loads(text)
            error = told.get("error", told.get("detail", told.get("message", text)))
            text = error.get("message", text) if isinstance(error, dict) else str(error)
        except (ValueError, AttributeError):
            pass
        text = " ".join(str(text).split()) or str(fault.reason)
        text = text.replace(self._key, "…") if self._key else text
        return "".join(sign for sign in text if sign.isprintable())[:_TOLD_LETTERS]


def _whole(answer: IO[bytes]) -> bytes:
    found, size = [], 0
    while block := answer.read(_BLOCK_BYTES):
        found.append(block)
        size += len(block)
        if size > MOST_BYTES:
            raise Refused(200, f"it sends more than {MOST_BYTES:,} bytes")
    length = getattr(answer, "length", None)
    if length:  # what http.client still waited for
        raise _TryAgain("the answer broke off")
    return b"".join(found)


def _wait_s(text: str | None) -> float | None:
    """Read ``Retry-After``: seconds, or a date."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text)
    import datetime as dt

    try:
        return max(0.0, (parsedate_to_datetime(text) - dt.datetime.now(dt.UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def read_wav(answer: Answer, text: str) -> Speech:
    """Decode what a server sent as speech.

    Streaming servers write 0xFFFFFFFF as the size of a WAV, since they do not know it yet; another size must be true.

    Raises
    ------
    SpeechError
        It is no sound, or broken off.
    """
    import soundfile  # 80 ms

    body = answer.body
    if body[:4] == b"RIFF" and len(body) >= 12:
        stated = int.from_bytes(body[4:8], "little") + 8
        if stated - 8 not in {0, _UNKNOWN_SIZE} and stated > len(body) and stated - 8 < _UNKNOWN_SIZE - (1 << 16):
            raise SpeechError(f"the sound for {shown(text)} broke off: {len(body)} of {stated} bytes", passing=True)
    try:
        samples, rate_hz = soundfile.read(io.BytesIO(body), dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError) as error:
        start = body[:60].decode("utf-8", "replace")
        told = "".join(sign for sign in start if sign.isprintable())
        what = f"{answer.media_type}, beginning with '{told}'" if body else "nothing"
        raise SpeechError(f"the server sent no sound for {shown(text)}, but {what}") from error
    return Speech(np.ascontiguousarray(samples), int(rate_hz))
