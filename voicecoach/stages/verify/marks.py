"""What is heard of the marks: every earcon in its place, every hold exact, left and right equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from voicecoach.model.timeline import Span, Timeline
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.model.verdict import Breach, Promise
from voicecoach.stages.verify.course import Change, Course, Heard
from voicecoach.stages.verify.listening import TOLERANCE, Ear
from voicecoach.stages.verify.places import (
    WORK,
    apart,
    at_clip,
    at_span,
    in_span,
    lasts,
    named,
    pairs_of_sides,
    quoted,
    seconds,
    time_of,
)

NEAR_DB = 3.0
"""An earcon is not louder or softer than the others, against how it was made, by more."""
SILENT_DBFS = -40.0
"""Where an earcon should be and no more than this is heard, one calls it silence."""
ENOUGH_MARKS = 3
NEAR_SPEECH = MP3_FRAME_FRAMES
"""A coder lets speech be heard so much before it begins."""


def usual_gain_db(course: Course) -> float | None:
    """How much louder the whole session is than it was made, by its earcons: None where there are too few of them."""
    gains = [heard.match.gain_db for heard in course.heard if heard.match is not None]
    return median(gains) if len(gains) >= ENOUGH_MARKS else None


def earcons_kept(course: Course, ear: Ear, gain_db: float) -> Promise:
    """Check that every earcon is heard where it was planned, as loud as the others."""
    broken = [_moved(change, ear.timeline) for change in course.changes if _work_around(change, ear.timeline) is None]
    others, told = _other_kinds(course, gain_db), set[str]()
    good, errors, off_db, gone = 0, [0], [0.0], []
    for index, heard in enumerate(course.heard):
        if heard.gone:
            gone.append(heard)
            continue
        name = heard.clip.earcon or ""
        usual_db = gain_db + others.get(name, 0.0)
        if name in others and name not in told:
            told.add(name)
            broken.append(at_clip(heard.clip, f"every '{name}' sound is {_by(others[name])} than it was made"))
        message = _fault_of(heard, ear.clean(index)[0], ear, usual_db)
        if message is None:
            good += 1
        elif heard.match is not None or not course.lost(heard.clip.start):
            broken.append(at_clip(heard.clip, message))
        if heard.match is not None:
            errors.append(abs(heard.error))
            off_db.append(abs(heard.match.gain_db - gain_db))
    if gone:
        broken.append(at_clip(gone[0].clip, f"{_counted(len(gone), 'earcon')} behind the end of the sound"))
    worst_ms = max(errors) * 1000 / SAMPLE_RATE_HZ
    title = f"{good} of {len(course.heard)} heard within 5 ms (worst {worst_ms:.1f} ms)"
    numbers = {"good": good, "worst_ms": worst_ms, "worst_db": max(off_db), "gain_db": gain_db}
    return Promise("earcons", title, len(course.heard), _in_order(broken), numbers)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}s lie" if count > 1 else f"{count} {what} lies"


def _in_order(broken: list[Breach]) -> tuple[Breach, ...]:
    return tuple(sorted(broken, key=lambda breach: breach.at))


def _fault_of(heard: Heard, clean: int, ear: Ear, gain_db: float) -> str | None:
    """Say what is wrong with one earcon; None: nothing."""
    name, match = quoted(heard.clip), heard.match
    if match is None:
        if heard.instead is not None:
            return f"{name} is not heard: the '{heard.instead}' sound is in its place"
        at = heard.clip.start + heard.shift
        silent = ear.loudest_dbfs(at, at + clean - NEAR_SPEECH) < SILENT_DBFS
        return f"{name} is not heard: {'there is silence' if silent else 'something else sounds'} in its place"
    if not heard.exact:
        how = "late" if heard.error > 0 else "early"
        planned, found = time_of(heard.clip.start), time_of(heard.clip.start + heard.error)
        return f"{name} is heard {apart(heard.error)} {how}: at {found} instead of {planned}"
    off_db = match.gain_db - gain_db
    if abs(off_db) > NEAR_DB:
        return f"{name} is {_by(off_db)} than the others"
    return None


def _by(off_db: float) -> str:
    return f"{abs(off_db):.1f} dB {'louder' if off_db > 0 else 'softer'}"


def _other_kinds(course: Course, gain_db: float) -> dict[str, float]:
    """The kinds of earcons of which each single one is louder or softer than it should be, with the usual distance."""
    off_db: dict[str, list[float]] = {}
    for heard in course.heard:
        if heard.match is not None:
            off_db.setdefault(heard.clip.earcon or "", []).append(heard.match.gain_db - gain_db)
    return {
        name: median(every)
        for name, every in off_db.items()
        if len(every) >= ENOUGH_MARKS and (min(every) > NEAR_DB or max(every) < -NEAR_DB)
    }


def _work_around(change: Change, timeline: Timeline) -> Span | None:
    """The work that a change lies in; None: it lies in none, or perhaps in another span."""
    around = _spans_around(change, timeline)
    return around[0] if len(around) == 1 and around[0].kind in WORK else None


def _spans_around(change: Change, timeline: Timeline) -> list[Span]:
    return [span for span in timeline.spans if span.start < change.before and span.end > change.after and span.frames]


def _moved(change: Change, timeline: Timeline) -> Breach:
    """Tell of a change: the span that is too short or too long for it, and what follows from that."""
    around = _spans_around(change, timeline)
    now = f"from {time_of(change.before)} on everything comes {apart(change.by)} {'late' if change.by > 0 else 'early'}"
    if len(around) == 1:
        span = around[0]
        if abs(change.by) < SAMPLE_RATE_HZ // 10:
            return at_span(
                span, f"{named(span)} {lasts(span)} {apart(change.by)} {_more(change)}: {now}", change.before
            )
        length = f"{seconds(span.frames + change.by)} instead of {seconds(span.frames)}"
        return at_span(span, f"{named(span)} {lasts(span)} {length}: {now}", change.before)
    if not around:
        return in_span(timeline, change.before, now)
    what = f"{apart(change.by)} {'too much' if change.by > 0 else 'is missing'}"
    between = f"between {time_of(change.after)} and {time_of(change.before)}"
    parts = f"{named(around[0])} or {named(around[-1])}"
    return at_span(around[-1], f"{what} {between}, in {parts}: {now}", change.before)


def _more(change: Change) -> str:
    return "too long" if change.by > 0 else "too short"


@dataclass(frozen=True)
class _Lasted:
    """Work as it was heard: from the mark at its beginning to the one at its end; ``None``: one was not heard."""

    span: Span
    frames: int | None


def _lasted(course: Course, timeline: Timeline) -> Iterator[_Lasted]:
    """Measure all work that has a mark at its beginning and its end."""
    marks: dict[int, Heard] = {}
    for heard in course.heard:
        marks.setdefault(heard.clip.start, heard)
    for span in timeline.spans:
        first, last = marks.get(span.start), marks.get(span.end)
        if span.kind in WORK and first is not None and last is not None:
            missing = first.match is None or last.match is None
            frames = None if missing else last.match.at - first.match.at  # type: ignore[union-attr]
            yield _Lasted(span, frames)


def holds_kept(course: Course, timeline: Timeline) -> Promise:
    """Check that every hold, and all other work, lasts as long as planned, as it is heard."""
    inside = [(span, change) for change in course.changes if (span := _work_around(change, timeline))]
    broken, told_by_change = [_moved(change, timeline) for _, change in inside], {id(span) for span, _ in inside}
    every, worst, good = list(_lasted(course, timeline)), 0, 0
    for lasted in every:
        if lasted.frames is None:
            continue  # the mark that is missing is told of among the earcons
        off = lasted.frames - lasted.span.frames
        worst = max(worst, abs(off))
        if abs(off) <= TOLERANCE:
            good += 1
        elif id(lasted.span) not in told_by_change:
            how = f"{apart(off)} {'more' if off > 0 else 'less'} than the {seconds(lasted.span.frames)} planned"
            broken.append(at_span(lasted.span, f"{named(lasted.span)} {lasts(lasted.span)} {how}", lasted.span.end))
    worst_ms = worst * 1000 / SAMPLE_RATE_HZ
    unheard = sum(lasted.frames is None for lasted in every)
    more = f"; {unheard} without a mark that is heard" if unheard else ""
    told = f"{good} of {len(every)} exact from mark to mark (worst {worst_ms:.1f} ms){more}"
    numbers: Mapping[str, float] = {"good": good, "unheard": unheard, "worst_ms": worst_ms}
    return Promise("holds", told, len(every), _in_order(broken), numbers)


def sides_kept(course: Course, timeline: Timeline) -> Promise:
    """Check that the work of the left and of the right sound equally long."""
    lengths = {id(lasted.span): lasted.frames for lasted in _lasted(course, timeline)}
    broken, count, good, worst = [], 0, 0, 0
    for left, right in pairs_of_sides(timeline.spans):
        heard = lengths.get(id(left)), lengths.get(id(right))
        if heard[0] is None or heard[1] is None:
            continue
        count += 1
        worst = max(worst, abs(heard[0] - heard[1]))
        if abs(heard[0] - heard[1]) <= TOLERANCE:
            good += 1
        else:
            length = f"{seconds(heard[0])} on the left and {seconds(heard[1])} on the right"
            off = left if abs(heard[0] - left.frames) > abs(heard[1] - right.frames) else right
            broken.append(at_span(off, f"{off.exercise or 'the work'} (step {off.step}) lasts {length}", off.end))
    worst_ms = worst * 1000 / SAMPLE_RATE_HZ
    told = f"{good} of {count} pairs equal (worst {worst_ms:.1f} ms)" if count else "no exercise is done on both"
    return Promise("sides", told, count, _in_order(broken), {"good": good, "worst_ms": worst_ms})
