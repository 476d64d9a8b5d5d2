"""The coach's words in every language: complete, with the same variables, right plurals and sides, no English left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

import voicecoach
from voicecoach.errors import LibraryError
from voicecoach.text.normalise import normalise
from voicecoach.text.pace import estimate_s
from voicecoach.text.wording import BRIEF, VARIANTS, Wording

LIBRARY = Path(voicecoach.__file__).parent / "library"
FTL = {file.stem: file.read_text(encoding="utf-8") for file in sorted((LIBRARY / "wording").glob("*.ftl"))}
TRANSLATIONS = sorted(set(FTL) - {"en"})
ENTRIES = {language: FluentParser().parse(text).body for language, text in FTL.items()}
MESSAGES = {
    language: {entry.id.name: entry for entry in entries if isinstance(entry, ast.Message)}
    for language, entries in ENTRIES.items()
}
WORDS = {language: Wording(language, text) for language, text in FTL.items()}
EACH = [(language, name) for language in FTL for name in MESSAGES["en"]]
EACH_TRANSLATED = [(language, name) for language in TRANSLATIONS for name in MESSAGES["en"]]

WHICH = "which"
"""Given beside $side with "left" or "right", for languages that need it; a language may do without."""
COUNTS = {"n", "total", "round", "rounds"}
NO_WORDS = {"number", "opening", "exercise", "chapter-part"}
"""Messages whose first variant holds nothing to translate."""
SHARED = {"de": {"in", "start"}, "es": {"a"}}
"""Words that are also English ones."""
SIDE_FORMS = {
    "en": {"left", "right"},
    "de": {side + ending for side in ("link", "recht") for ending in ("e", "en", "er", "es", "em", "s")},
    "es": {side + ending for side in ("izquierd", "derech") for ending in ("a", "o", "as", "os")},
}
SOME = {
    "title": "Eins", "length": "XX", "items": "XX", "name": "XX", "text": "XX", "work": "XX", "rest": "XX",
    "part": "XX", "item": "chair",
    "first": "XX", "last": "XX", "which": "left", "side": "left", **dict.fromkeys(COUNTS, 5),
}  # fmt: skip


class Found(Visitor):
    """Variables and words of a part of a message."""

    def __init__(self, node: ast.BaseNode) -> None:
        self.variables: set[str] = set()
        self.texts: list[str] = []
        self.visit(node)

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.variables.add(node.id.name)

    def visit_TextElement(self, node: ast.TextElement) -> None:
        self.texts.append(node.value)


def patterns(language: str, name: str) -> list[ast.Pattern]:
    """All variants of a message, its own value first; without its brief form."""
    message = MESSAGES[language][name]
    assert message.value is not None
    return [message.value, *(part.value for part in message.attributes if part.id.name != BRIEF)]


def brief_pattern(language: str, name: str) -> ast.Pattern | None:
    return next((part.value for part in MESSAGES[language][name].attributes if part.id.name == BRIEF), None)


def plain(pattern: ast.Pattern) -> str:
    return "|".join(Found(pattern).texts)


def vocabulary(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.lower()))


def values_for(language: str, name: str) -> dict[str, str | int]:
    """Values for a message as the coach gives them: a side is what `side` says of it."""
    used = set[str]().union(*(Found(pattern).variables for pattern in patterns(language, name)))
    values = {variable: SOME[variable] for variable in used}
    if "side" in values and name != "side":
        values["side"] = WORDS[language]("side", side="left")
    return values


def said(language: str, name: str) -> Iterator[str]:
    values = values_for(language, name)
    for variant in range(len(patterns(language, name))):
        yield WORDS[language](name, variant=variant, **values)


def test_the_languages_are_those_that_we_promise() -> None:
    assert set(FTL) >= {"de", "en", "es"}


@pytest.mark.parametrize("language", FTL)
def test_a_file_reads_whole_and_has_each_message_once(language: str) -> None:
    assert not [entry.content for entry in ENTRIES[language] if isinstance(entry, ast.Junk)]
    names = [entry.id.name for entry in ENTRIES[language] if isinstance(entry, ast.Message)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_has_the_messages_of_english_in_their_order(language: str) -> None:
    assert list(MESSAGES[language]) == list(MESSAGES["en"])
    assert Wording(language, FTL[language], WORDS["en"]).missing == ()


@pytest.mark.parametrize(("language", "name"), EACH)
def test_every_variant_has_the_variables_of_english(language: str, name: str) -> None:
    wanted = Found(patterns("en", name)[0]).variables
    for pattern in patterns(language, name):
        found = Found(pattern).variables
        assert found - {WHICH} == wanted, plain(pattern)
        assert WHICH not in found or "side" in wanted, "only what has a side is told which"


@pytest.mark.parametrize(("language", "name"), EACH)
def test_variants_are_in_order_and_differ(language: str, name: str) -> None:
    attributes = [part.id.name for part in MESSAGES[language][name].attributes]
    variants = [attribute for attribute in attributes if attribute != BRIEF]
    assert variants == list(VARIANTS[: len(variants)])
    assert attributes in (variants, [*variants, BRIEF]), "the brief form stands last"
    assert len(patterns(language, name)) >= len(patterns("en", name)), "English has more variants"
    texts = list(said(language, name))
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(("language", "name"), EACH)
def test_every_variant_can_be_said(language: str, name: str) -> None:
    for text in said(language, name):
        assert normalise(text, language) == text, "said as it is written"
        assert not re.search(r"[{}$\u2068\u2069]| {2}", text)
        assert text == text.strip()


@pytest.mark.parametrize(("language", "name"), EACH_TRANSLATED)
def test_a_sentence_ends_where_the_english_one_does(language: str, name: str) -> None:
    stopped = {text.endswith(".") for text in said("en", name)}
    assert {text.endswith(".") for text in said(language, name)} == stopped


@pytest.mark.parametrize(("language", "name"), EACH_TRANSLATED)
def test_no_message_is_the_english_one(language: str, name: str) -> None:
    english = {plain(pattern) for pattern in patterns("en", name)}
    same = [plain(pattern) for pattern in patterns(language, name) if plain(pattern) in english]
    assert len(same) == (1 if name in NO_WORDS else 0), same


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_no_english_word_is_left(language: str) -> None:
    english = set[str]().union(*(vocabulary(plain(p)) for name in MESSAGES["en"] for p in patterns("en", name)))
    here = {name: set[str]().union(*(vocabulary(text) for text in said(language, name))) for name in MESSAGES["en"]}
    left = {name: words & english - SHARED.get(language, set()) for name, words in here.items()}
    assert not {name: words for name, words in left.items() if words}


BRIEF_ONES = [(language, name) for language in FTL for name in MESSAGES[language] if brief_pattern(language, name)]
IN_EXACT_SPANS = {"rest", "next-up", "next-up-with", "work-next", "time-left", "halfway", "last-rep", "last-breath"}


@pytest.mark.parametrize("language", FTL)
def test_what_is_said_by_the_clock_has_a_brief_form(language: str) -> None:
    brief = {name for told, name in BRIEF_ONES if told == language}
    assert brief >= IN_EXACT_SPANS | {name for told, name in BRIEF_ONES if told == "en"}


@pytest.mark.parametrize(("language", "name"), BRIEF_ONES)
def test_a_brief_form_is_no_longer_than_any_variant_of_the_full_one(language: str, name: str) -> None:
    brief = WORDS[language].brief(name, **values_for(language, name))
    assert brief is not None
    assert normalise(brief, language) == brief != "", "said as it is written"
    assert brief.endswith("."), "a sentence, like the full one"
    for full in said(language, name):
        assert len(brief) <= len(full)
        assert estimate_s(brief) <= estimate_s(full)
    assert any(len(brief) < len(full) for full in said(language, name)), "it saves something"


@pytest.mark.parametrize(("language", "name"), BRIEF_ONES)
def test_a_brief_form_leaves_variables_out_but_brings_none(language: str, name: str) -> None:
    pattern = brief_pattern(language, name)
    assert pattern is not None
    assert Found(pattern).variables <= Found(patterns(language, name)[0]).variables


@pytest.mark.parametrize(("language", "name"), [pair for pair in BRIEF_ONES if pair[0] != "en"])
def test_a_brief_form_is_not_the_english_one(language: str, name: str) -> None:
    here, english = brief_pattern(language, name), brief_pattern("en", name)
    assert here is not None
    assert english is None or not vocabulary(plain(here)) or plain(here) != plain(english)
    assert vocabulary(plain(here)).isdisjoint({"rest", "last", "in", "out", "halfway", "ones"})


NUMBERS = (0, 1, 2, 5, 21, 100)
PLURALS = [
    ("en", "seconds", ("1 second", "{n} seconds")),
    ("en", "minutes", ("1 minute", "{n} minutes")),
    ("en", "hours", ("1 hour", "{n} hours")),
    ("en", "reps", ("One repetition.", "{n} repetitions.")),
    ("en", "reps-each", ("One repetition on each side.", "{n} repetitions on each side.")),
    ("en", "sets", ("One set.", "{n} sets.")),
    ("en", "breaths", ("One breath.", "{n} breaths.")),
    ("de", "seconds", ("eine Sekunde", "{n} Sekunden")),
    ("de", "minutes", ("eine Minute", "{n} Minuten")),
    ("de", "hours", ("eine Stunde", "{n} Stunden")),
    ("de", "reps", ("Eine Wiederholung.", "{n} Wiederholungen.")),
    ("de", "reps-each", ("Eine Wiederholung auf jeder Seite.", "{n} Wiederholungen auf jeder Seite.")),
    ("de", "cycles", ("Ein Durchgang.", "{n} Durchgänge.")),
    ("de", "sets", ("Ein Satz.", "{n} Sätze.")),
    ("de", "breaths", ("Ein Atemzug.", "{n} Atemzüge.")),
    ("de", "breathe-for", ("Ein Atemzug.", "{n} Atemzüge.")),
    ("es", "seconds", ("un segundo", "{n} segundos")),
    ("es", "minutes", ("un minuto", "{n} minutos")),
    ("es", "hours", ("una hora", "{n} horas")),
    ("es", "reps", ("Una repetición.", "{n} repeticiones.")),
    ("es", "reps-each", ("Una repetición en cada lado.", "{n} repeticiones en cada lado.")),
    ("es", "cycles", ("Un ciclo.", "{n} ciclos.")),
    ("es", "sets", ("Una serie.", "{n} series.")),
    ("es", "breaths", ("Una respiración.", "{n} respiraciones.")),
    ("es", "breathe-for", ("Una respiración.", "{n} respiraciones.")),
]


@pytest.mark.parametrize(("language", "name", "forms"), PLURALS)
def test_plurals(language: str, name: str, forms: tuple[str, str]) -> None:
    one, other = forms
    wanted = [one if n == 1 else other.replace("{n}", str(n)) for n in NUMBERS]
    assert [WORDS[language](name, n=n) for n in NUMBERS] == wanted


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [("en", "One round.", "8 rounds."), ("de", "Eine Runde.", "8 Runden."), ("es", "Una ronda.", "8 rondas.")],
)
def test_rounds_of_intervals(language: str, one: str, many: str) -> None:
    assert [WORDS[language]("intervals", rounds=rounds) for rounds in (1, 8)] == [one, many]


LENGTHS = [
    ("en", 1, "1 second"),
    ("en", 61, "1 minute and 1 second"),
    ("en", 3600, "1 hour"),
    ("en", 5025, "1 hour, 23 minutes and 45 seconds"),
    ("de", 0, "0 Sekunden"),
    ("de", 1, "eine Sekunde"),
    ("de", 61, "eine Minute und eine Sekunde"),
    ("de", 150, "2 Minuten und 30 Sekunden"),
    ("de", 3600, "eine Stunde"),
    ("de", 5025, "eine Stunde, 23 Minuten und 45 Sekunden"),
    ("es", 0, "0 segundos"),
    ("es", 1, "un segundo"),
    ("es", 61, "un minuto y un segundo"),
    ("es", 150, "2 minutos y 30 segundos"),
    ("es", 3600, "una hora"),
    ("es", 5025, "una hora, 23 minutos y 45 segundos"),
]


@pytest.mark.parametrize(("language", "length_s", "wanted"), LENGTHS)
def test_lengths(language: str, length_s: int, wanted: str) -> None:
    assert WORDS[language].length(length_s) == wanted


@pytest.mark.parametrize(
    ("language", "items", "wanted"),
    [
        ("en", ("a chair", "a strap", "a ball"), "a chair, a strap and a ball"),
        ("de", (), ""),
        ("de", ("ein Stuhl",), "ein Stuhl"),
        ("de", ("ein Stuhl", "ein Gurt"), "ein Stuhl und ein Gurt"),
        ("de", ("ein Stuhl", "ein Gurt", "ein Ball"), "ein Stuhl, ein Gurt und ein Ball"),
        ("es", ("una silla", "una correa"), "una silla y una correa"),
        ("es", ("una silla", "una correa", "un balón"), "una silla, una correa y un balón"),
    ],
)
def test_lists(language: str, items: tuple[str, ...], wanted: str) -> None:
    assert WORDS[language].listed(items) == wanted


SENTENCES = [
    ("de", "side-first", 0, "Die linke Seite zuerst.", "Die rechte Seite zuerst."),
    ("de", "side-first", 1, "Beginne mit der linken Seite.", "Beginne mit der rechten Seite."),
    ("de", "change-sides", 1, "Wechsle die Seite. Nun die linke.", "Wechsle die Seite. Nun die rechte."),
    ("de", "set-of-side", 0, "Satz 5 von 5, links.", "Satz 5 von 5, rechts."),
    ("de", "chapter-side", 0, "XX, links", "XX, rechts"),
    ("es", "side-first", 0, "Primero, el lado izquierdo.", "Primero, el lado derecho."),
    ("es", "set-of-side", 0, "Serie 5 de 5, lado izquierdo.", "Serie 5 de 5, lado derecho."),
    ("es", "chapter-side", 0, "XX, lado izquierdo", "XX, lado derecho"),
]


@pytest.mark.parametrize(("language", "name", "variant", "left", "right"), SENTENCES)
def test_sides_in_a_sentence(language: str, name: str, variant: int, left: str, right: str) -> None:
    words = WORDS[language]
    values = {"name": "XX", "n": 5, "total": 5}
    for which, wanted in (("left", left), ("right", right)):
        side = words("side", side=which)
        assert words(name, variant=variant, side=side, which=which, **values) == wanted


WITH_SIDE = [name for name in MESSAGES["en"] if name != "side" and "side" in Found(patterns("en", name)[0]).variables]


@pytest.mark.parametrize("language", FTL)
@pytest.mark.parametrize("name", WITH_SIDE)
@pytest.mark.parametrize("which", ["left", "right"])
def test_a_side_is_a_whole_word_in_every_variant(language: str, name: str, which: str) -> None:
    side = WORDS[language]("side", side=which)
    values = {**values_for(language, name), "side": side, WHICH: which}
    for variant in range(len(patterns(language, name))):
        text = WORDS[language](name, variant=variant, **values)
        spoken = {word for word in vocabulary(text) if word.startswith(side)}
        assert spoken, text
        assert spoken <= SIDE_FORMS[language], text


OVERLAYS = sorted(LIBRARY.glob("exercises/*/*.yaml"))


def test_each_translation_has_an_exercise() -> None:
    assert {file.parent.name for file in OVERLAYS} == set(TRANSLATIONS)


@pytest.mark.parametrize("file", OVERLAYS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_translated_exercise_gives_each_side_its_ending(file: Path) -> None:
    language = file.parent.name
    text = "\n".join(line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    assert (LIBRARY / "exercises" / file.name).is_file(), "there is no such exercise"
    endings = re.findall(r"\{(?:other )?side\}(\w*)", text)
    assert endings
    for which in ("left", "right"):
        side = WORDS[language]("side", side=which)
        assert {side + ending for ending in endings} <= SIDE_FORMS[language]


@pytest.mark.parametrize("language", FTL)
def test_variants_take_turns(language: str) -> None:
    words = WORDS[language]
    turns = [words("time-left", variant=variant, length="XX") for variant in range(7)]
    each = len(patterns(language, "time-left"))
    assert len(set(turns[:each])) == each > 1
    assert turns == [turns[variant % each] for variant in range(7)]
    assert words("last-round", variant=5) == words("last-round"), "one that has no variants is always the same"


MADE_UP = "last-rep = Viimeinen.\nseconds = { $n } s\nonly-here = Vain.\n"


def test_a_missing_message_is_said_in_english_and_named() -> None:
    words = Wording("fi", MADE_UP, WORDS["en"])
    assert words.names == ("last-rep", "seconds", "only-here")
    assert set(words.missing) == set(MESSAGES["en"]) - {"last-rep", "seconds"}
    assert list(words.missing) == [name for name in MESSAGES["en"] if name in words.missing], "in English's order"
    assert words("last-rep", variant=2) == "Viimeinen."
    assert words("halfway", variant=1) == "Half of it done.", "English, with its variants"
    assert words("minutes", n=1) == "1 minute", "English, with its plurals"
    assert words.length(62) == "1 minute and 2 s"


def test_a_brief_form_is_of_the_language_that_says_the_full_one() -> None:
    words = Wording("fi", "halfway = Puolet on tehty.\n    .brief = Puolet.\nrest = Lepo { $length }.\n", WORDS["en"])
    assert words.brief("halfway") == "Puolet."
    assert words.brief("rest", length="XX") is None, "no English in the middle of it"
    assert words.brief("last-rep") == "Last.", "the full one is English too"
    assert words.brief("side-only", side="left") is None
    with pytest.raises(LibraryError, match="time-left"):
        WORDS["en"].brief("time-left")


def test_without_a_fallback_nothing_is_missing_and_nothing_is_made_up() -> None:
    words = Wording("fi", MADE_UP)
    assert words.missing == ()
    with pytest.raises(LibraryError, match="halfway"):
        words("halfway")


def test_what_neither_language_has_is_our_fault() -> None:
    with pytest.raises(LibraryError, match="no-such-message"):
        Wording("fi", MADE_UP, WORDS["en"])("no-such-message")
