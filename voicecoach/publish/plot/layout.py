"""Timeline → scene: where everything stands, settled once for all kinds of files."""

from __future__ import annotations

from collections.abc import Iterator

from voicecoach.model.timeline import BED_TRACK, Timeline, Track
from voicecoach.model.units import HOUR_S, MINUTE_S, clock
from voicecoach.publish.plot import lanes
from voicecoach.publish.plot.band import band
from voicecoach.publish.plot.heading import head, key
from voicecoach.publish.plot.lettering import clean, width
from voicecoach.publish.plot.rows import Format, Row, rows
from voicecoach.publish.plot.scene import Anchor, Drawn, Mark, Panel, Scene, Strokes, Text
from voicecoach.publish.plot.story import Story

RULER_SIZE, LANE_NAME_SIZE = 10.0, 9.5
RULER_TALL, NAMES_TALL, MUSIC_TALL = 17.0, 19.0, 13.0
"""Heights of lanes, with the room below them."""


def scene(timeline: Timeline, page: Format) -> Scene:
    """Lay a session out.

    Parameters
    ----------
    timeline
        A whole session.
    page
        The size of the picture.
    """
    story = Story(timeline)
    laid = tuple(rows(timeline, page))
    return Scene(
        title=clean(timeline.title) or "A session",
        text=story.sentence(),
        width=page.width,
        head=head(story, page),
        key=key(story, page, laid),
        rows=tuple(_row(story, row, page) for row in laid),
    )


def _row(story: Story, row: Row, page: Format) -> Panel:
    """Stack the lanes of one row."""
    lane_names: list[tuple[str, float]] = []
    items: list[Drawn | Mark] = []
    y = RULER_TALL
    band_tall, body_tall, voice_tall, sound_tall, gap = _heights(row)
    items += lanes.names(story, row, y)
    y += NAMES_TALL
    items += band(story, row, y, band_tall)
    lane_names.append(("doing", y + band_tall / 2))
    y += band_tall + 3
    if story.stays:
        items += lanes.positions(story, row, y, body_tall)
        lane_names.append(("position", y + body_tall / 2))
        y += body_tall + 4
    items += (lanes.voice if row.detailed else lanes.voice_share)(story, row, y, voice_tall)
    lane_names.append(("voice", y + voice_tall / 2))
    y += voice_tall + 2
    items += (lanes.sounds if row.detailed else lanes.sound_share)(story, row, y, sound_tall)
    lane_names.append(("sounds", y + sound_tall / 2))
    y += sound_tall + 2
    bed = next((track for track in story.timeline.tracks if track.name == BED_TRACK), Track(BED_TRACK))
    if bed.clips:
        items += lanes.music(bed, row, y, MUSIC_TALL - 2)
        lane_names.append(("music", y + MUSIC_TALL / 2 - 1))
        y += MUSIC_TALL
    named = _lane_names(lane_names, row) if page.named_lanes else ()
    start, end = (clock(frame / row.rate_hz) for frame in (row.start, row.end))
    return Panel(f"{start} to {end}", y + gap, (*_ruler(row, y, page), *items, *named))


def _heights(row: Row) -> tuple[float, float, float, float, float]:
    """Heights of spans, positions, voice and sounds, and the gap below a row."""
    return (46.0, 30.0, 17.0, 15.0, 18.0) if row.detailed else (26.0, 18.0, 12.0, 8.0, 12.0)


def _lane_names(names: list[tuple[str, float]], row: Row) -> Iterator[Text]:
    for name, middle in names:
        yield Text(row.left - 10, middle + LANE_NAME_SIZE * 0.36, name, LANE_NAME_SIZE, "soft", anchor=Anchor.END)


def _ruler(row: Row, floor: float, page: Format) -> Iterator[Drawn]:
    """Draw the times above the row and lines down through its lanes."""
    step = row.ruler_step_s * row.rate_hz
    whole = [frame for frame in range(row.start, row.end + 1, step) if frame == row.start or frame % step == 0]
    fine = step // 5 if row.ruler_step_s % 10 in {0, 5} else step // 2
    between = [frame for frame in range(row.start, row.end + 1, fine) if frame not in set(whole)]
    yield Strokes((((row.left, RULER_TALL - 3), (row.x(row.end), RULER_TALL - 3)),), "axis", 1)
    if between:
        yield Strokes(tuple(((row.x(f), RULER_TALL - 5.5), (row.x(f), RULER_TALL - 3)) for f in between), "axis", 1)
    yield Strokes(tuple(((row.x(f), RULER_TALL - 8), (row.x(f), RULER_TALL - 3)) for f in whole), "ink", 1)
    yield Strokes(tuple(((row.x(f), RULER_TALL - 3), (row.x(f), floor)) for f in whole), "grid", 1)
    for frame in whole:
        time_s = frame // row.rate_hz
        written = clock(time_s)
        full = time_s % (MINUTE_S if row.detailed else HOUR_S // 4) == 0
        x, half = row.x(frame), width(written, RULER_SIZE, bold=full) / 2
        x = min(max(x, half + 1), page.width - half - 1)
        yield Text(x, RULER_TALL - 9.5, written, RULER_SIZE, "ink" if full else "soft", Anchor.MIDDLE, bold=full)
