"""What all tests share: an own cache, the command line in-process, and builds that several tests look at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

from voicecoach.cache import Cache
from voicecoach.config import CACHE_VARIABLE, DATA_VARIABLE, Options
from voicecoach.engines.registry import EngineShelf
from voicecoach.library import Library
from voicecoach.model.session import Outcome
from voicecoach.pipeline import Workshop, build
from voicecoach.source.nodes import SourceFile

CI = bool(os.environ.get("CI"))

settings.register_profile("without a clock", deadline=None)  # how fast a machine is, is not tested
settings.load_profile("without a clock")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite tests/golden and tests/broken from what is made now"
    )


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test reads or fills the cache of whoever runs it, or takes their own exercises."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, str(folder))
        patch.setenv(DATA_VARIABLE, str(tmp_path_factory.mktemp("data")))
        yield folder


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command line in this process."""

    def run(*arguments: str | Path) -> Ran:
        from voicecoach.cli.app import run as run_app

        capsys.readouterr()
        code = run_app([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def library() -> Library:
    return Library()


@pytest.fixture(scope="session")
def fake_shop(own_cache: Path) -> Iterator[Workshop]:
    with EngineShelf() as engines:
        yield Workshop(Library(), engines, Cache(own_cache, 10**9), Options(voice="fake"))


@pytest.fixture(scope="session")
def build_text(fake_shop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Outcome]:
    """Build a routine's text with the fake voice."""

    def run(text: str) -> Outcome:
        target = tmp_path_factory.mktemp("built") / "session.mp3"
        return build(SourceFile("routine.yaml", text), "routine", target, fake_shop)

    return run


@pytest.fixture(scope="session")
def morning_mp3(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The built-in routine, spoken by the embedded voice: what a user gets from the README's first command."""
    with EngineShelf() as engines:
        shop = Workshop(Library(), engines, Cache(own_cache, 10**9), Options(voice="espeak", jobs=2))
        source = shop.library.routine_source("morning")
        return build(source, "morning", tmp_path_factory.mktemp("morning") / "morning.mp3", shop)


@pytest.fixture(scope="session")
def tool() -> Callable[[str], str]:
    """The path of an independent program; without it a test is skipped, but never in CI."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            message = f"'{name}' is not installed (.ci/run installs it)"
            if CI:
                pytest.fail(message)
            pytest.skip(message)
        return path

    return find
