"""Whether a timeline is one that `place` can have made: the clock rules, without listening."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from voicecoach.model.cuescript import Earcon
from voicecoach.model.timeline import EARCON_TRACK, VOICE_TRACK, Chapter, NoteKind, PlacedClip, Span, Timeline
from voicecoach.model.verdict import Breach, Promise
from voicecoach.sound.breath import TONES
from voicecoach.sound.packs import Pack
from voicecoach.stages.verify.places import (
    TIMED,
    WORK,
    at_clip,
    at_span,
    named,
    pairs_of_sides,
    quoted,
    seconds,
    starting,
    time_of,
    within,
)

MOST_OTHER_WORDS = 3
"""So many different words may left and right have in the same sentence: those for the sides, inflected."""


def timeline_kept(timeline: Timeline, pack: Pack) -> Promise:
    """Check that a timeline does not contradict itself."""
    voice, marks = _clips(timeline, VOICE_TRACK), _clips(timeline, EARCON_TRACK)
    broken = [*_follow_on("span", timeline.spans, timeline), *_follow_on("chapter", timeline.chapters, timeline)]
    for track in timeline.tracks:
        broken += _in_order(track.clips, timeline)
    broken += _known_sounds(marks, timeline, pack)
    marks = tuple(clip for clip in marks if clip.earcon != Earcon.LEAD_IN)  # it goes with speech and marks nothing
    work = [span for span in timeline.spans if span.kind in WORK]
    for span in work if marks else ():
        broken += _marked(span, marks, timeline)
    pairs = tuple(pairs_of_sides(timeline.spans))
    for left, right in pairs:
        broken += _equal(left, right, voice, marks, timeline)
    broken.sort(key=lambda breach: breach.at)
    count = sum(len(track.clips) for track in timeline.tracks)
    told = f"{len(timeline.spans)} spans and {count} cues without a hole or an overlap" if not broken else "damaged"
    numbers = {"spans": len(timeline.spans), "clips": count, "work_spans": len(work), "pairs_of_sides": len(pairs)}
    return Promise("timeline", told, len(timeline.spans) + count, tuple(broken), numbers)


def _clips(timeline: Timeline, name: str) -> tuple[PlacedClip, ...]:
    try:
        return timeline.track(name).clips
    except KeyError:
        return ()


def _follow_on(what: str, items: tuple[Span, ...] | tuple[Chapter, ...], timeline: Timeline) -> Iterator[Breach]:
    """Spans, and chapters, go from the first frame to the last without a hole: the total is their sum."""
    at = 0
    for item in items:
        here = named(item) if isinstance(item, Span) else f"chapter '{item.title}'"
        step, side = (item.step, item.side) if isinstance(item, Span) else (None, None)
        if item.frames < 0:
            yield Breach(item.start, f"{here} has a length below nothing", step, side)
        if item.start != at:
            how = "a hole" if item.start > at else "an overlap"
            lasts = seconds(abs(item.start - at))
            yield Breach(min(at, item.start), f"{how} of {lasts} in the timeline before {here}", step, side)
        at = item.end
    if at != timeline.frames:
        told = f"the {what}s end at {time_of(at)}, but the session at {time_of(timeline.frames)}"
        yield Breach(min(at, timeline.frames), f"{told}: the total is not their sum")


def _in_order(clips: Iterable[PlacedClip], timeline: Timeline) -> Iterator[Breach]:
    before: PlacedClip | None = None
    for clip in clips:
        if clip.frames <= 0 or clip.start < 0 or clip.end > timeline.frames:
            yield at_clip(clip, f"{quoted(clip)} is planned outside of the session")
        if before is not None and clip.start < before.end:
            over = seconds(before.end - clip.start)
            yield at_clip(clip, f"{quoted(clip)} is planned to begin {over} before {quoted(before)} ends")
        before = clip


def _known_sounds(marks: tuple[PlacedClip, ...], timeline: Timeline, pack: Pack) -> Iterator[Breach]:
    """Every sound is one that the session carries a sketch of, or that this program has, as long as it has it."""
    told = set(timeline.own_sounds)
    for clip, following in pairwise((*marks, None)):
        assert clip is not None
        name = clip.earcon or ""
        frames = pack.frames.get(name)
        cut = following is not None and following.start == clip.end and frames is not None and clip.frames < frames
        if name in told or name in TONES or cut or frames == clip.frames:
            continue
        told.add(name)
        cause = "is none that this voicecoach has" if frames is None else "has another length than in this voicecoach"
        yield at_clip(clip, f"{quoted(clip)} {cause}: verify with the version that built the session")


def _marked(span: Span, marks: tuple[PlacedClip, ...], timeline: Timeline) -> Iterator[Breach]:
    """The marks of work stand at its beginning and end, its ticks whole seconds before that, its taps evenly."""
    inside, closing = within(marks, span), tuple(starting(marks, span.end))
    if not inside or _excused(span, timeline):
        return
    if span.kind in TIMED and not any(clip.earcon == Earcon.START for clip in starting(marks, span.start)):
        yield at_span(span, f"no 'start' sound is planned where {named(span)} begins")
    if not closing:  # the next work's own beginning marks the end where there is no rest between
        yield at_span(span, f"no sound is planned where {named(span)} ends, at {time_of(span.end)}", span.end)
    ticks = [clip for clip in inside if clip.earcon == "tick"] if span.kind in TIMED else []
    for left_s, tick in zip(range(len(ticks), 0, -1), ticks, strict=True):
        if tick.start != span.end - left_s * timeline.sample_rate:
            yield at_clip(tick, f"a 'tick' is planned {seconds(span.end - tick.start)} before the end, not {left_s} s")
    for clip in inside if span.kind in TIMED else ():
        if clip.earcon == "halfway" and abs(2 * (clip.start - span.start) - span.frames) > 2:
            yield at_clip(clip, f"the 'halfway' sound is planned {seconds(clip.start - span.start)} into {named(span)}")
    if span.kind not in TIMED:
        yield from _even(span, inside)


def _excused(span: Span, timeline: Timeline) -> bool:
    notes = (note for note in timeline.notes if note.kind == NoteKind.NO_SOUND)
    return any(span.start <= note.at <= span.end for note in notes)


def _even(span: Span, inside: tuple[PlacedClip, ...]) -> Iterator[Breach]:
    first: dict[int, PlacedClip] = {}
    for clip in inside:
        if clip.rep is not None:
            first.setdefault(clip.rep, clip)
    if sorted(first) != list(range(1, len(first) + 1)):
        yield at_span(span, f"the marks of {named(span)} are not numbered from 1 to {len(first)}")
        return
    for number, clip in first.items():
        due = first[1].start + round((number - 1) * span.frames / len(first))
        if abs(clip.start - due) > 1:
            off = seconds(abs(clip.start - due))
            yield at_clip(clip, f"{quoted(clip)} is planned {off} off the rhythm of {named(span)}")


def _equal(
    left: Span, right: Span, voice: tuple[PlacedClip, ...], marks: tuple[PlacedClip, ...], timeline: Timeline
) -> Iterator[Breach]:
    """Left and right have the same frames, sounds and words."""
    of_exercise = f"{left.exercise or 'the work'} (step {left.step})"
    if left.frames != right.frames:
        lasts = f"{seconds(left.frames)} on the left and {seconds(right.frames)} on the right"
        yield at_span(right, f"{of_exercise} is planned with {lasts}")
        return
    sounds = [[(clip.earcon, clip.start - side.start) for clip in within(marks, side)] for side in (left, right)]
    if sounds[0] != sounds[1]:
        yield at_span(right, f"{of_exercise} has other sounds planned on the left than on the right")
    if any(_decided(side, timeline) for side in (left, right)):
        return  # `place` shortened or left out what did not fit on one of them, and noted it
    said = [within(voice, side) for side in (left, right)]
    if [clip.role for clip in said[0]] != [clip.role for clip in said[1]]:
        yield at_span(right, f"{of_exercise} has other cues planned on the left than on the right")
        return
    for one, other in zip(*said, strict=True):
        if _other_words(one.text or "", other.text or "") > MOST_OTHER_WORDS:
            yield at_clip(other, f"{of_exercise} is told {quoted(one)} on the left, but {quoted(other)} on the right")


def _decided(span: Span, timeline: Timeline) -> bool:
    kinds = {NoteKind.SHORTENED, NoteKind.DROPPED}
    return any(span.start <= note.at <= span.end and note.kind in kinds for note in timeline.notes)


def _other_words(one: str, other: str) -> int:
    ones, others = (set(re.findall(r"\w+", text.casefold())) for text in (one, other))
    return max(len(ones - others), len(others - ones))
