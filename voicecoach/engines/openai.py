"""The openai engine: any server with OpenAI's speech API (``POST {base}/audio/speech``), hosted or one's own.

Set by variables of the environment, and by nothing else: ``VOICECOACH_OPENAI_URL`` (or ``OPENAI_BASE_URL``) where the
server is, ``VOICECOACH_OPENAI_KEY`` (or ``OPENAI_API_KEY``) its key, ``VOICECOACH_OPENAI_MODEL`` the model,
``VOICECOACH_OPENAI_TIMEOUT`` the seconds that it may be silent. The key goes into the request's header and nowhere
else: not into messages, logs, cache or files, nor over an open network without TLS, nor after a redirect to another
place. A voice is ``NAME``, or ``NAME@MODEL``.

The API: OpenAI's reference, "Create speech" (model, input of at most 4,096 characters, voice, response_format, speed).
"""

from __future__ import annotations

import ipaddress
import json
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from voicecoach.engines.base import Capabilities, Speech, SpeechRequest, VoiceInfo
from voicecoach.engines.checks import check_request, check_sound, shown
from voicecoach.engines.speech_http import Caller, Refused, read_wav
from voicecoach.errors import EngineError, SpeechError, VoiceUnknownError
from voicecoach.model.diagnostic import did_you_mean

_REVISION = 1
_HOSTED_URL = "https://api.openai.com/v1"
_HOSTED_MODEL = "gpt-4o-mini-tts"
_HOSTED_VOICES = (
    *("alloy", "ash", "ballad", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer", "verse"),
    *("marin", "cedar"),
)
_MOST_CHARS = 4096
_LIST_TIMEOUT_S = 5.0
_TIMEOUT_S = 60.0
_AT_A_TIME = 4
_ANY_LANGUAGE = "mul"
_GUESSED = "a usual name; this server tells none"


@dataclass(frozen=True)
class Server:
    """Where speech is asked for.

    Attributes
    ----------
    url
        Without a slash at its end.
    key
        Its key, or None. It never appears in a text that is made of a server.
    model
        The model, where a voice names none.
    timeout_s
        How long one answer may take.
    """

    url: str
    key: str | None
    model: str
    timeout_s: float = _TIMEOUT_S

    @property
    def is_local(self) -> bool:
        """It is on this machine or in a private network, where nobody pays for a request."""
        host = (urlsplit(self.url).hostname or "").lower()
        if host == "localhost" or host.endswith((".localhost", ".local", ".lan", ".internal")):
            return True
        try:
            return not ipaddress.ip_address(host).is_global
        except ValueError:
            return "." not in host

    def __repr__(self) -> str:
        return f"Server({self.url})"

    @classmethod
    def of_environment(cls) -> Server:
        """Read where the server is, its key and its model.

        Raises
        ------
        EngineError
            The address is none, or the key would go over an open network without TLS.
        """
        url = (_set("VOICECOACH_OPENAI_URL", "OPENAI_BASE_URL") or _HOSTED_URL).rstrip("/")
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
            hint = "write it as in VOICECOACH_OPENAI_URL=http://127.0.0.1:8880/v1"
            raise EngineError("the address of the speech server is none", hint=hint)
        seconds = _set("VOICECOACH_OPENAI_TIMEOUT")
        try:
            timeout_s = _TIMEOUT_S if seconds is None else float(seconds)
        except ValueError as error:
            raise EngineError("VOICECOACH_OPENAI_TIMEOUT is no number of seconds", hint="write 60") from error
        key = _set("VOICECOACH_OPENAI_KEY", "OPENAI_API_KEY")
        server = cls(url, key, _set("VOICECOACH_OPENAI_MODEL") or _HOSTED_MODEL, timeout_s)
        if key is not None and parts.scheme == "http" and not server.is_local:
            raise EngineError("the key would go over an open network", hint="use an address that begins with https://")
        return server


class OpenaiEngine:
    """A server that speaks.

    Notes
    -----
    Whether it says the same twice nobody knows, so its clips are kept by content. Speed is handed to the server as it
    is; models that ignore it speak at their own pace.
    """

    name = "openai"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: Server | None = None
        self._listed = lru_cache(maxsize=1)(self._list)
        self._closed = threading.Event()

    @property
    def capabilities(self) -> Capabilities:
        """Speed, and it may cost money unless the server is one's own."""
        try:
            paid = not self._at().is_local
        except EngineError:
            paid = True
        return Capabilities(
            speed=True, marks=False, repeatable=False, max_chars=_MOST_CHARS, parallel=_AT_A_TIME, paid=paid
        )

    def voices(self) -> Sequence[VoiceInfo]:
        """List the voices: those that OpenAI tells of, or what one's own server answers at ``/audio/voices``.

        Raises
        ------
        EngineError
            There is no key for the hosted service, or the server does not answer.
        """
        return self._listed()

    def default_voice(self, language: str) -> str | None:
        """Name a voice of the language where the server tells languages, else its first one."""
        base = language.lower().partition("-")[0]
        listed = self.voices()
        fitting = (one.name for one in listed if one.language.partition("-")[0] == base)
        anything = (one.name for one in listed if one.language == _ANY_LANGUAGE)
        return next(fitting, None) or next(anything, None)

    def fingerprint(self, voice: str) -> str:
        """Name our revision, the server's address, the model and the voice; a server does not tell more."""
        server = self._at()
        name, model = self._named(voice)
        return f"openai/{_REVISION}/{server.url}/{model}/{name}"

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one text; float32, shape (frames, channels), at the server's rate.

        Raises
        ------
        VoiceUnknownError
            The server has no such voice.
        EngineError
            The server cannot be reached, or refuses the key.
        SpeechError
            It failed again and again, or what it sent is no speech.
        """
        server = self._at()
        check_request(request, self.capabilities)
        name, model = self._named(request.voice)
        asked = {
            "model": model,
            "input": request.text,
            "voice": name,
            "response_format": "wav",
            "speed": request.speed,
        }
        caller = Caller(server.key, server.timeout_s, self._closed)
        try:
            answer = caller.post(f"{server.url}/audio/speech", asked, shown(request.text))
        except Refused as refusal:
            raise _of(refusal, server, request.text) from refusal
        speech = read_wav(answer, request.text)
        check_sound(speech.samples, speech.rate_hz, request.text)
        return speech

    def close(self) -> None:
        """Stop waiting for a server that asked to be tried later."""
        self._closed.set()

    def _at(self) -> Server:
        with self._lock:
            if self._server is None:
                self._server = Server.of_environment()
            return self._server

    def _named(self, voice: str) -> tuple[str, str]:
        """Part a voice into its name and its model.

        Raises
        ------
        VoiceUnknownError
            The server lists its voices, and this is none of them.
        """
        name, _, model = voice.partition("@")
        listed = self.voices()
        known = [one.name for one in listed]
        if name not in known and not any(one.description == _GUESSED for one in listed):
            hint = did_you_mean(name, known) or f"there are {', '.join(known[:8])}"
            raise VoiceUnknownError(f"openai has no voice {name!r}", hint=hint)
        return name, model or self._at().model

    def _list(self) -> tuple[VoiceInfo, ...]:
        server = self._at()
        if server.url == _HOSTED_URL:
            if server.key is None:
                hint = "set OPENAI_API_KEY, or VOICECOACH_OPENAI_URL to a server of your own"
                raise EngineError("openai needs a key", hint=hint)
            return tuple(VoiceInfo(name, _ANY_LANGUAGE, "OpenAI") for name in _HOSTED_VOICES)
        caller = Caller(server.key, min(_LIST_TIMEOUT_S, server.timeout_s), self._closed, tries=2)
        try:
            answer = caller.get(f"{server.url}/audio/voices")
        except Refused as refusal:
            if refusal.status in {401, 403}:
                raise _of(refusal, server, "") from refusal
            return tuple(VoiceInfo(name, _ANY_LANGUAGE, _GUESSED) for name in _HOSTED_VOICES)
        return tuple(_voices_in(answer.body))


def _set(*names: str) -> str | None:
    return next((value for name in names if (value := os.environ.get(name, "").strip())), None)


def _voices_in(body: bytes) -> list[VoiceInfo]:
    """Read a server's list: names, or maps with a name or id and perhaps a language; whatever else is left out."""
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    listed = told.get("voices", told.get("data", [])) if isinstance(told, dict) else told
    found = []
    for one in listed if isinstance(listed, list) else []:
        values = one if isinstance(one, dict) else {"name": one}
        name = next((values[key] for key in ("voice_id", "id", "name") if isinstance(values.get(key), str)), "")
        language = values.get("language")
        if name and "@" not in name:
            tag = language.lower().replace("_", "-") if isinstance(language, str) and language else _ANY_LANGUAGE
            found.append(VoiceInfo(name, tag, str(values.get("description") or "")))
    return found or [VoiceInfo(name, _ANY_LANGUAGE, _GUESSED) for name in _HOSTED_VOICES]


def _of(refusal: Refused, server: Server, text: str) -> EngineError:
    """Make the fault of a refusal."""
    host = urlsplit(server.url).netloc
    if refusal.status in {401, 403}:
        hint = "look at OPENAI_API_KEY (or VOICECOACH_OPENAI_KEY)"
        return EngineError(f"{host} refuses the key ({refusal.status}): {refusal.message}", hint=hint)
    about = f" for {shown(text)}" if text else ""
    return SpeechError(f"{host} refuses{about} ({refusal.status}): {refusal.message}", passing=False)
