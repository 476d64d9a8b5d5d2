"""The fine levers of one choice of the coarse ones: turned together by a common share, then one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from voicecoach.stages.fit.change import Coin, Way, ways
from voicecoach.stages.fit.choices import Choice, Coarse, Leeway
from voicecoach.stages.fit.dials import Dial
from voicecoach.stages.fit.forecast import Forecast

SHARES = 4096
"""Into so many parts the way of all dials together is cut, for the rests and again for the ranges."""
USUAL_COST, OTHER_COST, CONTRARY_COST = 1, 5, 50
"""What a notch costs: of the levers that do the work; of rests where ranges do it; of ranges where rests do it."""


class Fine:
    """Turns the dials of one coarse choice.

    Parameters
    ----------
    leeway, forecast
        What may vary, and what it adds.
    coarse
        The choice.
    """

    def __init__(self, leeway: Leeway, forecast: Forecast, coarse: Coarse) -> None:
        self.forecast = forecast
        self.coarse = coarse
        self.dials = leeway.dials
        self.plain = leeway.plain(coarse)
        self.times = [leeway.times(d.path, coarse.rounds) if leeway.is_done(d.path, coarse) else 0 for d in self.dials]

    @property
    def words_s(self) -> Fraction:
        """How much longer or shorter the words may become that tell the doses."""
        told = sum(times for dial, times in zip(self.dials, self.times, strict=True) if dial.given)
        return Fraction(told)

    @property
    def widest_s(self) -> Fraction:
        """What the largest single step adds."""
        both = zip(self.dials, self.times, strict=True)
        steps_s = (times * (dial.effect_s(1) if dial.highest else -dial.effect_s(-1)) for dial, times in both)
        return max(steps_s, default=Fraction(0))

    def turned(self, share: int) -> Choice:
        """Turn all dials by the same share of their ways.

        Parameters
        ----------
        share
            From −`SHARES` (rests at their shortest) over 0 (as it is) and `SHARES` (ranges at their upper end) to twice
            `SHARES` (rests at their longest, too).
        """
        ranges = min(max(share, 0), SHARES)
        rests = share if share < 0 else max(share - SHARES, 0)
        return Choice(self.coarse, tuple(self._notch(n, ranges, rests) for n in range(len(self.dials))))

    def _notch(self, index: int, ranges: int, rests: int) -> int:
        dial = self.dials[index]
        if not self.times[index]:
            return 0
        if dial.given:
            return _part(dial.highest, ranges)
        return _part(dial.highest, rests) if rests > 0 else -_part(-dial.lowest, -rests)

    def share_of(self, due_s: Fraction) -> int:
        """Return the largest share that adds no more than this."""
        low, high = -SHARES, 2 * SHARES
        while low < high:
            middle = (low + high + 1) // 2
            if self.forecast.effect_s(self.turned(middle)) <= due_s:
                low = middle
            else:
                high = middle - 1
        return low

    def aims(self, due_s: Fraction, slack_s: Fraction, start: Choice | None = None) -> Iterator[Choice]:
        """Give choices that add about what is due, the best first.

        Parameters
        ----------
        due_s
            What the fine levers should add in all.
        slack_s
            How far off a choice may be.
        start
            Where to begin; None: where all dials are turned by the same share.
        """
        share = self.share_of(due_s)
        start = self.turned(share) if start is None else start
        left_s = due_s - self.forecast.effect_s(start)
        groups = self._groups(start)
        coins = [self._coin(size_s, given, members, start, share) for (size_s, given), members in groups.items()]
        for way in ways(coins, left_s, slack_s):
            yield self._changed(start, list(groups.values()), way)

    def _groups(self, start: Choice) -> dict[tuple[Fraction, bool], list[int]]:
        """Put dials together whose notches add the same; where a notch adds another amount, at the ends, is seen to."""
        groups: dict[tuple[Fraction, bool], list[int]] = defaultdict(list)
        for index, dial in enumerate(self.dials):
            if self.times[index]:
                notch = start.notches[index]
                step = 1 if notch < dial.highest else -1
                size_s = (dial.effect_s(notch + step) - dial.effect_s(notch)) * step * self.times[index]
                groups[size_s, dial.given].append(index)
        return groups

    def _coin(self, size_s: Fraction, given: bool, members: list[int], start: Choice, share: int) -> Coin:  # noqa: FBT001
        down = sum(start.notches[index] - self.dials[index].lowest for index in members)
        up = sum(self.dials[index].highest - start.notches[index] for index in members)
        within = 0 <= share < SHARES
        cost = USUAL_COST if given is within else OTHER_COST if within else CONTRARY_COST
        return Coin(size_s, down, up, cost, cost)

    def _changed(self, start: Choice, groups: list[list[int]], way: Way) -> Choice:
        notches = list(start.notches)
        for members, steps in zip(groups, way.steps, strict=True):
            for _ in range(abs(steps)):
                index = _next(self.dials, notches, members, steps > 0)
                notches[index] += 1 if steps > 0 else -1
        return replace(start, notches=tuple(notches))


def _part(way: int, share: int) -> int:
    return (2 * way * share + SHARES) // (2 * SHARES)


def _next(dials: tuple[Dial, ...], notches: list[int], members: list[int], up: bool) -> int:  # noqa: FBT001
    """Choose the dial to turn by a notch: going up the one that has come least far, going down the furthest."""

    def place(index: int) -> Fraction:
        dial = dials[index]
        return Fraction(notches[index] - dial.lowest, dial.highest - dial.lowest)

    if up:
        return min((i for i in members if notches[i] < dials[i].highest), key=place)
    return max((i for i in members if notches[i] > dials[i].lowest), key=place)
