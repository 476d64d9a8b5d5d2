"""The cover: the ring against the timeline, the title against what was written, and pictures of authors."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from tests.publish.plotting import golden, long_session, one_of_each, rgb, s, session
from voicecoach.errors import PictureError
from voicecoach.model.timeline import Span, Timeline
from voicecoach.publish import cover as covers
from voicecoach.publish.cover import COLOURS, INNER, LANE, MIDDLE, OUTER, colours, cover, face, length, own_cover
from voicecoach.publish.cover_title import ROOM, SIDE, Line, plain, set_title
from voicecoach.publish.plot import png
from voicecoach.publish.plot.fonts import Font
from voicecoach.publish.plot.lettering import clean
from voicecoach.publish.plot.paints import fill_of
from voicecoach.publish.plot.png import font_for, kind_of, squared, text_width

TITLES = (
    "Morning hips",
    "Reset",
    "Hüften am Morgen",
    "¿Qué tal? Estiramiento de señoras",
    "Full body mobility and strength for runners over fifty, part 3",
    "PNF hips 90/90 — day 12",
    "Every word of a very long title that somebody wrote in a hurry and nobody read to its end",
)
measure = partial(text_width, size=1, font=Font.OWN, bold=True)


def image_of(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert image.format == "JPEG"
    assert image.mode == "RGB"
    return image


def title_lines(lines: tuple[Line, ...]) -> list[Line]:
    return [line for line in lines if line.title]


@pytest.mark.parametrize("size_px", [60, 600, 1400])
def test_it_is_a_square_jpeg_of_a_sane_size(size_px: int) -> None:
    data = cover(one_of_each(), size_px)
    assert image_of(data).size == (size_px, size_px)
    assert len(data) < 200_000
    if size_px == 600:
        assert len(data) > 20_000, "not squeezed to pieces"


def test_the_same_timeline_gives_the_same_bytes_and_another_another() -> None:
    timeline = one_of_each()
    assert cover(timeline) == cover(timeline)
    assert cover(replace(timeline, title="U")) != cover(timeline)
    other_side = tuple(replace(span, side="right") if span.side else span for span in timeline.spans)
    assert cover(replace(timeline, spans=other_side)) != cover(timeline)


def test_the_fonts_of_a_machine_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    timelines = [replace(one_of_each(), title=title) for title in TITLES]
    with_fonts = [cover(timeline) for timeline in timelines]
    monkeypatch.setattr(png, "FONTS", ())
    png._face.cache_clear()
    try:
        assert [cover(timeline) for timeline in timelines] == with_fonts
    finally:
        png._face.cache_clear()


def test_nothing_of_the_machine_or_the_clock_is_in_it() -> None:
    image = image_of(cover(one_of_each()))
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def point(share: float, radius: float, size_px: int) -> tuple[int, int]:
    """A pixel of the ring, told anew: so far round from the top, clockwise."""
    angle = 2 * math.pi * share
    x, y = 50 + radius * math.sin(angle), 50 - radius * math.cos(angle)
    return round(x / 100 * size_px), round(y / 100 * size_px)


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 24


@pytest.mark.parametrize("timeline", [one_of_each(), golden("deutsch")], ids=["one of each", "deutsch"])
def test_the_ring_is_the_session(timeline: Timeline) -> None:
    """In the middle of each part of work its colour is found where its side is, and elsewhere it is not."""
    size_px = 1200
    image, paints = image_of(cover(timeline, size_px)), colours(timeline)
    lane = (OUTER - INNER) * LANE / 2
    seen = set()
    for span in timeline.spans:
        share = (span.start + span.frames / 2) / timeline.frames
        if span.frames / timeline.frames < 0.01:
            continue
        within, outside = (image.getpixel(point(share, at, size_px)) for at in (INNER + lane / 2, OUTER - lane / 2))
        paint = fill_of(span.kind)
        if paint not in COLOURS:
            assert near(within, rgb(paints["paper"])), span
            assert near(outside, rgb(paints["paper"])), span
            assert near(image.getpixel(point(share, (INNER + OUTER) / 2, size_px)), rgb(paints["line"])), span
            continue
        seen.add((paint, span.side))
        assert near(within, rgb(paints[paint])) is (span.side != "right"), span
        assert near(outside, rgb(paints[paint])) is (span.side != "left"), span
    assert {("hold", "left"), ("hold", "right")} <= seen


def test_the_ground_is_that_of_most_of_the_work() -> None:
    timeline = one_of_each()
    assert colours(timeline)["paper"] == covers.GROUNDS["hold"] == colours(golden("deutsch"))["paper"]
    breathing = replace(timeline.spans[-2], frames=s(61))
    assert colours(replace(timeline, spans=(*timeline.spans[:-2], breathing)))["paper"] == covers.GROUNDS["breathe"]
    assert colours(session(Span("say", 0, s(9))))["paper"] == covers.GROUNDS["talk"]


def luminance(colour: str) -> float:
    parts = [part / 255 for part in rgb(colour)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("kind", ["hold", "reps", "time", "cycles", "breathe", "say"])
def test_work_and_letters_stand_out_on_every_ground(kind: str) -> None:
    """WCAG 2.2: 3 : 1 for shapes, 4.5 : 1 for letters."""
    paints = colours(session(Span(kind, 0, s(9))))
    for name, ground, least in [
        *((name, "paper", 3.0) for name in COLOURS),
        ("ink", "face", 4.5),
        ("soft", "face", 4.5),
        ("line", "paper", 1.5),
    ]:
        light, dark = sorted((luminance(paints[name]), luminance(paints[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= least, (name, ground)


def test_a_long_session_stays_a_picture() -> None:
    timeline = long_session(8, 10_000)
    panel = face(timeline, ())
    assert len(panel.items) < 350
    assert len(cover(timeline)) < 200_000


@pytest.mark.parametrize(
    "spans", [(), (Span("hold", 0, 1),), tuple(Span("reps", n, 1) for n in range(1000))], ids=["none", "one", "tiny"]
)
def test_odd_sessions_have_a_cover_too(spans: tuple[Span, ...]) -> None:
    image_of(cover(session(*spans), 100))


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (45, "45 s"), (89, "89 s"), (90, "2 min"), (760, "13 min"), (3599, "1 h"), (3900, "1 h 05")],
)
def test_how_long_it_is(seconds: float, told: str) -> None:
    assert length(session(Span("say", 0, s(seconds)))) == told


# The title


def corners(line: Line) -> Iterator[tuple[float, float]]:
    half = measure(line.text) * line.size / 2
    for y in (line.y - 0.72 * line.size, line.y + 0.2 * line.size):
        yield from ((-half, y - MIDDLE), (half, y - MIDDLE))


@pytest.mark.parametrize("title", TITLES)
def test_every_word_is_there_and_inside_the_ring(title: str) -> None:
    lines = set_title(title, "13 min", measure)
    assert " ".join(line.text for line in title_lines(lines)) == title
    assert lines[-1].text == "13 min"
    for line in lines:
        assert max(math.hypot(*corner) for corner in corners(line)) <= ROOM + 0.1 < INNER, line
    tops = [line.y - 0.72 * line.size for line in lines]
    assert all(above.y < top for above, top in zip(lines, tops[1:], strict=False)), "no line stands on another"


@pytest.mark.parametrize(("title", "least"), [("Morning hips", 13), ("Reset", 17), (TITLES[4], 7.5), (TITLES[3], 10)])
def test_a_title_is_large(title: str, least: float) -> None:
    """Sizes are parts of a hundred, so at 100 pixels they are pixels."""
    assert min(line.size for line in title_lines(set_title(title, "13 min", measure))) >= least


@pytest.mark.parametrize(
    ("title", "texts"),
    [
        ("Wirbelsäulengymnastik", ["Wirbelsäulen-", "gymnastik"]),
        ("Becken\u00adboden\u00adtraining", ["Becken-", "boden-", "training"]),
        ("PNF hips 90/90 — day 12", ["PNF", "hips 90/90 —", "day 12"]),
        ("Donaudampfschifffahrtsgesellschaft", ["Donaudampf-", "schifffahrts-", "gesellschaft"]),
        ("x" * 40, ["x" * 13 + "-", "x" * 14 + "-", "x" * 13]),
        ("Hips", ["Hips"]),
        ("", []),
    ],
)
def test_where_a_title_is_broken(title: str, texts: list[str]) -> None:
    found = set_title(title, "13 min", measure)
    assert [line.text for line in title_lines(found)] == (texts or ["13 min"])


@given(st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=400))
@settings(max_examples=80, deadline=None)
def test_any_title_is_kept_whole_or_cut_openly(title: str) -> None:
    title = clean(title)
    lines = title_lines(set_title(title, "1 s", len))
    kept = "".join("".join(line.text for line in lines).split()) if title else ""
    kept, wanted = kept.replace("-", ""), "".join(plain(title).split()).replace("-", "")
    if len(title) <= 240:
        assert kept == wanted
    else:
        assert kept.endswith("…")
        assert wanted.startswith(kept[:-1])


@given(st.lists(st.integers(1, 12), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_no_other_breaks_let_a_title_be_larger(letters: list[int]) -> None:
    """Against all ways to break it, each at its own largest size; one line fewer may cost 8 % each."""
    words = ["x" * count for count in letters]
    found = title_lines(set_title(" ".join(words), "1 s", lambda text: 0.5 * len(text)))
    best = max(map(_largest, _all_breaks(words)))
    assert found[0].size >= min(19.0, best) * 0.92 ** (len(words)) - 0.02
    assert found[0].size <= best + 0.02


def _all_breaks(words: list[str]) -> Iterator[list[float]]:
    for cuts in range(1 << (len(words) - 1)):
        rows, row = [], [words[0]]
        for number, word in enumerate(words[1:]):
            if cuts >> number & 1:
                rows.append(row)
                row = []
            row.append(word)
        rows.append(row)
        if len(rows) <= 9:
            yield [0.5 * len(" ".join(row)) for row in rows]


def _largest(widths: list[float]) -> float:
    low, high = 0.0, 19.0
    for _ in range(20):
        size = (low + high) / 2
        tall = size * (0.72 + (len(widths) - 1) * 1.08) + 6.6 + 7.0 * 0.72
        fits = True
        for number, wide in enumerate(widths):
            top = number * 1.08 * size - tall / 2
            far = max(abs(top), abs(top + 0.92 * size))
            fits = fits and far <= ROOM and wide * size <= 2 * math.sqrt(ROOM**2 - far**2)
        low, high = (size, high) if fits else (low, size)
    return high


@pytest.mark.parametrize(
    ("title", "left"),
    [("🧘 Calm", "Calm"), ("朝の体操", ""), ("朝 Morning", "Morning"), ("朝の体操 at 7", ""), ("Größe", "Größe")],
)
def test_letters_that_no_font_has_are_left_out_rather_than_boxed(
    title: str, left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    original = covers.set_title

    def seen(title: str, *rest: object) -> tuple[Line, ...]:
        written.append(title)
        return original(title, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(covers, "set_title", seen)
    monkeypatch.setattr(png, "FONTS", ())
    png._face.cache_clear()
    try:
        cover(replace(one_of_each(), title=title))
        assert written == [left]
        assert font_for("朝") is None
    finally:
        png._face.cache_clear()


# Pictures of authors


def saved(tmp_path: Path, image: Image.Image, name: str, **options: object) -> Path:
    image.save(tmp_path / name, **options)
    return tmp_path / name


def halves(size: tuple[int, int], one: str = "#c03020", other: str = "#2030c0") -> Image.Image:
    image = Image.new("RGB", size, one)
    image.paste(other, (size[0] // 2, 0, *size))
    return image


@pytest.mark.parametrize("name", ["x.jpg", "x.png"])
def test_a_picture_is_shown_whole_between_bars_of_its_edges(tmp_path: Path, name: str) -> None:
    tall = halves((900, 1800))
    image = image_of(own_cover(saved(tmp_path, tall, name)))
    assert image.size == (600, 600)
    assert near(image.getpixel((20, 300)), rgb("#c03020")), "the bar beside the left edge"
    assert near(image.getpixel((170, 300)), rgb("#c03020")), "the picture's left"
    assert near(image.getpixel((430, 300)), rgb("#2030c0"))
    assert near(image.getpixel((580, 300)), rgb("#2030c0")), "the bar beside the right edge"
    wide = image_of(own_cover(saved(tmp_path, tall.rotate(90, expand=True), name)))
    assert near(wide.getpixel((300, 20)), rgb("#2030c0")), "the bar above"
    assert near(wide.getpixel((300, 580)), rgb("#c03020"))


def test_a_small_picture_is_not_blown_up(tmp_path: Path) -> None:
    assert image_of(own_cover(saved(tmp_path, halves((300, 200)), "x.png"))).size == (300, 300)


def test_what_can_be_seen_through_gets_a_white_ground(tmp_path: Path) -> None:
    for mode in ("RGBA", "LA", "P"):
        clear = Image.new("RGBA", (600, 600), (0, 0, 0, 0)).convert(mode)
        options = {"transparency": 0} if mode == "P" else {}
        path = saved(tmp_path, clear, "x.png", **options)
        assert near(image_of(own_cover(path)).getpixel((300, 300)), (255, 255, 255)), mode


@pytest.mark.parametrize("mode", ["L", "1", "CMYK", "I;16"])
def test_other_kinds_of_colour(tmp_path: Path, mode: str) -> None:
    image = Image.new("I;16", (600, 600), 0x8000) if mode == "I;16" else Image.new("RGB", (600, 600), "#808080")
    image = image if mode == "I;16" else image.convert(mode)
    path = saved(tmp_path, image, "x.jpg" if mode == "CMYK" else "x.png")
    mean = image_of(own_cover(path)).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert near(mean, (128, 128, 128)), mode


def test_a_photograph_is_turned_upright_and_tells_no_place(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # the camera was held upright: turn right
    exif[ExifTags.Base.Make] = "A camera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[1] = "N"
    data = own_cover(saved(tmp_path, halves((600, 600)), "x.jpg", exif=exif))
    image = image_of(data)
    assert near(image.getpixel((300, 20)), rgb("#c03020")), "what was left is above"
    assert near(image.getpixel((300, 580)), rgb("#2030c0"))
    assert not image.getexif()
    assert b"camera" not in data


def test_a_noisy_picture_is_squeezed(tmp_path: Path) -> None:
    noise = Image.effect_noise((1200, 1200), 120).convert("RGB")
    assert len(own_cover(saved(tmp_path, noise, "x.png"))) <= 200_000


def damaged(kind: str) -> bytes:
    out = io.BytesIO()
    halves((600, 600)).save(out, "PNG")
    return {
        "empty": b"",
        "text": b"not a picture",
        "cut off": out.getvalue()[:300],
        "gif": b"GIF89a" + bytes(50),
        "huge": png_of_size(60_000, 60_000),
        "large": png_of_size(10_000, 10_000),
    }[kind]


def png_of_size(width: int, height: int) -> bytes:
    """A PNG whose header says so; nothing of it is unpacked."""
    out = io.BytesIO()
    Image.new("1", (8, 8)).save(out, "PNG")
    data = bytearray(out.getvalue())
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    import zlib

    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize("kind", ["empty", "text", "cut off", "gif", "huge", "large"])
def test_what_is_no_picture_is_told(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(damaged(kind))
    with pytest.raises(PictureError, match="too many pixels" if kind in {"huge", "large"} else "damaged"):
        own_cover(path)


def test_a_picture_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="cannot be read"):
        own_cover(tmp_path / "none.png")


def test_the_middle_is_the_middle() -> None:
    assert MIDDLE * 2 == SIDE


def test_pictures_are_brought_to_a_square_in_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Python warns of is one thing for all threads: nobody may change it for a while."""
    monkeypatch.setattr(png, "warnings", None)
    file = io.BytesIO()
    Image.new("RGB", (90, 60), "teal").save(file, "PNG")
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: squared(file.getvalue(), 60), range(8)))
    assert len(set(made)) == 1
    assert kind_of(made[0])[:3] == ("JPEG", 60, 60)
