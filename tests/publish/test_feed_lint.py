"""feed --check: nothing on a good feed, and one finding at its place for each thing that is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.publish.lint_cases import BASE, CASES, NOW, Case, make_good
from voicecoach.library.explain import fault_codes
from voicecoach.model.session import Outcome
from voicecoach.publish.linter import lint_feed


@pytest.fixture(scope="session")
def good_folder(build_text: Callable[[str], Outcome], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a good feed; nothing may be written into it."""
    return make_good(tmp_path_factory.mktemp("good"), build_text)


@pytest.fixture
def folder(good_folder: Path, tmp_path: Path) -> Path:
    """A copy of it, to be broken."""
    return Path(shutil.copytree(good_folder, tmp_path / "show"))


@pytest.mark.parametrize("base_url", [None, BASE, BASE.rstrip("/")])
def test_a_good_feed_gives_nothing(good_folder: Path, base_url: str | None) -> None:
    assert lint_feed(good_folder / "feed.xml", NOW, base_url=base_url) == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_fault_is_one_finding_at_its_place(case: Case, folder: Path) -> None:
    case.change(folder)
    faults = lint_feed(folder / "feed.xml", NOW)
    shown = "\n".join(fault.render() for fault in faults)
    assert [fault.code for fault in faults] == sorted((case.code, *case.also)), shown
    fault = faults[0]
    assert fault.location.file == str(folder / case.file), shown
    assert case.at in fault.source_line, shown
    if fault.source_line:
        lines = (folder / case.file).read_text(encoding="utf-8-sig").split("\n")
        assert lines[fault.location.line - 1].startswith(
            fault.source_line[:20].replace("\N{REPLACEMENT CHARACTER}", "\x08")
        ), shown
        assert 1 <= fault.location.column <= len(fault.source_line) + 1, shown


def test_every_code_of_a_feed_has_a_case() -> None:
    elsewhere = {"feed-file-name", "feed-relative", "feed-too-large", "feed-unreadable"}  # test_feed_lint_robust
    assert {case.code for case in CASES} | elsewhere == {code for code in fault_codes() if code.startswith("feed-")}
