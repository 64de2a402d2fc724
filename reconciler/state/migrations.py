"""Older records in today's form: changed in memory alone, one step a version.

A step may add, rename and rearrange. It never changes what was submitted, so that no record gets
another fingerprint, and no signature is submitted again, because the tool is newer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Body = Mapping[str, Any]
Step = Callable[[Body], Body]


def _add_run(body: Body) -> Body:
    """1.1 says which run wrote a record."""
    return {**body, "format_version": "1.1", "run": None}


STEPS: Mapping[str, Step] = {"1.0": _add_run}
"""By the version that they start from."""


def migrate(body: Body, steps: Mapping[str, Step] = STEPS) -> Body:
    """The record as the newest version would have written it; newer ones are left as they are."""
    while (step := steps.get(body["format_version"])) is not None:
        body = step(body)
    return body
