"""Part ``growth``: whether a session twice as long takes twice as long, and how much memory it takes."""

from __future__ import annotations

from dataclasses import dataclass

from bench_ours import Bench, Settings, cues, most_memory, speech_share
from bench_process import Run
from bench_routine import routine

from voicecoach.model.units import clock

LENGTHS_S = (900, 1800, 3600, 7200, 14_400, 28_800)
WITH_BED_S = (900, 1800, 3600)
QUICK_S = (60,)
MOST_MB = 200.0


@dataclass(frozen=True)
class Grown:
    """What a session of some length took, for the first time and again."""

    bed: bool
    length_s: float
    cold: Run
    warm: Run


def bench_growth(settings: Settings) -> list[Grown]:
    """Measure without and with a bed; each length once."""
    grown = []
    for bed in settings.beds:
        lengths_s = QUICK_S if settings.quick else WITH_BED_S if bed else LENGTHS_S
        print(f"growth: {'with' if bed else 'no'} bed; every five minutes say other words")
        print("    length  cues speech      cold  a minute  to the first   memory      warm   memory", flush=True)
        first_s = 0.0
        for length_s in lengths_s:
            text, bench = routine(length_s, bed=bed), Bench.new(settings.folder / "growth")
            cold = bench.build(text)
            warm = bench.build(text)
            timeline = bench.timeline()
            made = Grown(bed, float(timeline.length_s), cold, warm)
            a_minute_s = 60 * cold.wall_s / made.length_s
            first_s = first_s or a_minute_s
            print(
                f"{clock(timeline.length_s):>10} {cues(timeline):5}"
                f" {speech_share(timeline):5.0%} {cold.wall_s:8.2f} s {a_minute_s * 1000:6.0f} ms"
                f" {a_minute_s / first_s:13.2f} {cold.peak_mb:5,.0f} MB {warm.wall_s:7.2f} s {warm.peak_mb:5,.0f} MB",
                flush=True,
            )
            grown.append(made)
        print(f"{most_memory([run for one in grown if one.bed is bed for run in (one.cold, one.warm)], MOST_MB)}\n")
    return grown
