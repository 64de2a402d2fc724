"""How large a manifest may be (contract 1)."""

from __future__ import annotations

MAX_BYTES = 1024 * 1024
"""Also of what is read of one: longer files are refused unread."""
