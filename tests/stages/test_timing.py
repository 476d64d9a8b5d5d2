"""The clock rules, as properties of random routines."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicecoach.model.timeline import PlacedClip, Span, Timeline
from voicecoach.model.units import SAMPLE_RATE_HZ, to_frames
from voicecoach.pipeline import Workshop, plan
from voicecoach.source.nodes import SourceFile

WORK = {"hold", "reps", "time"}

lengths = st.one_of(
    st.integers(1, 90).map(lambda n: f"{n}s"),
    st.integers(1, 3).map(lambda n: f"{n} min"),
    st.decimals(1, 60, places=3).map(lambda d: f"{d}s"),
)
sides = st.sampled_from(["each", "left", "right", "both"])
tempos = st.lists(st.sampled_from(["0", "0.5", "1", "2", "1.25", "0.333"]), min_size=4, max_size=4).map("-".join)
words = st.sampled_from(
    ["Lean on the wall.", "Breathe.", "Stand tall, and let your shoulders drop. Look ahead.", "Go."]
)


@st.composite
def own_exercise(draw: st.DrawFn, number: int) -> str:
    chosen = draw(sides)
    lines = [f"  - own-{number}:", f"      name: Exercise {number}", f"      sides: {chosen}"]
    where = "the {side} leg" if chosen != "both" else "both legs"
    lines.append(f'      set up: "{draw(words)} Use {where}."')
    if draw(st.booleans()):
        lines.append(f"      release: {draw(words)}")
    if draw(st.booleans()):
        lines.append(f"      position: {draw(st.sampled_from(['standing', 'lying on the back']))}")
    kind = draw(st.sampled_from(["hold", "time", "reps"]))
    if kind == "reps":
        tempo = draw(tempos.filter(lambda t: sum(map(Fraction, t.split("-"))) >= Fraction(1, 2)))
        lines += [f"      reps: {draw(st.integers(1, 15))}", f"      tempo: {tempo}"]
    else:
        lines.append(f"      {kind}: {draw(lengths)}")
    lines += [f"      sets: {draw(st.integers(1, 3))}", f"      rest: {draw(lengths)}"]
    return "\n".join(lines)


@st.composite
def routines(draw: st.DrawFn) -> str:
    countdown, ready = draw(st.integers(0, 6)), draw(st.sampled_from(["1s", "2.5s", "5s"]))
    lines = [f"title: {draw(st.sampled_from(['Hips', 'A long title for a short session']))}"]
    lines += [f"coach: {{countdown: {countdown}, get ready: {ready}, change sides: {draw(lengths)}}}", "steps:"]
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["own", "own", "rest", "say", "repeat"]))
        if kind == "own":
            lines.append(draw(own_exercise(number)))
        elif kind == "rest":
            lines.append(f"  - rest: {draw(lengths)}")
        elif kind == "say":
            lines.append(f"  - say: {draw(words)}")
        else:
            inner = draw(own_exercise(number)).replace("\n", "\n    ")
            lines += [
                f"  - repeat: {draw(st.integers(1, 3))}",
                "    steps:",
                f"    {inner}",
                f"      - rest: {draw(lengths)}",
            ]
    return "\n".join(lines) + "\n"


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=routines())
def test_clock_rules(text: str, fake_shop: Workshop) -> None:
    outcome = plan(SourceFile("random.yaml", text), "random", fake_shop, exact=True)
    assert not [f for f in outcome.faults if f.severity == "error"], [f.render() for f in outcome.faults]
    timeline, script = outcome.timeline, outcome.script
    assert timeline is not None
    assert script is not None
    nothing_overlaps(timeline)
    parts_make_the_whole(timeline)
    anchors_are_exact(timeline, countdown=outcome.routine.coach.countdown if outcome.routine else 3)
    sides_are_equal(timeline)
    time_to_get_there(timeline, to_frames(outcome.routine.coach.get_ready_s) if outcome.routine else 0)
    assert script.stated_length_s == timeline.length_s, "what is said of the length is true"
    for cue in script.spoken():
        if cue.role != "rep" and cue.priority.name == "MUST":
            assert any(clip.text == cue.text for clip in timeline.track("voice").clips), f"'{cue.text}' was dropped"
    said = len(timeline.track("voice").clips)
    sounds = sum("sound" in note.message for note in timeline.notes)
    assert said + len(timeline.notes) - sounds == len(list(script.spoken())), "a note explains every drop"


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
        if span.kind == "reps":
            starts = [c.start for c in own if c.earcon == "rep"]
            assert starts == [
                span.start + to_frames(Fraction(span.frames, len(starts) * SAMPLE_RATE_HZ) * n)
                for n in range(len(starts))
            ] or all(abs(start - (span.start + n * span.frames / len(starts))) <= 1 for n, start in enumerate(starts))
            assert [c.rep for c in own if c.earcon == "rep"] == list(range(1, len(starts) + 1))
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
                heard = [
                    [(c.start - s.start, c.frames, c.role, c.text) for c in inside(timeline, track, s)]
                    for s in (left, right)
                ]
                assert heard[0] == heard[1]


def time_to_get_there(timeline: Timeline, get_ready: int) -> None:
    speech = timeline.track("voice").clips
    for before, span in pairwise(timeline.spans):
        if span.kind not in WORK:
            continue
        assert before.kind in {"set-up", "change sides"}
        said = [clip for clip in speech if before.start <= clip.start < before.end]
        least = min(get_ready, to_frames(Fraction(3))) if before.set else get_ready
        if before.kind == "set-up":
            assert said
            assert span.start - said[-1].end >= least


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
    assert any("left out 'Rest for 1 second.'" in note.message for note in timeline.notes)


def test_eight_hours_of_cues(fake_shop: Workshop) -> None:
    text = "steps:\n  - repeat: 320\n    steps:\n      - pigeon-pose: 30s\n"
    timeline = plan(SourceFile("x.yaml", text), "x", fake_shop).timeline
    assert timeline is not None
    assert timeline.length_s > 8 * 3600
    parts_make_the_whole(timeline)
    nothing_overlaps(timeline)
