"""The list of sessions: the site's front page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from voicecoach.model.feed import Episode, Feed, FeedOrder
from voicecoach.publish.feed.paths import FEED_FILE, INDEX_FILE, OPML_FILE, PLAYLIST_FILE, page_file, version_of
from voicecoach.publish.feed.plain import one_line
from voicecoach.publish.markup import Html, element, together
from voicecoach.publish.page_words import page_words
from voicecoach.publish.site.covers import COVER_PX, small_cover
from voicecoach.publish.site.lengths import facts, needs, short_length, words_language
from voicecoach.publish.site.offline import ICON
from voicecoach.publish.site.options import Site
from voicecoach.publish.site.pages import GUIDE_FILE, QR_FILE, Page, paragraphs, void


def index_page(feed: Feed, site: Site) -> bytes:
    """Write the list of the sessions of a feed."""
    language = words_language(feed)
    page, words = Page(INDEX_FILE, feed, language), page_words(language)
    facts_line = [words("page-sessions", n=len(feed.episodes))]
    if feed.episodes:
        facts_line.append(short_length(sum(episode.length_s for episode in feed.episodes), words))
    head = element(
        "header",
        void("img", src=page.link(ICON), alt="", width="192", height="192"),
        element(
            "div",
            element("h1", one_line(feed.title), dir="auto", lang=feed.language),
            paragraphs(feed.description, "lead"),
            element("p", " · ".join(facts_line), class_="lead"),
        ),
    )
    listed = _sessions(page, feed) if feed.episodes else element("p", words("index-empty"), class_="lead")
    guide = element("p", element("a", words("page-guide"), href=page.link(GUIDE_FILE), class_="button"))
    main = element("main", listed, subscribe(page, site, words("index-subscribe"), guide))
    body = element("body", element("div", head, main, class_="page"))
    return page.html(
        one_line(feed.title), body, script="list.js", styles=("style.css", "list.css"), description=feed.description
    )


def subscribe(page: Page, site: Site, heading: str, more: Html) -> Html:
    """Make the box with the feed's address, its QR code where there is one, and the files for other apps."""
    words = page_words(page.language)
    address = void(
        "input", id="feed", readonly="", value=site.feed_url or FEED_FILE, aria_label=words("index-address"),
        data_known="" if site.feed_url else None, data_file=page.link(FEED_FILE), spellcheck="false",
    )  # fmt: skip
    copy = element(
        "button", words("index-copy"), id="copy", class_="button main", type="button", hidden="",
        data_copied=words("index-copied"), data_select=words("index-select"),
    )  # fmt: skip
    antennapod = element("a", words("index-antennapod"), id="antennapod", class_="button", hidden="", href="#feed")
    files = element(
        "ul",
        *(
            element("li", element("a", words(message), href=page.link(file), download=""))
            for message, file in (("index-m3u", PLAYLIST_FILE), ("index-opml", OPML_FILE))
        ),
        class_="links",
    )
    parts = [
        element("h2", heading, id="subscribe"),
        element("p", words("index-subscribe-how"), class_="quiet"),
        element("div", address, copy, antennapod, class_="address"),
        element("p", id="copied", class_="sr", role="status"),
        more,
        files,
    ]
    if site.qr_svg is None:
        return element("section", element("div", *parts), class_="box", aria_labelledby="subscribe")
    image = void("img", src=page.link(QR_FILE), alt=words("index-qr-alt"), width="200", height="200")
    figure = element("figure", image, element("figcaption", words("index-qr")), class_="qr")
    return element("section", element("div", *parts), figure, class_="box with-qr", aria_labelledby="subscribe")


def _sessions(page: Page, feed: Feed) -> Html:
    seasons = [(season, list(group)) for season, group in groupby(feed.episodes, lambda episode: episode.season)]
    if len(seasons) == 1 and len({episode.name.rpartition("/")[0] for episode in feed.episodes}) <= 1:
        return _list(page, feed, feed.episodes, 2)
    words = page_words(page.language)
    return together(
        *(
            together(
                *_heading(season, group, words("index-season", n=season or 0)),
                _list(page, feed, group, 2 if season is None else 3),
            )
            for season, group in seasons
        )
    )


def _heading(season: int | None, group: Sequence[Episode], usual: str) -> Iterator[Html]:
    """Name a season as its folder is, where all of it lies in one."""
    if season is None:
        return
    folders = {episode.name.rpartition("/")[0] for episode in group}
    folder = one_line(folders.pop().rpartition("/")[2]) if len(folders) == 1 else ""
    yield element("h2", f"{folder[:1].upper()}{folder[1:]}" or usual, class_="season", dir="auto")


def _list(page: Page, feed: Feed, episodes: Sequence[Episode], level: int) -> Html:
    words = page_words(page.language)
    course = feed.order is FeedOrder.COURSE
    return element(
        "ol", *(_card(page, episode, level) for episode in episodes), class_="sessions", role="list",
        data_to_go=words("index-to-go", time="{time}"), data_done=words("index-done"),
        data_next=words("index-next") if course else None,
    )  # fmt: skip


def _card(page: Page, episode: Episode, level: int) -> Html:
    words, told = page_words(page.language), needs(episode, page.language)
    kept = element("small", " · ", words("index-kept"), class_="kept")
    name = element("span", one_line(episode.title), dir="auto")
    title = element("a", name, kept, href=page.link(page_file(episode)))
    parts = [element("p", words("index-number", n=episode.number), class_="number")] if episode.number else []
    parts.append(element(f"h{level}", title, class_="title"))
    parts.append(element("p", " · ".join(facts(episode, page.language)), class_="facts"))
    if told is not None:
        parts.append(element("p", told, class_="needs"))
    bar = element("i", element("b"), aria_hidden="true")
    parts.append(element("p", bar, element("span"), class_="state", hidden=""))
    size = str(COVER_PX)
    cover = void("img", src=page.link(*small_cover(episode)), alt="", width=size, height=size, loading="lazy")
    return element(
        "li", cover, element("div", *parts), data_guid=episode.guid, data_version=version_of(episode),
        data_length=str(episode.length_s),
    )  # fmt: skip
