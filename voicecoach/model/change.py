"""How a person, or a programme as weeks go by, changes an amount: a hold, a count, a rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction


@dataclass(frozen=True)
class Change:
    """Times a factor, then more by so much, but grown no further than a limit.

    Attributes
    ----------
    factor
        Above 0.
    plus
        Seconds or a count; negative: less.
    most
        No amount grows beyond it. One that is larger already stays as it is; None: no limit.
    earlier
        A change that comes before this one, or None.
    """

    factor: Fraction = Fraction(1)
    plus: Fraction = Fraction(0)
    most: Fraction | None = None
    earlier: Change | None = None

    @property
    def is_none(self) -> bool:
        """It changes nothing, whatever the amount."""
        return self.factor == 1 and self.plus == 0 and (self.earlier is None or self.earlier.is_none)

    @property
    def limited(self) -> bool:
        """It, or one before it, has a limit."""
        return self.most is not None or (self.earlier is not None and self.earlier.limited)

    @property
    def factors(self) -> Change:
        """What of it is factors: without the additions, its own and those before it."""
        return replace(self, plus=Fraction(0), earlier=None if self.earlier is None else self.earlier.factors)

    def of(self, value: Fraction) -> Fraction:
        """Change an amount; it is not rounded."""
        before = value if self.earlier is None else self.earlier.of(value)
        after = before * self.factor + self.plus
        if self.most is None or after <= before:
            return after
        return min(after, max(before, self.most))

    def after(self, earlier: Change | None) -> Change:
        """Return the change that makes another one first, then this one."""
        if earlier is None or earlier.is_none:
            return self
        return replace(self, earlier=earlier if self.earlier is None else self.earlier.after(earlier))
