"""Where everything lies in a published folder, and its URLs.

The same in a folder with a feed, on a static site and at the server::

    morning.mp3                     the sessions, where they were
    feed.xml  feed.opml  sessions.m3u
    feed/cover.jpg                  show art
    feed/morning.jpg                cover of an episode
    feed/morning.chapters.json      chapters (Podcasting 2.0)
    feed/morning.json .srt .vtt     transcripts
    index.html  play/morning.html   pages, on a site and at the server
    site/…                          their style, script and icons

Season folders are kept: ``week 1/day 2.mp3`` has ``feed/week 1/day 2.vtt``.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from voicecoach.model.feed import Episode

FEED_FILE = "feed.xml"
OPML_FILE = "feed.opml"
PLAYLIST_FILE = "sessions.m3u"
INDEX_FILE = "index.html"
SIDE_FOLDER = "feed"
PAGE_FOLDER = "play"
SITE_FOLDER = "site"
OUR_FOLDERS = (SIDE_FOLDER, PAGE_FOLDER, SITE_FOLDER)
"""Folders that we fill; no session is looked for in them."""
SHOW_ART = f"{SIDE_FOLDER}/cover.jpg"
KEPT_FILE = f"{SIDE_FOLDER}/kept.json"
"""What must outlive a rebuild: the feed's guid, title and address, and the day on which each session first came."""

COVER, CHAPTERS = ".jpg", ".chapters.json"
TRANSCRIPT_JSON, TRANSCRIPT_SRT, TRANSCRIPT_VTT = ".json", ".srt", ".vtt"
MP3_TYPE = "audio/mpeg"

_VERSION_LETTERS = 12
_TAKEN = re.compile(r"(?:(?:cover|kept)_*|.*\.chapters_*)", re.IGNORECASE | re.DOTALL)
"""Names whose side files would lie where the feed's own or those of another session do."""


def side_file(episode: Episode, ending: str) -> str:
    """Return the path of what lies beside an episode: ``feed/morning.vtt``; for ``cover`` it is ``feed/cover_.vtt``."""
    name = f"{episode.name}_" if _TAKEN.fullmatch(episode.name) else episode.name
    return f"{SIDE_FOLDER}/{name}{ending}"


def page_file(episode: Episode) -> str:
    """Return the path of its player page: ``play/morning.html``."""
    return f"{PAGE_FOLDER}/{episode.name}.html"


def version_of(episode: Episode) -> str:
    """Return what stands for the content of an episode in URLs: another content, another URL."""
    return episode.digest[:_VERSION_LETTERS]


def url_of(base_url: str, path: str, version: str | None = None) -> str:
    """Make the URL of a path: quoted, ASCII only, with the version of its content behind it.

    Parameters
    ----------
    base_url
        Where the folder lies, with a slash at its end; empty: the URL is relative.
    path
        As in this module, not quoted.
    version
        From `version_of`, or None.
    """
    # A name that is no UTF-8 has its bytes in the URL, as the file system has them.
    return f"{base_url}{quote(path, errors='surrogateescape')}{f'?v={version}' if version else ''}"


def base_of(address: str) -> str:
    """Return an address with the one slash at its end that relative paths need; empty stays empty."""
    return f"{address.rstrip('/')}/" if address else ""
