"""build: who speaks, who speaks instead, what is paid for, and the same bytes again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.odd_engines import shelved
from tests.conftest import Ran
from voicecoach.config import CACHE_VARIABLE, DATA_VARIABLE
from voicecoach.engines.preferred import set_preferred
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, EXIT_USAGE
from voicecoach.mp3.session_file import read_session

ROOT = Path(__file__).parent.parent.parent
STEPS = "steps:\n  - say: Good morning.\n  - rest: 10s\n  - say: Well done.\n"
HEAD = "title: Try\ncoach: {safety: no}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An own folder, cache and data, and the odd engines."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    monkeypatch.setenv("ODD_LOG", str(tmp_path / "odd.log"))
    with shelved():
        yield tmp_path


def write(head: str = "", steps: str = STEPS) -> None:
    Path("r.yaml").write_text(HEAD + head + steps, encoding="utf-8")


def log() -> list[str]:
    path = Path("odd.log")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def who_spoke() -> set[str]:
    return {line.partition(" ")[0] for line in log()}


# Who speaks


def test_one_voice_is_one_line(cli: Callable[..., Ran]) -> None:
    write()
    ran = cli("build", "r.yaml", "--voice", "sound")
    assert ran.code == EXIT_GOOD, ran.err
    assert ran.err == "voice: sound:sound-en\n"
    timeline = read_session(Path("output/r.mp3"))
    assert not any(clip.voice for track in timeline.tracks for clip in track.clips)


def test_several_voices_are_told_and_kept(cli: Callable[..., Ran]) -> None:
    head = "voice: sound\ncounter: {engine: pitched, name: pitched-en, pitch: +4}\n"
    steps = "steps:\n  - say: Hello.\n  - say: And me.\n    voice: {engine: fake, speed: 0.8}\n"
    write(head, steps + "  - clamshell: {reps: 4, sides: left, tempo: 2-0-2-0, talk: cues}\n")
    ran = cli("build", "r.yaml", "--verify")
    assert ran.code == EXIT_GOOD, ran.err
    assert ran.err.endswith("voice: sound:sound-en\ncounter: pitched:pitched-en\nin steps: fake:fake\n")
    timeline = read_session(Path("output/r.mp3"))
    said = {clip.text: clip.voice for clip in timeline.track("voice").clips}
    assert said["Hello."] == "sound:sound-en"
    assert said["And me."] == "fake:fake"
    assert said["2"] == "pitched:pitched-en"
    shown = json.loads(cli("show", "output/r.mp3", "--json").out)
    clips = next(track["clips"] for track in shown["tracks"] if track["name"] == "voice")
    assert {clip["voice"] for clip in clips} == {"sound:sound-en", "pitched:pitched-en", "fake:fake"}


def test_a_voice_that_says_nothing_is_not_told(cli: Callable[..., Ran]) -> None:
    write("voice: sound\ncounter: fake\n")
    assert cli("build", "r.yaml").err == "voice: sound:sound-en\n"


def test_marks_are_heard_and_not_shown(cli: Callable[..., Ran]) -> None:
    write("voice: sound\nlexicon: {psoas: SOH-as}\n", "steps:\n  - say: Your *psoas*. [pause 1s] Done.\n")
    assert cli("build", "r.yaml").code == EXIT_GOOD
    assert "sound Your soh-as." in log()
    assert "sound Done." in log()
    texts = [clip.text for clip in read_session(Path("output/r.mp3")).track("voice").clips]
    assert "Your psoas. Done." in texts


# The next one


@pytest.mark.parametrize(
    ("voices", "reason"),
    [
        ("nobody:x, sound", "nobody:x cannot be used (there is no speech engine 'nobody')"),
        ("sound:x, sound", "sound:x cannot be used (sound has no voice 'x')"),
        ("missing, sound", "missing cannot be used (the package 'missing' is not installed)"),
        ("broken:broken-en,sound", "broken:broken-en cannot be used (broken:broken-en cannot speak"),
    ],
    ids=["no engine", "no voice", "no package", "damaged model"],
)
@pytest.mark.parametrize("by", ["flag", "routine", "list", "profile"])
def test_the_next_voice_speaks_and_it_is_said(cli: Callable[..., Ran], voices: str, reason: str, by: str) -> None:
    listed = f"[{', '.join(repr(one.strip()) for one in voices.split(','))}]"
    head = {"routine": f"voice: {voices}\n", "list": f"voice: {listed}\n"}.get(by, "")
    write(head)
    Path("me.yaml").write_text(f"voice: {voices}\n", encoding="utf-8")
    more = {"flag": ("--voice", voices), "profile": ("--profile", "me.yaml")}.get(by, ())
    ran = cli("build", "r.yaml", *more)
    assert ran.code == EXIT_GOOD, ran.err
    assert f"note: voice: {reason}" in ran.err
    assert "sound:sound-en speaks instead" in ran.err
    assert ran.err.endswith("voice: sound:sound-en\n")


def test_a_voice_that_fails_in_the_middle_says_none_of_it(cli: Callable[..., Ran]) -> None:
    write()
    ran = cli("build", "r.yaml", "--voice", "middle,sound", "--verify")
    assert ran.code == EXIT_GOOD, ran.err
    assert "cannot speak 'Well done.': the server went away" in ran.err
    assert "middle Good morning." in log()
    assert {"sound Good morning.", "sound Well done."} <= set(log()), "all of it anew, by one voice"
    clips = read_session(Path("output/r.mp3")).track("voice").clips
    assert {clip.voice for clip in clips} == {None}


def test_without_another_it_is_an_error_with_the_cue_and_the_cause(cli: Callable[..., Ran]) -> None:
    write()
    ran = cli("build", "r.yaml", "--voice", "middle")
    assert ran.code == EXIT_FAULTS
    assert ran.err == "error: middle:middle-en cannot speak 'Well done.': the server went away\n"
    assert not Path("output/r.mp3").exists()


def test_where_none_can_all_are_told(cli: Callable[..., Ran]) -> None:
    write()
    ran = cli("build", "r.yaml", "--voice", "missing,broken")
    assert ran.code == EXIT_FAULTS
    assert "missing: the package 'missing' is not installed" in ran.err
    assert "the model file is damaged" in ran.err
    ran = cli("build", "r.yaml", "--voice", "nobody,sound:x")
    assert ran.code == EXIT_USAGE
    assert "there is no speech engine 'nobody'" in ran.err


def test_who_counts_gives_way_to_the_voice_that_was_asked_for(cli: Callable[..., Ran]) -> None:
    """A routine of somebody who has other voices can be heard with one's own."""
    write("voice: nobody:x\ncounter: missing\n", "steps:\n  - clamshell: {reps: 4, sides: left, talk: cues}\n")
    ran = cli("build", "r.yaml", "--voice", "sound")
    assert ran.code == EXIT_GOOD, ran.err
    assert "missing cannot be used (the package 'missing' is not installed); sound:sound-en speaks instead" in ran.err
    assert who_spoke() == {"sound"}


def test_unknown_voices_are_told_at_their_places(cli: Callable[..., Ran]) -> None:
    steps = "steps:\n  - say: Hello.\n    voice: fkae\n  - breathe: {for: 3 breaths, voice: fake:fake-dee}\n"
    write("voice: {speed: 0.9}\ncounter: nobody\n", steps)
    for command in ("check", "build"):
        ran = cli(command, "r.yaml")
        told = ran.out + ran.err
        assert ran.code == EXIT_FAULTS
        assert "r.yaml:4:10: error[unknown-voice]: there is no speech engine 'nobody'" in told
        assert "r.yaml:7:12: error[unknown-voice]: there is no speech engine 'fkae'" in told
        assert "hint: did you mean 'fake'?" in told
        assert "r.yaml:8:38: error[unknown-voice]: fake has no voice 'fake-dee'" in told
        assert "hint: did you mean 'fake-de'?" in told


def test_in_an_included_file_too(cli: Callable[..., Ran]) -> None:
    Path("b.yaml").write_text("steps:\n  - say: Hello.\n    voice: fkae\n", encoding="utf-8")
    write("", "steps:\n  - include: b.yaml\n  - rest: 10s\n")
    ran = cli("check", "r.yaml")
    assert ran.code == EXIT_FAULTS
    assert "b.yaml:3:12: error[unknown-voice]" in ran.out
    assert "    voice: fkae\n" in ran.out


# Language, and the voice that one prefers


def test_a_voice_of_another_language_is_a_warning_to_its_author(cli: Callable[..., Ran]) -> None:
    write("voice: fake:fake-de\n")
    ran = cli("check", "r.yaml")
    assert ran.code == EXIT_GOOD
    assert "r.yaml:3:8: warning[voice-language]: fake:fake-de speaks 'de', and what is said is in 'en'" in ran.out
    assert cli("check", "--strict", "r.yaml").code == EXIT_FAULTS
    assert cli("build", "--strict", "r.yaml").code == EXIT_FAULTS


def test_and_a_note_to_whoever_asks_for_it(cli: Callable[..., Ran]) -> None:
    write()
    ran = cli("build", "r.yaml", "--voice", "fake:fake-de", "--strict")
    assert ran.code == EXIT_GOOD
    assert "note: voice: fake:fake-de speaks 'de', and what is said is in 'en'" in ran.err


def test_the_language_picks_the_voice(cli: Callable[..., Ran]) -> None:
    write("language: de\nvoice: fake\n")
    ran = cli("build", "r.yaml")
    assert "voice: fake:fake-de\n" in ran.err
    assert "voice-language" not in ran.err


def test_the_voice_that_one_prefers(cli: Callable[..., Ran], here: Path) -> None:
    set_preferred(here / "data", "sound", "en-us")
    write()
    assert cli("build", "r.yaml").err.endswith("voice: sound:sound-en (your default)\n")
    assert cli("build", "r.yaml", "--voice", "fake").err.endswith("voice: fake:fake\n")
    set_preferred(here / "data", "missing", "en")
    ran = cli("build", "r.yaml")
    assert "missing cannot be used" in ran.err
    assert ran.err.endswith("(auto)\n")


# Voices that cost money


def test_without_leave_nothing_is_sent(cli: Callable[..., Ran]) -> None:
    write()
    ran = cli("build", "r.yaml", "--voice", "paid")
    assert ran.code == EXIT_USAGE
    assert "'paid' may cost money" in ran.err
    assert "characters" in ran.err
    assert "--yes" in ran.err
    assert log() == []
    assert not Path("output/r.mp3").exists()


def test_with_yes_it_is_told_and_sent_and_not_sent_again(cli: Callable[..., Ran]) -> None:
    write()
    ran = cli("build", "r.yaml", "--voice", "paid", "--yes")
    assert ran.code == EXIT_GOOD, ran.err
    told = [line for line in ran.err.splitlines() if "cost" in line]
    assert len(told) == 1
    characters = int(told[0].partition("with ")[2].partition(" ")[0].replace(",", ""))
    sent = sum(len(line.removeprefix("paid ")) for line in log())
    assert 0 <= sent - characters < 100, "beside how long it takes, all was told"
    before = len(log())
    ran = cli("build", "r.yaml", "--voice", "paid")
    assert ran.code == EXIT_GOOD, "all of it is in the cache"
    assert "money" not in ran.err
    assert len(log()) == before


@pytest.mark.parametrize(("answer", "code"), [("y\n", EXIT_GOOD), ("n\n", EXIT_USAGE), ("\n", EXIT_USAGE)])
def test_who_sits_at_a_terminal_is_asked(
    cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    import io

    write()
    terminal = io.StringIO(answer)
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdin", terminal)
    ran = cli("build", "r.yaml", "--voice", "paid")
    assert ran.code == code, ran.err
    assert "Go on?" in ran.err
    assert bool(log()) is (code == EXIT_GOOD)


def test_a_plan_without_speech_asks_nothing(cli: Callable[..., Ran]) -> None:
    write("voice: paid\n")
    assert cli("plan", "r.yaml").code == EXIT_GOOD
    assert cli("plan", "r.yaml", "--exact").code == EXIT_USAGE
    assert log() == []
    assert cli("plan", "r.yaml", "--exact", "--yes").code == EXIT_GOOD


# The same bytes


def alone(*arguments: str, cache: str, jobs: int) -> bytes:
    """Build in a process of its own."""
    environment = {**os.environ, CACHE_VARIABLE: cache, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.cli.odd_engines", "build", "r.yaml", *arguments, "-j", str(jobs)]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == EXIT_GOOD, done.stderr
    return Path("output/r.mp3").read_bytes()


SEVERAL = """\
voice: {engine: ENGINE, speed: 0.9}
counter: {pitch: +2}
steps:
  - say: In. [pause 1s] Out.
  - say: In. [pause 2s] Hold.
  - clamshell: {reps: 4, sides: left, tempo: 2-0-2-0, talk: brief}
  - say: {text: Soft., voice: {volume: -6 dB}}
"""


@pytest.mark.parametrize("engine", ["sound", "pitched"])
def test_two_processes_with_nothing_in_common_give_the_same_bytes(engine: str) -> None:
    write(SEVERAL.replace("ENGINE", engine), "")
    assert alone(cache="one", jobs=1) == alone(cache="other", jobs=7)


def test_of_a_voice_that_never_repeats_itself_as_long_as_its_clips_are_kept() -> None:
    write(SEVERAL.replace("ENGINE", "never"), "")
    first = alone(cache="one", jobs=7)
    said = len(log())
    assert alone(cache="one", jobs=1) == first
    assert len(log()) == said
    assert alone(cache="other", jobs=1) != first, "it does never repeat itself"


def test_a_voice_that_is_named_by_its_place_lies_beside_the_routine(cli: Callable[..., Ran], here: Path) -> None:
    import numpy as np
    import soundfile

    folder = here / "routines"
    (folder / "kim").mkdir(parents=True)
    (folder / "kim" / "voice.toml").write_text('otherwise = "fake"\n', encoding="utf-8")
    tone = 0.2 * np.sin(2 * np.pi * 440 * np.arange(44100 * 3) / 44100)
    soundfile.write(folder / "kim" / "good-morning.wav", tone, 44100)
    (folder / "r.yaml").write_text(f"{HEAD}voice: recorded:./kim\n{STEPS}", encoding="utf-8")
    ran = cli("build", "routines/r.yaml", "-o", "r.mp3")
    assert ran.code == EXIT_GOOD, ran.err
    said = {clip.text: clip.frames for clip in read_session(Path("r.mp3")).track("voice").clips}
    assert said["Good morning."] >= 3 * 48000 - 5000
    assert cli("build", "routines/r.yaml", "--voice", "recorded:./kim").code == EXIT_USAGE, "a flag means this folder"
