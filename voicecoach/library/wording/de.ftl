# The coach's own words, in German. Written to be heard: short, plain, one thing at a time; the listener is "du".
#
# A message may have variants, as attributes .b, .c, .d: the coach takes turns, always in the same order, so that a
# session does not drone. All variants mean the same and take about the same time.
#
# The attribute .brief says the same in fewer words. It is said where there is no time for all of them, so it must be
# shorter than every variant, or as short; a message without it is said whole or not at all.
#
# Sides: the message `side` gives the bare stem, "link" or "recht", and whoever uses it writes the ending onto it. So every
# form is there, here as "{ $side }e Seite" and in exercises as "{side}es Knie" or "{other side}en Fuß":
#   die, das, der  {side}e     die linke Seite, das linke Knie, der linke Fuß
#   den, dem, auf der  {side}en     den linken Fuß, auf der linken Seite, mit dem linken Arm
#   dein, ein (with das)  {side}es     dein linkes Knie
#   dein, ein (with der)  {side}er     dein linker Fuß
#   alone  {side}s     links
# A stem is never said by itself.
#
# Lengths of time come as "30 Sekunden", "eine Minute" or "2 Minuten und 30 Sekunden": write sentences that take them in
# the accusative ("eine Minute lang"), never in the dative ("nach einer Minute"). One is written as a word: "1 Sekunde"
# would be read "eins Sekunde".

# Lengths of time and numbers
hours = { $n ->
    [one] eine Stunde
   *[other] { $n } Stunden
}
minutes = { $n ->
    [one] eine Minute
   *[other] { $n } Minuten
}
seconds = { $n ->
    [one] eine Sekunde
   *[other] { $n } Sekunden
}
and = { $first } und { $last }
number = { $n }

# Sides: stems, see above
side = { $side ->
    [left] link
   *[right] recht
}

# Opening and close
opening = { $title }.
opening-length = Diese Einheit dauert { $length }.
opening-equipment = Das brauchst du: { $items }.
equipment = { $item ->
    [chair] einen Stuhl
    [counter-or-chair] eine Theke oder einen Stuhl
    [foam-roller] eine Faszienrolle
    [massage-gun] eine Massagepistole
    [resistance-band] ein Widerstandsband
    [stool] einen Hocker
    [stretching-strap] einen Dehngurt
    [tennis-ball] einen Tennisball
   *[other] { $name }
}
opening-safety = Ein leichtes Ziehen ist in Ordnung, Schmerz nicht. Wenn etwas wehtut, lass nach oder hör auf.
closing = Das war { $title }. Gut gemacht.

# An exercise is announced: its name, then how much of it
exercise = { $name }.
    .b = Als Nächstes: { $name }.
    .c = Jetzt: { $name }.
exercise-again = { $name }, noch einmal.
    .b = Noch einmal: { $name }.
    .c = Wieder: { $name }.
hold = Halte { $length } lang.
hold-each = Halte auf jeder Seite { $length } lang.
time = Mach das { $length } lang.
time-each = Auf jeder Seite { $length }.
reps = { $n ->
    [one] Eine Wiederholung.
   *[other] { $n } Wiederholungen.
}
reps-each = { $n ->
    [one] Eine Wiederholung auf jeder Seite.
   *[other] { $n } Wiederholungen auf jeder Seite.
}
reps-alternate = { $n ->
    [one] Eine Wiederholung auf jeder Seite, im Wechsel.
   *[other] { $n } Wiederholungen auf jeder Seite, im Wechsel.
}
cycles = { $n ->
    [one] Ein Durchgang.
   *[other] { $n } Durchgänge.
}
cycles-each = { $n ->
    [one] Ein Durchgang auf jeder Seite.
   *[other] { $n } Durchgänge auf jeder Seite.
}
breaths = { $n ->
    [one] Ein Atemzug.
   *[other] { $n } Atemzüge.
}
breaths-each = { $n ->
    [one] Ein Atemzug auf jeder Seite.
   *[other] { $n } Atemzüge auf jeder Seite.
}
sets = { $n ->
    [one] Ein Satz.
   *[other] { $n } Sätze.
}
side-first = Die { $side }e Seite zuerst.
    .b = Beginne mit der { $side }en Seite.
side-only = Die { $side }e Seite.
at-the-bell = Beginne mit der Glocke.
    .b = Warte auf die Glocke.
    .c = Die Glocke gibt den Start.
at-the-tap = Beginne bei jedem Klopfen eine.
    .b = Bei jedem Klopfen eine.
with-my-words = Folge meinen Worten.
    .b = Ich zähle für dich mit.

# While doing it
in-turn = Dann die { $side }e Seite, immer im Wechsel.
    .b = Danach die { $side }e Seite. Wechsle immer ab.
change-sides = Seitenwechsel. Jetzt die { $side }e Seite.
    .b = Wechsle die Seite. Nun die { $side }e.
    .c = Jetzt die { $side }e Seite. Wechsle hinüber.
turn = { $side }s.
set-of = Satz { $n } von { $total }.
set-of-side = Satz { $n } von { $total }, { $side }s.
round-of = Runde { $n } von { $total }.
round-of-name = { $name }, Runde { $n } von { $total }.
last-rep = Das letzte Mal.
    .b = Noch einmal.
    .c = Jetzt zum letzten Mal.
    .brief = Letztes.
last-each = Noch einmal auf jeder Seite.
    .b = Das letzte Mal auf jeder Seite.
    .brief = Je noch eine.
last-round = Letzte Runde.
halfway = Halbzeit.
    .b = Die Hälfte ist geschafft.
    .c = Die Hälfte hast du.
    .brief = Halbzeit.
time-left = Noch { $length }.
    .b = Weiter, noch { $length }.
    .brief = { $length }.

# Breathing
breathing = Atmung.
breathe-for = { $n ->
    [one] Ein Atemzug.
   *[other] { $n } Atemzüge.
}
breathe-in-for = Atme ein und zähle bis { $n }.
breathe-full-for = Halte an und zähle bis { $n }.
breathe-out-for = Atme aus und zähle bis { $n }.
breathe-empty-for = Warte und zähle bis { $n }.
breathe-in = Ein.
    .b = Einatmen.
    .brief = Ein.
breathe-full = Halten.
breathe-out = Aus.
    .b = Ausatmen.
    .brief = Aus.
breathe-empty = Warten.
last-breath = Letzter Atemzug.
    .b = Noch ein letzter Atemzug.
    .brief = Letzter.

# Intervals
intervals = { $rounds ->
    [one] Eine Runde.
   *[other] { $rounds } Runden.
}
intervals-times = Je { $work } Arbeit, { $rest } Pause.
every = Jede Runde dauert { $length }.
work-next = Als Nächstes: { $name }.
    .brief = { $name }.

# Rest
rest = Ruh dich { $length } aus.
    .b = Mach { $length } Pause.
    .c = Jetzt Pause, { $length }.
    .brief = Pause.
next-up = Als Nächstes: { $name }.
    .b = Gleich kommt: { $name }.
    .brief = { $name }.
next-up-with = Als Nächstes: { $name }. Du brauchst { $items }.
    .b = Gleich kommt: { $name }. Du brauchst { $items }.
    .brief = { $name }.

# Chapters, as players show them
chapter-opening = Einstieg
chapter-side = { $name }, { $side }s
chapter-part = { $part }: { $name }
chapter-round = { $name } ({ $round } von { $rounds })
chapter-breathing = Atmung
chapter-closing = Abschluss
