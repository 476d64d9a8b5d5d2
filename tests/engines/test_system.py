"""system: pyttsx3 kept in hand, and names for the voices of platforms that are not this one."""

from __future__ import annotations

import io
import math
import multiprocessing
import os
import random
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
import soundfile

from voicecoach.engines import system as module
from voicecoach.engines.base import Speech, SpeechRequest
from voicecoach.engines.child import Reply
from voicecoach.engines.espeak import EspeakEngine
from voicecoach.engines.system import SystemEngine, check_length, name_voices, rate_for
from voicecoach.errors import EngineError, SpeechError, VoiceUnknownError


@pytest.fixture
def engine() -> Iterator[SystemEngine]:
    engine = SystemEngine()
    yield engine
    engine.close()


@pytest.mark.slow
def test_500_in_a_row_each_as_long_as_the_same_voice_elsewhere(engine: SystemEngine) -> None:
    """Voice and speed change from cue to cue; none is lost, cut off, or under another's name."""
    if not sys.platform.startswith("linux"):
        pytest.skip("there is another way to the same voice on Linux only")
    chance = random.Random(3)
    words = ["kneel", "on", "your", "left", "knee", "and", "place", "the", "right", "foot", "flat"]
    reference, expected = EspeakEngine(), {}
    texts = [" ".join(chance.choices(words, k=1 + n % 4)) for n in range(20)]
    requests = [
        SpeechRequest(chance.choice(texts), ("en-us", "de")[n // 20 % 2], (1.3, 1.8)[n // 5 % 2]) for n in range(500)
    ]
    try:
        for request in set(requests):
            expected[request] = len(reference.speak(request).samples) / 22050
    finally:
        reference.close()
    wrong = []
    for number, request in enumerate(requests):
        speech = engine.speak(request)
        length_s = len(speech.samples) / speech.rate_hz
        if abs(length_s - expected[request]) > 0.08 + 0.04 * expected[request]:
            wrong.append((number, request, length_s, expected[request]))
    assert wrong == []


def test_the_first_cue_is_not_lost(engine: SystemEngine) -> None:
    voice = engine.default_voice("en")
    assert voice is not None
    first = engine.speak(SpeechRequest("This is the first and it is a rather long one. " * 20, voice))
    second = engine.speak(SpeechRequest("Second.", voice))
    assert len(first.samples) > 60 * first.rate_hz
    assert len(second.samples) < 3 * second.rate_hz


def test_a_text_that_crashes_pyttsx3_is_refused(engine: SystemEngine) -> None:
    voice = str(engine.default_voice("en"))
    most = engine.capabilities.max_chars
    for length in (most + 1, 5000, 18_000):
        with pytest.raises(SpeechError, match=f"{length:,} characters"):
            engine.speak(SpeechRequest(("breathe in and out " * 1000)[:length], voice))


def test_no_voice_no_text_any_letters(engine: SystemEngine) -> None:
    voice = str(engine.default_voice("en"))
    with pytest.raises(VoiceUnknownError, match="no voice 'nobody'"):
        engine.speak(SpeechRequest("One.", "nobody"))
    for text in ("", " \n", "…"):
        with pytest.raises(SpeechError):
            engine.speak(SpeechRequest(text, voice))
    assert len(engine.speak(SpeechRequest("Größe, naïve, 你好, Привет – ok 🙂", voice)).samples)


def test_nothing_is_printed(engine: SystemEngine, capfd: pytest.CaptureFixture[str]) -> None:
    engine.speak(SpeechRequest("One.", str(engine.default_voice("en"))))
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal")
def test_a_killed_child_is_replaced_between_cues_and_in_one(engine: SystemEngine) -> None:
    voice = str(engine.default_voice("en"))
    request = SpeechRequest("Hold it for a long time, and breathe. " * 8, voice)
    length = len(engine.speak(request).samples)
    assert engine._held is not None
    pool = engine._held.pool

    def kill() -> None:
        for child in tuple(pool._all):
            os.kill(child.pid, signal.SIGKILL)

    kill()
    assert len(engine.speak(request).samples) == pytest.approx(length, rel=0.03)
    threading.Timer(0.02, kill).start()
    started = time.monotonic()
    assert len(engine.speak(request).samples) == pytest.approx(length, rel=0.03)
    assert time.monotonic() - started < 10


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere processes are not forked")
def test_a_forked_process_has_its_own(engine: SystemEngine) -> None:
    voice = str(engine.default_voice("en"))
    engine.speak(SpeechRequest("One.", voice))
    fork = multiprocessing.get_context("fork").Process(target=speak_in_another_engine, args=(voice,))
    fork.start()
    fork.join(20)
    assert fork.exitcode == 0
    assert len(engine.speak(SpeechRequest("Two.", voice)).samples)


def speak_in_another_engine(voice: str) -> None:
    other = SystemEngine()
    assert len(other.speak(SpeechRequest("Three.", voice)).samples)
    other.close()


def test_a_folder_that_cannot_be_written_is_told(engine: SystemEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    voice = str(engine.default_voice("en"))
    assert engine._held is not None
    shutil.rmtree(engine._held.pool.folder)
    started = time.monotonic()
    with pytest.raises((EngineError, SpeechError), match=r"One\."):
        engine.speak(SpeechRequest("One.", voice))
    assert time.monotonic() - started < 10
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    with pytest.raises(EngineError, match="temporary folder cannot be written"):
        SystemEngine().voices()


def test_what_cannot_be_the_text_is_asked_again(engine: SystemEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    voice = engine.default_voice("en")
    assert voice is not None
    assert engine._held is not None
    pool = engine._held.pool
    ask, bodies = pool.ask, [b"", wav(0.01, 0.5), wav(60.0, 0.5)]
    monkeypatch.setattr(pool, "ask", lambda *a, **k: Reply({}, bodies.pop(0)) if len(bodies) > 1 else ask(*a, **k))
    assert len(engine.speak(SpeechRequest("Hold.", voice)).samples)
    bodies[:] = [b"", wav(0.01, 0.5), wav(60.0, 0.5), b""]
    with pytest.raises(SpeechError, match=r"cannot be 'Hold\.'"):
        engine.speak(SpeechRequest("Hold.", voice))


def wav(length_s: float, level: float, kind: str = "WAV") -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.full(round(length_s * 22050), level, np.float32), 22050, format=kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["WAV", "AIFF"])
def test_formats_are_told_by_content(kind: str) -> None:
    speech = module._read(wav(0.5, 0.25, kind), "x")
    assert speech.samples.shape == (11025, 1)
    assert speech.samples[0, 0] == pytest.approx(0.25, abs=1e-3)


def test_length_check() -> None:
    def check(length_s: float, text: str, speed: float = 1.0) -> None:
        check_length(Speech(np.zeros((round(length_s * 100), 1), np.float32), 100), SpeechRequest(text, "v", speed))

    check(0.6, "W")
    check(3.0, "Ten seconds left, hold it")
    with pytest.raises(SpeechError):
        check(0.3, "Ten seconds left, hold it")
    check(0.3, "Ten seconds left", 2.0)
    with pytest.raises(SpeechError):
        check(20.0, "Hold.")


def test_windows_names() -> None:
    key = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Speech\\Voices\\Tokens\\"
    listed = [
        [key + "TTS_MS_EN-US_ZIRA_11.0", "Microsoft Zira Desktop - English (United States)", ["en-US"]],
        [key + "TTS_MS_DE-DE_HEDDA_11.0", "Microsoft Hedda Desktop - German", ["de-DE"]],
        [key + "A", "Acme - English (Ireland)", ["en-IE"]],
        [key + "B", "Acme - English (India)", ["en-IN"]],
        [key + "C", "Twin", ["Unknown Locale: 9"]],
        [key + "D", "Twin", []],
    ]
    voices = name_voices(listed, "win32")
    assert {name: known.info.language for name, known in voices.items()} == {
        "microsoft-zira-desktop": "en-us",
        "microsoft-hedda-desktop": "de-de",
        "acme-english-ireland": "en-ie",
        "acme-english-india": "en-in",
        "twin": "und",
        "twin-2": "und",
    }
    assert voices["microsoft-zira-desktop"].identifier == listed[0][0]


def test_macos_names() -> None:
    listed = [
        ["com.apple.voice.compact.en-US.Samantha", "Samantha", ["en_US"]],
        ["com.apple.eloquence.en-US.Eddy", "Eddy (English (US))", ["en_US"]],
        ["com.apple.eloquence.de-DE.Eddy", "Eddy (Deutsch (Deutschland))", ["de_DE"]],
        ["com.apple.voice.compact.fr-CA.Amelie", "Amélie", ["fr_CA"]],
    ]
    assert list(name_voices(listed, "darwin")) == [
        "samantha", "eddy-english-us", "eddy-deutsch-deutschland", "amélie",
    ]  # fmt: skip


def test_linux_names() -> None:
    listed = [["gmw/en-us", "English (America)", ["en-us"]], ["gmw/en", "English", ["en-gb"]], ["ko", "Korean", ["ko"]]]
    assert list(name_voices(listed, "linux")) == ["en-us", "en", "ko"]


def test_rates() -> None:
    def sapi_step(speed: float) -> int:
        return int(math.log(rate_for(speed, "win32") / 156.63, 1.11))  # as pyttsx3 computes it

    assert [sapi_step(speed) for speed in (0.5, 1.0, 1.1, 1.2, 2.0)] == [-7, -1, 0, 1, 6]
    assert rate_for(1.0, "darwin") == 145
    assert rate_for(2.0, "linux") == 230


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the library is ours on Linux only")
def test_a_library_that_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_base", lambda *_: {"library": "/nowhere/lib.so", "data": "/nowhere"})
    with pytest.raises(EngineError, match="does not load") as caught:
        SystemEngine().voices()
    assert "espeak" in str(caught.value.hint)
