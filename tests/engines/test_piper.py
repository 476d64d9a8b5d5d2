"""piper: the real package with tiny voices, whose sound depends on the text, the speaker and the settings."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engines.tiny_onnx import kokoro_model, piper_config, piper_model, write_piper_voice
from voicecoach.engines.base import Phonemes, Speech, SpeechRequest
from voicecoach.engines.espeak import EspeakEngine
from voicecoach.engines.neural import PAUSE_S
from voicecoach.engines.piper import PiperEngine
from voicecoach.errors import EngineError, SpeechError, VoiceUnknownError

CUE = "Kneel on your left knee. Place your right foot flat on the floor in front of you."
TINY = "en_US-tiny-low"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICECOACH_DATA", str(tmp_path))
    monkeypatch.delenv("VOICECOACH_PIPER", raising=False)
    return tmp_path / "voices" / "piper"


@pytest.fixture
def engine(folder: Path) -> Iterator[PiperEngine]:
    write_piper_voice(folder)
    engine = PiperEngine()
    yield engine
    engine.close()


def length_s(speech: Speech) -> float:
    return len(speech.samples) / speech.rate_hz


def digest(speech: Speech) -> str:
    return hashlib.sha256(speech.samples.tobytes()).hexdigest()


def rewrite(model: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = model.with_name(f"{model.name}.json")
    config = json.loads(path.read_text())
    change(config)
    path.write_text(json.dumps(config))


def test_voices_are_found_in_the_data_folder_and_below(engine: PiperEngine, folder: Path) -> None:
    write_piper_voice(folder / "de" / "de_DE", "de_DE-thorsten-medium")
    (folder / "notes.onnx.txt").write_text("no voice")
    german, english = engine.voices()
    assert (german.name, german.language, german.quality) == ("de_DE-thorsten-medium", "de-de", "medium")
    assert (english.name, english.language, english.quality) == (TINY, "en-us", "low")
    model = folder / f"{TINY}.onnx"
    assert english.size_bytes == model.stat().st_size + model.with_name(f"{TINY}.onnx.json").stat().st_size


def test_a_variable_names_more_folders(engine: PiperEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_piper_voice(tmp_path / "a", "en_GB-alba-medium")
    write_piper_voice(tmp_path / "b", "de_DE-kerstin-low")
    monkeypatch.setenv("VOICECOACH_PIPER", os.pathsep.join((str(tmp_path / "a"), str(tmp_path / "b"), "/nowhere")))
    assert {voice.name for voice in engine.voices()} == {TINY, "en_GB-alba-medium", "de_DE-kerstin-low"}
    assert length_s(engine.speak(SpeechRequest(CUE, "en_GB-alba-medium"))) > 3


def test_the_default_voice(engine: PiperEngine, folder: Path) -> None:
    assert engine.default_voice("en-gb") == TINY
    assert engine.default_voice("de") is None
    names = ("en_US-amy-medium", "en_US-norman-medium", "en_GB-alba-medium", "de_DE-thorsten-high", "de_DE-eva_k-x_low")
    for name in names:
        write_piper_voice(folder, name)
    assert engine.default_voice("en") == "en_US-norman-medium"
    write_piper_voice(folder, "en_US-kristin-medium")
    assert engine.default_voice("en") == engine.default_voice("en_US") == "en_US-kristin-medium"
    assert engine.default_voice("en-gb") == "en_GB-alba-medium"
    assert engine.default_voice("de-AT") == "de_DE-thorsten-high"


def test_no_voice_at_all_tells_how_to_get_one(folder: Path) -> None:
    engine = PiperEngine()
    assert engine.voices() == ()
    with pytest.raises(EngineError, match="voices install piper:en_US-kristin-medium"):
        engine.default_voice("en")
    with pytest.raises(VoiceUnknownError, match="voices install piper:en_US-amy-low"):
        engine.fingerprint("en_US-amy-low")


def test_speed_one_is_the_pace_of_the_embedded_engine_whatever_the_voice_own(engine: PiperEngine, folder: Path) -> None:
    espeak = EspeakEngine()
    wanted_s = length_s(espeak.speak(SpeechRequest(CUE, "en-us")))
    espeak.close()
    for own in (0.8, 1.0, 1.3):
        name = f"en_US-pace{own}-low"
        rewrite(write_piper_voice(folder, name), lambda config, own=own: config["inference"].update(length_scale=own))
        assert length_s(engine.speak(SpeechRequest(CUE, name))) == pytest.approx(wanted_s, rel=0.08)


def test_speed_is_the_length(engine: PiperEngine) -> None:
    lengths = [length_s(engine.speak(SpeechRequest(CUE, TINY, speed))) for speed in (0.5, 1.0, 2.0)]
    assert lengths[0] / lengths[1] == pytest.approx(2.0, rel=0.01)
    assert lengths[1] / lengths[2] == pytest.approx(2.0, rel=0.01)


def test_a_pace_of_ones_own(engine: PiperEngine, folder: Path) -> None:
    usual, named = length_s(engine.speak(SpeechRequest(CUE, TINY))), engine.fingerprint(TINY)
    (folder / "pace.json").write_text(json.dumps({TINY: 1.25}))
    assert usual / length_s(engine.speak(SpeechRequest(CUE, TINY))) == pytest.approx(1.25, rel=0.02)
    assert engine.fingerprint(TINY) != named
    for wrong in ('{"en_US-tiny-low": 9}', '{"en_US-tiny-low": "quick"}', "[]", "{"):
        (folder / "pace.json").write_text(wrong)
        with pytest.raises(EngineError, match=r"pace\.json"):
            engine.speak(SpeechRequest(CUE, TINY))


def test_other_text_is_other_sound(engine: PiperEngine) -> None:
    one, other = (engine.speak(SpeechRequest(text, TINY)) for text in ("Lift your arm.", "Lift your leg."))
    assert digest(one) != digest(other)


def test_speakers(engine: PiperEngine, folder: Path) -> None:
    write_piper_voice(folder, "en_US-pair-low", speakers=2)
    names = [voice.name for voice in engine.voices()]
    assert names == ["en_US-pair-low", "en_US-pair-low/one", "en_US-pair-low/two", TINY]
    said = {
        spoken: digest(engine.speak(SpeechRequest(CUE, f"en_US-pair-low{spoken}")))
        for spoken in ("", "/one", "/two", "/0", "/1", "/TWO")
    }
    assert said[""] == said["/one"] == said["/0"]
    assert said["/two"] == said["/1"] == said["/TWO"] != said[""]
    assert engine.fingerprint("en_US-pair-low/two") != engine.fingerprint("en_US-pair-low")
    with pytest.raises(VoiceUnknownError, match="did you mean 'two'"):
        engine.speak(SpeechRequest(CUE, "en_US-pair-low/twoo"))
    with pytest.raises(VoiceUnknownError, match="one speaker only"):
        engine.speak(SpeechRequest(CUE, f"{TINY}/0"))


def test_many_speakers_stand_in_the_list_once(engine: PiperEngine, folder: Path) -> None:
    model = write_piper_voice(folder, "en_US-crowd-low", speakers=2)
    rewrite(model, lambda config: config.update(num_speakers=900, speaker_id_map={"3922": 0}))
    crowd = [voice for voice in engine.voices() if voice.name.startswith("en_US-crowd")]
    assert len(crowd) == 1
    assert "900 speakers" in crowd[0].description
    assert digest(engine.speak(SpeechRequest("Go.", "en_US-crowd-low/3922"))) == digest(
        engine.speak(SpeechRequest("Go.", "en_US-crowd-low/0"))
    )
    assert length_s(engine.speak(SpeechRequest("Go.", "en_US-crowd-low/899"))) > 0


def test_phonemes_sound_as_they_are_written(engine: PiperEngine) -> None:
    text = "Stretch the psoas, now. And hold."
    plain = engine.speak(SpeechRequest(text, TINY))
    marked = engine.speak(SpeechRequest(text, TINY, phonemes=(Phonemes(12, 17, "ˈsoʊæs"),)))
    assert digest(plain) != digest(marked)
    as_espeak = engine.speak(SpeechRequest(text, TINY, phonemes=(Phonemes(12, 17, "sˈoʊəz"),)))
    assert digest(plain) == digest(as_espeak), "what is around them is said as if they stood in one sentence"


@pytest.mark.parametrize(
    ("text", "start", "ipa", "same"),
    [
        ("psoas", 0, "ˈt͡ʃæt", "ˈtʃæt"),
        ("psoas", 0, "ˈso.æs", "ˈsoæs"),
        ("psoas", 0, "gɪv", "ɡɪv"),
        ("psoas", 0, "ˈʧæt", "ˈtʃæt"),
        ("psoas", 0, "'triː", "ˈtɹiː"),
        ("psoas", 0, "ˈtri:", "ˈtɹiː"),
        ("psoas", 0, "ˈtʰɹi̞ː", "ˈtʰɹiː"),
    ],
)
def test_ipa_is_read_as_dictionaries_write_it(engine: PiperEngine, text: str, start: int, ipa: str, same: str) -> None:
    one, other = (
        engine.speak(SpeechRequest(text, TINY, phonemes=(Phonemes(start, len(text), sound),))) for sound in (ipa, same)
    )
    assert digest(one) == digest(other)


def test_a_sound_that_the_voice_lacks_is_told(engine: PiperEngine) -> None:
    with pytest.raises(SpeechError, match=r"no sound 'ж', as in the phonemes /жaba/"):
        engine.speak(SpeechRequest("frog", TINY, phonemes=(Phonemes(0, 4, "жaba"),)))


def test_brackets_of_an_author_are_no_phonemes(engine: PiperEngine) -> None:
    said = digest(engine.speak(SpeechRequest("say test now", TINY)))
    for text in ("say [[test]] now", "say [[ test ]] now", "say [[[[test]]]] now"):
        assert digest(engine.speak(SpeechRequest(text, TINY))) == said


def test_a_pause_stands_between_sentences(engine: PiperEngine) -> None:
    speech = engine.speak(SpeechRequest("Hold. Go.", TINY))
    loud = np.flatnonzero(np.abs(speech.samples[:, 0]) > 0.001)
    longest_s = np.diff(loud).max() / speech.rate_hz
    assert PAUSE_S <= longest_s < PAUSE_S + 0.1


def test_the_same_in_other_processes_and_threads(engine: PiperEngine, folder: Path) -> None:
    write_piper_voice(folder, "de_DE-tiny-low")
    cues = [(CUE, TINY), ("Now change sides.", TINY), ("Jetzt die Seite wechseln.", "de_DE-tiny-low")]
    first = [digest(engine.speak(SpeechRequest(*cue))) for cue in cues]
    with ThreadPoolExecutor(4) as threads:
        again = list(threads.map(lambda cue: digest(engine.speak(SpeechRequest(*cue))), cues * 20))
    assert again == first * 20
    program = (
        "import hashlib, sys\nfrom voicecoach.engines.base import SpeechRequest\n"
        "from voicecoach.engines.piper import PiperEngine\nengine = PiperEngine()\n"
        "for at in range(1, len(sys.argv), 2):\n"
        "    samples = engine.speak(SpeechRequest(sys.argv[at], sys.argv[at + 1])).samples\n"
        "    print(hashlib.sha256(samples.tobytes()).hexdigest())\n"
        f"print(engine.fingerprint('{TINY}'))\n"
    )
    command = [sys.executable, "-c", program, *(part for cue in reversed(cues) for part in cue)]
    for _ in range(2):
        fresh = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
        assert fresh.stdout.split() == [*reversed(first), engine.fingerprint(TINY)]
        assert fresh.stderr == ""


def test_the_fingerprint_names_the_files(engine: PiperEngine, folder: Path) -> None:
    before = engine.fingerprint(TINY)
    assert engine.fingerprint(TINY) == before
    said = digest(engine.speak(SpeechRequest(CUE, TINY)))
    rewrite(folder / f"{TINY}.onnx", lambda config: config["audio"].update(sample_rate=22050))
    papers = engine.fingerprint(TINY)
    model = folder / f"{TINY}.onnx"
    model.write_bytes(model.read_bytes().replace(b"tiny", b"TINY"))
    assert len({before, papers, engine.fingerprint(TINY)}) == 3
    assert engine.speak(SpeechRequest(CUE, TINY)).rate_hz == 22050
    assert digest(engine.speak(SpeechRequest(CUE, TINY))) != said, "a voice that was exchanged is loaded again"


@pytest.mark.parametrize("content", [b"", b"<html>404</html>", piper_model().SerializeToString()[:700]])
def test_a_damaged_model(engine: PiperEngine, folder: Path, content: bytes) -> None:
    (folder / f"{TINY}.onnx").write_bytes(content)
    with pytest.raises(EngineError, match=f"{TINY}.onnx cannot be loaded(.|\n)*voices install piper:{TINY}"):
        engine.speak(SpeechRequest(CUE, TINY))


def test_a_model_of_another_kind(engine: PiperEngine, folder: Path) -> None:
    (folder / f"{TINY}.onnx").write_bytes(kokoro_model().SerializeToString())
    with pytest.raises(EngineError, match="is no piper voice: it takes no input"):
        engine.speak(SpeechRequest(CUE, TINY))


def test_papers_for_more_speakers_than_the_model_has(engine: PiperEngine, folder: Path) -> None:
    rewrite(folder / f"{TINY}.onnx", lambda config: config.update(num_speakers=3))
    with pytest.raises(EngineError, match="it takes no sid"):
        engine.speak(SpeechRequest(CUE, TINY))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda config: config["audio"].pop("sample_rate"), r"audio\.sample_rate"),
        (lambda config: config["audio"].update(sample_rate="22 kHz"), r"audio\.sample_rate"),
        (lambda config: config.pop("phoneme_id_map"), "phoneme_id_map"),
        (lambda config: config.update(phoneme_id_map={"a": [1]}), "phoneme_id_map"),
        (lambda config: config.update(espeak=[]), r"espeak\.voice"),
        (lambda config: config["espeak"].update(voice="xx-none"), "xx-none"),
    ],
)
def test_damaged_papers(
    engine: PiperEngine, folder: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    rewrite(folder / f"{TINY}.onnx", change)
    with pytest.raises(EngineError, match=f"{TINY}.onnx.json.*{said}"):
        engine.speak(SpeechRequest(CUE, TINY))


def test_one_damaged_voice_does_not_hide_the_others(engine: PiperEngine, folder: Path) -> None:
    broken = write_piper_voice(folder, "en_US-kristin-medium")
    broken.with_name(f"{broken.name}.json").write_text("{")
    assert [voice.name for voice in engine.voices()] == [TINY]
    assert engine.default_voice("en") == TINY
    with pytest.raises(EngineError, match="is no JSON"):
        engine.fingerprint("en_US-kristin-medium")


def test_missing_papers(engine: PiperEngine, folder: Path) -> None:
    (folder / f"{TINY}.onnx.json").unlink()
    assert engine.voices() == ()
    for call in (lambda: engine.speak(SpeechRequest(CUE, TINY)), lambda: engine.default_voice("en")):
        with pytest.raises(EngineError, match=r"onnx\.json cannot be read: No such file(.|\n)*voices install"):
            call()


def test_a_model_that_fails_while_it_speaks(engine: PiperEngine, folder: Path) -> None:
    config = piper_config(TINY)
    config["phoneme_id_map"] = {symbol: [*ids, 2**63 - 1] for symbol, ids in config["phoneme_id_map"].items()}
    config["phoneme_id_map"]["n"] = [2**70]
    (folder / f"{TINY}.onnx.json").write_text(json.dumps(config))
    with pytest.raises(SpeechError, match=r"piper cannot speak 'Now change sides\.'"):
        engine.speak(SpeechRequest("Now change sides.", TINY))


def test_an_unknown_voice(engine: PiperEngine) -> None:
    with pytest.raises(VoiceUnknownError, match="did you mean 'en_US-tiny-low'"):
        engine.speak(SpeechRequest(CUE, "en_US-tyni-low"))
    for name in ("", "nobody", "../en"):
        with pytest.raises(VoiceUnknownError):
            engine.fingerprint(name)


@pytest.mark.parametrize(
    "text", ["Grüße, öffne die Hüfte — langsam …", "Привет! 你好", "a\0b \x1b c", "lone \ud800 here", "a", "8", "(go)"]
)
def test_odd_texts_are_spoken(engine: PiperEngine, text: str) -> None:
    assert 0.05 < length_s(engine.speak(SpeechRequest(text, TINY))) < 30


@pytest.mark.parametrize("text", ["", "  \n", "…", "---", "\ud800"])
def test_nothing_to_say(engine: PiperEngine, text: str) -> None:
    with pytest.raises(SpeechError):
        engine.speak(SpeechRequest(text, TINY))


@pytest.mark.parametrize("piece", ["breathe in and out ", "Breathe in. Now out. ", "breathe, in, and, out ", "ab"])
def test_long_texts_are_spoken_in_parts(engine: PiperEngine, piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.speak(SpeechRequest("Go.", TINY))
    longest = []
    voice = next(iter(engine._loaded.values())).voice
    run = voice.phoneme_ids_to_audio
    monkeypatch.setattr(voice, "phoneme_ids_to_audio", lambda ids, how: (longest.append(len(ids)), run(ids, how))[1])
    text = (piece * 5000)[:5000]
    assert length_s(engine.speak(SpeechRequest(text, TINY, 2.0))) > 30
    assert max(longest) <= 2 * 400 + 3


def test_a_loud_voice_is_not_clipped(engine: PiperEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.speak(SpeechRequest("Go.", TINY))
    voice = next(iter(engine._loaded.values())).voice
    run = voice.phoneme_ids_to_audio
    usual = engine.speak(SpeechRequest("Now change sides.", TINY)).samples
    monkeypatch.setattr(voice, "phoneme_ids_to_audio", lambda ids, how: 20 * run(ids, how))
    loud = engine.speak(SpeechRequest("Now change sides.", TINY)).samples
    assert np.abs(loud).max() < 1.0
    np.testing.assert_allclose(loud / np.abs(loud).max(), usual / np.abs(usual).max(), atol=1e-3)


@pytest.mark.parametrize("wrong", [0.0, np.nan])
def test_silence_and_damaged_sound_are_faults(
    engine: PiperEngine, monkeypatch: pytest.MonkeyPatch, wrong: float
) -> None:
    engine.speak(SpeechRequest("Go.", TINY))
    voice = next(iter(engine._loaded.values())).voice
    run = voice.phoneme_ids_to_audio
    monkeypatch.setattr(voice, "phoneme_ids_to_audio", lambda ids, how: wrong * run(ids, how))
    with pytest.raises(SpeechError, match=r"for 'Now change sides\.'"):
        engine.speak(SpeechRequest("Now change sides.", TINY))


def test_without_the_package(engine: PiperEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "piper", None)
    calls: tuple[Callable[[], object], ...] = (
        engine.voices,
        lambda: engine.default_voice("en"),
        lambda: engine.fingerprint(TINY),
        lambda: engine.speak(SpeechRequest(CUE, TINY)),
    )
    for call in calls:
        with pytest.raises(EngineError, match=r"piper is not installed(.|\n)*pip install 'voicecoach\[piper\]'"):
            call()
    engine.close()


def test_with_a_package_that_does_not_import(engine: PiperEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(EngineError, match=r"piper is not installed|piper cannot be loaded"):
        engine.speak(SpeechRequest(CUE, TINY))


def test_listing_imports_nothing_heavy(engine: PiperEngine) -> None:
    program = (
        "import sys\nfrom voicecoach.engines.piper import PiperEngine\nengine = PiperEngine()\n"
        "assert engine.voices() and engine.default_voice('en')\nengine.fingerprint(engine.default_voice('en'))\n"
        "print(sorted({'piper', 'onnxruntime'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"
