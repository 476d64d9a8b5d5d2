"""The server: the feed, the sessions and the phone page, in the own network."""
