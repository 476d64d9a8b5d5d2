"""Making spoken cues: texts filled in, normalised, in the session's voice."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from fractions import Fraction
from typing import Any

from voicecoach.model.casting import Casting, Part
from voicecoach.model.clip import Utterance
from voicecoach.model.cuescript import Cue, Gap, Said, SpokenCue
from voicecoach.model.exercise import Side
from voicecoach.model.routine import Routine, VoiceChange
from voicecoach.model.units import HOUR_S, MINUTE_S
from voicecoach.text.fill import fill, variables
from voicecoach.text.lexicon import Lexicon
from voicecoach.text.pace import estimate_s
from voicecoach.text.spoken import NOTHING, spoken
from voicecoach.text.wording import Wording

BETWEEN_SENTENCES_S = Fraction(45, 100)
LENGTH_SPARE_S = Fraction(1, 2)
LENGTH_STRETCH = Fraction(11, 10)
LONGEST_WORDS_S = (59 * MINUTE_S + 59, 11 * HOUR_S + 59 * MINUTE_S + 59)
"""Lengths that take longest to say, under an hour and over."""

COUNTING = frozenset({"countdown", "count", "rep", "set", "time left"})
"""The roles of what counts: the last seconds, repetitions and "last one", sets, and the time that is left."""


class Speaker:
    """Turns words into spoken cues.

    Parameters
    ----------
    routine
        Its language, voices and variables are used.
    wording
        The coach's own words; called as ``speaker.words``.
    casting
        Who speaks.
    stated_length_s
        What ``{length}`` stands for, in seconds; None where the length is not to be said.
    lexicon
        How words are spoken.
    """

    def __init__(
        self,
        routine: Routine,
        wording: Wording,
        casting: Casting,
        stated_length_s: int | None,
        lexicon: Lexicon = NOTHING,
    ) -> None:
        self.words = wording
        self.stated_length_s = stated_length_s
        self._language = routine.language
        self._casting = casting
        self._lexicon = lexicon
        self._coach = self._choice = routine.voice
        self._counter = routine.counter
        self._values = dict(routine.variables)
        self._made: dict[tuple[str, Part, str], Said] = {}
        self.title = self.text(routine.title)
        self._values["title"] = self.title
        if stated_length_s is not None:
            self._values["length"] = wording.length(stated_length_s)

    def voiced(self, change: VoiceChange | None) -> Speaker:
        """Give the speaker of a step that has another voice, or the coach's otherwise; None: the coach as ever."""
        if change is None:
            return self
        other = copy(self)
        other._choice = change.over(self._choice)
        return other

    def _part(self, role: str) -> Part:
        """Who says what is said for a role: numbers are the counter's, where somebody else counts."""
        if role in COUNTING and self._counter is not None:
            return self._casting.part(self._counter.over(self._coach))
        return self._casting.part(self._choice)

    def text(self, template: str) -> str:
        """Fill the routine's variables into a text that is shown, such as its title; there are no marks in it."""
        return fill(template, self._values)

    def say(
        self, text: str, role: str, values: Mapping[str, str] | None = None, *, brief: str | None = None, **placing: Any
    ) -> SpokenCue:
        """Make a spoken cue of words as people read them.

        Parameters
        ----------
        text
            With variables, of which those of the routine are known, and marks.
        role
            What it is for.
        values
            Further variables.
        brief
            The same in fewer words, for where there is no time for all of them.
        placing
            Further fields of `SpokenCue`.
        """
        part = self._part(role)
        said = self._said(text, values, part, role)
        short = None if brief is None else self._said(brief, values, part, role)
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

    def takes_s(self, text: str, role: str = "") -> Fraction:
        """Estimate how long a text takes to say, by whoever says what is for a role."""
        utterance = self._said(text, None, self._part(role), role).utterance
        return estimate_s(utterance.text, utterance.speed) + utterance.pauses_s

    def _said(self, text: str, values: Mapping[str, str] | None, part: Part, role: str) -> Said:
        filled = fill(text, {**self._values, **(values or {})})
        role = role if part.voice in self._casting.by_role else ""
        if (filled, part, role) not in self._made:
            ready = spoken(filled, self._language, self._lexicon)
            utterance = Utterance(ready.text, part.voice, part.speed, part.pitch_st, part.gain_db, ready.marks, role)
            self._made[filled, part, role] = Said(ready.shown, utterance)
        return self._made[filled, part, role]

    def _window_s(self, text: str) -> Fraction:
        """Time to keep for words that tell the length, whatever it is, so that telling it does not change it."""
        longest_s = LONGEST_WORDS_S[(self.stated_length_s or 0) >= HOUR_S]
        longest = spoken(fill(text, {"length": self.words.length(longest_s)}), self._language)
        pauses_s = sum((mark.pause_s for mark in longest.marks), start=Fraction(0))
        return estimate_s(longest.text, self._choice.speed) * LENGTH_STRETCH + pauses_s + LENGTH_SPARE_S

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
