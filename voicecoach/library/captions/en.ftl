# What captions show where nothing is said, in brackets: for whoever does not hear the bell. Short: it is read in passing.

side = { $side ->
    [left] left
   *[right] right
}
set = set { $n }
get-ready = Get ready
change-sides = Change sides
hold = Hold { $time }
keep-going = Keep going { $time }
rest = Rest { $time }
rest-name = Rest
to-go = { $time } to go
count = { $n } of { $total }
breathe-in = Breathe in
breathe-out = Breathe out
breath-held = Hold the breath
halfway = Halfway
stop = Stop
the-end = The end
bell = Bell
sound = Sound
