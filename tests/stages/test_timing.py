"""The clock rules, as properties of random routines."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicecoach.model.routine import CoachSettings, changed
from voicecoach.model.timeline import PlacedClip, Span, Timeline
from voicecoach.model.units import SAMPLE_RATE_HZ, to_frames
from voicecoach.pipeline import Workshop, plan
from voicecoach.source.nodes import SourceFile

WORK = {"hold", "reps", "time", "cycles", "breathe"}
MARKED = {"reps": "rep", "cycles": "rep", "breathe": "in"}

lengths = st.one_of(
    st.integers(1, 90).map(lambda n: f"{n}s"),
    st.integers(1, 3).map(lambda n: f"{n} min"),
    st.decimals(1, 60, places=3).map(lambda d: f"{d}s"),
)
sides = st.sampled_from(["each", "left", "right", "both", "alternate"])
talks = st.sampled_from(["teach", "brief", "cues", "bells"])
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
    if chosen in {"each", "alternate"} and draw(st.booleans()):
        lines.append("      start: right")
    kind = draw(st.sampled_from(["hold", "time", "reps", "cycles", "breaths"]))
    if kind == "cycles":
        lines.append("      phases: [{say: {full: Press now., brief: Press.}, for: 5s}, {say: Let go., for: 2.5s}]")
        lines.append(f"      cycles: {draw(st.sampled_from(['1', '3', '2-4']))}")
    elif kind == "breaths":
        lines += [
            f"      breaths: {draw(st.integers(1, 6))}",
            f"      pattern: {draw(st.sampled_from(['4-0-6-0', '3.5-1-5-1']))}",
        ]
    elif kind == "reps":
        tempo = draw(tempos.filter(lambda t: sum(map(Fraction, t.split("-"))) >= Fraction(1, 2)))
        lines += [f"      reps: {draw(st.integers(1, 15))}", f"      tempo: {tempo}"]
    else:
        lines.append(f"      {kind}: {draw(lengths)}")
        if draw(st.booleans()):
            lines.append("      form: [Stay tall., Breathe on.]")
            lines.append(f"      remind every: {draw(st.integers(5, 40))}s")
        if draw(st.booleans()):
            lines.append(
                f'      cues: [Almost there., {{at: {draw(st.integers(5, 90))}%, say: "{{remaining}} left."}}]'
            )
    lines += [f"      sets: {draw(st.integers(1, 3))}", f"      rest: {draw(lengths)}"]
    return "\n".join(lines)


@st.composite
def routines(draw: st.DrawFn) -> str:
    countdown, ready = draw(st.integers(0, 6)), draw(st.sampled_from(["1s", "2.5s", "5s"]))
    lines = [f"title: {draw(st.sampled_from(['Hips', 'A long title for a short session']))}"]
    if draw(st.booleans()):
        lines.append(f"talk: {draw(talks)}")
    spoken, switch = draw(st.sampled_from(["yes", "no"])), st.sampled_from(["yes", "no"])
    lines += [
        "coach:",
        f"  countdown: {{from: {countdown}, spoken: {spoken}}}",
        f"  get ready: {ready}",
        f"  change sides: {draw(lengths)}",
        f"  halfway: {draw(switch)}",
        f"  opening: {draw(switch)}",
        f"  safety: {draw(switch)}",
        f"  closing: {draw(switch)}",
        f"  next up: {draw(switch)}",
        "steps:",
    ]
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["own", "own", "rest", "say", "repeat", "breathe", "intervals", "emom", "sound"]))
        if kind == "own":
            lines.append(draw(own_exercise(number)))
        elif kind == "rest":
            lines.append(f"  - rest: {draw(lengths)}")
        elif kind == "say":
            lines.append(f"  - say: {draw(words)}")
        elif kind == "sound":
            lines.append("  - sound: bell")
        elif kind == "breathe":
            lines.append(
                f"  - breathe: {{pattern: 4-2-6-0, for: {draw(st.sampled_from(['5 breaths', '40s', '1 breath']))}}}"
            )
        elif kind == "intervals":
            of = draw(st.sampled_from(["[hip-bridge]", "[fire-hydrant, hip-bridge]"]))
            work, rest = draw(st.integers(5, 60)), draw(st.integers(3, 30))
            lines.append(
                f"  - intervals: {{work: {work}s, rest: {rest}s, rounds: {draw(st.integers(1, 3))}, of: {of}}}"
            )
        elif kind == "emom":
            lines.append(f"  - emom: {{rounds: {draw(st.integers(1, 3))}, of: [{{split-squat: 5 reps}}]}}")
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
    assert outcome.routine is not None
    coach = changed(CoachSettings(), outcome.routine.coach)
    anchors_are_exact(timeline, coach.countdown)
    sides_are_equal(timeline)
    time_to_get_there(timeline, to_frames(coach.get_ready_s))
    quiet_inside_holds(timeline, coach.countdown)
    for clip in timeline.track("voice").clips:
        assert "{" not in (clip.text or "")
        if clip.role == "length":
            assert script.stated_length_s == timeline.length_s, "what is said of the length is true"
            words = fake_shop.library.wording("en")
            assert clip.text == words("opening-length", length=words.length(timeline.length_s))
    if outcome.routine.talk == "bells":
        assert not timeline.track("voice").clips
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
                heard = [
                    [(c.start - s.start, c.frames, c.role, c.text) for c in inside(timeline, track, s)]
                    for s in (left, right)
                ]
                assert heard[0] == heard[1]


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


def quiet_inside_holds(timeline: Timeline, countdown: int) -> None:
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
    parts_make_the_whole(timeline)
    nothing_overlaps(timeline)
