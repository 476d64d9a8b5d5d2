"""The child of the espeak engine: espeak-ng by ctypes, a library loaded afresh for each cue.

espeak-ng keeps state that nothing resets, so in one load the same text never gives the same samples twice. Loading a
private copy for each cue and unloading it after costs 3 ms and makes every cue repeatable.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from voicecoach.engines.child_side import Message, Refusal, serve

# From espeak-ng's speak_lib.h.
_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: the samples come by callback, before espeak_Synth returns
_DONT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT
_RATE, _PITCH, _WORDGAP = 1, 3, 7
_POS_CHARACTER = 1
_CHARS_UTF8, _ENDPAUSE = 1, 0x1000  # never SSML (0x10): markup is text
_PHONEMES = 0x100  # "[[" begins names of sounds: only where the parent wrote it
_IPA = 2
_EVENT_END, _EVENT_WORD = 0, 1
_SEED = 1


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_void_p),
    )


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))


def main(arguments: list[str]) -> None:
    """Answer requests: ``voices``, ``sounds`` and ``speak``."""
    serve(_handle, arguments[1])


def _handle(request: dict[str, Any]) -> Message:
    answers = {"voices": _voices, "sounds": _sounds, "speak": _speak}
    header, body = answers[request["do"]](request)
    # Where the library did not unload, the next cue would not be repeatable: a fresh process then.
    return header | {"retire": _is_loaded(request["library"])}, body


def _voices(request: dict[str, Any]) -> Message:
    """List the voices: identifier, display name, and languages with their priority, the smallest first."""
    with _loaded(request) as (library, _):
        library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        voices = []
        for pointer in library.espeak_ListVoices(None):
            if not pointer:
                break
            voice = pointer.contents
            names = voice.identifier.decode("utf-8"), voice.name.decode("utf-8", "replace").strip()
            voices.append([*names, list(_languages(voice.languages))])
    if not voices:
        raise Refusal(f"espeak-ng finds no voices in {request['data']}", kind="engine")
    return {"voices": voices}, b""


def _languages(address: int) -> Iterator[tuple[int, str]]:
    """Read the list of languages: for each a byte of priority and a string; a zero byte ends it."""
    while priority := ctypes.string_at(address, 1)[0]:
        language = ctypes.string_at(address + 1)
        yield priority, language.decode("utf-8", "replace").lower()
        address += len(language) + 2


def _speak(request: dict[str, Any]) -> Message:
    """Speak one text: samples as int16 in native byte order, word events as (position, length, sample)."""
    samples = bytearray()
    words: list[tuple[int, int, int]] = []

    def collect(address: int | None, frames: int, events: Any) -> int:
        if address and frames > 0:
            samples.extend(ctypes.string_at(address, 2 * frames))
        for event in events:
            if event.type == _EVENT_END:
                break
            if event.type == _EVENT_WORD:
                words.append((event.text_position, event.length, event.sample))
        return 0

    callback = _CALLBACK(collect)  # kept until the library is unloaded
    text = request["text"].encode("utf-8", "replace")
    with _loaded(request) as (library, rate_hz):
        _set_voice(library, request)
        library.espeak_SetParameter(_RATE, request["rate"], 0)
        library.espeak_SetParameter(_PITCH, request["pitch"], 0)
        library.espeak_SetParameter(_WORDGAP, request["word_gap"], 0)
        library.espeak_SetSynthCallback(callback)
        flags = _CHARS_UTF8 | _ENDPAUSE | (_PHONEMES if request["has_phonemes"] else 0)
        failed = library.espeak_Synth(text, ctypes.c_size_t(len(text) + 1), 0, _POS_CHARACTER, 0, flags, None, None)
    if failed:
        raise Refusal(f"espeak-ng failed with code {failed}")
    return {"rate_hz": rate_hz, "words": words}, bytes(samples)


def _sounds(request: dict[str, Any]) -> Message:
    """Tell the IPA of texts in espeak's own names of sounds."""
    callback = _CALLBACK(lambda *_: 0)
    told = []
    with _loaded(request) as (library, _):
        _set_voice(library, request)
        library.espeak_SetSynthCallback(callback)
        # What follows goes by the flags of the last espeak_Synth.
        library.espeak_Synth(b"a", ctypes.c_size_t(2), 0, _POS_CHARACTER, 0, _CHARS_UTF8 | _PHONEMES, None, None)
        library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        for names in request["names"]:
            text = ctypes.create_string_buffer(f"[[{names}]]".encode())
            at = ctypes.c_void_p(ctypes.addressof(text))
            told.append((library.espeak_TextToPhonemes(ctypes.byref(at), _CHARS_UTF8, _IPA) or b"").decode("utf-8"))
    return {"ipa": told}, b""


def _set_voice(library: ctypes.CDLL, request: dict[str, Any]) -> None:
    """Set the voice: the one true check that the data is there, since espeak_Initialize succeeds without."""
    if library.espeak_SetVoiceByName(request["voice"].encode("utf-8")) != 0:
        raise Refusal(f"espeak-ng cannot load the voice {request['voice']} from {request['data']}", kind="engine")


@contextmanager
def _loaded(request: dict[str, Any]) -> Iterator[tuple[ctypes.CDLL, int]]:
    """Load the library, initialise it, and unload it after; gives it with its sample rate in Hz."""
    try:
        library = ctypes.CDLL(request["library"])
    except OSError as error:
        raise Refusal(f"espeak-ng's library does not load: {error}", kind="engine") from error
    try:
        # On Windows the C library opens files by their name in the ANSI code page, elsewhere by its bytes.
        data = request["data"].encode("mbcs") if sys.platform == "win32" else os.fsencode(request["data"])
        rate_hz = library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT)
        if rate_hz <= 0:
            raise Refusal(f"espeak-ng does not start with the data in {request['data']}", kind="engine")
        library.espeak_ng_SetRandSeed(ctypes.c_long(_SEED))
        yield library, rate_hz
        library.espeak_Terminate()
    finally:
        _unload(library)


def _unload(library: ctypes.CDLL) -> None:
    import _ctypes  # the only door to dlclose and FreeLibrary

    if sys.platform == "win32":
        _ctypes.FreeLibrary(library._handle)
    else:
        _ctypes.dlclose(library._handle)


def _is_loaded(path: str) -> bool:
    """Tell whether the library is still in the process."""
    if sys.platform == "win32":
        find = ctypes.windll.kernel32.GetModuleHandleW
        find.restype = ctypes.c_void_p
        loaded = find(ctypes.c_wchar_p(path)) is not None
    else:
        try:
            loaded = bool(ctypes.CDLL(path, mode=os.RTLD_NOLOAD | os.RTLD_LAZY))
        except OSError:
            loaded = False
    return loaded


if __name__ == "__main__":
    main(sys.argv)
