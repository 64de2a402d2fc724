"""`reconciler validate`: manifests, documents and rules; no network, nothing written."""

from __future__ import annotations

from pathlib import Path

from reconciler.cli.finish import finish
from reconciler.cli.options import Format, Output, Root
from reconciler.errors import EXIT_DONE, EXIT_INVALID


def validate(*, root: Root = Path(), output: Output = Format.TEXT) -> None:
    """Check every manifest and document; exit 3 where one is wrong."""
    import sys

    from reconciler.cli.console import painter, say
    from reconciler.cli.workspace import open_workspace, source_of
    from reconciler.load import load
    from reconciler.problems import Severity

    workspace = open_workspace(root)
    repository = load(workspace.root, default_project=workspace.settings.project or "")
    if output is Format.JSON:
        from reconciler.render.dump import dumps
        from reconciler.render.problems_json import problems_document

        say(dumps(problems_document(repository.problems)))
    else:
        from reconciler.render.problems_text import problems_text

        say(
            problems_text(
                repository.problems,
                manifests=repository.count,
                sources=source_of(workspace.root),
                painter=painter(sys.stdout),
            )
        )
    invalid = any(problem.severity is Severity.ERROR for problem in repository.problems)
    finish(EXIT_INVALID if invalid else EXIT_DONE)
