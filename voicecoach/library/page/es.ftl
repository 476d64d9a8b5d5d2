# The words of pages on a screen, and of the notes that podcast apps show, in Spanish; the reader is "tú".

### Notes
chapters = Capítulos
complete = Completo
