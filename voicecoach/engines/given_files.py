"""Installing a voice from files that somebody brings: a model with its papers, or an archive that has both.

They are copied beside our voices, loaded as the engine would, and moved into place only where that went well.
"""

from __future__ import annotations

import importlib.util
import re
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from voicecoach.config import data_folder
from voicecoach.engines.catalogues import put, split_name
from voicecoach.engines.kokoro_files import STYLE_NAME, opened_styles
from voicecoach.engines.neural import open_session, own_folder
from voicecoach.engines.piper_files import PiperFile
from voicecoach.errors import EngineError, OutputError, UsageError, VoicecoachError

_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip")
_MOST_BYTES = 2_000_000_000
_VOICES = re.compile(r"voices.*\.(bin|npz)")
_NAME = re.compile(r"[\w.+-]+")

Opened = Callable[[], IO[bytes]]


@dataclass(frozen=True)
class GivenVoice:
    """What was installed.

    Attributes
    ----------
    engine, name
        Written ``engine:name``.
    files
        Where they lie now.
    replaced
        Others of these names were there.
    """

    engine: str
    name: str
    files: tuple[Path, ...]
    replaced: bool


def install_given(path: Path, wanted: str | None = None) -> GivenVoice:
    """Install what lies in a file, a folder or an archive.

    Parameters
    ----------
    path
        ``NAME.onnx`` with ``NAME.onnx.json`` beside it (piper), a model with its ``voices….bin`` beside it (kokoro), a
        folder or an archive with either.
    wanted
        What is to be installed, where there is more than one.

    Raises
    ------
    UsageError
        There is no such file, or no whole voice in it.
    EngineError
        It does not load.
    OutputError
        It cannot be written.
    """
    try:
        with ExitStack() as opened:
            found = _contents(path, opened)
            engine, name, chosen = _choose(found, path, wanted)
            return _install(engine, name, {one: found[one] for one in chosen})
    except VoicecoachError:
        raise
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, RuntimeError) as error:
        raise UsageError(f"the archive {path} cannot be read: {error}") from error
    except OSError as error:
        raise OutputError(f"{path} cannot be installed: {error.strerror or error}") from error


def _contents(path: Path, opened: ExitStack) -> dict[str, Opened]:
    """Give the files that are meant, by their bare names."""
    if path.is_dir():
        return {one.name: _opener(one) for one in sorted(path.iterdir()) if one.is_file()}
    if not path.is_file():
        raise UsageError(f"there is no file '{path}'")
    if path.name.endswith(_ARCHIVES):
        return _archived(path, opened)
    if path.name.endswith(".onnx.json"):
        path = path.with_name(path.name.removesuffix(".json"))
    if path.suffix != ".onnx" or not path.is_file():
        hint = "name a .onnx file with its .onnx.json beside it, or a .tar or .zip that has both"
        raise UsageError(f"'{path}' is no voice", hint=hint)
    beside = [path.with_name(f"{path.name}.json"), *sorted(path.parent.iterdir())]
    kept = [one for one in beside if one.name == f"{path.name}.json" or _VOICES.fullmatch(one.name)]
    return {one.name: _opener(one) for one in (path, *kept) if one.is_file()}


def _opener(path: Path) -> Opened:
    return lambda: path.open("rb")


def _archived(path: Path, opened: ExitStack) -> dict[str, Opened]:
    """List an archive; only bare names are taken from it, so nothing can be put elsewhere."""
    found: dict[str, Opened] = {}
    if path.suffix == ".zip":
        archive = opened.enter_context(zipfile.ZipFile(path))
        for member in archive.infolist():
            if not member.is_dir():
                found[PurePosixPath(member.filename).name] = partial(archive.open, member)
        return _visible(found)
    tar = opened.enter_context(tarfile.open(path))  # noqa: SIM115 - the stack closes it
    for entry in tar:
        if entry.isfile():
            found[PurePosixPath(entry.name).name] = partial(_member, tar, entry)
    return _visible(found)


def _member(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    file = tar.extractfile(entry)
    assert file is not None  # it is a file
    return file


def _visible(found: Mapping[str, Opened]) -> dict[str, Opened]:
    return {name: opener for name, opener in found.items() if not name.startswith(".")}


def _choose(found: Mapping[str, Opened], path: Path, wanted: str | None) -> tuple[str, str, tuple[str, ...]]:
    """Say whose it is, its name, and its files in the order in which they are put into place."""
    models = [name for name in found if name.endswith(".onnx")]
    voices = sorted(name for name in found if _VOICES.fullmatch(name))
    pipers = [name for name in models if f"{name}.json" in found]
    engine, name = split_name(wanted) if wanted else ("", "")
    if not engine:
        engine = "kokoro" if voices and not pipers else "piper"
    if engine == "kokoro":
        kokoros = [one for one in models if one.startswith("kokoro")]
        kokoros = [one for one in kokoros if name in {"", one.removesuffix(".onnx")}] or kokoros
        if not kokoros or not voices:
            message = f"{path} lacks {'a model, kokoro….onnx' if not kokoros else 'its voices, voices….bin'}"
            raise UsageError(message, hint="both come from kokoro-onnx's page of releases; lay them into one folder")
        model = max(kokoros)
        return engine, model.removesuffix(".onnx").removeprefix("kokoro-"), (voices[-1], model)
    if engine != "piper":
        raise UsageError(f"voices of '{engine}' are not installed from files", hint="those of piper and kokoro are")
    fitting = [one for one in pipers if name in {"", one.removesuffix(".onnx")}]
    if len(fitting) != 1:
        message, hint = _none_or_many(path, models, fitting, name)
        raise UsageError(message, hint=hint)
    model = fitting[0]
    if not _NAME.fullmatch(model):
        hint = "letters, digits, '_', '-' and '.'; rename both files"
        raise UsageError(f"'{model}' cannot be a voice's name", hint=hint)
    return engine, model.removesuffix(".onnx"), (f"{model}.json", model)


def _none_or_many(path: Path, models: list[str], fitting: list[str], name: str) -> tuple[str, str]:
    if fitting:
        listed = ", ".join(one.removesuffix(".onnx") for one in fitting)
        return f"{path} has several voices: {listed}", f"say which: voicecoach voices install NAME --from {path}"
    if name and models:
        return f"{path} has no voice '{name}'", f"it has {', '.join(models)}"
    if models:
        return f"{models[0]} has no {models[0]}.json beside it", "a voice is these two files; fetch the other one, too"
    return f"{path} has no voice: there is no .onnx in it", "a voice is NAME.onnx and NAME.onnx.json"


def _install(engine: str, name: str, files: Mapping[str, Opened]) -> GivenVoice:
    folder = own_folder(engine)
    folder.mkdir(parents=True, exist_ok=True)
    targets = tuple(folder / file for file in files)
    with _aside() as aside:
        for file, opener in files.items():
            _copy(opener, aside / file)
        try:
            _CHECKS[engine](*(aside / file for file in files))
        except EngineError as error:
            message = error.message.replace(f"{aside}/", "").replace(f"{aside}\\", "")
            hint = "the files are damaged, or no voice"
            raise EngineError(f"{name} was not installed: {message}", hint=hint) from error
        replaced = all(target.is_file() for target in targets)
        put([(aside / file, target) for file, target in zip(files, targets, strict=True)])
    return GivenVoice(engine, name, targets, replaced)


@contextmanager
def _aside() -> Iterator[Path]:
    """Give a folder on the disk of our voices, where no engine looks."""
    with tempfile.TemporaryDirectory(dir=data_folder() / "voices", prefix=".from-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _copy(opener: Opened, target: Path) -> None:
    with opener() as source, target.open("wb") as out:
        while block := source.read(1 << 20):
            out.write(block)
            if out.tell() > _MOST_BYTES:
                raise UsageError(f"{target.name} is too large to be a voice")


def _check_piper(papers: Path, model: Path) -> None:
    file = PiperFile(model.name.removesuffix(".onnx"), model)
    file.config  # noqa: B018 - reads and checks them
    assert papers == file.config_path
    _check_model(model, "piper", {"input", "input_lengths", "scales"})


def _check_kokoro(voices: Path, model: Path) -> None:
    with opened_styles(voices) as styles:
        if not any(STYLE_NAME.fullmatch(name) for name in styles.files):
            raise EngineError(f"{voices.name} holds no voices")
    _check_model(model, "kokoro", {"style", "speed"})


def _check_model(path: Path, engine: str, inputs: set[str]) -> None:
    """Load a model; where its engine is not installed, look at its first bytes only."""
    if importlib.util.find_spec("onnxruntime") is None:
        with path.open("rb") as file:
            if file.read(1) != b"\x08":  # the version of the format is what an ONNX file begins with
                raise EngineError(f"{path.name} is no ONNX model")
        return
    found = {one.name for one in open_session(path, engine, "").get_inputs()}
    if not inputs <= found:
        raise EngineError(f"{path.name} is no {engine} model: it takes {', '.join(sorted(found))}")


_CHECKS: dict[str, Callable[[Path, Path], None]] = {"piper": _check_piper, "kokoro": _check_kokoro}
