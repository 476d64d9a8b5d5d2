"""All that is said, as the words of a song: whole, and line by line with the time of each."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, groupby, pairwise

from voicecoach.model.timeline import VOICE_TRACK, PlacedClip, Timeline
from voicecoach.model.units import to_ms
from voicecoach.mp3.tags import Lyric
from voicecoach.publish.caption_lines import pieces


def words(timeline: Timeline) -> str | None:
    """Return all that is said: a line for each thing said, an empty one between chapters; None where nothing is."""
    starts = [chapter.start for chapter in timeline.chapters]
    parts = [
        "\n".join(_text(clip) for clip in clips)
        for _, clips in groupby(_said(timeline), lambda clip: bisect_right(starts, clip.start))
    ]
    return "\n\n".join(parts) or None


def lyrics(timeline: Timeline) -> tuple[Lyric, ...]:
    """Return all that is said in lines as captions have them, each with its time.

    The first line of what is said at a time has that time to the millisecond; in the lines after it, time goes by
    letters.
    """
    found: list[Lyric] = []
    for clip in _said(timeline):
        lines = pieces(_text(clip))
        edges = [0, *accumulate(map(len, lines))]
        for line, (before, _) in zip(lines, pairwise(edges), strict=True):
            found.append(Lyric(line, to_ms(clip.start + clip.frames * before // edges[-1], timeline.sample_rate)))
    return tuple(found)


def _said(timeline: Timeline) -> list[PlacedClip]:
    return [clip for clip in timeline.track(VOICE_TRACK).clips if _text(clip)]


def _text(clip: PlacedClip) -> str:
    """The words on one line; what no tag can hold is left out."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in clip.text or "").split())
