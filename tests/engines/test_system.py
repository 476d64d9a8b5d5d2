"""system: pyttsx3 kept in hand, and names for the voices of platforms that are not this one."""

from __future__ import annotations

import io
import math
import sys
from collections.abc import Iterator

import numpy as np
import pytest
import soundfile

from voicecoach.engines import system as module
from voicecoach.engines.base import Speech, SpeechRequest
from voicecoach.engines.child import Reply
from voicecoach.engines.system import SystemEngine, check_length, name_voices, rate_for
from voicecoach.errors import EngineError, SpeechError


@pytest.fixture
def engine() -> Iterator[SystemEngine]:
    engine = SystemEngine()
    yield engine
    engine.close()


@pytest.mark.slow
def test_60_in_a_row(engine: SystemEngine) -> None:
    voice = engine.default_voice("en")
    assert voice is not None
    numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    for n in range(60):
        text = " ".join(numbers[: n % 9 + 1])
        speech = engine.speak(SpeechRequest(text, voice, (1.0, 1.3)[n // 20 % 2]))
        per_word_s = len(speech.samples) / speech.rate_hz / (n % 9 + 1)
        assert 0.15 < per_word_s < 1.5, text


def test_the_first_cue_is_not_lost(engine: SystemEngine) -> None:
    voice = engine.default_voice("en")
    assert voice is not None
    first = engine.speak(SpeechRequest("This is the first and it is a rather long one. " * 20, voice))
    second = engine.speak(SpeechRequest("Second.", voice))
    assert len(first.samples) > 60 * first.rate_hz
    assert len(second.samples) < 3 * second.rate_hz


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
