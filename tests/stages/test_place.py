"""place, rule by rule, on scripts made by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from placing import (
    EARCON_FRAMES,
    check_speech_is_clear,
    earcon,
    exact,
    flowing,
    gap,
    hold,
    length,
    messages,
    placed,
    said,
    seconds,
    speech,
)

from voicecoach.model.cuescript import (
    BREATH_TONES,
    CueScript,
    Earcon,
    EarconCue,
    Priority,
    ScriptSpan,
    SpanKind,
    Where,
)
from voicecoach.model.timeline import NoteKind, Timeline, UsedBed
from voicecoach.model.units import to_frames
from voicecoach.stages.place import place

EXTRA, MUST = Priority.EXTRA, Priority.MUST


def kinds(timeline: Timeline) -> list[str]:
    return [str(note.kind) for note in timeline.notes]


# Moments and windows


def test_a_cue_is_said_when_it_is_wanted() -> None:
    timeline = hold(30, speech("Halfway.|0.7", "15.3", (15, 18)))
    assert said(timeline) == {"Halfway.|0.7": 15.3}
    assert timeline.notes == ()


def test_without_a_wanted_moment_it_comes_first_thing_in_its_window() -> None:
    timeline = hold(30, speech("A|1", None, (4, 20)), speech("B|1", None, (4, 20), quiet="1.5"))
    assert said(timeline) == {"A|1": 4.0, "B|1": 6.5}
    assert timeline.notes == (), "nobody asked for another moment"


def test_late_words_end_with_their_window() -> None:
    cues = (earcon(Earcon.REP, 0), earcon(Earcon.REP, 5), speech("Last one.|0.6", None, (0, "4.8"), late=True))
    assert said(placed(exact(10, *cues, kind=SpanKind.REPS), flowing(gap(1)))) == {"Last one.|0.6": 4.2}


def test_it_moves_earlier_before_the_countdown_and_the_note_says_so() -> None:
    timeline = hold(30, speech("Nearly there.|1.5", "26.2", (20, "27.0")))
    assert said(timeline) == {"Nearly there.|1.5": 25.4}, "0.1 s before the tick at 27"
    assert messages(timeline) == ["moved 0.8 s earlier: 'Nearly there.|1.5' (the countdown begins at 0:27)"]
    assert timeline.notes[0].kind == NoteKind.MOVED
    assert timeline.notes[0].step == 1
    assert timeline.notes[0].at == to_frames(Fraction("25.4"))


def test_it_moves_later_where_it_cannot_move_earlier() -> None:
    cues = (earcon(Earcon.HALFWAY, 15), speech("Halfway.|0.7", "14.9", ("14.9", 18)))
    timeline = placed(exact(30, *cues), flowing(gap(1)))
    assert said(timeline) == {"Halfway.|0.7": 15.15}
    assert messages(timeline) == ["moved 0.2 s later: 'Halfway.|0.7' (the halfway sound comes at 0:15)"]


def test_of_two_moments_the_earlier_unless_it_is_twice_as_far() -> None:
    def beside_a_tap(wanted: str) -> float:
        timeline = placed(exact(20, earcon(Earcon.REP, 10), speech("Stay tall.|1", wanted)), flowing(gap(1)))
        return said(timeline)["Stay tall.|1"]

    assert beside_a_tap("9.7") == 8.9, "0.8 s earlier rather than 0.45 s later"
    assert beside_a_tap("9.8") == 10.15, "0.35 s later rather than 0.9 s earlier"


def test_small_moves_need_no_note() -> None:
    timeline = hold(30, speech("Nearly there.|1.5", "25.44", (20, 27)))
    assert said(timeline) == {"Nearly there.|1.5": 25.4}
    assert timeline.notes == ()


def test_never_over_the_onset_of_an_earcon() -> None:
    taps = [earcon(Earcon.REP, n) for n in range(0, 20, 2)]
    words = [speech(f"{n}|{n / 10 + 0.1}", Fraction(n * 3, 2), role="count") for n in range(12)]
    timeline = placed(exact(20, *taps, *words, kind=SpanKind.REPS), flowing(gap(1)))
    assert len(said(timeline)) > 8
    check_speech_is_clear(timeline)


def test_quiet_is_kept_on_both_sides() -> None:
    cues = (speech("A|1", 10, priority=MUST), speech("B|1", 11, quiet=2), speech("C|1", "9.5", quiet="0.5"))
    times = said(placed(exact(30, *cues), flowing(gap(1))))
    assert times == {"C|1": 8.5, "A|1": 10.0, "B|1": 13.0}


def test_the_quiet_reaches_over_the_end_of_the_span() -> None:
    words = speech("Last words.|1", None, (0, None), late=True, quiet=3)
    timeline = placed(flowing(speech("Set up.|1", priority=MUST)), exact(10, words), flowing(speech("Next.|1")))
    assert said(timeline) == {"Set up.|1": 0.6, "Last words.|1": 10.6, "Next.|1": 14.6}
    first = placed(flowing(speech("Set up.|1", priority=MUST)), exact(10, speech("Now.|1", 0, quiet=3)))
    assert said(first)["Now.|1"] == 4.6


def test_speech_waits_for_the_sounds_at_the_begin_of_a_span() -> None:
    rest = exact(20, earcon(Earcon.REST), speech("Rest.|1"), kind=SpanKind.REST)
    timeline = placed(exact(10, earcon(Earcon.START, 0), earcon(Earcon.END, 10)), rest)
    assert [(c.earcon, c.start / 48_000) for c in timeline.track("earcons").clips] == [
        ("start", 0.0),
        ("end", 10.0),
        ("rest", 10.65),
    ]
    assert said(timeline) == {"Rest.|1": 11.3}
    assert timeline.notes == ()


def test_speech_ends_before_the_first_sound_of_the_next_span() -> None:
    work = exact(10, earcon(Earcon.START, 0), earcon(Earcon.END, 10))
    rest = exact(10, speech("Next up.|1", late=True), kind=SpanKind.REST)
    assert said(placed(rest, work)) == {"Next up.|1": 8.9}
    assert said(placed(rest, flowing(gap(1)))) == {"Next up.|1": 9.0}
    timeline = placed(flowing(speech("Go.|1")), work)
    assert timeline.spans[1].start == to_frames(Fraction("1.7")), "a flowing span waits"


# Brief forms and priorities


def test_it_begins_in_time_whenever_it_ends() -> None:
    cues = (earcon(Earcon.REP, "15.5"), speech("Halfway.|0.7", "15.3", (15, 18), begin_by="15.6"))
    timeline = placed(exact(30, *cues), flowing(gap(1)))
    assert said(timeline) == {}
    assert messages(timeline) == [
        "left out 'Halfway.|0.7': it takes 0.70 s and there is room for 0.65 s after the tap at 0:16"
    ]
    cues = (earcon(Earcon.REP, "15.5"), speech("Halfway.|0.7", "15.3", (15, 18), begin_by="15.7"))
    assert said(placed(exact(30, *cues), flowing(gap(1)))) == {"Halfway.|0.7": 15.65}


def test_the_brief_form_where_the_full_one_has_no_room() -> None:
    timeline = hold(60, speech("30 left.|2.1", 30, ("29.5", "31.5"), brief="30.|1.2"))
    assert said(timeline) == {"30.|1.2": 30.0}
    assert messages(timeline) == [
        "said '30.|1.2' instead of '30 left.|2.1': it takes 2.1 s and there is room for 2.0 s in its time, 0:30 to 0:32"
    ]
    assert kinds(timeline) == ["shortened"]


def test_moving_comes_before_shortening() -> None:
    timeline = hold(60, speech("30 left.|2.1", 30, ("29", "31.5"), brief="30.|1.2"))
    assert said(timeline) == {"30 left.|2.1": 29.4}


def test_a_neighbour_is_shortened_where_that_helps() -> None:
    one = speech("Push the floor away.|4", 10, (10, 16), brief="Push.|1")
    other = speech("Halfway.|2", 14, (13, 16))
    timeline = placed(exact(30, one, other), flowing(gap(1)))
    assert said(timeline) == {"Push.|1": 10.0, "Halfway.|2": 14.0}
    assert messages(timeline) == ["said 'Push.|1' instead of 'Push the floor away.|4': 'Halfway.|2' needs the time"]


def test_both_neighbours_are_shortened_where_one_is_not_enough() -> None:
    one = speech("One at some length.|4", 10, (10, 14), brief="One.|2")
    two = speech("Two at some length.|4", "14.2", ("14.2", "18.2"), brief="Two.|2")
    between = speech("Now.|3.9", "14.1", ("12", "16.2"))
    timeline = placed(exact(30, one, two, between), flowing(gap(1)))
    assert said(timeline) == {"One.|2": 10.0, "Now.|3.9": 12.15, "Two.|2": 16.2}
    assert kinds(timeline) == ["shortened", "moved", "shortened", "moved"]


def test_two_neighbours_on_one_side_are_shortened() -> None:
    crowd = [speech(f"Number {n}.|2", 10 + n, (10, 14), brief=f"{n}.|1") for n in range(3)]
    timeline = placed(exact(30, *crowd), flowing(gap(1)))
    assert said(timeline) == {"0.|1": 10.0, "1.|1": 11.15, "2.|1": 12.3}
    assert kinds(timeline).count("shortened") == 3


def test_a_neighbour_of_higher_priority_is_not_shortened() -> None:
    one = speech("Push the floor away.|4", 10, (10, 14), brief="Push.|1")
    other = speech("Tall.|2", 13, (10, 14), priority=EXTRA)
    timeline = placed(exact(30, one, other), flowing(gap(1)))
    assert said(timeline) == {"Push the floor away.|4": 10.0}
    assert messages(timeline) == [
        "left out 'Tall.|2': it takes 2.0 s and there is no room for it: 'Push the floor away.|4' is said at 0:10"
    ]
    assert kinds(timeline) == ["dropped"]


def test_the_lower_priority_is_dropped_though_it_was_first() -> None:
    first, second = speech("Extra.|2", 10, (10, 13), priority=EXTRA), speech("Useful.|2", "10.6", (10, 13))
    timeline = placed(exact(30, first, second), flowing(gap(1)))
    assert said(timeline) == {"Useful.|2": 10.6}
    assert messages(timeline) == [
        "left out 'Extra.|2': it takes 2.0 s and there is room for 0.5 s before 'Useful.|2' at 0:11"
    ]


def test_the_higher_priority_keeps_its_moment() -> None:
    extra, useful = speech("Extra.|2", 10, priority=EXTRA), speech("Useful.|2", "10.5")
    times = said(placed(exact(30, extra, useful), flowing(gap(1))))
    assert times == {"Extra.|2": 8.35, "Useful.|2": 10.5}


def test_two_change_places_where_only_that_fits() -> None:
    long, short = speech("Any time.|2", 10, (10, 30)), speech("Now or never.|1.9", "10.2", (10, 12))
    timeline = placed(exact(30, long, short), flowing(gap(1)))
    assert said(timeline) == {"Now or never.|1.9": 10.1, "Any time.|2": 12.15}
    assert timeline.notes[1].message == "moved 2.1 s later: 'Any time.|2' ('Now or never.|1.9' is said at 0:10)"


def test_what_was_shortened_is_said_in_full_after_all_where_room_was_made() -> None:
    long = speech("A long one.|4", 10, (10, 16), brief="A.|2")
    shortened = speech("The second.|2.5", 14, (10, 16), brief="Second.|1.8")
    last = speech("Third.|1", "14.5", (11, "16.5"))
    timeline = placed(exact(30, long, shortened), flowing(gap(1)))
    assert said(timeline) == {"A long one.|4": 10.0, "Second.|1.8": 14.15}
    timeline = placed(exact(30, long, shortened, last), flowing(gap(1)))
    assert said(timeline) == {"A.|2": 10.0, "The second.|2.5": 12.85, "Third.|1": 15.5}


def test_what_had_no_room_is_let_in_after_all_where_room_was_made() -> None:
    row = [speech("A long one.|4", 10, (10, 17), brief="A.|1"), speech("B|1", "14.2", (10, "15.5"))]
    row += [speech("C|0.9", "15.3", (10, "16.3")), speech("Missed|2.5", "15.8", ("15.2", "18.2"))]
    assert "Missed|2.5" not in said(placed(exact(30, *row), flowing(gap(1))))
    row.append(speech("D|0.3", "15.9", (11, "16.4")))
    assert set(said(placed(exact(30, *row), flowing(gap(1))))) == {"A.|1", "B|1", "C|0.9", "D|0.3", "Missed|2.5"}


@pytest.mark.parametrize(
    ("cue", "reason"),
    [
        (speech("X|4", 25, (24, "27.0")), "room for 2.9 s before the countdown at 0:27"),
        (speech("X|4", 3, ("0.2", "3.5")), "room for 3.3 s in its time, 0:00 to 0:04"),
        (speech("X|1", 28, (27, 29)), "room for 0.8 s between the countdown at 0:27 and the countdown at 0:27"),
        (speech("X|1", 29, (29, 30)), "room for 0.8 s between the countdown at 0:27 and the end of the hold at 0:30"),
        (speech("X|4", "7.7", (8, 8)), "no room for it at its moment, 0:08"),
    ],
)
def test_the_note_names_what_stands_in_the_way(cue, reason) -> None:
    (message,) = messages(hold(30, cue))
    assert message.endswith(f"there is {reason}"), message


def test_the_note_tells_the_brief_form_too() -> None:
    timeline = hold(30, speech("All.|5", 25, (24, 27), brief="It.|4"))
    assert messages(timeline) == [
        "left out 'All.|5': it takes 5.0 s, 'It.|4' 4.0 s and there is room for 2.9 s before the countdown at 0:27"
    ]


def test_the_note_names_the_end_of_the_rest() -> None:
    timeline = placed(exact(3, speech("Rest, and then on.|4"), kind=SpanKind.REST), flowing(gap(1)))
    assert messages(timeline) == [
        "left out 'Rest, and then on.|4': it takes 4.0 s and there is room for 2.4 s before the end of the rest at 0:03"
    ]


# Spans, sounds and contradictions


def test_the_spans_carry_what_they_belong_to() -> None:
    where = Where(3, "pigeon-pose", "left", 2, "Pigeon pose", "on all fours")
    (span,) = placed(ScriptSpan(SpanKind.REPS, where, (), seconds(4), None, "2-0-2-0")).spans
    assert (span.step, span.exercise, span.side, span.set) == (3, "pigeon-pose", "left", 2)
    assert (span.name, span.position, span.pattern) == ("Pigeon pose", "on all fours", "2-0-2-0")


def test_the_total_is_rounded_up_to_a_whole_second() -> None:
    timeline = placed(flowing(speech("A|1.2"), gap("0.1")), flowing(gap("0.05")))
    assert timeline.frames == 48_000 * 2
    assert timeline.spans[-1].end == timeline.frames
    assert timeline.chapters[-1].end == timeline.frames


def test_a_sound_that_has_no_room_is_told() -> None:
    timeline = placed(exact("0.3", earcon(Earcon.REST), kind=SpanKind.REST), flowing(gap(1)))
    assert timeline.track("earcons").clips == ()
    assert messages(timeline) == ["left out the 'rest' sound: the rest is too short for it"]
    assert kinds(timeline) == ["no sound"]


def test_a_sound_without_a_moment_goes_round_those_that_have_one() -> None:
    timeline = placed(exact(5, EarconCue(Earcon.REST), earcon(Earcon.TICK, "0.2"), earcon(Earcon.TICK, 4)))
    assert [(c.earcon, c.start / 48_000) for c in timeline.track("earcons").clips] == [
        ("tick", 0.2),
        ("rest", 0.44),
        ("tick", 4.0),
    ]


@pytest.mark.parametrize(
    ("span", "fault"),
    [
        (exact(5, earcon(Earcon.START, 1), earcon(Earcon.TICK, "1.1")), "would cut off"),
        (exact(5, earcon(Earcon.TICK, "5.1")), "beyond the end"),
        (exact(5, gap(1)), "a gap stands"),
        (flowing(earcon(Earcon.START, 1)), "fixed moment"),
        (exact(5, speech("Mind your back.|6", priority=MUST, brief="Mind it.|5.5")), "must be heard but does not fit"),
    ],
)
def test_a_script_that_contradicts_itself(span: ScriptSpan, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        placed(span)


def test_what_must_be_heard_is_shortened_but_never_dropped() -> None:
    must = speech("Mind your back.|6", priority=MUST, brief="Mind it.|3")
    assert set(said(placed(exact(5, must, speech("Useful.|2"))))) == {"Mind it.|3"}


def test_the_brief_forms_are_measured_only_where_they_are_needed() -> None:
    asked: list[str] = []

    def asked_length(utterance):
        asked.append(utterance.text)
        return 48_000

    place(CueScript("X", (exact(30, speech("Full|1", 3, brief="Brief|1")),)), asked_length, EARCON_FRAMES)
    assert asked == ["Full|1"]


# The lead-in


def lead_ins(timeline: Timeline) -> list[float]:
    return [round(c.end / 48_000, 3) for c in timeline.track("earcons").clips if c.earcon == "lead-in"]


def test_a_lead_in_after_eight_seconds_of_silence_and_none_before() -> None:
    def after(silence: str) -> Timeline:
        return placed(flowing(earcon(Earcon.DONE), gap(silence), speech("Now.|1")))

    assert lead_ins(after("7.99")) == []
    timeline = after("8")
    assert lead_ins(timeline) == [9.1], "0.1 s before the speech"
    assert said(timeline) == {"Now.|1": 9.2}, "the speech does not move for it"


def test_a_sound_in_the_silence_wakes_the_earphones_too() -> None:
    timeline = hold(30, speech("A|1", 6), speech("B|1", 15), speech("C|1", 25))
    assert lead_ins(timeline) == [14.9, 24.9], "not at 6 s: the bell was heard at 0 s"
    ticked = placed(exact(30, earcon(Earcon.TICK, 10), speech("A|1", 5), speech("B|1", 15)), flowing(gap(1)))
    assert lead_ins(ticked) == [4.9]


def test_the_first_words_have_a_lead_in() -> None:
    timeline = placed(flowing(speech("Hello.|1")))
    assert said(timeline) == {"Hello.|1": 0.6}, "it waits: nothing may come before the beginning"
    assert lead_ins(timeline) == [0.5]
    assert lead_ins(placed(flowing(gap(1), speech("Hello.|1")))) == [0.9]
    assert lead_ins(placed(exact(9, speech("Hello.|1")))) == [0.5]
    bell_first = placed(flowing(earcon(Earcon.START), speech("Hello.|1")))
    assert lead_ins(bell_first) == []
    assert said(bell_first) == {"Hello.|1": 0.5}
    assert said(hold(9, speech("Hello.|1"))) == {"Hello.|1": 0.15}


def test_the_lead_in_belongs_to_what_it_leads_in() -> None:
    timeline = placed(
        flowing(gap(9)), exact(9, speech("Hello.|1"), step=7), exact(20, speech("On.|1", 9, role="x"), step=8)
    )
    assert [(c.step, c.role) for c in timeline.track("earcons").clips] == [(7, "lead-in"), (8, "lead-in")]


# Breath tones, long sounds, no sounds, the bed


def breath(tone: Earcon, at: str | float, length_s: str | float) -> EarconCue:
    return EarconCue(tone, seconds(at), length_s=seconds(length_s))


def test_a_breath_tone_lasts_as_long_as_its_part() -> None:
    """To the frame, whatever part of a frame its parts are: each ends where the next begins."""
    third = Fraction(10, 3)
    parts = [breath(tone, third * n, third) for n, tone in enumerate(BREATH_TONES)]
    timeline = placed(exact(4 * third, *parts, earcon(Earcon.END, 4 * third), kind=SpanKind.BREATHE), flowing(gap(1)))
    clips = timeline.track("earcons").clips
    assert [clip.earcon for clip in clips] == ["in", "full", "out", "empty", "end"]
    assert [clip.end for clip in clips[:4]] == [clip.start for clip in clips[1:]]
    assert clips[3].end == to_frames(4 * third)


def test_words_may_be_said_over_a_breath_tone() -> None:
    timeline = placed(exact(8, breath(Earcon.IN, 0, 4), breath(Earcon.OUT, 4, 4), speech("In.|1", window=("0.3", 4))))
    assert said(timeline) == {"In.|1": 0.3}


def test_a_long_sound_ends_where_the_next_begins() -> None:
    long = {**EARCON_FRAMES, "end": to_frames(3), "gong.wav": to_frames(4)}
    spans = (
        exact(6, earcon(Earcon.START, 0), earcon(Earcon.END, 6)),
        exact(5, earcon(Earcon.REP, 1), earcon(Earcon.END, 5)),
        flowing(EarconCue("gong.wav"), gap(1), speech("Hello.|1"), EarconCue(Earcon.DONE)),
    )
    timeline = place(CueScript("By hand", spans), length, long)
    found = [(clip.earcon, clip.start / 48_000, clip.frames / 48_000) for clip in timeline.track("earcons").clips]
    assert found == [
        ("start", 0, 0.35),
        ("end", 6, 1),
        ("rep", 7, 0.07),
        ("end", 11, 3),
        ("gong.wav", 14.15, 4),
        ("done", 20.25, 1.2),
    ]
    assert said(timeline) == {"Hello.|1": 19.15}, "nothing is said while it plays"


def test_without_a_lead_in_nothing_leads_in() -> None:
    frames = {name: length for name, length in EARCON_FRAMES.items() if name != Earcon.LEAD_IN}
    script = CueScript("By hand", (flowing(gap(1), speech("Hello.|1"), gap(20), speech("Again.|1")),), sounds="none")
    timeline = place(script, length, frames)
    assert timeline.track("earcons").clips == ()
    assert (timeline.sounds, said(timeline)) == ("none", {"Hello.|1": 1.0, "Again.|1": 22.0})


@pytest.mark.parametrize("change", [{"bed": UsedBed("rain", -22.0, 10.0)}, {"floor": True}])
def test_what_sounds_all_along_needs_no_lead_in_and_moves_nothing(change: dict) -> None:
    plain = CueScript("By hand", (flowing(gap(1), speech("Hello.|1"), gap(20), speech("Again.|1")),))
    silent, filled = (place(script, length, EARCON_FRAMES) for script in (plain, replace(plain, **change)))
    assert len(lead_ins(silent)) == 2
    assert filled.track("earcons").clips == ()
    assert filled.track("voice") == silent.track("voice")
    assert (filled.bed, filled.floor) == (change.get("bed"), change.get("floor", False))
    bed = filled.track("bed").clips
    assert [(clip.start, clip.frames, clip.role) for clip in bed] == (
        [(0, filled.frames, "bed")] if filled.bed is not None else []
    )
