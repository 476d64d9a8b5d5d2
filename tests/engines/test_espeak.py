"""espeak: repeatable whatever happens, exact about voices, deaf to markup, and tidy."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from voicecoach.engines import espeak as module
from voicecoach.engines import espeak_files
from voicecoach.engines.base import Phonemes, SpeechRequest
from voicecoach.engines.espeak import EspeakEngine
from voicecoach.errors import EngineError, SpeechError, VoiceUnknownError
from voicecoach.library import Library

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


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal")
def test_children_killed_between_cues_and_in_them(engine: EspeakEngine) -> None:
    long = " ".join(CUES)
    before = [speak(engine, text) for text in (long, CUES[4])]
    assert engine._held is not None
    pool = engine._held.pool

    def kill() -> None:
        for child in tuple(pool._all):
            os.kill(child.pid, signal.SIGKILL)

    for wait_s in (0.0, 0.005, 0.015):
        threading.Timer(wait_s, kill).start()
        assert [speak(engine, text) for text in (long, CUES[4])] == before
    kill()
    with ThreadPoolExecutor(3) as threads:
        assert set(threads.map(lambda text: speak(engine, text), [CUES[4]] * 6)) == {before[1]}


def test_temporary_folder_named_by_the_environment(tmp_path: Path) -> None:
    """Where TMPDIR cannot be written Python takes another; where nothing can, that is told."""
    (tmp_path / "file").touch()
    code = (
        "import sys, tempfile\n"
        "if len(sys.argv) > 1: tempfile._candidate_tempdir_list = lambda: [sys.argv[1]]\n"
        "from voicecoach.engines import base, espeak\n"
        "try: print(len(espeak.EspeakEngine().speak(base.SpeechRequest('One.', 'en-us')).samples))\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    place = str(tmp_path / "file")
    said = [
        subprocess.run(
            [sys.executable, "-c", code, *only],
            env=os.environ | {"TMPDIR": place},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for only in ([], [place])
    ]
    assert int(said[0]) > 5000
    assert said[1].startswith("EngineError the temporary folder cannot be written")


def test_long_texts_and_none(engine: EspeakEngine) -> None:
    text = ("breathe in and out. " * 250)[:5000]
    whole = engine.speak(SpeechRequest(text, "en-us", 2.0))
    assert len(whole.marks) == 1000
    assert len(whole.samples) > 100 * whole.rate_hz
    for text in ("", " \n\t", "…", "---", "a" * 5001):
        with pytest.raises(SpeechError):
            engine.speak(SpeechRequest(text, "en-us"))


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


def lexicon() -> Iterator[tuple[str, str, str]]:
    """Voice, word and IPA of each entry of ours."""
    library = Library()
    for language, voices in (("en", ["en-us", "en-gb"]), ("de", ["de"]), ("es", ["es"])):
        for entry in library.lexicon(language):
            if entry.ipa:
                for voice in voices:
                    yield voice, entry.word, entry.ipa


def told_ipa(engine: EspeakEngine, request: SpeechRequest) -> str:
    """Ask espeak-ng itself what it says for the sounds of a request."""
    opened = engine._open()
    text = engine._reading(opened, request).text
    question = {
        **module._question("sounds", opened.library, opened.data),
        "voice": opened.voices[request.voice].identifier,
        "names": re.findall(r"\[\[(.*?)\]\]", text),
    }
    return " ".join(opened.pool.ask(question).header["ipa"])


def alike(ipa: str) -> str:
    """Leave out what voices of one language differ in: places of stress, length, kinds of r, t between vowels …"""
    pairs = {"ɝ": "ɜ", "ɚ": "ə", "ɑ": "a", "æ": "a", "əʊ": "oʊ", "ɾ": "t", "i̯": "j", "β": "b", "ð": "d", "ɪ": "i"}
    for one, other in pairs.items():
        ipa = ipa.replace(one, other)
    return re.sub("[ˈˌːɹr.\u0329\\s]", "", ipa)


def test_each_entry_of_the_lexicon_is_said_as_it_says(engine: EspeakEngine) -> None:
    entries = list(lexicon())
    assert len(entries) > 100
    for voice, word, ipa in entries:
        request = SpeechRequest(f"Now {word}.", voice, phonemes=(Phonemes(4, 4 + len(word), ipa),))
        speech = engine.speak(request)
        assert 0.3 < len(speech.samples) / speech.rate_hz < 5.0
        said = told_ipa(engine, request)
        # A tap that stands for a t is written for an r, too: Spanish and German r.
        assert alike(said).replace("t", "") == alike(ipa).replace("t", ""), (voice, word, ipa, said)
        assert sum(map(said.count, "ˈ")) >= len(ipa.split()), (voice, word, said)


def test_sounds_that_a_language_has_not(engine: EspeakEngine) -> None:
    def said(voice: str, ipa: str) -> str:
        return told_ipa(engine, SpeechRequest("x", voice, phonemes=(Phonemes(0, 1, ipa),)))

    assert said("de", "ˈkæt") == "kˈɛt"
    assert said("en-us", "ˈtyːɐ̯") == "tˈuːə"
    assert said("de", "ˈθɪŋ") == "θˈɪŋ"
    assert said("en-gb", "ˈhɑːrd ɝːv") == "hˈɑːd ˈɜːv"  # no r before a consonant
    assert said("en-us", "sˈo͡ʊ.æs") == said("en-us", "s'oʊæs") == "sˈoʊæs"
    for ipa, told in (("sol5", "'5'"), ("ɧa", "'ɧ'"), ("ˈˌ", "no sound"), ("[[a", r"'\['")):
        with pytest.raises(SpeechError, match=told):
            said("en-us", ipa)


def test_words_are_found_beside_phonemes(engine: EspeakEngine) -> None:
    text = "[[ The psoas's end, the erector spinae ]] and pre-psoas [[h@l'oU]]."
    sounds = [("psoas", "ˈsoʊəs"), ("erector spinae", "ɪˈrɛktɚ ˈspaɪniː"), ("psoas", "ˈsoʊəs")]
    found, at = [], 0
    for word, ipa in sounds:
        at = text.index(word, at)
        found.append(Phonemes(at, at + len(word), ipa))
        at += len(word)
    speech = engine.speak(SpeechRequest(text, "en-us", phonemes=tuple(found)))
    words = [text[mark.start : mark.end] for mark in speech.marks]
    assert words[:9] == ["The", "psoas", "end", "the", "erector", "spinae", "and", "pre", "psoas"]
    plain = engine.speak(SpeechRequest(text, "en-us"))
    assert len(speech.samples) == pytest.approx(len(plain.samples), rel=0.15)  # the author's brackets begin no phonemes


@pytest.mark.slow
def test_phonemes_in_every_language(engine: EspeakEngine) -> None:
    mute = []
    for info in engine.voices():
        try:
            engine.speak(SpeechRequest("a b", info.name, phonemes=(Phonemes(2, 3, "ˈmano"),)))
        except SpeechError:
            mute.append(info.name)
    assert set(mute) <= {"kl", "mto"}  # espeak-ng crashes when asked for the sounds of kl


def pitch_hz(samples: np.ndarray, rate_hz: int) -> float:
    """Return the median pitch of what is voiced, by autocorrelation."""
    found = []
    for start in range(0, len(samples) - 2048, 512):
        part = samples[start : start + 2048] * np.hanning(2048)
        echo = np.fft.irfft(np.abs(np.fft.rfft(part, 4096)) ** 2)
        lowest, highest = rate_hz // 500, rate_hz // 40
        at = lowest + int(echo[lowest:highest].argmax())
        if echo[0] > 0.05 and echo[at] > 0.6 * echo[0]:
            found.append(rate_hz / at)
    return float(np.median(found))


@pytest.mark.parametrize("voice", ["en-us", "en-us+f3", "de"])
def test_pitch(engine: EspeakEngine, voice: str) -> None:
    text = "Many women are now moving along a long lane."

    def spoken(pitch_st: float) -> tuple[float, int]:
        speech = engine.speak(SpeechRequest(text, voice, pitch_st=pitch_st))
        return pitch_hz(speech.samples[:, 0], speech.rate_hz), len(speech.samples)

    own_hz, own_length = spoken(0.0)
    for asked, heard in ((-12, -6.6), (-4, -4), (-2, -2), (2, 2), (4, 4), (6, 6), (12, 8.8)):
        hz, length = spoken(asked)
        assert 12 * np.log2(hz / own_hz) == pytest.approx(heard, abs=1.1 if voice == "en-us+f3" else 0.5), asked
        assert length == pytest.approx(own_length, rel=0.02)
    for asked in (12.1, -13.0, float("nan")):
        with pytest.raises(SpeechError, match="semitones"):
            spoken(asked)


def test_variants(engine: EspeakEngine) -> None:
    assert {"f1", "f5", "m1", "m8", "whisper"} <= set(engine.variants())
    with pytest.raises(VoiceUnknownError, match="no variant 'whispr'") as caught:
        engine.fingerprint("en-us+whispr")
    assert "whisper" in str(caught.value.hint)
    with pytest.raises(VoiceUnknownError) as caught:
        engine.speak(SpeechRequest("One.", "de+"))
    assert "f1, f2" in str(caught.value.hint)


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
