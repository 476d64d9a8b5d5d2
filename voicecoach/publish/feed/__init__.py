"""A folder of sessions as a podcast: feed, chapters, transcripts, notes, playlist."""
