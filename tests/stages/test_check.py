"""check: what it finds nothing in, what fits what, and that it never fails itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.sound.tones import write_sound
from tests.source.routines import INCLUDED, INCLUDED_TEXT, routines
from voicecoach.library import Library
from voicecoach.library.explain import fault_codes
from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.exercise import Measure
from voicecoach.model.routine import Routine
from voicecoach.source.nodes import SourceFile, Sources
from voicecoach.source.printing import print_routine
from voicecoach.stages.check import check
from voicecoach.stages.parse import parse

CODES = set(fault_codes())
LIBRARY = Library()
EVERYTHING = """\
title: Morning hips
author: A physiotherapist
description: What LANGUAGE can say, in one routine.
image: cover.png
language: en
date: 2026-03-31
series: Mornings
voice: {engine: fake, speed: 0.95}
talk: teach
length: 1 h
coach: {countdown: {from: 3, spoken: yes}, halfway: yes, get ready: 5s, change sides: 6s, rest: 10s, next up: yes}
bed: {sound: rain, level: -22 dB, duck: 10 dB}
sounds: bells
with: {name: Sam}
steps:
  - say: Good morning, {name}. This takes {length}. First comes {next}.
  - warm-up-walk: 2 min
  - kneeling-hip-flexor-stretch: 30s
  - pigeon-pose: {hold: 30-60s, sides: each, start: right, cues: [Square the hips., {at: 75%, say: Last part.}]}
  - leg-swings: {reps: 10, sets: 2, tempo: 1-0-1-0, rest: 15s}
  - seated-hip-rotation: {cycles: 3-5}
  - posture-check: {breaths: 5, pattern: 4-0-6-0}
  - split-squat: {time: 40s, cues: ["{remaining} left on the {side} side."], remind every: 15s}
  - breathe: {pattern: 4-2-6-0, for: 5 breaths}
  - rest: 20-40s
  - repeat: 2-3
    name: Strength round
    steps:
      - split-squat: 10 reps
      - clamshell: 12 reps
      - rest: 30s
  - intervals: {work: 40s, rest: 20s, rounds: 8, of: [fire-hydrant, hip-bridge]}
  - tabata: [split-squat]
  - emom: {rounds: 5, of: [split-squat: 8 reps]}
  - my-own-thing:
      name: Wall sit
      position: standing
      equipment: [wall]
      set up: Back against the wall, knees over ankles, left foot and {other side} foot flat.
      sides: each
      hold: 45s
      talk: brief
  - include: part.yaml
  - sound: bell
  - sound: gong.wav
  - say: That is it. Well done.
"""


def faults_of(text: str, folder: Path | None = None, library: Library = LIBRARY) -> tuple[Diagnostic, ...]:
    sources = Sources(SourceFile("routine.yaml", text, folder))
    routine, faults = parse(sources, "routine", library)
    assert routine is not None
    return (*faults, *check(routine, sources, library))


def test_everything_at_once_has_no_fault(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text("steps:\n  - seated-butterfly: 30s\n  - sound: gong.wav\n")
    (tmp_path / "cover.png").touch()
    write_sound(tmp_path / "gong.wav")
    assert faults_of(EVERYTHING, tmp_path) == ()


@pytest.mark.parametrize("language", LIBRARY.languages)
def test_what_is_built_in_has_no_fault(language: str) -> None:
    for name in LIBRARY.routine_names:
        text = LIBRARY.routine_source(name).text
        assert faults_of(text.replace("\nlanguage: en\n", f"\nlanguage: {language}\n")) == ()
    every = "\n".join(f"  - {exercise_id}" for exercise_id in LIBRARY.exercise_ids)
    found = faults_of(f"language: {language}\nsteps:\n{every}\n")
    assert {fault.code for fault in found} == {"up-and-down"}, "nobody does them in the order of the alphabet"


def test_the_template_has_no_fault() -> None:
    assert faults_of(LIBRARY.template()) == ()


OWN = {
    Measure.HOLD: "hold: 30s",
    Measure.REPS: "reps: 10",
    Measure.TIME: "time: 1 min",
    Measure.CYCLES: "cycles: 3, phases: [{say: Press., for: 5s}, {say: Let go., for: 5s}]",
    Measure.BREATHS: "breaths: 5",
}
ASKED = {
    Measure.HOLD: "{hold: 20s}",
    Measure.REPS: "8 reps",
    Measure.TIME: "{time: 20s}",
    Measure.CYCLES: "2 cycles",
    Measure.BREATHS: "4 breaths",
}
FITS = {(measure, measure) for measure in Measure} | {
    (Measure.HOLD, Measure.BREATHS),
    (Measure.REPS, Measure.TIME),
}


@pytest.mark.parametrize("usual", Measure)
@pytest.mark.parametrize("asked", Measure)
def test_which_dose_fits_which_exercise(usual: Measure, asked: Measure) -> None:
    text = f"steps:\n  - mine: {{name: Mine, {OWN[usual]}}}\n  - rest: 20s\n  - mine: {ASKED[asked]}\n"
    codes = [fault.code for fault in faults_of(text)]
    assert codes == ([] if (usual, asked) in FITS else ["dose-unfit"])


@pytest.mark.parametrize(
    ("usual", "fits"),
    [
        (Measure.HOLD, True),
        (Measure.TIME, True),
        (Measure.REPS, False),
        (Measure.CYCLES, False),
        (Measure.BREATHS, False),
    ],
)
def test_seconds_alone_are_a_hold_or_time(usual: Measure, fits: bool) -> None:
    text = f"steps:\n  - mine: {{name: Mine, {OWN[usual]}}}\n  - rest: 20s\n  - mine: 45s\n"
    assert [fault.code for fault in faults_of(text)] == ([] if fits else ["dose-unfit"])


def test_steps_differ_where_something_of_them_did_not_read() -> None:
    text = "steps:\n  - split-squat: {tempo: fast}\n  - split-squat: {tempo: slow}\n"
    assert {fault.code for fault in faults_of(text)} == {"bad-tempo"}


def test_a_sound_is_looked_for_beside_the_file_that_names_it(tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    (parts / "one.yaml").write_text("steps:\n  - sound: gong.wav\n")
    text = "steps:\n  - repeat: 2\n    steps:\n      - include: parts/one.yaml\n  - pigeon-pose: 30s\n"
    write_sound(tmp_path / "gong.wav")
    assert [fault.code for fault in faults_of(text, tmp_path)] == ["missing-file"]
    write_sound(parts / "gong.wav")
    assert faults_of(text, tmp_path) == ()


@pytest.mark.parametrize("name", ["x" * 5000 + ".wav", "a\0b.wav", "~nobody/x.wav", "/", "..", "\\\\host\\x.wav"])
def test_no_name_of_a_file_is_too_odd(name: str, tmp_path: Path) -> None:
    from voicecoach.model.routine import SoundStep

    routine = Routine("routine", "Odd", (SoundStep(name),), image=name, sounds=name)
    sources = Sources(SourceFile("routine.yaml", "", tmp_path))
    assert {fault.code for fault in check(routine, sources, LIBRARY)} <= {"missing-file", "file-kind", "unknown-sound"}


def test_wording_that_is_not_complete(tmp_path: Path) -> None:
    for folder in ("exercises", "routines", "wording"):
        (tmp_path / folder).mkdir()
    (tmp_path / "wording" / "en.ftl").write_text("".join(f"word-{letter} = {letter}\n" for letter in "abcdef"))
    (tmp_path / "wording" / "de.ftl").write_text("word-a = A\n")
    (fault,) = faults_of("language: de\nsteps:\n  - rest: 20s\n", library=Library(tmp_path))
    assert fault.code == "incomplete-wording"
    assert "word-b, word-c, word-d and 2 more" in fault.message


def test_a_variable_of_an_included_file_may_be_used_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text("with: {name: Sam, other: Lee}\nsteps:\n  - say: Hello {name}.\n")
    assert faults_of("with: {mine: Kim}\nsteps:\n  - say: '{mine}.'\n  - include: part.yaml\n", tmp_path) == ()


@pytest.mark.parametrize(
    ("line", "column"),
    [("with: {name: Sam}", 8), ("with: {a: x, 'name': Sam}", 15), ("with:\n  # name:\n  name: Sam", 3)],
)
def test_an_unused_variable_is_shown_where_it_is_declared(line: str, column: int) -> None:
    text = f"title: Any\n{line}\nsteps:\n  - say: Hello.\n"
    faults = [fault for fault in faults_of(text) if "'name'" in fault.message]
    assert [(fault.code, fault.location.column) for fault in faults] == [("unused-variable", column)]


def test_a_large_routine_is_checked_in_seconds() -> None:
    import time

    steps = "".join(f"  - pigeon-pose: {3 + n % 5}s\n  - say: Number {n}.\n" for n in range(4000))
    begun = time.monotonic()
    assert faults_of(f"steps:\n{steps}") == ()
    assert time.monotonic() - begun < 20


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(routine=routines())
def test_check_never_fails(routine: Routine, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Neither with places nor, as a routine that is made by hand, without."""
    folder = tmp_path_factory.getbasetemp()
    (folder / INCLUDED).write_text(INCLUDED_TEXT)
    sources = Sources(SourceFile("routine.yaml", print_routine(routine), folder))
    read, _ = parse(sources, "routine", LIBRARY)
    assert read is not None
    for faults in (check(routine, sources, LIBRARY), check(read, sources, LIBRARY)):
        for fault in faults:
            assert fault.code in CODES
            assert fault.hint
            assert "\n" not in fault.message
            assert fault.render()


def test_what_did_read_is_checked_at_the_same_time() -> None:
    text = """\
steps:
  - pigeon-pose: {hold: soon, tempo: 2-0-2-0, cues: [{at: 99%, say: '{x}'}]}
  - mine: {name: '{y}'}
"""
    assert {"bad-duration", "tempo-unfit", "unknown-variable"} <= {fault.code for fault in faults_of(text)}
