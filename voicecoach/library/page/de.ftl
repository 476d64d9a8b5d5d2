# The words of pages on a screen, and of the notes that podcast apps show, in German; the reader is "du".

### Notes
chapters = Kapitel
complete = Abgeschlossen
