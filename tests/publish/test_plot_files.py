"""The files of a picture: whole, the same each time, with every letter, and needing nothing else."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.publish.plotting import (
    SVG,
    golden,
    one_of_each,
    read,
    rgb,
    s,
    said,
    session,
    sound,
)
from tests.publish.sessions import timelines
from voicecoach.errors import OutputError
from voicecoach.model.cuescript import Earcon
from voicecoach.model.timeline import Note, PlacedClip, Span, Timeline, Track
from voicecoach.publish.plot import draw
from voicecoach.publish.plot.layout import scene
from voicecoach.publish.plot.lettering import clean, fitted, width
from voicecoach.publish.plot.paints import PAINTS
from voicecoach.publish.plot.png import SCALE, png
from voicecoach.publish.plot.rows import NARROW, WIDE
from voicecoach.publish.plot.scene import Anchor, Mark, Panel, Rect, Scene, Text
from voicecoach.publish.plot.svg import svg

NASTY = """<b>&"'</b> ]]> \x00\x0b\ud800 Größe ¿mañana? </script><script>alert(1)</script>"""


def nasty() -> Timeline:
    span = Span("hold", 0, s(90), 1, NASTY, NASTY, 1, NASTY, NASTY, NASTY)
    timeline = session(span, voice=(said(1, NASTY, 20),), earcons=(sound(2, Earcon.START),), title=NASTY)
    bed = Track("bed", (PlacedClip(0, s(80), NASTY),))
    return replace(timeline, tracks=(*timeline.tracks[:2], bed), notes=(Note(s(5), NASTY),))


def test_all_texts_are_escaped(tmp_path: Path) -> None:
    drawing = svg(scene(nasty(), WIDE))
    root = ET.fromstring(drawing.encode())
    assert root[0].text == clean(NASTY)
    assert "<b>" in clean(NASTY), "it stays what it is"
    assert not list(root.iter(f"{SVG}script"))
    draw(nasty(), tmp_path / "x.html")
    page = read(tmp_path / "x.html")
    assert page.tags.count("script") == 1
    assert "b" not in page.tags
    assert page.title == clean(NASTY)
    draw(nasty(), tmp_path / "x.png")


@given(timelines())
@settings(max_examples=25, deadline=None)
def test_whatever_is_said_the_picture_reads(timeline: Timeline) -> None:
    for page in (WIDE, NARROW):
        root = ET.fromstring(svg(scene(timeline, page)).encode())
        assert root[0].text == (clean(timeline.title) or "A session")


@given(st.text(max_size=60), st.floats(0, 300))
@settings(max_examples=100, deadline=None)
def test_what_is_fitted_fits(text: str, room: float) -> None:
    text = clean(text)
    for whole_words in (False, True):
        written = fitted(text, 10, room, whole_words=whole_words)
        assert written in {"", text} or (written.endswith("…") and text.startswith(written[:-1]))
        assert width(written, 10) <= room or not written


def test_whole_words_are_kept_whole() -> None:
    assert fitted("Breathe out.", 10, 40, whole_words=True) == ""
    assert fitted("Breathe out, slowly.", 10, 60, whole_words=True) == "Breathe…"


def pixel_of(picture: Scene, panel: Panel, x: float, y: float) -> tuple[int, int]:
    top = sum(other.height for other in picture.panels[: picture.panels.index(panel)])
    return round(x * SCALE), round((top + y) * SCALE)


def test_a_png_has_its_size_and_the_colours_of_the_spans_in_their_places() -> None:
    timeline = one_of_each()
    picture = scene(timeline, WIDE)
    image = Image.open(io.BytesIO(png(picture))).convert("RGB")
    assert image.size == (WIDE.width * SCALE, round(picture.height * SCALE))
    assert image.getpixel((3, 3)) == rgb(PAINTS["paper"].light)
    found = {}
    for panel in picture.rows:
        for mark in panel.items:
            if isinstance(mark, Mark) and mark.kind == "span" and isinstance(rect := mark.shapes[0], Rect):
                pixel = image.getpixel(pixel_of(picture, panel, rect.x + rect.width / 2, rect.y + 2))
                found[rect.paint] = pixel
                if rect.width > 8:
                    assert pixel == rgb(PAINTS[rect.paint].light), mark.tip
    assert {"hold", "reps", "breathe", "rest", "talk", "set-up", "change"} <= set(found)


def ink(image: Image.Image) -> int:
    return sum((255 - value) * count for value, count in enumerate(image.convert("L").histogram()))


def written(text: str, *, embedded: bool) -> Image.Image:
    line = Panel("", 30, (Text(4, 22, text, 16, anchor=Anchor.START),))
    empty = Panel("", 1, ())
    return Image.open(io.BytesIO(png(Scene("", "", 100, line, empty, ()), embedded_font=embedded)))


@pytest.mark.parametrize("embedded", [True, False], ids=["bare machine", "this machine"])
@pytest.mark.parametrize(("letter", "base"), list(zip("äöüÄÖÜáéíóúñÑàçâ", "aouAOUaeiounNaca", strict=True)))
def test_letters_of_german_and_spanish_are_not_mere_ones(letter: str, base: str, embedded: bool) -> None:
    assert ink(written(letter, embedded=embedded)) > ink(written(base, embedded=embedded)) > 0


def test_a_bare_machine_has_all_letters_of_german_and_spanish() -> None:
    missing = ink(written("\uffff", embedded=True))
    for letter in "ß–„“×…·½°¿¡":
        assert ink(written(letter, embedded=True)) != missing, letter
    assert written("¿", embedded=True).tobytes() != written("?", embedded=True).tobytes()


def test_a_page_needs_nothing_else(tmp_path: Path) -> None:
    draw(one_of_each(), tmp_path / "x.html")
    text = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "http:" not in text
    assert "https:" not in text
    assert "//" not in text
    assert "url(" not in text
    assert "@import" not in text
    page = read(tmp_path / "x.html")
    assert not {name for name, _ in page.attributes} & {"src", "href", "xlink:href", "srcset", "action"}
    assert not set(page.tags) & {"link", "img", "iframe", "object"}
    assert "default-src 'none'" in text


def test_a_page_has_every_word_and_both_pictures(tmp_path: Path) -> None:
    timeline = golden("whole-language")
    draw(timeline, tmp_path / "x.html")
    page = read(tmp_path / "x.html")
    words = set(page.words)
    for clip in timeline.track("voice").clips:
        assert clean(clip.text or "") in words
    assert page.tags.count("tr") == len(timeline.spans) + 1
    assert page.tags.count("table") == 1
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    text = (tmp_path / "x.html").read_text(encoding="utf-8")
    for page_format, name in ((WIDE, "wide"), (NARROW, "narrow")):
        assert f'class="picture {name}"' in text
        rows = scene(timeline, page_format).rows
        assert all(f'aria-label="{row.name}"' in text for row in rows)
    assert "prefers-color-scheme:dark" in text
    assert "@media print" in text


@pytest.mark.parametrize("suffix", [".svg", ".png", ".html", ".SVG"])
def test_the_same_timeline_gives_the_same_file(suffix: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        draw(one_of_each(), tmp_path / f"{name}{suffix}")
    first, second = (tmp_path / f"{name}{suffix}" for name in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()
    assert len(first.read_bytes()) > 5000
    assert sorted(path.name for path in tmp_path.iterdir()) == [first.name, second.name]
    starts = {".svg": b"<?xml", ".png": b"\x89PNG", ".html": b"<!DOCTYPE html>"}
    assert first.read_bytes().startswith(starts[suffix.lower()])


@pytest.mark.parametrize("name", ["x.pdf", "x", "svg", ".svg"])
def test_another_kind_of_file_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.svg, \.png or \.html"):
        draw(one_of_each(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "x.svg"
    target.write_text("old")

    def full(self: Path, other: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(OutputError, match="No space left"):
            draw(one_of_each(), target)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x.svg"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        draw(one_of_each(), tmp_path / "none" / "x.png")
