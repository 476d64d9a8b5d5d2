"""Speech engines, each behind its own file and all behind one protocol (`base.Engine`)."""
