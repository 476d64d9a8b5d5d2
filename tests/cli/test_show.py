"""voicecoach show: what it tells of the tag, and what it writes out of it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from voicecoach.mp3.id3 import build_tag, read_tags
from voicecoach.mp3.session_file import read_session, sound_at

ROUTINE = """\
title: Two things
author: Sam Lee
series: Every day
date: 2026-03-31
description: Two things and a rest.
steps:
  - say: Hello there.
  - own-sit: {name: Wall sit, sides: each, hold: 5s, set up: Back against the wall., equipment: [wall],
      safety: Stop if a knee hurts.}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, own_cache: Path) -> Path:
    from voicecoach.cli.app import run

    folder = tmp_path_factory.mktemp("show")
    (folder / "two.yaml").write_text(ROUTINE, encoding="utf-8")
    assert run(["build", str(folder / "two.yaml"), "--voice", "fake", "-o", str(folder / "two.mp3")]) == 0
    return folder / "two.mp3"


def with_tag(made: Path, target: Path, **changes: Any) -> Path:
    """Copy a session with another tag."""
    target.write_bytes(build_tag(replace(read_tags(made), **changes)) + made.read_bytes()[sound_at(made) :])
    return target


def test_what_is_in_the_file(made: Path, cli: Callable[..., Any]) -> None:
    ran = cli("show", made)
    assert (ran.code, ran.err) == (0, "")
    lines = {line.split()[0]: line for line in ran.out.splitlines()}
    assert ran.out.startswith("Two things  by Sam Lee\n")
    assert lines["series"] == "series    Every day"
    assert lines["date"] == "date      2026-03-31"
    assert lines["language"] == "language  en"
    cover = read_tags(made).cover
    assert cover is not None
    assert lines["cover"] == f"cover     600 × 600 pixels, {len(cover) / 1000:.0f} kB"
    tags = read_tags(made)
    assert tags.words is not None
    assert lines["lyrics"] == f"lyrics    {len(tags.words.split())} words, {len(tags.lyrics)} lines with times"


def test_levels(made: Path, cli: Callable[..., Any]) -> None:
    line = next(line for line in cli("show", made).out.splitlines() if line.startswith("levels"))
    assert re.fullmatch(r"levels    podcast, -\d+\.\d LUFS, true peak -\d+\.\d dBTP", line), "no bed to be over"
    levels = read_session(made).levels
    assert levels is not None
    assert f" {levels.integrated_lufs:.1f} LUFS" in line


def test_a_file_without_cover_and_words(made: Path, cli: Callable[..., Any], tmp_path: Path) -> None:
    bare = with_tag(made, tmp_path / "bare.mp3", cover=None, words=None, lyrics=(), comment=None)
    out = cli("show", bare).out
    assert "cover     none\n" in out
    assert "lyrics    none\n" in out
    for arguments in (("--lyrics",), ("--notes",), ("--cover", tmp_path / "x.jpg")):
        ran = cli("show", bare, *arguments)
        assert (ran.code, ran.out) == (1, "")
        assert "bare.mp3" in ran.err
    assert not (tmp_path / "x.jpg").exists()
    damaged = with_tag(made, tmp_path / "damaged.mp3", cover=b"no picture", lyrics=())
    assert "cover     damaged\n" in cli("show", damaged).out
    assert "words, no times\n" in cli("show", damaged).out


def test_lyrics_are_all_that_is_said(made: Path, cli: Callable[..., Any]) -> None:
    out = cli("show", made, "--lyrics").out
    assert out == f"{read_tags(made).words}\n"
    assert "Hello there.\n" in out
    assert "\n\n" in out, "chapters are apart"


def test_notes(made: Path, cli: Callable[..., Any]) -> None:
    out = cli("show", made, "--notes").out
    assert out.startswith("Two things and a rest.\n\nAbout ")
    assert "Have ready: wall\n" in out
    assert "\n1. Wall sit: hold 5\u00a0s each side\n" in out
    assert "Take care:\n" in out
    assert "\nWall sit: Stop if a knee hurts.\n" in out
    assert out.endswith("\nSam Lee\n")


def test_the_cover_is_written_out(made: Path, cli: Callable[..., Any], tmp_path: Path) -> None:
    ran = cli("show", made, "--cover", tmp_path / "x.jpg")
    assert (ran.code, ran.out) == (0, f"{tmp_path / 'x.jpg'}\n")
    data = (tmp_path / "x.jpg").read_bytes()
    assert data == read_tags(made).cover
    assert Image.open(io.BytesIO(data)).size == (600, 600)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--cover", "x.png"), 2),
        (("--cover", "none/x.jpg"), 2),
        (("--lyrics", "--json"), 2),
        (("--lyrics", "--cover", "x.jpg"), 2),
    ],
)
def test_what_cannot_be(
    made: Path,
    cli: Callable[..., Any],
    arguments: tuple[str, ...],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = cli("show", made, *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err
    assert not list(tmp_path.iterdir())


def test_somebody_elses_words_command_no_terminal(made: Path, cli: Callable[..., Any], tmp_path: Path) -> None:
    other = with_tag(made, tmp_path / "x.mp3", words="a\x1b[2Jb", comment="c\x1b[31md", album="e\x1b[2Jf")
    for arguments in ((), ("--lyrics",), ("--notes",)):
        assert "\x1b" not in cli("show", other, *arguments).out
