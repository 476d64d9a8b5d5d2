"""What may stand in a feed: namespaces, elements and where they belong, and the words that have to be one of a list.

Sources: RSS 2.0 (RSS Advisory Board), PSP-1 (Podcast Standards Project), "A Podcaster's Guide to RSS" (Apple), the
podcast namespace 1.0 with its medium list, Podlove Simple Chapters 1.2, RFC 4287 (Atom).
"""

from __future__ import annotations

from collections.abc import Mapping


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


NAMESPACES: Mapping[str, str] = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "psc": "http://podlove.org/simple-chapters",
}
"""Prefix that people use → URI."""

ALSO_PODCAST = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
"""Apps must take it for the podcast namespace, too (its section 1)."""

RSS_NAMESPACES = ("http://backend.userland.com/rss2", "http://purl.org/rss/2.0/")
"""Some feeds put RSS itself into one of these."""

_ITUNES_BOTH = "title subtitle summary author image explicit block keywords"
_PODCAST_BOTH = (
    "person location license value images image txt chat socialInteract contentLink funding liveItem remoteItem block "
    "alternateEnclosure metaBoost"
)

PARENTS: Mapping[str, Mapping[str, str]] = {
    "rss": {"": "channel"},
    "channel": {
        "": "title link description language copyright managingEditor webMaster pubDate lastBuildDate category "
        "generator docs cloud ttl image rating textInput skipHours skipDays item",
        "itunes": f"{_ITUNES_BOTH} owner category type complete new-feed-url applepodcastsverify",
        "podcast": f"{_PODCAST_BOTH} locked trailer guid medium podroll updateFrequency podping publisher",
        "atom": "link id updated author contributor category icon logo rights subtitle generator",
        "content": "encoded",
        "psc": "",
    },
    "item": {
        "": "title link description author category comments enclosure guid pubDate source",
        "itunes": f"{_ITUNES_BOTH} duration episode season episodeType order isClosedCaptioned",
        "podcast": f"{_PODCAST_BOTH} transcript chapters soundbite season episode",
        "atom": "link id updated published author contributor category content rights source summary",
        "content": "encoded",
        "psc": "chapters",
    },
    "image": {"": "url title link width height description"},
    "textInput": {"": "title description name link"},
    "skipHours": {"": "hour"},
    "skipDays": {"": "day"},
    "itunes:owner": {"itunes": "name email"},
    "itunes:category": {"itunes": "category"},
    "psc:chapters": {"psc": "chapter"},
    "podcast:alternateEnclosure": {"podcast": "source integrity"},
    "podcast:value": {"podcast": "valueRecipient valueTimeSplit"},
    "podcast:valueTimeSplit": {"podcast": "valueRecipient remoteItem"},
    "podcast:podroll": {"podcast": "remoteItem"},
    "podcast:publisher": {"podcast": "remoteItem"},
    "atom:author": {"atom": "name email uri"},
    "atom:contributor": {"atom": "name email uri"},
}
"""Element → prefix → the names that may stand in it; elements that are not here hold text only."""

ANYTHING_IN = ("podcast:liveItem", "atom:content", "source")
"""What stands in these is not looked at."""

KNOWN: Mapping[str, frozenset[str]] = {
    prefix: frozenset(name for held in PARENTS.values() for name in held.get(prefix, "").split())
    for prefix in ("", *NAMESPACES)
}
"""Prefix → all names of it, wherever they belong."""

ONCE: Mapping[str, frozenset[str]] = {
    "channel": words(
        "title link description language copyright managingEditor webMaster pubDate lastBuildDate generator docs "
        "ttl image itunes:title itunes:subtitle itunes:summary itunes:author itunes:image itunes:explicit itunes:block "
        "itunes:owner itunes:type itunes:complete itunes:new-feed-url podcast:locked podcast:guid podcast:medium "
        "podcast:updateFrequency podcast:location podcast:license podcast:publisher"
    ),
    "item": words(
        "title link description guid pubDate author itunes:title itunes:subtitle itunes:summary itunes:author "
        "itunes:image itunes:explicit itunes:block itunes:duration itunes:episode itunes:season itunes:episodeType "
        "itunes:order podcast:chapters podcast:season podcast:episode podcast:license psc:chapters "
        "content:encoded"
    ),
    "image": frozenset(("url", "title", "link")),
    "itunes:owner": frozenset(("itunes:name", "itunes:email")),
}
"""Element → what may stand in it only once."""

NEEDED_ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "enclosure": ("url", "length", "type"),
    "source": ("url",),
    "itunes:image": ("href",),
    "itunes:category": ("text",),
    "atom:link": ("href",),
    "podcast:transcript": ("url", "type"),
    "podcast:chapters": ("url", "type"),
    "podcast:funding": ("url",),
    "podcast:soundbite": ("startTime", "duration"),
    "podcast:trailer": ("url", "pubdate"),
    "podcast:alternateEnclosure": ("type",),
    "podcast:remoteItem": ("feedGuid",),
    "podcast:value": ("type", "method"),
    "podcast:image": ("href",),
    "podcast:images": ("srcset",),
    "psc:chapters": ("version",),
    "psc:chapter": ("start", "title"),
}
"""Attributes without which an element says nothing."""

MAY_BE_EMPTY = words(
    "channel item cloud podcast:txt podcast:updateFrequency podcast:soundbite podcast:podping podcast:value "
    "podcast:chat podcast:socialInteract podcast:contentLink atom:content"
) | frozenset(NEEDED_ATTRIBUTES)
"""Elements that say what they say without a text."""

_MEDIUMS = ("podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course")
MEDIUMS = (*_MEDIUMS, *(f"{medium}L" for medium in _MEDIUMS), "mixed")

TRANSCRIPT_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "text/vtt": (".vtt",),
    "application/x-subrip": (".srt",),
    "application/srt": (".srt",),
    "text/srt": (".srt",),
    "application/json": (".json",),
    "text/html": (".html", ".htm"),
    "text/plain": (".txt", ".text"),
}
"""Media type of a transcript → endings that its file has."""

MEDIA_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "audio/mpeg": (".mp3",),
    "audio/x-m4a": (".m4a",),
    "audio/mp4": (".m4a", ".mp4", ".m4b"),
    "audio/aac": (".aac",),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/opus": (".opus", ".ogg"),
    "audio/wav": (".wav",),
    "audio/flac": (".flac",),
    "video/mp4": (".mp4", ".m4v"),
    "video/x-m4v": (".m4v",),
    "video/quicktime": (".mov",),
    "application/pdf": (".pdf",),
}
"""Media type of an enclosure → endings that its file has (PSP-1 names the audio and video types with an x or mpeg)."""
