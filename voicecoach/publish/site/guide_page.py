"""The guide: how the sessions come to a phone, and which apps can take the feed from where."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from voicecoach.model.feed import Feed
from voicecoach.publish.feed.paths import INDEX_FILE, PLAYLIST_FILE
from voicecoach.publish.feed.plain import one_line
from voicecoach.publish.markup import Html, element
from voicecoach.publish.page_words import page_words
from voicecoach.publish.site.index_page import subscribe
from voicecoach.publish.site.lengths import words_language
from voicecoach.publish.site.options import Site
from voicecoach.publish.site.pages import GUIDE_FILE, Page, sign


class App(NamedTuple):
    """A podcast app.

    Attributes
    ----------
    name
        As it calls itself; None: a message of ours names it.
    where, how
        Messages: what it runs on, and how one adds a feed to it.
    lan, web
        Whether it takes a feed from a computer in one's own network, and from a web host: ``yes``, ``no``,
        ``sometimes``, or ``folder-only``.
    """

    name: str | None
    where: str
    lan: str
    web: str
    how: str


APPS = (
    App("AntennaPod", "guide-android", "yes", "yes", "guide-antennapod"),
    App(None, "guide-android", "folder-only", "folder-only", "guide-local-how"),
    App("gPodder", "guide-computer", "yes", "yes", "guide-gpodder"),
    App("Apple Podcasts", "guide-apple", "sometimes", "yes", "guide-applepodcasts"),
    App("Overcast", "guide-apple", "no", "yes", "guide-overcast"),
    App("Pocket Casts", "guide-both", "no", "yes", "guide-pocketcasts"),
    App("Spotify", "guide-both", "no", "no", "guide-spotify"),
)
"""Those whose servers fetch the feed reach only what the whole world reaches."""
_CLASSES = {"yes": "yes", "no": "no", "sometimes": "so", "folder-only": "so"}


def guide_page(feed: Feed, site: Site) -> bytes:
    """Write the guide."""
    language = words_language(feed)
    page, words = Page(GUIDE_FILE, feed, language), page_words(language)
    back = element("a", sign("list"), element("span", one_line(feed.title)), class_="back", href=page.link(INDEX_FILE))
    playlist = element("a", words("index-m3u"), href=page.link(PLAYLIST_FILE), download="")
    app = element(
        "section",
        element("h2", words("guide-app")),
        element("p", words("guide-app-2")),
        *((element("p", element("strong", words(f"guide-here-{here}"))),) if (here := _here(site)) else ()),
        _table(words),
        element("p", words("guide-private"), class_="quiet"),
    )
    sections = (
        _section(words, "guide-page", "guide-page-1", "guide-page-2", "guide-page-3", "guide-page-4"),
        app,
        subscribe(page, site, words("index-address"), Html("")),
        _section(words, "guide-lan", "guide-lan-1", "guide-lan-2", "guide-lan-3"),
        element(
            "section",
            element("h2", words("guide-files")),
            element("p", words("guide-files-1")),
            element("p", words("guide-files-2"), " ", playlist),
            element("p", words("guide-files-3")),
        ),
    )
    lead = element("p", words("guide-lead"), class_="lead")
    main = element("main", element("h1", words("guide-title")), lead, *sections, class_="prose")
    body = element("body", element("div", element("nav", back), main, class_="page narrow"))
    return page.html(
        f"{words('guide-title')} – {one_line(feed.title)}", body, script="list.js", styles=("style.css", "list.css")
    )


def _here(site: Site) -> str | None:
    """Tell from where the feed comes: a computer in one's own network, or the web; None: not known."""
    address = site.feed_url or site.address
    if address.startswith("https://"):
        return "web"
    return "lan" if site.served else None


def _section(words: Callable[[str], str], heading: str, *messages: str) -> Html:
    items = (element("li", words(message)) for message in messages)
    return element("section", element("h2", words(heading)), element("ul", *items))


def _table(words: Callable[[str], str]) -> Html:
    columns = ("guide-col-app", "guide-col-lan", "guide-col-web", "guide-col-how")
    head = element("thead", element("tr", *(element("th", words(column), scope="col") for column in columns)))
    return element("table", head, element("tbody", *(_row(words, app) for app in APPS)))


def _row(words: Callable[[str], str], app: App) -> Html:
    name = element("th", app.name or words("guide-local"), element("small", words(app.where)), scope="row")
    answers = [
        element(
            "td", element("span", words(f"guide-{answer}"), class_=_CLASSES[answer]), data_of=words(f"guide-col-{of}")
        )
        for of, answer in (("lan", app.lan), ("web", app.web))
    ]
    return element("tr", name, *answers, element("td", words(app.how)))
