"""Which MP3 frames come from where: the master's regions, laid on the grid of MP3 frames.

MP3 frame *k* of a stream that LAME begins with the session's first frame decodes to what surrounds session frame
1152 *k*: from 1152 *k* - 1105 to before 1152 *k* + 1103 (the filter bank's and the transform's windows). So a region
from MP3 frame *a* to before *b* sounds in the MP3 frames *a* to *b*, *b* included: an active region has both, the
silence or the bed behind it begins at *b* + 1, and one active region behind another at *b*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from voicecoach.errors import EncodeError
from voicecoach.model.master import Master, Region, RegionKind
from voicecoach.model.units import MP3_FRAME_FRAMES

MOST_PIECE = 420
"""MP3 frames (10 s) of an active region that are mixed and encoded at a time; what memory is needed for."""
SURROUNDINGS = 8
"""MP3 frames of what is around a stretch that are encoded with it and dropped: LAME looks and hears about so far."""
MOST_TAKEN = 42
"""MP3 frames (1 s) of silence or bed that are encoded with a neighbour which they cannot be joined to."""


@dataclass(frozen=True)
class Stretch:
    """A part of the session that is encoded in one way. All its places are in MP3 frames.

    Attributes
    ----------
    kind
        Of its region. Where silence and bed meet, an active stretch of no length stands between.
    begin, end
        The part of the session; begin <= end.
    first
        The first MP3 frame of the stream that is its own; the last is the one before the next stretch's first.
    key
        What makes its samples; None: it is not kept.
    phase
        Of bed: the MP3 frame of the loop that ``begin`` has.
    is_measured
        Whether it is an active region of the master or a piece of one, and not what was put between.
    """

    kind: RegionKind
    begin: int
    end: int
    first: int
    key: str | None = None
    phase: int = 0
    is_measured: bool = False

    @property
    def active(self) -> bool:
        """Whether it has to be mixed and encoded."""
        return self.kind is RegionKind.ACTIVE


def lay_out(master: Master) -> list[Stretch]:
    """Give the stretches of a session, in order; nothing at all is silence.

    Raises
    ------
    EncodeError
        The regions have a hole, are not on the grid, or do not cover the session.
    """
    regions = _checked(list(master.regions()), master)
    pieces = [piece for region in regions for piece in _cut(region, master.loop_key)] or [
        Stretch(RegionKind.SILENCE, 0, 0, 0)
    ]
    laid: list[Stretch] = []
    for stretch in _with_edges(pieces):
        # Behind active sound the first MP3 frame has still some of it.
        after_sound = bool(laid) and laid[-1].active and not stretch.active
        laid.append(replace(stretch, first=stretch.begin + after_sound))
    return laid


def _checked(regions: list[Region], master: Master) -> list[Region]:
    at = 0
    for region in regions:
        if region.start != at or region.frames < 1 or at % MP3_FRAME_FRAMES:
            raise EncodeError(f"the master's region at frame {region.start} is not the one that follows at {at}")
        if region.kind is RegionKind.BED and (
            master.loop_key is None or region.phase is None or region.phase % MP3_FRAME_FRAMES
        ):
            raise EncodeError(f"the master's bed at frame {region.start} is at no MP3 frame of a loop")
        at = region.end
    if at != master.frames:
        raise EncodeError(f"the master's regions end at frame {at}, but it has {master.frames}")
    return regions


def _cut(region: Region, loop_key: str | None) -> Iterator[Stretch]:
    """Cut a long active region into pieces of about the same length, and the end off a bed that ends off the grid."""
    begin, end = region.start // MP3_FRAME_FRAMES, -(-region.end // MP3_FRAME_FRAMES)
    if region.kind is RegionKind.BED:
        whole = region.end // MP3_FRAME_FRAMES
        if whole > begin:
            yield Stretch(RegionKind.BED, begin, whole, begin, loop_key, (region.phase or 0) // MP3_FRAME_FRAMES)
        if end > whole:
            yield Stretch(RegionKind.ACTIVE, whole, end, whole)
        return
    if region.kind is RegionKind.SILENCE:
        yield Stretch(RegionKind.SILENCE, begin, end, begin, "silence")
        return
    count = -(-(end - begin) // MOST_PIECE)
    places = [begin + number * (end - begin) // count for number in range(count + 1)]
    for number, (one, other) in enumerate(pairwise(places)):
        key = None if region.key is None else f"{region.key} {region.frames} {number}"
        yield Stretch(region.kind, one, other, one, key, is_measured=True)


def _with_edges(stretches: list[Stretch]) -> Iterator[Stretch]:
    """Put an active stretch of no length where a bed meets silence, the session's ends, or another place of the loop.

    The MP3 frame there is neither silent nor one of the loop.
    """
    before = RegionKind.SILENCE
    for stretch in stretches:
        if not stretch.active and RegionKind.BED in {before, stretch.kind} and before is not RegionKind.ACTIVE:
            yield Stretch(RegionKind.ACTIVE, stretch.begin, stretch.begin, stretch.begin)
        yield stretch
        before = stretch.kind
    if before is RegionKind.BED:
        end = stretches[-1].end
        yield Stretch(RegionKind.ACTIVE, end, end, end)


def merge(one: Stretch, other: Stretch) -> list[Stretch]:
    """Make one active stretch of two neighbours that cannot be joined, one of which is active.

    Of a long silence or bed it takes `MOST_TAKEN` MP3 frames; the rest stays a stretch of its own.
    """
    begin = one.begin if one.active else max(one.begin, one.end - MOST_TAKEN)
    end = other.end if other.active else min(other.end, other.begin + MOST_TAKEN)
    before = [replace(one, end=begin)] if begin > one.begin else []
    after = [replace(other, begin=end, first=end + 1, phase=other.phase + end - other.begin)] if end < other.end else []
    first = begin if before else one.first
    return [*before, Stretch(RegionKind.ACTIVE, begin, end, first, _key_of_both(one, other, begin, end)), *after]


def _key_of_both(one: Stretch, other: Stretch, begin: int, end: int) -> str | None:
    """Say what two neighbours have from one place to the other and around it; None where the keys do not tell it."""
    whole_around = (one.active or begin - one.begin >= SURROUNDINGS) and (
        other.active or other.end - end >= SURROUNDINGS
    )
    if one.key is None or other.key is None or not whole_around:
        return None
    return f"{one.key} from {begin - one.begin + one.phase}, {other.key} to {end - other.begin}, {other.phase}"
