"""What was changed, told for people: each change once, with all that it concerns."""

from __future__ import annotations


class Notes:
    """Collects notes in the order of their first mention."""

    def __init__(self) -> None:
        self._concerned: dict[str, dict[str, None]] = {}

    def add(self, text: str, concerned: str | None = None) -> None:
        """Note something; ``concerned`` is one of those that it is so for, such as an exercise."""
        names = self._concerned.setdefault(text, {})
        if concerned is not None:
            names[concerned] = None

    def told(self) -> tuple[str, ...]:
        """Return the notes, one line each."""
        return tuple(f"{text}: {', '.join(names)}" if names else text for text, names in self._concerned.items())
