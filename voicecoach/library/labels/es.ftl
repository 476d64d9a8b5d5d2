# The words of printed pages, in Spanish. Written to be read: short, so that a page has room for them; the reader is "tú".
#
# Units follow their figure after a no-break space, "\u00A0", so that no line ends between them.

# Lengths of time and numbers
hours = { $n }{ "\u00A0" }h
minutes = { $n }{ "\u00A0" }min
seconds = { $n }{ "\u00A0" }s
point = ,

# The head of the page
about-length = unos { $length }
exercises-count = { $n ->
    [one] { $n } ejercicio
   *[other] { $n } ejercicios
}
name = Nombre
date = Fecha
needs = Ten a mano
no-needs = ningún material
equipment = { $item ->
    [chair] silla
    [counter-or-chair] encimera o silla
    [foam-roller] rodillo de espuma
    [massage-gun] pistola de masaje
    [resistance-band] banda elástica
    [stool] taburete
    [stretching-strap] correa de estiramiento
    [tennis-ball] pelota de tenis
   *[other] { $name }
}
positions = Posiciones
position = { $posture ->
    [standing] de pie
    [chair] en una silla
    [floor] en el suelo, sentado
    [kneeling] de rodillas
    [half-kneeling] con una rodilla en el suelo
    [all-fours] a cuatro patas
    [prone] boca abajo
    [supine] boca arriba
    [side-lying] de costado
   *[other] { $name }
}
before = Antes de empezar
exercises = Ejercicios
after = Después

# How much of an exercise
hold = mantener { $length }
time = { $length }
reps = { $n ->
    [one] { $n } repetición
   *[other] { $n } repeticiones
}
cycles = { $n ->
    [one] { $n } ciclo
   *[other] { $n } ciclos
}
breaths = { $n ->
    [one] { $n } respiración
   *[other] { $n } respiraciones
}
sets = { $n }{ "\u00A0" }× { $dose }
each-side = { $dose } por lado
in-turn = { $dose } por lado, alternando
only-left = { $dose }, lado izquierdo
only-right = { $dose }, lado derecho
rest-between = { $length } de descanso entre series

# How fast: of a repetition, and of a breath
pace = { $length } de ida y { $length } de vuelta
slow-pace = despacio: { $length } de ida y { $length } de vuelta
slowly = despacio: { $parts }
there = { $length } de ida
hold-there = mantener { $length }
back = { $length } de vuelta
hold-back = pausa de { $length }
breathe-in = inhalar { $length }
breathe-full = retener { $length }
breathe-out = exhalar { $length }
breathe-empty = esperar { $length }
breathing = Respiración

# Rounds and the clock
rounds = { $n ->
    [one] { $n } ronda
   *[other] { $n } rondas
}
intervals = Intervalos
work-and-rest = { $work } de trabajo, { $rest } de descanso
every = inicio cada { $length }
rest = Descanso de { $length }
optional = opcional

# About an exercise
phase = { $what } ({ $length })
sides-left = «Por lado»: primero el izquierdo, como se describe; después, lo mismo con el derecho.
sides-right = «Por lado»: primero el derecho, como se describe; después, lo mismo con el izquierdo.
first-left = Primero el lado izquierdo; después, lo mismo con el derecho.
first-right = Primero el lado derecho; después, lo mismo con el izquierdo.
either-side = { $one } o { $other }
as-before = Como el n.º { $n }.
mind = Fíjate
care = Cuidado
easier = Más fácil
harder = Más difícil

# The foot of the page
done = Hecho
done-how = Marca cada día que lo hagas.
week = Semana { $n }
day = { $day ->
    [monday] lu
    [tuesday] ma
    [wednesday] mi
    [thursday] ju
    [friday] vi
    [saturday] sá
   *[sunday] do
}
notes = Notas
goes-with = Esta hoja acompaña a la sesión hablada «{ $title }».

# A course: a programme laid over weeks
course-weeks = { $n ->
    [one] { $n } semana
   *[other] { $n } semanas
}
course-sessions = { $n ->
    [one] { $n } sesión
   *[other] { $n } sesiones
}
course-day = Día { $n }
course-rest = Descanso
course-rest-note = Descanso: { $note }
course-lighter = Semana más suave
course-swapped = Empieza por el otro lado
course-hold = Mantener
course-reps = Repeticiones
course-minutes = Minutos
course-talk = La voz
course-means = Mantener y repeticiones: la media de los ejercicios de la semana; minutos: los de todas sus sesiones.
course-talks = { $talk ->
    [teach] explica
    [brief] breve
    [cues] solo avisos
   *[bells] solo sonidos
}
date-short = { $day } { $month ->
    [1] ene
    [2] feb
    [3] mar
    [4] abr
    [5] may
    [6] jun
    [7] jul
    [8] ago
    [9] sept
    [10] oct
    [11] nov
   *[12] dic
}
date-full = { $day } de { $month ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[12] diciembre
} de { $year }
plan-doses = Lo que haces
plan-doses-how = Las cifras con flechas van de semana en semana.
plan-in-weeks = semanas { $weeks }
plan-ask = Consulta antes con tu médico o fisioterapeuta si tienes osteoporosis grave, artritis o una lesión de cadera, rodilla o tobillo.
plan-slowly = Ve despacio, sin rebotes, y empieza con suavidad.
plan-worse = Para y pide consejo si el dolor empeora, o si hay hinchazón, enrojecimiento o menos movilidad.
plan-goes-with = Este plan acompaña al curso hablado «{ $title }».
