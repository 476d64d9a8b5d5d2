"""Recordings of the author's own, found by words, by a list or by role; another voice says the rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voicecoach.config import DATA_VARIABLE
from voicecoach.engines.base import Speech, SpeechRequest
from voicecoach.engines.fake import FakeEngine
from voicecoach.engines.recorded import RecordedEngine, loudness_lufs, words_of
from voicecoach.errors import EngineError, SpeechError, VoiceUnknownError
from voicecoach.model.clip import Clip
from voicecoach.sound.resample import resample

SAMPLE = "Kneel on your left knee, and place your right foot flat on the floor in front of you."


def tone(hz: float, length_s: float, rate_hz: int = 44100, level: float = 0.05, channels: int = 2) -> np.ndarray:
    times = np.arange(round(length_s * rate_hz)) / rate_hz
    one = level * np.sin(2 * np.pi * hz * times)
    return np.repeat(one[:, None], channels, axis=1).astype(np.float32)


def pitch_hz(speech: Speech) -> float:
    spectrum = np.abs(np.fft.rfft(speech.samples[:, 0]))
    return float(np.fft.rfftfreq(len(speech.samples), 1 / speech.rate_hz)[int(spectrum.argmax())])


@pytest.fixture
def kim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a voice ``kim`` whose rest is said by the fake voice."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    folder = tmp_path / "voices" / "recorded" / "kim"
    (folder / "roles").mkdir(parents=True)
    (folder / "voice.toml").write_text('otherwise = "fake"\nlanguage = "en"\n', encoding="utf-8")
    soundfile.write(folder / "change-sides.wav", np.pad(tone(440, 1.0), ((20000, 9000), (0, 0))), 44100)
    return folder


@pytest.fixture
def engine() -> Iterator[RecordedEngine]:
    made = RecordedEngine()
    yield made
    made.close()


def test_a_recording_is_found_by_its_words_trimmed_and_levelled(kim: Path, engine: RecordedEngine) -> None:
    for text in ("Change sides.", "change sides", "CHANGE SIDES!", "Change – sides…"):
        speech = engine.speak(SpeechRequest(text, "kim"))
        assert speech.rate_hz == 48000
        assert speech.samples.shape[1] == 1
        assert pitch_hz(speech) == pytest.approx(440, abs=2)
        assert len(speech.samples) / 48000 == pytest.approx(1.0, abs=0.03)
    quiet = loudness_lufs(speech.samples)
    fake = FakeEngine()
    other = fake.speak(SpeechRequest(SAMPLE, fake.default_voice("en") or ""))
    resampled = resample(Clip(other.samples, other.rate_hz), 48000).samples
    assert quiet == pytest.approx(loudness_lufs(resampled), abs=0.3)
    soundfile.write(kim / "change-sides.wav", tone(440, 1.0, level=0.5), 44100)
    assert loudness_lufs(engine.speak(SpeechRequest(text, "kim")).samples) == pytest.approx(quiet, abs=0.2)


def test_the_rest_is_said_by_the_other_voice(kim: Path, engine: RecordedEngine) -> None:
    fake = FakeEngine()
    said = engine.speak(SpeechRequest("Kneel on your left knee.", "kim", 1.5))
    own = fake.speak(SpeechRequest("Kneel on your left knee.", fake.default_voice("en") or "", 1.5))
    assert np.array_equal(said.samples, own.samples)


@pytest.mark.parametrize("ending", ["flac", "ogg", "mp3", "aiff"])
def test_any_format(kim: Path, engine: RecordedEngine, ending: str) -> None:
    soundfile.write(kim / f"ten-seconds-left.{ending}", tone(600, 0.8), 44100)
    assert pitch_hz(engine.speak(SpeechRequest("Ten seconds left.", "kim"))) == pytest.approx(600, abs=4)


def test_by_list_and_by_role(kim: Path, engine: RecordedEngine) -> None:
    soundfile.write(kim / "roles" / "halfway.wav", tone(700, 0.5), 44100)
    soundfile.write(kim / "x1.flac", tone(800, 0.5), 44100)
    settings = 'otherwise = "fake"\n[phrases]\n"Half of it done." = "x1.flac"\n'
    (kim / "voice.toml").write_text(settings, encoding="utf-8")
    assert pitch_hz(engine.speak(SpeechRequest("Half of it done.", "kim", role="halfway"))) == pytest.approx(800, abs=4)
    assert pitch_hz(engine.speak(SpeechRequest("Halfway there.", "kim", role="halfway"))) == pytest.approx(700, abs=4)
    assert pitch_hz(engine.speak(SpeechRequest("Halfway there.", "kim"))) != pytest.approx(700, abs=20)


def test_takes_of_a_role_go_by_the_text(kim: Path, engine: RecordedEngine) -> None:
    for number, hz in ((1, 500), (2, 900)):
        soundfile.write(kim / "roles" / f"time-left-{number}.wav", tone(hz, 0.5), 44100)
    texts = [f"{number} seconds left." for number in range(10, 30)]
    heard = [round(pitch_hz(engine.speak(SpeechRequest(text, "kim", role="time left"))) / 100) for text in texts]
    assert set(heard) == {5, 9}
    assert heard == [round(pitch_hz(engine.speak(SpeechRequest(t, "kim", role="time left"))) / 100) for t in texts]


def test_the_fingerprint_is_of_all_that_is_heard(kim: Path, engine: RecordedEngine) -> None:
    first = engine.fingerprint("kim")
    assert engine.fingerprint("kim") == first == RecordedEngine().fingerprint("kim")
    soundfile.write(kim / "change-sides.wav", tone(441, 1.0), 44100)
    second = engine.fingerprint("kim")
    (kim / "voice.toml").write_text('otherwise = "fake:fake-de"\n', encoding="utf-8")
    assert len({first, second, engine.fingerprint("kim")}) == 3


def test_voices_are_listed(kim: Path, engine: RecordedEngine) -> None:
    (voice,) = engine.voices()
    assert (voice.name, voice.language, voice.description) == ("kim", "en", "1 recordings, else fake")
    assert engine.default_voice("en-gb") == "kim"
    assert engine.default_voice("de") is None
    with pytest.raises(VoiceUnknownError, match="no voice 'kin'") as caught:
        engine.speak(SpeechRequest("One.", "kin"))
    assert "kim" in (caught.value.hint or "")
    assert pitch_hz(engine.speak(SpeechRequest("Change sides", str(kim)))) == pytest.approx(440, abs=2)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('othewise = "fake"', "no key 'othewise'"),
        ("[phrases", "cannot be read"),
        ('otherwise = "recorded:kim"', "cannot say the rest for recordings"),
        ('otherwise = "nobody"', "no speech engine 'nobody'"),
        ('[phrases]\n"Go." = "gone.wav"', "no file 'gone.wav'"),
        ('[phrases]\n"Go." = "../../x.wav"', "no file"),
        ("phrases = 3", "no file for a text"),
    ],
)
def test_settings_that_do_not_read(kim: Path, engine: RecordedEngine, settings: str, message: str) -> None:
    (kim / "voice.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(EngineError, match=message):
        engine.speak(SpeechRequest("Change sides.", "kim"))


def test_two_files_that_say_the_same(kim: Path, engine: RecordedEngine) -> None:
    soundfile.write(kim / "Change Sides.flac", tone(440, 0.5), 44100)
    with pytest.raises(EngineError, match="both say 'change sides'"):
        engine.speak(SpeechRequest("Change sides.", "kim"))


@pytest.mark.parametrize("kind", ["text", "silent", "empty"])
def test_a_recording_that_is_none_is_told_with_the_text(kim: Path, engine: RecordedEngine, kind: str) -> None:
    file = kim / "change-sides.wav"
    if kind == "silent":
        soundfile.write(file, np.zeros((20000, 1)), 44100)
    else:
        file.write_bytes(b"no sound" if kind == "text" else b"")
    with pytest.raises(SpeechError, match=r"recording.*'Change sides\.'"):
        engine.speak(SpeechRequest("Change sides.", "kim"))


def test_words_of_a_text() -> None:
    assert words_of("Don’t stop – Größer_2!") == "dont stop grösser 2"
