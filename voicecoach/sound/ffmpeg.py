"""ffmpeg, as it is found on the machine: it writes the formats that nothing else here can.

pydub, through which we let it read, holds a sound whole; here samples are passed to it as they are made.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from voicecoach.errors import EncodeError
from voicecoach.model.clip import Samples
from voicecoach.model.output import FileFormat

Chapters = Sequence[tuple[str, int, int]]
"""Title, start and end in milliseconds."""


def ffmpeg_for(file_format: FileFormat) -> str:
    """Find ffmpeg.

    Raises
    ------
    EncodeError
        It is not there.
    """
    found = shutil.which("ffmpeg")
    if found is None:
        raise EncodeError(
            f"cannot write {file_format.value.upper()} files without ffmpeg",
            hint="install ffmpeg, or choose mp3, ogg, opus, flac or wav, which need nothing else",
        )
    return found


@dataclass(frozen=True)
class About:
    """What a file says of itself.

    Attributes
    ----------
    meta
        A file with `metadata`.
    cover
        A JPEG file, or None.
    language
        ISO 639-2 code of what is said.
    """

    meta: Path
    cover: Path | None
    language: str


@contextmanager
def ffmpeg_writer(
    path: Path, file_format: FileFormat, rate_hz: int, channels: int, bitrate_kbps: int, about: About
) -> Iterator[Callable[[Samples], None]]:
    """Write an M4A or M4B file (AAC in MP4), piece by piece. The same samples give the same bytes.

    Parameters
    ----------
    path
        The file; one that is there is written over.
    file_format, rate_hz, channels, bitrate_kbps
        Its form.
    about
        Its title, chapters and cover.

    Yields
    ------
    Callable
        Takes samples: float32, shape (n, channels).

    Raises
    ------
    EncodeError
        ffmpeg is not there, or it failed: with the last that it said.
    """
    cover = about.cover
    picture = () if cover is None else ("-f", "mjpeg", "-i", f"file:{cover}")
    picture_out = () if cover is None else ("-map", "2:v", "-c:v", "copy", "-disposition:v:0", "attached_pic")
    brand = f"{file_format.value.upper()} "
    bitexact = ("-fflags", "+bitexact", "-flags:a", "+bitexact")
    command = [
        *(ffmpeg_for(file_format), "-nostdin", "-hide_banner", "-loglevel", "error", "-y"),
        *("-f", "f32le", "-ar", str(rate_hz), "-ac", str(channels), "-i", "pipe:0"),
        *("-f", "ffmetadata", "-i", f"file:{about.meta}", *picture),
        *("-map", "0:a", *picture_out, "-map_metadata", "1", "-map_chapters", "1"),
        *("-c:a", "aac", "-b:a", f"{bitrate_kbps}k", "-metadata:s:a:0", f"language={about.language}"),
        *(*bitexact, "-movflags", "+faststart", "-brand", brand, "-f", "ipod", f"file:{path}"),
    ]
    # A session of its own: Ctrl-C is for us, and we end it; else it would write a file of what it had.
    with (
        TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603 - the names in it are of files that we made, each with "file:" before it
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
        ) as running,
    ):
        assert running.stdin is not None
        pipe = running.stdin

        def write(samples: Samples) -> None:
            try:
                pipe.write(samples.astype("<f4").tobytes())
            except OSError as error:
                running.wait()
                raise _failed(said) from error

        try:
            yield write
            with suppress(OSError):  # it has gone: its exit code tells
                pipe.close()
            if running.wait() != 0:
                raise _failed(said)  # noqa: TRY301 - what comes next is for any fault
        except BaseException:
            running.kill()
            with suppress(OSError):
                pipe.close()
            raise


def _failed(said: IO[bytes]) -> EncodeError:
    said.seek(0)
    lines = said.read().decode(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
    return EncodeError(f"ffmpeg could not write the file: {last}")


def metadata(texts: Mapping[str, str], chapters: Chapters) -> str:
    """Write texts and chapters in ffmpeg's own form (its manual, "Metadata")."""
    lines = [";FFMETADATA1", *(f"{name}={_escaped(text)}" for name, text in texts.items())]
    for title, start_ms, end_ms in chapters:
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={start_ms}", f"END={end_ms}", f"title={_escaped(title)}"]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Escape a text; one that ends in a backslash, which ffmpeg takes to escape the line's end, gets a space."""
    escaped = "".join(f"\\{letter}" if letter in "=;#\\\n" else letter for letter in text)
    return f"{escaped} " if escaped.endswith("\\") else escaped
