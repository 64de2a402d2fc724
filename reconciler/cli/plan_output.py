"""What `plan` prints, in each of its formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.cli.format import Format

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reconciler.cli.planning import Planned
    from reconciler.problems import Problem
    from reconciler.repository import Repository

_MARKERS = 512
"""Characters of a comment that `reconciler comment` may need for itself."""


def shown(
    repository: Repository,
    planned: Planned,
    output: Format,
    *,
    verbose: bool,
    out: Path | None,
    command: str,
) -> str:
    """What goes to stdout; with `out`, the plan is saved besides."""
    from reconciler.cli.workspace import save

    if out is not None or output is Format.JSON:
        document = _json(repository, planned)
    if out is not None:
        save(out, document)
    if output is Format.JSON:
        return document
    if output is Format.MARKDOWN:
        return _markdown(repository, planned, command, out)
    return _text(repository, planned, verbose=verbose, command=command)


def _json(repository: Repository, planned: Planned) -> str:
    from reconciler.render.dump import dumps
    from reconciler.render.plan_json import plan_document

    return dumps(
        plan_document(
            planned.plan,
            planned.header,
            warnings=_warnings(repository, planned),
            elsewhere=planned.elsewhere,
        )
    )


def _text(repository: Repository, planned: Planned, *, verbose: bool, command: str) -> str:
    """What the branch does not touch comes first: the last line sums up the plan."""
    import sys

    from reconciler.cli.console import painter
    from reconciler.render.plan_text import plan_text

    paint = painter(sys.stdout)
    own = plan_text(
        planned.plan,
        planned.header,
        painter=paint,
        verbose=verbose,
        warnings=_warnings(repository, planned),
        command=command,
    )
    if planned.header.since is None:
        return own
    from reconciler.render.elsewhere_text import elsewhere_text

    apart = elsewhere_text(planned.elsewhere, painter=paint)
    return f"{apart}\n{own}" if apart else own


def _markdown(repository: Repository, planned: Planned, command: str, out: Path | None) -> str:
    import os

    from reconciler.render.markdown.fit import LIMIT
    from reconciler.render.plan_markdown import plan_markdown
    from reconciler.state.holder import run_url

    return plan_markdown(
        planned.plan,
        planned.header,
        warnings=_warnings(repository, planned),
        limit=LIMIT - _MARKERS,
        artifact=run_url(os.environ) or (None if out is None else str(out)),
        elsewhere=planned.elsewhere,
        command=command,
    )


def _warnings(repository: Repository, planned: Planned) -> Mapping[str, tuple[Problem, ...]]:
    """Those of the signatures that the plan is about."""
    from reconciler.cli.workspace import warnings_by_name

    found = warnings_by_name(repository.problems)
    if planned.header.since is None:
        return found
    names = {change.name for change in planned.plan.changes}
    return {name: warnings for name, warnings in found.items() if name in names}
