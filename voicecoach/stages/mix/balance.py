"""The balance: one gain for the whole session, foretold from what is known of its clips; and what came of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from voicecoach.config import LevelProfile
from voicecoach.sound.bedding import Bedding
from voicecoach.sound.energy import Energies
from voicecoach.sound.gain import to_linear
from voicecoach.stages.mix.bed import BedPlan
from voicecoach.stages.mix.forecast import GAIN_STEPS, Forecast
from voicecoach.stages.mix.layers import Layer

LEAST_OVER_LU = 12.5
"""How far the voice is over the bed while it speaks: what is promised, and half a decibel."""


@dataclass(frozen=True)
class Balance:
    """What was settled.

    Attributes
    ----------
    profile
        What was asked for.
    gain_db
        The session's own gain.
    tones_db
        By how much its breath tones are louder beside that.
    bed
        The bed as it goes into the mix, or None.
    bed_key, bed_energies, bed_peak
        Of its loop at its plain level: a hash, the K-weighted energy of each MP3 frame (1152 frames), the true peak.
    voice_over_bed_lu
        By how much the voice is louder than the bed while it speaks; None where one of the two is not there.
    expected_lufs
        Integrated loudness that the master will have; -inf of silence.
    """

    profile: LevelProfile
    gain_db: float
    tones_db: float
    bed: Bedding | None
    bed_key: str | None
    bed_energies: Energies
    bed_peak: float
    voice_over_bed_lu: float | None
    expected_lufs: float


def balanced(
    frames: int, layers: tuple[Layer, Layer], bed: BedPlan | None, profile: LevelProfile, channels: int
) -> Balance:
    """Find the gain that brings a session to its profile's loudness, and lay out its bed.

    Parameters
    ----------
    frames
        Length of the session.
    layers
        Voice and earcons.
    bed
        What is under them, or None.
    profile
        How loud the session is to be.
    channels
        How many it has.
    """
    forecast = Forecast(frames, layers, bed, profile, channels)
    gain_db, tones_db = forecast.best()
    if bed is not None and (deeper := _deeper(bed, forecast, gain_db)) is not bed:
        forecast.with_bed(deeper)
        gain_db, tones_db = forecast.best()
        bed = _deeper(deeper, forecast, gain_db)
        forecast.with_bed(bed)
    over_lu, expected_lufs = forecast.voice_over_bed_lu(gain_db), forecast.lufs(gain_db, tones_db)
    if bed is None:
        nothing = np.zeros(0)
        return Balance(profile, gain_db, tones_db, None, None, nothing, 0.0, over_lu, expected_lufs)
    ceiling_dbtp = profile.true_peak_dbtp
    bed = bed.softer(bed.softer_db(gain_db, ceiling_dbtp))
    laid, key = bed.laid(gain_db, ceiling_dbtp), bed.plain_key(gain_db, ceiling_dbtp)
    energies = bed.figures.energies * to_linear(bed.plain_gain_db(gain_db)) ** 2
    peak = bed.plain_peak(gain_db, ceiling_dbtp)
    return Balance(profile, gain_db, tones_db, laid, key, energies, peak, over_lu, expected_lufs)


def _deeper(bed: BedPlan, forecast: Forecast, gain_db: float) -> BedPlan:
    """Lower a bed further where the voice would not be far enough over it: soft cues, or a limiter hard at work."""
    over_lu = forecast.voice_over_bed_lu(gain_db)
    if over_lu is None or over_lu >= LEAST_OVER_LU:
        return bed
    return bed.deeper(math.ceil((LEAST_OVER_LU - over_lu) * GAIN_STEPS) / GAIN_STEPS)
