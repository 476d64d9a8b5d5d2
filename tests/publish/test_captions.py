"""Captions: all that is said while it is said, and between it what the sounds tell."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings

from tests.publish.sessions import SECOND, exercise, sound, spoken, timelines
from voicecoach.library import Library
from voicecoach.model.cuescript import Earcon
from voicecoach.model.timeline import Span, Timeline, Track
from voicecoach.model.units import to_ms
from voicecoach.publish.caption_lines import LINE_LETTERS, MOST_LINES, lines, pieces
from voicecoach.publish.caption_words import caption_words
from voicecoach.publish.captions import Caption, captions

ENGLISH = caption_words("en")


def letters(text: str) -> str:
    return "".join(text.split())


def at(every: tuple[Caption, ...], time_s: float) -> str:
    """What is on show at a moment; empty where nothing is."""
    return next((c.text for c in every if c.start_ms <= time_s * 1000 < c.end_ms), "")


def one_span(span: Span, voice: tuple = (), sounds: tuple = ()) -> Timeline:  # type: ignore[type-arg]
    tracks = (Track("voice", voice), Track("earcons", sounds), Track("bed"))
    return Timeline("T", span.frames, tracks, (span,), ())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(timelines())
def test_captions_follow_one_another_inside_the_session_and_hold_every_word(timeline: Timeline) -> None:
    every = captions(timeline, ENGLISH)
    assert all(caption.start_ms < caption.end_ms for caption in every)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(every))
    assert not every or (every[0].start_ms >= 0 and every[-1].end_ms <= to_ms(timeline.frames))
    said = "".join(clip.text or "" for clip in timeline.track("voice").clips)
    assert letters("".join(caption.text for caption in every if caption.spoken)) == letters(said)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(timelines())
def test_what_is_said_is_on_show_from_its_first_frame_to_its_last(timeline: Timeline) -> None:
    spoken_ones = [caption for caption in captions(timeline, ENGLISH) if caption.spoken]
    starts, ends = {c.start_ms for c in spoken_ones}, [(c.start_ms, c.end_ms) for c in spoken_ones]
    for clip in timeline.track("voice").clips:
        assert to_ms(clip.start) in starts
        assert any(start < to_ms(clip.end) <= end for start, end in ends)


def test_a_hold_is_read_like_a_clock() -> None:
    every = captions(exercise(), ENGLISH)
    assert at(every, 8) == "[Pigeon pose, left. Get ready]"
    assert at(every, 12) == "[Pigeon pose, left. Hold 30 s]"
    assert at(every, 22.5) == "[Pigeon pose, left. 20 s to go]"
    assert at(every, 27.5) == "Halfway."
    assert at(every, 28.8) == "[Pigeon pose, left. 13 s to go]", "told anew, not what it was before"
    assert [at(every, time_s) for time_s in (39.5, 40.5, 41.5, 42.3)] == ["[3]", "[2]", "[1]", "[Stop]"]


def test_repetitions_are_numbered_and_sides_named() -> None:
    every = captions(exercise(), ENGLISH)
    assert at(every, 48) == "[Change sides. Pigeon pose, right, set 2]"
    assert at(every, 50.2) == "[Pigeon pose, right, set 2. 1 of 4]"
    assert at(every, 50.6) == "[Pigeon pose, right, set 2. 1 of 4]", "what is counted aloud is there already"
    assert at(every, 65) == "[Pigeon pose, right, set 2. 4 of 4]"
    assert at(every, 66.2) == "[Stop]"
    assert at(every, 80) == "[Rest. 10 s to go]"
    assert at(every, 87) == "[The end]"


def test_a_number_that_no_tap_tells_is_shown_as_it_is_said() -> None:
    reps = Span("reps", 0, 9 * SECOND)
    taps = (sound(0, Earcon.REP, rep=1), sound(4, Earcon.REP, rep=2))
    voice = (spoken(1, 0.5, "1.", rep=1), spoken(5, 0.5, "Two.", rep=2), spoken(7, 0.5, "3.", rep=3))
    told = [caption.text for caption in captions(one_span(reps, voice, taps), ENGLISH)]
    assert told == ["[1 of 2]", "[2 of 2]", "Two.", "[2 of 2]", "3.", "[2 of 2]"]


def test_breathing_is_told_by_its_phases_and_held_breath_by_the_pattern() -> None:
    sounds = tuple(
        sound(12 * n + after, earcon, rep=n + 1)
        for n in range(2)
        for after, earcon in ((0, Earcon.IN), (6, Earcon.OUT))
    )
    every = captions(one_span(Span("breathe", 0, 24 * SECOND, pattern="4-2-6-0"), (), sounds), ENGLISH)
    assert [caption.text for caption in every] == [
        *("[Breathe in. 1 of 2]", "[Hold the breath. 1 of 2]", "[Breathe out. 1 of 2]"),
        *("[Breathe in. 2 of 2]", "[Hold the breath. 2 of 2]", "[Breathe out. 2 of 2]"),
    ]
    assert [caption.start_ms for caption in every] == [0, 4000, 6000, 12000, 16000, 18000]


def test_a_session_of_bells_can_be_followed_without_hearing_it() -> None:
    timeline = exercise()
    bells = replace(timeline, tracks=(Track("voice"), *timeline.tracks[1:]))
    told = [caption.text for caption in captions(bells, ENGLISH)]
    for text in ("Get ready", "Hold 30 s", "Halfway", "Change sides", "1 of 4", "Rest 20 s", "The end"):
        assert any(text in one for one in told), text
    assert all(text.startswith("[") for text in told)


def test_a_lead_in_is_not_shown() -> None:
    clip = sound(5, Earcon.LEAD_IN)
    assert (
        captions(one_span(Span("say", 0, 9 * SECOND), (spoken(6, 1, "Hello."),), (clip,)), ENGLISH)[0].text == "Hello."
    )


def test_words_stay_a_little_but_not_over_the_countdown() -> None:
    hold, ticks = Span("hold", 0, 20 * SECOND), (sound(17, Earcon.TICK),)
    free, hurried = (captions(one_span(hold, (spoken(at_s, 1, "Relax."),), ticks), ENGLISH) for at_s in (5, 15.9))
    assert next(c.end_ms for c in free if c.spoken) == 6700
    assert next(c.end_ms for c in hurried if c.spoken) == 17000


def test_sentences_are_shown_while_they_are_said_by_their_letters() -> None:
    voice = (spoken(0, 6, "Sit down now. Then lift both of your arms."),)
    every = [c for c in captions(one_span(Span("say", 0, 9 * SECOND), voice), ENGLISH) if c.spoken]
    assert [caption.text for caption in every] == ["Sit down now.", "Then lift both of your arms."]
    assert every[0].end_ms == every[1].start_ms == round(6000 * 13 / 41)


def test_short_sentences_are_shown_together() -> None:
    voice = (spoken(0, 2, "Good. Rest. Now stand up slowly."),)
    every = [c for c in captions(one_span(Span("say", 0, 9 * SECOND), voice), ENGLISH) if c.spoken]
    assert [caption.text for caption in every] == ["Good. Rest. Now stand up slowly."]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
        ("Hold 2.5 kg.", ["Hold 2.5 kg."]),
        ("He said “Go.” Then he went.", ["He said “Go.”", "Then he went."]),
        ("日本語。もう一つ。", ["日本語。", "もう一つ。"]),
        (
            "Lie on your back with your knees bent, your feet flat on the floor and hip-width apart, and breathe.",
            ["Lie on your back with your knees bent,", "your feet flat on the floor and hip-width apart, and breathe."],
        ),
    ],
)
def test_texts_are_cut_where_one_would_pause(text: str, wanted: list[str]) -> None:
    assert pieces(text) == wanted


def test_lines_are_few_and_even() -> None:
    assert lines("This session takes 13 minutes and 41 seconds.") == (
        "This session takes 13",
        "minutes and 41 seconds.",
    )
    for text in ("word " * 40, "x" * 200, "a, " * 60):
        for piece in pieces(text):
            shown = lines(piece)
            assert len(shown) <= MOST_LINES
            assert max(map(len, shown)) <= LINE_LETTERS


def test_the_words_are_there_in_every_language_of_the_coach(library: Library) -> None:
    for language in library.languages:
        words = caption_words(language)
        assert (words.language, words.missing) == (language, ())
        assert len({words("side", side=side) for side in ("left", "right")}) == 2
    assert caption_words("de-AT")("stop") == "Stopp"
    assert caption_words("fi")("stop") == "Stop"
    assert caption_words("../en")("stop") == "Stop"


def test_captions_speak_the_language_of_the_session() -> None:
    every = captions(exercise(), caption_words("de"))
    assert at(every, 22.5) == "[Pigeon pose, links. Noch 20 s]"
