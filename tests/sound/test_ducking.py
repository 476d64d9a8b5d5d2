"""Ducking and beds: down before the voice, up after it, no pumping; any stretch reads as the whole does."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.sound.bedding import SEAM, Bedding, Ends, Loop
from voicecoach.sound.ducking import ATTACK, HOLD, LEAD, RELEASE, SHORT_GAP, DuckCurve, downs
from voicecoach.sound.energy import loop_energies

DEPTH_DB = 10.0
LOW = 10 ** (-DEPTH_DB / 20)


@st.composite
def voices(draw: st.DrawFn) -> list[tuple[int, int]]:
    """First frame and end of clips, in order, with pauses of every kind between."""
    at, clips = 0, []
    for _ in range(draw(st.integers(0, 8))):
        at += draw(st.one_of(st.integers(0, SHORT_GAP + 100), st.integers(0, 6 * SAMPLE_RATE_HZ)))
        frames = draw(st.integers(1, 3 * SAMPLE_RATE_HZ))
        clips.append((at, at + frames))
        at += frames
    return clips


def whole(clips: list[tuple[int, int]], depth_db: float = DEPTH_DB) -> np.ndarray:
    return DuckCurve(downs(clips), depth_db).gains(0, (clips[-1][1] if clips else 0) + 3 * SAMPLE_RATE_HZ)


@settings(max_examples=40, deadline=None)
@given(clips=voices())
def test_it_is_down_wherever_the_voice_speaks(clips: list[tuple[int, int]]) -> None:
    gains = whole(clips)
    for start, end in clips:
        assert gains[max(0, start - LEAD) : end + HOLD] == pytest.approx(LOW)


@settings(max_examples=40, deadline=None)
@given(clips=voices())
def test_it_is_up_wherever_the_voice_is_far(clips: list[tuple[int, int]]) -> None:
    gains = whole(clips)
    far = np.ones(len(gains), bool)
    for start, end in clips:
        far[max(0, start - LEAD - ATTACK) : end + HOLD + RELEASE] = False
    for (_, end), (start, _) in pairwise(clips):
        if start - end < SHORT_GAP:
            far[end:start] = False
    assert (gains[far] == 1).all()


@settings(max_examples=40, deadline=None)
@given(clips=voices())
def test_it_does_not_pump(clips: list[tuple[int, int]]) -> None:
    """In a short gap it stays down; it never turns round halfway: each way down ends down, each way up ends up."""
    gains = whole(clips)
    for (_, end), (start, _) in pairwise(clips):
        if start - end < SHORT_GAP:
            assert gains[end:start] == pytest.approx(LOW)
    slopes = np.sign(np.diff(gains))
    turns = np.flatnonzero(np.diff(slopes[slopes != 0]))
    moving = np.flatnonzero(slopes)
    for turn in turns:
        at = moving[turn] + 1
        assert gains[at] == pytest.approx(LOW, abs=1e-4) or gains[at] == pytest.approx(1, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(clips=voices(), depth_db=st.sampled_from([0.0, 3.0, 10.0, 30.0]))
def test_it_never_jumps(clips: list[tuple[int, int]], depth_db: float) -> None:
    gains_db = 20 * np.log10(whole(clips, depth_db))
    if clips and clips[0][0] < LEAD + ATTACK:
        gains_db = gains_db[clips[0][0] :]  # the session begins in the middle of a ramp
    assert np.abs(np.diff(gains_db)).max(initial=0) <= depth_db * np.pi / 2 / ATTACK * 1.01 + 1e-5
    assert gains_db.min(initial=0) >= -depth_db - 1e-4
    assert gains_db.max(initial=0) <= 0


def test_both_ramps_fit_into_the_shortest_gap() -> None:
    assert LEAD + ATTACK + HOLD + RELEASE <= SHORT_GAP


@settings(max_examples=40, deadline=None)
@given(clips=voices(), data=st.data())
def test_a_stretch_of_the_curve(clips: list[tuple[int, int]], data: st.DataObject) -> None:
    curve = DuckCurve(downs(clips), DEPTH_DB)
    gains = whole(clips)
    start = data.draw(st.integers(0, len(gains)))
    frames = data.draw(st.integers(0, len(gains) - start))
    assert np.array_equal(curve.gains(start, frames), gains[start : start + frames])
    places = np.arange(start, start + frames, 577)
    assert np.array_equal(curve.at(places), gains[places])


# Beds


def loop_of(mp3_frames: int, channels: int, seed: int = 1) -> np.ndarray:
    samples = np.random.default_rng(seed).uniform(-0.1, 0.1, (mp3_frames * MP3_FRAME_FRAMES, channels))
    return samples.astype(np.float32)


def laid(samples: np.ndarray, ends: Ends, clips: list[tuple[int, int]], *, texture: bool) -> Bedding:
    loop = Loop(lambda: samples, len(samples), samples.shape[1])
    phase_of = (lambda start: start * 7919 + 3) if texture else None
    return Bedding(loop, ends, DuckCurve(downs(clips), DEPTH_DB), phase_of)


@st.composite
def beddings(draw: st.DrawFn) -> tuple[Bedding, int]:
    clips = draw(voices())
    end = (clips[-1][1] if clips else 0) + draw(st.integers(SAMPLE_RATE_HZ, 3 * SAMPLE_RATE_HZ))
    samples = loop_of(draw(st.integers(1, 60)), draw(st.integers(1, 2)))
    fades = draw(st.integers(0, end // 3)), draw(st.integers(0, end // 3))
    start = draw(st.sampled_from([0, 0, 500, 5 * MP3_FRAME_FRAMES]))
    return laid(samples, Ends(start, end, *fades), clips, texture=draw(st.booleans())), end + 5000


@settings(max_examples=30, deadline=None)
@given(bedding=beddings(), data=st.data())
def test_a_stretch_of_a_bed(bedding: tuple[Bedding, int], data: st.DataObject) -> None:
    bed, frames = bedding
    cuts = sorted({0, frames, *data.draw(st.lists(st.integers(0, frames), max_size=8))})
    parts = [bed.read(start, end - start) for start, end in pairwise(cuts)]
    assert np.array_equal(np.concatenate(parts), bed.read(0, frames))


@settings(max_examples=30, deadline=None)
@given(bedding=beddings())
def test_where_a_bed_is_its_plain_loop(bedding: tuple[Bedding, int]) -> None:
    """Wherever it does not say otherwise, and from whole MP3 frames of the loop, as the encoder will take them."""
    bed, frames = bedding
    read, loop = bed.read(0, frames), bed.loop.samples()
    plain = np.zeros(frames, bool)
    plain[bed.ends.start : bed.ends.end] = True
    assert not read[~plain].any()
    for start, end in bed.unlike():
        plain[max(0, start) : max(0, end)] = False
    for at in range(0, frames - MP3_FRAME_FRAMES, MP3_FRAME_FRAMES):
        if plain[at : at + MP3_FRAME_FRAMES].all():
            phase = bed.phase(at)
            assert phase % MP3_FRAME_FRAMES == 0
            assert np.array_equal(read[at : at + MP3_FRAME_FRAMES], loop[phase : phase + MP3_FRAME_FRAMES])


@settings(max_examples=30, deadline=None)
@given(bedding=beddings())
def test_the_energy_of_a_bed_is_foretold(bedding: tuple[Bedding, int]) -> None:
    bed, frames = bedding
    cells = -(-frames // MP3_FRAME_FRAMES)
    foretold = bed.energies(loop_energies(bed.loop.samples()), 0, cells)
    parts = [bed.energies(loop_energies(bed.loop.samples()), first, 7) for first in range(0, cells, 7)]
    assert np.allclose(np.concatenate(parts)[:cells], foretold)
    heard = loop_energies(np.pad(bed.read(0, frames), ((0, cells * MP3_FRAME_FRAMES - frames), (0, 0))))
    assert 10 * np.log10(foretold.sum() / heard.sum()) == pytest.approx(0, abs=0.4)


def test_a_texture_is_taken_up_anew_under_the_voice_and_not_heard_doing_so() -> None:
    clips = [(100_000, 150_000), (500_000, 600_000)]
    loop = loop_of(50, 1)
    bed = laid(loop, Ends(0, 900_000), clips, texture=True)
    assert [turn.start for turn in bed.turns] == [0, 87 * MP3_FRAME_FRAMES, 435 * MP3_FRAME_FRAMES]
    assert SEAM + MP3_FRAME_FRAMES <= HOLD, "the seam of the shortest word is over before the bed comes up"
    power = np.mean(bed.read(0, 900_000).reshape(-1, 1000) ** 2, axis=1)
    for turn in bed.turns[1:]:
        around = power[turn.start // 1000 : (turn.start + SEAM) // 1000 + 1]
        assert 10 * np.log10(around / (np.mean(loop**2) * LOW**2)) == pytest.approx(0, abs=1.0)


def test_the_same_passage_sounds_the_same_elsewhere() -> None:
    """What makes an edit cheap: a passage moved by whole MP3 frames is the same passage, bed and all."""
    shift = 1234 * MP3_FRAME_FRAMES
    loop = loop_of(50, 2)
    curve = [DuckCurve(downs([(at, at + 90_000)]), DEPTH_DB) for at in (200_000, 200_000 + shift)]
    beds = [Bedding(Loop(lambda: loop, len(loop), 2), Ends(0, 3_000_000), c, lambda start: 17) for c in curve]
    begin = 200_000 + MP3_FRAME_FRAMES + SEAM
    assert np.array_equal(beds[0].read(begin, 400_000), beds[1].read(begin + shift, 400_000))
    music = [Bedding(Loop(lambda: loop, len(loop), 2), Ends(0, 3_000_000), c) for c in curve]
    assert not np.array_equal(music[0].read(begin, 400_000), music[1].read(begin + shift, 400_000))


def test_a_loop_is_made_once_and_only_when_heard() -> None:
    made = []

    def make() -> np.ndarray:
        made.append(1)
        return loop_of(2, 1)

    bed = Bedding(Loop(make, 2 * MP3_FRAME_FRAMES, 1), Ends(0, 100_000), DuckCurve((), 0.0))
    bed.energies(np.ones(2), 0, 80)
    assert bed.phase(3 * MP3_FRAME_FRAMES) == MP3_FRAME_FRAMES
    assert not made
    bed.read(0, 5000)
    bed.read(9000, 5000)
    assert made == [1]
