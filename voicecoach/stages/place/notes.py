"""What was moved, shortened and left out, and why, in words: each reason names what stands in the way and when."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter

from voicecoach.model.cuescript import Earcon, ScriptSpan, SpanKind
from voicecoach.model.timeline import Note, NoteKind
from voicecoach.model.units import SAMPLE_RATE_HZ, clock, to_frames, to_seconds
from voicecoach.stages.place.scheduling import Schedule
from voicecoach.stages.place.sounds import AFTER_ONSET, BEFORE_ONSET, Sound
from voicecoach.stages.place.wishes import Wish

WORTH_A_NOTE = to_frames(Fraction(5, 100))
"""Frames by which a cue may be moved without a word about it."""
NEAR = to_frames(2)
"""A window that ends so long before a sound or the span's end ends because of it."""
SHORT = to_frames(3)
"""A span of this length has no room for much, whatever else is in it."""
SPANS = {
    SpanKind.HOLD: "the hold",
    SpanKind.REPS: "the repetitions",
    SpanKind.TIME: "the exercise",
    SpanKind.CYCLES: "the cycles",
    SpanKind.BREATHE: "the breathing",
    SpanKind.REST: "the rest",
}
EARCONS = {
    Earcon.TICK: ("the countdown", "begins"),
    Earcon.START: ("the starting bell", "rings"),
    Earcon.HALFWAY: ("the halfway sound", "comes"),
    Earcon.SIDE: ("the sound for the other side", "comes"),
    Earcon.REST: ("the rest sound", "comes"),
    Earcon.REP: ("the tap", "comes"),
    Earcon.IN: ("the breath in", "begins"),
    Earcon.FULL: ("the hold of the breath", "begins"),
    Earcon.OUT: ("the breath out", "begins"),
    Earcon.EMPTY: ("the pause after the breath", "begins"),
    Earcon.END: ("the sound of the end", "comes"),
    Earcon.DONE: ("the last sound", "comes"),
}


OWN_SOUND = ("the sound", "comes")


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way: a sound, other words, the end of the span.

    Attributes
    ----------
    begin, end
        The frames in which speech cannot be because of it.
    name, verb
        ``the countdown``, ``begins``.
    at
        The frame that people are told.
    """

    begin: int
    end: int
    name: str
    verb: str
    at: int

    @property
    def when(self) -> str:
        """``the countdown at 4:12``."""
        return f"{self.name} at {clock(to_seconds(self.at))}"

    def __str__(self) -> str:
        return f"{self.name} {self.verb} at {clock(to_seconds(self.at))}"


class Reasons:
    """The notes on one exact span.

    Parameters
    ----------
    span, start, end
        The span, and the frames at which it begins and ends.
    schedule
        What was decided.
    before
        What sounds or is said just before the span, as far as speech in it has to wait for that; or None.
    """

    def __init__(self, span: ScriptSpan, start: int, end: int, schedule: Schedule, before: Obstacle | None) -> None:
        self._span = span
        self._start, self._end = start, end
        self._schedule = schedule
        self._before = before
        self._begins = [wish.begin for wish in schedule.said]
        self._first_tick = next((s for s in schedule.sounds.sounds if s.earcon is Earcon.TICK), None)

    def notes(self) -> list[Note]:
        """Return a note for each decision, in the order of time."""
        made = [note for wish in self._schedule.said for note in self._on(wish)]
        made += [self._dropped(wish) for wish in self._schedule.dropped]
        return sorted(made, key=attrgetter("at"))

    def _on(self, wish: Wish) -> Iterator[Note]:
        if wish.brief and wish.cue.brief is not None:
            instead = f"said '{wish.cue.brief.text}' instead of '{wish.cue.text}'"
            if wish.made_room_for is not None:
                yield self._note(wish, f"{instead}: '{wish.made_room_for.text}' needs the time", NoteKind.SHORTENED)
            else:
                yield self._note(wish, f"{instead}: {self._too_long(wish)}", NoteKind.SHORTENED)
        if wish.wanted is None and not wish.cue.late:
            return
        wanted = self._schedule.wanted(wish)
        if abs(wish.begin - wanted) >= WORTH_A_NOTE:
            text = wish.cue.brief.text if wish.brief and wish.cue.brief is not None else wish.cue.text
            way = "later" if wish.begin > wanted else "earlier"
            reason = self._in_the_way(wish, wanted)
            why = "" if reason is None else f" ({reason})"
            yield self._note(wish, f"moved {_tenths(abs(wish.begin - wanted))} s {way}: '{text}'{why}", NoteKind.MOVED)

    def _dropped(self, wish: Wish) -> Note:
        at = min(max(self._schedule.wanted(wish), wish.earliest), self._end)
        message = f"left out '{wish.cue.text}': {self._too_long(wish)}"
        return Note(at, message, NoteKind.DROPPED, self._span.where.step)

    def _note(self, wish: Wish, message: str, kind: NoteKind) -> Note:
        return Note(wish.begin, message, kind, self._span.where.step)

    def _in_the_way(self, wish: Wish, wanted: int) -> Obstacle | None:
        """Return what keeps a cue from its wanted moment: for one that came earlier, what follows it, if anything."""
        end = wanted + wish.frames
        found = [o for o in self._obstacles(wish) if o.begin < end and o.end > wanted]
        if not found:
            return None
        return found[-1] if wish.begin < wanted else found[0]

    def _too_long(self, wish: Wish) -> str:
        """Tell how long it takes, and how much room there is, between what."""
        room, left, right = self._largest_room(wish)
        forms = [wish.full_frames]
        takes = f"it takes {_tenths(wish.full_frames, room)} s"
        brief = wish.cue.brief
        if brief is not None and not wish.brief and self._schedule.length(brief.utterance) < wish.full_frames:
            forms.append(self._schedule.length(brief.utterance))
            takes += f", '{brief.text}' {_tenths(forms[1], room)} s"
        if room < WORTH_A_NOTE:
            return f"{takes} and there is no room for it{self._taken(wish)}"
        if left is not None and right is not None:
            where = f"between {left.when} and {right.when}"
        elif left is not None:
            where = f"after {left.when}"
        elif right is not None:
            where = f"before {right.when}"
        else:
            where = f"in its time, {clock(to_seconds(wish.earliest))} to {clock(to_seconds(_until(wish)))}"
        if room >= wish.full_frames:
            return f"{takes}, and other words need the room {where}"
        return f"{takes} and there is room for {_tenths(room, *forms)} s {where}"

    def _taken(self, wish: Wish) -> str:
        """Tell what takes up the whole window."""
        obstacles, until = self._obstacles(wish), _until(wish)
        if self._end - self._start <= SHORT or min(until, self._end) <= self._start + NEAR:
            return f": {span_name(self._span)} is too short"
        if obstacles:
            return f": {max(obstacles, key=lambda o: min(o.end, until) - max(o.begin, wish.earliest))}"
        return f" at its moment, {clock(to_seconds(wish.earliest))}"

    def _largest_room(self, wish: Wish) -> tuple[int, Obstacle | None, Obstacle | None]:
        """Return the frames of the largest room in the window of a cue, and what stands before and after it."""
        best: tuple[int, Obstacle | None, Obstacle | None] = (-1, None, None)
        free_from, left = wish.earliest, None
        for obstacle in self._obstacles(wish):
            best = max(best, (obstacle.begin - free_from, left, obstacle), key=lambda room: room[0])
            if obstacle.end > free_from:
                free_from, left = obstacle.end, obstacle
        return max(best, (_until(wish) - free_from, left, None), key=lambda room: room[0])

    def _obstacles(self, wish: Wish) -> list[Obstacle]:
        """Return all that stands in or at the edges of a window, in the order of time."""
        until = _until(wish)
        found = [_of_sound(sound, self) for sound in self._schedule.sounds.within(wish.earliest, until)]
        said = self._schedule.said
        first = bisect_left(self._begins, wish.earliest) - 1
        last = bisect_right(self._begins, until) + 1
        for other in said[max(0, first) : last]:
            gap = wish.gap(other)
            if other is not wish and other.end + gap > wish.earliest and other.begin - gap < until:
                spoken = other.cue.brief.text if other.brief and other.cue.brief is not None else other.cue.text
                found.append(Obstacle(other.begin - gap, other.end + gap, f"'{spoken}'", "is said", other.begin))
        if self._before is not None and self._before.end >= wish.earliest:
            found.append(self._before)
        edge = self._edge(wish.done_by) if until == wish.done_by else None
        if edge is not None:
            found.append(edge)
        return sorted(found, key=attrgetter("begin", "end"))

    def _edge(self, done_by: int) -> Obstacle | None:
        """Return what a window ends for: what comes soon after its end."""
        sound = self._schedule.sounds.from_onset(done_by)
        if sound is not None and sound.onset <= done_by + NEAR:
            near = _of_sound(sound, self)
            return Obstacle(done_by, max(near.end, done_by), near.name, near.verb, near.at)
        if self._end <= done_by + NEAR:
            return Obstacle(done_by, self._end, f"the end of {span_name(self._span)}", "comes", self._end)
        return None

    def named(self, sound: Sound) -> tuple[str, str, int]:
        """Return what a sound is called, what it does, and the frame to tell."""
        if sound.earcon is Earcon.TICK and self._first_tick is not None:
            return (*EARCONS[Earcon.TICK], self._first_tick.onset)
        if sound.earcon is Earcon.END:
            return f"the end of {span_name(self._span)}", "comes", sound.onset
        if sound.earcon is Earcon.OUT and self._span.kind is SpanKind.CYCLES:
            return "the next phase", "begins", sound.onset
        return (*sound_name(sound.earcon), sound.onset)


def sound_name(earcon: str) -> tuple[str, str]:
    """Return what people call an earcon, and what it does: ``the countdown``, ``begins``."""
    return EARCONS[Earcon(earcon)] if earcon in EARCONS else OWN_SOUND


def span_name(span: ScriptSpan) -> str:
    """Return what people call a span: ``the rest``."""
    return SPANS.get(span.kind, f"the {span.kind.value}")


def _of_sound(sound: Sound, reasons: Reasons) -> Obstacle:
    name, verb, at = reasons.named(sound)
    return Obstacle(sound.onset - BEFORE_ONSET, max(sound.until, sound.onset + AFTER_ONSET), name, verb, at)


def _until(wish: Wish) -> int:
    """Return the frame until which a cue could be said in full, where nothing else is."""
    return min(wish.done_by, wish.begin_by + wish.full_frames)


def _tenths(frames: int, *others: int) -> str:
    """Write seconds to a tenth; small ones to a hundredth, and such as would else look like one of the others."""
    length_s = float(to_seconds(frames))
    fine = length_s < 0.1 or any(frames != other and abs(length_s - other / SAMPLE_RATE_HZ) < 0.1 for other in others)
    return f"{length_s:.2f}" if fine else f"{length_s:.1f}"
