# The words of pages on a screen, and of the notes that podcast apps show, in English.

### Notes
chapters = Chapters
complete = Complete

### How often a feed has something new
every-day = { $count ->
    [one] every day
   *[other] every { $count } days
}
every-week = { $count ->
    [one] every week
   *[other] every { $count } weeks
}
every-month = { $count ->
    [one] every month
   *[other] every { $count } months
}
every-year = { $count ->
    [one] every year
   *[other] every { $count } years
}
every-days = every { $days }
every-and = { $first } and { $last }
every-monday = Monday
every-tuesday = Tuesday
every-wednesday = Wednesday
every-thursday = Thursday
every-friday = Friday
every-saturday = Saturday
every-sunday = Sunday

### Without a network
offline = You are offline
offline-not-kept = This session is not on this device. Open it once while you are online, and wait until it is saved; then it works without a network.
offline-again = Try again
offline-list = To the list: { $title }
not-found = This page is not here
not-found-why = Perhaps the session has another name now, or is no longer listed.

### Pages
page-minutes = { $n }{ "\u00A0" }min
page-seconds = { $n }{ "\u00A0" }s
page-hours = { $n }{ "\u00A0" }h
page-sessions = { $n ->
    [one] { $n } session
   *[other] { $n } sessions
}
page-guide = On your phone: which apps, and how
page-no-script = Without JavaScript this page plays the sound, and shows nothing in step with it.
page-left = Left
page-right = Right

### The list of sessions
index-season = Part { $n }
index-number = No. { $n }
index-to-go = { $time } to go
index-done = Done
index-next = Next
index-kept = works offline
index-empty = There are no sessions yet.
index-subscribe = In a podcast app
index-subscribe-how = Add this address to your app, and it downloads the sessions.
index-address = Address of the feed
index-copy = Copy
index-copied = Copied
index-select = Press Ctrl+C or ⌘C to copy
index-antennapod = Open in AntennaPod
index-qr = On your phone: point its camera here.
index-qr-alt = QR code of this page’s address
index-m3u = Playlist (.m3u)
index-opml = Feed for import (.opml)

### The player
play-back = All sessions
play-start = Play
play-continue = Continue
play-pause = Pause
play-restart = From the beginning
play-again = Once more
play-previous = Previous chapter
play-next-chapter = Next chapter
play-back-10 = Back 10 seconds
play-on-10 = Forward 10 seconds
play-captions = Captions
play-awake = Screen on
play-awake-why = This browser cannot keep the screen on from a page of this address (that takes https). Set your phone to lock later, or listen with the screen off.
play-awake-refused = The phone does not want to keep the screen on now: perhaps it is saving power.
play-position = Position in the session
play-position-text = { $time } of { $length }, { $chapter }
play-remaining = { $time } left
play-chapters = Chapters
play-next = Next: { $what }
play-then = Then: { $what }
play-seconds = seconds
play-minutes = minutes
play-of = of { $total }
play-set = Set { $n } of { $total }
play-round = Round { $n } of { $total }
play-error = The sound did not load. Is the network there?
play-retry = Try again
play-no-captions = The captions did not load.
play-ready = Press play, and put the phone where you see it.
play-next-session = Next session: { $title }
play-keys = Keys
play-key-space = play, pause
play-key-arrows = 10 seconds back, forward
play-key-chapters = previous, next chapter
play-key-captions = captions
play-keys-space = Space
play-keys-shift = Shift
play-download = Download the MP3
play-kept = This session is on this device now: it plays without a network.
play-side = { $name }, { $side ->
    [left] left
   *[right] right
}
play-in-set = { $name }, set { $n }
play-rest-of = Rest, { $length }

# What to do now, large: one or two words
do-opening = Listen
do-say = Listen
do-sound = Listen
do-set-up = Get ready
do-hold = Hold
do-rep = Rep { $n } of { $total }
do-reps = Repeat
do-time = Keep going
do-cycles = Keep going
do-breathe = Breathe
do-in = Breathe in
do-full = Hold
do-out = Breathe out
do-empty = Wait
do-change-sides = Change sides
do-release = Let go
do-rest = Rest
do-closing = Well done
do-end = Done
do-halfway = Halfway

### The guide
guide-title = On your phone
guide-lead = Three ways to have the sessions with you. The first one needs nothing.
guide-page = This page, in the browser
guide-page-1 = Open a session and press play. It shows what to do, how long, and on which side, large enough to be read from the mat.
guide-page-2 = It plays on when the screen goes off or you lock the phone, and headphones and the lock screen skip by exercise.
guide-page-3 = On an iPhone, leave it in a tab of the browser: put on the home screen, a page may fall silent when the phone locks.
guide-page-4 = “Screen on” keeps the phone from locking while you look. Browsers allow that to pages over https only.
guide-app = A podcast app
guide-app-2 = Some apps fetch a feed themselves: those reach a computer in your own network. With others a server of theirs fetches it: that reaches only addresses that the whole world reaches.
guide-here-lan = The address below is one of your own network: “In your network” is what counts.
guide-here-web = The address below is on the web: “On a web host” is what counts.
guide-col-app = App
guide-col-lan = In your network
guide-col-web = On a web host
guide-col-how = How to add it
guide-yes = yes
guide-no = no
guide-sometimes = sometimes
guide-folder-only = from its folder
guide-android = Android
guide-apple = iPhone, iPad, Mac
guide-both = iPhone, Android
guide-computer = computer
guide-antennapod = Add podcast → Add podcast by RSS address
guide-local = AntennaPod, local folder
guide-local-how = Copy the MP3s to a folder of the phone, then Add podcast → Add local folder. Chapters are shown.
guide-applepodcasts = Library → … → Follow a Show by URL
guide-gpodder = Subscriptions → Add podcast via URL
guide-overcast = + → Add URL. Its servers fetch the feed.
guide-pocketcasts = Paste the address into the search. Its servers fetch the feed.
guide-spotify = Takes no feed by its address.
guide-private = An address on the web can be read by whoever knows it, and by an app’s servers once you give it to the app.
guide-lan = If the app finds nothing
guide-lan-1 = Phone and computer must be in the same Wi-Fi; a guest network often keeps them apart.
guide-lan-2 = Take the address in numbers, such as http://192.168.1.20:8000/feed.xml. Names that end in .local are unreliable on Android.
guide-lan-3 = The computer must be on while the app downloads. What it has downloaded plays without it.
guide-files = The MP3s, copied
guide-files-1 = Copy the files to the phone by cable, cloud or mail. Title, cover, chapters and the words are inside them, and any music player plays them.
guide-files-2 = The playlist puts them in order:
guide-files-3 = Switch off shuffle, and anything that skips silence or changes the speed: holds would no longer be exact.
