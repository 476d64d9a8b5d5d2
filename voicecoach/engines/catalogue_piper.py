"""Piper's public catalogue: what voices there are, how large, and where; kept for a day.

It is a JSON map by name: language, quality, number of speakers, and files with ``size_bytes`` and ``md5_digest``. It
says nothing of licences: each voice has a model card, and we know a few.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from voicecoach.config import cache_folder
from voicecoach.engines.fetching import fetch_text, shown_url
from voicecoach.engines.neural import own_folder
from voicecoach.engines.offers import Offer, OfferFile
from voicecoach.engines.piper_files import ENGINE
from voicecoach.errors import DownloadError, UsageError

SOURCE_VARIABLE = "VOICECOACH_PIPER_VOICES"
"""Environment variable: another catalogue than the public one, an address or a file."""
PUBLIC = "https://huggingface.co/rhasspy/piper-voices/resolve/main/"
LIST_NAME = "voices.json"
KEPT_S = 24 * 3600.0
_MOST_BYTES = 16_000_000
_NAME = re.compile(r"[\w.+-]+")
_MD5 = re.compile(r"[0-9a-f]{32}")

LICENCES = {
    "en_US-kristin": "public domain",
    "en_US-norman": "public domain",
    "en_US-lessac": "restrictive: no commercial use, see MODEL_CARD",
}
"""Licences that were read, of voices by the beginning of their names."""
UNREAD = "see MODEL_CARD"


@dataclass
class PiperCatalogue:
    """The catalogue of a source.

    Parameters
    ----------
    source
        Where the list is: an address, a file, or a folder with ``voices.json``; None: as the environment says, else
        the public one.
    timeout_s
        How long a server may be silent.
    """

    source: str | None = None
    timeout_s: float = 20.0
    name: str = ENGINE
    notes: list[str] = field(default_factory=list)
    kept: bool = False  # the list is one from before

    @property
    def folder(self) -> Path:
        """Where its voices are installed."""
        return own_folder(ENGINE)

    @property
    def address(self) -> str:
        """Where the list is, as an address."""
        given = (self.source or os.environ.get(SOURCE_VARIABLE) or PUBLIC).strip()
        if "://" not in given:
            path = Path(given).expanduser().absolute()
            path = path / LIST_NAME if path.is_dir() else path
            if not path.is_file():
                hint = f"name a {LIST_NAME}, a folder that has one, or an address such as {PUBLIC}"
                raise UsageError(f"there is no catalogue '{given}'", hint=hint)
            return path.as_uri()
        parts = urllib.parse.urlsplit(given)
        if parts.scheme not in {"http", "https", "file"}:
            raise UsageError(
                f"'{shown_url(given)}' is no address that can be fetched", hint="https://, http:// or a file"
            )
        if not parts.path.endswith(".json"):
            parts = parts._replace(path=f"{parts.path.rstrip('/')}/{LIST_NAME}")
        return urllib.parse.urlunsplit(parts)

    def offers(self) -> Sequence[Offer]:
        """List the voices, sorted by language and name.

        Raises
        ------
        DownloadError
            The list cannot be had, nor is one kept from before; or it is none.
        """
        address = self.address
        found = list(_offers(_parsed(self._list(address), address), address))
        return tuple(sorted(found, key=lambda offer: (offer.language, offer.name)))

    def _list(self, address: str) -> bytes:
        if address.startswith("file:"):
            return fetch_text(address, _MOST_BYTES, self.timeout_s)
        kept = cache_folder() / "catalogues" / f"{hashlib.sha256(address.encode()).hexdigest()[:16]}.json"
        age_s = _age_s(kept)
        if age_s is not None and 0 <= age_s < KEPT_S:
            with suppress(OSError):
                text = kept.read_bytes()
                self.kept = True
                return text
        self.kept = False
        try:
            text = fetch_text(address, _MOST_BYTES, self.timeout_s)
            _parsed(text, address)
        except DownloadError as error:
            if age_s is None:
                raise
            with suppress(OSError):
                days = max(1, round(age_s / KEPT_S))
                self.notes.append(f"the list of {days} day{'s' if days > 1 else ''} ago is taken: {error.message}")
                return kept.read_bytes()
            raise
        _keep(kept, text)
        return text

    def forget(self) -> None:
        """Have the list fetched anew the next time."""
        for kept in (cache_folder() / "catalogues").glob("*.json"):
            with suppress(OSError):
                old = kept.stat().st_mtime - KEPT_S
                os.utime(kept, (old, old))


def licence_of(name: str) -> str:
    """Say what is known of a voice's licence."""
    return next((licence for stem, licence in LICENCES.items() if name.startswith(f"{stem}-")), UNREAD)


def _parsed(text: bytes, address: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DownloadError(f"{shown_url(address)} is no list of voices: it is no JSON") from error
    if not isinstance(value, dict):
        raise DownloadError(f"{shown_url(address)} is no list of voices: it is no map of names")
    return value


def _offers(voices: Mapping[str, Any], address: str) -> Iterator[Offer]:
    """Read the voices that are told in full; what we do not understand is no offer."""
    for name, voice in voices.items():
        if not (isinstance(voice, dict) and _NAME.fullmatch(name) and name[0] != "."):
            continue
        files = voice.get("files")
        files = files if isinstance(files, dict) else {}
        model = _file(files, f"{name}.onnx", address)
        papers = _file(files, f"{name}.onnx.json", address)
        if model is None or papers is None:
            continue
        language = voice.get("language")
        language = language if isinstance(language, dict) else {}
        code = str(language.get("code") or name.partition("-")[0]).lower().replace("_", "-")
        licence = licence_of(name)
        card = next((path for path in files if PurePosixPath(path).name == "MODEL_CARD"), None)
        if card is not None and "MODEL_CARD" in licence:
            licence = licence.replace("MODEL_CARD", _beside(address, card))
        speakers = voice.get("num_speakers")
        about = [str(language.get("name_english") or "")]
        if isinstance(speakers, int) and speakers > 1:
            about.append(f"{speakers} speakers")
        described = ", ".join(part for part in about if part)
        yield Offer(ENGINE, name, code, str(voice.get("quality") or ""), licence, (papers, model), described)


def _file(files: Mapping[str, Any], name: str, address: str) -> OfferFile | None:
    """Find a file by its name, wherever it lies in the catalogue."""
    for path, told in files.items():
        if PurePosixPath(path).name != name or not isinstance(told, dict):
            continue
        size, md5 = told.get("size_bytes"), str(told.get("md5_digest") or "").lower()
        if not isinstance(size, int) or isinstance(size, bool) or size <= 0:
            return None
        return OfferFile(_beside(address, path), name, size, md5=md5 if _MD5.fullmatch(md5) else "")
    return None


def _beside(address: str, path: str) -> str:
    """Give the address of a file of a catalogue; a list that was fetched alone has its files in the public place."""
    quoted = urllib.parse.quote("/".join(part for part in path.split("/") if part not in {"", ".", ".."}))
    if address.startswith("file:"):
        here = urllib.parse.urljoin(address, quoted)
        local = Path(urllib.request.url2pathname(urllib.parse.urlsplit(here).path))
        return here if local.is_file() else PUBLIC + quoted
    return urllib.parse.urljoin(address, quoted)


def _age_s(path: Path) -> float | None:
    """Give how old a kept list is, or None where there is none. What it is by is its time alone, not its content."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return None


def _keep(path: Path, text: bytes) -> None:
    """Keep a list; where that cannot be, it is fetched again the next time."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(text)
        part.replace(path)
