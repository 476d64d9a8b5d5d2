"""Keys: a hash of all that makes the samples of a stretch; equal keys, equal samples, wherever in whatever session."""

from __future__ import annotations

from collections.abc import Iterator

from voicecoach.cache import key_of
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.sound.bedding import Bedding
from voicecoach.sound.ducking import ATTACK, RELEASE
from voicecoach.sound.limiter import REACH
from voicecoach.sound.true_peak import HALO
from voicecoach.stages.mix.layers import Layer

VERSION = "1"
"""Changed whenever the same parts are mixed to other samples, or measured otherwise."""
SURROUNDINGS = 8 * MP3_FRAME_FRAMES
"""Frames on either side that a region is encoded with."""
SEEN = SURROUNDINGS + REACH + HALO
"""Frames on either side that have a part in them: the limiter's reach with them."""


def region_key(start: int, end: int, layers: tuple[Layer, Layer], bed: Bedding | None, settings: str) -> str:
    """Name a stretch by what is heard in it and around it.

    Parameters
    ----------
    start, end
        Its first frame, and the one after its last.
    layers
        Voice and earcons.
    bed
        What is under them.
    settings
        All else that its samples depend on: gains, channels, the ceiling, the bed's loop.
    """
    first, last = start - SEEN, end + SEEN
    parts = [VERSION, settings, str(end - start)]
    for layer in layers:
        parts += [f"{clip.figures.digest} {clip.start - start}" for clip in layer.touching(first, last)] + ["."]
    if bed is not None:
        parts += _of_bed(bed, start, first, last)
    return key_of(*parts)


def _of_bed(bed: Bedding, start: int, first: int, last: int) -> Iterator[str]:
    """What a bed does between two frames; what it does elsewhere is not told."""
    ends = bed.ends
    if ends.end > first and ends.start < last:
        # An end that is out of sight is at the edge of it, wherever it is; likewise below.
        yield f"from {max(ends.start, first - ends.fade_in) - start} {ends.fade_in}"
        yield f"to {min(ends.end, last + ends.fade_out) - start} {ends.fade_out}"
        seen = bed.touching(max(first, ends.start), min(last, ends.end))
        for number, turn in enumerate(seen):
            at = turn.start if number else max(turn.start, first)
            yield f"turn {at - start} {(turn.phase + at - turn.start) % bed.loop.frames}"
        for one in bed.curve.touching(first, last):
            yield f"down {max(one.start, first - ATTACK) - start} {min(one.end, last + RELEASE) - start}"
