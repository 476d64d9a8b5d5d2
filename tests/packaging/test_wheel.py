"""The built wheel, in a fresh environment: what a user gets from pip, on a machine without ffmpeg and espeak-ng."""

from __future__ import annotations

import email
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from configparser import ConfigParser
from pathlib import Path

import pytest

import voicecoach
from voicecoach.mp3.session_file import read_session

pytestmark = pytest.mark.slow

ROOT = Path(voicecoach.__file__).parent.parent
CI = bool(os.environ.get("CI"))
WAIT_S = 300
BIN = "Scripts" if os.name == "nt" else "bin"


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Make a folder once for all of pytest's worker processes (a session's fixture is made in each of them)."""
    base = factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / name
    done, failed = folder.with_suffix(".done"), folder.with_suffix(".failed")
    try:
        folder.mkdir()
    except FileExistsError:
        until_s = time.monotonic() + WAIT_S
        while not (done.exists() or failed.exists()):
            assert time.monotonic() < until_s, f"{name} was not made in {WAIT_S} s"
            time.sleep(0.1)
    else:
        try:
            make(folder)
            done.touch()
        except BaseException as error:
            failed.write_text(f"{type(error).__name__}: {error}", encoding="utf-8")
            raise
    if failed.exists():
        told = failed.read_text(encoding="utf-8")
        if told.startswith("Skipped: "):
            pytest.skip(told.removeprefix("Skipped: "))
        pytest.fail(f"{name} could not be made: {told}")
    return folder


def run(*command: str | Path, **settings: object) -> str:
    """Run a program and return all that it says; fail with it where it fails."""
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **settings)  # type: ignore[call-overload]
    assert ran.returncode == 0, f"{' '.join(map(str, command))}\n{ran.stdout}"
    return str(ran.stdout)


def pip(python: Path | str, *arguments: str | Path) -> None:
    """Run pip; without a network the test is skipped, but never in CI."""
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    offline = ("connection", "resolution", "No matching distribution", "timed out")
    if ran.returncode and not CI and any(word in ran.stderr for word in offline):
        pytest.skip(f"pip cannot reach a package index: {ran.stderr.strip().splitlines()[-1]}")
    assert ran.returncode == 0, ran.stderr


def copy_tree(target: Path) -> None:
    """Copy what git knows or would add, so that nothing built before is in the way."""
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        copy_tree(folder / "tree")
        pip(sys.executable, "wheel", "--no-deps", "--wheel-dir", folder, folder / "tree")

    (made,) = once(tmp_path_factory, "wheel", make).glob("*.whl")
    return made


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The folder of programs of a fresh environment with the wheel in it."""

    def make(folder: Path) -> None:
        run(sys.executable, "-m", "venv", folder)
        pip(folder / BIN / "python", "install", wheel)

    return once(tmp_path_factory, "installed", make) / BIN


@pytest.fixture
def user(installed: Path, tmp_path: Path) -> Callable[..., str]:
    """Run the installed command in an empty folder, with nothing on the PATH but itself."""
    home = tmp_path / "home"
    folder = tmp_path / "empty"
    home.mkdir()
    folder.mkdir()
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP", "TMPDIR") if name in os.environ}
    env = kept | {"PATH": str(installed), "HOME": str(home), "USERPROFILE": str(home)}
    for program in ("ffmpeg", "espeak-ng", "espeak", "lame"):
        assert shutil.which(program, path=env["PATH"]) is None

    def voicecoach_command(*arguments: str) -> str:
        return run(installed / "voicecoach", *arguments, cwd=folder, env=env)

    return voicecoach_command


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def meta(wheel: Path, file: str) -> str:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(f".dist-info/{file}")]
        return archive.read(name).decode()


def in_tree(folder: str, *patterns: str) -> set[str]:
    return {str(file.relative_to(ROOT).as_posix()) for p in patterns for file in (ROOT / folder).rglob(p)}


def test_the_wheel_holds_all_code_and_data(wheel: Path) -> None:
    wanted = in_tree("voicecoach", "*.py", "*.yaml", "*.ftl", "*.md", "*.css", "*.js", "py.typed")
    wanted |= {f"voicecoach/{name}" for name in in_tree("sounds", "*.py", "*.wav", "*.ogg")}
    assert names(wheel) == wanted
    assert {"voicecoach/py.typed", "voicecoach/library/template.yaml", "voicecoach/sounds/bells/tick.wav"} <= wanted
    for folder, ending in (("exercises", "yaml"), ("routines", "yaml"), ("wording", "ftl"), ("faults", "md")):
        assert any(name.startswith(f"voicecoach/library/{folder}/") and name.endswith(ending) for name in wanted)
    assert len([name for name in wanted if name.endswith(".wav")]) == 33
    assert len([name for name in wanted if name.endswith(".ogg")]) == 3


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    assert {name.split("/")[0] for name in names(wheel)} == {"voicecoach"}
    assert not [name for name in names(wheel) if "test" in name or "script" in name.split("/") or name.endswith(".pyc")]
    assert wheel.stat().st_size < 4_000_000
    assert wheel.name == f"voicecoach-{voicecoach.__version__}-py3-none-any.whl"


def test_the_data_is_that_of_the_tree(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in names(wheel):
            tree = ROOT / (name if not name.startswith("voicecoach/sounds/") else name.removeprefix("voicecoach/"))
            assert archive.read(name) == tree.read_bytes(), name


def test_metadata(wheel: Path) -> None:
    told = email.message_from_string(meta(wheel, "METADATA"))
    assert (told["Name"], told["Version"]) == ("voicecoach", voicecoach.__version__)
    assert told["License-Expression"] == "GPL-3.0-or-later"
    assert told["Requires-Python"] == ">=3.11"
    assert "voicecoach build" in str(told.get_payload()), "the README is the description"
    assert "GNU GENERAL PUBLIC LICENSE" in meta(wheel, "licenses/LICENSE")


def test_entry_points(wheel: Path) -> None:
    points = ConfigParser()
    points.read_string(meta(wheel, "entry_points.txt"))
    assert dict(points["console_scripts"]) == {"voicecoach": "voicecoach.cli:main"}
    ours = {"command", "espeak", "fake", "kokoro", "openai", "piper", "recorded", "system"}
    assert set(points["voicecoach.engines"]) == ours


def test_a_first_session(user: Callable[..., str], tmp_path: Path) -> None:
    told = user("build", "morning.yaml")
    assert "building the built-in routine 'morning'" in told
    assert "voicecoach new morning.yaml" in told
    made = tmp_path / "empty" / "output" / "morning.mp3"
    timeline = read_session(made)
    assert 12 * 60 <= timeline.length_s <= 15 * 60
    assert timeline.title == "Morning hips"
    assert [path.name for path in (tmp_path / "empty").iterdir()] == ["output"]
    assert (
        96_000 / 8 * float(timeline.length_s) <= made.stat().st_size <= 96_000 / 8 * float(timeline.length_s) + 200_000
    )


def test_doctor(user: Callable[..., str]) -> None:
    told = user("doctor")
    assert told.endswith("all is well\n")
    assert "missing" not in told


def test_the_other_commands(user: Callable[..., str], tmp_path: Path) -> None:
    assert user("--version") == f"voicecoach {voicecoach.__version__}\n"
    assert "morning" in user("routines")
    assert "pigeon-pose" in user("exercises")
    assert "espeak:en-us " in user("voices", "espeak", "--language", "en")
    user("new", "mine.yaml")
    assert "good" in user("check", "mine.yaml")
    user("build", "mine.yaml", "--voice", "fake")
    assert user("show", "output/mine.mp3").startswith("My routine")


def test_python_m(installed: Path) -> None:
    where = run(installed / "python", "-I", "-c", "import voicecoach; print(voicecoach.__file__)")
    assert str(ROOT) not in where, "it is the wheel that is tested, not the checkout"
    told = run(installed / "python", "-I", "-m", "voicecoach", "--version")
    assert told == f"voicecoach {voicecoach.__version__}\n"
