"""What a session is about, from its routine: what is done, what to have ready, what to take care of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from voicecoach.library import Library
from voicecoach.model.about import About
from voicecoach.model.routine import Routine
from voicecoach.publish.handout.sheet import Block, Item, Sheet, Task
from voicecoach.publish.handout.writer import Writer
from voicecoach.text.fill import fill


def session_sheet(routine: Routine, length_s: Fraction, library: Library) -> Sheet:
    """List a session without descriptions, in its language where the printed pages have it, else in English."""
    return Writer(routine, length_s, library).sheet(full=False, form=0)


def about_session(routine: Routine, length_s: Fraction, library: Library) -> About:
    """Tell what a session is about.

    Parameters
    ----------
    routine
        As it is done, its includes resolved.
    length_s
        Of its timeline.
    library
        The exercises that the routine names.
    """
    sheet = session_sheet(routine, length_s, library)
    return About(
        name=routine.name,
        language=routine.language,
        author=None if sheet.author is None else sheet.author.words,
        description=None if sheet.description is None else sheet.description.words.strip(),
        series=fill(routine.series, dict(routine.variables)) if routine.series else None,
        date=routine.date,
        equipment=tuple(text.words for text in sheet.needs),
        cautions=tuple(cautions(sheet)),
        exercises=tuple(f"{task.name.words}: {task.dose}" for task in tasks(sheet.items)),
        own_cover=routine.image is not None,
    )


def cautions(sheet: Sheet) -> Iterator[str]:
    """Give the cautions: the coach's own for everything, then those of the exercises, each once."""
    if sheet.safety is not None:
        yield sheet.safety.words
    of_exercises = (f"{task.name.words}: {words}" for task in tasks(sheet.items) for words in _care(task))
    yield from dict.fromkeys(of_exercises)


def tasks(items: Sequence[Item]) -> Iterator[Task]:
    """Give all that is done, in order, whatever heading it stands under."""
    for item in items:
        if isinstance(item, Block):
            yield from tasks(item.items)
        elif isinstance(item, Task):
            yield item


def _care(task: Task) -> Iterator[str]:
    for advice in (one for line in task.advice for one in line if one.kind == "care"):
        yield " ".join(text.words for text in advice.texts)
