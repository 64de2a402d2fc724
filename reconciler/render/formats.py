"""The version of the JSON documents, in one place."""

from __future__ import annotations

FORMAT_VERSION = "1.0"
"""Written first in every document. A new key raises the minor; readers refuse another major."""
