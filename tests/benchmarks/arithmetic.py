"""What nobody can leave out who uploads: `arithmetic.py FOLDER COUNT`, for as many requests.

The two documents are read, encoded, signed and checked against what was reviewed; nothing is sent,
and nothing else is done. Runs in the environments of this project, with what each has to encode.
"""

from __future__ import annotations

import hashlib
import sys
from binascii import b2a_base64
from functools import partial
from pathlib import Path

try:
    from pybase64 import b64encode as encoded
except ImportError:
    encoded = partial(b2a_base64, newline=False)

BLOCK = 3 * 65536


def one(folder: Path) -> None:
    """The arithmetic of one request."""
    signing = hashlib.sha1(usedforsecurity=False)
    for name in ("licence.png", "letter.png"):
        digest = hashlib.sha256()
        with (folder / name).open("rb", buffering=0) as file:
            while block := file.read(BLOCK):
                digest.update(block)
                signing.update(encoded(block))
        digest.hexdigest()
    signing.hexdigest()


if __name__ == "__main__":
    documents, times = Path(sys.argv[1]), int(sys.argv[2])
    for _ in range(times):
        one(documents)
