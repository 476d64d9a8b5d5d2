"""The session as a table, for those who do not see the picture and for those who want every word."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from voicecoach.model.timeline import PlacedClip, Span, Timeline
from voicecoach.publish.plot.lettering import clean
from voicecoach.publish.plot.story import Story, length, moment

COLUMNS = ("From", "Length", "What", "Position", "Heard")


def table(timeline: Timeline) -> Iterator[str]:
    """Return the lines of an HTML table: a row for each span, with all that is heard in it."""
    story = Story(timeline)
    yield "<table>"
    yield "<caption>Every part of the session, in order</caption>"
    heads = "".join(f'<th scope="col">{name}</th>' for name in COLUMNS)
    yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for span in timeline.spans:
        cells = (length(span.frames, story.rate_hz), _what(story, span), clean(span.position or ""))
        plain = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        heard = "".join(_heard(clip, story.rate_hz) for clip in story.said_in(span))
        yield f'<tr><th scope="row">{moment(span.start, story.rate_hz)}</th>{plain}<td>{heard}</td></tr>'
    yield "</tbody></table>"


def notes(timeline: Timeline) -> Iterator[str]:
    """Return the lines of an HTML list of what was moved, shortened and left out; nothing where there is none."""
    if not timeline.notes:
        return
    yield f"<details><summary>What yielded ({len(timeline.notes)})</summary><ul>"
    for note in timeline.notes:
        yield f"<li>{moment(note.at, timeline.sample_rate)} {escape(clean(note.message))}</li>"
    yield "</ul></details>"


def _what(story: Story, span: Span) -> str:
    return ", ".join(part for part in (story.told(span), story.amounts(span)[0]) if part)


def _heard(clip: PlacedClip, rate_hz: int) -> str:
    return f"<p><small>{moment(clip.start, rate_hz)}</small> {escape(clean(clip.text or ''))}</p>"
