#!/usr/bin/env python3
"""Measure how fast sessions are built, how that grows with their length, and where the time goes.

``python scripts/bench.py [PART ...]``, every part unless told. A part prints its own tables; all of them together go
into a picture. No figures are kept: machines differ, and so do two runs on one that has other things to do.

======  ===============================================================================================================
script  the session of a reader's own script (`bench_readers_script.py`: pyttsx3, pydub, ffmpeg) against ours: the same
        cues at the same times in the same voice, in fresh processes that take turns; without and with a bed
growth  15 minutes to 8 hours (1 hour with a bed): time and memory, for the first time and again
stages  which stage of a build takes how long: for the first time, after an edit, with nothing changed
place   all cues of sessions from half an hour to sixteen hours, their speech of estimated length;
        then the same in a single span, whose cues all can be in each other's way
voices  utterances a second of each engine, and what it costs over what it stands on
batch   sessions a second of a batch with a name in each, and its memory, against a command for each session
======  ===============================================================================================================
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench_batch import bench_batch
from bench_growth import bench_growth
from bench_ours import Bench, Settings
from bench_picture import growth_panel, ratio_panel, stage_panel, write
from bench_place import bench_place
from bench_process import ROOT, run
from bench_routine import BLOCK_S, routine
from bench_script import bench_script
from bench_stages import bench_stages
from bench_voices import bench_voices

from voicecoach.publish.plot.scene import Panel

PICTURE = ROOT / "output" / "bench.png"


def _keep_compiled(settings: Settings) -> None:
    """Let the processes find their modules compiled, as those of what is installed are; none of it stays."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(settings.folder / "compiled")
    if settings.quick:
        return
    bench = Bench.new(settings.folder / "first")
    for bed in (False, True):
        bench.build(routine(BLOCK_S, bed=bed))
    run([sys.executable, "-c", "import pydub.generators, pyttsx3"], settings.folder)


def _place(settings: Settings) -> None:
    bench_place(settings)


def _voices(settings: Settings) -> None:
    bench_voices(settings)


def _batch(settings: Settings) -> None:
    bench_batch(settings)


PARTS: Mapping[str, tuple[Callable[[Settings], Panel | None], str]] = {
    "script": (lambda settings: ratio_panel(bench_script(settings)), "3 minutes"),
    "growth": (lambda settings: growth_panel(bench_growth(settings)), "1 minute"),
    "stages": (lambda settings: stage_panel(bench_stages(settings)), "30 s"),
    "place": (_place, "1 minute"),
    "voices": (_voices, "20 s"),
    "batch": (_batch, "2 minutes"),
}
"""What each measures, and about how long that takes on two idle cores."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts that are named, or all."""
    asked = _parser().parse_args(arguments)
    names = asked.parts or list(PARTS)
    if not asked.quick:
        print(
            "about " + ", ".join(f"{PARTS[name][1]} for {name}" for name in names) + " on two idle cores\n", flush=True
        )
    with tempfile.TemporaryDirectory(prefix="voicecoach-bench-") as folder:
        settings = Settings(Path(folder), 1 if asked.quick else asked.rounds, quick=asked.quick)
        _keep_compiled(settings)
        panels = [panel for name in names if (panel := PARTS[name][0](settings)) is not None]
    if panels:
        write(panels, asked.picture, _machine())
        print(asked.picture)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART", help=", ".join(PARTS))
    parser.add_argument(
        "--picture", type=_picture, default=PICTURE, metavar="FILE", help=".png or .svg [output/bench.png]"
    )
    parser.add_argument("--rounds", type=int, default=1, help="how often all of it is run, for medians [1]")
    parser.add_argument("--quick", action="store_true", help="short sessions, once: only to see that it works")
    return parser


def _picture(name: str) -> Path:
    path = Path(name)
    if path.suffix not in {".png", ".svg"}:
        raise argparse.ArgumentTypeError(f"'{name}' ends neither in .png nor in .svg")
    return path


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
