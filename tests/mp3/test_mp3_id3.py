"""The ID3 tag: its order in the raw bytes, and what others read in it."""

from __future__ import annotations

import contextlib
import io
import json
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen import id3
from PIL import Image

from voicecoach.errors import EncodeError, SessionFileError
from voicecoach.mp3 import id3 as ours
from voicecoach.mp3.id3 import PLAYERS_READ_BYTES, build_tag, read_tags, read_timeline
from voicecoach.mp3.tags import Chapter, Lyric, Tags


def jpeg():
    out = io.BytesIO()
    Image.radial_gradient("L").resize((600, 600)).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


CHAPTERS = tuple(Chapter(f"Exercise {number}", number * 1000, number * 1000 + 1000) for number in range(12))
TAGS = Tags(
    title="Morning",
    artist="voicecoach",
    encoder="voicecoach 0.1.0",
    length_ms=12_000,
    timeline_json=json.dumps({"cues": list(range(500))}).encode(),
    chapters=CHAPTERS,
    genre="Health & Fitness",
    album="Every day",
    comment="Lie down.\nBreathe.",
    language="en",
    date="2026-03-31",
    cover=jpeg(),
    words="Lie down.\n\nBreathe.",
    lyrics=(Lyric("Lie down.", 0), Lyric("Breathe.", 1500)),
)


def raw_frames(tag):
    """Take the tag apart without mutagen: (id, flags, body) in the order of the bytes."""
    assert tag[:6] == b"ID3\x03\x00\x00"
    size = tag[6] << 21 | tag[7] << 14 | tag[8] << 7 | tag[9]
    assert size == len(tag) - 10
    at, found = 10, []
    while at < len(tag):
        length = int.from_bytes(tag[at + 4 : at + 8], "big")
        found.append((tag[at : at + 4].decode(), tag[at + 8 : at + 10], tag[at + 10 : at + 10 + length]))
        at += 10 + length
    return found


def session(tmp_path, tags, music=b"\xff\xfb\x74\xc4not really"):
    path = tmp_path / "session.mp3"
    path.write_bytes(build_tag(tags) + music)
    return path


def test_order_in_the_bytes():
    frames = raw_frames(build_tag(TAGS))
    texts = ["TIT2", "TPE1", "TALB", "TCON", "TYER", "TDAT", "TLAN", "TLEN", "TSSE", "COMM"]
    assert [name for name, _, _ in frames] == [*texts, "CTOC", *["CHAP"] * 12, "APIC", "USLT", "SYLT", "GEOB"]
    assert all(flags == b"\0\0" for _, flags, _ in frames)
    bodies = {name: body for name, _, body in frames}
    assert bodies["TLEN"].rstrip(b"\0") == b"\x0012000"
    assert bodies["TLAN"].rstrip(b"\0") == b"\0eng"
    assert bodies["COMM"].startswith(b"\0eng\0Lie")
    assert (bodies["TYER"].rstrip(b"\0"), bodies["TDAT"].rstrip(b"\0")) == (b"\x002026", b"\x003103")
    assert bodies["APIC"] == b"\0image/jpeg\0\x03\0" + TAGS.cover
    assert bodies["USLT"].rstrip(b"\0") == b"\0eng\0Lie down.\n\nBreathe."
    times = (0).to_bytes(4, "big"), (1500).to_bytes(4, "big")
    assert bodies["SYLT"] == b"\0eng\x02\x01\0Lie down.\0" + times[0] + b"\nBreathe.\0" + times[1], "ms, lyrics"
    assert bodies["CTOC"] == b"toc\0\x03\x0c" + b"".join(b"ch%d\0" % number for number in range(12))
    chapters = [body for name, _, body in frames if name == "CHAP"]
    starts = [int.from_bytes(body.split(b"\0", 1)[1][:4], "big") for body in chapters]
    assert starts == [number * 1000 for number in range(12)]


def test_same_tags_same_bytes():
    assert build_tag(TAGS) == build_tag(TAGS)


def test_what_is_not_given_has_no_frame():
    names = [name for name, _, _ in raw_frames(build_tag(Tags("t", "a", "e", 1, b"{}")))]
    assert names == ["TIT2", "TPE1", "TCON", "TLEN", "TSSE", "GEOB"]


def test_lyrics_are_put_in_order(tmp_path):
    lyrics = (Lyric("b", 5), Lyric("a", 1), Lyric("c", 5))
    assert read_tags(session(tmp_path, Tags("t", "a", "e", 1, b"{}", lyrics=lyrics))).lyrics == (
        Lyric("a", 1),
        Lyric("b", 5),
        Lyric("c", 5),
    )


@pytest.mark.parametrize("at_ms", [-1, 2**32])
def test_impossible_times_of_lyrics(at_ms):
    with pytest.raises(EncodeError, match="'x' cannot be said"):
        build_tag(Tags("t", "a", "e", 1, b"{}", lyrics=(Lyric("x", at_ms),)))


@pytest.mark.parametrize("date", ["2026-02-30", "yesterday", ""])
def test_no_date(date):
    with pytest.raises(EncodeError, match="is not a date"):
        build_tag(Tags("t", "a", "e", 1, b"{}", date=date))


def test_one_line_in_another_script_makes_all_utf_16(tmp_path):
    tags = Tags("t", "a", "e", 1, b"{}", words="Да", lyrics=(Lyric("Yes", 0), Lyric("Да", 7)))
    body = next(body for name, _, body in raw_frames(build_tag(tags)) if name == "SYLT")
    assert body.count(b"\xff\xfe") == 3, "a mark before each text, the description among them"
    assert read_tags(session(tmp_path, tags)) == tags


@pytest.mark.parametrize(
    ("words", "lines", "kept"),
    [
        (1000, 1000, {"USLT", "SYLT"}),
        (1000, PLAYERS_READ_BYTES, {"USLT"}),
        (PLAYERS_READ_BYTES, 1000, set()),
        (PLAYERS_READ_BYTES - 60_000, 60_000, {"USLT"}),
    ],
)
def test_a_tag_stays_so_small_that_players_read_it(tmp_path, words, lines, kept):
    lyrics = tuple(Lyric("x" * 50, number) for number in range(lines // 50))
    tags = Tags("t", "a", "e", 1, b"{}", CHAPTERS, cover=TAGS.cover, words="x" * words, lyrics=lyrics)
    tag = build_tag(tags)
    assert len(tag) <= PLAYERS_READ_BYTES + 10
    names = {name for name, _, _ in raw_frames(tag)}
    assert names & {"USLT", "SYLT"} == kept
    assert names > {"TIT2", "CHAP", "APIC", "GEOB"}, "nothing else yields"
    back = read_tags(session(tmp_path, tags))
    assert (back.cover, back.chapters) == (TAGS.cover, CHAPTERS)


def test_chapters_are_put_in_order(tmp_path):
    path = session(tmp_path, Tags("t", "a", "e", 1, b"{}", tuple(reversed(CHAPTERS))))
    assert read_tags(path).chapters == CHAPTERS


def test_round_trip(tmp_path):
    path = session(tmp_path, TAGS)
    assert read_tags(path) == TAGS
    assert read_timeline(path) == TAGS.timeline_json


@given(
    title=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60),
    timeline=st.binary(max_size=2000),
    names=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20), max_size=5),
)
def test_round_trip_of_any_text(title, timeline, names, tmp_path_factory):
    chapters = tuple(Chapter(name, number * 10, number * 10 + 10) for number, name in enumerate(names))
    lyrics = tuple(Lyric(name.strip("\n"), number) for number, name in enumerate(names))  # each is a line
    tags = Tags(title, "a", "e", 1, timeline, chapters, comment=title, words=title, lyrics=lyrics)
    assert read_tags(session(tmp_path_factory.mktemp("any"), tags)) == tags


@pytest.mark.parametrize("title", ["Утренняя зарядка", "朝の体操", "Zażółć", "→", "🧘"])
def test_other_scripts_have_a_byte_order_mark(tmp_path, title):
    tags = Tags(title, "Ärztin Ñandú", "e", 1, b"{}", (Chapter(title, 0, 1),))
    bodies = {name: body for name, _, body in raw_frames(build_tag(tags))}
    assert bodies["TIT2"].startswith(b"\x01\xff\xfe" + title.encode("utf-16-le"))
    assert bodies["TPE1"].startswith(b"\x00" + "Ärztin Ñandú".encode("latin-1"))
    assert b"\x01\xff\xfe" + title.encode("utf-16-le") in bodies["CHAP"]
    assert read_tags(session(tmp_path, tags)) == tags


@pytest.mark.parametrize(
    ("given", "written", "back"), [("en-us", "eng", "en"), ("DE_at", "deu", "de"), ("yue", "yue", "yue")]
)
def test_languages(tmp_path, given, written, back):
    path = session(tmp_path, Tags("t", "a", "e", 1, b"{}", comment="c", language=given))
    tag = id3.ID3(path)
    assert tag["TLAN"].text == [written]
    assert tag.getall("COMM")[0].lang == written
    assert read_tags(path).language == back


@pytest.mark.parametrize("given", [None, "x-klingon", "qq"])
def test_unknown_languages(tmp_path, given):
    path = session(tmp_path, Tags("t", "a", "e", 1, b"{}", comment="c", language=given))
    tag = id3.ID3(path)
    assert "TLAN" not in tag
    assert tag.getall("COMM")[0].lang == "und"
    assert read_tags(path).language is None


def test_mutagen_reads_it(tmp_path):
    tag = id3.ID3(session(tmp_path, TAGS))
    assert tag["TIT2"].text == ["Morning"]
    assert tag["TSSE"].text == ["voicecoach 0.1.0"]
    geob = tag["GEOB:voicecoach timeline"]
    assert (geob.mime, geob.filename) == ("application/zlib", "timeline.json")
    assert zlib.decompress(geob.data) == TAGS.timeline_json
    contents = tag["CTOC:toc"]
    assert contents.flags == id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED
    assert [tag[f"CHAP:{name}"].sub_frames["TIT2"].text[0] for name in contents.child_element_ids] == [
        chapter.title for chapter in CHAPTERS
    ]


def test_300_chapters_nest(tmp_path, ffprobe, encode):
    chapters = tuple(Chapter(f"№ {number}", number * 10, number * 10 + 10) for number in range(300))
    tags = Tags("t", "a", "e", 3000, b"{}", chapters)
    names = [name for name, _, _ in raw_frames(build_tag(tags))]
    assert names[-304:] == ["CTOC"] * 3 + ["CHAP"] * 300 + ["GEOB"]
    path = session(tmp_path, tags, encode(np.zeros((144_000, 1), np.float32), 96))
    tag = id3.ID3(path)
    top = [contents for contents in tag.getall("CTOC") if contents.flags & id3.CTOCFlags.TOP_LEVEL]
    assert len(top) == 1
    nested = [tag[f"CTOC:{name}"] for name in top[0].child_element_ids]
    assert [len(contents.child_element_ids) for contents in nested] == [255, 45]
    assert read_tags(path).chapters == chapters
    assert len(json.loads(ffprobe("-show_chapters", "-of", "json", str(path)))["chapters"]) == 300


def test_ffprobe_reads_it(tmp_path, ffprobe, mp3val, encode):
    path = session(tmp_path, TAGS, encode(np.zeros((12 * 48_000, 1), np.float32), 96))
    shown = json.loads(ffprobe("-show_chapters", "-show_format", "-show_streams", "-of", "json", str(path)))
    assert [chapter["tags"]["title"] for chapter in shown["chapters"]] == [chapter.title for chapter in CHAPTERS]
    assert [float(chapter["start_time"]) for chapter in shown["chapters"]] == [float(n) for n in range(12)]
    found = shown["format"]["tags"]
    assert (found["title"], found["artist"], found["album"]) == ("Morning", "voicecoach", "Every day")
    assert (found["genre"], found["language"]) == ("Health & Fitness", "eng")
    assert found["comment"] == "Lie down.\nBreathe."
    assert found["encoder"] == "voicecoach 0.1.0"
    assert (found["date"], found["TLEN"], found["lyrics-eng"]) == ("2026-03-31", "12000", "Lie down.\n\nBreathe.")
    picture = shown["streams"][1]
    assert (picture["codec_name"], picture["width"], picture["height"]) == ("mjpeg", 600, 600)
    assert picture["disposition"]["attached_pic"] == 1
    assert picture["tags"]["comment"] == "Cover (front)"
    assert mp3val(path) == []


@pytest.mark.parametrize("times", [(-1, 5), (5, 4), (0, 2**32)])
def test_impossible_chapters(times):
    with pytest.raises(EncodeError, match="chapter 'x'"):
        build_tag(Tags("t", "a", "e", 1, b"{}", (Chapter("x", *times),)))


def test_too_many_chapters():
    with pytest.raises(EncodeError, match="65025"):
        build_tag(Tags("t", "a", "e", 1, b"{}", (Chapter("x", 0, 1),) * 65_026))


def test_no_unicode():
    with pytest.raises(EncodeError, match="Unicode"):
        build_tag(Tags("\ud83e", "a", "e", 1, b"{}"))


def test_missing_file(tmp_path):
    with pytest.raises(SessionFileError, match="there is no file"):
        read_timeline(tmp_path / "none.mp3")
    with pytest.raises(SessionFileError, match="there is no file"):
        read_timeline(tmp_path)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n", b"\xff\xfb\x74\xc4" + bytes(284)])
def test_not_ours(tmp_path, content):
    path = tmp_path / "x.mp3"
    path.write_bytes(content)
    with pytest.raises(SessionFileError, match="not an MP3 that voicecoach made"):
        read_timeline(path)


def with_geob(tmp_path, data, description="voicecoach timeline"):
    tag, file = id3.ID3(), io.BytesIO()
    tag.add(id3.GEOB(encoding=0, mime="application/zlib", filename="t", desc=description, data=data))
    tag.save(file, v1=0, v2_version=3)
    path = tmp_path / "x.mp3"
    path.write_bytes(file.getvalue())
    return path


def test_no_timeline(tmp_path):
    with pytest.raises(SessionFileError, match="no voicecoach timeline"):
        read_timeline(with_geob(tmp_path, zlib.compress(b"{}"), "something else"))


@pytest.mark.parametrize("data", [b"", b"{}", zlib.compress(b"{}")[:-1], zlib.compress(b"{}") + b"x"])
def test_damaged_timeline(tmp_path, data):
    with pytest.raises(SessionFileError, match="damaged"):
        read_timeline(with_geob(tmp_path, data))


def test_absurd_timeline(tmp_path, monkeypatch):
    monkeypatch.setattr(ours, "MOST_TIMELINE_BYTES", 1000)
    assert len(read_timeline(with_geob(tmp_path, zlib.compress(bytes(1000))))) == 1000
    with pytest.raises(SessionFileError, match="absurdly large"):
        read_timeline(with_geob(tmp_path, zlib.compress(bytes(1001))))


@given(data=st.data())
def test_any_damage_is_told_or_harmless(data, tmp_path_factory):
    tag = bytearray(build_tag(TAGS))
    for _ in range(data.draw(st.integers(0, 3))):
        tag[data.draw(st.integers(0, len(tag) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damage") / "x.mp3"
    path.write_bytes(tag[: data.draw(st.integers(0, len(tag)))])
    for read in (read_timeline, read_tags):
        with contextlib.suppress(SessionFileError):
            read(path)
