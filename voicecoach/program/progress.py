"""How far a programme has come in a week: what becomes of amounts, how much is said, and that in words."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from voicecoach.model.change import Change
from voicecoach.model.profile import CHANGES, Profile
from voicecoach.model.program import Program
from voicecoach.model.routine import Talk
from voicecoach.model.units import decimal, short

_WORDS = {"hold": "holds", "reps": "repetitions", "rounds": "rounds", "sets": "sets", "rest": "rests"}
_TIMED = ("hold", "rest")


def weeks_grown(program: Program, week: int) -> int:
    """Return over how many weeks amounts have grown in a week, which counts from 1; lighter weeks do not count."""
    return max(0, sum(not one.lighter for one in program.weeks[:week]) - 1)


def amounts(program: Program, week: int) -> Profile:
    """Return what becomes of amounts in a week.

    What the week says itself goes before what has grown and before what makes it lighter.
    """
    said, weeks = program.weeks[week - 1], weeks_grown(program, week)
    found: dict[str, Any] = {}
    for key in CHANGES:
        growth = getattr(program.growing, key)
        change: Change | None = None if growth is None else growth.after(weeks)
        less: Change | None = getattr(program.less, key) if said.lighter else None
        if less is not None:
            change = less.after(change)
        own: Change | None = getattr(said.said, key)
        found[key] = change if own is None else own
    return Profile(**found)


def talk(program: Program, week: int, *, first: bool) -> Talk | None:
    """Return how much is said in a week; None: as the routine says.

    Parameters
    ----------
    program, week
        The week counts from 1.
    first
        The routine comes for the first time.
    """
    said = program.weeks[week - 1].said.talk
    if said is not None:
        return said
    if program.talk_once:
        return Talk.TEACH if first else Talk.BRIEF
    return program.talk[min(week, len(program.talk)) - 1] if program.talk else None


def goal(program: Program, week: int) -> str:
    """Tell how far it has come in a week: ``holds +10s, repetitions +2, talk brief``; "" where nothing changes."""
    grown = amounts(program, week)
    parts = [
        f"{_WORDS[key]} {' then '.join(_told(change, timed=key in _TIMED))}"
        for key in CHANGES
        if (change := getattr(grown, key)) is not None and not change.is_none
    ]
    said = None if program.talk_once and program.weeks[week - 1].said.talk is None else talk(program, week, first=True)
    if said is not None:
        parts.append(f"talk {said.value}")
    return ", ".join(parts)


def _told(change: Change, *, timed: bool) -> Iterator[str]:
    if change.earlier is not None:
        yield from _told(change.earlier, timed=timed)
    if change.factor != 1:
        yield f"×{decimal(Fraction(round(change.factor * 100), 100))}"
    if change.plus:
        size = short(abs(change.plus)) if timed else decimal(abs(change.plus))
        limit = "" if change.most is None else f" up to {short(change.most) if timed else decimal(change.most)}"
        yield f"{'+' if change.plus > 0 else '-'}{size}{limit}"
