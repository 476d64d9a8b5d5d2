# The words of pages on a screen, and of the notes that podcast apps show, in German; the reader is "du".

### Notes
chapters = Kapitel
complete = Abgeschlossen

### How often a feed has something new
every-day = { $count ->
    [one] jeden Tag
   *[other] alle { $count } Tage
}
every-week = { $count ->
    [one] jede Woche
   *[other] alle { $count } Wochen
}
every-month = { $count ->
    [one] jeden Monat
   *[other] alle { $count } Monate
}
every-year = { $count ->
    [one] jedes Jahr
   *[other] alle { $count } Jahre
}
every-days = jeden { $days }
every-and = { $first } und { $last }
every-monday = Montag
every-tuesday = Dienstag
every-wednesday = Mittwoch
every-thursday = Donnerstag
every-friday = Freitag
every-saturday = Samstag
every-sunday = Sonntag

### Without a network
offline = Keine Verbindung
offline-not-kept = Diese Einheit ist nicht auf diesem Gerät. Öffne sie einmal mit Verbindung und warte, bis sie gespeichert ist; dann geht sie auch ohne Netz.
offline-again = Noch einmal versuchen
offline-list = Zur Liste: { $title }
not-found = Diese Seite gibt es hier nicht
not-found-why = Vielleicht heißt die Einheit jetzt anders oder steht nicht mehr in der Liste.

### Pages
page-minutes = { $n }{ "\u00A0" }Min.
page-seconds = { $n }{ "\u00A0" }s
page-hours = { $n }{ "\u00A0" }Std.
page-sessions = { $n ->
    [one] { $n } Einheit
   *[other] { $n } Einheiten
}
page-guide = Auf dem Handy: welche Apps, und wie
page-no-script = Ohne JavaScript spielt diese Seite den Ton und zeigt nichts im Takt dazu.
page-left = Links
page-right = Rechts

### The list of sessions
index-season = Teil { $n }
index-number = Nr. { $n }
index-to-go = noch { $time }
index-done = Geschafft
index-next = Als Nächstes
index-kept = auch offline
index-empty = Es gibt noch keine Einheiten.
index-subscribe = In einer Podcast-App
index-subscribe-how = Gib deiner App diese Adresse, dann lädt sie die Einheiten herunter.
index-address = Adresse des Feeds
index-copy = Kopieren
index-copied = Kopiert
index-select = Strg+C oder ⌘C kopiert
index-antennapod = In AntennaPod öffnen
index-qr = Aufs Handy: Richte seine Kamera hierher.
index-qr-alt = QR-Code mit der Adresse dieser Seite
index-m3u = Wiedergabeliste (.m3u)
index-opml = Feed zum Importieren (.opml)

### The player
play-back = Alle Einheiten
play-start = Abspielen
play-continue = Weiter
play-pause = Anhalten
play-restart = Von vorn
play-again = Noch einmal
play-previous = Voriges Kapitel
play-next-chapter = Nächstes Kapitel
play-back-10 = 10 Sekunden zurück
play-on-10 = 10 Sekunden vor
play-captions = Untertitel
play-awake = Display an
play-awake-why = Dieser Browser kann das Display von dieser Adresse aus nicht anlassen (dafür braucht es https). Stell dein Handy so ein, dass es später sperrt, oder hör bei dunklem Display zu.
play-awake-refused = Das Handy will das Display gerade nicht anlassen: Vielleicht spart es Strom.
play-position = Stelle in der Einheit
play-position-text = { $time } von { $length }, { $chapter }
play-remaining = noch { $time }
play-chapters = Kapitel
play-next = Danach: { $what }
play-then = Dann: { $what }
play-seconds = Sekunden
play-minutes = Minuten
play-of = von { $total }
play-set = Satz { $n } von { $total }
play-round = Runde { $n } von { $total }
play-error = Der Ton ist nicht geladen. Ist das Netz da?
play-retry = Noch einmal versuchen
play-no-captions = Die Untertitel sind nicht geladen.
play-ready = Drück auf Abspielen und stell das Handy so hin, dass du es siehst.
play-next-session = Nächste Einheit: { $title }
play-keys = Tasten
play-key-space = abspielen, anhalten
play-key-arrows = 10 Sekunden zurück, vor
play-key-chapters = voriges, nächstes Kapitel
play-key-captions = Untertitel
play-keys-space = Leertaste
play-keys-shift = Umschalt
play-download = MP3 herunterladen
play-kept = Diese Einheit ist jetzt auf diesem Gerät: Sie spielt auch ohne Netz.
play-side = { $name }, { $side ->
    [left] links
   *[right] rechts
}
play-in-set = { $name }, Satz { $n }
play-rest-of = Pause, { $length }

# What to do now, large: one or two words
do-opening = Hör zu
do-say = Hör zu
do-sound = Hör zu
do-set-up = Mach dich bereit
do-hold = Halten
do-rep = { $n } von { $total }
do-reps = Wiederholen
do-time = Weitermachen
do-cycles = Weitermachen
do-breathe = Atmen
do-in = Einatmen
do-full = Halten
do-out = Ausatmen
do-empty = Warten
do-change-sides = Seitenwechsel
do-release = Lösen
do-rest = Pause
do-closing = Gut gemacht
do-end = Geschafft
do-halfway = Halbzeit

### The guide
guide-title = Auf dem Handy
guide-lead = Drei Wege, die Einheiten dabeizuhaben. Der erste braucht nichts.
guide-page = Diese Seite, im Browser
guide-page-1 = Öffne eine Einheit und drück auf Abspielen. Sie zeigt, was zu tun ist, wie lange und auf welcher Seite, groß genug, um es von der Matte zu lesen.
guide-page-2 = Sie spielt weiter, wenn das Display ausgeht oder du das Handy sperrst; Kopfhörer und Sperrbildschirm springen von Übung zu Übung.
guide-page-3 = Lass sie auf dem iPhone in einem Tab des Browsers: Vom Home-Bildschirm aus kann eine Seite verstummen, wenn das Handy sperrt.
guide-page-4 = „Display an“ hält das Handy wach, solange du hinsiehst. Browser erlauben das nur Seiten mit https.
guide-app = Eine Podcast-App
guide-app-2 = Manche Apps holen einen Feed selbst: Sie erreichen einen Computer in deinem eigenen Netz. Bei anderen holt ihn ein Server des Anbieters: Der erreicht nur Adressen, die alle Welt erreicht.
guide-here-lan = Die Adresse unten ist eine deines eigenen Netzes: Es gilt „In deinem Netz“.
guide-here-web = Die Adresse unten ist eine im Web: Es gilt „Auf einem Webserver“.
guide-col-app = App
guide-col-lan = In deinem Netz
guide-col-web = Auf einem Webserver
guide-col-how = So fügst du ihn hinzu
guide-yes = ja
guide-no = nein
guide-sometimes = manchmal
guide-folder-only = aus ihrem Ordner
guide-android = Android
guide-apple = iPhone, iPad, Mac
guide-both = iPhone, Android
guide-computer = Computer
guide-antennapod = Podcast hinzufügen → Podcast per RSS-Adresse hinzufügen
guide-local = AntennaPod, lokaler Ordner
guide-local-how = Kopiere die MP3s in einen Ordner des Handys, dann Podcast hinzufügen → Lokalen Ordner hinzufügen. Kapitel werden gezeigt.
guide-applepodcasts = Mediathek → … → Sendung per URL folgen
guide-gpodder = Abonnements → Podcast über URL hinzufügen
guide-overcast = + → Add URL. Seine Server holen den Feed.
guide-pocketcasts = Füg die Adresse in die Suche ein. Seine Server holen den Feed.
guide-spotify = Nimmt keinen Feed nach seiner Adresse.
guide-private = Eine Adresse im Web kann lesen, wer sie kennt, und auch die Server einer App, der du sie gibst.
guide-lan = Wenn die App nichts findet
guide-lan-1 = Handy und Computer müssen im selben WLAN sein; ein Gastnetz trennt sie oft.
guide-lan-2 = Nimm die Adresse in Zahlen, etwa http://192.168.1.20:8000/feed.xml. Namen, die auf .local enden, sind auf Android unzuverlässig.
guide-lan-3 = Der Computer muss an sein, solange die App lädt. Was sie geladen hat, spielt ohne ihn.
guide-files = Die MP3s, kopiert
guide-files-1 = Kopiere die Dateien per Kabel, Cloud oder Mail aufs Handy. Titel, Cover, Kapitel und die Worte stecken darin, und jeder Musikspieler spielt sie.
guide-files-2 = Die Wiedergabeliste hat ihre Reihenfolge:
guide-files-3 = Schalte die Zufallswiedergabe aus, und alles, was Stille überspringt oder das Tempo ändert: Sonst stimmen die Haltezeiten nicht mehr.
