"""What `reconciler validate` does; apart from its options, which take Typer to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from reconciler.cli.finish import finish
from reconciler.errors import EXIT_DONE, EXIT_INVALID, ReconcilerError, worst
from reconciler.render.problems.kinds import ProblemFormat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from reconciler.cli.reports import Destination
    from reconciler.cli.workspace import Workspace
    from reconciler.render.problems.report import Report
    from reconciler.repository import Repository
    from reconciler.rules.rule import Rule


def check_repository(
    root: Path,
    printed: ProblemFormat | None = None,
    outputs: Sequence[str] = (),
    *,
    strict: bool = False,
    cached: bool = True,
) -> NoReturn:
    """Check every manifest and document of the repository at `root`, tell, and end the command."""
    from reconciler.cli.caching import open_cache
    from reconciler.cli.console import warn
    from reconciler.cli.reports import destinations
    from reconciler.cli.workspace import judged, open_workspace, tell_notes

    wanted = destinations(printed, outputs)
    workspace = open_workspace(root)
    with open_cache(workspace.root, wanted=cached) as cache:
        repository = judged(workspace, cache)
    if not repository.has_folder:
        warn(f"{root}: there is no folder signatures/ here; is this the right directory?")
    tell_notes(repository)
    report = _report(workspace, repository, strict=strict)
    failed = list(_deliver(report, wanted))
    finish(worst([EXIT_INVALID if report.errors else EXIT_DONE, *failed]))


def _report(workspace: Workspace, repository: Repository, *, strict: bool) -> Report:
    from reconciler import __version__
    from reconciler.cli.reports import above
    from reconciler.cli.workspace import source_of
    from reconciler.problems import as_errors
    from reconciler.render.problems.report import gather

    return gather(
        as_errors(repository.problems) if strict else repository.problems,
        manifests=repository.names,
        count=repository.count,
        sources=source_of(workspace.root),
        rules=_rules() if repository.problems else {},
        tool_version=__version__,
        prefix=above(workspace.root),
    )


def _rules() -> Mapping[str, Rule]:
    from reconciler.rules.registry import RULES

    return RULES


def _deliver(report: Report, wanted: Sequence[Destination]) -> Iterator[int]:
    """Write each format; a file that cannot be written is told, and keeps no other from it."""
    import sys

    from reconciler.cli.console import complain, painter, say
    from reconciler.cli.workspace import save
    from reconciler.render.problems.formats import write

    for each in wanted:
        if each.path is None:
            text = write(report, each.kind, painter=painter(sys.stdout))
            say(text, commands=each.kind is ProblemFormat.GITHUB)
            continue
        try:
            save(each.path, write(report, each.kind))
        except ReconcilerError as error:
            complain(error.summary, error.advice)
            yield error.exit_code
