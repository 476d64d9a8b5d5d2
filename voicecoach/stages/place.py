"""place: CueScript and the length of every sound → Timeline. Pure; the only stage that decides a time.

Exact spans keep their length to the frame and their earcons their places; speech yields: what does not fit its window
is left out with a note, unless it must be heard, and such speech stands in flowing spans, which stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from voicecoach.model.clip import Utterance
from voicecoach.model.cuescript import CueScript, EarconCue, Gap, Priority, ScriptSpan, SpokenCue
from voicecoach.model.timeline import (
    BED_TRACK,
    EARCON_TRACK,
    VOICE_TRACK,
    Chapter,
    Note,
    PlacedClip,
    Span,
    Timeline,
    Track,
)
from voicecoach.model.units import SAMPLE_RATE_HZ, to_frames, to_seconds

AFTER_EARCON = to_frames(Fraction(15, 100))
"""Frames of quiet between an earcon and what follows it, so that neither hides the other."""


def place(script: CueScript, speech_frames: Callable[[Utterance], int], earcon_frames: Mapping[str, int]) -> Timeline:
    """Give every cue its absolute place.

    Parameters
    ----------
    script
        What is to be heard, in order.
    speech_frames
        Length in frames at 48 kHz of each utterance, measured or estimated.
    earcon_frames
        Length in frames of each earcon.

    Returns
    -------
    Timeline
        Spans without holes from frame 0, a whole number of seconds long in all.

    Raises
    ------
    ValueError
        The script contradicts itself (two earcons fixed at the same moment, speech that must be heard in an exact span
        that it does not fit): a fault of `expand`.
    """
    placer = _Placer(speech_frames, earcon_frames)
    for span in script.spans:
        placer.span(span)
    return placer.timeline(script.title)


@dataclass
class _Placer:
    speech_frames: Callable[[Utterance], int]
    earcon_frames: Mapping[str, int]
    cursor: int = 0
    voice: list[PlacedClip] = field(default_factory=list)
    earcons: list[PlacedClip] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    chapters: list[tuple[str, int]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def span(self, span: ScriptSpan) -> None:
        start = self.cursor
        if span.chapter is not None:
            self.chapters.append((span.chapter, start))
        if span.length_s is None:
            self._flow(span)
        else:
            self._exact(span, start, to_frames(span.length_s))
        where = span.where
        self.spans.append(
            Span(span.kind.value, start, self.cursor - start, where.step, where.exercise, where.side, where.set)
        )

    def timeline(self, title: str) -> Timeline:
        self._round_up()
        starts = self.chapters if self.chapters and self.chapters[0][1] == 0 else [(title, 0), *self.chapters]
        ends = [start for _, start in starts[1:]] + [self.cursor]
        return Timeline(
            title=title,
            frames=self.cursor,
            tracks=(
                Track(VOICE_TRACK, tuple(self.voice)),
                Track(EARCON_TRACK, tuple(self.earcons)),
                Track(BED_TRACK),
            ),
            spans=tuple(self.spans),
            chapters=tuple(Chapter(name, start, end - start) for (name, start), end in zip(starts, ends, strict=True)),
            notes=tuple(self.notes),
        )

    def _round_up(self) -> None:
        """Stretch the last span to a whole second, so that what the coach says of the length is true to the second."""
        if not self.spans:
            return
        extra = -self.cursor % SAMPLE_RATE_HZ
        last = self.spans[-1]
        self.spans[-1] = Span(last.kind, last.start, last.frames + extra, last.step, last.exercise, last.side, last.set)
        self.cursor += extra

    def _flow(self, span: ScriptSpan) -> None:
        """Lay cues one after another; the span lasts as long as they and the sounds before them do."""
        for cue in span.cues:
            if isinstance(cue, Gap):
                self.cursor += to_frames(cue.length_s)
            elif isinstance(cue, EarconCue):
                self.cursor = self._sound(cue, span, max(self.cursor, self._after_earcon()))
            else:
                start = max(self.cursor, self._after_earcon())
                end = self._say(cue, span, start, self.speech_frames(cue.utterance))
                self.cursor = max(end, start + to_frames(cue.least_s))
        if self.earcons:
            self.cursor = max(self.cursor, self.earcons[-1].end)

    def _exact(self, span: ScriptSpan, start: int, frames: int) -> None:
        """Fix the anchored earcons first, in the span's own frames; then fit in what may move."""
        end = start + frames
        for cue in span.cues:
            if isinstance(cue, EarconCue) and cue.at_s is None:
                at = max(start, self._after_earcon())
                if at + self.earcon_frames[cue.earcon] <= end:
                    self._sound(cue, span, at)
                else:
                    self._note(
                        start, f"left out the '{cue.earcon.value}' sound: the {span.kind.value} is too short for it"
                    )
        quiet = max(start, self._after_earcon())
        for cue in span.cues:
            if isinstance(cue, EarconCue) and cue.at_s is not None:
                self._sound(cue, span, start + to_frames(cue.at_s))
        for cue in span.cues:
            if isinstance(cue, SpokenCue):
                self._fit(cue, span, max(quiet, start), start, end)
        self.cursor = end

    def _fit(self, cue: SpokenCue, span: ScriptSpan, quiet: int, start: int, end: int) -> None:
        """Say a cue within its window, or leave it out with a note."""
        frames = self.speech_frames(cue.utterance)
        earliest = max(quiet if not cue.late else start, start + to_frames(cue.not_before_s))
        if self.voice:
            earliest = max(earliest, self.voice[-1].end + max(AFTER_EARCON, to_frames(cue.quiet_s)))
        latest_end = end if cue.done_by_s is None else start + to_frames(cue.done_by_s)
        at = latest_end - frames if cue.late else earliest
        if at >= earliest and at + frames <= latest_end:
            self._say(cue, span, at, frames)
        elif cue.priority is Priority.MUST:
            raise ValueError(f"'{cue.text}' must be heard but does not fit (step {span.where.step})")
        else:
            takes_s, room_s = float(to_seconds(frames)), float(to_seconds(max(0, latest_end - earliest)))
            self._note(at, f"left out '{cue.text}': it takes {takes_s:.1f} s and there is room for {room_s:.1f} s")

    def _after_earcon(self) -> int:
        return self.earcons[-1].end + AFTER_EARCON if self.earcons else 0

    def _say(self, cue: SpokenCue, span: ScriptSpan, start: int, frames: int) -> int:
        where = span.where
        clip = PlacedClip(
            start,
            frames,
            cue.role,
            cue.text,
            None,
            where.step,
            where.exercise,
            where.side,
            where.set,
            cue.rep,
            cue.utterance,
        )
        self.voice.append(clip)
        return clip.end

    def _sound(self, cue: EarconCue, span: ScriptSpan, start: int) -> int:
        if self.earcons and start < self.earcons[-1].end:
            raise ValueError(f"'{cue.earcon.value}' would cut off the earcon before it (step {span.where.step})")
        where, name = span.where, cue.earcon.value
        clip = PlacedClip(
            start,
            self.earcon_frames[cue.earcon],
            name,
            None,
            name,
            where.step,
            where.exercise,
            cue.side or where.side,
            where.set,
            cue.rep,
        )
        self.earcons.append(clip)
        return clip.end

    def _note(self, at: int, message: str) -> None:
        self.notes.append(Note(max(0, at), message))
