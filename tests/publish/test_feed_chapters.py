"""Chapters: the same list in the feed, as JSON and in the MP3, true to the frame within the millisecond."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.publish.feed_cases import BASE, course, feed_of
from tests.publish.test_feed_rss import N, made, plain_episode
from voicecoach.model.feed import Episode
from voicecoach.model.timeline import Chapter
from voicecoach.mp3.id3 import read_tags
from voicecoach.publish.feed.chapters import clock_time, marks, play_time, seconds


def in_feed(feed_xml: bytes) -> list[list[tuple[str, str]]]:
    items = ET.fromstring(feed_xml).findall("channel/item")
    return [
        [(c.attrib["start"], c.attrib["title"]) for c in item.findall("psc:chapters/psc:chapter", N)] for item in items
    ]


def test_all_lists_of_chapters_are_one(course_folder: Path) -> None:
    feed = course(course_folder)
    for episode, simple in zip(feed.episodes, in_feed(made(feed)), strict=True):
        values = json.loads(made(feed, f"feed/{episode.name}.chapters.json"))
        assert values["version"] == "1.2.0"
        assert (values["title"], values["podcastName"]) == (episode.title, feed.title)
        carried = read_tags(course_folder / episode.file).chapters
        told = [
            (round(one["startTime"] * 1000), round(one["endTime"] * 1000), one["title"]) for one in values["chapters"]
        ]
        assert told == [(one.start_ms, one.end_ms, one.title) for one in carried]
        assert simple == [(play_time(start), title) for start, _, title in told]
        assert len(told) >= 4


def test_times_are_the_timelines(course_folder: Path) -> None:
    feed = course(course_folder)
    for episode in feed.episodes:
        listed = json.loads(made(feed, f"feed/{episode.name}.chapters.json"))["chapters"]
        assert [set(one) for one in listed] == [{"startTime", "endTime", "title"}] * len(listed)
        assert listed[0]["startTime"] == 0
        assert listed[-1]["endTime"] == episode.length_s
        for one, chapter in zip(listed, episode.timeline.chapters, strict=True):
            assert abs(Fraction(str(one["startTime"])) - Fraction(chapter.start, 48_000)) <= Fraction(1, 2000)
        assert [one["startTime"] for one in listed[1:]] == [one["endTime"] for one in listed[:-1]]


@pytest.mark.parametrize(
    ("ms", "told", "clock"),
    [
        (0, "00:00:00.000", "00:00:00"),
        (61_007, "00:01:01.007", "00:01:01"),
        (3_599_999, "00:59:59.999", "00:59:59"),
        (365_025_040, "101:23:45.040", "101:23:45"),
    ],
)
def test_times_as_readers_take_them(ms: int, told: str, clock: str) -> None:
    assert (play_time(ms), clock_time(ms)) == (told, clock)


@given(st.integers(0, 10**9))
def test_seconds_are_exact_to_the_millisecond(ms: int) -> None:
    text = json.dumps(seconds(ms))
    assert Fraction(text) * 1000 == ms
    assert len(text.partition(".")[2]) <= 3


def with_chapters(*chapters: Chapter) -> Episode:
    episode = plain_episode()
    return replace(episode, timeline=replace(episode.timeline, chapters=chapters))


def test_titles_of_chapters_are_text_and_never_empty() -> None:
    titles = ('<b>&"', "]]>", "tab\tnew\nline", "\x00", "u\u0308")
    episode = with_chapters(*(Chapter(title, n * 48_000, 48_000) for n, title in enumerate(titles)))
    told = ['<b>&"', "]]>", "tab new line", "4", "ü"]
    assert [mark.title for mark in marks(episode)] == told
    feed = feed_of(episode)
    assert [title for _, title in in_feed(made(feed))[0]] == told
    listed = json.loads(made(feed, "feed/hips.chapters.json"))["chapters"]
    assert [one["title"] for one in listed] == told


def test_chapters_ascend_and_a_session_without_any_names_no_file() -> None:
    episode = with_chapters(Chapter("b", 48_000, 48_000), Chapter("a", 0, 48_000))
    assert [mark.title for mark in marks(episode)] == ["a", "b"]
    bare = ET.fromstring(made(feed_of(with_chapters()), base=BASE))
    assert not bare.findall("channel/item/psc:chapters", N)
    assert not bare.findall("channel/item/podcast:chapters", N)
