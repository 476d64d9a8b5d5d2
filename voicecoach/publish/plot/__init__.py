"""The picture of a session: what is done when, on which side, in which position, and what is heard.

A timeline is laid out once, as a scene of a few kinds of shapes; SVG, PNG and HTML only draw it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from voicecoach.errors import OutputError
from voicecoach.model.timeline import Timeline
from voicecoach.publish.plot.layout import scene
from voicecoach.publish.plot.page import page
from voicecoach.publish.plot.rows import WIDE
from voicecoach.publish.plot.svg import svg


def draw(timeline: Timeline, path: Path) -> None:
    """Draw a session, beside its target first, then moved into place.

    Parameters
    ----------
    timeline
        A whole session. The same timeline gives the same bytes; in PNG, on machines with the same fonts.
    path
        The file; its suffix says which kind: ``.svg``, ``.png`` or ``.html``.

    Raises
    ------
    ValueError
        The suffix is none of these.
    OutputError
        The file cannot be written.
    """
    make = _KINDS.get(path.suffix.lower())
    if make is None:
        raise ValueError(f"a picture ends in .svg, .png or .html, not in '{path.suffix}'")
    _write(path, make(timeline))


def _svg(timeline: Timeline) -> bytes:
    return svg(scene(timeline, WIDE)).encode()


def _png(timeline: Timeline) -> bytes:
    from voicecoach.publish.plot.png import png

    return png(scene(timeline, WIDE))


def _html(timeline: Timeline) -> bytes:
    return page(timeline).encode()


_KINDS: Mapping[str, Callable[[Timeline], bytes]] = MappingProxyType({".svg": _svg, ".png": _png, ".html": _html})


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. A link stays one; a file that was there keeps its permissions."""
    target = Path(os.path.realpath(path))
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}", hint="choose another place") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
