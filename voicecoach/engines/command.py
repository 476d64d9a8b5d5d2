"""The command engine: any program that turns text into a sound file, without a shell.

A command is a list of words, in which ``{text}`` stands for the text, ``{wav}`` for the file to write, ``{text_file}``
for a file with the text in UTF-8, ``{speed}`` for the speed (1 is a coach's pace), ``{stretch}`` for how much longer it
takes (1 / speed), ``{percent}`` for the speed in whole percent, ``{wpm}`` in words a minute. Without ``{text}`` and
``{text_file}`` the program reads the text from its standard input; without ``{wav}`` it writes to its standard output.

Commands come from this file (programs that are known) and from ``voices/command/NAME.toml`` in the user's data folder.
A routine only names one: it can never bring a command of its own, since routines are passed from hand to hand.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from voicecoach.config import data_folder
from voicecoach.engines.base import Capabilities, Speech, SpeechRequest, VoiceInfo
from voicecoach.engines.checks import check_request, check_sound, shown
from voicecoach.errors import EngineError, SpeechError, VoiceUnknownError
from voicecoach.model.diagnostic import did_you_mean

_REVISION = 1
_TIMEOUT_S = 60.0
_MOST_TIMEOUT_S = 600.0
_MOST_BYTES = 512 * 1024 * 1024
_TOLD_LETTERS = 300
_COACH_WPM = 145
_VARIABLE = re.compile(r"\{(\w+)\}")
_KEYS = frozenset({"command", "language", "description", "timeout"})
_FILLED = frozenset({"text", "text_file", "wav", "speed", "stretch", "percent", "wpm"})


@dataclass(frozen=True)
class Command:
    """A program, and how it is called.

    Attributes
    ----------
    name
        Of the voice.
    words
        The program and its arguments, with variables in braces.
    language
        That it speaks, BCP 47.
    description
        For people.
    timeout_s
        How long it may take for one text.
    """

    name: str
    words: tuple[str, ...]
    language: str = "en"
    description: str = ""
    timeout_s: float = _TIMEOUT_S


# Checked with flite 2.2 and espeak-ng 1.51 of Debian 12; the others by their manuals. flite's own pace is about a
# coach's; its -ssml is left alone, since it hangs on breaks.
_FLITE = ("--setf", "duration_stretch={stretch}", "-f", "{text_file}", "-o", "{wav}")
_SAY = ("say", "--file-format=WAVE", "--data-format=LEI16@22050", "-r", "{wpm}", "-f", "{text_file}", "-o", "{wav}")
_KNOWN = (
    Command("flite", ("flite", "-voice", "slt", *_FLITE), "en-us", "flite, slt"),
    Command("flite-rms", ("flite", "-voice", "rms", *_FLITE), "en-us", "flite, rms"),
    Command("espeak-ng", ("espeak-ng", "-v", "en-us", "-s", "{wpm}", "-f", "{text_file}", "-w", "{wav}"), "en-us"),
    Command("rhvoice", ("RHVoice-test", "-p", "slt", "-r", "{percent}", "-o", "{wav}"), "en-us", "RHVoice, slt"),
    Command("pico2wave", ("pico2wave", "-l", "en-GB", "-w", "{wav}", "{text}"), "en-gb", "SVOX Pico"),
    Command("say", _SAY, "en-us", "macOS"),
)
"""Programs whose command we know; those that are installed are voices."""


class CommandEngine:
    """Programs that turn text into sound.

    Notes
    -----
    A clip of it is kept by content, since nobody can promise for a stranger's program that it says the same twice.
    """

    name = "command"
    capabilities = Capabilities(speed=True, marks=False, repeatable=False, max_chars=5000)

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._commands = lru_cache(maxsize=1)(_commands)

    def voices(self) -> Sequence[VoiceInfo]:
        """List the commands of the user's own, then the known programs that are installed."""
        return tuple(VoiceInfo(one.name, one.language, one.description) for one in self._commands().values())

    def default_voice(self, language: str) -> str | None:
        """Name the first command of that language, or of its base language."""
        tag = language.lower().replace("_", "-")
        every = list(self._commands().values())
        exact = (one.name for one in every if one.language == tag)
        near = (one.name for one in every if one.language.partition("-")[0] == tag.partition("-")[0])
        return next(exact, None) or next(near, None)

    def fingerprint(self, voice: str) -> str:
        """Name our revision, the words of the command, and what tells the program: its path, size and time."""
        command = self._find(voice)
        program = _program(command)
        state = program.stat()
        told = "\0".join((*command.words, program.name, str(state.st_size), str(state.st_mtime_ns)))
        return f"command/{_REVISION}/{hashlib.sha256(told.encode(errors='surrogateescape')).hexdigest()[:32]}"

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one text; float32, shape (frames, channels), at the program's own rate.

        Raises
        ------
        VoiceUnknownError
            There is no such command.
        EngineError
            The program cannot be started.
        SpeechError
            It failed, took too long, or gave no sound.
        """
        command = self._find(request.voice)
        check_request(request, self.capabilities)
        with tempfile.TemporaryDirectory(prefix="voicecoach-") as folder:
            speech = self._run(command, request, Path(folder))
        check_sound(speech.samples, speech.rate_hz, request.text)
        return speech

    def close(self) -> None:
        """End what still runs."""
        with self._lock:
            running = tuple(self._running)
        for process in running:
            process.kill()

    def _find(self, voice: str) -> Command:
        commands = self._commands()
        if voice not in commands:
            hint = did_you_mean(voice, commands) or _how_to_add(commands)
            raise VoiceUnknownError(f"command has no voice {voice!r}", hint=hint)
        return commands[voice]

    def _run(self, command: Command, request: SpeechRequest, folder: Path) -> Speech:
        wav, text_file = folder / "speech.wav", folder / "text.txt"
        text = _plain(request.text)
        text_file.write_text(text, encoding="utf-8")
        values = {
            "text": text,
            "text_file": str(text_file),
            "wav": str(wav),
            "speed": f"{request.speed:g}",
            "stretch": f"{1 / request.speed:g}",
            "percent": str(round(request.speed * 100)),
            "wpm": str(round(request.speed * _COACH_WPM)),
        }
        words = [_VARIABLE.sub(lambda match: values[match[1]], word) for word in command.words]
        used = {variable for word in command.words for variable in _VARIABLE.findall(word)}
        given = None if used & {"text", "text_file"} else text.encode()
        output = self._output(command, [str(_program(command)), *words[1:]], given, request.text)
        if "wav" not in used:
            return _read(output, command, request.text)
        if not wav.is_file():
            raise SpeechError(f"{command.name} wrote no sound for {shown(request.text)}", hint=_try_it(command))
        return _read(wav.read_bytes(), command, request.text)

    def _output(self, command: Command, words: list[str], given: bytes | None, text: str) -> bytes:
        # Its own group, so that what it started is ended with it.
        own_group = {} if sys.platform == "win32" else {"start_new_session": True}
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's own command, never a routine's, and no shell
                words,
                stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                **own_group,  # type: ignore[call-overload]
            )
        except OSError as error:
            raise EngineError(f"{words[0]} cannot be started: {error.strerror or error}") from error
        with self._lock:
            self._running.add(process)
        try:
            output, errors = process.communicate(given, timeout=command.timeout_s)
        except subprocess.TimeoutExpired as error:
            message = f"{command.name} took more than {command.timeout_s:g} s for {shown(text)}"
            raise SpeechError(message, hint=_try_it(command)) from error
        finally:
            _end(process)
            with self._lock:
                self._running.discard(process)
        if process.returncode:
            told = " ".join(errors.decode("utf-8", "replace").split())[-_TOLD_LETTERS:]
            why = f"{command.name} failed with exit code {process.returncode}"
            raise SpeechError(f"{why} for {shown(text)}{f': {told}' if told else ''}", hint=_try_it(command))
        return bytes(output)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it started, and close its pipes."""
    if process.poll() is None:
        if sys.platform == "win32":
            process.kill()
        else:
            import contextlib
            import signal

            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def _commands() -> Mapping[str, Command]:
    own = {one.name: one for one in _own(data_folder() / "voices" / "command")}
    known = (one for one in _KNOWN if one.name not in own and shutil.which(one.words[0]))
    return {**own, **{one.name: one for one in known}}


def _own(folder: Path) -> list[Command]:
    return [read_command(file) for file in sorted(folder.glob("*.toml"))] if folder.is_dir() else []


def read_command(file: Path) -> Command:
    """Read a command of the user's own.

    Raises
    ------
    EngineError
        The file cannot be read, or says no command; the message says where and what.
    """
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EngineError(f"{file} cannot be read: {error}", hint=_EXAMPLE) from error
    words, unknown = values.get("command"), sorted(values.keys() - _KEYS)
    if unknown:
        hint = did_you_mean(unknown[0], _KEYS) or f"the keys are {', '.join(sorted(_KEYS))}"
        raise EngineError(f"{file}: there is no key '{unknown[0]}'", hint=hint)
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
        raise EngineError(f"{file}: 'command' is not a list of words", hint=_EXAMPLE)
    strange = [v for word in words for v in _VARIABLE.findall(word) if v not in _FILLED]
    if strange:
        hint = did_you_mean(strange[0], _FILLED) or f"there are {', '.join(f'{{{one}}}' for one in sorted(_FILLED))}"
        raise EngineError(f"{file}: nothing stands for '{{{strange[0]}}}'", hint=hint)
    timeout_s = values.get("timeout", _TIMEOUT_S)
    if isinstance(timeout_s, bool) or not isinstance(timeout_s, int | float) or not 0 < timeout_s <= _MOST_TIMEOUT_S:
        raise EngineError(f"{file}: 'timeout' is no number of seconds up to {_MOST_TIMEOUT_S:g}", hint="timeout = 60")
    texts = {key: values.get(key, "") for key in ("language", "description")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise EngineError(f"{file}: 'language' and 'description' are texts", hint='language = "en-us"')
    language = texts["language"].lower().replace("_", "-") or "en"
    return Command(file.stem, tuple(words), language, texts["description"] or words[0], float(timeout_s))


_EXAMPLE = 'write: command = ["flite", "-voice", "slt", "-f", "{text_file}", "-o", "{wav}"]'


def _how_to_add(commands: Mapping[str, Command]) -> str:
    there = f"there are {', '.join(commands)}; " if commands else ""
    return f"{there}add one as {data_folder() / 'voices' / 'command' / 'NAME.toml'}; {_EXAMPLE}"


def _program(command: Command) -> Path:
    found = shutil.which(command.words[0])
    if found is None:
        raise EngineError(f"the program '{command.words[0]}' of the voice command:{command.name} is not installed")
    return Path(found)


def _try_it(command: Command) -> str:
    return f"try it by hand: {' '.join(command.words)}"


def _plain(text: str) -> str:
    """Leave out what a program might take for an option, and control characters."""
    text = "".join(" " if ord(sign) < 32 or ord(sign) == 127 else sign for sign in text)
    return text.encode("utf-8", "ignore").decode().lstrip("-@ ") or text


def _read(data: bytes, command: Command, text: str) -> Speech:
    """Decode what came, whatever its container, also with the sizes of a stream in its header."""
    import soundfile  # 80 ms

    if len(data) > _MOST_BYTES:
        raise SpeechError(f"{command.name} gave {len(data):,} bytes for {shown(text)}")
    try:
        samples, rate_hz = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError) as error:
        told = f"{command.name} gave no sound file for {shown(text)}: {error}"
        raise SpeechError(told, hint=_try_it(command)) from error
    return Speech(np.ascontiguousarray(samples), int(rate_hz))
