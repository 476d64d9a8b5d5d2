"""What a player page knows of its session: spans, marks and chapters in frames, and the words to show.

Compact JSON; the numbers are those of the timeline, so nothing is rounded. `player.js` documents it where it reads it::

    rate, frames     frames a second, and in all
    guid, version    by which the place where one stopped is kept
    texts            every text that is shown, once; the numbers below that stand for texts count from 0, which is empty
    kinds            kinds of spans, as the timeline calls them
    spans            [start, kind, what, side, set, next, where, figure, [marks]] in order, without zeros at the end:
                     side 0 none, 1 left, 2 right; figure: number of the posture's picture
    marks            [frames from the span's start, sign, number, side or text]: r repetition, p phase of a cycle,
                     i f o e breath in, full, out, empty; h halfway, t tick. Number: which repetition, cycle or breath
    chapters         [start, title]
    words            templates, by name
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from voicecoach.body.positions import posture
from voicecoach.model.cuescript import SpanKind
from voicecoach.model.feed import Episode
from voicecoach.model.timeline import Span, Timeline
from voicecoach.publish.by_span import Heard, by_span
from voicecoach.publish.feed.chapters import marks as chapter_marks
from voicecoach.publish.feed.paths import version_of
from voicecoach.publish.feed.plain import one_line
from voicecoach.publish.handout.figures import slug
from voicecoach.publish.page_words import label_words, page_words
from voicecoach.publish.plot.story import TALK, WORK
from voicecoach.publish.site.marks import marks_of
from voicecoach.publish.site.upcoming import Upcoming
from voicecoach.text.wording import Wording

SIDES = ("", "left", "right")
PREPARING = frozenset({SpanKind.SET_UP, SpanKind.CHANGE_SIDES})
"""Spans in which one gets into a position."""
_TEMPLATES = {
    "rep": "do-rep", "of": "play-of", "left-time": "play-remaining", "next": "play-next", "then": "play-then",
    "s": "play-seconds", "min": "play-minutes", "at": "play-position-text", "play": "play-start",
    "pause": "play-pause", "go-on": "play-continue", "again": "play-again",
    "r": "do-reps", "i": "do-in", "f": "do-full", "o": "do-out", "e": "do-empty", "h": "do-halfway",
    "end": "do-end", "error": "play-error", "no-captions": "play-no-captions", "awake": "play-awake-refused",
    "left": "page-left", "right": "page-right",
}  # fmt: skip
_VALUES = ("n", "total", "time", "length", "chapter", "what")


@dataclass
class Texts:
    """Texts, each once; number 0 is empty."""

    every: dict[str, int] = field(default_factory=lambda: {"": 0})

    def number(self, text: str) -> int:
        """Return the number of a text."""
        return self.every.setdefault(one_line(text), len(self.every))


def player_data(episode: Episode, language: str) -> dict[str, Any]:
    """Make what the page of a session knows of it; `language` is that of the page's words."""
    timeline, words = episode.timeline, page_words(language)
    texts = Texts()
    rows = list(_rows(timeline, words, texts)) or [[0, SpanKind.SAY]]
    kinds = list(dict.fromkeys(row[1] for row in rows))
    chapters = sorted(timeline.chapters, key=lambda chapter: chapter.start)
    titles = [mark.title for mark in chapter_marks(episode)]
    return {
        "rate": timeline.sample_rate,
        "frames": timeline.frames,
        "guid": episode.guid,
        "version": version_of(episode),
        "texts": list(texts.every),
        "kinds": [one_line(kind) for kind in kinds],
        "spans": [_short([row[0], kinds.index(row[1]), *row[2:]]) for row in rows],
        "chapters": [[chapter.start, title] for chapter, title in zip(chapters, titles, strict=True)],
        "words": _words(words, kinds),
    }


def postures(timeline: Timeline) -> tuple[str, ...]:
    """Name the postures that are got into, in the order in which the spans number them, from 1."""
    found = (posture(span.position) for span in timeline.spans if span.position and span.kind in PREPARING)
    return tuple(dict.fromkeys(slug(one) for one in found if one is not None))


def title_of(span: Span) -> str:
    """Name what a span is about: the exercise; empty where there is none."""
    return one_line(span.name or (span.exercise or "").replace("-", " ").capitalize())


def _rows(timeline: Timeline, words: Wording, texts: Texts) -> Iterator[list[Any]]:
    figures = postures(timeline)
    upcoming = Upcoming(timeline, words)
    for index, heard in enumerate(by_span(timeline)):
        span = heard.span
        what = title_of(span) or (title_of(upcoming.work_after(index) or span) if span.kind in PREPARING else "")
        what = what or (timeline.title if span.kind in {SpanKind.OPENING, SpanKind.CLOSING} else "")
        what = "" if span.kind == SpanKind.REST else what
        place, figure = _position(span, words.language, figures)
        yield [
            span.start,
            span.kind,
            texts.number(what),
            SIDES.index(span.side) if span.side in SIDES else 0,
            texts.number(upcoming.set_of(index)),
            texts.number(upcoming.after(index)),
            texts.number(place),
            figure,
            _marks(heard, texts),
        ]


def _position(span: Span, language: str, figures: tuple[str, ...]) -> tuple[str, int]:
    """Tell the position that one gets into, in the page's language where that is known, and its picture's number."""
    if span.position is None or span.kind not in PREPARING:
        return "", 0
    known = posture(span.position)
    if known is None:
        return span.position, 0
    figure = figures.index(slug(known)) + 1
    if known.value != span.position.lower():
        return span.position, figure
    return label_words(language)("position", posture=slug(known), name=span.position), figure


def _marks(heard: Heard, texts: Texts) -> list[list[Any]]:
    rows = []
    for mark in marks_of(heard):
        more = texts.number(mark.text) if mark.sign == "p" else SIDES.index(mark.side or "")
        rows.append(_short([mark.at, mark.sign, mark.number, more]))
    return rows


def _short(row: list[Any]) -> list[Any]:
    """Leave out zeros and empty lists at the end; the first two stay."""
    while len(row) > 2 and not row[-1]:
        row.pop()
    return row


def _words(words: Wording, kinds: list[str]) -> dict[str, str]:
    values: dict[str, str | int] = {name: f"{{{name}}}" for name in _VALUES}
    told = {name: words(message, variant=0, **values) for name, message in _TEMPLATES.items()}
    return {**told, **{kind: doing(words, kind) for kind in kinds}}


def doing(words: Wording, kind: str) -> str:
    """Say what to do in a span of that kind, in one or two words; one that a newer version made is talk."""
    known = kind in WORK | TALK | PREPARING | {SpanKind.RELEASE, SpanKind.REST}
    return words(f"do-{kind.replace(' ', '-')}" if known else "do-say")
