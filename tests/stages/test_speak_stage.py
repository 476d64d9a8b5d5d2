"""speak: every different utterance once, several at a time, from the cache where it is there, and never silence."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from voicecoach.cache import Cache
from voicecoach.config import VOICE_LUFS
from voicecoach.engines.base import Capabilities, Engine, Speech, SpeechRequest, VoiceInfo
from voicecoach.errors import EngineError, SoundError, SpeechError, VoicecoachError
from voicecoach.model.clip import Clip, Utterance, Voice
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.sound.energy import HOP_FRAMES, cell_energies, lay
from voicecoach.sound.energy import integrated_lufs as light_lufs
from voicecoach.sound.figures import measure_clip
from voicecoach.sound.outline import CELL_FRAMES, outline
from voicecoach.stages.speak import LEVEL_TEXT, Spoken, Studio, speak

VOICE = Voice("stub", "one", "en")


def lufs(clip: Clip) -> float:
    """Loudness of a clip, without the process that the real measure takes a second for."""
    hops = np.zeros(clip.frames // HOP_FRAMES + 1)
    lay(hops, cell_energies(clip.samples), 0, clip.frames)
    return light_lufs(hops)


def tone(length_s: float = 0.5, rate_hz: int = 24_000, level: float = 0.2) -> np.ndarray:
    """A tone that is loud from its first to its last frame, so that nothing of it is trimmed."""
    at = np.arange(round(length_s * rate_hz)) / rate_hz
    return (level * np.cos(2 * np.pi * 300 * at)).astype(np.float32)[:, np.newaxis]


class StubEngine:
    """Says what it is told to, and remembers what it was asked for."""

    name = "stub"
    capabilities = Capabilities(speed=True, marks=False, repeatable=True, max_chars=1000)

    def __init__(self, say: Callable[[SpeechRequest], Speech] | None = None) -> None:
        self.say = say or (lambda request: Speech(tone(0.1 + 0.01 * len(request.text)), 24_000))
        self.marked = "stub/1"
        self.asked: list[SpeechRequest] = []
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()

    def voices(self) -> tuple[VoiceInfo, ...]:
        return (VoiceInfo("one", "en"), VoiceInfo("two", "en"))

    def default_voice(self, language: str) -> str | None:
        return "one"

    def fingerprint(self, voice: str) -> str:
        return f"{self.marked}/{voice}"

    def speak(self, request: SpeechRequest) -> Speech:
        with self.lock:
            self.asked.append(request)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return self.say(request)
        finally:
            with self.lock:
                self.at_once -= 1

    def close(self) -> None:
        pass

    def texts(self) -> Counter[str]:
        """How often each text was asked for, but for the one that levels are measured on."""
        return Counter(request.text for request in self.asked if request.text != LEVEL_TEXT)


class Shelf:
    """An EngineShelf with one engine on it."""

    def __init__(self, engine: StubEngine) -> None:
        assert isinstance(engine, Engine)
        self.engine = engine

    def get(self, name: str) -> StubEngine:
        assert name == "stub"
        return self.engine


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache", 10**8)


@pytest.fixture
def run(cache: Cache):
    def spoken(
        engine: StubEngine, *what: str | Utterance, already: Spoken | None = None, jobs: int = 2, loudness=lufs, **more
    ) -> Spoken:
        utterances = [Utterance(text, VOICE) if isinstance(text, str) else text for text in what]
        return speak(utterances, already or Spoken(), Studio(Shelf(engine), cache, jobs, loudness), **more)

    return spoken


def active_rms_dbfs(samples: np.ndarray) -> float:
    power = np.mean(samples[: len(samples) // 480 * 480].astype(np.float64).reshape(-1, 480) ** 2, axis=1)
    return float(10 * np.log10(power[power >= power.max() / 1000].mean()))


def no_threads_left() -> bool:
    deadline = time.monotonic() + 5
    while any(thread.name.startswith("speak") for thread in threading.enumerate()):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


# Once each, several at a time


def test_each_different_utterance_is_asked_for_once(run):
    engine = StubEngine()
    texts = ["Left.", "Right.", "Left.", "Breathe.", "Left."]
    spoken = run(engine, *texts, jobs=4)
    assert engine.texts() == {"Left.": 1, "Right.": 1, "Breathe.": 1}
    assert set(spoken.plain) == {Utterance(text, VOICE) for text in texts}
    for utterance in spoken.plain:
        clip, frames = spoken.clip(utterance), spoken.frames(utterance)
        assert clip.frames == frames
        assert clip.rate_hz == SAMPLE_RATE_HZ
        assert clip.samples.shape == (frames, 1)
        assert clip.samples.dtype == np.float32
        assert clip.samples.any()
    assert sum(engine.texts().values()) == 3, "reading the clips asks nothing"


def test_the_text_for_the_level_is_asked_for_once_a_voice(run):
    engine = StubEngine()
    run(engine, *(f"Text {n}." for n in range(12)), jobs=6)
    assert [request.text for request in engine.asked].count(LEVEL_TEXT) == 1


def test_nothing_to_say(run):
    engine = StubEngine()
    assert run(engine).plain == {}
    assert not engine.asked


def test_several_at_a_time(run):
    together = threading.Barrier(3)

    def wait_for_two_more(request: SpeechRequest) -> Speech:
        if request.text != LEVEL_TEXT:
            together.wait(timeout=20)
        return Speech(tone(), 24_000)

    engine = StubEngine(wait_for_two_more)
    run(engine, "One.", "Two.", "Three.", jobs=3)
    assert engine.most_at_once == 3


@pytest.mark.parametrize("jobs", [1, 2])
def test_never_more_than_asked_for(run, jobs):
    def slowly(request: SpeechRequest) -> Speech:
        time.sleep(0.005)
        return Speech(tone(), 24_000)

    engine = StubEngine(slowly)
    run(engine, *(f"Text {n}." for n in range(10)), jobs=jobs)
    assert engine.most_at_once <= jobs


def test_progress_tells_of_each(run):
    told = []
    run(StubEngine(), "One.", "Two.", "One.", "Three.", progress=lambda *what: told.append(what))
    assert told == [("speak", 1, 3), ("speak", 2, 3), ("speak", 3, 3)]


def test_what_was_made_already_is_not_asked_for_again(run):
    engine = StubEngine()
    first = run(engine, "One.", "Two.")
    second = run(engine, "Two.", "Three.", already=first)
    assert engine.texts() == {"One.": 1, "Two.": 1, "Three.": 1}
    assert {utterance.text for utterance in second.plain} == {"One.", "Two.", "Three."}
    assert second.clip(Utterance("One.", VOICE)).frames == first.frames(Utterance("One.", VOICE))


def test_each_utterance_has_the_outline_of_its_clip(run):
    """Of the levelled clip, made or taken from the cache or from an earlier call: the one that is mixed."""
    first = run(StubEngine(), "One.", "Two or three.")
    again = run(StubEngine(), "One.", "Two or three.")
    more = run(StubEngine(), "Four.", already=first)
    for utterance in first.plain:
        seen = outline(first.clip(utterance).samples)
        assert len(seen) == -(-first.frames(utterance) // CELL_FRAMES)
        assert {run.figures(utterance).outline for run in (first, again, more)} == {seen}
    assert more.figures(Utterance("Four.", VOICE)).outline
    assert set(first.figures(Utterance("One.", VOICE)).outline) == {"a"}, "a tone of about -18 dBFS is -19 LUFS"


# The cache


def test_a_second_run_asks_nothing(run):
    first = run(StubEngine(), "One.", "Two.")
    engine = StubEngine()
    second = run(engine, "One.", "Two.")
    assert not engine.asked
    for utterance in first.plain:
        assert second.figures(utterance).to_bytes() == first.figures(utterance).to_bytes()
        assert np.array_equal(first.clip(utterance).samples, second.clip(utterance).samples)


@pytest.mark.parametrize(
    "other",
    [
        Utterance("One!", VOICE),
        Utterance("one.", VOICE),
        Utterance("One.", Voice("stub", "two", "en")),
        Utterance("One.", VOICE, Fraction(11, 10)),
    ],
    ids=["text", "case", "voice", "speed"],
)
def test_another_utterance_asks_again(run, other):
    run(StubEngine(), "One.")
    engine = StubEngine()
    run(engine, "One.", other)
    asked = [request for request in engine.asked if request.text != LEVEL_TEXT]
    assert asked == [SpeechRequest(other.text, other.voice.name, float(other.speed))]


def test_another_fingerprint_asks_again(run):
    run(StubEngine(), "One.")
    engine = StubEngine()
    engine.marked = "stub/2"
    run(engine, "One.")
    assert engine.texts() == {"One.": 1}


def entries(cache: Cache) -> list[Path]:
    return sorted(cache.folder.rglob("*.clip"))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def no_clip(path: Path) -> None:
    path.write_bytes(hashlib.sha256(b"no clip").digest() + b"no clip")


@pytest.mark.parametrize("damage", [cut, flip, empty, no_clip, Path.unlink])
def test_a_damaged_entry_is_made_anew(run, cache, damage):
    first = run(StubEngine(), "One.", "Two.")
    assert len(entries(cache)) == 7, "two clips and one to measure the level on, what is known of each, the loudness"
    for entry in entries(cache):
        damage(entry)
    engine = StubEngine()
    second = run(engine, "One.", "Two.")
    for utterance in first.plain:
        assert np.array_equal(first.clip(utterance).samples, second.clip(utterance).samples)
    assert engine.texts() == {"One.": 1, "Two.": 1}
    engine = StubEngine()
    third = run(engine, "One.", "Two.")
    assert [third.clip(utterance).frames for utterance in third.plain]
    assert not engine.asked, "and then it is whole again"


def test_an_entry_that_goes_after_it_was_measured_is_made_anew(run, cache):
    engine = StubEngine()
    spoken = run(engine, "One.")
    cache.clear()
    assert spoken.clip(Utterance("One.", VOICE)).frames == spoken.frames(Utterance("One.", VOICE))
    assert engine.texts() == {"One.": 2}


def clip_entry(cache: Cache, clip: Clip) -> Path:
    """Find what is kept of a clip: all but the silence that it is filled up with."""
    kept = ((entry, entry.read_bytes()[32:]) for entry in entries(cache))
    return next(entry for entry, data in kept if len(data) > 4000 and clip.to_bytes().startswith(data))


def test_a_voice_that_does_not_repeat_itself_is_asked_before_all_is_reckoned(run, cache):
    """Its clip is gone, what is known of it is not: a new one, and what is known of that."""
    engine = StubEngine(lambda request: Speech(tone(0.5 + 0.1 * len(engine.asked)), 24_000))
    engine.capabilities = replace(engine.capabilities, repeatable=False)
    one = Utterance("One.", VOICE)
    first = run(engine, "One.")
    clip_entry(cache, first.plain_clip(one)).unlink()
    second = run(engine, "One.")
    assert engine.texts() == {"One.": 2}
    assert second.frames(one) != first.frames(one)
    assert second.clip(one).frames == second.frames(one)


def test_a_voice_that_says_that_it_repeats_itself_and_does_not(run, cache):
    engine = StubEngine(lambda request: Speech(tone(0.5 + 0.1 * len(engine.asked)), 24_000))
    one = Utterance("One.", VOICE)
    first = run(engine, "One.")
    clip_entry(cache, first.plain_clip(one)).unlink()
    second = run(engine, "One.")
    assert second.frames(one) == first.frames(one)
    with pytest.raises(SpeechError, match=r"says 'One\.' otherwise than before") as caught:
        second.clip(one)
    assert caught.value.hint == "build again"
    third = run(engine, "One.")
    assert third.clip(one).frames == third.frames(one)


def test_without_the_clips_what_is_known_of_them_is_enough(run, cache):
    """Nothing changed: the samples are not even read."""
    first = run(StubEngine(), "One.", "Two.")
    for utterance in first.plain:
        clip_entry(cache, first.plain_clip(utterance)).unlink()
    engine = StubEngine()
    second = run(engine, "One.", "Two.")
    assert not engine.asked
    for utterance in first.plain:
        assert second.figures(utterance).digest == first.figures(utterance).digest
        assert second.figures(utterance).outline == first.figures(utterance).outline


# Faults


def fails(kind: type[Exception], *about: object) -> Callable[[SpeechRequest], Speech]:
    def say(request: SpeechRequest) -> Speech:
        raise kind(*about)

    return say


def gives(samples: np.ndarray, rate_hz: int = 24_000) -> Callable[[SpeechRequest], Speech]:
    return lambda request: Speech(samples, rate_hz)


def not_a_number() -> np.ndarray:
    samples = tone()
    samples[100:200] = np.nan
    return samples


FAULTS = {
    "raises our error": fails(SpeechError, "the child process ended"),
    "raises an engine's error": fails(EngineError, "the engine is gone"),
    "raises its own error": fails(RuntimeError, "segment 12 is missing"),
    "raises a system's error": fails(OSError, 28, "No space left on device"),
    "gives no frame": gives(np.zeros((0, 1), np.float32)),
    "gives silence": gives(np.zeros((24_000, 1), np.float32)),
    "gives hiss": gives(np.full((24_000, 1), 0.001, np.float32)),
    "gives 1 ms": gives(tone(0.001)),
    "gives a click in silence": gives(np.pad(tone(0.001), ((9_000, 9_000), (0, 0)))),
    "gives minutes": gives(tone(330)),
    "gives no numbers": gives(not_a_number()),
    "gives two channels that cancel out": gives(np.hstack([tone(), -tone()])),
}


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_voice_that_fails_is_an_error_with_the_text(run, cache, fault):
    """One cue among good ones: nothing is made, no thread hangs, and nothing bad is kept."""
    good = StubEngine().say
    engine = StubEngine(lambda request: (fault if request.text == "Bend your knee." else good)(request))
    texts = [f"Text {n}." for n in range(6)]
    with pytest.raises(SpeechError) as caught:
        run(engine, *texts[:3], "Bend your knee.", *texts[3:])
    assert "Bend your knee." in caught.value.message
    assert no_threads_left()
    engine = StubEngine()
    run(engine, "Bend your knee.", *texts)
    assert engine.texts()["Bend your knee."] == 1, "what was bad is not in the cache"


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_voice_that_always_fails_is_an_error(run, cache, fault):
    with pytest.raises(EngineError):
        run(StubEngine(fault), "Bend your knee.", "And again.")
    assert no_threads_left()
    assert not entries(cache)


def test_after_a_fault_the_rest_is_not_begun(run):
    first = threading.Event()

    def say(request: SpeechRequest) -> Speech:
        if request.text == LEVEL_TEXT:
            return Speech(tone(), 24_000)
        if not first.is_set():
            first.set()
            raise SpeechError(f"cannot speak '{request.text}'")
        time.sleep(0.02)
        return Speech(tone(), 24_000)

    engine = StubEngine(say)
    with pytest.raises(SpeechError):
        run(engine, *(f"Text {n}." for n in range(200)), jobs=2)
    assert sum(engine.texts().values()) < 100
    assert no_threads_left()


def test_ctrl_c_while_speaking(run):
    def interrupt(stage: str, done: int, of: int) -> None:
        raise KeyboardInterrupt

    engine = StubEngine()
    with pytest.raises(KeyboardInterrupt):
        run(engine, *(f"Text {n}." for n in range(50)), progress=interrupt)
    assert no_threads_left()


def test_a_cache_that_cannot_be_written_is_told(run, cache):
    cache.folder.parent.mkdir(exist_ok=True)
    cache.folder.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(VoicecoachError, match="cache cannot be written"):
        run(StubEngine(), "One.")
    assert no_threads_left()


# Sound


@pytest.mark.parametrize("rate_hz", [8000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000])
def test_any_rate_of_an_engine(run, rate_hz):
    length_s = 0.731
    engine = StubEngine(lambda request: Speech(tone(length_s, rate_hz), rate_hz))
    spoken = run(engine, "One.")
    clip = spoken.clip(Utterance("One.", VOICE))
    exact = Fraction(round(length_s * rate_hz), rate_hz) * SAMPLE_RATE_HZ
    assert clip.rate_hz == SAMPLE_RATE_HZ
    assert clip.frames % MP3_FRAME_FRAMES == 0
    assert 0 <= clip.frames - exact <= MP3_FRAME_FRAMES
    assert np.flatnonzero(clip.samples)[-1] == pytest.approx(float(exact), abs=50)
    middle = clip.samples[4800:28_800, 0]
    peak_hz = np.argmax(np.abs(np.fft.rfft(middle * np.hanning(len(middle))))) * SAMPLE_RATE_HZ / len(middle)
    assert peak_hz == pytest.approx(300, abs=2), "neither faster nor slower"


def test_silence_around_speech_is_cut_off(run):
    engine = StubEngine(lambda request: Speech(np.pad(tone(0.5), ((12_000, 6000), (0, 0))), 24_000))
    clip = run(engine, "One.").clip(Utterance("One.", VOICE))
    assert clip.length_s == pytest.approx(0.5, abs=0.05)


def test_stereo_is_mixed_to_mono(run):
    def say(request: SpeechRequest) -> Speech:
        return Speech(np.hstack([tone(level=0.3), tone(level=0.1)]), 24_000)

    stereo = run(StubEngine(say), "One.")
    mono = run(StubEngine(lambda request: Speech(tone(level=0.2), 24_000)), Utterance("One.", replace(VOICE, name="2")))
    one, two = (
        stereo.clip(Utterance("One.", VOICE)).samples,
        mono.clip(Utterance("One.", replace(VOICE, name="2"))).samples,
    )
    assert one.shape == two.shape
    assert np.abs(one - two).max() < 1e-4


def test_two_voices_end_at_the_same_level(run):
    levels = {"one": 0.02, "two": 0.6}
    engine = StubEngine(lambda request: Speech(tone(1.0, level=levels[request.voice]), 24_000))
    utterances = [Utterance("Breathe.", Voice("stub", name, "en")) for name in levels]
    spoken = run(engine, *utterances)
    for utterance in utterances:
        assert lufs(spoken.clip(utterance)) == pytest.approx(VOICE_LUFS, abs=0.5)


def test_a_voice_keeps_its_own_soft_and_loud(run):
    """One gain for a voice: a cue that it says softer stays softer."""
    soft = {"Softly.": 0.1}
    engine = StubEngine(lambda request: Speech(tone(1.0, level=soft.get(request.text, 0.2)), 24_000))
    spoken = run(engine, "Softly.", "Loudly.")
    levels = [active_rms_dbfs(spoken.clip(Utterance(text, VOICE)).samples) for text in ("Softly.", "Loudly.")]
    assert levels[1] - levels[0] == pytest.approx(6.02, abs=0.1)


def test_one_gain_a_voice_whatever_a_clip_peaks_at(run):
    """A clip that stands out is the limiter's business: another gain for it alone would be heard as a jump."""

    def say(request: SpeechRequest) -> Speech:
        samples = tone(1.0, level=0.02)
        if request.text == "Pop.":
            samples[5000:5010] = 0.9
        return Speech(samples, 24_000)

    spoken = run(StubEngine(say), "Pop.", "Hop.")
    pop, hop = (spoken.clip(Utterance(text, VOICE)).samples for text in ("Pop.", "Hop."))
    assert np.abs(pop).max() > 1
    assert np.allclose(pop[20_000:40_000], hop[20_000:40_000], atol=1e-4)


def test_figures_are_those_of_the_levelled_clip(run):
    spoken = run(StubEngine(), "One.", "Two and three.")
    for utterance in spoken.plain:
        made, told = measure_clip(spoken.clip(utterance)), spoken.figures(utterance)
        assert told.peak == pytest.approx(made.peak, rel=1e-4)
        assert np.allclose(told.energies, made.energies, rtol=1e-3)
        assert told.frames == made.frames
        assert told.outline == spoken.figures(utterance).outline == outline(spoken.clip(utterance).samples)


# Loudness


def test_the_loudness_of_a_voice_is_measured_once(run):
    measured = []

    def loudness(clip: Clip) -> float:
        measured.append(clip.frames)
        return lufs(clip)

    first = run(StubEngine(), "One.", loudness=loudness)
    run(StubEngine(), "One.", "Two.", already=first, loudness=loudness)
    run(StubEngine(), "Three.", loudness=loudness)
    assert len(measured) == 1
    assert len(LEVEL_TEXT.split(". ")) >= 3, "several sentences"
    engine = StubEngine()
    engine.marked = "stub/2"
    engine.say = lambda request: Speech(tone(2.0, level=0.1), 24_000)
    run(engine, "One.", loudness=loudness)
    assert len(measured) == 2, "another voice in the same name"


def test_a_voice_that_cannot_be_measured(run):
    def loudness(clip: Clip) -> float:
        raise SoundError("no room for scipy", hint="make some")

    with pytest.raises(SpeechError, match="stub:one cannot be levelled: no room for scipy") as caught:
        run(StubEngine(), "One.", loudness=loudness)
    assert caught.value.hint == "make some"
    assert no_threads_left()


def test_the_real_measure(run):
    """In a process of its own, by the library; two voices of which one is softer come out the same."""
    from voicecoach.sound.loudness import integrated_lufs

    levels = {"one": 0.02, "two": 0.6}
    engine = StubEngine(lambda request: Speech(tone(4.0, level=levels[request.voice]), 24_000))
    utterances = [Utterance("Breathe.", Voice("stub", name, "en")) for name in levels]
    spoken = run(engine, *utterances, loudness=integrated_lufs)
    for utterance in utterances:
        assert lufs(spoken.clip(utterance)) == pytest.approx(VOICE_LUFS, abs=0.2)
