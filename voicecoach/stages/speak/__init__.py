"""speak: utterances → clips, each different one made once, several at a time, kept in the cache.

An utterance is spoken in pieces: the text between its pauses. Each piece is trimmed, resampled once and kept; the clip
is the pieces with exact silence between, filled up to whole MP3 frames. What is known of it (its length, its loudness,
its outline) is kept beside it. A session holds no more than that in memory, and the samples are read back when a
stretch is mixed. Each voice is brought to one loudness by one gain, as the clip is read; what an author wants louder or
softer is laid on with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack

from voicecoach.model.clip import Utterance, Voice
from voicecoach.stages.speak.maker import LEVEL_TEXT, Maker
from voicecoach.stages.speak.spoken import Spoken
from voicecoach.stages.speak.studio import Approve, Studio, allowed

__all__ = ["LEVEL_TEXT", "Approve", "Spoken", "Studio", "allowed", "speak"]


def speak(
    utterances: Iterable[Utterance],
    already: Spoken,
    studio: Studio,
    progress: Callable[[str, int, int], None] | None = None,
) -> Spoken:
    """Speak every utterance, or take it from the cache.

    Parameters
    ----------
    utterances
        Equal ones are made once.
    already
        What an earlier call gave; its utterances are not made again.
    studio
        Engines, cache, loudness.
    progress
        Called with ("speak", done, of) after each.

    Raises
    ------
    SpeechError
        A cue cannot be spoken; it carries the text, the voice and the cause. Nothing is left silent.
    UsageError
        An engine that costs money was not allowed to.
    """
    maker = Maker(studio)
    plain = dict(already.plain)
    wanted = [utterance for utterance in dict.fromkeys(utterances) if utterance not in plain]
    new = [v for v in dict.fromkeys(utterance.voice for utterance in wanted) if v not in already.gains_db]
    maker.ask_first([*wanted, *(Utterance(LEVEL_TEXT, voice) for voice in new)])
    pools = _pools({utterance.voice.engine for utterance in wanted}, studio)
    aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="speak-level")  # measuring takes a second: meanwhile
    try:
        gains_db: dict[Voice, Future[float]] = {}
        for voice in new:
            first = next(utterance.text for utterance in wanted if utterance.voice == voice)
            maker.figures(Utterance(LEVEL_TEXT, voice), first)  # a voice that cannot speak is found out here
            gains_db[voice] = aside.submit(maker.gain_db, voice)
        waiting = {pools[utterance.voice.engine].submit(maker.figures, utterance): utterance for utterance in wanted}
        for done, future in enumerate(as_completed(waiting), start=1):
            plain[waiting[future]] = future.result()
            if progress is not None:
                progress("speak", done, len(wanted))
        levelled = {voice: future.result() for voice, future in gains_db.items()}
    finally:
        with ExitStack() as ending:
            for pool in (*pools.values(), aside):
                ending.callback(pool.shutdown, wait=True, cancel_futures=True)
    return Spoken(plain, {**already.gains_db, **levelled}, maker.clip)


def _pools(engines: Iterable[str], studio: Studio) -> dict[str, ThreadPoolExecutor]:
    """Give each engine as many threads as make it quicker, and no more than were asked for."""
    pools = {}
    for name in sorted(engines):
        most = studio.engines.get(name).capabilities.parallel
        jobs = max(1, min(studio.jobs, most) if most > 0 else studio.jobs)
        pools[name] = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix=f"speak-{name}")
    return pools
