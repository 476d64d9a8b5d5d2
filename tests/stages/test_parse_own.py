"""Exercises of the author's own: defined on the spot, in folders, based on others, translated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from reading import LIBRARY, Write, codes, good, one, seconds

from voicecoach.errors import LibraryError, VoicecoachError
from voicecoach.library import Library
from voicecoach.model.exercise import Dose, Measure, Phrase, Unit
from voicecoach.model.routine import ExerciseStep, Given, IntervalsStep, MidCue, Talk
from voicecoach.source.nodes import SourceFile


class TestOwnExercises:
    def test_the_step_takes_what_is_not_the_exercises(self) -> None:
        step = one("wall-sit: {name: Wall sit, hold: 45s, safety: Stop., cues: [Breathe.], talk: brief, countdown: 5}")
        assert isinstance(step, ExerciseStep)
        assert step.own is not None
        assert step.own.dose == Dose(Measure.HOLD, seconds(45))
        assert step.own.safety == Phrase("Stop.")
        assert step.given is None
        assert step.cues == (MidCue("Breathe."),)
        assert step.talk is Talk.BRIEF
        assert step.coach == (("countdown", 5),)
        assert step.places["hold"].column == step.places["exercise"].column + len("wall-sit: {name: Wall sit, hold: ")

    def test_it_can_be_named_again(self) -> None:
        routine = good("steps:\n  - wall-sit: {name: Wall sit, hold: 45s}\n  - wall-sit: 30s\n  - tabata: [wall-sit]\n")
        first, second, tabata = routine.steps
        assert isinstance(first, ExerciseStep)
        assert isinstance(second, ExerciseStep)
        assert isinstance(tabata, IntervalsStep)
        assert first.own is second.own is tabata.of[0].own is not None

    def test_based_on_inherits_what_it_does_not_say(self) -> None:
        text = (
            "steps:\n"
            "  - my-pigeon: {based on: pigeon-pose, name: My pigeon, hold: 20s}\n"
            "  - her-pigeon: {based on: my-pigeon, form: [Sink.]}\n"
        )
        mine, hers = (step.own for step in good(text).steps if isinstance(step, ExerciseStep))
        base = LIBRARY.exercise("pigeon-pose")
        dose = Dose(Measure.HOLD, seconds(20))
        assert mine == replace(base, id="my-pigeon", name="My pigeon", dose=dose, based_on="pigeon-pose")
        assert mine is not None
        assert hers == replace(mine, id="her-pigeon", form=(Phrase("Sink."),), based_on="my-pigeon")


class TestExerciseFolders:
    def test_the_nearest_folder_wins(self, write: Write, tmp_path: Path) -> None:
        for folder in ("user", "beside"):
            write(f"{folder}/exercises/clamshell.yaml", f"name: Clamshell of {folder}\nreps: 7\n")
        write("user/exercises/wall-sit.yaml", "name: Wall sit\nhold: 45s\n")
        library = Library(user_folder=tmp_path / "user")
        assert library.exercise("clamshell").name == "Clamshell of user"
        near = library.beside(SourceFile("routine.yaml", "", tmp_path / "beside"))
        assert near.exercise("clamshell").name == "Clamshell of beside"
        assert near.exercise("wall-sit").name == "Wall sit"
        assert near.exercise("pigeon-pose") == LIBRARY.exercise("pigeon-pose")
        assert library.exercise("clamshell").name == "Clamshell of user"
        assert set(near.exercise_ids) == {*LIBRARY.exercise_ids, "wall-sit"}

    def test_a_step_can_name_it(self, write: Write, tmp_path: Path) -> None:
        write("exercises/wall-sit.yaml", "name: Wall sit\nhold: 45s\n")
        assert one("wall-sit: 30s", tmp_path) == ExerciseStep("wall-sit", given=Given(seconds(30), Unit.SECONDS))

    def test_one_of_the_same_id_inherits_from_the_folder_below(self, write: Write, tmp_path: Path) -> None:
        write("user/exercises/clamshell.yaml", "based on: clamshell\nname: Clam\n")
        write("exercises/clamshell.yaml", "based on: clamshell\nreps: 7\n")
        library = Library(user_folder=tmp_path / "user").beside(SourceFile("routine.yaml", "", tmp_path))
        base = LIBRARY.exercise("clamshell")
        dose = Dose(Measure.REPS, seconds(7))
        assert library.exercise("clamshell") == replace(base, name="Clam", dose=dose, based_on="clamshell")

    def test_chains_go_through_several_files(self, write: Write, tmp_path: Path) -> None:
        write("exercises/a.yaml", "based on: b\nsets: 3\n")
        write("exercises/b.yaml", "based on: clamshell\nname: Bee\n")
        step = good("steps:\n  - a\n  - c: {based on: a, reps: 5}\n", tmp_path).steps[1]
        assert isinstance(step, ExerciseStep)
        assert step.own is not None
        assert (step.own.name, step.own.sets, step.own.set_up) == ("Bee", 3, LIBRARY.exercise("clamshell").set_up)

    @pytest.mark.parametrize(
        ("files", "expected"),
        [
            ({"a": "based on: b\n", "b": "based on: a\n"}, ("base-loop", "b.yaml:1")),
            ({"a": "name: A\nbased on: a\n"}, ("base-loop", "a.yaml:2")),
            ({"a": "name: A\nbased on: zzz\n"}, ("unknown-base", "a.yaml:2")),
            ({"a": "based on: b\n", "b": "position: standing\nhold: 30s\n"}, ("missing-key", "b.yaml:1")),
            ({"a": "name: A\nhold: 30\n"}, ("bare-number", "a.yaml:2")),
            ({"a": "name: A\nhodl: 30s\n"}, ("unknown-key", "a.yaml:2")),
            ({"a": "name: A\ncountdown: 3\n"}, ("unknown-key", "a.yaml:2")),
            ({"a": ""}, ("empty-file", "a.yaml:1")),
            ({"a": "name: [\n"}, ("yaml", "a.yaml:2")),
            ({"a": "- name\n"}, ("wrong-shape", "a.yaml:1")),
            ({"a": "name: A\0\n"}, ("binary", "a.yaml:1")),
        ],
    )
    def test_faults_are_told_in_their_own_file(
        self, files: Mapping[str, str], expected: tuple[str, str], write: Write, tmp_path: Path
    ) -> None:
        for name, text in files.items():
            write(f"exercises/{name}.yaml", text)
        code, place = expected
        assert codes("steps:\n  - a: 30s\n  - a: 20s\n", tmp_path) == [(code, f"exercises/{place}")]

    def test_faults_of_files_that_are_not_used_are_not_told(self, write: Write, tmp_path: Path) -> None:
        write("exercises/a.yaml", "nmae: A\n")
        good("steps:\n  - clamshell\n", tmp_path)

    def test_asked_for_without_a_routine_the_faults_are_in_the_error(self, write: Write, tmp_path: Path) -> None:
        write("exercises/a.yaml", "- name\n")
        library = Library(user_folder=tmp_path)
        with pytest.raises(VoicecoachError, match="wrong-shape") as raised:
            library.exercise("a")
        assert not isinstance(raised.value, LibraryError)
        assert [fault.code for fault in library.look_up("a").faults] == ["wrong-shape"]
        with pytest.raises(KeyError):
            library.look_up("b")

    def test_long_chains_end(self, write: Write, tmp_path: Path) -> None:
        for n in range(50):
            write(f"exercises/e{n}.yaml", f"based on: e{n + 1}\n")
        write("exercises/e50.yaml", "name: Last\nhold: 30s\n")
        assert [code for code, _ in codes("steps:\n  - e0\n", tmp_path)] == ["too-deep"]

    def test_a_damaged_library_is_ours(self, write: Write, tmp_path: Path) -> None:
        for folder in ("routines", "wording"):
            (tmp_path / folder).mkdir()
        write("exercises/a.yaml", "nmae: A\n")
        with pytest.raises(LibraryError, match="unknown-key"):
            Library(tmp_path).look_up("a")


class TestTranslations:
    ID = "kneeling-hip-flexor-stretch"

    def test_a_translation_lies_over_the_exercise(self) -> None:
        english, german = LIBRARY.exercise(self.ID), LIBRARY.exercise(self.ID, "de-AT")
        assert german.name != english.name
        assert german.set_up != english.set_up
        assert (german.dose, german.sides, german.position) == (english.dose, english.sides, english.position)

    def test_an_exercise_that_is_based_on_it_speaks_german_too(self) -> None:
        routine = good(f"language: de\nsteps:\n  - mine: {{based on: {self.ID}, hold: 20s}}\n")
        step = routine.steps[0]
        assert isinstance(step, ExerciseStep)
        assert step.own is not None
        assert step.own.set_up == LIBRARY.exercise(self.ID, "de").set_up

    def test_authors_can_translate_too(self, write: Write, tmp_path: Path) -> None:
        write("exercises/de/clamshell.yaml", "name: Muschel\n")
        write("exercises/de-at/clamshell.yaml", "says: Muscherl\n")
        write("exercises/x.yaml", "name: X\nhold: 5s\n")
        library = LIBRARY.beside(SourceFile("routine.yaml", "", tmp_path))
        assert library.exercise("clamshell", "de").spoken_name == "Muschel"
        assert library.exercise("clamshell", "de-at").name == "Muschel"
        assert library.exercise("clamshell", "de-at").spoken_name == "Muscherl"
        assert library.exercise("clamshell", "es") == LIBRARY.exercise("clamshell", "es")

    def test_faults_of_a_translation_are_told_in_its_file(self, write: Write, tmp_path: Path) -> None:
        write("exercises/clamshell.yaml", "based on: clamshell\n")
        write("exercises/de/clamshell.yaml", "name: Muschel\nhold: 30s\n")
        found = codes("language: de\nsteps:\n  - clamshell\n", tmp_path)
        assert found == [("unknown-key", "exercises/de/clamshell.yaml:2")]

    def test_words_that_a_language_lacks_are_english(self, write: Write, tmp_path: Path) -> None:
        for folder in ("routines", "exercises"):
            (tmp_path / folder).mkdir()
        write("wording/en.ftl", "one = One\ntwo = Two\n")
        write("wording/de.ftl", "one = Eins\n")
        library = Library(tmp_path)
        wording = library.wording("de-at")
        assert (wording("one"), wording("two"), wording.missing) == ("Eins", "Two", ("two",))
        assert library.wording("fr")("one") == "One"


def test_an_own_exercise_is_in_the_routines_language() -> None:
    own = "  - dehnung: {name: Dehnung, set up: 'Beuge dein {side}es Knie.', hold: 20s}\n"
    named = "  - tief: {based on: pigeon-pose, name: Tiefe Taube}\n"
    worded = "  - hoch: {based on: pigeon-pose, form: Halt dich gerade.}\n"
    steps = good(f"language: de\nsteps:\n{own}{named}{worded}").steps
    languages = [step.own.language for step in steps if isinstance(step, ExerciseStep) and step.own is not None]
    assert languages == ["de", "en", "de"], "what only has a new name keeps the words of its base"
