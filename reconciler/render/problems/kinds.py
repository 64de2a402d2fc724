"""The names of the formats alone, for a command line that need not load what writes them."""

from __future__ import annotations

from enum import StrEnum


class ProblemFormat(StrEnum):
    """How the findings of `validate` can be written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    """Annotations, as commands for the runner of a GitHub workflow."""
    SARIF = "sarif"
    """SARIF 2.1.0, for code scanning and editors."""
    JUNIT = "junit"
    """JUnit's XML: one test case a manifest."""
