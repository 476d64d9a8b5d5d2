"""The forecast: how loud a session will be with one gain or another, reckoned without mixing anything."""

from __future__ import annotations

import math

import numpy as np

from voicecoach.config import VOICE_LUFS, LevelProfile
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.sound.energy import FINE_HOP_FRAMES, Energies, integrated_lufs, lay, to_lufs
from voicecoach.sound.gain import to_linear
from voicecoach.sound.limiter import foretold
from voicecoach.stages.mix.bed import BedPlan
from voicecoach.stages.mix.layers import Layer

GAIN_STEPS = 2
"""Steps in a decibel. Half a decibel is at most a quarter off, and an edit seldom changes the gain: what it does not
touch is then the same, and need not be encoded again."""
MOST_CHANGE_DB = 6.0
"""The session's gain makes the voice no louder or softer than this beside the profile's own level: a session of a few
ticks in an hour is not to be blown up until its mean is a podcast's."""
TONES_DB = (0.0, -2.0, -4.0, -6.0, -8.0)
"""What breath tones may be made louder by: softer only, and only where they would hold a session's loudness down."""
CARRIED_DB = 1.0
"""The tones of a session may ask for so much more gain than it would have without them; else they are made softer."""
STEADY_LU = 0.35
"""So near to its profile a session is to be, even with tones half a decibel louder or softer: loudness jumps where all
of them come over the gate, which is 10 LU under the mean, and a forecast is not to rest on its edge."""
_NUDGE_DB = 0.5
_AT_ONCE = 25_000


class Forecast:
    """How loud a session will be: all its clips laid out, limited, and gated.

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

    def __init__(
        self, frames: int, layers: tuple[Layer, Layer], bed: BedPlan | None, profile: LevelProfile, channels: int
    ) -> None:
        self.profile = profile
        self.channels = channels
        self._voice, earcons = layers
        self._marks = Layer(clip for clip in earcons.clips if not clip.is_tone)
        tones = Layer(clip for clip in earcons.clips if clip.is_tone)
        self._empty = np.zeros(-(-frames // FINE_HOP_FRAMES))
        self._tones = self._hops(tones, 0.0) if tones.clips else None  # so soft that no limiter has to do with them
        self._bed = bed
        self._under = self._empty if bed is None else _bed_hops(bed, frames)

    def with_bed(self, bed: BedPlan) -> None:
        """Reckon with another bed from now on."""
        self._bed = bed
        self._under = _bed_hops(bed, len(self._empty) * FINE_HOP_FRAMES)

    def lufs(self, gain_db: float, tones_db: float = 0.0) -> float:
        """Integrated loudness with that gain, the breath tones so much louder than all else; -inf of silence."""
        hops = self._under_with(gain_db) + self._hops(self._voice, gain_db) + self._hops(self._marks, gain_db)
        if self._tones is not None:
            hops += self._tones * to_linear(gain_db + tones_db) ** 2
        return integrated_lufs(hops, hop_frames=FINE_HOP_FRAMES)

    def best(self) -> tuple[float, float]:
        """Find the session's gain and how much louder its breath tones are beside it, both in dB.

        Where one breathes for long and little is said, the tones alone would set the loudness: for it to be the
        profile's, the voice would be driven far over its own level. There they go down until the gate leaves them out.
        """
        if self._tones is None or not self._voice.clips:
            return self.best_gain_db(), 0.0
        alone_db, found = self.best_gain_db(-math.inf), list[tuple[float, float, float]]()
        for tones_db in TONES_DB:
            gain_db = self.best_gain_db(tones_db)
            near = (self._missing_lu(gain_db, tones_db + off_db) for off_db in (0.0, -_NUDGE_DB, _NUDGE_DB))
            worst_lu = max(map(abs, near))
            if worst_lu <= STEADY_LU and gain_db <= alone_db + CARRIED_DB:
                return gain_db, tones_db
            found.append((worst_lu, gain_db, tones_db))
        return min(found)[1:]

    def best_gain_db(self, tones_db: float = 0.0) -> float:
        """The gain, in whole steps, with which the session is nearest to its profile.

        The limiter takes a little from what is loud, so more gain than is missing may be needed. What is known to be
        too little or too much closes in on it from both sides.
        """
        usual_db = self.profile.mono_lufs - VOICE_LUFS
        most = round(MOST_CHANGE_DB * GAIN_STEPS)
        low, high, at = -most - 1, most + 1, 0
        missing_lu: dict[int, float] = {}
        while low < at < high:
            missing_lu[at] = self._missing_lu(usual_db + at / GAIN_STEPS, tones_db)
            if not math.isfinite(missing_lu[at]):
                return usual_db
            steps = round(missing_lu[at] * GAIN_STEPS)
            if not steps:
                break
            low, high = (at, high) if steps > 0 else (low, at)
            at = min(max(at + steps, low + 1), high - 1)
        return usual_db + min(missing_lu, key=lambda tried: abs(missing_lu[tried])) / GAIN_STEPS

    def voice_over_bed_lu(self, gain_db: float) -> float | None:
        """Loudness of the voice over the mean of the bed in the moments (of 50 ms) in which the voice speaks."""
        voice = self._hops(self._voice, gain_db)
        spoken_lufs = integrated_lufs(voice, hop_frames=FINE_HOP_FRAMES)
        under = self._under_with(gain_db)[voice > 0]
        if not math.isfinite(spoken_lufs) or not under.any():
            return None
        return spoken_lufs - to_lufs(float(under.mean()) / FINE_HOP_FRAMES)

    def _missing_lu(self, gain_db: float, tones_db: float) -> float:
        wanted_lufs = self.profile.lufs(self.channels) + self.profile.coder_loss_db
        return wanted_lufs - self.lufs(gain_db, tones_db)

    def _under_with(self, gain_db: float) -> Energies:
        """The bed, softer by what its peaks ask for."""
        softer_db = 0.0 if self._bed is None else self._bed.softer_db(gain_db, self.profile.true_peak_dbtp)
        return self._under * to_linear(gain_db - softer_db) ** 2

    def _hops(self, layer: Layer, gain_db: float) -> Energies:
        hops, known = np.zeros_like(self._empty), dict[str, Energies]()
        for clip in layer.clips:
            figures = clip.figures
            if figures.digest not in known:
                louder = figures.louder(gain_db)
                both = max(1.0, self.channels / figures.channels)
                limited = foretold(louder.cell_peaks, self.profile.true_peak_dbtp)
                known[figures.digest] = louder.energies * np.square(limited) * both
            lay(hops, known[figures.digest], clip.start, clip.end - clip.start, hop_frames=FINE_HOP_FRAMES)
        return hops


def _bed_hops(bed: BedPlan, frames: int) -> Energies:
    """Lay out the energies of a bed, some at a time: all of eight hours' MP3 frames are many."""
    hops = np.zeros(-(-frames // FINE_HOP_FRAMES))
    energies, laid = bed.figures.energies * to_linear(bed.gain_db) ** 2, bed.laid()
    for start in range(0, frames, _AT_ONCE * MP3_FRAME_FRAMES):
        length = min(_AT_ONCE * MP3_FRAME_FRAMES, frames - start)
        cells = laid.energies(energies, start // MP3_FRAME_FRAMES, -(-length // MP3_FRAME_FRAMES))
        lay(hops, cells, start, length, cell_frames=MP3_FRAME_FRAMES, hop_frames=FINE_HOP_FRAMES)
    return hops
