"""build's other files: formats, stems, one file a step, levels and bitrates; by flags, names of files and a profile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from voicecoach.mp3.header import read_info
from voicecoach.mp3.id3 import read_tags
from voicecoach.mp3.session_file import read_session
from voicecoach.publish.playlist import track_name

ROUTINE = """\
title: "Evening: floor & wall"
steps:
  - say: Hello.
  - pigeon-pose: {hold: 5s, sides: left}
  - rest: 5s
  - wall-sit: {name: "Wall/sit?", position: standing, set up: Lean on the wall., hold: 5s}
"""
BEDDED = "title: Bedded\nbed: rain\nsteps:\n  - rest: 8s\n  - say: Done.\n"
Cli = Callable[..., Any]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICECOACH_DATA", str(tmp_path / "data"))
    for name, text in (("r.yaml", ROUTINE), ("b.yaml", BEDDED)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def build(cli: Cli) -> Cli:
    def run(*arguments: str, routine: str = "r.yaml") -> Any:
        return cli("build", routine, "--voice", "fake", *arguments)

    return run


def made(folder: str = "output") -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file())


def samples(path: str) -> np.ndarray:
    return soundfile.read(path, dtype="float64", always_2d=True)[0]


# Formats


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["--format", "flac"], "output/r.flac"),
        (["--format", "FLAC", "-o", "there/"], "there/r.flac"),
        (["-o", "x.flac"], "x.flac"),
        (["-o", "X.FLAC", "--format", "flac"], "X.FLAC"),
        (["--profile", "flac.yaml"], "output/r.flac"),
        (["--profile", "flac.yaml", "-o", "x.mp3"], "x.mp3"),
        (["--profile", "flac.yaml", "--format", "mp3"], "output/r.mp3"),
    ],
)
def test_who_says_the_format(build: Cli, arguments: list[str], wanted: str) -> None:
    Path("flac.yaml").write_text("format: flac\n", encoding="utf-8")
    ran = build(*arguments)
    assert ran.code == 0, ran.err
    assert ran.out.split("  ")[0] == wanted.replace("/", os.sep)
    begins = b"fLaC" if wanted.lower().endswith("flac") else b"ID3"
    assert Path(wanted).read_bytes().startswith(begins)


def test_another_format_is_the_same_session(build: Cli) -> None:
    build()
    build("--format", "flac")
    length = read_session(Path("output/r.mp3")).frames
    assert len(samples("output/r.flac")) == length
    build("-o", "x.opus")
    assert len(samples("x.opus")) == length


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "ogg", "-o", "x.flac"], "'x.flac' does not end in .ogg"),
        (["--format", "aiff"], "'aiff' is not one of"),
        (["-o", "x.aiff"], "'x.aiff' does not end in .mp3"),
        (["--per-step", "--stems"], "--stems goes with one file a session"),
        (["--per-step", "-o", "x.flac"], "with --per-step, -o names a folder"),
        (["--bitrate", "100"], "an MP3 cannot have 100 kbit/s, but 48, 56, 64, 80, 96, 112"),
        (["--bitrate", "32"], "48<=x<=320"),
        (["--bitrate", "96", "-o", "x.wav"], "wav keeps every sample"),
        (["--plain-encode", "--format", "m4b"], "--plain-encode is about MP3s"),
        (["--verify", "--format", "flac"], "only an MP3 of a whole session"),
        (["--verify", "--per-step"], "only an MP3 of a whole session"),
        (["--level", "deafening"], "'deafening' is not one of"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_once(build: Cli, arguments: list[str], said: str) -> None:
    ran = build(*arguments)
    assert ran.code == 2
    assert said in ran.err
    assert not Path("output").exists()


def test_without_ffmpeg_nothing_is_begun(build: Cli, monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    monkeypatch.setenv("PATH", str(here))
    ran = build("-o", "x.m4b")
    assert (ran.code, ran.out) == (1, "")
    assert "cannot write M4B files without ffmpeg" in ran.err
    assert "hint: install ffmpeg, or choose mp3, ogg, opus, flac or wav" in ran.err
    assert not Path("x.m4b").exists()
    assert build("--stems", "-o", "x.mp3").code == 0, "WAV needs none"


def test_verify_says_what_it_can_verify(build: Cli, cli: Cli) -> None:
    build("-o", "x.flac")
    ran = cli("verify", "x.flac")
    assert ran.code == 1
    assert "x.flac cannot be verified: only an MP3 carries the timeline" in ran.err


# Levels and bitrates


def test_how_loud_and_how_large(build: Cli) -> None:
    Path("me.yaml").write_text("level: quiet\nbitrate: 64\n", encoding="utf-8")
    found = {}
    for name, arguments in {
        "usual": [],
        "loud": ["--level", "loud", "--bitrate", "160"],
        "mine": ["--profile", "me.yaml"],
        "over mine": ["--profile", "me.yaml", "--level", "loud", "--bitrate", "48"],
    }.items():
        assert build("-o", f"{name}.mp3", *arguments).code == 0
        levels = read_session(Path(f"{name}.mp3")).levels
        assert levels is not None
        assert levels.integrated_lufs is not None
        found[name] = (levels.profile, round(levels.integrated_lufs), read_info(Path(f"{name}.mp3")).bitrate_kbps)
    assert found == {
        "usual": ("podcast", -19, 96),
        "loud": ("loud", -17, 160),
        "mine": ("quiet", -24, 64),
        "over mine": ("loud", -17, 48),
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("level: laud", "did you mean 'loud'?"),
        ("format: mp4", "did you mean"),
        ("bitrate: 128k", "from 48 to 320"),
        ("bitrate: 1000", "from 48 to 320"),
    ],
)
def test_faults_in_a_profile(build: Cli, line: str, said: str) -> None:
    Path("me.yaml").write_text(line + "\n", encoding="utf-8")
    ran = build("--profile", "me.yaml")
    assert ran.code == 1
    assert said in ran.err
    assert "me.yaml:1:" in ran.err


def test_plain_encode_sounds_the_same(build: Cli) -> None:
    build("-o", "spliced.mp3")
    build("-o", "plain.mp3", "--plain-encode")
    spliced, plain = (read_session(Path(name)) for name in ("spliced.mp3", "plain.mp3"))
    assert spliced == plain
    assert Path("spliced.mp3").read_bytes() != Path("plain.mp3").read_bytes()


# Stems


def test_stems_add_up_to_the_session(build: Cli) -> None:
    ran = build("--format", "flac", "--stems", routine="b.yaml")
    stems = ["output/b.voice.flac", "output/b.earcons.flac", "output/b.bed.flac"]
    assert [line.replace(os.sep, "/") for line in ran.out.splitlines()[1:]] == stems
    session = samples("output/b.flac")
    assert np.abs(sum(map(samples, stems)) - session).max() < 4 * 2**-23
    assert all(np.abs(samples(stem)).max() > 0.001 for stem in stems)


def test_stems_of_an_mp3_are_wav_and_those_of_silent_tracks_are_none(build: Cli) -> None:
    """And what an earlier build left of a track that is silent now is taken away: it is no part of this session."""
    build("--stems", "-o", "x.mp3", routine="b.yaml")
    assert made(".") == ["b.yaml", "r.yaml", "x.bed.wav", "x.earcons.wav", "x.mp3", "x.voice.wav"]
    build("--stems", "-o", "x.mp3")
    assert made(".") == ["b.yaml", "r.yaml", "x.earcons.wav", "x.mp3", "x.voice.wav"]
    assert len(samples("x.voice.wav")) == len(samples("x.earcons.wav")) == read_session(Path("x.mp3")).frames


def test_stems_in_mp3_where_that_is_asked_for(build: Cli) -> None:
    build("--stems", "--format", "mp3", routine="b.yaml")
    assert made() == ["b.bed.mp3", "b.earcons.mp3", "b.mp3", "b.voice.mp3"]
    length = read_session(Path("output/b.mp3")).frames
    assert {read_info(path).length_frames for path in Path("output").iterdir()} == {length}
    assert read_tags(Path("output/b.voice.mp3")).title == "Bedded (voice)"


# One file a step


def test_a_file_a_step_and_a_playlist(build: Cli, cli: Cli) -> None:
    build()
    timeline = read_session(Path("output/r.mp3"))
    Path("output/r.mp3").unlink()
    ran = build("--per-step")
    assert ran.out.startswith(f"output{os.sep}r{os.sep}r.m3u  ")
    assert "4 files, " in ran.out
    names = ["01 Opening.mp3", "02 Pigeon pose, left.mp3", "03 Wall sit.mp3", "04 Close.mp3"]
    assert made("output") == [*(f"r/{name}" for name in names), "r/r.m3u"]
    infos = [read_info(Path("output/r") / name) for name in names]
    assert [info.length_frames for info in infos] == [chapter.frames for chapter in timeline.chapters]
    assert sum(info.length_frames for info in infos) == timeline.frames
    text = Path("output/r/r.m3u").read_bytes().decode("utf-8")
    assert text.startswith("#EXTM3U\n#PLAYLIST:Evening: floor & wall\n#EXTINF:")
    lines = text.splitlines()[2:]
    assert lines[1::2] == names
    seconds = [line.removeprefix("#EXTINF:").partition(",") for line in lines[::2]]
    assert [title for _, _, title in seconds] == [chapter.title for chapter in timeline.chapters]
    assert [int(s) for s, _, _ in seconds] == [round(chapter.frames / 48_000) for chapter in timeline.chapters]


def test_each_step_is_a_track_of_the_album(build: Cli, tool: Callable[[str], str]) -> None:
    build("--per-step")
    path = Path("output/r/02 Pigeon pose, left.mp3")
    command = [tool("ffprobe"), "-v", "error", "-show_entries", "format_tags", "-of", "default=nw=1", str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    for line in ("title=Pigeon pose, left", "album=Evening: floor & wall", "track=2/4"):
        assert f"TAG:{line}\n" in told
    assert "Pigeon pose" in told.partition("lyrics")[2]
    assert "Hello." not in told


def test_steps_are_the_session_cut_up(build: Cli) -> None:
    build("--format", "flac")
    build("--format", "flac", "--per-step")
    steps = [samples(str(path)) for path in sorted(Path("output/r").glob("*.flac"))]
    assert np.array_equal(np.concatenate(steps), samples("output/r.flac"))


def test_steps_take_the_place_of_earlier_ones_and_of_nothing_else(build: Cli) -> None:
    build("--per-step")
    Path("output/r/mine.txt").write_text("keep me")
    Path("output/r/05 Mine.mp3").write_text("keep me")
    text = ROUTINE.replace("  - rest: 5s\n", "").replace("Wall/sit?", "Sit")
    Path("r.yaml").write_text(text.replace("  - say: Hello.\n", ""), encoding="utf-8")
    build("--per-step", "--format", "flac")
    found = made("output")
    assert {"r/mine.txt", "r/05 Mine.mp3", "r/r.m3u"} < set(found)
    assert not {name for name in found if name.endswith(".mp3")} - {"r/05 Mine.mp3"}
    listed = [line for line in Path("output/r/r.m3u").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert {f"r/{name}" for name in listed} == {name for name in found if name.endswith(".flac")}


def test_a_playlist_that_names_strangers_costs_none_of_them(build: Cli, here: Path) -> None:
    folder = here / "output" / "r"
    folder.mkdir(parents=True)
    (here / "output" / "01 Theirs.mp3").write_text("keep me")
    (folder / "notes.txt").write_text("keep me")
    (folder / "r.m3u").write_text(f"../01 Theirs.mp3\n{here}/r.yaml\nnotes.txt\n01 Gone.mp3\n", encoding="utf-8")
    assert build("--per-step").code == 0
    assert {"01 Theirs.mp3", "r/notes.txt"} < set(made())
    assert (here / "r.yaml").is_file()


def test_a_file_where_the_folder_should_be(build: Cli) -> None:
    Path("output").mkdir()
    Path("output/r").write_text("keep me")
    ran = build("--per-step")
    assert ran.code == 2
    assert "it is a file" in ran.err
    assert Path("output/r").read_text() == "keep me"


@pytest.mark.parametrize(
    ("number", "of", "title", "name"),
    [
        (1, 9, "Opening", "01 Opening.mp3"),
        (7, 120, "Rest", "007 Rest.mp3"),
        (2, 9, 'a/b\\c:d*e?f"g<h>i|j\nk\0', "02 a b c d e f g h i j k.mp3"),
        (3, 9, "Who is it ...", "03 Who is it.mp3"),
        (4, 9, "", "04.mp3"),
        (5, 9, "東京 Übung 🧘", "05 東京 Übung 🧘.mp3"),
        (6, 9, "../..", "06.mp3"),
    ],
)
def test_names_of_files(number: int, of: int, title: str, name: str) -> None:
    assert track_name(number, of, title, ".mp3") == name


def test_a_long_title_is_a_name_that_a_disk_takes(tmp_path: Path) -> None:
    name = track_name(1, 5, "東" * 300, ".flac")
    assert 150 < len(name.encode()) < 200
    (tmp_path / f".{name}.music.1234567.part").touch()


# Interrupted and killed


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("arguments", [["-o", "output/x.m4b"], ["--per-step"], ["-o", "output/x.flac", "--stems"]])
def test_killed_or_interrupted_it_leaves_the_old_or_the_new(here: Path, arguments: list[str]) -> None:
    """Ctrl-C tidies up at once; what a kill leaves, the next build takes away."""
    long = "title: Long\nbed: rain\nsteps:\n  - say: Hello.\n  - rest: 5 min\n  - wall-sit: {name: W, hold: 40s}\n"
    Path("x.yaml").write_text(long, encoding="utf-8")
    Path("output").mkdir()
    command = [sys.executable, "-m", "voicecoach", "build", "x.yaml", "--voice", "fake", *arguments]

    def started() -> subprocess.Popen[str]:
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        until_s = time.monotonic() + 60
        while not any(name.startswith(".") for name in made()):
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < until_s
            time.sleep(0.002)
        return process

    process = started()
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=60)[1]
    assert process.returncode == 130, told
    assert made() == []
    process = started()
    process.kill()
    process.communicate(timeout=60)
    left = made()
    assert left
    assert not [name for name in left if not name.startswith(".")]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert not [name for name in made() if name.startswith(".") or "/." in name]
    assert made()
