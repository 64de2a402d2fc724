"""Where the time goes in validate, plan and apply: `python -m tests.benchmarks.profile [WORK …]`.

Each runs in a process of its own under pyinstrument, on 10,000 manifests (`apply`: on 100 with two
documents of 4 MiB each, one after the other: threads that wait for each other would count the same
seconds twice), without a cache and then with one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.environments import ROOT
from tests.benchmarks.world import MANY, UPLOADS, World

_LONGEST = 60
"""Lines of a profile that are shown: the rest is below a hundredth of the time."""


def profile(title: str, words: tuple[str, ...], root: Path, environ: dict[str, str]) -> None:
    """Run one command and print its profile. Raises CalledProcessError where it fails."""
    out = root / ".profile"
    asked = [*words, "--root", str(root)]
    if title.endswith("warm"):  # also where it was asked for alone, without the cold one before it
        _run("reconciler", asked, environ)
    _run("tests.benchmarks.profiled", [str(out), *asked], environ)
    lines = [line for line in out.read_text("utf-8").splitlines() if line.strip()]
    print(f"\n=== {title}\n" + "\n".join(lines[:_LONGEST]), flush=True)


def _run(module: str, words: list[str], environ: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env=environ,
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )


def main() -> None:
    """All of them, or those whose titles hold one of the words."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        world = World(Path(folder).resolve(), stack)
        many, uploads = world.repository(MANY, large=True), world.uploads(1, UPLOADS, None)
        for title, words, root in (
            ("validate, cold", ("validate",), many),
            ("validate, warm", ("validate",), many),
            ("plan, cold", ("plan", "--offline", "--no-cache"), many),
            ("plan, warm", ("plan", "--offline"), many),
            ("apply", ("apply", "--yes"), uploads),
        ):
            if not sys.argv[1:] or any(each in title for each in sys.argv[1:]):
                profile(title, words, root, {"PATH": "/usr/bin:/bin", **world.environ(root)})


if __name__ == "__main__":
    main()
