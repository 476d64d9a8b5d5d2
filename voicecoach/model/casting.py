"""Who speaks in a session: the coach, who counts, and the voices that single steps name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from voicecoach.model.clip import Voice
from voicecoach.model.routine import VoiceChoice


@dataclass(frozen=True)
class Part:
    """A voice, and how it speaks.

    Attributes
    ----------
    voice
        Who speaks.
    speed, pitch_st, gain_db
        As in `model.clip.Utterance`.
    """

    voice: Voice
    speed: Fraction = Fraction(1)
    pitch_st: Fraction = Fraction(0)
    gain_db: Fraction = Fraction(0)


@dataclass(frozen=True)
class Casting:
    """The voices of a session.

    Attributes
    ----------
    coach
        Who speaks.
    counter
        Who counts; the coach where nobody else is named.
    named
        The voices that the routine names, by their names as they are written there (`VoiceChoice.spec`); one that is
        not in it is the coach.
    by_role
        Those that say a text otherwise for what it is for: recordings.
    """

    coach: Voice
    counter: Voice
    named: Mapping[str, Voice] = field(default_factory=dict)
    by_role: frozenset[Voice] = frozenset()

    @classmethod
    def of(cls, voice: Voice) -> Casting:
        """Give every part to one voice."""
        return cls(voice, voice)

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Each different voice once, the coach first."""
        return tuple(dict.fromkeys((self.coach, self.counter, *self.named.values())))

    def part(self, choice: VoiceChoice) -> Part:
        """Tell who speaks where the routine asks for a voice, and how."""
        voice = self.named.get(choice.spec, self.coach)
        return Part(voice, choice.speed, choice.pitch_st, choice.gain_db)
