"""How wide a text is, and how to make it fit, without a font at hand.

Which font a viewer has is not known; the widths here are those of a wide one (DejaVu Sans), so that what fits here fits
in Arial, Helvetica or Segoe UI too.
"""

from __future__ import annotations

import unicodedata

_NARROW = frozenset("iljI|!.,:;'`·‘’ ")
_SLIM = frozenset('ftr()[]{}/\\-"“”„¡°')
_WIDE = frozenset("mwMWQO@%—…")
_EM_NARROW, _EM_SLIM, _EM_USUAL, _EM_CAPITAL, _EM_WIDE, _EM_FULL = 0.32, 0.41, 0.61, 0.69, 0.92, 1.1
_BOLD = 1.1
_FORBIDDEN = frozenset({"Cc", "Cs", "Cn"})
"""Kinds of characters: controls, halves of pairs, and those that are none."""
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They change the direction of what follows."""
_LEFTWARD = frozenset({"R", "AL"})
_LEAST_LETTERS = 3


def clean(text: str) -> str:
    """Put a text on one line, without what XML forbids or what would turn the words of others round."""
    kept = "".join(
        " " if unicodedata.category(letter) in _FORBIDDEN or letter in _TURNING else letter for letter in text
    )
    return " ".join(kept.split())


def is_leftward(text: str) -> bool:
    """Tell whether a text is read from right to left: its first letter with a direction says so."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind in _LEFTWARD for kind in kinds if kind == "L" or kind in _LEFTWARD), False)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a text, rather too wide than too narrow."""
    ems = sum(map(_ems, text))
    return ems * size * (_BOLD if bold else 1)


def fitted(text: str, size: float, room: float, *, bold: bool = False, whole_words: bool = False) -> str:
    """Return the text, or as much of it as there is room for and an ellipsis; or nothing.

    Parameters
    ----------
    text, size, bold
        What to write, and how.
    room
        Width that there is.
    whole_words
        Part of a word is no good.
    """
    if width(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width(f"{kept}…", size, bold=bold) > room:
        kept = kept[:-1]
    if text[len(kept) :][:1] != " ":
        words = kept.rpartition(" ")[0]
        kept = words if whole_words or len(words) > len(kept) / 2 else kept
    kept = kept.rstrip(" ,.;:–-")
    return f"{kept}…" if len(kept) >= _LEAST_LETTERS else ""


def first_that_fits(texts: tuple[str, ...], size: float, room: float, *, bold: bool = False) -> str:
    """Return the first of the texts that there is room for, or nothing."""
    return next((text for text in texts if width(text, size, bold=bold) <= room), "")


def _ems(letter: str) -> float:
    if letter in _NARROW:
        return _EM_NARROW
    if letter in _SLIM:
        return _EM_SLIM
    if letter in _WIDE:
        return _EM_WIDE
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return _EM_FULL
    return _EM_CAPITAL if letter.isupper() else _EM_USUAL
