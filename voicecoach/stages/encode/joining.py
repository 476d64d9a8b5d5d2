"""Pour pieces into one stream; where two cannot be joined, move the join, else encode the two as one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from voicecoach.mp3.splice import Packer
from voicecoach.stages.encode.layout import MOST_PIECE, Stretch, merge
from voicecoach.stages.encode.pieces import Piece

MOST_MERGED = 3 * MOST_PIECE
"""MP3 frames of a stretch that is made of several; what memory is needed for."""


class CannotJoinError(Exception):
    """The pieces do not make a stream of constant bitrate; the session has to be encoded as a whole."""


def pour(stretches: list[Stretch], piece_of: Callable[[Stretch], Piece], packer: Packer, count: int) -> Iterator[bytes]:
    """Pour all stretches into one stream.

    Parameters
    ----------
    stretches
        In order, as `layout.lay_out` gives them.
    piece_of
        Gives the MP3 frames of a stretch; asked for in order, and once more for those that were made of two.
    packer
        Empty.
    count
        How many MP3 frames the stream has.

    Yields
    ------
    bytes
        Whole MP3 frames.

    Raises
    ------
    CannotJoinError
        It cannot be done. What was given out until then is no stream.
    """
    waiting = deque(stretches)
    at, one = 0, _starting(piece_of(waiting.popleft()), 0, packer)
    while waiting:
        other = piece_of(waiting.popleft())
        join = find_join(one, other, at, packer.back_bytes)
        if join is None:
            first, *rest = merge(one.stretch, other.stretch)
            if max(stretch.end - stretch.begin for stretch in (first, *rest) if stretch.active) > MOST_MERGED:
                raise CannotJoinError
            waiting.extendleft(reversed(rest))
            one = _starting(piece_of(first), at, packer)
            continue
        yield from one.pour(packer, at, join)
        at, one = join, other
    yield from one.pour(packer, at, count)
    yield packer.finish()


def _starting(piece: Piece, at: int, packer: Packer) -> Piece:
    if piece.need_bytes(at) > packer.back_bytes:
        raise CannotJoinError
    return piece


def find_join(one: Piece, other: Piece, at: int, back_bytes: int) -> int | None:
    """Find the MP3 frame, as near as can be to where it should be, from which on the other piece's can follow.

    Parameters
    ----------
    one, other
        Neighbours.
    at, back_bytes
        Where the stream is, in MP3 frames, and what is free there.
    """
    nominal = other.stretch.first
    low, high = max(at, other.low), min(one.high, max(other.stretch.end, nominal))
    for join in sorted(range(low, high + 1), key=lambda place: (abs(place - nominal), place)):
        if other.need_bytes(join) <= one.back_bytes(at, back_bytes, join):
            return join
    return None
