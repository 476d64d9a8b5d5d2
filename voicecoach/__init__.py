"""voicecoach turns a YAML routine into an MP3 that coaches a person whose eyes and hands are busy.

The whole of it is one straight line (`pipeline.build`)::

    morning.yaml ─parse→ Routine ─check→ Diagnostics ─expand→ CueScript ─speak→ {Utterance: Clip}
                 ─place→ Timeline ─mix→ Master ─encode→ Session (one .mp3)

Use it from Python::

    from pathlib import Path
    from voicecoach import Cache, EngineShelf, Library, Workshop, build, read_source

    source, faults = read_source(Path("morning.yaml"))
    with EngineShelf() as engines:
        shop = Workshop(Library(), engines, Cache(Path("cache"), 10**9))
        outcome = build(source, "morning", Path("morning.mp3"), shop)

The names below are loaded when they are first used, so that ``import voicecoach`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "Cache": "voicecoach.cache",
    "Diagnostic": "voicecoach.model.diagnostic",
    "EngineShelf": "voicecoach.engines.registry",
    "Library": "voicecoach.library",
    "Options": "voicecoach.config",
    "Outcome": "voicecoach.model.session",
    "Session": "voicecoach.model.session",
    "Timeline": "voicecoach.model.timeline",
    "VoicecoachError": "voicecoach.errors",
    "Workshop": "voicecoach.pipeline",
    "build": "voicecoach.pipeline",
    "plan": "voicecoach.pipeline",
    "read_source": "voicecoach.source.nodes",
}

__all__ = sorted(["__version__", *_HOMES])  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'voicecoach' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)
