"""What a session is made of: every file counts, wherever it lies, and none that does not matter."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from tests.batch.making import ROUTINE, write_routine, write_tone
from voicecoach.batch.materials import Materials, Root, materials_of
from voicecoach.library import Library
from voicecoach.source.nodes import read_source


def made_of(routine: Path, data: Path | None = None) -> Materials:
    source, faults = read_source(routine)
    assert not faults
    return materials_of(source, routine.stem, Library(user_folder=data))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "exercises" / "de").mkdir(parents=True)
    exercise = "name: Window wipers\nset up: Sit down.\nhold: 20s\n"
    (folder / "exercises" / "wipers.yaml").write_text(exercise, encoding="utf-8")
    (folder / "exercises" / "unused.yaml").write_text(exercise, encoding="utf-8")
    return folder


@pytest.fixture
def routine(tmp_path: Path, data: Path) -> Path:
    return write_routine(tmp_path / "mine")


NAMES = {
    "exercises/swing.yaml",
    "pictures/cover.png",
    "shared/cooldown.yaml",
    "shared/sounds/drop.wav",
    "shared/inner/last.yaml",
    "shared/inner/end.wav",
    "bell.wav",
    "../music/bed.wav",
    "earcons/start.wav",
    "kim/voice.toml",
    "kim/change-sides.wav",
    "kim/roles/halfway.wav",
}


def test_every_file_is_found_by_a_name_that_is_the_same_everywhere(routine: Path, data: Path) -> None:
    made = made_of(routine, data)
    assert {one.name for one in made.files if one.root is Root.BESIDE} == NAMES
    assert {one.name for one in made.files if one.root is Root.OWN} == {"exercises/wipers.yaml"}
    assert all(len(one.sha256) == 64 and one.path.is_file() for one in made.files)


def test_the_digest_is_the_same_where_the_folders_lie_elsewhere(routine: Path, data: Path, tmp_path: Path) -> None:
    before = made_of(routine, data).digest
    there = tmp_path / "elsewhere" / "deeper"
    shutil.copytree(routine.parent, there / "mine")
    shutil.copytree(routine.parent.parent / "music", there / "music")
    shutil.copytree(data, there / "own")
    assert made_of(there / "mine" / routine.name, there / "own").digest == before


@pytest.mark.parametrize("name", [*sorted(NAMES), "own", "text"])
def test_a_change_of_any_file_is_seen(name: str, routine: Path, data: Path) -> None:
    before = made_of(routine, data).digest
    path = {"own": data / "exercises" / "wipers.yaml", "text": routine}.get(name, routine.parent / name)
    path.write_bytes(path.read_bytes() + b"\n")
    assert made_of(routine, data).digest != before
    path.unlink()
    if name != "text":
        assert made_of(routine, data).digest != before


def test_what_does_not_matter_changes_nothing(routine: Path, data: Path) -> None:
    before = made_of(routine, data).digest
    (routine.parent / "other.yaml").write_text("x", encoding="utf-8")
    (data / "exercises" / "unused.yaml").unlink()
    (routine.parent / "earcons" / "notes.txt").write_text("x", encoding="utf-8")
    assert made_of(routine, data).digest == before


def test_a_translation_counts_in_its_language_only(routine: Path, data: Path) -> None:
    before = made_of(routine, data).digest
    (data / "exercises" / "de" / "wipers.yaml").write_text("name: Scheibenwischer\n", encoding="utf-8")
    assert made_of(routine, data).digest == before
    routine.write_text(routine.read_text(encoding="utf-8") + "language: de\n", encoding="utf-8")
    assert {one.name for one in made_of(routine, data).files if one.root is Root.OWN} == {
        "exercises/wipers.yaml",
        "exercises/de/wipers.yaml",
    }


def test_what_an_exercise_is_based_on_counts(routine: Path, data: Path) -> None:
    swing = routine.parent / "exercises" / "swing.yaml"
    swing.write_text("based on: unused\nname: Swings\n", encoding="utf-8")
    assert "exercises/unused.yaml" in {one.name for one in made_of(routine, data).files}


def test_whole_paths_are_known_as_such(routine: Path, data: Path, tmp_path: Path) -> None:
    far = write_tone(tmp_path / "far.wav")
    routine.write_text(ROUTINE.replace("../music/bed.wav", str(far)), encoding="utf-8")
    assert [(one.name, one.path) for one in made_of(routine, data).files if one.root is Root.ELSEWHERE] == [
        (far.as_posix(), far)
    ]


def test_a_missing_file_is_no_fault_here(routine: Path, data: Path) -> None:
    (routine.parent / "pictures" / "cover.png").unlink()
    (routine.parent / "shared" / "cooldown.yaml").unlink()
    shutil.rmtree(routine.parent / "earcons")
    shutil.rmtree(routine.parent / "kim")
    missing = {one.name for one in made_of(routine, data).files if not one.sha256}
    assert "pictures/cover.png" in missing
    Image.new("RGB", (64, 64)).save(routine.parent / "pictures" / "cover.png")
    assert "pictures/cover.png" not in {one.name for one in made_of(routine, data).files if not one.sha256}


def test_a_text_that_does_not_read_is_made_of_itself(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("title: [\n", encoding="utf-8")
    first = made_of(broken)
    assert not first.files
    broken.write_text("title: {\n", encoding="utf-8")
    assert made_of(broken).digest != first.digest


def test_built_in_routines_need_no_file() -> None:
    library = Library()
    assert not materials_of(library.routine_source("morning"), "morning", library).files
