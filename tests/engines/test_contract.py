"""What every engine promises, asked of every engine that is installed."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from voicecoach.engines import registry
from voicecoach.engines.base import Engine, Speech, SpeechRequest
from voicecoach.errors import SpeechError, VoiceUnknownError

CUE = "Kneel on your left knee. Place your right foot flat on the floor in front of you."


@pytest.fixture(scope="module", params=registry.names())
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    engine = registry.load(request.param)
    yield engine
    engine.close()


@pytest.fixture
def voice(engine: Engine) -> str:
    voice = engine.default_voice("en")
    assert voice is not None
    return voice


def length_s(speech: Speech) -> float:
    return len(speech.samples) / speech.rate_hz


def digest(speech: Speech) -> str:
    return hashlib.sha256(speech.samples.tobytes()).hexdigest()


def test_installed() -> None:
    assert {"espeak", "fake", "system"} <= set(registry.names())


def test_is_an_engine(engine: Engine) -> None:
    assert isinstance(engine, Engine)
    assert engine.name in registry.names()


def test_voices(engine: Engine, voice: str) -> None:
    voices = engine.voices()
    names = [info.name for info in voices]
    assert names
    assert len(set(names)) == len(names)
    assert voice in names
    for info in voices:
        assert re.fullmatch(r"[a-z]{2,8}(-[a-z0-9]+)*", info.language), info
        assert re.fullmatch(r"[^\s:]+", info.name), info


def test_default_voice_speaks_the_language(engine: Engine) -> None:
    languages = {info.name: info.language for info in engine.voices()}
    for wanted in ("en", "de", "es", "en-gb", "de-AT", "en_US"):
        voice = engine.default_voice(wanted)
        assert voice is not None
        assert languages[voice].startswith(wanted[:2])
    assert engine.default_voice("xx-none") is None


def test_speaks(engine: Engine, voice: str) -> None:
    speech = engine.speak(SpeechRequest(CUE, voice))
    assert speech.samples.dtype == np.float32
    assert speech.samples.ndim == 2
    assert speech.samples.shape[1] in {1, 2}
    assert 8000 <= speech.rate_hz <= 48000
    assert np.isfinite(speech.samples).all()
    assert 0.02 < np.abs(speech.samples).max() < 1.0
    assert 3.0 < length_s(speech) < 11.0


def test_speed(engine: Engine, voice: str) -> None:
    lengths = [length_s(engine.speak(SpeechRequest(CUE, voice, speed))) for speed in (0.5, 1.0, 1.5, 2.0)]
    assert engine.capabilities.speed
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[1] / lengths[2] == pytest.approx(1.5, rel=0.1)
    assert lengths[1] / lengths[3] == pytest.approx(2.0, rel=0.1)


def test_marks(engine: Engine, voice: str) -> None:
    text = "Grüße: now change sides, and breathe."
    speech = engine.speak(SpeechRequest(text, voice))
    if not engine.capabilities.marks:
        assert speech.marks == ()
        return
    assert [text[mark.start : mark.end] for mark in speech.marks] == re.findall(r"\w+", text)
    times = [mark.at_s for mark in speech.marks]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] < length_s(speech)


@pytest.mark.parametrize("name", ["", "nobody", "EN-us+", "../en", "en-us+nobody", "en-us+../f3"])
def test_unknown_voice(engine: Engine, name: str) -> None:
    with pytest.raises(VoiceUnknownError):
        engine.speak(SpeechRequest(CUE, name))
    with pytest.raises(VoiceUnknownError):
        engine.fingerprint(name)


@pytest.mark.parametrize(
    "text",
    [
        "Grüße, öffne die Hüfte — langsam …",
        "Привет! 你好 hello 🙂",
        "!!! now ??? --- (go)",
        "[[test]]",
        "hello ]] world [[ again",
        "<b>x</b>",
        '<speak><prosody rate="x-slow">test</prosody></speak>',
        "one\ntwo\r\n\r\nthree\tfour",
        "a\0b and \x01 50S c \x1b \x7f \x85",
        "lone surrogate \ud800 here",
        "& &lt; &#1; %s {0} \\n $HOME",
        "a",
        "8",
    ],
)
def test_odd_texts(engine: Engine, voice: str, text: str) -> None:
    speech = engine.speak(SpeechRequest(text, voice))
    assert 0.04 < length_s(speech) < 30
    for mark in speech.marks:
        assert 0 <= mark.start < mark.end <= len(text)
        assert 0 <= mark.at_s <= length_s(speech)


def test_longest_text(engine: Engine, voice: str) -> None:
    most = engine.capabilities.max_chars
    text = ("breathe in and out " * (most // 19 + 1))[:most]
    assert length_s(engine.speak(SpeechRequest(text, voice, 2.0))) > most * 0.02
    with pytest.raises(SpeechError, match="characters"):
        engine.speak(SpeechRequest(text + "x", voice))


@pytest.mark.parametrize("text", ["", "  \n", "…", "---"])
def test_nothing_to_say_is_an_error(engine: Engine, voice: str, text: str) -> None:
    with pytest.raises(SpeechError):
        engine.speak(SpeechRequest(text, voice))


@pytest.mark.parametrize("speed", [0.0, 0.49, 2.01, float("nan")])
def test_speed_out_of_range(engine: Engine, voice: str, speed: float) -> None:
    with pytest.raises(SpeechError, match="speed"):
        engine.speak(SpeechRequest(CUE, voice, speed))


def test_repeatable(engine: Engine, voice: str) -> None:
    if not engine.capabilities.repeatable:
        assert engine.name == "system", "only the system's voices may differ from time to time; their clips are kept"
        return
    cues = [CUE, "Now change sides.", "Ten seconds left."]
    first = [digest(engine.speak(SpeechRequest(cue, voice))) for cue in cues]
    with ThreadPoolExecutor(4) as threads:
        again = list(threads.map(lambda cue: digest(engine.speak(SpeechRequest(cue, voice))), cues * 4))
    assert again == first * 4
    program = (
        "import hashlib, sys\nfrom voicecoach.engines import base, registry\n"
        "engine = registry.load(sys.argv[1])\n"
        "for cue in sys.argv[3:]:\n"
        "    samples = engine.speak(base.SpeechRequest(cue, sys.argv[2])).samples\n"
        "    print(hashlib.sha256(samples.tobytes()).hexdigest())\n"
        "print(engine.fingerprint(sys.argv[2]))\n"
        "engine.close()\n"
    )
    command = [sys.executable, "-c", program, engine.name, voice, *cues]
    fresh = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert fresh.stdout.split() == [*first, engine.fingerprint(voice)]


def test_threads(engine: Engine, voice: str) -> None:
    texts = [f"Number {n}. " + "again " * n for n in range(1, 9)]
    with ThreadPoolExecutor(4) as threads:
        lengths = list(threads.map(lambda text: length_s(engine.speak(SpeechRequest(text, voice))), texts))
    assert lengths == sorted(lengths)


def test_fingerprint_is_stable(engine: Engine, voice: str) -> None:
    other = registry.load(engine.name)
    try:
        assert engine.fingerprint(voice) == engine.fingerprint(voice) == other.fingerprint(voice)
    finally:
        other.close()


def test_closing_twice(engine: Engine, voice: str) -> None:
    other = registry.load(engine.name)
    other.speak(SpeechRequest("one", voice))
    other.close()
    other.close()
    registry.load(engine.name).close()


def test_says_nothing_on_our_standard_output(engine: Engine, voice: str, capfd: pytest.CaptureFixture[str]) -> None:
    engine.speak(SpeechRequest(CUE, voice))
    assert capfd.readouterr() == ("", "")
