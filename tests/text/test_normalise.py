"""Text made ready for speaking."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.library import Library
from voicecoach.source.nodes import ListNode, MapNode, Node, ScalarNode, parse_yaml
from voicecoach.text.normalise import normalise

ENGLISH = {
    # lengths and units
    "30s": "30 seconds",
    "Hold 30s.": "Hold 30 seconds.",
    "Hold 30 sec. Then rest.": "Hold 30 seconds. Then rest.",
    "30 sec. then rest": "30 seconds then rest",
    "1s": "1 second",
    "1 s, 2 s": "1 second, 2 seconds",
    "0.5s": "0.5 seconds",
    "2 min": "2 minutes",
    "5mins": "5 minutes",
    "1h": "1 hour",
    "1:30 min": "1 minute and 30 seconds",
    "at 1:30": "at 1:30",
    "5cm": "5 centimetres",
    "10 mm": "10 millimetres",
    "2.5kg": "2.5 kilograms",
    "1 lb": "1 pound",
    "10 lbs": "10 pounds",
    "10%": "10 percent",
    "45°": "45 degrees",
    "a 90° angle": "a 90 degrees angle",
    "per min.": "per min.",
    "its hips": "its hips",
    # ranges, counts, fractions
    "10-15": "10 to 15",
    "10 - 15": "10 to 15",
    "10–15 reps": "10 to 15 reps",
    "10\u221215": "10 to 15",
    "30-60s": "30 to 60 seconds",
    "1-2-3": "1-2-3",
    "one-leg bridge": "one-leg bridge",
    "3x": "3 times",
    "1x": "1 time",
    "3×": "3 times",
    "x3": "3 times",
    "3x10": "3 times 10",
    "3 x 10 reps": "3 times 10 reps",
    "3 × 30s": "3 times 30 seconds",
    "2–3x": "2 to 3 times",
    "X-ray": "X-ray",
    "1/2": "half",
    "½": "half",
    "3/4 of the way": "three quarters of the way",
    "1 1/2 hours": "1 and a half hours",
    "1½ hours": "1 and a half hours",
    "8/10": "8 out of 10",
    "50/50": "50 50",
    "1/8": "1 over 8",
    # sides and slashes
    "L/R": "left and right",
    "R / L": "right and left",
    "left/right": "left or right",
    "and/or": "and or",
    # abbreviations and signs
    "e.g. a wall": "for example a wall",
    "E.g. a wall": "for example a wall",
    "i.e. slowly": "that is slowly",
    "arms, legs, etc.": "arms, legs, et cetera",
    "approx. 5 min": "about 5 minutes",
    "~5 min": "about 5 minutes",
    "w/o weight": "without weight",
    "w/ band": "with band",
    "knees & hips": "knees and hips",
    "exercise #3": "exercise number 3",
    "2+2=4": "2 plus 2 equals 4",
    # dashes, quotes, markup, emoji, space
    "Wait — breathe.": "Wait, breathe.",
    "wait—breathe": "wait, breathe",
    "wait -- breathe": "wait, breathe",
    "it’s": "it's",
    "“Quoted” words": "Quoted words",
    "<b>bold</b>": "bold",
    "**bold** and _soft_": "bold and soft",
    "`code` [link]": "code link",
    "Go 👍 now": "Go now",
    "❤️ your hips": "your hips",
    "Wait… go": "Wait. go",
    "  two\n lines\t ": "two lines",
    "Really ?": "Really?",
    "No!!": "No!!",
    "a\u00a0b": "a b",
    "zero\u200bwidth": "zero width",
    "bell\x07": "bell",
    "cafe\u0301": "caf\u00e9",
    # nothing to say
    "": "",
    " ": "",
    "...": "",
    "…": "",
    "---": "",
    "—": "",
    "👍": "",
    "?!": "",
    "[]{}<>": "",
}

GERMAN = {
    "30s": "30 Sekunden",
    "1 s": "1 Sekunde",
    "Halte 30 s.": "Halte 30 Sekunden.",
    "ca. 5 min": "circa 5 Minuten",
    "1:30 min": "1 Minute und 30 Sekunden",
    "10-15": "10 bis 15",
    "3x": "3 mal",
    "1/2": "ein halb",
    "8/10": "8 von 10",
    "45°": "45 Grad",
    "10 %": "10 Prozent",
    "12 Wdh.": "12 Wiederholungen",
    "z.B. die Wand": "zum Beispiel die Wand",
    "z. B. die Wand": "zum Beispiel die Wand",
    "d.h. langsam": "das heißt langsam",
    "usw.": "und so weiter",
    "Knie & Hüfte": "Knie und Hüfte",
    "L/R": "links und rechts",
    "links/rechts": "links oder rechts",
    "„Gut“": "Gut",
}

SPANISH = {
    "30s": "30 segundos",
    "1 s": "1 segundo",
    "~5 cm": "unos 5 centímetros",
    "aprox. 5 min": "aproximadamente 5 minutos",
    "10-15": "10 a 15",
    "1x": "1 vez",
    "3x": "3 veces",
    "1/2": "medio",
    "8/10": "8 de 10",
    "45°": "45 grados",
    "10%": "10 por ciento",
    "8 rep.": "8 repeticiones",
    "p. ej. la pared": "por ejemplo la pared",
    "rodilla & cadera": "rodilla y cadera",
    "R/L": "derecha y izquierda",
    "¿Listo? ¡Vamos!": "¿Listo? ¡Vamos!",
}

UNKNOWN = {"30s": "30s", "10 – 15": "10-15", "<i>lent</i>": "lent", "«Bien»": "Bien", "👍": "", "三十秒": "三十秒"}

CASES = [
    (language, written, spoken)
    for language, table in {"en": ENGLISH, "de": GERMAN, "es": SPANISH, "fr": UNKNOWN}.items()
    for written, spoken in table.items()
]


@pytest.mark.parametrize(("language", "written", "spoken"), CASES)
def test_normalise(language: str, written: str, spoken: str) -> None:
    assert normalise(written, language) == spoken


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("en", "1 1/2 min", "1 and a half minutes"),
        ("en", "30s-60s", "30 seconds to 60 seconds"),
        ("de", "2 1/2 min", "2 einhalb Minuten"),
        ("es", "1 1/2 h", "1 y medio horas"),
    ],
)
def test_units_after_fractions_and_in_both_halves_of_a_range(language: str, written: str, spoken: str) -> None:
    assert normalise(written, language) == spoken


@pytest.mark.parametrize("language", ["en-us", "EN", "en-GB"])
def test_a_region_speaks_its_language(language: str) -> None:
    assert normalise("30s", language) == "30 seconds"


# What trips it: signs and letters that its rules look at, among everything else that Unicode has.
texts = st.text(
    st.one_of(st.sampled_from("0123456789/-x:.,%°½¼&+=#~@*[]{}<>|\\^_` sminLRhkgcb–—…−×'\"“\t\r\n"), st.characters()),
    max_size=40,
)
SPEAKABLE_SIGN = "°"


@settings(max_examples=400)
@given(texts, st.sampled_from(["en", "de", "es", "fr", "en-us", "zh-tw", ""]))
def test_whatever_is_written_comes_out_clean(text: str, language: str) -> None:
    spoken = normalise(text, language)
    assert not [c for c in spoken if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "So"} - {SPEAKABLE_SIGN}
                and c != SPEAKABLE_SIGN]  # fmt: skip
    assert not set("[]{}<>*_`|\\^") & set(spoken)
    assert spoken == " ".join(spoken.split()), "one line, single spaces"
    assert not spoken or any(character.isalnum() for character in spoken)


@settings(max_examples=200)
@given(st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=20))
def test_letters_and_digits_are_never_lost_altogether(text: str) -> None:
    assert normalise(text, "fr")


WRITTEN = (
    "Hold for 30s 10-15 1/2 3x L/R hip. Breathe, then go! Why? 2 min 1 1/2 e.g. w/o & 45° 5 cm 10% 3x10 ~5 #2 it's"
)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(WRITTEN.split(" ")), max_size=10).map(" ".join))
def test_what_is_written_out_stays_so(text: str) -> None:
    """For what coaches write. Not for every text: "0/X" gives "0 X", which by itself would be "0 times"."""
    spoken = normalise(text, "en")
    assert normalise(spoken, "en") == spoken


NEVER_SAID = {"tempo", "pattern"}
"""Figures for the coach; "2-0-2-0" is nothing that it says."""


def scalars(node: Node) -> list[str]:
    if isinstance(node, ScalarNode):
        return [node.text]
    if isinstance(node, ListNode):
        children = node.items
    else:
        children = tuple(entry.value for entry in node.entries if entry.key.text not in NEVER_SAID)
    return [text for child in children for text in scalars(child)]


def routine_texts(library: Library) -> list[str]:
    spoken = []
    for name in library.routine_names:
        root, faults = parse_yaml(library.routine_source(name))
        assert isinstance(root, MapNode)
        assert not faults
        spoken += scalars(root)
    return spoken


@pytest.mark.parametrize("language", Library().languages)
def test_what_the_library_says_is_speakable_and_stays_so(language: str) -> None:
    library = Library()
    spoken = routine_texts(library) if language == "en" else []
    for exercise_id in library.exercise_ids:
        exercise = library.exercise(exercise_id, language)
        phrases = (exercise.set_up, exercise.release, exercise.breath, exercise.safety, *exercise.form)
        more = (exercise.easier, exercise.harder, *(phase.say for phase in exercise.phases))
        worded = [phrase for phrase in (*phrases, *more) if phrase is not None]
        spoken += [exercise.spoken_name, *(p.full for p in worded), *(p.brief for p in worded if p.brief)]
    assert len(spoken) > 100
    for text in spoken:
        once = normalise(text, language)
        assert once
        assert normalise(once, language) == once
        assert not re.search(r"\d\s?(s|min|x|kg|cm)\b|\d-\d|/", once), f"'{once}' is still short"
