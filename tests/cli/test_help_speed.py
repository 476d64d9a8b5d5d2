"""``--help`` is quick, because it loads nothing that it does not need. (Wall-clock times are no test: they are the
machine's.)"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("numpy", "yaml", "soundfile", "lameenc", "mutagen", "fluent", "pyttsx3", "soxr", "espeakng_loader", "pydub",
         "platformdirs")  # fmt: skip
PROBE = """
import json, sys
from voicecoach.cli.app import run
code = run(sys.argv[1:])
print("\\nPROBE", json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["build", "--help"], ["plan", "-h"], ["show", "--help"], ["bild"]],
    ids=" ".join,
)  # fmt: skip
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    ran = subprocess.run([sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True, check=True)
    code, modules = json.loads(ran.stdout.rpartition("PROBE ")[2])
    assert code == (2 if arguments == ["bild"] else 0)
    assert "click" in modules, "the probe sees what is imported"
    assert not set(HEAVY) & set(modules)


@pytest.mark.parametrize("statement", ["import voicecoach", "import voicecoach.cli", "from voicecoach import __all__"])
def test_importing_the_package_costs_nothing(statement: str) -> None:
    probe = f"{statement}\nimport sys\nprint(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    modules = ran.stdout.split()
    assert "voicecoach" in modules
    assert not {name.partition(".")[0] for name in modules} & {*HEAVY, "click"}
