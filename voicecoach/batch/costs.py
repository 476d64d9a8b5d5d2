"""What a batch costs, and a million sessions a day like it: a model of a few figures, measured on this machine.

A session costs what mixing, joining and tagging it takes where all its speech is there (*warm*), and for each utterance
that is new, what it takes to be spoken, mixed and encoded: shared ones, and people's own. So a batch costs::

    CPU seconds = sessions · warm_cpu_s · (length / measured length) + shared · clip_cpu_s + own · own_cpu_s
    wall clock  = START_S + CPU seconds / (workers · WORKER_SHARE)

and sessions that come at so many a day, of which each has ``p`` utterances of its own::

    CPU seconds a session = warm_cpu_s · (length / measured length) + p · own_cpu_s
    cores                 = sessions a day · CPU seconds a session / (86,400 s · BUSY_SHARE)
    results a day         = sessions a day · bytes a session
    store                 = shared utterances · clip_store_bytes + sessions a day · p · own_store_bytes
    egress a day          = results a day · (1 + AGAIN_SHARE)
    requests a day        = sessions a day · (p · own_pieces · REQUESTS_A_PIECE + 1)

Every figure says where it comes from: measured now, by building some sessions of the most common kind; of the last
batch on this machine, which corrects them; or assumed (`ASSUMED`).
"""

from __future__ import annotations

import json
import math
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, astuple, dataclass, replace
from pathlib import Path
from typing import Any

from voicecoach.batch.job import Job
from voicecoach.batch.planning import BatchPlan
from voicecoach.cache import Cache
from voicecoach.config import Options
from voicecoach.errors import OutputError
from voicecoach.parts import part_beside, writing
from voicecoach.pipeline import Workshop, build
from voicecoach.shop import open_workshop

DAY_S = 86_400
SESSIONS_A_DAY = 1_000_000
BUSY_SHARE = 0.7
"""How busy cores are on the mean, so that a day's peak finds room (assumed)."""
WORKER_SHARE = 0.9
"""What of a core a worker makes use of: it waits for the disk, and at the end for the last ones (assumed)."""
AGAIN_SHARE = 0.2
"""So much of a session is sent again, to who jumps back and forth or plays it twice (assumed)."""
REQUESTS_A_PIECE = 4
"""To a shared store for each piece (clip, region) that is new: asked for, claimed, written, released (by design)."""
KEPT_DAYS = 30
FEWEST_BUILT = 20
"""A batch of fewer sessions teaches nothing: starting up is most of it."""
USUAL_REGIONS = 4
"""An utterance is in one to three regions; where many more are made, the whole session is louder or softer."""
_FILE = "costs.json"
_VERSION = 2


@dataclass(frozen=True)
class Figures:
    """What was measured.

    Attributes
    ----------
    warm_cpu_s
        CPU seconds of a session all of whose speech is there.
    length_s
        How long that session is, seconds.
    clip_cpu_s, own_cpu_s
        CPU seconds of an utterance that is new, spoken, mixed and encoded: of one that is shared, and of one that is a
        person's own.
    clip_store_bytes, own_store_bytes
        What is kept of it: its clip and its regions.
    own_pieces
        How many entries those are, of a person's own.
    origin
        Where the figures come from, in words.
    """

    warm_cpu_s: float
    length_s: float
    clip_cpu_s: float
    clip_store_bytes: float
    own_cpu_s: float
    own_store_bytes: float
    own_pieces: float
    origin: str

    def cpu_s(self, length_s: float, shared: float, own: float) -> float:
        """Say what sessions of a length, all together, and so many new utterances cost."""
        return self.warm_cpu_s * length_s / self.length_s + shared * self.clip_cpu_s + own * self.own_cpu_s


ASSUMED = Figures(
    *(0.22, 477.0),
    *(0.12, 850_000.0),
    *(0.12, 450_000.0, 3.1),
    "assumed: those of a routine of 8 minutes with espeak, on a core of a server",
)
"""Where nothing was measured."""


START_S = 3.0
"""From a worker's start until it builds: 3 to 4 s were measured, most of it libraries that are loaded."""


@dataclass(frozen=True)
class Estimate:
    """What a batch will take.

    Attributes
    ----------
    workers
        How many sessions are built at a time.
    cpu_s, wall_s
        Seconds; 0 utterances are taken to be there already.
    size_bytes, cache_bytes
        Of its sessions, and of what is kept of its speech.
    origin
        Of the figures.
    """

    workers: int
    cpu_s: float
    wall_s: float
    size_bytes: int
    cache_bytes: int
    origin: str


@dataclass(frozen=True)
class Daily:
    """What sessions like those of a batch cost when so many come each day.

    Attributes
    ----------
    sessions
        A day.
    session_cpu_s, sessions_per_core_s
        CPU seconds of one, and how many a core makes in a second.
    cores
        That are wanted, busy for `BUSY_SHARE` of the time.
    results_bytes, results_kept_bytes
        Of a day, and of `KEPT_DAYS`.
    store_shared_bytes, store_own_bytes
        Of the shared store: what is everybody's, and what a day's people add of their own, until it is pruned.
    egress_bytes
        A day.
    store_requests
        A day, results put there included.
    """

    sessions: int
    session_cpu_s: float
    sessions_per_core_s: float
    cores: int
    results_bytes: int
    results_kept_bytes: int
    store_shared_bytes: int
    store_own_bytes: int
    egress_bytes: int
    store_requests: int


def estimate(plan: BatchPlan, figures: Figures, workers: int) -> Estimate:
    """Say what a batch takes, were none of its speech there."""
    cpu_s = figures.cpu_s(plan.length_s, plan.shared, plan.personal)
    busy = min(workers, max(1, plan.sessions - plan.failing))
    store_bytes = plan.shared * figures.clip_store_bytes + plan.personal * figures.own_store_bytes
    wall_s = (START_S if plan.sessions > plan.failing else 0.0) + cpu_s / (busy * WORKER_SHARE)
    return Estimate(workers, cpu_s, wall_s, plan.size_bytes, round(store_bytes), figures.origin)


def daily(plan: BatchPlan, figures: Figures, sessions: int = SESSIONS_A_DAY) -> Daily | None:
    """Say what so many sessions a day cost; None where the plan has none that can be."""
    possible = plan.sessions - plan.failing
    if possible <= 0:
        return None
    own = plan.personal / possible
    session_cpu_s = figures.cpu_s(plan.length_s / possible, 0, own)
    results_bytes = sessions * plan.size_bytes / possible
    return Daily(
        sessions,
        session_cpu_s,
        1 / session_cpu_s,
        math.ceil(sessions * session_cpu_s / (DAY_S * BUSY_SHARE)),
        round(results_bytes),
        round(results_bytes * KEPT_DAYS),
        round(plan.shared * figures.clip_store_bytes),
        round(sessions * own * figures.own_store_bytes),
        round(results_bytes * (1 + AGAIN_SHARE)),
        round(sessions * (own * figures.own_pieces * REQUESTS_A_PIECE + 1)),
    )


def measure(jobs: Sequence[Job], options: Options, data: Path | None = None) -> Figures:
    """Build a session, and the same for others, with a cache of their own, and measure.

    The first one makes all speech; another one what is a person's own. Its speech may bring the whole session to
    another step of loudness, and then all regions are made for that: once for all people, so another one is asked.

    Raises
    ------
    VoicecoachError
        They cannot be built.
    """
    with tempfile.TemporaryDirectory(prefix="voicecoach-") as folder:
        cache = Cache(Path(folder) / "cache", 10**12)
        before, begun_s = os.times(), time.perf_counter()
        with open_workshop(replace(options, jobs=1), cache, data=data) as shop:
            cold, length_s = _built(jobs[0], Path(folder), shop)
            shared, own = _Made.so_far(cache, cold), None
            for job in jobs[1:]:
                start = _Made.so_far(cache, 0.0)
                made = _Made.so_far(cache, _built(job, Path(folder), shop)[0]).since(start)
                own = made if own is None or made.regions < own.regions else own
                if own.regions <= USUAL_REGIONS * own.clips:
                    break
            warm, _ = _built(jobs[-1], Path(folder), shop)
            warm = min(warm, _built(jobs[-1], Path(folder), shop)[0])
        after, spent_s = os.times(), time.perf_counter() - begun_s
    # Engines that speak in a process of their own are heard of when that has ended, so their part is laid on all.
    cpu = sum(getattr(after, part) - getattr(before, part) for part in _CPU) / spent_s
    of_shared = shared.each(warm, cpu)
    of_own = of_shared if own is None or not own.clips else own.each(warm, cpu)
    return Figures(warm * cpu, length_s, *of_shared[:2], *of_own, "measured now, on this machine")


@dataclass(frozen=True)
class _Made:
    """What building a session made, and how long that took, in seconds of wall clock."""

    spent_s: float
    clips: int
    regions: int
    entries: int
    size_bytes: int

    @classmethod
    def so_far(cls, cache: Cache, spent_s: float) -> _Made:
        counts, stats = cache.counts, cache.stats()
        return cls(spent_s, counts.clips, counts.regions, stats.entries, stats.size_bytes)

    def since(self, before: _Made) -> _Made:
        return _Made(*(value - earlier for value, earlier in zip(astuple(self), astuple(before), strict=True)))

    def each(self, warm_s: float, cpu: float) -> tuple[float, float, float]:
        """CPU seconds, bytes and entries of each utterance."""
        clips = max(1, self.clips)
        return max(0.0, self.spent_s - warm_s) * cpu / clips, self.size_bytes / clips, self.entries / clips


_CPU = ("user", "system", "children_user", "children_system")


def _built(job: Job, folder: Path, shop: Workshop) -> tuple[float, float]:
    """Build a session; tell its seconds of wall clock, and its length."""
    options = replace(shop.options, profile=job.profile, heading=job.heading)
    target = folder / f"session{options.output.file_format.ending}"
    begun_s = time.perf_counter()
    outcome = build(job.source, job.name, target, replace(shop, options=options))
    assert outcome.session is not None, "it was planned"
    return time.perf_counter() - begun_s, float(outcome.session.timeline.length_s)


def learn(figures: Figures, built: int, cpu_s: float, foretold_cpu_s: float) -> Figures | None:
    """Correct figures by a batch that was built; None where it was too small to tell."""
    if built < FEWEST_BUILT or cpu_s <= 0 or foretold_cpu_s <= 0:
        return None
    share = cpu_s / foretold_cpu_s
    origin = f"of the last batch on this machine ({built:,} sessions built)"
    corrected = {name: getattr(figures, name) * share for name in ("warm_cpu_s", "clip_cpu_s", "own_cpu_s")}
    return replace(figures, **corrected, origin=origin)


def remembered(folder: Path) -> Figures | None:
    """Read what an earlier batch taught; None where there was none."""
    try:
        values: dict[str, Any] = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        if values.pop("version") != _VERSION:
            return None
        figures = Figures(**values)
        numbers = [value for name, value in asdict(figures).items() if name != "origin"]
        good = all(isinstance(value, float | int) and 0 <= value < math.inf for value in numbers)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return figures if good and figures.length_s > 0 and figures.warm_cpu_s > 0 else None


def remember(figures: Figures, folder: Path) -> None:
    """Keep figures for the next batch; where they cannot be kept, they are not."""
    text = json.dumps({"version": _VERSION, **asdict(figures)}, indent=2)
    with suppress(OSError, OutputError), _whole(folder / _FILE) as part:
        part.write_text(f"{text}\n", encoding="utf-8")


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = part_beside(path)
    with writing(path, part):
        yield part
        part.replace(path)
