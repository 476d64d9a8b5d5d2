"""Part ``voices``: how many utterances a second each engine speaks, and what it costs over what it stands on.

piper and kokoro speak with tiny voices of the tests, openai with the tests' server: our own part is measured, not that
of a model. What an engine stands on is called bare, in this process, for the same texts.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench_ours import Settings
from bench_process import ROOT

from voicecoach.config import DATA_VARIABLE
from voicecoach.engines import registry
from voicecoach.engines.base import SpeechRequest
from voicecoach.errors import VoicecoachError

sys.path.insert(0, str(ROOT))  # the tests' tiny voices and server

TEXTS = tuple(
    f"{number} more. {cue}"
    for number in ("Two", "Three", "Four", "Five")
    for cue in ("Kneel on your left knee.", "Now change sides.", "Keep your back straight, and breathe slowly.")
)
ROUNDS = 5
Bare = Callable[[str], object]


@dataclass(frozen=True)
class Measured:
    """What one engine did: utterances a second, medians; ``bare`` is what it stands on, None where that is nothing."""

    engine: str
    one: float
    two: float
    bare: float | None


def bench_voices(settings: Settings) -> Sequence[Measured]:
    """Measure every engine that can be used here, from one thread and from two."""
    folder = settings.folder / "voices-data"
    before = {name: os.environ.get(name) for name in (DATA_VARIABLE, "VOICECOACH_OPENAI_URL")}
    os.environ[DATA_VARIABLE] = str(folder)
    try:
        with _server() as url:
            os.environ["VOICECOACH_OPENAI_URL"] = url
            _write_voices(folder / "voices")
            rounds = 1 if settings.quick else ROUNDS
            return _told([one for spec, bare in _engines(folder, url) if (one := _measured(spec, bare, rounds))])
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _engines(folder: Path, url: str) -> Iterator[tuple[str, Callable[[], Bare] | None]]:
    yield "fake", None
    yield "recorded:kim", None
    yield "espeak:en-us", _bare_espeak
    yield "system", _bare_espeak if sys.platform.startswith("linux") else None
    if shutil.which("flite"):
        yield "command:flite", lambda: _bare_flite(folder / "flite.wav")
    yield "piper:en_US-tiny-low", lambda: _bare_piper(folder)
    yield "kokoro:af_bella", lambda: _bare_kokoro(folder)
    yield "openai:alloy", lambda: _bare_http(url)


def _measured(spec: str, make_bare: Callable[[], Bare] | None, rounds: int) -> Measured | None:
    """Let an engine and what it stands on take turns; None where it cannot be used here."""
    name, _, voice = spec.partition(":")
    engine = None
    try:
        engine = registry.load(name)
        voice = voice or engine.default_voice("en") or ""

        def speak(text: str) -> object:
            return engine.speak(SpeechRequest(text, voice))

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(speak, TEXTS[:4]))  # what is loaded once is loaded now
            bare = make_bare() if make_bare else None
            if bare:
                bare(TEXTS[0])
            ones, twos, bares = [], [], []
            for _ in range(rounds):
                ones.append(_rate(lambda: [speak(text) for text in TEXTS]))
                twos.append(_rate(lambda: list(threads.map(speak, TEXTS))))
                if bare:
                    bares.append(_rate(lambda: [bare(text) for text in TEXTS]))
        return Measured(name, median(ones), median(twos), median(bares) if bares else None)
    except (VoicecoachError, ImportError) as error:
        print(f"{name:10} not here: {error}".splitlines()[0])
        return None
    finally:
        if engine is not None:
            engine.close()


def _rate(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return len(TEXTS) / (time.perf_counter() - start)


def _told(found: Sequence[Measured]) -> Sequence[Measured]:
    print("voices: utterances a second; bare: what the engine stands on, called directly")
    print(f"{'':10}{'1 thread':>12}{'2 threads':>12}{'':8}{'bare':>10}{'over it':>14}")
    for one in found:
        bare = "" if one.bare is None else f"{one.bare:>10,.0f}{1000 / one.one - 1000 / one.bare:>+11.1f} ms"
        print(f"{one.engine:10}{one.one:>12,.0f}{one.two:>12,.0f}{one.two / one.one:>7.2f}×{bare}")
    print(flush=True)
    return found


def _write_voices(folder: Path) -> None:
    """Make the tests' tiny voices, and a voice of recordings for the texts."""
    import numpy as np
    import soundfile

    with contextlib.suppress(ImportError):  # without onnx there are none
        from tests.engines.tiny_onnx import write_kokoro_voices, write_piper_voice

        write_piper_voice(folder / "piper")
        write_kokoro_voices(folder / "kokoro")
    own = folder / "recorded" / "kim"
    own.mkdir(parents=True)
    (own / "voice.toml").write_text('otherwise = "fake"\nlanguage = "en"\n', encoding="utf-8")
    tone = 0.1 * np.sin(np.arange(2 * 44100) / 20).astype(np.float32)
    for text in TEXTS:
        soundfile.write(own / f"{text.rstrip('.')}.wav", tone, 44100)


@contextlib.contextmanager
def _server() -> Iterator[str]:
    command = [sys.executable, str(ROOT / "tests" / "engines" / "speech_server.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        drain = ThreadPoolExecutor(1)
        drain.submit(process.stdout.read)  # it tells what it is asked; a full pipe would stop it
        try:
            yield f"http://127.0.0.1:{port}/good/v1"
        finally:
            process.kill()
            drain.shutdown()


def _bare_espeak() -> Bare:
    """espeak-ng by ctypes, loaded once: quicker, and never the same twice."""
    import ctypes

    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Initialize(2, 0, os.fsencode(espeakng_loader.get_data_path()), 0x8000)
    heard = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
    samples = bytearray()

    def collect(address: int | None, frames: int, _: int) -> int:
        if address and frames > 0:
            samples.extend(ctypes.string_at(address, 2 * frames))
        return 0

    callback = heard(collect)
    library.espeak_SetSynthCallback(callback)
    library.espeak_SetVoiceByName(b"gmw/en-US")
    library.espeak_SetParameter(1, 115, 0)

    def speak(text: str) -> object:
        assert callback
        samples.clear()
        said = text.encode()
        return library.espeak_Synth(said, ctypes.c_size_t(len(said) + 1), 0, 1, 0, 1, None, None)

    return speak


def _bare_flite(wav: Path) -> Bare:
    def speak(text: str) -> object:
        subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", str(wav)], check=True)
        return wav.read_bytes()

    return speak


def _bare_piper(folder: Path) -> Bare:
    from piper import PiperVoice

    voice = PiperVoice.load(folder / "voices" / "piper" / "en_US-tiny-low.onnx")
    return lambda text: [chunk.audio_float_array for chunk in voice.synthesize(text)]


def _bare_kokoro(folder: Path) -> Bare:
    from kokoro_onnx import Kokoro

    own = folder / "voices" / "kokoro"
    kokoro: Any = Kokoro(str(own / "kokoro-v1.0.onnx"), str(own / "voices-v1.0.bin"))
    return lambda text: kokoro.create(text, voice="af_bella", lang="en-us")


def _bare_http(url: str) -> Bare:
    """A request as the engine makes it, its answer decoded."""
    import soundfile

    def speak(text: str) -> object:
        asked = {"model": "tts-1", "input": text, "voice": "alloy", "response_format": "wav", "speed": 1.0}
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{url}/audio/speech", json.dumps(asked).encode(), headers)
        with urllib.request.urlopen(request) as answer:
            return soundfile.read(io.BytesIO(answer.read()))

    return speak
