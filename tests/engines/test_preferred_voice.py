"""The voice that a person prefers: one a language, kept in a file that may be damaged or out of reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicecoach.engines.preferred import FILE, preferred_voice, preferred_voices, set_preferred
from voicecoach.errors import OutputError


def test_one_voice_a_language(tmp_path: Path) -> None:
    assert preferred_voice(tmp_path, "en") is None
    set_preferred(tmp_path, "piper:en_US-kristin-medium", "en-US")
    set_preferred(tmp_path, "espeak:de", "de")
    for language in ("en", "en-gb", "EN_us"):
        assert preferred_voice(tmp_path, language) == "piper:en_US-kristin-medium"
    assert preferred_voice(tmp_path, "es") is None
    set_preferred(tmp_path, "system:Some Voice, HD", "en")
    assert preferred_voices(tmp_path) == {"de": "espeak:de", "en": "system:Some Voice, HD"}
    set_preferred(tmp_path, None, "en-gb")
    assert preferred_voices(tmp_path) == {"de": "espeak:de"}
    assert sorted(path.name for path in (tmp_path / FILE).parent.iterdir()) == [FILE.name]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"en\n", b"# en espeak\n", b"en-US espeak\n", b"\n\n  \n"])
def test_a_damaged_file_chooses_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_bytes(content)
    assert preferred_voice(tmp_path, "en") is None
    set_preferred(tmp_path, "espeak", "en")
    assert preferred_voices(tmp_path) == {"en": "espeak"}


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "voices").write_text("a file", encoding="utf-8")
    assert preferred_voice(tmp_path, "en") is None
    with pytest.raises(OutputError, match="cannot be kept"):
        set_preferred(tmp_path, "espeak", "en")


@pytest.mark.parametrize(
    ("spec", "language"), [("", "en"), (" ", "en"), ("a\nde b", "en"), ("espeak", ""), ("x", "a b")]
)
def test_what_is_no_choice(tmp_path: Path, spec: str, language: str) -> None:
    with pytest.raises(ValueError, match="no choice"):
        set_preferred(tmp_path, spec, language)
    assert preferred_voices(tmp_path) == {}
