"""`reconciler drift`: what somebody should look at, in the terminal or as one open issue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.comment import Author, warn_of_author
from reconciler.cli.finish import finish
from reconciler.cli.format import Format
from reconciler.cli.options import Endpoint, Output, Profile, Project, Root
from reconciler.errors import EXIT_DONE, EXIT_FAILURE

if TYPE_CHECKING:
    from reconciler.cli.workspace import Workspace
    from reconciler.plan.changes import Failure
    from reconciler.troubles import Trouble

_TARGET = "drift"
_TITLE = "SMS signatures need attention"


def drift(
    *,
    root: Root = Path(),
    output: Output = Format.TEXT,
    issue: Annotated[
        bool,
        typer.Option(
            "--issue", help="Also keep one issue: open while there is something, closed after."
        ),
    ] = False,
    author: Author = None,
    project: Project = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
) -> None:
    """Show what is rejected, disabled, drifted, not applied or about to expire.

    Reads only. Exits 0 whatever it finds, and 1 where a signature could not be asked about.
    """
    from reconciler.cli.workspace import open_workspace
    from reconciler.settings.values import Flags

    workspace = open_workspace(root, Flags(project=project, endpoint=endpoint, profile=profile))
    found, unread = _look(workspace)
    _show(found, unread, output)
    if issue:
        _keep_issue(found, unread, author)
    finish(EXIT_FAILURE if unread else EXIT_DONE)


def _look(workspace: Workspace) -> tuple[tuple[Trouble, ...], tuple[Failure, ...]]:
    """Manifests that are wrong are told among the troubles; the others are asked about."""
    from reconciler.cli.interrupt import stop_on_signals
    from reconciler.cli.planning import make_plan
    from reconciler.cli.workspace import load_repository, read_only_service
    from reconciler.troubles import troubles

    repository = load_repository(workspace)
    with stop_on_signals() as stop, read_only_service(workspace, stop) as service:
        plan = make_plan(workspace, repository, service, stop=stop).plan
    return troubles(plan, repository.problems), plan.errors


def _show(found: tuple[Trouble, ...], unread: tuple[Failure, ...], output: Format) -> None:
    import sys

    from reconciler.cli.console import painter, say

    if output is Format.JSON:
        from reconciler.render.dump import dumps
        from reconciler.render.troubles_json import troubles_document

        say(dumps(troubles_document(found, unread)))
    elif output is Format.MARKDOWN:
        from reconciler.render.troubles_markdown import troubles_markdown

        say(troubles_markdown(found, unread))
    else:
        from reconciler.render.troubles_text import troubles_text

        say(troubles_text(found, unread, painter=painter(sys.stdout)))


def _keep_issue(found: tuple[Trouble, ...], unread: tuple[Failure, ...], given: str | None) -> None:
    import os

    from reconciler.cli.console import note
    from reconciler.forge import tracker
    from reconciler.forge.marker import compose
    from reconciler.forge.surroundings import open_forge
    from reconciler.render.troubles_markdown import troubles_markdown

    if unread and not found:
        note("The issue is left as it is: not everything could be asked about.")
        return
    text = troubles_markdown(found, unread)
    with open_forge(os.environ) as forge:
        author = given or forge.author()
        body = compose(_TARGET, text, noted=None, longest=forge.longest)
        keep = tracker.report if found else tracker.close
        tracked = keep(forge, _TARGET, title=_TITLE, body=body, author=author)
    address = "" if tracked.issue is None else f" {tracked.issue.url}"
    note(f"Issue: {tracked.written}{address}")
    if tracked.issue is not None:
        warn_of_author(tracked.issue, author)
