"""espeak: repeatable whatever happens, exact about voices, deaf to markup, and tidy."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from voicecoach.engines import espeak as module
from voicecoach.engines import espeak_files
from voicecoach.engines.base import SpeechRequest
from voicecoach.engines.espeak import EspeakEngine
from voicecoach.errors import EngineError, SpeechError

CUES = (
    "Kneel on your left knee. Place your right foot flat on the floor in front of you.",
    "Lie on your back with both knees bent and your feet flat on the floor.",
    "Slowly bring your right knee towards your chest. Hold it with both hands.",
    "Stand tall with your feet hip width apart.",
    "Now change sides.",
    "Keep your back straight, and breathe slowly and deeply.",
    "Ten seconds left.",
    "Sit on the floor with your legs straight in front of you. Loop a towel around your right foot.",
)


@pytest.fixture
def engine() -> Iterator[EspeakEngine]:
    engine = EspeakEngine()
    yield engine
    engine.close()


def speak(engine: EspeakEngine, text: str, voice: str = "en-us", speed: float = 1.0) -> bytes:
    return engine.speak(SpeechRequest(text, voice, speed)).samples.tobytes()


def words_a_minute(engine: EspeakEngine, speed: float) -> float:
    words, length_s = 0, 0.0
    for cue in CUES:
        speech = engine.speak(SpeechRequest(cue, "en-us", speed))
        loud = np.flatnonzero(np.abs(speech.samples[:, 0]) > 0.003)
        length_s += float(loud[-1] - loud[0]) / speech.rate_hz
        words += len(cue.split())
    return words / length_s * 60


@pytest.mark.slow
def test_500_utterances_in_any_order(engine: EspeakEngine) -> None:
    chance = random.Random(1)
    vocabulary = " ".join(CUES).split()
    requests = [
        SpeechRequest(
            " ".join(chance.choices(vocabulary, k=chance.randint(1, 9))),
            chance.choice(["en-us", "en-us+f3", "en-gb", "de", "es"]),
            chance.choice([0.6, 1.0, 1.4]),
        )
        for _ in range(500)
    ]
    first = [engine.speak(request).samples.tobytes() for request in requests]
    order = list(range(500))
    chance.shuffle(order)
    other = EspeakEngine()
    try:
        with ThreadPoolExecutor(4) as threads:
            again = dict(
                zip(order, threads.map(lambda n: other.speak(requests[n]).samples.tobytes(), order), strict=True)
            )
    finally:
        other.close()
    assert [n for n in range(500) if again[n] != first[n]] == []


def test_a_killed_child_is_replaced(engine: EspeakEngine) -> None:
    before = speak(engine, CUES[0])
    assert engine._held is not None
    (child,) = engine._held.pool._all
    os.kill(child.pid, signal.SIGTERM)
    assert speak(engine, CUES[0]) == before


def test_recycled_children_say_the_same(engine: EspeakEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_RECYCLE_AFTER", 2)
    assert len({speak(engine, CUES[4]) for _ in range(7)}) == 1


def test_time_out(engine: EspeakEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.voices()
    assert engine._held is not None
    monkeypatch.setattr(engine._held.pool, "_timeout_s", 0.0001)
    with pytest.raises(SpeechError, match=r"'Now change sides\.'.*no answer within"):
        speak(engine, CUES[4])


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    engine = EspeakEngine()
    assert list(tmp_path.iterdir()) == []
    speak(engine, "one")
    assert len(list(tmp_path.iterdir())) == 1
    engine.close()
    assert list(tmp_path.iterdir()) == []


def test_unwritable_temporary_folder(engine: EspeakEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    with pytest.raises(EngineError, match="temporary folder"):
        speak(engine, "one")


def test_full_disc(engine: EspeakEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copy", full)
    with pytest.raises(EngineError, match="No space left"):
        speak(engine, "one")


@pytest.mark.parametrize("links", [True, False])
def test_long_data_path(engine: EspeakEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    before = speak(engine, CUES[0])
    files = espeak_files.find_espeak()
    deep = tmp_path / ("d" * 90) / ("é" * 60) / "data"
    shutil.copytree(files.data, deep)
    if not links:

        def refuse(*_: object, **__: object) -> None:
            raise OSError("a privilege is not held")

        monkeypatch.setattr(Path, "symlink_to", refuse)
    monkeypatch.setattr(module, "find_espeak", lambda: espeak_files.EspeakFiles("1", files.library, deep))
    other = EspeakEngine()
    try:
        assert speak(other, CUES[0]) == before
    finally:
        other.close()
    assert (deep / "phontab").exists()


def test_data_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = espeak_files.find_espeak()
    monkeypatch.setattr(module, "find_espeak", lambda: espeak_files.EspeakFiles("1", files.library, tmp_path / "none"))
    engine = EspeakEngine()
    with pytest.raises(EngineError, match="espeak cannot be used"):
        engine.voices()


def test_a_library_that_does_not_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = tmp_path / "libespeak-ng.so"
    library.write_bytes(b"no library")
    data = espeak_files.find_espeak().data
    monkeypatch.setattr(module, "find_espeak", lambda: espeak_files.EspeakFiles("1", library, data))
    with pytest.raises(EngineError, match="does not load") as caught:
        EspeakEngine().voices()
    assert "glibc" in str(caught.value.hint)


def test_data_counts_in_the_fingerprint(engine: EspeakEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = espeak_files.find_espeak()
    copy = shutil.copytree(files.data, tmp_path / "data")
    (copy / "en_dict").write_bytes(bytes(reversed((copy / "en_dict").read_bytes())))
    changed = espeak_files.EspeakFiles(files.version, files.library, copy)
    assert module._digest(changed) != module._digest(files)
    assert module._digest(files) in engine.fingerprint("en-us")


def test_british_and_american_differ(engine: EspeakEngine) -> None:
    spoken = [speak(engine, "Dance on the path", voice) for voice in ("en-us", "en-gb", "en-gb-x-rp", "en-us+f3")]
    assert len(set(spoken)) == 4
    assert {"en-us", "en-gb", "en-gb-x-rp", "de", "es"} <= {info.name for info in engine.voices()}


def test_every_voice_can_be_set(engine: EspeakEngine) -> None:
    for info in engine.voices():
        assert engine.speak(SpeechRequest("1 a", info.name)).samples.size
    assert not {"fo", "kaa", "xex"} & {info.name for info in engine.voices()}  # listed by espeak-ng, and mute


@pytest.mark.parametrize(
    ("language", "voice"),
    [("en", "en-us"), ("EN_gb", "en-gb"), ("en-au", "en-us"), ("de-at", "de"), ("pt-br", "pt-br"), ("no", "nb"),
     ("fr", "fr-fr"), ("zh", "cmn"), ("xx", None)],
)  # fmt: skip
def test_default_voices(engine: EspeakEngine, language: str, voice: str | None) -> None:
    assert engine.default_voice(language) == voice


def test_neither_phonemes_nor_markup_nor_commands(engine: EspeakEngine) -> None:
    def length(text: str) -> int:
        return len(engine.speak(SpeechRequest(text, "en-us")).samples)

    assert length("[[h@l'oU w3:ld]]") > 1.5 * length("hello world")  # read out, not pronounced
    assert length("<break time='5s'/> go") < 6 * 22050
    assert speak(engine, "\x0150S hello") == speak(engine, " 50S hello")
    assert len(engine.speak(SpeechRequest("go\0 on then", "en-us")).marks) == 3


@pytest.mark.slow
def test_pace_is_linear_in_words_a_minute(engine: EspeakEngine) -> None:
    assert 140 <= words_a_minute(engine, 1.0) <= 150
    for speed in (0.5, 0.6, 0.75, 0.8, 1.25, 1.5, 2.0):
        assert words_a_minute(engine, speed) == pytest.approx(145 * speed, rel=0.07), speed


def test_whatever_characters(engine: EspeakEngine) -> None:
    chance = random.Random(2)
    for _ in range(60):
        text = "go " + "".join(
            chr(chance.choice([chance.randrange(0x110000), chance.randrange(0x250)])) for _ in "12345678"
        )
        speech = engine.speak(SpeechRequest(text, "en-us"))
        assert all(0 <= mark.start < mark.end <= len(text) for mark in speech.marks)
