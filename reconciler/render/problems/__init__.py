"""What `validate` found, one file a format; `formats.py` lists them."""
