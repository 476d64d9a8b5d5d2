"""The colours, by what they are for, in the light and in the dark.

The kinds of work differ in lightness as well as in hue, so that they stay apart for eyes that see no red, no green
or no blue, and on a grey printer. Text on a colour has its own paint, with a contrast of at least 4.5 : 1 (WCAG 2.2,
AA).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from voicecoach.model.cuescript import SpanKind


@dataclass(frozen=True)
class Paint:
    """One colour by day and one by night, as ``#rrggbb``."""

    light: str
    dark: str


_INK, _INK_AT_NIGHT, _WHITE = "#1c2126", "#eceff2", "#ffffff"

PAINTS = MappingProxyType(
    {
        "paper": Paint(_WHITE, "#15181c"),
        "ink": Paint(_INK, _INK_AT_NIGHT),
        "soft": Paint("#59626c", "#a7b0ba"),
        "grid": Paint("#e3e6ea", "#2b3036"),
        "axis": Paint("#9aa3ad", "#6a737d"),
        "lane": Paint("#f4f6f8", "#1c2025"),
        "hold": Paint("#173f7a", "#3b76c4"),
        "reps": Paint("#f0a02c", "#e09a2f"),
        "time": Paint("#1b7f63", "#1f8468"),
        "cycles": Paint("#b0478c", "#b04f9a"),
        "breathe": Paint("#7fc6ee", "#7cc1e8"),
        "rest": Paint("#f7ecb0", "#5e562b"),
        "talk": Paint("#e4e0f1", "#373350"),
        "set-up": Paint("#dcdfe3", "#3a4149"),
        "change": Paint("#c3c8ce", "#525b65"),
        "on-deep": Paint(_WHITE, _WHITE),
        "on-bright": Paint(_INK, "#101316"),
        "on-pale": Paint(_INK, _INK_AT_NIGHT),
        "wave-deep": Paint("#cfe0f5", "#dbe8f8"),
        "wave-bright": Paint("#1c2126", "#101316"),
        "voice": Paint("#c3dcca", "#305a42"),
        "voice-hill": Paint("#6f9a7c", "#6b9b7b"),
        "body": Paint("#e6ebe9", "#262d2c"),
        "body-line": Paint("#4c6a62", "#8fb0a6"),
        "left": Paint("#ffffff", "#ffffff"),
        "right": Paint("#1c2126", "#0b0d0f"),
        "badge-line": Paint("#1c2126", "#eceff2"),
        "music": Paint("#cdb7e0", "#574470"),
        "warn": Paint("#b3261e", "#ff8a80"),
    }
)
"""All paints. ``left`` and ``right`` are a badge's ground."""

DEEP, BRIGHT, PALE = "on-deep", "on-bright", "on-pale"

FILLS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        SpanKind.OPENING: ("talk", PALE),
        SpanKind.SAY: ("talk", PALE),
        SpanKind.SOUND: ("talk", PALE),
        SpanKind.CLOSING: ("talk", PALE),
        SpanKind.SET_UP: ("set-up", PALE),
        SpanKind.RELEASE: ("set-up", PALE),
        SpanKind.CHANGE_SIDES: ("change", PALE),
        SpanKind.HOLD: ("hold", DEEP),
        SpanKind.REPS: ("reps", BRIGHT),
        SpanKind.TIME: ("time", DEEP),
        SpanKind.CYCLES: ("cycles", DEEP),
        SpanKind.BREATHE: ("breathe", BRIGHT),
        SpanKind.REST: ("rest", PALE),
    }
)
"""The fill of each kind of span, and the paint of text on it."""

_OTHER = ("talk", PALE)


def fill_of(kind: str) -> str:
    """Return the paint of a kind of span; one that a newer version made looks like talk."""
    return FILLS.get(kind, _OTHER)[0]


def ink_on(kind: str) -> str:
    """Return the paint of text on a kind of span."""
    return FILLS.get(kind, _OTHER)[1]
