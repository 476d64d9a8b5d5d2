"""The hand-out: a session on paper, for whoever does it. One page of HTML that needs nothing beside it."""

from __future__ import annotations

from voicecoach.library import Library
from voicecoach.model.routine import Routine
from voicecoach.model.timeline import Timeline
from voicecoach.publish.handout.page import page
from voicecoach.publish.handout.room import setting
from voicecoach.publish.handout.writer import Writer


def handout(routine: Routine, timeline: Timeline, library: Library) -> str:
    """Write the sheet of a session: what is done, how much of it, and what to take care of.

    It is set as large, and its exercises described as fully, as one sheet of paper allows, A4 or US letter.

    Parameters
    ----------
    routine
        As it is done: adapted to the person and fitted to a length, its includes resolved.
    timeline
        Of that routine; the sheet tells its length.
    library
        The exercises that the routine names.

    Returns
    -------
    str
        A whole page of HTML: no script, nothing fetched. The same routine always gives the same page.
    """
    writer = Writer(routine, timeline.length_s, library)
    return page(*setting(writer.sheet))
