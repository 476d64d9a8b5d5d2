"""A timeline as a readable table: spans as headings, below each what is heard in it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicecoach.model.timeline import PlacedClip, Span, Timeline


def cue_sheet(timeline: Timeline) -> Iterator[str]:
    """Give the lines of the cue sheet, then the notes; texts of the author's command no terminal."""
    from voicecoach.model.diagnostic import harmless

    yield from map(harmless, _lines(timeline))


def _lines(timeline: Timeline) -> Iterator[str]:
    from voicecoach.model.units import clock, to_seconds

    clips = sorted((c for track in timeline.tracks for c in track.clips), key=lambda c: (c.start, c.earcon is None))
    following = iter(clips)
    clip = next(following, None)
    for span in timeline.spans:
        while clip is not None and clip.start < span.start:
            yield _clip_line(clip)
            clip = next(following, None)
        yield _span_line(span)
        while clip is not None and (clip.start < span.end or (clip.start == span.end and clip.earcon == "end")):
            yield _clip_line(clip)
            clip = next(following, None)
    if clip is not None:
        yield _clip_line(clip)
    for note in timeline.notes:
        yield f"note: {clock(to_seconds(note.at))} {note.message}"


def _span_line(span: Span) -> str:
    from voicecoach.model.units import clock_ms, short, to_seconds

    what = " ".join(word for word in (span.exercise, span.side, f"set {span.set}" if span.set else None) if word)
    length = short(Fraction(round(to_seconds(span.frames) * 1000), 1000))
    return f"{clock_ms(to_seconds(span.start)):>11}  {span.kind.upper()} {length}{f'  {what}' if what else ''}"


def _clip_line(clip: PlacedClip) -> str:
    from voicecoach.model.units import clock_ms, to_seconds

    sound = f"({clip.earcon}{f' {clip.rep}' if clip.rep else ''})" if clip.text is None else f"“{clip.text}”"
    return f"{clock_ms(to_seconds(clip.start)):>11}    {sound}"
