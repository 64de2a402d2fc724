"""Can anybody read this PDF? pypdf, with limits that a scan never meets, finds its pages."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from reconciler.inspection.facts import UNKNOWN, Facts, Fault
from reconciler.inspection.pdf_plain import shows_a_page

if TYPE_CHECKING:  # an extra, which need not be there
    from pypdf import PdfReader

_END = b"%%EOF"
_LINEARIZED = re.compile(rb"/Linearized\b[^>]{0,200}?/L\s+([0-9]{1,10})\b")
_HEAD = 2048
_MOST_DECODED = 1024 * 1024
"""Bytes that one packed stream may become. Pictures are not unpacked at all; lists of objects,
which are, take some kilobytes."""
_MOST_PAGES = 5_000
_MOST_NODES = 10_000
_MOST_ITEMS = 50_000


def glance(data: bytes) -> Facts | None:
    """The facts that take no library to find out; None where there is more to find."""
    if _is_cut_off(data):
        return Facts(fault=Fault.TRUNCATED, detail="its end is missing")
    return UNKNOWN if shows_a_page(data) else None


def pdf(data: bytes) -> Facts:
    """The facts about any other. Raises whatever pypdf raises, see `limits.bounded`."""
    from pypdf import PdfReader, apply_configuration  # an extra, and slow to load
    from pypdf.errors import DependencyError, LimitReachedError

    try:
        with apply_configuration(**_limits()):
            return _pages(PdfReader(BytesIO(data), root_object_recovery_limit=_MOST_NODES))
    except LimitReachedError:
        return Facts(fault=Fault.EXCESSIVE, detail="it holds more than any scan does")
    except DependencyError:
        # To try the empty password on AES-256 takes a cipher that pypdf has from another package.
        return Facts(fault=Fault.ENCRYPTED, detail="it is protected with AES-256")


def _is_cut_off(data: bytes) -> bool:
    """No end at all, or shorter than it says: a file made for the web names its length in front."""
    said = _LINEARIZED.search(data, 0, _HEAD)
    return _END not in data or (said is not None and int(said[1]) > len(data))


def _limits() -> dict[str, Any]:
    return {
        "maximum_declared_stream_length": 4 * _MOST_DECODED,
        "array_based_stream_maximum_output_length": _MOST_DECODED,
        "array_maximum_element_count": _MOST_ITEMS,
        "dictionary_maximum_element_count": _MOST_ITEMS,
        "lzw_maximum_output_length": _MOST_DECODED,
        "run_length_maximum_output_length": _MOST_DECODED,
        "zlib_maximum_output_length": _MOST_DECODED,
        "brotli_maximum_output_length": _MOST_DECODED,
        "stream_decoding_work_maximum_length": 4 * _MOST_DECODED,
        "zlib_maximum_recovery_input_length": 100_000,
        "page_tree_maximum_entries": _MOST_NODES,
        "page_tree_maximum_page_entries": 20 * _MOST_PAGES,
    }


def _pages(reader: PdfReader) -> Facts:
    from pypdf import PasswordType
    from pypdf.errors import DependencyError

    # A file that the empty password opens is one that anybody can read; it may forbid printing.
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        return Facts(fault=Fault.ENCRYPTED, detail="it asks for a password")
    try:
        pages = len(reader.pages)
    except DependencyError:
        return UNKNOWN  # the password fits, and what stands behind it takes a cipher too
    return UNKNOWN if pages else Facts(fault=Fault.NO_PAGE, detail="it has no page")
