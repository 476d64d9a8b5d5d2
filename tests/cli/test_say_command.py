"""say: what the engine is sent, and what is heard; and playing."""

from __future__ import annotations

import os
import stat
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from voicecoach.cli import playing
from voicecoach.cli.playing import play
from voicecoach.model.clip import Clip


def sent(out: str) -> list[str]:
    lines = out.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("sent"))
    return [line[7:] for line in lines[start:] if line.startswith(("sent   ", "       "))]


def test_shows_what_is_sent(cli: Callable[..., Any]) -> None:
    ran = cli("say", "Hold 30 s, 2x. [pause 2s] *Now* the [spell ITB].", "--voice", "espeak:en-us", "--dry-run")
    assert ran.code == 0
    assert ran.out.splitlines()[:2] == [
        "voice  espeak:en-us, text in 'en-us'",
        "read   Hold 30 s, 2x. Now the ITB.",
    ]
    lines = sent(ran.out)
    assert lines[0] == "Hold 30 seconds, 2 times."
    assert lines[1] == "(silence: 2 s)"
    assert "[" not in lines[2]
    assert "ITB" not in lines[2]


def test_words_of_the_lexicon(cli: Callable[..., Any]) -> None:
    (line,) = sent(cli("say", "Find your psoas.", "--voice", "espeak", "-n").out)
    assert line.startswith("Find your ")
    assert "psoas" not in line


@pytest.mark.parametrize("kind", ["routine", "profile"])
def test_an_own_lexicon(cli: Callable[..., Any], tmp_path: Path, kind: str) -> None:
    more = "steps:\n  - say: Hello there.\n" if kind == "routine" else "name: Sam\n"
    path = tmp_path / "mine.yaml"
    path.write_text(f"lexicon:\n  psoas: ZO-az\n{more}", encoding="utf-8")
    (line,) = sent(cli("say", "Find your psoas.", "--voice", "fake", "-n", "--lexicon", path).out)
    assert line == "Find your zo-az."


def test_lexicons_that_are_none(cli: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "none.yaml").write_text("name: Sam\n", encoding="utf-8")
    none = cli("say", "Hello.", "-n", "--lexicon", tmp_path / "none.yaml")
    assert (none.code, none.out) == (2, "")
    assert "has no 'lexicon:'" in none.err
    (tmp_path / "bad.yaml").write_text("lexicon: [psoas]\n", encoding="utf-8")
    bad = cli("say", "Hello.", "-n", "--lexicon", tmp_path / "bad.yaml")
    assert bad.code == 1
    assert "bad.yaml:1:10: error" in bad.err
    assert cli("say", "Hello.", "-n", "--lexicon", tmp_path / "gone.yaml").code == 2


def test_marks_that_are_none(cli: Callable[..., Any]) -> None:
    ran = cli("say", "Breathe in.\n[puse 2s] And out.", "--voice", "fake")
    assert (ran.code, ran.out) == (1, "")
    assert "text:2:1: error[unknown-mark]: '[puse 2s]' is no mark" in ran.err
    assert "^^^^^^^^^" in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["..."], "nothing in the text that can be said"),
        ([""], "the text is empty"),
        (["Hi.", "--speed", "9"], "is not a pace"),
        (["Hi.", "--pitch", "40"], "is not a pitch"),
        (["Hi.", "-o", "x.mp3"], "write x.wav"),
        (["Hi.", "--voice", "fake:no"], "fake"),
        (["Hi.", "--voice", "nothing, at-all"], "no voice of these"),
    ],
)
def test_wrong_use(cli: Callable[..., Any], arguments: list[str], words: str) -> None:
    ran = cli("say", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_what_an_engine_cannot_is_told(cli: Callable[..., Any]) -> None:
    ran = cli("say", "Find *your* [psoas|/ˈsoʊæs/].", "--voice", "fake", "--pitch", "+2", "-n")
    assert ran.code == 0
    for words in ("cannot change its pitch", "stresses no words", "takes no IPA: 'psoas'"):
        assert words in ran.err


def test_variables_are_told(cli: Callable[..., Any]) -> None:
    assert "something stands for {name}, {side}" in cli("say", "Hi {name}, {side}.", "--voice", "fake", "-n").err


def test_written_to_a_file_as_in_a_session(cli: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "deep" / "said.wav"
    ran = cli("say", "Breathe in. [pause 1500ms] And out.", "--voice", "fake", "-o", path)
    assert ran.code == 0, ran.err
    assert f"{path}  " in ran.out
    samples, rate_hz = soundfile.read(path)
    assert rate_hz == 48_000
    quiet = np.flatnonzero(np.abs(samples) < 1e-6)
    longest = max(len(run) for run in np.split(quiet, np.flatnonzero(np.diff(quiet) != 1) + 1))
    assert longest >= 1.5 * 48_000
    assert list(path.parent.iterdir()) == [path]


def test_a_fallback_is_told(cli: Callable[..., Any]) -> None:
    ran = cli("say", "Hello there.", "--voice", "fake:no, fake", "-n")
    assert ran.code == 0
    assert "fake:no cannot be used" in ran.err
    assert "fake:fake speaks instead" in ran.err


def test_a_voice_without_its_engine(cli: Callable[..., Any]) -> None:
    assert "voice  fake:fake-de, text in 'de'" in cli("say", "Halte 30 s.", "--voice", "fake-de", "-n").out


def test_the_language_of_the_text(cli: Callable[..., Any]) -> None:
    (line,) = sent(cli("say", "Halte das 30 s.", "--voice", "fake-de", "-n").out)
    assert line == "Halte das 30 Sekunden."
    (line,) = sent(cli("say", "Hold it 30 s.", "--voice", "fake-de", "--language", "en", "-n").out)
    assert line == "Hold it 30 seconds."


def test_played_by_what_is_there(cli: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = _player(tmp_path, monkeypatch, "aplay", "cp \"$2\" '{heard}'")
    ran = cli("say", "Breathe in.", "--voice", "fake")
    assert ran.code == 0, ran.err
    with wave.open(str(heard)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (48_000, 2, 1)
        assert file.getnframes() > 10_000


@pytest.mark.parametrize("player", ["none", "fails"])
def test_where_nothing_plays_it_is_written(
    cli: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, player: str
) -> None:
    monkeypatch.chdir(tmp_path)
    _player(tmp_path, monkeypatch, "aplay" if player == "fails" else "other", "exit 1")
    ran = cli("say", "Breathe in.", "--voice", "fake")
    assert ran.code == 0
    assert "nothing here can play" in ran.err
    assert (tmp_path / "output" / "say.wav").exists()
    assert f"{Path('output') / 'say.wav'}  " in ran.out
    assert cli("voices", "try", "fake").code == 0
    assert (tmp_path / "output" / "try-fake-fake.wav").exists()


def test_the_next_player_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _player(tmp_path, monkeypatch, "pw-play", "exit 1")
    heard = _player(tmp_path, monkeypatch, "mpv", "cp \"$3\" '{heard}'")
    assert play(Clip(np.zeros((480, 1), np.float32), 48_000), "linux") == "mpv"
    assert heard.exists()


def test_windows_plays_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    class Winsound:
        SND_FILENAME, SND_NODEFAULT = 1, 2
        played: list[bytes] = []  # noqa: RUF012

        @classmethod
        def PlaySound(cls, path: str, flags: int) -> None:
            cls.played.append(Path(path).read_bytes()[:4])

    monkeypatch.setitem(sys.modules, "winsound", Winsound)  # type: ignore[arg-type]
    assert play(Clip(np.zeros((480, 1), np.float32), 48_000), "win32") == "winsound"
    assert Winsound.played == [b"RIFF"]


def test_players_of_macos_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing.shutil, "which", lambda name: f"/bin/{name}")
    assert next(iter(playing._players("darwin"))) == ("/bin/afplay",)
    assert ("/bin/afplay",) not in list(playing._players("linux"))


@pytest.mark.parametrize("voice", ["fake", "fake:fake-de", "fake-es"])
def test_a_voice_is_tried_in_its_language(cli: Callable[..., Any], tmp_path: Path, voice: str) -> None:
    ran = cli("voices", "try", voice, "-o", tmp_path / "tried.wav")
    assert ran.code == 0
    said = {"fake": "Kneel on", "fake:fake-de": "Knie dich", "fake-es": "Apoya la"}[voice]
    assert said in ran.out
    assert soundfile.info(tmp_path / "tried.wav").duration > 3


def test_a_voice_is_tried_with_an_own_text(cli: Callable[..., Any], tmp_path: Path) -> None:
    ran = cli("voices", "try", "fake", "Say [pause 1s] this.", "-o", tmp_path / "tried.flac")
    assert ran.code == 0
    assert "fake:fake: Say this." in ran.out
    assert soundfile.info(tmp_path / "tried.flac").format == "FLAC"
    assert cli("voices", "try", "fake", "Say [pus 1s] this.", "-o", tmp_path / "tried.flac").code == 1


def test_text_of_the_standard_input(cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO("Hold 5 s.\n"))
    assert sent(cli("say", "-", "--voice", "fake", "-n").out) == ["Hold 5 seconds."]


def _player(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, script: str) -> Path:
    """Make a player that is the only one there; what it plays it copies."""
    if os.name == "nt":
        pytest.skip("shell scripts")
    path, heard = folder / "bin" / name, folder / "heard.wav"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script.replace('{heard}', str(heard))}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(path.parent))
    return heard
