"""Can anybody read this picture? Pillow decodes it, once its header says that this is cheap."""

from __future__ import annotations

from io import BytesIO

from reconciler.inspection.facts import Facts, Fault
from reconciler.inspection.jpeg import Skeleton, skeleton

MOST_PIXELS = 100_000_000
"""A page of A3 at 600 dots per inch has 70 million."""
_HELD_PIXELS = 16_000_000
"""Decoded as a whole: 64 MB at most. A page of A4 at 400 dots per inch has 15 million."""
_WORK = 50_000_000
"""Pixels times passes over them: a tenth of a second or two."""
_JPEG = b"\xff\xd8"
_PNG_END = b"IEND\xaeB`\x82"
_SHRINK = 8
"""A JPEG this much smaller costs a fraction of the work and a 64th of the memory; every byte of it
is read all the same."""


def image(data: bytes) -> Facts:
    """The facts about a PNG or JPEG. Raises whatever Pillow raises, see `limits.bounded`."""
    bones = skeleton(data) if data.startswith(_JPEG) else _png(data)
    if bones.width * bones.height > MOST_PIXELS:
        size = f"{bones.width:,} x {bones.height:,} pixels"
        return Facts(fault=Fault.EXCESSIVE, detail=f"it claims to have {size}")
    if not bones.ended:
        return Facts(fault=Fault.TRUNCATED, detail="the mark of its end is missing")
    return _decoded(data, bones)


def _png(data: bytes) -> Skeleton:
    """Its header always comes first, and its last chunk is always the same."""
    width, height = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    return Skeleton(width=width, height=height, scans=1, ended=_PNG_END in data)


def _decoded(data: bytes, bones: Skeleton) -> Facts:
    from PIL import Image  # an extra; and loading it takes a twentieth of a second

    with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
        width, height = picture.size
        if not _is_cheap(data, width * height, bones.scans):
            return Facts(width=width, height=height)
        picture.draft(None, (width // _SHRINK, height // _SHRINK))
        try:
            picture.load()
        except OSError as error:
            if "truncated" in str(error):
                return Facts(fault=Fault.TRUNCATED, detail="a part of the picture is missing")
            raise
    return Facts(width=width, height=height)


def _is_cheap(data: bytes, pixels: int, scans: int) -> bool:
    """A JPEG of one scan is decoded line by line and shrunk; all else is held in memory whole."""
    in_lines = scans == 1 and data.startswith(_JPEG)
    return pixels * scans <= _WORK and (in_lines or pixels <= _HELD_PIXELS)
