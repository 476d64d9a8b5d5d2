"""Show notes as podcast apps show them: what is done, what to have ready, what to take care of, and chapters.

A time stands as text, ``00:12:34``: apps make a link of it that jumps there. The HTML has only what directories allow
(PSP-1: ``p ol ul li strong``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from voicecoach.model.about import About
from voicecoach.model.feed import Episode
from voicecoach.model.timeline import Timeline
from voicecoach.publish.feed.chapters import clock_time, marks
from voicecoach.publish.feed.plain import for_all_readers, one_line, plain, shortened
from voicecoach.publish.feed.transcripts import language_of
from voicecoach.publish.handout.doses import Doses
from voicecoach.publish.markup import Html, element, together
from voicecoach.publish.page_words import label_words, page_words

MOST_BYTES = 4000
"""Of a description, by PSP-1 and Apple."""

_TASK = re.compile(r"\s*\d+\. ")
_PARAGRAPH = re.compile("\n[ \t]*\n")
_LEAST_BYTES = 80
"""A paragraph that is cut keeps at least so many."""


def notes_html(episode: Episode, language: str) -> str:
    """Write the notes as HTML.

    Parameters
    ----------
    episode
        Their session.
    language
        Of the feed, where the session does not tell its own.
    """
    language = language_of(episode, language)
    about = episode.timeline.about
    told = _lines(episode.notes) if about is None else _about(episode, about, language)
    parts = [*told, *_chapters(episode, language)]
    if about is not None and about.author:
        parts.append(element("p", one_line(about.author)))
    return plain(together(*parts))


def notes_text(episode: Episode, language: str) -> str:
    """Write the notes as plain text, which reads well alone: the session's own, then its chapters.

    Where there is no room for all, the longest paragraph is cut, which is the list of exercises; the chapters stay as
    long as they leave half of the room to what stands before them.

    Parameters
    ----------
    episode, language
        As for `notes_html`.
    """
    language = language_of(episode, language)
    own = for_all_readers(episode.notes) or for_all_readers(_summary(episode, language))
    times = list(_times(episode))
    if not times:
        return _cut_inside(own, MOST_BYTES)
    chapters = for_all_readers("\n".join((f"{page_words(language)('chapters')}:", *times)))
    room_bytes = MOST_BYTES - len("\n\n")
    own_bytes = min(len(own.encode()), room_bytes // 2)
    chapters = shortened(chapters, room_bytes - own_bytes)
    return f"{_cut_inside(own, room_bytes - len(chapters.encode()))}\n\n{chapters}"


def _cut_inside(text: str, most_bytes: int) -> str:
    """Cut the longest paragraph of a text that is too long, so that those behind it stay; else cut its end."""
    over_bytes = len(text.encode()) - most_bytes
    paragraphs = text.split("\n\n")
    longest = max(range(len(paragraphs)), key=lambda at: len(paragraphs[at].encode()))
    left_bytes = len(paragraphs[longest].encode()) - over_bytes
    if over_bytes <= 0 or left_bytes < _LEAST_BYTES:
        return shortened(text, most_bytes)
    return "\n\n".join((*paragraphs[:longest], shortened(paragraphs[longest], left_bytes), *paragraphs[longest + 1 :]))


def _about(episode: Episode, about: About, language: str) -> Iterator[Html]:
    labels = label_words(language)
    if about.description:
        yield from _paragraphs(about.description)
    yield element("p", " · ".join(_facts(episode.timeline, about, language)))
    needs = ", ".join(map(one_line, about.equipment)) or labels("no-needs")
    yield element("p", element("strong", f"{labels('needs')}:"), f" {needs}")
    if about.exercises:
        yield _heading(labels("exercises"))
        yield _exercises(episode.notes, about.exercises)
    if about.cautions:
        yield _heading(labels("care"))
        yield _list(about.cautions)


def _paragraphs(text: str) -> Iterator[Html]:
    for paragraph in _PARAGRAPH.split(plain(text)):
        if paragraph.strip():
            yield element("p", one_line(paragraph))


def _lines(notes: str) -> Iterator[Html]:
    """Keep the lines of notes of which nothing else is known."""
    return (element("p", one_line(line)) for line in plain(notes).splitlines() if line.strip())


def _heading(words: str) -> Html:
    return element("p", element("strong", words))


def _list(items: Iterable[str]) -> Html:
    return element("ul", *(element("li", one_line(item)) for item in items))


def _exercises(notes: str, exercises: Sequence[str]) -> Html:
    """List what is done; where the notes have it in rounds, with the rounds' headings, numbered as there."""
    wanted = list(map(one_line, exercises))
    for lines in map(str.splitlines, _PARAGRAPH.split(plain(notes))):
        tasks = [one_line(_TASK.sub("", line, count=1)) for line in lines if _TASK.match(line)]
        if tasks == wanted and len(lines) > len(tasks):
            return _nested(lines)
    return element("ol", *(element("li", exercise) for exercise in wanted))


def _nested(lines: Sequence[str]) -> Html:
    """List lines, those that are set in below the one before them."""
    depth = min(map(_indent, lines))
    starts = [at for at, line in enumerate(lines) if _indent(line) == depth]
    items = []
    for start, end in pairwise((*starts, len(lines))):
        below = lines[start + 1 : end]
        items.append(element("li", one_line(lines[start]), *([_nested(below)] if below else ())))
    return element("ul", *items)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _chapters(episode: Episode, language: str) -> Iterator[Html]:
    times = list(_times(episode))
    if times:
        yield _heading(page_words(language)("chapters"))
        yield _list(times)


def _times(episode: Episode) -> Iterator[str]:
    """Give each chapter with its time, as apps make it a link: ``00:12:34 Figure four stretch, left``."""
    return (f"{clock_time(mark.start_ms)} {mark.title}" for mark in marks(episode))


def _facts(timeline: Timeline, about: About, language: str) -> Iterator[str]:
    labels = label_words(language)
    length = labels("about-length", length=Doses(labels).about(timeline.length_s))
    yield f"{length[:1].upper()}{length[1:]}"
    if about.exercises:
        yield labels("exercises-count", n=len(about.exercises))


def _summary(episode: Episode, language: str) -> str:
    """Tell the most needed of a session that has no notes."""
    timeline, labels = episode.timeline, label_words(language)
    about = timeline.about or About(name=episode.name)
    needs = ", ".join(map(one_line, about.equipment)) or labels("no-needs")
    parts = [plain(about.description or ""), " · ".join(_facts(timeline, about, language))]
    parts += [f"{labels('needs')}: {needs}"] if timeline.about is not None else []
    return "\n\n".join(part for part in parts if part)
