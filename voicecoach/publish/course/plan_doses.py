"""The doses of several weeks in one line each: ``hold 30 → 35 → 40 s each side``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voicecoach.model.course import CourseWeek, DayContent, Done
from voicecoach.publish.course.content import rounds_behind
from voicecoach.publish.course.words import CourseWords
from voicecoach.text.wording import Wording

ARROW, GROWS = " → ", "\u00a0→\u00a0"
"""Between doses, and between the figures of one, which stay on a line."""
_WORDS = re.compile(r"[ \u00a0]")


@dataclass(frozen=True)
class Routine:
    """A routine of several weeks.

    Attributes
    ----------
    title
        For people.
    weeks
        In which of them it is done.
    lines
        What is done in it, in order: name and dose, or several doses where it grows.
    note
        The author's word that is the same for all days on which it is done, or "".
    """

    title: str
    weeks: tuple[int, ...]
    lines: tuple[tuple[str, str], ...]
    note: str = ""


def routines(weeks: Sequence[CourseWeek], words: CourseWords) -> tuple[Routine, ...]:
    """List the routines of some weeks, in the order in which they come.

    Of a week in which a routine is done in several ways, the second way stands as a routine of its own.
    """
    ways: dict[tuple[str, tuple[str, ...], int], dict[int, DayContent]] = {}
    for week in weeks:
        seen: dict[tuple[str, tuple[str, ...]], list[DayContent]] = {}
        for day in week.days:
            content = words.content(day)
            if content is None:
                continue
            same = seen.setdefault((words.routine(day), tuple(one.name for one in content.done)), [])
            if all(other.done != content.done for other in same):
                same.append(content)
        for (title, names), contents in seen.items():
            for number, content in enumerate(contents):
                ways.setdefault((title, names, number), {})[week.number] = content
    notes = shared_notes(weeks, words)
    return tuple(_routine(title, found, notes.get(title, ""), words.labels) for (title, _, _), found in ways.items())


def shared_notes(weeks: Sequence[CourseWeek], words: CourseWords) -> Mapping[str, str]:
    """Find the notes that stand on all days of a routine, by its title: they need to be told only once."""
    found: dict[str, set[str]] = {}
    for day in (day for week in weeks for day in week.days):
        if words.content(day) is not None:
            found.setdefault(words.routine(day), set()).add(day.note)
    return {title: next(iter(notes)) for title, notes in found.items() if len(notes) == 1}


def _routine(title: str, weeks: dict[int, DayContent], note: str, labels: Wording) -> Routine:
    contents = list(weeks.values())
    names = [one.name for one in contents[0].done]
    doses = [_dose([content.done[index] for content in contents], labels) for index in range(len(names))]
    return Routine(title, tuple(weeks), tuple(zip(names, doses, strict=True)), note)


def _dose(done: Sequence[Done], labels: Wording) -> str:
    """Tell how an exercise goes from week to week, its rounds for themselves."""
    once = joined([one.dose.removesuffix(rounds_behind(one.rounds, labels)) for one in done])
    rounds = [one.rounds for one in done]
    if len(set(rounds)) == 1:
        return once + rounds_behind(rounds[0], labels)
    told = labels("rounds", n=max(rounds)).replace(str(max(rounds)), GROWS.join(map(str, rounds)), 1)
    return f"{once}, {told}"


def joined(doses: Sequence[str]) -> str:
    """Tell how a dose goes from week to week, a figure a week; what stays the same in it is told once.

    Examples
    --------
    >>> joined(["hold 30 s each side", "hold 35 s each side", "hold 35 s each side"])
    'hold 30 → 35 → 35 s each side'
    >>> joined(["10 reps", "10 reps"])
    '10 reps'
    """
    if len(set(doses)) == 1:
        return doses[0]
    parts = [_WORDS.split(dose) for dose in doses]
    gaps = _WORDS.findall(doses[0])
    if len({len(words) for words in parts}) > 1:
        return ARROW.join(doses)
    apart = [index for index, words in enumerate(zip(*parts, strict=True)) if len(set(words)) > 1]
    if len(apart) > 1:
        return ARROW.join(doses)
    grown = [*parts[0][: apart[0]], GROWS.join(words[apart[0]] for words in parts), *parts[0][apart[0] + 1 :]]
    return "".join(word + gap for word, gap in zip(grown, [*gaps, ""], strict=True))
