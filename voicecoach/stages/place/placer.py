"""Walking the spans of a script in order, with a cursor: flowing ones stretch, exact ones are scheduled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from voicecoach.model.clip import Utterance
from voicecoach.model.cuescript import CueScript, Earcon, EarconCue, Gap, Priority, Said, ScriptSpan, SpokenCue
from voicecoach.model.timeline import (
    BED_TRACK,
    EARCON_TRACK,
    VOICE_TRACK,
    Chapter,
    Note,
    NoteKind,
    PlacedClip,
    Span,
    Timeline,
    Track,
)
from voicecoach.model.units import SAMPLE_RATE_HZ, to_frames
from voicecoach.stages.place.lead_in import BEFORE_SPEECH, with_lead_ins
from voicecoach.stages.place.notes import Obstacle, Reasons, sound_name, span_name
from voicecoach.stages.place.scheduling import FURTHEST, Schedule
from voicecoach.stages.place.sounds import AFTER_ONSET, BEFORE_ONSET, Sound, Sounds
from voicecoach.stages.place.wishes import BETWEEN_WORDS, Wish

LEAST_SOUND = to_frames(Fraction(25, 100))
"""Frames of a sound that is cut off by the next: with less of it, it would not be known."""


@dataclass
class Placer:
    """What is placed so far.

    Attributes
    ----------
    speech_frames, earcon_frames
        As of `place`.
    cursor
        The frame at which the next span begins.
    """

    speech_frames: Callable[[Utterance], int]
    earcon_frames: Mapping[str, int]
    cursor: int = 0
    _voice: list[PlacedClip] = field(default_factory=list)
    _earcons: list[PlacedClip] = field(default_factory=list)
    _spans: list[Span] = field(default_factory=list)
    _chapters: list[tuple[str, int]] = field(default_factory=list)
    _notes: list[Note] = field(default_factory=list)
    _quiet: int = 0
    """Frames to keep between what was said last and what is said next."""

    def span(self, span: ScriptSpan, following: ScriptSpan | None) -> None:
        """Place a span behind the ones before it; the one that follows it is not placed, but minded.

        Raises
        ------
        ValueError
            The span contradicts itself.
        """
        start = self.cursor
        if span.chapter is not None:
            self._chapters.append((span.chapter, start))
        if span.length_s is None:
            self._flow(span, following)
        else:
            self._exact(span, start + to_frames(span.length_s), following)
        where = span.where
        self._spans.append(
            Span(
                span.kind.value,
                start,
                self.cursor - start,
                where.step,
                where.exercise,
                where.side,
                where.set,
                where.name,
                where.position,
                span.pattern,
            )
        )

    def timeline(self, script: CueScript) -> Timeline:
        """Return the whole session, rounded up to a whole second."""
        self._round_up()
        title = script.title
        starts = self._chapters if self._chapters and self._chapters[0][1] == 0 else [(title, 0), *self._chapters]
        ends = [start for _, start in starts[1:]] + [self.cursor]
        silent = script.bed is None and not script.floor  # else earphones have no silence to fall asleep in
        lead_in = self.earcon_frames.get(Earcon.LEAD_IN) if silent else None
        earcons = with_lead_ins(self._voice, self._earcons, lead_in)
        bed = (PlacedClip(0, self.cursor, BED_TRACK),) if script.bed is not None and self.cursor else ()
        return Timeline(
            title=title,
            frames=self.cursor,
            tracks=(Track(VOICE_TRACK, tuple(self._voice)), Track(EARCON_TRACK, tuple(earcons)), Track(BED_TRACK, bed)),
            spans=tuple(self._spans),
            chapters=tuple(Chapter(name, start, end - start) for (name, start), end in zip(starts, ends, strict=True)),
            notes=tuple(self._notes),
            sounds=script.sounds,
            bed=script.bed,
            floor=script.floor,
        )

    def _round_up(self) -> None:
        """Stretch the last span to a whole second, so that what the coach says of the length is true to the second."""
        if self._spans:
            extra = -self.cursor % SAMPLE_RATE_HZ
            self._spans[-1] = replace(self._spans[-1], frames=self._spans[-1].frames + extra)
            self.cursor += extra

    # Flowing spans

    def _flow(self, span: ScriptSpan, following: ScriptSpan | None) -> None:
        """Lay cues one after another; the span lasts as long as they and the sounds before them do."""
        for cue in span.cues:
            if isinstance(cue, Gap):
                self.cursor += to_frames(cue.length_s)
            elif isinstance(cue, EarconCue):
                if cue.at_s is not None:
                    raise ValueError(f"'{cue.earcon}' has a fixed moment in a span without one{_of(span)}")
                self.cursor = self._sound(cue, span, max(self.cursor, self._next_sound()))
            else:
                start = max(self.cursor, self._next_speech(0))
                frames = self.speech_frames(cue.utterance)
                self._say(cue, cue, span, start, frames)
                self._quiet = 0
                self.cursor = max(start + frames, start + to_frames(cue.least_s))
        if self._earcons:
            self.cursor = max(self.cursor, self._earcons[-1].end)
        if self._voice and (first := _first_fixed(following)) is not None:
            self.cursor = max(self.cursor, self._voice[-1].end + BEFORE_ONSET - _onset(first))

    def _next_sound(self) -> int:
        """Return the earliest frame for an earcon that nothing fixes: after what sounds before it."""
        after_speech = self._voice[-1].end + BEFORE_ONSET if self._voice else 0
        return max(after_speech, self._earcons[-1].end + AFTER_ONSET if self._earcons else 0)

    def _next_speech(self, quiet: int) -> int:
        """Return the earliest frame for speech, with regard to all that sounded so far."""
        if not self._voice and not self._earcons:
            lead_in = self.earcon_frames.get(Earcon.LEAD_IN)
            return 0 if lead_in is None else lead_in + BEFORE_SPEECH
        after_sound = self._earcons[-1].end + AFTER_ONSET if self._earcons else 0
        return max(after_sound, self._voice[-1].end + max(quiet, self._quiet) if self._voice else 0)

    # Exact spans

    def _exact(self, span: ScriptSpan, end: int, following: ScriptSpan | None) -> None:
        """Fix the earcons; then schedule the speech between them."""
        start = self.cursor
        if any(isinstance(cue, Gap) for cue in span.cues):
            raise ValueError(f"a gap stands in a span of an exact length{_of(span)}")
        spoken = [cue for cue in span.cues if isinstance(cue, SpokenCue)]
        quiets = {cue.quiet_s: max(BETWEEN_WORDS, to_frames(cue.quiet_s)) for cue in spoken}
        earliest = {quiet_s: max(start, self._next_speech(quiet)) for quiet_s, quiet in quiets.items()}
        before = self._before()
        sounds = list(self._put_sounds(span, start, end))
        if before is None and sounds and sounds[0].onset < min(earliest.values(), default=0):
            earliest = dict.fromkeys(earliest, start)  # a sound comes first: no lead-in
        if (first := _first_fixed(following)) is not None:
            onset = end + _onset(first)
            sounds.append(Sound(first.earcon, onset, onset + AFTER_ONSET))
        if spoken:
            schedule = Schedule(Sounds(sounds), self.speech_frames)
            schedule.fill(self._wish(cue, index, start, end, earliest[cue.quiet_s]) for index, cue in enumerate(spoken))
            self._speak(span, schedule)
            self._notes += Reasons(span, start, end, schedule, before).notes()
        self.cursor = end

    def _put_sounds(self, span: ScriptSpan, start: int, end: int) -> Iterator[Sound]:
        """Place the earcons of an exact span: the fixed ones to the frame, the others where there is room first."""
        cues = [cue for cue in span.cues if isinstance(cue, EarconCue)]
        fixed = sorted((start + _onset(cue), index, cue) for index, cue in enumerate(cues) if cue.at_s is not None)
        if fixed and fixed[-1][0] > end:
            raise ValueError(f"'{fixed[-1][2].earcon}' is fixed beyond the end of its span{_of(span)}")
        for cue in cues:
            if cue.at_s is None:
                frames, at = self.earcon_frames[cue.earcon], max(start, self._next_sound())
                while fixed and fixed[0][0] < at + frames:
                    yield self._fixed_sound(span, *fixed.pop(0))
                    at = max(at, self._next_sound())
                if at + frames <= end:
                    self._sound(cue, span, at)
                    yield Sound(cue.earcon, at, at + frames + AFTER_ONSET)
                else:
                    what = f"left out the '{cue.earcon}' sound: {span_name(span)} is too short for it"
                    self._notes.append(Note(start, what, NoteKind.NO_SOUND, span.where.step))
        for one in fixed:
            yield self._fixed_sound(span, *one)

    def _fixed_sound(self, span: ScriptSpan, at: int, _index: int, cue: EarconCue) -> Sound:
        self._sound(cue, span, at)
        return Sound(cue.earcon, at, at + AFTER_ONSET)

    def _wish(self, cue: SpokenCue, index: int, start: int, end: int, earliest: int) -> Wish:
        """Give the window of a cue its frames."""
        frames = self.speech_frames(cue.utterance)
        earliest = max(earliest, start + to_frames(cue.not_before_s))
        done_by = end if cue.done_by_s is None else min(end, start + to_frames(cue.done_by_s))
        begin_by = done_by if cue.begin_by_s is None else min(done_by, start + to_frames(cue.begin_by_s))
        wanted = None if cue.at_s is None or cue.late else start + to_frames(cue.at_s)
        if cue.priority is not Priority.MUST:
            aim = wanted if wanted is not None else done_by - frames if cue.late else earliest
            earliest, begin_by = max(earliest, aim - FURTHEST), min(begin_by, aim + FURTHEST)
        return Wish(cue, index, earliest, begin_by, done_by, wanted, to_frames(cue.quiet_s), frames, frames)

    def _before(self) -> Obstacle | None:
        """Return what sounded last before a span, as what speech in it waits for; None: nothing did."""
        if not self._voice and not self._earcons:
            return None
        if self._earcons and (not self._voice or self._voice[-1].end < self._earcons[-1].end + AFTER_ONSET):
            sound = self._earcons[-1]
            name, verb = sound_name(sound.role)
            return Obstacle(sound.start, sound.end + AFTER_ONSET, name, verb, sound.start)
        said = self._voice[-1]
        return Obstacle(said.start, said.end + max(BETWEEN_WORDS, self._quiet), f"'{said.text}'", "is said", said.start)

    def _speak(self, span: ScriptSpan, schedule: Schedule) -> None:
        for wish in schedule.dropped:
            if wish.cue.priority is Priority.MUST:
                raise ValueError(f"'{wish.cue.text}' must be heard but does not fit{_of(span)}")
        for wish in schedule.said:
            form = wish.cue.brief if wish.brief and wish.cue.brief is not None else wish.cue
            self._say(wish.cue, form, span, wish.begin, wish.frames)
            self._quiet = max(BETWEEN_WORDS, wish.quiet)

    # The tracks

    def _say(self, cue: SpokenCue, form: SpokenCue | Said, span: ScriptSpan, start: int, frames: int) -> None:
        where = span.where
        self._voice.append(
            PlacedClip(
                start,
                frames,
                cue.role,
                form.text,
                None,
                where.step,
                where.exercise,
                where.side,
                where.set,
                cue.rep,
                utterance=form.utterance,
            )
        )

    def _sound(self, cue: EarconCue, span: ScriptSpan, start: int) -> int:
        if self._earcons and start < self._earcons[-1].end:
            self._cut_off(start, cue, span)
        where, name = span.where, str(cue.earcon)
        if cue.length_s is None or cue.at_s is None:
            frames = self.earcon_frames[cue.earcon]
        else:
            frames = to_frames(cue.at_s + cue.length_s) - to_frames(cue.at_s)
        clip = PlacedClip(
            start,
            frames,
            name,
            None,
            name,
            where.step,
            where.exercise,
            cue.side or where.side,
            where.set,
            cue.rep,
        )
        self._earcons.append(clip)
        return clip.end

    def _cut_off(self, start: int, cue: EarconCue, span: ScriptSpan) -> None:
        """Let a long sound of an author's own end where the next one begins; the mix fades it there."""
        last = self._earcons[-1]
        if start - last.start < LEAST_SOUND:
            raise ValueError(f"'{cue.earcon}' would cut off the earcon before it{_of(span)}")
        self._earcons[-1] = replace(last, frames=start - last.start)


def _first_fixed(span: ScriptSpan | None) -> EarconCue | None:
    """Return the first earcon that has its moment fixed in an exact span."""
    cues = () if span is None else span.cues
    fixed = (cue for cue in cues if isinstance(cue, EarconCue) and cue.at_s is not None)
    return min(fixed, key=_onset, default=None)


def _onset(cue: EarconCue) -> int:
    """Frames from the start of the span to a fixed earcon."""
    return to_frames(cue.at_s or 0)


def _of(span: ScriptSpan) -> str:
    return f" ({span.kind.value}, step {span.where.step})"
