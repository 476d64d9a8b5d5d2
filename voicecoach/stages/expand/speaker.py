"""Making spoken cues: texts filled in, normalised, in the session's voice."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from voicecoach.model.clip import Utterance, Voice
from voicecoach.model.cuescript import Cue, Gap, Said, SpokenCue
from voicecoach.model.exercise import Side
from voicecoach.model.routine import Routine
from voicecoach.model.units import HOUR_S, MINUTE_S
from voicecoach.text.fill import fill, variables
from voicecoach.text.normalise import normalise
from voicecoach.text.pace import estimate_s
from voicecoach.text.wording import Wording

BETWEEN_SENTENCES_S = Fraction(45, 100)
LENGTH_SPARE_S = Fraction(1, 2)
LENGTH_STRETCH = Fraction(11, 10)
LONGEST_WORDS_S = (59 * MINUTE_S + 59, 11 * HOUR_S + 59 * MINUTE_S + 59)
"""Lengths that take longest to say, under an hour and over."""


class Speaker:
    """Turns words into spoken cues.

    Parameters
    ----------
    routine
        Its language, speed and variables are used.
    wording
        The coach's own words; called as ``speaker.words``.
    voice
        Who speaks.
    stated_length_s
        What ``{length}`` stands for, in seconds; None where the length is not to be said.
    """

    def __init__(self, routine: Routine, wording: Wording, voice: Voice, stated_length_s: int | None) -> None:
        self.words = wording
        self.stated_length_s = stated_length_s
        self._language = routine.language
        self._speed = routine.voice.speed
        self._voice = voice
        self._values = dict(routine.variables)
        self._made: dict[str, Said] = {}
        self.title = self.text(routine.title)
        self._values["title"] = self.title
        if stated_length_s is not None:
            self._values["length"] = wording.length(stated_length_s)

    def text(self, template: str) -> str:
        """Fill the routine's variables into a text that is shown, such as its title."""
        return fill(template, self._values)

    def say(
        self, text: str, role: str, values: Mapping[str, str] | None = None, *, brief: str | None = None, **placing: Any
    ) -> SpokenCue:
        """Make a spoken cue of words as people read them.

        Parameters
        ----------
        text
            With variables; those of the routine are known.
        role
            What it is for.
        values
            Further variables.
        brief
            The same in fewer words, for where there is no time for all of them.
        placing
            Further fields of `SpokenCue`.
        """
        said = self._said(text, values)
        short = None if brief is None else self._said(brief, values)
        if "length" in variables(text):
            placing.setdefault("least_s", self._window_s(text))
        return SpokenCue(said.text, said.utterance, role, brief=short if short != said else None, **placing)

    def message(
        self, name: str, role: str, *, variant: int = 0, values: Mapping[str, str | int] | None = None, **placing: Any
    ) -> SpokenCue:
        """Make a spoken cue of one of the coach's own messages, with its brief form where it has one.

        Parameters
        ----------
        name
            The message's.
        role
            What it is for.
        variant
            Which of its variants.
        values
            What its variables stand for.
        placing
            Further fields of `SpokenCue`.
        """
        given = values or {}
        brief = self.words.brief(name, **given)
        return self.say(self.words(name, variant=variant, **given), role, brief=brief, **placing)

    def takes_s(self, text: str) -> Fraction:
        """Estimate how long a text takes to say."""
        return estimate_s(self._said(text, None).utterance.text, self._speed)

    def _said(self, text: str, values: Mapping[str, str] | None) -> Said:
        filled = fill(text, {**self._values, **(values or {})})
        if filled not in self._made:
            self._made[filled] = Said(filled, Utterance(normalise(filled, self._language), self._voice, self._speed))
        return self._made[filled]

    def _window_s(self, text: str) -> Fraction:
        """Time to keep for words that tell the length, whatever it is, so that telling it does not change it."""
        longest_s = LONGEST_WORDS_S[(self.stated_length_s or 0) >= HOUR_S]
        longest = normalise(fill(text, {"length": self.words.length(longest_s)}), self._language)
        return estimate_s(longest, self._speed) * LENGTH_STRETCH + LENGTH_SPARE_S

    def sentences(self, *texts: str, role: str, values: Mapping[str, str] | None = None) -> tuple[Cue, ...]:
        """Say texts one after another with a pause between."""
        cues: list[Cue] = []
        for text in texts:
            cues += [self.say(text, role, values), Gap(BETWEEN_SENTENCES_S)]
        return tuple(cues[:-1])

    def side(self, side: Side) -> str:
        """Name a side as the language does."""
        return self.words("side", side=side.value, which=side.value)

    def sided(self, message: str, side: Side, *, variant: int = 0, **values: str | int) -> str:
        """Say one of the coach's messages that names a side."""
        return self.words(message, variant=variant, **self.told(side), **values)

    def told(self, side: Side) -> dict[str, str]:
        """Give a message's values of a side: as it is said, and which it is."""
        return {"side": self.side(side), "which": side.value}

    def sides(self, side: Side | None, language: str) -> dict[str, str]:
        """Give the values of ``{side}`` and ``{other side}`` in an exercise's wording, in that wording's language."""
        if side is None:
            return {}
        words = self.words.of(language)
        names = {s: words("side", side=s.value, which=s.value) for s in Side}
        return {"side": names[side], "other side": names[side.other]}

    def filled(self, text: str, side: Side | None, language: str) -> str:
        """Fill the sides into an exercise's wording."""
        return fill(text, self.sides(side, language))
