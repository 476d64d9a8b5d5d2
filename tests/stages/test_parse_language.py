"""The language of routines: each construct gives the model that it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from reading import Write, good, one, seconds, tempo

from voicecoach.model.exercise import DEFAULT_PATTERN, Dose, Exercise, ExerciseKind, Measure, Side, Sides, Unit
from voicecoach.model.routine import (
    Bed,
    BreatheStep,
    ExerciseStep,
    Given,
    IncludeStep,
    IntervalsStep,
    MidCue,
    RepeatStep,
    RestStep,
    Routine,
    SayStep,
    SoundStep,
    Step,
    Talk,
    VoiceChoice,
)
from voicecoach.stages.parse.forms import STEP_FORMS

EXAMPLE = """\
# morning.yaml
title: Morning hips
author: A physiotherapist            # optional: title, author, description, image, language, date, series
language: en                         # which wording and which voice
voice: default                       # or {engine: piper, name: en_US-lessac-medium, speed: 0.95}
talk: teach                          # teach | brief | cues | bells
length: 15 min                       # optional: fit the session to this
coach:                               # every default can be changed here, and again on any step
  countdown: 3                       # ticks before the end of a hold; or {from: 3, spoken: true}
  halfway: true
  get ready: 5s
  change sides: 6s
  rest: 10s
  next up: true
bed: {sound: rain, level: -22 dB, duck: 10 dB}     # optional; a built-in name or a file
sounds: bells                        # earcon pack: bells | beeps | wood | none, or a folder
steps:
  - say: Good morning. Five minutes of walking first, if you can.
  - warm-up-walk: 2 min
  - kneeling-hip-flexor-stretch: 30s               # exercise: dose
  - pigeon-pose: {hold: 30-60s, sides: each, cues: [Square the hips., {at: 75%, say: Last quarter.}]}
  - leg-swings: {reps: 10, sets: 2, tempo: 1-0-1-0, rest: 15s}
  - seated-hip-rotation: {cycles: 3-5}             # its library entry says: press 5 s, let go 10 s
  - breathe: {pattern: 4-2-6-0, for: 5 breaths}
  - rest: 20s
  - repeat: 3
    name: Strength round
    steps:
      - split-squat: 10 reps
      - clamshell: 12 reps
      - rest: 30s
  - intervals: {work: 40s, rest: 20s, rounds: 8, of: [fire-hydrant, hip-bridge]}
  - my-own-thing:                                  # an exercise defined on the spot
      name: Wall sit
      position: standing
      set up: Back against the wall, knees over ankles.
      hold: 45s
  - include: cooldown.yaml
  - sound: bell
  - say: That is it. Well done.
"""


class TestExample:
    def test_it_reads_without_a_fault(self, write: Write, tmp_path: Path) -> None:
        write("cooldown.yaml", "title: Cool down\nsteps:\n  - breathe: {for: 2 min}\n")
        routine = good(EXAMPLE, tmp_path)
        assert routine == Routine(
            name="routine",
            title="Morning hips",
            author="A physiotherapist",
            language="en",
            voice=VoiceChoice("default"),
            talk=Talk.TEACH,
            length_s=Fraction(900),
            coach=(
                ("countdown", 3),
                ("halfway", True),
                ("get_ready_s", Fraction(5)),
                ("change_sides_s", Fraction(6)),
                ("rest_s", Fraction(10)),
                ("next_up", True),
            ),
            bed=Bed("rain", Fraction(-22), Fraction(10)),
            sounds="bells",
            steps=routine.steps,
        )
        assert [type(step) for step in routine.steps] == [
            SayStep,
            *[ExerciseStep] * 5,
            BreatheStep,
            RestStep,
            RepeatStep,
            IntervalsStep,
            ExerciseStep,
            IncludeStep,
            SoundStep,
            SayStep,
        ]


EXERCISE_STEPS: Mapping[str, ExerciseStep] = {
    "pigeon-pose": ExerciseStep("pigeon-pose"),
    "pigeon-pose:": ExerciseStep("pigeon-pose"),
    "pigeon-pose: 1:30": ExerciseStep("pigeon-pose", given=Given(seconds(90), Unit.SECONDS)),
    "pigeon-pose: 30-60s": ExerciseStep("pigeon-pose", given=Given(seconds(30, 60), Unit.SECONDS)),
    "clamshell: 8-12 reps": ExerciseStep("clamshell", given=Given(seconds(8, 12), Unit.REPS)),
    "hip-bridge: 5 breaths": ExerciseStep("hip-bridge", given=Given(seconds(5), Unit.BREATHS)),
    "seated-hip-rotation: 4 cycles": ExerciseStep("seated-hip-rotation", given=Given(seconds(4), Unit.CYCLES)),
    "pigeon-pose: {hold: 30s}": ExerciseStep("pigeon-pose", given=Given(seconds(30), Unit.SECONDS, Measure.HOLD)),
    "pigeon-pose: {time: 2 min}": ExerciseStep("pigeon-pose", given=Given(seconds(120), Unit.SECONDS, Measure.TIME)),
    "clamshell: {reps: 8-12 reps}": ExerciseStep("clamshell", given=Given(seconds(8, 12), Unit.REPS, Measure.REPS)),
    "clamshell: {cycles: 3}": ExerciseStep("clamshell", given=Given(seconds(3), Unit.CYCLES, Measure.CYCLES)),
    "clamshell: {breaths: 5, pattern: 4-0-8-0}": ExerciseStep(
        "clamshell", given=Given(seconds(5), Unit.BREATHS, Measure.BREATHS), pattern=tempo(4, 0, 8, 0)
    ),
    "clamshell: {sides: alternate, start: right, sets: 2, tempo: 1-0-1-0, rest: 15s, remind every: 20s}": (
        ExerciseStep(
            "clamshell",
            sides=Sides.ALTERNATE,
            start=Side.RIGHT,
            sets=2,
            tempo=tempo(1, 0, 1, 0),
            rest_s=Fraction(15),
            remind_every_s=Fraction(20),
        )
    ),
    "pigeon-pose: {cues: [Breathe., {at: 75%, say: Last quarter.}, {at: 20s, say: Sink.}]}": ExerciseStep(
        "pigeon-pose",
        cues=(
            MidCue("Breathe."),
            MidCue("Last quarter.", share=Fraction(3, 4)),
            MidCue("Sink.", at_s=Fraction(20)),
        ),
    ),
    "pigeon-pose: {cues: Breathe., talk: bells}": ExerciseStep(
        "pigeon-pose", cues=(MidCue("Breathe."),), talk=Talk.BELLS
    ),
    "pigeon-pose: {halfway: no, countdown: {spoken: yes, from: 5}, get ready: 8s, change sides: 9s, next up: off}": (
        ExerciseStep(
            "pigeon-pose",
            coach=(
                ("halfway", False),
                ("spoken_countdown", True),
                ("countdown", 5),
                ("get_ready_s", Fraction(8)),
                ("change_sides_s", Fraction(9)),
                ("next_up", False),
            ),
        )
    ),
    "pigeon-pose: {coach: {halfway: no}, countdown: 0}": ExerciseStep(
        "pigeon-pose", coach=(("halfway", False), ("countdown", 0))
    ),
    "clamshell: {count reps: no, coach: {count reps: yes}}": ExerciseStep(
        "clamshell", coach=(("count_reps", False), ("count_reps", True))
    ),
    "pigeon-pose: {hold: 30s, optional: yes}": ExerciseStep(
        "pigeon-pose", given=Given(seconds(30), Unit.SECONDS, Measure.HOLD), optional=True
    ),
    "pigeon-pose: {optional: no}": ExerciseStep("pigeon-pose"),
    "wall-sit: {name: Wall sit, kind: stretch, hold: 30s, optional: yes}": ExerciseStep(
        "wall-sit",
        Exercise("wall-sit", "Wall sit", kind=ExerciseKind.STRETCH, dose=Dose(Measure.HOLD, seconds(30))),
        optional=True,
    ),
}


class TestExerciseSteps:
    @pytest.mark.parametrize("text", EXERCISE_STEPS)
    def test_it_means(self, text: str) -> None:
        assert one(text) == EXERCISE_STEPS[text]

    def test_every_key_has_its_place(self) -> None:
        step = one("pigeon-pose: {hold: 30s, cues: [One.], talk: brief}")
        assert {key: place.column for key, place in step.places.items()} == {
            "exercise": 5,
            "hold": 25,
            "cues": 36,
            "talk": 50,
        }


OTHER_STEPS: Mapping[str, Step] = {
    "say: Well   done.": SayStep("Well done."),
    "rest: 20s": RestStep(seconds(20)),
    "rest: 20-40s": RestStep(seconds(20, 40)),
    "sound: bell": SoundStep("bell"),
    "breathe: {pattern: 4-2-6-0, for: 5-8 breaths, name: Calm}": BreatheStep(
        tempo(4, 2, 6, 0), seconds(5, 8), Unit.BREATHS, "Calm"
    ),
    "breathe: {for: 2 min}": BreatheStep(DEFAULT_PATTERN, seconds(120), Unit.SECONDS),
    "intervals: {work: 40s, rest: 20s, rounds: 8, of: [fire-hydrant, {hip-bridge: {sides: both}}], name: Hips}": (
        IntervalsStep(
            "intervals",
            Fraction(40),
            Fraction(20),
            seconds(8),
            (ExerciseStep("fire-hydrant"), ExerciseStep("hip-bridge", sides=Sides.BOTH)),
            "Hips",
        )
    ),
    "intervals: {work: 40s, rounds: 2-4, of: fire-hydrant}": IntervalsStep(
        "intervals", Fraction(40), Fraction(0), seconds(2, 4), (ExerciseStep("fire-hydrant"),)
    ),
    "tabata: [split-squat]": IntervalsStep(
        "tabata", Fraction(20), Fraction(10), seconds(8), (ExerciseStep("split-squat"),)
    ),
    "tabata: {of: [split-squat], rounds: 4, work: 30s, rest: 15s, name: Burn}": IntervalsStep(
        "tabata", Fraction(30), Fraction(15), seconds(4), (ExerciseStep("split-squat"),), "Burn"
    ),
    "emom: {rounds: 10, of: [split-squat: 12 reps]}": IntervalsStep(
        "emom",
        Fraction(60),
        Fraction(0),
        seconds(10),
        (ExerciseStep("split-squat", given=Given(seconds(12), Unit.REPS)),),
    ),
    "emom: {rounds: 10, every: 90s, of: [split-squat]}": IntervalsStep(
        "emom", Fraction(90), Fraction(0), seconds(10), (ExerciseStep("split-squat"),)
    ),
    "breathe: {for: 2 min, optional: yes}": BreatheStep(DEFAULT_PATTERN, seconds(120), Unit.SECONDS, optional=True),
    "tabata: {of: [split-squat], optional: on}": IntervalsStep(
        "tabata", Fraction(20), Fraction(10), seconds(8), (ExerciseStep("split-squat"),), optional=True
    ),
    "emom: {rounds: 10, of: [split-squat], optional: yes}": IntervalsStep(
        "emom", Fraction(60), Fraction(0), seconds(10), (ExerciseStep("split-squat"),), optional=True
    ),
    "repeat: 2\n    optional: yes\n    steps: [rest: 5s]": RepeatStep(
        seconds(2), (RestStep(seconds(5)),), optional=True
    ),
}


class TestOtherSteps:
    @pytest.mark.parametrize("text", OTHER_STEPS)
    def test_it_means(self, text: str) -> None:
        assert one(text) == OTHER_STEPS[text]

    def test_repeats_nest(self) -> None:
        text = "repeat: 2-3\n    name: Round\n    steps:\n      - repeat: 2\n        steps:\n          - rest: 5s"
        inner = RepeatStep(seconds(2), (RestStep(seconds(5)),))
        assert one(text) == RepeatStep(seconds(2, 3), (inner,), "Round")

    def test_every_form_is_tried_here(self) -> None:
        tried = {text.partition(":")[0] for text in OTHER_STEPS}
        assert tried | {"include"} == set(STEP_FORMS)


TOP_LEVEL: Mapping[str, Mapping[str, Any]] = {
    "voice: espeak": {"voice": VoiceChoice("espeak")},
    "voice: {engine: espeak, name: en-us, speed: 0.9}": {"voice": VoiceChoice("espeak:en-us", Fraction(9, 10))},
    "language: DE-at": {"language": "de-at"},
    "bed: rain": {"bed": Bed("rain")},
    "bed: {sound: sea.ogg, duck: 6 dB}": {"bed": Bed("sea.ogg", duck_db=Fraction(6))},
    "with: {name: Sam, my word: 1:30}": {"variables": (("name", "Sam"), ("my word", "1:30"))},
    "coach: {opening: no, safety: off, closing: false}": {
        "coach": (("opening", False), ("safety", False), ("closing", False))
    },
    "coach: {countdown: {from: 10}}": {"coach": (("countdown", 10),)},
    "coach: {count reps: no}": {"coach": (("count_reps", False),)},
    "description: A text.\nimage: cover.png\ndate: 2026-01-31\nseries: Hips": {
        "description": "A text.",
        "image": "cover.png",
        "date": "2026-01-31",
        "series": "Hips",
    },
}


class TestTopLevel:
    @pytest.mark.parametrize("text", TOP_LEVEL)
    def test_it_means(self, text: str) -> None:
        plain = Routine("routine", "Routine", (RestStep(seconds(5)),))
        assert good(f"{text}\nsteps:\n  - rest: 5s\n") == replace(plain, **TOP_LEVEL[text])
