# Lo que muestran los subtítulos donde no se dice nada, entre corchetes. Corto: se lee de pasada.

side = { $side ->
    [left] izquierda
   *[right] derecha
}
set = serie { $n }
get-ready = Prepárate
change-sides = Cambio de lado
hold = Mantén { $time }
keep-going = Sigue { $time }
rest = Descanso { $time }
rest-name = Descanso
to-go = quedan { $time }
count = { $n } de { $total }
breathe-in = Inspira
breathe-out = Espira
breath-held = Aguanta el aire
halfway = Mitad
stop = Para
the-end = Fin
bell = Campana
sound = Sonido
