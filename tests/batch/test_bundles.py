"""Bundles: what is unpacked elsewhere builds to the same bytes, and nothing leads out of its folder."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.batch.making import ROUTINE, write_routine, write_tone
from voicecoach.batch import bundles
from voicecoach.batch.bundles import bundle_of, own_bundle_of, unpack, unpack_own
from voicecoach.batch.materials import Materials, materials_of
from voicecoach.cache import Cache
from voicecoach.config import Options
from voicecoach.engines.preferred import preferred_voice, set_preferred
from voicecoach.engines.registry import EngineShelf
from voicecoach.errors import UsageError, VoicecoachError
from voicecoach.library import Library
from voicecoach.model.diagnostic import has_errors
from voicecoach.pipeline import Workshop, build
from voicecoach.source.nodes import SourceFile, read_source

WIPERS = "name: Window wipers\nset up: Sit down.\nhold: 20s\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "exercises" / "de").mkdir(parents=True)
    (folder / "exercises" / "wipers.yaml").write_text(WIPERS, encoding="utf-8")
    (folder / "exercises" / "de" / "wipers.yaml").write_text("name: Wischer\n", encoding="utf-8")
    return folder


def made_of(routine: Path, data: Path) -> Materials:
    return materials_of(read_source(routine)[0], routine.stem, Library(user_folder=data))


def built(source: SourceFile, data: Path, folder: Path) -> tuple[bytes, list[str]]:
    folder.mkdir(parents=True)
    with EngineShelf() as engines:
        shop = Workshop(Library(user_folder=data), engines, Cache(folder / "cache", 10**9), Options())
        outcome = build(source, "all", folder / "all.mp3", shop)
    told = [fault.render() for fault in outcome.faults]
    return b"" if has_errors(outcome.faults) else (folder / "all.mp3").read_bytes(), told


@pytest.mark.slow
def test_it_builds_elsewhere_to_the_same_bytes(tmp_path: Path, data: Path) -> None:
    routine = write_routine(tmp_path / "mine")
    (routine.parent / "earcons" / "starts.wav").touch()  # told of as one that nobody asks for
    here = built(read_source(routine)[0], data, tmp_path / "here")
    assert here[0]
    bundle = bundle_of(made_of(routine, data))
    own = own_bundle_of(data)
    routine.parent.rename(tmp_path / "hidden")
    data.rename(tmp_path / "hidden-too")
    (tmp_path / "music").rename(tmp_path / "hidden-music")
    source = unpack(bundle, tmp_path / "far" / "routine")
    there = built(source, unpack_own(own, tmp_path / "far" / "own"), tmp_path / "there")
    assert there == here
    assert any("starts.wav" in fault for fault in there[1])


def test_faults_are_told_as_where_it_was_written(tmp_path: Path, data: Path) -> None:
    routine = write_routine(tmp_path / "mine")
    (routine.parent / "shared" / "cooldown.yaml").write_text("title: Cool\nsteps:\n  - wipes\n", encoding="utf-8")
    (routine.parent / "exercises" / "wiper.yaml").write_text(WIPERS, encoding="utf-8")
    source = read_source(routine)[0]
    here = built(source, data, tmp_path / "here")
    assert not here[0]
    assert "shared/cooldown.yaml:3" in here[1][0]
    far = unpack(bundle_of(made_of(routine, data)), tmp_path / "far")
    assert built(far, unpack_own(own_bundle_of(data), tmp_path / "own"), tmp_path / "there") == here


def test_a_bundle_has_the_same_digest_where_it_is_unpacked(tmp_path: Path, data: Path) -> None:
    made = made_of(write_routine(tmp_path / "mine"), data)
    source = unpack(bundle_of(made), tmp_path / "far")
    library = Library(user_folder=unpack_own(own_bundle_of(data), tmp_path / "own"))
    assert materials_of(source, made.name, library).digest == made.digest


def test_a_name_may_go_up_and_down_again(tmp_path: Path, data: Path) -> None:
    routine = write_routine(tmp_path / "hips" / "mine")
    write_tone(tmp_path / "hips" / "mine" / "more.wav")
    text = ROUTINE.replace("../music/bed.wav", "../../hips/mine/more.wav")
    routine.write_text(text, encoding="utf-8")
    source = unpack(bundle_of(made_of(routine, data)), tmp_path / "far")
    assert source.folder is not None
    assert (source.folder / "../../hips/mine/more.wav").is_file()
    assert (source.folder / "more.wav").is_file()


@pytest.mark.parametrize("written", ["{there}/far.wav", "~/far.wav"])
def test_whole_paths_are_refused_with_what_to_do(written: str, tmp_path: Path, data: Path) -> None:
    routine = write_routine(tmp_path / "mine")
    there = write_tone(tmp_path / "far.wav").parent
    written = written.format(there=there)
    routine.write_text(ROUTINE.replace("../music/bed.wav", written), encoding="utf-8")
    with pytest.raises(UsageError, match=r"far\.wav' is a whole path") as refused:
        bundle_of(made_of(routine, data))
    assert "beside the routine" in str(refused.value.hint)


def test_a_file_that_changed_meanwhile_is_told(tmp_path: Path, data: Path) -> None:
    made = made_of(write_routine(tmp_path / "mine"), data)
    write_tone(tmp_path / "mine" / "bell.wav", hz=999)
    with pytest.raises(VoicecoachError, match=r"bell\.wav has changed"):
        bundle_of(made)


def test_what_is_too_large_is_refused(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = made_of(write_routine(tmp_path / "mine"), data)
    monkeypatch.setattr(bundles, "MOST_BYTES", 50_000)
    with pytest.raises(UsageError, match="too much to send about"):
        bundle_of(made)


def test_a_built_in_routine_travels_as_its_text(tmp_path: Path) -> None:
    library = Library()
    source = library.routine_source("morning")
    assert unpack(bundle_of(materials_of(source, "morning", library)), tmp_path / "far") == source


def test_the_preferred_voice_travels(tmp_path: Path, data: Path) -> None:
    set_preferred(data, "espeak:en-gb", "en")
    there = unpack_own(own_bundle_of(data), tmp_path / "own")
    assert preferred_voice(there, "en") == "espeak:en-gb"
    assert unpack_own(own_bundle_of(tmp_path / "nothing"), tmp_path / "none").name == "none"


@pytest.mark.parametrize("name", ["../out.txt", "/out.txt", "files/../../out.txt", "c:/out.txt"])
def test_no_bundle_writes_outside_its_folder(name: str, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("voicecoach.json", '{"name": "r.yaml", "text": "", "folder": ""}')
        bundle.writestr(name, "x")
    with pytest.raises(VoicecoachError, match="cannot be unpacked"):
        unpack(packed.getvalue(), tmp_path / "a" / "b")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all"])
def test_what_is_no_bundle_is_told(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(VoicecoachError, match="cannot be unpacked"):
        unpack(data, tmp_path / "far")


def test_unpacking_again_changes_nothing(tmp_path: Path, data: Path) -> None:
    made = made_of(write_routine(tmp_path / "mine"), data)
    bundle = bundle_of(made)
    first = unpack(bundle, tmp_path / "far")
    assert unpack(bundle, tmp_path / "far") == first == replace(made.source, folder=first.folder)
    assert {path.name for path in tmp_path.iterdir()} == {"mine", "music", "data", "far"}
