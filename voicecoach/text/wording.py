"""The coach's own words, from Fluent files: plurals right, several variants, and no text in code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from voicecoach.errors import LibraryError
from voicecoach.model.units import HOUR_S, MINUTE_S

if TYPE_CHECKING:
    from fluent.runtime import FluentBundle

VARIANTS = ("b", "c", "d")
"""Attributes of a message that say the same in other words; the message's own value is the first."""
BRIEF = "brief"
"""The attribute that says the same in fewer words, for where there is no time for all of them."""


class Wording:
    """The messages of one language.

    Parameters
    ----------
    language
        BCP 47; its plural rules are used.
    ftl
        The text of the Fluent file.
    fallback
        Where a message that is missing here is taken from.

    Attributes
    ----------
    language
        As given.
    """

    def __init__(self, language: str, ftl: str, fallback: Wording | None = None) -> None:
        self.language = language
        self.fallback = fallback
        self._bundle = _bundle(language, ftl)
        self._names = _names(ftl)

    @property
    def missing(self) -> tuple[str, ...]:
        """Messages that the fallback has and this language has not, in the fallback's order."""
        if self.fallback is None:
            return ()
        known = set(self._names)
        return tuple(name for name in self.fallback.names if name not in known)

    def of(self, language: str) -> Wording:
        """Return the words of the language that a text is in: these, or the fallback's."""
        base = language.partition("-")[0].lower()
        return self if base == self.language or self.fallback is None else self.fallback.of(language)

    @property
    def names(self) -> tuple[str, ...]:
        """All messages of this language, in the order of its file."""
        return self._names

    def __call__(self, message: str, *, variant: int = 0, **values: str | int) -> str:
        """Return a message with its values filled in.

        Parameters
        ----------
        message
            Its name.
        variant
            Which of its variants, counted from 0; beyond the last one it begins again.
        values
            What the message's variables stand for.

        Raises
        ------
        LibraryError
            There is no such message, or it does not go with the values: our fault, not the author's.
        """
        if not self._bundle.has_message(message):
            if self.fallback is None:
                raise LibraryError(f"the wording of '{self.language}' has no message '{message}'")
            return self.fallback(message, variant=variant, **values)
        found = self._bundle.get_message(message)
        patterns = [found.value, *(found.attributes[name] for name in VARIANTS if name in found.attributes)]
        return self._formatted(message, patterns[variant % len(patterns)], values)

    def brief(self, message: str, **values: str | int) -> str | None:
        """Return the brief form of a message with its values filled in; None where it has none.

        Raises
        ------
        LibraryError
            It does not go with the values: our fault, not the author's.
        """
        if not self._bundle.has_message(message):
            return None if self.fallback is None else self.fallback.brief(message, **values)
        pattern = self._bundle.get_message(message).attributes.get(BRIEF)
        return None if pattern is None else self._formatted(message, pattern, values)

    def _formatted(self, message: str, pattern: Any, values: Mapping[str, str | int]) -> str:
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
        return self.listed(said)

    def listed(self, items: Sequence[str]) -> str:
        """Say a list: ``a chair, a strap and a ball``."""
        if len(items) < 2:
            return "".join(items)
        return self("and", first=", ".join(items[:-1]), last=items[-1])


def _bundle(language: str, ftl: str) -> FluentBundle:
    from fluent.runtime import FluentBundle, FluentResource

    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource(ftl))
    return bundle


def _names(ftl: str) -> tuple[str, ...]:
    from fluent.syntax import FluentParser
    from fluent.syntax.ast import Message

    parsed = FluentParser(with_spans=False).parse(ftl)
    return tuple(entry.id.name for entry in parsed.body if isinstance(entry, Message))
