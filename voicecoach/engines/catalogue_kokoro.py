"""Kokoro's files, as kokoro-onnx publishes them: two models to choose from, and one file with all the voices.

Sizes and digests are those of the release ``model-files-v1.0``, as several projects that check them write them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from voicecoach.engines.kokoro_files import ENGINE, LANGUAGES
from voicecoach.engines.neural import own_folder
from voicecoach.engines.offers import Offer, OfferFile

SOURCE_VARIABLE = "VOICECOACH_KOKORO_FILES"
"""Environment variable: another place that has the files."""
PUBLIC = "https://github.com/thewh1teagle/kokoro-onnx/releases/download/model-files-v1.0/"
USUAL = "v1.0-int8"
"""The model that is meant where none is named: the smaller one."""

_VOICES = ("voices-v1.0.bin", 28_214_398, "bca610b8308e8d99f32e6fe4197e7ec01679264efed0cac9140fe9c29f1fbf7d")
_MODELS = {
    "v1.0-int8": (
        "kokoro-v1.0.int8.onnx",
        92_361_271,
        "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
    ),
    "v1.0": ("kokoro-v1.0.onnx", 325_532_387, "7d5df8ecf7d4b1878015a32686053fd0eebe2bc377234608764cc0ef3636a6c5"),
}
_QUALITIES = {"v1.0-int8": "good", "v1.0": "best"}


@dataclass
class KokoroCatalogue:
    """Kokoro's models, each with all voices.

    Parameters
    ----------
    source
        The address that has the files; None: as the environment says, else where they are published.
    """

    source: str | None = None
    name: str = ENGINE
    notes: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where its files are installed."""
        return own_folder(ENGINE)

    def offers(self) -> Sequence[Offer]:
        """List the two."""
        base = f"{(self.source or os.environ.get(SOURCE_VARIABLE) or PUBLIC).strip().rstrip('/')}/"
        if "://" not in base:
            base = f"{Path(base).expanduser().absolute().as_uri()}/"
        return tuple(
            Offer(
                ENGINE,
                name,
                "mul",
                _QUALITIES[name],
                "Apache 2.0",
                tuple(OfferFile(base + file, file, size, sha256=digest) for file, size, digest in (_VOICES, model)),
                "54 voices: English, Spanish, French, Italian, Portuguese, Hindi, Japanese, Chinese",
                tuple(language for language, _ in LANGUAGES.values()),
            )
            for name, model in _MODELS.items()
        )
