"""Kill, starve and confuse a real apply at every point where it touches the outside."""
