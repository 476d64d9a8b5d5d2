"""Which steps of a few sizes add up to a sum: the last adjustment, exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

MOST_SUMS = 4000
"""Sums that are kept at a time; of more, the ones that cost least."""
WIDE = 300
"""How far from the sum that is due the steps of some coins may lead before others lead back, in the smallest steps."""
COST_OF_S = 10
"""What being off by a second costs, within the second that may be."""


@dataclass(frozen=True)
class Coin:
    """A size of step, how many there are up and down, and what taking one costs."""

    size_s: Fraction
    down: int
    up: int
    cost_down: int
    cost_up: int


@dataclass(frozen=True)
class Way:
    """How many steps of each coin, and by how much their sum misses the one that is due (above 0: it is more)."""

    steps: tuple[int, ...]
    error_s: Fraction
    cost: int

    @property
    def rank(self) -> tuple[Fraction, Fraction]:
        """Near ones first; within a second, what costs least goes before the last fraction of it."""
        off_s = abs(self.error_s)
        return (off_s if off_s > 1 else Fraction(0), self.cost + COST_OF_S * off_s)


def ways(coins: Sequence[Coin], due_s: Fraction, slack_s: Fraction) -> list[Way]:
    """Find ways to make a sum, the cheapest for each sum within the slack, the best first.

    A bounded knapsack over all sums that the coins not yet laid can still bring home.
    """
    scale = lcm(due_s.denominator, slack_s.denominator, *(coin.size_s.denominator for coin in coins))
    due, slack = int(due_s * scale), int(slack_s * scale)
    order = sorted(range(len(coins)), key=lambda index: -coins[index].size_s)
    sizes = [int(coins[index].size_s * scale) for index in order]
    window = max(abs(due) + slack + 2 * max(sizes, default=0), WIDE * gcd(due, slack, *sizes))
    sums: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
    for place, index in enumerate(order):
        coin, size = coins[index], sizes[place]
        later = [(coins[i], sizes[place + 1 + n]) for n, i in enumerate(order[place + 1 :])]
        more = min(window, sum(c.up * s for c, s in later)) + slack
        less = min(window, sum(c.down * s for c, s in later)) + slack
        made: dict[int, tuple[int, tuple[int, ...]]] = {}
        for total, (cost, steps) in sums.items():
            first = max(-coin.down, -((more + total - due) // size))
            last = min(coin.up, (due + less - total) // size)
            for count in range(first, last + 1):
                now = cost + (count * coin.cost_up if count > 0 else -count * coin.cost_down)
                new = total + count * size
                if new not in made or now < made[new][0]:
                    made[new] = (now, (*steps, count))
        sums = dict(sorted(made.items(), key=lambda item: item[1][0])[:MOST_SUMS])
    found = []
    for total, (cost, steps) in sums.items():
        if abs(total - due) <= slack:
            in_order = tuple(count for _, count in sorted(zip(order, steps, strict=True)))
            found.append(Way(in_order, Fraction(total - due, scale), cost))
    return sorted(found, key=lambda way: way.rank)
