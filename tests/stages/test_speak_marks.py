"""speak: pauses are exact silence, what an engine honours is asked of it, and sound that cannot be the text is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.stages.test_speak_stage import VOICE, Shelf, StubEngine, lufs, tone
from voicecoach.cache import Cache
from voicecoach.config import VOICE_LUFS
from voicecoach.engines.base import Phonemes, Speech, SpeechRequest
from voicecoach.errors import EngineError, SpeechError, UsageError
from voicecoach.model.clip import SpeechMark, Utterance, Voice
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.sound.figures import measure_clip
from voicecoach.stages.speak import LEVEL_TEXT, Spoken, Studio, speak


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache", 10**8)


@pytest.fixture
def run(cache: Cache) -> Callable[..., Spoken]:
    def spoken(engine: StubEngine, *what: Utterance, jobs: int = 2, **more: object) -> Spoken:
        return speak(what, Spoken(), Studio(Shelf(engine), cache, jobs, lufs, **more))

    return spoken


def pause(at: int, length_s: Fraction) -> SpeechMark:
    return SpeechMark(at, at, pause_s=length_s)


def asked(engine: StubEngine) -> list[SpeechRequest]:
    return [request for request in engine.asked if request.text != LEVEL_TEXT]


def silences(samples: np.ndarray) -> list[int]:
    """Lengths in frames of the stretches of digital silence."""
    still = np.concatenate([[0], (samples[:, 0] == 0).astype(int), [0]])
    edges = np.flatnonzero(np.diff(still))
    return [int(end - start) for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start > 1]


# Pauses


def test_a_pause_is_exact_silence_between_pieces(run) -> None:
    engine = StubEngine(lambda request: Speech(tone(0.49), 24_000))
    utterance = Utterance("In. And out.", VOICE, marks=(pause(3, Fraction(2)),))
    spoken = run(engine, utterance)
    clip = spoken.clip(utterance)
    assert [request.text for request in asked(engine)] == ["In.", "And out."]
    between, filling = silences(clip.samples)
    assert between == 2 * SAMPLE_RATE_HZ
    assert clip.frames % MP3_FRAME_FRAMES == 0
    assert filling < MP3_FRAME_FRAMES
    assert clip.frames - filling == (2 + 2 * 0.49) * SAMPLE_RATE_HZ


def test_figures_are_those_of_the_whole_clip(run) -> None:
    utterance = Utterance("In. And out.", VOICE, marks=(pause(3, Fraction(1, 2)),))
    spoken = run(StubEngine(), utterance)
    made, told = measure_clip(spoken.clip(utterance)), spoken.figures(utterance)
    assert told.frames == made.frames == spoken.frames(utterance)
    assert told.outline == made.outline
    assert np.allclose(told.energies, made.energies, rtol=1e-3)


def test_pauses_at_the_edges_and_side_by_side(run) -> None:
    engine = StubEngine(lambda request: Speech(tone(0.5), 24_000))
    marks = (pause(0, Fraction(1)), pause(3, Fraction(1)), pause(3, Fraction(1, 4)), pause(10, Fraction(1)))
    utterance = Utterance("In. , Out.", VOICE, marks=marks)
    clip = run(engine, utterance).clip(utterance)
    assert [request.text for request in asked(engine)] == ["In.", "Out."], "a comma after a pause is nobody's"
    first, between, last = silences(clip.samples)
    assert (first, between) == (SAMPLE_RATE_HZ, SAMPLE_RATE_HZ * 5 // 4)
    assert SAMPLE_RATE_HZ <= last < SAMPLE_RATE_HZ + MP3_FRAME_FRAMES


def test_pieces_are_kept_one_by_one(run) -> None:
    one = Utterance("In. Out.", VOICE, marks=(pause(3, Fraction(1)),))
    other = Utterance("In. Hold.", VOICE, marks=(pause(3, Fraction(3)),))
    first = StubEngine()
    run(first, one, Utterance("In.", VOICE))
    assert first.texts() == {"In.": 1, "Out.": 1}
    second = StubEngine()
    run(second, other)
    assert second.texts() == {"Hold.": 1}


def test_only_pauses_is_an_error(run) -> None:
    with pytest.raises(SpeechError, match="nothing in it that can be said"):
        run(StubEngine(), Utterance("...", VOICE, marks=(pause(3, Fraction(1)),)))


# What an engine honours

MARKED = Utterance(
    "Find your psoas now.",
    VOICE,
    Fraction(9, 10),
    pitch_st=Fraction(2),
    marks=(SpeechMark(5, 9, emphasis=True), SpeechMark(10, 15, ipa="ˈsoʊæs", respelled="SOH-as")),
)


def test_an_engine_that_can_is_asked_for_all_of_it(run) -> None:
    engine = StubEngine()
    engine.capabilities = replace(engine.capabilities, pitch=True, phonemes=True, emphasis=True)
    run(engine, MARKED)
    request = SpeechRequest("Find your psoas now.", "one", 0.9, 2.0, (Phonemes(10, 15, "ˈsoʊæs"),), ((5, 9),))
    assert asked(engine) == [request]


def test_one_that_cannot_gets_the_respelling_and_no_more(run) -> None:
    engine = StubEngine()
    engine.capabilities = replace(engine.capabilities, speed=False)
    run(engine, MARKED)
    assert asked(engine) == [SpeechRequest("Find your soh-as now.", "one")]


def test_places_move_with_a_respelling(run) -> None:
    engine = StubEngine()
    engine.capabilities = replace(engine.capabilities, phonemes=True, emphasis=True)
    marks = (
        SpeechMark(0, 5, respelled="soh-as", emphasis=True),
        SpeechMark(6, 11, ipa="ɡluːt"),
        SpeechMark(12, 16, emphasis=True),
    )
    run(engine, Utterance("Psoas glute calf.", VOICE, marks=marks))
    (request,) = asked(engine)
    assert request.text == "soh-as glute calf."
    assert [request.text[one.start : one.end] for one in request.phonemes] == ["glute"]
    assert [request.text[start:end] for start, end in request.emphasis] == ["soh-as", "calf"]


def test_sounds_without_a_respelling_leave_the_word(run) -> None:
    engine = StubEngine()
    run(engine, Utterance("Psoas.", VOICE, marks=(SpeechMark(0, 5, ipa="ˈsoʊæs"),)))
    assert asked(engine) == [SpeechRequest("Psoas.", "one")]


def test_what_it_is_for_is_told_to_an_engine_that_wants_to_know(run) -> None:
    half, paused = Utterance("Half.", VOICE, role="halfway"), Utterance("A. B.", VOICE, marks=(pause(2, Fraction(1)),))
    plain, able = StubEngine(), StubEngine()
    able.capabilities = replace(able.capabilities, roles=True)
    run(plain, half)
    assert asked(plain) == [SpeechRequest("Half.", "one")]
    run(able, half, replace(half, role="cue"), replace(paused, role="cue"))
    roles = {request.text: request.role for request in asked(able)}
    assert {request.role for request in asked(able) if request.text == "Half."} == {"halfway", "cue"}
    assert roles["A."] == roles["B."] == "", "a recording for a role stands for all of it"


@pytest.mark.parametrize(
    "other",
    [
        replace(MARKED, pitch_st=Fraction(3)),
        replace(MARKED, marks=MARKED.marks[:1]),
        replace(MARKED, marks=MARKED.marks[1:]),
        replace(MARKED, marks=(MARKED.marks[0], replace(MARKED.marks[1], ipa="ˈpoʊæs"))),
        replace(MARKED, speed=Fraction(1)),
    ],
    ids=["pitch", "phonemes", "emphasis", "other phonemes", "speed"],
)
def test_what_an_engine_honours_is_in_the_key(run, other: Utterance) -> None:
    able = replace(StubEngine.capabilities, pitch=True, phonemes=True, emphasis=True)
    first, second = StubEngine(), StubEngine()
    first.capabilities = second.capabilities = able
    run(first, MARKED)
    run(second, MARKED, other)
    assert len(asked(second)) == 1


def test_what_it_does_not_honour_is_not(run) -> None:
    run(StubEngine(), Utterance("One.", VOICE))
    engine = StubEngine()
    run(engine, Utterance("One.", VOICE, pitch_st=Fraction(2), marks=(SpeechMark(0, 3, emphasis=True),)))
    assert not asked(engine)


# Louder and softer


def test_volume_is_laid_on_beside_the_level_of_the_voice(run) -> None:
    engine = StubEngine(lambda request: Speech(tone(1.0, level=0.05), 24_000))
    plain, soft = Utterance("One.", VOICE), Utterance("One.", VOICE, gain_db=Fraction(-6))
    spoken = run(engine, plain, soft)
    assert engine.texts() == {"One.": 1}, "louder or softer is ours, no other clip"
    assert lufs(spoken.clip(plain)) == pytest.approx(VOICE_LUFS, abs=0.5)
    assert lufs(spoken.clip(soft)) - lufs(spoken.clip(plain)) == pytest.approx(-6, abs=0.1)
    assert spoken.figures(soft).digest != spoken.figures(plain).digest
    energies = spoken.figures(soft).energies.sum() / spoken.figures(plain).energies.sum()
    assert 10 * np.log10(energies) == pytest.approx(-6, abs=0.05), "what the loudness is foretold from"


# Sound that cannot be the text


def clipped(share: float) -> np.ndarray:
    samples = tone(2.0, level=0.5)
    rng = np.random.default_rng(1)
    for start in rng.choice(len(samples) // 20, int(len(samples) * share / 10), replace=False) * 20:
        samples[start : start + 10] = 1.0
    return samples


ABSURD = {
    "silent": (np.zeros((24_000, 1), np.float32), 24_000, "1.00 s of silence"),
    "empty": (np.zeros((0, 1), np.float32), 24_000, "0.00 s of silence"),
    "too short": (tone(0.02), 24_000, "0.02 s of sound for 41 characters is too short"),
    "cut off": (tone(0.06), 24_000, "is too short"),
    "too long": (tone(60), 24_000, "60.00 s of sound for 41 characters is too long"),
    "clipped": (clipped(0.08), 24_000, "the sound is clipped: 8% of it stands still at full scale"),
    "not finite": (np.where(tone() > 0.19, np.inf, tone()).astype(np.float32), 24_000, "no numbers"),
    "no frames by channels": (tone()[:, 0], 24_000, "no sound"),
    "whole numbers": ((tone() * 32_000).astype(np.int16), 24_000, "no sound"),
    "no rate": (tone(), 0, "a sample rate of 0 Hz"),
    "nothing": (None, 24_000, "no sound"),
}
CUE = "Place your right foot flat on the ground, "


@pytest.mark.parametrize(("samples", "rate_hz", "cause"), ABSURD.values(), ids=ABSURD)
def test_absurd_sound_is_told_with_the_cue_and_the_cause(run, samples: np.ndarray, rate_hz: int, cause: str) -> None:
    def say(request: SpeechRequest) -> Speech:
        return Speech(tone(3), 24_000) if request.text == LEVEL_TEXT else Speech(samples, rate_hz)

    engine = StubEngine(say)
    with pytest.raises(SpeechError) as caught:
        run(engine, Utterance(CUE, VOICE))
    assert caught.value.message.startswith(f"stub:one did not speak '{CUE}'")
    assert cause in caught.value.message
    assert caught.value.voice == "stub:one"
    assert len(asked(engine)) == 1, "a voice that repeats itself is not asked again"


def test_peaks_at_full_scale_are_no_clipping(run) -> None:
    samples = tone(2.0, level=0.9)
    samples[::400] = 1.0
    utterance = Utterance(CUE, VOICE)
    assert run(StubEngine(lambda request: Speech(samples, 24_000)), utterance).clip(utterance).frames


def once_only(fault: Callable[[], Speech]) -> Callable[[SpeechRequest], Speech]:
    """Fail the first time that a text is asked for."""
    seen: set[str] = set()

    def say(request: SpeechRequest) -> Speech:
        if request.text != LEVEL_TEXT and request.text not in seen:
            seen.add(request.text)
            return fault()
        return Speech(tone(3.0), 24_000)

    return say


def raising(error: Exception) -> Callable[[], Speech]:
    def fault() -> Speech:
        raise error

    return fault


@pytest.mark.parametrize("fault", [lambda: Speech(tone(0.01), 24_000), raising(SpeechError("the pipe broke"))])
def test_a_voice_that_does_not_repeat_itself_is_asked_once_more(run, fault) -> None:
    engine = StubEngine(once_only(fault))
    engine.capabilities = replace(engine.capabilities, repeatable=False)
    utterance = Utterance(CUE, VOICE)
    assert run(engine, utterance).clip(utterance).frames
    assert len(asked(engine)) == 2


def test_a_fault_that_may_pass_is_tried_once_more_and_no_more(run) -> None:
    utterance = Utterance(CUE, VOICE)
    engine = StubEngine(once_only(raising(EngineError("the child was killed", passing=True))))
    assert run(engine, utterance).clip(utterance).frames
    for_ever = StubEngine(lambda request: raising(EngineError("busy", passing=True))())
    with pytest.raises(SpeechError, match="busy"):
        run(for_ever, Utterance("Another.", Voice("stub", "two", "en")))
    assert len(for_ever.asked) == 2


def test_a_fault_that_does_not_pass_is_not_tried_again(run) -> None:
    engine = StubEngine(once_only(raising(SpeechError("tried four times", passing=False))))
    engine.capabilities = replace(engine.capabilities, repeatable=False)
    with pytest.raises(SpeechError, match="tried four times"):
        run(engine, Utterance(CUE, VOICE))
    assert len(asked(engine)) == 1


def test_who_is_paid_is_not_asked_again_for_what_it_refuses(run) -> None:
    engine = StubEngine(once_only(raising(SpeechError("your key is unknown"))))
    engine.capabilities = replace(engine.capabilities, repeatable=False, paid=True)
    with pytest.raises(SpeechError, match="your key is unknown"):
        run(engine, Utterance(CUE, VOICE))
    assert len(asked(engine)) == 1


def test_a_voice_that_fails_at_once_is_told_with_the_first_cue(run) -> None:
    with pytest.raises(SpeechError, match=r"stub:one cannot speak 'Kneel down\.': the model is damaged"):
        run(StubEngine(lambda request: raising(EngineError("the model is damaged"))()), Utterance("Kneel down.", VOICE))


# Threads, and voices that never say a thing twice


@pytest.mark.parametrize(("jobs", "parallel", "most"), [(4, 1, 1), (4, 2, 2), (2, 8, 2), (3, 0, 3)])
def test_as_many_at_a_time_as_the_engine_can(run, jobs: int, parallel: int, most: int) -> None:
    wait = threading.Event()

    def slowly(request: SpeechRequest) -> Speech:
        wait.wait(0.05)
        return Speech(tone(), 24_000)

    engine = StubEngine(slowly)
    engine.capabilities = replace(engine.capabilities, parallel=parallel)
    run(engine, *(Utterance(f"Text {n}.", VOICE) for n in range(12)), jobs=jobs)
    assert engine.most_at_once == most


class Never(StubEngine):
    """Says everything otherwise each time."""

    capabilities = replace(StubEngine.capabilities, repeatable=False)

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        super().__init__(lambda request: Speech(tone(rng.uniform(0.5, 1.0), level=rng.uniform(0.1, 0.3)), 24_000))


def common(count: int = 8) -> list[Utterance]:
    """Utterances that have a piece in common."""
    return [Utterance(f"In. Number {n}.", VOICE, marks=(pause(3, Fraction(1)),)) for n in range(count)]


def test_what_is_kept_is_heard_again_whatever_the_number_of_threads(run) -> None:
    first, second = Never(1), Never(2)
    one, other = run(first, *common(), jobs=1), run(second, *common(), jobs=7)
    assert not second.asked
    for utterance in common():
        assert np.array_equal(one.clip(utterance).samples, other.clip(utterance).samples)
        assert one.figures(utterance).to_bytes() == other.figures(utterance).to_bytes()


def test_a_piece_in_common_is_made_once_by_many_threads(run) -> None:
    engine = Never(3)
    spoken = run(engine, *common(), jobs=7)
    assert engine.texts()["In."] == 1
    for utterance in common():
        assert spoken.clip(utterance).frames == spoken.frames(utterance)


def test_of_two_at_once_the_first_is_heard_by_both(cache: Cache) -> None:
    """Another process makes the same clip, and keeps its own first: it is the one that all go on with."""
    utterance = Utterance("One.", VOICE)
    inner, outer = Never(4), Never(5)
    theirs: list[Spoken] = []

    def say(request: SpeechRequest) -> Speech:
        if request.text == "One." and not theirs:
            theirs.append(speak([utterance], Spoken(), Studio(Shelf(inner), cache, 1, lufs)))
        return plain(request)

    plain, outer.say = outer.say, say
    mine = speak([utterance], Spoken(), Studio(Shelf(outer), cache, 1, lufs))
    for spoken in (mine, theirs[0]):
        assert spoken.clip(utterance).frames == spoken.frames(utterance), "what each reckoned with"
    assert np.array_equal(mine.clip(utterance).samples, theirs[0].clip(utterance).samples)


# Engines that are paid


class Asked:
    def __init__(self, answer: bool) -> None:
        self.answer = answer
        self.told: list[tuple[str, int, int]] = []

    def __call__(self, engine: str, texts: int, characters: int) -> bool:
        self.told.append((engine, texts, characters))
        return self.answer


def paid() -> StubEngine:
    engine = StubEngine()
    engine.capabilities = replace(engine.capabilities, paid=True)
    return engine


def test_leave_is_asked_before_a_paid_voice_is_sent_anything(run) -> None:
    leave = Asked(answer=True)
    run(
        paid(), Utterance("One.", VOICE), Utterance("Two. Three.", VOICE, marks=(pause(4, Fraction(1)),)), approve=leave
    )
    assert leave.told == [("stub", 4, len(LEVEL_TEXT) + len("One.Two.Three."))]
    again = Asked(answer=True)
    run(paid(), Utterance("One.", VOICE), Utterance("Three.", VOICE), approve=again)
    assert again.told == [], "all of it is in the cache"
    run(paid(), Utterance("One.", VOICE), Utterance("Four!", VOICE), approve=again)
    assert again.told == [("stub", 1, 5)]


def test_without_leave_nothing_is_sent(run) -> None:
    engine = paid()
    with pytest.raises(UsageError, match="nothing was sent") as caught:
        run(engine, Utterance("One.", VOICE), approve=Asked(answer=False))
    assert "--yes" in str(caught.value)
    assert not engine.asked


def test_a_voice_that_costs_nothing_needs_no_leave(run) -> None:
    leave = Asked(answer=False)
    run(StubEngine(), Utterance("One.", VOICE), approve=leave)
    assert leave.told == []
