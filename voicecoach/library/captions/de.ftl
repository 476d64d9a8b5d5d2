# Was Untertitel zeigen, wo nichts gesagt wird, in Klammern. Kurz: es wird im Vorbeigehen gelesen.

side = { $side ->
    [left] links
   *[right] rechts
}
set = Satz { $n }
get-ready = Mach dich bereit
change-sides = Seitenwechsel
hold = Halten { $time }
keep-going = Weiter { $time }
rest = Pause { $time }
rest-name = Pause
to-go = noch { $time }
count = { $n } von { $total }
breathe-in = Einatmen
breathe-out = Ausatmen
breath-held = Atem halten
halfway = Halbzeit
stop = Stopp
the-end = Ende
bell = Glocke
sound = Ton
