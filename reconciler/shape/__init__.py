"""What to say about a manifest that does not have the shape of the schema."""
