"""Options that several commands share, each described once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reconciler.cli.format import Format
from reconciler.plan.refresh import Refresh

Root = Annotated[
    Path,
    typer.Option("--root", "-C", metavar="DIR", help="The repository; default: here."),
]
Output = Annotated[
    Format, typer.Option("--format", help="What to print: text, json, or markdown for a comment.")
]
Project = Annotated[
    str | None, typer.Option("--project", metavar="ID", help="Overrides UCLOUD_PROJECT_ID.")
]
Endpoint = Annotated[
    str | None, typer.Option("--endpoint", metavar="URL", help="Overrides UCLOUD_API_BASE_URL.")
]
Profile = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME", help="A profile of UCloud's own configuration."),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only", metavar="NAME", help="These signatures alone; repeatable; * and ? match."
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="REV",
        help="Only what differs from the merge base with this branch or commit.",
    ),
]
Ask = Annotated[
    Refresh | None,
    typer.Option(
        "--refresh",
        help="About which signatures the service is asked. `all`, unless said otherwise. `needed`: "
        "those changed, unrecorded, or not approved when `status` last saw them; may "
        "miss the rows `drifted`, `disabled` and `not_found` of approved ones. `none`: may miss "
        "those rows for every status, and shows none. apply asks before each write all the same.",
    ),
]
NoCache = Annotated[
    bool,
    typer.Option("--no-cache", help="Look at every file anew, and keep nothing in .reconciler/."),
]
