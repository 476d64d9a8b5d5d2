"""From text to typed values with their places: `nodes` is the only door to YAML, `fields` types what it gives."""
