"""What length choices give, foretold from a few that were measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from voicecoach.model.routine import Routine, Talk
from voicecoach.model.timeline import Timeline
from voicecoach.model.units import to_seconds
from voicecoach.stages.fit.choices import Choice, Coarse, Leeway
from voicecoach.stages.fit.tree import Path, outermost, performed

Measure = Callable[[Routine], Timeline]
Parts = tuple[Fraction, ...]
"""Seconds of a step, and what it adds with rests at their shortest, with ranges at their upper end, and with both."""
NOTHING_S: Parts = (Fraction(0),) * 4
SETTLING = 3
"""How often a length is told anew until it is true: only where hours begin does the first not do."""
DOUBT = Fraction(1, 10)
"""How much further than foretold, as a share of it, the fine levers may reach: words and ways change along."""
LESS_DOUBT = Fraction(1, 50)
"""The same, once it was measured how far they do reach for another choice of the coarse ones."""

TELLING_S = 60
"""From so large an effect one can tell by what share it differs from the one foretold."""


@dataclass(frozen=True)
class Reach:
    """The lengths in seconds that the fine levers span, for one choice of the coarse ones.

    Attributes
    ----------
    shortest_s
        All rests at their shortest, and a little below, since it is foretold.
    plain_s
        Nothing varied.
    ranges_s
        All of the author's ranges at their upper end.
    longest_s
        All rests at their longest, too, and a little above.
    """

    shortest_s: Fraction
    plain_s: Fraction
    ranges_s: Fraction
    longest_s: Fraction

    def misses_by_s(self, length_s: Fraction) -> Fraction:
        """How far a length is from what can be had: 0 within."""
        return max(self.shortest_s - length_s, length_s - self.longest_s, Fraction(0))

    def strains_s(self, length_s: Fraction) -> Fraction:
        """How much of a length the rests would have to give, where the ranges alone do not."""
        return max(self.plain_s - length_s, length_s - self.ranges_s, Fraction(0))


class Measured:
    """Measures choices, each once, with the length wished for as the one that the coach tells."""

    def __init__(self, leeway: Leeway, measure: Measure, wish_s: Fraction) -> None:
        self.leeway = leeway
        self.measure = measure
        self.wish_s = wish_s
        self.lengths_s: dict[Choice, Fraction] = {}
        self._by_path: dict[Choice, Mapping[Path | None, Fraction]] = {}

    def length_s(self, choice: Choice) -> Fraction:
        """Length of the session that a choice makes."""
        if choice not in self.lengths_s:
            routine = replace(self.leeway.made(choice), length_s=self.wish_s)
            timeline = self.measure(routine)
            self.lengths_s[choice] = timeline.length_s
            if choice == self.leeway.plain(choice.coarse) and not choice.coarse.left_out:
                self._by_path[choice] = _by_path_s(routine, timeline)
        return self.lengths_s[choice]

    def keeps_s(self, choice: Choice, stated_s: Fraction) -> Fraction:
        """Its length where the coach tells another length than the one wished for."""
        if int(stated_s) == int(self.wish_s):
            return self.length_s(choice)
        return self.measure(replace(self.leeway.made(choice), length_s=stated_s)).length_s

    def settled_s(self, choice: Choice) -> Fraction:
        """Its length where the coach tells that very length; to tell hours takes longer."""
        length_s = self.length_s(choice)
        for _ in range(SETTLING):
            told_s, length_s = length_s, self.keeps_s(choice, length_s)
            if told_s == length_s:
                break
        return length_s

    def by_path_s(self, talk: Talk | None, rounds: tuple[int, ...]) -> Mapping[Path | None, Fraction]:
        """Seconds of each step in all its rounds; of the opening and the close under None. Nothing is left out."""
        choice = self.leeway.plain(Coarse(frozenset(), rounds, talk))
        self.length_s(choice)
        return self._by_path[choice]


def _by_path_s(routine: Routine, timeline: Timeline) -> Mapping[Path | None, Fraction]:
    paths = tuple(performed(routine.steps))
    found: dict[Path | None, Fraction] = defaultdict(Fraction)
    for span in timeline.spans:
        found[None if span.step is None else paths[span.step - 1]] += to_seconds(span.frames)
    return found


class Forecast:
    """Foretells the reach of each choice of the coarse levers; its middle is exact where that choice was measured.

    A step takes so long the first time and so long each further time. What the fine levers add is known.
    """

    def __init__(self, leeway: Leeway, measured: Measured) -> None:
        self.leeway = leeway
        self.measured = measured
        self.fewest = tuple(turns.least for turns in leeway.turns)
        self.most = tuple(turns.most for turns in leeway.turns)
        self._ends: dict[tuple[Talk | None, bool], Fraction] = {}
        self._errors: dict[tuple[Talk | None, bool], Fraction] = {}
        self._parts = lru_cache(maxsize=None)(self._add_up)

    def reach(self, coarse: Coarse) -> Reach:
        """Foretell the lengths that can be had."""
        parts = self._parts(coarse.talk, coarse.rounds)
        parts_s = parts[()]
        for path in outermost(self.leeway.gone(coarse.left_out)):
            parts_s = tuple(
                whole_s - part_s for whole_s, part_s in zip(parts_s, parts.get(path, NOTHING_S), strict=True)
            )
        foretold_s, down_s, ranges_s, up_s = parts_s
        plain_s = self.measured.lengths_s.get(self.leeway.plain(coarse), foretold_s)
        down, up = (self._ends.get((coarse.talk, way), 1 + DOUBT - LESS_DOUBT) + LESS_DOUBT for way in (False, True))
        return Reach(plain_s + down_s * down, plain_s, plain_s + ranges_s, plain_s + up_s * up)

    def end_s(self, end: Choice, plain_s: Fraction, *, up: bool) -> tuple[Fraction, Fraction]:
        """Foretell an end of what the fine levers span, and how far that may be from the truth."""
        effect_s = self.effect_s(end)
        learned = self._ends.get((end.coarse.talk, up))
        doubt = DOUBT if learned is None else LESS_DOUBT
        return plain_s + effect_s * (1 if learned is None else learned), abs(effect_s) * doubt

    def learn_end(self, end: Choice, true_s: Fraction, *, up: bool) -> None:
        """Learn from what an end adds in truth how far the fine levers reach."""
        foretold_s = self.effect_s(end)
        if foretold_s:
            self._ends[end.coarse.talk, up] = max(true_s / foretold_s, Fraction(0))

    def error_s(self, coarse: Coarse, due_s: Fraction) -> Fraction:
        """Foretell by how much an effect differs from what is foretold, from the choice that was last measured."""
        return due_s * self._errors.get((coarse.talk, due_s > 0), Fraction(0))

    def learn_error(self, choice: Choice, error_s: Fraction) -> None:
        """Learn from a choice that was measured by how much its effect differs from what was foretold."""
        effect_s = self.effect_s(choice) + error_s
        if abs(effect_s) >= TELLING_S:
            self._errors[choice.coarse.talk, effect_s > 0] = error_s / effect_s

    def effect_s(self, choice: Choice) -> Fraction:
        """What the fine levers add to a choice of the coarse ones."""
        return sum(
            (
                dial.effect_s(notch) * self.leeway.times(dial.path, choice.coarse.rounds)
                for dial, notch in zip(self.leeway.dials, choice.notches, strict=True)
                if notch
            ),
            Fraction(0),
        )

    def _add_up(self, talk: Talk | None, rounds: tuple[int, ...]) -> Mapping[Path, Parts]:
        """Add up the parts of each step with what is in it; of all steps under the empty path."""
        found: dict[Path, list[Fraction]] = defaultdict(lambda: list(NOTHING_S))

        def add(path: Path, part: int, length_s: Fraction) -> None:
            for depth in range(len(path) + 1):
                found[path[:depth]][part] += length_s

        few_s = self.measured.by_path_s(talk, self.fewest)
        many_s = few_s if rounds == self.fewest else self.measured.by_path_s(talk, self.most)
        for path, length_s in few_s.items():
            if path is None:
                add((), 0, length_s)
                continue
            few, many = (self.leeway.times(path, ends) for ends in (self.fewest, self.most))
            times = self.leeway.times(path, rounds)
            further_s = (many_s[path] - length_s) * (times - few) / (many - few) if times != few else Fraction(0)
            add(path, 0, length_s + further_s)
        for dial in self.leeway.dials:
            times = self.leeway.times(dial.path, rounds)
            down_s, up_s = dial.effect_s(dial.lowest) * times, dial.effect_s(dial.highest) * times
            add(dial.path, 1, down_s)
            add(dial.path, 2, up_s if dial.given else Fraction(0))
            add(dial.path, 3, up_s)
        return {path: tuple(parts_s) for path, parts_s in found.items()}
