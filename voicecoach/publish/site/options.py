"""Where a site is and how it is handed out: what its pages cannot know of themselves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    """A site.

    Attributes
    ----------
    address
        Where it lies, with a slash at its end; empty: not known. Nothing on the pages depends on it but what people
        copy: every link is relative.
    served
        `voicecoach serve` hands it out, now; else it is a folder of files on some host.
    feed_url
        Address of the feed, for people to copy; None: not known before a browser asks (the pages then tell the address
        that they were loaded from).
    qr_svg
        An SVG file with ``feed_url``, or the page's own address, as a QR code; None: none is shown.
    """

    address: str = ""
    served: bool = False
    feed_url: str | None = None
    qr_svg: bytes | None = None
