"""The keys of a routine's top level."""

from __future__ import annotations

from voicecoach.source.fields import DURATION, SWITCH, TEXT, Field
from voicecoach.source.pronouncing import LEXICON
from voicecoach.stages.parse.forms import STEPS
from voicecoach.stages.parse.settings import BED, COACH, TALK, VARIABLES
from voicecoach.stages.parse.voices import VOICE, VOICE_CHANGE

ROUTINE_FIELDS = (
    Field("title", TEXT, "what the session is called"),
    Field("author", TEXT, "who made it"),
    Field("description", TEXT, "what it is for, in a sentence"),
    Field("image", TEXT, "a picture for the cover, a file"),
    Field("language", TEXT, "the language of wording and voice, such as en"),
    Field("date", TEXT, "when it was made, such as 2026-01-31"),
    Field("series", TEXT, "what it is a part of"),
    Field("voice", VOICE, "default, an engine such as espeak, engine:voice such as espeak:en-us, or several in order"),
    Field("counter", VOICE_CHANGE, "another voice that counts, or {pitch: +3} for the same one otherwise"),
    Field("talk", TALK, "how much is said: teach, brief, cues or bells; else taught the first time and brief after"),
    Field("length", DURATION, "how long the session is to be, such as 15 min"),
    Field("coach", COACH, "how the coach behaves"),
    Field("bed", BED, "music or noise under the voice, such as rain"),
    Field("sounds", TEXT, "the sounds that mark time: bells, beeps, wood or none, or a folder"),
    Field("floor", SWITCH, "yes: a very soft noise instead of silence, for earphones that switch off in it"),
    Field("lexicon", LEXICON, "how words are spoken, such as {psoas: SOH-as}"),
    Field("with", VARIABLES, "words of your own that texts may hold as {name}"),
    Field("steps", STEPS, "what to do, in order", required=True),
)
