"""Which files come of a master: the session, its stems, or one file a step; `encode` and `export` make them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from voicecoach.cache import Cache
from voicecoach.config import Options
from voicecoach.model.master import Master, Measured
from voicecoach.model.output import FileFormat, Output
from voicecoach.model.timeline import BED_TRACK, Timeline
from voicecoach.mp3.id3 import build_tag
from voicecoach.mp3.tags import Tags
from voicecoach.parts import move_folder, part_beside, writing
from voicecoach.publish.playlist import listed, playlist, track_name
from voicecoach.publish.tags import stem_tags, step_tags
from voicecoach.sound.ffmpeg import ffmpeg_for
from voicecoach.stages.cut import cut
from voicecoach.stages.encode import encode
from voicecoach.stages.export import export
from voicecoach.stages.mix import SessionMaster
from voicecoach.stopwatch import Stopwatch

Progress = Callable[[str, int, int], None]
"""Called with (stage, done, of)."""
_OURS = re.compile(rf"\d{{2,}}( [^/\\]*)?\.({'|'.join(FileFormat)})")
"""Names that `publish.playlist.track_name` gives."""


@dataclass(frozen=True)
class Delivered:
    """What was written.

    Attributes
    ----------
    path
        The session, or of one in steps the playlist.
    size_bytes
        Of the session, or of all steps.
    timeline
        What is in it; of a session in one MP3, with the levels that it has.
    stems
        What lies beside it.
    """

    path: Path
    size_bytes: int
    timeline: Timeline
    stems: tuple[Path, ...] = ()


def assert_can_write(output: Output) -> None:
    """Make sure, before anything is spoken, that all formats can be written.

    Raises
    ------
    EncodeError
        ffmpeg is needed and not there.
    """
    for file_format in sorted(output.formats):
        if file_format.needs_ffmpeg:
            ffmpeg_for(file_format)


@dataclass(frozen=True)
class Delivery:
    """Writes what comes of a session.

    Attributes
    ----------
    timeline
        What is in it.
    tags_of
        Gives the tags of a session with that timeline.
    options
        Which files, how encoded.
    cache
        Where what was encoded is kept.
    proof
        Called with a finished MP3 of the whole session before it takes its place; raises where it is not as planned.
    progress, watch
        Where progress is shown, and the time of each stage counted.
    """

    timeline: Timeline
    tags_of: Callable[[Timeline], Tags]
    options: Options
    cache: Cache
    proof: Callable[[Path], None] | None
    progress: Progress
    watch: Stopwatch

    def write(self, master: SessionMaster, target: Path) -> Delivered:
        """Write all files.

        Parameters
        ----------
        master
            What is heard.
        target
            The session's file; of one in steps, its folder.

        Raises
        ------
        OutputError
            A file cannot be written.
        EncodeError
            The audio cannot be encoded.
        """
        output = self.options.output
        if output.per_step:
            return self._steps(master, target)
        if output.file_format is FileFormat.MP3:
            done = self._session(master, target)
        else:
            size_bytes = self._part(master, self.tags_of(self.timeline), target, output.file_format)
            done = Delivered(target, size_bytes, self.timeline)
        if output.stem_format is None:
            return done
        return replace(done, stems=self._stems(master, target, output.stem_format))

    def _session(self, master: SessionMaster, target: Path) -> Delivered:
        """Encode the whole, which tells how loud it came out."""
        achieved = [self.timeline]

        def tag(measured: Sequence[Measured]) -> bytes:
            achieved.append(replace(self.timeline, levels=master.levels(measured)))
            return build_tag(self.tags_of(achieved[-1]))

        size_bytes = self._encoded(master, tag, target, self.proof)
        return Delivered(target, size_bytes, achieved[-1])

    def _encoded(
        self,
        master: Master,
        tag: Callable[[Sequence[Measured]], bytes],
        target: Path,
        proof: Callable[[Path], None] | None = None,
    ) -> int:
        encoding = replace(self.options.encoding, jobs=self.options.jobs)
        return self.watch.run("encode", encode, master, tag, target, encoding, self.cache, proof, self.progress)

    def _part(self, master: Master, tags: Tags, target: Path, file_format: FileFormat) -> int:
        """Write a file that is not the one MP3 of the session."""
        if file_format is FileFormat.MP3:
            return self._encoded(master, lambda _: build_tag(tags), target)
        encoding = self.options.encoding
        return self.watch.run("export", export, master, tags, target, file_format, encoding, self.progress)

    def _stems(self, master: SessionMaster, target: Path, file_format: FileFormat) -> tuple[Path, ...]:
        """Write each track in which something is heard; what an earlier build left of another is taken away."""
        written, regions, tags = [], list(master.regions()), self.tags_of(self.timeline)
        for track in self.timeline.tracks:
            stem = target.with_name(f"{target.stem}.{track.name}{file_format.ending}")
            if track.clips or (track.name == BED_TRACK and self.timeline.floor):
                part = cut(master, tracks=(track.name,), regions=regions)
                self._part(part, stem_tags(tags, track.name), stem, file_format)
                written.append(stem)
            else:
                with writing(stem):
                    stem.unlink(missing_ok=True)
        return tuple(written)

    def _steps(self, master: SessionMaster, folder: Path) -> Delivered:
        """Write a file a chapter and the playlist into a folder beside the target, and move that into place."""
        file_format = self.options.output.file_format
        chapters = [chapter for chapter in self.timeline.chapters if chapter.frames]
        of, m3u = len(chapters), f"{folder.name}.m3u"
        names = [track_name(at, of, chapter.title, file_format.ending) for at, chapter in enumerate(chapters, 1)]
        part, regions, tags = part_beside(folder), list(master.regions()), self.tags_of(self.timeline)
        size_bytes = 0
        with writing(folder, part):
            part.mkdir()
            for at, (name, chapter) in enumerate(zip(names, chapters, strict=True), 1):
                step = cut(master, chapter.start, chapter.frames, regions=regions)
                size_bytes += self._part(step, step_tags(tags, chapter, (at, of)), part / name, file_format)
            tracks = [(name, c.frames, c.title) for name, c in zip(names, chapters, strict=True)]
            (part / m3u).write_text(playlist(self.timeline.title, tracks), encoding="utf-8", newline="\n")
            move_folder(part, folder, m3u, _earlier(folder / m3u))
        return Delivered(folder / m3u, size_bytes, self.timeline)


def _earlier(m3u: Path) -> list[str]:
    """Name the files of an earlier build, as its playlist tells."""
    try:
        names = listed(m3u.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [name for name in names if _OURS.fullmatch(name)]
