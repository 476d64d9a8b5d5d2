"""Course → a plan to print and tick off: a page of HTML for four weeks, on A4 or US letter, that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources

from voicecoach.library import Library
from voicecoach.model.course import Course, CourseDay, CourseWeek
from voicecoach.publish.course.plan_doses import Routine, routines, shared_notes
from voicecoach.publish.course.plan_room import setting
from voicecoach.publish.course.words import Contents, CourseWords
from voicecoach.publish.handout.page import POLICY
from voicecoach.publish.markup import Html, element

WEEKS_A_PAGE = 4


def plan_html(course: Course, contents: Contents, library: Library) -> str:
    """Write the plan of a course.

    Parameters
    ----------
    course
        Of one week or more.
    contents
        What the days hold, by `CourseDay.session`; a day that is not there stands without its length and doses.
    library
        Has the coach's words, the line about pain among them.

    Returns
    -------
    str
        A whole page of HTML: no script, nothing fetched. The same course always gives the same page.
    """
    return _Plan(course, contents, library).html()


class _Plan:
    def __init__(self, course: Course, contents: Contents, library: Library) -> None:
        self.course = course
        self.words = CourseWords(course, contents)
        self.labels = self.words.labels
        self.safety = library.wording(course.language)("opening-safety")
        known = course.language.partition("-")[0].lower() == self.labels.language
        self.language = course.language if known else self.labels.language

    def html(self) -> str:
        style = resources.files("voicecoach.publish.course").joinpath("plan.css").read_text(encoding="utf-8")
        head = element(
            "head",
            Html('<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
            Html(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'),
            element("title", self.course.title),
            Html(f"\n<style>\n{style}</style>\n"),
        )
        weeks = self.course.weeks
        pages = [weeks[at : at + WEEKS_A_PAGE] for at in range(0, len(weeks), WEEKS_A_PAGE)]
        told = [self._page(page, first=index == 0, last=index == len(pages) - 1) for index, page in enumerate(pages)]
        body = element("body", element("main", *told))
        return f"<!DOCTYPE html>\n{element('html', head, body, lang=self.language)}\n"

    def _own(self, tag: str, text: str, class_: str | None = None) -> Html:
        """Make an element of the author's words, which tells their language where it is not the page's."""
        lang = None if self.language == self.course.language else self.course.language
        return element(tag, text, class_=class_, lang=lang, dir=None if lang is None else "auto")

    def _page(self, weeks: Sequence[CourseWeek], *, first: bool, last: bool) -> Html:
        doses = routines(weeks, self.words)
        told = self._told() if first else (self.course.title, self._which(weeks))
        parts = [self._head() if first else self._running_head(weeks)]
        parts.append(
            element("div", *(self._week(week, shared_notes(weeks, self.words)) for week in weeks), class_="weeks")
        )
        if doses:
            parts.append(self._doses(doses, weeks))
        if last:
            parts.append(self._foot())
        return element("section", *parts, class_=f"sheet {setting(told, weeks, doses, self.words, last=last)}")

    def _facts(self) -> str:
        return " · ".join([*([self.course.author] if self.course.author else []), *self.words.facts()])

    def _needs(self) -> str:
        return ", ".join(self.words.equipment()) or self.labels("no-needs")

    def _care(self) -> str:
        return " ".join(self.labels(label) for label in ("plan-ask", "plan-slowly", "plan-worse"))

    def _told(self) -> tuple[str, ...]:
        """Give the paragraphs of the head, without markup."""
        about = (self.course.description,) if self.course.description else ()
        return (self.course.title, self._facts(), *about, self._needs(), f"{self.safety} {self._care()}")

    def _head(self) -> Html:
        course = self.course
        name = element("p", element("span", self.labels("name")), element("span", class_="line"), class_="fill-in")
        about = self._own("p", course.description, "about") if course.description else Html()
        ready = element("p", element("strong", f"{self.labels('needs')}:"), " ", self._needs())
        care = element("p", element("strong", self.safety), " ", self._care(), class_="care")
        facts = element("p", self._facts(), class_="facts")
        return element("header", self._own("h1", course.title), facts, name, about, ready, care)

    def _which(self, weeks: Sequence[CourseWeek]) -> str:
        if len(weeks) == 1:
            return self.words.week(weeks[0])
        return self.labels("plan-in-weeks", weeks=f"{weeks[0].number}–{weeks[-1].number}")

    def _running_head(self, weeks: Sequence[CourseWeek]) -> Html:
        return element("header", self._own("h1", self.course.title), element("p", self._which(weeks), class_="facts"))

    def _week(self, week: CourseWeek, notes: Mapping[str, str]) -> Html:
        name = element("strong", self.words.week(week))
        lighter = self.labels("course-lighter") if week.lighter else ""
        told = " · ".join(filter(None, (week.title, lighter, week.goal)))
        caption = element("caption", name, *((" · ", told) if told else ()))
        rows = element("tbody", *(self._day(day, notes) for day in week.days))
        return element("table", caption, rows, class_="week lighter" if week.lighter else "week")

    def _day(self, day: CourseDay, notes: Mapping[str, str]) -> Html:
        words = self.words
        date = "" if day.date is None else words.date(day.date)
        cells = [element("td", "" if day.rests else element("span", class_="box"), class_="tick")]
        cells.append(element("th", words.weekday(day), scope="row"))
        cells.append(element("td", date, class_="date"))
        if day.rests:
            return element("tr", *cells, self._own("td", words.rest(day)), element("td"), class_="rest")
        told: list[str] = [self._own("span", words.routine(day))]
        if day.swapped:
            told += [" ", element("span", "⇄", class_="swap", title=words.labels("course-swapped"))]
        if day.note and notes.get(words.routine(day)) != day.note:
            told += [" ", self._own("span", day.note, "note")]
        return element("tr", *cells, element("td", *told), element("td", words.length(day), class_="length"))

    def _doses(self, found: Sequence[Routine], weeks: Sequence[CourseWeek]) -> Html:
        how = []
        if any("→" in dose for one in found for _, dose in one.lines):
            how.append(self.labels("plan-doses-how"))
        if any(day.swapped for week in weeks for day in week.days):
            how.append(f"⇄ {self.labels('course-swapped')}.")
        parts = [element("h2", self.labels("plan-doses"))]
        if how:
            parts.append(element("p", " ".join(how), class_="how"))
        parts.append(element("div", *(self._routine(one, weeks) for one in found), class_="routines"))
        return element("section", *parts, class_="doses")

    def _routine(self, one: Routine, weeks: Sequence[CourseWeek]) -> Html:
        told: list[str] = [self._own("span", one.title)]
        if len(one.weeks) < len(weeks):
            numbers = ", ".join(map(str, one.weeks))
            which = self.labels("plan-in-weeks", weeks=numbers) if len(one.weeks) > 1 else self._one(one.weeks[0])
            told += [" ", element("small", f"({which})")]
        lines = (element("li", self._own("span", name), ": ", dose) for name, dose in one.lines)
        note = self._own("p", one.note, "note") if one.note else Html()
        return element("div", element("h3", *told), note, element("ul", *lines), class_="routine")

    def _one(self, week: int) -> str:
        return self.labels("week", n=week)

    def _foot(self) -> Html:
        lines = element("div", *(element("p", Html("&nbsp;")) for _ in range(2)), class_="lines")
        notes = element("section", element("h2", self.labels("notes")), lines, class_="notes")
        told = element("p", self.labels("plan-goes-with", title=self.course.title), class_="goes-with")
        return element("footer", notes, told)
