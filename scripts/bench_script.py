"""Part ``script``: the session of a reader's own script against ours."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench_ours import VOICE, Bench, Settings, cues, most_memory, peak_mb, processor_s, speech_share, wall_s
from bench_process import ROOT, Run, run
from bench_routine import OTHER_WORDS, routine

from voicecoach.config import Encoding
from voicecoach.model.timeline import EARCON_TRACK, VOICE_TRACK, Timeline
from voicecoach.model.units import clock, to_ms

READERS_SCRIPT = Path(__file__).with_name("bench_readers_script.py")
READERS_VOICE, READERS_RATE = "gmw/en-us", 115
"""The same voice at the same pace, as pyttsx3 names them."""
BED_FILE = ROOT / "sounds" / "beds" / "rain.ogg"
BED_DB = -10
MOST_MB = 150.0

SCRIPT = "the reader's script"
COLD = "for the first time"
HELD = "one word in a hold"
SAID = "one word, and all moves"
WARM = "nothing changed"


@dataclass(frozen=True)
class Compared:
    """What a reader's script and ours took for the same session.

    Attributes
    ----------
    bed
        Whether it had one.
    runs
        By what was run, `SCRIPT` first.
    goals
        How many times faster than the script each of ours is to be.
    """

    bed: bool
    runs: Mapping[str, list[Run]]
    goals: Mapping[str, float]

    def ratio(self, what: str) -> float:
        """How many times faster than the script."""
        return wall_s(self.runs[SCRIPT]) / wall_s(self.runs[what])


def bench_script(settings: Settings) -> tuple[Compared, ...]:
    """Measure without and with a bed."""
    if not sys.platform.startswith("linux") or shutil.which("ffmpeg") is None:
        sys.exit("the part 'script' needs Linux (elsewhere pyttsx3 has other voices than ours) and ffmpeg")
    return tuple(_compared(settings, bed=bed) for bed in settings.beds)


def _compared(settings: Settings, *, bed: bool) -> Compared:
    folder, length_s = settings.folder / "script", settings.length_s
    runs: dict[str, list[Run]] = {SCRIPT: [], COLD: [], HELD: [], SAID: [], WARM: []}
    for _ in range(settings.rounds):
        ours = Bench.new(folder / "ours")
        runs[COLD].append(ours.build(routine(length_s, bed=bed)))
        timeline = ours.timeline()
        runs[SCRIPT].append(_readers_run(folder / "theirs", timeline, bed=bed))
        for word in OTHER_WORDS[: 1 if settings.quick else 3]:
            runs[HELD].append(ours.build(routine(length_s, bed=bed, held=word)))
            text = routine(length_s, bed=bed, said=word)
            runs[SAID].append(ours.build(text))
            runs[WARM].append(ours.build(text))
    goals = {COLD: 8.0 if bed else 5.0, HELD: 30.0, SAID: 30.0, WARM: 50.0}
    compared = Compared(bed, runs, goals)
    _print(compared, timeline)
    return compared


def _readers_run(folder: Path, timeline: Timeline, *, bed: bool) -> Run:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    asked = {
        "voice": READERS_VOICE,
        "rate": READERS_RATE,
        "bitrate": f"{Encoding().bitrate_for(2 if bed else 1)}k",
        "length_ms": to_ms(timeline.frames),
        "bed": {"file": str(BED_FILE), "db": BED_DB} if bed else None,
        "cues": _cues(timeline),
    }
    plan = folder / "cues.json"
    plan.write_text(json.dumps(asked), encoding="utf-8")
    told = run([sys.executable, READERS_SCRIPT, plan, folder / "session.mp3", folder], folder)
    made_ms, wanted_ms = _told(told)["length_ms"], to_ms(timeline.frames)
    if not 0.99 * wanted_ms < made_ms < 1.01 * wanted_ms:
        sys.exit(f"the reader's script made {made_ms} ms instead of {wanted_ms}: these are not the same sessions")
    return told


def _cues(timeline: Timeline) -> list[dict[str, Any]]:
    """All that is heard, in order, at the times of our own plan."""
    clips = (*timeline.track(VOICE_TRACK).clips, *timeline.track(EARCON_TRACK).clips)
    return [
        {"at_ms": to_ms(clip.start)}
        | ({"beep": clip.earcon, "ms": max(1, to_ms(clip.frames))} if clip.text is None else {"say": clip.text})
        for clip in sorted(clips, key=lambda clip: clip.start)
    ]


def _told(script: Run) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(script.out.splitlines()[-1])  # pyttsx3 prints too
    return told


def _print(compared: Compared, timeline: Timeline) -> None:
    kbps = Encoding().bitrate_for(2 if compared.bed else 1)
    print(
        f"script: {clock(timeline.length_s)} long, {cues(timeline)} cues,"
        f" {speech_share(timeline):.0%} speech, {VOICE}, {kbps} kbit/s, {'with' if compared.bed else 'no'} bed"
    )
    print(f"{'':32}    time  processor   memory  times as fast (by processor)   goal")
    for what, runs in compared.runs.items():
        line = f"{what:32}{wall_s(runs):6.2f} s {processor_s(runs):8.2f} s {peak_mb(runs):5,.0f} MB"
        if what != SCRIPT:
            ratio, goal = compared.ratio(what), compared.goals[what]
            busy = processor_s(compared.runs[SCRIPT]) / processor_s(runs)
            line += f" {ratio:14.1f}× {busy:12.1f}× {goal:5.0f}×  {'met' if ratio >= goal else 'NOT met'}"
        print(line)
    print(most_memory([run for what, runs in compared.runs.items() if what != SCRIPT for run in runs], MOST_MB))
    spent_s = [_told(one)["spent_s"] for one in compared.runs[SCRIPT]]
    parts = ", ".join(f"{name} {median(one[name] for one in spent_s):.1f} s" for name in spent_s[0])
    print(f"of the script's time: {parts}; it keeps nothing, so an edit costs it the same\n", flush=True)
