"""Rules about what is asked when a signature is applied for, and never again."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.problems import Severity
from reconciler.rules.rule import Finding, Rule, SubjectRule
from reconciler.rules.samples import manifest, one
from reconciler.rules.subject import Subject

_WITH_ID = manifest("优刻得科技")
_WITHOUT = _WITH_ID.partition("\n")[2]


def _undescribed(subject: Subject) -> Iterator[Finding]:
    data = subject.manifest.data
    if subject.content and "id" not in data and "description" not in data:
        yield Finding(
            path=("content",),
            summary="neither `id` nor `description`: this can be found, and cannot be applied for",
            detail="The service asks what a new signature is for. Write such as `description: "
            "Login codes for the customers of the Acme shop`, or the `id` if it exists already.",
        )


RULES: tuple[Rule, ...] = (
    SubjectRule(
        id="USMS208",
        name="description-missing",
        severity=Severity.WARNING,
        source="UCloud API, CreateUSMSSignature: Description",
        why="A first application has to say what the signature is for. A manifest without an `id` "
        "is one, unless the service has this content already.",
        fix="Write a `description`, or the `id`.",
        bad=one(_WITHOUT),
        good=one(f"{_WITHOUT}description: Login codes for the customers of our shop\n"),
        check=_undescribed,
    ),
)
