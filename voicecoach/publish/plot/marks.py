"""Marks on letters, drawn by hand where a font has the letter only without its mark."""

from __future__ import annotations

from typing import Any

MARKS = frozenset("\u0300\u0301\u0302\u0303\u0308\u030a\u030c\u0327")
"""The marks that can be drawn, as Unicode's combining characters."""


def draw_mark(pen: Any, mark: str, over: tuple[float, float, float], em: float, ink: str) -> None:
    """Draw a mark on a letter.

    Parameters
    ----------
    pen
        Draws lines and ellipses, as Pillow's ``ImageDraw`` does.
    mark
        One of `MARKS`; any other is left out.
    over
        The middle of the letter, the line that it stands on, and its upper edge, in pixels.
    em
        Size of the letters in pixels.
    ink
        Their colour.
    """
    x, y, top = over
    top -= em * 0.08
    wide, u = max(1, round(em * 0.09)), em * 0.12
    match mark:
        case "\u0308":  # two dots
            for shift in (-u, u):
                pen.ellipse((x + shift - wide * 0.7, top - wide * 1.4, x + shift + wide * 0.7, top), ink)
        case "\u0301":
            pen.line([(x - u * 0.4, top), (x + u, top - u * 1.2)], ink, wide)
        case "\u0300":
            pen.line([(x + u * 0.4, top), (x - u, top - u * 1.2)], ink, wide)
        case "\u0302":
            pen.line([(x - u, top), (x, top - u), (x + u, top)], ink, wide)
        case "\u030c":
            pen.line([(x - u, top - u), (x, top), (x + u, top - u)], ink, wide)
        case "\u0303":
            wave = [(x - u * 1.5, top), (x - u * 0.6, top - u * 0.7), (x + u * 0.6, top), (x + u * 1.5, top - u * 0.7)]
            pen.line(wave, ink, wide)
        case "\u030a":
            pen.ellipse((x - u, top - u * 1.8, x + u, top), outline=ink, width=wide)
        case "\u0327":
            pen.line([(x, y), (x + u * 0.5, y + u), (x - u * 0.5, y + u * 1.4)], ink, wide)
        case _:
            pass
