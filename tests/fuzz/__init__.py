"""Bytes from nowhere, thrown at everything that `validate` does with a file."""
