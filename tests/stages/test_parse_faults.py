"""Faults of a routine's shape are told by their code, one for each slip."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from reading import codes

STEP_FAULTS: Mapping[str, str] = {
    "pigeon-pose: 60-30s": "reversed-range",
    "repeat: 3-2\n    steps: [rest: 5s]": "reversed-range",
    "pigeon-pose: {cues: [{at: 120%, say: Late.}]}": "bad-percentage",
    "pigeon-pose: {cues: [{at: 75, say: Late.}]}": "bare-number",
    "pigeon-pose: {cues: [{say: Late.}]}": "missing-key",
    "pigeon-pose: {countdown: 11}": "bad-countdown",
    "pigeon-pose: {coach: {countdown: {from: 60}}}": "bad-countdown",
    "pigeon-pose: {coach: {opening: no}}": "unknown-key",
    "pigeon-pose: {halfway: maybe}": "bad-switch",
    "pigeon-pose: {talk: shout}": "bad-choice",
    "pigeon-pose: {hold: 30s, breaths: 3}": "two-doses",
    "breathe: {for: 10 reps}": "bad-dose",
    "breathe: {for: 10}": "bare-number",
    "breathe: {pattern: 4-0-6-0}": "missing-key",
    "breathe: 5 breaths": "wrong-shape",
    "breathe": "empty-value",
    "breathe:\n    for: 5 breaths": "wrong-indent",
    "intervals:\n    work: 40s\n    rounds: 8": "wrong-indent",
    "intervals: {work: 40s, of: [clamshell]}": "missing-key",
    "tabata: []": "empty-value",
    "tabata: [rest]": "wrong-shape",
    "tabata: [clamshel]": "unknown-exercise",
    "emom: {rounds: 3, of: [{clamshell: 5 reps, hip-bridge: 5 reps}]}": "two-steps",
    "repeat: 3\n    steps: rest": "wrong-shape",
    "repaet: 3\n    steps: [rest: 5s]": "unknown-exercise",
    "wall-sit:\n    name: Wall sit\n    hold: 30s": "wrong-indent",
    "wall-sit: {based on: pigeon-pos}": "unknown-base",
    "wall-sit: {based on: wall-sit}": "base-loop",
    "include: nowhere.yaml": "include-missing",
    "pigeon-pose: 30s\n    optional: yes": "wrong-indent",
    "breathe: {for: 2 min}\n    optional: yes": "wrong-indent",
    "tabata: [split-squat]\n    optional: yes": "wrong-indent",
    "rest: 20s\n    optional: yes": "unknown-key",
    "optional: yes": "unknown-exercise",
    "pigeon-pose: {optional: perhaps}": "bad-switch",
    "wall-sit: {name: Wall sit, kind: strech, hold: 30s}": "bad-choice",
}


TOP_FAULTS: Mapping[str, str] = {
    "bed: {sound: rain, level: loud}": "bad-level",
    "bed: {sound: rain, duck: -10 dB}": "bad-level",
    "bed: {level: -10 dB}": "missing-key",
    "with: [name]": "wrong-shape",
    "with: {1st: Sam}": "bad-variable",
    "with: {name: Sam, name: Max}": "duplicate-key",
    "with: {name: }": "empty-value",
    "talk: loud": "bad-choice",
    "length: 15": "bare-number",
    "coach: {countdown: -1}": "bad-number",
}


class TestFaults:
    @pytest.mark.parametrize("text", STEP_FAULTS)
    def test_it_is_told(self, text: str, tmp_path: Path) -> None:
        assert [code for code, _ in codes(f"steps:\n  - {text}\n", tmp_path)] == [STEP_FAULTS[text]]

    @pytest.mark.parametrize("text", TOP_FAULTS)
    def test_it_is_told_of_the_top(self, text: str) -> None:
        assert [code for code, _ in codes(f"{text}\nsteps:\n  - rest: 5s\n")] == [TOP_FAULTS[text]]

    def test_an_exercise_that_does_not_read_is_told_once(self) -> None:
        text = "steps:\n  - wall-sit: {name: Wall sit, based on: nothing}\n  - wall-sit\n  - wall-sit: 30s\n"
        assert codes(text) == [("unknown-base", "routine.yaml:2")]

    def test_other_faults_of_an_exercise_without_base_are_told(self) -> None:
        text = "steps:\n  - wall-sit: {based on: nothing, hold: 45, talk: loud}\n"
        assert sorted(code for code, _ in codes(text)) == ["bad-choice", "bare-number", "unknown-base"]
