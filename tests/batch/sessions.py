"""A small batch that tests build: one short routine for many people; run as a script, it is a batch in a process."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import pytest

from voicecoach.batch.job import Job, Making, Result
from voicecoach.batch.keys import Keys
from voicecoach.batch.ledger import Ledger
from voicecoach.batch.local import LocalRunner
from voicecoach.batch.running import Interrupted, Progress, Summary, run_batch, unheard
from voicecoach.batch.worker import Worker
from voicecoach.config import Options
from voicecoach.model.heading import Heading
from voicecoach.model.profile import Profile
from voicecoach.source.nodes import SourceFile

ROUTINE = """\
title: Short
with:
  name: you
steps:
  - say: Good morning, {name}.
  - pigeon-pose: 10s
  - rest: 3s
"""


class Here:
    """A runner that builds in this process."""

    width = 1

    def __init__(self, making: Making) -> None:
        self._worker = Worker(making)

    def __enter__(self) -> Self:
        self._worker.__enter__()
        return self

    def __exit__(self, *fault: object) -> None:
        self._worker.__exit__(None, None, None)

    def stop(self) -> None:
        pass

    def run(self, jobs: Iterable[Job]) -> Iterator[Result]:
        return map(self._worker.build, jobs)


@dataclass(frozen=True)
class Batch:
    """Sessions for so many people, built into ``folder``; with a cache of their own, unless ``warm`` is one.

    0 workers: they are built in this process.
    """

    folder: Path
    people: int = 4
    text: str = ROUTINE
    workers: int = 2
    voice: str = "fake"
    warm: Path | None = None

    @property
    def output(self) -> Path:
        return self.folder / "sessions"

    @property
    def cache(self) -> Path:
        return self.warm or self.folder / "cache"

    @property
    def making(self) -> Making:
        options = Options(voice=self.voice)
        return Making(options, str(self.output), self.cache, 10**9, self.folder / "data")

    def jobs(self) -> list[Job]:
        source = SourceFile("short.yaml", self.text, self.folder)
        return [
            Job(f"{name}/short", "short", source, Profile(variables=(("name", name),)), Heading(author=name))
            for name in (f"Person {at}" for at in range(self.people))
        ]

    def run(
        self,
        *,
        resume: bool = False,
        jobs: list[Job] | None = None,
        tell: Callable[[Result, Progress], None] = unheard,
    ) -> Summary:
        making = self.making
        with (
            Keys(making) as keys,
            Ledger(making.output) as ledger,
            LocalRunner(making, self.workers) if self.workers else Here(making) as runner,
        ):
            return run_batch(keys.keyed(jobs or self.jobs()), runner, ledger, resume=resume, tell=tell)

    def files(self) -> dict[str, bytes]:
        """What is in the output, but for what is the batch's own."""
        found = (path for path in self.output.rglob("*") if path.is_file() and ".voicecoach" not in path.parts)
        return {path.relative_to(self.output).as_posix(): path.read_bytes() for path in found}

    def of(self, **changed: object) -> Batch:
        return replace(self, **changed)  # type: ignore[arg-type]


@contextmanager
def kept_compiled(folder: Path) -> Iterator[None]:
    """Let processes find modules compiled, as those of what is installed are; nothing of it stays in the tree."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", str(folder))
        yield


def say(values: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run the batch that the first argument describes; tell of each result in a line."""
    values = json.loads(sys.argv[1])
    batch = Batch(Path(values["folder"]), values["people"], workers=values["workers"])

    def tell(result: Result, progress: Progress) -> None:
        say({"session": result.session, "state": result.state, "done": progress.done})

    try:
        summary = batch.run(resume=values["resume"], tell=tell)
    except Interrupted as interrupted:
        say({"interrupted": interrupted.summary.done})
        sys.exit(130)
    say({"built": summary.built, "kept": summary.kept, "failed": summary.failed})


if __name__ == "__main__":
    main()
