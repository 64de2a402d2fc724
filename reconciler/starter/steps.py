"""What to do next, once the files are there."""

from __future__ import annotations

from reconciler.starter.files import Ci, Wishes

_NEEDS_SOURCE = {
    Ci.GITHUB: "RECONCILER in .github/actions/reconciler/action.yml (what pip installs)",
    Ci.GITLAB: "RECONCILER in .gitlab/reconciler.gitlab-ci.yml (what pip installs)",
}


def next_steps(wishes: Wishes) -> tuple[str, str, str]:
    """Three sentences, or a few more, in the order in which they are to be done."""
    return (
        "Describe your first signature in signatures/example.yaml: its id, its words, its "
        "documents. Remove `suspend` when it is right.",
        _keys(wishes),
        "Run `reconciler validate` and `reconciler plan`, then commit everything.",
    )


def _keys(wishes: Wishes) -> str:
    if wishes.ci is None:
        return (
            "Set UCLOUD_PROJECT_ID, UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY in your shell; "
            "`reconciler sandbox` prints some to try everything with."
        )
    parts = [_PLACES[wishes.ci]]
    if wishes.requirement is None:
        parts.append(f"Fill in {_NEEDS_SOURCE[wishes.ci]}.")
    if not wishes.shared and not wishes.has_settings:
        parts.append('Add the remote `origin`, and set state = "git:" in reconciler.toml.')
    if wishes.has_settings:
        parts.append('Set state = "git:" under [tool.reconciler] in pyproject.toml.')
    return " ".join(parts)


_PLACES = {
    Ci.GITHUB: (
        "On GitHub, set the variable UCLOUD_PROJECT_ID, and make two environments with "
        "UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY as secrets: signatures-plan with keys that can "
        "only read, and signatures-apply, which wants reviewers and the branch that is applied."
    ),
    Ci.GITLAB: (
        "On GitLab, set the variables that stand at the top of .gitlab/reconciler.gitlab-ci.yml."
    ),
}
