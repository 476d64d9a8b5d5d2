# The coach's own words, in English. Written to be heard: short, plain, one thing at a time.
#
# A message may have variants, as attributes .b, .c, .d: the coach takes turns, always in the same order, so that a
# session does not drone. All variants mean the same and take about the same time.
#
# The attribute .brief says the same in fewer words. It is said where there is no time for all of them, so it must be
# shorter than every variant, or as short; a message without it is said whole or not at all.

# Lengths of time and numbers
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
number = { $n }

# Sides
side = { $side ->
    [left] left
   *[right] right
}

# Opening and close
opening = { $title }.
opening-length = This session takes { $length }.
opening-equipment = Have at hand: { $items }.
equipment = { $item ->
    [chair] a chair
    [counter-or-chair] a counter or a chair
    [foam-roller] a foam roller
    [massage-gun] a massage gun
    [resistance-band] a resistance band
    [stool] a stool
    [stretching-strap] a stretching strap
    [tennis-ball] a tennis ball
   *[other] { $name }
}
opening-safety = Mild discomfort is fine, pain is not. If something hurts, ease off or stop.
closing = That is the end of { $title }. Well done.

# An exercise is announced: its name, then how much of it
exercise = { $name }.
    .b = Next: { $name }.
    .c = Now: { $name }.
exercise-again = { $name }, again.
    .b = Again: { $name }.
    .c = Back to { $name }.
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
reps-alternate = { $n ->
    [one] One repetition on each side, in turn.
   *[other] { $n } repetitions on each side, in turn.
}
cycles = { $n ->
    [one] One round of it.
   *[other] { $n } rounds of it.
}
cycles-each = { $n ->
    [one] One round on each side.
   *[other] { $n } rounds on each side.
}
breaths = { $n ->
    [one] One breath.
   *[other] { $n } breaths.
}
breaths-each = { $n ->
    [one] One breath on each side.
   *[other] { $n } breaths on each side.
}
sets = { $n ->
    [one] One set.
   *[other] { $n } sets.
}
side-first = The { $side } side first.
    .b = Begin with the { $side } side.
side-only = The { $side } side.
at-the-bell = Start at the bell.
    .b = Wait for the bell.
    .c = The bell starts it.
at-the-tap = Begin one at each tap.
    .b = One at each tap.
with-my-words = Follow my words.
    .b = I count it for you.

# While doing it
in-turn = Then the { $side } side, and so on in turn.
    .b = Then the { $side } side. Keep changing over.
change-sides = Change sides. Now the { $side } side.
    .b = Switch over. The { $side } side now.
    .c = Now the { $side } side. Change over.
turn = { $side }.
set-of = Set { $n } of { $total }.
set-of-side = Set { $n } of { $total }, { $side } side.
round-of = Round { $n } of { $total }.
round-of-name = { $name }, round { $n } of { $total }.
last-rep = Last one.
    .b = This is the last one.
    .brief = Last.
last-each = Last one on each side.
    .b = One more on each side.
    .brief = Last ones.
last-round = Last round.
halfway = Halfway.
    .b = Half of it done.
    .c = Halfway there.
    .brief = Halfway.
time-left = { $length } left.
    .b = { $length } to go.
    .brief = { $length }.

# Breathing
breathing = Breathing.
breathe-for = { $n ->
    [one] One breath.
   *[other] { $n } breaths.
}
breathe-in-for = Breathe in for { $n }.
breathe-full-for = Hold for { $n }.
breathe-out-for = Breathe out for { $n }.
breathe-empty-for = Wait for { $n }.
breathe-in = In.
    .b = Breathe in.
    .brief = In.
breathe-full = Hold.
breathe-out = Out.
    .b = Breathe out.
    .brief = Out.
breathe-empty = Wait.
last-breath = Last breath.
    .b = One last breath.
    .brief = Last.

# Intervals
intervals = { $rounds ->
    [one] One round.
   *[other] { $rounds } rounds.
}
intervals-times = { $work } of work, { $rest } of rest.
every = A new one every { $length }.
work-next = Next: { $name }.
    .brief = { $name }.

# Rest
rest = Rest for { $length }.
    .b = Take a rest of { $length }.
    .c = Rest now, { $length }.
    .brief = Rest.
next-up = Next: { $name }.
    .b = Coming up: { $name }.
    .brief = { $name }.
next-up-with = Next: { $name }. You need { $items }.
    .b = Coming up: { $name }. You need { $items }.
    .brief = { $name }.

# Chapters, as players show them
chapter-opening = Opening
chapter-side = { $name }, { $side }
chapter-part = { $part }: { $name }
chapter-round = { $name } ({ $round } of { $rounds })
chapter-breathing = Breathing
chapter-closing = Close
