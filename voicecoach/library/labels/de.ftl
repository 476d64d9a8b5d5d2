# The words of printed pages, in German. Written to be read: short, so that a page has room for them; the reader is "du".
#
# Units follow their figure after a no-break space, "\u00A0", so that no line ends between them.

# Lengths of time and numbers
hours = { $n }{ "\u00A0" }Std.
minutes = { $n }{ "\u00A0" }Min.
seconds = { $n }{ "\u00A0" }s
point = ,

# The head of the page
about-length = etwa { $length }
exercises-count = { $n ->
    [one] { $n } Übung
   *[other] { $n } Übungen
}
name = Name
date = Datum
needs = Bereitlegen
no-needs = keine Geräte
equipment = { $item ->
    [chair] Stuhl
    [counter-or-chair] Theke oder Stuhl
    [foam-roller] Faszienrolle
    [massage-gun] Massagepistole
    [resistance-band] Widerstandsband
    [stool] Hocker
    [stretching-strap] Dehngurt
    [tennis-ball] Tennisball
   *[other] { $name }
}
positions = Haltungen
position = { $posture ->
    [standing] im Stehen
    [chair] im Sitzen auf einem Stuhl
    [floor] im Sitzen auf dem Boden
    [kneeling] im Knien
    [half-kneeling] im halben Kniestand
    [all-fours] im Vierfüßlerstand
    [prone] in Bauchlage
    [supine] in Rückenlage
    [side-lying] in Seitenlage
   *[other] { $name }
}
before = Bevor du beginnst
exercises = Übungen
after = Danach

# How much of an exercise
hold = { $length } halten
time = { $length }
reps = { $n ->
    [one] { $n } Wiederholung
   *[other] { $n } Wiederholungen
}
cycles = { $n ->
    [one] { $n } Durchgang
   *[other] { $n } Durchgänge
}
breaths = { $n ->
    [one] { $n } Atemzug
   *[other] { $n } Atemzüge
}
sets = { $n }{ "\u00A0" }× { $dose }
each-side = { $dose } je Seite
in-turn = { $dose } je Seite, im Wechsel
only-left = { $dose }, linke Seite
only-right = { $dose }, rechte Seite
rest-between = { $length } Pause zwischen den Sätzen

# How fast: of a repetition, and of a breath
pace = { $length } hin, { $length } zurück
slow-pace = langsam: { $length } hin, { $length } zurück
slowly = langsam: { $parts }
there = { $length } hin
hold-there = { $length } halten
back = { $length } zurück
hold-back = { $length } warten
breathe-in = { $length } ein
breathe-full = { $length } halten
breathe-out = { $length } aus
breathe-empty = { $length } warten
breathing = Atmung

# Rounds and the clock
rounds = { $n ->
    [one] { $n } Runde
   *[other] { $n } Runden
}
intervals = Intervalle
work-and-rest = je { $work } Arbeit, { $rest } Pause
every = Start alle { $length }
rest = { $length } Pause
optional = nach Wunsch

# About an exercise
phase = { $what } ({ $length })
sides-left = „Je Seite“: zuerst links, wie beschrieben, dann ebenso rechts.
sides-right = „Je Seite“: zuerst rechts, wie beschrieben, dann ebenso links.
first-left = Zuerst links, dann ebenso rechts.
first-right = Zuerst rechts, dann ebenso links.
either-side = { $one } oder { $other }
as-before = Wie Nr. { $n }.
mind = Darauf achten
care = Vorsicht
easier = Leichter
harder = Schwerer

# The foot of the page
done = Erledigt
done-how = Hak jeden Tag ab, an dem du übst.
week = Woche { $n }
day = { $day ->
    [monday] Mo
    [tuesday] Di
    [wednesday] Mi
    [thursday] Do
    [friday] Fr
    [saturday] Sa
   *[sunday] So
}
notes = Notizen
goes-with = Dieses Blatt gehört zur gesprochenen Einheit „{ $title }“.

# A course: a programme laid over weeks
course-weeks = { $n ->
    [one] { $n } Woche
   *[other] { $n } Wochen
}
course-sessions = { $n ->
    [one] { $n } Einheit
   *[other] { $n } Einheiten
}
course-day = Tag { $n }
course-rest = Ruhetag
course-rest-note = Ruhetag: { $note }
course-lighter = Leichtere Woche
course-swapped = Beginnt mit der anderen Seite
course-hold = Halten
course-reps = Wiederholungen
course-minutes = Minuten
course-talk = Stimme
course-means = Halten und Wiederholungen: Mittel der Übungen einer Woche; Minuten: die aller ihrer Einheiten.
course-talks = { $talk ->
    [teach] erklärt
    [brief] knapp
    [cues] nur Ansagen
   *[bells] nur Klänge
}
date-short = { $day }. { $month ->
    [1] Jan.
    [2] Feb.
    [3] März
    [4] Apr.
    [5] Mai
    [6] Juni
    [7] Juli
    [8] Aug.
    [9] Sep.
    [10] Okt.
    [11] Nov.
   *[12] Dez.
}
date-full = { $day }. { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
} { $year }
plan-doses = Was du machst
plan-doses-how = Werte mit Pfeilen dazwischen gelten von Woche zu Woche.
plan-in-weeks = Wochen { $weeks }
plan-ask = Frag zuerst in der Arzt- oder Physiotherapiepraxis nach, wenn du schwere Osteoporose, Arthrose oder eine Verletzung an Hüfte, Knie oder Sprunggelenk hast.
plan-slowly = Mach alles langsam, ohne zu wippen, und fang sanft an.
plan-worse = Hör auf und lass dich beraten, wenn Schmerzen zunehmen, bei Schwellung, Rötung oder weniger Beweglichkeit.
plan-goes-with = Dieser Plan gehört zum gesprochenen Kurs „{ $title }“.
