"""A plan becomes the JSON document of contract 6."""

from __future__ import annotations

from reconciler.plan.changes import Change, Failure, FieldDiff, Plan, PlannedDocument
from reconciler.render.findings import NO_WARNINGS, Warnings
from reconciler.render.formats import FORMAT_VERSION
from reconciler.render.header import PlanHeader
from reconciler.render.problems.json import diagnostic


def plan_document(
    plan: Plan,
    header: PlanHeader,
    *,
    warnings: Warnings = NO_WARNINGS,
    elsewhere: Plan | None = None,
) -> dict[str, object]:
    """The document, keys in the contract's order; `schemas/plan.schema.json` describes it.

    `elsewhere` is what a plan of the changes since a commit leaves out; it has no warnings.
    """
    document: dict[str, object] = {
        "format_version": FORMAT_VERSION,
        "tool_version": header.tool_version,
        "timestamp": header.timestamp,
        "project": header.project,
        "endpoint": header.endpoint,
        "head": header.head,
        "refreshed": header.refreshed and not header.partly,
        "fingerprint": plan.fingerprint,
        "summary": dict(plan.summary),
        "changes": [_warned(change, warnings) for change in plan.changes],
        "errors": [_error(failure) for failure in plan.errors],
        "refresh": _refresh(header),
    }
    if header.only:
        document["only"] = list(header.only)
    if header.since is not None:
        document["since"] = header.since
        rest = elsewhere or Plan(changes=(), errors=())
        document["elsewhere"] = {
            "changes": [_change(change) for change in rest.changes],
            "errors": [_error(failure) for failure in rest.errors],
        }
    return document


def _refresh(header: PlanHeader) -> str:
    if not header.refreshed:
        return "none"
    return "needed" if header.partly else "all"


def _warned(change: Change, warnings: Warnings) -> dict[str, object]:
    """The row with what the rules say of its manifest, where they say anything."""
    found = [diagnostic(problem) for problem in warnings.get(change.name, ())]
    return {**_change(change), "warnings": found} if found else _change(change)


def _change(change: Change) -> dict[str, object]:
    return {
        "name": change.name,
        "id": change.id,
        "project": change.project or None,
        "path": change.path,
        "line": change.line,
        "action": change.action.value,
        "reason": change.verdict.reason.value,
        "attention": change.verdict.attention,
        "status": change.status.value,
        "rejection": change.rejection,
        "diff": [_diff(diff) for diff in change.diff],
        "documents": [_document(document) for document in change.documents],
        "unverifiable": list(change.unverifiable),
    }


def _diff(diff: FieldDiff) -> dict[str, object]:
    return {"field": diff.field, "before": diff.before, "after": diff.after}


def _document(document: PlannedDocument) -> dict[str, object]:
    proof = document.proof
    described: dict[str, object] = {
        "role": document.role,
        "path": proof.path,
        "sha256": proof.sha256,
        "size": proof.size,
        "media_type": proof.media_type,
    }
    # A document that was uploaded before has none of these; its address is all there is to say.
    return described if proof.url is None else {**described, "url": proof.url}


def _error(failure: Failure) -> dict[str, object]:
    return {"name": failure.name, "id": failure.id, "summary": failure.summary}
