"""Scene → SVG: one file that shows itself light or dark as its viewer likes it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from html import escape

from voicecoach.publish.plot.paints import PAINTS
from voicecoach.publish.plot.scene import Anchor, Disc, Drawn, Mark, Panel, Point, Rect, Scene, Shape, Strokes, Text

FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"


def svg(scene: Scene) -> str:
    """Return the picture as an SVG file."""
    wide, tall = number(scene.width), number(scene.height)
    box = f'width="{wide}" height="{tall}" viewBox="0 0 {wide} {tall}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-labelledby="title desc">',
        f'<title id="title">{escape(scene.title)}</title>',
        f'<desc id="desc">{escape(scene.text)}</desc>',
        f"<style>{style(scene.paints())}</style>",
        '<rect class="f-paper" width="100%" height="100%"/>',
    ]
    top = 0.0
    for panel in scene.panels:
        lines.append(f'<g transform="translate(0 {number(top)})">')
        lines += drawn(panel)
        lines.append("</g>")
        top += panel.height
    return "\n".join([*lines, "</svg>", ""])


def style(paints: Iterable[str]) -> str:
    """Return the rules for the paints, in the light and in the dark."""
    names = list(paints)
    light = "".join(_rule(name, PAINTS[name].light) for name in names)
    dark = "".join(_rule(name, PAINTS[name].dark) for name in names)
    rest = f"text{{font-family:{FONTS}}}.m:focus{{outline:none}}"
    return f"{rest}{light}@media screen and (prefers-color-scheme:dark){{{dark}}}"


def drawn(panel: Panel) -> Iterator[str]:
    """Return the elements of a panel, a line each."""
    for item in panel.items:
        if isinstance(item, Mark):
            inside = "".join(map(_element, item.shapes))
            yield f'<g class="m {item.kind}" data-at="{item.at}"><title>{escape(item.tip)}</title>{inside}</g>'
        else:
            yield _element(item)


def number(value: float) -> str:
    """Write a number with two decimals at most, the same on every machine."""
    hundredths = math.floor(value * 100 + 0.5)
    whole, part = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}{f'.{part:02}'.rstrip('0') if part else ''}"


def _rule(name: str, colour: str) -> str:
    return f".f-{name}{{fill:{colour}}}.s-{name}{{fill:none;stroke:{colour}}}"


def _element(shape: Drawn) -> str:
    match shape:
        case Rect():
            place = f'x="{number(shape.x)}" y="{number(shape.y)}"'
            size = f'width="{number(shape.width)}" height="{number(shape.height)}"'
            corners = f' rx="{number(shape.radius)}"' if shape.radius else ""
            return f'<rect class="f-{shape.paint}" {place} {size}{corners}/>'
        case Disc():
            place = f'cx="{number(shape.x)}" cy="{number(shape.y)}"'
            return f'<circle class="f-{shape.paint}" {place} r="{number(shape.radius)}"/>'
        case Shape():
            return f'<path class="f-{shape.paint}" d="{_path(shape.points)}Z"/>'
        case Strokes():
            wide = f' stroke-width="{number(shape.width)}"' if shape.width != 1 else ""
            dashes = ' stroke-dasharray="4 3"' if shape.dashed else ""
            path = "".join(map(_path, shape.lines))
            return f'<path class="s-{shape.paint}" d="{path}"{wide}{dashes}/>'
        case Text():
            return _text(shape)


def _text(text: Text) -> str:
    anchor = f' text-anchor="{text.anchor}"' if text.anchor is not Anchor.START else ""
    bold = ' font-weight="600"' if text.bold else ""
    place = f'x="{number(text.x)}" y="{number(text.y)}" font-size="{number(text.size)}"'
    return f'<text class="f-{text.paint}" {place}{anchor}{bold}>{escape(text.text)}</text>'


def _path(points: tuple[Point, ...]) -> str:
    first, *others = points
    moves = "".join(f"L{number(x)} {number(y)}" for x, y in others)
    return f"M{number(first[0])} {number(first[1])}{moves}"
