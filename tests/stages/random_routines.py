"""Random routines of the whole language, without faults, for properties of what is made of them."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

lengths = st.one_of(
    st.integers(1, 90).map(lambda n: f"{n}s"),
    st.integers(1, 4).map(lambda n: f"{n} min"),
    st.decimals(1, 60, places=3).map(lambda d: f"{d}s"),
)
switch = st.sampled_from(["yes", "no"])
sides = st.sampled_from(["each", "left", "right", "both", "alternate"])
talks = st.sampled_from(["teach", "brief", "cues", "bells"])
tempos = st.lists(st.sampled_from(["0", "0.5", "1", "2", "1.25", "0.333"]), min_size=4, max_size=4).map("-".join)
slow_enough = tempos.filter(lambda tempo: sum(map(Fraction, tempo.split("-"))) >= Fraction(1, 2))
positions = st.sampled_from(["standing", "lying on the back", "on all fours", "seated on a chair"])
words = st.sampled_from(
    ["Lean on the wall.", "Breathe.", "Stand tall, and let your shoulders drop. Look ahead.", "Go."]
)


@st.composite
def cues(draw: st.DrawFn) -> str:
    """The author's own words during a hold: at their moment, at a share of it, or wherever they fit."""
    kinds = st.sampled_from(["free", "share", "at", "remaining"])
    made = []
    for number, kind in enumerate(draw(st.lists(kinds, min_size=1, max_size=3))):
        share = draw(st.integers(5, 90))
        made.append(
            {
                "free": f"Free {number}.",
                "share": f"{{at: {share}%, say: At {share} percent {number}.}}",
                "at": f"{{at: 0.9s, say: At one second {number}.}}",
                "remaining": f'{{at: {share}%, say: "{{remaining}} and {number} left."}}',
            }[kind]
        )
    return f"[{', '.join(made)}]"


@st.composite
def dose(draw: st.DrawFn) -> list[str]:
    kind = draw(st.sampled_from(["hold", "hold", "time", "reps", "cycles", "breaths"]))
    if kind == "cycles":
        phases = "[{say: {full: Press now., brief: Press.}, for: 5s}, {say: Let go., for: 2.5s}]"
        return [f"phases: {phases}", f"cycles: {draw(st.sampled_from(['1', '3', '2-4']))}"]
    if kind == "breaths":
        pattern = draw(st.sampled_from(["4-0-6-0", "3.5-1-5-1", "4-4-4-4", "2-0-2-2"]))
        return [f"breaths: {draw(st.integers(1, 6))}", f"pattern: {pattern}"]
    if kind == "reps":
        return [f"reps: {draw(st.integers(1, 15))}", f"tempo: {draw(slow_enough)}"]
    lines = [f"{kind}: {draw(lengths)}"]
    if draw(st.booleans()):
        full = "{full: Keep the back long and the ribs down as you hold., brief: Long back.}"
        lines += [f"form: [Stay tall., {full}]", f"remind every: {draw(st.integers(5, 40))}s"]
    if draw(st.booleans()):
        lines.append(f"cues: {draw(cues())}")
    return lines


@st.composite
def own_exercise(draw: st.DrawFn, number: int) -> str:
    chosen = draw(sides)
    lines = [f"name: Exercise {number}", f"sides: {chosen}"]
    where = "the {side} leg" if chosen != "both" else "both legs"
    lines.append(f'set up: "{draw(words)} Use {where}."')
    if draw(st.booleans()):
        lines.append(f"release: {draw(words)}")
    if draw(st.booleans()):
        lines.append(f"position: {draw(positions)}")
    if draw(st.booleans()):
        lines.append(f"equipment: [{draw(st.sampled_from(['mat', 'chair', 'foam roller, mat']))}]")
    if draw(st.booleans()):
        lines.append("optional: yes")
    if draw(st.booleans()):
        lines.append(f"talk: {draw(talks)}")
    if draw(st.booleans()):
        lines.append(f"coach: {{count reps: {draw(switch)}, halfway: {draw(switch)}}}")
    if chosen in {"each", "alternate"} and draw(st.booleans()):
        lines.append("start: right")
    lines += draw(dose())
    lines += [f"sets: {draw(st.integers(1, 3))}", f"rest: {draw(lengths)}"]
    return "\n      ".join([f"  - own-{number}:", *lines])


@st.composite
def steps(draw: st.DrawFn, number: int) -> list[str]:
    kind = draw(st.sampled_from(["own", "own", "rest", "say", "repeat", "breathe", "intervals", "emom", "sound"]))
    if kind == "own":
        return [draw(own_exercise(number))]
    if kind == "rest":
        return [f"  - rest: {draw(lengths)}"]
    if kind == "say":
        return [f"  - say: {draw(words)}"]
    if kind == "sound":
        return ["  - sound: bell"]
    if kind == "breathe":
        length, optional = draw(st.sampled_from(["5 breaths", "40s", "1 breath"])), draw(switch)
        return [f"  - breathe: {{pattern: 4-2-6-0, for: {length}, optional: {optional}}}"]
    if kind == "intervals":
        of = draw(st.sampled_from(["[hip-bridge]", "[fire-hydrant, hip-bridge]"]))
        work, rest = draw(st.integers(5, 60)), draw(st.integers(1, 30))
        return [f"  - intervals: {{work: {work}s, rest: {rest}s, rounds: {draw(st.integers(1, 3))}, of: {of}}}"]
    if kind == "emom":
        return [f"  - emom: {{rounds: {draw(st.integers(1, 3))}, of: [{{split-squat: 5 reps}}]}}"]
    inner = draw(own_exercise(number)).replace("\n", "\n    ")
    head = f"  - repeat: {draw(st.integers(1, 3))}"
    return [head, "    steps:", f"    {inner}", f"      - rest: {draw(lengths)}"]


@st.composite
def routines(draw: st.DrawFn) -> str:
    lines = [f"title: {draw(st.sampled_from(['Hips', 'A long title for a short session']))}"]
    if draw(st.booleans()):
        lines.append(f"talk: {draw(talks)}")
    lines += [
        "coach:",
        f"  countdown: {{from: {draw(st.integers(0, 6))}, spoken: {draw(switch)}}}",
        f"  get ready: {draw(st.sampled_from(['1s', '2.5s', '5s']))}",
        f"  change sides: {draw(lengths)}",
        *(f"  {key}: {draw(switch)}" for key in ("halfway", "opening", "safety", "closing", "next up", "count reps")),
        "steps:",
    ]
    for number in range(draw(st.integers(1, 4))):
        lines += draw(steps(number))
    return "\n".join(lines) + "\n"
