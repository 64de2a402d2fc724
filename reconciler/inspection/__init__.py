"""What a document's bytes say about themselves: bounded in time and memory, whatever they are."""
