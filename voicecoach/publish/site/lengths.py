"""What pages say of a session at a glance: how long, how many exercises, with what."""

from __future__ import annotations

from collections.abc import Iterator

from voicecoach.model.feed import Episode, Feed
from voicecoach.model.units import HOUR_S, MINUTE_S
from voicecoach.publish.feed.plain import one_line
from voicecoach.publish.page_words import label_words, page_words
from voicecoach.publish.plot.story import WORK
from voicecoach.text.wording import Wording


def short_length(length_s: int, words: Wording) -> str:
    """Tell a length to the minute, a short one to the second: ``13 min``, ``1 h 5 min``, ``45 s``."""
    if length_s < 2 * MINUTE_S:
        return words("page-seconds", n=length_s)
    hours, minutes = divmod(round(length_s / MINUTE_S), HOUR_S // MINUTE_S)  # as the cover has it
    parts = [words("page-hours", n=hours)] if hours else []
    return " ".join([*parts, words("page-minutes", n=minutes)] if minutes or not hours else parts)


def facts(episode: Episode, language: str) -> Iterator[str]:
    """Tell how long a session is, and how many exercises it has."""
    yield short_length(episode.length_s, page_words(language))
    if number := exercises(episode):
        yield label_words(language)("exercises-count", n=number)


def exercises(episode: Episode) -> int:
    """Count the exercises of a session."""
    about = episode.timeline.about
    if about is not None and about.exercises:
        return len(about.exercises)
    return len({(span.step, span.exercise or span.name) for span in episode.timeline.spans if span.kind in WORK})


def needs(episode: Episode, language: str) -> str | None:
    """Tell what to have ready; None: the session does not know."""
    about = episode.timeline.about
    if about is None:
        return None
    return ", ".join(map(one_line, about.equipment)) or label_words(language)("no-needs")


def words_language(feed: Feed, episode: Episode | None = None) -> str:
    """Return the language of a page's words: the session's or the feed's, where we have it, else English."""
    about = None if episode is None else episode.timeline.about
    return page_words(feed.language if about is None else about.language).language
