"""Doing what a plan says: `steps` for one job, `run` for all of them."""
