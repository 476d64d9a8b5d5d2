"""What others read in a session's tag: ffprobe, mutagen, eyeD3, mpv and exiftool, against what was built."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mutagen import id3
from PIL import Image

from voicecoach.model.session import Outcome
from voicecoach.model.timeline import Timeline
from voicecoach.model.units import to_seconds

pytestmark = pytest.mark.slow

NEAR_S = 0.05
ROUTINES = {
    "latin": """\
title: Größe und Kraft
author: Dr. Ünal
description: Zwei Übungen, eine Pause.
language: de
series: Jeden Tag
date: 2026-03-31
steps:
  - say: Guten Morgen. Wir beginnen sanft.
  - mein-ausfallschritt:
      name: Ausfallschritt
      sides: each
      hold: 6s
      equipment: [chair]
      set up: Stell den {side} Fuß nach vorn, und senke die Hüfte.
      safety: Hör auf, wenn das Knie schmerzt.
  - rest: 4s
""",
    "other": """\
title: Утренняя зарядка — 1
author: Ирина
series: Каждый день
steps:
  - say: Доброе утро.
  - own-squat: {name: Приседания, reps: 3, tempo: 1-0-1-0, set up: Встаньте прямо.}
""",
}


@pytest.fixture(scope="module", params=ROUTINES)
def built(request: pytest.FixtureRequest, build_text: Callable[[str], Outcome]) -> Outcome:
    outcome = build_text(ROUTINES[request.param])
    assert outcome.session is not None, outcome.faults
    return outcome


@pytest.fixture(scope="module")
def path(built: Outcome) -> Path:
    assert built.session is not None
    return built.session.path


@pytest.fixture(scope="module")
def timeline(built: Outcome) -> Timeline:
    assert built.session is not None
    return built.session.timeline


def output_of(*command: str | Path) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def words_of(built: Outcome) -> tuple[str, str, str]:
    routine = built.routine
    assert routine is not None
    return routine.title, str(routine.author), str(routine.series)


def starts_s(timeline: Timeline) -> list[tuple[str, float, float]]:
    return [(c.title, float(to_seconds(c.start)), float(to_seconds(c.end))) for c in timeline.chapters]


def said(timeline: Timeline) -> list[str]:
    return [clip.text or "" for clip in timeline.track("voice").clips]


def same_chapters(found: list[tuple[str, float, float]], timeline: Timeline) -> None:
    wanted = starts_s(timeline)
    assert [title for title, _, _ in found] == [title for title, _, _ in wanted], "titles, in order"
    for (_, start, end), (_, wanted_start, wanted_end) in zip(found, wanted, strict=True):
        assert abs(start - wanted_start) <= NEAR_S
        assert abs(end - wanted_end) <= NEAR_S


def test_ffprobe(built: Outcome, path: Path, timeline: Timeline, tool: Callable[[str], str]) -> None:
    sections = ("-show_chapters", "-show_format", "-show_streams")
    shown = json.loads(output_of(tool("ffprobe"), "-v", "error", "-of", "json", *sections, path))
    tags = shown["format"]["tags"]
    assert (tags["title"], tags["artist"], tags["album"]) == words_of(built)
    same_chapters(
        [(c["tags"]["title"], float(c["start_time"]), float(c["end_time"])) for c in shown["chapters"]], timeline
    )
    assert int(tags["TLEN"]) == round(timeline.length_s * 1000)
    assert abs(float(shown["format"]["duration"]) - float(timeline.length_s)) <= NEAR_S + 0.024
    lyrics = tags["lyrics-deu" if tags["language"] == "deu" else "lyrics-eng"]
    assert [line for line in lyrics.split("\n") if line] == said(timeline)
    picture = next(stream for stream in shown["streams"] if stream["codec_type"] == "video")
    assert (picture["codec_name"], picture["width"], picture["height"]) == ("mjpeg", 600, 600)
    assert picture["tags"]["comment"] == "Cover (front)"
    assert built.routine is not None
    assert tags.get("date") == built.routine.date
    assert str(built.routine.author) in tags["comment"].splitlines()[-1]


def test_mutagen(built: Outcome, path: Path, timeline: Timeline) -> None:
    tag = id3.ID3(path, translate=False)
    assert tag.version == (2, 3, 0)
    assert not tag.f_unsynch
    assert (tag["TIT2"].text[0], tag["TPE1"].text[0], tag["TALB"].text[0]) == words_of(built)
    names = tag["CTOC:toc"].child_element_ids
    chapters = [tag[f"CHAP:{name}"] for name in names]
    same_chapters([(c.sub_frames["TIT2"].text[0], c.start_time / 1000, c.end_time / 1000) for c in chapters], timeline)
    assert len(tag.getall("APIC")) == 1
    assert Image.open(io.BytesIO(tag["APIC:"].data)).size == (600, 600)
    lines = [(text.removeprefix("\n"), ms / 1000) for text, ms in tag.getall("SYLT")[0].text]
    clips = timeline.track("voice").clips
    assert "".join("".join(text for text, _ in lines).split()) == "".join("".join(said(timeline)).split())
    for clip in clips:
        begins = [at for text, at in lines if (clip.text or "").startswith(text)]
        assert min(abs(at - float(to_seconds(clip.start))) for at in begins) <= 0.001, clip.text
    assert path.read_bytes()[-128:-125] != b"TAG"


EYED3 = """
import json, logging, sys
import eyed3
logging.disable()
tag = (file := eyed3.load(sys.argv[1])).tag
print(json.dumps({
    "words": [tag.title, tag.artist, tag.album],
    "chapters": [[c.title, c.times.start / 1000, c.times.end / 1000] for c in tag.chapters],
    "tables": [[t.toplevel, t.ordered, [name.decode() for name in t.child_ids]] for t in tag.table_of_contents],
    "images": [[i.picture_type, i.mime_type, len(i.image_data)] for i in tag.images],
    "comments": [[c.lang.decode(), c.description, c.text] for c in tag.comments],
    "lyrics": [[lyric.lang.decode(), lyric.description, lyric.text] for lyric in tag.lyrics],
    "date": str(tag.getBestDate()), "length_s": file.info.time_secs,
}))
"""


def test_eyed3(built: Outcome, path: Path, timeline: Timeline) -> None:
    shown: dict[str, Any] = json.loads(output_of(sys.executable, "-W", "ignore", "-c", EYED3, path))
    assert tuple(shown["words"]) == words_of(built)
    same_chapters([(title, start, end) for title, start, end in shown["chapters"]], timeline)
    assert shown["tables"] == [[True, True, [f"ch{number}" for number in range(len(timeline.chapters))]]]
    assert [image[:2] for image in shown["images"]] == [[3, "image/jpeg"]]
    language = "deu" if "Größe" in timeline.title else "eng"
    assert [text[:2] for text in (*shown["comments"], *shown["lyrics"])] == [[language, ""]] * 2
    assert [line for line in shown["lyrics"][0][2].split("\n") if line] == said(timeline)
    assert built.routine is not None
    assert shown["date"] == str(built.routine.date)
    assert abs(shown["length_s"] - float(timeline.length_s)) <= NEAR_S + 0.024


def test_mpv(built: Outcome, path: Path, timeline: Timeline, tool: Callable[[str], str]) -> None:
    count = len(timeline.chapters)
    wanted = ["metadata/by-key/title", "metadata/by-key/artist", "=duration", "=chapter-list/count"]
    wanted += [f"{key}/{n}/{what}" for n in range(count) for key, what in (("chapter-list", "title"),)]
    wanted += [f"=chapter-list/{n}/time" for n in range(count)]
    wanted += ["=track-list/count", "=track-list/1/albumart"]
    message = "@@" + "@@".join(f"${{{name}}}" for name in wanted) + "@@"
    quiet = ("--no-config", "--audio-display=no", "--ao=null", "--length=0.1")
    shown = output_of(tool("mpv"), *quiet, f"--term-playing-msg={message}", path).split("@@")[1:-1]
    title, artist, length_s, number, *rest = shown
    assert (title, artist) == words_of(built)[:2]
    assert int(number) == count
    starts = [float(start) for start in rest[count : 2 * count]]
    ends = [*starts[1:], float(to_seconds(timeline.frames))]
    same_chapters(list(zip(rest[:count], starts, ends, strict=True)), timeline)
    assert abs(float(length_s) - float(timeline.length_s)) <= NEAR_S + 0.024
    assert rest[2 * count :] == ["2", "yes"], "the cover is a picture, not a film"


def test_exiftool(built: Outcome, path: Path, timeline: Timeline, tool: Callable[[str], str]) -> None:
    (shown,) = json.loads(output_of(tool("exiftool"), "-j", path))
    assert (shown["Title"], shown["Artist"], shown["Album"]) == words_of(built)
    assert (shown["PictureType"], shown["PictureMIMEType"]) == ("Front Cover", "image/jpeg")
    language = "-deu" if "Größe" in timeline.title else ""  # English goes without saying there
    assert [line for line in shown[f"Lyrics{language}"].split("\n") if line] == said(timeline)
    begins = f"[00:{float(to_seconds(timeline.track('voice').clips[0].start)):05.2f}]"
    assert shown[f"SynchronizedLyricsText{language}"][0].startswith(begins)
    assert "Warning" not in shown


def test_nothing_of_the_clock_or_the_machine(path: Path) -> None:
    import getpass
    import platform
    import time

    with path.open("rb") as file:
        head = file.read(10)
        tag = head + file.read(sum(byte << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True)))
    timeline = id3.ID3(path)["GEOB:voicecoach timeline"].data
    import zlib

    for data in (tag, zlib.decompress(timeline)):
        for foreign in (platform.node(), str(path.parent), str(Path.home()), time.strftime("%Y-%m-%d")):
            if len(foreign) > 3:
                assert foreign.encode() not in data
        assert len(getpass.getuser()) < 5 or getpass.getuser().encode() not in data
