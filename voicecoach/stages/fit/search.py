"""The search: the gentlest choice that has the length wished for; or the nearest lengths that can be had."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from voicecoach.stages.fit.choices import Choice, Coarse, Leeway
from voicecoach.stages.fit.fine import SHARES, Fine
from voicecoach.stages.fit.forecast import Forecast, Measure, Measured
from voicecoach.stages.fit.order import Order

NEAR_ENOUGH_S = 1
MARGIN_S = Fraction(25)
"""How far the forecast of a choice that leaves out steps may be from the truth: what it changes of the words and ways
before and after them."""
SLACK_S = Fraction(2)
MOST_SLACK_S = Fraction(8)
TRIES = 8
EXACT_TRIES = 2
"""So many more are made for the very second, once a second off is had."""
PROBES = 20
MOST_MEASURES = 100
"""Where steps are so coarse that the search has not ended by then, it gives up."""
NEAREST_TRIED = 16
NEAREST_OF_EACH = 3
NEAREST_PROVED = 6


@dataclass(frozen=True)
class Found:
    """A choice with its true length in seconds."""

    choice: Choice
    length_s: Fraction


class Search:
    """Looks for a length.

    Parameters
    ----------
    leeway
        What the routine leaves open.
    measure
        Times a routine.
    wish_s
        The length wished for.
    """

    def __init__(self, leeway: Leeway, measure: Measure, wish_s: Fraction) -> None:
        self.leeway = leeway
        self.measure = measure
        self.wish_s = wish_s
        self.measured = Measured(leeway, measure, wish_s)
        self.forecast = Forecast(leeway, self.measured)
        self.order = Order(leeway, self.forecast, MARGIN_S)
        self.probes = PROBES

    def found(self) -> Found | None:
        """Find the gentlest choice of that length, or None."""
        for coarse in self.order.gentlest_first(self.wish_s):
            if len(self.measured.lengths_s) > MOST_MEASURES:
                return None
            found = self._with_fine_levers(coarse)
            if found is not None:
                return found
        return None

    def nearest(self, *, above: bool) -> Found | None:
        """Find the nearest length above or below that does work when it is asked for, or None."""
        best_s: Fraction | None = None
        for beyond_s, coarse in self.order.nearest_first(self.wish_s, above=above)[:NEAREST_TRIED]:
            if best_s is not None and beyond_s > best_s + MARGIN_S:
                break
            for choice in self._towards(coarse, above=above):
                off_s = (self.measured.length_s(choice) - self.wish_s) * (1 if above else -1)
                if off_s > 0 and (best_s is None or off_s < best_s):
                    best_s = off_s
        return next(filter(None, map(self._proved, self._lengths_s(above=above))), None)

    def late(self) -> Found | None:
        """Return what was measured to have the length, if anything was."""
        return next((found for choice in self.measured.lengths_s if (found := self._kept(choice))), None)

    def _lengths_s(self, *, above: bool) -> Iterator[Fraction]:
        """Give lengths that were measured on one side, the nearest first; also as they are where they are told."""
        sign = 1 if above else -1
        measured = self.measured.lengths_s.items()
        off_s = [((length_s - self.wish_s) * sign, n, choice) for n, (choice, length_s) in enumerate(measured)]
        given_s: set[Fraction] = set()
        for _, _, choice in sorted(one for one in off_s if one[0] > NEAR_ENOUGH_S)[:NEAREST_PROVED]:
            for told_s in (self.measured.length_s, self.measured.settled_s):
                length_s = told_s(choice)
                if length_s not in given_s and (length_s - self.wish_s) * sign > NEAR_ENOUGH_S:
                    given_s.add(length_s)
                    yield length_s

    def _proved(self, length_s: Fraction) -> Found | None:
        """Ask for a length, as a person would who was told that it works."""
        found = Search(self.leeway, self.measure, length_s).found()
        return found if found is not None and found.length_s == length_s else None

    def _with_fine_levers(self, coarse: Coarse) -> Found | None:
        """Turn the fine levers until the length is there: aim by what is known of them, measure, aim again."""
        fine = Fine(self.leeway, self.forecast, coarse)
        plain_s = self._plain_s(fine)
        if not self._within(fine, plain_s):
            return None
        slack_s = min(SLACK_S + fine.words_s, MOST_SLACK_S)
        tried: set[Choice] = set()
        best: Found | None = None
        error_s = self.forecast.error_s(coarse, self.wish_s - plain_s)
        start, nearest_s, further = None, slack_s, TRIES
        while further:
            further -= 1
            due_s = self.wish_s - plain_s - error_s
            choice = next((one for one in fine.aims(due_s, nearest_s, start) if one not in tried), None)
            choice = choice or self._probe(fine, due_s, tried)
            if choice is None:
                break
            tried.add(choice)
            length_s = self.measured.length_s(choice)
            error_s = length_s - plain_s - self.forecast.effect_s(choice)
            self.forecast.learn_error(choice, error_s)
            off_s = abs(length_s - self.wish_s)
            nearest_s = min(nearest_s, max(off_s, Fraction(NEAR_ENOUGH_S)))
            start = choice if off_s <= slack_s else None
            found = self._kept(choice)
            if found is not None and (best is None or off_s < abs(best.length_s - self.wish_s)):
                best, further = found, min(further, EXACT_TRIES)
            if best is not None and best.length_s == self.wish_s:
                break
        return best

    def _plain_s(self, fine: Fine) -> Fraction:
        """What the coarse choice gives by itself; where it leaves out steps that is measured, as it is hard to tell."""
        if fine.coarse.left_out:
            return self.measured.length_s(fine.plain)
        return self.forecast.reach(fine.coarse).plain_s

    def _probe(self, fine: Fine, due_s: Fraction, tried: set[Choice]) -> Choice | None:
        """Where no choice seems to hit: see what the nearest one gives in truth, but not too often."""
        choice = fine.turned(fine.share_of(due_s))
        if choice in tried or not self.probes:
            return None
        self.probes -= 1
        return choice

    def _within(self, fine: Fine, plain_s: Fraction) -> bool:
        """Tell whether the length is one that the fine levers span; the end is measured where that is not sure."""
        up = self.wish_s >= plain_s
        end = fine.turned(2 * SHARES if up else -SHARES)
        foretold_s, doubt_s = self.forecast.end_s(end, plain_s, up=up)
        beyond_s = self.wish_s - foretold_s if up else foretold_s - self.wish_s
        if abs(beyond_s) > doubt_s + MARGIN_S:
            return beyond_s < 0
        if beyond_s < -doubt_s - NEAR_ENOUGH_S:
            return True
        end_s = self.measured.length_s(end)
        self.forecast.learn_end(end, end_s - plain_s, up=up)
        return (self.wish_s - end_s if up else end_s - self.wish_s) <= NEAR_ENOUGH_S

    def _kept(self, choice: Choice) -> Found | None:
        """Return a choice that has the length, also where the coach tells what it truly is."""
        length_s = self.measured.length_s(choice)
        if abs(length_s - self.wish_s) > NEAR_ENOUGH_S:
            return None
        if length_s != self.wish_s and self.measured.keeps_s(choice, length_s) != length_s:
            return None
        return Found(choice, length_s)

    def _towards(self, coarse: Coarse, *, above: bool) -> Iterator[Choice]:
        """Give choices that come near to the length from one side."""
        fine = Fine(self.leeway, self.forecast, coarse)
        plain_s = self.measured.length_s(fine.plain)
        reach = self.forecast.reach(coarse)
        yield fine.turned(-SHARES if above else 2 * SHARES)
        if not reach.shortest_s <= self.wish_s <= reach.longest_s:
            return
        due_s = self.wish_s - plain_s
        every = fine.aims(due_s, 2 * fine.widest_s)
        one_side = (choice for choice in every if (self.forecast.effect_s(choice) >= due_s) is above)
        for _, choice in zip(range(NEAREST_OF_EACH), one_side, strict=False):
            yield choice
