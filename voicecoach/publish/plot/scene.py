"""The few shapes that a picture is made of. Where each stands is settled once; SVG and PNG only draw it.

Lengths are in units of the picture: one is a CSS pixel in SVG. x grows to the right, y downward. A paint is a name
out of `voicecoach.publish.plot.paints`; what it looks like depends on the light.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

Point = tuple[float, float]


class Anchor(StrEnum):
    """Which end of a text stands at its x."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True)
class Rect:
    """A filled rectangle, with round corners where ``radius`` is not 0."""

    x: float
    y: float
    width: float
    height: float
    paint: str
    radius: float = 0


@dataclass(frozen=True)
class Disc:
    """A filled circle round x, y."""

    x: float
    y: float
    radius: float
    paint: str


@dataclass(frozen=True)
class Shape:
    """A filled polygon."""

    points: tuple[Point, ...]
    paint: str


@dataclass(frozen=True)
class Strokes:
    """Lines of one thickness; each runs through its points. Dashed where asked for."""

    lines: tuple[tuple[Point, ...], ...]
    paint: str
    width: float = 1
    dashed: bool = False


@dataclass(frozen=True)
class Text:
    """One line of text; y is where its letters stand. Texts are drawn over everything else."""

    x: float
    y: float
    text: str
    size: float
    paint: str = "ink"
    anchor: Anchor = Anchor.START
    bold: bool = False


Drawn = Rect | Disc | Shape | Strokes | Text


@dataclass(frozen=True)
class Mark:
    """Shapes that show one thing of the session.

    Attributes
    ----------
    kind
        What it shows: ``span``, ``voice``, ``sound``, ``note`` …
    at
        The frame at which it begins, also where an earlier row already shows a part of it.
    tip
        What it is, in words, with its times.
    shapes
        How it is drawn.
    """

    kind: str
    at: int
    tip: str
    shapes: tuple[Drawn, ...]


@dataclass(frozen=True)
class Panel:
    """A part of the picture that stands below the part before it; its y begin at 0.

    Attributes
    ----------
    name
        What it shows, in words: ``Minute 5:00 to 10:00``.
    height
        How much room it takes, up to the next panel.
    items
        Drawn in order, all texts last.
    """

    name: str
    height: float
    items: tuple[Drawn | Mark, ...]

    def shapes(self) -> Iterator[Drawn]:
        """All shapes, in the order in which they are drawn."""
        for item in self.items:
            if isinstance(item, Mark):
                yield from item.shapes
            else:
                yield item


@dataclass(frozen=True)
class Scene:
    """A whole picture.

    Attributes
    ----------
    title, text
        What it shows, in a few words and in a few sentences, for those who do not see it.
    width
        Of every panel.
    head
        Title and figures.
    key
        What the colours and signs mean.
    rows
        The session, row by row.
    """

    title: str
    text: str
    width: float
    head: Panel
    key: Panel
    rows: tuple[Panel, ...]

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All panels from top to bottom."""
        return (self.head, *self.rows, self.key)

    @property
    def height(self) -> float:
        """Of all panels."""
        return sum(panel.height for panel in self.panels)

    def paints(self) -> tuple[str, ...]:
        """Return the names of the paints used, sorted."""
        return tuple(sorted({shape.paint for panel in self.panels for shape in panel.shapes()} | {"paper"}))
