"""Finding engines and voices, and what is said when there is none."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from voicecoach.engines import registry
from voicecoach.engines.fake import FakeEngine
from voicecoach.engines.registry import EngineShelf, find_voice
from voicecoach.errors import EngineError, VoiceUnknownError
from voicecoach.model.clip import Voice


@pytest.fixture
def shelf() -> Iterator[EngineShelf]:
    with EngineShelf() as shelf:
        yield shelf


class Broken(FakeEngine):
    def __init__(self) -> None:
        raise OSError("no licence")


class Unusable(FakeEngine):
    def default_voice(self, language: str) -> str | None:
        raise EngineError("not on this machine")


class Unclosable(FakeEngine):
    def close(self) -> None:
        raise OSError("stuck")


def install(monkeypatch: pytest.MonkeyPatch, **engines: str) -> None:
    points = [EntryPoint(name, value, registry.GROUP) for name, value in engines.items()]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)


def test_names() -> None:
    assert {"espeak", "fake", "system"} <= set(registry.names())
    assert list(registry.names()) == sorted(registry.names())


def test_unknown_engine() -> None:
    with pytest.raises(VoiceUnknownError, match="'espaek'") as caught:
        registry.load("espaek")
    assert caught.value.hint == "did you mean 'espeak'?"


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        ("no_such_module:Engine", "No module named 'no_such_module'"),
        ("voicecoach.engines.fake:Missing", "AttributeError"),
        (f"{__name__}:Broken", "no licence"),
        ("builtins:dict", "protocol"),
    ],
)
def test_an_engine_that_does_not_load(monkeypatch: pytest.MonkeyPatch, value: str, cause: str) -> None:
    install(monkeypatch, stranger=value)
    with pytest.raises(EngineError, match=cause):
        registry.load("stranger")


def test_not_installed_at_all(monkeypatch: pytest.MonkeyPatch, shelf: EngineShelf) -> None:
    install(monkeypatch)
    with pytest.raises(VoiceUnknownError) as caught:
        find_voice("auto", "en", shelf)
    assert "pip install" in str(caught.value)


def test_ours_win_over_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    for pair in (["voicecoach.engines.fake:FakeEngine", "other:Engine"], ["other:Engine"] * 2):
        for values in (pair, pair[::-1]):
            points = [EntryPoint("fake", value, registry.GROUP) for value in values]
            monkeypatch.setattr(registry, "entry_points", lambda group, points=points: points)
            if "other:Engine" in pair[:1]:
                with pytest.raises(EngineError):
                    registry.load("fake")
            else:
                assert registry.load("fake").name == "fake"


@pytest.mark.parametrize(
    ("spec", "language", "voice"),
    [
        ("fake", "en", Voice("fake", "fake", "en")),
        ("fake", "de-AT", Voice("fake", "fake-de", "de")),
        ("fake:fake-es", "en", Voice("fake", "fake-es", "es")),
        (" Fake : FAKE-ES ", "en", Voice("fake", "fake-es", "es")),
        ("espeak", "en", Voice("espeak", "en-us", "en-us")),
        ("espeak:", "de", Voice("espeak", "de", "de")),
        ("espeak:en-gb", "en", Voice("espeak", "en-gb", "en-gb")),
        ("espeak:en-us+f3", "de", Voice("espeak", "en-us+f3", "en-us")),
        ("auto", "en", Voice("espeak", "en-us", "en-us")),
        ("default", "es", Voice("espeak", "es", "es")),
    ],
)
def test_find_voice(shelf: EngineShelf, spec: str, language: str, voice: Voice) -> None:
    assert find_voice(spec, language, shelf, platform="linux") == voice


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        ("en-us", "write espeak:en-us"),
        ("EN-US", "write espeak:en-us"),
        ("fake-de", "write fake:fake-de"),
        ("espek", "did you mean 'espeak'?"),
        ("espek:en-us", "did you mean 'espeak'?"),
        ("espeak:en-uk", "did you mean"),
        ("espeak:en", "did you mean 'en-"),
        ("espeak:fr", "did you mean 'fr-"),
        ("espeak:en-us+f33", "did you mean 'f"),
        ("fake:fake-it", "did you mean 'fake"),
        ("fake:zzz", ""),
        ("qqqq", "there are command, espeak, fake, kokoro, openai, piper, recorded, system"),
    ],
)
def test_unknown_voices(shelf: EngineShelf, spec: str, hint: str) -> None:
    with pytest.raises(VoiceUnknownError) as caught:
        find_voice(spec, "en", shelf)
    assert hint in (caught.value.hint or "")


def test_no_voice_for_the_language(shelf: EngineShelf) -> None:
    with pytest.raises(VoiceUnknownError, match="language 'xx'"):
        find_voice("fake", "xx", shelf)


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_auto_takes_the_systems_voices(monkeypatch: pytest.MonkeyPatch, shelf: EngineShelf, platform: str) -> None:
    install(monkeypatch, system="voicecoach.engines.fake:FakeEngine", espeak="voicecoach.engines.espeak:EspeakEngine")
    assert find_voice("auto", "de", shelf, platform) == Voice("system", "fake-de", "de")
    assert find_voice("auto", "fr", shelf, platform) == Voice("espeak", "fr-fr", "fr-fr")


@pytest.mark.parametrize("system", ["Broken", "Unusable"])
def test_auto_does_without_the_systems_voices(monkeypatch: pytest.MonkeyPatch, shelf: EngineShelf, system: str) -> None:
    install(monkeypatch, system=f"{__name__}:{system}", espeak="voicecoach.engines.fake:FakeEngine")
    assert find_voice("auto", "en", shelf, "darwin") == Voice("espeak", "fake", "en")


def test_shelf_opens_once_and_closes_all(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []
    monkeypatch.setattr(FakeEngine, "close", lambda self: closed.append("fake"))
    install(monkeypatch, a=f"{__name__}:Unclosable", fake="voicecoach.engines.fake:FakeEngine")
    shelf = EngineShelf(jobs=3)
    assert shelf.jobs == 3
    shelf.get("a")
    assert shelf.get("fake") is shelf.get("fake")
    with pytest.raises(EngineError, match="stuck"):
        shelf.close()
    assert closed == ["fake"]
