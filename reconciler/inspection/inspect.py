"""One document's bytes to facts; Pillow and pypdf are the extra `documents`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from reconciler.inspection.facts import UNKNOWN, Facts
from reconciler.inspection.images import image
from reconciler.inspection.limits import bounded
from reconciler.inspection.pdf import glance, pdf

_LOOKS: Mapping[str, tuple[Callable[[bytes], Facts], tuple[str, ...]]] = {
    "image/jpeg": (image, ("PIL.Image", "PIL.JpegImagePlugin")),
    "image/png": (image, ("PIL.Image", "PIL.PngImagePlugin")),
    "application/pdf": (pdf, ("pypdf",)),
}


def inspect(data: bytes, media_type: str) -> Facts:
    """What `data` says about itself. Never raises, and takes less than a second of work.

    `data` is at most 4 MiB; `media_type` is what its first bytes say, and another one than jpg,
    png and pdf is not looked into. Raises `ImportError` where the extra is missing.
    """
    if media_type not in _LOOKS:
        return UNKNOWN
    seen = glance(data) if media_type == "application/pdf" else None
    if seen is not None:
        return seen
    look, libraries = _LOOKS[media_type]
    for name in libraries:
        import_module(name)  # before the clock runs
    return bounded(look, data)
