"""Where what is built goes, and in what form: the flags about files, and what the names of files tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from voicecoach.errors import OutputError

if TYPE_CHECKING:
    from voicecoach.config import Encoding
    from voicecoach.library.named import Named
    from voicecoach.model.output import FileFormat, Output
    from voicecoach.model.profile import Profile

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = ("mp3", "wav", "flac", "ogg", "opus", "m4a", "m4b")
LEVELS = ("podcast", "quiet", "loud")
_OPTIONS = (
    click.option(
        "--format",
        "file_format",
        type=click.Choice(FORMATS, case_sensitive=False),
        help="What to make; -o x.flac says it, too. m4a and m4b need ffmpeg. [default: mp3]",
    ),
    click.option("--bitrate", type=click.IntRange(48, 320), help="Bitrate in kbit/s. [default: by format and content]"),
    click.option("--level", type=click.Choice(LEVELS, case_sensitive=False), help="How loud. [default: podcast]"),
    click.option("--stems", is_flag=True, help="Voice, earcons and bed, too: NAME.voice.wav … beside the session."),
    click.option("--per-step", is_flag=True, help="A folder with a file a step and a playlist, not one file."),
    click.option("--plain-encode", is_flag=True, help="Encode an MP3 as a whole: slow, to compare with."),
)


def sound_options(command: F) -> F:
    """Give a command the flags about its files; `Wanted.of` reads them."""
    decorated: Any = command
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def read_output(
    output: str | None, profile: Profile, *, file_format: str | None, stems: bool, per_step: bool
) -> Output:
    """Say what files are wanted: a flag, else what the name of the file tells, else the profile.

    Raises
    ------
    click.UsageError
        The flags contradict one another.
    """
    from voicecoach.model.output import FileFormat, Output

    flag = None if file_format is None else FileFormat(file_format)
    told = _told_by(output)
    if stems and per_step:
        raise click.UsageError("--stems goes with one file a session, not with --per-step")
    if per_step and told is not None:
        raise click.UsageError(f"'{output}' names a file: with --per-step, -o names a folder")
    if flag is not None and told is not None and flag is not told:
        raise click.UsageError(f"--format {flag.value}: '{output}' does not end in {flag.ending}")
    wanted = flag or told or profile.file_format or FileFormat.MP3
    # Who wants an MP3 wants stems to work with, unless they say otherwise.
    stem_format = FileFormat.WAV if wanted is FileFormat.MP3 and flag is None else wanted
    return Output(wanted, stem_format if stems else None, per_step)


def read_encoding(made: Output, profile: Profile, *, bitrate: int | None, plain_encode: bool, verify: bool) -> Encoding:
    """Say how it is encoded.

    Raises
    ------
    click.UsageError
        What is made cannot be encoded, or verified, like that.
    """
    from voicecoach.config import Encoding
    from voicecoach.model.output import FileFormat
    from voicecoach.mp3.frames import BITRATES_KBPS

    is_mp3 = FileFormat.MP3 in made.formats
    if bitrate is not None and all(one.is_lossless for one in made.formats):
        raise click.UsageError(f"--bitrate: {made.file_format.value} keeps every sample and has no bitrate")
    if plain_encode and not is_mp3:
        raise click.UsageError(f"--plain-encode is about MP3s, not {made.file_format.value}")
    if verify and (made.per_step or made.file_format is not FileFormat.MP3):
        raise click.UsageError(
            "--verify: only an MP3 of a whole session carries the timeline that it is proved against"
        )
    kbps = bitrate if bitrate is not None else profile.bitrate_kbps
    if kbps is not None and is_mp3 and kbps not in BITRATES_KBPS:
        near = ", ".join(str(one) for one in BITRATES_KBPS if one >= 48)
        raise click.UsageError(f"--bitrate: an MP3 cannot have {kbps} kbit/s, but {near}")
    return Encoding(kbps, plain=plain_encode)


def _told_by(output: str | None) -> FileFormat | None:
    """Tell the format of a file's name; None of a folder, or where it tells none."""
    from voicecoach.model.output import FileFormat

    if output is None or output.endswith(("/", "\\")) or Path(output).is_dir():
        return None
    return next((one for one in FileFormat if one.ending == Path(output).suffix.lower()), None)


def find_targets(found: Sequence[tuple[str, Named]], output: str | None, made: Output) -> list[Path]:
    """Say where each session goes, and make sure beforehand that it can go there."""
    from voicecoach.config import OUTPUT_FOLDER

    folder = Path(OUTPUT_FOLDER if output is None else output)
    a_file = output is not None and len(found) == 1 and not folder.is_dir() and not output.endswith(("/", "\\"))
    if a_file and not made.per_step:
        return [_checked(folder, made)]
    names = [routine.name if made.per_step else f"{routine.name}{made.file_format.ending}" for _, routine in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        target = folder / min(twice)
        raise click.UsageError(f"two routines would be written to {target}; build them one at a time with -o")
    # A missing folder is made, but not those above it: a misspelt path should not come true.
    return [_checked(folder / name, made, missing=not folder.exists() and folder.parent.is_dir()) for name in names]


@contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """Make a missing folder, and take it away again where nothing came into it."""
    made = not folder.exists()
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        message = f"cannot make the folder {folder}: {error.strerror}"
        raise OutputError(message, hint="choose another place with -o") from error
    try:
        yield
    finally:
        if made:
            with suppress(OSError):
                folder.rmdir()


def _checked(target: Path, made: Output, *, missing: bool = False) -> Path:
    """Refuse a target that cannot be written; ``missing``: its folder is about to be made."""
    import os

    if not made.per_step and target.suffix.lower() != made.file_format.ending:
        what = "for another format end it so, or say --format; for a folder, make it first or end its name with /"
        raise click.UsageError(f"'{target}' does not end in {made.file_format.ending}: {what}")
    fault = None
    if made.per_step and target.exists() and not target.is_dir():
        fault = "it is a file"
    elif not made.per_step and target.is_dir():
        fault = "it is a folder"
    elif not missing and not target.parent.is_dir():
        fault = f"there is no folder {target.parent}"
    elif not missing and not os.access(target.parent, os.W_OK):
        fault = f"the folder {target.parent} is not yours to write in"
    if fault is not None:
        raise OutputError(f"cannot write {target}: {fault}", hint="choose another place with -o")
    return target
