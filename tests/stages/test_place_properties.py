"""place, on random scripts: what holds whatever is asked of it; and that its work grows no faster than the script."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from placing import (
    AFTER,
    BEFORE,
    EARCON_FRAMES,
    TOLD,
    check_speech_is_clear,
    earcon,
    exact,
    flowing,
    frames,
    gap,
    length,
    placed,
    speech,
)

from voicecoach.model.cuescript import Earcon, EarconCue, Priority, ScriptSpan, SpanKind, SpokenCue
from voicecoach.model.timeline import NoteKind, PlacedClip, Timeline
from voicecoach.model.units import SAMPLE_RATE_HZ, to_frames
from voicecoach.stages.place.scheduling import Schedule
from voicecoach.stages.place.sounds import Sound, Sounds
from voicecoach.stages.place.wishes import Wish

tenths = st.integers(0, 300).map(lambda n: Fraction(n, 10))
thirds = st.integers(0, 90).map(lambda n: Fraction(n, 3))
moments = st.one_of(tenths, thirds)
PRIORITIES = [Priority.EXTRA, Priority.USEFUL, Priority.USEFUL]


@st.composite
def spoken(draw: st.DrawFn, number: int, span_s: Fraction) -> SpokenCue:
    at = draw(moments.filter(lambda at: at <= span_s))
    before, after = draw(st.sampled_from([(0, 1), (1, 3), (4, 8), (30, 30)]))
    takes = Fraction(draw(st.integers(3, 40)), 10)
    brief = draw(st.sampled_from([None, None, Fraction(1, 2), takes * 2]))
    window = (max(at - before, Fraction(0)), draw(st.sampled_from([None, at + takes + after])))
    return speech(
        f"{number}|{takes}",
        draw(st.sampled_from([at, at, None])),
        window,
        priority=draw(st.sampled_from(PRIORITIES)),
        brief=None if brief is None else f"{number} in brief|{brief}",
        quiet=draw(st.sampled_from([Fraction(0), Fraction(0), Fraction(1, 2), Fraction(3, 2)])),
        begin_by=draw(st.sampled_from([None, None, at + 1])),
        late=draw(st.integers(0, 5)) == 0,
    )


@st.composite
def exact_spans(draw: st.DrawFn, first: int) -> ScriptSpan:
    span_s = draw(st.integers(1, 30).map(Fraction))
    kind = draw(st.sampled_from([SpanKind.HOLD, SpanKind.REPS, SpanKind.REST, SpanKind.BREATHE]))
    cues: list[SpokenCue | EarconCue] = []
    if kind is SpanKind.REST:
        cues.append(earcon(Earcon.REST))
    elif kind is SpanKind.HOLD:
        ticks = [span_s - n for n in (3, 2, 1) if span_s - n >= 1]
        cues += [earcon(Earcon.START, 0), *(earcon(Earcon.TICK, at) for at in ticks), earcon(Earcon.END, span_s)]
    else:
        each = draw(st.sampled_from([Fraction(4, 3), Fraction(5, 2), Fraction(4)]))
        cues += [earcon(Earcon.REP, n * each) for n in range(int((span_s - Fraction(1, 2)) // each) + 1)]
        cues.append(earcon(Earcon.END, span_s))
    count = draw(st.sampled_from([0, 1, 2, 4, 7]))
    cues += [draw(spoken(first + n, span_s)) for n in range(count)]
    return exact(span_s, *cues, kind=kind)


@st.composite
def scripts(draw: st.DrawFn) -> list[ScriptSpan]:
    spans: list[ScriptSpan] = []
    for number in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):
            cues = [speech(f"flow {number}|{Fraction(draw(st.integers(3, 40)), 10)}", priority=Priority.MUST)]
            spans.append(flowing(*cues, gap(draw(st.sampled_from([0, Fraction(1, 2), 9])))))
        # An earcon of an exact span may ring into the next one's first: a flowing one between lets it end.
        spans += [draw(exact_spans(100 * number)), flowing(gap(draw(st.sampled_from([1, 8]))))]
    return spans


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(spans=scripts())
def test_what_holds_of_every_script(spans: list[ScriptSpan]) -> None:
    timeline = placed(*spans)
    check_speech_is_clear(timeline)
    clips = {(clip.text or "").partition("|")[0]: clip for clip in timeline.track("voice").clips}
    assert len(clips) == len(timeline.track("voice").clips), "each is said once"
    notes: dict[str, set[str]] = {}
    for note in timeline.notes:
        words = note.message.split("'")
        notes.setdefault(note.kind, set()).update((words[3], words[1]) if note.kind == "shortened" else (words[1],))
    counted = Counter(note.kind for note in timeline.notes)
    for script_span, span in zip(spans, timeline.spans, strict=True):
        if script_span.length_s is None:
            continue
        assert span.frames == to_frames(script_span.length_s) or span is timeline.spans[-1]
        for cue in (c for c in script_span.cues if isinstance(c, SpokenCue)):
            name = cue.text.partition("|")[0]
            full, brief = clips.get(name), clips.get(f"{name} in brief")
            assert (full is not None) + (brief is not None) + (cue.text in notes.get("dropped", ())) == 1
            if brief is not None:
                assert {cue.text, brief.text} <= notes["shortened"]
            clip = full or brief
            if clip is not None:
                check_window(cue, clip, span.start, span.end)
                check_move(cue, clip, span.start, notes.get("moved", set()))
        check_quiet(script_span, timeline)
        check_drops(script_span, span.start, span.end, timeline)
    assert counted[NoteKind.SHORTENED] == sum("brief" in name for name in clips)


def window(cue: SpokenCue, takes: int, start: int, end: int) -> tuple[int, int]:
    """The earliest and the latest begin, in frames."""
    done_by = end if cue.done_by_s is None else min(end, start + to_frames(cue.done_by_s))
    begin_by = done_by if cue.begin_by_s is None else start + to_frames(cue.begin_by_s)
    return start + to_frames(cue.not_before_s), min(begin_by, done_by - takes)


def check_window(cue: SpokenCue, clip: PlacedClip, start: int, end: int) -> None:
    low, high = window(cue, clip.frames, start, end)
    assert low <= clip.start <= high


def check_move(cue: SpokenCue, clip: PlacedClip, start: int, moved: set[str]) -> None:
    if cue.at_s is not None and not cue.late and abs(clip.start - start - to_frames(cue.at_s)) >= TOLD:
        assert clip.text in moved


def check_quiet(script_span: ScriptSpan, timeline: Timeline) -> None:
    quiet = {c.text.partition("|")[0]: to_frames(c.quiet_s) for c in script_span.cues if isinstance(c, SpokenCue)}
    for one, other in pairwise(timeline.track("voice").clips):
        names = [(clip.text or "").partition("|")[0].removesuffix(" in brief") for clip in (one, other)]
        assert other.start - one.end >= max(quiet.get(name, 0) for name in names), (one, other)


def check_drops(script_span: ScriptSpan, start: int, end: int, timeline: Timeline) -> None:
    """What was dropped has no room beside what is no less important: no swap would have let it in."""
    cues = [cue for cue in script_span.cues if isinstance(cue, SpokenCue)]
    heard = {(clip.text or "").partition("|")[0].removesuffix(" in brief"): clip for clip in timeline.tracks[0].clips}
    for cue in cues:
        if cue.text.partition("|")[0] in heard:
            continue
        others = [
            (heard[name], max(to_frames(other.quiet_s), to_frames(cue.quiet_s), AFTER))
            for other in cues
            if other.priority >= cue.priority and (name := other.text.partition("|")[0]) in heard
        ]
        outside = [clip for clip in heard.values() if not start <= clip.start < end]
        others += [(clip, max(to_frames(cue.quiet_s), to_frames(Fraction(3, 2)))) for clip in outside]
        onsets = [clip for clip in timeline.track("earcons").clips if clip.earcon != "lead-in"]
        for takes in {length(cue.utterance), length(cue.brief.utterance) if cue.brief else length(cue.utterance)}:
            low, high = window(cue, takes, start, end)
            blocked = [(clip.start - near - takes, clip.end + near) for clip, near in others]
            # The sounds of a rest's beginning, and of what was before, are waited for to their end.
            blocked += [
                (
                    clip.start - BEFORE - takes,
                    (clip.end if clip.start <= start or clip.earcon == "rest" else clip.start) + AFTER,
                )
                for clip in onsets
            ]
            if not timeline.tracks[0].clips or timeline.tracks[0].clips[0].start >= start:
                blocked.append((-1, EARCON_FRAMES["lead-in"] + BEFORE))
            for begin in [low, high, *(edge for pair in blocked for edge in pair)]:
                fits = low <= begin <= high and not any(a < begin < b for a, b in blocked)
                assert not fits, (cue, begin / SAMPLE_RATE_HZ, timeline.notes)


# How the work grows


def scheduled(count: int, every: float, takes: float, brief: float | None, priorities: list[Priority]) -> Schedule:
    """Schedule so many cues in one span, each of which may be said at any time of it."""
    whole = round(count * every * SAMPLE_RATE_HZ)
    ticks = [Sound(Earcon.REP, at, at + AFTER) for at in range(0, whole, 4 * SAMPLE_RATE_HZ)]
    schedule = Schedule(Sounds(ticks), length)
    wishes = []
    for n in range(count):
        cue = speech(f"{n}|{takes}", priority=priorities[n % len(priorities)], brief=brief and f"{n}|{brief}")
        wanted = round(n * every * SAMPLE_RATE_HZ)
        reach = 30 * SAMPLE_RATE_HZ
        earliest, begin_by = max(0, wanted - reach), wanted + reach
        wishes.append(Wish(cue, n, earliest, begin_by, whole, wanted, 0, frames(cue.text), frames(cue.text)))
    schedule.fill(wishes)
    assert len(schedule.said) + len(schedule.dropped) == count
    return schedule


@pytest.mark.parametrize(
    ("every", "takes", "brief", "priorities"),
    [
        (4, 1.5, None, [Priority.USEFUL]),  # room for all
        (2, 1.7, None, [Priority.USEFUL]),  # hardly room for all: each pushes the others
        (2, 1.7, None, [Priority.EXTRA, Priority.USEFUL, Priority.MUST]),
        (1, 1.7, 0.9, [Priority.USEFUL]),  # twice as much as there is room for, all of it to be shortened
        (0.5, 1.7, 1.6, [Priority.EXTRA, Priority.USEFUL]),  # four times as much
    ],
)
def test_the_work_grows_with_the_number_of_cues(every, takes, brief, priorities) -> None:
    few, many = (scheduled(count, every, takes, brief, priorities).looked / count for count in (300, 2400))
    assert many < 1.3 * few, "as much work for each cue in a span eight times as long"
    assert many < 250
