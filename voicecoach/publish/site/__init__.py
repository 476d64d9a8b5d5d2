"""The static site and the phone page."""
