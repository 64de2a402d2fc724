"""Flags, environment and files become settings and credentials."""
