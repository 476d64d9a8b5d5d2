"""The bed of a session: how loud it is, how far it goes down under the voice, where it begins and ends."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from voicecoach.cache import key_of
from voicecoach.config import VOICE_LUFS
from voicecoach.errors import EncodeError
from voicecoach.model.clip import Samples
from voicecoach.model.timeline import PlacedClip, UsedBed
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ, to_frames
from voicecoach.sound.bedding import Bedding, Ends, Loop
from voicecoach.sound.ducking import Down, DuckCurve
from voicecoach.sound.energy import HOP_FRAMES, Energies, block_powers, integrated_lufs, lay, to_lufs
from voicecoach.sound.gain import to_db, to_linear
from voicecoach.sound.limiter import MARGIN_DB, limit_loop
from voicecoach.sound.noise_floor import FLOOR_KEY, noise_floor
from voicecoach.sound.true_peak import true_peak
from voicecoach.stages.mix.loop import LoopFigures, LoopSource, with_channels

FADE_IN = to_frames(2)
FADE_OUT = to_frames(4)
LEAST_UNDER_LU = 14.0
"""How far the loudest moment of a bed is under what a voice is levelled to. 12 is promised; a cue may be 2 softer than
its voice is on the whole."""
STEREO_LU = 3.0
"""What the same sound in two channels counts more than in one."""
HEADROOM_DB = 0.3
"""How far a bed alone stays under the ceiling, so that the session's limiter never has to do with it."""
MOST_LIMITED_DB = 3.0
"""So much is taken from the peaks of a loop that would be over that, drops of rain; what more is asked for, from all
of it."""
_LEAST_HEARD_S = 30


@dataclass(frozen=True)
class BedPlan:
    """A bed before the session's own gain.

    Attributes
    ----------
    make
        Gives the loop as it lies in its file: float32, shape (frames, channels of the session); a new array.
    key
        Of that.
    figures
        What is known of it.
    gain_db
        What brings the loop to its plain level.
    ends
        Where it is.
    curve
        How it is ducked.
    is_floor
        It is a noise floor, which stays as soft whatever the session's gain is.
    phase_of
        Of a texture: see `sound.bedding.Bedding`.
    """

    make: Callable[[], Samples]
    key: str
    figures: LoopFigures
    gain_db: float
    ends: Ends
    curve: DuckCurve
    is_floor: bool = False
    phase_of: Callable[[int], int] | None = None

    def plain_gain_db(self, gain_db: float) -> float:
        """What the loop is multiplied by in a session of that gain."""
        return self.gain_db if self.is_floor else self.gain_db + gain_db

    def over_db(self, gain_db: float, ceiling_dbtp: float) -> float:
        """Tell how far the loop's highest peak is over what it may be in a session of that gain; negative: under."""
        return to_db(self.figures.peak) + self.plain_gain_db(gain_db) + HEADROOM_DB - ceiling_dbtp

    def softer_db(self, gain_db: float, ceiling_dbtp: float) -> float:
        """Tell by how much the bed has to be softer, for its own limiter not to take more than `MOST_LIMITED_DB`."""
        return max(0.0, self.over_db(gain_db, ceiling_dbtp) - MOST_LIMITED_DB)

    def plain_peak(self, gain_db: float, ceiling_dbtp: float) -> float:
        """Give the true peak of the loop at its plain level in a session of that gain: linear."""
        over_db = max(0.0, self.over_db(gain_db, ceiling_dbtp))
        return self.figures.peak * to_linear(self.plain_gain_db(gain_db) - over_db)

    def plain_key(self, gain_db: float, ceiling_dbtp: float) -> str:
        """Name the loop's samples at their plain level in a session of that gain."""
        parts = [self.key, str(self.figures.channels), repr(self.plain_gain_db(gain_db))]
        return key_of(*parts, *([repr(ceiling_dbtp)] if self.over_db(gain_db, ceiling_dbtp) > 0 else []))

    def laid(self, gain_db: float = 0.0, ceiling_dbtp: float = math.inf) -> Bedding:
        """Lay the bed out in a session of that gain, its peaks limited once and for all."""
        gain = np.float32(to_linear(self.plain_gain_db(gain_db)))

        def made() -> Samples:
            samples = self.make()
            np.multiply(samples, gain, out=samples)
            if self.over_db(gain_db, ceiling_dbtp) > 0:
                limit_loop(samples, ceiling_dbtp - HEADROOM_DB + MARGIN_DB)
            return samples

        loop = Loop(made, self.figures.frames, self.figures.channels)
        return Bedding(loop, self.ends, self.curve, self.phase_of)

    def deeper(self, by_db: float) -> BedPlan:
        """Give the plan of the same bed, further down under the voice; one that is not ducked is softer all along."""
        if not self.curve.depth_db:
            return self.softer(by_db)
        return replace(self, curve=DuckCurve(self.curve.down, self.curve.depth_db + by_db))

    def softer(self, by_db: float) -> BedPlan:
        """Give the plan of the same bed, softer."""
        return replace(self, gain_db=self.gain_db - by_db)


def planned_bed(
    placed: PlacedClip,
    wanted: UsedBed,
    source: LoopSource,
    figures: LoopFigures,
    down: tuple[Down, ...],
    phase_of: Callable[[int], int] | None = None,
) -> BedPlan:
    """Plan the bed that the author asked for.

    Its level is the loudness of the loop in LUFS beside a voice of -16 (of two channels; of one, both are 3 less).
    Under the voice it goes down by what the author wrote, and further where it would not be 14 LU under the voice's
    own level. A bed that is not to be ducked at all lies so low all along.

    Parameters
    ----------
    placed
        Where it is.
    wanted
        How loud the author wants it.
    source, figures
        The loop, and what is known of it.
    down
        Where the voice speaks.
    phase_of
        Of a texture: see `sound.bedding.Bedding`.

    Raises
    ------
    EncodeError
        The loop is silent.
    """
    mean_lufs, loudest_lufs = _loudness(figures.energies)
    if not math.isfinite(mean_lufs):
        raise EncodeError(f"the bed '{wanted.sound}' is silent")
    mono_lu = STEREO_LU if figures.channels == 1 else 0.0
    gain_db = wanted.level_db - mono_lu - mean_lufs
    over_lu = loudest_lufs + gain_db - (VOICE_LUFS + STEREO_LU - mono_lu - LEAST_UNDER_LU)
    depth_db = max(wanted.duck_db, over_lu)
    if not wanted.duck_db:
        gain_db, depth_db = gain_db - max(0.0, over_lu), 0.0
    ends = Ends(placed.start, placed.end, min(FADE_IN, placed.frames // 3), min(FADE_OUT, placed.frames // 3))

    def make() -> Samples:
        samples = with_channels(source.clip().samples, figures.channels)
        return samples if samples.flags.writeable and samples.flags.owndata else samples.copy()

    return BedPlan(make, source.key, figures, gain_db, ends, DuckCurve(down, depth_db), phase_of=phase_of)


def planned_floor(frames: int, channels: int) -> BedPlan:
    """Plan a noise floor all along a session. It is too soft to count in any measure."""

    def make() -> Samples:
        return with_channels(noise_floor().samples, channels)

    samples = make()
    energies = np.zeros(len(samples) // MP3_FRAME_FRAMES)
    figures = LoopFigures(len(samples), channels, is_wide=False, peak=true_peak(samples), energies=energies)
    return BedPlan(make, FLOOR_KEY, figures, 0.0, Ends(0, frames), DuckCurve((), 0.0), is_floor=True)


def _loudness(energies: Energies) -> tuple[float, float]:
    """Integrated loudness of a loop, and that of its loudest 400 ms; as if it went round for 30 s at least."""
    rounds = _LEAST_HEARD_S * SAMPLE_RATE_HZ // (len(energies) * MP3_FRAME_FRAMES) + 2
    cells = np.tile(energies, rounds)
    frames = len(cells) * MP3_FRAME_FRAMES
    hops = np.zeros(frames // HOP_FRAMES + 1)
    lay(hops, cells, 0, frames, cell_frames=MP3_FRAME_FRAMES)
    whole = hops[: frames // HOP_FRAMES]
    return integrated_lufs(whole), to_lufs(float(block_powers(whole).max()))
