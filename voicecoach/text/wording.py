"""The coach's own words, from Fluent files: plurals right, and no text in code."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from voicecoach.errors import LibraryError
from voicecoach.model.units import HOUR_S, MINUTE_S

if TYPE_CHECKING:
    from fluent.runtime import FluentBundle


class Wording:
    """The messages of one language.

    Parameters
    ----------
    language
        BCP 47; its plural rules are used.
    ftl
        The text of the Fluent file.
    """

    def __init__(self, language: str, ftl: str) -> None:
        self.language = language
        self._bundle = _bundle(language, ftl)

    def __call__(self, message: str, **values: str | int) -> str:
        """Return a message with its values filled in.

        Raises
        ------
        LibraryError
            There is no such message, or it does not go with the values: our fault, not the author's.
        """
        if not self._bundle.has_message(message):
            raise LibraryError(f"the wording of '{self.language}' has no message '{message}'")
        pattern = self._bundle.get_message(message).value
        text, errors = self._bundle.format_pattern(pattern, values)
        if errors:
            raise LibraryError(f"the wording '{message}' of '{self.language}' fails: {errors[0]}")
        return str(text)

    def length(self, length_s: Fraction | int) -> str:
        """Say a length of time, to the second: ``2 minutes and 30 seconds``."""
        total = int(Fraction(length_s) + Fraction(1, 2))
        hours, rest = divmod(total, HOUR_S)
        minutes, seconds = divmod(rest, MINUTE_S)
        parts = [(hours, "hours"), (minutes, "minutes"), (seconds, "seconds")]
        said = [self(unit, n=n) for n, unit in parts if n] or [self("seconds", n=0)]
        if len(said) == 1:
            return said[0]
        return self("and", first=", ".join(said[:-1]), last=said[-1])


def _bundle(language: str, ftl: str) -> FluentBundle:
    from fluent.runtime import FluentBundle, FluentResource

    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource(ftl))
    return bundle
