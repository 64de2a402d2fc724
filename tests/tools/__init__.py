"""Programs that make what the tests and the examples need; nothing here runs by itself."""
