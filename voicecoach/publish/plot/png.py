"""Scene → PNG, by Pillow: the only door to it.

Shapes are drawn at twice the size and brought down, so that their edges are smooth; text is drawn at the final size,
where letters are sharpest.
"""

from __future__ import annotations

import io
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from voicecoach.publish.plot.paints import PAINTS
from voicecoach.publish.plot.scene import Anchor, Disc, Drawn, Panel, Rect, Scene, Shape, Strokes, Text

SCALE = 2
"""Pixels for each unit of the scene."""
SMOOTHING = 2
"""Pixels drawn for each pixel kept, along x and along y."""
DASH, SPACE = 4.0, 3.0

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
_Font = ImageFont.FreeTypeFont


class _Face(NamedTuple):
    """A font at one size; ``missing`` is what it draws for a letter that it does not have."""

    font: _Font
    missing: bytes
    heavy: bool

    def has(self, letter: str) -> bool:
        return letter.isspace() or bytes(self.font.getmask(letter)) != self.missing


def png(scene: Scene, *, embedded_font: bool = False) -> bytes:
    """Return the picture as a PNG file, in the light colours.

    Parameters
    ----------
    scene
        What to draw.
    embedded_font
        Take Pillow's own font, as on a machine without fonts.

    Returns
    -------
    bytes
        `SCALE` pixels for each unit of the scene.
    """
    width = round(scene.width * SCALE)
    tops = [round(sum(panel.height for panel in scene.panels[:n]) * SCALE) for n in range(len(scene.panels) + 1)]
    image = Image.new("RGB", (width, tops[-1]), _colour("paper"))
    for panel, top, end in zip(scene.panels, tops, tops[1:], strict=False):
        image.paste(_panel(panel, (width, end - top)), (0, top))
    pen = ImageDraw.Draw(image)
    for panel, top in zip(scene.panels, tops, strict=False):
        for shape in panel.shapes():
            if isinstance(shape, Text):
                _write(pen, shape, top, embedded=embedded_font)
    about = PngImagePlugin.PngInfo()
    about.add_itxt("Title", scene.title)
    about.add_itxt("Description", scene.text)
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=about, optimize=True)
    return out.getvalue()


def _panel(panel: Panel, size: tuple[int, int]) -> Image.Image:
    """Draw the shapes of a panel, not its texts."""
    large = Image.new("RGB", (size[0] * SMOOTHING, size[1] * SMOOTHING), _colour("paper"))
    pen = ImageDraw.Draw(large)
    for shape in panel.shapes():
        _draw(pen, shape, SCALE * SMOOTHING)
    return large.reduce(SMOOTHING)


def _draw(pen: ImageDraw.ImageDraw, shape: Drawn, k: int) -> None:
    match shape:
        case Rect():
            left, top = shape.x * k, shape.y * k
            right, low = max(left, left + shape.width * k - 1), max(top, top + shape.height * k - 1)
            radius = min(shape.radius, shape.width / 2, shape.height / 2) * k
            pen.rounded_rectangle((left, top, right, low), radius, _colour(shape.paint))
        case Disc():
            x, y, r = shape.x * k, shape.y * k, shape.radius * k
            pen.ellipse((x - r, y - r, x + r - 1, y + r - 1), _colour(shape.paint))
        case Shape():
            pen.polygon([(x * k, y * k) for x, y in shape.points], _colour(shape.paint))
        case Strokes():
            for line in shape.lines:
                points = [(x * k, y * k) for x, y in line]
                for piece in _dashes(points, k) if shape.dashed else [points]:
                    pen.line(piece, _colour(shape.paint), max(1, round(shape.width * k)), joint="curve")
        case Text():
            pass


def _dashes(points: list[tuple[float, float]], k: int) -> list[list[tuple[float, float]]]:
    """Cut a line into dashes, beginning anew at each corner."""
    pieces = []
    for (x1, y1), (x2, y2) in pairwise(points):
        long = max(1e-9, ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5)
        at = 0.0
        while at < long:
            a, b = at / long, min(1.0, (at + DASH * k) / long)
            pieces.append([(x1 + (x2 - x1) * a, y1 + (y2 - y1) * a), (x1 + (x2 - x1) * b, y1 + (y2 - y1) * b)])
            at += (DASH + SPACE) * k
    return pieces


def _write(pen: ImageDraw.ImageDraw, text: Text, top: int, *, embedded: bool) -> None:
    face = _face(text.size * SCALE, text.bold, embedded)
    letters = _plain(text.text, face)
    wide = face.font.getlength(letters)
    x = text.x * SCALE - {Anchor.START: 0.0, Anchor.MIDDLE: wide / 2, Anchor.END: wide}[text.anchor]
    y, ink = text.y * SCALE + top, _colour(text.paint)
    heavy = 0.4 if face.heavy else 0.0
    if all(map(face.has, letters)):
        pen.text((x, y), letters, ink, face.font, anchor="ls", stroke_width=heavy)
        return
    for letter in letters:
        if letter in TURNED and not face.has(letter):
            x += _turned(pen, TURNED[letter], (x, y), face, ink)
            continue
        base, *accents = list(unicodedata.normalize("NFD", letter))
        pen.text((x, y), base, ink, face.font, anchor="ls", stroke_width=heavy)
        for accent in accents if not face.has(letter) else ():
            _accent(pen, accent, (x + face.font.getlength(base) / 2, y, base), face, ink)
        x += face.font.getlength(base)


def _turned(pen: ImageDraw.ImageDraw, letter: str, at: tuple[float, float], face: _Face, ink: str) -> float:
    """Draw a letter upside down, hanging as far below the line as it stood above; return its width."""
    left, top, right, low = (round(edge) for edge in face.font.getbbox(letter, anchor="ls"))
    glyph = Image.new("L", (right - left, low - top))
    ImageDraw.Draw(glyph).text((-left, -top), letter, 255, face.font, anchor="ls")
    pen.bitmap((round(at[0]) + left, round(at[1] + top * 0.72)), glyph.transpose(Image.Transpose.ROTATE_180), ink)
    return face.font.getlength(letter)


def _accent(pen: ImageDraw.ImageDraw, accent: str, over: tuple[float, float, str], face: _Face, ink: str) -> None:
    """Draw the mark of a letter that the font has only without it."""
    x, y, base = over
    em = float(face.font.size)
    top = y + face.font.getbbox(base, anchor="ls")[1] - em * 0.08
    wide, u = max(1, round(em * 0.09)), em * 0.12
    match accent:
        case "\u0308":  # two dots
            for shift in (-u, u):
                pen.ellipse((x + shift - wide * 0.7, top - wide * 1.4, x + shift + wide * 0.7, top), ink)
        case "\u0301":
            pen.line([(x - u * 0.4, top), (x + u, top - u * 1.2)], ink, wide)
        case "\u0300":
            pen.line([(x + u * 0.4, top), (x - u, top - u * 1.2)], ink, wide)
        case "\u0302":
            pen.line([(x - u, top), (x, top - u), (x + u, top)], ink, wide)
        case "\u0303":
            wave = [(x - u * 1.5, top), (x - u * 0.6, top - u * 0.7), (x + u * 0.6, top), (x + u * 1.5, top - u * 0.7)]
            pen.line(wave, ink, wide)
        case "\u030a":
            pen.ellipse((x - u, top - u * 1.8, x + u, top), outline=ink, width=wide)
        case "\u0327":
            pen.line([(x, y), (x + u * 0.5, y + u), (x - u * 0.5, y + u * 1.4)], ink, wide)
        case _:
            pass


def _plain(text: str, face: _Face) -> str:
    """Replace what the font cannot draw by what people would write instead."""
    return "".join(
        PLAIN.get(letter, letter) if not face.has(letter) and letter not in TURNED else letter for letter in text
    )


@lru_cache(maxsize=64)
def _face(size: float, bold: bool, embedded: bool) -> _Face:  # noqa: FBT001 - lru_cache keeps plain places
    for plain, strong in () if embedded else FONTS:
        try:
            font = ImageFont.truetype(strong if bold else plain, size)
        except OSError:
            continue
        return _Face(font, bytes(font.getmask("\uffff")), heavy=False)
    own = ImageFont.load_default(size)
    assert isinstance(own, ImageFont.FreeTypeFont), "Pillow without FreeType"
    return _Face(own, bytes(own.getmask("\uffff")), heavy=bold)


def _colour(paint: str) -> str:
    return PAINTS[paint].light
