"""Where regions meet: the layout on the grid, moved joins, and what is done where two cannot be joined at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stages.masters import ACTIVE, BED, SILENCE, ArrayMaster, Plan, master_of, noise_loop, spiky_loop
from voicecoach.cache import Cache
from voicecoach.config import Encoding
from voicecoach.errors import EncodeError
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.mp3.splice import Packer, Row, Slots
from voicecoach.stages.encode import encode, joining, layout, workshop
from voicecoach.stages.encode.joining import CannotJoinError, find_join, pour
from voicecoach.stages.encode.layout import MOST_PIECE, MOST_TAKEN, Stretch, lay_out, merge
from voicecoach.stages.encode.pieces import OVERLAP, ActivePiece, Loop, LoopPiece, Piece, SilentPiece

SLOTS = Slots(48_000, 96, 1)
ROOM, MOST = SLOTS.room_bytes, SLOTS.most_back_bytes


# The layout


def laid(plan: Plan, tail: int = 0) -> list[tuple[str, int, int, int]]:
    master = master_of(plan, loop=noise_loop(1, 7), tail=tail)
    return [(one.kind[0], one.begin, one.end, one.first) for one in lay_out(master)]


def test_the_mp3_frame_behind_active_sound_is_still_its_own() -> None:
    assert laid([(SILENCE, 5), (ACTIVE, 4), (ACTIVE, 2), (SILENCE, 3), (ACTIVE, 1)]) == [
        ("s", 0, 5, 0),
        ("a", 5, 9, 5),
        ("a", 9, 11, 9),
        ("s", 11, 14, 12),
        ("a", 14, 15, 14),
    ]


def test_between_bed_and_silence_stands_something_that_is_neither() -> None:
    assert laid([(BED, 5), (SILENCE, 4), (SILENCE, 2), (BED, 3)]) == [
        ("a", 0, 0, 0),
        ("b", 0, 5, 1),
        ("a", 5, 5, 5),
        ("s", 5, 9, 6),
        ("s", 9, 11, 9),
        ("a", 11, 11, 11),
        ("b", 11, 14, 12),
        ("a", 14, 14, 14),
    ]


def test_the_end_of_a_bed_off_the_grid_is_none_of_the_loop() -> None:
    assert laid([(ACTIVE, 2), (BED, 5)], tail=3) == [("a", 0, 2, 0), ("b", 2, 6, 3), ("a", 6, 7, 6)]
    assert laid([(ACTIVE, 2), (BED, 1)], tail=3) == [("a", 0, 2, 0), ("a", 2, 3, 2)]


def test_a_long_region_is_cut_up_and_its_pieces_have_their_own_keys() -> None:
    master = master_of([(ACTIVE, 10)])
    master.frames = (2 * MOST_PIECE + 5) * MP3_FRAME_FRAMES - 7
    master.told = [replace(master.told[0], frames=master.frames)]
    pieces = lay_out(master)
    assert [piece.begin for piece in pieces] == [0, *(piece.end for piece in pieces[:-1])]
    assert pieces[-1].end == 2 * MOST_PIECE + 5
    assert max(piece.end - piece.begin for piece in pieces) <= MOST_PIECE
    assert len({piece.key for piece in pieces}) == 3
    assert all(piece.is_measured for piece in pieces)


@pytest.mark.parametrize("phase", [None, 5])
def test_a_bed_at_no_mp3_frame_of_the_loop(phase: int | None) -> None:
    master = master_of([(BED, 5)], loop=noise_loop(1, 7))
    master.told = [replace(master.told[0], phase=phase)]
    with pytest.raises(EncodeError, match="at no MP3 frame of a loop"):
        lay_out(master)


def test_merging() -> None:
    one, other = Stretch(ACTIVE, 10, 30, 10, "k1"), Stretch(ACTIVE, 30, 50, 30, "k2")
    (both,) = merge(one, other)
    assert (both.begin, both.end, both.first, both.is_measured) == (10, 50, 10, False)
    assert both.key is not None
    assert merge(one, replace(other, key=None))[0].key is None

    bed = Stretch(BED, 30, 300, 31, "loop", 7)
    grown, rest = merge(one, bed)
    assert (grown.begin, grown.end, grown.first) == (10, 30 + MOST_TAKEN, 10)
    assert (rest.begin, rest.end, rest.first, rest.phase) == (
        grown.end,
        300,
        grown.end + 1,
        7 + MOST_TAKEN,
    )
    rest, grown = merge(bed, Stretch(ACTIVE, 300, 310, 300, "k"))
    assert (rest.begin, rest.end, rest.first, rest.phase) == (30, 300 - MOST_TAKEN, 31, 7)
    assert (grown.begin, grown.end, grown.first) == (300 - MOST_TAKEN, 310, 300 - MOST_TAKEN)
    keys = {merge(one, replace(bed, phase=phase))[0].key for phase in (7, 8)} | {grown.key}
    assert None not in keys
    assert len(keys) == 3, "where in the loop it is makes another sound"

    short = replace(bed, end=40)
    (both,) = merge(one, short)
    assert (both.begin, both.end, both.key) == (10, 40, None), "what is behind a short bed, no key tells"


# Joins


def piece(begin: int, lengths: list[int], slots: Slots = SLOTS) -> ActivePiece:
    """An active piece whose MP3 frames have main data so long, those of the overlap included."""
    numbers = np.array(lengths, np.int64)
    heads = np.zeros((len(lengths), slots.head_bytes), np.uint8)
    heads[:, :4] = (0xFF, 0xFB, 0, 0xC4)
    main = np.random.default_rng(begin).integers(0, 256, int(numbers.sum()), np.uint8)
    before = min(begin, OVERLAP)
    end = begin + len(lengths) - before - 1 - OVERLAP
    return ActivePiece(Stretch(ACTIVE, begin, end, begin), slots, Row(heads, numbers, main))


def test_a_join_is_made_where_it_should_be_if_it_can() -> None:
    one, other = piece(0, [ROOM - 10] * 20), piece(16, [ROOM + 5] * 4 + [ROOM] * 10)
    assert one.stretch.end == 16
    assert find_join(one, other, 0, 0) == 16


@pytest.mark.parametrize(
    ("lengths", "join"),
    [
        ([ROOM, ROOM, ROOM, ROOM + 90, *[ROOM] * 10], 17),
        ([ROOM, ROOM, ROOM, ROOM + 90, ROOM + 90, *[ROOM] * 10], 18),
        ([ROOM - 180, ROOM, ROOM, ROOM + 90, *[ROOM] * 5, ROOM + 90, *[ROOM] * 10], 13),
        ([ROOM, ROOM, ROOM - 90, ROOM + 90, *[ROOM] * 10], 15),
        ([ROOM] * 7 + [ROOM + 90] + [ROOM] * 10, None),
        ([ROOM] * 6 + [ROOM + 90] + [ROOM] * 10, 20),
    ],
)
def test_a_join_is_moved_no_further_than_it_must(lengths: list[int], join: int | None) -> None:
    """The one leaves nothing free."""
    one, other = piece(0, [ROOM] * 20), piece(16, lengths)
    other = replace(other, stretch=replace(other.stretch, end=20))
    assert find_join(one, other, 0, 0) == join


def test_behind_silence_anything_can_follow() -> None:
    silence = SilentPiece(Stretch(SILENCE, 0, 16, 0), SLOTS)
    assert find_join(silence, piece(16, [0, 0, 0, ROOM + MOST, *[ROOM] * 10]), 0, 0) == 16
    assert find_join(silence, piece(16, [0, 0, 0, ROOM + MOST + 1, *[ROOM] * 10]), 0, 0) is None
    short = SilentPiece(Stretch(SILENCE, 15, 16, 15), SLOTS)
    assert find_join(short, piece(16, [0, 0, 0, ROOM + MOST, *[ROOM] * 10]), 15, 0) is None


ANY_LENGTHS = st.lists(st.integers(0, ROOM + 200), min_size=2 * OVERLAP + 2, max_size=30)


@settings(deadline=None)
@given(st.lists(ANY_LENGTHS, min_size=1, max_size=5), st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_whatever_is_poured_has_every_frame_once_and_in_order(rows: list[list[int]], gaps: list[int]) -> None:
    """A stream is whole or none; the packer itself refuses what does not fit."""
    pieces: dict[int, Piece] = {}
    stretches: list[Stretch] = []
    at = 0
    for lengths, gap in zip(rows, gaps, strict=False):
        if gap:
            stretches.append(Stretch(SILENCE, at, at + gap, at + bool(stretches)))
            at += gap
        made = piece(at, lengths[OVERLAP - min(at, OVERLAP) :])
        pieces[at] = made
        stretches.append(made.stretch)
        at = made.stretch.end
    packer = Packer(SLOTS)

    def piece_of(stretch: Stretch) -> Piece:
        if stretch.kind is SILENCE:
            return SilentPiece(stretch, SLOTS)
        if stretch.begin in pieces and pieces[stretch.begin].stretch == stretch:
            return pieces[stretch.begin]
        raise CannotJoinError

    try:
        stream = b"".join(pour(stretches, piece_of, packer, at + 1))
    except CannotJoinError:
        return
    assert len(stream) == 288 * (at + 1)
    sounding = b"".join(stream[place + 21 : place + 288] for place in range(0, len(stream), 288))
    assert packer.back_bytes == 0
    assert sum(map(bool, sounding)) <= sum(
        int(p.row.lengths.sum()) for p in pieces.values() if isinstance(p, ActivePiece)
    )


def test_a_loop_tells_what_it_needs_round_and_round() -> None:
    row = piece(0, [ROOM - 40, ROOM + 100, ROOM - 80, ROOM - 30]).row
    loop = LoopPiece(Stretch(BED, 5, 10_000, 6, "loop", 2), SLOTS, Loop.of(row, SLOTS))
    assert [loop.need_bytes(at) for at in range(5, 10)] == [0, 30, 60, 100, 0]
    straight = Row(row.heads[:0], np.resize(np.roll(row.lengths, -2), 9000), row.main[:0])
    assert loop.back_bytes(5, 0, 9005) == SLOTS.backs(straight.lengths, 0)[-1]
    assert loop.back_bytes(5, 17, 12) == SLOTS.backs(straight.lengths[:7], 17)[-1]


# What is done where it cannot be


def spliced(
    folder: Path, master: ArrayMaster, *, plain: bool = False, kbps: int = 128
) -> tuple[bytes, np.ndarray, list]:
    told: list[Any] = []

    def tag_of(measured: Any) -> bytes:
        told.extend(measured)
        return b""

    path = folder / "x.mp3"
    encode(master, tag_of, path, Encoding(kbps, plain), Cache(folder / "cache", 10**9))
    return path.read_bytes(), soundfile.read(path, always_2d=True)[0], told


def as_good_as_plain(folder: Path, master: ArrayMaster, kbps: int = 128) -> None:
    """Spliced and plain are as long, as good, and measured alike."""
    (_, one, told), (_, other, told_plainly) = (spliced(folder, master, plain=p, kbps=kbps) for p in (False, True))
    assert len(one) == len(other) == master.frames
    errors = [((heard - np.float32(0.95) * master.audio) ** 2).mean() for heard in (one, other)]
    assert errors[0] < 1.4 * errors[1]
    assert told == told_plainly
    assert [(each.start, each.frames) for each in told] == [
        (r.start, r.frames) for r in master.told if r.kind is ACTIVE
    ]


@pytest.fixture
def merges(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Stretch, Stretch]]:
    """What was merged."""
    seen: list[tuple[Stretch, Stretch]] = []

    def watched(one: Stretch, other: Stretch) -> list[Stretch]:
        seen.append((one, other))
        return merge(one, other)

    monkeypatch.setattr(joining, "merge", watched)
    return seen


def test_a_bed_without_head_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, merges: list) -> None:
    """Clicks at the stream's own bitrate cannot be joined to everywhere: a second of them goes with the neighbour."""
    monkeypatch.setattr(workshop, "lower_kbps", lambda kbps: kbps)
    plan = [(ACTIVE, 15), (BED, 60), (ACTIVE, 20), (BED, 20)] * 4
    master = master_of(plan, 2, loop=spiky_loop(2, 100), seed=5)
    as_good_as_plain(tmp_path, master)
    kinds = {(one.kind, other.kind) for one, other in merges}
    assert (ACTIVE, BED) in kinds
    assert any(other.end - other.begin <= MOST_TAKEN for _, other in merges), "a short bed is taken whole"
    cold = merges.copy()
    reads = master.reads.total()
    spliced(tmp_path, master)
    assert merges[len(cold) :] == cold, "the same joins are tried"
    assert master.reads.total() - reads <= sum(merge(*pair)[0].key is None for pair in cold) + 2


def never(_one: Piece, _other: Piece, _at: int, _back_bytes: int) -> int | None:
    return None


@pytest.mark.parametrize("between", [SILENCE, BED, ACTIVE])
def test_two_that_cannot_be_joined_are_encoded_as_one(
    between: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, merges: list
) -> None:
    """Every first try fails, on either side of whatever is between."""
    tried: set[tuple[int, int]] = set()

    def second_time(one: Piece, other: Piece, at: int, back_bytes: int) -> int | None:
        join = find_join(one, other, at, back_bytes)
        if (one.stretch.begin, other.stretch.end) in tried or len(tried) > 3:
            return join
        tried.add((one.stretch.begin, other.stretch.end))
        return None

    monkeypatch.setattr(joining, "find_join", second_time)
    plan = [(SILENCE, 30), (ACTIVE, 20), (between, 55), (ACTIVE, 20), (between, 90), (ACTIVE, 9), (SILENCE, 20)]
    as_good_as_plain(tmp_path, master_of(plan, loop=noise_loop(1) if between is BED else None))
    assert len(merges) >= 4


@pytest.mark.parametrize("fault", ["joins", "length", "begin"])
def test_where_nothing_helps_the_plain_path_is_taken(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, merges: list
) -> None:
    """No join at all, merged stretches that would be too long, a piece that does not fit where it must begin."""
    plan = [(SILENCE, 20), (ACTIVE, 30), (ACTIVE, 20), (SILENCE, 30), (ACTIVE, 20), (SILENCE, 9)]
    master = master_of(plan, tail=9)
    plainly, _, told = spliced(tmp_path, master, plain=True)
    assert spliced(tmp_path, master)[0] != plainly
    if fault == "begin":
        monkeypatch.setattr(ActivePiece, "need_bytes", lambda *_: MOST + 1)
    else:
        monkeypatch.setattr(joining, "find_join", never)
    if fault == "length":
        monkeypatch.setattr(joining, "MOST_MERGED", 40)
    else:
        monkeypatch.setattr(layout, "MOST_TAKEN", 3)
        monkeypatch.setattr(joining, "MOST_MERGED", 90)
    assert spliced(tmp_path, master)[::2] == (plainly, told)
    assert merges
