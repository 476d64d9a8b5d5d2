"""Tidying changes space and order only: the meaning stays, every comment stays, and tidy text stays as it is."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.source.routines import routines
from voicecoach.library import Library
from voicecoach.model.routine import Routine
from voicecoach.source.formatting import format_text
from voicecoach.source.nodes import SourceFile, Sources, read_source
from voicecoach.source.printing import print_routine
from voicecoach.stages.parse import parse

TESTS = Path(__file__).parent.parent
LIBRARY = Library()
GOOD = [
    *((name, LIBRARY.routine_source(name).text) for name in LIBRARY.routine_names),
    *((path.stem, read_source(path)[0].text) for path in sorted((TESTS / "golden").glob("*.yaml"))),
    ("template", LIBRARY.template()),
]
OURS = (*LIBRARY.routine_names, "template")
UNHURRIED = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def parsed(text: str) -> Routine | None:
    routine, faults = parse(Sources(SourceFile("routine.yaml", text)), "routine", LIBRARY)
    assert not faults, "\n".join([text, *(fault.render() for fault in faults)])
    return routine


def comments(text: str) -> list[str]:
    """Every comment, found by PyYAML's tokens: what lies between them is space and comments."""
    last, found = 0, []
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        found += re.findall(r"#.*", text[last : token.start_mark.index])
        last = max(last, token.end_mark.index)
        if isinstance(token, yaml.ScalarToken) and token.style in {"|", ">"}:
            header = text[token.start_mark.index : token.end_mark.index].split("\n", 1)[0]
            found += re.findall(r"#.*", header)
    return sorted(comment.rstrip() for comment in found)


def assert_tidied(text: str) -> str:
    tidy = format_text(text)
    assert format_text(tidy) == tidy, "tidying twice changes more"
    assert comments(tidy) == comments(text)
    assert tidy.endswith("\n")
    assert not tidy.endswith("\n\n")
    assert sorted(re.sub(r"\s", "", tidy)) == sorted(re.sub(r"\s", "", text)), "more than space has changed"
    return tidy


@pytest.mark.parametrize(("name", "text"), GOOD, ids=[name for name, _ in GOOD])
def test_good_files(name: str, text: str) -> None:
    tidy = assert_tidied(text)
    assert parsed(tidy) == parsed(text)
    assert tidy == text or name not in OURS, "our own files are tidy"


@UNHURRIED
@given(routine=routines(include=False), seed=st.integers(0, 2**32))
def test_random_files(routine: Routine, seed: int) -> None:
    text = untidied(print_routine(routine), random.Random(seed))
    tidy = assert_tidied(text)
    assert parsed(tidy) == parsed(text)
    keys = re.findall(r"^[a-z]+(?=:)", tidy, re.MULTILINE)
    assert keys == re.findall(r"^[a-z]+(?=:)", print_routine(routine), re.MULTILINE), "the usual order"


@UNHURRIED
@given(routine=routines(include=False))
def test_printed_text_is_tidy(routine: Routine) -> None:
    text = print_routine(routine)
    assert format_text(text) == text


def untidied(text: str, chance: random.Random) -> str:
    """Write the same values as a careless author would: other indents, broken lines, comments, another order."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    chance.shuffle(root.value)
    for node in every(root):
        if isinstance(node, yaml.CollectionNode) and chance.random() < 0.3 and node is not root:
            node.flow_style = chance.random() < 0.5
        if isinstance(node, yaml.ScalarNode) and node.style is None and " " in node.value:
            node.style = chance.choice([None, None, '"', "'"])
    shape = {"indent": chance.choice([2, 3, 4, 7]), "width": chance.choice([20, 60, 1000])}
    written: str = yaml.serialize(root, Dumper=yaml.SafeDumper, allow_unicode=True, **shape)
    return commented(written, chance)


def every(node: yaml.Node) -> list[yaml.Node]:
    """A node and all in it but keys, which must stay in one line."""
    if isinstance(node, yaml.MappingNode):
        return [node, *(inner for _, value in node.value for inner in every(value))]
    return (
        [node, *(inner for item in node.value for inner in every(item))]
        if node.value and not isinstance(node.value, str)
        else [node]
    )


def commented(text: str, chance: random.Random) -> str:
    """Put comments and empty lines between lines, and comments and space after them; not inside texts."""
    lines = re.split(r"\n", text.removesuffix("\n"))
    inside = {
        number
        for token in yaml.scan(text, Loader=yaml.SafeLoader)
        if isinstance(token, yaml.ScalarToken)
        for number in range(token.start_mark.line, token.end_mark.line)
    }
    made: list[str] = []
    for number, line in enumerate(lines):
        if number in inside:
            made.append(line)
            continue
        at_end = f"{' ' * chance.randint(1, 4)}# end of {number}" if chance.random() < 0.2 else ""
        made.append(line + at_end + " " * chance.choice([0, 0, 2]))
        below = range(chance.choice([0, 0, 0, 1, 2]))
        made += [chance.choice(["", "  ", f"{' ' * chance.randint(0, 9)}# after {number}"]) for _ in below]
    top = chance.choice(["", "# yaml-language-server: $schema=x.json\n", "# a file\n\n", "\n"])
    return top + "\n".join(made) + chance.choice(["", "\n", "\n\n\n", "\n# the end", "\n\n# the end\n"])


UNTIDY = """\
# yaml-language-server: $schema=routine.schema.json

# What it is called
title:   Morning hips     # the title
# about the steps

# the steps
steps:
# first
- say: Good morning. You need a mat
    and a little room.    # why
- say: "quoted
     over lines"
-   pigeon-pose: {hold: 30-60s,   # half
      # inside
      sides: each,
    cues: [Square the hips., {at: 75%, say: Last quarter.}]
  }
- say: >-
         folded text
           goes on

         and on
  # after folded


- warm-up-walk:
       # inside map
       time :  2 min
- repeat: 3
  name: 'x'
  steps:
  - split-squat: 10 reps\x20\x20
  # - clamshell: 10 reps
# - say: not today
- say: |2
    literal
# the voice
voice: {engine: espeak, speed: 0.95}   # slow
coach:
    countdown: 3    # ticks

    halfway: yes
    # end of coach

# the end
"""
TIDY = """\
# yaml-language-server: $schema=routine.schema.json

# What it is called
title: Morning hips       # the title
# about the steps

# the voice
voice: {engine: espeak, speed: 0.95}   # slow

coach:
  countdown: 3    # ticks

  halfway: yes
  # end of coach

# the steps
steps:
  # first
  - say: Good morning. You need a mat
      and a little room.    # why
  - say: "quoted
       over lines"
  - pigeon-pose: {hold: 30-60s,     # half
        # inside
        sides: each,
      cues: [Square the hips., {at: 75%, say: Last quarter.}]
      }
  - say: >-
      folded text
        goes on

      and on
    # after folded

  - warm-up-walk:
      # inside map
      time: 2 min
  - repeat: 3
    name: 'x'
    steps:
      - split-squat: 10 reps
      # - clamshell: 10 reps
  # - say: not today
  - say: |2
      literal

# the end
"""


def test_the_form() -> None:
    assert assert_tidied(UNTIDY) == TIDY


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("steps: [say: x]\n...\n", "steps: [say: x]\n...\n"),
        ("---\nsteps:\n- say: x\ntitle: y", "---\ntitle: y\n\nsteps:\n  - say: x\n"),
        ("{title: x,\nsteps: [say: y]}", "{title: x,\nsteps: [say: y]}\n"),
        ("steps:\n- say: &a x\n- say: *a\ntitle: *a\n", "steps:\n  - say: &a x\n  - say: *a\ntitle: *a\n"),
        ("steps:\n-\n   say: x\n", "steps:\n  -\n    say: x\n"),
        ("steps:\n  - say:\n       x\n        y\n", "steps:\n  - say:\n      x\n       y\n"),
        ("steps:\n-   say:    x\n", "steps:\n  - say: x\n"),
        ("steps:\n- ? say\n  : x\n", "steps:\n  - ? say\n    : x\n"),
        ('steps:\n- say: "a\\ \n   b"\n', 'steps:\n  - say: "a\\ \n     b"\n'),
        ("steps:\n- say: x # c\n\n# - say: y\n", "steps:\n  - say: x # c\n\n# - say: y\n"),
        ("steps:\n- say: 'x\n\n\n    y'\n", "steps:\n  - say: 'x\n\n\n      y'\n"),
        ("# a\nsteps:\n- say: x\n# b\ntitle: y\n", "# b\ntitle: y\n\n# a\nsteps:\n  - say: x\n"),
        ("\n\ntitle: x\n\n\n\nsteps: [say: y]\n\n", "title: x\n\nsteps: [say: y]\n"),
    ],
)
def test_corners(text: str, tidy: str) -> None:
    assert assert_tidied(text) == tidy


@pytest.mark.parametrize("text", ["title: [", "a: b: c", "\x00", "a: 1\n---\nb: 2\n", "\tx: y"])
def test_what_does_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="YAML"):
        format_text(text)
