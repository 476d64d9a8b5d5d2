"""How the earcons of each pack are made: by `make_sounds.py`, which sets their loudness.

A pack speaks with one kind of thing: struck bells, electronic beeps, or bars and blocks of wood. What a sound means is
in its shape, and that is the same in all of them:

========  ==============================================================
rep       one soft tap
tick      one dry tap, higher
halfway   the same twice, quick: as much to come as there was
start     opens upward: go
end       one deeper chord: stop
side      low, high, low, high: now the other one
rest      three notes that fall: let go
done      notes that rise and ring
in, out   a short rise, a short fall
lead-in   a chord that swells out of nothing
========  ==============================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from voicecoach.model.clip import Samples
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.sound.envelope import fade_in, fade_out, overlay
from voicecoach.sound.tone import Partial, bell, glide, sine

Instrument = Callable[[float, float, float], Samples]
"""Plays a note: of a pitch in Hz, for so many seconds, falling to 1/e in so many seconds."""

LENGTHS_S: Mapping[str, float] = {
    "rep": 0.07,
    "tick": 0.09,
    "halfway": 0.25,
    "start": 0.35,
    "end": 0.5,
    "side": 0.55,
    "rest": 0.7,
    "done": 1.3,
    "in": 0.45,
    "out": 0.45,
    "lead-in": 0.5,
}
"""The same in every pack: which pack it is changes no time of a session."""


def frames(length_s: float) -> int:
    """Frames of a length at 48 kHz."""
    return round(length_s * SAMPLE_RATE_HZ)


def struck(pitch_hz: float, length_s: float, modes: tuple[tuple[float, float, float], ...]) -> Samples:
    """Strike something: each mode is (times the pitch, level, decay in s)."""
    partials = (Partial(pitch_hz * ratio, level, decay_s) for ratio, level, decay_s in modes)
    return bell(tuple(partials), frames(length_s), SAMPLE_RATE_HZ)


def hand_bell(pitch_hz: float, length_s: float, decay_s: float) -> Samples:
    """Strike a hand bell: octave, twelfth and a clapper's brightness above the note, each gone sooner."""
    d = decay_s
    return struck(
        pitch_hz, length_s, ((1, 1.0, d), (1.003, 0.3, d), (2, 0.45, d / 2), (3, 0.2, d / 3), (4.2, 0.1, 0.012))
    )


def beeper(pitch_hz: float, length_s: float, decay_s: float) -> Samples:
    """Beep: a tone with a little of its third harmonic, on and off in a moment."""
    tone = struck(pitch_hz, length_s, ((1, 1.0, decay_s), (3, 0.12, decay_s)))
    return fade_out(fade_in(tone, 36), frames(min(0.015, length_s / 3)))


def wooden_bar(pitch_hz: float, length_s: float, decay_s: float) -> Samples:
    """Strike a bar of a marimba: its second mode is tuned two octaves above, the third is the mallet's click."""
    return struck(pitch_hz, length_s, ((1, 1.0, decay_s), (3.93, 0.28, decay_s / 4), (9.4, 0.06, 0.006)))


def wooden_block(pitch_hz: float, length_s: float, decay_s: float) -> Samples:
    """Strike a hollow block of wood: modes that do not agree, gone at once."""
    return struck(pitch_hz, length_s, ((1, 1.0, decay_s), (1.51, 0.5, decay_s * 0.7), (2.42, 0.3, decay_s / 2)))


def notes(
    play: Instrument,
    pitches_hz: tuple[float, ...],
    every_s: float,
    rings_s: float,
    length_s: float,
    held: float = 1.15,
) -> Samples:
    """Play notes in turn; each is held for so many times their distance, the last one to the end."""
    base = np.zeros((frames(length_s), 1), np.float32)
    for index, pitch_hz in enumerate(pitches_hz):
        last = index == len(pitches_hz) - 1
        at_s = index * every_s
        lasts_s = length_s - at_s if last else min(every_s * held, length_s - at_s)
        note = play(pitch_hz, lasts_s, rings_s if last else min(rings_s, every_s * 2))
        base = overlay(base, fade_out(note, frames(0.012)), frames(at_s))
    return base


def chord(play: Instrument, pitches_hz: tuple[float, ...], decay_s: float, length_s: float) -> Samples:
    """Play notes at once, each a little softer than the one before."""
    parts = [play(pitch_hz, length_s, decay_s) * np.float32(0.8**index) for index, pitch_hz in enumerate(pitches_hz)]
    total: Samples = np.sum(parts, axis=0, dtype=np.float32)
    return total


def slide(from_hz: float, to_hz: float, overtones: tuple[tuple[int, float], ...], length_s: float) -> Samples:
    """Slide from one note to another, beginning at once and fading all along."""
    total = np.zeros((frames(length_s), 1), np.float32)
    for times, level in ((1, 1.0), *overtones):
        total += glide(from_hz * times, to_hz * times, frames(length_s), SAMPLE_RATE_HZ, level=level)
    return fade_out(fade_in(total, 72), frames(length_s * 0.75))


def swell(pitches_hz: tuple[float, ...], length_s: float) -> Samples:
    """Swell and let go: it wakes the earphones, and hardly anybody notices it."""
    rise = np.sin(np.linspace(0.0, np.pi / 2, frames(length_s), dtype=np.float32)) ** 2
    steady = [sine(pitch_hz, frames(length_s), SAMPLE_RATE_HZ) for pitch_hz in pitches_hz]
    return fade_out(np.sum(steady, axis=0, dtype=np.float32) * rise[:, np.newaxis], frames(0.15))


Design = Callable[[float], Samples]
"""Makes a sound of that length in seconds, at any level."""


def _bells() -> Mapping[str, Design]:
    brighter = ((2, 0.3), (3, 0.1))
    return {
        "rep": lambda s: struck(784.0, s, ((1, 1.0, 0.012), (2.76, 0.3, 0.006))),
        "tick": lambda s: struck(1661.2, s, ((1, 1.0, 0.02), (2.76, 0.35, 0.008))),
        "halfway": partial(notes, hand_bell, (1975.5, 1975.5), 0.125, 0.05),
        "start": lambda s: notes(hand_bell, (1046.5, 1568.0), 0.1, 0.12, s),
        "end": partial(chord, hand_bell, (587.3, 987.8), 0.17),
        "side": partial(notes, hand_bell, (698.5, 1174.7, 698.5, 1174.7), 0.13, 0.1),
        "rest": partial(notes, hand_bell, (1318.5, 880.0, 659.3), 0.16, 0.16),
        "done": partial(notes, hand_bell, (784.0, 1046.5, 1318.5), 0.2, 0.33),
        "in": partial(slide, 415.3, 698.5, brighter),
        "out": partial(slide, 523.3, 349.2, brighter),
        "lead-in": partial(swell, (622.3, 932.3, 1661.2)),
    }


def _beeps() -> Mapping[str, Design]:
    hollow = ((3, 0.15), (5, 0.04))
    return {
        "rep": lambda s: beeper(660.0, s, 0.03),
        "tick": lambda s: beeper(1500.0, s, 0.06),
        "halfway": partial(notes, beeper, (2000.0, 2000.0), 0.125, 0.3, held=0.6),
        "start": partial(notes, beeper, (900.0, 1350.0), 0.1, 0.4, held=0.8),
        "end": partial(chord, beeper, (500.0, 750.0), 0.5),
        "side": partial(notes, beeper, (620.0, 1080.0, 620.0, 1080.0), 0.14, 0.4, held=0.8),
        "rest": partial(notes, beeper, (1200.0, 840.0, 560.0), 0.2, 0.35, held=0.8),
        "done": partial(notes, beeper, (700.0, 1050.0, 1400.0, 1750.0), 0.2, 0.4, held=0.8),
        "in": partial(slide, 400.0, 800.0, hollow),
        "out": partial(slide, 600.0, 330.0, hollow),
        "lead-in": partial(swell, (440.0, 1110.0)),
    }


def _wood() -> Mapping[str, Design]:
    breathy = ((2, 0.08), (3, 0.2))
    return {
        "rep": lambda s: wooden_block(720.0, s, 0.014),
        "tick": lambda s: wooden_block(1250.0, s, 0.014),
        "halfway": partial(notes, wooden_block, (1700.0, 1700.0), 0.125, 0.022),
        "start": lambda s: notes(wooden_bar, (784.0, 1174.7), 0.1, 0.09, s),
        "end": partial(chord, wooden_bar, (440.0, 659.3), 0.16),
        "side": partial(notes, wooden_bar, (523.3, 880.0, 523.3, 880.0), 0.13, 0.09),
        "rest": partial(notes, wooden_bar, (987.8, 698.5, 392.0), 0.16, 0.15),
        "done": partial(notes, wooden_bar, (587.3, 740.0, 880.0, 1174.7), 0.17, 0.28),
        "in": partial(slide, 370.0, 622.3, breathy),
        "out": partial(slide, 554.4, 330.0, breathy),
        "lead-in": partial(swell, (466.2, 698.5, 1396.9)),
    }


PACKS: Mapping[str, Mapping[str, Design]] = {"bells": _bells(), "beeps": _beeps(), "wood": _wood()}
