"""Many sessions: which ones, what they will cost, and building them with all cores or on a fleet."""
