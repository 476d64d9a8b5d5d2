"""What every engine promises, asked of every engine that comes with voicecoach: real engines, tiny real models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.engines.own_voices import speech_server, write_voices
from voicecoach.config import DATA_VARIABLE
from voicecoach.engines import contract, registry
from voicecoach.engines.base import Capabilities, Engine, Mark, Speech, SpeechRequest, VoiceInfo
from voicecoach.engines.fake import FakeEngine
from voicecoach.errors import SpeechError, VoiceUnknownError

ENGINES = ("command", "espeak", "fake", "kokoro", "openai", "piper", "recorded", "system")


def test_all_are_installed() -> None:
    assert set(ENGINES) <= set(registry.names())


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Voices for engines that have none of their own."""
    data = tmp_path_factory.mktemp("data")
    write_voices(data)
    with speech_server() as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(data))
        patch.setenv("VOICECOACH_OPENAI_URL", url)
        patch.setenv("OPENAI_API_KEY", "sk-test")
        yield


Make = Callable[[str], contract.Asked]


@pytest.fixture(scope="module")
def asked(voices: None) -> Iterator[Make]:
    made: dict[str, Engine] = {}

    def make(name: str) -> contract.Asked:
        if name not in made:
            made[name] = registry.load(name)
        voice = "flite" if name == "command" else made[name].default_voice("en")
        assert voice is not None
        return contract.Asked(made[name], voice)

    yield make
    for engine in made.values():
        engine.close()


@pytest.mark.slow
@pytest.mark.parametrize("check", contract.CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", ENGINES)
def test_engines_keep_the_contract(asked: Make, tool: Callable[[str], str], name: str, check: contract.Check) -> None:
    if name == "command":
        tool("flite")
        tool("espeak-ng")
    (answer,) = contract.ask(asked(name), (check,))
    assert answer.kept, f"{answer.promise}: {answer.told}"


@pytest.mark.parametrize("check", contract.CHECKS, ids=lambda check: check.__name__)
def test_the_fake_voice_keeps_the_contract(asked: Make, check: contract.Check) -> None:
    (answer,) = contract.ask(asked("fake"), (check,))
    assert answer.kept, f"{answer.promise}: {answer.told}"


def test_standard_output_stays_ours(asked: Make, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("espeak", "fake", "kokoro", "piper"):
        made = asked(name)
        made.speak("Now change sides.")
        assert capfd.readouterr() == ("", ""), name


class Odd(FakeEngine):
    """The fake voice with one promise broken, by name."""

    def __init__(self, broken: str) -> None:
        super().__init__()
        self.broken = broken

    @property
    def capabilities(self) -> Capabilities:  # type: ignore[override]
        return replace(FakeEngine.capabilities, phonemes=self.broken == "phonemes", pitch=self.broken == "pitch")

    def voices(self) -> Sequence[VoiceInfo]:
        found = list(super().voices())
        if self.broken == "twice":
            found.append(found[0])
        return [replace(one, language="English") for one in found] if self.broken == "language" else found

    def default_voice(self, language: str) -> str | None:
        return super().default_voice("en") if self.broken == "any" else super().default_voice(language)

    def fingerprint(self, voice: str) -> str:
        return (
            f"{id(object())}{np.random.default_rng().random()}"
            if self.broken == "print"
            else super().fingerprint(voice)
        )

    def speak(self, request: SpeechRequest) -> Speech:
        if self.broken == "unknown":
            request = replace(request, voice="fake")
        speed = 1.0 if self.broken == "speed" and 0.5 <= request.speed <= 2 else request.speed
        try:
            speech = super().speak(replace(request, speed=speed, pitch_st=0.0, phonemes=()))
        except VoiceUnknownError:
            raise
        except SpeechError:
            if self.broken == "silence":
                return Speech(np.zeros((4800, 1), np.float32), 48000)
            if self.broken == "raises":
                raise ValueError("no") from None
            raise
        changes: dict[str, Callable[[], Any]] = {
            "double": lambda: replace(speech, samples=speech.samples.astype(np.float64)),
            "flat": lambda: replace(speech, samples=speech.samples[:, 0]),
            "loud": lambda: replace(speech, samples=speech.samples * 50),
            "nan": lambda: replace(speech, samples=speech.samples * np.float32("nan")),
            "marks": lambda: replace(speech, marks=(Mark(0.0, 0, 1),)),
            "random": lambda: replace(speech, samples=speech.samples * np.float32(np.random.default_rng().random())),
            "cut": lambda: replace(speech, samples=speech.samples[:48000]),
        }
        return changes[self.broken]() if self.broken in changes else speech


@pytest.mark.parametrize(
    ("broken", "check"),
    [
        ("twice", contract.voices_have_names),
        ("language", contract.voices_have_names),
        ("any", contract.no_voice_for_no_language),
        ("double", contract.speaks),
        ("flat", contract.speaks),
        ("loud", contract.speaks),
        ("nan", contract.speaks),
        ("speed", contract.speed_is_honoured),
        ("pitch", contract.pitch_is_heard),
        ("phonemes", contract.phonemes_are_heard),
        ("marks", contract.marks_are_words),
        ("unknown", contract.unknown_voices_are_refused),
        ("silence", contract.nothing_is_refused),
        ("raises", contract.nothing_is_refused),
        ("cut", contract.longest_text_is_spoken),
        ("random", contract.repeats),
        ("print", contract.fingerprint_is_stable),
    ],
)
def test_a_broken_promise_is_told(broken: str, check: contract.Check) -> None:
    engine = Odd(broken)
    (answer,) = contract.ask(contract.Asked(engine, "fake"), (check,))
    assert not answer.kept
    assert answer.told


def test_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert contract.main(["fake"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("fake:fake\n")
    assert f"{len(contract.CHECKS)} of {len(contract.CHECKS)} promises are kept" in out
    assert contract.main(["fak"]) == 2
    assert "did you mean 'fake'?" in capsys.readouterr().err
