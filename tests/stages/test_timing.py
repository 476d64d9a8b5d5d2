"""The clock rules, as properties of random routines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from fractions import Fraction
from itertools import groupby, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from placing import check_speech_is_clear
from random_routines import routines

from voicecoach.model.cuescript import CueScript, EarconCue, Priority, ScriptSpan, SpokenCue
from voicecoach.model.routine import CoachSettings, changed
from voicecoach.model.timeline import Note, PlacedClip, Span, Timeline
from voicecoach.model.units import SAMPLE_RATE_HZ, to_frames
from voicecoach.pipeline import Workshop, plan
from voicecoach.source.nodes import SourceFile

WORK = {"hold", "reps", "time", "cycles", "breathe"}
MARKED = {"reps": "rep", "cycles": "rep", "breathe": "in"}
NOTED = to_frames(Fraction(5, 100))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=routines())
def test_clock_rules(text: str, fake_shop: Workshop) -> None:
    outcome = plan(SourceFile("random.yaml", text), "random", fake_shop, exact=True)
    assert not [f for f in outcome.faults if f.severity == "error"], [f.render() for f in outcome.faults]
    timeline, script = outcome.timeline, outcome.script
    assert timeline is not None
    assert script is not None
    nothing_overlaps(timeline)
    check_speech_is_clear(timeline)
    parts_make_the_whole(timeline)
    assert outcome.routine is not None
    coach = changed(CoachSettings(), outcome.routine.coach)
    anchors_are_exact(timeline, coach.countdown)
    sides_are_equal(timeline)
    time_to_get_there(timeline, to_frames(coach.get_ready_s))
    quiet_inside_holds(timeline)
    lead_ins_end_long_silence(timeline)
    every_cue_is_accounted_for(script, timeline)
    nothing_said_is_untrue(timeline)
    for clip in timeline.track("voice").clips:
        assert "{" not in (clip.text or "")
        if clip.role == "length":
            assert script.stated_length_s == timeline.length_s, "what is said of the length is true"
            words = fake_shop.library.wording("en")
            assert clip.text == words("opening-length", length=words.length(timeline.length_s))
    if outcome.routine.talk == "bells":
        assert not timeline.track("voice").clips


def nothing_overlaps(timeline: Timeline) -> None:
    for track in timeline.tracks:
        assert all(clip.frames > 0 for clip in track.clips)
        for first, second in pairwise(track.clips):
            assert first.end <= second.start, (first, second)
        if track.clips:
            assert track.clips[0].start >= 0
            assert track.clips[-1].end <= timeline.frames


def parts_make_the_whole(timeline: Timeline) -> None:
    for parts in (timeline.spans, timeline.chapters):
        assert parts[0].start == 0
        assert all(a.end == b.start for a, b in pairwise(parts))
        assert sum(part.frames for part in parts) == timeline.frames
        assert all(part.frames > 0 for part in parts)
    assert timeline.frames % SAMPLE_RATE_HZ == 0


def inside(timeline: Timeline, track: str, span: Span) -> list[PlacedClip]:
    """What begins in a span, its closing earcon (which sounds at its end) with it."""
    return [
        clip
        for clip in timeline.track(track).clips
        if span.start <= clip.start < span.end or (clip.start == span.end and clip.earcon == "end")
    ]


def anchors_are_exact(timeline: Timeline, countdown: int) -> None:
    for span in timeline.spans:
        if span.kind not in WORK:
            continue
        clips = inside(timeline, "earcons", span)
        own = [c for c in clips if not (c.earcon == "end" and c.start == span.start)]
        assert [c.start for c in own if c.earcon == "end"] == [span.end]
        if span.kind in MARKED:
            marks = [c for c in own if c.earcon == MARKED[span.kind]]
            each = Fraction(span.frames, len(marks))
            assert all(abs(mark.start - (span.start + n * each)) <= 1 for n, mark in enumerate(marks))
            assert [mark.rep for mark in marks] == list(range(1, len(marks) + 1))
            turns = [mark.side for mark in marks if span.side is None and mark.side]
            assert turns.count("left") == turns.count("right")
            continue
        assert [c.start for c in own if c.earcon == "start"] == [span.start]
        ticks = [c.start for c in own if c.earcon == "tick"]
        before = [n for n in range(countdown, 0, -1) if span.frames - n * SAMPLE_RATE_HZ >= SAMPLE_RATE_HZ]
        assert ticks == pytest.approx([span.end - n * SAMPLE_RATE_HZ for n in before], abs=1)


def sides_are_equal(timeline: Timeline) -> None:
    for (_, exercise), group in groupby((s for s in timeline.spans if s.exercise), key=lambda s: (s.step, s.exercise)):
        spans = list(group)
        work = {side: [s for s in spans if s.kind in WORK and s.side == side] for side in ("left", "right")}
        if not (work["left"] and work["right"]):
            continue
        assert [s.frames for s in work["left"]] == [s.frames for s in work["right"]], exercise
        for left, right in zip(work["left"], work["right"], strict=True):
            for track in ("voice", "earcons"):
                assert during(timeline, track, left) == during(timeline, track, right)


def during(timeline: Timeline, track: str, span: Span) -> list[tuple[int, int, str, str | None]]:
    """What is heard of the work itself: not what is said at its end of what comes next, with its lead-in."""
    ahead = [clip for clip in inside(timeline, "voice", span) if clip.role == "next up"]
    ends = [clip.start - to_frames(Fraction(1, 10)) for clip in ahead]
    own = [clip for clip in inside(timeline, track, span) if clip not in ahead and clip.end not in ends]
    return [(clip.start - span.start, clip.frames, clip.role, clip.text) for clip in own]


def time_to_get_there(timeline: Timeline, get_ready: int) -> None:
    speech = timeline.track("voice").clips
    for before, span in pairwise(timeline.spans):
        if span.kind not in WORK or before.kind == "rest" or before.kind in WORK:
            assert span.kind not in WORK or span.set is not None, "only intervals go on without a set-up"
            continue
        assert before.kind in {"set-up", "change sides"}
        if before.kind == "change sides":
            continue
        said = [clip for clip in speech if before.start <= clip.start < before.end]
        least = min(get_ready, to_frames(Fraction(3))) if before.set else get_ready
        assert span.start - (said[-1].end if said else before.start) >= least


def quiet_inside_holds(timeline: Timeline) -> None:
    """What is said inside keeps 1.5 s from what was said before, and from the countdown."""
    for span in timeline.spans:
        if span.kind not in {"hold", "time"}:
            continue
        said = [clip for clip in inside(timeline, "voice", span) if clip.role != "countdown"]
        ticks = [clip for clip in inside(timeline, "earcons", span) if clip.earcon == "tick"]
        limit = (ticks[0].start if ticks else span.end) - to_frames(Fraction(3, 2))
        for first, second in pairwise(said):
            assert second.start - first.end >= to_frames(Fraction(3, 2))
        for clip in said:
            assert clip.start >= span.start + to_frames(Fraction(3, 2))
            assert clip.end <= limit + 1


def lead_ins_end_long_silence(timeline: Timeline) -> None:
    """Words after eight seconds without a sound have a lead-in, which ends 0.1 s before them; no others have one."""
    earcons = timeline.track("earcons").clips
    sounds = [clip for clip in earcons if clip.earcon != "lead-in"]
    onsets, silent_from, expected = [clip.start for clip in sounds], -to_frames(8), []
    for clip in timeline.track("voice").clips:
        before = bisect_left(onsets, clip.start)
        if before:
            silent_from = max(silent_from, sounds[before - 1].end)
        if clip.start - silent_from >= to_frames(8):
            expected.append(clip.start - to_frames(Fraction(1, 10)))
        silent_from = clip.end
    assert [clip.end for clip in earcons if clip.earcon == "lead-in"] == expected


def every_cue_is_accounted_for(script: CueScript, timeline: Timeline) -> None:
    """It is heard in full; or in brief, with a note; or not, with a note. The same of earcons."""
    for script_span, span in zip(script.spans, timeline.spans, strict=True):
        heard = [c for c in timeline.track("voice").clips if span.start <= c.start < span.end]
        notes = [note for note in timeline.notes if span.start <= note.at <= span.end and note.step == span.step]
        spoken = [cue for cue in script_span.cues if isinstance(cue, SpokenCue)]
        left = Counter((clip.role, clip.rep, clip.text) for clip in heard)
        for cue in spoken:
            account_for(cue, left, notes)
        assert not any(left.values()), "nothing is heard that is not in the script"
        moves_are_told(script_span, span, heard, notes)
        sounds = Counter(cue.earcon.value for cue in script_span.cues if isinstance(cue, EarconCue))
        sounds -= Counter(c.earcon for c in inside(timeline, "earcons", span) if c.earcon)
        for name in (name for name in sounds if name != "end"):
            assert any(note.kind == "no sound" and f"'{name}'" in note.message for note in notes)


def account_for(cue: SpokenCue, left: Counter[tuple[str, int | None, str | None]], notes: list[Note]) -> None:
    brief = None if cue.brief is None else (cue.role, cue.rep, cue.brief.text)
    if left[cue.role, cue.rep, cue.text]:
        left[cue.role, cue.rep, cue.text] -= 1
    elif brief is not None and left[brief]:
        left[brief] -= 1
        told = f"said '{brief[2]}' instead of '{cue.text}': "
        assert any(note.kind == "shortened" and note.message.startswith(told) for note in notes), told
    else:
        assert cue.priority is not Priority.MUST, f"'{cue.text}' was dropped"
        told = f"left out '{cue.text}': "
        assert any(note.kind == "dropped" and note.message.startswith(told) for note in notes), told


def moves_are_told(script_span: ScriptSpan, span: Span, heard: list[PlacedClip], notes: list[Note]) -> None:
    for cue in script_span.cues:
        if not isinstance(cue, SpokenCue) or cue.at_s is None or cue.late:
            continue
        texts = {cue.text, cue.brief.text if cue.brief is not None else cue.text}
        for clip in (c for c in heard if (c.role, c.rep) == (cue.role, cue.rep) and c.text in texts):
            wanted = [c.at_s for c in script_span.cues if isinstance(c, SpokenCue) and {c.text} & texts]
            if all(abs(clip.start - span.start - to_frames(at_s or 0)) >= NOTED for at_s in wanted):
                assert any(note.kind == "moved" and f"'{clip.text}'" in note.message for note in notes), clip


def nothing_said_is_untrue(timeline: Timeline) -> None:
    half_a_second, two_seconds = to_frames(Fraction(1, 2)), to_frames(2)
    for span in timeline.spans:
        taps = {c.rep: c for c in inside(timeline, "earcons", span) if c.earcon == "rep"}
        for clip in inside(timeline, "voice", span):
            text = clip.text or ""
            if clip.role == "halfway":
                assert 0 <= clip.start - (span.start + span.frames // 2) <= two_seconds
            elif clip.role == "time left" or (clip.role == "cue" and " left" in text):
                assert abs(span.end - clip.start - told_s(text) * SAMPLE_RATE_HZ) <= half_a_second + 1, text
            elif clip.role == "cue" and text.startswith("At "):
                share = re.match(r"At (\d+) percent", text)
                at = span.start + (to_frames(Fraction(9, 10)) if share is None else span.frames * int(share[1]) // 100)
                assert abs(clip.start - at) <= two_seconds + 1, text
            elif clip.role == "rep" and span.kind in {"reps", "cycles"}:
                assert clip.rep is not None
                assert taps[clip.rep - 1].start < clip.start
                assert clip.end < taps[clip.rep].start
            elif clip.role == "count":
                following = taps.get((clip.rep or 0) + 1)
                assert taps[clip.rep].start < clip.start
                assert clip.end < (span.end if following is None else following.start)
                turn = taps[clip.rep].side
                assert int(re.sub(r"\D", "", text)) == sum(
                    tap.side == turn for tap in taps.values() if (tap.rep or 0) <= (clip.rep or 0)
                )
            elif clip.role == "countdown":
                assert 0 < span.end - clip.start - (told_s(text) - 1) * SAMPLE_RATE_HZ < SAMPLE_RATE_HZ


def told_s(text: str) -> int:
    """The length that words tell: ``1 minute and 5 seconds left``; a bare number is seconds."""
    found = re.findall(r"(\d+) (hour|minute|second)", text)
    if not found:
        return int(re.sub(r"\D", "", text))
    return sum(int(n) * {"hour": 3600, "minute": 60, "second": 1}[unit] for n, unit in found)


def test_long_speech_stretches_the_set_up(fake_shop: Workshop) -> None:
    text = "steps:\n  - x: {name: X, set up: '%s', hold: 10s, sides: each}\n" % ("Move on {side}. " * 60)
    timeline = plan(SourceFile("x.yaml", text), "x", fake_shop, exact=True).timeline
    assert timeline is not None
    set_up = next(span for span in timeline.spans if span.kind == "set-up")
    assert set_up.frames > 40 * SAMPLE_RATE_HZ
    assert [s.frames for s in timeline.spans if s.kind == "hold"] == [10 * SAMPLE_RATE_HZ] * 2


def test_speech_that_does_not_fit_a_rest_is_left_out_with_a_note(fake_shop: Workshop) -> None:
    timeline = plan(SourceFile("x.yaml", "steps:\n  - rest: 1s\n"), "x", fake_shop, exact=True).timeline
    assert timeline is not None
    assert "rest" not in {clip.role for clip in timeline.track("voice").clips}
    assert any("left out" in note.message and "1 second" in note.message for note in timeline.notes)


def test_eight_hours_of_cues(fake_shop: Workshop) -> None:
    text = "steps:\n  - repeat: 320\n    steps:\n      - pigeon-pose: 30s\n"
    timeline = plan(SourceFile("x.yaml", text), "x", fake_shop).timeline
    assert timeline is not None
    assert timeline.length_s > 8 * 3600
    check_speech_is_clear(timeline)
    parts_make_the_whole(timeline)
    nothing_overlaps(timeline)
