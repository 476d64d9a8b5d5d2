"""Programmes for tests: texts to programmes, and random ones."""

from __future__ import annotations

import textwrap
from typing import Any

from hypothesis import strategies as st

from voicecoach.library import Library
from voicecoach.model.diagnostic import has_errors
from voicecoach.model.program import Program
from voicecoach.program.reading import read_program
from voicecoach.source.nodes import SourceFile

LIBRARY = Library()
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def program(text: str, name: str = "course") -> Program:
    """Read a programme that has no errors; the title and one day may be left out."""
    whole = textwrap.dedent(text)
    for key, usual in (("title", "title: A test\n"), ("days", "days: [morning]\n"), ("weeks", "weeks: 4\n")):
        if f"\n{key}:" not in f"\n{whole}":
            whole = usual + whole
    made, faults = read_program(SourceFile(f"{name}.yaml", whole), name, LIBRARY)
    assert made is not None, [fault.render() for fault in faults]
    assert not has_errors(faults)
    return made


NAMES = st.sampled_from(("morning", "knee-relief", "calm-down", "rest"))


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Any programme: its text."""
    weeks = draw(st.integers(1, 52))
    if draw(st.booleans()):
        days = str(draw(st.lists(NAMES, min_size=1, max_size=7)))
    else:
        named: dict[str, Any] = draw(st.dictionaries(st.sampled_from(WEEKDAYS), NAMES, min_size=1))
        days = "{" + ", ".join(f"{day}: {name}" for day, name in named.items()) + "}"
    if "morning" not in days and "relief" not in days and "calm" not in days:
        days = "[morning]"
    by, every, most = draw(st.integers(1, 9)), draw(st.integers(1, 6)), draw(st.integers(31, 90))
    lines = [
        "title: Any",
        f"weeks: {weeks}",
        f"days: {days}",
        "progress:",
        f"  hold: +{by}s every {every} weeks, up to {most}s",
        f"  sides: {draw(st.sampled_from(('alternate', 'same')))}",
    ]
    if draw(st.booleans()):
        lines.append(f"lighter: {{every: {draw(st.integers(2, 8))} weeks, hold: x0.8}}")
    return "\n".join(lines) + "\n"
