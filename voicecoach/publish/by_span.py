"""A timeline read span by span: what is heard in each, how much is said, and where the person changes position."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from voicecoach.body.positions import posture, ups_and_downs
from voicecoach.model.cuescript import Earcon
from voicecoach.model.timeline import VOICE_TRACK, PlacedClip, Span, Timeline
from voicecoach.model.units import MINUTE_S, to_seconds


@dataclass(frozen=True)
class Talk:
    """How much is said somewhere.

    Attributes
    ----------
    words
        Their number; a word has a letter or digit.
    spoken
        The time that they take, in frames.
    """

    words: int = 0
    spoken: int = 0

    @property
    def words_per_minute(self) -> int | None:
        """How fast it is spoken; None where nothing is."""
        return per_minute(self.words, self.spoken)


@dataclass(frozen=True)
class Move:
    """A change of position.

    Attributes
    ----------
    before, after
        The positions, as the exercises call them.
    way
        1 where it goes up from the floor, -1 down to it, 0 for others.
    """

    before: str
    after: str
    way: int = 0


@dataclass(frozen=True)
class Heard:
    """A span with what is heard in it.

    Attributes
    ----------
    clips
        Of all tracks but the bed, in order; the earcon that ends a span is its own, not the next one's.
    move
        The change of position that comes with the span, or None.
    """

    span: Span
    clips: tuple[PlacedClip, ...]
    move: Move | None = None

    @property
    def talk(self) -> Talk:
        """How much is said in it."""
        return talk(self.clips)


def by_span(timeline: Timeline) -> tuple[Heard, ...]:
    """Read a timeline span by span."""
    starts = [span.start for span in timeline.spans]
    rooms: list[list[PlacedClip]] = [[] for _ in starts]
    for clip in in_order(timeline):
        room = max(0, bisect_right(starts, clip.start) - 1)
        ends_the_one_before = clip.earcon == Earcon.END and room > 0 and clip.start == starts[room]
        rooms[room - ends_the_one_before].append(clip)
    moves = _moves(timeline.spans)
    rows = zip(timeline.spans, rooms, moves, strict=True)
    return tuple(Heard(span, tuple(clips), move) for span, clips, move in rows)


def in_order(timeline: Timeline) -> list[PlacedClip]:
    """All that is heard but the bed, by its start; an earcon before words that begin with it."""
    clips = (clip for track in timeline.tracks for clip in track.clips if clip.text is not None or clip.earcon)
    return sorted(clips, key=lambda clip: (clip.start, clip.earcon is None))


def talk(clips: Iterable[PlacedClip]) -> Talk:
    """Count what is said."""
    said = [clip for clip in clips if clip.text is not None]
    return Talk(sum(words(clip.text or "") for clip in said), sum(clip.frames for clip in said))


def talk_of(timeline: Timeline) -> Talk:
    """Count what is said in a whole session."""
    return talk(timeline.track(VOICE_TRACK).clips)


def words(text: str) -> int:
    """Count the words of a text."""
    return sum(any(map(str.isalnum, word)) for word in text.split())


def per_minute(number: int, frames: int) -> int | None:
    """Round to the nearest whole number a minute; None where there is nothing, or no time for it."""
    return round(number * MINUTE_S / to_seconds(frames)) if number and frames else None


def tenths(frames: int) -> Fraction:
    """Seconds of a number of frames, to the nearest tenth: what people read."""
    return Fraction(round(to_seconds(frames) * 10), 10)


def millionths(frames: int) -> str:
    """Seconds of a number of frames with six decimals, rounded once: what other programs read."""
    whole, part = divmod(round(to_seconds(frames) * 1_000_000), 1_000_000)
    return f"{whole}.{part:06}"


def _moves(spans: Sequence[Span]) -> list[Move | None]:
    """Find where the position is another than before; a span that names none keeps the one before it."""
    found: list[Move | None] = []
    before: str | None = None
    for span in spans:
        after = span.position or before
        changes = before is not None and after is not None and not _same(before, after)
        found.append(Move(before, after, _way(before, after)) if changes and before and after else None)
        before = after
    return found


def _same(before: str, after: str) -> bool:
    """Different words for one posture are no change; of unknown ones the words tell."""
    known = posture(after)
    return before == after or (known is not None and posture(before) == known)


def _way(before: str, after: str) -> int:
    if not ups_and_downs(before, after):
        return 0
    known = posture(after)
    return 1 if known is not None and known.is_up else -1
