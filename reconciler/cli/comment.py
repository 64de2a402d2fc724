"""`reconciler comment`: one sticky comment a target on a pull request or merge request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.finish import finish
from reconciler.errors import EXIT_DONE

if TYPE_CHECKING:
    from reconciler.forge.marker import Noted
    from reconciler.forge.surroundings import Event
    from reconciler.forge.values import Comment, Issue

DEFAULT_TARGET = "plan"
Target = Annotated[
    str, typer.Option("--target", metavar="NAME", help="Which comment; each name has its own.")
]
Author = Annotated[
    str | None,
    typer.Option(
        "--author",
        metavar="LOGIN",
        help="Who the token writes as; needed for a GitHub App's token alone.",
    ),
]


def comment(
    *,
    root: Annotated[
        Path, typer.Option("--root", "-C", metavar="DIR", help="Where relative files start.")
    ] = Path(),
    body_file: Annotated[
        Path, typer.Option("--body-file", metavar="FILE", help="What to post, in Markdown.")
    ],
    log_file: Annotated[
        Path | None,
        typer.Option("--log-file", metavar="FILE", help="Also show this text below it, as it is."),
    ] = None,
    plan_file: Annotated[
        Path | None,
        typer.Option(
            "--plan-file",
            metavar="FILE",
            help="Note this saved plan's fingerprint, for `reviewed` to find.",
        ),
    ] = None,
    target: Target = DEFAULT_TARGET,
    number: Annotated[
        int | None,
        typer.Option("--number", min=1, metavar="N", help="The pull request; else the event's."),
    ] = None,
    author: Author = None,
) -> None:
    """Post a comment on a pull request, or edit the one that was posted before.

    Everything else comes from the pipeline's environment: GITHUB_REPOSITORY, GITHUB_TOKEN,
    GITHUB_API_URL and GITHUB_EVENT_PATH, or GitLab's CI_… variables and GITLAB_TOKEN.
    """
    import os

    from reconciler.cli.console import say
    from reconciler.forge.marker import compose
    from reconciler.forge.sticky import stick
    from reconciler.forge.surroundings import event_of, open_forge

    event = event_of(os.environ)
    change = _number(number, event)
    noted = None if plan_file is None else _noted(root / plan_file, event)
    text = _text(root / body_file, None if log_file is None else root / log_file)
    with open_forge(os.environ) as forge:
        body = compose(target, text, noted=noted, longest=forge.longest)
        name = author or forge.author()
        stuck = stick(forge, change, target, body, author=name)
    say(f"{stuck.written} {stuck.comment.url}".rstrip())
    warn_of_author(stuck.comment, name)
    finish(EXIT_DONE)


def warn_of_author(written: Comment | Issue, author: str) -> None:
    """The next run looks for what `author` wrote, and would not find this again."""
    from reconciler.cli.console import warn
    from reconciler.forge.sticky import is_by

    if written.author and not is_by(written, author):
        warn(
            f"this token writes as {written.author}, not as {author}: give "
            f"--author {written.author}, or the next run writes another."
        )


def _number(given: int | None, event: Event) -> int:
    from reconciler.errors import UsageError

    number = given if given is not None else event.number
    if number is None:
        raise UsageError(
            "this pipeline runs for no pull request",
            "Name one with --number, or run it on pull requests.",
        )
    return number


def _noted(plan: Path, event: Event) -> Noted:
    """The plan's fingerprint, with the branch's commit: a merge of it may be checked out."""
    from reconciler.cli.consent import read_plan
    from reconciler.errors import UsageError
    from reconciler.forge.marker import Noted

    if event.head is None:
        raise UsageError(
            "--plan-file: this pipeline runs for no commit of a pull request",
            "Run it on pull requests, or leave --plan-file out.",
        )
    return Noted(fingerprint=read_plan(plan).fingerprint, head=event.head)


def _text(body: Path, log: Path | None) -> str:
    from reconciler.render.markdown.blocks import code_lines

    text = _read(body)
    shown = "" if log is None else _read(log).strip("\n")
    if not shown:
        return text
    block = code_lines(shown.split("\n"), "text")
    return f"{text.rstrip()}\n\n{block}\n".lstrip("\n")


def _read(path: Path) -> str:
    from reconciler.errors import UsageError

    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not UTF-8") from None
