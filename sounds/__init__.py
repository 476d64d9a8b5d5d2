"""The earcons, as WAV files (made by ``scripts/make_sounds.py``)."""
