"""The picture of a session: everything stands where its time says, and long sessions stay small."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.publish.plotting import (
    RATE,
    SVG,
    WORK,
    golden,
    key_words,
    long_session,
    one_of_each,
    place_of,
    s,
    session,
    shown,
)
from voicecoach.model.timeline import Span
from voicecoach.publish.plot.layout import scene
from voicecoach.publish.plot.lettering import width
from voicecoach.publish.plot.rows import NARROW, WIDE, Format, row_length_s
from voicecoach.publish.plot.scene import Anchor, Mark, Panel, Rect, Strokes, Text
from voicecoach.publish.plot.svg import svg


def test_an_svg_is_well_formed_and_tells_what_it_shows() -> None:
    root = ET.fromstring(svg(scene(one_of_each(), WIDE)).encode())
    assert root.tag == f"{SVG}svg"
    assert root.attrib["role"] == "img"
    assert [root[0].tag, root[0].text] == [f"{SVG}title", "T"]
    assert root[1].tag == f"{SVG}desc"
    assert "total 4:00" in (root[1].text or "")
    assert "Pigeon pose, Squat, Slow breath" in (root[1].text or "")


@pytest.mark.parametrize("name", ["whole-language", "deutsch", "library"])
@pytest.mark.parametrize("page", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_span_and_cue_stands_where_its_time_says(name: str, page: Format) -> None:
    timeline = golden(name)
    marks = shown(svg(scene(timeline, page)))
    drawn = {(mark.kind, mark.at, mark.row): mark for mark in marks}
    voice, earcons = timeline.track("voice").clips, timeline.track("earcons").clips
    if row_length_s(timeline.length_s, page) > 240:
        assert not any(mark.kind in {"voice", "sound"} for mark in marks)
        voice = earcons = ()
    for kind, things in (("span", timeline.spans), ("voice", voice)):
        for thing in things:
            row, x = place_of(thing.start, timeline, page)
            left, right = drawn[kind, thing.start, row].rect
            assert left == pytest.approx(x, abs=0.01)
            last_row, end = place_of(thing.end, timeline, page)
            if last_row == row:
                assert right == pytest.approx(end, abs=1.01)
    assert len([mark for mark in marks if mark.kind == "sound"]) == len(earcons)
    for clip in earcons:
        row, x = place_of(clip.start, timeline, page)
        numbers = [float(n) for n in _first_numbers(drawn["sound", clip.start, row].element)]
        beside = 9 if clip.earcon in {"side", "rest", "start", "done"} else 0
        assert x - 6 <= numbers[0] <= x + 6 + beside, clip


def _first_numbers(group: ET.Element) -> list[str]:
    shape = group[1]
    return [shape.attrib[name] for name in ("cx", "x") if name in shape.attrib] or re.findall(
        r"[\d.]+", shape.get("d", "")
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 400 * RATE), min_size=1, max_size=25), st.sampled_from([WIDE, NARROW]))
def test_place_is_linear_in_time(lengths: list[int], page: Format) -> None:
    """However a session is cut, each span is drawn in pieces that together are as wide as it is long."""
    spans, start = [], 0
    for n, frames in enumerate(lengths):
        spans.append(Span("hold", start, frames, n + 1))
        start += frames
    timeline = session(*spans)
    picture = scene(timeline, page)
    room = page.width - page.left - page.right
    pieces: dict[int, list[Rect]] = {}
    for row in picture.rows:
        for mark in row.items:
            if isinstance(mark, Mark) and mark.kind == "span":
                assert isinstance(mark.shapes[0], Rect)
                pieces.setdefault(mark.at, []).append(mark.shapes[0])
                assert page.left - 1e-6 <= mark.shapes[0].x
                assert mark.shapes[0].x + mark.shapes[0].width <= page.left + room + 1e-6
    if row_length_s(timeline.length_s, page) * 1.5 > room:
        return  # an overview: narrow ones are joined
    per_frame = room / (row_length_s(timeline.length_s, page) * RATE)
    for span in spans:
        row, x = place_of(span.start, timeline, page)
        assert pieces[span.start][0].x == pytest.approx(x)
        wide = sum(piece.width for piece in pieces[span.start])
        assert wide == pytest.approx(span.frames * per_frame, abs=1.01 * len(pieces[span.start]))


@pytest.mark.parametrize(
    ("session_s", "wide_s", "narrow_s"),
    [(20, 15, 15), (240, 120, 30), (443, 180, 60), (821, 300, 120), (1606, 240, 180), (7200, 900, 600)],
)
def test_row_lengths(session_s: int, wide_s: int, narrow_s: int) -> None:
    assert row_length_s(Fraction(session_s), WIDE) == wide_s
    assert row_length_s(Fraction(session_s), NARROW) == narrow_s


@pytest.mark.parametrize("hours", [3, 8, 12, 24, 100])
@pytest.mark.parametrize("page", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_long_session_has_few_rows(hours: int, page: Format) -> None:
    assert math.ceil(hours * 3600 / row_length_s(Fraction(hours * 3600), page)) <= page.most_rows[2]


def test_a_long_session_stays_a_small_picture(tmp_path: Path) -> None:
    timeline = long_session(8, 20_000)
    picture = scene(timeline, WIDE)
    assert len(svg(picture)) < 3_000_000
    assert picture.height < 2500
    assert {mark.kind for row in picture.rows for mark in row.items if isinstance(mark, Mark)} == {
        "name",
        "span",
        "position",
    }
    assert "how much is said" in key_words(picture)


def test_hours_of_seconds_do_not_grow_without_end() -> None:
    """Spans of a second each are joined where a single one could not be seen."""
    timeline = session(*(Span(WORK[n % 5], s(n), s(1), n) for n in range(4 * 3600)))
    picture = scene(timeline, WIDE)
    spans = [mark for row in picture.rows for mark in row.items if isinstance(mark, Mark) and mark.kind == "span"]
    assert len(spans) <= len(picture.rows) * WIDE.width
    assert "short parts" in spans[0].tip


def test_a_session_of_nothing() -> None:
    for page in (WIDE, NARROW):
        ET.fromstring(svg(scene(session(), page)).encode())


def test_shapes_keep_inside_the_picture() -> None:
    """Nothing is cut off at the margins."""
    for page in (WIDE, NARROW):
        picture = scene(golden("whole-language"), page)
        for panel in picture.panels:
            for x, y in _corners(panel):
                assert -1 <= x <= page.width + 1
                assert -1 <= y <= panel.height + 1


def _corners(panel: Panel) -> Iterator[tuple[float, float]]:
    for shape in panel.shapes():
        match shape:
            case Rect():
                yield from ((shape.x, shape.y), (shape.x + shape.width, shape.y + shape.height))
            case Strokes():
                for line in shape.lines:
                    yield from line
            case Text():
                wide = width(shape.text, shape.size, bold=shape.bold)
                left = shape.x - {Anchor.START: 0.0, Anchor.MIDDLE: wide / 2, Anchor.END: wide}[shape.anchor]
                yield from ((left, shape.y), (left + wide, shape.y))
