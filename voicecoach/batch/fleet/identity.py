"""What a machine is, as far as it shapes sessions; and in what two of them differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from voicecoach.batch.fleet.orders import Identity


def identity() -> Identity:
    """Name what shapes sessions on this machine: this package, Python, libraries, and the speech that comes with it."""
    from voicecoach import __version__
    from voicecoach.batch.keys import library_versions, package_digest

    versions = (told.partition(" ")[::2] for told in library_versions())
    return (("voicecoach", f"{__version__} ({package_digest()[:12]})"), *versions, ("espeak-ng", _espeak()))


def _espeak() -> str:
    from voicecoach.engines.registry import EngineShelf
    from voicecoach.errors import EngineError

    with EngineShelf() as engines:
        try:
            engine = engines.get("espeak")
            voice = engine.default_voice("en")
            return "no voice" if voice is None else engine.fingerprint(voice)
        except EngineError as fault:
            return f"none: {fault.message}"


def differences(ours: Identity, theirs: Mapping[str, Identity | BaseException]) -> tuple[str, ...]:
    """Tell in what workers differ from here, one line a kind of difference; none where sessions will be the same.

    Parameters
    ----------
    ours
        Of this machine.
    theirs
        Those of workers by their addresses; or why one could not tell.
    """
    found: dict[str, list[str]] = {}
    for address, told in sorted(theirs.items()):
        for line in _lines(ours, told):
            found.setdefault(line, []).append(address)
    return tuple(f"{line}: {_named(addresses)}" for line, addresses in found.items())


def _lines(ours: Identity, told: Identity | BaseException) -> Iterator[str]:
    if isinstance(told, BaseException):
        missing = isinstance(told, ImportError) or "No module named" in str(told)
        yield "voicecoach, or a part that it needs, is not there" if missing else f"{type(told).__name__}: {told}"
        return
    mine, others = dict(ours), dict(told)
    for name in dict.fromkeys((*mine, *others)):
        here, there = mine.get(name, "none"), others.get(name, "none")
        if here != there:
            yield f"{name} {there}, here {here}"


def _named(addresses: list[str]) -> str:
    more = f" and {len(addresses) - 3} more" if len(addresses) > 3 else ""
    return f"worker {', '.join(addresses[:3])}{more}"
