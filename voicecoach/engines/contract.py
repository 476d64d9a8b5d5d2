"""What every engine promises, asked of one that is installed: ``python -m voicecoach.engines.contract NAME``.

For authors of engines: each line tells a promise of `voicecoach.engines.base`, and whether it is kept. With a voice of
its own (``NAME:VOICE``) it asks that one, and ``--language de`` asks in another language than English.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from voicecoach.engines import registry
from voicecoach.engines.base import Engine, Phonemes, Speech, SpeechRequest
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD, EngineError, SpeechError, VoicecoachError, VoiceUnknownError

CUE = "Kneel on your left knee. Place your right foot flat on the floor in front of you."
SHORT_CUES = (CUE, "Now change sides.", "Ten seconds left.")
NOTHING = ("", "  \n", "…", "---")
NO_VOICES = ("", "no such voice", "../en", "no-such+voice")
ODD_TEXTS = (
    "Grüße, öffne die Hüfte — langsam …",
    "Hello Привет! 你好 hello 🙂",
    "!!! now ??? --- (go)",
    "[[test]] hello ]] world [[ again",
    '<speak><prosody rate="x-slow">test</prosody></speak>',
    "one\ntwo\r\n\r\nthree\tfour",
    "a\0b and \x01 50S c \x1b \x7f \x85",
    "lone surrogate \ud800 here",
    "--help me -v 3 @now",
    "$(touch x) `ls` ; echo | cat",
)
_SPEEDS = (0.5, 1.0, 1.5, 2.0)
_FRESH_PROCESS_S = 120

_FRESH = (
    "import hashlib, sys\n"
    "from voicecoach.engines import base, registry\n"
    "engine = registry.load(sys.argv[1])\n"
    "for cue in sys.argv[3:]:\n"
    "    samples = engine.speak(base.SpeechRequest(cue, sys.argv[2])).samples\n"
    "    print(hashlib.sha256(samples.tobytes()).hexdigest())\n"
    "print(engine.fingerprint(sys.argv[2]))\n"
    "engine.close()\n"
)


class BrokenError(Exception):
    """A promise that is not kept; the message says how."""


@dataclass(frozen=True)
class Asked:
    """Who is asked: an engine, and one of its voices."""

    engine: Engine
    voice: str
    language: str = "en"

    def speak(self, text: str, speed: float = 1.0) -> Speech:
        """Have a text spoken."""
        return self.engine.speak(SpeechRequest(text, self.voice, speed))


@dataclass(frozen=True)
class Answer:
    """What came of one promise; ``told`` is what was found, or how it was broken."""

    promise: str
    kept: bool
    told: str


Check = Callable[[Asked], str]


def is_an_engine(asked: Asked) -> str:
    """It has all parts of the protocol, and is registered under its own name."""
    _must(isinstance(asked.engine, Engine), "a part of the Engine protocol is missing")
    _must(
        asked.engine.name in registry.names(), f"its name '{asked.engine.name}' is not the one it is registered under"
    )
    can = asked.engine.capabilities
    _must(can.max_chars >= 200, f"max_chars is {can.max_chars}: a cue may have 200 characters")
    honoured = [name for name in ("speed", "pitch", "phonemes", "emphasis", "roles", "marks") if getattr(can, name)]
    return ", ".join(honoured) or "text alone"


def voices_have_names(asked: Asked) -> str:
    """Voices have unique names without spaces and colons, and language tags; the default voice is one of them."""
    infos = asked.engine.voices()
    names = [info.name for info in infos]
    _must(bool(names), "there is no voice")
    _must(len(set(names)) == len(names), "two voices have the same name")
    for info in infos:
        _must(re.fullmatch(r"[^\s:,]+", info.name) is not None, f"a voice cannot be called {info.name!r}")
        tag = re.fullmatch(r"[a-z]{2,8}(-[a-z0-9]+)*", info.language)
        _must(tag is not None, f"the language of {info.name} is no tag: {info.language!r}")
    default = asked.engine.default_voice(asked.language)
    _must(default is None or default in names, f"the default voice {default!r} is not listed")
    return f"{len(names)} voices"


def no_voice_for_no_language(asked: Asked) -> str:
    """The default voice fits its language, whatever its region; of a language that nobody speaks there is none."""
    languages = {info.name: info.language for info in asked.engine.voices()}
    if "mul" in languages.values():
        return "speaks any language"
    base = asked.language.partition("-")[0]
    for wanted in (base, f"{base}-XX", f"{base.upper()}_xx"):
        voice = asked.engine.default_voice(wanted)
        _must(voice is not None, f"no default voice for {wanted!r}")
        _must(
            languages[str(voice)].startswith(base), f"the default voice for {wanted!r} speaks {languages[str(voice)]}"
        )
    _must(asked.engine.default_voice("xx-none") is None, "there is a default voice for a language that is none")
    return "fits"


def speaks(asked: Asked) -> str:
    """Samples are float32 of shape (frames, channels), finite, heard, not over full scale, about as long as speech."""
    speech = asked.speak(CUE)
    samples = speech.samples
    _must(samples.dtype == np.float32, f"samples are {samples.dtype}, not float32")
    _must(samples.ndim == 2 and samples.shape[1] in {1, 2}, f"samples have the shape {samples.shape}")
    _must(8000 <= speech.rate_hz <= 192000, f"a rate of {speech.rate_hz} Hz")
    _must(bool(np.isfinite(samples).all()), "samples are not finite")
    peak = float(np.abs(samples).max())
    _must(0.01 < peak <= 1.0, f"a peak of {peak:.3f}")
    length_s = _length_s(speech)
    _must(2.0 < length_s < 14.0, f"{length_s:.1f} s for {len(CUE)} characters, where a coach takes about 6")
    return f"{length_s:.1f} s at {speech.rate_hz} Hz"


def speed_is_honoured(asked: Asked) -> str:
    """Speed 2 takes half the time, and 0.5 more than 1, where the engine says that it can."""
    if not asked.engine.capabilities.speed:
        return "cannot"
    lengths = [_length_s(asked.speak(CUE, speed)) for speed in _SPEEDS]
    _must(lengths == sorted(lengths, reverse=True), f"faster is not shorter: {[round(one, 2) for one in lengths]}")
    _must(lengths[0] > lengths[1] * 1.15, "speed 0.5 is hardly slower")
    for speed, length_s in zip(_SPEEDS[1:], lengths[1:], strict=True):
        ratio = lengths[1] / length_s
        _must(abs(ratio / speed - 1) < 0.2, f"speed {speed:g} is {ratio:.2f} times as fast")
    return " ".join(f"{lengths[1] / one:.2f}" for one in lengths)


def marks_are_words(asked: Asked) -> str:
    """Word marks lie on words and inside the sound; there are none where the engine says that it gives none."""
    text = "Hello: now change sides, and breathe."
    speech = asked.speak(text)
    if not asked.engine.capabilities.marks:
        _must(speech.marks == (), "there are marks, though its capabilities say none")
        return "none"
    words = [text[mark.start : mark.end] for mark in speech.marks]
    _must(words == re.findall(r"\w+", text), f"marks lie on {words}")
    times = [mark.at_s for mark in speech.marks]
    _must(times == sorted(times), "marks are not in order")
    _must(times[0] >= 0 and times[-1] < _length_s(speech), "a mark lies outside the sound")
    return f"{len(words)} words"


def phonemes_are_heard(asked: Asked) -> str:
    """A stretch with phonemes sounds otherwise than its letters, where the engine says that it takes them."""
    if not asked.engine.capabilities.phonemes:
        return "none"
    text, start = "Now find the psoas muscle.", 13
    plain = asked.speak(text)
    request = SpeechRequest(text, asked.voice, phonemes=(Phonemes(start, start + 5, "mˈuːnlaɪt"),))
    _must(_digest(asked.engine.speak(request)) != _digest(plain), "phonemes change nothing")
    return "heard"


def pitch_is_heard(asked: Asked) -> str:
    """Another pitch is another sound of about the same length, where the engine says that it can."""
    if not asked.engine.capabilities.pitch:
        return "none"
    plain = asked.speak(CUE)
    request = SpeechRequest(CUE, asked.voice, pitch_st=5.0)
    high = asked.engine.speak(request)
    _must(_digest(high) != _digest(plain), "pitch changes nothing")
    _must(abs(_length_s(high) / _length_s(plain) - 1) < 0.15, "another pitch takes another time")
    return "heard"


def unknown_voices_are_refused(asked: Asked) -> str:
    """A voice that is not there is told as such, by speaking and by the fingerprint."""
    for name in NO_VOICES:
        for call in (lambda: asked.engine.speak(SpeechRequest(CUE, name)), lambda: asked.engine.fingerprint(name)):  # noqa: B023
            _refused(call, VoiceUnknownError, f"the voice {name!r}")
    return "refused"


def odd_texts_do_no_harm(asked: Asked) -> str:
    """Any text is spoken or refused as a cue; markup in it is not obeyed; the next cue is spoken as ever."""
    before = _length_s(asked.speak("Now change sides."))
    for text in ODD_TEXTS:
        try:
            speech = asked.speak(text)
        except SpeechError:
            continue
        except Exception as error:
            raise BrokenError(f"{text!r} raises {type(error).__name__}: {error}") from error
        _must(_length_s(speech) < 30, f"{text!r} takes {_length_s(speech):.0f} s: markup was obeyed")
    after = _length_s(asked.speak("Now change sides."))
    _must(abs(after / before - 1) < 0.25, "the cue after odd ones is another")
    return f"{len(ODD_TEXTS)} texts"


def longest_text_is_spoken(asked: Asked) -> str:
    """As many characters as it says are spoken whole; one more is refused."""
    most = asked.engine.capabilities.max_chars
    text = ("breathe in and out. " * (most // 20 + 1))[:most]
    length_s = _length_s(asked.speak(text, 2.0))
    _must(length_s > most * 0.01, f"{most} characters take {length_s:.1f} s: some are missing")
    _refused(lambda: asked.speak(text + "x"), SpeechError, f"a text of {most + 1} characters")
    return f"{most} characters in {length_s:.0f} s"


def nothing_is_refused(asked: Asked) -> str:
    """Text without a word in it is refused, never silence."""
    for text in NOTHING:
        _refused(lambda: asked.speak(text), SpeechError, f"the text {text!r}")  # noqa: B023
    return "refused"


def impossible_speeds_are_refused(asked: Asked) -> str:
    """Speeds outside 0.5 to 2 are refused."""
    for speed in (0.0, 0.49, 2.01, float("nan")):
        _refused(lambda: asked.speak(CUE, speed), SpeechError, f"the speed {speed:g}")  # noqa: B023
    return "refused"


def repeats(asked: Asked) -> str:
    """The same request gives the same samples, from several threads and in a fresh process, where it says so."""
    if not asked.engine.capabilities.repeatable:
        return "says that it does not"
    first = [_digest(asked.speak(cue)) for cue in SHORT_CUES]
    with ThreadPoolExecutor(4) as threads:
        again = list(threads.map(lambda cue: _digest(asked.speak(cue)), SHORT_CUES * 4))
    _must(again == first * 4, "the same text sounds another way from several threads")
    command = [sys.executable, "-c", _FRESH, asked.engine.name, asked.voice, *SHORT_CUES]
    fresh = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_FRESH_PROCESS_S)  # noqa: S603
    _must(fresh.returncode == 0, f"a fresh process fails: {fresh.stderr.strip()[-300:]}")
    *digests, fingerprint = fresh.stdout.splitlines()
    _must(digests == first, "the same text sounds another way in a fresh process")
    _must(fingerprint == asked.engine.fingerprint(asked.voice), "the fingerprint is another in a fresh process")
    return "the same in threads and processes"


def threads_do_not_mix(asked: Asked) -> str:
    """Called from several threads at once, each gets its own text."""
    texts = [f"Number {number}. " + "again " * number for number in range(1, 9)]
    with ThreadPoolExecutor(4) as threads:
        lengths = list(threads.map(lambda text: _length_s(asked.speak(text)), texts))
    _must(lengths == sorted(lengths), f"longer texts are not longer: {[round(one, 2) for one in lengths]}")
    return f"{len(texts)} texts from 4 threads"


def fingerprint_is_stable(asked: Asked) -> str:
    """Two engines of the kind have the same fingerprint; it is one line."""
    other = registry.load(asked.engine.name)
    try:
        told = asked.engine.fingerprint(asked.voice)
        _must(told == asked.engine.fingerprint(asked.voice) == other.fingerprint(asked.voice), "it changes")
    finally:
        other.close()
    _must(bool(told) and "\n" not in told, "it is empty, or not one line")
    return told if len(told) < 60 else f"{told[:57]}…"


def closes_twice(asked: Asked) -> str:
    """An engine may be closed twice, and without having been used."""
    other = registry.load(asked.engine.name)
    other.speak(SpeechRequest("One.", asked.voice))
    other.close()
    other.close()
    registry.load(asked.engine.name).close()
    return "closes"


CHECKS: tuple[Check, ...] = (
    is_an_engine,
    voices_have_names,
    no_voice_for_no_language,
    speaks,
    speed_is_honoured,
    pitch_is_heard,
    phonemes_are_heard,
    marks_are_words,
    unknown_voices_are_refused,
    nothing_is_refused,
    impossible_speeds_are_refused,
    odd_texts_do_no_harm,
    longest_text_is_spoken,
    repeats,
    threads_do_not_mix,
    fingerprint_is_stable,
    closes_twice,
)
"""Every promise, in the order in which they are asked."""


def ask(asked: Asked, checks: Sequence[Check] = CHECKS) -> Iterator[Answer]:
    """Ask an engine for its promises, one after another."""
    for check in checks:
        promise = " ".join((check.__doc__ or check.__name__).split())
        try:
            yield Answer(promise, kept=True, told=check(asked))
        except BrokenError as error:
            yield Answer(promise, kept=False, told=str(error))
        except Exception as error:  # noqa: BLE001 - a stranger's engine: whatever it raises is a promise broken
            yield Answer(promise, kept=False, told=f"{type(error).__name__}: {error}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask the engine that the command line names; 0: it keeps all promises."""
    parser = argparse.ArgumentParser(prog="python -m voicecoach.engines.contract", description=__doc__)
    parser.add_argument("name", metavar="NAME[:VOICE]", help="an installed engine, and perhaps one of its voices")
    parser.add_argument("--language", default="en", help="of the voice, where none is named [en]")
    given = parser.parse_args(arguments)
    engine_name, _, voice = given.name.partition(":")
    try:
        engine = registry.load(engine_name)
    except VoicecoachError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    try:
        return _told(engine, voice or _default(engine, given.language), given.language)
    except VoicecoachError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    finally:
        engine.close()


def _default(engine: Engine, language: str) -> str:
    voice = engine.default_voice(language)
    if voice is None:
        raise EngineError(f"{engine.name} has no voice for '{language}'", hint="name one: NAME:VOICE")
    return voice


def _told(engine: Engine, voice: str, language: str) -> int:
    broken = 0
    sys.stdout.write(f"{engine.name}:{voice}\n")
    for answer in ask(Asked(engine, voice, language)):
        broken += not answer.kept
        sys.stdout.write(f"  {'kept  ' if answer.kept else 'BROKEN'}  {answer.promise}\n          {answer.told}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(CHECKS) - broken} of {len(CHECKS)} promises are kept\n")
    return EXIT_FAULTS if broken else EXIT_GOOD


def _must(holds: bool, told: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise BrokenError(told)


def _refused(call: Callable[[], object], kind: type[EngineError], what: str) -> None:
    try:
        call()
    except kind:
        return
    except Exception as error:
        message = f"{what} raises {type(error).__name__}, not {kind.__name__}: {error}"
        raise BrokenError(message) from error
    raise BrokenError(f"{what} is not refused")


def _length_s(speech: Speech) -> float:
    return len(speech.samples) / speech.rate_hz


def _digest(speech: Speech) -> str:
    return hashlib.sha256(speech.samples.tobytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
