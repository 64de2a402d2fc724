"""A plan as a comment on a pull request: counts, what and why, details on a click, how to apply."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.plan.changes import QUIET, Plan
from reconciler.render.change_markdown import IDENTITY, NAME
from reconciler.render.escape import markdown
from reconciler.render.findings import NO_WARNINGS, Warnings
from reconciler.render.header import PlanHeader
from reconciler.render.markdown.blocks import brief, code_lines
from reconciler.render.markdown.fit import LIMIT, Section, fit, pointer
from reconciler.render.plan_sections import (
    details_section,
    elsewhere_section,
    failures_section,
    rows_section,
    unverifiable_section,
    warnings_section,
)
from reconciler.render.plan_text import (
    PARTLY_ASKED,
    plan_summary,
    worth_showing,
)

_HEAD_DIGITS = 12
_LONGEST_COMMAND = 2_000
_NOTHING = Plan(changes=(), errors=())


def plan_markdown(
    plan: Plan,
    header: PlanHeader,
    *,
    warnings: Warnings = NO_WARNINGS,
    limit: int = LIMIT,
    artifact: str | None = None,
    elsewhere: Plan = _NOTHING,
    command: str = "reconciler apply",
) -> str:
    """The whole document, with a last newline, in at most `limit` characters (8,192 or more).

    What does not fit is left out and counted; `artifact` is the file or the address that has it
    all. `elsewhere` is what a plan of the changes since a commit leaves out: it is listed apart.
    `command` is how the user would start an apply of the same signatures; the fingerprint is
    added to it. Rows without work, attention or warnings are only counted, unless the plan is
    about the changes since a commit: then a reader wants to know that one of them does nothing.
    """
    about_changes = header.since is not None
    rows = [each for each in plan.changes if about_changes or worth_showing(each, warnings)]
    sections = (
        _head(plan, header),
        *rows_section(rows, header, warnings),
        *failures_section(plan.errors),
        *warnings_section(plan, warnings),
        *unverifiable_section(rows),
        *details_section(rows, header.project),
        *elsewhere_section(elsewhere),
        _foot(plan, header, command),
    )
    return fit(sections, limit=limit, elsewhere=pointer(artifact, "reconciler plan"))


def _head(plan: Plan, header: PlanHeader) -> Section:
    lines = [f"### {plan_summary(plan)}", _circumstances(header)]
    if not header.refreshed:
        unknown = "no review status is known, and no drift is seen."
        lines.append(f"**The service was not asked:** {unknown}")
    if header.partly:
        lines.append(PARTLY_ASKED)
    return Section(opening="\n\n".join(lines))


def _circumstances(header: PlanHeader) -> str:
    project = "The default project"
    if header.project is not None:
        project = f"Project {markdown(brief(header.project, IDENTITY))}"
    parts = [f"{project} at {markdown(brief(header.endpoint, NAME))}"]
    if header.head is not None:
        parts.append(f"manifests at {_commit(header.head, _HEAD_DIGITS)}")
    if header.since is not None:
        parts.append(f"what differs from {_commit(header.since, _HEAD_DIGITS)}")
    return ", ".join(parts)


def _foot(plan: Plan, header: PlanHeader, command: str) -> Section:
    """What ties an apply to what was reviewed; no command when the service was not asked."""
    head = "" if header.head is None else f", commit {_commit(header.head, IDENTITY)}"
    made_by = f", reconciler {markdown(header.tool_version)}"
    parts = [f"Fingerprint {markdown(plan.fingerprint)}{head}{made_by}"]
    if header.refreshed and any(change.action not in QUIET for change in plan.changes):
        parts += _how(f"{command} --fingerprint {plan.fingerprint}")
    return Section(opening="\n\n".join(parts))


def _how(command: str) -> Iterator[str]:
    if len(command) > _LONGEST_COMMAND:
        yield "To apply exactly this, give the same names and the fingerprint."
        return
    yield "To apply exactly this:"
    yield code_lines([command], "sh")


def _commit(head: str, digits: int) -> str:
    return markdown(head[:digits])
