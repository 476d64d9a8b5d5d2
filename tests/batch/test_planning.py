"""A plan says what planning and building every session would say; costs are what their formulas say."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.batch.jobs_files import matrix_of
from voicecoach.batch import planning
from voicecoach.batch.costs import (
    ASSUMED,
    BUSY_SHARE,
    DAY_S,
    FEWEST_BUILT,
    START_S,
    Figures,
    daily,
    estimate,
    learn,
    measure,
    remember,
    remembered,
)
from voicecoach.batch.job import Job, Making
from voicecoach.batch.matrix import Matrix, options_of
from voicecoach.batch.planning import BatchPlan, plan_batch
from voicecoach.batch.worker import Worker
from voicecoach.cache import Cache
from voicecoach.model.clip import Utterance
from voicecoach.pipeline import Workshop, plan
from voicecoach.shop import open_workshop

JOBS = """\
routines: [hi, bye]
voices: [fake, fake:fake-de]
talk: [teach, brief]
people: people.csv
title: "{title} for {name}"
name: "{id} {routine} {voice} {talk}"
"""
PEOPLE = "name,id,hold,skip\nSamira,8011,,\nKimana,8012,x0.8,\nSamira,8013,,\nLindiwe,8014,,squat\n"
SAID = ("Samira", "Kimana", "Lindiwe", "8011", "8012", "8013", "8014")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    from voicecoach.config import Options

    with open_workshop(Options(jobs=1), Cache(tmp_path / "cache", 10**9)) as opened:
        yield opened


def planned(matrix: Matrix, shop: Workshop) -> BatchPlan:
    return plan_batch(matrix, replace(shop, options=options_of(matrix.jobs_file)))


def each(jobs: Iterator[Job], shop: Workshop) -> Iterator[tuple[Job, set[tuple[str | None, Utterance]], float]]:
    """Plan every session on its own: what is said by whom, and how long it is."""
    for job in jobs:
        options = replace(shop.options, profile=replace(job.profile, voice=None), heading=job.heading)
        outcome = plan(job.source, job.name, replace(shop, options=options))
        assert outcome.script is not None
        assert outcome.timeline is not None
        said = {(job.profile.voice, utterance) for utterance in outcome.script.utterances()}
        yield job, said, float(outcome.timeline.length_s)


@pytest.mark.parametrize("people", [PEOPLE, PEOPLE[: PEOPLE.index("Kim")]], ids=["several", "one"])
def test_counts_what_every_session_would_say(people: str, tmp_path: Path, shop: Workshop) -> None:
    matrix = matrix_of(tmp_path, JOBS, {"people.csv": people})
    whole = planned(matrix, shop)
    told = list(each(matrix.jobs(), shop))
    assert whole.sessions == len(told) == matrix.sessions
    assert whole.length_s == pytest.approx(sum(length_s for _, _, length_s in told))
    everything = {one for _, said, _ in told for one in said}
    assert whole.utterances == len(everything)
    own = {one for one in everything if any(word in one[1].text for word in SAID)}
    assert 0 < len(own) < len(everything)
    assert whole.personal == len(own)
    assert not whole.troubles
    assert [(group.voice, group.talk) for group in whole.groups[:4]] == [
        ("fake:fake", "teach"), ("fake:fake", "brief"), ("fake:fake-de", "teach"), ("fake:fake-de", "brief")
    ]  # fmt: skip


def test_counts_are_those_of_people_who_differ(tmp_path: Path, shop: Workshop) -> None:
    people = "name,id\n" + "".join(f"{name},{at}\n" for at, name in enumerate(["Sam", "Kim"] * 10))
    jobs = "routines: hello\npeople: people.csv\nname: '{id}'\n"
    hello = "title: Hello\nsteps:\n  - say: Hello {name}.\n  - rest: 10s\n  - say: Bye {name}.\n"
    whole = planned(matrix_of(tmp_path, jobs, {"people.csv": people, "hello.yaml": hello}), shop)
    assert (whole.sessions, whole.kinds, whole.personal) == (20, 1, 4), "two names in two sentences, not twenty"


def test_says_how_large_sessions_come_out(tmp_path: Path, shop: Workshop) -> None:
    jobs = "routines: bye\nvoices: fake\npeople: [{name: Sam}, {name: Kim}]\ntitle: For {name}\n"
    matrix = matrix_of(tmp_path, jobs)
    whole, options = planned(matrix, shop), options_of(matrix.jobs_file)
    making = Making(options, str(tmp_path / "out"), tmp_path / "cache", 10**9)
    with Worker(making) as worker:
        results = [worker.build(job) for job in matrix.jobs()]
    assert not [result.reasons for result in results if result.reasons]
    longer_s = sum(result.length_s for result in results) - whole.length_s
    bytes_per_s = options.encoding.bitrate_for(1) * 125
    assert sum(r.size_bytes for r in results) == pytest.approx(whole.size_bytes + longer_s * bytes_per_s, rel=0.01)


def test_faults_are_found_before_anything_is_built(tmp_path: Path, shop: Workshop) -> None:
    jobs = (
        "routines: [hi, broken]\nvoices: [fake, fake:nobody, nosuch]\nlengths: [as written, 3 s]\n"
        "people: [{name: Sam, id: 1}, {name: Kim, id: 2}]\n"
    )
    matrix = matrix_of(tmp_path, jobs)
    whole = planned(matrix, shop)
    assert whole.sessions == 24
    assert {(one.what, one.sessions) for one in whole.troubles} == {
        ("broken", 12),
        ("hi 3 s", 6),
        ("hi fake:nobody", 2),
        ("hi nosuch", 2),
    }
    assert whole.failing == 22
    assert "did you mean 'pigeon-pose'?" in "".join(whole.troubles[-1].reasons)
    good = [job.session for group, job in matrix.grouped() if not whole.reasons(group, job)]
    assert good == ["Sam/hi fake as written", "Kim/hi fake as written"]
    assert not list(tmp_path.glob("cache/**/*.clip"))


def test_columns_that_nothing_says_are_told(tmp_path: Path, shop: Workshop) -> None:
    people = {"people.csv": "name,id,ward\nSam,1,North\n"}
    whole = planned(matrix_of(tmp_path, "routines: hi\npeople: people.csv\n", people), shop)
    assert whole.notes == ("no routine, name or title has {ward}",)


def test_what_is_too_much_to_plan_is_planned_by_one_of_it(
    tmp_path: Path, shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = "name,id,hold\n" + "".join(f"P{at},{at},x1.{at}\n" for at in range(10, 25))
    matrix = matrix_of(tmp_path, "routines: [hi, bye]\npeople: people.csv\n", {"people.csv": people})
    exact = planned(matrix, shop)
    monkeypatch.setattr(planning, "MOST_KINDS", 5)
    whole = planned(matrix, shop)
    assert (exact.kinds, exact.planned) == (30, 30)
    assert whole.planned == 7, "five, and one for the others of each routine"
    assert whole.sessions == sum(group.sessions for group in whole.groups) == 30
    assert whole.length_s == pytest.approx(exact.length_s, rel=0.1)


FIGURES = Figures(2.0, 600.0, 0.5, 1000.0, 0.25, 400.0, 3.0, "made up")
PLAN = BatchPlan(100, 50, 1, length_s=60_000.0, size_bytes=10**9, shared=200, personal=300)


def test_costs_by_hand() -> None:
    told = estimate(PLAN, FIGURES, 4)
    assert told.cpu_s == 100 * 2.0 + 200 * 0.5 + 300 * 0.25
    assert told.wall_s == pytest.approx(START_S + told.cpu_s / (4 * 0.9))
    assert told.cache_bytes == 200 * 1000 + 300 * 400
    a_day = daily(PLAN, FIGURES)
    assert a_day is not None
    assert a_day.session_cpu_s == 2.0 + 3 * 0.25
    assert a_day.cores == pytest.approx(10**6 * 2.75 / (DAY_S * BUSY_SHARE), abs=1)
    assert a_day.results_bytes == 10**6 * 10**7
    assert a_day.results_kept_bytes == 30 * a_day.results_bytes
    assert a_day.store_shared_bytes == 200_000
    assert a_day.store_own_bytes == 3 * 400 * 10**6
    assert a_day.egress_bytes == pytest.approx(1.2 * a_day.results_bytes)
    assert a_day.store_requests == 10**6 * (3 * 3 * 4 + 1)
    assert daily(replace(PLAN, troubles=(planning.Trouble("all", 100, ("why",)),)), FIGURES) is None


def test_figures_are_measured_of_some_sessions(tmp_path: Path, shop: Workshop) -> None:
    matrix = matrix_of(tmp_path, "routines: hi\nvoices: fake\npeople: [{name: Sam, id: 1}]\n")
    whole = planned(matrix, shop)
    assert len({job.profile.variables for job in whole.largest}) > 2, "others are made up"
    figures = measure(whole.largest, options_of(matrix.jobs_file))
    assert figures.length_s == pytest.approx(whole.length_s, rel=0.3)
    assert figures.warm_cpu_s > 0
    assert figures.own_pieces > 1, "a clip, and at least a region of it"
    assert 10_000 < figures.own_store_bytes < 10 * figures.clip_store_bytes
    assert not list(tmp_path.glob("cache/**/*.clip")), "it has a cache of its own"


def test_a_batch_corrects_the_figures() -> None:
    foretold_cpu_s = estimate(PLAN, FIGURES, 4).cpu_s
    learned = learn(FIGURES, 100, 2 * foretold_cpu_s, foretold_cpu_s)
    assert learned is not None
    assert (learned.warm_cpu_s, learned.clip_cpu_s, learned.own_cpu_s) == (4.0, 1.0, 0.5)
    assert estimate(PLAN, learned, 4).cpu_s == 2 * foretold_cpu_s
    assert "100 sessions" in learned.origin
    assert learn(FIGURES, FEWEST_BUILT - 1, 900.0, 450.0) is None


def test_figures_are_remembered(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    assert remembered(folder) is None
    remember(FIGURES, folder)
    assert remembered(folder) == FIGURES
    file = next(folder.iterdir())
    assert [path.name for path in folder.iterdir()] == [file.name]
    for damaged in ("", "[]", "{}", '{"version": 0}', json.dumps({**json.loads(file.read_text()), "warm_cpu_s": "2"})):
        file.write_text(damaged)
        assert remembered(folder) is None, damaged
    remember(FIGURES, file / "below a file")


def test_assumed_figures_are_of_the_order_of_measured_ones() -> None:
    assert 0.05 < ASSUMED.warm_cpu_s < 5
    assert "assumed" in ASSUMED.origin


def test_the_same_text_in_two_groups_is_counted_once(tmp_path: Path, shop: Workshop) -> None:
    both = planned(matrix_of(tmp_path, "routines: [bye, morning]\n"), shop).utterances
    by_routine: defaultdict[str, set[tuple[str | None, Utterance]]] = defaultdict(set)
    for job, said, _ in each(matrix_of(tmp_path, "routines: [bye, morning]\n").jobs(), shop):
        by_routine[job.name] |= said
    assert both == len(set.union(*by_routine.values())) < sum(map(len, by_routine.values()))
