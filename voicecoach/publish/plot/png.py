"""Scene → PNG and JPEG, by Pillow: the only door to it.

Shapes are drawn at twice the size and brought down, so that their edges are smooth; text is drawn at the final size,
where letters are sharpest.
"""

from __future__ import annotations

import io
import math
import unicodedata
import warnings
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from PIL import ExifTags, Image, ImageDraw, ImageFile, ImageFont, ImageOps, JpegImagePlugin, PngImagePlugin, features

from voicecoach.errors import PictureError
from voicecoach.publish.plot.fonts import FONTS, PLAIN, TURNED, Font
from voicecoach.publish.plot.lettering import is_leftward
from voicecoach.publish.plot.marks import MARKS, draw_mark
from voicecoach.publish.plot.paints import PAINTS
from voicecoach.publish.plot.scene import Anchor, Disc, Drawn, Panel, Rect, Scene, Shape, Strokes, Text

SCALE = 2
"""Pixels for each unit of the scene."""
SMOOTHING = 2
"""Pixels drawn for each pixel kept, along x and along y."""
DASH, SPACE = 4.0, 3.0
BOLDER = 0.018
"""How much each edge of a letter is moved out where a font has no bold letters, in parts of its size."""
JPEG_QUALITIES = (90, 82, 72, 60, 45)
MOST_JPEG_BYTES = 200_000
"""Of a picture of at most 600 pixels a side; of a larger one as much more as its side is longer."""

_PNG = b"\x89PNG\r\n\x1a\n"
_LIGHT = {name: paint.light for name, paint in PAINTS.items()}
_Font = ImageFont.FreeTypeFont
# Of a damaged note of a camera nobody needs to know; what cannot be drawn is an error.
warnings.filterwarnings("ignore", module=r"PIL\.")
_SHAPES = features.check("raqm")
"""Letters that are read from right to left are put in order and joined; without the library for it they are wrong."""


class Kind(NamedTuple):
    """What somebody's picture is: ``JPEG`` or ``PNG``, its size in pixels, and how its colours are kept (``RGB``)."""

    form: str
    width: int
    height: int
    colours: str
    turned: bool


class _Press(NamedTuple):
    """How something is printed: pixels for each unit, the colour of each paint, and which font."""

    scale: float
    colours: Mapping[str, str]
    font: Font
    smoothing: int = SMOOTHING


class _Face(NamedTuple):
    """A font at one size; ``missing`` is what it draws for a letter that it does not have."""

    font: _Font
    missing: bytes
    heavy: bool

    def has(self, letter: str) -> bool:
        return letter.isspace() or _has(self, letter)


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
    press = _Press(SCALE, _LIGHT, Font.OWN if embedded_font else Font.SYSTEM)
    width = round(scene.width * SCALE)
    tops = [round(sum(panel.height for panel in scene.panels[:n]) * SCALE) for n in range(len(scene.panels) + 1)]
    image = Image.new("RGB", (width, tops[-1]), _LIGHT["paper"])
    for panel, top, end in zip(scene.panels, tops, tops[1:], strict=False):
        image.paste(_panel(panel, (width, end - top), press), (0, top))
    for panel, top in zip(scene.panels, tops, strict=False):
        _letter(image, panel, top, press)
    about = PngImagePlugin.PngInfo()
    about.add_itxt("Title", scene.title)
    about.add_itxt("Description", scene.text)
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=about, optimize=True)
    return out.getvalue()


def jpeg(panel: Panel, side_px: int, colours: Mapping[str, str], font: Font) -> bytes:
    """Return a square picture as a JPEG file.

    Parameters
    ----------
    panel
        What to draw, as wide as it is high.
    side_px
        Its size in pixels.
    colours
        The colour of each paint, ``paper`` among them, as ``#rrggbb``.
    font
        Which letters; see `font_for`.
    """
    press = _Press(side_px / panel.height, colours, font, smoothing=2 if side_px > 1000 else 3)
    image = _panel(panel, (side_px, side_px), press)
    _letter(image, panel, 0, press)
    return _as_jpeg(image)


def square_png(panel: Panel, side_px: int, colours: Mapping[str, str]) -> bytes:
    """Return a square picture without letters as a PNG file; see `jpeg`."""
    press = _Press(side_px / panel.height, colours, Font.OWN, smoothing=8 if side_px < 256 else 4)
    out = io.BytesIO()
    _panel(panel, (side_px, side_px), press).save(out, "PNG", optimize=True)
    return out.getvalue()


def squared(data: bytes, side_px: int, *, enlarged: bool = False) -> bytes:
    """Return somebody's picture as a square JPEG file of at most so many pixels a side, whole and upright.

    What is not square gets bars in the colours of its edges. Nothing that a camera noted of place and time is kept.

    Parameters
    ----------
    data
        A JPEG or PNG file.
    side_px
        Most pixels a side.
    enlarged
        A smaller picture is brought to that size, too.

    Raises
    ------
    PictureError
        It is no JPEG or PNG file, is damaged, or is absurdly large (89 million pixels, Pillow's own limit).
    """
    try:
        with _opened(data) as image:
            if image.width * image.height > (Image.MAX_IMAGE_PIXELS or math.inf):
                raise PictureError("it has too many pixels", hint="make it smaller; 1400 by 1400 pixels is plenty")
            image.draft("RGB", (2 * side_px, 2 * side_px))  # of a photograph no more is decoded than is needed
            picture = _opaque(ImageOps.exif_transpose(image))
    except (OSError, ValueError, SyntaxError, EOFError, Warning) as fault:
        raise PictureError("it is no JPEG or PNG file, or it is damaged", hint="save it anew as a JPEG") from fault
    side = side_px if enlarged else min(side_px, max(picture.size))
    small = ImageOps.contain(picture, (side, side), Image.Resampling.LANCZOS)
    square = Image.new("RGB", (side, side))
    left, top = (side - small.width) // 2, (side - small.height) // 2
    edge = (1, small.height) if left else (small.width, 1)
    for at, strip in (((0, 0), (0, 0)), ((side // 2, 0) if left else (0, side // 2), _far_edge(small, edge))):
        mean = small.crop((*strip, strip[0] + edge[0], strip[1] + edge[1])).resize((1, 1), Image.Resampling.BOX)
        square.paste(mean.resize((side, side)), at)
    square.paste(small, (left, top))
    return _as_jpeg(square)


def size_of(data: bytes) -> tuple[int, int]:
    """Return width and height in pixels of a JPEG or PNG file.

    Raises
    ------
    PictureError
        It is none.
    """
    kind = kind_of(data)
    return kind.width, kind.height


def kind_of(data: bytes) -> Kind:
    """Tell what a JPEG or PNG file is, by its head.

    Raises
    ------
    PictureError
        It is none.
    """
    try:
        with _opened(data) as image:
            turned = image.getexif().get(ExifTags.Base.Orientation, 1) != 1
            return Kind(image.format or "", *image.size, image.mode, turned)
    except (OSError, ValueError, SyntaxError, EOFError, Warning) as fault:
        raise PictureError("it is no JPEG or PNG file") from fault


def _opened(data: bytes) -> ImageFile.ImageFile:
    """Open a picture without `Image.open`, which warns of large ones: warnings are silenced for all threads at once."""
    source = io.BytesIO(data)
    return PngImagePlugin.PngImageFile(source) if data.startswith(_PNG) else JpegImagePlugin.JpegImageFile(source)


def font_for(text: str) -> Font | None:
    """Choose a font that has the letters of a text: Pillow's own before the system's, since it is everywhere the same.

    Where neither has them all, Pillow's own does with what `PLAIN` has for them; None: not even so.
    """
    own, system = (_face(100, bold=True, font=font) for font in (Font.OWN, Font.SYSTEM))
    if all(_drawn_by_us(letter, own) for letter in text):
        return Font.OWN
    if all(map(system.has, text)) and (_SHAPES or not any(map(is_leftward, text))):
        return Font.SYSTEM
    return Font.OWN if all(_drawn_by_us(letter, own) for letter in _plain(text, own)) else None


def text_width(text: str, size: float, font: Font, *, bold: bool = False) -> float:
    """Return the width of a text as it will be drawn, in the unit of its size."""
    face = _face(100, bold=bold, font=font)
    letters = _plain(text, face)
    if not all(map(face.has, letters)):
        letters = "".join(TURNED.get(letter, unicodedata.normalize("NFD", letter)[0]) for letter in letters)
    return (face.font.getlength(letters) + 200 * BOLDER * face.heavy) * size / 100


def _drawn_by_us(letter: str, face: _Face) -> bool:
    """Tell whether a letter is drawn as it should be, if need be of its parts."""
    if face.has(letter) or letter in TURNED or (letter in PLAIN and not letter.isalpha()):
        return True
    base, *marks = list(unicodedata.normalize("NFD", letter))
    return len(marks) == 1 and marks[0] in MARKS and face.has(base)


def _far_edge(picture: Image.Image, edge: tuple[int, int]) -> tuple[int, int]:
    return picture.width - edge[0], picture.height - edge[1]


def _opaque(picture: Image.Image) -> Image.Image:
    """Bring a picture to eight bits of red, green and blue; what can be seen through gets a white ground."""
    if picture.mode.startswith("I"):
        picture = Image.fromarray((np.asarray(picture) >> 8).clip(0, 255).astype(np.uint8))
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")


def most_jpeg_bytes(side_px: int) -> float:
    """Return how large the JPEG file of a picture may be."""
    return MOST_JPEG_BYTES * max(1.0, side_px / 600)


def _as_jpeg(image: Image.Image) -> bytes:
    """Save as well as its size allows."""
    most_bytes = most_jpeg_bytes(image.width)
    for quality in JPEG_QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, subsampling=0, optimize=True)
        if out.tell() <= most_bytes:
            break
    return out.getvalue()


def _panel(panel: Panel, size: tuple[int, int], press: _Press) -> Image.Image:
    """Draw the shapes of a panel, not its texts."""
    large = Image.new("RGB", (size[0] * press.smoothing, size[1] * press.smoothing), press.colours["paper"])
    pen = ImageDraw.Draw(large)
    for shape in panel.shapes():
        _draw(pen, shape, press)
    return large.reduce(press.smoothing)


def _draw(pen: ImageDraw.ImageDraw, shape: Drawn, press: _Press) -> None:
    k, colour = press.scale * press.smoothing, press.colours[shape.paint]
    match shape:
        case Rect():
            left, top = shape.x * k, shape.y * k
            right, low = max(left, left + shape.width * k - 1), max(top, top + shape.height * k - 1)
            radius = min(shape.radius, shape.width / 2, shape.height / 2) * k
            pen.rounded_rectangle((left, top, right, low), radius, colour)
        case Disc():
            x, y, r = shape.x * k, shape.y * k, shape.radius * k
            pen.ellipse((x - r, y - r, x + r - 1, y + r - 1), colour)
        case Shape():
            pen.polygon([(x * k, y * k) for x, y in shape.points], colour)
        case Strokes():
            for line in shape.lines:
                points = [(x * k, y * k) for x, y in line]
                for piece in _dashes(points, k) if shape.dashed else [points]:
                    pen.line(piece, colour, max(1, round(shape.width * k)), joint="curve")
        case Text():
            pass


def _dashes(points: list[tuple[float, float]], k: float) -> list[list[tuple[float, float]]]:
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


def _letter(image: Image.Image, panel: Panel, top: int, press: _Press) -> None:
    """Write the texts of a panel."""
    pen = ImageDraw.Draw(image)
    for shape in panel.shapes():
        if isinstance(shape, Text):
            _write(pen, shape, top, press)


def _write(pen: ImageDraw.ImageDraw, text: Text, top: int, press: _Press) -> None:
    face = _face(text.size * press.scale, bold=text.bold, font=press.font)
    letters = _plain(text.text, face)
    wide = face.font.getlength(letters)
    x = text.x * press.scale - {Anchor.START: 0.0, Anchor.MIDDLE: wide / 2, Anchor.END: wide}[text.anchor]
    y, ink = text.y * press.scale + top, press.colours[text.paint]
    heavy = face.font.size * BOLDER if face.heavy else 0.0
    if all(map(face.has, letters)):
        pen.text((x, y), letters, ink, face.font, anchor="ls", stroke_width=heavy)
        return
    for letter in letters:
        if letter in TURNED and not face.has(letter):
            x += _turned(pen, TURNED[letter], (x, y), face, ink, heavy)
            continue
        base, *accents = list(unicodedata.normalize("NFD", letter))
        pen.text((x, y), base, ink, face.font, anchor="ls", stroke_width=heavy)
        for accent in accents if not face.has(letter) else ():
            over = (x + face.font.getlength(base) / 2, y, y + face.font.getbbox(base, anchor="ls")[1])
            draw_mark(pen, accent, over, float(face.font.size), ink)
        x += face.font.getlength(base)


def _turned(
    pen: ImageDraw.ImageDraw, letter: str, at: tuple[float, float], face: _Face, ink: str, heavy: float
) -> float:
    """Draw a letter upside down, hanging as far below the line as it stood above; return its width."""
    edges = face.font.getbbox(letter, anchor="ls", stroke_width=heavy)
    left, top, right, low = math.floor(edges[0]), math.floor(edges[1]), math.ceil(edges[2]), math.ceil(edges[3])
    glyph = Image.new("L", (right - left, low - top))
    ImageDraw.Draw(glyph).text((-left, -top), letter, 255, face.font, anchor="ls", stroke_width=heavy)
    pen.bitmap((round(at[0]) + left, round(at[1] + top * 0.72)), glyph.transpose(Image.Transpose.ROTATE_180), ink)
    return face.font.getlength(letter)


def _plain(text: str, face: _Face) -> str:
    """Replace what the font cannot draw by what people would write instead."""
    return "".join(
        PLAIN.get(letter, letter) if not face.has(letter) and letter not in TURNED else letter for letter in text
    )


@lru_cache(maxsize=4096)
def _has(face: _Face, letter: str) -> bool:
    return bytes(face.font.getmask(letter)) != face.missing


@lru_cache(maxsize=64)
def _face(size: float, *, bold: bool, font: Font) -> _Face:
    for plain, strong in () if font is Font.OWN else FONTS:
        try:
            found = ImageFont.truetype(strong if bold else plain, size)
        except OSError:
            continue
        return _Face(found, bytes(found.getmask("\uffff")), heavy=False)
    own = ImageFont.load_default(size)
    assert isinstance(own, ImageFont.FreeTypeFont), "Pillow without FreeType"
    return _Face(own, bytes(own.getmask("\uffff")), heavy=bold)
