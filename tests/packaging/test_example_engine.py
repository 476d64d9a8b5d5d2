"""The example engine of CONTRIBUTING, installed as a package of its own, as a stranger would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Install the package into a folder; the environment in which it is found."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(import re\n.*?)```", text, re.DOTALL)
    (project,) = re.findall(r"```toml\n(\[build-system\].*?)```", text, re.DOTALL)
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("installed")
    (source / "voicecoach_robot.py").write_text(code, encoding="utf-8")
    (source / "pyproject.toml").write_text(project, encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*pip, "--target", str(target), str(source)], check=True, capture_output=True, timeout=300)
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(target), str(ROOT)])}


def test_it_is_short() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(import re\n.*?)```", text, re.DOTALL)
    (engine,) = re.findall(r"class RobotEngine:\n.*", code, re.DOTALL)
    assert len([line for line in engine.splitlines() if line.strip()]) <= 22


def test_it_keeps_the_contract(installed: dict[str, str]) -> None:
    command = [sys.executable, "-m", "voicecoach.engines.contract", "robot"]
    ran = subprocess.run(command, capture_output=True, text=True, env=installed, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.startswith("robot:r2\n")


def test_a_session_is_built_with_it(installed: dict[str, str], tmp_path: Path) -> None:
    routine = tmp_path / "short.yaml"
    routine.write_text("title: Short\nvoice: robot\nsteps:\n- say: Hello there.\n- rest: 5s\n", encoding="utf-8")
    command = [sys.executable, "-m", "voicecoach", "build", str(routine), "-o", str(tmp_path / "short.mp3"), "--verify"]
    ran = subprocess.run(command, capture_output=True, text=True, env=installed, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "voice: robot:r2" in ran.stderr
    assert "verified" in ran.stdout
