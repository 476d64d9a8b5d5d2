"""A session as a table for people: span by span what is heard and when, and at the end what it adds up to."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from voicecoach.model.cuescript import BREATH_TONES, Earcon
from voicecoach.model.diagnostic import harmless
from voicecoach.model.timeline import EARCON_TRACK, Note, PlacedClip, Span, Timeline
from voicecoach.model.units import clock, clock_ms, decimal, short, to_frames, to_seconds
from voicecoach.publish.by_span import Heard, Move, by_span, per_minute, talk_of, tenths
from voicecoach.publish.naming import sounded, where

WIDTH = 100
NARROWEST = 40
LEAST_ROOM = 24
"""Columns that the name of an exercise gets beside the rest of its line, or a line of its own."""
FEW_WORDS = 8
"""Fewer words than these have no pace worth telling."""

_TIME = 9
_KIND = 12
_LENGTH = 7
_INDENT = _TIME + 4
_PACE = 8
SOON = to_frames(Fraction(3, 2))
"""Words that begin so soon after a sound of the same number belong to it."""
Unit = tuple[PlacedClip, ...]
_WAYS = {1: "getting up", -1: "getting down", 0: "moving"}


def cue_table(
    timeline: Timeline, remark: str | None = None, *, width: int = WIDTH, every: bool = False
) -> Iterator[str]:
    """Give the lines of the table; texts of the author's command no terminal.

    Parameters
    ----------
    timeline
        The session.
    remark
        Stands with the title and length at the top; None: no such line.
    width
        Columns to keep within, as far as single words allow.
    every
        Each sound on a line of its own, and all notes; else repeated sounds share a line, those that only lead in
        words are left out, and the notes are counted.
    """
    width = max(width, NARROWEST)
    if remark is not None:
        yield harmless(f"{timeline.title}  {clock(timeline.length_s)} ({remark})")
    chapters = {chapter.start for chapter in timeline.chapters}
    for heard in by_span(timeline):
        if heard.span.start in chapters:
            chapters.discard(heard.span.start)
            yield ""
        if heard.move is not None:
            yield from _move_lines(heard.span, heard.move, width)
        yield from _span_lines(heard, width)
        yield from _cue_lines(heard.clips, width, every=every)
    yield ""
    yield from _totals(timeline, width)
    yield from _note_lines(timeline.notes, width, every=every)


def _span_lines(heard: Heard, width: int) -> Iterator[str]:
    span = heard.span
    length = short(tenths(span.frames))
    head = f"{_clock(span.start):>{_TIME}}  {span.kind.upper():<{_KIND}} {length:>{_LENGTH}}"
    said = heard.talk
    pace = f"{said.words_per_minute} wpm" if said.words >= FEW_WORDS else ""
    yield from _columns(head, where(span), pace, width)


def _columns(head: str, what: str, pace: str, width: int) -> Iterator[str]:
    """Put the pace at the right margin; what does not fit goes on below, where it is narrow all of it."""
    room = width - len(head) - 2 - (_PACE if pace else 0)
    narrow = room < LEAST_ROOM
    first, *more = ("", what) if narrow else (textwrap.wrap(harmless(what), room) or [""])
    line = f"{head}  {first}".rstrip()
    yield f"{line}{pace:>{width - len(line)}}" if pace else line
    for rest in filter(None, more):
        yield from _wrapped(" " * (_INDENT if narrow else len(head) + 2), harmless(rest), width)


def _move_lines(span: Span, move: Move, width: int) -> Iterator[str]:
    head = f"{_clock(span.start):>{_TIME}}  "
    text = f"{_WAYS[move.way]}: {move.before} → {move.after}"
    yield from _wrapped(head, harmless(text), width)


def _cue_lines(clips: Sequence[PlacedClip], width: int, *, every: bool) -> Iterator[str]:
    for run in _runs(clips, every=every):
        yield from _wrapped(f"{_clock(run[0][0].start):>{_TIME}}    ", harmless(_told(run)), width)


def _units(clips: Sequence[PlacedClip]) -> Iterator[Unit]:
    """Put together what is one thing: a sound with the words that go with it, the parts of a breath."""
    unit: Unit = ()
    for clip in clips:
        if unit and (_counts(unit[-1], clip) or _breathes_on(unit, clip)):
            unit = (*unit, clip)
            continue
        if unit:
            yield unit
        unit = (clip,)
    if unit:
        yield unit


def _counts(tap: PlacedClip, clip: PlacedClip) -> bool:
    """Tell whether words are the number of the tap just before them."""
    soon = clip.start - tap.start < SOON
    return tap.earcon is not None and tap.rep is not None and clip.text is not None and tap.rep == clip.rep and soon


def _breathes_on(unit: Sequence[PlacedClip], clip: PlacedClip) -> bool:
    """Tell whether a sound is the next part of the breath that the one before it is a part of."""
    if unit[-1].earcon not in BREATH_TONES or clip.earcon not in BREATH_TONES or unit[-1].rep != clip.rep:
        return False
    return BREATH_TONES.index(Earcon(unit[-1].earcon)) < BREATH_TONES.index(Earcon(clip.earcon))


def _runs(clips: Sequence[PlacedClip], *, every: bool) -> Iterator[list[Unit]]:
    """Put together what is repeated evenly, unless every one is to be shown; lead-ins go with what they lead in."""
    run: list[Unit] = []
    told = [clip for clip in clips if clip.earcon != Earcon.LEAD_IN]
    for unit in [(clip,) for clip in clips] if every else _units(told):
        if run and not every and _goes_on(run, unit):
            run.append(unit)
            continue
        if run:
            yield run
        run = [unit]
    if run:
        yield run


def _goes_on(run: Sequence[Unit], unit: Unit) -> bool:
    before, now = run[-1][0], unit[0]
    if not now.earcon or _shape(run[-1]) != _shape(unit) or (before.rep or 0) + (now.rep is not None) != (now.rep or 0):
        return False
    return len(run) == 1 or abs((now.start - before.start) - (before.start - run[-2][0].start)) <= 1


def _shape(unit: Unit) -> list[tuple[str | None, str | None]]:
    return [(clip.earcon, clip.side) for clip in unit]


def _told(run: Sequence[Unit]) -> str:
    first, last = run[0], run[-1]
    if len(run) == 1:
        return " ".join(sounded(clip) if clip.text is None else f"“{clip.text}”" for clip in first)
    apart_s = Fraction(round(to_seconds(run[1][0].start - first[0].start) * 1000), 1000)
    names = ", ".join(clip.earcon for clip in first if clip.earcon)
    numbers = f" {first[0].rep} to {last[0].rep})" if first[0].rep is not None else f") {len(run)} times"
    said = f" “{first[-1].text}” to “{last[-1].text}”" if first[-1].text is not None else ""
    return f"({names}{numbers}{said}, {decimal(apart_s)} s apart"


def _totals(timeline: Timeline, width: int) -> Iterator[str]:
    said = talk_of(timeline)
    yield from _wrapped("length     ", clock(timeline.length_s), width)
    if said.words:
        share = round(100 * said.spoken / timeline.frames)
        overall = per_minute(said.words, timeline.frames)
        text = (
            f"{clock(to_seconds(said.spoken))}, {share} % of it: {said.words:,} words, {said.words_per_minute} a minute"
            f" while it speaks, {overall} over the whole"
        )
        yield from _wrapped("speech     ", text, width)
    moves = [heard.move for heard in by_span(timeline) if heard.move is not None]
    ways = sum(move.way != 0 for move in moves)
    yield from _wrapped("positions  ", _moves_told(len(moves), ways), width)
    sounds = Counter(clip.earcon for clip in timeline.track(EARCON_TRACK).clips)
    if sounds:
        yield from _wrapped("sounds     ", ", ".join(f"{number} {name}" for name, number in sounds.items()), width)


def _moves_told(moves: int, ways: int) -> str:
    if not moves:
        return "no change"
    changes = f"{moves} change{'s' if moves != 1 else ''}"
    times = {0: "never", 1: "once", 2: "twice"}.get(ways, f"{ways} times")
    return f"{changes}, {times} between up and the floor"


def _note_lines(notes: Sequence[Note], width: int, *, every: bool) -> Iterator[str]:
    if notes and not every:
        number = len(notes)
        what = "cue was" if number == 1 else "cues were"
        yield from _wrapped("", f"{number} {what} moved, shortened or left out: -v shows them", width)
        return
    for note in notes:
        step = f"step {note.step}: " if note.step is not None else ""
        yield from _wrapped(f"note: {clock(to_seconds(note.at))} ", harmless(f"{step}{note.message}"), width)


def _wrapped(head: str, text: str, width: int) -> Iterator[str]:
    """Break a line at the width; what goes on is set in below the text."""
    lines = textwrap.wrap(text, max(width - len(head), 12), break_long_words=False, break_on_hyphens=False) or [""]
    yield f"{head}{lines[0]}".rstrip()
    for line in lines[1:]:
        yield f"{'':{len(head)}}{line}"


def _clock(frames: int) -> str:
    return clock_ms(tenths(frames))[:-2]
