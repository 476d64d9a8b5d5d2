"""The show notes: what a player shows beside a session. What is done, what to have ready, what to take care of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voicecoach.library import Library
from voicecoach.model.routine import Routine
from voicecoach.model.timeline import Timeline
from voicecoach.publish.about import cautions, session_sheet
from voicecoach.publish.handout.sheet import Block, Item, Sheet, Task

MOST_LETTERS = 16_000
"""What is longer is cut at the end of a line."""


def show_notes(routine: Routine, timeline: Timeline, library: Library) -> str:
    """Write the notes of a session as plain text, in its language where the printed pages have it, else in English.

    Parameters
    ----------
    routine
        As it is done, its includes resolved.
    timeline
        Of that routine; the notes tell its length.
    library
        The exercises that the routine names.
    """
    sheet = session_sheet(routine, timeline.length_s, library)
    parts = ("\n".join(part) for part in (_about(sheet), list(_done(sheet.items)), list(_care(sheet)), _author(sheet)))
    notes = "\n\n".join(part for part in parts if part)
    return notes if len(notes) <= MOST_LETTERS else f"{notes[:MOST_LETTERS].rpartition(chr(10))[0]}\n…"


def _about(sheet: Sheet) -> list[str]:
    needs = ", ".join(text.words for text in sheet.needs) or sheet.labels("no-needs")
    told = [] if sheet.description is None else [sheet.description.words.strip(), ""]
    return [*told, _capital(" · ".join(sheet.facts)), f"{sheet.labels('needs')}: {needs}"]


def _done(items: Sequence[Item], indent: str = "") -> Iterator[str]:
    """List what is done, what belongs together under its heading."""
    for item in items:
        if isinstance(item, Task):
            yield f"{indent}{item.number}. {item.name.words}: {item.dose}"
        elif isinstance(item, Block):
            yield f"{indent}{item.heading.words}{f' ({item.detail})' if item.detail else ''}"
            yield from _done(item.items, f"{indent}  ")


def _care(sheet: Sheet) -> Iterator[str]:
    told = list(cautions(sheet))
    if told:
        yield f"{sheet.labels('care')}:"
        yield from told


def _author(sheet: Sheet) -> list[str]:
    return [] if sheet.author is None else [sheet.author.words]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
