"""The pictures of a feed, as directories want them: show art, the art of each episode, and the icons of its pages."""

from __future__ import annotations

from dataclasses import replace

from voicecoach.model.feed import Episode, Feed
from voicecoach.publish.cover import colours_on, cover, lettered, mostly
from voicecoach.publish.cover_title import set_block
from voicecoach.publish.show_art import TITLE_LARGEST, TITLE_TALL, WIDE, show_panel

ART_PX = 1500
"""Apple wants 1400 to 3000."""


def episode_art(episode: Episode) -> bytes:
    """Make the cover of an episode, large enough for directories.

    Returns
    -------
    bytes
        A square JPEG file of `ART_PX`: the drawn cover, or the author's own picture where the session has one.
    """
    from voicecoach.publish.plot.png import squared

    if episode.cover is not None and getattr(episode.timeline.about, "own_cover", False):
        return squared(episode.cover, ART_PX, enlarged=True)
    return cover(replace(episode.timeline, title=episode.title), ART_PX)


def show_art(feed: Feed) -> bytes:
    """Make the picture of a whole feed: the author's own, or one with its title and a ring for each session.

    Returns
    -------
    bytes
        A square JPEG file of 1400 to 3000 pixels a side.
    """
    from voicecoach.publish.plot.png import jpeg, squared, text_width

    if feed.image is not None:
        return squared(feed.image, ART_PX, enlarged=True)
    title, font = lettered(feed.title)
    lines = set_block(title, lambda text: text_width(text, 1, font, bold=True), WIDE, TITLE_TALL, TITLE_LARGEST)
    paints = colours_on(mostly(episode.timeline for episode in feed.episodes))
    return jpeg(show_panel(feed, lines), ART_PX, paints, font)


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
    from voicecoach.publish.show_art import mark

    paints = colours_on(mostly(episode.timeline for episode in feed.episodes))
    return square_png(mark(0.8 if maskable else 1.0), side_px, paints)
