"""The hand-out on paper: printed by a real browser, its pages counted."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.publish.handout_pages import LIBRARY, ROUTINES, built_in, page_of, routine_of

pytestmark = pytest.mark.slow

QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--no-pdf-header-footer"),
)
"""Without network and without a screen, also as root in a container."""


TEN = "title: Ten\nsteps:\n" + "".join(f"- {one}\n" for one in LIBRARY.exercise_ids[4:14])
EVERY = "title: Every one\nsteps:\n" + "".join(f"- {one}\n" for one in LIBRARY.exercise_ids)


@pytest.fixture
def sheets(tool: Callable[[str], str], tmp_path: Path) -> Callable[..., int]:
    """Print hand-outs on paper of a size, each on sheets of its own; how many sheets they take."""

    def count(pages: list[str], size: str) -> int:
        source, target = tmp_path / "sheet.html", tmp_path / "sheet.pdf"
        mains = "".join(re.findall(r"<svg class=\"figures\".*?</svg>|<main.*?</main>", "".join(pages), re.DOTALL))
        whole = re.sub(r"<body>.*</body>", lambda _: f"<body>{mains}</body>", pages[0], flags=re.DOTALL)
        style = f"<style>@page {{ size: {size}; }} main {{ break-before: page; }}"
        source.write_text(whole.replace("<style>", style, 1), encoding="utf-8")
        browser = [tool("chromium"), *QUIET, f"--user-data-dir={tmp_path}", f"--print-to-pdf={target}", source.as_uri()]
        subprocess.run(browser, check=True, capture_output=True, timeout=60)
        return len(re.findall(rb"/Type\s*/Page\b", target.read_bytes()))

    return count


@pytest.mark.parametrize("size", ["A4", "letter"])
def test_each_built_in_routine_and_ten_exercises_are_one_page(size: str, sheets: Callable[..., int]) -> None:
    pages = [*(page_of(built_in(name)) for name in ROUTINES), page_of(routine_of(TEN))]
    assert sheets(pages, size) == len(pages)
    assert not any('class="long"' in page for page in pages)


def test_all_exercises_there_are_take_some_sheets(sheets: Callable[..., int]) -> None:
    assert 3 <= sheets([page_of(routine_of(EVERY))], "A4") <= 6
