"""Art of a feed: what directories take, what of it is drawn, and what an author's own picture becomes."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PIL import ExifTags, Image, features

from tests.publish.plotting import golden, one_of_each, rgb, s, session
from voicecoach.model.about import About
from voicecoach.model.feed import Episode, Feed
from voicecoach.model.timeline import Span, Timeline
from voicecoach.publish.artwork import ART_PX, episode_art, icon, show_art
from voicecoach.publish.cover import COLOURS, GROUNDS, cover
from voicecoach.publish.cover_title import SIDE, Line, set_block
from voicecoach.publish.jpeg_parts import without_notes
from voicecoach.publish.plot import png
from voicecoach.publish.plot.scene import Anchor, Disc, Text
from voicecoach.publish.show_art import MARGIN, show_panel

MOST_BYTES = 500_000


def episode(timeline: Timeline | None = None, number: int = 1, season: int | None = None) -> Episode:
    timeline = timeline or one_of_each()
    day = dt.datetime(2026, 3, number % 28 + 1, tzinfo=dt.UTC)
    return Episode(f"day {number}", 1, f"{number:064}", timeline, timeline.title, "A", "", "g", day, season, number)


def feed(title: str = "Hips", count: int = 7, per_season: int | None = None, image: bytes | None = None) -> Feed:
    episodes = tuple(
        episode(session(Span(kind, 0, s(60))), n + 1, n // per_season + 1 if per_season else None)
        for n, kind in ((n, ("hold", "reps", "time")[n % 3]) for n in range(count))
    )
    return Feed(title, "D", "A", "g", image=image, episodes=episodes)


def image_of(data: bytes, form: str = "JPEG") -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.mode) == (form, "RGB")
    assert image.width == image.height
    return image


def saved(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def near(one: tuple[int, ...], other: tuple[int, ...], most: int = 24) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= most


TITLES = ("Hips", "Hüften & <b>Rücken</b> ]]>", "🧘 Calm", "朝の体操", "תרגילי בוקר", "", "word " * 120, "x" * 300)


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("count", [0, 1, 7, 200])
def test_show_art_is_what_directories_take(title: str, count: int) -> None:
    data = show_art(feed(title, count))
    assert image_of(data).size == (ART_PX, ART_PX)
    assert 1400 <= ART_PX <= 3000
    assert len(data) < MOST_BYTES


def test_the_same_feed_gives_the_same_bytes_and_what_is_not_shown_changes_none() -> None:
    one = feed()
    assert show_art(one) == show_art(feed())
    later = tuple(replace(e, digest="f" * 64, published=e.published + dt.timedelta(1)) for e in one.episodes)
    assert show_art(replace(one, guid="other", episodes=later)) == show_art(one)
    assert show_art(replace(one, title="Hip")) != show_art(one)
    assert show_art(replace(one, episodes=one.episodes[:-1])) != show_art(one)
    assert not image_of(show_art(one)).getexif()


def test_the_ground_is_that_of_most_of_all_work() -> None:
    reps = episode(session(Span("reps", 0, s(100))))
    held = [episode(session(Span("hold", 0, s(60)))) for _ in range(2)]
    image = image_of(show_art(replace(feed(), episodes=(reps, *held))))
    assert near(image.getpixel((20, 20)), rgb(GROUNDS["hold"]))
    assert near(image_of(show_art(feed(count=0))).getpixel((20, 20)), rgb(GROUNDS["talk"]))


# The rings


def discs(count: int, per_season: int | None = None, lines: tuple[Line, ...] = ()) -> list[Disc]:
    """The rings' grounds; each ring has another disc for its hole."""
    panel = show_panel(feed("", count, per_season).episodes, lines)
    return [shape for shape in panel.shapes() if isinstance(shape, Disc) and shape.paint != "paper"]


TITLE = (Line("Hip mobility", 14, 10, title=True), Line("for all", 14, 24, title=True))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 7, 12, 28, 200, 2000])
@pytest.mark.parametrize("lines", [(), TITLE], ids=["no title", "title"])
def test_each_session_has_a_ring_below_the_title_inside_the_margins(count: int, lines: tuple[Line, ...]) -> None:
    found = discs(count, lines=lines)
    assert len(found) == count
    for disc in found:
        assert disc.radius == pytest.approx(found[0].radius)
        assert min(disc.x - disc.radius, SIDE - disc.x - disc.radius, SIDE - disc.y - disc.radius) >= MARGIN - 1e-6
        assert disc.y - disc.radius >= MARGIN + (lines[-1].y + 0.2 * lines[-1].size if lines else 0) - 1e-6
    if count <= 200:
        for n, one in enumerate(found):
            assert all(math.hypot(one.x - o.x, one.y - o.y) > 2 * one.radius for o in found[n + 1 :])


@pytest.mark.parametrize(("count", "rows"), [(1, [1]), (2, [2]), (3, [3]), (7, [4, 3]), (12, [4, 4, 4])])
def test_rings_stand_in_even_rows(count: int, rows: list[int]) -> None:
    assert _rows(discs(count, lines=TITLE)) == rows


def test_a_row_is_no_row_of_one() -> None:
    assert _rows(discs(3, lines=(Line("Calm", 24, 17, title=True),))) == [3]


def test_a_course_has_a_row_for_each_season() -> None:
    assert _rows(discs(28, 7, TITLE)) == [7, 7, 7, 7]
    assert _rows(discs(9, 5, TITLE)) == [5, 4]
    assert len(_rows(discs(60, 1, TITLE))) < 60, "not where they would be dots for it"


def _rows(found: list[Disc]) -> list[int]:
    heights = list(dict.fromkeys(round(disc.y, 6) for disc in found))
    return [sum(round(disc.y, 6) == y for disc in found) for y in heights]


def test_a_ring_shows_the_work_of_its_session_in_order() -> None:
    work = session(Span("set-up", 0, s(300)), Span("hold", s(300), s(30)), Span("reps", s(330), s(10)))
    feed_of_one = replace(feed(""), episodes=(episode(work),))
    image = image_of(show_art(feed_of_one))
    (disc,) = [d for d in show_panel(feed_of_one.episodes, ()).shapes() if isinstance(d, Disc) and d.paint == "face"]
    for share, paint in ((0.1, "hold"), (0.7, "hold"), (0.8, "reps"), (0.95, "reps")):
        assert near(image.getpixel(_point(disc, share)), rgb(COLOURS[paint])), share


def _point(disc: Disc, share: float) -> tuple[int, int]:
    angle, radius = 2 * math.pi * share, disc.radius * 0.8
    x, y = disc.x + radius * math.sin(angle), disc.y - radius * math.cos(angle)
    return round(x / SIDE * ART_PX), round(y / SIDE * ART_PX)


def test_a_session_without_work_has_a_ring_too() -> None:
    talk = episode(session(Span("say", 0, s(9))))
    assert image_of(show_art(replace(feed(), episodes=(talk, talk))))
    assert image_of(show_art(replace(feed(), episodes=(talk,) * 400)))
    assert image_of(show_art(replace(feed(), episodes=(episode(session()),))))


# The title


def test_a_title_is_as_large_as_its_room_lets_it_be() -> None:
    lines = set_block("Hip mobility", lambda text: 0.5 * len(text), 80, 45, 24)
    assert [line.text for line in lines] == ["Hip", "mobility"]
    assert lines[0].size == pytest.approx(20, abs=0.02), "eight letters of half their size fill 80"
    assert lines[-1].y <= 45
    assert set_block("", len, 80, 45, 24) == ()


def test_a_title_that_is_read_from_the_right_stands_there() -> None:
    line = (Line("תרגילי בוקר", 10, 8, title=True),)
    texts = [t for t in show_panel((), line).shapes() if isinstance(t, Text)]
    assert [(t.anchor, t.x) for t in texts] == [(Anchor.END, SIDE - MARGIN)]
    right = [d.x for d in discs(5, lines=line)]
    assert right[0] > right[1], "and so do the rings"


def test_letters_that_need_an_order_are_left_out_where_nothing_orders_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "_SHAPES", False)
    assert show_art(feed("תרגילי בוקר")) == show_art(feed(""))
    monkeypatch.undo()
    if features.check("raqm") and png.font_for("ת") is not None:
        assert show_art(feed("תרגילי בוקר")) != show_art(feed(""))


def test_a_title_can_be_read_at_55_pixels() -> None:
    """Capitals of at least five pixels, in a stroke that is white at that size, too."""
    for title in ("Hip mobility", "Morgenroutine für den Rücken", "Wirbelsäulengymnastik"):
        lines = set_block(title, lambda text: png.text_width(text, 1, png.Font.OWN, bold=True), 84, 45, 24)
        assert 0.72 * lines[0].size * 55 / SIDE >= 4.5, title
        small = image_of(show_art(feed(title))).resize((55, 55), Image.Resampling.LANCZOS)
        assert max(sum(small.getpixel((x, y))) for x in range(55) for y in range(4, 20)) > 3 * 200, title


# An author's own picture as show art


def photo(width: int, height: int) -> Image.Image:
    image = Image.new("RGB", (width, height), "#c03020")
    image.paste("#2030c0", (width // 2, 0, width, height))
    return image


def with_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "A camera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[1] = "N"
    return exif


@pytest.mark.parametrize("progressive", [False, True])
def test_good_art_stays_as_it_is_to_the_pixel_but_tells_no_place(progressive: bool) -> None:
    noise = Image.effect_noise((1400, 1400), 20).convert("RGB")
    profile = b"a colour profile"
    options = {"quality": 60, "progressive": progressive, "icc_profile": profile, "restart_marker_rows": 4}
    given = saved(noise, exif=with_exif(), comment=b"by me", **options)
    data = show_art(feed(image=given + b"a film behind it"))
    image = image_of(data)
    assert image.tobytes() == image_of(given).tobytes()
    assert image.info["icc_profile"] == profile
    assert not image.getexif()
    assert not any(word in data for word in (b"camera", b"by me", b"film"))


@pytest.mark.parametrize(
    ("form", "size", "side"),
    [
        ("PNG", (1400, 1400), 1400),
        ("PNG", (3000, 3000), 3000),
        ("JPEG", (600, 600), ART_PX),
        ("JPEG", (4000, 4000), 3000),
        ("JPEG", (1000, 2000), 2000),
        ("JPEG", (20, 300), ART_PX),
    ],
)
def test_other_art_is_made_to_be_taken(form: str, size: tuple[int, int], side: int) -> None:
    image = image_of(show_art(feed(image=saved(photo(*size), form))))
    assert image.size == (side, side)
    assert near(image.getpixel((side // 3, side // 2)), rgb("#c03020"))
    assert near(image.getpixel((side - 10, side // 2)), rgb("#2030c0"))


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGBA", "P"])
def test_other_colours_become_red_green_and_blue(mode: str) -> None:
    given = saved(photo(1400, 1400).convert(mode), "JPEG" if mode in {"L", "CMYK"} else "PNG")
    assert image_of(show_art(feed(image=given))).size == (1400, 1400)


def test_a_turned_photograph_stands_upright() -> None:
    exif = with_exif()
    exif[ExifTags.Base.Orientation] = 6
    image = image_of(show_art(feed(image=saved(photo(1400, 1400), exif=exif))))
    assert near(image.getpixel((700, 50)), rgb("#c03020")), "what was left is above"


def test_a_heavy_picture_is_made_lighter() -> None:
    given = saved(Image.effect_noise((1500, 1500), 15).convert("RGB"), quality=97)
    assert len(given) > 2 * MOST_BYTES
    assert len(show_art(feed(image=given))) <= MOST_BYTES


@pytest.mark.parametrize(
    "broken", [b"", b"GIF89a", saved(photo(1400, 1400))[:2000], saved(photo(1400, 1400), "PNG")[:2000]]
)
def test_art_is_drawn_where_the_authors_own_is_none(broken: bytes) -> None:
    assert show_art(feed(image=broken)) == show_art(feed())


@pytest.mark.parametrize("cut", [0, 1, 2, 3, 10, 300, 5000, -2, -1])
def test_the_notes_of_what_is_no_whole_jpeg_are_not_looked_for(cut: int) -> None:
    assert without_notes(saved(Image.effect_noise((200, 200), 60))[:cut]) is None
    assert without_notes(b"\xff\xd8\xff" + bytes(100)) is None


# The art of an episode


def test_episode_art_is_its_cover_drawn_large() -> None:
    one = episode()
    data = episode_art(one)
    assert image_of(data).size == (ART_PX, ART_PX)
    assert data == cover(one.timeline, ART_PX)
    assert len(data) < MOST_BYTES
    titled = replace(one, title="Day 1")
    assert episode_art(titled) == cover(replace(one.timeline, title="Day 1"), ART_PX), "as apps list it"


def test_the_picture_in_the_file_alone_does_not_make_it_the_authors_own() -> None:
    one = replace(episode(), cover=saved(photo(600, 600)))
    assert episode_art(one) == episode_art(replace(one, cover=None))
    about = replace(one.timeline, about=About("x"))
    assert episode_art(replace(one, timeline=about)) == episode_art(one)


def test_an_authors_picture_is_enlarged_whole() -> None:
    timeline = replace(one_of_each(), about=About("x", own_cover=True))
    one = replace(episode(timeline), cover=saved(photo(600, 600)))
    image = image_of(episode_art(one))
    assert image.size == (ART_PX, ART_PX)
    assert near(image.getpixel((700, 700)), rgb("#c03020"))
    assert near(image.getpixel((800, 700)), rgb("#2030c0"))
    assert episode_art(replace(one, cover=b"broken")) == episode_art(replace(one, cover=None))


def test_what_others_are_changes_nothing_of_an_episodes_art() -> None:
    one = episode(golden("deutsch"))
    moved = replace(one, digest="0" * 64, size_bytes=2, guid="h", published=one.published + dt.timedelta(9), number=5)
    assert episode_art(moved) == episode_art(one)


# Icons


def pixels(image: Image.Image) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    for y in range(image.height):
        for x in range(image.width):
            yield x, y, image.getpixel((x, y))


@pytest.mark.parametrize("side_px", [16, 32, 48, 180, 192, 512])
def test_icons_are_small_square_and_without_holes(side_px: int) -> None:
    data = icon(feed(), side_px)
    assert image_of(data, "PNG").size == (side_px, side_px)
    assert len(data) < 20_000
    assert data == icon(feed("Other"), side_px), "the mark is that of the sessions, not of a title"


def test_launchers_may_cut_off_a_tenth_on_each_side() -> None:
    image = image_of(icon(feed(), 200, maskable=True), "PNG")
    ground = image.getpixel((0, 0))
    far = [math.hypot(x + 0.5 - 100, y + 0.5 - 100) for x, y, pixel in pixels(image) if pixel != ground]
    assert 60 < max(far) <= 80.5, "a circle of 80 %"
    plain = image_of(icon(feed(), 200), "PNG")
    assert sum(pixel != ground for *_, pixel in pixels(plain)) > len(far)


@pytest.mark.parametrize("kind", ["hold", "reps", "time", "cycles", "breathe", "say"])
def test_the_mark_stands_out_at_48_pixels(
    kind: str, contrast: Callable[[tuple[int, ...], tuple[int, ...]], float]
) -> None:
    """WCAG 2.2 wants 3 : 1 for shapes."""
    one = replace(feed(), episodes=(episode(session(Span(kind, 0, s(60)))),))
    image = image_of(icon(one, 48), "PNG")
    ground, right, sign = (image.getpixel(at) for at in ((1, 1), (40, 24), (24, 24)))
    assert contrast(right, ground) >= 3
    assert contrast(sign, image.getpixel((14, 24))) >= 4.5


@pytest.fixture
def contrast() -> Callable[[tuple[int, ...], tuple[int, ...]], float]:
    def luminance(colour: tuple[int, ...]) -> float:
        red, green, blue = ((c / 255 + 0.055) ** 2.4 / 1.055**2.4 if c > 10 else c / 255 / 12.92 for c in colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def ratio(one: tuple[int, ...], other: tuple[int, ...]) -> float:
        dark, light = sorted((luminance(one), luminance(other)))
        return (light + 0.05) / (dark + 0.05)

    return ratio
