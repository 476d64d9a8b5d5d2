"""Which engines there are, and which voice is meant: the entry points of the group ``voicecoach.engines``.

Our own engines come through the same door as strangers'; none is imported before it is asked for.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points
from types import TracebackType
from typing import Self

from voicecoach.engines.base import Engine, VoiceInfo
from voicecoach.errors import EngineError, VoiceUnknownError
from voicecoach.model.clip import Voice
from voicecoach.model.diagnostic import did_you_mean

GROUP = "voicecoach.engines"

AUTOMATIC = frozenset({"auto", "default"})
"""What is written for no voice in particular."""
_SYSTEM, _EMBEDDED = "system", "espeak"


class EngineShelf:
    """Engines in use: each opened once, when first asked for, and closed with the shelf.

    Parameters
    ----------
    jobs
        How many threads are going to speak at a time; by default one for each processor. An engine starts no more
        processes than threads call it.

    Examples
    --------
    >>> with EngineShelf() as shelf:
    ...     shelf.get("fake").default_voice("de-AT")
    'fake-de'
    """

    def __init__(self, jobs: int | None = None) -> None:
        self.jobs = jobs or os.cpu_count() or 1
        self._lock = threading.Lock()
        self._engines: dict[str, Engine] = {}

    def get(self, name: str) -> Engine:
        """Return the engine of that name; raises as `load` does."""
        with self._lock:
            if name not in self._engines:
                self._engines[name] = load(name)
            return self._engines[name]

    def close(self) -> None:
        """Close every engine, the others too where one fails to."""
        with self._lock:
            engines = tuple(self._engines.values())
            self._engines.clear()
        faults = []
        for engine in engines:
            try:
                engine.close()
            except Exception as error:  # noqa: BLE001 - a stranger's engine; the rest must be closed
                faults.append(error)
        if faults:
            raise EngineError(f"an engine did not close: {faults[0]}") from faults[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self.close()
        except EngineError:
            if error is None:  # else the first fault is the one to tell
                raise


def alternatives(spec: str) -> tuple[str, ...]:
    """Part voices that are written with commas between: the first one that can be used is meant."""
    return tuple(dict.fromkeys(one.strip() for one in spec.split(",") if one.strip()))


def names() -> tuple[str, ...]:
    """Return the names of the installed engines, sorted, without importing any."""
    return tuple(sorted(_found()))


def load(name: str) -> Engine:
    """Make the engine of that name.

    Raises
    ------
    VoiceUnknownError
        There is no such engine.
    EngineError
        It cannot be imported or made, or is none.
    """
    found = _found()
    if name not in found:
        raise VoiceUnknownError(f"there is no speech engine {name!r}", hint=_engine_hint(name, tuple(sorted(found))))
    try:
        engine = found[name].load()()
    except EngineError:
        raise
    except Exception as error:  # a stranger's code
        cause = f"{type(error).__name__}: {error}"
        message = f"the speech engine {name!r} cannot be loaded: {cause}"
        raise EngineError(message, hint=_reinstall(found[name])) from error
    if not isinstance(engine, Engine):
        raise EngineError(f"the speech engine {name!r} ({found[name].value}) lacks a part of the Engine protocol")
    return engine


def find_voice(spec: str, language: str, engines: EngineShelf, platform: str = sys.platform) -> Voice:
    """Find the voice that is meant.

    Parameters
    ----------
    spec
        ``auto`` or ``default``, ``ENGINE``, or ``ENGINE:VOICE``.
    language
        The language to speak, for the choice of a voice where none is named: ``en``, ``de-at``.
    engines
        Where engines are taken from.
    platform
        `sys.platform`: ``auto`` is the system's own voices on Windows and macOS where they can be used, and
        espeak everywhere else.

    Raises
    ------
    VoiceUnknownError
        There is no such engine or voice; the hint names the nearest.
    EngineError
        The engine cannot be used here.
    """
    if spec.strip().lower() in AUTOMATIC:
        return _automatic(language, engines, platform)
    engine_name, colon, voice_name = (part.strip() for part in spec.partition(":"))
    engine_name = engine_name.lower()
    if not colon and engine_name not in names():
        raise VoiceUnknownError(f"there is no speech engine {spec!r}", hint=_bare_word_hint(spec.strip(), engines))
    engine = engines.get(engine_name)
    if not voice_name:
        return _default(engine_name, engine, language)
    return _named(engine_name, engine, voice_name, language)


def _found() -> dict[str, EntryPoint]:
    """Return the entry points by name; our own win over strangers' of the same name."""
    ours = f"{GROUP}."
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda p: p.value.startswith(ours))}


def _automatic(language: str, engines: EngineShelf, platform: str) -> Voice:
    if platform in {"darwin", "win32"}:
        try:
            return _default(_SYSTEM, engines.get(_SYSTEM), language)
        except EngineError:  # no voices, or none for the language: the embedded engine is always there
            pass
    return _default(_EMBEDDED, engines.get(_EMBEDDED), language)


def _default(engine_name: str, engine: Engine, language: str) -> Voice:
    name = engine.default_voice(language)
    if name is None:
        raise VoiceUnknownError(
            f"{engine_name} has no voice for the language {language!r}", hint=f"name one: {engine_name}:VOICE"
        )
    return Voice(engine_name, name, _language_of(name, engine.voices(), language))


def _named(engine_name: str, engine: Engine, name: str, language: str) -> Voice:
    """Find a voice by its name; what an engine takes beyond its list (variants) its fingerprint must know."""
    listed = engine.voices()
    exact = {voice.name: voice.name for voice in listed}
    name = exact.get(name) or {known.casefold(): known for known in exact}.get(name.casefold(), name)
    if name not in exact:
        engine.fingerprint(name)
    return Voice(engine_name, name, _language_of(name, listed, language))


def _language_of(name: str, listed: Sequence[VoiceInfo], otherwise: str) -> str:
    """Return a voice's language; a variant (``en-us+f3``) has that of the voice that its name begins with."""
    languages = {voice.name: voice.language for voice in listed}
    stem = re.split(r"[+:@/]", name)[0]
    return languages.get(name) or languages.get(stem) or otherwise.lower()


def _engine_hint(name: str, known: Sequence[str]) -> str:
    if not known:
        return "voicecoach is not installed in this Python: pip install voicecoach (in a checkout: pip install -e .)"
    return did_you_mean(name, known) or f"there are {', '.join(known)}"


def _bare_word_hint(word: str, engines: EngineShelf) -> str:
    """Say what a word without a colon may have meant: an engine, or the voice of one."""
    known = names()
    for name in sorted(known, key=lambda name: name != _EMBEDDED):  # ours first: it opens quickest
        try:
            voice = next((v.name for v in engines.get(name).voices() if v.name.casefold() == word.casefold()), None)
        except EngineError:
            continue
        if voice is not None:
            return f"write {name}:{voice}"
    return _engine_hint(word, known)


def _reinstall(point: EntryPoint) -> str | None:
    return f"reinstall or remove {point.dist.name}" if point.dist is not None else None
