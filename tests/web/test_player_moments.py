"""What a player shows is what its timeline says of that moment, whatever was done to get there."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web.browser import PHONE, Browser
from tests.web.player_sites import ROUTINE, write_site
from tests.web.static_server import StaticServer
from voicecoach.model.session import Outcome
from voicecoach.model.timeline import Span, Timeline
from voicecoach.model.units import SAMPLE_RATE_HZ

pytestmark = pytest.mark.slow

LATE_S = 0.15
"""What is shown may be that much behind what is heard."""
PLAYER = "document.getElementById('player')"
SEEN = """
  const data = document.getElementById('player').dataset, audio = document.getElementById('audio');
  const text = (id) => document.getElementById(id).textContent;
  const side = [...document.querySelectorAll('#side b')].find((one) => getComputedStyle(one).visibility === 'visible');
  const seen = {at: audio.currentTime, ...data, doing: text('doing'), what: text('what'), digits: text('digits'),
    next: text('next'), shownSide: side ? side.textContent : ''};
"""


@pytest.fixture(scope="module")
def built(build_text: Callable[[str], Outcome]) -> Outcome:
    return build_text(ROUTINE)


@pytest.fixture(scope="module")
def timeline(built: Outcome) -> Timeline:
    assert built.timeline is not None
    return built.timeline


@pytest.fixture
def player(
    browser: Browser, built: Outcome, serve_folder: Callable[..., StaticServer], tmp_path: Path
) -> Iterator[Browser]:
    write_site(tmp_path, {"week 1/all ä#": built})
    server = serve_folder({"/some/where": tmp_path})
    browser.open(f"{server.url}/some/where/play/week%201/all%20%C3%A4%23.html", PHONE)
    browser.wait("document.getElementById('audio').readyState > 0")
    yield browser
    assert [fault for fault in browser.faults() if "ScriptProcessorNode" not in fault] == []


def seconds(frame: int) -> float:
    return frame / SAMPLE_RATE_HZ


def allowed(timeline: Timeline, at_s: float) -> list[Span]:
    """The span of a moment, and the one just before it while it may still be shown."""
    starts = [span.start for span in timeline.spans]
    frames = {round(at_s * SAMPLE_RATE_HZ), max(0, round((at_s - LATE_S) * SAMPLE_RATE_HZ))}
    return [timeline.spans[max(0, bisect_right(starts, frame) - 1)] for frame in sorted(frames)]


def go(browser: Browser, at_s: float, *, play: bool = True) -> None:
    browser.run(
        """const audio = document.getElementById('audio');
           audio.currentTime = arguments[0];
           await new Promise((done) => audio.addEventListener('seeked', done, {once: true}));
           if (arguments[1]) await audio.play();""",
        at_s,
        play,
    )


def look(browser: Browser) -> dict[str, str]:
    return dict(browser.run(f"{SEEN} return seen"))


def test_twelve_moments_of_every_kind(player: Browser, timeline: Timeline) -> None:
    kinds = {span.kind for span in timeline.spans}
    assert kinds >= {"set-up", "hold", "change sides", "reps", "cycles", "breathe", "rest", "release", "closing"}
    spans = [next(span for span in timeline.spans if span.kind == kind) for kind in sorted(kinds)]
    moments = [seconds(span.start) + 0.4 for span in spans] + [seconds(span.end) - 1.1 for span in spans]
    assert len(moments) > 12
    for at_s in moments:
        go(player, at_s)
        player.run("await new Promise((done) => setTimeout(done, 200))")
        seen = look(player)
        fitting = [span.kind for span in allowed(timeline, float(seen["at"]))]
        assert seen["kind"] in fitting, (at_s, seen)
        assert int(seen["spanIndex"]) in [timeline.spans.index(span) for span in allowed(timeline, float(seen["at"]))]


def test_a_seek_shows_at_once_also_while_paused(player: Browser, timeline: Timeline) -> None:
    for span in timeline.spans:
        at_s = seconds(span.start) + seconds(span.frames) / 2
        seen = player.run(
            f"""document.getElementById('seek').value = arguments[0];
               document.getElementById('seek').dispatchEvent(new Event('input')); {SEEN} return seen""",
            at_s,
        )
        assert (seen["kind"], seen["spanIndex"]) == (span.kind, str(timeline.spans.index(span)))


@pytest.mark.parametrize("kind", ["hold", "rest", "reps", "breathe", "cycles"])
def test_a_boundary_is_shown_within_150_ms(player: Browser, timeline: Timeline, kind: str) -> None:
    span = next(span for span in timeline.spans if span.kind == kind)
    go(player, seconds(span.start) - 0.8)
    rows = player.run(
        """const audio = document.getElementById('audio'), rows = [];
           const end = performance.now() + 1600;
           while (performance.now() < end) {
             await new Promise((done) => setTimeout(done, 4));
             rows.push([audio.currentTime, document.getElementById('player').dataset.kind]);
           }
           return rows"""
    )
    wrong = [(at, shown) for at, shown in rows if shown not in [one.kind for one in allowed(timeline, at)]]
    assert wrong == []
    assert {shown for _, shown in rows} >= {kind}
    early = [at for at, shown in rows if shown == kind and at < seconds(span.start) - 0.001]
    assert early == [], "it is never shown before its time"


def test_repetitions_phases_and_breaths_are_those_of_the_sounds(player: Browser, timeline: Timeline) -> None:
    by_kind = {kind: next(s for s in timeline.spans if s.kind == kind) for kind in ("cycles", "breathe")}
    reps = [span for span in timeline.spans if span.kind == "reps"]
    sounds = timeline.track("earcons").clips
    for span in [*reps, *by_kind.values()]:
        marks = [clip for clip in sounds if clip.rep and span.start <= clip.start < span.end]
        assert marks
        for clip in marks:
            go(player, seconds(clip.start) + 0.05, play=False)
            seen = look(player)
            assert seen["kind"] == span.kind
            if span.side is None and clip.side:  # in turn: each side is counted by itself
                assert (seen["rep"], seen["side"]) == (str((clip.rep + 1) // 2), clip.side)
                assert seen["shownSide"].lower() == clip.side
            else:
                assert seen["rep"] == str(clip.rep)
            if span.kind == "breathe":
                said = {"in": "Breathe in", "full": "Hold", "out": "Breathe out", "empty": "Wait"}
                assert seen["doing"] == said[clip.earcon or ""]


def test_seconds_count_down_to_the_end_of_a_hold(player: Browser, timeline: Timeline) -> None:
    hold = next(span for span in timeline.spans if span.kind == "hold")
    shown = []
    for left_s in (20, 19.5, 10.01, 10, 3, 2.5, 1, 0.2):
        go(player, seconds(hold.end) - left_s + 0.0005, play=False)
        seen = look(player)
        shown.append((left_s, seen["digits"], seen["shownSide"], seen["what"]))
    assert [digits for _, digits, *_ in shown] == ["20", "20", "11", "10", "3", "3", "1", "1"]
    assert {(side, what) for *_, side, what in shown} == {("Left", "Pigeon pose")}


def test_what_comes_next(player: Browser, timeline: Timeline) -> None:
    def at(kind: str, number: int = 0) -> dict[str, str]:
        spans = [span for span in timeline.spans if span.kind == kind]
        go(player, seconds(spans[number].start) + 0.1, play=False)
        return look(player)

    assert at("hold")["next"] == "Next: Pigeon pose, right"
    assert at("set-up")["next"].replace("\u00a0", " ") == "Then: hold 20 s"
    assert at("change sides")["shownSide"] == "Right"
    assert at("hold", 1)["next"].replace("\u00a0", " ") == "Next: Rest, 8 s"
    assert at("rest")["what"] == "Next: Side-lying clamshell, right"


def test_the_place_is_right_when_the_page_comes_back(player: Browser, timeline: Timeline) -> None:
    """A hidden page gets few or no frames; what it shows when it is seen again is that moment."""
    hold = next(span for span in timeline.spans if span.kind == "hold")
    go(player, seconds(hold.start) - 0.5)
    window = player.driver.current_window_handle
    player.driver.switch_to.new_window("tab")
    player.driver.switch_to.window(window)
    player.driver.switch_to.window(player.driver.window_handles[-1])
    player.run("await new Promise((done) => setTimeout(done, 900))")
    player.driver.close()
    player.driver.switch_to.window(window)
    seen = look(player)
    assert seen["kind"] in [span.kind for span in allowed(timeline, float(seen["at"]))]


def test_what_is_heard_is_where_the_player_is(player: Browser, timeline: Timeline) -> None:
    """The beginning of the sound is frame 0 of the timeline: the decoder's delay is cut off, also behind a seek."""
    voice = timeline.track("voice").clips
    bells = [clip.start for clip in timeline.track("earcons").clips if clip.earcon == "start"]
    quiet = [b for b in bells if not any(clip.start - 20_000 < b < clip.end + 20_000 for clip in voice)]
    player.run(
        """const audio = document.getElementById('audio'), context = new AudioContext();
           await context.resume();
           const tap = context.createScriptProcessor(256, 1, 1);
           context.createMediaElementSource(audio).connect(tap).connect(context.destination);
           window.heard = [];
           tap.onaudioprocess = (event) => {
             heard.push([audio.currentTime, Math.max(...event.inputBuffer.getChannelData(0).map(Math.abs))]);
           };"""
    )
    for bell in quiet[:2]:
        go(player, seconds(bell) - 0.7)
        rows = player.run("heard.length = 0; await new Promise((done) => setTimeout(done, 1200)); return heard")
        onset = next(at for at, level in rows if at > seconds(bell) - 0.5 and level > 0.02)
        assert onset == pytest.approx(seconds(bell), abs=LATE_S)


def test_every_number_of_the_page_is_of_the_timeline(player: Browser, timeline: Timeline) -> None:
    data = json.loads(player.run("return document.getElementById('session').textContent"))
    assert (data["rate"], data["frames"]) == (timeline.sample_rate, timeline.frames)
    assert [(row[0], data["kinds"][row[1]]) for row in data["spans"]] == [(s.start, s.kind) for s in timeline.spans]
    assert data["chapters"] == [[chapter.start, chapter.title] for chapter in timeline.chapters]
