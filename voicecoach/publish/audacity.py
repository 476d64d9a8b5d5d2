"""A label track for Audacity: one label a line, start, end and text between tabs, times in seconds.

The form is that of Audacity's manual, "Importing and Exporting Labels". What happens is told apart by its look: spans
in brackets, speech in quotes, earcons in round brackets; an earcon is a point label, since its onset is what counts.
"""

from __future__ import annotations

from voicecoach.model.diagnostic import harmless
from voicecoach.model.timeline import PlacedClip, Span, Timeline
from voicecoach.model.units import short
from voicecoach.publish.by_span import in_order, millionths, tenths
from voicecoach.publish.naming import sounded, where


def audacity(timeline: Timeline, remark: str) -> str:
    """Write the label track of a session.

    Parameters
    ----------
    timeline
        The session.
    remark
        Stands with the title in the first label, which is as long as the session.
    """
    rows = [(0, timeline.frames, f"{timeline.title}, {remark}")]
    rows += [(span.start, span.end, _span(span)) for span in timeline.spans]
    rows += [(clip.start, clip.start if clip.text is None else clip.end, _clip(clip)) for clip in in_order(timeline)]
    ordered = sorted(rows, key=lambda row: (row[0], -row[1]))
    return "".join(f"{millionths(start)}\t{millionths(end)}\t{harmless(text)}\n" for start, end, text in ordered)


def _span(span: Span) -> str:
    what = where(span)
    return f"[{span.kind} {short(tenths(span.frames))}{f', {what}' if what else ''}]"


def _clip(clip: PlacedClip) -> str:
    return sounded(clip) if clip.text is None else f"“{clip.text}”"
