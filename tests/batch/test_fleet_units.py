"""Units: every job once and in order, as much as takes some seconds, and small ones at the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.batch.job import Job
from voicecoach.batch.units import FIRST_JOBS, MOST_JOBS, UNIT_S, Cutter, Unit
from voicecoach.model.profile import Profile
from voicecoach.source.nodes import SourceFile


def jobs(count: int, routine: str = "r", voice: str | None = None) -> list[Job]:
    source = SourceFile(f"{routine}.yaml", f"title: {routine}\n")
    return [Job(f"{routine}-{voice}-{number}", routine, source, Profile(voice=voice)) for number in range(count)]


def cut(cutter: Cutter, places: int, job_s: float) -> Iterator[Unit]:
    while (unit := cutter.next(places)) is not None:
        cutter.learn(len(unit.jobs), job_s * len(unit.jobs))
        yield unit


@given(
    groups=st.lists(st.integers(1, 60), max_size=8),
    places=st.integers(1, 9),
    job_s=st.floats(0.001, 100, allow_nan=False),
)
def test_every_job_is_sent_once_and_in_order(groups: list[int], places: int, job_s: float) -> None:
    every = [job for number, count in enumerate(groups) for job in jobs(count, f"r{number}")]
    units = list(cut(Cutter(every), places, job_s))
    assert [job for unit in units for job in unit.jobs] == every
    assert len({unit.number for unit in units}) == len(units)
    assert all(unit.jobs for unit in units)


@pytest.mark.parametrize("job_s", [0.2, 0.75, 3.0, 60.0])
def test_a_unit_grows_to_some_seconds(job_s: float) -> None:
    units = list(cut(Cutter(jobs(3000)), 2, job_s))
    sizes = [len(unit.jobs) for unit in units]
    assert sizes[0] <= FIRST_JOBS
    assert max(sizes[1:]) == max(1, min(MOST_JOBS, round(UNIT_S / job_s)))


def test_the_last_units_are_small_so_that_all_end_together() -> None:
    units = list(cut(Cutter(jobs(1000)), 4, 0.75))
    largest = max(len(unit.jobs) for unit in units)
    last = [len(unit.jobs) for unit in units[-8:]]
    assert last == sorted(last, reverse=True)
    assert last[-1] == 1
    assert sum(last) < 2 * largest


def test_few_jobs_are_shared_among_all() -> None:
    units = list(cut(Cutter(jobs(8)), 8, 1.0))
    assert [len(unit.jobs) for unit in units] == [1] * 8


def test_what_shares_speech_stays_together() -> None:
    cutter = Cutter([*jobs(15, "a"), *jobs(100, "b", "espeak:en-us"), *jobs(100, "b", "espeak:en-gb")])
    cutter.learn(20, 12.0)
    first = cutter.next(1)
    assert first is not None
    assert {job.name for job in first.jobs} == {"a"}
    assert len(first.jobs) == 15
    voices = [{job.profile.voice for job in unit.jobs} for unit in cut(cutter, 1, 0.6)]
    assert sum(len(spoken) > 1 for spoken in voices) <= 1


def test_jobs_are_taken_only_as_they_are_needed() -> None:
    taken = 0

    def endless() -> Iterator[Job]:
        nonlocal taken
        while True:
            taken += 1
            yield jobs(1)[0]

    cutter, sent = Cutter(endless()), 0
    for _ in range(200):
        unit = cutter.next(2)
        assert unit is not None
        cutter.learn(len(unit.jobs), 0.75 * len(unit.jobs))
        sent += len(unit.jobs)
    assert taken - sent <= 4 * round(UNIT_S / 0.75)


def test_a_strange_first_session_does_not_decide_the_size() -> None:
    cutter = Cutter(jobs(5000))
    cutter.learn(1, 0.001)
    assert cutter.size <= 10


def test_stopped_it_gives_nothing_more() -> None:
    cutter = Cutter(jobs(100))
    assert cutter.next(2) is not None
    cutter.stop()
    assert cutter.next(2) is None


def test_a_job_that_stops_the_batch_as_it_is_asked_for_is_not_sent() -> None:
    def stopping() -> Iterator[Job]:
        cutter.stop()
        yield from jobs(1)

    cutter = Cutter(stopping())
    assert cutter.next(2) is None
