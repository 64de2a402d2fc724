"""HTTP to the service: signing, streaming, retries, pace. Knows actions, not SMS signatures."""
