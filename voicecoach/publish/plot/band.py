"""The band of spans: what is done from when to when, coloured by kind, with its side and its rhythm."""

from __future__ import annotations

from collections.abc import Iterator

from voicecoach.model.timeline import Span
from voicecoach.publish.plot import signs
from voicecoach.publish.plot.curves import course, round_frames
from voicecoach.publish.plot.lettering import first_that_fits, width
from voicecoach.publish.plot.paints import BRIGHT, DEEP, fill_of, ink_on
from voicecoach.publish.plot.rows import Row
from voicecoach.publish.plot.scene import Anchor, Drawn, Mark, Point, Rect, Strokes, Text
from voicecoach.publish.plot.story import EXACT, WORK, Story, length, moment

LABEL_SIZE = 10.5
BETWEEN = 1.0
"""Left free at the right of each block, so that neighbours of one kind stay two."""
LEAST_WIDTH = 1.6
"""What is narrower is joined with its neighbours, so that a long session stays a small picture."""
SIDE_SIZE = 8.5
"""Letter of a side where there is no room for its badge."""
LEAST_ROUND = 5.0
"""A rhythm is drawn where one round of it is at least so wide."""


def band(story: Story, row: Row, top: float, tall: float) -> Iterator[Mark]:
    """Draw all spans of a row."""
    narrow: list[Span] = []
    for span in story.timeline.spans:
        ends = row.cut(span.start, span.end)
        if ends is None:
            continue
        if ends[1] - ends[0] < LEAST_WIDTH and not row.detailed:
            narrow.append(span)
            joined = row.cut(narrow[0].start, narrow[-1].end)
            if joined is not None and joined[1] - joined[0] >= LEAST_WIDTH:
                yield _joined(narrow, row, top, tall)
                narrow = []
            continue
        if narrow:
            yield _joined(narrow, row, top, tall)
            narrow = []
        yield _block(story, span, row, top, tall)
    if narrow:
        yield _joined(narrow, row, top, tall)


def _joined(spans: list[Span], row: Row, top: float, tall: float) -> Mark:
    """Draw spans that are too narrow as one, in the colour of the longest."""
    left, right = row.cut(spans[0].start, spans[-1].end) or (0.0, 0.0)
    longest = max(spans, key=lambda span: span.frames)
    times = f"{moment(spans[0].start, row.rate_hz)}–{moment(spans[-1].end, row.rate_hz)}"
    tip = f"{times} · {len(spans)} short parts" if len(spans) > 1 else times
    return Mark("span", spans[0].start, tip, (Rect(left, top, right - left, tall, fill_of(longest.kind)),))


def _block(story: Story, span: Span, row: Row, top: float, tall: float) -> Mark:
    left, right = row.cut(span.start, span.end) or (0.0, 0.0)
    wide = right - left
    body = max(min(0.5, wide), wide - BETWEEN)
    shapes: list[Drawn] = [Rect(left, top, body, tall, fill_of(span.kind), 3 if body > 8 else 0)]
    room_top, floor = top, top + tall
    ink = ink_on(span.kind)
    if span.side and span.kind in WORK:
        stripe = signs.hatch(span.side, left + 1, left + body - 1, floor - signs.STRIPE_HEIGHT - 1.5, ink)
        shapes += stripe
        floor -= signs.STRIPE_HEIGHT + 2.5 if stripe else 0
    curve = _curve(story, span, row, (top + 19, floor - 3)) if row.detailed else ()
    shapes += curve
    middle = room_top + 11 if curve else (room_top + floor) / 2
    x = left + 4
    told = row.detailed or span.kind in WORK
    if span.side and told and body >= 2 * signs.BADGE + 3 and tall >= 2 * signs.BADGE + 6:
        x = left + signs.BADGE + 2.5
        shapes += signs.badge(span.side, x, middle)
        x += signs.BADGE + 3
    elif span.side and told and body >= SIDE_SIZE:
        shapes.append(_letter(span, left + body / 2, middle))
        x = left + body
    shapes += _label(story, span, (x, left + body - 3), middle, bold=span.kind in WORK)
    return Mark("span", span.start, story.tip(span), tuple(shapes))


def _letter(span: Span, x: float, middle: float) -> Text:
    letter = (span.side or "")[:1].upper()
    return Text(x, middle + SIDE_SIZE * 0.36, letter, SIDE_SIZE, ink_on(span.kind), Anchor.MIDDLE, bold=True)


def _label(story: Story, span: Span, ends: tuple[float, float], middle: float, *, bold: bool) -> Iterator[Text]:
    written = first_that_fits(story.amounts(span), LABEL_SIZE, ends[1] - ends[0], bold=bold)
    if not written:
        return
    y = middle + LABEL_SIZE * 0.36
    yield Text(ends[0], y, written, LABEL_SIZE, ink_on(span.kind), bold=bold)
    lasts = length(span.frames, story.rate_hz, whole=span.kind not in EXACT)
    x = ends[0] + width(written, LABEL_SIZE, bold=bold) + 6
    if lasts not in written and x + width(lasts, LABEL_SIZE) <= ends[1]:
        yield Text(x, y, lasts, LABEL_SIZE, ink_on(span.kind))


def _curve(story: Story, span: Span, row: Row, room: tuple[float, float]) -> tuple[Drawn, ...]:
    """Draw the part of a span's course that lies in a row."""
    points = course(span, story.sounds_of(span), row.rate_hz)
    whole = round_frames(span, row.rate_hz)
    if not points or 0 < whole * row.room / row.frames < LEAST_ROUND:
        return ()
    top, floor = room
    line: list[Point] = []
    edge = row.x(min(span.end, row.end)) - BETWEEN
    for (frame, level), (next_frame, next_level) in zip(points, [*points[1:], points[-1]], strict=True):
        for at, high in _inside(frame, level, next_frame, next_level, row):
            point = (min(row.x(at), edge), floor - high * (floor - top))
            if not line or line[-1] != point:
                line.append(point)
    if len(line) < 2:
        return ()
    paint = {DEEP: "wave-deep", BRIGHT: "wave-bright"}.get(ink_on(span.kind), "ink")
    return (Strokes((tuple(line),), paint, 1.6),)


def _inside(frame: int, level: float, next_frame: int, next_level: float, row: Row) -> Iterator[tuple[int, float]]:
    """Cut one piece of a course to the row."""
    for edge in (frame, row.start, row.end):
        if frame <= edge <= max(frame, next_frame) and row.start <= edge <= row.end:
            share = (edge - frame) / (next_frame - frame) if next_frame > frame else 0.0
            yield edge, level + (next_level - level) * share
