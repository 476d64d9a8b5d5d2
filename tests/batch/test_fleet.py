"""A fleet of real processes builds what this machine builds, whoever dies meanwhile."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.batch.fleets import Fleet, fleet_of, wait_until
from tests.batch.making import write_routine
from tests.batch.sessions import Batch, Here
from tests.cache.s3_server import environment, new_bucket, serving
from voicecoach.batch.bundles import kept_bundle
from voicecoach.batch.fleet import FleetRunner, connection, sending
from voicecoach.batch.fleet.runner import AHEAD
from voicecoach.batch.job import Job, Making, Result, State
from voicecoach.batch.keys import Keys
from voicecoach.batch.ledger import Ledger
from voicecoach.batch.running import Summary, run_batch
from voicecoach.batch.units import UNIT_S
from voicecoach.cache import Place
from voicecoach.config import Options
from voicecoach.engines.preferred import set_preferred
from voicecoach.errors import UsageError, VoicecoachError
from voicecoach.library import Library
from voicecoach.model.profile import Profile
from voicecoach.source.nodes import SourceFile, read_source

pytestmark = pytest.mark.slow

PRELOAD = """\
import os, signal, time
from voicecoach.batch.worker import Worker
def build(self, job, usual=Worker.build):
    if "slow" in job.session:
        time.sleep(0.2)
    if "deadly" in job.session:
        os.kill(os.getpid(), signal.SIGKILL)
    return usual(self, job)
if Worker.build.__module__ == "voicecoach.batch.worker":  # Dask runs this twice
    Worker.build = build
"""
OLDER = "import voicecoach\nvoicecoach.__version__ = '0.0.1'\n"
BARE = """\
import sys
class Bare:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "voicecoach":
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
sys.meta_path.insert(0, Bare())
"""


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The URL of an S3 server."""
    with serving() as url:
        yield url


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory, s3: str) -> Iterator[Fleet]:
    """Three threads in two processes, as if on two machines, which have no exercises and no voices of their own."""
    folder = tmp_path_factory.mktemp("fleets")
    preload = folder / "preload.py"
    preload.write_text(PRELOAD, encoding="utf-8")
    variables = {
        **environment(s3),
        "VOICECOACH_DATA": str(folder / "nothing"),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        "DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "0",
    }
    with fleet_of(folder / "fleet", 0, **variables) as started:
        started.start_worker("one", "--preload", str(preload))
        started.start_worker("two", "--preload", str(preload), threads=2)
        wait_until(lambda: len(started.pids()) == 2, "the workers' start")
        yield started


def built_here(making: Making, jobs: Iterable[Job]) -> dict[str, Result]:
    with Here(making) as runner:
        return {result.session: result for result in runner.run(jobs)}


def built_there(making: Making, jobs: Iterable[Job], address: str) -> dict[str, Result]:
    with Keys(making) as keys, FleetRunner(making, address) as runner:
        results = list(runner.run(keys.keyed(jobs)))
    assert len({result.session for result in results}) == len(results), "each job has one result"
    return {result.session: result for result in results}


def same(result: Result) -> Result:
    """What of a result does not depend on who built it."""
    return replace(result, key="", spent_s=0.0, cpu_s=0.0, clips=0, regions=0)


def everything(folder: Path, data: Path) -> list[Job]:
    """All kinds of routines, good and bad, for several people."""
    (data / "exercises").mkdir(parents=True)
    wipers = "name: Window wipers\nset up: Sit down.\nhold: 20s\n"
    (data / "exercises" / "wipers.yaml").write_text(wipers, encoding="utf-8")
    (data / "exercises" / "bad.yaml").write_text("name: Bad\nset up: Sit.\nhold: soon\n", encoding="utf-8")
    set_preferred(data, "fake", "en")
    routine = read_source(write_routine(folder))[0]
    bad = SourceFile("bad.yaml", "title: Bad\nsteps:\n  - bad\n  - sound: no.wav\n", folder)
    far = SourceFile(
        "far.yaml", f"title: Far\nimage: {folder / 'pictures' / 'cover.png'}\nsteps:\n  - rest: 5s\n", folder
    )
    plain = SourceFile("plain.yaml", "title: Plain\nsteps:\n  - say: Hello {name}.\n  - rest: 5s\n")
    names = [Profile(variables=(("name", name),)) for name in ("Ann", "Bo")]
    return [
        *(Job(f"all/{at}", "all", routine, profile) for at, profile in enumerate(names)),
        Job("bad", "bad", bad),
        *(Job(f"plain/{at}", "plain", plain, profile) for at, profile in enumerate(names)),
        Job("far", "far", far),
    ]


def test_sessions_are_those_that_this_machine_builds(fleet: Fleet, tmp_path: Path) -> None:
    data = tmp_path / "data"
    jobs = everything(tmp_path / "routines", data)
    making = Making(Options(), str(tmp_path / "here"), tmp_path / "cache", 10**9, data)
    here = built_here(making, jobs)
    there = built_there(replace(making, output=str(tmp_path / "there")), jobs, fleet.address)
    good = [name for name, result in here.items() if result.file and name != "far"]
    assert len(good) == 4
    for name in good:
        assert same(there[name]) == same(here[name])
        file = here[name].file
        assert (tmp_path / "there" / file).read_bytes() == (tmp_path / "here" / file).read_bytes()
    assert there["all/0"].voice.startswith("recorded:")
    assert there["plain/0"].voice == "fake:fake", "the preferred voice of this machine"
    assert there["bad"].state is State.FAILED
    assert there["bad"].reasons == here["bad"].reasons, "told by the places that its author knows"
    assert there["far"].state is State.FAILED
    assert "is a whole path" in there["far"].reasons[0]
    assert not list(fleet.folder.rglob("voicecoach-*")), "nothing is left on the workers"


def test_little_is_sent_ahead(fleet: Fleet, tmp_path: Path) -> None:
    batch, taken = Batch(tmp_path), 0

    def endless() -> Iterator[Job]:
        nonlocal taken
        for number in itertools.count():
            taken += 1
            yield replace(batch.jobs()[0], session=f"slow {number}")

    with FleetRunner(batch.making, fleet.address) as runner:
        assert runner.width == 3
        results, ahead = runner.run(endless()), 0
        for done, _ in enumerate(itertools.islice(results, 15), 1):
            ahead = max(ahead, taken - done)
        results.close()
        after = taken
    size = round(UNIT_S / 0.2)  # each takes as long at least
    assert ahead <= 2 * AHEAD * runner.width * size, "no more than is out, and as much to look ahead"
    assert taken == after


def test_who_stops_hears_of_what_was_sent_and_nothing_more_is(fleet: Fleet, tmp_path: Path) -> None:
    batch, most = Batch(tmp_path), 2000

    def many() -> Iterator[Job]:
        return (replace(batch.jobs()[0], session=f"slow {number}") for number in range(most))

    with FleetRunner(batch.making, fleet.address) as runner:
        results, sent = runner.run(many()), 0
        for sent, result in enumerate(results, 1):
            assert result.state is State.BUILT
            if sent == 1:
                runner.stop()
    assert runner.width <= sent <= AHEAD * runner.width * round(UNIT_S / 0.2) < most


def test_a_worker_that_is_killed_loses_nothing(fleet: Fleet, tmp_path: Path) -> None:
    batch = Batch(tmp_path, people=12)
    jobs = [replace(job, session=f"slow {job.session}") for job in batch.jobs()]
    victim, results = fleet.pids()["two"], {}
    with FleetRunner(batch.making, fleet.address) as runner:
        for result in runner.run(jobs):
            results[result.session] = result
            if len(results) == 2:
                os.kill(victim, signal.SIGKILL)
    assert {result.state for result in results.values()} == {State.BUILT}
    assert set(results) == {job.session for job in jobs}
    assert not list(batch.output.rglob("*.part*"))
    here = built_here(replace(batch.making, output=str(tmp_path / "here")), jobs)
    assert {name: one.sha256 for name, one in results.items()} == {name: one.sha256 for name, one in here.items()}


def test_a_session_that_kills_workers_fails_alone(fleet: Fleet, tmp_path: Path) -> None:
    batch = Batch(tmp_path, people=5)
    jobs = batch.jobs()
    jobs[3] = replace(jobs[3], session="deadly")
    with FleetRunner(batch.making, fleet.address) as runner:
        results = {result.session: result for result in runner.run(jobs)}
    assert len(results) == 5
    assert [name for name, result in results.items() if result.state is not State.BUILT] == ["deadly"]
    assert "workers died, 2 times in a row" in results["deadly"].reasons[0]


def test_workers_of_other_versions_are_refused(fleet: Fleet, tmp_path: Path) -> None:
    wait_until(lambda: set(fleet.pids()) == {"one", "two"}, "both workers")
    others = []
    for name, text in (("older", OLDER), ("bare", BARE)):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        others.append(fleet.start_worker(name, "--preload", str(tmp_path / f"{name}.py")))
    try:
        wait_until(lambda: set(fleet.pids()) == {"one", "two", "older", "bare"}, "the others' start")
        with pytest.raises(UsageError) as refused, FleetRunner(Batch(tmp_path).making, fleet.address):
            pass
    finally:
        for process in others:
            os.killpg(process.pid, signal.SIGTERM)
    lines = refused.value.message.splitlines()[1:]
    assert len(lines) == 2
    assert any(line.startswith("  voicecoach 0.0.1 (") and ", here 0" in line for line in lines)
    assert any("is not there: worker tcp://" in line for line in lines), lines
    wait_until(lambda: set(fleet.pids()) == {"one", "two"}, "the others' end")


@pytest.mark.parametrize("scheme", ["file", "s3"])
def test_a_store_is_shared_by_all_machines(
    scheme: str, fleet: Fleet, tmp_path: Path, s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(s3).items():
        monkeypatch.setenv(name, value)
    batch = Batch(tmp_path, people=4)
    base = new_bucket(s3) if scheme == "s3" else f"file://{tmp_path}"
    making = replace(batch.making, output=f"{base}/there", store=f"{base}/store")
    shutil.rmtree(fleet.folder / "caches", ignore_errors=True)  # each machine begins with none
    jobs = [replace(job, session=f"slow/{at}") for at, job in enumerate(batch.jobs())]
    with Keys(making) as keys, FleetRunner(making, fleet.address) as runner, Ledger(making.output) as ledger:
        summary = run_batch(keys.keyed(jobs), runner, ledger, resume=True)
    here = built_here(replace(batch.making, output=str(tmp_path / "here")), jobs)
    assert (summary.built, summary.failed) == (4, 0)
    output = Place(making.output)
    for one in here.values():
        assert output.read(one.file) == (tmp_path / "here" / one.file).read_bytes()
    assert summary.clips == sum(one.clips for one in here.values()), "none was made by two machines"
    assert summary.regions == sum(one.regions for one in here.values())
    with Keys(making) as keys, Ledger(making.output) as ledger:
        assert all(ledger.kept(job) for job in keys.keyed(jobs)), "they are known to be there"


def test_a_scheduler_that_is_gone_is_told_and_the_rest_is_built_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(connection, "ANSWER_S", 3.0)
    (tmp_path / "preload.py").write_text(PRELOAD, encoding="utf-8")
    batch = Batch(tmp_path, people=9)
    jobs = [replace(job, session=f"slow {job.session}") for job in batch.jobs()]

    def run(then: Callable[[int], None] = int) -> Summary:
        making = batch.making
        with Keys(making) as keys, Ledger(making.output) as ledger, FleetRunner(making, fleet.address) as runner:
            return run_batch(keys.keyed(jobs), runner, ledger, resume=True, tell=lambda _, now: then(now.done))

    def ended_by(how: signal.Signals, after: int) -> None:
        def end(done: int) -> None:
            if done == after:
                os.kill(fleet.scheduler.pid, how)

        with pytest.raises(VoicecoachError, match=r"the scheduler at tcp://.* is gone") as told:
            run(end)
        assert "--resume" in str(told.value.hint)

    with fleet_of(tmp_path / "fleet", 1, "--preload", str(tmp_path / "preload.py")) as fleet:
        ended_by(signal.SIGSTOP, 2)
        os.kill(fleet.scheduler.pid, signal.SIGCONT)
        ended_by(signal.SIGKILL, 5)
        assert not capfd.readouterr().err, "Dask's own words are kept from the terminal"
        fleet.start_scheduler()
        fleet.start_worker("another")  # workers end with their scheduler
        summary = run()
    assert summary.kept >= 5
    assert (summary.done, summary.failed) == (9, 0)
    here = built_here(replace(batch.making, output=str(tmp_path / "here")), jobs)
    for one in here.values():
        assert (batch.output / one.file).read_bytes() == (tmp_path / "here" / one.file).read_bytes()


def test_where_no_scheduler_answers_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECT_S", 0.5)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with (
            pytest.raises(VoicecoachError, match=f"no scheduler answers at {address}"),
            FleetRunner(Batch(tmp_path).making, address),
        ):
            pass


def test_where_no_worker_comes_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "WORKERS_S", 0.5)
    monkeypatch.setattr(connection, "LOOK_EVERY_S", 0.1)
    told: list[str] = []
    with (
        fleet_of(tmp_path / "fleet", 0) as fleet,
        pytest.raises(VoicecoachError, match="has no workers"),
        FleetRunner(Batch(tmp_path).making, fleet.address, told.append),
    ):
        pass
    assert told == [f"the scheduler at {fleet.address} has no workers yet: waiting for one"]


@pytest.mark.parametrize("address", ["", "host", "host:x", "tcp://:8786", "http://host:8786", "tcp://host", "//host:1"])
def test_what_is_no_address_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no address of a scheduler"):
        FleetRunner(Batch(tmp_path).making, address)


def test_places_must_be_those_of_all_machines(tmp_path: Path) -> None:
    making = Batch(tmp_path).making
    with pytest.raises(UsageError, match="is a folder of this machine") as refused:
        FleetRunner(making, "tcp://fleet.example:8786")
    assert f"file://{tmp_path}" in str(refused.value.hint)
    shared = replace(making, output=f"file://{tmp_path}/out")
    assert FleetRunner(shared, "tcp://fleet.example:8786").making == shared
    with pytest.raises(UsageError, match="the store 'clips' is a folder"):
        FleetRunner(replace(shared, store="clips"), "tcp://fleet.example:8786")
    with pytest.raises(UsageError, match="memory://out is in this process alone"):
        FleetRunner(replace(making, output="memory://out"), "127.0.0.1:8786")
    assert FleetRunner(replace(making, output="out"), "localhost:8786").making.output == str(Path("out").absolute())


def test_a_voice_that_is_a_folder_of_this_machine_is_refused(tmp_path: Path) -> None:
    making = Batch(tmp_path).making
    job = replace(Batch(tmp_path).jobs()[0], profile=Profile(voice="fake, recorded:./kim"))
    with pytest.raises(UsageError, match=r"'recorded:\./kim' is a folder of this machine"):
        sending.Sending(making).ready(job)
    named = replace(making, options=replace(making.options, voice="recorded:/voices/kim"))
    with pytest.raises(UsageError, match="is a folder of this machine"):
        sending.Sending(named).order()


def test_a_large_bundle_needs_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SENT_BYTES", 1000)
    source = read_source(write_routine(tmp_path / "mine"))[0]
    making = Batch(tmp_path).making
    job = Job("all", "all", source)
    with pytest.raises(UsageError, match="too much to be sent with every unit"):
        sending.Sending(making).ready(job)
    store = tmp_path / "store"
    _, routine = sending.Sending(replace(making, store=str(store))).ready(job)
    assert routine.bundle is None
    assert kept_bundle(Place(store), routine.digest)
    with pytest.raises(VoicecoachError, match="gone from the store"):
        kept_bundle(Place(store), "0" * 64)


def test_an_output_that_is_not_shared_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "APPEAR_S", 0.1)
    result = Result("a", "", State.BUILT, "a.mp3", 3)
    with pytest.raises(UsageError, match="that folder is not shared"):
        sending.assert_shared(Place(tmp_path), result)
    (tmp_path / "a.mp3").write_bytes(b"mp3")
    sending.assert_shared(Place(tmp_path), result)


def test_many_routines_are_made_ready_without_keeping_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "HELD_ROUTINES", 3)
    ready = sending.Sending(Batch(tmp_path).making)
    library = Library()
    text = library.routine_source("morning").text
    sources = [SourceFile(f"{at}.yaml", text + f"# {at}\n") for at in range(6)]
    first = [ready.ready(Job(str(at), "r", source))[1] for at, source in enumerate(sources)]
    again = [ready.ready(Job(str(at), "r", source))[1] for at, source in enumerate(sources)]
    assert first == again
    assert len({routine.digest for routine in first}) == 6
