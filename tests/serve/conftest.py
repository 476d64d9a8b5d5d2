"""Sessions that are built once, and servers of a copy of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.serve.asking import Running
from voicecoach.pipeline import Workshop, build
from voicecoach.serve.options import ServeOptions
from voicecoach.source.nodes import SourceFile

ROUTINE = """title: {title}
coach: {{opening: no, safety: no, closing: no}}
steps:
  - say: {said}
  - rest: {rest}
"""


@pytest.fixture(scope="session")
def build_session(fake_shop: Workshop) -> Callable[..., Path]:
    """Build a session of one sentence and a rest."""

    def run(target: Path, title: str = "Short one", said: str = "One.", rest: str = "5 s") -> Path:
        text = ROUTINE.format(title=title, said=said, rest=rest)
        outcome = build(SourceFile("routine.yaml", text), "routine", target, fake_shop)
        assert outcome.session is not None, outcome.faults
        return target

    return run


@pytest.fixture(scope="session")
def sessions(build_session: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``short.mp3``, ``week 1/day 2.mp3`` and ``Übung #1.mp3``. Not to be written into."""
    folder = tmp_path_factory.mktemp("sessions")
    build_session(folder / "short.mp3")
    (folder / "week 1").mkdir()
    build_session(folder / "week 1" / "day 2.mp3", "Day two", "Two.", "20 s")
    build_session(folder / "Übung #1.mp3", "Übung & <more>", "Three.")
    return folder


@pytest.fixture(scope="session")
def long_session(build_session: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of 10 minutes, 7 MB: more than systems hold on its way to a client that does not take it."""
    return build_session(tmp_path_factory.mktemp("long") / "long.mp3", "Long one", rest="10 min")


@pytest.fixture
def folder(sessions: Path, tmp_path: Path) -> Path:
    """A copy of them of one's own."""
    return Path(shutil.copytree(sessions, tmp_path / "output"))


@pytest.fixture
def serve() -> Iterator[Callable[..., Running]]:
    """Start a server of a folder; it is stopped after the test."""
    running: list[Running] = []

    def run(folder: Path, **options: object) -> Running:
        running.append(Running(folder, ServeOptions(**options)).start())  # type: ignore[arg-type]
        return running[-1]

    yield run
    for one in running:
        one.stop()


@pytest.fixture(scope="module")
def server(sessions: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that the tests of a module share; they only read."""
    own = Path(shutil.copytree(sessions, tmp_path_factory.mktemp("served") / "output"))
    running = Running(own, ServeOptions()).start()
    yield running
    running.stop()
