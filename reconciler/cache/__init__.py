"""What was found out before, in one file that may be missing, damaged or deleted at any time."""
