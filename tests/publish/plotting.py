"""Sessions to draw, and how to read the pictures of them again."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from voicecoach.model.cuescript import Earcon
from voicecoach.model.timeline import Chapter, PlacedClip, Span, Timeline, Track
from voicecoach.publish.plot.rows import WIDE, Format, row_length_s
from voicecoach.publish.plot.scene import Scene, Text

RATE = 48_000
SVG = "{http://www.w3.org/2000/svg}"
GOLDEN = Path(__file__).parents[1] / "golden"
WORK = ("hold", "reps", "time", "cycles", "breathe")


def s(seconds: float) -> int:
    return round(seconds * RATE)


def said(at_s: float, text: str, lasts_s: float = 1.5) -> PlacedClip:
    return PlacedClip(s(at_s), s(lasts_s), "say", text)


def sound(at_s: float, earcon: Earcon, rep: int | None = None, side: str | None = None) -> PlacedClip:
    return PlacedClip(s(at_s), s(0.4), earcon.value, earcon=earcon.value, rep=rep, side=side)


def session(
    *spans: Span, voice: tuple[PlacedClip, ...] = (), earcons: tuple[PlacedClip, ...] = (), title: str = "T"
) -> Timeline:
    end = spans[-1].end if spans else 0
    tracks = (Track("voice", voice), Track("earcons", earcons), Track("bed"))
    return Timeline(title, end, tracks, spans, (Chapter(title, 0, end),))


def one_of_each() -> Timeline:
    """Four minutes with a hold on each side, repetitions and breathing."""
    hold = Span("hold", s(20), s(30), 2, "pigeon-pose", "left", None, "Pigeon pose", "hands and knees")
    return session(
        Span("opening", 0, s(10)),
        Span("set-up", s(10), s(10), 2, "pigeon-pose", "left", None, "Pigeon pose", "hands and knees"),
        hold,
        Span("change sides", s(50), s(10), 2, "pigeon-pose", "right", None, "Pigeon pose", "hands and knees"),
        replace(hold, start=s(60), side="right"),
        Span("rest", s(90), s(30), 3),
        Span("reps", s(120), s(32), 4, "squat", None, None, "Squat", "standing", "2-0-2-0"),
        Span("breathe", s(152), s(60), 5, None, None, None, "Slow breath", "lying on the back", "4-2-6-0"),
        Span("closing", s(212), s(28)),
        voice=(said(1, "Welcome."), said(11, "Pigeon pose.", 3), said(213, "That is it.")),
        earcons=(
            sound(20, Earcon.START),
            sound(50, Earcon.END),
            sound(60, Earcon.START),
            sound(90, Earcon.END),
            sound(90.6, Earcon.REST),
            *(sound(120 + 4 * n, Earcon.REP, n + 1) for n in range(8)),
            *(sound(152 + 12 * n + d, e, n + 1) for n in range(5) for d, e in ((0, Earcon.IN), (6, Earcon.OUT))),
        ),
    )


def golden(name: str) -> Timeline:
    return Timeline.from_json(json.loads((GOLDEN / f"{name}.timeline.json").read_text(encoding="utf-8")))


def long_session(hours: int, cues: int) -> Timeline:
    """Exercises of a minute each, with all cues spread evenly over them."""
    minutes = hours * 60
    spans = []
    for n in range(minutes):
        where = {"step": n + 1, "exercise": f"exercise-number-{n % 9}", "side": ("left", "right")[n % 2]}
        position = ("standing", "lying on the back", "half-kneeling")[n % 3]
        spans += [
            Span("set-up", s(60 * n), s(20), **where, position=position),
            Span(WORK[n % 5], s(60 * n + 20), s(30), **where, position=position, pattern="2-0-2-0"),
            Span("rest", s(60 * n + 50), s(10), **where, position=position),
        ]
    every_s = hours * 3600 / (cues // 2)
    voice = tuple(said(n * every_s, f"Cue number {n} of a long day.", every_s / 2) for n in range(cues // 2))
    earcons = tuple(sound(n * every_s + every_s / 2, Earcon.TICK) for n in range(cues // 2))
    return session(*spans, voice=voice, earcons=earcons, title="A long day")


class Shown(NamedTuple):
    """A mark as it stands in an SVG file."""

    kind: str
    at: int
    tip: str
    row: int
    element: ET.Element

    @property
    def rect(self) -> tuple[float, float]:
        """From where to where its first rectangle reaches."""
        found = self.element.find(f"{SVG}rect")
        assert found is not None
        x = float(found.attrib["x"])
        return x, x + float(found.attrib["width"])


def shown(text: str) -> list[Shown]:
    """All marks of an SVG file; the first panel is the head, so rows count from 0 on the second."""
    panels = ET.fromstring(text.encode()).findall(f"{SVG}g")
    return [
        Shown(group.attrib["class"].split()[1], int(group.attrib["data-at"]), group[0].text or "", number - 1, group)
        for number, panel in enumerate(panels)
        for group in panel.findall(f"{SVG}g")
    ]


def place_of(frame: int, timeline: Timeline, page: Format = WIDE) -> tuple[int, float]:
    """Row and x of a frame, told anew: rows of one length, each filled evenly from the left margin to the right one."""
    row_s = row_length_s(timeline.length_s, page)
    row, into = divmod(Fraction(frame, RATE), row_s)
    return row, page.left + float(into / row_s) * (page.width - page.left - page.right)


def texts(text: str) -> set[str]:
    return {"".join(element.itertext()) for element in ET.fromstring(text.encode()).iter(f"{SVG}text")}


def key_words(picture: Scene) -> set[str]:
    return {shape.text for shape in picture.key.shapes() if isinstance(shape, Text)}


def rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:], 16)


class Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self._in: list[str] = []
        self.title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self._in.append(tag)

    def handle_data(self, data: str) -> None:
        if self._in and self._in[-1] == "title" and not self.title:
            self.title = data
        if "script" not in self._in[-1:] and data.strip():
            self.words.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        while self._in and self._in.pop() != tag:
            pass


def read(path: Path) -> Read:
    reader = Read()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader
