"""Hand-outs for the tests: of a routine's text, without planning it, and read as a strict parser reads them."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import html5lib

from voicecoach.library import Library
from voicecoach.model.routine import Routine
from voicecoach.model.timeline import Timeline
from voicecoach.model.units import SAMPLE_RATE_HZ
from voicecoach.publish.handout import handout
from voicecoach.source.nodes import SourceFile, Sources
from voicecoach.stages.parse import parse

LIBRARY = Library()
ROUTINES = tuple(LIBRARY.routine_names)

EVERYTHING = """
title: Everything for {name}
author: Ana Kovač & Co
description: All that the language has.
with: {name: Sam}
steps:
  - say: Hello {name}. We begin with {next}.
  - leg-swings: {reps: 10, sets: 2, rest: 15s}
  - seated-hip-rotation: {cycles: 3-5}
  - rest: 1:30
  - breathe: {name: Calm, pattern: 4-2-6-0, for: 2 min}
  - breathe: {pattern: 4-0-6-1, for: 1 breath, optional: yes}
  - repeat: 3
    name: Strength round
    steps:
      - split-squat: {reps: 10, sides: alternate, tempo: 3-1-1-2}
      - clamshell: {reps: 12, sides: right, tempo: 0.5-0-0.5-0}
      - fire-hydrant: {reps: 1, sides: left}
      - rest: 30s
      - repeat: 2
        steps:
          - hip-bridge: 5 reps
  - say: Next is {next}.
  - intervals: {work: 40s, rest: 20s, rounds: 8, of: [fire-hydrant, hip-bridge]}
  - emom: {rounds: 5, of: [squat-external-rotation: 10 reps]}
  - wall-sit:
      name: Wall sit
      position: standing at a wall
      equipment: [wall, foam roller]
      set up: Lean back on your {side} leg, {reps} times. {exercise} is good for {name}.
      safety: If your {side} knee hurts, use the {other side} foot.
      reps: 4
      start: right
      sides: each
  - pigeon-pose: {hold: 30-60s, cues: [Square the hips., "{remaining} left.", {at: 75%, say: Last quarter.}]}
  - calm-breaths:
      name: Calm breaths
      set up: Lie down.
      breaths: 5
      pattern: 4-0-6-0
  - say: That was it, {name}.
"""


def routine_of(text: str) -> Routine:
    source = SourceFile("routine.yaml", text)
    routine, faults = parse(Sources(source), "routine", LIBRARY)
    assert routine is not None
    assert not faults, [fault.render() for fault in faults]
    return routine


def built_in(name: str) -> Routine:
    routine, _ = parse(Sources(LIBRARY.routine_source(name)), name, LIBRARY)
    assert routine is not None
    return routine


def page_of(routine: Routine, length_s: float = 839) -> str:
    return handout(routine, Timeline(routine.title, int(length_s * SAMPLE_RATE_HZ), (), (), ()), LIBRARY)


def strict(page: str) -> ET.Element:
    """Parse a page; the first error of its HTML fails the test."""
    parser: Any = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root = parser.parse(page)
    assert isinstance(root, ET.Element)
    for found in root.iter():
        found.tag = str(found.tag).rpartition("}")[2]  # that of SVG as well
    return root


def words(element: ET.Element) -> str:
    """All text below an element but for styles, spaces made plain."""
    return " ".join(_text(element).split())


def _text(element: ET.Element) -> str:
    if element.tag == "style":
        return ""
    return (element.text or "") + "".join(_text(child) + (child.tail or "") for child in element)


def all_of(root: ET.Element, tag: str, class_: str | None = None) -> list[ET.Element]:
    return [found for found in root.iter(tag) if class_ is None or class_ in (found.get("class") or "").split()]


def tasks(root: ET.Element) -> list[str]:
    """The text of each exercise, in the order of the page."""
    return [words(task) for task in all_of(root, "li", "task")]
