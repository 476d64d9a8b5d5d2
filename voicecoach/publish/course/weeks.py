"""How a course grows: of each week its holds and repetitions on average, its minutes, and how much the coach says."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from voicecoach.model.course import CourseWeek, Done
from voicecoach.model.exercise import Measure
from voicecoach.model.units import MINUTE_S
from voicecoach.publish.course.words import CourseWords


@dataclass(frozen=True)
class WeekFigures:
    """What a week comes to.

    Attributes
    ----------
    number
        Of the week.
    lighter
        It goes back a little.
    hold_s, reps
        Mean over the exercises of the week that are held, that are counted; each exercise counts once, however often
        it is done. None where there are none.
    length_s
        Of all its sessions; None where none of them is known.
    talks
        How much the coach says, each level once, in the order of its days; empty where the routines decide.
    """

    number: int
    lighter: bool
    hold_s: float | None
    reps: float | None
    length_s: float | None
    talks: tuple[str, ...]

    @property
    def minutes(self) -> float | None:
        """Whole minutes of all its sessions."""
        return None if self.length_s is None else float(math.floor(self.length_s / MINUTE_S + 0.5))


def figures(week: CourseWeek, words: CourseWords) -> WeekFigures:
    """Reckon a week."""
    sessions = [day for day in week.days if not day.rests]
    known = [content for day in sessions if (content := words.content(day)) is not None]
    done = [one for content in known for one in content.done]
    talks = dict.fromkeys(day.profile.talk.value for day in sessions if day.profile.talk is not None)
    return WeekFigures(
        number=week.number,
        lighter=week.lighter,
        hold_s=_mean(done, Measure.HOLD),
        reps=_mean(done, Measure.REPS),
        length_s=sum(content.length_s for content in known) if known else None,
        talks=tuple(talks),
    )


def _mean(done: list[Done], measure: Measure) -> float | None:
    """Mean of the means of each exercise."""
    each = list(_means(done, measure))
    return math.fsum(each) / len(each) if each else None


def _means(done: list[Done], measure: Measure) -> Iterator[float]:
    measured = sorted((one.name, one.amount) for one in done if one.measure == measure.value)
    for _, same in groupby(measured, key=lambda one: one[0]):
        amounts = [amount for _, amount in same]
        yield math.fsum(amounts) / len(amounts)
