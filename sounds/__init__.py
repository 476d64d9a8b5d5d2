"""The sounds that are shipped: packs of earcons (WAV) and beds (Ogg Vorbis), made by ``scripts/make_sounds.py``."""
