# The coach's own words, in English. Written to be heard: short, plain, one thing at a time.

# Lengths of time
hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
seconds = { $n ->
    [one] { $n } second
   *[other] { $n } seconds
}
and = { $first } and { $last }

# Sides
side = { $side ->
    [left] left
   *[right] right
}

# Opening and close
opening = { $title }.
opening-length = This session takes { $length }.
closing = That is the end of { $title }. Well done.

# An exercise is announced: name, then how much of it
exercise = { $name }.
exercise-again = { $name }, again.
hold = Hold for { $length }.
hold-each = Hold for { $length } on each side.
time = Keep going for { $length }.
time-each = { $length } on each side.
reps = { $n ->
    [one] One repetition.
   *[other] { $n } repetitions.
}
reps-each = { $n ->
    [one] One repetition on each side.
   *[other] { $n } repetitions on each side.
}
sets = { $n ->
    [one] One set.
   *[other] { $n } sets.
}
side-first = The { $side } side first.
side-only = The { $side } side.
at-the-bell = Start at the bell.
at-the-tap = Begin one at each tap.

# While doing it
change-sides = Change sides. Now the { $side } side.
set-of = Set { $n } of { $total }.
set-of-side = Set { $n } of { $total }, { $side } side.
last-rep = Last one.

# Rest
rest = Rest for { $length }.
next-up = Next: { $name }.

# Chapters, as players show them
chapter-opening = Opening
chapter-side = { $name }, { $side }
chapter-part = { $part }: { $name }
chapter-round = { $name } ({ $round } of { $rounds })
chapter-closing = Close
