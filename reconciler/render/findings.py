"""What `validate` found out about the signatures that a plan shows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reconciler.problems import Problem

Warnings = Mapping[str, tuple[Problem, ...]]
"""By the name of the signature."""
NO_WARNINGS: Warnings = MappingProxyType({})
