"""Sound as numbers: tones, envelopes, gain, silence, sample rates, files, earcons.

All of it works on float32 arrays of shape (frames, channels), full scale 1.0, and never changes the array that it is
given. Pure numpy, but for `files` (the only door to soundfile) and `resample` (the only one to soxr).
"""
