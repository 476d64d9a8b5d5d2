"""What stands on a hand-out: plain texts in the order read, with the language that each is in. No HTML yet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from voicecoach.body.positions import Posture
from voicecoach.text.wording import Wording


@dataclass(frozen=True)
class Text:
    """Words and the language that they are in (BCP 47)."""

    words: str
    language: str


class LineKind(StrEnum):
    """What a single line between exercises is."""

    REST = "rest"
    SAID = "said"


@dataclass(frozen=True)
class Line:
    """A single line between exercises."""

    kind: LineKind
    text: Text


@dataclass(frozen=True)
class Advice:
    """A label and what it labels: ``Take care`` and the words, of which there may be several."""

    label: str
    kind: str
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Task:
    """An exercise, or breathing.

    Attributes
    ----------
    number
        Counted through the sheet.
    dose
        How much.
    posture
        What the little figure shows, or None for none.
    facts
        How fast, rest between sets, position, equipment, and whether it is optional.
    how
        What to do, one paragraph; of cycles, their phases too.
    advice
        What to mind, to take care of, and the easier and harder forms: what shares a paragraph together.
    """

    number: int
    name: Text
    dose: str
    posture: Posture | None = None
    facts: tuple[Text, ...] = ()
    how: tuple[Text, ...] = ()
    advice: tuple[tuple[Advice, ...], ...] = ()


@dataclass(frozen=True)
class Block:
    """Steps that belong together: rounds, or work and rest by the clock."""

    heading: Text
    detail: str | None
    items: tuple[Item, ...]


Item = Task | Line | Block


@dataclass(frozen=True)
class Sheet:
    """All that stands on a hand-out.

    Attributes
    ----------
    labels
        The words that the page itself has.
    language
        Of the page.
    facts
        Length, number of exercises.
    needs, positions
        What to have ready, and the positions in the order taken.
    sides
        Which side comes first, of exercises that are done on each; None where there is none.
    before, after
        What the author says before the first step that is done, and after the last one.
    safety
        The coach's line about pain, or None where the author leaves it out.
    """

    labels: Wording
    language: str
    title: Text
    author: Text | None
    description: Text | None
    facts: tuple[str, ...]
    needs: tuple[Text, ...]
    positions: tuple[Text, ...]
    safety: Text | None
    before: tuple[Text, ...]
    sides: str | None
    items: tuple[Item, ...]
    after: tuple[Text, ...]
