"""What a file says of itself, next to its timeline: is it whole, how long is it, which chapters has it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from voicecoach.errors import SessionFileError, SoundError
from voicecoach.model.timeline import Timeline
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ, to_frames, to_ms
from voicecoach.model.verdict import Breach, Promise
from voicecoach.mp3.header import DECODER_DELAY_FRAMES, InfoHeader, read_info
from voicecoach.mp3.id3 import read_chapters, read_tags
from voicecoach.mp3.session_file import music_crc, sound_at
from voicecoach.mp3.tags import ChapterTable
from voicecoach.sound.files import SoundReel, stated_frames
from voicecoach.stages.verify.places import seconds, time_of

_FOREIGN_TAGS = (b"TAG", b"APETAGEX")
_SPARE_FRAMES = DECODER_DELAY_FRAMES
"""What a decoder may be short of at the end, where an encoder left it no padding."""


@dataclass(frozen=True)
class Written:
    """A file, before it is decoded.

    Attributes
    ----------
    path
        Where it is.
    size_bytes, tag_bytes
        Its length, and that of the tag that it begins with.
    info
        Its Info header, or None: it has none that can be read.
    fault
        Why there is none.
    """

    path: Path
    size_bytes: int
    tag_bytes: int
    info: InfoHeader | None
    fault: str | None = None

    @classmethod
    def of(cls, path: Path) -> Written:
        """Read what a file says of itself."""
        size_bytes, tag_bytes = path.stat().st_size, sound_at(path)
        try:
            return cls(path, size_bytes, tag_bytes, read_info(path))
        except SessionFileError as fault:
            return cls(path, size_bytes, tag_bytes, None, fault.message.removeprefix(f"{path}: "))

    @property
    def missing_bytes(self) -> int:
        """How much of the file is not there; negative: how much too much there is."""
        return 0 if self.info is None else self.tag_bytes + self.info.total_bytes - self.size_bytes

    def reel(self) -> SoundReel:
        """Open the sound, from the first frame that a player plays to the last.

        Where the header tells delay and padding they are taken off here, whatever the decoder would do about them.
        """
        if self.info is None:
            return SoundReel(self.path)
        return SoundReel(
            self.path,
            from_byte=self.tag_bytes + self.info.size_bytes,
            skip_frames=self.info.delay_frames + DECODER_DELAY_FRAMES,
            most_frames=self.info.length_frames,
        )


def file_kept(written: Written, timeline: Timeline, reel: SoundReel, heard_frames: int) -> Promise:
    """Check that the file is whole: its size, its header, and that its MP3 frames are those that were written."""
    broken = []
    info, missing = written.info, written.missing_bytes
    if info is None:
        broken.append(Breach(0, f"{written.fault}: another program made this file, or changed it"))
    elif missing > 0:
        whole = missing + written.size_bytes
        broken.append(
            Breach(min(heard_frames, timeline.frames), f"it is cut off: {missing} of {whole} bytes are missing")
        )
    elif info.music_crc != music_crc(written.path, info):
        broken.append(Breach(0, "its sound is not what was written: the checksum in its header is another"))
    elif missing < 0 and not _foreign_tag(written):
        broken.append(Breach(0, f"{-missing} bytes stand behind the end of the sound"))
    if reel.rate_hz != timeline.sample_rate or timeline.sample_rate != SAMPLE_RATE_HZ:
        rates = f"the sound has {reel.rate_hz} Hz and the timeline {timeline.sample_rate}"
        broken.append(Breach(0, f"{rates}; a session has {SAMPLE_RATE_HZ}"))
    count = 0 if info is None else info.mp3_frames
    told = f"whole: {written.size_bytes / 1e6:.1f} MB, {count} MP3 frames" if not broken else "not as it was written"
    numbers = {"size_bytes": written.size_bytes, "missing_bytes": missing, "mp3_frames": count}
    return Promise("file", told, 1, tuple(broken), numbers)


def _foreign_tag(written: Written) -> bool:
    """Whether what follows the sound is a tag that some other program put there: no player minds."""
    assert written.info is not None
    with written.path.open("rb") as file:
        file.seek(written.tag_bytes + written.info.total_bytes)
        return file.read(8).startswith(_FOREIGN_TAGS)


def length_kept(written: Written, timeline: Timeline, heard_frames: int) -> Promise:
    """Check that what is decoded has the timeline's length to the frame, and that the file says so everywhere."""
    broken, info = [], written.info
    short = timeline.frames - heard_frames
    if short > _SPARE_FRAMES or short < 0 or (short and (info is None or info.length_frames != timeline.frames)):
        lasts = f"{time_of(heard_frames)} instead of {time_of(timeline.frames)}"
        how = f"{seconds(abs(short))} too {'short' if short > 0 else 'long'}"
        where = Breach(min(heard_frames, timeline.frames), f"the sound lasts {lasts}: it is {how}")
        broken.append(where)
    elif info is not None and not written.missing_bytes:
        broken += _stated(written, info, timeline)
    told = f"{time_of(heard_frames)}, exact to the frame" if not broken else f"{time_of(heard_frames)}, not as planned"
    numbers = {"frames": heard_frames, "planned_frames": timeline.frames, "off_frames": heard_frames - timeline.frames}
    return Promise("length", told, 1, tuple(broken), numbers)


def _stated(written: Written, info: InfoHeader, timeline: Timeline) -> list[Breach]:
    """A player goes by the header, and one that does not decode the file goes by the tag."""
    try:
        player = stated_frames(written.path)
    except SoundError as fault:
        return [Breach(0, fault.message)]
    # A player that does not heed delay and padding plays them too, and perhaps the header as silence.
    unheeded = {info.mp3_frames * MP3_FRAME_FRAMES, (info.mp3_frames + 1) * MP3_FRAME_FRAMES}
    if player != timeline.frames and player not in unheeded:
        return [Breach(0, f"a player would take it to last {time_of(player)} instead of {time_of(timeline.frames)}")]
    length_ms = read_tags(written.path).length_ms
    if length_ms != to_ms(timeline.frames):
        return [Breach(0, f"its tag says that it lasts {length_ms} ms instead of {to_ms(timeline.frames)}")]
    return []


def chapters_kept(path: Path, timeline: Timeline) -> Promise:
    """Check that the chapters of the tag are those of the timeline, in order wherever an order shows."""
    table, tags = read_chapters(path), read_tags(path)
    broken = list(_chapters(table, timeline))
    if tags.title != timeline.title:
        broken.append(Breach(0, f"the tag's title is '{tags.title}', the timeline's '{timeline.title}'"))
    broken.sort(key=lambda breach: breach.at)
    count = len(timeline.chapters)
    told = f"{count}, in order and where they should be" if not broken else f"{len(table.frames)}, not as planned"
    return Promise("chapters", told, count, tuple(broken), {"chapters": len(table.frames)})


def _chapters(table: ChapterTable, timeline: Timeline) -> list[Breach]:
    planned = [(c.title, to_ms(c.start), to_ms(c.end)) for c in timeline.chapters]
    steps = {span.start: (span.step, span.side) for span in reversed(timeline.spans)}
    places = [(c.start, *steps.get(c.start, (None, None))) for c in timeline.chapters]
    written = [(chapter.title, chapter.start_ms, chapter.end_ms) for _, chapter in table.frames]
    if len(written) != len(planned):
        return [Breach(0, f"the tag has {len(written)} chapters and the timeline {len(planned)}")]
    if written != planned and sorted(written) == sorted(planned):
        number = next(n for n, (one, other) in enumerate(zip(written, planned, strict=True)) if one != other)
        told = f"the chapters do not stand in order in the file: '{written[number][0]}' comes before"
        at, step, side = places[number]
        return [Breach(at, f"{told} '{planned[number][0]}'", step, side)]
    broken = []
    for (title, start_ms, end_ms), wanted, (at, step, side) in zip(written, planned, places, strict=True):
        if (start_ms, end_ms) != wanted[1:]:
            times = f"{_ms(start_ms)} to {_ms(end_ms)} instead of {_ms(wanted[1])} to {_ms(wanted[2])}"
            wrong = at if start_ms != wanted[1] else at + to_frames(Fraction(wanted[2] - wanted[1], 1000))
            broken.append(Breach(wrong, f"chapter '{wanted[0]}' goes from {times}", step, side))
        elif title != wanted[0]:
            broken.append(Breach(at, f"the chapter '{wanted[0]}' is called '{title}' in the tag", step, side))
    names = tuple(name for name, _ in table.frames)
    if names and not broken and (table.listed != names or not table.ordered):
        cause = "has another order" if sorted(table.listed) == sorted(names) else "does not list each of them once"
        told = f"the table of contents {cause}" if table.ordered else "no table of contents says that the order counts"
        broken.append(Breach(0, f"{told}: players would show the chapters otherwise"))
    if any(a[1] > b[1] for a, b in pairwise(planned)):
        broken.append(Breach(0, "the timeline's own chapters do not follow one another"))
    return broken


def _ms(length_ms: int) -> str:
    return time_of(length_ms * SAMPLE_RATE_HZ // 1000)
