"""`reconciler doctor`: is everything in place, and if not, what to do?"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.finish import finish
from reconciler.cli.options import Endpoint, Profile, Project, Root
from reconciler.errors import EXIT_DONE, EXIT_FAILURE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.checkup import Finding


class DoctorFormat(StrEnum):
    """How the report is printed."""

    TEXT = "text"
    JSON = "json"


def doctor(
    *,
    root: Root = Path(),
    output: Annotated[
        DoctorFormat, typer.Option("--format", help="What to print: text or json.")
    ] = DoctorFormat.TEXT,
    project: Project = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
) -> None:
    """Check settings, keys, project, connection, TLS, proxy, clock, state, git. Writes nothing.

    Exits 1 where something will not work. No part of a key is ever shown.
    """
    from reconciler.checkup import Level
    from reconciler.cli.examine import examine
    from reconciler.settings.values import Flags

    findings = examine(root, Flags(project=project, endpoint=endpoint, profile=profile))
    _show(findings, output)
    failed = any(each.level is Level.ERROR for each in findings)
    finish(EXIT_FAILURE if failed else EXIT_DONE)


def _show(findings: Sequence[Finding], output: DoctorFormat) -> None:
    import sys

    from reconciler.cli.console import painter, say

    if output is DoctorFormat.JSON:
        from reconciler.render.checkup_json import checkup_document
        from reconciler.render.dump import dumps

        say(dumps(checkup_document(findings)))
    else:
        from reconciler.render.checkup_text import checkup_text

        say(checkup_text(findings, painter=painter(sys.stdout)))
