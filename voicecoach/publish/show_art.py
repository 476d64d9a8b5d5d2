"""Show art: what apps list a feed by. Its title, large, and a small ring for each of its sessions.

The rings are those of the covers (see `voicecoach.publish.cover`), coarser and of work alone. They stand in the order
of the feed; a course with seasons has a row for each of them. The ground is coloured by what most of all sessions is.
The title stands at the top, since apps lay signs of their own over the bottom of a picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby

from voicecoach.model.feed import Episode
from voicecoach.model.timeline import Timeline
from voicecoach.publish.cover import Ring, mostly, ring, sector
from voicecoach.publish.cover_title import SIDE, Line
from voicecoach.publish.plot.lettering import is_leftward
from voicecoach.publish.plot.scene import Anchor, Disc, Drawn, Panel, Shape, Text
from voicecoach.publish.plot.story import WORK

MARGIN = 8.0
WIDE = SIDE - 2 * MARGIN
TITLE_TALL, TITLE_LARGEST = 45.0, 24.0
"""Room of the title, and how large its letters get."""
APART = 8.0
"""From the title to the rings, at least."""
LARGEST_RING = 54.0
BETWEEN = 0.14
"""From ring to ring, in parts of one."""
HOLE = 0.58
"""Inner radius of a ring, in parts of the outer one."""
COARSE, RING_GAP = 0.42, 0.07
"""The least part of a ring and the gap between parts, in parts of its radius."""
SMALLEST_RING = 4.5
"""What is smaller is a dot."""
SEASONS_COST = 0.6
"""Rings may be so much smaller where that gives each season a row of its own."""

MARK_RADIUS, MARK_HOLE, MARK_GONE = 40.0, 0.66, 0.76
"""Our mark: its size, its hole in parts of that, and how far the time has gone."""


def show_panel(episodes: Sequence[Episode], lines: tuple[Line, ...]) -> Panel:
    """Draw show art, in units of a hundredth of a side.

    Parameters
    ----------
    episodes
        Those that have a ring, in order.
    lines
        Of the title, from 0 down; none where there are no letters for it.
    """
    leftward = is_leftward("".join(line.text for line in lines))
    edge, anchor = (SIDE - MARGIN, Anchor.END) if leftward else (MARGIN, Anchor.START)
    title = [Text(edge, MARGIN + line.y, line.text, line.size, "ink", anchor, bold=True) for line in lines]
    top = MARGIN + (lines[-1].y + APART if lines else 0.0)
    return Panel("show art", SIDE, (*_rings(episodes, top, leftward=leftward), *title))


def mark(share: float, work: str) -> Panel:
    """Draw our mark, a clock that has gone round most of its ring, and a sign to play in it.

    Parameters
    ----------
    share
        How much of its usual size.
    work
        The paint of its ring.
    """
    middle, outer = SIDE / 2, MARK_RADIUS * share
    inner = outer * MARK_HOLE
    place = Ring(middle, middle, inner, outer, gap=0)
    cap, between = (outer - inner) / 2, (outer + inner) / 2
    ends = [2 * math.pi * at for at in (0.0, MARK_GONE)]
    play = [(-0.19, -0.31), (0.35, 0.0), (-0.19, 0.31)]
    items: list[Drawn] = [
        Disc(middle, middle, outer, "face"),
        sector(place, work, 0, MARK_GONE),
        *(Disc(middle + between * math.sin(end), middle - between * math.cos(end), cap, work) for end in ends),
        Shape(tuple((middle + x * outer, middle + y * outer) for x, y in play), "ink"),
    ]
    return Panel("icon", SIDE, tuple(items))


def ring_paint(work: str) -> str:
    """Return the paint of a ring or dot for what most of it is; for talk, which has none of its own, a soft one."""
    return "soft" if work == "talk" else work


def _rings(episodes: Sequence[Episode], top: float, *, leftward: bool) -> Iterator[Drawn]:
    """Draw all rings below the title, from the side where reading begins, down to the margin."""
    tall = SIDE - MARGIN - top
    rows = _rows(episodes, tall)
    if not rows:
        radius = min(LARGEST_RING, tall) / 2
        yield Disc(MARGIN + radius, SIDE - MARGIN - radius, radius, "face")
        yield Disc(MARGIN + radius, SIDE - MARGIN - radius, radius * HOLE, "paper")
        return
    wide = min(_size(max(map(len, rows)), len(rows), tall), LARGEST_RING)
    step = wide * (1 + BETWEEN)
    first = SIDE - MARGIN - wide / 2 - step * (len(rows) - 1)
    for number, row in enumerate(rows):
        for place, episode in enumerate(row):
            x = MARGIN + wide / 2 + step * place
            yield from _ring(episode, SIDE - x if leftward else x, first + step * number, wide / 2)


def _ring(episode: Episode, x: float, y: float, radius: float) -> Iterator[Drawn]:
    if 2 * radius < SMALLEST_RING:
        yield Disc(x, y, radius, ring_paint(mostly((episode.timeline,))))
        return
    work = _work_alone(episode.timeline)
    yield Disc(x, y, radius, "face" if work.frames else "line")
    place = Ring(x, y, radius * HOLE, radius, gap=radius * RING_GAP, least=radius * COARSE)
    yield from ring(work, place)
    yield Disc(x, y, radius * HOLE, "paper")


def _work_alone(timeline: Timeline) -> Timeline:
    """Leave out of a session all but its work; sides, too: there is no room for them."""
    work = [span for span in timeline.spans if span.kind in WORK]
    ends = list(accumulate(span.frames for span in work))
    spans = (replace(span, start=end - span.frames, side=None) for span, end in zip(work, ends, strict=True))
    return replace(timeline, spans=tuple(spans), frames=ends[-1] if ends else 0)


def _size(columns: int, rows: int, tall: float) -> float:
    """How large rings can be in so many columns and rows."""
    return min(WIDE / (columns + BETWEEN * (columns - 1)), tall / (rows + BETWEEN * (rows - 1)))


def _rows(episodes: Sequence[Episode], tall: float) -> list[Sequence[Episode]]:
    """Lay them out in rows, so that they are large and the last row is not much shorter than the others."""
    count = len(episodes)

    def good(columns: int) -> float:
        rows = math.ceil(count / columns)
        return _size(columns, rows, tall) * math.sqrt(count / (rows * columns))

    columns = max(range(1, count + 1), key=good, default=1)
    seasons: list[Sequence[Episode]] = [list(row) for _, row in groupby(episodes, lambda episode: episode.season)]
    if len(seasons) > 1:
        most = _size(columns, math.ceil(count / columns), tall)
        if _size(max(map(len, seasons)), len(seasons), tall) >= SEASONS_COST * most:
            return seasons
    return [episodes[at : at + columns] for at in range(0, count, columns)]
