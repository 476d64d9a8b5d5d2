"""The cover: what a player shows. The session as the face of a clock, and its title in it.

The ring goes round once, from the top: what is done are its thick parts, coloured by what it is, and what is said, set
up and rested in between is a thin line. Of an exercise with sides the left one lies on the inner edge of the ring, the
right one on the outer edge. The ground is coloured by what most of the session is.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from voicecoach.errors import PictureError
from voicecoach.model.routine import Routine
from voicecoach.model.timeline import Span, Timeline
from voicecoach.model.units import HOUR_S, MINUTE_S
from voicecoach.publish.cover_title import SIDE, Line, plain, set_title
from voicecoach.publish.plot.fonts import Font
from voicecoach.publish.plot.lettering import clean
from voicecoach.publish.plot.paints import fill_of
from voicecoach.publish.plot.scene import Anchor, Disc, Drawn, Panel, Shape, Strokes, Text
from voicecoach.publish.plot.story import WORK

COVER_PX = 600
"""What players show without trouble, and still some 40 kB."""

MIDDLE = SIDE / 2
INNER, OUTER = 37.6, 45.8
FACE = 37.6
LANE = 0.62
"""How much of the ring's breadth one side of the body takes."""
THIN = 1.2
GAP = 0.5
LEAST = 1.3
TICKS = 47.1, 48.4
TICK_STEPS_S = (60, 300, 600, 1800, 3600)
MOST_TICKS = 60

GROUNDS: Mapping[str, str] = MappingProxyType(
    {
        "hold": "#143669",
        "reps": "#5c2413",
        "time": "#0c4a3b",
        "cycles": "#551a47",
        "breathe": "#0e4560",
        "talk": "#34305c",
    }
)
"""The ground of the whole, by the paint of what most of the session is."""
COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "hold": "#7db4ff",
        "reps": "#ffb545",
        "time": "#58dcae",
        "cycles": "#ff9bd8",
        "breathe": "#b4e7ff",
        "ink": "#ffffff",
    }
)
"""The paints of work, brighter than on paper, and of letters."""
SHADES: Mapping[str, float] = MappingProxyType({"paper": 0, "face": -0.3, "line": 0.38, "tick": 0.5, "soft": 0.78})
"""Paints that are the ground with so much white over it; or black, where it is negative."""
_SIGNS = frozenset({"So", "Sk", "Cf"})
_VARIANTS = "\ufe0e\ufe0f"


class Ring(NamedTuple):
    """Where a session's ring lies, and how fine it is drawn.

    Attributes
    ----------
    x, y, inner, outer
        Its middle and its edges.
    thin
        Breadth of the line for what is no work.
    gap
        Between neighbours on the ring, so that two of one kind stay two.
    least
        What is shorter on the ring is joined with its neighbours.
    """

    x: float = MIDDLE
    y: float = MIDDLE
    inner: float = INNER
    outer: float = OUTER
    thin: float = THIN
    gap: float = GAP
    least: float = LEAST


class _Stretch(NamedTuple):
    """A part of the ring, in frames."""

    paint: str
    side: str | None
    start: int
    end: int


def picture_of(routine: Routine, folder: Path | None) -> Path | None:
    """Find the picture that an author wants as the cover, relative to the routine's folder; None: none is wanted."""
    if routine.image is None:
        return None
    path = Path(routine.image).expanduser() if routine.image.startswith("~/") else Path(routine.image)
    return path if folder is None else folder / path


def own_cover(picture: Path, size_px: int = COVER_PX) -> bytes:
    """Make the cover of an author's own picture.

    Returns
    -------
    bytes
        A square JPEG file: the whole picture, with bars in the colours of its edges where it is not square.

    Raises
    ------
    PictureError
        It cannot be read.
    """
    from voicecoach.publish.plot.png import squared

    try:
        return squared(picture.read_bytes(), size_px)
    except OSError as error:
        raise PictureError(f"it cannot be read: {error.strerror or error}") from error


def cover(timeline: Timeline, size_px: int = COVER_PX) -> bytes:
    """Draw the cover of a session.

    Parameters
    ----------
    timeline
        A whole session; its title, its spans and its length are shown.
    size_px
        Pixels a side.

    Returns
    -------
    bytes
        A JPEG file. The same timeline gives the same bytes wherever Pillow's own font has the letters of its title.
    """
    from voicecoach.publish.plot.png import jpeg, text_width

    (title, font), below = lettered(timeline.title), length(timeline)
    lines = set_title(title, below, lambda text: text_width(text, 1, font, bold=True))
    return jpeg(face(timeline, lines), size_px, colours(timeline), font)


def colours(timeline: Timeline) -> Mapping[str, str]:
    """Return the colour of each paint of a session's cover."""
    return colours_on(mostly((timeline,)))


def colours_on(work: str) -> Mapping[str, str]:
    """Return the colour of each paint on the ground of a kind of work, or of talk."""
    ground = GROUNDS.get(work, GROUNDS["talk"])
    return {**COLOURS, **{paint: _mixed(ground, share) for paint, share in SHADES.items()}}


def face(timeline: Timeline, lines: tuple[Line, ...]) -> Panel:
    """Draw ring and title, in units of a hundredth of a side."""
    items: list[Drawn] = [_ticks(timeline)]
    items.append(Disc(MIDDLE, MIDDLE, FACE, "face"))
    items += ring(timeline, Ring())
    for line in lines:
        paint = "ink" if line.title else "soft"
        items.append(Text(MIDDLE, line.y, line.text, line.size, paint, Anchor.MIDDLE, bold=True))
    return Panel("cover", SIDE, tuple(items))


def ring(timeline: Timeline, place: Ring) -> Iterator[Shape]:
    """Draw the ring of a session."""
    least = place.least / (2 * math.pi * place.outer) * timeline.frames
    return (_arc(stretch, timeline.frames, place) for stretch in _stretches(timeline, least))


def mostly(timelines: Iterable[Timeline]) -> str:
    """Return the paint of the kind of work that takes most of the time of them all."""
    spent = Counter[str]()
    for span in (span for timeline in timelines for span in timeline.spans):
        if span.kind in WORK:
            spent[fill_of(span.kind)] += span.frames
    return max(spent, key=lambda paint: (spent[paint], paint), default="talk")


def length(timeline: Timeline) -> str:
    """Return how long a session is, as on a poster: ``45 s``, ``12 min``, ``1 h 05``."""
    seconds = round(timeline.length_s)
    if seconds < 90:
        return f"{seconds} s"
    minutes = round(timeline.length_s / MINUTE_S)
    hours, rest = divmod(minutes, HOUR_S // MINUTE_S)
    return f"{hours} h {rest:02}" if hours and rest else f"{hours} h" if hours else f"{minutes} min"


def lettered(title: str) -> tuple[str, Font]:
    """Return as much of a title as there are letters for, on one line, and the font that has them.

    Little pictures are left out first, then words; nothing is left of a title of which that is more than half.
    """
    from voicecoach.publish.plot.png import font_for

    title = clean(title)
    words = [word for word in _without_signs(title).split() if font_for(plain(word)) is not None]
    for text in (title, _without_signs(title), " ".join(words)):
        font = font_for(plain(text))
        if font is not None and 2 * len(text) >= len(_without_signs(title)):
            return text, font
    return "", Font.OWN


def _without_signs(title: str) -> str:
    """Leave out little pictures, which stand in few fonts: a title is none the worse for it."""
    kept = (letter for letter in title if unicodedata.category(letter) not in _SIGNS and letter not in _VARIANTS)
    return clean("".join(kept))


def _stretches(timeline: Timeline, least: float) -> Iterator[_Stretch]:
    """Give what the ring shows. Whatever is no work is one thin stretch, up to the next work."""
    for is_line, stretches in groupby(_joined_spans(timeline.spans, least), lambda stretch: stretch.paint == "line"):
        every = list(stretches)
        yield from [_Stretch("line", None, every[0].start, every[-1].end)] if is_line else every


def _joined_spans(spans: Iterable[Span], least: float) -> Iterator[_Stretch]:
    """Join what is too short, in frames, with its neighbours; it is shown as what most of it is."""
    pending: list[Span] = []
    for span in spans:
        if pending and pending[-1].kind not in WORK and span.kind in WORK and _frames(pending) >= least:
            yield _joined(pending)
            pending = []
        pending.append(span)
        if span.kind in WORK and _frames(pending) >= least:
            yield _joined(pending)
            pending = []
    if pending:
        yield _joined(pending)


def _frames(spans: list[Span]) -> int:
    return spans[-1].end - spans[0].start


def _joined(spans: list[Span]) -> _Stretch:
    shares = Counter[tuple[str, str | None]]()
    for span in spans:
        work = span.kind in WORK
        shares[fill_of(span.kind) if work else "line", span.side if work else None] += span.frames
    paint, side = max(shares, key=lambda share: (shares[share], share[0], share[1] or ""))
    return _Stretch(paint, side, spans[0].start, spans[-1].end)


def _arc(stretch: _Stretch, frames: int, place: Ring) -> Shape:
    """Draw a part of the ring, in the lane of its side."""
    inner, outer, side = place.inner, place.outer, stretch.side
    start, end = stretch.start / frames, stretch.end / frames
    if stretch.paint == "line":
        inner, outer = (inner + outer - place.thin) / 2, (inner + outer + place.thin) / 2
    elif side == "left":
        outer = inner + (outer - inner) * LANE
    elif side == "right":
        inner = outer - (outer - inner) * LANE
    return sector(place._replace(inner=inner, outer=outer), stretch.paint, start, end)


def sector(place: Ring, paint: str, start: float, end: float) -> Shape:
    """Draw a part of a ring, from one share of it to another; its edges leave half a gap to both neighbours."""
    steps = max(2, math.ceil((end - start) * 360))
    corners = []
    for radius in (place.outer, place.inner):
        gap = min(place.gap / 2 / (2 * math.pi * radius), (end - start) / 3)
        first, last = start + gap, end - gap
        corners.append([_point(first + (last - first) * step / steps, radius, place) for step in range(steps + 1)])
    return Shape((*corners[0], *reversed(corners[1])), paint)


def _ticks(timeline: Timeline) -> Strokes:
    """Mark the minutes as on a watch, or as many of them as there is room for."""
    seconds = timeline.length_s
    step_s = next((step for step in TICK_STEPS_S if seconds / step <= MOST_TICKS), TICK_STEPS_S[-1])
    shares = [float(at / seconds) for at in range(0, math.ceil(seconds), step_s)]
    lines = tuple((_point(share, TICKS[0], Ring()), _point(share, TICKS[1], Ring())) for share in shares)
    return Strokes(lines, "tick", 0.4)


def _point(share: float, radius: float, place: Ring) -> tuple[float, float]:
    """A point of a circle, so far round from the top, clockwise."""
    angle = 2 * math.pi * share
    return place.x + radius * math.sin(angle), place.y - radius * math.cos(angle)


def _mixed(ground: str, share: float) -> str:
    """Lay so much white over a colour, or black where it is negative."""
    parts = (int(ground[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + ((255 if share > 0 else 0) - part) * abs(share)):02x}" for part in parts)
