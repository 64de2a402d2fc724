"""`reconciler reviewed`: which plan was reviewed before a commit was merged."""

from __future__ import annotations

from typing import Annotated

import typer

from reconciler.cli.comment import DEFAULT_TARGET, Author, Target
from reconciler.cli.finish import finish
from reconciler.errors import EXIT_DONE


def reviewed(
    *,
    commit: Annotated[
        str, typer.Option("--commit", metavar="SHA", help="The commit that was merged.")
    ],
    branch: Annotated[
        str | None,
        typer.Option("--branch", metavar="NAME", help="The branch that it must have gone to."),
    ] = None,
    target: Target = DEFAULT_TARGET,
    author: Author = None,
) -> None:
    """Find the fingerprint in the comment that the reviewers of a commit saw last.

    Prints `number=` and `fingerprint=`, each on its line. Exits 4 where the commit was not merged
    from a pull request, or where its comment is about an earlier commit of the branch.
    """
    import os
    import re

    from reconciler.cli.console import say
    from reconciler.errors import UsageError
    from reconciler.forge.reviewed import reviewed as find
    from reconciler.forge.surroundings import open_forge

    if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", commit):
        raise UsageError(f"--commit {commit}: this is no whole commit", "Give all its digits.")
    with open_forge(os.environ) as forge:
        found = find(forge, commit, target, branch=branch, author=author or forge.author())
    say(f"number={found.change.number}\nfingerprint={found.fingerprint}")
    finish(EXIT_DONE)
