"""The child of the system engine: pyttsx3, the door to SAPI5 on Windows, to the voices of macOS, on Linux to espeak-ng.

pyttsx3 loses cues, hangs and crashes in ways that only a process of its own contains. One file for each
``runAndWait``, never the next before the last has ended.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from pathlib import Path
from typing import Any

from voicecoach.engines.child_side import Message, Refusal, serve

_POLL_S = 0.002
_BROKEN_OFF = "it was broken off"
_SETTLE_S = 0.01
"""espeak changes its voice in a thread; pyttsx3 takes that for speech and breaks the next cue off: 9 of 100 without."""
_AGAIN_S = (0.05, 0.5)
"""Where it was broken off all the same, as on a busy machine: by then the voice has changed, so the same once more."""


class _BrokenOffError(RuntimeError):
    """The driver ended an utterance before its time."""


class _Speaker:
    """pyttsx3, started at the first request."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self._engine: Any = None
        self._set: dict[str, object] = {}
        self._ended: list[str] = []
        self._count = 0

    def handle(self, request: dict[str, Any]) -> Message:
        """Answer ``voices`` and ``speak``."""
        if self._engine is None:
            self._start(request)
        return {"voices": self._voices, "speak": self._speak}[request["do"]](request)

    def _start(self, request: dict[str, Any]) -> None:
        if request.get("library"):  # Linux: pyttsx3 asks for libespeak-ng.so.1 and then gets the one that is loaded
            os.environ["ESPEAK_DATA_PATH"] = request["data"]  # without, espeak-ng ends the process
            try:
                ctypes.CDLL(request["library"])
            except OSError as error:
                raise Refusal(f"espeak-ng's library does not load: {error}", kind="engine") from error
        try:
            import pyttsx3  # it loads its library when imported

            self._engine = pyttsx3.init()
        except Exception as error:  # the drivers raise whatever their platform raises
            raise Refusal(f"pyttsx3 does not start: {type(error).__name__}: {error}", kind="engine") from error
        self._engine.connect("finished-utterance", self._on_end)
        self._engine.connect("error", self._on_error)
        self._engine.runAndWait()  # the first of a process returns at once, whatever there is to say: let it be empty

    def _on_end(self, name: str | None, completed: bool) -> None:  # noqa: ARG002, FBT001 - pyttsx3's signature
        self._ended.append("" if completed else _BROKEN_OFF)

    def _on_error(self, name: str | None, exception: Exception) -> None:  # noqa: ARG002 - pyttsx3's signature
        self._ended.append(f"{type(exception).__name__}: {exception}")

    def _voices(self, _request: dict[str, Any]) -> Message:
        """List the voices: identifier, display name, languages as text."""
        voices = [
            [voice.id, voice.name or voice.id, [_text(language) for language in _listed(voice.languages)]]
            for voice in self._engine.getProperty("voices")
        ]
        if not voices:
            raise Refusal("the system has no voices", kind="engine")
        return {"voices": voices}, b""

    def _speak(self, request: dict[str, Any]) -> Message:
        """Speak one text into a file of its own; the reply's body is that file, in whatever format it is."""
        for name in ("voice", "rate"):
            if self._set.get(name) != request[name]:
                self._engine.setProperty(name, request[name])
                self._set[name] = request[name]
                time.sleep(_SETTLE_S)
        for pause_s in _AGAIN_S:
            try:
                return {}, self._spoken(request["text"])
            except _BrokenOffError:
                time.sleep(pause_s)
        return {}, self._spoken(request["text"])

    def _spoken(self, text: str) -> bytes:
        self._count += 1
        path = self._folder / f"{os.getpid()}-{self._count}.wav"
        try:
            path.touch()  # a driver that cannot write says nothing, and espeak's never ends
        except OSError as error:
            raise Refusal(f"the temporary folder cannot be written: {error}", kind="engine") from error
        self._ended.clear()
        self._engine.save_to_file(text, str(path))
        self._engine.runAndWait()
        self._wait()
        if not path.exists() or not path.stat().st_size:
            raise RuntimeError("no file was written")  # a failure, not a refusal: a fresh child may do better
        body = path.read_bytes()
        path.unlink()
        return body

    def _wait(self) -> None:
        """Wait for the end of the utterance; if there is none, the parent's time-out ends this process.

        The SAPI5 driver has spoken the file before it returns, and tells of no end.
        """
        while not self._ended and sys.platform != "win32":
            time.sleep(_POLL_S)
        if _BROKEN_OFF in self._ended:
            raise _BrokenOffError(_BROKEN_OFF)
        if any(self._ended):
            raise RuntimeError(next(filter(None, self._ended)))


def _listed(languages: object) -> list[object]:
    return list(languages) if isinstance(languages, (list, tuple)) else [languages]


def _text(language: object) -> str:
    if isinstance(language, bytes):  # espeak's own form: a byte of priority, then the tag
        return language.lstrip(bytes(range(32))).decode("ascii", "replace")
    return "" if language is None else str(language)


def main(arguments: list[str]) -> None:
    """Answer requests: ``voices`` and ``speak``."""
    serve(_Speaker(arguments[1]).handle, arguments[1])


if __name__ == "__main__":
    main(sys.argv)
