"""A local USMS service on loopback, strict as the reference: for demo, tests and pipelines."""
