"""The master of a session: any stretch of it, mixed, balanced and limited when it is read."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

import numpy as np

from voicecoach.model.clip import Clip, Samples
from voicecoach.model.levels import Levels
from voicecoach.model.master import Measured, Region, RegionKind
from voicecoach.model.timeline import BED_TRACK, EARCON_TRACK, VOICE_TRACK
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.sound.energy import CELL_FRAMES, HOP_FRAMES, cell_energies, integrated_lufs, lay
from voicecoach.sound.figures import ClipFigures
from voicecoach.sound.gain import to_db, to_linear
from voicecoach.sound.limiter import MARGIN_DB, REACH, STEP, foretold, limiter_gains
from voicecoach.sound.outline import CELL_FRAMES as OUTLINE_CELL_FRAMES
from voicecoach.sound.outline import drawn
from voicecoach.sound.true_peak import HALO, true_peak
from voicecoach.stages.mix.balance import Balance
from voicecoach.stages.mix.keys import region_key
from voicecoach.stages.mix.layers import Layer
from voicecoach.stages.mix.regions import stretches

TRACKS = (VOICE_TRACK, EARCON_TRACK, BED_TRACK)
_AROUND = -(-(REACH + HALO) // STEP) * STEP
"""Frames on either side of a stretch that its limiter looks at: whole steps."""


class SessionMaster:
    """The summed audio of a session; a `model.master.Master`.

    Parameters
    ----------
    frames, channels
        Its length and form, at 48 kHz.
    voice, earcons
        What is heard over the bed.
    balance
        Its gain and its bed.
    """

    rate_hz = SAMPLE_RATE_HZ

    def __init__(self, frames: int, channels: int, voice: Layer, earcons: Layer, balance: Balance) -> None:
        self.frames = frames
        self.channels = channels
        self.balance = balance
        self._layers = (voice, earcons)
        self._bed = balance.bed
        self._ceiling_dbtp = balance.profile.true_peak_dbtp
        self._gain = np.float32(to_linear(balance.gain_db))

    @property
    def loop(self) -> Clip | None:
        """The bed's loop at its plain level; None without a bed."""
        return None if self._bed is None else Clip(self._bed.loop.samples(), self.rate_hz)

    @property
    def loop_key(self) -> str | None:
        """Hash of what makes the loop's samples; None without a bed."""
        return self.balance.bed_key

    def regions(self) -> Iterator[Region]:
        """All regions in order, from frame 0 to the end."""
        sounding = (span for layer in self._layers for span in layer.spans())
        for kind, start, end in stretches(self.frames, sounding, self._bed):
            key = phase = None
            if kind is RegionKind.ACTIVE:
                key = region_key(start, end, self._layers, self._bed, self._settings)
            elif kind is RegionKind.BED and self._bed is not None:
                phase = self._bed.phase(start)
            yield Region(kind, start, end - start, key, phase)

    def read(self, start: int, frames: int, tracks: Collection[str] | None = None) -> Samples:
        """Mix a stretch.

        Parameters
        ----------
        start, frames
            Any stretch; how a session is cut up does not change a sample of it. Threads may read at the same time.
        tracks
            Of ``voice``, ``earcons`` and ``bed`` those that are to be heard; None: all. Each is as it is in the sum of
            all of them, limited with it: the tracks add up to the whole.

        Returns
        -------
        Samples
            float32, shape (frames, channels); zeros before frame 0 and after the session's end.

        Raises
        ------
        EncodeError
            A clip is not as it was planned.
        """
        first = start // STEP * STEP - _AROUND
        last = -(-(start + frames) // STEP) * STEP + _AROUND
        if not self._may_be_over(first, last):
            return self._mixed(start, frames, TRACKS if tracks is None else tracks)
        mixed = self._mixed(first, last - first, TRACKS)
        gains = limiter_gains(mixed, self._ceiling_dbtp)
        seen = slice(start - first, start - first + frames)
        samples = mixed[seen].copy() if tracks is None else self._mixed(start, frames, tracks)
        if gains is not None:
            for channel in range(self.channels):
                samples[:, channel] *= gains[seen]
        if tracks is None:
            self._assert_within(samples)
        return samples

    def measure(self, samples: Samples, before: int, frames: int) -> bytes:
        """Measure what `read` gave of an active stretch: true peak, and energies of each 48 ms; little-endian float32.

        Parameters
        ----------
        samples
            The stretch with its surroundings: float32, shape (frames in all, channels).
        before, frames
            How many of its frames are surroundings in front, and how many are the stretch.
        """
        stretch = samples[before : before + frames]
        return np.append(cell_energies(stretch), true_peak(stretch)).astype("<f4").tobytes()

    def outline(self, clip: ClipFigures) -> str:
        """Outline a spoken clip as it is heard here, limited, but for the session's gain: see `sound.outline`."""
        peaks = clip.louder(self.balance.gain_db).cell_peaks
        limited_db = 20 * np.log10(foretold(peaks, self._ceiling_dbtp))
        middles = (np.arange(len(clip.levels_dbfs)) + 0.5) * OUTLINE_CELL_FRAMES
        there = np.interp(middles, (np.arange(len(peaks)) + 0.5) * CELL_FRAMES, limited_db)
        return drawn(clip.levels_dbfs + there)

    def levels(self, measured: Iterable[Measured]) -> Levels:
        """Put together what was measured of the active stretches and what is known of the bed between them.

        The loudness is that of the file that the coder makes of it; the true peak is the master's.
        """
        hops, peak = np.zeros(-(-self.frames // HOP_FRAMES)), 0.0
        for one in measured:
            *energies, highest = np.frombuffer(one.figures, "<f4").astype(np.float64)
            lay(hops, np.array(energies), one.start, one.frames)
            peak = max(peak, float(highest))
        if self._bed is not None:
            peak = max(peak, self.balance.bed_peak)
            for region in self.regions():
                if region.phase is not None:
                    at = region.phase // MP3_FRAME_FRAMES + np.arange(-(-region.frames // MP3_FRAME_FRAMES))
                    energies_there = np.take(self.balance.bed_energies, at, mode="wrap")
                    lay(hops, energies_there, region.start, region.frames, cell_frames=MP3_FRAME_FRAMES)
        return Levels(
            profile=self.balance.profile.name,
            gain_db=self.balance.gain_db,
            integrated_lufs=_told(integrated_lufs(hops) - self.balance.profile.coder_loss_db),
            true_peak_dbtp=_told(to_db(peak)),
            voice_over_bed_lu=_told(self.balance.voice_over_bed_lu),
            tones_db=self.balance.tones_db or None,
        )

    @cached_property
    def _settings(self) -> str:
        curve = None if self._bed is None else self._bed.curve.depth_db
        parts = (self.channels, self.balance.gain_db, self._ceiling_dbtp, self.loop_key, curve)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def _mixed(self, start: int, frames: int, tracks: Collection[str]) -> Samples:
        """The sum before the limiter: always in one order, so that it is the same to the last bit."""
        samples = np.zeros((frames, self.channels), np.float32)
        for name, layer in zip(TRACKS[:2], self._layers, strict=True):
            if name in tracks:
                layer.add(samples, start, self._gain)
        if self._bed is not None and BED_TRACK in tracks:
            samples += self._bed.read(start, frames)
        return samples

    def _may_be_over(self, start: int, end: int) -> bool:
        """Whether the limiter may have to do with a stretch: by the peaks of its clips, as if they fell together."""
        most = self.balance.bed_peak
        for layer in self._layers:
            most += max((clip.figures.peak for clip in layer.touching(start, end)), default=0.0) * float(self._gain)
        return most > to_linear(self._ceiling_dbtp - MARGIN_DB) * (1 - 1e-6)

    def _assert_within(self, samples: Samples) -> None:
        highest = max(float(samples.max(initial=0.0)), -float(samples.min(initial=0.0)))
        assert highest <= to_linear(self._ceiling_dbtp), f"the limiter let {highest:.3f} of full scale through"


def _told(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, 2)
