"""Pages for what is said about `# reconciler: ignore[…]` comments."""

from __future__ import annotations

from reconciler.problems import Severity
from reconciler.rules.rule import OWN, Rule
from reconciler.rules.samples import manifest, one

UNUSED = "USMS901"
MALFORMED = "USMS902"
UNKNOWN_RULE = "USMS903"

FORM = "# reconciler: ignore[USMS104] and the reason"
_GOOD = one(
    manifest("短信验证码 # reconciler: ignore[USMS104] a name of our shop, says the review")
)

RULES: tuple[Rule, ...] = (
    Rule(
        id=UNUSED,
        name="ignore-unused",
        severity=Severity.WARNING,
        source=OWN,
        why="A comment that ignores nothing hides what comes later, and tells readers of a "
        "problem that is not there.",
        fix="Delete it. It holds for the value on its own line; on a line by itself, for the next.",
        bad=one(manifest("优刻得科技 # reconciler: ignore[USMS104] it was a number once")),
        good=_GOOD,
    ),
    Rule(
        id=MALFORMED,
        name="ignore-without-reason",
        severity=Severity.ERROR,
        source=OWN,
        why="Who reads the manifest later has to know why a standard does not count here. A "
        "comment without a reason, or without a rule's id, ignores nothing.",
        fix=f"Write `{FORM}`; several ids are separated by commas.",
        bad=one(manifest("优刻得科技 # reconciler: ignore[USMS104]")),
        good=_GOOD,
    ),
    Rule(
        id=UNKNOWN_RULE,
        name="ignore-unknown-rule",
        severity=Severity.ERROR,
        source=OWN,
        why="There is no such rule, or it is one that cannot be ignored: files that cannot be read "
        "or sent (USMS001 to USMS005), and the remarks on these comments themselves.",
        fix="Correct the id; `reconciler explain` lists them all.",
        bad=one(manifest("优刻得科技 # reconciler: ignore[USMS140] the name of our shop")),
        good=_GOOD,
    ),
)
