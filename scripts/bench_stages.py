"""Part ``stages``: where the time of a build goes."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

from bench_ours import Bench, Settings, stages_s
from bench_routine import OTHER_WORDS, routine

Spent = Mapping[str, Mapping[str, float]]
"""Seconds by build and by stage."""


def bench_stages(settings: Settings) -> Mapping[bool, Spent]:
    """Measure without (False) and with (True) a bed."""
    return {bed: _spent(settings, bed=bed) for bed in settings.beds}


def _spent(settings: Settings, *, bed: bool) -> Spent:
    found: dict[str, list[Mapping[str, float]]] = {"first": [], "a word": [], "all moves": [], "nothing": []}
    for number in range(settings.rounds):
        bench, word = Bench.new(settings.folder / "stages"), OTHER_WORDS[number % len(OTHER_WORDS)]
        texts = {
            "first": routine(settings.length_s, bed=bed),
            "a word": routine(settings.length_s, bed=bed, held=word),
            "all moves": routine(settings.length_s, bed=bed, held=word, said=word),
        }
        texts["nothing"] = texts["all moves"]
        for build, text in texts.items():
            found[build].append(stages_s(bench.build(text)))
    names = list(dict.fromkeys(name for runs in found.values() for run in runs for name in run))
    spent = {
        build: {name: median(run.get(name, 0.0) for run in runs) for name in names} for build, runs in found.items()
    }
    print(f"stages: {'with' if bed else 'no'} bed; what changed since the build before")
    print(f"{'':14}" + "".join(f"{build:>12}" for build in spent))
    for name in names:
        print(f"{name:14}" + "".join(f"{of[name]:10.2f} s" for of in spent.values()))
    print(f"{'together':14}" + "".join(f"{sum(of.values()):10.2f} s" for of in spent.values()) + "\n", flush=True)
    return spent
