"""What stands above the rows and below them: the title, the session in figures, and what colours and signs mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from voicecoach.model.cuescript import Earcon, SpanKind
from voicecoach.model.timeline import BED_TRACK, NoteKind
from voicecoach.publish.plot import signs
from voicecoach.publish.plot.lettering import clean, fitted, width
from voicecoach.publish.plot.paints import fill_of
from voicecoach.publish.plot.rows import Format, Row
from voicecoach.publish.plot.scene import Drawn, Panel, Rect, Shape, Strokes, Text
from voicecoach.publish.plot.story import Story, kind_word

TITLE_SIZE, FIGURE_SIZE, WORD_SIZE = 22.0, 14.0, 10.5
FIGURE_GAP, KEY_GAP, KEY_LINE = 22.0, 16.0, 20.0
SWATCH = 16.0


def head(story: Story, page: Format) -> Panel:
    """Make the title and the figures."""
    edge = page.left if not page.named_lanes else 20.0
    right = page.width - page.right
    title = clean(story.timeline.title)
    items: list[Drawn] = []
    y = 12.0
    for line in _lines(title, TITLE_SIZE, right - edge):
        y += TITLE_SIZE + 3
        items.append(Text(edge, y, line, TITLE_SIZE, "ink", bold=True))
    x, y = edge, y + 20
    for what, much in story.figures():
        wide = max(width(what, WORD_SIZE), width(much, FIGURE_SIZE, bold=True))
        if x > edge and x + wide > right:
            x, y = edge, y + 38
        items.append(Text(x, y, what, WORD_SIZE, "soft"))
        items.append(Text(x, y + 17, much, FIGURE_SIZE, "ink", bold=True))
        x += wide + FIGURE_GAP
    return Panel("Title and figures", y + 40, tuple(items))


def _lines(title: str, size: float, room: float) -> tuple[str, ...]:
    """Break a title into two lines at most."""
    if width(title, size, bold=True) <= room:
        return (title,)
    words, first = title.split(" "), ""
    while words and width(f"{first} {words[0]}".strip(), size, bold=True) <= room:
        first = f"{first} {words.pop(0)}".strip()
    if not first:
        return (fitted(title, size, room, bold=True),)
    return (first, fitted(" ".join(words), size, room, bold=True))


def key(story: Story, page: Format, rows: Iterable[Row]) -> Panel:
    """Make the key: only what occurs in this session, in the order in which it first occurs."""
    detailed = any(row.detailed for row in rows)
    edge = page.left if not page.named_lanes else 20.0
    items: list[Drawn] = []
    y = 0.0
    for entries in ([*_kinds(story), *_sides(story)], _signs(story) if detailed else _hills()):
        x, y = edge, y + KEY_LINE
        for shapes, wide, word in entries:
            needs = wide + 6 + width(word, WORD_SIZE)
            if x > edge and x + needs > page.width - page.right:
                x, y = edge, y + KEY_LINE
            items += [_moved(shape, x, y) for shape in shapes]
            items.append(Text(x + wide + 6, y + WORD_SIZE * 0.36, word, WORD_SIZE, "ink"))
            x += needs + KEY_GAP
    return Panel("Key", y + 22, tuple(items))


_Entry = tuple[tuple[Drawn, ...], float, str]


def _kinds(story: Story) -> list[_Entry]:
    """Kinds of spans; those of one colour share an entry."""
    by_fill: dict[str, dict[str, None]] = {}
    for span in story.timeline.spans:
        by_fill.setdefault(fill_of(span.kind), {})[kind_word(span.kind)] = None
    return [((Rect(0, -7, SWATCH, 14, fill, 3),), SWATCH, ", ".join(words)) for fill, words in by_fill.items()]


def _sides(story: Story) -> list[_Entry]:
    found = sorted({span.side for span in story.timeline.spans if span.side})
    entries: list[_Entry] = []
    for side in found:
        stripe = signs.hatch(side, 18, 42, -2.5, "ink")
        entries.append(((*signs.badge(side, signs.BADGE, 0), *stripe), 40, f"{clean(side)} side"))
    return entries


def _signs(story: Story) -> list[_Entry]:
    found = dict.fromkeys(clip.earcon for clip in story.earcons if clip.earcon)
    known = [earcon for earcon in Earcon if earcon in found]
    sided = {clip.side for clip in story.earcons if clip.earcon == Earcon.REP} >= {"left", "right"}
    words = signs.SOUND_WORDS | ({Earcon.REP: "repetition: left above, right below"} if sided else {})
    if all(span.kind != SpanKind.CYCLES for span in story.timeline.spans):
        words |= {Earcon.OUT: "breathe out"}
    entries: list[_Entry] = [(signs.sound_sign(earcon, 6, 0), 12, words[earcon]) for earcon in known]
    if set(found) - set(Earcon):
        entries.append((signs.sound_sign("", 6, 0), 12, "other sound"))
    if story.voice:
        entries.append(((Rect(0, -6, SWATCH, 12, "voice", 2),), SWATCH, "speech"))
    if any(note.kind == NoteKind.DROPPED for note in story.timeline.notes):
        entries.append((signs.left_out_sign(6, 0), 12, "left out: no room for it"))
    if any(track.name == BED_TRACK and track.clips for track in story.timeline.tracks):
        entries.append(((Rect(0, -4, SWATCH, 8, "music", 2),), SWATCH, "music"))
    return entries


def _hills() -> list[_Entry]:
    return [
        ((Rect(0, -6, SWATCH, 12, "voice-hill"),), SWATCH, "how much is said"),
        ((Rect(0, -6, SWATCH, 12, "soft"),), SWATCH, "how many sounds"),
    ]


def _moved(shape: Drawn, x: float, y: float) -> Drawn:
    if isinstance(shape, Shape):
        return replace(shape, points=tuple((a + x, b + y) for a, b in shape.points))
    if isinstance(shape, Strokes):
        return replace(shape, lines=tuple(tuple((a + x, b + y) for a, b in line) for line in shape.lines))
    return replace(shape, x=shape.x + x, y=shape.y + y)
