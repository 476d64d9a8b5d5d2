"""The personal flags, as a person at a terminal uses them: through plan, build and a profile file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROUTINE = """\
title: For you
with: {name: friend}
bed: rain
steps:
  - say: Hello {name}.
  - foam-roll-leg: 30s
  - rest: 20s
  - pigeon-pose: {hold: 20s, sides: left}
  - wall-sit: {name: Wall sit, position: standing, set up: Lean on the wall., hold: 10s}
  - split-squat: {reps: 4, sides: left}
"""
WARNED = "title: Long\nsteps:\n  - wall-sit: {name: Wall sit, set up: Lean on the wall., hold: 20 min}\n"
PROFILE = "name: Sam\nhold: x2\nwithout: foam roller\navoid: kneeling\n"
FLAGS = (
    *("--with", "--profile", "--talk", "--hold", "--reps", "--rounds", "--sets", "--rest", "--length", "--pace"),
    *("--skip", "--avoid", "--without", "--reorder", "--swap-sides", "--no-bed", "--voice", "--strict"),
)
Cli = Callable[..., Any]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test runs in an own folder with a routine and a profile in it, and with no exercises of anyone's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICECOACH_DATA", str(tmp_path / "data"))
    for name, text in (("r.yaml", ROUTINE), ("warned.yaml", WARNED), ("me.yaml", PROFILE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def spans(out: str, kind: str) -> list[str]:
    """The spans of one kind in a cue sheet: ``HOLD 20s Pigeon pose, left``."""
    found = re.findall(rf"^ *[0-9:.]+  ((?:{kind}) .*?)(?: +\d+ wpm)?$", out, re.MULTILINE)
    return [" ".join(span.split()) for span in found]


def notes(text: str) -> list[str]:
    return re.findall(r"^note: (?!\d)(.*)$", text, re.MULTILINE)


@pytest.mark.parametrize("command", ["build", "plan"])
def test_every_flag_is_explained_under_a_heading_of_its_own(command: str, cli: Cli) -> None:
    ran = cli(command, "--help")
    own, personal = ran.out.split("Fit it to you")
    for flag in FLAGS:
        assert re.search(rf"^  {flag}\b", own if flag == "--strict" else personal, re.MULTILINE), flag
    assert "--help" in own


def test_without_flags_the_routine_is_as_written(cli: Cli) -> None:
    ran = cli("plan", "r.yaml")
    assert ran.code == 0
    assert spans(ran.out, "HOLD") == ["HOLD 20s Pigeon pose, left", "HOLD 10s Wall sit"]
    assert notes(ran.out) == []
    assert "Hello friend." in ran.out


def test_holds_and_repetitions_are_scaled_and_told(cli: Cli) -> None:
    ran = cli("plan", "r.yaml", "--hold", "x1.25", "--reps", "0.5")
    assert spans(ran.out, "HOLD") == ["HOLD 25s Pigeon pose, left", "HOLD 13s Wall sit"]
    assert spans(ran.out, "REPS") == ["REPS 8s Split squat, left"]
    assert "hold 25s instead of 20s: pigeon-pose" in notes(ran.out)
    assert "reps 2 instead of 4: split-squat" in notes(ran.out)


ADDED = """\
title: For you
steps:
  - pigeon-pose: 20s
  - rest: 20s
  - repeat: 2
    steps:
      - split-squat: {reps: 4, sides: left}
"""


def test_more_or_less_by_seconds_and_counts_and_the_other_side_first(cli: Cli, here: Path) -> None:
    (here / "a.yaml").write_text(ADDED, encoding="utf-8")
    flags = ("--hold", "+10s up to 25s", "--reps", "-1", "--rounds", "+1", "--sets", "+1 up to 2", "--rest", "-5s")
    ran = cli("plan", "a.yaml", *flags, "--swap-sides")
    sides = [f"HOLD 25s Pigeon pose, {side}, set {number}" for side in ("right", "left") for number in (1, 2)]
    assert spans(ran.out, "HOLD") == sides
    assert spans(ran.out, "REPS") == ["REPS 12s Split squat, left, set 1", "REPS 12s Split squat, left, set 2"] * 3
    assert {"REST 15s", "REST 5s Pigeon pose, right, set 1"} <= set(spans(ran.out, "REST"))
    assert set(notes(ran.out)) == {
        "right side first instead of left: pigeon-pose",
        "hold 25s instead of 20s: pigeon-pose",
        "reps 3 instead of 4: split-squat",
        "rounds 3 instead of 2: repeat",
        "sets 2 instead of 1: pigeon-pose, split-squat",
        "rest 15s instead of 20s",
        "the usual rest between sets 5s instead of 10s",
    }
    (here / "me.yaml").write_text("hold: +10s up to 25s\nreps: -1\nrounds: +1\nsets: +1 up to 2\nrest: -5s\n"
                                  "swap sides: yes\n", encoding="utf-8")  # fmt: skip
    assert cli("plan", "a.yaml", "--profile", "me.yaml").out == ran.out
    over = cli("plan", "a.yaml", "--profile", "me.yaml", "--hold", "+1s", "--rounds", "x1")
    assert {"hold 21s instead of 20s: pigeon-pose", "sets 2 instead of 1: pigeon-pose, split-squat"} <= set(
        notes(over.out)
    )
    assert not any(note.startswith("rounds") for note in notes(over.out))


def test_rests_and_pace(cli: Cli) -> None:
    ran = cli("plan", "r.yaml", "--rest", "x0.5", "--pace", "0.5")
    assert spans(ran.out, "REST")[0] == "REST 10s"
    assert spans(ran.out, "REPS") == ["REPS 32s Split squat, left"]


def test_what_is_to_be_left_out_may_be_given_again_or_with_commas(cli: Cli) -> None:
    flags = ("--skip", "split-squat, wall-sit", "--without", "massage-gun", "--without", "foam-roller")
    ran = cli("plan", "r.yaml", *flags)
    assert spans(ran.out, "HOLD|REPS|TIME") == ["HOLD 20s Pigeon pose, left"]
    assert "without massage-gun changes nothing: no exercise here needs it" in notes(ran.out)


def test_avoid_talk_with_and_no_bed(cli: Cli) -> None:
    ran = cli("plan", "r.yaml", "--avoid", "kneeling", "--talk", "brief", "--with", "name=Sam Lee", "--no-bed")
    assert "pigeon-pose" not in "".join(spans(ran.out, "HOLD"))
    assert "Hello Sam Lee." in ran.out
    assert {"talk brief", "{name} is Sam Lee", "left out the bed: rain"} <= set(notes(ran.out))


def test_bells_say_nothing(cli: Cli) -> None:
    ran = cli("plan", "r.yaml", "--talk", "bells")
    assert ran.code == 0
    assert "“" not in ran.out


def test_a_variable_can_come_from_the_flag_alone(cli: Cli, here: Path) -> None:
    (here / "undeclared.yaml").write_text("title: T\nsteps:\n  - say: Hello {name}.\n", encoding="utf-8")
    assert cli("plan", "undeclared.yaml").code == 1
    assert "Hello Sam." in cli("plan", "undeclared.yaml", "--with", "name=Sam").out


def test_a_profile_file_holds_the_same_and_flags_go_before_it(cli: Cli) -> None:
    ran = cli("plan", "r.yaml", "--profile", "me.yaml")
    assert spans(ran.out, "HOLD|TIME") == ["HOLD 20s Wall sit"]
    assert "Hello Sam." in ran.out
    over = cli("plan", "r.yaml", "--profile", "me", "--hold", "x1", "--with", "name=Kim")
    assert spans(over.out, "HOLD|TIME") == ["HOLD 10s Wall sit"]
    assert "Hello Kim." in over.out


def test_faults_of_a_profile_file_are_shown_and_nothing_is_planned(cli: Cli, here: Path) -> None:
    (here / "me.yaml").write_text("name: Sam\nhodl: x2\n", encoding="utf-8")
    ran = cli("plan", "r.yaml", "--profile", "me.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert "me.yaml:2:1: error[unknown-key]: the profile has no key 'hodl'" in ran.err
    assert "hint: did you mean 'hold'?" in ran.err


@pytest.mark.parametrize(
    ("flags", "message", "hint"),
    [
        (("--hold", "30s"), "--hold: '30s' is not a change", "write +30s"),
        (("--hold", "1e99999999"), "--hold: '1e99999999' is not a change", "x1.25"),
        (("--reps", "0"), "--reps: '0' is not a factor", "x0.8"),
        (("--hold", "+5"), "--hold: '+5' has no unit", "+5s"),
        (("--rounds", "3"), "--rounds: '3' is not a change", "write +3"),
        (("--sets", "-1 up to 2"), "--sets: '-1' makes nothing more", "leave 'up to 2' out"),
        (("--rest", ""), "--rest: it is empty", "leave it out"),
        (("--pace", "5"), "--pace: '5' is not a pace", "0.5"),
        (("--length", "15"), "--length: '15' has no unit", "15 min"),
        (("--length", "soon"), "--length: 'soon' is not a length", "30s"),
        (("--talk", "breif"), "--talk: 'breif' is not a level of talk", "did you mean 'brief'?"),
        (("--with", "Sam"), "--with: 'Sam' is not NAME=TEXT", "--with name=Sam"),
        (("--with", "name="), "--with: 'name=' is not NAME=TEXT", "--with name=Sam"),
        (("--with", "side=left"), "--with: the coach fills in {side}", "another name"),
        (("--with", "{x}=left"), "--with: '{x}' cannot name a variable", "letter"),
        (("--skip", " "), "--skip: it is empty", "leave it out"),
        (("--profile", "mee.yaml"), "--profile: there is no file 'mee.yaml'", "did you mean 'me.yaml'?"),
        (("--profile", "."), "--profile: there is no file '.'", "name: Sam"),
        (("--avoid", "floor,standing"), "nothing would be left to do", "leave out less"),
    ],
)
def test_a_flag_that_cannot_be_meant_is_wrong_use(flags: tuple[str, str], message: str, hint: str, cli: Cli) -> None:
    ran = cli("plan", "r.yaml", *flags)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert "hint: " in ran.err
    assert hint in ran.err.partition("hint: ")[2]


VARIED = """\
title: For you
steps:
  - wall-sit: {name: Wall sit, position: standing, set up: Lean on the wall., hold: 20-60s}
  - rest: 20s
  - split-squat: {reps: 4, sides: left, optional: yes}
"""


def test_a_length_is_had_and_what_changed_is_told(cli: Cli, here: Path) -> None:
    (here / "v.yaml").write_text(VARIED, encoding="utf-8")
    ran = cli("plan", "v.yaml", "--length", "2 min")
    assert ran.out.startswith("For you  2:00 (speech estimated)\n")
    assert any(re.fullmatch(r"hold of Wall sit \d+s instead of 20s \(20s to 1 min\)", note) for note in notes(ran.out))
    (here / "long.yaml").write_text("length: 2 min\n", encoding="utf-8")
    assert cli("plan", "v.yaml", "--profile", "long.yaml").out == ran.out
    assert cli("plan", "v.yaml", "--profile", "long.yaml", "--length", "1:50").out.startswith("For you  1:50 ")
    assert "good, 2:00 long" in cli("check", "v.yaml", "--profile", "long.yaml").out


@pytest.mark.parametrize("command", ["plan", "check", "build"])
def test_a_length_that_cannot_be_had_is_refused_with_those_that_can(command: str, cli: Cli, here: Path) -> None:
    (here / "v.yaml").write_text(VARIED, encoding="utf-8")
    (here / "long.yaml").write_text("length: 20 min\n", encoding="utf-8")
    voice = ("--voice", "fake") if command == "build" else ()
    ran = cli(command, "v.yaml", "--profile", "long.yaml", *voice)
    assert (ran.code, ran.out) == (1, "")
    assert "error: the session cannot be 20 min long; the longest that works is " in ran.err
    assert "hint: ask for " in ran.err
    (here / "own.yaml").write_text(VARIED.replace("steps:", "length: 20 min\nsteps:"), encoding="utf-8")
    ran = cli(command, "own.yaml", *voice)
    assert ran.code == 1
    told = ran.out if command == "check" else ran.err
    assert "own.yaml:2:9: error[length-unfit]: the session cannot be 20 min long" in told
    assert not Path("output").exists()


def test_reordering_is_asked_for_by_a_flag(cli: Cli, here: Path) -> None:
    assert not any("reorder" in note for note in notes(cli("plan", "r.yaml").out))
    assert any("reorder" in note for note in notes(cli("plan", "r.yaml", "--reorder").out))


def test_strict_lets_warnings_stop_it(cli: Cli) -> None:
    assert cli("plan", "warned.yaml").code == 0
    ran = cli("plan", "warned.yaml", "--strict")
    assert (ran.code, ran.out) == (1, "")
    assert "warning[extreme]" in ran.err
    assert "nothing was made: with --strict, warnings stop it" in ran.err
    assert cli("build", "warned.yaml", "--strict", "--voice", "fake", "-o", "x.mp3").code == 1
    assert not Path("x.mp3").exists()
    assert cli("plan", "r.yaml", "--strict").code == 0


def test_json_stays_json(cli: Cli) -> None:
    import json

    ran = cli("plan", "r.yaml", "--json", "--hold", "x2")
    assert json.loads(ran.out)["title"] == "For you"
    assert "hold 40s instead of 20s: pigeon-pose" in notes(ran.err)


def test_an_estimate_has_no_voice_but_a_profile_may_name_one(cli: Cli, here: Path) -> None:
    assert cli("plan", "r.yaml", "--voice", "fake").code == 2
    (here / "me.yaml").write_text("voice: fake\n", encoding="utf-8")
    assert cli("plan", "r.yaml", "--profile", "me.yaml").code == 0
    assert "spoken by fake" in cli("plan", "r.yaml", "--profile", "me.yaml", "--exact").out


def test_build_takes_them_and_tells_what_changed(cli: Cli, here: Path) -> None:
    ran = cli(
        "build", "r.yaml", "--voice", "fake", "--skip", "foam-roll-leg,pigeon-pose", "--hold", "x0.5", "-o", "x.mp3"
    )
    assert ran.code == 0
    assert (here / "x.mp3").stat().st_size > 10_000
    assert "left out pigeon-pose: to be skipped" in notes(ran.err)
    assert spans(cli("show", "x.mp3", "--cues").out, "HOLD") == ["HOLD 5s Wall sit"]
