"""Positions of the body: which words mean which, and that the ways between them make sense."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest

from voicecoach.body.positions import (
    NEW_EQUIPMENT_S,
    Posture,
    getting_there_s,
    posture,
    turning_s,
    ups_and_downs,
)
from voicecoach.library import Library

WORDS = {
    Posture.STANDING: "standing|Standing at a wall|standing on one leg|upright|stehend|im Stehen|de pie",
    Posture.CHAIR: "sitting on a chair|seated on a stool|seated at the front of a chair|sitzend auf einem Stuhl"
    "|sentada en una silla",
    Posture.HALF_KNEELING: "half-kneeling|half kneeling|kneeling on one knee|Halbkniestand|Einbeinkniestand",
    Posture.KNEELING: "kneeling|tall  kneeling|on your knees|sitting on the heels|Kniestand|de rodillas|arrodillado",
    Posture.ALL_FOURS: "hands and knees|on all fours|quadruped|Vierfüßlerstand|a gatas",
    Posture.FLOOR: "sitting on the floor|sitting, back against the wall, on a mat|cross-legged"
    "|sitzend auf dem Boden|sentado en el suelo",
    Posture.PRONE: "lying face down|prone|on your stomach|plank|Bauchlage|boca abajo",
    Posture.SUPINE: "lying on the back|supine|on your back|lying|lying face up|Rückenlage|auf dem Rücken|boca arriba",
    Posture.SIDE_LYING: "lying on the side|side-lying|on your left side|side plank|Seitlage|Seitenlage|de lado",
}


@pytest.mark.parametrize(("text", "wanted"), [(t, p) for p, texts in WORDS.items() for t in texts.split("|")])
def test_plain_words_tell_a_posture(text: str, wanted: Posture) -> None:
    assert posture(text) is wanted
    assert posture(text.upper()) is wanted


@pytest.mark.parametrize("text", ["", "sitting", "sitzend", "floating", "in the pool", "jogging"])
def test_words_that_do_not_tell_give_none(text: str) -> None:
    assert posture(text) is None


def test_a_posture_is_called_by_words_that_mean_it() -> None:
    assert all(posture(each.value) is each for each in Posture)


def test_every_position_of_the_library_is_known() -> None:
    library = Library()
    exercises = [library.exercise(name) for name in library.exercise_ids]
    called = {text for e in exercises for text in (e.position, e.end_position) if text is not None}
    assert len(called) >= 8
    assert {text for text in called if posture(text) is None} == set()


def way_s(start: Posture | str | None, end: Posture | str | None) -> Fraction:
    return getting_there_s(start, end, new_equipment=False)


def test_every_way_has_a_time_and_back_takes_as_long() -> None:
    for start, end in itertools.product(Posture, Posture):
        assert way_s(start, end) == way_s(end, start), (start, end)
        assert (way_s(start, end) == 0) is (start is end), (start, end)
        assert getting_there_s(start, end, new_equipment=True) == way_s(start, end) + NEW_EQUIPMENT_S


def test_between_standing_and_lying_it_takes_longest() -> None:
    times_s = {pair: way_s(*pair) for pair in itertools.combinations(Posture, 2)}
    assert max(times_s.values()) == times_s[Posture.STANDING, Posture.SUPINE] == 10
    lying = (Posture.PRONE, Posture.SUPINE, Posture.SIDE_LYING)
    assert max(way_s(a, b) for a, b in itertools.combinations(lying, 2)) < min(
        way_s(Posture.STANDING, p) for p in lying
    )


def test_no_detour_is_shorter() -> None:
    for start, middle, end in itertools.permutations(Posture, 3):
        assert way_s(start, end) <= way_s(start, middle) + way_s(middle, end), (start, middle, end)


def test_unknown_positions() -> None:
    assert way_s("in the pool", "in the pool") == 0
    assert way_s("in the pool", "standing") == way_s("standing", "in the pool") == 4
    assert way_s("in the pool", "on the beach") == 4
    assert way_s(None, "standing") == 4
    assert way_s("standing", None) == way_s(None, None) == 0
    assert way_s("standing", "upright") == 0, "other words for the same"
    assert getting_there_s("standing", None, new_equipment=True) == 5


def test_ups_and_downs() -> None:
    assert ups_and_downs("standing", "lying on the back")
    assert ups_and_downs("hands and knees", "sitting on a chair")
    assert not ups_and_downs("standing", "sitting on a chair")
    assert not ups_and_downs("half-kneeling", "lying on the side")
    for unknown in (None, "in the pool"):
        assert not ups_and_downs(unknown, "lying on the back")
        assert not ups_and_downs("standing", unknown)


def test_turning_takes_longer_where_the_whole_body_turns() -> None:
    assert turning_s("lying on the side", equipment=False) == turning_s("side-lying", equipment=True) == 4
    assert turning_s("half-kneeling", equipment=False) == 2
    assert turning_s("lying face down", equipment=True) == 4
    assert turning_s("lying on the back", equipment=True) == 3
    for still in ("standing", "lying on the back", "lying face down", "hands and knees", "in the pool", None):
        assert turning_s(still, equipment=False) == 0
    assert turning_s("sitting on a chair", equipment=True) == 0
