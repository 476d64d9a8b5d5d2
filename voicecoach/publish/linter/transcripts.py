"""Transcripts: of a known type, WebVTT last, there, and in the times of the session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from voicecoach.model.diagnostic import Diagnostic, Severity, did_you_mean
from voicecoach.model.location import Location
from voicecoach.publish.linter.belongings import is_of_another
from voicecoach.publish.linter.captions import CaptionError, Cue, read_segments, read_srt, read_vtt
from voicecoach.publish.linter.channel import is_language
from voicecoach.publish.linter.folder import Found, split
from voicecoach.publish.linter.linted import Linted
from voicecoach.publish.linter.listed import Item
from voicecoach.publish.linter.sessions import is_another_file
from voicecoach.publish.linter.vocabulary import TRANSCRIPT_ENDINGS
from voicecoach.publish.linter.xml_reading import Element
from voicecoach.source.nodes import SourceFile

VTT = "text/vtt"
_OLD_SRT = ("application/srt", "text/srt")
_AGAIN = "write the feed again with `voicecoach feed`"
_READERS = {VTT: read_vtt, "application/x-subrip": read_srt, "application/json": read_segments}
_READERS |= dict.fromkeys(_OLD_SRT, read_srt)
_LATE_MS = 1000


class _Read(NamedTuple):
    """A transcript that was read."""

    source: SourceFile
    cues: Sequence[Cue]


def transcripts_are_good(linted: Linted) -> Iterator[Diagnostic]:
    """Every transcript is of a known type and reads, and those of an item tell the same times."""
    for item in linted.items:
        faults: list[Diagnostic] = []
        seen: set[str] = set()
        read = []
        for element in item.element.all("podcast:transcript"):
            url = element.attributes.get("url", "").strip()
            if url and url in seen:
                message = f"{linted.titled(item.element)} lists the same transcript twice"
                faults.append(linted.error("feed-transcript", message, linted.at(element, "url"), "one line each"))
                continue
            seen.add(url)
            if (one := _transcript(linted, item, element, faults)) is not None:
                read.append(one)
        if not faults:
            faults += _the_same(read)
        yield from faults


def webvtt_stands_last(linted: Linted) -> Iterator[Diagnostic]:
    """Of several transcripts WebVTT is the last: some readers keep the last one only."""
    for item in linted.items:
        listed = item.element.all("podcast:transcript")
        types = [one.attributes.get("type", "").strip() for one in listed]
        if len(listed) > 1 and VTT in types and types[-1] != VTT:
            message = f"the last transcript of {linted.titled(item.element)} is {types[-1] or 'of no type'}, not WebVTT"
            hint = "let text/vtt stand last: gPodder and others keep the last one only"
            yield linted.error("feed-transcript-order", message, linted.at(listed[-1]), hint)


def transcripts_are_listed(linted: Linted) -> Iterator[Diagnostic]:
    """What `voicecoach feed` wrote beside a session is listed, in each item as in the others."""
    forms = Counter(
        one.attributes.get("type", "").strip()
        for item in linted.items
        for one in item.element.all("podcast:transcript")
    )
    for item in linted.items:
        if item.recording is None or item.recording.timeline is None or item.found is None:
            continue
        listed = {found.name for one in item.element.all("podcast:transcript") if (found := _found(linted, one))}
        given = {one.attributes.get("type", "").strip() for one in item.element.all("podcast:transcript")}
        stem = f"feed/{item.found.name.rpartition('.')[0]}"
        for media_type, ending in ((VTT, ".vtt"), ("application/x-subrip", ".srt"), ("application/json", ".json")):
            there = (linted.folder.path / f"{stem}{ending}").is_file()
            if there and f"{stem}{ending}" not in listed and media_type not in given:
                message = (
                    f"{linted.titled(item.element)} does not list '{linted.beside(stem + ending)}', which is there"
                )
                others = f"; {forms[media_type]} other items list theirs" if forms[media_type] else ""
                yield linted.warning("feed-transcript", f"{message}{others}", linted.at(item.element), _AGAIN)


def _found(linted: Linted, element: Element) -> Found | None:
    return linted.find(element.attributes.get("url", "").strip())


def _transcript(linted: Linted, item: Item, element: Element, faults: list[Diagnostic]) -> _Read | None:
    given, url = element.attributes.get("type", "").strip(), element.attributes.get("url", "").strip()
    if not given:
        return None  # that is told of all attributes that are missing
    bare = given.partition(";")[0].strip()
    if bare not in TRANSCRIPT_ENDINGS:
        message = f"the type of <{element.written}> is '{given}', which no app knows for a transcript"
        hint = _of_ending(url) or did_you_mean(bare, TRANSCRIPT_ENDINGS) or "write text/vtt"
        faults.append(linted.error("feed-transcript", message, linted.at(element, "type"), hint))
        return None
    if (other := _of_ending(url)) is not None and not _ending(url).endswith(TRANSCRIPT_ENDINGS[bare]):
        message = f"the type of <{element.written}> is {given}, but its address ends in {_ending(url)}"
        faults.append(linted.error("feed-transcript", message, linted.at(element, "type"), other))
        return None
    faults += _beside_type(linted, item, element)
    if bare in _OLD_SRT:
        message = f"the type of <{element.written}> is {given}, an old name"
        faults.append(
            linted.warning("feed-transcript", message, linted.at(element, "type"), "write application/x-subrip")
        )
    found = _found(linted, element)
    if found is None or not found.there or is_of_another(linted, item, found):
        return None
    source = linted.side_file(found)
    if source is None:
        message = f"'{linted.beside(found.name)}' is no UTF-8 text"
        faults.append(linted.error("feed-transcript-file", message, linted.at(element, "url"), _AGAIN))
        return None
    return _file(linted, item, source, bare, faults)


def _beside_type(linted: Linted, item: Item, element: Element) -> Iterator[Diagnostic]:
    """Look at what else a transcript says of itself: its relation, its language."""
    relation = element.attributes.get("rel")
    if relation is not None and relation != "captions":
        message = f"rel of <{element.written}> is '{relation}'; apps know captions"
        yield linted.warning("feed-transcript", message, linted.at(element, "rel"), 'write rel="captions"')
    spoken, told = _spoken(item), element.attributes.get("language", "")
    if spoken is None or not is_language(told):
        return
    if told.partition("-")[0].casefold() != spoken.partition("-")[0].casefold():
        message = f"the transcript is said to be in '{told}', but the session is in '{spoken}'"
        yield linted.warning("feed-language", message, linted.at(element, "language"), f'write language="{spoken}"')


def _spoken(item: Item) -> str | None:
    """The language of a session of ours, where its file is the one that is listed."""
    timeline = item.recording.timeline if item.recording is not None and not item.is_stranger else None
    return timeline.about.language if timeline is not None and timeline.about is not None else None


def _ending(url: str) -> str:
    parts = split(url)
    last = parts.path.casefold().rpartition("/")[2] if parts is not None else ""
    return f".{last.rpartition('.')[2]}" if "." in last else ""


def _of_ending(url: str) -> str | None:
    ending = _ending(url)
    known = next((one for one, endings in TRANSCRIPT_ENDINGS.items() if ending in endings), None) if ending else None
    return f"write {known}" if known else None


def _file(linted: Linted, item: Item, source: SourceFile, media_type: str, faults: list[Diagnostic]) -> _Read | None:
    def tell(message: str, place: Location, hint: str = _AGAIN, severity: Severity = Severity.ERROR) -> None:
        faults.append(source.fault("feed-transcript-file", message, place, hint, severity))

    top = Location(source.name, 1, 1)
    reader = _READERS.get(media_type)
    if reader is None:
        if not source.text.strip():
            tell("the transcript is empty", top)
        return None
    try:
        cues = reader(source)
    except CaptionError as error:
        tell(error.message, error.place)
        return None
    if not cues:
        tell("there is no caption in the file", top)
        return None
    length_s = None if is_another_file(linted, item) else item.length_s
    wrong = _wrong_times(cues, length_s)
    if wrong is not None:
        tell(*wrong)
    if reader is read_srt and (speaker := next((cue for cue in cues if _names_speaker(cue)), None)) is not None:
        message = f"a colon before a space in '{_colon_line(speaker)}': AntennaPod takes what is before it for a name"
        place = speaker.place._replace(line=speaker.place.line + 1, length=1)
        tell(message, place, "write a dash instead", Severity.WARNING)
    return _Read(source, cues) if wrong is None else None


def _wrong_times(cues: Sequence[Cue], length_s: float | None) -> tuple[str, Location] | None:
    """Say which cue has times that cannot be."""
    before: Cue | None = None
    for cue in cues:
        if cue.end_ms < cue.start_ms or (cue.end_ms == cue.start_ms and before is None and len(cues) == 1):
            return "a caption ends before it begins", cue.place
        if before is not None and cue.start_ms < before.start_ms:
            return "a caption begins before the one before it", cue.place
        if length_s is not None and max(cue.start_ms, cue.end_ms) > length_s * 1000 + _LATE_MS:
            return (
                f"a caption ends {cue.end_ms / 1000:g} s from the beginning; the session is {length_s:g} s long",
                cue.place,
            )
        before = cue
    return None


def _names_speaker(cue: Cue) -> bool:
    return ": " in cue.text


def _colon_line(cue: Cue) -> str:
    return next(line for line in cue.text.split("\n") if ": " in line)[:60]


def _the_same(read: Sequence[_Read]) -> Iterator[Diagnostic]:
    """Tell the transcript whose times are not those of the others; of two that differ, the latter."""
    times = [tuple((cue.start_ms, cue.end_ms) for cue in one.cues) for one in read]
    if len(set(times)) < 2:
        return
    common, count = Counter(times).most_common(1)[0]
    if count == 1:
        common = times[0]
    for one, own in zip(read, times, strict=True):
        if own == common:
            continue
        at = next((n for n, (a, b) in enumerate(zip(own, common, strict=False)) if a != b), min(len(own), len(common)))
        place = one.cues[min(at, len(one.cues) - 1)].place
        message = f"the captions of this transcript are not those of the others: caption {at + 1} differs in time"
        if len(own) != len(common):
            message = f"this transcript has {len(own)} captions, the others have {len(common)}"
        yield one.source.fault("feed-transcript-file", message, place, _AGAIN, Severity.WARNING)
