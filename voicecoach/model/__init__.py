"""The nouns: frozen, without I/O. Each module holds one of them and the words that go with it."""
