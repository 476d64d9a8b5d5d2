"""Many sessions, with the cores of this machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.batch.sessions import ROUTINE, Batch, kept_compiled
from voicecoach.batch.job import Job, Result, State
from voicecoach.batch.keys import Keys
from voicecoach.batch.ledger import Ledger
from voicecoach.batch.local import LocalRunner
from voicecoach.batch.running import Progress, run_batch
from voicecoach.batch.worker import Worker
from voicecoach.cache import Cache
from voicecoach.config import Options
from voicecoach.errors import UsageError, VoicecoachError
from voicecoach.model.output import Output
from voicecoach.model.profile import Profile
from voicecoach.pipeline import build
from voicecoach.shop import open_workshop
from voicecoach.source.nodes import SourceFile
from voicecoach.stages.verify import verify

pytestmark = pytest.mark.slow

FAULTY = "title: Faulty\nsteps:\n  - pigeon-pose: 10\n  - pigeon-pse: 20s\n"
DEADLY = """\
import os

from voicecoach.engines.fake import FakeEngine


class DeadlyEngine(FakeEngine):
    '''Ends its process at one word; elsewhere it is the fake voice.'''

    def speak(self, request):
        if "deadly" in request.text:
            os.kill(os.getpid(), 9)
        if "rude" in request.text:
            raise RuntimeError("how rude")
        return super().speak(request)
"""


@pytest.fixture(scope="module", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with kept_compiled(tmp_path_factory.getbasetemp() / "compiled"):
        yield


@pytest.fixture
def batch(tmp_path: Path, own_cache: Path) -> Batch:
    return Batch(tmp_path, warm=own_cache)


def same(batch: Batch, *names: str) -> list[Job]:
    """Give the batch's first job under other names, so that nothing but the text differs."""
    return [replace(batch.jobs()[0], session=name) for name in names]


def test_same_bytes_as_single_builds_and_whatever_the_number_of_workers(tmp_path: Path, own_cache: Path) -> None:
    batch = Batch(tmp_path)
    summary = batch.run()
    assert (summary.built, summary.kept, summary.failed) == (4, 0, 0)
    built = batch.files()
    assert sorted(built) == [f"Person {at}/short.mp3" for at in range(4)]
    assert len(set(built.values())) == 4, "each is for somebody else"
    alone = Batch(tmp_path / "alone", workers=1)
    counted = alone.run()
    assert alone.files() == built
    single = tmp_path / "single.mp3"
    job = batch.jobs()[2]
    options = Options(voice="fake", profile=job.profile, heading=job.heading)
    with open_workshop(options, Cache(own_cache, 10**9)) as shop:
        build(job.source, job.name, single, shop)
    assert single.read_bytes() == built["Person 2/short.mp3"]
    verdict = verify(single)
    assert verdict.first is None
    # Every distinct clip and region is made once for the batch, by however many processes.
    assert (summary.clips, summary.regions) == (counted.clips, counted.regions)
    assert summary.clips > 0 < summary.regions
    assert summary.size_bytes == sum(map(len, built.values()))
    again = batch.run()
    assert (again.built, again.clips, again.regions) == (4, 0, 0)
    assert batch.files() == built


def test_what_fails_is_told_and_the_others_are_built(batch: Batch) -> None:
    good = batch.jobs()
    faulty = Job("faulty", "faulty", SourceFile("faulty.yaml", FAULTY))
    unknown = Job("unknown", "short", SourceFile("short.yaml", ROUTINE), Profile(length_s=1_000_000))
    seen: list[tuple[Result, Progress]] = []
    summary = batch.run(jobs=[faulty, *good, unknown], tell=lambda *told: seen.append(told))
    assert (summary.built, summary.failed) == (4, 2)
    reasons = {failed.session: failed.reasons for failed in summary.failures}
    assert len(reasons["faulty"]) == 2
    assert "faulty.yaml:3:18: error[bare-number]" in reasons["faulty"][0]
    assert "did you mean 'pigeon-pose'?" in reasons["faulty"][1]
    assert "hint:" in reasons["unknown"][0]
    assert [progress.done for _, progress in seen] == [1, 2, 3, 4, 5, 6]
    assert not (batch.output / "faulty.mp3").exists()
    assert batch.run(resume=True, jobs=[faulty, *good]).kept == 4


def test_a_session_that_leads_out_of_the_output_is_not_built(batch: Batch) -> None:
    summary = batch.run(jobs=same(batch, "../outside", "inside"))
    assert (summary.built, summary.failed) == (1, 1)
    assert not (batch.folder / "outside.mp3").exists()


def test_of_each_session_one_file(batch: Batch) -> None:
    options = Options(output=Output(per_step=True))
    with pytest.raises(UsageError, match="one file"):
        LocalRunner(replace(batch.making, options=options))


def test_nothing_to_do_starts_no_process(batch: Batch) -> None:
    batch.run()
    making = batch.making
    with Keys(making) as keys, Ledger(making.output) as ledger, LocalRunner(making, 2) as runner:
        summary = run_batch(keys.keyed(batch.jobs()), runner, ledger, resume=True)
        assert summary.kept == 4
        assert runner.pids == ()


def test_jobs_are_taken_as_they_are_built(batch: Batch) -> None:
    taken = 0

    def endless() -> object:
        nonlocal taken
        while True:
            taken += 1
            yield from same(batch, f"{taken}")

    with LocalRunner(batch.making, 2) as runner:
        results = runner.run(endless())  # type: ignore[arg-type]
        for done in range(1, 6):
            assert next(results).state is State.BUILT
            assert taken <= done + 4, "two for each process"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_worker_that_is_killed_loses_nothing(batch: Batch, tmp_path: Path) -> None:
    wanted = batch.of(folder=tmp_path / "wanted", people=12)
    wanted.run()
    batch = batch.of(people=12)
    making = batch.making
    killed: list[int] = []
    with LocalRunner(making, 2) as runner, Ledger(making.output) as ledger:

        def tell(_result: Result, progress: Progress) -> None:
            if progress.done in {2, 6}:
                killed.append(runner.pids[0])
                os.kill(killed[-1], signal.SIGKILL)

        summary = run_batch(batch.jobs(), runner, ledger, resume=False, tell=tell)
        assert len(set(killed)) == 2
        assert not set(killed) & set(runner.pids)
    assert (summary.built, summary.failed) == (12, 0)
    assert batch.files() == wanted.files()


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install an engine that ends its process, for all processes that are started."""
    home = tmp_path / "installed"
    info = home / "deadly-1.0.dist-info"
    info.mkdir(parents=True)
    (home / "deadly_engine.py").write_text(DEADLY)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: deadly\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[voicecoach.engines]\ndeadly = deadly_engine:DeadlyEngine\n")
    monkeypatch.setenv("PYTHONPATH", str(home))
    monkeypatch.syspath_prepend(str(home))


@pytest.mark.usefixtures("deadly")
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_job_that_ends_its_process_twice_has_failed(batch: Batch) -> None:
    batch = batch.of(voice="deadly")
    jobs = batch.jobs()
    bad = replace(jobs[0], session="bad", profile=Profile(variables=(("name", "deadly"),)))
    rude = replace(jobs[0], session="rude", profile=Profile(variables=(("name", "rude"),)))
    summary = batch.run(jobs=[bad, *jobs, rude])
    assert (summary.built, summary.failed) == (4, 2)
    reasons = {failed.session: failed.reasons[0] for failed in summary.failures}
    assert "SIGKILL" in reasons["bad"]
    assert "how rude" in reasons["rude"]
    assert len(batch.files()) == 4


def test_a_bug_is_told_with_its_log(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    with Worker(batch.making) as worker:
        monkeypatch.setattr("voicecoach.batch.worker.build", lambda *_: 1 / 0)
        result = worker.build(batch.jobs()[0])
        monkeypatch.undo()
        assert worker.build(batch.jobs()[1]).state is State.BUILT
    assert result.state is State.FAILED
    said, _, log = result.reasons[0].rpartition(" (log: ")
    assert "bug in voicecoach" in said
    log_file = Path(log.removesuffix(")"))
    assert "ZeroDivisionError" in log_file.read_text()
    log_file.unlink()


def test_processes_that_cannot_start_end_the_batch(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicecoach.batch.process.work", os._exit)  # a process that ends with its pipe as its code
    monkeypatch.setattr("voicecoach.batch.local.STARTS", 2)
    with LocalRunner(batch.making, 1) as runner, pytest.raises(VoicecoachError, match="no process can be started"):
        list(runner.run(batch.jobs()))


def test_a_paid_voice_needs_leave(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can be asked in the middle of a batch."""
    monkeypatch.setenv("OPENAI_API_KEY", "none of ours")
    making = replace(batch.making, options=Options(voice="openai:alloy"))
    with Worker(making) as worker:
        result = worker.build(batch.jobs()[0])
    assert result.state is State.FAILED
    assert "was not allowed to: nothing was sent" in result.reasons[0]
