"""The player: one page for each session, read from the mat while it plays."""

from __future__ import annotations

from voicecoach.body.positions import Posture
from voicecoach.model.feed import Episode, Feed
from voicecoach.model.timeline import EARCON_TRACK
from voicecoach.model.units import clock, to_ms, to_seconds
from voicecoach.publish.feed.chapters import marks
from voicecoach.publish.feed.keys import cover_key, transcript_key
from voicecoach.publish.feed.paths import (
    COVER,
    INDEX_FILE,
    TRANSCRIPT_VTT,
    page_file,
    side_file,
    version_of,
)
from voicecoach.publish.feed.plain import one_line
from voicecoach.publish.feed.transcripts import language_of
from voicecoach.publish.handout.figures import FIGURES, FLOOR, HEAD_RADIUS, slug
from voicecoach.publish.markup import Html, element, together
from voicecoach.publish.page_words import label_words, page_words
from voicecoach.publish.plot.story import WORK
from voicecoach.publish.site.covers import ART_PX, COVER_PX, small_cover
from voicecoach.publish.site.lengths import facts, needs, words_language
from voicecoach.publish.site.pages import Page, data_block, sign, void
from voicecoach.publish.site.player_data import player_data, postures
from voicecoach.publish.site.session_notes import session_notes

_LETTERS = 12
_CIRCLES = (("track", "54", None), ("ring", "54", "ring"), ("part", "45.5", "part"))
"""Circles of the dial: class, radius, id. The ring tells what is left of the span, the part inside of a repetition."""


def player_page(feed: Feed, episode: Episode, following: Episode | None) -> bytes:
    """Write the page of a session.

    Parameters
    ----------
    feed, episode
        The session and the feed that it is of.
    following
        The session that one does next, or None.
    """
    return _Player(feed, episode, following).html()


class _Player:
    def __init__(self, feed: Feed, episode: Episode, following: Episode | None) -> None:
        self.feed = feed
        self.episode = episode
        self.following = following
        self.timeline = episode.timeline
        self.language = words_language(feed, episode)
        self.spoken = language_of(episode, feed.language)
        self.words = page_words(self.language)
        self.page = Page(page_file(episode), feed, self.language)
        self.title = one_line(episode.title)

    def html(self) -> bytes:
        words = self.words
        back = element(
            "a",
            sign("list"),
            element("span", words("play-back"), class_="sr"),
            class_="back",
            href=self.page.link(INDEX_FILE),
            title=words("play-back"),
        )
        top = element("header", back, element("h1", self.title, dir="auto"), class_="top")
        main = element(
            "main",
            element("div", self._stage(), self._alert(), self._deck(), class_="screen needs-script"),
            self._chapters(),
            session_notes(self.page, self.episode, self._no_script()),
            id="player",
            data_state="ready",
            data_span_index="0",
            data_kind=self.timeline.spans[0].kind if self.timeline.spans else "opening",
            data_side="",
            data_title=self.title,
            data_album=one_line(self.feed.title),
        )
        live = element("p", id="said", class_="sr", aria_live="polite")
        data = data_block("session", player_data(self.episode, self.language))
        body = element("body", top, main, live, self._audio(), data)
        described = ". ".join((*facts(self.episode, self.language), needs(self.episode, self.language) or ""))
        return self.page.html(
            f"{self.title} – {one_line(self.feed.title)}",
            body,
            script="player.js",
            styles=("style.css", "player.css"),
            description=described.rstrip(". "),
        )

    def _audio(self) -> Html:
        captions = self.page.link(
            side_file(self.episode, TRANSCRIPT_VTT), transcript_key(self.feed, self.episode)[:_LETTERS]
        )
        label = self.words("play-captions")
        track = void("track", id="track", kind="captions", src=captions, srclang=self.spoken, label=label)
        return element("audio", track, id="audio", src=self._sound, preload="metadata")

    @property
    def _sound(self) -> str:
        return self.page.link(self.episode.file, version_of(self.episode))

    def _no_script(self) -> Html:
        told = element("p", self.words("page-no-script"))
        return element("noscript", element("audio", controls="", src=self._sound, preload="metadata"), told)

    def _stage(self) -> Html:
        now = element(
            "div",
            self._dial(),
            element(
                "div",
                element("p", id="doing", class_="doing"),
                element("p", element("b"), element("span"), id="what", class_="what", lang=self._lang, dir="auto"),
                self._sides(),
                element("p", id="next", class_="next"),
                class_="text",
            ),
            class_="now",
        )
        caption = element("p", id="caption", class_="caption", hidden="", lang=self._lang, dir="auto")
        return element("div", self._lobby(), now, caption, class_="stage", id="stage")

    @property
    def _lang(self) -> str | None:
        """The language of what is said, where that is not the page's."""
        return None if self.spoken.partition("-")[0].lower() == self.language else self.spoken

    def _lobby(self) -> Html:
        words, told = self.words, needs(self.episode, self.language)
        size = str(COVER_PX)
        parts = [element("p", words("do-end"), class_="end")]
        parts.append(element("p", " · ".join(facts(self.episode, self.language)), class_="facts"))
        if told is not None:
            label = label_words(self.language)("needs")
            parts.append(element("p", element("b", f"{label}: "), told, class_="needs"))
        parts.append(element("p", words("play-ready"), class_="how quiet"))
        if self.following is not None:
            after = words("play-next-session", title=one_line(self.following.title))
            link = element("a", after, sign("go"), class_="button", href=self.page.link(page_file(self.following)))
            parts.append(element("p", link, class_="after"))
        art = side_file(self.episode, COVER)
        large = self.page.link(art, cover_key(self.episode)[:_LETTERS])
        small = self.page.link(*small_cover(self.episode))
        image = void(
            "img", src=small, alt="", width=size, height=size, data_art=small, data_size=f"{COVER_PX}x{COVER_PX}"
        )
        more = element("span", hidden="", data_art=large, data_size=f"{ART_PX}x{ART_PX}")
        return element("div", image, more, element("div", *parts), class_="lobby")

    def _dial(self) -> Html:
        circles = [element("circle", class_=name, cx="60", cy="60", r=r, id=id_) for name, r, id_ in _CIRCLES]
        turned = element("g", *circles, transform="rotate(-90 60 60)")
        disc = element("circle", class_="disc", id="disc", cx="60", cy="60", r="16")
        picture = element(
            "svg", disc, turned, element("path", class_="cuts", id="cuts"), viewBox="0 0 120 120", aria_hidden="true"
        )
        names = postures(self.timeline)
        figures = [_figure(name, f"figure-{number}") for number, name in enumerate(names, start=1)]
        count = element(
            "div",
            element("span", class_="digits", id="digits"),
            element("span", class_="unit", id="unit"),
            element("span", *figures, id="figures", aria_hidden="true"),
            class_="count",
        )
        return element("div", picture, count, class_="dial", role="timer")

    def _sides(self) -> Html:
        sided = any(span.side and span.kind in WORK for span in self.timeline.spans)
        sided = sided or any(clip.side for clip in self.timeline.track(EARCON_TRACK).clips)
        left, right = element("b", self.words("page-left")), element("b", self.words("page-right"))
        halves = element("span", _arrow("M15 3v18L2 12z"), left), element("span", right, _arrow("M9 3v18l13-9z"))
        return element("p", *halves, class_="side", id="side", hidden=None if sided else "")

    def _alert(self) -> Html:
        retry = element("button", self.words("play-retry"), id="retry", type="button")
        return element(
            "div", element("span", self.words("play-error")), retry, id="alert", class_="alert", role="alert", hidden=""
        )

    def _deck(self) -> Html:
        words, length_s = self.words, self.timeline.length_s
        past = element("clipPath", element("rect", id="gone", width="0", height="20"), id="past-clip")
        picture = element(
            "svg",
            past,
            element("g", id="spans", class_="ahead"),
            element("g", id="past", clip_path="url(#past-clip)"),
            viewBox="0 0 1000 20",
            preserveAspectRatio="none",
            aria_hidden="true",
        )
        seek = void(
            "input", type="range", id="seek", min="0", max=str(int(length_s)), step="any", value="0",
            aria_label=words("play-position"),
        )  # fmt: skip
        buttons = (
            _button("previous", words("play-previous"), sign("previous")),
            _button("back", words("play-back-10"), sign("back"), element("small", "10")),
            _button("toggle", words("play-start"), sign("play"), sign("pause"), class_="toggle"),
            _button("on", words("play-on-10"), sign("on"), element("small", "10")),
            _button("following", words("play-next-chapter"), sign("next")),
        )
        left = words("play-remaining", time=clock(length_s))
        return element(
            "div",
            element("div", picture, seek, class_="line"),
            element("p", "0:00", class_="time", id="time"),
            element("div", *buttons, class_="keys"),
            element("div", *self._options(), class_="options"),
            element("p", left, class_="left", id="left"),
            class_="deck",
        )

    def _options(self) -> tuple[Html, ...]:
        words = self.words

        def option(name: str, message: str) -> Html:
            told = element("span", words(message))
            return element(
                "button", sign(name), told, id=name, class_="button", type="button", aria_pressed="false", hidden="",
                title=words(message),
            )  # fmt: skip

        restart = element("button", words("play-restart"), id="restart", class_="button", type="button", hidden="")
        return restart, option("captions", "play-captions"), option("awake", "play-awake")

    def _chapters(self) -> Html:
        timeline = self.timeline
        chapters = sorted(timeline.chapters, key=lambda chapter: chapter.start)
        rows = []
        for mark, chapter in zip(marks(self.episode), chapters, strict=True):
            inside = [span for span in timeline.spans if chapter.start <= span.start < chapter.end]
            work = [span for span in inside if span.kind in WORK] or inside
            kind = max(work, key=lambda span: span.frames).kind if work else "say"
            at = element("time", clock(to_seconds(chapter.start)))
            name = element("span", mark.title, lang=self._lang, dir="auto")
            target = f"{self._sound}#t={to_ms(chapter.start) / 1000:g}"
            rows.append(element("li", element("a", name, at, href=target, data_kind=kind)))
        heading = element("h2", self.words("play-chapters"), id="chapters-title")
        return element(
            "nav", heading, element("ol", *rows), class_="chapters", id="chapters", aria_labelledby="chapters-title"
        )


def _button(id_: str, words: str, *children: Html, class_: str | None = None) -> Html:
    return element("button", *children, id=id_, type="button", aria_label=words, title=words, class_=class_)


def _arrow(d: str) -> Html:
    return element("svg", element("path", d=d), viewBox="0 0 24 24", aria_hidden="true")


def _figure(name: str, id_: str) -> Html:
    figure = FIGURES[next(posture for posture in Posture if slug(posture) == name)]
    x, y = figure.head
    lines = [element("path", d=f"{FLOOR}{figure.body}{figure.seat}")]
    head = element("circle", cx=str(x), cy=str(y), r=HEAD_RADIUS)
    return together(element("svg", *lines, head, class_="figure", id=id_, viewBox="0 0 64 66", hidden=""))
