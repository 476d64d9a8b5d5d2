# The words of printed pages, in English. Written to be read: short, so that a page has room for them.
#
# Units follow their figure after a no-break space, "\u00A0", so that no line ends between them.

# Lengths of time and numbers
hours = { $n }{ "\u00A0" }h
minutes = { $n }{ "\u00A0" }min
seconds = { $n }{ "\u00A0" }s
point = .

# The head of the page
about-length = about { $length }
exercises-count = { $n ->
    [one] { $n } exercise
   *[other] { $n } exercises
}
name = Name
date = Date
needs = Have ready
no-needs = no equipment
equipment = { $item ->
    [chair] chair
    [counter-or-chair] counter or chair
    [foam-roller] foam roller
    [massage-gun] massage gun
    [resistance-band] resistance band
    [stool] stool
    [stretching-strap] stretching strap
    [tennis-ball] tennis ball
   *[other] { $name }
}
positions = Positions
position = { $posture ->
    [standing] standing
    [chair] sitting on a chair
    [floor] sitting on the floor
    [kneeling] kneeling
    [half-kneeling] half-kneeling
    [all-fours] hands and knees
    [prone] lying face down
    [supine] lying on the back
    [side-lying] lying on the side
   *[other] { $name }
}
before = Before you start
exercises = Exercises
after = Afterwards

# How much of an exercise
hold = hold { $length }
time = { $length }
reps = { $n ->
    [one] { $n } repetition
   *[other] { $n } repetitions
}
cycles = { $n ->
    [one] once through
   *[other] { $n } times through
}
breaths = { $n ->
    [one] { $n } breath
   *[other] { $n } breaths
}
sets = { $n }{ "\u00A0" }× { $dose }
each-side = { $dose } each side
in-turn = { $dose } each side, in turn
only-left = { $dose }, left side
only-right = { $dose }, right side
rest-between = { $length } rest between sets

# How fast: of a repetition, and of a breath
pace = { $length } each way
slow-pace = slowly: { $length } each way
slowly = slowly: { $parts }
there = { $length } one way
hold-there = hold { $length }
back = { $length } back
hold-back = pause { $length }
breathe-in = in { $length }
breathe-full = hold { $length }
breathe-out = out { $length }
breathe-empty = wait { $length }
breathing = Breathing

# Rounds and the clock
rounds = { $n ->
    [one] { $n } round
   *[other] { $n } rounds
}
intervals = Intervals
work-and-rest = { $work } of work, { $rest } of rest
every = start every { $length }
rest = Rest { $length }
optional = optional

# About an exercise
phase = { $what } ({ $length })
sides-left = “Each side”: left first, as described, then the same on the right.
sides-right = “Each side”: right first, as described, then the same on the left.
first-left = Left side first, then the same on the right.
first-right = Right side first, then the same on the left.
either-side = { $one } or { $other }
as-before = As in no. { $n }.
mind = Good form
care = Take care
easier = Easier
harder = Harder

# The foot of the page
done = Done
done-how = Tick each day that you do it.
week = Week { $n }
day = { $day ->
    [monday] Mo
    [tuesday] Tu
    [wednesday] We
    [thursday] Th
    [friday] Fr
    [saturday] Sa
   *[sunday] Su
}
notes = Notes
goes-with = This sheet goes with the spoken session “{ $title }”.

# A course: a programme laid over weeks
course-weeks = { $n ->
    [one] { $n } week
   *[other] { $n } weeks
}
course-sessions = { $n ->
    [one] { $n } session
   *[other] { $n } sessions
}
course-day = Day { $n }
course-rest = Rest
course-rest-note = Rest: { $note }
course-lighter = Lighter week
course-swapped = Begins with the other side
course-hold = Holds
course-reps = Repetitions
course-minutes = Minutes
course-talk = Coach
course-means = Holds and repetitions are the mean of a week’s exercises, minutes those of all its sessions.
course-talks = { $talk ->
    [teach] teaches
    [brief] brief
    [cues] cues only
   *[bells] sounds only
}
date-short = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
date-full = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
plan-doses = What you do
plan-doses-how = Figures with arrows between them go from week to week.
plan-in-weeks = weeks { $weeks }
plan-ask = Ask a doctor or physiotherapist first if you have severe osteoporosis, arthritis, or an injury of hip, knee or ankle.
plan-slowly = Go slowly, without bouncing, and begin gently.
plan-worse = Stop and seek advice if pain gets worse, or with swelling, redness or less movement.
plan-goes-with = This plan goes with the spoken course “{ $title }”.
