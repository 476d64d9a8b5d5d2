"""cast: who speaks. What was asked for on the command line goes before what the routine says.

Where several voices are named, the first one that can be used speaks, in the whole session; that another one was
passed over is noted. A voice that fails later, while it speaks, is cast anew by `pipeline`, which tells who failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from voicecoach.engines.registry import AUTOMATIC, EngineShelf, alternatives, find_voice
from voicecoach.errors import EngineError, SpeechError, VoiceUnknownError
from voicecoach.model.casting import Casting
from voicecoach.model.clip import Voice
from voicecoach.model.diagnostic import Diagnostic, Severity
from voicecoach.model.location import Location
from voicecoach.model.routine import Routine, named_voices
from voicecoach.source.nodes import Sources

ANY_LANGUAGE = frozenset({"", "und", "mul", "*"})
"""What a voice says that speaks whatever it is given."""


def nobody(_language: str) -> str | None:
    """Prefer no voice."""
    return None


@dataclass(frozen=True)
class Cast:
    """What casting gave.

    Attributes
    ----------
    casting
        The voices; None where the routine names one that there is not.
    faults
        The author's.
    notes
        Which voices were passed over and why, and what else whoever builds should know; one line each.
    chosen
        Whose choice the coach is: ``auto``, ``your default``; empty where it was named.
    """

    casting: Casting | None
    faults: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()
    chosen: str = ""


def cast(
    routine: Routine,
    sources: Sources,
    engines: EngineShelf,
    asked: str | None,
    preferred: Callable[[str], str | None] = nobody,
    failed: Mapping[str, EngineError] | None = None,
) -> Cast:
    """Find the voices of a session.

    Parameters
    ----------
    routine, sources
        What the author wants, and where it is written.
    engines
        The engines that there are.
    asked
        ``auto``, an engine, ``engine:voice``, or several of them with commas between, in place of the routine's own
        voice; None: as the routine says. Who counts and what steps name stays the routine's, unless it is the voice
        that was replaced, or one that cannot be used here.
    preferred
        Gives the voice that whoever builds prefers for a language: what ``default`` means.
    failed
        Voices (``engine:name``) that could not speak, and why.

    Returns
    -------
    Cast
        The voices, the author's faults, and notes.

    Raises
    ------
    VoiceUnknownError
        There is no voice such as was asked for.
    EngineError
        No voice that was named can be used here.
    """
    return _Casting(routine, sources, engines, asked, preferred, failed or {}).cast()


@dataclass
class _Casting:
    routine: Routine
    sources: Sources
    engines: EngineShelf
    asked: str | None
    preferred: Callable[[str], str | None]
    failed: Mapping[str, EngineError]
    notes: list[str] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)
    found: dict[str, Voice | EngineError] = field(default_factory=dict)
    chosen: str = ""

    def cast(self) -> Cast:
        routine = self.routine
        spec = self.asked or routine.voice.spec
        coach = self._first(spec)
        if isinstance(coach, EngineError):
            place = routine.places.get("voice") or routine.places.get("language")
            if self.asked is not None or place is None or not isinstance(coach, VoiceUnknownError):
                raise coach
            self.faults.append(self._unknown(coach, place))
        named = dict(self._named(None if isinstance(coach, EngineError) else coach))
        if isinstance(coach, EngineError) or any(fault.severity is Severity.ERROR for fault in self.faults):
            return Cast(None, tuple(self.faults), tuple(self.notes))
        self._tell_language(spec, coach, None if self.asked else routine.places.get("voice"))
        counted = routine.counter.spec if routine.counter is not None else None
        counter = coach if counted is None else named.get(counted, coach)
        can = {voice: self.engines.get(voice.engine).capabilities for voice in (coach, counter, *named.values())}
        by_role = frozenset(voice for voice, capabilities in can.items() if capabilities.roles)
        casting = Casting(coach, counter, named, by_role)
        return Cast(casting, tuple(self.faults), tuple(self.notes), self.chosen)

    def _named(self, coach: Voice | None) -> Iterator[tuple[str, Voice]]:
        """Find the voices that the routine names beside the coach's; where it means the coach's, that one is taken."""
        told: set[str] = set()
        for spec, place in named_voices(self.routine):
            if spec in told or spec == self.routine.voice.spec:
                continue
            told.add(spec)
            voice = self._first(spec)
            if isinstance(voice, Voice):
                self._tell_language(spec, voice, place)
                yield spec, voice
            elif self.asked is not None and coach is not None:
                self._pass_over(spec, voice, coach)
            elif self.failed and not isinstance(voice, VoiceUnknownError):
                raise voice  # it is there, and could not speak
            else:
                self.faults.append(self._unknown(voice, place or Location(self.sources.main.name, 1, 1)))

    def _first(self, spec: str) -> Voice | EngineError:
        """Find the first voice of several that can be used; or say why none can."""
        passed: dict[str, EngineError] = {}
        for one, whose in self._candidates(spec):
            voice = self._look_up(one)
            if isinstance(voice, Voice):
                for before, reason in passed.items():
                    self._pass_over(before, reason, voice)
                if spec == (self.asked or self.routine.voice.spec):
                    self.chosen = whose
                return voice
            passed[one] = voice
        if len(passed) == 1:
            return next(iter(passed.values()))
        reasons = "; ".join(f"{one}: {reason.message}" for one, reason in passed.items())
        unknown = all(isinstance(reason, VoiceUnknownError) for reason in passed.values())
        hint = next((reason.hint for reason in passed.values() if reason.hint), None)
        return (VoiceUnknownError if unknown else SpeechError)(f"no voice of these can be used: {reasons}", hint=hint)

    def _candidates(self, spec: str) -> Iterator[tuple[str, str]]:
        """Give the voices to try in order, each with whose choice it is."""
        for one in alternatives(spec):
            if one.casefold() in AUTOMATIC:
                mine = self.preferred(self.routine.language)
                yield from () if mine is None else ((each, "your default") for each in alternatives(mine))
                yield one, "auto"
            else:
                yield one, ""

    def _look_up(self, spec: str) -> Voice | EngineError:
        if spec not in self.found:
            try:
                self.found[spec] = find_voice(self._placed(spec), self.routine.language, self.engines)
            except EngineError as error:
                self.found[spec] = error
            except Exception as error:  # noqa: BLE001 - a stranger's engine
                self.found[spec] = EngineError(f"{type(error).__name__}: {error}")
        found = self.found[spec]
        return found if isinstance(found, EngineError) else self.failed.get(str(found), found)

    def _placed(self, spec: str) -> str:
        """Say where a voice lies that the author names by its place (``recorded:./kim``): beside the routine."""
        engine, colon, name = spec.partition(":")
        folder = self.sources.main.folder
        by_hand = self.asked is not None and spec in alternatives(self.asked)
        if by_hand or folder is None or not name.strip().startswith(("./", "../")):
            return spec
        return f"{engine}{colon}{(folder / name.strip()).resolve()}"

    def _pass_over(self, spec: str, reason: EngineError, instead: Voice) -> None:
        note = f"voice: {spec} cannot be used ({reason.message}); {instead} speaks instead"
        if note not in self.notes:
            self.notes.append(note)

    def _unknown(self, error: EngineError, place: Location) -> Diagnostic:
        return self.sources.fault("unknown-voice", error.message, place, error.hint)

    def _tell_language(self, spec: str, voice: Voice, place: Location | None) -> None:
        """Warn of a voice that speaks another language than the session: the author who named it, else who builds."""
        language = self.routine.language
        if spec.casefold() in AUTOMATIC or _base(voice.language) in {_base(language), *ANY_LANGUAGE}:
            return
        message = f"{voice} speaks '{voice.language}', and what is said is in '{language}'"
        if place is None:
            self.notes.append(f"voice: {message}")
            return
        hint = f"name a voice of '{language}' ('voicecoach voices' lists them), or write 'language: {voice.language}'"
        self.faults.append(self.sources.fault("voice-language", message, place, hint, Severity.WARNING))


def _base(language: str) -> str:
    return language.lower().replace("_", "-").partition("-")[0]
