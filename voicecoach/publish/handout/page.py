"""A sheet as a page of HTML: headings and lists for every reader, a style for paper and one for screens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import resources

from voicecoach.body.positions import Posture
from voicecoach.publish.handout.figures import FIGURES, FLOOR, HEAD_RADIUS, slug
from voicecoach.publish.handout.room import Setting
from voicecoach.publish.handout.sheet import Advice, Block, Item, Line, Sheet, Task, Text
from voicecoach.publish.markup import Html, element, together

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Nothing is fetched and nothing runs, whatever stands on the page."""


def page(sheet: Sheet, chosen: Setting) -> str:
    """Write a sheet as HTML, set as chosen."""
    return _Page(sheet, chosen).html()


class _Page:
    def __init__(self, sheet: Sheet, chosen: Setting) -> None:
        self.sheet = sheet
        self.chosen = chosen
        self.labels = sheet.labels

    def html(self) -> str:
        style = resources.files("voicecoach.publish.handout").joinpath("sheet.css").read_text(encoding="utf-8")
        head = element(
            "head",
            Html('<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
            Html(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'),
            element("title", self.sheet.title.words),
            Html(f"\n<style>\n{style}</style>\n"),
        )
        parts = self._head(), self._before(), self._steps(), self._after(), self._foot()
        body = element("body", self._figures(), element("main", *parts, class_=self.chosen.name))
        return f"<!DOCTYPE html>\n{element('html', head, body, lang=self.sheet.language)}\n"

    def _text(self, tag: str, text: Text, class_: str | None = None) -> Html:
        """Make an element of a text, which tells its language where that is not the page's."""
        lang = self._lang(text.language)
        return element(tag, text.words, class_=class_, lang=lang, dir=None if lang is None else "auto")

    def _lang(self, language: str) -> str | None:
        same = language.partition("-")[0].lower() == self.sheet.language.partition("-")[0].lower()
        return None if same else language

    def _head(self) -> Html:
        sheet = self.sheet
        facts = [] if sheet.author is None else [self._text("span", sheet.author, "author")]
        facts += [element("span", fact) for fact in sheet.facts]
        lines = [
            element("p", element("span", self.labels(label)), element("span", class_="line"))
            for label in ("name", "date")
        ]
        about = element("p", *_spaced(facts, " · "), class_="about")
        return element("header", self._text("h1", sheet.title), about, element("div", *lines, class_="fill-in"))

    def _before(self) -> Html:
        sheet = self.sheet
        parts = [] if sheet.description is None else [self._text("p", sheet.description, "about")]
        ready = self._listed(sheet.needs, ", ") if sheet.needs else together(self.labels("no-needs"))
        entries = [self._entry("needs", ready)]
        if sheet.positions:
            entries.append(self._entry("positions", self._listed(sheet.positions, " · ")))
        parts.append(element("dl", *entries, class_="ready"))
        words = [] if sheet.safety is None else [self._text("strong", sheet.safety)]
        words += [self._text("span", text) for text in sheet.before]
        if words:
            parts.append(element("h2", self.labels("before")))
            parts.append(element("p", *_spaced(words, " ")))
        return element("section", *parts, class_="before")

    def _listed(self, texts: Sequence[Text], between: str) -> Html:
        return together(*_spaced([self._text("span", text) for text in texts], between))

    def _entry(self, label: str, what: Html) -> Html:
        return element("div", element("dt", self.labels(label)), element("dd", what))

    def _steps(self) -> Html:
        if not self.sheet.items:
            return Html()
        heading = element("h2", self.labels("exercises"))
        note = Html() if self.sheet.sides is None else element("p", self.sheet.sides)
        return element("section", heading, note, self._list(self.sheet.items, 3), class_="steps")

    def _list(self, items: Sequence[Item], level: int) -> Html:
        return element("ol", *(self._item(item, level) for item in items))

    def _item(self, item: Item, level: int) -> Html:
        if isinstance(item, Line):
            return element("li", self._text("p", item.text), class_=item.kind.value)
        if isinstance(item, Block):
            told = [self._text("span", item.heading)]
            told += [] if item.detail is None else [element("span", item.detail, class_="often")]
            heading = element(f"h{min(level, 6)}", *_spaced(told, " "))
            return element("li", heading, self._list(item.items, level + 1), class_="block")
        return self._task(item, level)

    def _task(self, task: Task, level: int) -> Html:
        number = element("span", str(task.number), class_="number")
        parts = [element(f"h{min(level, 6)}", number, " ", self._text("span", task.name))]
        if task.posture is not None:
            parts.append(_figure(task.posture))
        facts = together(" · ", self._listed(task.facts, " · ")) if task.facts else ""
        parts.append(element("p", element("strong", task.dose, class_="dose"), element("span", facts, class_="facts")))
        if task.how:
            parts.append(element("p", self._listed(task.how, " "), class_="how"))
        parts += [element("p", *_spaced([*map(self._advice, line)], " "), class_=line[0].kind) for line in task.advice]
        return element("li", *parts, class_="task")

    def _advice(self, advice: Advice) -> Html:
        label = element("strong", f"{advice.label}:")
        return element("span", label, " ", self._listed(advice.texts, " "))

    def _after(self) -> Html:
        if not self.sheet.after:
            return Html()
        words = self._listed(self.sheet.after, " ")
        return element("section", element("h2", self.labels("after")), element("p", words), class_="after")

    def _foot(self) -> Html:
        log = element("section", element("h2", self.labels("done")), self._log(), class_="log")
        lines = element("div", *(element("p", Html("&nbsp;")) for _ in range(self.chosen.weeks + 1)), class_="lines")
        notes = element("section", element("h2", self.labels("notes")), lines, class_="notes")
        told = element("p", self.labels("goes-with", title=self.sheet.title.words), class_="goes-with")
        return element("footer", element("div", log, notes, class_="foot"), told)

    def _log(self) -> Html:
        days = [element("th", self.labels("day", day=day), scope="col") for day in DAYS]
        head = element("thead", element("tr", element("td"), *days))
        box = element("td", element("span", class_="box"))
        rows = [
            element("tr", element("th", self.labels("week", n=number), scope="row"), *[box] * len(DAYS))
            for number in range(1, self.chosen.weeks + 1)
        ]
        caption = element("caption", self.labels("done-how"))
        return element("table", caption, head, element("tbody", *rows))

    def _figures(self) -> Html:
        """Draw each posture that comes up once, for the exercises to show."""
        used = dict.fromkeys(_postures(self.sheet.items))
        return element("svg", *(_symbol(one) for one in used), class_="figures", aria_hidden="true") if used else Html()


def _spaced(parts: Sequence[Html], between: str) -> Iterator[str]:
    for number, part in enumerate(parts):
        if number:
            yield between
        yield part


def _postures(items: Sequence[Item]) -> Iterator[Posture]:
    for item in items:
        if isinstance(item, Block):
            yield from _postures(item.items)
        elif isinstance(item, Task) and item.posture is not None:
            yield item.posture


def _symbol(posture: Posture) -> Html:
    figure = FIGURES[posture]
    (x, y) = figure.head
    seat = element("path", class_="seat", d=figure.seat) if figure.seat else Html()
    head = element("circle", cx=str(x), cy=str(y), r=HEAD_RADIUS)
    lines = element("path", class_="floor", d=FLOOR), seat, head, element("path", d=figure.body)
    return element("symbol", *lines, id=slug(posture), viewBox="0 0 64 66")


def _figure(posture: Posture) -> Html:
    """Show a posture. The words for it stand beside, so that a screen reader need not."""
    return element("svg", element("use", href=f"#{slug(posture)}"), class_="figure", aria_hidden="true")
