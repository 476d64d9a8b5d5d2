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
