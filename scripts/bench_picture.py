"""The picture of what was measured: how many times faster, how it grows, where the time goes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench_growth import MOST_MB, Grown
from bench_ours import peak_mb, wall_s
from bench_script import SCRIPT, Compared
from bench_stages import Spent

from voicecoach.publish.plot.lettering import width
from voicecoach.publish.plot.scene import Anchor, Drawn, Panel, Point, Rect, Scene, Strokes, Text

WIDE, MARGIN, GAP = 960.0, 28.0, 44.0
HALF = (WIDE - 2 * MARGIN - GAP) / 2
TITLE, HEAD, BODY, SMALL = 22.0, 14.0, 12.0, 11.0
BAR, STEP = 16.0, 24.0
LABEL = 172.0
CURVE_TALL = 190.0
AXIS = 40.0
PLAIN_PAINT, BED_PAINT = "hold", "reps"
MOST_STAGES = 6
STAGE_PAINTS = ("hold", "reps", "time", "cycles", "breathe", "rest", "change")
BUILDS = {
    "first": "for the first time",
    "a word": "one word in a hold",
    "all moves": "one word, and all moves",
    "nothing": "nothing changed",
}


@dataclass(frozen=True)
class Line:
    """One curve: its points in (minutes, value), and how it is drawn."""

    name: str
    points: Sequence[Point]
    paint: str
    dashed: bool = False


def picture(panels: Sequence[Panel], machine: str) -> Scene:
    """Put what there is under one another."""
    head = Panel(
        "Title",
        72,
        (
            Text(MARGIN, 40, "voicecoach: how fast, and how it grows", TITLE, bold=True),
            Text(MARGIN, 60, machine, BODY, "soft"),
        ),
    )
    foot = Panel("Foot", 16, ())
    return Scene(
        "How fast voicecoach builds", f"{machine}. {' '.join(p.name for p in panels)}", WIDE, head, foot, (*panels,)
    )


def ratio_panel(compared: Sequence[Compared]) -> Panel:
    """Bars: how many times faster than a reader's own script, without and with a bed; a stroke where the goal is."""
    items: list[Drawn] = [Text(MARGIN, 20, "Times as fast as a script with pyttsx3, pydub and ffmpeg", HEAD, bold=True)]
    most = max(max(one.ratio(what), one.goals[what]) for one in compared for what in one.goals)
    for column, one in enumerate(compared):
        left = MARGIN + column * (HALF + GAP)
        paint = BED_PAINT if one.bed else PLAIN_PAINT
        took = f"the script took {wall_s(one.runs[SCRIPT]):.0f} s and {peak_mb(one.runs[SCRIPT]):,.0f} MB"
        items.append(Text(left, 44, f"{'with a bed' if one.bed else 'without a bed'}: {took}", BODY, "soft"))
        room = HALF - LABEL - 46
        for row, (what, goal) in enumerate(one.goals.items()):
            y, ratio = 58 + row * STEP, one.ratio(what)
            long = max(1.0, ratio / most * room)
            at = left + LABEL + goal / most * room
            items += [
                Text(left + LABEL - 8, y + 12.5, what, BODY, anchor=Anchor.END),
                Rect(left + LABEL, y, long, BAR, paint, 2),
                Strokes((((at, y - 3), (at, y + BAR + 3)),), "warn" if ratio < goal else "ink", 1.5),
                Text(left + LABEL + max(long, goal / most * room) + 6, y + 12.5, f"{ratio:.1f}×", BODY, bold=True),
            ]
    rows = max(len(one.goals) for one in compared)
    low = 58 + rows * STEP + 14
    items.append(Text(MARGIN, low, "The upright stroke is the goal; it is red where it is missed.", SMALL, "soft"))
    return Panel("Bars: how many times as fast as a reader's own script.", low + 26, tuple(items))


def growth_panel(grown: Sequence[Grown]) -> Panel:
    """Curves: build time and memory over the length of the session."""
    paints = {False: PLAIN_PAINT, True: BED_PAINT}
    beds = {False: "without a bed", True: "with a bed"}

    def lines(value: Callable[[Grown, bool], float]) -> list[Line]:
        return [
            Line(
                f"{beds[bed]}, {'nothing changed' if warm else 'for the first time'}",
                [(one.length_s / 60, value(one, warm)) for one in grown if one.bed is bed],
                paints[bed],
                warm,
            )
            for bed in (False, True)
            for warm in (False, True)
            if any(one.bed is bed for one in grown)
        ]

    times = lines(lambda one, warm: (one.warm if warm else one.cold).wall_s)
    memory = lines(lambda one, warm: (one.warm if warm else one.cold).peak_mb)
    items = [
        *_curves(MARGIN, "Time to build, in s, by length of the session", times),
        *_curves(MARGIN + HALF + GAP, "Most memory, in MB", memory, MOST_MB),
        *_line_legend(MARGIN + AXIS, 36 + CURVE_TALL + 42, times),
    ]
    return Panel("Curves: time and memory by length.", CURVE_TALL + 106, tuple(items))


def stage_panel(stages: Mapping[bool, Spent]) -> Panel:
    """Bars: which stage of a build takes how long."""
    totals = {
        name: max(spent[build].get(name, 0.0) for spent in stages.values() for build in spent)
        for name in dict.fromkeys(name for spent in stages.values() for of in spent.values() for name in of)
    }
    shown = sorted(totals, key=lambda name: -totals[name])[:MOST_STAGES]
    paints = dict(zip(shown, STAGE_PAINTS, strict=False))
    items: list[Drawn] = [Text(MARGIN, 20, "Where the time goes, each bar as a whole", HEAD, bold=True)]
    for column, (bed, spent) in enumerate(stages.items()):
        left = MARGIN + column * (HALF + GAP)
        items.append(Text(left, 44, "with a bed" if bed else "without a bed", BODY, "soft"))
        for row, (build, of) in enumerate(spent.items()):
            y, room = 58 + row * STEP, HALF - LABEL - 46
            whole = sum(of.values())
            items.append(Text(left + LABEL - 8, y + 12.5, BUILDS[build], BODY, anchor=Anchor.END))
            items.append(Text(left + LABEL + room + 6, y + 12.5, f"{whole:.1f} s", BODY, bold=True))
            at = left + LABEL
            rest = whole - sum(of.get(name, 0.0) for name in shown)
            for name, spent_s in (*((name, of.get(name, 0.0)) for name in shown), ("other", rest)):
                long = room * spent_s / whole if whole else 0.0
                items.append(Rect(at, y, long, BAR, paints.get(name, STAGE_PAINTS[-1])))
                at += long
    low = 58 + max(map(len, stages.values())) * STEP + 6
    items += _legend(MARGIN, low, [*paints.items(), ("other", STAGE_PAINTS[-1])])
    return Panel("Bars: where the time of a build goes.", low + 40, tuple(items))


def _legend(x: float, y: float, names: Sequence[tuple[str, str]]) -> Iterator[Drawn]:
    for name, paint in names:
        yield Rect(x, y + 3, 10, 10, paint, 2)
        yield Text(x + 15, y + 12, name, SMALL, "soft")
        x += 15 + width(name, SMALL) + 16


def _line_legend(x: float, y: float, lines: Sequence[Line]) -> Iterator[Drawn]:
    for line in lines:
        yield Strokes((((x, y - 4), (x + 18, y - 4)),), line.paint, 2, line.dashed)
        yield Text(x + 24, y, line.name, SMALL, "soft")
        x += 24 + width(line.name, SMALL) + 18


def _curves(left: float, title: str, lines: Sequence[Line], goal: float | None = None) -> Iterator[Drawn]:
    """Draw curves over the length of the session; both axes begin at 0, so what grows in step is a straight line."""
    most_x = max(x for line in lines for x, _ in line.points)
    step = _round(max(*(y for line in lines for _, y in line.points), goal or 0.0) / 4)
    most_y = step * math.ceil(max(*(y for line in lines for _, y in line.points), goal or 0.0) * 1.02 / step)
    begin, room, top = left + AXIS, HALF - AXIS - 8, 36.0
    low = top + CURVE_TALL

    def at(point: Point) -> Point:
        return begin + point[0] / most_x * room, low - point[1] / most_y * CURVE_TALL

    yield Text(left, 20, title, HEAD, bold=True)
    for number in range(round(most_y / step) + 1):
        y = at((0, number * step))[1]
        yield Strokes((((begin, y), (begin + room, y)),), "axis" if number == 0 else "grid")
        yield Text(begin - 6, y + 4, f"{number * step:,g}", SMALL, "soft", Anchor.END)
    every = _minutes(most_x)
    for number in range(math.floor(most_x / every + 0.01) + 1):
        x, minutes = at((number * every, 0))[0], number * every
        yield Strokes((((x, low), (x, low + 4)),), "axis")
        name = f"{minutes / 60:g} h" if every >= 60 else f"{minutes:g} min"
        yield Text(x, low + 17, name, SMALL, "soft", Anchor.MIDDLE)
    if goal is not None:
        y = at((0, goal))[1]
        yield Strokes((((begin, y), (begin + room, y)),), "warn", 1.2, dashed=True)
        yield Text(begin + room, y - 5, f"goal: under {goal:g} MB", SMALL, "warn", Anchor.END)
    for line in lines:
        points = tuple(map(at, line.points))
        if len(points) > 1:
            yield Strokes((points,), line.paint, 2, line.dashed)
        for x, y in points:
            yield Rect(x - 2.5, y - 2.5, 5, 5, line.paint, 2.5)


def _round(value: float) -> float:
    """Give the next of 1, 2, 5, 10, 20 and so on."""
    power = 10.0 ** math.floor(math.log10(max(value, 1e-6)))
    return next(power * digit for digit in (1, 2, 5, 10) if power * digit >= value)


def _minutes(most: float) -> float:
    return next(every for every in (1, 2, 5, 10, 15, 30, 60, 120, 240) if most / every <= 8 or every == 240)


def write(panels: Sequence[Panel], path: Path, machine: str) -> None:
    """Write the picture: an SVG or a PNG."""
    scene = picture(panels, machine)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".svg":
        from voicecoach.publish.plot.svg import svg

        path.write_text(svg(scene), encoding="utf-8")
    else:
        from voicecoach.publish.plot.png import png

        path.write_bytes(png(scene))
