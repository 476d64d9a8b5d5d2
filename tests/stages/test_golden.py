"""Golden pairs: a routine, its cue script and its timeline, made with the fake voice.

Add a case by dropping X.yaml into tests/golden and running: scripts/test tests/stages/test_golden.py --update-golden
"""

from __future__ import annotations

import dataclasses
import json
from enum import Enum
from fractions import Fraction
from pathlib import Path

import pytest

from voicecoach.pipeline import Workshop, plan
from voicecoach.source.nodes import SourceFile

FOLDER = Path(__file__).parent.parent / "golden"
CASES = sorted(FOLDER.glob("*.yaml"))
MANNER = {"pitch_st", "gain_db", "pause_s", "ipa", "respelled", "emphasis", "role"}
"""Of an utterance and its marks: left out where it is as usual."""


def plain(value: object) -> object:
    """Nouns as plain values; what is None, empty or a usual manner of speech is left out, exact seconds are text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        kind = {"cue": type(value).__name__} if type(value).__name__ in {"SpokenCue", "EarconCue", "Gap"} else {}
        usual = {f.name for f in dataclasses.fields(value) if f.name in MANNER and getattr(value, f.name) == f.default}
        return kind | {name: v for name, v in fields.items() if v not in (None, (), []) and name not in usual}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Fraction):
        return str(value)
    return value.name.lower() if isinstance(value, Enum) else value


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_golden(path: Path, fake_shop: Workshop, update_golden: bool) -> None:
    outcome = plan(SourceFile(path.name, path.read_text(encoding="utf-8")), path.stem, fake_shop, exact=True)
    assert not outcome.faults, "\n".join(fault.render() for fault in outcome.faults)
    assert outcome.timeline is not None
    unheard = outcome.timeline.with_outlines(lambda _: None)  # how loud speech is is the engine's, not ours to pin
    made = {"cuescript": plain(outcome.script), "timeline": unheard.to_json()}
    for what, value in made.items():
        file = path.with_suffix(f".{what}.json")
        text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        if update_golden:
            file.write_text(text, encoding="utf-8")
        assert file.read_text(encoding="utf-8") == text, f"{file.name} differs; see --update-golden"


def test_there_are_cases() -> None:
    assert len(CASES) >= 6
