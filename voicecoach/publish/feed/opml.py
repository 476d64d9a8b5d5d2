"""The feed as a list of subscriptions (OPML 2.0), which podcast apps import."""

from __future__ import annotations

from voicecoach.model.feed import Feed
from voicecoach.publish.feed.plain import one_line
from voicecoach.publish.feed.tree import Node, document

OPML_TYPE = "text/x-opml; charset=utf-8"


def opml(feed: Feed, feed_url: str, page_url: str) -> bytes:
    """Write the list: one subscription.

    Parameters
    ----------
    feed
        To subscribe to.
    feed_url, page_url
        Of the feed itself, and of the page about it.
    """
    title = one_line(feed.title)
    subscription = Node(
        "outline",
        attributes={
            "type": "rss",
            "text": title,
            "title": title,
            "description": one_line(feed.description),
            "language": feed.language,
            "xmlUrl": feed_url,
            "htmlUrl": page_url,
        },
    )
    head = Node("head", (Node("title", title),))
    return document(Node("opml", (head, Node("body", (subscription,))), {"version": "2.0"}))
