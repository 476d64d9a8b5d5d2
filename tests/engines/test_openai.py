"""The openai engine against a real server process of our own, which also misbehaves."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from voicecoach.engines import speech_http
from voicecoach.engines.base import SpeechRequest
from voicecoach.engines.openai import OpenaiEngine, Server
from voicecoach.errors import EngineError, SpeechError, VoiceUnknownError

CUE = "Kneel on your left knee."
KEY = "sk-very-secret-1234567890"


class Host:
    """The server, and what it was asked."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.port = int(process.stdout.readline())
        self.asked: list[dict[str, object]] = []
        self.lines = process.stdout
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.lines:
            self.asked.append(json.loads(line))


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    command = [sys.executable, str(Path(__file__).with_name("speech_server.py"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        yield Host(process)
        process.kill()


Open = Callable[..., OpenaiEngine]


@pytest.fixture
def server(host: Host, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Make an engine for a way in which the server behaves."""
    monkeypatch.setattr(speech_http, "FIRST_WAIT_S", 0.01)
    for name in ("VOICECOACH_OPENAI_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL", "VOICECOACH_OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)
    made: list[OpenaiEngine] = []

    def make(mode: str, key: str | None = KEY) -> OpenaiEngine:
        monkeypatch.setenv("VOICECOACH_OPENAI_URL", f"http://127.0.0.1:{host.port}/{mode}/v1/")
        monkeypatch.setenv("VOICECOACH_OPENAI_TIMEOUT", "1")
        if key is not None:
            monkeypatch.setenv("OPENAI_API_KEY", key)
        made.append(OpenaiEngine())
        return made[-1]

    yield make
    for engine in made:
        engine.close()


def seconds(engine: OpenaiEngine, text: str = CUE, voice: str = "alloy", speed: float = 1.0) -> float:
    speech = engine.speak(SpeechRequest(text, voice, speed))
    assert speech.rate_hz == 24000
    return len(speech.samples) / speech.rate_hz


@pytest.mark.parametrize("mode", ["good", "busy", "broken", "slow", "cut", "stream"])
def test_speech_comes_at_last(server: Open, host: Host, mode: str) -> None:
    assert seconds(server(mode), f"{CUE} {mode}") == pytest.approx(0.07 * (len(CUE) + len(mode) + 4), abs=0.01)
    asked = [one for one in host.asked if one["input"] == f"{CUE} {mode}"]
    assert len(asked) == {"busy": 3, "broken": 2, "slow": 2, "cut": 2}.get(mode, 1)
    assert asked[0]["path"] == f"/{mode}/v1/audio/speech"
    assert asked[0]["key"] == f"Bearer {KEY}"
    told = {name: asked[0][name] for name in ("model", "voice", "response_format", "speed")}
    assert told == {"model": "gpt-4o-mini-tts", "voice": "alloy", "response_format": "wav", "speed": 1.0}


def test_voice_model_and_speed_are_asked_for(server: Open, host: Host) -> None:
    engine = server("good")
    assert seconds(engine, "Faster now.", "nova@tts-1-hd", 2.0) < seconds(engine, "Faster now.", "nova") * 0.6
    asked = next(one for one in host.asked if one["input"] == "Faster now.")
    assert (asked["voice"], asked["model"]) == ("nova", "tts-1-hd")
    prints = {engine.fingerprint(voice) for voice in ("nova", "alloy", "nova@tts-1-hd")}
    assert len(prints) == 3


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        ("down", "gave no speech for 'Kneel.*503 overloaded.*5 tries"),
        ("gone", "gave no speech for 'Kneel.*5 tries"),
        ("short", "the sound for 'Kneel.*broke off"),
        ("page", "no sound for 'Kneel.*text/html, beginning with '<html>Welcome"),
        ("empty", "no sound for 'Kneel.*nothing"),
        ("silent", "says nothing for 'Kneel"),
        ("refusing", r"refuses for 'Kneel.*\(400\): no such model"),
        ("moved", r"refuses for 'Kneel.*\(302\)"),
    ],
)
def test_what_goes_wrong_is_told_with_the_text(server: Open, mode: str, message: str) -> None:
    with pytest.raises(SpeechError, match=message) as caught:
        server(mode).speak(SpeechRequest(CUE, "alloy"))
    assert KEY not in str(caught.value)


def test_a_server_that_is_not_there(server: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = server("good")
    monkeypatch.setenv("VOICECOACH_OPENAI_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(EngineError, match=r"127\.0\.0\.1:9 gave no speech"):
        engine.speak(SpeechRequest(CUE, "alloy"))


def test_the_key_is_told_to_nobody(server: Open, host: Host) -> None:
    engine = server("locked")
    with pytest.raises(EngineError, match="refuses the key") as caught:
        engine.speak(SpeechRequest(CUE, "alloy"))
    fault: BaseException | None = caught.value
    while fault is not None:
        assert KEY not in f"{fault}{fault!r}{fault.args}"
        fault = fault.__cause__
    assert KEY not in repr(Server.of_environment())
    assert KEY not in server("good").fingerprint("alloy")
    server("moved")
    seen = len(host.asked)
    with pytest.raises(SpeechError):
        server("moved").speak(SpeechRequest("Moved away.", "alloy"))
    assert [one["mode"] for one in host.asked[seen:]] == ["moved"], "nothing was sent on after a redirect"


@pytest.mark.parametrize("url", ["ftp://x/v1", "127.0.0.1:80", "http://a:b@host/v1", "http:///v1", "https://h/v1?k=1"])
def test_addresses_that_are_none(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("VOICECOACH_OPENAI_URL", url)
    with pytest.raises(EngineError, match="address of the speech server"):
        OpenaiEngine().voices()


def test_a_key_does_not_go_over_an_open_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_OPENAI_URL", "http://speech.example.com/v1")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(EngineError, match="open network"):
        OpenaiEngine().speak(SpeechRequest(CUE, "alloy"))


def test_without_a_key_the_hosted_service_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VOICECOACH_OPENAI_URL", "OPENAI_BASE_URL", "VOICECOACH_OPENAI_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(EngineError, match="needs a key") as caught:
        OpenaiEngine().voices()
    assert "OPENAI_API_KEY" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("url", "paid"),
    [
        ("https://api.openai.com/v1", True),
        ("https://speech.example.org/v1", True),
        ("http://localhost:8880/v1", False),
        ("http://192.168.1.5:8000/v1", False),
        ("http://[::1]:8000/v1", False),
        ("http://box.local/v1", False),
        ("http://nas:8000/v1", False),
        ("https://8.8.8.8/v1", True),
    ],
)
def test_only_a_stranger_is_paid(monkeypatch: pytest.MonkeyPatch, url: str, paid: bool) -> None:
    monkeypatch.setenv("VOICECOACH_OPENAI_URL", url)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert OpenaiEngine().capabilities.paid is paid


def test_voices_are_the_servers_own_where_it_tells_them(server: Open) -> None:
    engine = server("listing")
    assert [(voice.name, voice.language) for voice in engine.voices()] == [("anna", "de"), ("bella", "mul")]
    assert engine.default_voice("de-at") == "anna"
    assert engine.default_voice("en") == "bella"
    with pytest.raises(VoiceUnknownError, match="no voice 'ana'") as caught:
        engine.speak(SpeechRequest(CUE, "ana"))
    assert "anna" in (caught.value.hint or "")


def test_a_server_that_tells_no_voices_takes_any_name(server: Open) -> None:
    assert seconds(server("good"), voice="af_heart") > 0.5


def test_closing_ends_the_waiting(server: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech_http, "FIRST_WAIT_S", 30.0)
    monkeypatch.setattr(speech_http, "_wait_s", lambda _: 30.0)
    engine = server("down")
    faults: list[Exception] = []

    def speak() -> None:
        try:
            engine.speak(SpeechRequest(CUE, "alloy"))
        except EngineError as fault:
            faults.append(fault)

    thread = threading.Thread(target=speak)
    thread.start()
    thread.join(0.7)
    engine.close()
    thread.join(5)
    assert not thread.is_alive()
    assert "closed" in str(faults[0])
