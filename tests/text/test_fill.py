"""Variables in wording: plain substitution, and nothing more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.text.fill import fill, variables

VALUES = {"side": "left", "other side": "right"}


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("Kneel on your {side} knee.", "Kneel on your left knee."),
        ("{side}, then {other side}", "left, then right"),
        ("{ side } and {  other side  }", "left and right"),
        ("{side}{side}", "leftleft"),
        ("no variable", "no variable"),
        ("", ""),
        ("{reps} more", "{reps} more"),
        ("{Side}", "{Side}"),
        ("{}", "{}"),
        ("{0} {1!r} {2:>9}", "{0} {1!r} {2:>9}"),
        ("{side.__class__}", "{side.__class__}"),
        ("{{side}}", "{left}"),
        ("{side", "{side"),
        ("side}", "side}"),
        ("%(side)s $side", "%(side)s $side"),
    ],
)
def test_fill(template: str, filled: str) -> None:
    assert fill(template, VALUES) == filled


@pytest.mark.parametrize("value", ["{other side}", "\\1", "\\g<0>", "{}", "a\nb"])
def test_a_value_is_not_read_again(value: str) -> None:
    assert fill("to the {side}.", {"side": value, "other side": "wrong"}) == f"to the {value}."


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("", ()),
        ("plain", ()),
        ("{side}", ("side",)),
        ("{b} {a} { b } {c}", ("b", "a", "c")),
        ("{other side}", ("other side",)),
        ("{}", ("",)),
        ("{{x}}", ("x",)),
        ("{open", ()),
    ],
)
def test_variables(template: str, names: tuple[str, ...]) -> None:
    assert variables(template) == names


parts = st.lists(
    st.one_of(st.text("ab .\\1$%", max_size=5), st.sampled_from(["side", "other side", "reps"]).map(lambda n: (n,))),
    max_size=8,
)


@given(parts)
def test_filling_puts_each_value_in_its_place_and_changes_nothing_else(parts: list[str | tuple[str]]) -> None:
    template = "".join(part if isinstance(part, str) else f"{{{part[0]}}}" for part in parts)
    named = [part[0] for part in parts if isinstance(part, tuple)]
    assert variables(template) == tuple(dict.fromkeys(named))
    assert fill(template, {}) == template
    expected = "".join(part if isinstance(part, str) else VALUES.get(part[0], "{reps}") for part in parts)
    assert fill(template, VALUES) == expected
