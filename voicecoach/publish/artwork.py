"""The pictures of a feed, as directories want them: show art, the art of each episode, and the icons of its pages."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from voicecoach.errors import PictureError
from voicecoach.model.feed import Episode, Feed
from voicecoach.publish.cover import colours_on, cover, lettered, mostly
from voicecoach.publish.cover_title import set_block
from voicecoach.publish.jpeg_parts import without_notes
from voicecoach.publish.show_art import TITLE_LARGEST, TITLE_TALL, WIDE, mark, ring_paint, show_panel

ART_PX = 1500
LEAST_PX, MOST_PX = 1400, 3000
"""What Apple takes."""
MASKED = 0.9
"""How large our mark is where a launcher may cut off a tenth on each side."""


def episode_art(episode: Episode) -> bytes:
    """Make the cover of an episode, large enough for directories.

    Returns
    -------
    bytes
        A square JPEG file of `ART_PX`: the drawn cover, or the author's own picture where the session has one.
    """
    about = episode.timeline.about
    if episode.cover is not None and about is not None and about.own_cover:
        from voicecoach.publish.plot.png import squared

        with suppress(PictureError):
            return squared(episode.cover, ART_PX, enlarged=True)
    return cover(replace(episode.timeline, title=episode.title), ART_PX)


def show_art(feed: Feed) -> bytes:
    """Make the picture of a whole feed: the author's own, or one with its title and a ring for each session.

    Returns
    -------
    bytes
        A square JPEG file of `LEAST_PX` to `MOST_PX`. The author's own is left as it is where it is one, but for what
        a camera noted in it.
    """
    if feed.image is not None:
        with suppress(PictureError):
            return _own_art(feed.image)
    from voicecoach.publish.plot.png import jpeg, text_width

    title, font = lettered(feed.title)
    lines = set_block(title, lambda text: text_width(text, 1, font, bold=True), WIDE, TITLE_TALL, TITLE_LARGEST)
    paints = colours_on(mostly(episode.timeline for episode in feed.episodes))
    return jpeg(show_panel(feed.episodes, lines), ART_PX, paints, font)


def _own_art(data: bytes) -> bytes:
    from voicecoach.publish.plot.png import kind_of, most_jpeg_bytes, squared

    kind = kind_of(data)
    longest = max(kind.width, kind.height)
    if kind.width == kind.height and LEAST_PX <= longest <= MOST_PX and len(data) <= most_jpeg_bytes(longest):
        kept = without_notes(data) if kind.colours == "RGB" and not kind.turned else None
        if kept is not None:
            return kept
    return squared(data, min(longest, MOST_PX) if longest >= LEAST_PX else ART_PX, enlarged=True)


def icon(feed: Feed, side_px: int, *, maskable: bool = False) -> bytes:
    """Draw the icon of a feed's pages.

    Parameters
    ----------
    side_px
        Pixels a side.
    maskable
        Launchers may cut it to any shape: nothing but ground lies outside of the inner 80 %.

    Returns
    -------
    bytes
        A square PNG file without anything to see through.
    """
    from voicecoach.publish.plot.png import square_png

    work = mostly(episode.timeline for episode in feed.episodes)
    return square_png(mark(MASKED if maskable else 1.0, ring_paint(work)), side_px, colours_on(work))
