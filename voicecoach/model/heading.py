"""What a session is called where that is not what its routine is called: the day of a course, a patient's copy."""

from __future__ import annotations

from dataclasses import dataclass, replace

from voicecoach.model.routine import Routine


@dataclass(frozen=True)
class Heading:
    """What stands over a session; what is None is as the routine says.

    Attributes
    ----------
    title
        ``{title}`` in it stands for the routine's own.
    description
        ``{description}`` in it stands for the routine's own.
    series, date, author
        As in a routine; ``date`` is ``YYYY-MM-DD``.
    """

    title: str | None = None
    series: str | None = None
    date: str | None = None
    description: str | None = None
    author: str | None = None

    def over(self, routine: Routine) -> Routine:
        """Lay the heading over a routine."""
        given = {name: value for name, value in vars(self).items() if value is not None}
        if self.title is not None:
            given["title"] = self.title.replace("{title}", routine.title)
        if self.description is not None:
            given["description"] = self.description.replace("{description}", routine.description or "").strip()
        return replace(routine, **given)
