"""Transcripts of an episode: the captions of its timeline, in the three forms that podcast apps read.

There is one source for all (`publish.captions`), and the times are the timeline's own: they cannot drift.
"""

from __future__ import annotations

from voicecoach.model.feed import Episode
from voicecoach.publish.caption_files import subrip, webvtt
from voicecoach.publish.caption_words import caption_words
from voicecoach.publish.captions import captions
from voicecoach.publish.feed.chapters import dumped, seconds
from voicecoach.publish.feed.plain import one_line, plain
from voicecoach.text.wording import Wording

JSON_TYPE, SRT_TYPE, VTT_TYPE = "application/json", "application/x-subrip", "text/vtt"
_VERSION = "1.0.0"
_REMARK = "made by voicecoach"


def language_of(episode: Episode, otherwise: str = "en") -> str:
    """Return the language in which an episode is spoken, or that of its feed where it does not tell."""
    about = episode.timeline.about
    return about.language if about is not None and about.language else otherwise


def transcript_json(episode: Episode, language: str) -> bytes:
    """Write the captions as JSON of the podcast namespace: a segment for each, times in seconds."""
    segments = [
        {"startTime": seconds(one.start_ms), "endTime": seconds(one.end_ms), "body": one_line(one.text)}
        for one in captions(episode.timeline, _words(episode, language))
    ]
    return dumped({"version": _VERSION, "segments": segments})


def transcript_srt(episode: Episode, language: str) -> bytes:
    """Write the captions as SubRip."""
    return _bytes(subrip(episode.timeline, _words(episode, language)))


def transcript_vtt(episode: Episode, language: str) -> bytes:
    """Write the captions as WebVTT."""
    return _bytes(webvtt(episode.timeline, _words(episode, language), _REMARK))


def _words(episode: Episode, language: str) -> Wording:
    return caption_words(language_of(episode, language))


def _bytes(text: str) -> bytes:
    return f"{plain(text)}\n".encode()
