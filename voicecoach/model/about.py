"""What a session is about: what people want to know of it before they begin."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """What a session is about.

    Attributes
    ----------
    name
        Of its routine: that of its file, without the ending.
    language
        BCP 47 tag of what is said.
    author, description, series, date
        As the author wrote them, variables filled in; None where they did not. The date as in ``2026-03-31``.
    equipment
        What to have ready, each thing once, for people.
    cautions
        What to take care of, whole sentences: the coach's own line first, then ``Exercise: what to mind``.
    exercises
        What is done, in order: ``Figure four stretch: hold 30 s each side``.
    own_cover
        Its cover is a picture of the author's own, not drawn by us.
    """

    name: str
    language: str = "en"
    author: str | None = None
    description: str | None = None
    series: str | None = None
    date: str | None = None
    equipment: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    exercises: tuple[str, ...] = ()
    own_cover: bool = False
