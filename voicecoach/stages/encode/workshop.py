"""Where pieces are made: mixed, encoded in several threads, and kept in the cache."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext

import numpy as np

from voicecoach.cache import Cache, Kind, key_of
from voicecoach.model.clip import Samples
from voicecoach.model.master import Master, Measured, RegionKind
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.mp3 import lame
from voicecoach.mp3.frames import BITRATES_KBPS
from voicecoach.mp3.splice import SPLICE_VERSION, Row, Slots, take_apart
from voicecoach.stages.encode.layout import SURROUNDINGS, Stretch
from voicecoach.stages.encode.pieces import OVERLAP, ActivePiece, Loop, LoopPiece, Piece, SilentPiece, lowest

_BLOCK_FRAMES = 48_000
_FIGURES_LENGTH = struct.Struct("<I")

Kept = tuple[bytes, Row]
"""What was measured of a stretch, and its MP3 frames."""


class PieceWorkshop:
    """Makes pieces, some ahead of their time; memory holds a few of them, whatever the length of the session.

    Parameters
    ----------
    master
        What is read.
    slots
        The stream's format.
    cache
        Where MP3 frames are kept.
    stretches
        What will be asked for, in order.
    pool, jobs
        The threads.

    Attributes
    ----------
    measured
        What was measured of the pieces that were given so far.
    """

    def __init__(
        self, master: Master, slots: Slots, cache: Cache, stretches: list[Stretch], pool: ThreadPoolExecutor, jobs: int
    ) -> None:
        self._master = master
        self._slots = slots
        self._cache = cache
        self._pool = pool
        self.measured: list[Measured] = []
        has_bed = any(stretch.kind is RegionKind.BED for stretch in stretches)
        self._loop = pool.submit(self._make_loop) if has_bed else None
        self._coming = (stretch for stretch in stretches if stretch.active)
        self._begun: dict[Stretch, tuple[str | None, Future[Kept]]] = {}
        self._begin(2 * jobs)

    def piece(self, stretch: Stretch) -> Piece:
        """Give the piece of a stretch; wait for it."""
        if stretch.kind is RegionKind.SILENCE:
            return SilentPiece(stretch, self._slots)
        if stretch.kind is RegionKind.BED:
            assert self._loop is not None
            return LoopPiece(stretch, self._slots, self._loop.result())
        _, begun = self._begun.pop(stretch, (None, None))
        self._begin(1)
        figures, row = self._make(stretch) if begun is None else begun.result()
        if stretch.is_measured:
            start, end = span(self._master, stretch)
            self.measured.append(Measured(start, end - start, figures))
        return ActivePiece(stretch, self._slots, row)

    def _begin(self, count: int) -> None:
        """Begin so many of the pieces that are coming; those of one key are made once, those that are kept are not."""
        for stretch in itertools.islice(self._coming, count):
            key = self._stretch_key(stretch)
            same = [future for other, future in self._begun.values() if other == key is not None]
            self._begun[stretch] = key, same[0] if same else self._begun_alone(stretch, key)

    def _begun_alone(self, stretch: Stretch, key: str | None) -> Future[Kept]:
        kept = self._kept(key)
        if kept is None:
            return self._pool.submit(self._made, stretch, key)
        done: Future[Kept] = Future()  # no thread for it: handing over would take longer than reading
        done.set_result(kept)
        return done

    def _make(self, stretch: Stretch) -> Kept:
        """Make a piece that nobody knew of before: of two that cannot be joined."""
        key = self._stretch_key(stretch)
        return self._kept(key) or self._made(stretch, key)

    def _made(self, stretch: Stretch, key: str | None) -> Kept:
        with self._making(key):
            kept = self._kept(key)
            if kept is None:
                kept = encode_stretch(self._master, stretch, self._slots.bitrate_kbps)
                self._keep(key, kept)
        return kept

    def _make_loop(self) -> Loop:
        bitrate_kbps = lower_kbps(self._slots.bitrate_kbps)
        key = self._key("loop", self._master.loop_key, bitrate_kbps)
        kept = self._kept(key)
        if kept is None:
            with self._making(key):
                kept = self._kept(key)
                if kept is None:
                    kept = b"", encode_loop(self._master, bitrate_kbps)
                    self._keep(key, kept)
        return Loop.of(kept[1], self._slots)

    def _stretch_key(self, stretch: Stretch) -> str | None:
        """Give the key of what comes of a stretch: the stream's begin is a place of its own, with no reservoir."""
        return self._key(f"stretch after {stretch.begin - around(stretch)[0]}", stretch.key, self._slots.bitrate_kbps)

    def _key(self, what: str, key: str | None, bitrate_kbps: int) -> str | None:
        if key is None:
            return None
        versions = (str(SPLICE_VERSION), lame.version(), lame.lame_name(), str(lame.QUALITIES[self._slots.channels]))
        form = (str(self._slots.rate_hz), str(self._slots.channels), str(bitrate_kbps))
        return key_of("mp3", what, key, *versions, *form)

    def _kept(self, key: str | None) -> Kept | None:
        data = None if key is None else self._cache.get(key)
        if data is None:
            return None
        row_at = _FIGURES_LENGTH.size + _FIGURES_LENGTH.unpack_from(data)[0]
        return data[_FIGURES_LENGTH.size : row_at], Row.from_bytes(data[row_at:])

    def _making(self, key: str | None) -> AbstractContextManager[None]:
        return nullcontext() if key is None else self._cache.making(key, Kind.REGION)

    def _keep(self, key: str | None, kept: Kept) -> None:
        if key is not None:
            figures, row = kept
            self._cache.put(key, _FIGURES_LENGTH.pack(len(figures)) + figures + row.to_bytes(), kind=Kind.REGION)


@contextmanager
def threads(jobs: int) -> Iterator[ThreadPoolExecutor]:
    """A pool of threads; where something fails, what waits in it is not begun."""
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="encode")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def lower_kbps(bitrate_kbps: int) -> int:
    """One step down, if there is one: what the bed's loop is encoded with, so that its joins have head-room.

    At the stream's own bitrate LAME leaves so little free in steady noise that a quarter of the joins around rain
    could not be made; one step below all of 350 in half an hour, and all but 1 % where the loop is a drone, clicks or
    speech. Active regions need none: before them the reservoir has been filled by silence or such a loop.
    """
    return BITRATES_KBPS[max(0, BITRATES_KBPS.index(bitrate_kbps) - 1)]


def encode_stretch(master: Master, stretch: Stretch, bitrate_kbps: int) -> Kept:
    """Mix, measure and encode an active stretch."""
    samples = with_surroundings(master, stretch)
    encoder = lame.LameEncoder(rate_hz=master.rate_hz, channels=master.channels, bitrate_kbps=bitrate_kbps)
    blocks = [encoder.encode(samples[at : at + _BLOCK_FRAMES]) for at in range(0, len(samples), _BLOCK_FRAMES)]
    row = take_apart(b"".join((*blocks, encoder.finish())))
    figures = figures_of(master, stretch, samples)
    first = around(stretch)[0]
    return figures, row.part(lowest(stretch) - first, stretch.end + 1 + OVERLAP - first)


def around(stretch: Stretch) -> tuple[int, int]:
    """Begin and end, in MP3 frames, of a stretch with its surroundings."""
    return max(0, stretch.begin - SURROUNDINGS), stretch.end + SURROUNDINGS


def with_surroundings(master: Master, stretch: Stretch) -> Samples:
    """Read a stretch and what is around it."""
    begin, end = around(stretch)
    return master.read(begin * MP3_FRAME_FRAMES, (end - begin) * MP3_FRAME_FRAMES)


def figures_of(master: Master, stretch: Stretch, samples: Samples) -> bytes:
    """Measure a stretch, where that is due, of what `with_surroundings` gave."""
    if not stretch.is_measured:
        return b""
    start, end = span(master, stretch)
    return master.measure(samples, start - around(stretch)[0] * MP3_FRAME_FRAMES, end - start)


def span(master: Master, stretch: Stretch) -> tuple[int, int]:
    """Start and end of a stretch in frames."""
    start, end = (min(MP3_FRAME_FRAMES * place, master.frames) for place in (stretch.begin, stretch.end))
    return start, end


def encode_loop(master: Master, bitrate_kbps: int) -> Row:
    """Encode the bed's loop once, as if it had gone on for ever."""
    loop = master.loop
    assert loop is not None
    samples, length_frames = loop.samples, loop.frames
    extra = SURROUNDINGS * MP3_FRAME_FRAMES
    encoder = lame.LameEncoder(rate_hz=master.rate_hz, channels=master.channels, bitrate_kbps=bitrate_kbps)
    blocks = []
    for at in range(-extra, length_frames + extra, _BLOCK_FRAMES):
        places = np.arange(at, min(at + _BLOCK_FRAMES, length_frames + extra))
        blocks.append(encoder.encode(samples.take(places, axis=0, mode="wrap")))
    row = take_apart(b"".join((*blocks, encoder.finish())))
    return row.part(SURROUNDINGS, SURROUNDINGS + length_frames // MP3_FRAME_FRAMES)
