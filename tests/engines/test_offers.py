"""Catalogues: what is read of a list of voices, and what of it is put where."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from voicecoach.engines import catalogues
from voicecoach.engines.catalogue_kokoro import KokoroCatalogue
from voicecoach.engines.catalogue_piper import PUBLIC, PiperCatalogue, licence_of
from voicecoach.engines.catalogues import catalogue_of, find_offer, install, put, split_name
from voicecoach.engines.downloads import PART
from voicecoach.engines.offers import Installable, Offer, OfferFile
from voicecoach.errors import DownloadError, UsageError, VoiceUnknownError


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("VOICECOACH_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("VOICECOACH_PIPER_VOICES", raising=False)
    monkeypatch.delenv("VOICECOACH_KOKORO_FILES", raising=False)


def voice(name: str, **changes: Any) -> dict[str, Any]:
    code, dataset, quality = name.split("-")
    place = f"{code[:2]}/{code}/{dataset}/{quality}"
    told: dict[str, Any] = {
        "key": name,
        "language": {"code": code, "family": code[:2], "name_english": "English"},
        "quality": quality,
        "num_speakers": 1,
        "files": {
            f"{place}/{name}.onnx": {"size_bytes": 63_201_294, "md5_digest": "0" * 32},
            f"{place}/{name}.onnx.json": {"size_bytes": 4885, "md5_digest": "1" * 32},
            f"{place}/MODEL_CARD": {"size_bytes": 300, "md5_digest": "2" * 32},
        },
    }
    return {**told, **changes}


def offers_of(tmp_path: Path, value: Any) -> Sequence[Offer]:
    path = tmp_path / "voices.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return PiperCatalogue(str(path)).offers()


def test_an_offer_of_the_public_list(tmp_path: Path) -> None:
    """A list that lies alone has its files where the public one has them."""
    (offer,) = offers_of(tmp_path, {"en_US-kristin-medium": voice("en_US-kristin-medium")})
    assert str(offer) == "piper:en_US-kristin-medium"
    assert (offer.language, offer.quality, offer.licence) == ("en-us", "medium", "public domain")
    assert offer.size_bytes == 63_201_294 + 4885
    assert [file.path for file in offer.files] == ["en_US-kristin-medium.onnx.json", "en_US-kristin-medium.onnx"]
    assert offer.files[-1].url == f"{PUBLIC}en/en_US/kristin/medium/en_US-kristin-medium.onnx"
    assert offer.files[-1].digest == "0" * 32


def test_names_that_are_not_ascii(tmp_path: Path) -> None:
    (offer,) = offers_of(tmp_path, {"pt_PT-tugão-medium": voice("pt_PT-tugão-medium")})
    assert offer.files[-1].url.endswith("/pt/pt_PT/tug%C3%A3o/medium/pt_PT-tug%C3%A3o-medium.onnx")
    assert offer.files[-1].path == "pt_PT-tugão-medium.onnx"


def test_licences(tmp_path: Path) -> None:
    assert licence_of("en_US-norman-medium") == "public domain"
    assert licence_of("en_US-lessac-high").startswith("restrictive")
    assert licence_of("en_US-normandy-medium") == "see MODEL_CARD"
    (other,) = offers_of(tmp_path, {"de_DE-thorsten-high": voice("de_DE-thorsten-high")})
    assert other.licence == f"see {PUBLIC}de/de_DE/thorsten/high/MODEL_CARD"


@pytest.mark.parametrize(
    "broken",
    [
        {"files": {}},
        {"files": None},
        {"files": {"x/en_US-a-low.onnx": {"size_bytes": 5}}},
        {"files": {"x/en_US-a-low.onnx": {"size_bytes": -5}, "x/en_US-a-low.onnx.json": {"size_bytes": 5}}},
        {"files": {"x/en_US-a-low.onnx": {"size_bytes": "5"}, "x/en_US-a-low.onnx.json": {"size_bytes": 5}}},
    ],
)
def test_what_is_not_told_in_full_is_no_offer(tmp_path: Path, broken: dict[str, Any]) -> None:
    told = {"en_US-a-low": voice("en_US-a-low", **broken), "en_US-b-low": voice("en_US-b-low"), "x": 3}
    assert [offer.name for offer in offers_of(tmp_path, told)] == ["en_US-b-low"]


def test_odd_words_do_no_harm(tmp_path: Path) -> None:
    (offer,) = offers_of(tmp_path, {"en_US-a-low": voice("en_US-a-low", language=None, quality=None, num_speakers="x")})
    assert (offer.language, offer.quality) == ("en-us", "")


def test_sources_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no catalogue"):
        PiperCatalogue(str(tmp_path / "no.json")).offers()
    with pytest.raises(UsageError, match="no address"):
        PiperCatalogue("ftp://voices.example/").offers()
    (tmp_path / "no.json").write_text("{", encoding="utf-8")
    with pytest.raises(DownloadError, match="it is no JSON"):
        PiperCatalogue(str(tmp_path / "no.json")).offers()


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("https://voices.example", "https://voices.example/voices.json"),
        ("https://voices.example/a/", "https://voices.example/a/voices.json"),
        ("https://voices.example/a/list.json?x=1", "https://voices.example/a/list.json?x=1"),
        (None, f"{PUBLIC}voices.json"),
    ],
)
def test_addresses(source: str | None, address: str) -> None:
    assert PiperCatalogue(source).address == address


def test_kokoro() -> None:
    small, large = KokoroCatalogue().offers()
    assert [file.path for file in small.files] == ["voices-v1.0.bin", "kokoro-v1.0.int8.onnx"]
    assert [file.path for file in large.files] == ["voices-v1.0.bin", "kokoro-v1.0.onnx"]
    assert all(len(file.sha256) == 64 for file in (*small.files, *large.files))
    assert all(file.url.startswith("https://") for file in small.files)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("kokoro", "v1.0-int8"),
        ("kokoro:v1.0", "v1.0"),
        ("kokoro:af_heart", "v1.0-int8"),
        ("kokoro-v1.0.onnx", "v1.0"),
        ("kokoro:kokoro-v1.0.int8.onnx", "v1.0-int8"),
        ("v1.0", "v1.0"),
    ],
)
def test_names_of_kokoro(word: str, name: str) -> None:
    assert find_offer(word)[0].name == name


def test_names_of_engines() -> None:
    assert split_name("piper:a:b") == ("piper", "a:b")
    assert split_name("en_US-kristin-medium") == ("piper", "en_US-kristin-medium")
    assert split_name("espeak") == ("espeak", "")
    with pytest.raises(VoiceUnknownError, match="not installed this way"):
        catalogue_of("fake")


class Stranger:
    """An engine of somebody else, whose voices can be installed."""

    name = "stranger"

    def __init__(self, folder: Path, served: Path) -> None:
        self.folder, self._served = folder, served

    def offers(self) -> Sequence[Offer]:
        files = tuple(
            OfferFile(path.as_uri(), path.name, len(data), sha256=hashlib.sha256(data).hexdigest())
            for path in sorted(self._served.iterdir())
            for data in [path.read_bytes()]
        )
        return (Offer("stranger", "odd", "en", "", "MIT", files),)


def test_a_stranger_s_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = tmp_path / "served"
    served.mkdir()
    (served / "a.bin").write_bytes(b"a" * 1000)
    (served / "b.bin").write_bytes(b"b" * 2000)
    stranger = Stranger(tmp_path / "strangers", served)
    assert isinstance(stranger, Installable)
    monkeypatch.setattr(catalogues, "load", lambda _name: stranger)
    offer, catalogue = find_offer("stranger:odd")
    seen: list[tuple[int, int]] = []
    install(offer, catalogue.folder, lambda *told: seen.append(told))
    assert offer.is_in(stranger.folder)
    assert (seen[0], seen[-1]) == ((0, 3000), (3000, 3000))
    assert seen == sorted(seen)


def test_nothing_is_in_place_before_all_is_there(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.bin", tmp_path / "b.bin"
    good.write_bytes(b"a" * 1000)
    bad.write_bytes(b"b" * 1000)
    files = (
        OfferFile(good.as_uri(), "a.bin", 1000, sha256=hashlib.sha256(b"a" * 1000).hexdigest()),
        OfferFile(bad.as_uri(), "b.bin", 1000, sha256="0" * 64),
    )
    folder = tmp_path / "folder"
    with pytest.raises(DownloadError):
        install(Offer("stranger", "odd", "en", "", "", files), folder, lambda *_told: None)
    assert [path.name for path in folder.iterdir()] == [f"a.bin{PART}"]


def test_files_are_put_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[str] = []
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        moved.append(Path(target).name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    for name in ("papers.part", "model.part"):
        (tmp_path / name).write_bytes(b"x")
    put([(tmp_path / "papers.part", tmp_path / "papers"), (tmp_path / "model.part", tmp_path / "model")])
    assert moved == ["papers", "model"]


def test_a_damaged_file_is_not_the_one(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    file = OfferFile("https://x", "a", 3, md5=hashlib.md5(b"abc").hexdigest())
    assert file.is_at(path)
    path.write_bytes(b"abd")
    assert not file.is_at(path)
    assert not file.is_at(tmp_path / "none")
    assert not file.is_at(tmp_path)


def test_forgetting_makes_a_list_old(tmp_path: Path) -> None:
    kept = tmp_path / "cache" / "catalogues" / "x.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("{}", encoding="utf-8")
    PiperCatalogue().forget()
    assert time.time() - kept.stat().st_mtime > 86_000
