"""A change of an amount: exact, limited only where it grows, and one after the other."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.model.change import Change

F = Fraction
amounts = st.fractions(0, 600, max_denominator=8)
links = st.builds(
    Change,
    st.just(F(1)) | st.fractions(F(1, 10), 10, max_denominator=20),
    st.integers(-60, 60).map(F),
    st.none() | st.integers(1, 90).map(F),
)
changes = st.recursive(
    links, lambda inner: st.builds(lambda change, before: change.after(before), inner, inner), max_leaves=4
)


@pytest.mark.parametrize(
    ("change", "value", "after"),
    [
        (Change(F(5, 4)), 30, F(75, 2)),
        (Change(plus=F(5)), 30, 35),
        (Change(F(2), F(-5)), 30, 55),
        (Change(plus=F(5), most=F(45)), 42, 45),
        (Change(plus=F(5), most=F(45)), 45, 45),
        (Change(plus=F(5), most=F(45)), 60, 60),
        (Change(plus=F(-5), most=F(45)), 60, 55),
        (Change(F(4, 5), earlier=Change(plus=F(10), most=F(45))), 40, 36),
        (Change(plus=F(10), earlier=Change(F(4, 5))), 40, 42),
    ],
)
def test_an_amount_is_changed(change: Change, value: int, after: Fraction) -> None:
    assert change.of(F(value)) == after


@given(changes, changes, amounts)
def test_one_after_the_other_is_both_in_turn(change: Change, earlier: Change, value: Fraction) -> None:
    assert change.after(earlier).of(value) == change.of(earlier.of(value))
    assert change.after(None) is change


@given(changes, changes, changes, amounts)
def test_of_three_it_is_all_the_same_which_are_joined_first(
    one: Change, two: Change, three: Change, value: Fraction
) -> None:
    assert three.after(two.after(one)).of(value) == three.after(two).after(one).of(value)


@given(changes, amounts, amounts)
def test_what_was_less_is_never_more_after(change: Change, one: Fraction, other: Fraction) -> None:
    """So the ends of a range stay in order."""
    less, more = sorted((one, other))
    assert change.of(less) <= change.of(more)


@given(links, amounts)
def test_nothing_grows_beyond_the_limit_and_nothing_shrinks_for_it(link: Change, value: Fraction) -> None:
    free = Change(link.factor, link.plus).of(value)
    after = link.of(value)
    assert after <= free
    if link.most is None or free <= value:
        assert after == free
    else:
        assert after == min(free, max(value, link.most))


@given(changes, amounts)
def test_what_is_none_changes_nothing(change: Change, value: Fraction) -> None:
    assert not change.is_none or change.of(value) == value
    assert Change(most=F(3)).after(Change()).is_none


@given(changes)
def test_the_factors_alone_add_nothing(change: Change) -> None:
    assert change.factors.of(F(0)) == 0
    assert change.factors.factors == change.factors
    assert change.limited is change.factors.limited
