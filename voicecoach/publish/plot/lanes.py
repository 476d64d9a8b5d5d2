"""The lanes of one row of time: names, spans, positions, speech, sounds, music."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from voicecoach.model.cuescript import Earcon
from voicecoach.model.timeline import NoteKind, PlacedClip, Track
from voicecoach.publish.plot import bodies, signs
from voicecoach.publish.plot.lettering import clean, fitted, width
from voicecoach.publish.plot.rows import Row
from voicecoach.publish.plot.scene import Drawn, Mark, Point, Rect, Shape, Strokes, Text
from voicecoach.publish.plot.story import Stay, Story, length, moment

NAME_SIZE, WORD_SIZE, POSITION_SIZE = 11.5, 9.5, 9.5
RUN_GAP_S = 0.6
"""Speech with shorter pauses is one run, with its words written over all of it."""
LEAST_TO_WRITE = 22.0
"""Room under which no words are written."""
SHARE_WIDTH = 4.0
"""Width over which the share of speech or sound is taken, where there is no room for single ones."""
MOST_SOUNDS_PER_S = 0.5
"""So many sounds fill the lane of an overview."""
BESIDE = frozenset({Earcon.SIDE, Earcon.REST, Earcon.START, Earcon.DONE})
"""Sounds that follow an end at once: their signs stand beside its sign, not on it."""
SIGN_ROOM = 9.0
"""Width of a sign with a little air."""


def names(story: Story, row: Row, top: float) -> Iterator[Drawn | Mark]:
    """Draw the names of exercises, each over a line that spans all that belongs to it."""
    for group in story.groups:
        ends = row.cut(group.start, group.end)
        named = any(span.name or span.exercise for span in group.spans)
        if ends is None or not named:
            continue
        left, right = ends
        shapes: list[Drawn] = [Strokes((((left, top + 16), (max(left, right - 3), top + 16)),), "axis", 1.5)]
        continued = group.start < row.start
        written = fitted(f"… {group.name}" if continued else group.name, NAME_SIZE, right - left - 4, bold=True)
        if written:
            paint = "soft" if continued else "ink"
            shapes.append(Text(left, top + 12, written, NAME_SIZE, paint, bold=True))
        times = f"{moment(group.start, row.rate_hz)}–{moment(group.end, row.rate_hz)}"
        lasts = length(group.end - group.start, row.rate_hz)
        yield Mark("name", group.start, f"{times} · {group.name} · {lasts} in all", tuple(shapes))


def positions(story: Story, row: Row, top: float, tall: float) -> Iterator[Drawn | Mark]:
    """Draw how high above the floor one is, as steps, each with a figure and the words of the position."""
    floor = top + tall
    at_first = story.stays[0] if story.stays else None
    for stay in story.stays:
        ends = row.cut(stay.start, stay.end)
        if ends is None or stay.position is None:
            continue
        yield _stay(stay, ends, (top, floor), row)
    if at_first is not None:
        yield Strokes((((row.x(row.start), floor), (row.x(row.end), floor)),), "axis", 1)


def _stay(stay: Stay, ends: tuple[float, float], lane: tuple[float, float], row: Row) -> Mark:
    (left, right), (top, floor) = ends, lane
    assert stay.position is not None
    position = clean(stay.position)
    high = bodies.height(stay.position)
    level = floor - (0.5 if high is None else max(0.1, high)) * (floor - top)
    shapes: list[Drawn] = [Rect(left, level, right - left, floor - level, "body")]
    edge = ((left, level), (right, level)) if stay.start < row.start else ((left, floor), (left, level), (right, level))
    shapes.append(Strokes((edge,), "body-line", 1.5, dashed=high is None))
    scale = (floor - top) / bodies.BOX_HEIGHT
    wide = bodies.BOX_WIDTH * scale
    drawn = bodies.figure(stay.position, left + 3, floor, scale, "body-line") if right - left >= wide + 4 else ()
    shapes += drawn
    x = left + 3 + (wide + 3 if drawn else 0)
    written = fitted(position, POSITION_SIZE, right - x - 2)
    inside = floor - level > POSITION_SIZE + 4
    above = level - top > POSITION_SIZE + 3
    if written and (inside or above) and (row.detailed or written == position):
        y = level + POSITION_SIZE + 1 if inside else level - 4
        shapes.append(Text(x, y, written, POSITION_SIZE, "ink"))
    times = f"{moment(stay.start, row.rate_hz)}–{moment(stay.end, row.rate_hz)}"
    return Mark("position", stay.start, f"{times} · {position}", tuple(shapes))


def voice(story: Story, row: Row, top: float, tall: float) -> Iterator[Drawn | Mark]:
    """Draw each thing said as a block, and as many of its words as there is room for; what was left out as a cross."""
    yield Rect(row.left, top, row.x(row.end) - row.left, tall, "lane")
    clips = [clip for clip in story.voice if clip.start < row.end and clip.end > row.start]
    for clip in clips:
        left, right = row.cut(clip.start, clip.end) or (0.0, 0.0)
        block = Rect(left, top, max(1.0, right - left), tall, "voice", 2 if right - left > 6 else 0)
        said = f"{moment(clip.start, row.rate_hz)} · “{clean(clip.text or '')}” · {length(clip.frames, row.rate_hz)}"
        yield Mark("voice", clip.start, said, (block,))
    yield from _words(clips, row, top + tall / 2 + WORD_SIZE * 0.36)
    for note in story.timeline.notes:
        if note.kind == NoteKind.DROPPED and row.has(min(note.at, story.timeline.frames - 1)):
            cross = signs.left_out_sign(row.x(note.at), top)
            yield Mark("note", note.at, f"{moment(note.at, row.rate_hz)} · {clean(note.message)}", cross)


def _words(clips: Sequence[PlacedClip], row: Row, y: float) -> Iterator[Text]:
    """Write the words of each run of speech, from its beginning up to the next run."""
    runs: list[list[PlacedClip]] = []
    for clip in clips:
        if runs and clip.start - runs[-1][-1].end < RUN_GAP_S * row.rate_hz:
            runs[-1].append(clip)
        else:
            runs.append([clip])
    for number, run in enumerate(runs):
        until = runs[number + 1][0].start if number + 1 < len(runs) else row.end
        left, right = row.cut(run[0].start, until) or (0.0, 0.0)
        said = " ".join(clean(clip.text or "") for clip in run)
        room = right - left - 7
        if room >= LEAST_TO_WRITE:
            cut_off = "… " if run[0].start < row.start else ""
            if written := fitted(f"{cut_off}{said}", WORD_SIZE, room, whole_words=True):
                yield Text(left + 3, y, written, WORD_SIZE, "ink")


def sounds(story: Story, row: Row, top: float, tall: float) -> Iterator[Drawn | Mark]:
    """Draw the sign of each sound at the moment at which it begins."""
    y = top + tall / 2
    yield Strokes((((row.left, y), (row.x(row.end), y)),), "grid", 1)
    free = row.left - SIGN_ROOM
    for clip in story.earcons:
        if not row.has(clip.start):
            continue
        x, name = row.x(clip.start), clip.earcon or ""
        if name in BESIDE:
            x = max(x, min(free, x + SIGN_ROOM))
        free = x + SIGN_ROOM
        shapes = signs.rep_sign(x, y, clip.side) if name == Earcon.REP else signs.sound_sign(name, x, y)
        rep = f" {clip.rep}" if clip.rep is not None else ""
        word = signs.SOUND_WORDS.get(Earcon(name), name) if name in set(Earcon) else clean(name)
        side = f", {clean(clip.side)}" if clip.side else ""
        yield Mark("sound", clip.start, f"{moment(clip.start, row.rate_hz)} · {word}{rep}{side}", shapes)


def music(track: Track, row: Row, top: float, tall: float) -> Iterator[Drawn | Mark]:
    """Draw the music, or whatever sounds under the voice."""
    for clip in track.clips:
        if ends := row.cut(clip.start, clip.end):
            times = f"{moment(clip.start, row.rate_hz)}–{moment(clip.end, row.rate_hz)}"
            what = clean(clip.text or clip.role)
            block: list[Drawn] = [Rect(ends[0], top, ends[1] - ends[0], tall, "music", 2)]
            if width(what, WORD_SIZE) <= ends[1] - ends[0] - 6:
                block.append(Text(ends[0] + 3, top + tall / 2 + WORD_SIZE * 0.36, what, WORD_SIZE, "ink"))
            yield Mark("music", clip.start, f"{times} · {what}", tuple(block))


def voice_share(story: Story, row: Row, top: float, tall: float) -> Iterator[Drawn | Mark]:
    """Draw how much is said, where there is no room for each thing said."""
    yield Rect(row.left, top, row.x(row.end) - row.left, tall, "lane")
    shares = _shares(row, ((clip.start, clip.end) for clip in story.voice), lambda frames, whole: frames / whole)
    yield from _hills(row, shares, (top, tall), "voice-hill")


def sound_share(story: Story, row: Row, top: float, tall: float) -> Iterator[Drawn | Mark]:
    """Draw how many sounds there are, where there is no room for each."""
    yield Rect(row.left, top, row.x(row.end) - row.left, tall, "lane")
    full = MOST_SOUNDS_PER_S / row.rate_hz
    shares = _shares(row, ((clip.start, clip.start + 1) for clip in story.earcons), lambda n, whole: n / whole / full)
    yield from _hills(row, shares, (top, tall), "soft")


def _shares(
    row: Row, stretches: Iterator[tuple[int, int]], share: Callable[[int, int], float]
) -> tuple[tuple[int, float], ...]:
    """Return for each piece of a row its first frame and how full it is, 0 to 1."""
    count = max(1, round(row.room / SHARE_WIDTH))
    piece = -(-row.frames // count)
    filled = [0] * count
    for start, end in stretches:
        first, last = max(start, row.start), min(end, row.end)
        while first < last:
            number = (first - row.start) // piece
            until = min(last, row.start + (number + 1) * piece)
            filled[number] += until - first
            first = until
    shown = [n for n in range(count) if row.start + n * piece < row.end]
    return tuple(
        (row.start + n * piece, min(1.0, share(filled[n], min(piece, row.end - row.start - n * piece)))) for n in shown
    )


def _hills(row: Row, shares: tuple[tuple[int, float], ...], lane: tuple[float, float], paint: str) -> Iterator[Drawn]:
    top, tall = lane
    floor = top + tall
    points: list[Point] = []
    ends = [start for start, _ in shares[1:]] + [row.end]
    for (start, share), end in zip(shares, ends, strict=True):
        points += [(row.x(start), floor - share * tall), (row.x(end), floor - share * tall)]
    if any(share > 0 for _, share in shares):
        yield Shape(((row.left, floor), *points, (row.x(row.end), floor)), paint)
