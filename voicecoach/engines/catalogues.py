"""Finding an offer by what people write, and where it is put."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from voicecoach.engines.catalogue_kokoro import USUAL, KokoroCatalogue
from voicecoach.engines.catalogue_piper import PiperCatalogue
from voicecoach.engines.downloads import PART, Progress, fetch
from voicecoach.engines.kokoro_files import STYLE_NAME
from voicecoach.engines.offers import Installable, Offer
from voicecoach.engines.piper_files import RECOMMENDED
from voicecoach.engines.registry import load, names
from voicecoach.errors import EngineError, OutputError, VoiceUnknownError
from voicecoach.model.diagnostic import did_you_mean

OURS = ("piper", "kokoro")


def catalogue_of(engine: str, source: str | None = None) -> Installable:
    """Give the catalogue of an engine: ours, or the engine itself where it is `Installable`.

    Raises
    ------
    VoiceUnknownError
        There is no such engine, or its voices cannot be installed.
    """
    if engine == "piper":
        return PiperCatalogue(source)
    if engine == "kokoro":
        return KokoroCatalogue(source)
    found = load(engine)
    if isinstance(found, Installable):
        return found
    found.close()
    raise VoiceUnknownError(f"voices of {engine!r} are not installed this way", hint=f"{' and '.join(OURS)} have such")


def installable_engines() -> tuple[str, ...]:
    """Name the engines whose voices can be installed: ours, and strangers' that say so."""
    more = []
    for name in names():
        if name in OURS:
            continue
        try:
            engine = load(name)
        except EngineError:
            continue
        if isinstance(engine, Installable):
            more.append(name)
        engine.close()
    return (*OURS, *more)


def split_name(word: str) -> tuple[str, str]:
    """Part what people write: ``piper:NAME``, ``kokoro``; a bare name is piper's."""
    engine, colon, name = (part.strip() for part in word.partition(":"))
    if colon or engine in names():
        return engine.lower(), name
    if engine in {offer.name for offer in KokoroCatalogue().offers()} or engine.lower().startswith("kokoro"):
        return "kokoro", engine
    return "piper", engine


def find_offer(word: str, source: str | None = None) -> tuple[Offer, Installable]:
    """Find what is meant by a name.

    Raises
    ------
    VoiceUnknownError
        There is no such voice; the hint names the nearest.
    DownloadError
        The list of voices cannot be had.
    """
    engine, name = split_name(word)
    catalogue = catalogue_of(engine, source)
    if engine == "kokoro":
        wanted = _kokoro_model(name)
    else:
        wanted = name.partition("/")[0] or (RECOMMENDED if engine == "piper" else "")
    known = {offer.name: offer for offer in catalogue.offers()}
    found = _named(wanted, known)
    if found is None and isinstance(catalogue, PiperCatalogue) and catalogue.kept:
        catalogue.forget()  # perhaps it is new
        known = {offer.name: offer for offer in catalogue.offers()}
        found = _named(wanted, known)
    if found is None:
        raise VoiceUnknownError(f"{engine} offers no voice {name or engine!r}", hint=_hint(wanted, known))
    return found, catalogue


def _named(name: str, known: dict[str, Offer]) -> Offer | None:
    return known.get(name) or {one.casefold(): offer for one, offer in known.items()}.get(name.casefold())


def _kokoro_model(name: str) -> str:
    """Say which model is meant: one of its voices means the usual one, a file's name what it is called by."""
    stem = name.lower().removesuffix(".onnx").removeprefix("kokoro").lstrip("-").replace("v1.0.int8", "v1.0-int8")
    return USUAL if not stem or ("_" in stem and STYLE_NAME.fullmatch(stem)) else stem


def _hint(name: str, known: dict[str, Offer]) -> str:
    parts = {one.split("-")[1]: one for one in sorted(known) if one.count("-") > 1}
    near = parts.get(name.lower())  # "kristin"
    told = f"did you mean '{near}'?" if near else did_you_mean(name, known)
    return told or "see them all: voicecoach voices list --installable"


def install(offer: Offer, folder: Path, progress: Progress) -> None:
    """Fetch the files of an offer, and move them into place when all are whole.

    Raises
    ------
    DownloadError, OutputError
        As `downloads.fetch` does. Nothing is in its place then; what came is kept for the next time.
    """
    parts, before = [], 0
    for file in offer.files:
        target = folder / file.path
        if not file.is_at(target):

            def told(done: int, _of: int, before: int = before) -> None:
                progress(before + done, offer.size_bytes)

            parts.append((fetch(file, target, told), target))
        before += file.size_bytes
    put(parts)


def put(parts: Sequence[tuple[Path, Path]]) -> None:
    """Move files into place, in order: the last one makes the voice seen."""
    for part, target in parts:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            part.replace(target)
        except OSError as error:
            message = f"{target} cannot be written: {error.strerror or error}"
            raise OutputError(message, hint="perhaps it is in use; close what uses it") from error


def begun_bytes(offer: Offer, folder: Path) -> int:
    """Tell how much of an offer is there from before."""
    count = 0
    for file in offer.files:
        for path in (folder / file.path, folder / f"{file.path}{PART}"):
            if path.is_file():
                count += min(path.stat().st_size, file.size_bytes)
                break
    return count
