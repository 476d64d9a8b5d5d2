"""An author's own picture as show art."""

from __future__ import annotations

from pathlib import Path

from voicecoach.errors import PictureError
from voicecoach.model.diagnostic import Severity, did_you_mean
from voicecoach.model.location import Location
from voicecoach.source.fields import Reader

LEAST_PX, MOST_PX = 1400, 3000
"""What Apple takes as show art."""
MOST_IMAGE_BYTES = 32 * 1024 * 1024
_ENDINGS = (".jpg", ".jpeg", ".png")


def read_image(name: str, place: Location, reader: Reader) -> bytes | None:
    """Read a picture that the settings name; what is wrong with it is recorded.

    Returns
    -------
    bytes or None
        The file's bytes, a JPEG or PNG; None: it cannot be used.
    """
    if "://" in name:
        reader.fault("missing-file", f"'{name}' is an address, not a file", place, "download it, and name the file")
        return None
    folder = reader.source.folder or Path()
    path = Path(name).expanduser() if name.startswith("~/") else folder / name
    try:
        if path.is_dir():
            reader.fault("file-kind", f"'{name}' is a folder", place, "name a JPEG or PNG file in it")
            return None
        if not path.is_file():
            reader.fault("missing-file", f"there is no image '{name}'", place, _near(path))
            return None
        with path.open("rb") as file:
            data = file.read(MOST_IMAGE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        reader.fault("unreadable-image", f"'{name}' cannot be read: {reason}", place)
        return None
    return data if _is_good(data, name, place, reader) else None


def _is_good(data: bytes, name: str, place: Location, reader: Reader) -> bool:
    from voicecoach.publish.plot.png import size_of, squared

    hint = f"show art is a square JPEG or PNG file of {LEAST_PX} to {MOST_PX} pixels a side"
    if len(data) > MOST_IMAGE_BYTES:
        message = f"'{name}' is larger than {MOST_IMAGE_BYTES // 2**20} MB"
        reader.fault("unreadable-image", message, place, hint)
        return False
    try:
        width, height = size_of(data)
        squared(data, 64)
    except PictureError as fault:
        kind = "file-kind" if not data.startswith((b"\xff\xd8", b"\x89PNG")) else None
        message = f"'{name}' cannot be used as an image: {fault.message}"
        if kind is None:
            reader.fault("unreadable-image", message, place, fault.hint or hint)
        else:
            reader.fault("file-kind", message, place, hint)
        return False
    if width != height:
        message = f"'{name}' is not square ({width} × {height} pixels): it gets bars"
        reader.fault("image-size", message, place, hint, Severity.WARNING)
    if max(width, height) < LEAST_PX:
        message = f"'{name}' is small ({width} × {height} pixels): it will look blurred"
        reader.fault("image-size", message, place, hint, Severity.WARNING)
    return True


def _near(path: Path) -> str:
    hint = "it is looked for beside feed.yaml; without the key, show art is drawn"
    try:
        names = {file.name.casefold(): file.name for file in path.parent.iterdir() if file.suffix.lower() in _ENDINGS}
    except OSError:
        return hint
    near = did_you_mean(path.name, names)
    if near is None:
        return hint
    folded = near.removeprefix("did you mean '").removesuffix("'?")
    return f"did you mean '{names[folded]}'?"
