"""The words of printed pages: whole in every language, right plurals, nothing English left, none that is not used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

import voicecoach
from tests.publish import courses
from tests.publish.handout_pages import EVERYTHING, LIBRARY, page_of, routine_of
from voicecoach.body.positions import Posture, posture
from voicecoach.publish.course.overview import overview_svg
from voicecoach.publish.course.plan_page import plan_html
from voicecoach.publish.handout.figures import FIGURES, slug
from voicecoach.text.wording import Wording

FILES = sorted((Path(voicecoach.__file__).parent / "library" / "labels").glob("*.ftl"))
BODIES = {file.stem: FluentParser().parse(file.read_text(encoding="utf-8")).body for file in FILES}
MESSAGES: Mapping[str, Mapping[str, ast.Message]] = {
    language: {entry.id.name: entry for entry in body if isinstance(entry, ast.Message)}
    for language, body in BODIES.items()
}
LANGUAGES = sorted(BODIES)
TRANSLATIONS = [language for language in LANGUAGES if language != "en"]
ALIKE = {"phase", "sets", "minutes", "seconds", "hours", "time", "name", "equipment", "position", "day"}
"""Without words, in international units, the same word in two languages, or with cases of their own below."""
VALUES: dict[str, str | int] = dict.fromkeys(("length", "name", "dose", "parts", "work", "rest", "rounds"), "XX")
VALUES |= dict.fromkeys(("what", "one", "other", "title", "author", "item", "posture", "day"), "XX")
VALUES |= dict.fromkeys(("note", "talk", "weeks", "year"), "XX") | {"month": 12}


class Found(Visitor):
    """Variables of a message."""

    def __init__(self, node: ast.BaseNode) -> None:
        self.variables: set[str] = set()
        self.visit(node)

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.variables.add(node.id.name)


def told(language: str, name: str) -> str:
    return LIBRARY.labels(language)(name, variant=0, **VALUES, n=5)


def test_there_are_labels_for_each_language_of_the_coach() -> None:
    assert tuple(LANGUAGES) == tuple(LIBRARY.languages)
    assert set(LANGUAGES) >= {"de", "en", "es"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_reads_whole_and_has_the_messages_of_english_in_their_order(language: str) -> None:
    assert not [entry.content for entry in BODIES[language] if isinstance(entry, ast.Junk)]
    names = [entry.id.name for entry in BODIES[language] if isinstance(entry, ast.Message)]
    assert names == list(MESSAGES["en"])
    assert LIBRARY.labels(language).missing == ()


@pytest.mark.parametrize(("language", "name"), [*product(LANGUAGES, MESSAGES["en"])])
def test_every_label_can_be_written(language: str, name: str) -> None:
    assert Found(MESSAGES[language][name]).variables == Found(MESSAGES["en"][name]).variables
    text = told(language, name)
    assert text == text.strip() != ""
    assert not re.search(r"[{}$\u2068\u2069]|  ", text)
    if language != "en" and name not in ALIKE:
        assert text != told("en", name), "not translated"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["reps", "breaths", "rounds", "exercises-count", "cycles", "course-weeks", "course-sessions"]
)
def test_one_is_not_many(language: str, name: str) -> None:
    one, two, more = (LIBRARY.labels(language)(name, n=n) for n in (1, 2, 21))
    assert one.replace("1", "2") != two
    assert two.replace("2", "21") == more


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_what_the_library_needs_has_a_name(language: str) -> None:
    exercises = [LIBRARY.exercise(one) for one in LIBRARY.exercise_ids]
    labels, english = LIBRARY.labels(language), LIBRARY.labels("en")
    for item in {item for exercise in exercises for item in exercise.equipment}:
        values = {"item": item.replace(" ", "-"), "name": "unnamed"}
        assert english("equipment", **values) == item
        assert labels("equipment", **values) not in {item, "unnamed"}
    for known in Posture:
        values = {"posture": slug(known), "name": "unnamed"}
        assert english("position", **values) == known.value
        assert labels("position", **values) not in {known.value, "unnamed"}
    for exercise in exercises:
        assert exercise.position is None or posture(exercise.position) in FIGURES


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_days_differ(language: str) -> None:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    assert len({LIBRARY.labels(language)("day", day=day) for day in days}) == len(days)


def test_each_label_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    used: set[str] = set()
    labels = LIBRARY.labels("en")
    call = Wording.__call__

    def recording(self: Wording, message: str, **values: str | int) -> str:
        used.update({message} if self.names == labels.names else ())
        return call(self, message, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(Wording, "__call__", recording)
    page_of(routine_of(EVERYTHING), 3700)
    page_of(routine_of("title: T\nsteps: [clamshell: {start: right, tempo: 2-0-3-1}, fire-hydrant: {hold: 2.5s}]"))
    page_of(routine_of("title: T\nsteps: [breathe: {pattern: 4-1-4-1, for: 3 breaths}]"))
    made = courses.course(6)
    plan_html(made, courses.contents(made), LIBRARY)
    overview_svg(made, courses.contents(made))
    overview_svg(courses.course(1, None), {})
    assert set(MESSAGES["en"]) - used == set()
