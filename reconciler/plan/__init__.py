"""Desired, recorded and observed become a plan. Pure: no file, network, clock or terminal."""
