"""A session in another language: none of the coach's own words stays English."""

from __future__ import annotations

import re

import pytest

from voicecoach.library import Library
from voicecoach.pipeline import Workshop, plan
from voicecoach.source.nodes import SourceFile
from voicecoach.text.fill import fill

LIBRARY = Library()
NOT_ITS_OWN = {"say", "cue"}
"""What the author wrote."""


def library_texts() -> set[str]:
    """All wording of the English exercises, for both sides."""
    texts = set()
    for exercise_id in LIBRARY.exercise_ids:
        exercise = LIBRARY.exercise(exercise_id)
        phrases = [exercise.set_up, exercise.breath, exercise.release, exercise.safety, *exercise.form]
        phrases += [phase.say for phase in exercise.phases]
        for phrase in filter(None, phrases):
            for side, other in (("left", "right"), ("right", "left")):
                texts |= {fill(text, {"side": side, "other side": other}) for text in (phrase.full, phrase.shortest)}
    return texts


def heard(name: str, language: str, shop: Workshop) -> tuple[set[str], set[str]]:
    """What the coach says of its own accord, and the chapters."""
    text = LIBRARY.routine_source(name).text
    text = re.sub(r"^language:.*\n", "", text, flags=re.MULTILINE) + f"\nlanguage: {language}\n"
    outcome = plan(SourceFile(f"{name}.yaml", text), name, shop)
    assert outcome.timeline is not None, [fault.render() for fault in outcome.faults]
    clips = outcome.timeline.track("voice").clips
    said = {clip.text or "" for clip in clips if clip.role not in NOT_ITS_OWN} - library_texts()
    return said, {chapter.title for chapter in outcome.timeline.chapters}


@pytest.mark.parametrize("language", [lang for lang in LIBRARY.languages if lang != "en"])
@pytest.mark.parametrize("name", LIBRARY.routine_names)
def test_no_english_is_left_in_the_coach_s_own_words(name: str, language: str, fake_shop: Workshop) -> None:
    english, _ = heard(name, "en", fake_shop)
    said, chapters = heard(name, language, fake_shop)
    names = {LIBRARY.exercise(exercise_id).spoken_name for exercise_id in LIBRARY.exercise_ids}
    names |= set(re.findall(r"name: ([^,}\n]+)", LIBRARY.routine_source(name).text))
    title = plan(LIBRARY.routine_source(name), name, fake_shop).timeline
    assert title is not None
    known = {f"{name}." for name in names} | {f"{title.title}."}
    counted = {text for text in said if text.isdigit()}
    assert said & english <= known | counted
    assert len(said - known) > 3
    left = [
        text
        for text in said
        for word in ("side", "rest", "hold", "seconds", "session", "last")
        if f" {word}" in f" {text.lower()}"
    ]
    assert not [text for text in left if not any(name in text for name in (*names, title.title))]
    assert not chapters & {"Opening", "Close"}
