"""feed --check: what is wrong with a feed and its files. One small function a rule, in one ordered tuple."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

from voicecoach.model.diagnostic import Diagnostic, in_reading_order
from voicecoach.model.location import Location
from voicecoach.publish.feed.paths import base_of
from voicecoach.publish.linter import (
    addresses,
    art,
    belongings,
    channel,
    chapters,
    dates,
    items,
    notes,
    numbers,
    record,
    sessions,
    shape,
    transcripts,
)
from voicecoach.publish.linter.folder import Folder, likely_base
from voicecoach.publish.linter.linted import Linted
from voicecoach.publish.linter.opening import read_feed
from voicecoach.publish.linter.spelling import spelt_right
from voicecoach.publish.linter.xml_reading import Document, RefusedError, read_xml

RULES: tuple[Callable[[Linted], Iterator[Diagnostic]], ...] = (
    shape.elements_are_in_place,
    shape.no_stray_text,
    shape.needed_is_there,
    shape.nothing_stands_twice,
    shape.nothing_is_empty,
    shape.nothing_is_padded,
    shape.attributes_are_there,
    addresses.addresses_are_whole,
    addresses.hosts_can_be_reached,
    addresses.one_scheme_is_used,
    addresses.names_are_plain,
    addresses.files_are_there,
    addresses.files_lie_together,
    channel.language_is_a_tag,
    channel.categories_are_known,
    channel.truths_are_true_or_false,
    channel.words_are_known,
    channel.courses_are_serial,
    channel.flags_have_an_effect,
    channel.mail_is_an_address,
    channel.guid_is_a_uuid,
    channel.self_link_is_right,
    channel.frequency_is_a_rule,
    art.art_is_good,
    items.one_enclosure_each,
    items.types_fit,
    items.files_differ,
    items.guids_are_good,
    items.durations_are_true,
    belongings.each_has_its_own,
    belongings.covers_are_listed,
    dates.dates_are_dates,
    numbers.numbers_are_whole,
    numbers.types_are_known,
    numbers.numbers_differ,
    numbers.courses_are_numbered,
    numbers.dates_follow_numbers,
    notes.texts_are_short_enough,
    notes.notes_are_good_html,
    notes.titles_are_plain,
    sessions.lengths_are_numbers,
    sessions.files_are_those_listed,
    sessions.versions_are_there,
    sessions.files_play_well,
    chapters.chapters_are_good,
    transcripts.transcripts_are_good,
    transcripts.webvtt_stands_last,
    transcripts.transcripts_are_listed,
    record.sessions_are_listed,
)
"""Every rule, in the order of this list; what they find is told in reading order."""


def lint_feed(file: Path, now: dt.datetime, *, base_url: str | None = None) -> tuple[Diagnostic, ...]:
    """Check a feed, and the files that lie beside it.

    Parameters
    ----------
    file
        The feed. Sessions, art, chapters and transcripts are looked for in its folder, by the addresses that it gives
        them; what lies elsewhere is not looked at, and nothing is fetched.
    now
        The present: a date after it is a fault.
    base_url
        The address of the folder; None: it is found from what the feed lists and what is there.

    Returns
    -------
    tuple of Diagnostic
        What is wrong, in reading order. An error breaks an app or PSP-1, a warning is unwise. A file that is no feed
        gives one.
    """
    source, faults = read_feed(file)
    if source is None:
        return faults
    try:
        document = read_xml(source)
    except RefusedError as refused:
        return (refused.fault,)
    faults += _declared(document)
    document, misspelt = spelt_right(document)
    if (refusal := _no_feed(document)) is not None:
        return (refusal,)
    linted = _linted(document, file, now, base_url)
    faults += (*misspelt, *(fault for rule in RULES for fault in rule(linted)))
    return in_reading_order((*faults, *record.changed_since(linted, faults)))


def _declared(document: Document) -> tuple[Diagnostic, ...]:
    if document.encoding is None or document.encoding.casefold() in ("utf-8", "us-ascii"):
        return ()
    message = f"the file says that it is {document.encoding}, but it is UTF-8, as every feed has to be"
    place = Location(document.source.name, 1, 1, len(document.source.lines[0]))
    return (document.source.fault("feed-encoding", message, place, 'write encoding="UTF-8"'),)


def _no_feed(document: Document) -> Diagnostic | None:
    """Tell a file that is XML, but no RSS feed with one channel."""
    root, place = document.root, document.place(document.root)
    version = root.attributes.get("version", "").strip()
    channels = root.all("channel")
    hint = None
    if root.name != "rss":
        message = f"the file is no RSS feed: its outermost element is <{root.written}>"
        known = {"atom:feed": "this is an Atom feed; podcasts are RSS 2.0", "opml": "this is a list of feeds (OPML)"}
        hint = known.get(root.name, 'podcasts are RSS 2.0: <rss version="2.0"><channel>…')
    elif not channels:
        message = "there is no <channel> in <rss>"
    elif len(channels) > 1:
        message = "there is a second <channel>: a feed has one"
        place = document.place(channels[1])
    elif version != "2.0":
        message = f"the version of <rss> is '{version}'" if version else "<rss> has no version"
        place, hint = document.attribute_place(root, "version"), 'write <rss version="2.0">'
    else:
        return None
    return document.source.fault("feed-not-rss", message, place, hint)


def _linted(document: Document, file: Path, now: dt.datetime, base_url: str | None) -> Linted:
    moment = now if now.tzinfo is not None else now.replace(tzinfo=dt.UTC)
    path = file.parent
    given = base_of(base_url.strip()) if base_url and base_url.strip() else ""
    votes = 0
    if given:
        folder = Folder(path, given)
    else:
        blind = Linted(document, Folder(path, ""), moment, given=False, votes=0)
        enclosed = [
            url
            for item in blind.channel.all("item")
            for one in item.all("enclosure")
            if (url := one.attributes.get("url", "").strip())
        ]
        base, votes = likely_base(path, blind.own_address, enclosed)
        folder = Folder(path, base)
    return Linted(document, folder, moment, given=bool(given), votes=votes)
