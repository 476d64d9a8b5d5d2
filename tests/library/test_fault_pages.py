"""Every code that a fault can have has a page for `check --explain`; what its examples say is so."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

import voicecoach
from tests.other_codes import OF_BATCHES, OF_FEED_SETTINGS, OF_PROGRAMMES
from voicecoach.library import Library
from voicecoach.library.explain import explanation, fault_codes
from voicecoach.source.nodes import SourceFile, Sources
from voicecoach.stages.check import check
from voicecoach.stages.parse import parse

HOUSE = Path(voicecoach.__file__).parent
MAKERS = {"fault", "error", "warning", "Diagnostic", "ValueFaultError", "_RefusedError"}
WITHOUT_EXAMPLE = {
    # The file as a whole is at fault, or what is written elsewhere.
    "bad-change",
    "bad-factor",
    "bad-pace",
    "binary",
    "include-loop",
    "include-missing",
    "include-unreadable",
    "incomplete-wording",
    "length-unfit",
    "long-sound",
    "long-text",
    "not-utf8",
    "odd-level",
    "too-deep",
    "too-large",
    "unknown-sound",
    "unknown-voice",
    "voice-language",
    "unreadable-sound",
    "unreadable-image",
    *OF_PROGRAMMES,
    *OF_BATCHES,
    *OF_FEED_SETTINGS,
}
OF_FEEDS = {code for code in fault_codes() if code.startswith("feed-")}
"""Each has its wrong example in tests/publish/lint_cases.py."""


def codes_made() -> Iterator[str]:
    """The first argument of every call that makes a fault."""
    for file in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in MAKERS:
                continue
            first = node.args[0]
            assert not isinstance(first, ast.JoinedStr), f"{file.name}:{node.lineno}: a code is written as it is"
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert set(codes_made()) == set(fault_codes())


@pytest.mark.parametrize("code", fault_codes())
def test_page_is_short_and_named(code: str) -> None:
    lines = explanation(code).splitlines()
    assert lines[0] == f"# {code}"
    assert 4 <= len(lines) <= 20
    assert max(map(len, lines)) <= 140


def example(page: str, title: str) -> str | None:
    found = re.search(rf"^{title}:\n\n((?:    .*\n|\n)+)", page, re.MULTILINE)
    if found is None:
        return None
    text = textwrap.dedent(found[1])
    if text.startswith("- "):
        return "steps:\n" + textwrap.indent(text, "  ")
    return text if "steps:" in text or text.startswith("#") else text + "steps:\n  - pigeon-pose: 30s\n"


def codes_of(text: str, folder: Path) -> set[str]:
    library, sources = Library(), Sources(SourceFile("example.yaml", text, folder))
    routine, faults = parse(sources, "example", library)
    if routine is not None:
        faults += check(routine, sources, library)
    return {fault.code for fault in faults}


@pytest.mark.parametrize("code", sorted(set(fault_codes()) - WITHOUT_EXAMPLE - OF_FEEDS))
def test_examples_show_the_fault_and_its_cure(code: str, tmp_path: Path) -> None:
    page = explanation(code)
    wrong, right = example(page, "Wrong"), example(page, "Right")
    assert wrong is not None
    assert right is not None
    assert code in codes_of(wrong, tmp_path)
    assert codes_of(right, tmp_path) == set()


def test_an_unknown_code() -> None:
    with pytest.raises(KeyError):
        explanation("no-such-code")
