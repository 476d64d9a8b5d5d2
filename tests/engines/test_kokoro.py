"""kokoro: the real package with a tiny model, whose sound depends on the text, the style and the speed."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.engines.tiny_onnx import KOKORO_STYLES, kokoro_model, piper_model, write_kokoro_voices, write_piper_voice
from voicecoach.engines.base import Phonemes, Speech, SpeechRequest
from voicecoach.engines.kokoro import KokoroEngine
from voicecoach.engines.piper import PiperEngine
from voicecoach.errors import EngineError, SpeechError, VoiceUnknownError

CUE = "Kneel on your left knee. Place your right foot flat on the floor in front of you."
MODEL, VOICES = "kokoro-v1.0.onnx", "voices-v1.0.bin"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICECOACH_DATA", str(tmp_path))
    monkeypatch.delenv("VOICECOACH_KOKORO", raising=False)
    return tmp_path / "voices" / "kokoro"


@pytest.fixture
def engine(folder: Path) -> Iterator[KokoroEngine]:
    write_kokoro_voices(folder)
    engine = KokoroEngine()
    yield engine
    engine.close()


def length_s(speech: Speech) -> float:
    return len(speech.samples) / speech.rate_hz


def digest(speech: Speech) -> str:
    return hashlib.sha256(speech.samples.tobytes()).hexdigest()


def test_voices_and_their_languages(engine: KokoroEngine) -> None:
    languages = {voice.name: voice.language for voice in engine.voices()}
    assert set(languages) == set(KOKORO_STYLES)
    assert (languages["af_heart"], languages["bm_george"], languages["ff_siwis"]) == ("en-us", "en-gb", "fr-fr")
    assert (languages["pf_dora"], languages["jf_alpha"], languages["zf_xiaobei"]) == ("pt-br", "ja", "zh")
    assert next(voice.description for voice in engine.voices() if voice.name == "bm_george") == "George, man"


def test_the_default_voice(engine: KokoroEngine) -> None:
    wanted = {"en": "af_heart", "en_US": "af_heart", "en-gb": "bf_emma", "es-mx": "ef_dora", "fr": "ff_siwis"}
    assert {language: engine.default_voice(language) for language in wanted} == wanted
    assert engine.default_voice("de") is None
    assert engine.default_voice("pt") == "pf_dora"


def test_nothing_installed_tells_how_to_get_it(folder: Path) -> None:
    engine = KokoroEngine()
    assert engine.voices() == ()
    calls: tuple[Callable[[], object], ...] = (
        lambda: engine.default_voice("en"),
        lambda: engine.fingerprint("af_heart"),
        lambda: engine.speak(SpeechRequest(CUE, "af_heart")),
    )
    for call in calls:
        with pytest.raises(EngineError, match=r"no kokoro voice is installed(.|\n)*voicecoach voices install kokoro"):
            call()


def test_a_variable_names_more_folders(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_kokoro_voices(tmp_path / "elsewhere" / "v1.0")
    monkeypatch.setenv("VOICECOACH_KOKORO", str(tmp_path / "elsewhere"))
    assert KokoroEngine().default_voice("en") == "af_heart"


def test_speaks(engine: KokoroEngine) -> None:
    speech = engine.speak(SpeechRequest(CUE, "af_heart"))
    assert (speech.rate_hz, speech.samples.dtype, speech.samples.shape[1]) == (24_000, np.float32, 1)
    assert 3 < length_s(speech) < 11
    assert 0.05 < np.abs(speech.samples).max() < 1.0


def test_speed_is_the_length_over_the_whole_range(engine: KokoroEngine) -> None:
    lengths = [length_s(engine.speak(SpeechRequest(CUE, "af_heart", speed))) for speed in (0.5, 1.0, 2.0)]
    assert lengths[0] / lengths[1] == pytest.approx(2.0, rel=0.02)
    assert lengths[1] / lengths[2] == pytest.approx(2.0, rel=0.02)


def test_a_pace_of_ones_own(engine: KokoroEngine, folder: Path) -> None:
    usual, named = length_s(engine.speak(SpeechRequest(CUE, "af_heart"))), engine.fingerprint("af_heart")
    (folder / "pace.json").write_text(json.dumps({"af_heart": 1.25}))
    assert usual / length_s(engine.speak(SpeechRequest(CUE, "af_heart"))) == pytest.approx(1.25, rel=0.02)
    assert engine.fingerprint("af_heart") != named
    assert length_s(engine.speak(SpeechRequest(CUE, "bm_george"))) == pytest.approx(usual, rel=0.01)


def test_other_voices_and_other_texts_are_other_sound(engine: KokoroEngine) -> None:
    requests = [("Lift your arm.", "af_heart"), ("Lift your leg.", "af_heart"), ("Lift your arm.", "am_michael")]
    assert len({digest(engine.speak(SpeechRequest(*request))) for request in requests}) == 3
    assert len({engine.fingerprint(voice) for voice in KOKORO_STYLES}) == len(KOKORO_STYLES)


def test_phonemes_sound_as_they_are_written(engine: KokoroEngine) -> None:
    text = "Stretch the psoas, now. And hold."
    plain = engine.speak(SpeechRequest(text, "af_heart"))
    marked = engine.speak(SpeechRequest(text, "af_heart", phonemes=(Phonemes(12, 17, "ˈsoʊæs"),)))
    assert digest(plain) != digest(marked)
    as_espeak = engine.speak(SpeechRequest(text, "af_heart", phonemes=(Phonemes(12, 17, "sˈoʊəz"),)))
    assert digest(plain) == digest(as_espeak), "what is around them is said as if they stood in one sentence"
    with pytest.raises(SpeechError, match="no sound 'ж'"):
        engine.speak(SpeechRequest("frog", "af_heart", phonemes=(Phonemes(0, 4, "жaba"),)))


def test_brackets_of_an_author_say_nothing(engine: KokoroEngine) -> None:
    said = digest(engine.speak(SpeechRequest("say test now", "af_heart")))
    for text in ("say [[test]] now", "say (test) now", "say {[ test ]} now"):
        assert digest(engine.speak(SpeechRequest(text, "af_heart"))) == said


def test_espeak_flags_of_languages_are_not_said(engine: KokoroEngine) -> None:
    engine.speak(SpeechRequest("Go.", "hf_alpha"))
    assert engine._loaded is not None
    kokoro = next(iter(engine._loaded.paced.values()))
    assert "(en)" in kokoro.tokenizer.phonemize("hello", "hi")
    fed: list[str] = []
    create = kokoro.create
    kokoro.create = lambda text, *more, **named: (fed.append(text), create(text, *more, **named))[1]
    engine.speak(SpeechRequest("hello", "hf_alpha"))
    assert fed
    assert "(" not in fed[0]


def test_the_same_in_other_processes_and_threads(engine: KokoroEngine) -> None:
    cues = [(CUE, "af_heart"), ("Now change sides.", "bm_george"), ("Cambia de lado.", "ef_dora")]
    first = [digest(engine.speak(SpeechRequest(*cue))) for cue in cues]
    with ThreadPoolExecutor(4) as threads:
        again = list(threads.map(lambda cue: digest(engine.speak(SpeechRequest(*cue))), cues * 12))
    assert again == first * 12
    program = (
        "import hashlib, sys\nfrom voicecoach.engines.base import SpeechRequest\n"
        "from voicecoach.engines.kokoro import KokoroEngine\nengine = KokoroEngine()\n"
        "for at in range(1, len(sys.argv), 2):\n"
        "    samples = engine.speak(SpeechRequest(sys.argv[at], sys.argv[at + 1])).samples\n"
        "    print(hashlib.sha256(samples.tobytes()).hexdigest())\n"
        "print(engine.fingerprint('af_heart'))\n"
    )
    command = [sys.executable, "-c", program, *(part for cue in reversed(cues) for part in cue)]
    for _ in range(2):
        fresh = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
        assert fresh.stdout.split() == [*reversed(first), *engine.fingerprint("af_heart").split()]
        assert fresh.stderr == ""


def test_beside_piper_in_one_process(engine: KokoroEngine, tmp_path: Path) -> None:
    write_piper_voice(tmp_path / "voices" / "piper")
    piper = PiperEngine()
    calls: list[Callable[[], str]] = [
        lambda: digest(engine.speak(SpeechRequest(CUE, "bf_emma"))),
        lambda: digest(piper.speak(SpeechRequest(CUE, "en_US-tiny-low"))),
        lambda: digest(engine.speak(SpeechRequest("Mantén la posición.", "ef_dora"))),
    ]
    first = [call() for call in calls]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda call: call(), calls * 10)) == first * 10
    piper.close()


def test_the_fingerprint_names_the_files(engine: KokoroEngine, folder: Path) -> None:
    before = engine.fingerprint("af_heart")
    model = folder / MODEL
    model.write_bytes(model.read_bytes().replace(b"tiny", b"TINY"))
    other_model = engine.fingerprint("af_heart")
    np.savez(folder / "new.npz", af_heart=np.full((510, 1, 256), 3.0, np.float32))
    (folder / "new.npz").replace(folder / VOICES)
    assert len({before, other_model, engine.fingerprint("af_heart")}) == 3
    assert [voice.name for voice in engine.voices()] == ["af_heart"]


@pytest.mark.parametrize("content", [b"", b"<html>404</html>", kokoro_model().SerializeToString()[:700]])
def test_a_damaged_model(engine: KokoroEngine, folder: Path, content: bytes) -> None:
    (folder / MODEL).write_bytes(content)
    with pytest.raises(EngineError, match=f"{MODEL} cannot be loaded(.|\n)*voices install kokoro"):
        engine.speak(SpeechRequest(CUE, "af_heart"))


def test_a_model_of_another_kind(engine: KokoroEngine, folder: Path) -> None:
    (folder / MODEL).write_bytes(piper_model().SerializeToString())
    with pytest.raises(EngineError, match="is no kokoro model: it takes input, input_lengths, scales"):
        engine.speak(SpeechRequest(CUE, "af_heart"))


@pytest.mark.parametrize("share", [0.0, 0.5, 0.98])
def test_damaged_voices(engine: KokoroEngine, folder: Path, share: float) -> None:
    whole = (folder / VOICES).read_bytes()
    for content in (whole[: int(share * len(whole))], b"<html>404</html>"):
        (folder / VOICES).write_bytes(content)
        for call in (engine.voices, lambda: engine.speak(SpeechRequest(CUE, "af_heart"))):
            with pytest.raises(EngineError, match=f"{VOICES} cannot be read(.|\n)*voices install kokoro"):
                call()


def test_voices_damaged_within(engine: KokoroEngine, folder: Path) -> None:
    content = bytearray((folder / VOICES).read_bytes())
    at = content.index(b"af_bella.npy") + 40
    content[at : at + 200] = bytes(200)
    (folder / VOICES).write_bytes(content)
    with pytest.raises(EngineError, match=f"{VOICES} is damaged"):
        engine.speak(SpeechRequest(CUE, "af_bella"))


def test_voices_of_another_shape(engine: KokoroEngine, folder: Path) -> None:
    with (folder / VOICES).open("wb") as file:
        np.savez(file, af_heart=np.zeros((3, 4), np.float32))
    with pytest.raises(EngineError, match="af_heart is no voice"):
        engine.fingerprint("af_heart")


def test_an_unknown_voice(engine: KokoroEngine) -> None:
    for wrong, meant in (("af_haert", "af_heart"), ("george", "bm_george"), ("AF_HEART", "af_heart")):
        with pytest.raises(VoiceUnknownError, match=f"did you mean '{meant}'"):
            engine.speak(SpeechRequest(CUE, wrong))
    for name in ("", "nobody", "../en"):
        with pytest.raises(VoiceUnknownError):
            engine.fingerprint(name)


@pytest.mark.parametrize(
    "text", ["Grüße, öffne die Hüfte — langsam …", "Привет! 你好", "a\0b \x1b c", "lone \ud800 here", "a", "8", "(go)"]
)
def test_odd_texts_are_spoken(engine: KokoroEngine, text: str) -> None:
    assert 0.05 < length_s(engine.speak(SpeechRequest(text, "af_heart"))) < 30


@pytest.mark.parametrize("text", ["", "  \n", "…", "---", "\ud800"])
def test_nothing_to_say(engine: KokoroEngine, text: str) -> None:
    with pytest.raises(SpeechError):
        engine.speak(SpeechRequest(text, "af_heart"))


@pytest.mark.parametrize("piece", ["breathe in and out ", "Breathe in. Now out. ", "breathe, in, and, out ", "ab"])
def test_long_texts_are_spoken_in_parts(engine: KokoroEngine, piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.speak(SpeechRequest("Go.", "af_heart"))
    assert engine._loaded is not None
    kokoro = next(iter(engine._loaded.paced.values()))
    assert kokoro.voices.fid is None, "the package's own hold on the file was let go"
    fed: list[str] = []
    create = kokoro.create
    monkeypatch.setattr(kokoro, "create", lambda text, *more, **how: (fed.append(text), create(text, *more, **how))[1])
    text = (piece * 5000)[:5000]
    assert length_s(engine.speak(SpeechRequest(text, "af_heart", 2.0))) > 30
    assert 300 < max(map(len, fed)) <= 480


def test_a_model_that_fails_while_it_speaks(engine: KokoroEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.speak(SpeechRequest("Go.", "af_heart"))
    assert engine._loaded is not None

    def run(*_: object) -> None:
        raise RuntimeError("out of memory\nand more")

    kokoro = next(iter(engine._loaded.paced.values()))
    monkeypatch.setattr(kokoro.sess, "run", run)
    with pytest.raises(SpeechError, match=r"kokoro cannot speak 'Now change sides\.': out of memory$"):
        engine.speak(SpeechRequest("Now change sides.", "af_heart"))


def test_without_the_package(engine: KokoroEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kokoro_onnx", None)
    calls: tuple[Callable[[], object], ...] = (
        engine.voices,
        lambda: engine.default_voice("en"),
        lambda: engine.fingerprint("af_heart"),
        lambda: engine.speak(SpeechRequest(CUE, "af_heart")),
    )
    for call in calls:
        with pytest.raises(EngineError, match=r"kokoro is not installed(.|\n)*pip install 'voicecoach\[kokoro\]'"):
            call()


def test_listing_imports_nothing_heavy(engine: KokoroEngine) -> None:
    program = (
        "import sys\nfrom voicecoach.engines.kokoro import KokoroEngine\nengine = KokoroEngine()\n"
        "assert engine.voices() and engine.default_voice('en')\nengine.fingerprint('af_heart')\n"
        "print(sorted({'kokoro_onnx', 'onnxruntime', 'phonemizer'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"
