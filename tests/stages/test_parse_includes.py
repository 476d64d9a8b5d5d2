"""Included files: whose steps they are, and what can be wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading import LIBRARY, Write, codes, good, one, read, seconds

from voicecoach.model.routine import ExerciseStep, IncludeStep, RestStep, SayStep
from voicecoach.source.nodes import SourceFile, Sources, read_source
from voicecoach.stages.parse import parse


class TestIncludes:
    def test_the_steps_of_the_file_are_taken(self, write: Write, tmp_path: Path) -> None:
        write("parts/cooldown.yaml", "title: Cool down\nsteps:\n  - rest: 5s\n  - include: ../end.yaml\n")
        write("end.yaml", "steps:\n  - say: Done.\n")
        inner = IncludeStep("../end.yaml", (SayStep("Done."),))
        outer = IncludeStep("parts/cooldown.yaml", (RestStep(seconds(5)), inner))
        assert one("include: parts/cooldown.yaml", tmp_path) == outer

    def test_faults_are_told_in_their_own_file(self, write: Write, tmp_path: Path) -> None:
        write("parts/cooldown.yaml", "title: Cool down\ntittle: Twice\nsteps:\n  - rest: 5s\n  - pigeon-pose: 30\n")
        source = SourceFile("routines/morning.yaml", "steps:\n  - include: parts/cooldown.yaml\n", tmp_path)
        _, faults = parse(Sources(source), "morning", LIBRARY)
        assert [fault.render().splitlines()[:2] for fault in faults] == [
            [
                "routines/parts/cooldown.yaml:2:1: error[unknown-key]: a routine has no key 'tittle'",
                "  2 | tittle: Twice",
            ],
            [
                "routines/parts/cooldown.yaml:5:18: error[bare-number]: pigeon-pose: '30' has no unit",
                "  5 |   - pigeon-pose: 30",
            ],
        ]

    def test_later_stages_can_show_lines_of_it(self, write: Write, tmp_path: Path) -> None:
        write("cooldown.yaml", "steps:\n  - say: Sink.\n")
        sources = Sources(SourceFile("routine.yaml", "steps:\n  - include: cooldown.yaml\n", tmp_path))
        routine, _ = parse(sources, "routine", LIBRARY)
        assert routine is not None
        include = routine.steps[0]
        assert isinstance(include, IncludeStep)
        fault = sources.fault("any", "anything", include.steps[0].places["say"])
        assert (fault.location.file, fault.source_line) == ("cooldown.yaml", "  - say: Sink.")

    def test_loops_are_told_where_they_close(self, write: Write, tmp_path: Path) -> None:
        write("a.yaml", "steps:\n  - include: b.yaml\n")
        write("b.yaml", "steps:\n  - rest: 5s\n  - include: a.yaml\n")
        found, _ = read_source(tmp_path / "a.yaml", "a.yaml")
        _, faults = parse(Sources(found), "a", LIBRARY)
        assert [str(fault.location) for fault in faults] == ["b.yaml:3:14"]
        assert faults[0].code == "include-loop"
        assert "a.yaml → b.yaml → a.yaml" in faults[0].message

    def test_a_file_that_includes_itself(self, write: Write, tmp_path: Path) -> None:
        write("self.yaml", "steps:\n  - include: ./self.yaml\n")
        assert codes("steps:\n  - include: self.yaml\n", tmp_path) == [("include-loop", "self.yaml:2")]

    def test_a_file_can_be_included_twice(self, write: Write, tmp_path: Path) -> None:
        write("part.yaml", "steps:\n  - wall-sit: {name: Wall sit, hold: 45s}\n")
        routine = good("steps:\n  - include: part.yaml\n  - include: part.yaml\n  - wall-sit: 30s\n", tmp_path)
        first, second, last = routine.steps
        assert first == second
        assert isinstance(last, ExerciseStep)
        assert last.own is not None

    def test_its_variables_are_known_but_the_outer_ones_count(self, write: Write, tmp_path: Path) -> None:
        write("part.yaml", "with: {name: Max, pet: Rex}\nsteps:\n  - say: Hello {name} and {pet}.\n")
        routine = good("with: {name: Sam}\nsteps:\n  - include: part.yaml\n", tmp_path)
        assert routine.variables == (("name", "Sam"), ("pet", "Rex"))

    def test_missing_files_are_told_with_what_is_near(self, write: Write, tmp_path: Path) -> None:
        write("parts/cooldown.yaml", "steps:\n  - rest: 5s\n")
        _, faults = read("steps:\n  - include: parts/cooldwn.yaml\n", tmp_path)
        assert [(fault.code, fault.hint) for fault in faults] == [
            ("include-missing", "did you mean 'parts/cooldown.yaml'?")
        ]

    @pytest.mark.parametrize(
        ("file", "data", "code"),
        [
            ("bytes.yaml", b"steps:\0", "binary"),
            ("empty.yaml", b"# nothing\n", "empty-file"),
            ("yaml.yaml", b"steps: [\n", "yaml"),
            ("list.yaml", b"- rest: 5s\n", "wrong-shape"),
            ("no-steps.yaml", b"title: None\n", "missing-key"),
        ],
    )
    def test_files_that_do_not_read(self, file: str, data: bytes, code: str, tmp_path: Path) -> None:
        (tmp_path / file).write_bytes(data)
        found = codes(f"steps:\n  - include: {file}\n", tmp_path)
        assert [(code, place.partition(":")[0]) for code, place in found] == [(code, file)]

    @pytest.mark.parametrize("file", [".", '"a\\0b"', "link.yaml", "plain.yaml/x.yaml", "x" * 300])
    def test_files_that_cannot_be_read(self, file: str, write: Write, tmp_path: Path) -> None:
        write("plain.yaml", "")
        (tmp_path / "link.yaml").symlink_to(tmp_path / "link.yaml")
        assert codes(f"steps:\n  - include: {file}\n", tmp_path) == [("include-unreadable", "routine.yaml:2")]

    def test_a_text_without_folder_includes_nothing(self) -> None:
        assert codes("steps:\n  - include: cooldown.yaml\n") == [("include-missing", "routine.yaml:2")]

    def test_files_that_include_others_twice_end(self, write: Write, tmp_path: Path) -> None:
        for n in range(30):
            write(f"{n}.yaml", f"steps:\n  - include: {n + 1}.yaml\n  - include: {n + 1}.yaml\n")
        write("30.yaml", "steps:\n  - rest: 5s\n")
        assert [code for code, _ in codes("steps:\n  - include: 0.yaml\n", tmp_path)] == ["too-large"]

    def test_long_chains_end(self, write: Write, tmp_path: Path) -> None:
        for n in range(100):
            write(f"{n}.yaml", f"steps:\n  - include: {n + 1}.yaml\n")
        assert [code for code, _ in codes("steps:\n  - include: 0.yaml\n", tmp_path)] == ["too-deep"]
