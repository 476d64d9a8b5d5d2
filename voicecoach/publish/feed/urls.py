"""The URLs of a feed. What depends on the content of something carries a version: other content, another URL."""

from __future__ import annotations

from dataclasses import dataclass

from voicecoach.model.feed import Episode, Feed
from voicecoach.publish.feed.keys import chapters_key, cover_key, show_art_key, transcript_key
from voicecoach.publish.feed.paths import (
    CHAPTERS,
    COVER,
    FEED_FILE,
    INDEX_FILE,
    SHOW_ART,
    page_file,
    side_file,
    url_of,
    version_of,
)

_LETTERS = 12


@dataclass(frozen=True)
class Urls:
    """Where everything of a feed lies.

    Attributes
    ----------
    of
        The feed.
    base_url
        Where its folder lies, with a slash at its end; empty: all URLs are relative.
    pages
        There is a page, and one for each session.
    """

    of: Feed
    base_url: str
    pages: bool

    @property
    def feed(self) -> str:
        """The feed itself."""
        return url_of(self.base_url, FEED_FILE)

    @property
    def home(self) -> str:
        """The page about it: what its author says, the published site, or the feed itself."""
        if self.of.link:
            return self.of.link
        if self.pages:
            return self.base_url or INDEX_FILE
        return self.feed

    @property
    def art(self) -> str:
        """The show art."""
        return self._versioned(SHOW_ART, show_art_key(self.of))

    def session(self, episode: Episode) -> str:
        """The MP3; a session built anew has another URL, so that apps fetch it anew."""
        return url_of(self.base_url, episode.file, version_of(episode))

    def page(self, episode: Episode) -> str:
        """The page that plays a session; where there is none, the session, which a browser plays."""
        return url_of(self.base_url, page_file(episode)) if self.pages else self.session(episode)

    def cover(self, episode: Episode) -> str:
        """The picture of an episode."""
        return self._versioned(side_file(episode, COVER), cover_key(episode))

    def chapters(self, episode: Episode) -> str:
        """Its chapters as JSON."""
        return self._versioned(side_file(episode, CHAPTERS), chapters_key(self.of, episode))

    def transcript(self, episode: Episode, ending: str) -> str:
        """Its transcript in the form with that ending."""
        return self._versioned(side_file(episode, ending), transcript_key(self.of, episode))

    def _versioned(self, path: str, key: str) -> str:
        return url_of(self.base_url, path, key[:_LETTERS])
