"""Which fonts pictures are lettered in, and what stands for letters that a font does not have."""

from __future__ import annotations

from enum import Enum


class Font(Enum):
    """Where letters come from.

    Attributes
    ----------
    OWN
        Pillow's own font: everywhere the same, with English letters; the marks on others are drawn by us.
    SYSTEM
        The first of `FONTS` that there is, else as ``OWN``.
    """

    OWN = "own"
    SYSTEM = "system"


FONTS = (
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    ("arial.ttf", "arialbd.ttf"),
    ("Arial.ttf", "Arial Bold.ttf"),
    ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    ("segoeui.ttf", "segoeuib.ttf"),
)
"""Looked for by name where the system keeps its fonts, plain and bold; the first that there is, is taken. Where
there is none, Pillow's own font is (it has English letters only; the marks on others are drawn by us)."""

PLAIN = {
    "–": "-",
    "—": "-",
    "×": "x",
    "≈": "~",
    "„": '"',
    "½": "1/2",
    "¼": "1/4",
    "¾": "3/4",
    "ß": "ss",
    "ø": "o",
    "Ø": "O",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ı": "i",
    "…": "...",
    "“": '"',
    "”": '"',
    "’": "'",
    "·": "-",
}
"""What stands for letters that a font does not have."""

TURNED = {"¿": "?", "¡": "!"}
"""Letters that are another one upside down."""
