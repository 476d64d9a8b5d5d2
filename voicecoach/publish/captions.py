"""What is read instead of heard: all that is said, while it is said; between it, in brackets, what the sounds tell.

Whoever does not hear (deaf, or in a loud gym) sees what to do, on which side, how much of it is left, the countdown
and the repetitions. Lead-ins and beds tell nothing and are not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from voicecoach.model.cuescript import Earcon, SpanKind
from voicecoach.model.timeline import PlacedClip, Span, Timeline
from voicecoach.model.units import MINUTE_S, SAMPLE_RATE_HZ, decimal, short, to_ms, to_seconds
from voicecoach.publish.by_span import Heard, by_span, tenths
from voicecoach.publish.caption_lines import lines, pieces
from voicecoach.text.wording import Wording

LINGER = SAMPLE_RATE_HZ * 7 // 10
"""Frames that words stay on show after they were said, where nothing else comes."""
LEAST = SAMPLE_RATE_HZ
"""Least frames for each piece of a text that is cut; shorter ones are shown with their neighbour."""
GLIMPSE = SAMPLE_RATE_HZ * 45 // 100
"""Fewer frames than these between words are left as they are: what is shown would only flicker."""
FLASH = SAMPLE_RATE_HZ * 3 // 2
LAST_WORD = SAMPLE_RATE_HZ * 3
SOON = 5 * SAMPLE_RATE_HZ
TO_GO_S = (*range(10, 61, 10), *range(90, 301, 30))
"""Seconds to go at which the time is told anew; above them, each whole minute."""

_COUNTED = {SpanKind.REPS, SpanKind.CYCLES}
_TIMED = {SpanKind.HOLD, SpanKind.TIME, SpanKind.REST, *_COUNTED, SpanKind.BREATHE}


@dataclass(frozen=True)
class Caption:
    """One text on show.

    Attributes
    ----------
    start_ms, end_ms
        When, in whole milliseconds of the session, rounded once; captions follow one another without overlap.
    lines
        What, in at most two lines as a rule; no control characters.
    spoken
        It is being said; else it stands for what is not.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    spoken: bool

    @property
    def text(self) -> str:
        """All of it in one line."""
        return " ".join(self.lines)


@dataclass(frozen=True)
class _Shown:
    """A text on show, in frames; ``later`` tells it anew where it comes back after something else."""

    start: int
    end: int
    text: str
    spoken: bool = False
    later: Callable[[int], str] | None = None


def captions(timeline: Timeline, words: Wording) -> tuple[Caption, ...]:
    """Make the captions of a session.

    Parameters
    ----------
    timeline
        The session.
    words
        Of captions in the session's language, see `voicecoach.publish.caption_words`.

    Returns
    -------
    tuple of Caption
        In order, inside the session, without overlap.
    """
    states: list[_Shown] = []
    flashes: list[_Shown] = []
    voice: list[PlacedClip] = []
    for heard in by_span(timeline):
        states += _states(heard, words)
        flashes += _flashes(heard, words)
        voice += (clip for clip in heard.clips if clip.text is not None and not _counted(clip, heard))
    flashes = _one_at_a_time(flashes, timeline.frames)
    said = _lingering(_said(voice), flashes, timeline.frames)
    shown = _over(_over(states, flashes), said)
    return tuple(filter(None, map(_caption, shown)))


def _caption(shown: _Shown) -> Caption | None:
    start_ms, end_ms = to_ms(shown.start), to_ms(shown.end)
    text = shown.text if shown.spoken else f"[{shown.text}]"
    return Caption(start_ms, end_ms, lines(text), shown.spoken) if end_ms > start_ms else None


def _counted(clip: PlacedClip, heard: Heard) -> bool:
    """Tell whether words are only the number of a repetition, which is shown as such from its tap on."""
    if heard.span.kind not in _COUNTED or clip.rep is None or (clip.text or "").strip(" .!") != str(clip.rep):
        return False
    return any(tap.earcon == Earcon.REP and tap.rep == clip.rep and tap.start <= clip.start for tap in heard.clips)


def _said(clips: Iterable[PlacedClip]) -> Iterator[_Shown]:
    """Show each sentence for its part of the clip, by its letters."""
    for clip in clips:
        text = " ".join((clip.text or "").split())
        if not text:
            continue
        parts = pieces(text)
        while len(parts) > 1 and min(map(len, parts)) * clip.frames < LEAST * sum(map(len, parts)):
            parts = _joined(parts)
        letters = 0
        edges = [0, *(letters := letters + len(part) for part in parts)]
        for part, (before, after) in zip(parts, pairwise(edges), strict=True):
            start, end = (clip.start + clip.frames * edge // letters for edge in (before, after))
            yield _Shown(start, end, part, spoken=True)


def _joined(parts: Sequence[str]) -> list[str]:
    """Join the shortest piece with the shorter one of its neighbours."""
    at = min(range(len(parts)), key=lambda index: len(parts[index]))
    before = at > 0 and (at == len(parts) - 1 or len(parts[at - 1]) <= len(parts[at + 1]))
    first = at - 1 if before else at
    return [*parts[:first], f"{parts[first]} {parts[first + 1]}", *parts[first + 2 :]]


def _lingering(said: Iterable[_Shown], flashes: Sequence[_Shown], session_end: int) -> list[_Shown]:
    """Let words stay a little, until the next ones or a sound that tells something."""
    every = list(said)
    nexts = [*(one.start for one in every), session_end][1:]
    marks = [flash.start for flash in flashes]
    found, mark = [], 0
    for one, following in zip(every, nexts, strict=True):
        while mark < len(marks) and marks[mark] < one.end:
            mark += 1
        limit = min(following, marks[mark]) if mark < len(marks) else following
        end = max(one.end, min(limit, one.end + LINGER))
        # What is left until the next words is too short for anything else.
        end = limit if limit == following and limit - end < GLIMPSE else end
        found.append(_Shown(one.start, max(one.end, end), one.text, spoken=True))
    return found


def _over(below: Sequence[_Shown], above: Sequence[_Shown]) -> list[_Shown]:
    """Lay texts over others; of what lies below, glimpses that are left over are dropped."""
    found: list[_Shown] = list(above)
    first = 0
    for one in below:
        while first < len(above) and above[first].end <= one.start:
            first += 1
        start, at = one.start, first
        while at < len(above) and above[at].start < one.end:
            found += _rest(one, start, above[at].start)
            start = max(start, above[at].end)
            at += 1
        found += _rest(one, start, one.end)
    return sorted(found, key=lambda shown: (shown.start, shown.end))


def _rest(one: _Shown, start: int, end: int) -> list[_Shown]:
    if end <= start or (end - start < GLIMPSE and end - start < one.end - one.start):
        return []
    text = one.text if start == one.start or one.later is None else one.later(start)
    return [_Shown(start, end, text, one.spoken, one.later)]


def _states(heard: Heard, words: Wording) -> Iterator[_Shown]:
    """Tell what goes on in a span, until the next one."""
    span = heard.span
    inside = [point for point in _points(heard, words) if span.start <= point[0] < span.end]
    points = sorted(inside, key=lambda point: point[0])
    ends = [*(start for start, _ in points), span.end][1:]
    timed = span.kind in _TIMED and not any(clip.rep for clip in heard.clips)
    for (start, text), end in zip(points, ends, strict=True):
        if start < end:
            yield _Shown(start, end, text, later=_Later(span, text, words).text if timed else None)


@dataclass(frozen=True)
class _Later:
    """What a countdown tells when it comes back: how much is left by then, or at first still how long it all takes."""

    span: Span
    first: str
    words: Wording

    def text(self, frame: int) -> str:
        """Tell it at a frame."""
        return self.first if frame - self.span.start <= FLASH else _to_go(self.span, frame, self.words)


def _points(heard: Heard, words: Wording) -> Iterator[tuple[int, str]]:
    span, what = heard.span, _what(heard.span, words)
    if span.kind == SpanKind.SET_UP:
        yield span.start, _told(what, words("get-ready"))
    elif span.kind == SpanKind.CHANGE_SIDES:
        yield span.start, _told(words("change-sides"), what)
    elif span.kind == SpanKind.SOUND:
        text = words("bell" if any(clip.earcon == Earcon.START for clip in heard.clips) else "sound")
        yield from ((clip.start, text) for clip in heard.clips if clip.earcon)
    elif span.kind in _TIMED:
        marks = list(_counts(heard, words)) or list(_breaths(heard, words))
        yield from marks or _countdown(span, words)


def _counts(heard: Heard, words: Wording) -> Iterator[tuple[int, str]]:
    """Number repetitions and cycles."""
    taps = [clip for clip in heard.clips if clip.earcon == Earcon.REP and clip.rep]
    total = max((clip.rep or 0 for clip in taps), default=0)
    for clip in taps:
        what = _what(heard.span, words, clip.side)
        yield clip.start, _told(what, words("count", n=clip.rep or 0, total=total))


def _breaths(heard: Heard, words: Wording) -> Iterator[tuple[int, str]]:
    """Tell the phases of the breath; a held one by the pattern."""
    held = _pattern(heard.span.pattern)
    breaths = [clip for clip in heard.clips if clip.earcon in {Earcon.IN, Earcon.OUT}]
    total = max((clip.rep or 0 for clip in breaths), default=0)
    for clip in breaths:
        count = words("count", n=clip.rep, total=total) if clip.rep else ""
        moving, still = held[clip.earcon == Earcon.OUT]
        yield clip.start, _told(words("breathe-in" if clip.earcon == Earcon.IN else "breathe-out"), count)
        if still:
            yield clip.start + moving, _told(words("breath-held"), count)


def _pattern(pattern: str | None) -> tuple[tuple[int, int], tuple[int, int]]:
    """Frames of breathing in and of the pause after, then of out and of its pause."""
    try:
        parts = [round(float(part) * SAMPLE_RATE_HZ) for part in (pattern or "").split("-")]
        inward, full, outward, empty = parts
    except ValueError:
        return (0, 0), (0, 0)
    return (inward, full), (outward, empty)


def _countdown(span: Span, words: Wording) -> Iterator[tuple[int, str]]:
    """Tell how long it takes, then now and then how much of it is to go."""
    what = "" if span.kind == SpanKind.REST else _what(span, words)
    verb = {SpanKind.HOLD: "hold", SpanKind.REST: "rest"}.get(SpanKind(span.kind), "keep-going")
    yield span.start, _told(what, words(verb, time=_time(span.frames)))
    minutes = range(6 * MINUTE_S, span.frames // SAMPLE_RATE_HZ, MINUTE_S)
    for to_go_s in (*TO_GO_S, *minutes):
        start = span.end - to_go_s * SAMPLE_RATE_HZ
        if start - span.start >= SOON:
            yield start, _to_go(span, start, words)


def _to_go(span: Span, frame: int, words: Wording) -> str:
    what = words("rest-name") if span.kind == SpanKind.REST else _what(span, words)
    seconds = max(1, round(to_seconds(span.end - frame)))
    return _told(what, words("to-go", time=_time(seconds * SAMPLE_RATE_HZ)))


def _flashes(heard: Heard, words: Wording) -> Iterator[_Shown]:
    """Tell what a sound means, for a moment."""
    span = heard.span
    if span.kind == SpanKind.SOUND:
        return
    for clip in heard.clips:
        if clip.earcon == Earcon.TICK:
            seconds = round((span.end - clip.start) / SAMPLE_RATE_HZ)
            yield _Shown(clip.start, clip.start + SAMPLE_RATE_HZ, str(seconds))
        elif clip.earcon == Earcon.HALFWAY:
            yield _Shown(clip.start, clip.start + FLASH, words("halfway"))
        elif clip.earcon == Earcon.END:
            yield _Shown(clip.start, clip.start + FLASH, words("stop"))
        elif clip.earcon == Earcon.DONE:
            yield _Shown(clip.start, clip.start + LAST_WORD, words("the-end"))


def _one_at_a_time(flashes: Sequence[_Shown], session_end: int) -> list[_Shown]:
    """Let each end where the next begins, or the session."""
    ordered = sorted(flashes, key=lambda flash: flash.start)
    nexts = [*(flash.start for flash in ordered), session_end][1:]
    cut = (_Shown(one.start, min(one.end, end), one.text) for one, end in zip(ordered, nexts, strict=True))
    return [one for one in cut if one.end > one.start]


def _what(span: Span, words: Wording, side: str | None = None) -> str:
    side = side or span.side
    parts = [span.name, words("side", side=side) if side else "", words("set", n=span.set) if span.set else ""]
    return _capital(", ".join(part for part in parts if part))


def _told(*parts: str) -> str:
    """Put parts into one text, as sentences."""
    return ". ".join(_capital(part.rstrip(".")) for part in parts if part)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _time(frames: int) -> str:
    """Seconds as they are read at a glance: ``30 s``, ``2 min``, ``1:30``."""
    length_s = tenths(frames)
    return f"{decimal(length_s)} s" if length_s < MINUTE_S or length_s.denominator > 1 else short(length_s)
