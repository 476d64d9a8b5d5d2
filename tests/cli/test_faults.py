"""Each fault that people make: one clear message, in its place, with the right exit code."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from voicecoach.library import Library

BUILT_IN = f"the built-in routines are {', '.join(Library().routine_names)}\n"
SHORT = "title: Short\nsteps:\n  - rest: 3s\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "short.yaml").write_text(SHORT, encoding="utf-8")
    return tmp_path


AUTHORS = [
    pytest.param("titel: x\nsteps:\n  - rest: 3s\n", "unknown-key", 1, "titel", "did you mean 'title'?", id="key"),
    pytest.param(
        "steps:\n  - pigeon-pose: {hodl: 30s}\n", "unknown-key", 2, "hodl", "did you mean 'hold'?", id="key of a dose"
    ),
    pytest.param(
        "coach: {count down: 3}\nsteps:\n  - rest: 3s\n",
        "unknown-key",
        1,
        "count down",
        "'countdown'",
        id="coach's key",
    ),
    pytest.param(
        "steps:\n  - pidgeon-pose: 30s\n", "unknown-exercise", 2, "pidgeon-pose", "'pigeon-pose'", id="exercise"
    ),
    pytest.param("steps:\n  - clamshel\n", "unknown-exercise", 2, "clamshel", "'clamshell'", id="exercise alone"),
    pytest.param("steps:\n  - rest: 20\n", "bare-number", 2, "20", "20s", id="bare number"),
    pytest.param("steps:\n  - pigeon-pose: 30\n", "bare-number", 2, "30", "30s", id="bare dose"),
    pytest.param(
        "title: a\ntitle: b\nsteps:\n  - rest: 3s\n", "duplicate-key", 2, "title", "line 1", id="duplicate key"
    ),
    pytest.param(
        "steps:\n  - pigeon-pose: {hold: 9s, hold: 8s}\n", "duplicate-key", 2, "hold", "line 2", id="duplicate dose"
    ),
    pytest.param("steps:\n  - say: Mind: breathe.\n", "yaml", 2, ":", "quotes", id="colon in text"),
    pytest.param("steps:\n  - say: 'Breathe.\n", "yaml", 2, "'", "never closed", id="open quote"),
    pytest.param("steps:\n\t- rest: 3s\n", "yaml", 2, "\t", "tabs", id="tab"),
    pytest.param(
        "voice: espeek\nsteps:\n  - rest: 3s\n", "unknown-voice", 1, "espeek", "'espeak'", id="engine in the routine"
    ),
    pytest.param(
        "voice: 'fake:fakir'\nsteps:\n  - rest: 3s\n",
        "unknown-voice",
        1,
        "'fake:fakir'",
        None,
        id="voice in the routine",
    ),
    pytest.param("- rest: 3s\n", "wrong-shape", 1, None, "key: value", id="no map"),
    pytest.param("", "empty-file", 1, None, "voicecoach new", id="empty"),
]


def caret(lines: list[str]) -> str:
    """What of the source line stands over the carets."""
    (at,) = [n for n, line in enumerate(lines) if re.fullmatch(r" +\| \s*\^+", line)]
    shown = lines[at - 1].partition("| ")[2]
    under = lines[at].partition("| ")[2]
    start, end = under.index("^"), len(under)
    assert len(lines[at - 1].partition("| ")[0]) == len(lines[at].partition("| ")[0])
    return shown[start:end]


@pytest.mark.parametrize("command", ["build", "check", "plan"])
@pytest.mark.parametrize(("text", "code", "line", "under", "hint"), AUTHORS)
def test_an_authors_fault(
    cli: Callable[..., Any],
    here: Path,
    command: str,
    text: str,
    code: str,
    line: int,
    under: str | None,
    hint: str | None,
) -> None:
    (here / "faulty.yaml").write_text(text, encoding="utf-8")
    if command == "plan" and code == "unknown-voice":
        assert cli("plan", "faulty.yaml").code == 0, "a plan with estimates needs no voice"
        command = "build"
    ran = cli(command, "faulty.yaml")
    assert ran.code == 1
    told = ran.out if command == "check" else ran.err
    assert (ran.err if command == "check" else ran.out) == ""
    assert "Traceback" not in told
    lines = told.splitlines()
    heads = [text for text in lines if re.match(r"\S+:\d+:\d+: (error|warning)\[", text)]
    assert len(heads) == 1, "one fault, told once"
    assert re.match(rf"faulty\.yaml:{line}:\d+: error\[{code}\]: \S", heads[0])
    assert lines[-1] == "1 error"
    if under is not None:
        assert caret(lines) == under
        column = int(heads[0].split(":")[2])
        assert text.split("\n")[line - 1][column - 1 :].startswith(under)
    assert hint is None or any(line.startswith("  hint: ") and hint in line for line in lines)
    assert not list(here.rglob("*.mp3"))


def test_faults_are_told_all_at_once_in_reading_order(cli: Callable[..., Any], here: Path) -> None:
    text = "titel: x\nsteps:\n  - rest: 20\n  - pigeon-poes: 30s\n  - clamshell: 30 repz\n  - say:\n"
    (here / "faulty.yaml").write_text(text, encoding="utf-8")
    ran = cli("build", "faulty.yaml")
    assert ran.code == 1
    assert [int(n) for n in re.findall(r"^faulty\.yaml:(\d+):", ran.err, re.MULTILINE)] == [1, 3, 4, 5, 6]
    assert ran.err.endswith("\n5 errors\n")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_carets_stand_right_in_files_of_other_editors(
    cli: Callable[..., Any], here: Path, line_end: str, start: str
) -> None:
    text = start + "title: Hüfte\nsteps:\n  - {rest: 3s}\n  - rest: 20\n"
    (here / "faulty.yaml").write_bytes(text.replace("\n", line_end).encode())
    ran = cli("check", "faulty.yaml")
    assert ran.out.startswith("faulty.yaml:4:11: error[bare-number]")
    assert caret(ran.out.splitlines()) == "20"


def test_a_key_with_terminal_commands_is_shown_harmlessly(cli: Callable[..., Any], here: Path) -> None:
    (here / "faulty.yaml").write_text('"\\e[31mred\\n": 3\nsteps:\n  - rest: 3s\n', encoding="utf-8")
    ran = cli("check", "faulty.yaml")
    assert ran.code == 1
    assert "\x1b" not in ran.out
    assert len([line for line in ran.out.splitlines() if "error[unknown-key]" in line]) == 1
    assert len(ran.out.splitlines()) == 5


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "others.yaml", "--hold", "x2"),
        ("build", "others.yaml", "--voice", "fake", "--hold", "x2", "-v"),
        ("show", "others.mp3", "--cues"),
        ("check", "others.yaml"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_somebody_elses_texts_command_no_terminal(
    cli: Callable[..., Any], here: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    others = 'title: "a\\e[2Jb"\nsteps:\n  - "my-\\e[31mx": {name: "N\\e[2J", hold: 3s, set up: "Sit \\e\\\\[2J."}\n'
    (here / "others.yaml").write_text(others, encoding="utf-8")
    assert cli("build", "others.yaml", "--voice", "fake", "-o", "others.mp3").code == 0
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_, **__: False)  # as on a terminal
    ran = cli(*arguments)
    assert ran.code == 0
    told = ran.out + ran.err
    shown = {"plan": "a\\x1b[2Jb", "build": "my-\\x1b[31mx", "show": "N\\x1b[2J", "check": "good"}[arguments[0]]
    assert shown in told
    assert not re.search(r"[^\n\r\t -~\u00a0-\uffff]", re.sub(r"\x1b\[K", "", told))


def test_a_command_for_a_terminal_is_no_mark(
    cli: Callable[..., Any], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "others.yaml").write_text('title: T\nsteps:\n  - say: "Sit \\e[2J down."\n', encoding="utf-8")
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_, **__: False)  # as on a terminal
    ran = cli("check", "others.yaml")
    assert ran.code == 1
    assert "unknown-mark" in ran.out
    assert "\x1b" not in ran.out + ran.err


@pytest.mark.parametrize("speed", ["1e99999", "1e999999999", "1e-999999999", "1/0", "1/3", "0", "nan", "-1", "fast"])
def test_a_speed_that_is_none(here: Path, speed: str) -> None:
    (here / "faulty.yaml").write_text(
        f"voice: {{engine: fake, speed: {speed}}}\nsteps:\n  - rest: 3s\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "voicecoach", "check", "faulty.yaml"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)  # some would take for ever
    assert ran.returncode == 1
    assert "faulty.yaml:1:30: error[bad-speed]" in ran.stdout


# The command line's own


def one_error(told: str) -> str:
    """The one error message of standard error."""
    assert "Traceback" not in told
    found = re.findall(r"^(?:Error|error): (.*)$", told, re.MULTILINE)
    assert len(found) == 1, told
    return found[0]


@pytest.mark.parametrize(
    ("voice", "message", "hint"),
    [
        ("espeek", "there is no speech engine 'espeek'", "did you mean 'espeak'?"),
        ("fake:fakir", "fake has no voice 'fakir'", None),
        ("", "--voice: it is empty", "write a value after it, or leave it out"),
        (":", "there is no speech engine ''", "fake"),
        ("en-us", "there is no speech engine 'en-us'", "espeak:en-us"),
    ],
)
def test_an_unknown_voice(cli: Callable[..., Any], here: Path, voice: str, message: str, hint: str | None) -> None:
    ran = cli("build", "short.yaml", "--voice", voice)
    assert ran.code == 2
    assert message in one_error(ran.err)
    assert hint is None or hint in ran.err
    assert not list(here.rglob("*.mp3"))


def test_output_into_a_folder_that_is_not_there(cli: Callable[..., Any], here: Path) -> None:
    ran = cli("build", "short.yaml", "--voice", "fake", "-o", "no/such/x.mp3")
    assert ran.code == 2
    assert "there is no folder" in one_error(ran.err)
    assert "-o" in ran.err
    assert not (here / "no").exists()


def test_a_folder_stands_in_place_of_the_file(cli: Callable[..., Any], here: Path) -> None:
    (here / "output" / "short.mp3").mkdir(parents=True)
    ran = cli("build", "short.yaml", "--voice", "fake")
    assert ran.code == 2
    assert "it is a folder" in one_error(ran.err)
    assert not list((here / "output" / "short.mp3").iterdir())


def test_a_file_stands_in_place_of_the_folder(cli: Callable[..., Any], here: Path) -> None:
    (here / "output").write_text("mine", encoding="utf-8")
    ran = cli("build", "short.yaml", "--voice", "fake")
    assert ran.code == 2
    assert "output" in one_error(ran.err)
    assert (here / "output").read_text(encoding="utf-8") == "mine"


def test_a_disk_that_fills_up(cli: Callable[..., Any], here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("build", "short.yaml", "--voice", "fake").code == 0
    before = (here / "output" / "short.mp3").read_bytes()
    (here / "short.yaml").write_text(SHORT.replace("3s", "30s"), encoding="utf-8")

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    ran = cli("build", "short.yaml", "--voice", "fake")
    assert ran.code == 2
    assert "No space left" in one_error(ran.err)
    assert [path.name for path in (here / "output").iterdir()] == ["short.mp3"]
    assert (here / "output" / "short.mp3").read_bytes() == before


def test_an_unwritable_cache(
    cli: Callable[..., Any], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setenv("VOICECOACH_CACHE", str(here / "short.yaml"))
    ran = cli("build", "short.yaml", "--voice", "fake")
    assert ran.code == 2
    assert "the cache cannot be written" in one_error(ran.err)
    assert "--no-cache" in ran.err
    assert cli("build", "short.yaml", "--voice", "fake", "--no-cache").code == 0


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("shrt.yaml", "did you mean 'short.yaml'?"),
        ("short.yml", "did you mean 'short.yaml'?"),
        ("mornin", "did you mean 'morning'?"),
        ("morning.ymal", "did you mean 'morning'?"),
        ("qqqq", BUILT_IN),
    ],
)
@pytest.mark.parametrize("command", ["build", "plan", "check"])
def test_a_missing_file(cli: Callable[..., Any], here: Path, command: str, word: str, near: str) -> None:
    ran = cli(command, word)
    assert (ran.code, ran.out) == (2, "")
    assert f"there is no file '{word}'" in one_error(ran.err)
    assert near in ran.err
    assert not (here / "output").exists()


def test_one_missing_file_among_several_stops_before_any_work(cli: Callable[..., Any], here: Path) -> None:
    ran = cli("build", "short.yaml", "none.yaml", "--voice", "fake")
    assert ran.code == 2
    assert "none.yaml" in one_error(ran.err)
    assert not list(here.rglob("*.mp3"))


# An ID3v2.3 tag of 10 bytes of padding, and one MP3 frame of silence: an MP3, but none of ours.
FRAME = b"\xff\xfb\x94\xc4" + bytes(380)
STRANGERS = {
    "an MP3 without a tag": FRAME * 4,
    "an MP3 of somebody else's": b"ID3\x03\0\0\0\0\0\x0a" + bytes(10) + FRAME * 4,
    "empty": b"",
    "text": b"just words\n",
    "only the head of a tag": b"ID3\x03\0\0\0\0",
    "a tag that says it is longer than the file": b"ID3\x03\0\0\x7f\x7f\x7f\x7f" + FRAME,
}


@pytest.mark.parametrize("arguments", [(), ("--json",), ("--cues",)])
@pytest.mark.parametrize("data", [pytest.param(data, id=name) for name, data in STRANGERS.items()])
def test_show_of_an_mp3_that_is_not_ours(
    cli: Callable[..., Any], here: Path, data: bytes, arguments: tuple[str, ...]
) -> None:
    (here / "x.mp3").write_bytes(data)
    ran = cli("show", "x.mp3", *arguments)
    assert (ran.code, ran.out) == (1, "")
    assert "x.mp3" in one_error(ran.err)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.99])
def test_show_of_an_mp3_cut_off_in_its_tag(cli: Callable[..., Any], here: Path, share: float) -> None:
    assert cli("build", "short.yaml", "--voice", "fake").code == 0
    data = (here / "output" / "short.mp3").read_bytes()
    tag_bytes = 10 + sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    (here / "x.mp3").write_bytes(data[: int(tag_bytes * share)])
    ran = cli("show", "x.mp3")
    assert (ran.code, ran.out) == (1, "")
    assert "x.mp3" in one_error(ran.err)


@pytest.mark.parametrize("missing_bytes", [1, 1000, 50_000])
def test_show_of_an_mp3_whose_sound_is_cut_off(cli: Callable[..., Any], here: Path, missing_bytes: int) -> None:
    assert cli("build", "short.yaml", "--voice", "fake").code == 0
    data = (here / "output" / "short.mp3").read_bytes()
    (here / "x.mp3").write_bytes(data[:-missing_bytes])
    ran = cli("show", "x.mp3")
    assert (ran.code, ran.out) == (1, "")
    assert "it is cut off" in one_error(ran.err)
