"""A soft sound before speech that breaks a long silence: wireless earphones fall asleep and swallow its beginning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from voicecoach.model.cuescript import Earcon
from voicecoach.model.timeline import PlacedClip
from voicecoach.model.units import to_frames

LONG_SILENCE = to_frames(8)
"""Frames without any sound after which speech gets a lead-in. Earphones are known to sleep after some 10 s, or less."""
BEFORE_SPEECH = to_frames(Fraction(1, 10))
"""Frames from the end of a lead-in to the speech."""


def with_lead_ins(voice: Sequence[PlacedClip], earcons: Sequence[PlacedClip], frames: int | None) -> list[PlacedClip]:
    """Return the earcons and, before speech that comes first or after a long silence, a lead-in.

    Parameters
    ----------
    voice, earcons
        What is heard, each in order.
    frames
        Length of the lead-in; None: there is none.
    """
    if frames is None:
        return list(earcons)
    return sorted((*earcons, *_lead_ins(voice, earcons, frames)), key=lambda clip: clip.start)


def _lead_ins(voice: Sequence[PlacedClip], earcons: Sequence[PlacedClip], frames: int) -> Iterator[PlacedClip]:
    silent_from, index = -LONG_SILENCE, 0
    for said in voice:
        while index < len(earcons) and earcons[index].start < said.start:
            silent_from = max(silent_from, earcons[index].end)
            index += 1
        begin = said.start - BEFORE_SPEECH - frames
        if said.start - silent_from >= LONG_SILENCE and begin >= 0:
            name = Earcon.LEAD_IN.value
            yield PlacedClip(
                begin,
                frames,
                name,
                earcon=name,
                step=said.step,
                exercise=said.exercise,
                side=said.side,
                set=said.set,
                rep=said.rep,
            )
        silent_from = max(silent_from, said.end)
