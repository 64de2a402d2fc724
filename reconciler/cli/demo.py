"""`reconciler demo`: the whole loop, on a temporary copy of the examples and a sandbox."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.cli.finish import finish
from reconciler.cli.options import Root
from reconciler.errors import EXIT_DONE, EXIT_FAILURE

if TYPE_CHECKING:
    from reconciler.model import Desired
    from reconciler.repository import Repository
    from reconciler.sandbox.seed import Seed
    from reconciler.sandbox.server import Sandbox

_REASON = "签名用途说明不清楚，请补充具体使用场景"
"""In English: the description of the use is unclear; say in which scene it is used."""
_SCENE = "Codes for signing in and for confirming orders in our own shop"


def demo(
    *,
    root: Root = Path(),  # noqa: ARG001 - every command takes it; the demo has a place of its own
) -> None:
    """Show the whole loop against a local sandbox; touches nothing of yours."""
    import shutil
    import tempfile

    from reconciler.load import load
    from reconciler.resources import examples_path
    from reconciler.sandbox.server import running

    with tempfile.TemporaryDirectory(prefix="reconciler-demo-") as folder:
        place = Path(folder)
        shutil.copytree(examples_path(), place / "signatures")
        repository = load(place, default_project="org-sandbox")
        with running(seed=_seed(repository)) as sandbox, _environment(sandbox, place):
            codes = [*_tour(place, repository, sandbox)]
    finish(EXIT_FAILURE if any(codes) else EXIT_DONE)


def _tour(root: Path, repository: Repository, sandbox: Sandbox) -> Iterator[int]:
    chosen = _chosen(repository)
    yield _step("1. The manifests and their documents are checked, offline", root, "validate")
    saved = str(root / "plan.json")
    yield _step("2. The plan: what would be sent, and why", root, "plan", "--out", saved)
    yield _step("3. Apply does exactly what was reviewed", root, "apply", "--plan", saved)
    _review(sandbox, chosen)
    yield _step("4. The reviewer has decided: one is rejected", root, "status")
    _edit(root / chosen.path)
    yield _step(f"5. {chosen.path} is edited; the plan shows the difference", root, "plan")
    yield _step("6. Apply resubmits that one alone", root, "apply", "--yes")
    _review(sandbox, None)
    yield _step("7. Approved; nothing is left to do", root, "plan")


def _step(heading: str, root: Path, *words: str) -> int:
    import sys

    from reconciler.cli.console import painter, say
    from reconciler.cli.main import run
    from reconciler.render.style import Style

    paint = painter(sys.stdout)
    shown = " ".join(words).replace(f"{root}/", "")
    say(f"\n{paint(heading, Style.BOLD)}\n{paint(f'$ reconciler {shown}', Style.DIM)}")
    return run([*words, "--root", str(root)])


def _seed(repository: Repository) -> Seed:
    """A service where the examples' ids exist already, in every status that may be edited."""
    from reconciler.model import ReviewStatus
    from reconciler.sandbox.seed import Seed, SeedSignature

    statuses = cycle([ReviewStatus.REJECTED, ReviewStatus.APPROVED, ReviewStatus.PENDING])
    return Seed(
        signatures=tuple(
            SeedSignature(
                id=known,
                content=each.content or known,
                status=status,
                rejection=_REASON if status is ReviewStatus.REJECTED else None,
            )
            for (each, known), status in zip(_ids(repository.desired), statuses, strict=False)
        )
    )


def _ids(desired: Sequence[Desired]) -> list[tuple[Desired, str]]:
    return [(each, known) for each in desired for known in each.ids]


def _chosen(repository: Repository) -> Desired:
    """The first one that will be submitted: the reviewer will find fault with it."""
    return next(d for d in repository.desired if d.ids and not (d.suspend or d.absent))


def _review(sandbox: Sandbox, rejected: Desired | None) -> None:
    """Decide about everything that waits; `rejected` alone is refused."""
    from reconciler.model import ReviewStatus

    waiting = {ReviewStatus.PENDING, ReviewStatus.REVIEWING}
    for signature in sandbox.signatures():
        if signature.status not in waiting:
            continue
        if rejected is not None and signature.id in rejected.ids:
            sandbox.review(signature.id, ReviewStatus.REJECTED, _REASON)
        else:
            sandbox.review(signature.id, ReviewStatus.APPROVED)


def _edit(manifest: Path) -> None:
    """What a person would do about the reviewer's reason: say in which scene it is used."""
    lines = manifest.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("scene:")]
    manifest.write_text("\n".join([*kept, f"scene: {_SCENE}", ""]), encoding="utf-8")


@contextmanager
def _environment(sandbox: Sandbox, home: Path) -> Iterator[None]:
    """Only the sandbox's variables: a real profile or key of yours has no say in the demo."""
    before = dict(os.environ)
    for name in [name for name in before if name.startswith("UCLOUD_")]:
        del os.environ[name]
    os.environ.update(sandbox.environment())
    os.environ |= {"NO_PROXY": "127.0.0.1", "HOME": str(home)}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
