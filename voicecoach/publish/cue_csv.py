"""A session as rows of a spreadsheet: each span, each thing said and each sound, with its time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from voicecoach.model.diagnostic import harmless
from voicecoach.model.timeline import VOICE_TRACK, PlacedClip, Span, Timeline
from voicecoach.publish.by_span import Heard, Talk, by_span, millionths, talk

COLUMNS = (
    "start_s",
    "end_s",
    "length_s",
    "track",
    "kind",
    "text",
    "step",
    "exercise",
    "name",
    "side",
    "set",
    "rep",
    "position",
    "words",
    "words_per_minute",
)
"""``track`` is ``spans``, ``voice`` or ``earcons``; ``kind`` the span's kind, the role of speech, the earcon's name."""

_FORMULA = ("=", "+", "-", "@")

Cell = str | int | None


def cue_csv(timeline: Timeline) -> str:
    """Write a session as comma-separated values with a line of headings, ordered by time; a span before its cues.

    Texts that a spreadsheet would take for a formula get an apostrophe before them, as people write it themselves.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for heard in by_span(timeline):
        writer.writerows([_safe(cell) for cell in row] for row in _rows(heard))
    return out.getvalue()


def _rows(heard: Heard) -> Iterator[tuple[Cell, ...]]:
    span = heard.span
    yield (*_times(span), "spans", span.kind, None, *_where(span, span), None, span.position, *_pace(heard.talk))
    for clip in heard.clips:
        track, kind = (VOICE_TRACK, clip.role) if clip.text is not None else ("earcons", clip.earcon)
        yield (
            *_times(clip),
            track,
            kind,
            clip.text,
            *_where(clip, span),
            clip.rep,
            span.position,
            *_pace(talk([clip])),
        )


def _times(of: Span | PlacedClip) -> tuple[str, str, str]:
    start, end, length = (millionths(frames) for frames in (of.start, of.end, of.frames))
    return start, end, length


def _where(of: Span | PlacedClip, span: Span) -> tuple[Cell, ...]:
    return (of.step, of.exercise, span.name, of.side, of.set)


def _pace(said: Talk) -> tuple[Cell, Cell]:
    return (said.words or None, said.words_per_minute)


def _safe(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    text = harmless(cell)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
