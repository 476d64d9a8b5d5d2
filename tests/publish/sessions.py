"""Timelines for the tests of what is made of them: one to read, and random ones with the texts that trip readers up."""

from __future__ import annotations

from hypothesis import strategies as st

from voicecoach.model.cuescript import Earcon, SpanKind
from voicecoach.model.timeline import Chapter, Note, PlacedClip, Span, Timeline, Track
from voicecoach.model.units import SAMPLE_RATE_HZ

SECOND = SAMPLE_RATE_HZ

TRAPS = (
    *("Now: breathe.", "Three: two: one.", "a --> b", "<b>bold</b> & so on", "{\\an8}up", "[00:12.00]not a time"),
    *("=1+1", " =2+2", "+49 123", "-5 dB", "@home", 'say "yes", now', "1", "12\\N13", "<00:12.00>word"),
    *("NOTE well", "WEBVTT"),
    *("&amp; already", "tab\there", "new\nline", "\x1b[31mred", "\u202eturned", "x" * 90, "Ends with a colon:"),
    *("日本語の文。もう一つの文。", "¿Qué tal? ¡Bien!", "Ü" * 50 + " " + "ß" * 50, "X-TIMESTAMP-MAP=x", "''quoted''"),
    f"Lie on your back with your knees bent, {'your feet flat on the floor and hip-width apart ' * 3}. And again.",
)
WORDS = st.text(st.characters(categories=("L", "N", "P", "S", "Zs", "Cc")), min_size=1, max_size=120).filter(
    lambda text: any(map(str.isalnum, text))
)
TEXTS = st.sampled_from(TRAPS) | WORDS


def exercise() -> Timeline:
    """A set-up of 10 s, a hold of 30 s on the left and its countdown, a change, repetitions on the right, a close."""
    left = {"step": 1, "exercise": "pigeon-pose", "side": "left", "name": "Pigeon pose", "position": "on all fours"}
    right = {**left, "side": "right", "set": 2}
    spans = (
        Span("opening", 0, 2 * SECOND),
        Span("set-up", 2 * SECOND, 10 * SECOND, **{**left, "position": "standing"}),
        Span("hold", 12 * SECOND, 30 * SECOND, **left),
        Span("change sides", 42 * SECOND, 8 * SECOND, **right),
        Span("reps", 50 * SECOND, 16 * SECOND, **right, pattern="2-0-2-0"),
        Span("rest", 66 * SECOND, 20 * SECOND, step=1),
        Span("closing", 86 * SECOND, 4 * SECOND),
    )
    said = (
        spoken(0.5, 1.0, "Hips.", "opening"),
        spoken(2.0, 4.0, "Now: come down. Bring your left knee to the front.", "set-up", **_where(left)),
        spoken(27.3, 0.7, "Halfway.", "halfway", **_where(left)),
        spoken(42.65, 2.0, "Change sides. Now the right side.", "change sides", **_where(right)),
        spoken(50.5, 0.4, "1.", "rep", **_where(right), rep=1),
        spoken(54.5, 0.4, "2.", "rep", **_where(right), rep=2),
        spoken(58.5, 0.4, "3.", "rep", **_where(right), rep=3),
        spoken(67.0, 2.0, "Rest for 20 seconds.", "rest", step=1),
    )
    sounds = (
        sound(12, Earcon.START, **_where(left)),
        sound(27, Earcon.HALFWAY, **_where(left)),
        *(sound(at, Earcon.TICK, **_where(left)) for at in (39, 40, 41)),
        sound(42, Earcon.END, **_where(left)),
        *(sound(50 + 4 * n, Earcon.REP, **_where(right), rep=n + 1) for n in range(4)),
        sound(66, Earcon.END, **_where(right)),
        sound(86, Earcon.DONE),
    )
    notes = (Note(28 * SECOND, "left out '10 seconds left.': no room before the countdown", "dropped", 1),)
    chapters = (Chapter("Opening", 0, 2 * SECOND), Chapter("Pigeon pose", 2 * SECOND, 88 * SECOND))
    tracks = (Track("voice", said), Track("earcons", sounds), Track("bed"))
    return Timeline("Hips", 90 * SECOND, tracks, spans, chapters, notes)


def spoken(at_s: float, length_s: float, text: str, role: str = "say", **where: object) -> PlacedClip:
    return PlacedClip(round(at_s * SECOND), round(length_s * SECOND), role, text=text, **where)  # type: ignore[arg-type]


def sound(at_s: float, earcon: Earcon, **where: object) -> PlacedClip:
    return PlacedClip(round(at_s * SECOND), SECOND // 5, earcon, earcon=earcon, **where)  # type: ignore[arg-type]


def _where(span: dict[str, object]) -> dict[str, object]:
    return {key: span[key] for key in ("step", "exercise", "side", "set") if key in span}


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Any spans, one after another, with any words and sounds in them; nothing on a track overlaps."""
    spans: list[Span] = []
    voice: list[PlacedClip] = []
    sounds: list[PlacedClip] = []
    at = 0
    for step in range(1, draw(st.integers(1, 5)) + 1):
        kind, frames = draw(st.sampled_from(SpanKind)), draw(st.integers(1, 100 * SECOND))
        name, side = draw(st.none() | TEXTS), draw(st.sampled_from([None, "left", "right"]))
        pattern = draw(st.sampled_from([None, "4-2-6-0", "3.5-0-5-1", "2-0-2-0"]))
        position = draw(st.sampled_from([None, "standing", "lying on the back", "kneeling", "in a tree"]))
        spans.append(Span(kind, at, frames, step, "x" if name else None, side, None, name, position, pattern))
        voice += _row(draw, at, frames, step, lambda text: {"text": text, "role": "say"}, TEXTS)
        numbered = st.tuples(st.sampled_from(Earcon), st.none() | st.integers(1, 12))
        sounds += _row(draw, at, frames, step, lambda one: {"earcon": one[0], "role": one[0], "rep": one[1]}, numbered)
        at += frames
    chapters = (Chapter(draw(TEXTS), 0, at),)
    tracks = (Track("voice", tuple(voice)), Track("earcons", tuple(sounds)), Track("bed"))
    return Timeline(draw(TEXTS), at, tracks, tuple(spans), chapters)


def _row(draw, at, frames, step, of, what):  # type: ignore[no-untyped-def]
    """Some clips in a span, each at least 50 ms long."""
    found, cursor, end = [], at, at + frames
    for _ in range(draw(st.integers(0, 4))):
        start = cursor + draw(st.integers(0, 8 * SECOND))
        length = draw(st.integers(SECOND // 20, 9 * SECOND))
        if start + length > end:
            break
        found.append(PlacedClip(start, length, step=step, **of(draw(what))))
        cursor = start + length
    return found
