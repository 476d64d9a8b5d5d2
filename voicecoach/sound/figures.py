"""What is known of a clip without its samples: by it a session's loudness is reckoned and its regions told apart."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.clip import Clip
from voicecoach.sound.energy import Energies, cell_energies, cell_peaks
from voicecoach.sound.gain import to_linear
from voicecoach.sound.outline import cell_levels, drawn
from voicecoach.sound.true_peak import true_peak

_DIGEST_CHARS = 32


@dataclass(frozen=True)
class ClipFigures:
    """What is known of a clip.

    Attributes
    ----------
    digest
        Of its samples: equal digests, equal clips.
    frames, channels
        Its length and form.
    peak
        Its true peak, linear; 1.0 is full scale.
    energies
        K-weighted, one for each 48 ms (see `sound.energy`).
    cell_peaks
        The highest sample of each of these 48 ms, linear: float64, shape (cells,).
    levels_dbfs
        RMS, one for each 50 ms (see `sound.outline`): float64, shape (cells,).
    """

    digest: str
    frames: int
    channels: int
    peak: float
    energies: Energies
    cell_peaks: NDArray[np.float64]
    levels_dbfs: NDArray[np.float64]

    @property
    def outline(self) -> str:
        """How loud it is from moment to moment, as a session carries it."""
        return drawn(self.levels_dbfs)

    def louder(self, gain_db: float) -> ClipFigures:
        """Give the figures of the clip made louder or softer."""
        factor = to_linear(gain_db)
        digest = hashlib.sha256(f"{self.digest} {gain_db!r}".encode()).hexdigest()[:_DIGEST_CHARS]
        return replace(
            self,
            digest=digest,
            peak=self.peak * factor,
            energies=self.energies * factor**2,
            cell_peaks=self.cell_peaks * factor,
            levels_dbfs=self.levels_dbfs + gain_db,
        )

    def to_bytes(self) -> bytes:
        """Return the figures as bytes: a line of JSON, then little-endian float32."""
        head = [self.digest, self.frames, self.channels, self.peak, len(self.energies)]
        values = np.concatenate([self.energies, self.cell_peaks, self.levels_dbfs]).astype("<f4")
        return json.dumps(head).encode() + b"\n" + values.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> ClipFigures:
        """Make the figures of their bytes.

        Raises
        ------
        ValueError
            They are not those of figures.
        """
        line, _, rest = data.partition(b"\n")
        head = json.loads(line)
        if not isinstance(head, list) or len(head) != 5:
            raise ValueError("these are no figures of a clip")
        digest, frames, channels, peak, cells = head
        values = np.frombuffer(rest, "<f4").astype(np.float64)
        energies, cell_peaks, levels_dbfs = np.split(values, [cells, 2 * cells])
        return cls(str(digest), int(frames), int(channels), float(peak), energies, cell_peaks, levels_dbfs)


def measure_clip(clip: Clip) -> ClipFigures:
    """Measure a clip of 48 kHz."""
    return ClipFigures(
        digest=digest_of(clip),
        frames=clip.frames,
        channels=clip.samples.shape[1],
        peak=true_peak(clip.samples),
        energies=_as_kept(cell_energies(clip.samples)),
        cell_peaks=_as_kept(cell_peaks(clip.samples)),
        levels_dbfs=_as_kept(cell_levels(clip.samples)),
    )


def _as_kept(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round as `to_bytes` does, so that a session does not change when its figures come from the cache."""
    return values.astype(np.float32).astype(np.float64)


def digest_of(clip: Clip) -> str:
    """Hash a clip: 32 hexadecimal digits."""
    return hashlib.sha256(clip.to_bytes()).hexdigest()[:_DIGEST_CHARS]
