"""Part ``place``: how long it takes to place all cues, and whether that grows no faster than the session."""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable

from bench_ours import Settings

from voicecoach.library import Library
from voicecoach.model.casting import Casting
from voicecoach.model.clip import Voice
from voicecoach.model.cuescript import CueScript, Gap
from voicecoach.model.units import clock, to_frames
from voicecoach.sound.packs import load_pack
from voicecoach.source.nodes import SourceFile, Sources
from voicecoach.stages.expand import expand
from voicecoach.stages.parse import parse
from voicecoach.stages.place import place
from voicecoach.text.pace import estimate_s

CASTING = Casting.of(Voice("estimated", "none", "en"))
CUES = (1_250, 2_500, 5_000, 10_000, 20_000, 40_000)
ONE_SPAN_CUES = (1_250, 2_500, 5_000, 10_000)
RUNS = 5
ENOUGH_S = 5.0
"""A size is not run again once its runs took so long together."""
HEAD = "title: Bench\ntalk: cues\ncoach: {countdown: {from: 5, spoken: yes}, change sides: 4s}\nsteps:\n"
ROUND = """
      - pigeon-pose: {hold: 60s, remind every: 10s, cues: [Square the hips., {at: 75%, say: "{remaining} left."}]}
      - leg-swings: {reps: 20, sets: 6, tempo: 1-0-1-0, rest: 10s}
      - hip-bridge: {reps: 20, sets: 6, tempo: 1-0-1-0, rest: 10s}
      - seated-hip-rotation: {cycles: 4}
      - breathe: {pattern: 4-2-6-0, for: 6 breaths}
      - intervals: {work: 30s, rest: 10s, rounds: 2, of: [fire-hydrant, split-squat]}
"""
REMINDED_S = 5


def expanded(steps: str) -> CueScript:
    """Expand the session of some steps."""
    library = Library()
    routine, faults = parse(Sources(SourceFile("bench.yaml", HEAD + steps)), "bench", library)
    if routine is None:
        sys.exit("\n".join(fault.render() for fault in faults))
    return expand(routine, library, library.wording("en"), CASTING)


def whole_language(rounds: int) -> CueScript:
    """Make a session of so many rounds of all kinds of steps."""
    return expanded(f"  - repeat: {rounds}\n    steps:{ROUND}")


def one_span(reminders: int) -> CueScript:
    """Make a session of one walk with so many reminders."""
    return expanded(f"  - warm-up-walk: {{time: {reminders * REMINDED_S}s, remind every: {REMINDED_S}s}}\n")


def cues(script: CueScript) -> int:
    """Count what is to be heard."""
    return sum(not isinstance(cue, Gap) for span in script.spans for cue in span.cues)


def median_s(work: Callable[[], object]) -> float:
    """Run something several times, and take the median of its seconds of processor time."""
    spent_s: list[float] = []
    while len(spent_s) < RUNS and sum(spent_s) < ENOUGH_S:
        gc.collect()
        begin_s = time.process_time()
        work()
        spent_s.append(time.process_time() - begin_s)
    return statistics.median(spent_s)


def place_table(title: str, make: Callable[[int], CueScript], sizes: tuple[int, ...]) -> None:
    """Time `place` alone over sessions of about so many cues."""
    earcons = load_pack().frames
    print(f"{title}\n    cues     length    notes      time     a cue   to the smallest")
    each = (cues(make(40)) - cues(make(20))) / 20
    smallest_s = 0.0
    for wanted in sizes:
        script = make(max(1, round(wanted / each)))
        frames = {u: to_frames(estimate_s(u.text, u.speed)) for u in script.utterances()}
        spent_s = median_s(lambda: place(script, frames.__getitem__, earcons))  # noqa: B023 - called at once
        timeline = place(script, frames.__getitem__, earcons)
        a_cue_s = spent_s / cues(script)
        smallest_s = smallest_s or a_cue_s
        print(
            f"{cues(script):8,} {clock(timeline.length_s):>10} {len(timeline.notes):8,} {spent_s:7.2f} s"
            f" {a_cue_s * 1e6:6.0f} µs {a_cue_s / smallest_s:17.2f}",
            flush=True,
        )
    print()


def bench_place(settings: Settings) -> None:
    """Time `place`: whole sessions, and the worst case."""
    sizes = 1 if settings.quick else None
    place_table("place: all kinds of steps", whole_language, CUES[:sizes])
    place_table("place: one span", one_span, ONE_SPAN_CUES[:sizes])
