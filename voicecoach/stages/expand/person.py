"""What is remembered of the person from step to step: the position they are in, and what they have at hand."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from voicecoach.body.positions import getting_there_s
from voicecoach.model.exercise import Exercise

AT_FIRST = "standing"
"""Whoever starts a player is taken to stand."""


@dataclass
class Person:
    """Where somebody is.

    Attributes
    ----------
    position
        As the exercise done last calls it; None before the first.
    at_hand
        The equipment of the exercise done last.
    """

    position: str | None = None
    at_hand: tuple[str, ...] = ()

    def lacks(self, exercise: Exercise) -> tuple[str, ...]:
        """Name the equipment that an exercise needs and that is not at hand; "counter or chair" is, with a chair."""
        at_hand = {thing for item in self.at_hand for thing in (item, *item.split(" or "))}
        return tuple(item for item in exercise.equipment if not at_hand & {item, *item.split(" or ")})

    def getting_there_s(self, exercise: Exercise) -> Fraction:
        """Seconds to get into the position of an exercise, with what it needs."""
        lacking = bool(self.lacks(exercise))
        return getting_there_s(self.position or AT_FIRST, exercise.position, new_equipment=lacking)

    def does(self, exercise: Exercise) -> None:
        """Remember the position that an exercise leaves one in, and its equipment."""
        self.position = exercise.end_position or exercise.position or self.position
        self.at_hand = exercise.equipment
