"""Builds of ours as a person starts them, ``voicecoach build FILE``, each in a fresh process."""

from __future__ import annotations

import re
import shutil
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench_process import Run, run

from voicecoach.model.timeline import EARCON_TRACK, VOICE_TRACK, Timeline
from voicecoach.mp3.session_file import read_session

VOICE = "espeak:en-us"
_STAGE = re.compile(r"  (\w[\w -]*?) +(\d+\.\d+) s")


@dataclass(frozen=True)
class Settings:
    """What is measured.

    Attributes
    ----------
    folder
        For everything that is made on the way.
    rounds
        How often what is compared is run; medians are told.
    quick
        Only to see that it works: short sessions.
    """

    folder: Path
    rounds: int = 3
    quick: bool = False

    @property
    def beds(self) -> tuple[bool, ...]:
        """Without and with a bed; quickly, with one."""
        return (True,) if self.quick else (False, True)

    @property
    def length_s(self) -> int:
        """About how long the session is that is looked at closely."""
        return 60 if self.quick else 1800


@dataclass(frozen=True)
class Bench:
    """A routine, its session and a cache of its own."""

    folder: Path

    @classmethod
    def new(cls, folder: Path) -> Bench:
        """Make a folder for it; what was there goes."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return cls(folder)

    @property
    def session(self) -> Path:
        """The MP3."""
        return self.folder / "bench.mp3"

    def build(self, routine: str) -> Run:
        """Build a routine with what earlier builds left in the cache."""
        file = self.folder / "bench.yaml"
        file.write_text(routine, encoding="utf-8")
        variables = {"VOICECOACH_CACHE": str(self.folder / "cache"), "VOICECOACH_DATA": str(self.folder / "data")}
        command = (sys.executable, "-m", "voicecoach", "build", "-v", "-o", self.session, "--voice", VOICE, file)
        return run(command, self.folder, variables)

    def timeline(self) -> Timeline:
        """What is in the session."""
        return read_session(self.session)


def stages_s(told: Run) -> Mapping[str, float]:
    """Read the time of each stage, as ``build -v`` tells it, and what is none: start, end, and what lies between."""
    found = {name: float(spent) for name, spent in _STAGE.findall(told.err)}
    return {"start and end": max(0.0, told.wall_s - sum(found.values())), **found}


def speech_share(timeline: Timeline) -> float:
    """Part of a session in which something is said."""
    return sum(clip.frames for clip in timeline.track(VOICE_TRACK).clips) / timeline.frames


def cues(timeline: Timeline) -> int:
    """How many things are heard."""
    return sum(len(timeline.track(name).clips) for name in (VOICE_TRACK, EARCON_TRACK))


def wall_s(runs: Sequence[Run]) -> float:
    """Median."""
    return statistics.median(one.wall_s for one in runs)


def processor_s(runs: Sequence[Run]) -> float:
    """Median."""
    return statistics.median(one.processor_s for one in runs)


def peak_mb(runs: Sequence[Run]) -> float:
    """The highest of all."""
    return max(one.peak_mb for one in runs)


def most_memory(runs: Sequence[Run], goal_mb: float) -> str:
    """Tell what our processes needed at most: the largest one, for which there is a goal, and all at one moment."""
    one_mb, all_mb = max(run.largest_mb for run in runs), peak_mb(runs)
    met = "met" if one_mb < goal_mb else "NOT met"
    return (
        f"our most memory: {one_mb:.0f} MB in one process, goal {goal_mb:.0f} MB: {met}; {all_mb:.0f} MB in all at once"
    )
