"""`reconciler init`: a first manifest, settings, an editor's hint and a pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.finish import finish
from reconciler.cli.options import Root
from reconciler.errors import EXIT_DONE
from reconciler.starter.files import Ci

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.starter.files import Wishes
    from reconciler.starter.write import Planned


def init(
    *,
    root: Root = Path(),
    ci: Annotated[
        Ci | None, typer.Option("--ci", help="Also write a pipeline for this forge.")
    ] = None,
    tool: Annotated[
        str | None,
        typer.Option(
            "--tool",
            metavar="REQUIREMENT",
            help="What pip installs in the pipeline, such as git+https://HOST/OWNER/REPO@COMMIT; "
            "known where this program was installed so.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace files that are there and differ.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show all, write nothing.")] = False,
) -> None:
    """Start a repository of signatures here: shows each file, then writes it.

    Nothing that is there is overwritten without --force.
    """
    from reconciler.cli.console import say
    from reconciler.starter.files import new_files
    from reconciler.starter.write import look, write

    wishes = _wishes(root, ci, tool)
    planned = tuple(look(root, new_files(wishes), force=force))
    for each in planned:
        say(_shown(each))
    if not dry_run and _agreed(planned):
        write(root, planned)
        say(_closing(planned, wishes))
    finish(EXIT_DONE)


def _check(root: Path, ci: Ci | None, tool: str | None) -> None:
    from reconciler.errors import UsageError
    from reconciler.git.place import is_top
    from reconciler.regular import is_folder
    from reconciler.starter.files import is_requirement

    if not is_folder(root):
        raise UsageError(f"{root}: there is no such directory", "Name the repository with --root.")
    if tool is not None and not is_requirement(tool):
        raise UsageError(
            f"--tool {tool}: this is nothing that pip installs",
            "Such as git+https://HOST/OWNER/REPOSITORY@COMMIT.",
        )
    if ci is not None and not is_top(root):
        raise UsageError(
            f"--ci: {root} is a folder inside of a git repository, where no forge looks for files",
            "Name the repository's top with --root.",
        )


def _wishes(root: Path, ci: Ci | None, tool: str | None) -> Wishes:
    from reconciler.git.place import branch, has_remote
    from reconciler.settings.repository import read
    from reconciler.starter.files import Wishes
    from reconciler.starter.origin import requirement

    _check(root, ci, tool)
    kept = not (root / "reconciler.toml").exists() and bool(read(root)[0])
    return Wishes(
        ci=ci,
        branch=branch(root) or "main",
        shared=has_remote(root),
        has_settings=kept,
        requirement=tool or requirement(),
    )


def _shown(planned: Planned) -> str:
    from reconciler.render.escape import terminal

    file = planned.file
    title = f"{file.path} ({planned.fate}): {file.purpose}"
    if not planned.is_written:
        return title
    lines = (f"    {terminal(line)}".rstrip() for line in file.text.splitlines())
    return "\n".join([title, *lines, ""])


def _agreed(planned: Sequence[Planned]) -> bool:
    """A person is asked; a script has said so by running this."""
    import sys

    count = sum(each.is_written for each in planned)
    if not count or not sys.stdin.isatty():
        return True
    return typer.confirm(f"Write these {count} files?", default=True, err=True)


def _closing(planned: Sequence[Planned], wishes: Wishes) -> str:
    from reconciler.starter.steps import next_steps
    from reconciler.starter.write import Fate

    written = sum(each.is_written for each in planned)
    kept = [each.file for each in planned if each.fate is Fate.KEPT]
    lines = [f"Wrote {written} of {len(planned)} files."]
    if kept:
        lines.append(
            "Not overwritten, since they differ: "
            f"{', '.join(file.path for file in kept)}. --force replaces them."
        )
        lines += [file.by_hand for file in kept if file.by_hand]
    lines += ["", "Next:"]
    lines += [f"  {number}. {step}" for number, step in enumerate(next_steps(wishes), start=1)]
    return "\n".join(lines)
