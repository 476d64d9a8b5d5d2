"""Jobs files and what lies beside them, written into a folder and read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from voicecoach.batch.counting import read_matrix
from voicecoach.batch.jobs_file import read_jobs
from voicecoach.batch.matrix import Matrix
from voicecoach.library import Library
from voicecoach.model.diagnostic import Diagnostic

HI = """\
title: Hips
steps:
  - say: Good morning, {name}.
  - pigeon-pose: 20s
  - rest: 10s
  - say: Well done, {name}. Your number is {id}.
"""
BYE = """\
title: Knees
steps:
  - say: Hello.
  - seated-butterfly: 20s
  - say: That was it.
"""
BROKEN = """\
title: Nothing
steps:
  - pigeon-pse: 30s
"""
ROUTINES = {"hi.yaml": HI, "bye.yaml": BYE, "broken.yaml": BROKEN}


def lay(folder: Path, jobs: str, files: Mapping[str, str | bytes] | None = None) -> Path:
    """Write a jobs file and others; return the jobs file."""
    for name, text in {**ROUTINES, "jobs.yaml": jobs, **(files or {})}.items():
        data = text.encode() if isinstance(text, str) else text
        (folder / name).write_bytes(data)
    return folder / "jobs.yaml"


def read(path: Path) -> tuple[Matrix | None, tuple[Diagnostic, ...]]:
    """Read a jobs file, and everybody."""
    jobs, faults = read_jobs(path)
    if jobs is None:
        return None, faults
    matrix, more = read_matrix(jobs, Library())
    return matrix, (*faults, *more)


def matrix_of(folder: Path, jobs: str, files: Mapping[str, str | bytes] | None = None) -> Matrix:
    """Give the matrix of a jobs file without errors."""
    matrix, faults = read(lay(folder, jobs, files))
    assert matrix is not None, [fault.render() for fault in faults]
    return matrix
