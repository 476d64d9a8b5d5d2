"""What every engine checks before it speaks and after: the request, and that sound came out."""

from __future__ import annotations

import numpy as np

from voicecoach.engines.base import Capabilities, SpeechRequest
from voicecoach.errors import SpeechError
from voicecoach.model.clip import Samples

SLOWEST, FASTEST = 0.5, 2.0
SHORTEST_S = 0.05
"""Less than this is no word: "a" takes 0.4 s at speed 1; text without a word gives under 0.02 s, or silence."""

_SILENCE = 0.001  # -60 dBFS
_SHOWN = 60


def shown(text: str) -> str:
    """Quote a text for a message, cut to 60 characters."""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def check_request(request: SpeechRequest, capabilities: Capabilities) -> None:
    """Refuse what the protocol does not allow.

    Raises
    ------
    SpeechError
        The text is empty or too long, or the speed out of range.
    """
    if not any(map(str.isalnum, request.text)):
        raise SpeechError(f"there is no word to speak in {shown(request.text)}")
    if len(request.text) > capabilities.max_chars:
        raise SpeechError(
            f"the text has {len(request.text):,} characters, the voice takes {capabilities.max_chars:,}: "
            f"{shown(request.text)}",
            hint="split it into several cues",
        )
    if not SLOWEST <= request.speed <= FASTEST:
        raise SpeechError(f"speed {request.speed:g} is not from {SLOWEST:g} to {FASTEST:g}: {shown(request.text)}")


def check_sound(samples: Samples, rate_hz: int, text: str) -> None:
    """Refuse sound that cannot be a word.

    Raises
    ------
    SpeechError
        Less than `SHORTEST_S` lies between the first and the last sample above -60 dBFS, or a sample is not finite.
    """
    if not np.isfinite(samples).all():
        raise SpeechError(f"the voice gave damaged sound for {shown(text)}")
    loud = np.flatnonzero((np.abs(samples) > _SILENCE).any(axis=1))
    if loud.size == 0 or (loud[-1] - loud[0]) / rate_hz < SHORTEST_S:
        raise SpeechError(f"the voice says nothing for {shown(text)}", hint="write it in words")
