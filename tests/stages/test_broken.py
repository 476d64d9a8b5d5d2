"""Broken routines: each file with the diagnostics that it gives, verbatim.

Add a case by dropping X.yaml into tests/broken and running: scripts/test tests/stages/test_broken.py --update-golden
"""

from __future__ import annotations

from pathlib import Path

import pytest

from voicecoach.model.diagnostic import Diagnostic, has_errors
from voicecoach.pipeline import Workshop, plan
from voicecoach.source.nodes import read_source

FOLDER = Path(__file__).parent.parent / "broken"
CASES = sorted(FOLDER.glob("*.yaml"))


def faults_of(path: Path, shop: Workshop) -> tuple[Diagnostic, ...]:
    source, faults = read_source(path, path.name)
    return faults or plan(source, path.stem, shop).faults


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_broken(path: Path, fake_shop: Workshop, update_golden: bool) -> None:
    told = "\n".join(fault.render() for fault in faults_of(path, fake_shop)) + "\n"
    file = path.with_suffix(".txt")
    if update_golden:
        file.write_text(told, encoding="utf-8")
    assert told == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_fault_helps(path: Path, fake_shop: Workshop) -> None:
    faults = faults_of(path, fake_shop)
    assert faults
    assert has_errors(faults) is not path.stem.startswith("warn-")
    for fault in faults:
        assert fault.location.line >= 1
        assert fault.location.column >= 1
        assert fault.hint or fault.code in {"extreme", "too-large", "binary", "yaml", "too-deep", "yaml-tag"}


def test_there_are_cases() -> None:
    assert len(CASES) >= 45
