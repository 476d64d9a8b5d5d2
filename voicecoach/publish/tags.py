"""What a session's tag says of it: all that a player shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from voicecoach import __version__
from voicecoach.library import Library
from voicecoach.model.routine import Routine
from voicecoach.model.timeline import Chapter as Step
from voicecoach.model.timeline import Timeline
from voicecoach.model.units import to_ms
from voicecoach.mp3.tags import Chapter, Lyric, Tags
from voicecoach.publish.cover import cover, own_cover
from voicecoach.publish.lyrics import lyrics, words
from voicecoach.publish.show_notes import show_notes
from voicecoach.text.fill import fill

ARTIST = "voicecoach"
"""Who is named where the author is not."""


def session_tags(timeline: Timeline, routine: Routine, library: Library, picture: Path | None) -> Tags:
    """Gather the tags of a session as `tags_of`, with the cover of an author's picture, or drawn.

    Raises
    ------
    PictureError
        The picture cannot be read.
    """
    shown = cover(timeline) if picture is None else own_cover(picture)
    return tags_of(timeline, routine, library, shown)


def tags_of(timeline: Timeline, routine: Routine, library: Library, picture: bytes) -> Tags:
    """Gather what the tag of a session holds. Nothing of it is taken from the clock or the machine.

    Parameters
    ----------
    timeline
        As it goes into the file, achieved levels and all.
    routine
        As it is done: adapted and fitted, its includes resolved.
    library
        The exercises that it names.
    picture
        The cover, a JPEG file.
    """
    own = dict(routine.variables)
    return Tags(
        title=timeline.title,
        artist=fill(routine.author, own) if routine.author else ARTIST,
        encoder=f"voicecoach {__version__}",
        length_ms=to_ms(timeline.frames),
        timeline_json=timeline.dumps(),
        chapters=tuple(Chapter(c.title, to_ms(c.start), to_ms(c.end)) for c in timeline.chapters),
        album=fill(routine.series, own) if routine.series else None,
        comment=show_notes(routine, timeline, library),
        language=routine.language,
        date=routine.date,
        cover=picture,
        words=words(timeline),
        lyrics=lyrics(timeline),
    )


def step_tags(session: Tags, step: Step, track: tuple[int, int]) -> Tags:
    """Make the tags of one step of a session on its own: the routine is the album.

    Parameters
    ----------
    session
        The tags of the whole.
    step
        Its chapter.
    track
        Its number, from 1, and how many there are.
    """
    start_ms, end_ms = to_ms(step.start), to_ms(step.end)
    lines = tuple(Lyric(*line) for line in session.lyrics)
    said = tuple(Lyric(text, at_ms - start_ms) for text, at_ms in lines if start_ms <= at_ms < end_ms)
    return replace(
        session,
        title=step.title,
        album=session.title,
        track=track,
        length_ms=to_ms(step.frames),
        timeline_json=None,
        chapters=(),
        words="\n".join(text for text, _ in said) or None,
        lyrics=said,
    )


def stem_tags(session: Tags, track: str) -> Tags:
    """Make the tags of one track of a session on its own."""
    return replace(session, title=f"{session.title} ({track})", timeline_json=None, words=None, lyrics=())
