"""The clips of a session: a few in memory, the others read back when they are mixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from voicecoach.errors import SpeechError
from voicecoach.model.clip import Clip, Utterance, Voice
from voicecoach.sound.figures import ClipFigures, digest_of
from voicecoach.sound.gain import apply_gain

HELD_CLIPS = 24


def _not_spoken(utterance: Utterance) -> Clip:
    raise KeyError(utterance)


@dataclass(frozen=True)
class Spoken:
    """The clips of a session.

    Attributes
    ----------
    plain
        What is known of each utterance as the voice spoke it.
    gains_db
        What brings each voice to `config.VOICE_LUFS`.
    plain_clip
        Gives the clip of an utterance as the voice spoke it.
    """

    plain: Mapping[Utterance, ClipFigures] = field(default_factory=dict)
    gains_db: Mapping[Voice, float] = field(default_factory=dict)
    plain_clip: Callable[[Utterance], Clip] = _not_spoken

    @cached_property
    def clip(self) -> Callable[[Utterance], Clip]:
        """Gives the clip of an utterance, levelled; the last few are held in memory, others read from the cache."""
        return lru_cache(maxsize=HELD_CLIPS)(self._levelled)

    def frames(self, utterance: Utterance) -> int:
        """Length of an utterance in frames at 48 kHz: whole MP3 frames (1152 frames)."""
        return self.plain[utterance].frames

    def figures(self, utterance: Utterance) -> ClipFigures:
        """What is known of the clip of an utterance, levelled."""
        return self.plain[utterance].louder(self._gain_db(utterance))

    def _levelled(self, utterance: Utterance) -> Clip:
        """Give a clip as it is mixed: the one that all around it was reckoned by.

        Raises
        ------
        SpeechError
            It had to be made again, and is another.
        """
        clip = self.plain_clip(utterance)
        if digest_of(clip) != self.plain[utterance].digest:
            message = f"{utterance.voice} says '{utterance.text}' otherwise than before, and the clip of before is gone"
            raise SpeechError(message, hint="build again", voice=str(utterance.voice))
        return Clip(apply_gain(clip.samples, self._gain_db(utterance)), clip.rate_hz)

    def _gain_db(self, utterance: Utterance) -> float:
        return self.gains_db[utterance.voice] + float(utterance.gain_db)
