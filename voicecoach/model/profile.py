"""What a person wants changed of any routine, without editing it: a profile file, flags, or both."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

from voicecoach.model.change import Change
from voicecoach.model.lexicon import Pronunciation
from voicecoach.model.output import FileFormat
from voicecoach.model.routine import Talk

Lexicon = tuple[Pronunciation, ...]
CHANGES = ("hold", "reps", "rounds", "sets", "rest")
"""The fields of a profile that are a `Change`."""
Variables = tuple[tuple[str, str], ...]
"""Names and what they stand for, in the order written."""


def laid_over(variables: Variables, others: Variables) -> Variables:
    """Lay variables over others: their values win; what the others lack stands behind."""
    return tuple({**dict(others), **dict(variables)}.items())


def spoken_over(lexicon: Lexicon, other: Lexicon) -> Lexicon:
    """Lay a lexicon over another: its words win, however they are written; what the other has more stands behind."""
    known = {one.word.casefold() for one in lexicon}
    return (*lexicon, *(one for one in other if one.word.casefold() not in known))


@dataclass(frozen=True)
class Profile:
    """What a person wants changed; the empty profile changes nothing.

    Attributes
    ----------
    variables
        What ``{name}`` and its like stand for.
    talk
        How much is said, everywhere; None: as the routine says.
    hold
        What becomes of holds. Its factors scale times and the work of intervals, too; its additions do not.
    reps
        What becomes of what is counted but breaths: repetitions and cycles.
    rounds
        What becomes of rounds: of repeats that are done more than once, and of intervals.
    sets
        What becomes of sets. What is done once by the clock or by breaths, such as a warm-up, stays at one.
    rest
        What becomes of rests: those of their own, between sets and between intervals.
    pace
        How fast the coach speaks and counts repetitions: 0.9 is slower. The parts of a tempo are divided by it, the
        speed of speech is multiplied by it. 0.5 to 2.
    voice
        Who speaks: ``auto``, an engine or ``engine:voice``; several with commas between: the first one that can.
    lexicon
        How words are spoken, over what the routine says of them.
    skip
        Exercises to leave out.
    avoid
        Positions to leave out, or words of them: ``kneeling``.
    without
        Equipment that there is not: ``foam roller``.
    no_bed
        No music or noise under the voice.
    length_s
        The length in seconds that the session should have.
    reorder
        Exercises may change places, for fewer changes of position.
    swap_sides
        What is done one side after the other begins with the other side than it would.
    warm_up_s
        Seconds of warming up before the first thing to do, in a routine that has no warm-up of its own.
    level
        How loud sessions should be: the name of one of `config.LEVEL_PROFILES`.
    file_format, bitrate_kbps
        What files they should be, where nothing else is asked for.
    """

    variables: Variables = ()
    talk: Talk | None = None
    hold: Change | None = None
    reps: Change | None = None
    rounds: Change | None = None
    sets: Change | None = None
    rest: Change | None = None
    pace: Fraction | None = None
    voice: str | None = None
    lexicon: Lexicon = ()
    skip: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    no_bed: bool = False
    length_s: Fraction | None = None
    reorder: bool = False
    swap_sides: bool = False
    warm_up_s: Fraction | None = None
    level: str | None = None
    file_format: FileFormat | None = None
    bitrate_kbps: int | None = None

    def over(self, base: Profile) -> Profile:
        """Lay this profile over another one, as flags are laid over a file.

        One value replaces the other (of changes, too, only one counts); variables and what is to be left out join.
        """
        merged = {f.name: getattr(self, f.name) for f in fields(self)}
        for name, value in merged.items():
            under = getattr(base, name)
            if name == "variables":
                merged[name] = laid_over(value, under)
            elif name == "lexicon":
                merged[name] = spoken_over(value, under)
            elif isinstance(value, tuple):
                merged[name] = tuple(dict.fromkeys((*under, *value)))
            else:
                merged[name] = under if value is None or value is False else value
        return Profile(**merged)

    def further(self, base: Profile) -> Profile:
        """Go on from another profile: as `over`, but of changes both count, those of the base first.

        Sides that both would swap begin as the routine says. So a programme comes first, and a person's own wishes
        after it.
        """
        both: dict[str, Any] = {}
        for name in CHANGES:
            own, under = getattr(self, name), getattr(base, name)
            both[name] = under if own is None else own.after(under)
        return replace(self.over(base), swap_sides=self.swap_sides != base.swap_sides, **both)
