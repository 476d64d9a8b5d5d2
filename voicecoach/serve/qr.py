"""An address as a QR code: in a terminal, and as a picture on the page."""

from __future__ import annotations

import io

QUIET_MODULES = 2
"""Light modules around it. The standard asks four; phones read two, and a terminal is small."""

_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_LIGHT_ON_DARK, _AS_BEFORE = "\x1b[97;40m", "\x1b[0m"


def qr_lines(url: str, *, colour: bool) -> tuple[str, ...]:
    """Draw it with half blocks, two rows of modules a line.

    Parameters
    ----------
    url
        What it says.
    colour
        Set white on black for its lines; else its light modules are drawn in the terminal's own colour.
    """
    rows = [[not dark for dark in row] for row in _modules(url)]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    pairs = zip(rows[::2], rows[1::2], strict=True)
    lines = ("".join(_HALVES[upper, lower] for upper, lower in zip(*pair, strict=True)) for pair in pairs)
    return tuple(f"{_LIGHT_ON_DARK}{line}{_AS_BEFORE}" if colour else line for line in lines)


def qr_svg(url: str) -> bytes:
    """Draw it as an SVG file, dark on light with the quiet zone that the standard asks for."""
    import segno

    out = io.BytesIO()
    made = segno.make(url, error="m", micro=False)
    made.save(out, kind="svg", border=4, light="#fff", dark="#000", xmldecl=False, svgns=True, omitsize=True, nl=False)
    return out.getvalue()


def _modules(url: str) -> list[list[bool]]:
    """Return its modules with the quiet zone; True is dark."""
    import segno

    made = segno.make(url, error="l", micro=False)
    return [[bool(module) for module in row] for row in made.matrix_iter(border=QUIET_MODULES)]
