"""Random routines of the whole model, for hypothesis: each one an author could have written."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from voicecoach.model.exercise import (
    Dose,
    Exercise,
    ExerciseKind,
    Measure,
    Phase,
    Phrase,
    Quantity,
    Side,
    Sides,
    Tempo,
    Unit,
)
from voicecoach.model.lexicon import Pronunciation
from voicecoach.model.routine import (
    Bed,
    BreatheStep,
    Changes,
    ExerciseStep,
    Given,
    IncludeStep,
    IntervalsStep,
    MidCue,
    RepeatStep,
    RestStep,
    Routine,
    SayStep,
    SoundStep,
    Step,
    Talk,
    VoiceChange,
    VoiceChoice,
)

KNOWN = ("pigeon-pose", "clamshell", "warm-up-walk", "seated-hip-rotation")
INCLUDED = "cool down: end.yaml"
INCLUDED_STEPS: tuple[Step, ...] = (SayStep("Now slowly."), ExerciseStep("pigeon-pose"))
INCLUDED_TEXT = "steps: [say: Now slowly., pigeon-pose]\n"
OWN_IDS = ("wall-sit", "toe: tap", "yes", "Ü-Bung", "1:30", "- dash", "#hash", "{brace}", "12 reps", "~")

_TRAPS = (
    *("Remember: breathe.", "# not a comment", "- not an item", "? what", "{side} knee", "[a, b]", "*star", "&and"),
    *("!bang", "|", ">", "%", "@at", "`tick`", "'single'", '"double"', "it's", "yes", "No", "on", "null", "~", "1:30"),
    *("0x1F", "1e3", "2024-01-01", ".inf", "=", "<<", "a #b", "a: b", "back\\slash", "---", "...", "ends with:", "…"),
    *("Füße – ¿qué?", "日本語", "😀 zwei", "\u200b", "\ufeffx", "{", "}", ", x", "x,y", "\x07", "true", "007", "1_000"),
)
_LETTERS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)
TEXTS = (
    st.one_of(
        st.sampled_from(_TRAPS), _LETTERS, st.lists(st.sampled_from(_TRAPS), min_size=2, max_size=3).map(" ".join)
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
MAYBE_TEXT = st.none() | TEXTS
LENGTHS = st.one_of(
    st.integers(1, 7200).map(Fraction),
    st.integers(1, 8_000_000).map(lambda ms: Fraction(ms, 1000)),
    st.integers(1, 40_000).map(lambda minutes: Fraction(60 * minutes)),
    st.sampled_from([30, 60, 90, 3600, 3661, 7200, 359_999]).map(Fraction),
)
MAYBE_LENGTH = st.none() | LENGTHS
COUNTS = st.integers(1, 500)


@st.composite
def quantities(draw: st.DrawFn, parts: st.SearchStrategy[Any]) -> Quantity:
    """An amount or a range."""
    least = Fraction(draw(parts))
    return Quantity(least, max(least, Fraction(draw(parts)))) if draw(st.booleans()) else Quantity.of(least)


DURATIONS, NUMBERS = quantities(LENGTHS), quantities(COUNTS)
_PARTS = st.integers(0, 30).map(Fraction) | st.integers(0, 9999).map(lambda n: Fraction(n, 100))
TEMPOS = st.tuples(_PARTS, _PARTS, _PARTS, _PARTS).filter(any).map(lambda parts: Tempo(*parts))
PHRASES = st.builds(Phrase, TEXTS, MAYBE_TEXT)
MAYBE_PHRASE = st.none() | PHRASES


@st.composite
def doses(draw: st.DrawFn) -> Dose:
    measure = draw(st.sampled_from(Measure))
    return Dose(measure, draw(DURATIONS if measure.timed else NUMBERS))


def _given(dose: Dose) -> Given:
    return Given(dose.amount, Unit.SECONDS if dose.measure.timed else Unit(dose.measure.value), dose.measure)


SHORT = st.builds(Given, DURATIONS, st.just(Unit.SECONDS)) | st.builds(
    Given, NUMBERS, st.sampled_from([Unit.REPS, Unit.CYCLES, Unit.BREATHS])
)
CUES = st.one_of(
    st.builds(MidCue, TEXTS),
    st.builds(MidCue, TEXTS, at_s=LENGTHS),
    st.builds(MidCue, TEXTS, share=st.integers(0, 10_000).map(lambda n: Fraction(n, 10_000))),
)

_STEP_SETTINGS: dict[str, st.SearchStrategy[Any]] = {
    "countdown": st.integers(0, 10),
    "spoken_countdown": st.booleans(),
    "halfway": st.booleans(),
    "count_reps": st.booleans(),
    "get_ready_s": LENGTHS,
    "change_sides_s": LENGTHS,
    "next_up": st.booleans(),
}
_SETTINGS = {
    **_STEP_SETTINGS,
    "rest_s": LENGTHS,
    "opening": st.booleans(),
    "safety": st.booleans(),
    "closing": st.booleans(),
}


@st.composite
def changes(draw: st.DrawFn, settings: dict[str, st.SearchStrategy[Any]]) -> Changes:
    """Settings in any order; the two of the countdown side by side, since they share a key."""
    keys = draw(st.permutations([key for key in settings if key != "spoken_countdown"]))
    found: list[tuple[str, Any]] = []
    for key in keys[: draw(st.integers(0, len(keys)))]:
        pair = ["countdown", "spoken_countdown"] if key == "countdown" else [key]
        some = draw(st.permutations(pair))[: draw(st.integers(1, len(pair)))]
        found += [(one, draw(settings[one])) for one in some]
    return tuple(found)


@st.composite
def step_changes(draw: st.DrawFn) -> Changes:
    """Settings of a step: under 'coach', and by the keys themselves."""
    under, beside = draw(changes(_STEP_SETTINGS)), draw(changes(_STEP_SETTINGS))
    # What the two would say together of the countdown would read as one.
    apart = under and beside and not (_counts(under[-1]) and _counts(beside[0]))
    return (*under, *beside) if apart else under


def _counts(change: tuple[str, Any]) -> bool:
    return change[0] in {"countdown", "spoken_countdown"}


_SPECS = st.sampled_from(["default", "auto", "espeak", "espeak:en-us", "piper:en_US-lessac-medium", "a:b: c", "a:b, c"])
_SPEEDS = st.just(Fraction(1)) | st.integers(50, 200).map(lambda n: Fraction(n, 100))
_PITCHES = st.integers(-12, 12).map(Fraction) | st.integers(-1200, 1200).map(lambda n: Fraction(n, 100))
_VOLUMES = st.integers(-12, 6).map(Fraction) | st.integers(-120, 60).map(lambda n: Fraction(n, 10))
VOICES = st.builds(VoiceChoice, _SPECS, _SPEEDS) | st.builds(VoiceChoice, _SPECS, _SPEEDS, _PITCHES, _VOLUMES)
CHANGED_VOICES = st.none() | st.builds(
    VoiceChange, *(st.none() | values for values in (_SPECS, _SPEEDS, _PITCHES, _VOLUMES))
).filter(lambda change: change != VoiceChange())
_RESPELLED = TEXTS.filter(lambda text: any(map(str.isalnum, text)))
_IPA = st.sampled_from(["ˈsoʊæs", "ɪt", "a b"])
_WORDS = st.sampled_from(["psoas", "ITB", "it band", "Ü", "yes", "1", "no: go", "# x", "'s", "glute / ham"])


@st.composite
def lexicons(draw: st.DrawFn) -> tuple[Pronunciation, ...]:
    """Words in any order, each in one of the forms that it can be written in."""
    words = draw(st.lists(_WORDS, max_size=3, unique=True))
    forms = st.one_of(st.tuples(_RESPELLED, st.just("")), st.tuples(st.just(""), _IPA), st.tuples(_RESPELLED, _IPA))
    return tuple(Pronunciation(word, *draw(forms)) for word in words)


@st.composite
def exercises(draw: st.DrawFn, exercise_id: str) -> Exercise:
    values: dict[str, Any] = {
        name: draw(MAYBE_PHRASE) for name in ("set_up", "breath", "release", "safety", "easier", "harder")
    }
    values |= {name: draw(MAYBE_TEXT) for name in ("says", "position", "end_position", "source")}
    values |= {name: tuple(draw(st.lists(TEXTS, max_size=3))) for name in ("area", "equipment")}
    values |= {name: draw(MAYBE_LENGTH) for name in ("rest_s", "remind_every_s")}
    if draw(st.booleans()):
        values |= {
            "sides": draw(st.sampled_from(Sides)),
            "start": draw(st.sampled_from(Side)),
            "sets": draw(COUNTS),
            "tempo": draw(TEMPOS),
            "pattern": draw(TEMPOS),
        }
    return Exercise(
        exercise_id,
        draw(TEXTS),
        form=tuple(draw(st.lists(PHRASES, max_size=3))),
        dose=draw(st.none() | doses()),
        phases=tuple(draw(st.lists(st.builds(Phase, PHRASES, LENGTHS), max_size=3))),
        kind=draw(st.none() | st.sampled_from(ExerciseKind)),
        **values,
    )


class _Writer:
    """Draws steps one after the other; remembers the own exercises that were defined."""

    def __init__(self, draw: st.DrawFn, language: str, *, include: bool) -> None:
        self.draw = draw
        self.language = language
        self.include = include
        self.own: dict[str, Exercise] = {}

    def steps(self, depth: int) -> tuple[Step, ...]:
        return tuple(self.step(depth) for _ in range(self.draw(st.integers(1, 4))))

    def step(self, depth: int) -> Step:
        draw = self.draw
        kinds = ["say", "rest", "sound", "breathe", "intervals", "exercise", "exercise"]
        kinds += ["include"] * self.include + ["repeat"] * (depth < 3)
        match draw(st.sampled_from(kinds)):
            case "say":
                return SayStep(draw(TEXTS), draw(CHANGED_VOICES))
            case "rest":
                return RestStep(draw(DURATIONS))
            case "sound":
                return SoundStep(draw(TEXTS))
            case "breathe":
                unit = draw(st.sampled_from([Unit.SECONDS, Unit.BREATHS]))
                amount = draw(DURATIONS if unit is Unit.SECONDS else NUMBERS)
                name, optional = draw(MAYBE_TEXT), draw(st.booleans())
                return BreatheStep(draw(TEMPOS), amount, unit, name, optional, draw(CHANGED_VOICES))
            case "repeat":
                return RepeatStep(draw(NUMBERS), self.steps(depth + 1), draw(MAYBE_TEXT), draw(st.booleans()))
            case "include":
                return IncludeStep(INCLUDED, INCLUDED_STEPS)
            case "intervals":
                return self.intervals()
        return self.exercise()

    def intervals(self) -> IntervalsStep:
        draw = self.draw
        kind = draw(st.sampled_from(["intervals", "tabata", "emom"]))
        usual = kind == "tabata" and draw(st.booleans())
        work_s, rest_s = (Fraction(20), Fraction(10)) if usual else (draw(LENGTHS), draw(LENGTHS))
        rest_s = Fraction(0) if kind == "emom" or (kind == "intervals" and draw(st.booleans())) else rest_s
        rounds = Quantity.of(8) if usual else draw(NUMBERS)
        of = tuple(self.exercise() for _ in range(draw(st.integers(1, 3))))
        return IntervalsStep(kind, work_s, rest_s, rounds, of, draw(MAYBE_TEXT), draw(st.booleans()))

    def exercise(self) -> ExerciseStep:
        draw = self.draw
        free = [name for name in OWN_IDS if name not in self.own]
        if free and draw(st.integers(0, 2)) == 0:
            name = draw(st.sampled_from(free))
            own = self.own[name] = _in_language(draw(exercises(name)), self.language)
            return ExerciseStep(name, own, **self.extra())
        name = draw(st.sampled_from([*KNOWN, *self.own]))
        if draw(st.booleans()):
            return ExerciseStep(name, self.own.get(name), draw(st.none() | SHORT))
        return ExerciseStep(
            name,
            self.own.get(name),
            given=draw(st.none() | doses().map(_given)),
            sides=draw(st.none() | st.sampled_from(Sides)),
            start=draw(st.none() | st.sampled_from(Side)),
            sets=draw(st.none() | COUNTS),
            tempo=draw(st.none() | TEMPOS),
            pattern=draw(st.none() | TEMPOS),
            rest_s=draw(MAYBE_LENGTH),
            remind_every_s=draw(MAYBE_LENGTH),
            **self.extra(),
        )

    def extra(self) -> dict[str, Any]:
        draw = self.draw
        if draw(st.booleans()):
            return {}
        cues = tuple(draw(st.lists(CUES, max_size=3)))
        talk = draw(st.none() | st.sampled_from(Talk))
        coach, voice = draw(step_changes()), draw(CHANGED_VOICES)
        return {"cues": cues, "talk": talk, "coach": coach, "optional": draw(st.booleans()), "voice": voice}


def _in_language(own: Exercise, language: str) -> Exercise:
    """Wording of an author's own is in the routine's language; that of a base in the base's."""
    wording = (own.set_up, *own.form, own.breath, own.release, own.safety, own.easier, own.harder, *own.phases)
    return replace(own, language=language) if own.based_on is None or any(wording) else own


_LEVELS = st.just(Fraction(-22)) | st.integers(-1200, 1200).map(lambda n: Fraction(n, 10))
_NAMES = st.sampled_from(["name", "Ü", "my word", "x1", "yes", "no-one"])


@st.composite
def routines(draw: st.DrawFn, *, include: bool = True) -> Routine:
    """A routine as parse gives it, named 'routine'."""
    texts = {name: draw(MAYBE_TEXT) for name in ("author", "description", "image", "date", "series", "sounds")}
    bed = st.builds(Bed, TEXTS) | st.builds(Bed, TEXTS, _LEVELS, _LEVELS.map(abs))
    language = draw(st.sampled_from(["en", "de", "no", "pt-br"]))
    return Routine(
        name="routine",
        title=draw(TEXTS),
        steps=_Writer(draw, language, include=include).steps(1),
        language=language,
        voice=draw(VOICES),
        counter=draw(CHANGED_VOICES),
        lexicon=draw(lexicons()),
        talk=draw(st.none() | st.sampled_from(Talk)),
        length_s=draw(MAYBE_LENGTH),
        coach=draw(changes(_SETTINGS)),
        bed=draw(st.none() | bed),
        floor=draw(st.booleans()),
        variables=tuple(draw(st.dictionaries(_NAMES, TEXTS, max_size=3)).items()),
        **texts,
    )
