"""Kokoro's files on disk: which model and voices there are, and what a voice's name says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from voicecoach.engines.base import VoiceInfo
from voicecoach.engines.neural import Stamp, files_in, first_line, own_folder, stamp_of, voice_folders
from voicecoach.errors import EngineError
from voicecoach.model.diagnostic import did_you_mean

ENGINE = "kokoro"
HINT = f"install them again: voicecoach voices install {ENGINE}"

LANGUAGES = {
    "a": ("en-us", "en-us"),
    "b": ("en-gb", "en-gb"),
    "e": ("es", "es"),
    "f": ("fr-fr", "fr-fr"),
    "h": ("hi", "hi"),
    "i": ("it", "it"),
    "j": ("ja", "ja"),
    "p": ("pt-br", "pt-br"),
    "z": ("zh", "cmn"),
}
"""What the first letter of a voice says: its language, and espeak's name of it."""
_FIRST = ("af_heart", "am_michael", "bf_emma", "bm_george", "ff_siwis")
"""The voices that their maker grades best, of their languages."""
_PEOPLE = {"f": "woman", "m": "man"}
_UNSURE = {"ja", "zh"}
STYLE_NAME = re.compile(r"[a-z][\w-]*")


@dataclass(frozen=True)
class KokoroFiles:
    """A model and its voices."""

    model: Path
    voices: Path

    @property
    def stamps(self) -> tuple[Stamp, Stamp]:
        """What changes when one of them does."""
        return stamp_of(self.model), stamp_of(self.voices)


def find_files() -> KokoroFiles | None:
    """Find a model and a file of voices; the largest model of the first folder that has both."""
    for folder in voice_folders(ENGINE):
        models = [path for path in files_in(folder, "*.onnx") if path.name.startswith("kokoro")]
        voices = [path for pattern in ("voices*.bin", "voices*.npz") for path in files_in(folder, pattern)]
        if models and voices:
            return KokoroFiles(max(models, key=lambda path: (path.stat().st_size, path.name)), voices[-1])
    return None


def needed_files() -> KokoroFiles:
    """Find them, or raise an `EngineError` that says how to come by them."""
    files = find_files()
    if files is None:
        message = f"no kokoro voice is installed: there is no model with its voices in {own_folder(ENGINE)}"
        raise EngineError(message, hint=f"voicecoach voices install {ENGINE}")
    return files


@contextmanager
def opened_styles(path: Path) -> Iterator[Any]:
    """Open a file of voices; raises `EngineError` where it is none."""
    with ExitStack() as opened:
        try:
            styles = np.load(opened.enter_context(path.open("rb")), allow_pickle=False)
        except Exception as error:  # a text file, a damaged one: numpy and zipfile each have their own
            raise EngineError(f"the voices {path} cannot be read: {first_line(error)}", hint=HINT) from error
        if not hasattr(styles, "files"):
            raise EngineError(f"the voices {path} cannot be read: it holds one array only", hint=HINT)
        yield opened.enter_context(styles)


def info_of(name: str) -> VoiceInfo:
    """Say what a voice's name says: ``bm_george`` is British, a man."""
    language = LANGUAGES.get(name[0], ("und", ""))[0]
    prefix, _, own = name.partition("_")
    about = ", ".join(part for part in (own.capitalize(), _PEOPLE.get(prefix[1:], "")) if part)
    if language in _UNSURE:
        about += "; espeak's phonemes do not serve this language well"
    return VoiceInfo(name, language, about, licence="Apache 2.0")


def rank_of(name: str) -> tuple[int, str]:
    """Give a voice's place among those of its language."""
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST)), name


def name_hint(voice: str, names: Sequence[str]) -> str:
    """Say which voice may have been meant; ``heart`` will do for ``af_heart``."""
    folded = voice.casefold()
    partly = next((name for name in names if name.partition("_")[2] == folded or name == folded), None)
    return (f"did you mean '{partly}'?" if partly else did_you_mean(voice, names)) or f"it has {', '.join(names[:8])} …"
