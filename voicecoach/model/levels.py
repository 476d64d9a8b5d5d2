"""How loud a session came out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Levels:
    """What was measured of a session as it was encoded.

    Attributes
    ----------
    profile
        The level that was asked for: ``podcast``, ``quiet``, ``loud``.
    gain_db
        By how much everything was made louder than the sounds are as they lie in their packs and the voice is at
        -19 LUFS: whole half decibels.
    integrated_lufs
        Integrated loudness of the file (ITU-R BS.1770); None of a session in which nothing is heard.
    true_peak_dbtp
        The highest true peak before encoding, in dB of full scale; None of silence.
    voice_over_bed_lu
        By how much the voice is louder than the bed while it speaks; None where one of the two is not there.
    tones_db
        By how much the breath tones were made louder than all else was; None: by nothing.
    """

    profile: str
    gain_db: float
    integrated_lufs: float | None = None
    true_peak_dbtp: float | None = None
    voice_over_bed_lu: float | None = None
    tones_db: float | None = None
