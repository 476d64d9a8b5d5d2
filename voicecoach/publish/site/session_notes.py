"""What stands below a player: what is done, what to have ready, what to take care of."""

from __future__ import annotations

from collections.abc import Iterator

from voicecoach.model.about import About
from voicecoach.model.feed import Episode
from voicecoach.publish.feed.paths import version_of
from voicecoach.publish.feed.plain import one_line
from voicecoach.publish.feed.transcripts import language_of
from voicecoach.publish.markup import Html, element
from voicecoach.publish.page_words import label_words, page_words
from voicecoach.publish.site.pages import GUIDE_FILE, Page, paragraphs


def session_notes(page: Page, episode: Episode, first: Html) -> Html:
    """Write the notes of a session; `first` stands before them."""
    about = episode.timeline.about
    spoken = language_of(episode, page.feed.language)
    told = _about(about, page.language) if about is not None else [element("section", paragraphs(episode.notes))]
    lang = None if spoken.partition("-")[0].lower() == page.language else spoken
    notes = element("div", *told, lang=lang)
    return element("div", first, notes, _more(page, episode), class_="notes")


def _about(about: About, language: str) -> Iterator[Html]:
    labels = label_words(language)
    if about.description:
        byline = [element("p", one_line(about.author), class_="quiet", dir="auto")] if about.author else []
        yield element("section", paragraphs(about.description), *byline)
    if about.exercises:
        yield _section(labels("exercises"), element("ol", *_items(about.exercises)))
    needs = element("ul", *_items(about.equipment)) if about.equipment else element("p", labels("no-needs"))
    yield _section(labels("needs"), needs)
    if about.cautions:
        yield _section(labels("care"), element("ul", *_items(about.cautions)))


def _section(heading: str, content: Html) -> Html:
    return element("section", element("h2", heading), content)


def _items(texts: tuple[str, ...]) -> Iterator[Html]:
    return (element("li", one_line(text), dir="auto") for text in texts)


def _more(page: Page, episode: Episode) -> Html:
    words = page_words(page.language)
    keys = [
        ((words("play-keys-space"),), "play-key-space"),
        (("←", "→"), "play-key-arrows"),
        ((f"{words('play-keys-shift')} ←", f"{words('play-keys-shift')} →"), "play-key-chapters"),
        (("[", "]"), "play-key-chapters"),
        (("C",), "play-key-captions"),
    ]
    rows = []
    for names, message in keys:
        rows.append(element("dt", *(part for name in names for part in (element("kbd", name), " "))))
        rows.append(element("dd", words(message)))
    file = page.link(episode.file, version_of(episode))
    links = (
        element("li", element("a", words("play-download"), href=file, download="")),
        element("li", element("a", words("page-guide"), href=page.link(GUIDE_FILE))),
    )
    return element(
        "section",
        element("p", words("play-awake-why"), id="awake-why", class_="quiet", hidden=""),
        element("p", words("play-kept"), class_="kept quiet"),
        element("ul", *links, class_="links"),
        element("details", element("summary", words("play-keys")), element("dl", *rows), class_="needs-script"),
    )
