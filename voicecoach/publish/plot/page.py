"""Scenes → one HTML page that needs nothing else: the picture for a desk and for a phone, and the session as text."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from voicecoach.model.timeline import Timeline
from voicecoach.publish.plot.layout import scene
from voicecoach.publish.plot.page_parts import SCRIPT, STYLE, TOOLS
from voicecoach.publish.plot.paints import PAINTS
from voicecoach.publish.plot.rows import NARROW, WIDE
from voicecoach.publish.plot.scene import Panel, Scene
from voicecoach.publish.plot.story import Story
from voicecoach.publish.plot.svg import drawn, number, style
from voicecoach.publish.plot.table import notes, table

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def page(timeline: Timeline) -> str:
    """Return the page."""
    wide, narrow = scene(timeline, WIDE), scene(timeline, NARROW)
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(wide.title)}</title>",
        f"<style>{_colours()}{style(sorted({*wide.paints(), *narrow.paints()}))}{STYLE}</style>",
        "</head>",
        "<body>",
        *_head(timeline, wide),
        TOOLS,
        '<main aria-label="The session as a picture">',
        f'<p class="unseen">{escape(wide.text)} The table below has every word.</p>',
        *_picture(wide, "wide"),
        *_picture(narrow, "narrow"),
        "</main>",
        '<p id="told" hidden></p>',
        '<details id="words"><summary>The session as a table, with every word</summary>',
        *table(timeline),
        "</details>",
        *notes(timeline),
        f"<script>{SCRIPT}</script>",
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(lines)


def _head(timeline: Timeline, wide: Scene) -> Iterator[str]:
    yield f"<header><h1>{escape(wide.title)}</h1><dl>"
    for what, much in Story(timeline).figures():
        yield f"<div><dt>{escape(what)}</dt><dd>{escape(much)}</dd></div>"
    yield "</dl></header>"


def _picture(picture: Scene, name: str) -> Iterator[str]:
    yield f'<div class="picture {name}"><div class="sheet">'
    for row in picture.rows:
        yield from _svg(row, picture.width, "row")
    yield from _svg(picture.key, picture.width, "key")
    yield "</div></div>"


def _svg(panel: Panel, width: float, name: str) -> Iterator[str]:
    box = f'viewBox="0 0 {number(width)} {number(panel.height)}"'
    yield f'<svg class="{name}" role="group" aria-label="{escape(panel.name)}" {box}>'
    yield from drawn(panel)
    yield "</svg>"


def _colours() -> str:
    """Name the colours that the page itself uses."""
    used = ("paper", "ink", "soft", "grid", "lane", "hold")
    light = "".join(f"--{name}:{PAINTS[name].light};" for name in used)
    dark = "".join(f"--{name}:{PAINTS[name].dark};" for name in used)
    return f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
