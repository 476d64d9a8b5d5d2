"""What is said: the coach's own words, and text made ready for speaking."""
