# The words of pages on a screen, and of the notes that podcast apps show, in English.

### Notes
chapters = Chapters
complete = Complete
