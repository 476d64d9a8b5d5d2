"""Which sessions a jobs file means, what they are called, and in what order they come."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.batch.jobs_files import lay, matrix_of, read
from voicecoach.batch.matrix import length_words, options_of
from voicecoach.batch.naming import MOST_PART_BYTES, safe, same, session_path
from voicecoach.model.output import FileFormat
from voicecoach.model.profile import Profile
from voicecoach.model.routine import Talk


def test_all_of_each_axis(tmp_path: Path) -> None:
    jobs = (
        "routines: [hi, bye.yaml]\nvoices: [fake, fake:low]\ntalk: [teach, brief]\nlengths: [as written, 2 min]\n"
        "people: [{name: Sam, id: 1}, {name: Kim, id: 2}]\n"
    )
    matrix = matrix_of(tmp_path, jobs)
    made = list(matrix.jobs())
    assert (matrix.sessions, matrix.people, len(made)) == (32, 2, 32)
    said = [
        (job.name, job.profile.voice, job.profile.length_s, job.profile.talk, dict(job.profile.variables)["name"])
        for job in made
    ]
    axes = (["hi", "bye"], ["fake", "fake:low"], [None, Fraction(120)], [Talk.TEACH, Talk.BRIEF], ["Sam", "Kim"])
    assert said == list(itertools.product(*axes)), "what shares speech comes together, people inside"
    assert made[0].session == "Sam/hi fake as written teach"
    assert made[-1].session == "Kim/bye fake-low 2 min brief"
    assert len({same(job.session) for job in made}) == 32
    assert list(matrix.jobs()) == made, "as often as is asked"


def test_a_persons_own_goes_before_the_axis(tmp_path: Path) -> None:
    jobs = (
        "routines: [hi, bye]\ntalk: [teach, brief]\nprofile: {hold: x1.25, rest: x2, skip: squat, name: You}\n"
        "people: people.csv\nname: '{id} {routine} {talk}'\ntitle: '{title} for {name}'\n"
    )
    people = "id;name;talk;routine;hold;skip\n1;Sam;;;;\n2;Kim;cues;;x0.8;pigeon-pose; plank\n"
    people = people.replace("pigeon-pose; plank", '"pigeon-pose; plank"') + "3;;;bye;;\n"
    matrix = matrix_of(tmp_path, jobs, {"people.csv": people})
    made = {job.session: job for job in matrix.jobs()}
    assert list(made) == [
        *("1 hi teach", "1 hi brief", "2 hi cues"),
        *("1 bye teach", "3 bye teach", "1 bye brief", "3 bye brief", "2 bye cues"),
    ]
    kim, nobody = made["2 hi cues"], made["3 bye teach"]
    assert kim.profile.hold is not None
    assert kim.profile.hold.factor == Fraction(4, 5)
    assert kim.profile.rest is not None
    assert kim.profile.rest.factor == 2
    assert kim.profile.skip == ("squat", "pigeon-pose", "plank")
    assert kim.heading.title == "{title} for Kim"
    assert nobody.heading.title == "{title} for You"
    assert dict(nobody.profile.variables) == {"id": "3", "name": "You"}
    assert made["1 hi teach"].profile.hold is not None
    assert made["1 hi teach"].profile.hold.factor == Fraction(5, 4)


def test_who_has_a_voice_and_a_length_of_their_own_gets_one_session(tmp_path: Path) -> None:
    jobs = "routines: hi\nvoices: [fake, fake:fake-de]\nlengths: [as written, 5 min]\npeople: people.csv\n"
    people = "name;voice;length\nSam;espeak; espeak:en-gb;8 min\nKim;;\n".replace(
        "espeak; espeak:en-gb", '"espeak; fake"'
    )
    made = [(job.session, job.profile.voice) for job in matrix_of(tmp_path, jobs, {"people.csv": people}).jobs()]
    assert made[-1] == ("Sam/hi espeak, fake 8 min".replace("hi ", ""), "espeak, fake")
    assert [voice for session, voice in made if session.startswith("Kim/")] == ["fake"] * 2 + ["fake:fake-de"] * 2
    assert len(made) == 5


def test_two_words_for_one_routine_are_one(tmp_path: Path) -> None:
    matrix = matrix_of(tmp_path, "routines: hi\npeople: [{name: Sam}, {name: Kim, routine: ./hi.yaml}]\n")
    assert [group.routine for group, _ in matrix.grouped()] == ["hi", "hi"]


def test_without_anything_a_session_is_what_build_makes(tmp_path: Path) -> None:
    made = list(matrix_of(tmp_path, "routines: morning\n").jobs())
    assert [(job.session, job.name, job.profile) for job in made] == [("morning", "morning", Profile())]
    assert made[0].source.name == "morning.yaml (built in)"


@pytest.mark.parametrize(
    ("jobs", "first"),
    [
        ("routines: hi\npeople: [{name: Sam}]\n", "Sam"),
        ("routines: [hi, bye]\npeople: [{name: Sam}]\n", "Sam/hi"),
        ("routines: hi\ntalk: [teach, brief]\n", "hi teach"),
        ("routines: hi\nlengths: [90s, 5 min]\npeople: [{name: Sam}]\n", "Sam/1 min 30 s"),
        ("people: [{name: Sam, routine: bye}]\n", "Sam/bye"),
    ],
)
def test_names_are_made_of_what_varies(jobs: str, first: str, tmp_path: Path) -> None:
    assert next(matrix_of(tmp_path, jobs).jobs()).session == first


def test_what_is_one_for_all_stands_in_the_options(tmp_path: Path) -> None:
    jobs = "routines: hi\nformat: ogg\nbitrate: 64\nlevel: quiet\nverify: yes\nprofile: {bed: off}\n"
    matrix = matrix_of(tmp_path, jobs)
    options = options_of(matrix.jobs_file)
    assert (options.levels.name, options.output.file_format, options.encoding.bitrate_kbps, options.verify) == (
        "quiet", FileFormat.OGG, 64, True
    )  # fmt: skip
    assert next(matrix.jobs()).profile == Profile(no_bed=True)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("CON/aux.x", "_CON/_aux.x"),
        ("a:b/c<d>?", "a-b/c-d-"),
        (" a  b /.c. ", "a b/c"),
        ("a//b", ""),
        ("..", ""),
        ("COM¹ x/com1", "COM¹ x/_com1"),
        ("x" * 300, "x" * MOST_PART_BYTES),
        ("é" * 300, "é" * (MOST_PART_BYTES // 2)),
    ],
)
def test_names_that_every_file_system_takes(text: str, path: str) -> None:
    assert session_path(text) == path


@given(st.text(max_size=40))
def test_a_value_never_adds_a_folder_or_leaves_one(value: str) -> None:
    path = session_path(f"a/{safe(value)}/b")
    assert path == "" or path.count("/") == 2
    assert session_path(path) == path, "once safe, always safe"
    assert ".." not in path.split("/")


def test_lengths_in_words() -> None:
    assert [length_words(Fraction(s)) for s in (600, 450, 30)] == ["10 min", "7 min 30 s", "30 s"]


def rows(count: int) -> Iterator[str]:
    yield "name,id\n"
    yield from (f"Person,{at}\n" for at in range(count))


def peak_bytes(folder: Path, count: int) -> int:
    """Count everybody and make all their jobs; tell how much memory that took at most."""
    folder.mkdir()
    path = lay(folder, "routines: hi\npeople: people.csv\nname: '{person} {id}'\n")
    (folder / "people.csv").write_text("".join(rows(count)))
    tracemalloc.start()
    try:
        matrix, _ = read(path)
        assert matrix is not None
        assert sum(1 for _ in matrix.jobs()) == matrix.sessions == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_people_are_not_held_in_memory(tmp_path: Path) -> None:
    few, many = peak_bytes(tmp_path / "few", 200), peak_bytes(tmp_path / "many", 2200)
    assert many - few < 2000 * 60, "of each a place and the hash of a name, and their sorted copy; not their cells"


def test_a_table_that_changes_while_sessions_are_made_is_told(tmp_path: Path) -> None:
    from voicecoach.errors import UsageError

    matrix = matrix_of(tmp_path, "routines: hi\npeople: people.csv\n", {"people.csv": "name\nSam\nKim\nLi\n"})
    coming = matrix.jobs()
    assert next(coming).session == "Sam"
    (tmp_path / "people.csv").write_text("name\n")
    again = matrix.jobs()
    with pytest.raises(UsageError, match=r"people\.csv was changed"):
        list(again)
