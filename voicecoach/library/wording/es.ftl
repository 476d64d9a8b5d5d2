# The coach's own words, in Spanish. Written to be heard: short, plain, one thing at a time; the listener is "tú", and
# the words are those of Spain and Latin America alike. Nothing tells whether the listener is a man or a woman.
#
# A message may have variants, as attributes .b, .c, .d: the coach takes turns, always in the same order, so that a
# session does not drone. All variants mean the same and take about the same time.
#
# The attribute .brief says the same in fewer words. It is said where there is no time for all of them, so it must be
# shorter than every variant, or as short; a message without it is said whole or not at all.
#
# Sides: the message `side` gives the bare stem, "izquierd" or "derech", and whoever uses it writes the ending onto it. So
# every form is there, here as "lado { $side }o" and in exercises as "la rodilla {side}a" or "el pie {other side}o":
#   el  {side}o     el lado izquierdo, el pie izquierdo
#   la  {side}a     la rodilla izquierda; a la izquierda
# A stem is never said by itself.
#
# Lengths of time come as "30 segundos", "un minuto" or "2 minutos y 30 segundos": write sentences in which no verb agrees
# with them (not "queda un minuto, quedan 2 minutos"). One is written as a word: "1 segundo" would be read "uno segundo".
# The plural category "many" (whole millions: "1 000 000 de segundos") cannot come up here and falls under "other".

# Lengths of time and numbers
hours = { $n ->
    [one] una hora
   *[other] { $n } horas
}
minutes = { $n ->
    [one] un minuto
   *[other] { $n } minutos
}
seconds = { $n ->
    [one] un segundo
   *[other] { $n } segundos
}
and = { $first } y { $last }
number = { $n }

# Sides: stems, see above
side = { $side ->
    [left] izquierd
   *[right] derech
}

# Opening and close
opening = { $title }.
opening-length = Esta sesión dura { $length }.
opening-equipment = Ten a mano: { $items }.
equipment = { $item ->
    [chair] una silla
    [counter-or-chair] una encimera o una silla
    [foam-roller] un rodillo de espuma
    [massage-gun] una pistola de masaje
    [resistance-band] una banda elástica
    [stool] un taburete
    [stretching-strap] una correa de estiramiento
    [tennis-ball] una pelota de tenis
   *[other] { $name }
}
opening-safety = Una leve molestia está bien; el dolor, no. Si algo te duele, afloja o detente.
closing = Hasta aquí { $title }. Bien hecho.

# An exercise is announced: its name, then how much of it
exercise = { $name }.
    .b = A continuación: { $name }.
    .c = Ahora: { $name }.
exercise-again = { $name }, otra vez.
    .b = Otra vez: { $name }.
    .c = De nuevo: { $name }.
hold = Mantén la posición { $length }.
hold-each = Mantén la posición { $length } en cada lado.
time = Hazlo durante { $length }.
time-each = En cada lado, { $length }.
reps = { $n ->
    [one] Una repetición.
   *[other] { $n } repeticiones.
}
reps-each = { $n ->
    [one] Una repetición en cada lado.
   *[other] { $n } repeticiones en cada lado.
}
reps-alternate = { $n ->
    [one] Una repetición en cada lado, alternando.
   *[other] { $n } repeticiones en cada lado, alternando.
}
cycles = { $n ->
    [one] Un ciclo.
   *[other] { $n } ciclos.
}
cycles-each = { $n ->
    [one] Un ciclo en cada lado.
   *[other] { $n } ciclos en cada lado.
}
breaths = { $n ->
    [one] Una respiración.
   *[other] { $n } respiraciones.
}
breaths-each = { $n ->
    [one] Una respiración en cada lado.
   *[other] { $n } respiraciones en cada lado.
}
sets = { $n ->
    [one] Una serie.
   *[other] { $n } series.
}
side-first = Primero, el lado { $side }o.
    .b = Empieza por el lado { $side }o.
side-only = El lado { $side }o.
at-the-bell = Empieza con la campana.
    .b = Espera la campana.
    .c = La campana marca el inicio.
at-the-tap = Empieza una con cada toque.
    .b = Una con cada toque.
with-my-words = Sigue mis palabras.
    .b = Yo te llevo la cuenta.

# While doing it
in-turn = Luego, el lado { $side }o, y así alternando.
    .b = Después, el lado { $side }o. Ve alternando.
change-sides = Cambia de lado. Ahora, el lado { $side }o.
    .b = Cambio. Ahora le toca al lado { $side }o.
    .c = Ahora, el lado { $side }o. Cambia.
turn = Lado { $side }o.
    .brief = { $side }o.
set-of = Serie { $n } de { $total }.
set-of-side = Serie { $n } de { $total }, lado { $side }o.
round-of = Ronda { $n } de { $total }.
round-of-name = { $name }, ronda { $n } de { $total }.
last-rep = Una última vez.
    .b = Una vez más.
    .c = Esta es la última vez.
    .brief = Última.
last-each = Una más en cada lado.
    .b = La última en cada lado.
    .brief = Una más.
last-round = Última ronda.
halfway = Vas por la mitad.
    .b = Ya llevas la mitad.
    .c = La mitad, hecha.
    .brief = La mitad.
time-left = Sigue { $length } más.
    .b = Todavía { $length } más.
    .brief = { $length }.

# Breathing
breathing = Respiración.
breathe-for = { $n ->
    [one] Una respiración.
   *[other] { $n } respiraciones.
}
breathe-in-for = Inhala contando hasta { $n }.
breathe-full-for = Retén el aire contando hasta { $n }.
breathe-out-for = Exhala contando hasta { $n }.
breathe-empty-for = Espera contando hasta { $n }.
breathe-in = Inhala.
    .b = Toma aire.
    .brief = Inhala.
breathe-full = Retén.
breathe-out = Exhala.
    .b = Suelta el aire.
    .brief = Exhala.
breathe-empty = Espera.
last-breath = Última respiración.
    .b = Una última respiración.
    .brief = Última.

# Intervals
intervals = { $rounds ->
    [one] Una ronda.
   *[other] { $rounds } rondas.
}
intervals-times = Trabajas { $work } y descansas { $rest }.
every = Cada ronda dura { $length }.
work-next = A continuación: { $name }.
    .brief = { $name }.

# Rest
rest = Descansa { $length }.
    .b = Haz una pausa de { $length }.
    .c = Ahora descansa, { $length }.
    .brief = Descansa.
next-up = A continuación: { $name }.
    .b = Después viene: { $name }.
    .brief = { $name }.
next-up-with = A continuación: { $name }. Necesitas { $items }.
    .b = Después viene: { $name }. Necesitas { $items }.
    .brief = { $name }.

# Chapters, as players show them
chapter-opening = Inicio
chapter-side = { $name }, lado { $side }o
chapter-part = { $part }: { $name }
chapter-round = { $name } ({ $round } de { $rounds })
chapter-breathing = Respiración
chapter-closing = Cierre
