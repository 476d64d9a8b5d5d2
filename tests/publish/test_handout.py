"""The hand-out: all that is done stands on it, in plain words, in order, and nothing of the author's breaks out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from tests.publish.handout_pages import (
    EVERYTHING,
    LIBRARY,
    ROUTINES,
    all_of,
    built_in,
    page_of,
    routine_of,
    strict,
    tasks,
    words,
)
from tests.source.routines import routines
from voicecoach.model.exercise import Measure, Quantity, Sides
from voicecoach.model.routine import (
    ExerciseStep,
    Given,
    IncludeStep,
    IntervalsStep,
    Prescription,
    RepeatStep,
    Routine,
    SayStep,
    Step,
    prescribe,
)


def flat(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        if isinstance(step, RepeatStep | IncludeStep):
            yield from flat(step.steps)
        elif isinstance(step, IntervalsStep):
            yield from step.of
        else:
            yield step


def doses(routine: Routine) -> list[Prescription]:
    done = [step for step in flat(routine.steps) if isinstance(step, ExerciseStep)]
    return [prescribe(step, step.own or LIBRARY.exercise(step.exercise, routine.language)) for step in done]


def plain_dose(plan: Prescription) -> str:
    """A dose of the built-in routines in English, told here a second time."""
    assert plan.dose is not None
    if plan.dose.measure.timed:
        minutes, seconds = divmod(int(plan.dose.length_s), 60)
        length = " ".join(f"{n} {unit}" for n, unit in ((minutes, "min"), (seconds, "s")) if n)
        once = f"hold {length}" if plan.dose.measure is Measure.HOLD else length
    else:
        what = {Measure.REPS: "repetitions", Measure.CYCLES: "times through"}[plan.dose.measure]
        once = f"{plan.dose.count} {what}"
    sets = f"{plan.sets} × " if plan.sets > 1 else ""
    return f"{sets}{once}{' each side' if plan.sides is Sides.EACH else ''}"


def stems(text: str) -> list[str]:
    """What of an exercise's wording is the same for either side."""
    return [" ".join(part.split()) for part in re.split(r"\{[^}]*\}", text) if part.strip()]


@pytest.fixture(scope="module")
def everything() -> str:
    return page_of(routine_of(EVERYTHING))


@pytest.mark.parametrize("name", ROUTINES)
class TestBuiltIn:
    def test_every_exercise_is_there_in_order_with_its_dose(self, name: str) -> None:
        root, routine = strict(page_of(built_in(name))), built_in(name)
        told = [task for task in tasks(root) if "breaths" not in task]
        plans = doses(routine)
        assert len(told) == len(plans)
        for plan, text in zip(plans, told, strict=True):
            heading = f"{plan.exercise.name} {plain_dose(plan)}"
            assert re.match(rf"\d+ {re.escape(heading)} ·", text), f"{heading}: {text}"

    def test_cautions_equipment_and_both_ways_are_there(self, name: str) -> None:
        root, routine = strict(page_of(built_in(name))), built_in(name)
        whole = words(root)
        ready = words(all_of(root, "dl", "ready")[0])
        for plan in doses(routine):
            text = next(task for task in tasks(root) if plan.exercise.name in task)
            assert plan.exercise.set_up is not None
            wanted = [plan.exercise.safety, plan.exercise.easier, plan.exercise.harder, *plan.exercise.form[:1]]
            for phrase in filter(None, wanted):
                assert all(stem in text for stem in stems(phrase.full)), text
            how = (plan.exercise.set_up.full, plan.exercise.set_up.shortest)
            assert any(all(stem in text for stem in stems(one)) for one in how), text
            for item in plan.exercise.equipment:
                assert item in text
                assert item in ready or item == "counter or chair"
        for step in flat(routine.steps):
            if isinstance(step, SayStep):
                assert " ".join(step.text.split()) in whole
        assert ("Mild discomfort is fine" in whole) is (name != "calm-down")

    def test_it_is_plain_html_that_stands_alone(self, name: str) -> None:
        page = page_of(built_in(name))
        stands_alone(page)
        assert not re.search(r"[{}]", words(strict(page)))


def stands_alone(page: str) -> None:
    """Nothing is fetched, nothing runs; what is referred to is on the page, once."""
    root = strict(page)
    ids = [found.get("id") for found in root.iter() if found.get("id")]
    assert len(ids) == len(set(ids))
    for found in root.iter():
        assert found.tag not in {"script", "img", "link", "iframe", "object", "embed", "base", "form"}
        for attribute, value in found.attrib.items():
            assert not str(attribute).startswith("on")
            if "href" in str(attribute) or attribute in {"src", "style", "srcset"}:
                assert value.removeprefix("#") in ids
    style = "".join(found.text or "" for found in root.iter("style"))
    assert not re.search(r"url\(|@import|//", style)
    policy = next(meta for meta in root.iter("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in str(policy.get("content"))


def test_it_reads_well_without_eyes(everything: str) -> None:
    root = strict(everything)
    assert root.get("lang") == "en"
    assert words(next(root.iter("title"))) == "Everything for Sam"
    assert [words(one) for one in root.iter("h1")] == ["Everything for Sam"]
    levels = [int(found.tag[1]) for found in root.iter() if re.fullmatch(r"h[1-6]", str(found.tag))]
    assert all(after - before <= 1 for before, after in pairwise(levels)), "no level is left out"
    assert {"main", "header", "footer"} <= {found.tag for found in root.iter()}
    assert all(found.get("aria-hidden") == "true" for found in all_of(root, "svg"))
    assert all(found.get("scope") for found in root.iter("th"))


def test_it_is_black_on_white_with_contrast() -> None:
    style = re.search(r"<style>(.*?)</style>", page_of(built_in("morning")), re.DOTALL)
    assert style is not None
    paints = re.findall(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", style[1])
    assert paints
    for paint in paints:
        assert len(set(re.findall(".." if len(paint) == 6 else ".", paint))) == 1, f"#{paint} is no grey"
    for ink in ("ink", "soft"):
        grey = int(re.search(rf"--{ink}: #(..)", style[1])[1], 16) / 255  # type: ignore[index]
        light = ((grey + 0.055) / 1.055) ** 2.4
        assert 1.05 / (light + 0.05) >= 7, "WCAG 2.2, 1.4.6"


class TestWhatIsTold:
    def test_head(self, everything: str) -> None:
        head = words(next(strict(everything).iter("header")))
        assert head == "Everything for Sam Ana Kovač & Co · about 14 min · 14 exercises Name Date"

    def test_to_have_ready_and_positions(self, everything: str) -> None:
        ready = words(all_of(strict(everything), "dl", "ready")[0])
        assert ready == (
            "Have ready chair, wall, foam roller"
            " Positions standing · sitting on a chair · lying on the side · hands and knees · lying on the back"
            " · standing at a wall"
        )

    def test_before_and_after(self, everything: str) -> None:
        root = strict(everything)
        assert words(all_of(root, "section", "before")[0]).endswith("Hello Sam. We begin with Leg swings.")
        assert words(all_of(root, "section", "after")[0]) == "Afterwards That was it, Sam."

    def test_lines_between(self, everything: str) -> None:
        root = strict(everything)
        assert [words(rest) for rest in all_of(root, "li", "rest")] == ["Rest 1 min 30 s", "Rest 30 s"]
        assert [words(said) for said in all_of(root, "li", "said")] == ["Next is Wall sit."]

    def test_rounds_hold_what_is_done_in_them(self, everything: str) -> None:
        blocks = all_of(strict(everything), "li", "block")
        headings = [words(next(child for child in block if str(child.tag).startswith("h"))) for block in blocks]
        assert headings == [
            "Strength round 3 rounds",
            "2 rounds",
            "Intervals 8 rounds, 40 s of work, 20 s of rest",
            "Intervals 5 rounds, start every 1 min",
        ]
        inside = [[task.split(" ")[0] for task in tasks(block)] for block in blocks]
        assert inside == [["5", "6", "7", "8"], ["8"], ["9", "10"], ["11"]]

    @pytest.mark.parametrize(
        "told",
        [
            "1 Leg swings 2 × 10 repetitions each side · 1 s each way · 15 s rest between sets · standing · counter",
            "2 Seated hip rotation 3 times through each side · sitting on a chair · chair Sit tall",
            "Press your left knee up into your hand (5 s). Let go, and let the knee sink further (10 s).",
            "3 Calm 10 breaths · in 4 s, hold 2 s, out 6 s",
            "4 Breathing 1 breath · in 4 s, out 6 s, wait 1 s · optional",
            "5 Split squat 10 repetitions each side, in turn · slowly: 3 s one way, hold 1 s, 1 s back, pause 2 s",
            "6 Side-lying clamshell 12 repetitions, right side · 0.5 s each way",
            "Rest your head on your lower arm. Keep your feet together. Lift your right knee",
            "7 Fire hydrant 1 repetition, left side",
            "9 Fire hydrant 40 s each side As in no. 7.",
            "10 Hip bridge 40 s As in no. 8.",
            "11 Squat with hip external rotation 10 repetitions",
            "12 Wall sit 4 repetitions each side · slowly: 2 s each way · standing at a wall · wall · foam roller",
            "Lean back on your right leg, 4 times. Wall sit is good for Sam. Right side first, then the same on the",
            "Take care: If your right or left knee hurts, use the left or right foot.",
            "13 Pigeon pose Hold 30 s each side",
            "Take care: If your left or right knee hurts, bring that foot closer in, or stop.",
            "14 Calm breaths 5 breaths · in 4 s, out 6 s Lie down.",
        ],
    )
    def test_dose_and_how(self, everything: str, told: str) -> None:
        text = " ".join(tasks(strict(everything)))
        assert told.lower() in text.lower(), text

    def test_words_for_the_ear_stay_away(self, everything: str) -> None:
        text = words(strict(everything))
        assert "Square the hips." in text, "a cue without a moment is about form"
        assert "Last quarter" not in text
        assert not re.search(r"\d left\.|remaining", text)
        assert not re.search(r"[{}]", text)

    def test_a_figure_stands_for_each_known_posture(self, everything: str) -> None:
        root = strict(everything)
        drawn = {symbol.get("id") for symbol in root.iter("symbol")}
        assert drawn == {"standing", "chair", "side-lying", "supine", "all-fours"}
        assert len(list(root.iter("use"))) == 11, "none for breathing, and for what has no position"

    def test_ticking(self, everything: str) -> None:
        rows = [[words(cell) for cell in row] for row in strict(everything).iter("tr")]
        assert rows[0] == ["", "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
        assert [row[0] for row in rows[1:]] == ["Week 1", "Week 2", "Week 3", "Week 4"]
        assert len(all_of(strict(everything), "span", "box")) == 4 * 7


class TestAsDone:
    def test_a_range_is_what_it_is_fitted_to(self) -> None:
        routine = routine_of("title: T\nsteps: [pigeon-pose: 30-60s]")
        step = routine.steps[0]
        assert isinstance(step, ExerciseStep)
        assert isinstance(step.given, Given)
        assert tasks(strict(page_of(routine)))[0].startswith("1 Pigeon pose hold 30 s each side")
        fitted = replace(step, given=replace(step.given, amount=Quantity.of(Fraction(95, 2))))
        text = tasks(strict(page_of(replace(routine, steps=(fitted,)))))[0]
        assert text.startswith("1 Pigeon pose hold 47.5 s each side")
        assert "60" not in text

    def test_rounds_are_those_that_are_done(self) -> None:
        routine = routine_of("title: T\nsteps:\n - repeat: 2-4\n   steps: [hip-bridge: 8-12 reps]")
        step = routine.steps[0]
        assert isinstance(step, RepeatStep)
        done = replace(step, times=Quantity.of(3))
        for steps, rounds in (((step,), "2 rounds"), ((done,), "3 rounds")):
            text = words(all_of(strict(page_of(replace(routine, steps=steps))), "li", "block")[0])
            assert text.startswith(f"{rounds} 1 Hip bridge 8 repetitions")

    @pytest.mark.parametrize(
        ("length_s", "told"),
        [(45, "45 s"), (119.4, "1 min 59 s"), (754, "13 min"), (3600, "1 h"), (5430, "1 h 30 min")],
    )
    def test_the_length_is_that_of_the_session(self, length_s: float, told: str) -> None:
        head = next(strict(page_of(built_in("morning"), length_s)).iter("header"))
        assert f"about {told} ·" in words(head)

    def test_a_repeat_of_one_without_a_name_is_no_round(self) -> None:
        root = strict(page_of(routine_of("title: T\nsteps:\n - repeat: 1\n   steps: [hip-bridge]")))
        assert not all_of(root, "li", "block")
        assert len(tasks(root)) == 1

    def test_only_words(self) -> None:
        root = strict(page_of(routine_of("title: T\nsteps: [say: Sit and listen.]")))
        assert words(all_of(root, "section", "before")[0]).endswith("Sit and listen.")
        assert not all_of(root, "section", "steps")
        assert "exercise" not in words(next(root.iter("header")))

    def test_without_the_coachs_safety_line(self) -> None:
        routine = routine_of("title: T\ncoach: {safety: no}\nsteps: [hip-bridge]")
        assert "discomfort" not in page_of(routine)
        assert "Before you start" not in page_of(routine)


NASTY = """
title: '<script>alert(1)</script> "{name}"'
author: A</title></style><b>B</b>
description: "<img src=http://example.com/x.png onerror=alert(1)> {{}}"
with: {name: "<i>Sam</i>&amp;"}
steps:
  - say: "<!-- {name}"
  - repeat: 2
    name: "]]><svg onload=alert(1)>"
    steps: [hip-bridge: 8 reps]
  - breathe: {name: "<textarea>", pattern: 4-0-6-0, for: 3 breaths}
  - nasty:
      name: "<h1>Wall</h1>"
      position: "standing 'at' <wall>"
      equipment: ["rope \\"</dl>\\"", "<plaintext>"]
      set up: "Lean. <script src=//evil.example/x.js></script>"
      form: ["</li></ol>"]
      safety: "<a href=javascript:alert(1)>x</a>"
      easier: "\\u202e drawkcab"
      hold: 20s
  - say: "&lt;done&gt;"
"""


class TestUntrusted:
    def test_nothing_breaks_out(self) -> None:
        page = page_of(routine_of(NASTY))
        stands_alone(page)
        root = strict(page)
        text = words(root)
        for told in (
            '<script>alert(1)</script> "<i>Sam</i>&amp;"',
            "A</title></style><b>B</b>",
            "<img src=http://example.com/x.png onerror=alert(1)>",
            "<!-- <i>Sam</i>&amp;",
            "]]><svg onload=alert(1)>",
            "<textarea>",
            "<h1>Wall</h1>",
            "standing 'at' <wall>",
            'rope "</dl>", <plaintext>',
            "Lean. <script src=//evil.example/x.js></script>",
            "</li></ol>",
            "<a href=javascript:alert(1)>x</a>",
            "&lt;done&gt;",
        ):
            assert told in text
        assert len(list(root.iter("h1"))) == 1
        assert not {"b", "i", "a", "textarea", "plaintext"} & {found.tag for found in root.iter()}

    def test_what_no_page_may_hold_is_left_out(self) -> None:
        routine = replace(routine_of("title: T\nsteps: [hip-bridge]"), title="a\x00b\x1bc\ud800d\ufffee\U0001fffff\tg")
        assert words(next(strict(page_of(routine)).iter("h1"))) == "abcdef g"

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
    @given(routines())
    def test_any_routine_gives_a_sound_page(self, routine: Routine) -> None:
        assume(all(plan.dose is not None for plan in doses(routine)))
        stands_alone(page_of(routine))


def in_german(routine: Routine) -> Routine:
    """Own exercises in the routine's language, as `Exercise.language` promises."""
    steps = tuple(
        replace(step, own=replace(step.own, language="de")) if isinstance(step, ExerciseStep) and step.own else step
        for step in routine.steps
    )
    return replace(routine, steps=steps)


class TestLanguages:
    GERMAN = """
title: Hüfte
language: de
steps:
  - kneeling-hip-flexor-stretch: 30s
  - wandsitz:
      name: Wandsitz
      position: im Stehen
      equipment: [Wand, tennis ball]
      set up: Stell dein {side}es Bein vor.
      safety: Wenn dein {side}es Knie wehtut, nimm das {other side}e.
      hold: 22.5s
      sides: each
  - hip-bridge: 8 reps
"""

    @pytest.fixture
    def german(self) -> Routine:
        return in_german(routine_of(self.GERMAN))

    def test_german(self, german: Routine) -> None:
        root = strict(page_of(german, 3900))
        text = words(root)
        assert root.get("lang") == "de"
        for told in (
            "etwa 1 Std. 5 Min. · 3 Übungen",
            "Bereitlegen Wand, Tennisball",
            "Haltungen im halben Kniestand · im Stehen · in Rückenlage",
            "Ein leichtes Ziehen ist in Ordnung, Schmerz nicht.",
            "„Je Seite“: zuerst links, wie beschrieben, dann ebenso rechts.",
            "1 Hüftbeuger-Dehnung im Kniestand 30 s halten je Seite",
            "Knie dich auf dein linkes Knie",
            "2 Wandsitz 22,5 s halten je Seite",
            "Stell dein linkes Bein vor.",
            "Vorsicht: Wenn dein linkes oder rechtes Knie wehtut, nimm das rechte oder linke.",
            "8 Wiederholungen · langsam: 2 s hin, 2 s zurück",
            "Mo Di Mi Do Fr Sa So",
        ):
            assert told in text, text

    def test_what_is_in_another_language_says_so(self, german: Routine) -> None:
        root = strict(page_of(german))
        english = {words(found) for found in root.iter() if found.get("lang") == "en"}
        assert "Hip bridge" in english
        assert not any("Wandsitz" in told or "Hüftbeuger" in told for told in english)

    def test_a_region_keeps_its_language(self, german: Routine) -> None:
        root = strict(page_of(replace(german, language="de-at")))
        assert root.get("lang") == "de-at"
        assert not [found for found in root.iter("h1") if found.get("lang")]

    def test_a_language_without_labels_has_english_ones(self) -> None:
        routine = replace(routine_of("title: Hanches\nsteps: [hip-bridge]"), language="fr")
        root = strict(page_of(routine))
        assert root.get("lang") == "en"
        assert next(root.iter("h1")).get("lang") == "fr"
        assert "Exercises" in words(root)

    def test_spanish(self) -> None:
        root = strict(page_of(routine_of("title: C\nlanguage: es\nsteps: [kneeling-hip-flexor-stretch: 1:30]")))
        assert root.get("lang") == "es"
        assert "mantener 1 min 30 s por lado · con una rodilla en el suelo" in words(root)


def test_the_same_routine_gives_the_same_page(everything: str, tmp_path: Path) -> None:
    assert page_of(routine_of(EVERYTHING)) == everything
    command = "import sys; from tests.publish.handout_pages import *; sys.stdout.write(page_of(routine_of(EVERYTHING)))"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONIOENCODING": "utf-8", "LC_ALL": "C"}
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", command], cwd=root, env=environment, capture_output=True, check=True, encoding="utf-8"
    )
    assert ran.stdout == everything
