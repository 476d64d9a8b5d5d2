"""Show art: what apps list a feed by. Its title, large, and a small ring for each of its sessions.

The rings are those of the covers (see `voicecoach.publish.cover`) without their titles, in the order of the feed; a
course with seasons has a row for each of them. The ground is coloured by what most of all sessions is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby

from voicecoach.model.feed import Episode, Feed
from voicecoach.publish.cover import Ring, mostly, ring, sector
from voicecoach.publish.cover_title import SIDE, Line
from voicecoach.publish.plot.scene import Disc, Drawn, Panel, Text

MARGIN = 8.0
WIDE = SIDE - 2 * MARGIN
TITLE_TALL, TITLE_LARGEST = 46.0, 24.0
"""Room of the title, and how large its letters get."""
APART = 7.0
"""From the title to the rings."""
LARGEST_RING = 40.0
FILLED = 0.88
"""How much of its cell a ring takes."""
HOLE = 0.6
"""Inner radius, in parts of the outer one."""
SMALLEST_RING = 4.0
"""What is smaller is a dot."""
SEASONS_COST = 0.6
"""Rings may be so much smaller where that gives each season a row of its own."""


def show_panel(feed: Feed, lines: tuple[Line, ...]) -> Panel:
    """Draw show art, in units of a hundredth of a side; the lines of the title stand below 0."""
    items: list[Drawn] = [Text(MARGIN, MARGIN + line.y, line.text, line.size, "ink", bold=True) for line in lines]
    top = MARGIN + (lines[-1].y + APART if lines else 0.0)
    items += _rings(feed.episodes, top)
    return Panel("show art", SIDE, tuple(items))


def _rings(episodes: Sequence[Episode], top: float) -> Iterator[Drawn]:
    tall = SIDE - MARGIN - top
    rows = _rows(episodes, WIDE, tall)
    if not rows:
        return
    cell = min(WIDE / max(map(len, rows)), tall / len(rows), LARGEST_RING)
    first = SIDE - MARGIN - cell * len(rows)
    for number, row in enumerate(rows):
        for place, episode in enumerate(row):
            x, y = MARGIN + cell * (place + 0.5), first + cell * (number + 0.5)
            yield from _mark(episode, x, y, cell)


def _mark(episode: Episode, x: float, y: float, cell: float) -> Iterator[Drawn]:
    outer = cell * FILLED / 2
    if 2 * outer < SMALLEST_RING:
        yield Disc(x, y, outer, _paint(episode))
        return
    yield Disc(x, y, outer, "face")
    breadth = outer * (1 - HOLE)
    place = Ring(x, y, outer * HOLE, outer, breadth / 5, outer / 20, outer / 6)
    yield from ring(episode.timeline, place)


def _paint(episode: Episode) -> str:
    work = mostly((episode.timeline,))
    return "soft" if work == "talk" else work


def _rows(episodes: Sequence[Episode], wide: float, tall: float) -> list[Sequence[Episode]]:
    """Lay them out in rows, so that they are as large as there is room for."""
    count = len(episodes)

    def cell(columns: int, rows: int) -> float:
        return min(wide / columns, tall / rows)

    columns = max(range(1, count + 1), key=lambda wanted: cell(wanted, math.ceil(count / wanted)), default=1)
    seasons = [list(found) for _, found in groupby(episodes, lambda episode: episode.season)]
    if len(seasons) > 1:
        largest = cell(columns, math.ceil(count / columns))
        if cell(max(map(len, seasons)), len(seasons)) >= SEASONS_COST * largest:
            return list(seasons)
    return [episodes[at : at + columns] for at in range(0, count, columns)]


def mark(share: float) -> Panel:
    """Draw our mark, a clock whose hand has gone round most of the ring, in so much of the side."""
    middle, outer = SIDE / 2, 42 * share
    inner = outer * HOLE
    parts = (("hold", 0.0, 0.42), ("reps", 0.42, 0.7), ("time", 0.7, 0.88))
    items: list[Drawn] = [Disc(middle, middle, outer, "face")]
    items += (sector(Ring(middle, middle, inner, outer, gap=3.5 * share), paint, a, b) for paint, a, b in parts)
    return Panel("icon", SIDE, tuple(items))
