"""The built-in exercises: worded to be heard, safe, and true to the articles (`facts.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from voicecoach.library import Library
from voicecoach.model.exercise import Dose, Exercise, Measure, Quantity, Sides, Unit
from voicecoach.source.values import counts, duration, durations
from voicecoach.text.fill import fill, variables

LIBRARY = Library()
FACTS: Mapping[str, Mapping[str, Any]] = {
    row["id"]: row
    for row in yaml.safe_load((Path(__file__).parent / "facts.yaml").read_text(encoding="utf-8"))["movements"]
}

POSITIONS = (
    "standing",
    "sitting on a chair",
    "sitting on the floor",
    "half-kneeling",
    "hands and knees",
    "lying on the back",
    "lying on the side",
    "lying face down",
)
MOST_WORDS_A_SENTENCE = 14
SET_UP_WORDS = range(15, 46)
MOST_BRIEF_WORDS = 14
MOST_FORM_WORDS = 12
MOST_BREATH_WORDS = 12
MOST_RELEASE_WORDS = 14
MOST_PHASE_WORDS = 3

# Spoken texts are for people who never read an anatomy book; names may hold such words.
JARGON = (
    r"anterior|posterior|lateral(ly)?|medial(ly)?|supine|prone|(hyper)?flexion|(hyper)?extension|abduct\w*|adduct\w*|"
    r"(internal|external) rotation|glut(e|es|eus|eal)\b.*|contralateral|ipsilateral|isometric|eccentric|concentric|"
    r"femur|femoral|pelvi\w+|lumbar|thoracic|iliotibial|psoas|quadriceps|hamstrings?|proprio\w+"
)
UNSAFE = (
    r"push through|no pain|through the pain|ignore\w*|as (far|hard|deep|low|high) as (you can|possible)|"
    r"forc(e|es|ed|ing)\b|harder|jerk\w*|work through"
)
ABBREVIATED = r"\d+\s?(s|sec|secs|min|mins|cm|kg)\b|\breps?\b|e\.\s?g\.|i\.\s?e\.|\betc\b|\bapprox\b|°|%"
WORDED_NUMBERS = r"two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety"
NEGATED_BOUNCE = r"\b(without|no|not|never|don't|nor)\b[^.]*\bbounc\w*"


def words(text: str) -> int:
    """Count the words that are heard."""
    return len(fill(text, {"side": "left", "other side": "right"}).split())


def sentences(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.?!])\s+", text) if sentence]


def faults(text: str) -> Iterator[str]:
    """Tell what is wrong with a text that is to be heard."""
    for sentence in sentences(text):
        if words(sentence) > MOST_WORDS_A_SENTENCE:
            yield f"{words(sentence)} words in a sentence: {sentence}"
        if re.search(r"\bbounc\w*", sentence, re.IGNORECASE) and not re.search(NEGATED_BOUNCE, sentence, re.IGNORECASE):
            yield f"tells to bounce: {sentence}"
    if not text.endswith("."):
        yield "no full stop at the end"
    if re.search(r"[()\[\]<>/*_&+=;:!…\"“”–—]", text):
        yield "a sign that cannot be heard"
    for what, pattern in (
        ("jargon", JARGON),
        ("unsafe", UNSAFE),
        ("a number in words", WORDED_NUMBERS),
        ("points at a picture", r"like (this|so)|as (shown|pictured|seen)|look at the"),
        ("names a side outright", r"left|right"),
    ):
        found = re.search(rf"\b({pattern})\b", text, re.IGNORECASE)
        if found:
            yield f"{what}: {found[0]}"
    shortened = re.search(ABBREVIATED, text, re.IGNORECASE)
    if shortened:
        yield f"abbreviated: {shortened[0]}"
    unknown = set(variables(text)) - {"side", "other side"}
    if unknown:
        yield f"unknown variable: {', '.join(sorted(unknown))}"


def spoken_texts(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """Give every wording of an exercise with the key that it stands at."""
    single = {
        "set up": exercise.set_up,
        "breath": exercise.breath,
        "release": exercise.release,
        "safety": exercise.safety,
        "easier": exercise.easier,
        "harder": exercise.harder,
    }
    many = {"form": exercise.form, "phase": tuple(phase.say for phase in exercise.phases)}
    phrases = [*single.items(), *((key, phrase) for key, phrases in many.items() for phrase in phrases)]
    for key, phrase in phrases:
        if phrase is not None:
            yield key, phrase.full
            if phrase.brief is not None:
                yield f"{key}, brief", phrase.brief


@pytest.fixture(params=LIBRARY.exercise_ids)
def exercise(request: pytest.FixtureRequest) -> Exercise:
    return LIBRARY.exercise(request.param)


def test_there_are_exercises() -> None:
    assert len(LIBRARY.exercise_ids) == 28


def test_nothing_is_missing(exercise: Exercise) -> None:
    assert exercise.set_up is not None
    assert exercise.set_up.brief is not None
    assert 1 <= len(exercise.form) <= (2 if exercise.remind_every_s is None else 3)
    assert exercise.breath is not None
    assert exercise.release is not None
    assert exercise.dose is not None
    assert exercise.area
    assert exercise.source


def test_position_is_known(exercise: Exercise) -> None:
    assert exercise.position in POSITIONS
    assert exercise.end_position is None or exercise.end_position in POSITIONS
    assert exercise.end_position != exercise.position


def test_texts_are_worded_to_be_heard(exercise: Exercise) -> None:
    found = [f"{key}: {fault}" for key, text in spoken_texts(exercise) for fault in faults(text)]
    assert not found, "\n".join(found)


def test_spoken_name_can_be_heard(exercise: Exercise) -> None:
    assert re.fullmatch(r"[A-Za-z][A-Za-z ,-]*[A-Za-z]", exercise.spoken_name)


def test_texts_are_short(exercise: Exercise) -> None:
    assert exercise.set_up is not None
    assert exercise.set_up.brief is not None
    assert words(exercise.set_up.full) in SET_UP_WORDS
    assert words(exercise.set_up.brief) <= MOST_BRIEF_WORDS
    assert all(words(phrase.full) <= MOST_FORM_WORDS for phrase in exercise.form)
    assert exercise.breath is not None
    assert words(exercise.breath.full) <= MOST_BREATH_WORDS
    assert len(sentences(exercise.breath.full)) == 1
    assert exercise.release is not None
    assert words(exercise.release.full) <= MOST_RELEASE_WORDS


def test_side_is_named_where_there_is_one(exercise: Exercise) -> None:
    assert exercise.set_up is not None
    texts = dict(spoken_texts(exercise))
    if exercise.sides is Sides.BOTH:
        assert not [key for key, text in texts.items() if variables(text)]
    else:
        assert "side" in variables(exercise.set_up.full)
        assert "side" in variables(exercise.set_up.brief or "")


def test_ball_and_gun_keep_off_the_sciatic_nerve(exercise: Exercise) -> None:
    if {"tennis ball", "massage gun"} & set(exercise.equipment):
        assert exercise.safety is not None
        assert "sciatic nerve" in exercise.safety.full


def test_facts_are_whole() -> None:
    assert set(LIBRARY.exercise_ids) == set(FACTS)
    assert len(FACTS) == 28


def test_dose_is_the_article_s(exercise: Exercise) -> None:
    fact = FACTS[exercise.id]
    ours = "dose ours" in (exercise.source or "")
    if "default" not in fact:
        assert ours
        return
    assert not ours
    default = dict(fact["default"])
    assert exercise.sets == default.pop("sets", 1)
    ((key, amount),) = default.items()
    assert exercise.dose == Dose(Measure(key), quantity(Measure(key), str(amount)))


def quantity(measure: Measure, amount: str) -> Quantity:
    return durations(amount) if measure.timed else counts(amount, Unit(measure.value))


def test_a_range_is_the_article_s_and_begins_with_its_lower_figure(exercise: Exercise) -> None:
    assert exercise.dose is not None
    amount = exercise.dose.amount
    if amount.fixed:
        assert not re.search(r"-\d", str(FACTS[exercise.id].get("default", "")))
        return
    low, high = (int(figure) for figure in re.findall(r"(\d+)–(\d+)", FACTS[exercise.id]["dose"])[0])
    assert (amount.least, amount.most) == (low, high)


def test_cycles_have_the_article_s_phases(exercise: Exercise) -> None:
    assert exercise.dose is not None
    assert bool(exercise.phases) == (exercise.dose.measure is Measure.CYCLES)
    if exercise.phases:
        given = [duration(length) for length in FACTS[exercise.id]["phases"]]
        assert [phase.length_s for phase in exercise.phases][: len(given)] == given
        # What the article does not give, the source owns up to.
        assert ("letting go ours" in (exercise.source or "")) == (len(given) < len(exercise.phases))


def test_phases_are_called_in_a_word_or_two(exercise: Exercise) -> None:
    for phase in exercise.phases:
        assert phase.say.brief is not None
        assert words(phase.say.brief) <= MOST_PHASE_WORDS


def test_long_ones_remind(exercise: Exercise) -> None:
    assert exercise.dose is not None
    long = exercise.dose.measure.timed and exercise.dose.amount.least >= 60
    assert (exercise.remind_every_s is not None) == long


def test_a_spot_gets_the_article_s_time() -> None:
    for row in FACTS.values():
        if "spot" in row:
            exercise = LIBRARY.exercise(row["id"])
            low, high = row["spot"].rstrip("s").split("-")
            assert exercise.set_up is not None
            assert f"{low} to {high} seconds" in exercise.set_up.full
            assert exercise.remind_every_s is not None
            assert int(low) <= exercise.remind_every_s <= int(high)


def test_default_says_what_the_article_says() -> None:
    for row in FACTS.values():
        figures = re.findall(r"\d+", str(row.get("default", "")))
        assert set(figures) <= set(re.findall(r"\d+", row["dose"])), row["id"]
        assert ("default" in row) == bool(re.match(r"((about|press) )?\d", row["dose"])), row["id"]
        told = f"{row.get('phases', '')} {row.get('spot', '')}"
        assert set(re.findall(r"\d+", told)) <= set(re.findall(r"\d+", row["dose"])), row["id"]


def test_sides_are_the_article_s(exercise: Exercise) -> None:
    said = FACTS[exercise.id]["sides"]
    assert exercise.sides is (Sides.EACH if said.startswith("each") else Sides.BOTH)


def test_equipment_is_the_article_s(exercise: Exercise) -> None:
    said = FACTS[exercise.id]["equipment"]
    assert exercise.equipment == (() if said.startswith("none") else tuple(said.split(", ")))


def test_source_names_the_article(exercise: Exercise) -> None:
    gives = re.sub(r"\(.*?\)", "", FACTS[exercise.id]["article"])
    assert re.fullmatch(r"A\d(, A\d)*(; (dose|letting go) ours)?", exercise.source or "")
    assert re.findall(r"A\d", exercise.source or "") == re.findall(r"A\d", gives)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Stand tall", "no full stop"),
        ("Stand tall!", "cannot be heard"),
        ("Stand tall (or sit).", "cannot be heard"),
        ("Bend your knee like this.", "points at a picture"),
        ("Lie supine.", "jargon"),
        ("Feel it in the glute medius.", "jargon"),
        ("Push through the pain.", "unsafe"),
        ("Bend as far as you can.", "unsafe"),
        ("Force the knee down.", "unsafe"),
        ("Bounce at the end.", "bounce"),
        ("Do not stop. Bounce.", "bounce"),
        ("Hold for 30 s.", "abbreviated"),
        ("Hold for 30s.", "abbreviated"),
        ("Do 5 reps.", "abbreviated"),
        ("Take two steps.", "number in words"),
        ("Lift your left foot.", "names a side"),
        ("Lift your {sdie} foot.", "unknown variable"),
        ("Lift one foot and then the {other side} foot and then both hands over your own head.", "words in a sentence"),
    ],
)
def test_the_rules_find_slips(text: str, told: str) -> None:
    assert any(told in fault for fault in faults(text))


@pytest.mark.parametrize(
    "text", ["Move slowly, without bouncing.", "Lift your {other side} foot.", "Hold for 30 seconds."]
)
def test_the_rules_let_good_texts_pass(text: str) -> None:
    assert not list(faults(text))
