"""What is written down of a batch, and what of it is built again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.batch.sessions import ROUTINE, Batch
from voicecoach.batch.index import Index
from voicecoach.batch.job import Job, Result, State
from voicecoach.batch.keys import Keys
from voicecoach.batch.ledger import Ledger
from voicecoach.config import Encoding
from voicecoach.errors import UsageError
from voicecoach.model.heading import Heading
from voicecoach.model.profile import Profile
from voicecoach.source.nodes import SourceFile

RESULT = Result("a/b", "key", State.BUILT, "a/b.mp3", 5, "", 12.5, "fake:fake-en", notes=("voice: – “quoted”",))


def lines_of(output: Path) -> list[str]:
    return (output / ".voicecoach" / "batch.jsonl").read_text(encoding="utf-8").splitlines()


def test_the_last_word_of_a_session_holds(tmp_path: Path) -> None:
    output = str(tmp_path / "new" / "output")
    with Ledger(output) as ledger:
        assert ledger.find("a/b") is None
        ledger.add(RESULT)
        ledger.add(replace(RESULT, session="c", state=State.FAILED, reasons=("one\ntwo",)))
        assert ledger.find("a/b") == RESULT
        ledger.add(replace(RESULT, length_s=13))
    with Ledger(output) as ledger:
        assert ledger.find("a/b") == replace(RESULT, length_s=13)
        assert [result.session for result in ledger.results()] == ["c", "a/b"]
        assert ledger.find("c").reasons == ("one\ntwo",)  # type: ignore[union-attr]
        ledger.forget("a/b")
        assert ledger.find("a/b") is None
    with Ledger(output) as ledger:
        assert [result.session for result in ledger.results()] == ["c"]


def test_a_torn_line_counts_for_nothing_and_spoils_no_other(tmp_path: Path) -> None:
    output = str(tmp_path)
    with Ledger(output) as ledger:
        ledger.add(RESULT)
        ledger.add(replace(RESULT, session="torn"))
    path = tmp_path / ".voicecoach" / "batch.jsonl"
    whole = path.read_bytes()
    for lost in (1, 2, 40):
        path.write_bytes(whole[:-lost])
        with Ledger(output) as ledger:
            assert (ledger.find("torn") is None) == (lost > 1), "without its line's end it is whole"
            ledger.add(replace(RESULT, session="next"))
        with Ledger(output) as ledger:
            assert ledger.find("a/b") == RESULT
            assert ledger.find("next") is not None
    path.write_bytes(b"\0" * 4096 + b"\n" + b'[1]\n{"session": 5}\n{"session": "x"}\n\xff\n' + whole)
    with Ledger(output) as ledger:
        assert ledger.find("torn") is not None
        assert ledger.find("x") is None
        assert len(list(ledger.results())) == 2


def test_one_batch_at_a_time(tmp_path: Path) -> None:
    with Ledger(str(tmp_path)):
        with pytest.raises(UsageError, match="another batch is building into") as told, Ledger(str(tmp_path)):
            pass
        assert told.value.hint
        code = f"from voicecoach.batch.ledger import Ledger\nwith Ledger({str(tmp_path)!r}): pass"
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert "another batch" in other.stderr
    with Ledger(str(tmp_path)):
        pass


def test_a_ledger_that_is_mostly_past_is_packed(tmp_path: Path) -> None:
    with Ledger(str(tmp_path)) as ledger:
        for at in range(1500):
            ledger.add(replace(RESULT, length_s=at))
        ledger.add(replace(RESULT, session="gone"))
        ledger.forget("gone")
    assert len(lines_of(tmp_path)) == 1502
    with Ledger(str(tmp_path)) as ledger:
        assert ledger.find("a/b") == replace(RESULT, length_s=1499)
        ledger.add(replace(RESULT, session="c"))
        assert [result.session for result in ledger.results()] == ["a/b", "c"]
    assert len(lines_of(tmp_path)) == 2
    assert [file.name for file in (tmp_path / ".voicecoach").iterdir() if file.suffix == ".part"] == []


def test_a_ledger_of_a_store_is_parts(tmp_path: Path) -> None:
    address = f"memory://{tmp_path.name}/ledger"
    with Ledger(address) as ledger, Ledger(address) as other:
        ledger.add(RESULT)
        other.add(replace(RESULT, session="other"))
    with Ledger(address) as ledger:
        assert ledger.find("a/b") == RESULT
        assert ledger.find("other") is not None
        assert ledger.place.names() == [".voicecoach/batch/000001.jsonl", ".voicecoach/batch/000002.jsonl"]
        job = Job("a/b", "b", SourceFile("b.yaml", ""), key="key")
        assert ledger.kept(job) is None, "its file is not there"
        ledger.place.write("a/b.mp3", b"12345")
    with Ledger(address) as ledger:
        assert ledger.kept(job) == replace(RESULT, state=State.KEPT)
        ledger.place.write("a/b.mp3", b"123456")
    with Ledger(address) as ledger:
        assert ledger.kept(job) is None


def test_an_index_of_many_names() -> None:
    index = Index()
    for round_ in range(2):
        for at in range(100_000):
            index.put(f"name {at}", -at if round_ == 0 and at % 2 else at)
    assert len(index) == 100_000
    assert [index.find(f"name {at}") for at in (0, 1, 99_999)] == [0, 1, 99_999]
    assert index.find("name 100000") is None
    index.put("name 100000", 2**40)
    assert index.find("name 100000") == 2**40
    assert list(index.numbers())[-2:] == [99_999, 2**40]


@pytest.fixture(scope="module")
def keys_of(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    return Batch(tmp_path_factory.mktemp("keys"), 1)


def key(batch: Batch, job: Job | None = None, **options: object) -> str:
    making = replace(batch.making, options=replace(batch.making.options, **options))  # type: ignore[arg-type]
    with Keys(making) as keys:
        return keys.of(job or batch.jobs()[0])


def test_all_that_shapes_a_session_is_in_its_key(keys_of: Batch, tmp_path: Path) -> None:
    job = keys_of.jobs()[0]
    text = job.source.text
    changed = {
        "as it is": key(keys_of),
        "text": key(keys_of, replace(job, source=SourceFile("short.yaml", text + "\n"))),
        "name": key(keys_of, replace(job, name="other")),
        "person": key(keys_of, replace(job, profile=Profile(variables=(("name", "Kim"),)))),
        "heading": key(keys_of, replace(job, heading=Heading(author="Kim"))),
        "bitrate": key(keys_of, encoding=Encoding(128)),
        "strict": key(keys_of, strict=True),
        "voice": key(keys_of, voice="fake:fake-de"),
    }
    assert len(set(changed.values())) == len(changed)
    assert all(changed.values())
    same = [
        key(keys_of, replace(job, session="elsewhere")),
        key(keys_of, replace(job, source=SourceFile("/other/short.yaml", text, tmp_path))),
        key(keys_of, jobs=7, verify=True),
        key(keys_of, encoding=Encoding(jobs=9)),
        key(keys_of.of(folder=tmp_path)),
    ]
    assert set(same) == {changed["as it is"]}


def test_without_a_voice_or_with_faults_there_is_no_key(keys_of: Batch) -> None:
    job = keys_of.jobs()[0]
    assert key(keys_of, replace(job, source=SourceFile("short.yaml", ROUTINE + "  - rest: 5\n"))) == ""
    assert key(keys_of, voice="fake:nobody") == ""
    assert key(keys_of, voice="nothing") == ""


@pytest.mark.slow
def test_exactly_what_is_missing_or_out_of_date_is_built_again(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voicecoach.batch.keys.package_digest", lambda: "the code does not change meanwhile")
    included = tmp_path / "included.yaml"
    included.write_text("title: Inc\nsteps:\n  - say: Well done.\n")
    batch = Batch(tmp_path, 6, ROUTINE + "  - include: included.yaml\n", workers=0, warm=own_cache)
    batch.run()
    wanted = batch.files()
    built: list[str] = []

    def again(batch: Batch = batch, jobs: list[Job] | None = None) -> list[str]:
        built.clear()

        def tell(result: Result, _: object) -> None:
            assert result.state is not State.FAILED, result.reasons
            if result.state is State.BUILT:
                built.append(result.session.removesuffix("/short"))

        batch.run(resume=True, jobs=jobs, tell=tell)
        return sorted(built)

    assert again() == []
    of = [batch.output / f"Person {at}" / "short.mp3" for at in range(6)]
    of[0].unlink()
    of[1].write_bytes(of[1].read_bytes()[:-1])
    edited = bytearray(of[2].read_bytes())
    edited[-500] ^= 1
    of[2].write_bytes(edited)
    os.utime(of[3], (1, 1))  # of another time, but the same: a copy
    assert again() == ["Person 0", "Person 1", "Person 2"]
    assert batch.files() == wanted
    assert json.loads(lines_of(batch.output)[-1])["session"]
    assert again() == []
    jobs = batch.jobs()
    jobs[4] = replace(jobs[4], profile=Profile(variables=(("name", "Kim"),)))
    assert again(jobs=jobs) == ["Person 4"]
    assert again() == ["Person 4"], "it was another person's"
    assert batch.files() == wanted
    included.write_text("title: Inc\nsteps:\n  - say: Very well done.\n")
    assert len(again()) == 6
    assert len(again(batch.of(text=batch.text.replace("10s", "11s")))) == 6
    assert len(again(batch.of(text=batch.text.replace("10s", "11s"), voice="fake:fake-de"))) == 6
    included.write_text("title: Inc\nsteps:\n  - say: Well done.\n")
    assert len(again()) == 6
    assert batch.files() == wanted
