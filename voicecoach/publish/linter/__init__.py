"""feed --check: what is wrong with a feed and its files."""
