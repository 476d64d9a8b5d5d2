"""Show art and covers: square, 1400 to 3000 pixels, JPEG or PNG, RGB."""

from __future__ import annotations

from collections.abc import Iterator

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.location import Location
from voicecoach.publish.linter.folder import Found, split
from voicecoach.publish.linter.linted import Linted, every
from voicecoach.publish.linter.pictures import read_picture

LEAST_PX, MOST_PX = 1400, 3000
_ENDINGS = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",)}
_AGAIN = "write the feed again with `voicecoach feed`, which draws it"


def art_is_good(linted: Linted) -> Iterator[Diagnostic]:
    """Pictures are what directories take; each file is looked at once."""
    seen: set[str] = set()
    for element in every(linted, "itunes:image"):
        address = element.attributes.get("href", "").strip()
        place, parts = linted.at(element, "href"), split(address)
        if not address or parts is None or address in seen:
            continue
        seen.add(address)
        found, path = linted.find(address), parts.path.casefold()
        if found is not None and not found.there:
            continue  # that it is missing is told of all files
        if not path.endswith((".jpg", ".jpeg", ".png")) and "." in path.rpartition("/")[2]:
            ending = path.rpartition(".")[2]
            message = f"the picture's address ends in .{ending}: directories take .jpg and .png"
            yield linted.error("feed-art", message, place, "save it as JPEG")
            continue
        if found is not None:
            yield from _picture(linted, found, place)


def _picture(linted: Linted, found: Found, place: Location) -> Iterator[Diagnostic]:
    name = linted.beside(found.name)
    assert found.path is not None
    try:
        picture = read_picture(found.path)
    except OSError as fault:
        message = f"the picture '{name}' cannot be read: {fault.strerror or fault}"
        yield linted.error("feed-art", message, place, _AGAIN)
        return
    if picture is None:
        yield linted.error("feed-art", f"'{name}' is neither JPEG nor PNG", place, _AGAIN)
        return
    size = f"{picture.width} × {picture.height} pixels"
    faults = []
    if not picture.whole:
        faults.append("is cut off")
    if picture.width != picture.height:
        faults.append(f"is not square ({size})")
    elif not LEAST_PX <= picture.width <= MOST_PX:
        faults.append(f"has {size}; directories take {LEAST_PX} to {MOST_PX}")
    if picture.colours != "RGB":
        faults.append(f"has {picture.colours} for colours; directories take RGB")
    ending = f".{found.name.rpartition('.')[2].casefold()}"
    if ending not in _ENDINGS[picture.kind]:
        faults.append(f"is a {picture.kind}, which its name does not say")
    if faults:
        yield linted.error("feed-art", f"the picture '{name}' {', and '.join(faults)}", place, _AGAIN)
