"""The system engine: the voices that Windows (SAPI5) and macOS bring, through pyttsx3; on Linux only espeak-ng again.

pyttsx3 lives in child processes (`system_child`). What it gives is checked against the text, and asked again where it
cannot be the text.
"""

from __future__ import annotations

import io
import math
import platform
import re
import sys
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from voicecoach.engines.base import Capabilities, Speech, SpeechRequest, VoiceInfo
from voicecoach.engines.checks import check_request, check_sound, shown
from voicecoach.engines.child import ChildFault, ChildPool, ChildRefusal
from voicecoach.engines.espeak_files import EspeakFiles, find_espeak, short_data_path
from voicecoach.errors import EngineError, SpeechError, VoiceUnknownError
from voicecoach.model.diagnostic import did_you_mean

_REVISION = 1
_TIMEOUT_S = 20.0
_TIMEOUT_PER_CHARACTER_S = 0.02
_RECYCLE_AFTER = 500
_ATTEMPTS = 3
_COACH_WPM = 145
_ESPEAK_WPM = 115
_INSTEAD = "the embedded voice needs nothing of the system: espeak"

# pyttsx3's sapi5 driver: Rate = int(log(rate / 156.63, 1.11)), a whole step from -10 to 10.
_SAPI_BASE, _SAPI_STEP = 156.63, 1.11

_QUICKEST_S = 0.02
"""A letter or digit takes longer at speed 1. Measured with espeak-ng: 0.05 to 0.1 s; Latin letters only are counted."""
_LONGEST_S, _SLOWEST_S = 5.0, 2.0
"""A text of n characters takes less than 5 + 2n seconds at speed 1 ("W" takes 0.6 s, "%" 0.7 s)."""


@dataclass(frozen=True)
class _Known:
    info: VoiceInfo
    identifier: str


@dataclass(frozen=True)
class _Opened:
    pool: ChildPool
    base: Mapping[str, str]
    voices: Mapping[str, _Known]
    version: str


class SystemEngine:
    """The operating system's own voices.

    Voices are named by their display name (``microsoft-zira-desktop``, ``samantha``), on Linux by their file
    (``en-us``).

    Notes
    -----
    Speed 1 aims at 145 real words a minute: on Linux it is the rate of 115 that gives 145 with espeak-ng 1.52
    (measured), on macOS the rate of 145 (Apple gives rates in words a minute), on Windows the whole step nearest to it
    by pyttsx3's own scale, -1 (141 words a minute). SAPI5's steps are 11 % apart. On Linux espeak-ng speaks no slower
    than at speed 0.78.
    """

    name = "system"
    capabilities = Capabilities(speed=True, marks=False, repeatable=False, max_chars=4000)  # 18,000 crash pyttsx3

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: _Opened | None = None

    def voices(self) -> Sequence[VoiceInfo]:
        """List the voices in the system's order."""
        return tuple(known.info for known in self._open().voices.values())

    def default_voice(self, language: str) -> str | None:
        """Name the first voice of just that language, else of its base language (American English first)."""
        infos = self.voices()
        tag = language.lower().replace("_", "-")
        base = tag.partition("-")[0]
        preferred = [tag, *(["en-us", "en-gb"] if base == "en" else []), base]
        for wanted in preferred:
            if found := next((info.name for info in infos if info.language == wanted), None):
                return found
        return next((info.name for info in infos if info.language.partition("-")[0] == base), None)

    def fingerprint(self, voice: str) -> str:
        """Name our revision, pyttsx3's version, the system's version and the voice's identifier."""
        opened = self._open()
        return f"system/{_REVISION}/{opened.version}/{_find(opened, voice).identifier}"

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one text; float32, shape (frames, channels), at the voice's own rate.

        Raises
        ------
        VoiceUnknownError
            There is no such voice.
        SpeechError
            What came out cannot be the text, or the child failed again and again.
        """
        opened = self._open()
        known = _find(opened, request.voice)
        check_request(request, self.capabilities)
        for attempt in range(1, _ATTEMPTS + 1):
            body = _ask(opened, known.identifier, request)
            try:
                speech = _read(body, request.text)
                check_sound(speech.samples, speech.rate_hz, request.text)
                check_length(speech, request)
            except SpeechError:
                if attempt == _ATTEMPTS:
                    raise
            else:
                return speech
        raise AssertionError

    def close(self) -> None:
        """End the children and remove the temporary folder."""
        with self._lock:
            if self._held is not None:
                self._held.pool.close()

    def _open(self) -> _Opened:
        with self._lock:
            if self._held is None:
                self._held = _opened()
            return self._held


def _opened() -> _Opened:
    pool = ChildPool("voicecoach.engines.system_child", timeout_s=_TIMEOUT_S, recycle_after=_RECYCLE_AFTER)
    try:
        files = find_espeak() if sys.platform.startswith("linux") else None
        base = _base(files, Path(pool.folder))
        try:
            reply = pool.ask({"do": "voices", **base})
        except (ChildRefusal, ChildFault) as error:
            raise EngineError(f"the system's voices cannot be used: {error}", hint=_INSTEAD) from error
        voices = name_voices(reply.header["voices"], sys.platform)
        return _Opened(pool, base, voices, _version(files))
    except BaseException:
        pool.close()
        raise


def _base(files: EspeakFiles | None, folder: Path) -> dict[str, str]:
    """Return what every request carries: on Linux, where espeak-ng is."""
    if files is None:
        return {}
    return {"library": str(files.library), "data": str(short_data_path(files.data, folder))}


def _version(files: EspeakFiles | None) -> str:
    from importlib.metadata import version  # not needed by `--help`

    below = f"espeakng-loader {files.version}" if files else f"{platform.system()} {platform.version()}"
    return f"pyttsx3 {version('pyttsx3')}/{below}"


def name_voices(listed: Sequence[Any], system: str) -> dict[str, _Known]:
    """Give each of the system's voices a name that can be typed, unique and always the same for the same list.

    Parameters
    ----------
    listed
        The voices as pyttsx3 tells them: identifier, display name, languages.
    system
        `sys.platform`: identifiers are registry keys on Windows and bundle names on macOS, files elsewhere.

    Returns
    -------
    dict
        By name; where short names collide, the longer form, then a number.
    """
    by_display = system in {"win32", "darwin"}
    forms: list[Callable[[str, str], str]] = (
        [lambda _, display: _slug(display.partition(" - ")[0]), lambda _, display: _slug(display)]
        if by_display
        else [lambda identifier, _: _slug(identifier.rpartition("/")[2]), lambda identifier, _: _slug(identifier)]
    )
    counts = [Counter(form(identifier, display) for identifier, display, _ in listed) for form in forms]
    known: dict[str, _Known] = {}
    for identifier, display, languages in listed:
        candidates = [form(identifier, display) for form in forms]
        free = (name for name, count in zip(candidates, counts, strict=True) if count[name] == 1 and name not in known)
        name = next(free, None) or _numbered(candidates[-1], known)
        known[name] = _Known(VoiceInfo(name, _language(languages), display), identifier)
    return known


def _slug(text: str) -> str:
    return re.sub(r"[^\w]+|_", "-", text.lower()).strip("-") or "voice"


def _numbered(name: str, known: Mapping[str, object]) -> str:
    number = 2
    while f"{name}-{number}" in known:
        number += 1
    return f"{name}-{number}" if name in known else name


def _language(languages: Sequence[str]) -> str:
    """Return the first language as a tag: ``en_US`` and ``en-US`` are ``en-us``; ``und`` where it is none."""
    tags = (language.strip().replace("_", "-").lower() for language in languages)
    return next((tag for tag in tags if re.fullmatch(r"[a-z]{2,8}(-[a-z0-9]+)*", tag)), "und")


def _find(opened: _Opened, voice: str) -> _Known:
    if voice not in opened.voices:
        hint = did_you_mean(voice, opened.voices) or f"this system has {', '.join(list(opened.voices)[:5])} …"
        raise VoiceUnknownError(f"system has no voice {voice!r}", hint=hint)
    return opened.voices[voice]


def _ask(opened: _Opened, identifier: str, request: SpeechRequest) -> bytes:
    question = {
        "do": "speak",
        "text": _plain(request.text),
        "voice": identifier,
        "rate": rate_for(request.speed, sys.platform),
        **opened.base,
    }
    timeout_s = _TIMEOUT_S + _TIMEOUT_PER_CHARACTER_S * len(request.text)
    try:
        return opened.pool.ask(question, timeout_s=timeout_s).body
    except ChildRefusal as refusal:
        raise EngineError(f"the system cannot speak {shown(request.text)}: {refusal}") from refusal
    except ChildFault as fault:
        raise SpeechError(f"the system cannot speak {shown(request.text)}: {fault}") from fault


def rate_for(speed: float, system: str) -> float:
    """Return pyttsx3's rate ("words a minute", meaning another thing on every platform) for a speed."""
    if system == "win32":
        step = round(math.log(_COACH_WPM * speed / _SAPI_BASE, _SAPI_STEP))
        return float(_SAPI_BASE * _SAPI_STEP ** (step + math.copysign(0.01, step)))  # the driver cuts towards zero
    return round((_COACH_WPM if system == "darwin" else _ESPEAK_WPM) * speed)


def _plain(text: str) -> str:
    """Replace what the platforms' engines might obey: control characters, and SAPI5's and Apple's markup."""
    text = "".join(" " if unicodedata.category(character) in {"Cc", "Cs"} else character for character in text)
    return text.replace("<", " ").replace("[[", " ").replace("]]", " ")


def _read(body: bytes, text: str) -> Speech:
    """Decode WAV or AIFF, whatever the file was called."""
    import soundfile  # 80 ms

    try:
        samples, rate_hz = soundfile.read(io.BytesIO(body), dtype="float32", always_2d=True)
    except soundfile.SoundFileError as error:
        raise SpeechError(f"the system gave no sound for {shown(text)}: {error}") from error
    return Speech(np.ascontiguousarray(samples), int(rate_hz))


def check_length(speech: Speech, request: SpeechRequest) -> None:
    """Refuse sound that is far too short or too long for the text: pyttsx3 loses cues and mixes them up.

    Raises
    ------
    SpeechError
        The length is outside a range that no voice leaves (a third to ten times the usual).
    """
    length_s = len(speech.samples) / speech.rate_hz * request.speed
    letters = len(re.findall("[A-Za-z0-9]", request.text))
    if not _QUICKEST_S * letters <= length_s <= _LONGEST_S + _SLOWEST_S * len(request.text):
        raise SpeechError(
            f"the system gave {len(speech.samples) / speech.rate_hz:.2f} s of sound, which cannot be "
            f"{shown(request.text)}"
        )
