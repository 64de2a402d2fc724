"""Where the record of what was submitted is kept: one file a backend."""
