"""The command engine: real programs, and programs that misbehave; no shell, no command from a routine."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from voicecoach.config import DATA_VARIABLE
from voicecoach.engines.base import SpeechRequest
from voicecoach.engines.command import CommandEngine, read_command
from voicecoach.errors import EngineError, SpeechError, VoiceUnknownError

CUE = "Kneel on your left knee."
TONE = """
import sys, wave, array, math
text = open(sys.argv[1], encoding="utf-8").read() if len(sys.argv) > 1 else sys.stdin.buffer.read().decode("utf-8")
target = sys.argv[2] if len(sys.argv) > 2 else sys.stdout.buffer
with wave.open(target, "wb") as sound:
    sound.setnchannels(1); sound.setsampwidth(2); sound.setframerate(16000)
    sound.writeframes(array.array("h", (int(9000 * math.sin(n / 9)) for n in range(1600 * len(text)))).tobytes())
"""

Add = Callable[..., CommandEngine]


@pytest.fixture
def add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Add]:
    """Make an engine with a voice ``own`` that runs a Python program."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    made: list[CommandEngine] = []

    def make(program: str, *arguments: str, more: str = "") -> CommandEngine:
        script = tmp_path / "program.py"
        script.write_text(program, encoding="utf-8")
        words = ", ".join(f"'{word}'" for word in (sys.executable, str(script), *arguments))
        folder = tmp_path / "data" / "voices" / "command"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "own.toml").write_text(f"command = [{words}]\n{more}\n", encoding="utf-8")
        made.append(CommandEngine())
        return made[-1]

    yield make
    for engine in made:
        engine.close()


def seconds(engine: CommandEngine, text: str, voice: str = "own", speed: float = 1.0) -> float:
    speech = engine.speak(SpeechRequest(text, voice, speed))
    assert speech.samples.dtype == "float32"
    assert speech.samples.ndim == 2
    return len(speech.samples) / speech.rate_hz


@pytest.mark.parametrize("arguments", [("{text_file}", "{wav}"), ("{text_file}",), ()])
def test_text_goes_in_and_sound_comes_out_by_file_or_pipe(add: Add, arguments: tuple[str, ...]) -> None:
    engine = add(TONE, *arguments)
    assert seconds(engine, CUE) == pytest.approx(len(CUE) / 10, abs=0.01)
    assert seconds(engine, "Größer – “weiter” 🙂 ok") > 1


def test_nothing_in_a_text_is_obeyed(add: Add, tmp_path: Path) -> None:
    write = "import sys, pathlib\npathlib.Path(sys.argv[2] + '.seen').write_text(sys.argv[1])\n"
    engine = add(f"{write}sys.argv[1:] = [sys.argv[3], sys.argv[2]]\n{TONE}", "{text}", "{wav}", "{text_file}")
    victim = tmp_path / "victim"
    for text in (
        f"$(touch {victim})",
        f"`touch {victim}` now",
        f"'; touch {victim}; '",
        "--help me",
        "@file it",
        "a\0b c",
    ):
        seconds(engine, text)
    assert not victim.exists()


def test_it_is_listed_and_fits_its_language(add: Add) -> None:
    engine = add(TONE, more='language = "de_DE"\ndescription = "Mine"')
    own = next(voice for voice in engine.voices() if voice.name == "own")
    assert (own.language, own.description) == ("de-de", "Mine")
    assert engine.default_voice("de-AT") == "own"
    assert engine.default_voice("fi") is None
    with pytest.raises(VoiceUnknownError, match="no voice 'owm'") as caught:
        engine.speak(SpeechRequest(CUE, "owm"))
    assert "own" in (caught.value.hint or "")


def test_another_command_is_another_fingerprint(add: Add) -> None:
    first = add(TONE, "{text_file}", "{wav}").fingerprint("own")
    assert add(TONE, "{text_file}", "{wav}").fingerprint("own") == first
    assert add(TONE, "{text_file}").fingerprint("own") != first


@pytest.mark.parametrize(
    ("program", "arguments", "message"),
    [
        ("import sys; sys.exit('no such model')", ("{wav}",), "exit code 1 for 'Kneel.*no such model"),
        ("pass", ("{wav}",), "wrote no sound for 'Kneel"),
        ("pass", (), "gave no sound file for 'Kneel"),
        ("print('hello')", (), "gave no sound file"),
        (TONE.replace("9000", "0"), ("{text_file}", "{wav}"), "says nothing for 'Kneel"),
        (TONE.replace("1600 * len(text)", "3"), ("{text_file}", "{wav}"), "says nothing for 'Kneel"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", ("{wav}",), "exit code -9"),
    ],
)
def test_what_goes_wrong_is_told_with_the_text(
    add: Add, program: str, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(SpeechError, match=message):
        add(program, *arguments).speak(SpeechRequest(CUE, "own"))


def test_a_program_that_hangs_is_ended_with_what_it_started(add: Add, tmp_path: Path) -> None:
    mark = tmp_path / "alive"
    child = f"import time\nwhile True:\n    open({str(mark)!r}, 'a').write('x'); time.sleep(0.05)"
    program = f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {child!r}])\ntime.sleep(60)"
    engine = add(program, "{wav}", more="timeout = 1.5")
    with pytest.raises(SpeechError, match=r"more than 1\.5 s for 'Kneel"):
        engine.speak(SpeechRequest(CUE, "own"))
    time.sleep(0.2)
    size = mark.stat().st_size if mark.exists() else 0
    time.sleep(0.3)
    assert (mark.stat().st_size if mark.exists() else 0) == size


def test_closing_ends_what_runs(add: Add) -> None:
    engine = add("import time; time.sleep(60)", "{wav}")
    faults: list[Exception] = []

    def speak() -> None:
        try:
            engine.speak(SpeechRequest(CUE, "own"))
        except SpeechError as error:
            faults.append(error)

    thread = threading.Thread(target=speak)
    thread.start()
    time.sleep(0.5)
    engine.close()
    thread.join(10)
    assert not thread.is_alive()
    assert faults


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("command = 'flite'", "no list|not a list", "write: command"),
        ("command = []", "not a list", "write: command"),
        ("comand = ['a']", "no key 'comand'", "command"),
        ("command = ['a', '{txt}']", "nothing stands for '{txt}'", "text"),
        ("command = ['a']\ntimeout = 'x'", "'timeout' is no number", "timeout = 60"),
        ("command = ['a']\ntimeout = 0", "'timeout' is no number", "timeout = 60"),
        ("command = ['a']\nlanguage = 3", "are texts", "language"),
        ("command = [", "cannot be read", "write: command"),
    ],
)
def test_a_file_that_says_no_command(tmp_path: Path, text: str, message: str, hint: str) -> None:
    file = tmp_path / "x.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(EngineError, match=message) as caught:
        read_command(file)
    assert str(file) in caught.value.message
    assert hint in (caught.value.hint or "")


def test_a_program_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "voices" / "command"
    folder.mkdir(parents=True)
    (folder / "gone.toml").write_text("command = ['no-such-program-here', '{wav}']", encoding="utf-8")
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    with pytest.raises(EngineError, match="'no-such-program-here' of the voice command:gone is not installed"):
        CommandEngine().speak(SpeechRequest(CUE, "gone"))


@pytest.mark.slow
@pytest.mark.parametrize("voice", ["flite", "espeak-ng"])
def test_programs_of_debian(tool: Callable[[str], str], voice: str) -> None:
    tool(voice)
    engine = CommandEngine()
    usual = seconds(engine, CUE, voice)
    assert 0.8 < usual < 4
    assert seconds(engine, CUE, voice, 2.0) < usual * 0.75
    assert seconds(engine, CUE, voice, 0.5) > usual * 1.4
