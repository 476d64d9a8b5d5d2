"""voices list, install, remove, try, default: a voice from a server on this machine, from its list to a session."""

from __future__ import annotations

import json
import shutil
import tarfile
import wave
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engines.tiny_onnx import write_kokoro_voices, write_piper_voice
from tests.engines.voice_host import VoiceHost, serving, write_catalogue
from voicecoach.engines import downloads

NAME = "en_US-tiny-low"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("onnx")
    folder = tmp_path_factory.mktemp("made")
    write_piper_voice(folder, NAME)
    write_piper_voice(folder, "de_DE-tiny-medium")
    write_kokoro_voices(folder / "kokoro")
    return folder


@pytest.fixture
def host(made: Path, tmp_path: Path) -> Iterator[VoiceHost]:
    folder = tmp_path / "served"
    folder.mkdir()
    write_catalogue(folder, sorted(made.glob("*.onnx")))
    with serving(folder) as host:
        yield host


@pytest.fixture
def voices(host: VoiceHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of Piper's voices of a user who has none, whose catalogue is the server's."""
    monkeypatch.setenv("VOICECOACH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("VOICECOACH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("VOICECOACH_PIPER_VOICES", host.url)
    monkeypatch.delenv("VOICECOACH_PIPER", raising=False)
    monkeypatch.delenv("VOICECOACH_KOKORO", raising=False)
    monkeypatch.setattr("time.sleep", lambda _s: None)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data" / "voices" / "piper"


def test_from_the_list_to_a_session_and_away(cli: Callable[..., Any], voices: Path, tmp_path: Path) -> None:
    listed = cli("voices", "list", "piper")
    assert (listed.code, listed.err) == (0, "")
    line = next(line for line in listed.out.splitlines() if NAME in line)
    assert line.split()[:3] == [f"piper:{NAME}", "en-us", "low"]
    assert "MODEL_CARD" in line

    done = cli("voices", "install", NAME)
    assert done.code == 0
    for words in (f"voice     piper:{NAME}", "language  en-us", "licence   see http", "size      0.0 MB"):
        assert words in done.out
    assert f"piper:{NAME} is installed: {voices}" in done.out
    assert sorted(path.name for path in voices.iterdir()) == [f"{NAME}.onnx", f"{NAME}.onnx.json"]

    again = cli("voices", "install", f"piper:{NAME}")
    assert again.code == 0
    assert f"piper:{NAME} is there" in again.out

    here = cli("voices", "piper")
    assert here.code == 0
    assert here.out.startswith(f"piper:{NAME} ")
    assert "installed" in next(one for one in cli("voices", "list", "--installable").out.splitlines() if NAME in one)

    heard = cli("voices", "try", NAME, "-o", "heard.wav")
    assert heard.code == 0, heard.err
    assert f"piper:{NAME}: Kneel on your left knee" in heard.out
    with wave.open(str(tmp_path / "heard.wav")) as file:
        assert file.getnframes() > 48_000

    assert cli("voices", "default", NAME).code == 0
    assert cli("voices", "default").out == f"en   piper:{NAME}\n"
    (tmp_path / "tiny.yaml").write_text("title: Tiny\nsteps:\n  - say: Breathe in and out.\n", encoding="utf-8")
    built = cli("build", "tiny.yaml", "-o", "tiny.mp3")
    assert built.code == 0, built.err
    assert f"voice: piper:{NAME} (your default)" in built.err
    assert (tmp_path / "tiny.mp3").stat().st_size > 10_000

    asked = cli("voices", "remove", NAME)
    assert asked.code == 2
    assert "say --yes" in asked.err
    assert (voices / f"{NAME}.onnx").exists()
    gone = cli("voices", "remove", NAME, "--yes")
    assert gone.code == 0
    assert "it was your default for 'en'" in gone.out
    assert list(voices.iterdir()) == []
    assert "nothing is chosen" in cli("voices", "default").out
    assert cli("voices", "remove", NAME, "--yes").code == 2


@pytest.mark.parametrize("name", [NAME, f"piper:{NAME}", NAME.lower(), f"{NAME}/0"])
def test_names(cli: Callable[..., Any], voices: Path, name: str) -> None:
    assert cli("voices", "install", name).code == 0
    assert (voices / f"{NAME}.onnx").exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("en_US-tinny-low", f"did you mean '{NAME}'?"),
        ("piper:tiny", "did you mean"),
        ("espeak:en-us", "not installed this way"),
        ("pipr:x", "did you mean 'piper'?"),
        ("kokoro:v9", "kokoro offers no voice"),
    ],
)
def test_names_of_nothing(cli: Callable[..., Any], voices: Path, name: str, words: str) -> None:
    ran = cli("voices", "install", name)
    assert ran.code == 2
    assert words in ran.err
    assert not voices.exists()


def test_broken_off_and_taken_up(
    cli: Callable[..., Any], voices: Path, host: VoiceHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "TRIES", 1)
    host.manners.break_at = [500]
    broken = cli("voices", "install", NAME)
    assert broken.code == 1
    assert "closed the connection" in broken.err
    assert "the same command again" in broken.err
    assert not (voices / f"{NAME}.onnx").exists()
    assert not (voices / f"{NAME}.onnx.json").exists()
    assert cli("voices", "piper").code == 1
    assert cli("voices", "install", NAME).code == 0
    assert host.asked_for(".onnx")[-1].range == "bytes=500-"
    assert len(host.asked_for(".onnx.json")) == 1
    assert cli("voices", "piper").code == 0


def test_a_damaged_one_is_not_installed_but_mended(cli: Callable[..., Any], voices: Path, host: VoiceHost) -> None:
    model = next(host.folder.rglob(f"{NAME}.onnx"))
    good = model.read_bytes()
    model.write_bytes(bytes(reversed(good)))
    ran = cli("voices", "install", NAME)
    assert ran.code == 1
    assert "its MD5 is" in ran.err
    assert "thrown away" in ran.err
    assert cli("voices", "piper").code == 1
    assert not list(voices.glob("*.onnx*")) or [p.name for p in voices.iterdir()] == [f"{NAME}.onnx.json.part"]
    model.write_bytes(good)
    assert cli("voices", "install", NAME).code == 0
    (voices / f"{NAME}.onnx").write_bytes(good[:-1])
    mended = cli("voices", "install", NAME)
    assert mended.code == 0
    assert "another one, or damaged" in mended.err
    assert (voices / f"{NAME}.onnx").read_bytes() == good


def test_interrupted(cli: Callable[..., Any], voices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_what: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("voicecoach.cli.progress.Bar.show", stop)
        ran = cli("voices", "install", NAME)
    assert ran.code == 130
    assert "goes on from there" in ran.err
    assert cli("voices", "install", NAME).code == 0


def test_not_there_any_more(cli: Callable[..., Any], voices: Path, host: VoiceHost) -> None:
    next(host.folder.rglob(f"{NAME}.onnx")).unlink()
    ran = cli("voices", "install", NAME)
    assert ran.code == 1
    assert "404 Not Found" in ran.err


def test_the_list_is_kept_for_a_day_and_for_bad_times(
    cli: Callable[..., Any], voices: Path, host: VoiceHost, tmp_path: Path
) -> None:
    import os

    assert cli("voices", "list", "piper").code == 0
    assert cli("voices", "list", "piper").code == 0
    assert len(host.asked_for("voices.json")) == 1
    (kept,) = (tmp_path / "cache" / "catalogues").iterdir()
    old = kept.stat().st_mtime - 2 * 86_400
    os.utime(kept, (old, old))
    assert cli("voices", "list", "piper").code == 0
    assert len(host.asked_for("voices.json")) == 2
    os.utime(kept, (old, old))
    host.manners.down = True
    ran = cli("voices", "list", "piper", "--installable")
    assert ran.code == 0
    assert NAME in ran.out
    assert "the list of 2 days ago is taken" in ran.err


def test_a_new_voice_is_found_though_the_list_is_kept(
    cli: Callable[..., Any], voices: Path, host: VoiceHost, made: Path, tmp_path: Path
) -> None:
    assert cli("voices", "list", "piper").code == 0
    new = write_piper_voice(tmp_path / "new", "en_GB-newer-low")
    write_catalogue(host.folder, [new, made / f"{NAME}.onnx"])
    assert cli("voices", "install", "en_GB-newer-low").code == 0


def test_no_network(cli: Callable[..., Any], voices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_PIPER_VOICES", "http://127.0.0.1:1/")
    ran = cli("voices", "install", NAME)
    assert ran.code == 1
    assert "--from FILE" in ran.err
    listed = cli("voices", "list")
    assert listed.code == 0
    assert "what can be installed is not known" in listed.err


@pytest.mark.parametrize("source", ["file", "folder", "url", "flag"])
def test_catalogues(cli: Callable[..., Any], voices: Path, host: VoiceHost, monkeypatch: Any, source: str) -> None:
    sources = {"file": host.folder / "voices.json", "folder": host.folder, "url": host.url, "flag": host.url}
    monkeypatch.setenv("VOICECOACH_PIPER_VOICES", "http://127.0.0.1:1/")
    if source == "flag":
        assert cli("voices", "list", "piper", "--catalogue", host.url).code == 0
    assert cli("voices", "install", NAME, "--catalogue", sources[source]).code == 0
    assert (voices / f"{NAME}.onnx").exists()


@pytest.mark.parametrize("text", ["<html>", "[1, 2]", "", '{"x": 3}', '{"../../x": {"files": {}}}'])
def test_catalogues_that_are_none(cli: Callable[..., Any], voices: Path, host: VoiceHost, text: str) -> None:
    (host.folder / "voices.json").write_text(text, encoding="utf-8")
    ran = cli("voices", "install", NAME)
    assert ran.code in {1, 2}
    assert "no list of voices" in ran.err or "offers no voice" in ran.err


def test_a_catalogue_cannot_write_elsewhere(cli: Callable[..., Any], voices: Path, host: VoiceHost) -> None:
    told = json.loads((host.folder / "voices.json").read_text(encoding="utf-8"))
    voice = told.pop(NAME)
    voice["files"] = {f"../../{path}": how for path, how in voice["files"].items()}
    (host.folder / "voices.json").write_text(json.dumps({NAME: voice, "../evil": voice}), encoding="utf-8")
    assert cli("voices", "install", NAME).code == 0
    assert sorted(path.name for path in voices.iterdir()) == [f"{NAME}.onnx", f"{NAME}.onnx.json"]
    assert cli("voices", "install", "../evil").code == 2


def test_json(cli: Callable[..., Any], voices: Path) -> None:
    assert cli("voices", "install", NAME).code == 0
    told = json.loads(cli("voices", "list", "--json").out)
    (installed,) = [voice for voice in told["installed"] if voice["engine"] == "piper"]
    assert installed["voice"] == f"piper:{NAME}"
    offered = {voice["voice"]: voice for voice in told["installable"]}
    assert offered[f"piper:{NAME}"]["installed"] is True
    assert offered["piper:de_DE-tiny-medium"]["installed"] is False
    assert offered["kokoro:v1.0"]["size_bytes"] == 325_532_387 + 28_214_398
    assert offered["kokoro:v1.0"]["licence"] == "Apache 2.0"


def test_of_a_language(cli: Callable[..., Any], voices: Path) -> None:
    ran = cli("voices", "list", "piper", "--language", "de")
    assert [line.split()[0] for line in ran.out.splitlines()] == ["piper:de_DE-tiny-medium"]
    assert "kokoro:v1.0 " in cli("voices", "list", "kokoro", "--language", "fr").out
    assert cli("voices", "list", "kokoro", "--language", "de").code == 1


def _packed(made: Path, folder: Path, kind: str) -> Path:
    files = [made / f"{NAME}.onnx", made / f"{NAME}.onnx.json"]
    folder.mkdir(exist_ok=True)
    path = folder / f"voice.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for file in files:
                archive.write(file, f"../../deep/{file.name}")
    elif kind == "folder":
        path.mkdir()
        for file in files:
            shutil.copy(file, path)
    elif kind == "onnx":
        for file in files:
            shutil.copy(file, folder)
        return folder / f"{NAME}.onnx"
    else:
        with tarfile.open(path, "w:gz" if kind == "tar.gz" else "w") as archive:
            for file in files:
                archive.add(file, f"/deep/{file.name}")
    return path


@pytest.mark.parametrize("kind", ["onnx", "tar", "tar.gz", "zip", "folder"])
def test_from_files(cli: Callable[..., Any], voices: Path, made: Path, tmp_path: Path, kind: str) -> None:
    ran = cli("voices", "install", "--from", _packed(made, tmp_path / "given", kind))
    assert ran.code == 0, ran.err
    assert f"piper:{NAME} is installed" in ran.out
    assert sorted(path.name for path in voices.iterdir()) == [f"{NAME}.onnx", f"{NAME}.onnx.json"]
    assert [path.name for path in voices.parent.iterdir()] == ["piper"]
    assert cli("voices", "piper").code == 0


@pytest.mark.parametrize("what", ["no papers", "bad papers", "bad model", "kokoro's model", "none", "no archive"])
def test_from_files_that_are_no_voice(
    cli: Callable[..., Any], voices: Path, made: Path, tmp_path: Path, what: str
) -> None:
    model = _packed(made, tmp_path / "given", "onnx")
    papers = model.with_name(f"{model.name}.json")
    if what == "no papers":
        papers.unlink()
    elif what == "bad papers":
        papers.write_text('{"audio": {}}', encoding="utf-8")
    elif what == "bad model":
        model.write_bytes(b"not a model")
    elif what == "kokoro's model":
        shutil.copy(made / "kokoro" / "kokoro-v1.0.onnx", model)
    elif what == "none":
        model = tmp_path / "given" / "nothing.onnx"
    else:
        model = tmp_path / "given" / "voice.zip"
        model.write_bytes(b"not a zip")
    ran = cli("voices", "install", "--from", model)
    assert ran.code in {1, 2}
    assert ran.err.startswith("error: ")
    assert ".from-" not in ran.err
    assert not list(voices.parent.rglob("*.onnx"))


def test_kokoro_from_files(cli: Callable[..., Any], voices: Path, made: Path) -> None:
    ran = cli("voices", "install", "kokoro", "--from", made / "kokoro" / "kokoro-v1.0.onnx")
    assert ran.code == 0, ran.err
    folder = voices.parent / "kokoro"
    assert sorted(path.name for path in folder.iterdir()) == ["kokoro-v1.0.onnx", "voices-v1.0.bin"]
    assert "kokoro:af_heart" in cli("voices", "kokoro").out
    assert cli("voices", "remove", "kokoro", "--yes").code == 0
    assert list(folder.iterdir()) == []


def test_voices_elsewhere_stay(cli: Callable[..., Any], voices: Path, made: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("VOICECOACH_PIPER", str(made))
    ran = cli("voices", "remove", NAME, "--yes")
    assert ran.code == 2
    assert "is not ours" in ran.err
    assert (made / f"{NAME}.onnx").exists()
    assert cli("voices", "remove", "espeak:en-us", "--yes").code == 2


def test_default_of_voices(cli: Callable[..., Any], voices: Path) -> None:
    assert cli("voices", "default", "fake:fake-de").code == 0
    assert cli("voices", "default", "fake").code == 0
    assert cli("voices", "default").out == "de   fake:fake-de\nen   fake:fake\n"
    assert cli("voices", "default", "--language", "de-AT").out == "de   fake:fake-de\n"
    assert cli("voices", "default", "--unset", "--language", "de").code == 0
    assert cli("voices", "default").out == "en   fake:fake\n"
    assert cli("voices", "default", "fake:no").code == 2
    assert cli("voices", "default", "auto").code == 2
    assert cli("voices", "default", "--unset").code == 0
    assert "nothing is chosen" in cli("voices", "default").out


def test_a_misspelt_command(cli: Callable[..., Any]) -> None:
    ran = cli("voices", "instal", "x")
    assert ran.code == 2
    assert "did you mean 'install'?" in ran.err


def test_bare_lists(cli: Callable[..., Any], voices: Path, host: VoiceHost) -> None:
    assert cli("voices", "fake").code == 0
    assert cli("voices", "--language", "de", "fake").out.startswith("fake:fake-de ")
    assert host.asked == []
