"""The choices of the coarse levers, from the gentlest to the least gentle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import prod

from voicecoach.model.routine import Talk
from voicecoach.stages.fit.choices import Coarse, Leeway
from voicecoach.stages.fit.forecast import Forecast
from voicecoach.stages.fit.tree import Path, outermost

EVERY_SUBSET_OF = 7
"""Up to so many optional steps, any of them may be left out; of more, the last ones and at most one other."""
ONE_OTHER_OF = 24
"""Of more optional steps than these, only the last ones are left out."""
EVERY_ROUNDS = 200
"""Up to so many combinations of rounds are looked at; of more, those that raise all by the same share."""
NEAREST_HULLS = 12
"""How many combinations of talk and rounds are looked at for the lengths nearest to one that cannot be had."""
AS_NEAR_S = Fraction(10)
"""Choices are as near to the length wanted where they miss it by as much, within this."""


class Order:
    """Gives the coarse choices in order: least change of talk first, then fewest rounds, then fewest steps left out.

    Parameters
    ----------
    leeway
        What there is to choose.
    forecast
        Foretells the lengths that each gives, so that few have to be measured.
    margin_s
        How far the forecast of a choice may be from the truth.
    """

    def __init__(self, leeway: Leeway, forecast: Forecast, margin_s: Fraction) -> None:
        self.leeway = leeway
        self.forecast = forecast
        self.margin_s = margin_s
        self.rounds = tuple(_rounds([(turns.least, turns.most) for turns in leeway.turns]))
        self.subsets = tuple(s for s in _subsets(leeway.optional) if leeway.something_is_left(s))

    def gentlest_first(self, wish_s: Fraction) -> Iterator[Coarse]:
        """Give the choices that may have the length wished for, the gentlest first."""
        for talk in self.leeway.talks:
            for rounds in self.rounds:
                shortest_s, longest_s = self._hull_s(talk, rounds)
                if shortest_s <= wish_s <= longest_s:
                    yield from self._leaving_out(talk, rounds, wish_s)

    def _hull_s(self, talk: Talk | None, rounds: tuple[int, ...]) -> tuple[Fraction, Fraction]:
        """The shortest with all left out that may be, and the longest with all done."""
        every = outermost(self.leeway.optional)
        shortest_s = self.forecast.reach(Coarse(every, rounds, talk)).shortest_s
        longest_s = self.forecast.reach(Coarse(frozenset(), rounds, talk)).longest_s
        return shortest_s - self.margin_s * (1 + len(every)), longest_s + self.margin_s

    def _leaving_out(self, talk: Talk | None, rounds: tuple[int, ...], wish_s: Fraction) -> Iterator[Coarse]:
        """Fewest first; of as many, those after which rests, then ranges, give least; then later steps first."""
        found = []
        for place, left_out in enumerate(self.subsets):
            one = Coarse(left_out, rounds, talk)
            reach = self.forecast.reach(one)
            if reach.misses_by_s(wish_s) <= self.margin_s:
                by_rests = -(-reach.strains_s(wish_s) // AS_NEAR_S)
                by_all = abs(reach.plain_s - wish_s) // AS_NEAR_S
                found.append((len(left_out), by_rests, by_all, place, one))
        for *_, one in sorted(found, key=lambda item: item[:4]):
            yield one

    def nearest_first(self, wish_s: Fraction, *, above: bool) -> list[tuple[Fraction, Coarse]]:
        """Give choices, with how near they may come to a length from above or from below, the nearest first."""
        hulls: list[tuple[Fraction, int, Talk | None, tuple[int, ...]]] = []
        for talk, rounds in product(self.leeway.talks, self.rounds):
            shortest_s, longest_s = self._hull_s(talk, rounds)
            beyond_s = shortest_s - wish_s if above else wish_s - longest_s
            if (longest_s >= wish_s) if above else (shortest_s <= wish_s):
                hulls.append((max(beyond_s, Fraction(0)), len(hulls), talk, rounds))
        found: list[tuple[Fraction, int, Coarse]] = []
        for _, _, talk, rounds in sorted(hulls, key=lambda hull: hull[:2])[:NEAREST_HULLS]:
            for left_out in self.subsets:
                one = Coarse(left_out, rounds, talk)
                reach = self.forecast.reach(one)
                other_s = wish_s - reach.longest_s if above else reach.shortest_s - wish_s
                if other_s <= self.margin_s:
                    beyond_s = reach.shortest_s - wish_s if above else wish_s - reach.longest_s
                    found.append((max(beyond_s, Fraction(0)), len(found), one))
        return [(beyond_s, one) for beyond_s, _, one in sorted(found, key=lambda item: item[:2])]


def _subsets(optional: Sequence[Path]) -> Iterator[frozenset[Path]]:
    """Which steps may be left out together: fewest first, and of as many later ones first."""
    latest_first = tuple(reversed(optional))
    count = len(optional)
    found: dict[frozenset[Path], None] = {}
    for size in range(count + 1):
        last = latest_first[:size]
        if count <= EVERY_SUBSET_OF:
            chosen: Iterator[tuple[Path, ...]] = combinations(latest_first, size)
        elif size and count <= ONE_OTHER_OF:
            chosen = iter([last, *((*last[:-1], other) for other in latest_first[size:])])
        else:
            chosen = iter([last])
        found.update(dict.fromkeys(map(outermost, chosen)))
    yield from sorted(found, key=len)


def _rounds(ends: Sequence[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Numbers of rounds, the fewest first; of as many in all, those that raise all alike."""
    if prod(most - least + 1 for least, most in ends) <= EVERY_ROUNDS:
        every = list(product(*(range(least, most + 1) for least, most in ends)))
    else:
        steps = max(most - least for least, most in ends)
        every = [
            tuple(least + ((most - least) * step * 2 + steps) // (2 * steps) for least, most in ends)
            for step in range(steps + 1)
        ]
    least = [end[0] for end in ends]

    def unlike(rounds: tuple[int, ...]) -> tuple[int, int, tuple[int, ...]]:
        added = [number - fewest for number, fewest in zip(rounds, least, strict=True)]
        return sum(added), max(added, default=0), rounds

    return sorted(dict.fromkeys(every), key=unlike)
